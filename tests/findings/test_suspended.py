"""中止: the clock stands still. What is overdue says the same in the ledger and in the figure, on any date."""

from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.findings.test_acts import grant, rule_of
from tests.world import SYSTEM, World, as_

from jiandu.base.lexicon.calendar import load_calendar
from jiandu.loop.findings import terms
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.selectors import as_of, ledger
from jiandu.loop.findings.services import moves
from jiandu.loop.findings.states import State, Verb
from jiandu.net.access.persons import Who
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import rows_of

ONE = timedelta(days=1)
START, DUE = date(2022, 3, 1), date(2022, 4, 29)  # a Tuesday; a Friday
quietly = settings(
    max_examples=25, deadline=None, derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
)


def due(world: World, on: date = DUE, **more: Any) -> Finding:
    """A finding in the unit's hands since START, to be put right by that day."""
    finding = world.finding(on=START, **more)
    with as_(SYSTEM) as by:
        kind = Finding.Rectification.BY_TERM
        moves.assign(finding=finding, by=by, on=START, rectification=kind, due_on=on, note="测试")
        return moves.receive(finding=finding, by=by, on=START, rectifier=Who("责任人甲"), note="测试")


def resume(finding: Finding, on: date, note: str = "恢复", due_on: date | None = None) -> Finding:
    with as_(SYSTEM) as by:
        return moves.resume(finding=finding, by=by, on=on, note=note, due_on=due_on)


def late(finding: Finding, day: date) -> tuple[bool, bool, bool]:
    """Whether it is overdue on the day: as the ledger says now, as its steps say, as the figure counts."""
    with as_(SYSTEM) as by:
        one = Finding.objects.filter(pk=finding.pk)
        counted = rows_of(by, "project_findings_overdue", Ask(2022, day)).filter(pk=finding.pk)
        steps = one.filter(as_of.overdue(as_of=day))
        return one.filter(ledger.past_due(day)).exists(), steps.exists(), counted.exists()


def test_resuming_moves_the_due_date_by_the_working_days_of_the_suspension(world: World) -> None:
    """Eleven working days from Monday 11 April on, Sunday 24 worked for the holiday among them: due later by as many."""
    finding = grant(world, due(world), Verb.SUSPEND, on=date(2022, 4, 11))
    finding = resume(finding, date(2022, 4, 25))
    wanted = date(2022, 5, 18)
    assert load_calendar().working_days_between(DUE, wanted) == 11
    assert (finding.state, finding.due_on, finding.first_due_on) == (State.RECTIFYING, wanted, DUE)
    with as_(SYSTEM):
        step = Step.objects.get(finding=finding, verb=Verb.RESUME)
    assert (step.due_on, step.note) == (wanted, f"恢复；中止 11 个工作日，整改时限由 2022-04-29 顺延至 {wanted}")


def test_resuming_takes_another_date_of_the_officer_but_none_that_shortens_the_term(world: World) -> None:
    finding = grant(world, due(world), Verb.SUSPEND, on=date(2022, 4, 11))
    assert rule_of(lambda: resume(finding, date(2022, 4, 25), due_on=DUE - ONE)) == "due-after-resume"
    again = resume(finding, date(2022, 4, 25), due_on=date(2022, 12, 1))
    with as_(SYSTEM):
        note = Step.objects.get(finding=finding, verb=Verb.RESUME).note
    assert (again.due_on, note) == (
        date(2022, 12, 1),
        "恢复；中止 11 个工作日，整改时限由 2022-04-29 改定为 2022-12-01",
    )


def test_a_standstill_of_no_day_moves_nothing_and_one_over_a_weekend_leaves_the_next_working_day() -> None:
    calendar = load_calendar()
    assert terms.stood_still(START, START) == 0
    assert terms.due_after_standstill(DUE, START, START) == DUE
    saturday = date(2022, 4, 16)
    assert terms.due_after_standstill(saturday, saturday, saturday + ONE) == calendar.roll_over(saturday + ONE)


def test_a_suspended_finding_is_overdue_nowhere_and_one_past_its_date_everywhere(world: World) -> None:
    """The control: the same finding, not suspended, is overdue by every way of asking."""
    finding = due(world)
    assert late(finding, DUE) == (False, False, False)
    assert late(finding, DUE + ONE) == (True, True, True)
    grant(world, finding, Verb.SUSPEND, on=DUE)
    assert late(finding, DUE + 30 * ONE) == (False, False, False)
    with as_(SYSTEM):
        assert Finding.objects.filter(as_of.overdue(as_of=DUE - ONE)).count() == 0


def test_overdue_before_the_suspension_stays_so_in_the_figure_of_that_day(world: World) -> None:
    finding = grant(world, due(world), Verb.SUSPEND, on=DUE + 5 * ONE)
    assert [late(finding, DUE + n * ONE)[1:] for n in (0, 1, 4, 5)] == [
        (False, False),
        (True, True),
        (True, True),
        (False, False),
    ]


def test_what_was_applied_for_is_not_overdue_until_it_is_sent_back(world: World) -> None:
    finding = due(world)
    with as_(SYSTEM) as by:
        moves.apply_to_close(finding=finding, by=by, on=DUE, note="已完成")
    assert late(finding, DUE + ONE) == (False, False, False)
    with as_(SYSTEM) as by:
        moves.send_back(finding=finding, by=by, on=DUE + ONE, verb=Verb.RETURN_WORK, note="未到位")
    assert late(finding, DUE + ONE) == (True, True, True)


@given(
    term=st.integers(0, 60),
    gaps=st.lists(st.tuples(st.integers(0, 25), st.integers(0, 25)), min_size=1, max_size=3),
)
@quietly
def test_no_finding_is_late_by_the_days_it_was_suspended(world: World, term: int, gaps: list[tuple[int, int]]) -> None:
    """Suspended and resumed at random: never late while suspended; in time as long as the days worked are those given."""
    calendar, first = load_calendar(), START + term * ONE
    finding, day, stood, was_late = due(world, first), START, set(), False
    for worked, suspended in gaps:
        day += worked * ONE
        was_late |= late(finding, day)[1]
        grant(world, finding, Verb.SUSPEND, on=day)
        stood |= {day + n * ONE for n in range(suspended)}
        day += suspended * ONE
        assert late(finding, day) == (False, False, False)
        finding = resume(finding, day)
        assert len(set(late(finding, day))) == len(set(late(finding, day + 40 * ONE))) == 1
        assert was_late or not suspended or not late(finding, day)[0]
    with as_(SYSTEM):
        mine = Finding.objects.filter(pk=finding.pk)
        assert [one for one in sorted(stood) if mine.filter(as_of.overdue(as_of=one)).exists()] == []
    given_, had = (
        [one for one in days(START, last) if calendar.working_day(one) and one not in without]
        for last, without in ((first, set()), (finding.due_on, stood))
    )
    assert len(had) >= len(given_)
    assert was_late or not calendar.working_day(first) or len(had) == len(given_)


def days(first: date, last: date | None) -> list[date]:
    return [first + n * ONE for n in range(((last or first) - first).days + 1)]
