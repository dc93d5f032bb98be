"""点题整治月报 in and out: a row a month of a year's work: what was done, how many matters came in and were closed."""

import re
from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.net.access.cells import needed
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.events import may
from jiandu.sources.topics.models import MonthlyCount, Topic
from jiandu.sources.topics.selectors import MonthTold, months_told
from jiandu.sources.topics.services.telling import NewCount, count_month, report_month

MONTH = re.compile(r"^(\d{4})[-./年]?(\d{1,2})月?(?:[-./]?\d{1,2}日?)?$")
COUNT = re.compile(r"^(\d{1,7})件?$")
#: Each kind of matter: the columns of what came in and of what was closed.
KINDS = {
    MonthlyCount.Kind.MESSAGES: ("messages", "messages_closed"),
    MonthlyCount.Kind.OWN_LIST: ("own", "own_closed"),
}
Numbers = tuple[int, int] | None
BOOK = Book(
    "topic-months",
    _("点题整治月报"),
    (
        Column("code", ("编号", "立题编号", "项目编号"), required=True),
        Column("name", ("点题事项", "事项名称", "点题项目")),
        Column("month", ("月份", "填报月份"), required=True),
        Column("progress", ("进展", "月度进展", "工作进展")),
        Column("messages", ("群众留言受理", "留言受理")),
        Column("messages_closed", ("群众留言办结", "留言办结")),
        Column("own", ("部门自查受理", "自查受理")),
        Column("own_closed", ("部门自查办结", "自查办结")),
    ),
    ("DT2022-01", "拖欠农民工工资", "2022-06", "开展联合检查", "40", "38", "500", "480"),
    carried=("code",),
    notes=(_("一个事项一个月一行；受理和办结都填，没有的填0。点题事项只供核对，按编号认定"),),
)


def take_month(line: Line, by: Viewer) -> Taken:
    """A month told, or compared with what was told of it. What was told is a figure, and changes by no sheet."""
    activity = _work(line, by)
    month = _month(line, activity)
    said = {kind: _counts(line, *keys) for kind, keys in KINDS.items()}
    if not line.says("progress") and not any(said.values()):
        needed(line, "progress")
    held = months_told(by, [activity])[activity.pk].get(month, MonthTold())
    cells = tuple(_differs(line, held, said))
    if cells:
        return Taken("conflict", cells)
    is_told = line.says("progress") and not held.text
    if is_told:
        report_month(activity=activity, by=by, month=month, text=line.text("progress"))
    fresh = {kind: numbers for kind, numbers in said.items() if numbers and kind not in held.counts}
    for kind, numbers in fresh.items():
        with at(KINDS[kind][1], line):
            count_month(activity=activity, by=by, new=NewCount(kind, month, *numbers))
    if not is_told and not fresh:
        return Taken("unchanged")
    return Taken("update" if held.text or held.counts else "create")


def _differs(line: Line, held: MonthTold, said: dict[MonthlyCount.Kind, Numbers]) -> Iterator[tuple[str, str, str]]:
    """What the sheet says of the month otherwise than it was told."""
    text = line.text("progress")
    if text and held.text and text.split() != held.text.split():
        yield "progress", held.text, text
    for kind, keys in KINDS.items():
        numbers, row = said[kind], held.counts.get(kind)
        if numbers and row:
            pairs = zip(keys, (row.received, row.closed), numbers, strict=True)
            yield from ((key, str(was), str(now)) for key, was, now in pairs if was != now)


def _work(line: Line, by: Viewer) -> Activity:
    """The year's work with this number, in scope; one that the importer may work on."""
    said = line.text("code")
    found = list(Activity.objects.filter(kind=Activity.Kind.TOPIC, code=said).select_related("owner_office")[:2])
    with at("code", line):
        if len(found) != 1:
            raise Refused("no-topic", _("没有编号为“%(code)s”的点题整治项目，或有几个"), code=said)
        may(by, "edit", found[0])
    if line.text("name") not in {"", found[0].name}:
        words = _("编号%(code)s是“%(name)s”")
        raise CellRefused("name", Refused("topic-differs", words, code=said, name=found[0].name), line)
    return found[0]


def _parsed(line: Line) -> date | None:
    found = MONTH.match(line.text("month").replace(" ", ""))
    if found is None or not (1990 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12):
        return None
    return date(int(found[1]), int(found[2]), 1)


def _month(line: Line, activity: Activity) -> date:
    month = _parsed(line)
    with at("month", line):
        if month is None:
            raise Refused("month", _("应为年月，如2022-06"))
        if month.year != activity.year:
            raise Refused("month-year", _("月份应在%(year)s年度内"), year=activity.year)
        if month > today():
            raise Refused("step-date", _("日期晚于今天"))
    return month


def _counts(line: Line, received: str, closed: str) -> Numbers:
    """How many came in and were closed, where the sheet says so; both or neither."""
    if not line.says(received) and not line.says(closed):
        return None
    needed(line, received, closed)
    numbers = []
    for key in (received, closed):
        found = COUNT.match(line.text(key).replace(",", ""))
        if found is None:
            raise CellRefused(key, Refused("count", _("应为件数，如40")), line)
        numbers.append(int(found[1]))
    return numbers[0], numbers[1]


def rows_of(viewer: Viewer, works: Iterable[Activity]) -> Iterator[tuple[OutValue, ...]]:
    """The months of the works as rows of the sheet."""
    listed = list(works)
    told = months_told(viewer, listed)
    for work in listed:
        for month, one in sorted(told[work.pk].items()):
            rows = [one.counts.get(kind) for kind in KINDS]
            numbers = [str(n) for row in rows for n in ((row.received, row.closed) if row else ("", ""))]
            yield (work.code, work.name, f"{month:%Y-%m}", "\n".join(one.text.splitlines()), *numbers)


def _by_month(lines: list[Line]) -> list[Line]:
    """No more is closed in a month than had come in by then."""
    return sorted(lines, key=lambda line: _parsed(line) or date.max)


MONTHS = Register(
    BOOK, Topic, singly(take_month), "month", "topic", order=_by_month, denied=_("您没有登记点题事项的权限")
)
