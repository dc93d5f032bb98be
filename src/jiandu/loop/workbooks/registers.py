"""The registers that sheets are taken into, by the key of their book."""

from jiandu.loop.grassroots.inspection_sheet import INSPECTIONS
from jiandu.loop.grassroots.sheet import TRAINING
from jiandu.loop.instruments.sheet import LETTERS
from jiandu.net.overseers.rosters.taking import REGISTERS as ROSTERS
from jiandu.sources.activities.sheet import DIVISION
from jiandu.sources.contactpoints.problem_sheet import PROBLEMS
from jiandu.sources.contactpoints.sheet import POINTS
from jiandu.sources.talks.sheet import TALKS
from jiandu.sources.topics.month_sheet import MONTHS
from jiandu.sources.topics.sheet import TOPICS

REGISTERS = {
    register.book.key: register
    for register in (*ROSTERS, TALKS, DIVISION, LETTERS, TRAINING, INSPECTIONS, POINTS, PROBLEMS, TOPICS, MONTHS)
}
