"""Which statutory clock runs on a petition: when it began, until when, what ended it, who may grant more. Pure.

A clock is a row of the table of terms (base.lexicon.terms; design/domain.md §3.3) and the acts that start and end it.
The two regimes are never mixed: each row belongs to one of them (《纪检监察机关处理检举控告工作规则》 art. 22, 23, 30;
《信访工作条例》 art. 30). Real-name feedback has no “three months”: it is 15 working days from conclusion (art. 27).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Protocol

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import Calendar, due, overdue_days
from jiandu.base.lexicon import statutes, terms
from jiandu.base.lexicon.calendar import load_calendar
from jiandu.sources.petitions.states import Competence, Kind, Named, Origin, Regime, Verb, regime_of


class Act(Protocol):
    """A step, as far as clocks look at it."""

    @property
    def verb(self) -> str: ...
    @property
    def on(self) -> date: ...
    @property
    def until(self) -> date | None: ...


@dataclass(frozen=True)
class Course:
    """What a petition's clocks follow from: the day of receipt, its tags, its steps in order."""

    received_on: date
    kind: str
    named: str
    origin: str
    competence: str
    is_repeat: bool
    steps: tuple[Act, ...]

    @property
    def regime(self) -> Regime:
        return regime_of(self.kind)

    @property
    def is_named(self) -> bool:
        """实名: verified alone counts, and a repeat is not told a second time (art. 26, 30)."""
        return self.named == Named.VERIFIED and not self.is_repeat


Applies = Callable[[Course], bool]


@dataclass(frozen=True)
class Rule:
    """`starts`: the act that starts it, None for receipt. `more`: the term by which it may be extended, `grants` by whom.

    `is_right`: a time within which something may be asked for; it lapses and is never overdue.
    """

    term: str
    regime: Regime
    starts: Verb | None
    ends: frozenset[Verb]
    applies: Applies = lambda _course: True
    more: str = ""
    grants: object = ""
    is_right: bool = False


@dataclass(frozen=True)
class Clock:
    """A clock that ran or runs. `due_on` is the last day in time; `ended_on` None: it still runs."""

    key: str
    zh: str
    en: str
    start: date
    due_on: date
    ended_on: date | None
    articles: tuple[statutes.Article, ...]
    is_right: bool
    grants: object = ""
    extended: int = 0  # how many times
    is_provisional: bool = False  # the year's holidays are not published yet

    def overdue(self, on: date) -> int:
        """Calendar days by which the duty was, or is by `on`, late; 0 for one that may be asked for and need not."""
        return 0 if self.is_right else overdue_days(self.due_on, self.ended_on or on)

    def runs(self, on: date) -> bool:
        """Whether it waits for its act on that day."""
        return (self.ended_on is None or self.ended_on > on) and not (self.is_right and on > self.due_on)


V, ACCUSED, ORDINARY = Verb, Regime.ACCUSATION, Regime.ORDINARY
LEAVES = frozenset({V.ROUTE, V.ACCEPT, V.KEEP, V.DECLINE, V.REPEAT})
TAKEN = frozenset({V.ACCEPT, V.OBJECT, V.RETURN})


def _is_named(course: Course) -> bool:
    return course.is_named and course.kind == Kind.ACCUSATION


def _is_sent_down(course: Course) -> bool:
    return course.competence == Competence.LOWER


def _came_down(course: Course) -> bool:
    return course.origin == Origin.FORWARDED


def _is_anothers(course: Course) -> bool:
    return course.competence == Competence.ORGAN


def _is_assigned(course: Course) -> bool:
    return course.origin == Origin.ASSIGNED


def _is_appeal(course: Course) -> bool:
    return course.kind == Kind.APPEAL


def _is_report(course: Course) -> bool:
    return course.kind == Kind.ACCUSATION


RULES: tuple[Rule, ...] = (
    Rule("forwarded-report", ACCUSED, None, LEAVES | {V.OBJECT}, _came_down),
    Rule("forwarded-report", ACCUSED, V.ROUTE, TAKEN, _is_sent_down),
    Rule("other-competence", ACCUSED, None, frozenset({V.ROUTE}), _is_anothers),
    Rule("acceptance-told", ACCUSED, None, frozenset({V.TELL_ACCEPTED, V.DECLINE}), _is_named),
    Rule("result-told", ACCUSED, V.CONCLUDE, frozenset({V.TELL_RESULT}), _is_named),
    Rule(
        "assigned-report",
        ACCUSED,
        None,
        frozenset({V.CONCLUDE}),
        _is_assigned,
        more="assigned-report-extension",
        grants=_("首次延期由本机关主要负责人批准并报上级，再次延期由上级批准"),
    ),
    Rule("clue-opinion", ACCUSED, V.ACCEPT, frozenset({V.DISPOSE, V.RETURN, V.CONCLUDE}), _is_report),
    Rule("inquiry-reply", ACCUSED, V.INQUIRE, frozenset({V.INQUIRY_ANSWERED})),
    Rule("inquiry-report", ACCUSED, V.INQUIRY_ANSWERED, frozenset({V.REPORT_TALK})),
    Rule("inquiry-report", ACCUSED, V.TALK, frozenset({V.REPORT_TALK})),
    Rule("talk-statement", ACCUSED, V.TALK, frozenset({V.STATEMENT})),
    Rule("entrusted-talk", ACCUSED, V.ENTRUST, frozenset({V.TALK})),
    Rule("results-to-petition-office", ACCUSED, V.CONCLUDE, frozenset({V.FEED_BACK})),
    Rule("discipline-review", ACCUSED, V.ACCEPT, frozenset({V.CONCLUDE, V.RETURN}), _is_appeal),
    Rule("petition-routed", ORDINARY, None, LEAVES),
    Rule("petition-objection", ORDINARY, V.ROUTE, TAKEN, is_right=True),
    Rule(
        "petition-finished",
        ORDINARY,
        V.ACCEPT,
        frozenset({V.CONCLUDE, V.RETURN}),
        more="petition-extension",
        grants=_("经本机关、单位负责人批准，可以延长一次，并告知信访人延期理由"),
    ),
    Rule("petition-review-asked", ORDINARY, V.TELL_RESULT, frozenset({V.ASK_REVIEW}), is_right=True),
    Rule("petition-review-answered", ORDINARY, V.ASK_REVIEW, frozenset({V.ANSWER_REVIEW})),
    Rule("petition-recheck-asked", ORDINARY, V.ANSWER_REVIEW, frozenset({V.ASK_RECHECK}), is_right=True),
    Rule("petition-recheck-answered", ORDINARY, V.ASK_RECHECK, frozenset({V.ANSWER_RECHECK})),
)
UPWARD = "report-upward"


def clocks(course: Course, calendar: Calendar | None = None) -> list[Clock]:
    """Every clock that ran or runs, the earliest due first. One whose statute was not in force on its day is none.

    `calendar`: as loaded, by whoever asks of many petitions.
    """
    calendar, regime = calendar or load_calendar(), course.regime
    found = [
        clock
        for rule in RULES
        if rule.regime == regime and rule.applies(course)
        for start, after in _starts(rule, course)
        if (clock := _clock(rule, start, after, calendar)) is not None
    ]
    return sorted(found, key=lambda clock: (clock.due_on, clock.start, clock.key))


def upward(received_on: date, handed_on: date | None) -> Clock | None:
    """报送上级: the clock of a petition within a superior's competence, of which only the receipt is kept (art. 15)."""
    rule = Rule(UPWARD, ACCUSED, None, frozenset())
    return _counted(rule, received_on, handed_on, (), load_calendar())


def running(course: Course, on: date) -> list[Clock]:
    """Those that wait for their act on that day."""
    return [clock for clock in clocks(course) if clock.start <= on and clock.runs(on)]


def _starts(rule: Rule, course: Course) -> Iterable[tuple[date, tuple[Act, ...]]]:
    """Each day on which the clock starts, with the acts after it up to the next start."""
    if rule.starts is None:
        yield course.received_on, course.steps
        return
    places = [place for place, step in enumerate(course.steps) if step.verb == rule.starts]
    for place, following in pairwise([*places, len(course.steps)]):
        yield course.steps[place].on, course.steps[place + 1 : following]


def _clock(rule: Rule, start: date, after: tuple[Act, ...], calendar: Calendar) -> Clock | None:
    ended_on = next((step.on for step in after if step.verb in rule.ends), None)
    extensions = [step.until for step in after if step.verb == Verb.EXTEND and step.until] if rule.more else []
    return _counted(rule, start, ended_on, tuple(extensions), calendar)


def _counted(
    rule: Rule, start: date, ended_on: date | None, extensions: tuple[date, ...], calendar: Calendar
) -> Clock | None:
    try:
        row = terms.deadline(rule.term, on=start)
    except LookupError:
        return None
    due_on = max((due(row.term(start), start, calendar), *extensions))
    return Clock(
        key=rule.term,
        zh=row.zh,
        en=row.en,
        start=start,
        due_on=due_on,
        ended_on=ended_on,
        articles=row.basis(start),
        is_right=rule.is_right,
        grants=rule.grants,
        extended=len(extensions),
        is_provisional=calendar.is_provisional(due_on.year),
    )


@dataclass(frozen=True)
class Extension:
    """What more may be granted: of which clock, until when at the latest (None: as the superior says), by whom."""

    key: str
    after: date
    latest: date | None
    grants: object


def extension(course: Course) -> Extension | None:
    """What may be granted next; None where nothing that can be extended runs, or no more may be granted."""
    rules = {rule.term: rule for rule in RULES if rule.more}
    clock = next((one for one in clocks(course) if one.key in rules and one.ended_on is None), None)
    if clock is None:
        return None
    rule = rules[clock.key]
    if not clock.extended:
        start = clock.due_on
        row = terms.deadline(rule.more, on=clock.start)  # the statute under which the clock began
        return Extension(clock.key, clock.due_on, due(row.term(clock.start), start, load_calendar()), rule.grants)
    # 3+3+N: what follows the first extension of an assigned report is the superior's alone; an ordinary one has one only
    return Extension(clock.key, clock.due_on, None, rule.grants) if rule.regime == ACCUSED else None
