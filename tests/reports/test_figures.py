"""核数单: each figure goes to the office that owns it; an answer holds for the rows it saw; a text is frozen on answers alone."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_, settle_figures

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals
from jiandu.net.access.closing import hand_over, hangs_on
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.reports import asked, counting, owners
from jiandu.results.reports.asking import NewAnswer, answer_figure, ask_offices, confirm_answer, decide_figures
from jiandu.results.reports.models import FigureAnswer, FigureLine, Review
from jiandu.results.reports.selectors import section_of, sections_of
from jiandu.results.reports.services import draft_review, edit_section, freeze
from jiandu.results.reports.states import SETTLED, Said, State, Verdict, state_of

DAY = date(2022, 12, 31)
ROOM, OTHER = "第一监督检查室", "第二监督检查室"
KEY = "project_findings"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


@pytest.fixture
def review(world: World) -> Review:
    """A drafted review whose text says two figures, and one open finding of a project; room one answers for them."""
    world.rectifying(activity=world.project())
    with as_(world.viewer("主任甲")) as by:
        drafted = draft_review(year=2022, as_of=DAY, by=by)
        for number in range(1, len(sections_of(drafted)) + 1):
            section = section_of(drafted, number)
            assert section is not None
            text = "立项{projects}个，发现{project_findings}个。" if number == 1 else "略。"
            edit_section(section=section, by=by, title=section.title, text=text)
    own(world, "project", ROOM)
    return drafted


def own(world: World, about: str, office: str, year: int = 2022) -> None:
    with as_(world.viewer("书记")) as by:
        named = world.offices[office] if office else None
        owners.name_owner(commission=world.offices["市纪委监委"], year=year, about=about, office=named, by=by)


def sent(world: World, review: Review, who: str = "主任甲") -> dict[str, FigureLine]:
    with as_(world.viewer(who)) as by:
        return {line.key: line for line in ask_offices(review=review, by=by)}


def say(world: World, line: FigureLine, who: str = "干部甲", verdict: Verdict = Verdict.AGREE, **more: str) -> None:
    with as_(world.viewer(who)) as by:
        new = NewAnswer(verdict, more.pop("seen", counting.look(by, line).digest), today(), **more)
        answer_figure(line=line, by=by, new=new)


def state(review: Review, key: str = KEY) -> str:
    return FigureLine.objects.get(review=review, key=key).state


def test_the_sheet_puts_every_figure_of_the_text_to_its_owner(world: World, review: Review) -> None:
    lines = sent(world, review)
    assert {key for key in lines if lines[key].state == State.ASKED} == set(lines)
    assert (lines["projects"].value, lines[KEY].value, lines[KEY].row_count) == (1, 1, 1)
    assert {str(line.office) for line in lines.values()} == {ROOM}
    with as_(world.viewer("干部甲")) as by:
        assert {line.key for line in asked.waiting(by)} == set(lines)
    for stranger in ("干部乙", "街道干部"):
        with as_(world.viewer(stranger)) as by:
            assert (list(asked.waiting(by)), asked.sheet(by, review)) == ([], [])
            assert asked.line_of(by, Review.objects.get(pk=review.pk), KEY) is None


def test_the_figures_are_those_of_the_commission_whoever_sends_the_sheet(world: World, review: Review) -> None:
    world.rectifying(activity=world.project(office=OTHER))  # beyond what the head of room one reaches
    assert sent(world, review)[KEY].value == 2


def test_only_the_owner_answers_and_an_objection_says_why(world: World, review: Review) -> None:
    line = sent(world, review)[KEY]
    for stranger in ("干部乙", "驻教干部", "书记"):
        with as_(world.viewer(stranger)) as by:
            new = NewAnswer(Verdict.AGREE, line.digest, today())
            assert rule_of(lambda b=by, n=new: answer_figure(line=line, by=b, new=n)) == "not-allowed"  # type: ignore[misc]
    assert rule_of(lambda: say(world, line, verdict=Verdict.OBJECT)) == "reason-needed"
    say(world, line, verdict=Verdict.OBJECT, reason="少计一个")
    assert state(review) == State.OBJECTED
    say(world, line)
    assert (state(review), FigureAnswer.objects.count()) == (State.AGREED, 2)
    verbs = [entry.verb for entry in Entry.objects.order_by("seq") if entry.verb.startswith("review.answer")]
    assert verbs == ["review.answer_figure"] * 2


def test_an_answer_to_rows_that_have_changed_is_not_taken(world: World, review: Review) -> None:
    line = sent(world, review)[KEY]
    world.rectifying(activity=world.project())
    assert rule_of(lambda: say(world, line, seen=line.digest)) == "figure-moved"
    say(world, line)
    assert (state(review), FigureLine.objects.get(pk=line.pk).value) == (State.AGREED, 2)


def test_freezing_needs_every_answer(world: World, review: Review) -> None:
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "not-asked"
    lines = sent(world, review)
    for line in list(lines.values())[:-1]:
        say(world, line)
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "figures-open"
    last = list(lines.values())[-1]
    say(world, last, verdict=Verdict.OBJECT, reason="口径不一致")
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "figures-open"
    say(world, last)
    with as_(world.viewer("书记")) as by:
        assert freeze(review=review, by=by).scope == "市纪委监委"


def test_an_answer_lapses_with_the_rows_and_is_asked_again(world: World, review: Review) -> None:
    for line in sent(world, review).values():
        say(world, line)
    world.rectifying(activity=world.project())
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "figures-open"  # though nobody has counted since
    lines = sent(world, review)
    assert {key for key, line in lines.items() if line.state == State.LAPSED} >= {KEY, "projects"}
    with as_(world.viewer("干部甲")) as by:
        assert KEY in {line.key for line in asked.waiting(by)}


def test_the_general_office_decides_with_a_reason_and_for_the_rows_of_then(world: World, review: Review) -> None:
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: decide_figures(review=review, by=by, reason="急")) == "not-allowed"  # nobody was asked
    sent(world, review)
    with as_(world.viewer("主任甲")) as by:
        assert rule_of(lambda: decide_figures(review=review, by=by, reason="急")) == "not-allowed"
    with as_(world.viewer("书记")) as by:
        current = Review.objects.get(pk=review.pk)
        assert rule_of(lambda: decide_figures(review=current, by=by, reason=" ")) == "reason-needed"
        assert decide_figures(review=current, by=by, reason="已电话核对", key=KEY) == 1
        assert (state(review), state(review, "projects")) == (State.DECIDED, State.ASKED)
        decide_figures(review=current, by=by, reason="已电话核对")
    world.rectifying(activity=world.project())
    with as_(world.viewer("书记")) as by:
        assert rule_of(lambda: freeze(review=review, by=by)) == "figures-open"
    sent(world, review)
    with as_(world.viewer("书记")) as by:
        decide_figures(review=Review.objects.get(pk=review.pk), by=by, reason="已电话核对")
        freeze(review=review, by=by)
        current = Review.objects.get(pk=review.pk)
        assert rule_of(lambda: decide_figures(review=current, by=by, reason="再")) == "frozen"


def test_a_paper_answer_counts_when_another_person_has_confirmed_it(world: World, review: Review) -> None:
    line = sent(world, review)[KEY]
    say(world, line, signer="王主任")
    assert state(review) == State.ON_PAPER
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: confirm_answer(line=line, by=by)) == "two-persons"
    with as_(world.viewer("干部乙")) as by:
        assert rule_of(lambda: confirm_answer(line=line, by=by)) == "not-allowed"
    with as_(world.viewer("干部丙")) as by:
        confirm_answer(line=line, by=by)
        assert rule_of(lambda: confirm_answer(line=line, by=by)) == "already-decided"
    assert state(review) == State.AGREED
    row = FigureAnswer.objects.get(line=line)
    with pytest.raises(IntegrityError, match=r"figure_answer_two_persons|CHECK"), transaction.atomic():
        FigureAnswer.objects.filter(pk=row.pk).update(confirmed_by=row.by_id)


def test_a_figure_that_leaves_the_text_is_asked_no_more(world: World, review: Review) -> None:
    line = sent(world, review)["projects"]
    with as_(world.viewer("主任甲")) as by:
        section = section_of(review, 1)
        assert section is not None
        edit_section(section=section, by=by, title=section.title, text="发现{project_findings}个。")
    sent(world, review)
    assert state(review, "projects") == State.LEFT
    assert rule_of(lambda: say(world, line)) == "figure-left"


def test_owners_by_measure_mechanism_year_and_else_the_lead_office(world: World) -> None:
    city, keys = world.offices["市纪委监委"], [KEY, "projects", "contact_points"]

    def told(year: int) -> list[str]:
        return [str(office) for office in owners.owners_of(city, year, keys, city).values()]

    assert told(2022) == ["市纪委监委"] * 3
    world.office("党风政风监督室", "department", "市纪委监委")
    assert told(2022) == ["党风政风监督室"] * 3
    own(world, "project", ROOM, 2022)
    own(world, KEY, OTHER, 2023)
    assert told(2021) == ["党风政风监督室"] * 3
    assert told(2022) == [ROOM, ROOM, "党风政风监督室"]
    assert told(2023) == [OTHER, ROOM, "党风政风监督室"]
    own(world, KEY, "", 2023)
    assert told(2023) == [ROOM, ROOM, "党风政风监督室"]
    assert set(owners.lead_words()) == {one.mechanism.value for one in all_measures().values()}
    assert rule_of(lambda: own(world, "nothing", ROOM)) == "unknown-measure"
    with as_(world.viewer("区纪委书记")) as by:  # not his commission
        assert (
            rule_of(lambda: owners.name_owner(commission=city, year=2022, about=KEY, office=None, by=by))
            == "not-allowed"
        )
    with as_(world.viewer("书记")) as by:
        district = world.offices["思明区纪委监委"]
        act = lambda: owners.name_owner(commission=district, year=2022, about=KEY, office=city, by=by)  # noqa: E731
        assert rule_of(act) == "owner-outside"


def test_a_district_neither_sees_nor_freezes_the_citys_sheet(world: World, review: Review) -> None:
    sent(world, review)
    settle_figures(review)
    current = Review.objects.get(pk=review.pk)
    with as_(world.viewer("区纪委书记")) as by:
        assert (asked.sheet(by, current), asked.sees_all(by, current)) == ([], False)
        assert rule_of(lambda: freeze(review=current, by=by)) == "figures-scope"


def test_figures_go_with_an_office_that_closes(world: World, review: Review) -> None:
    sent(world, review)
    room, other = world.offices[ROOM], world.offices[OTHER]
    assert any("核数项" in phrase for phrase in hangs_on(room))
    with as_(world.viewer("系统管理员")) as by:
        hand_over(office=room, to=other, by=by)
    assert {str(line.office) for line in FigureLine.objects.all()} == {OTHER}
    assert not any("核数项" in phrase for phrase in hangs_on(room))
    with as_(world.viewer("干部乙")) as by:
        assert asked.waiting(by).count() == FigureLine.objects.count()


VERDICTS = st.sampled_from(list(Verdict))


@given(st.lists(st.tuples(VERDICTS, st.sampled_from("abc"), st.booleans()), max_size=6), st.sampled_from("abc"))
def test_the_last_answer_holds_for_the_rows_it_saw_and_for_no_others(
    answers: list[tuple[Verdict, str, bool]], digest: str
) -> None:
    last = Said(*answers[-1]) if answers else None
    found = state_of(last, digest)
    holds = last is not None and last.digest == digest and not last.waits
    assert (found in SETTLED) == (holds and last is not None and last.verdict != Verdict.OBJECT)
    assert (found == State.LAPSED) == (last is not None and last.digest != digest)


STEPS = st.lists(st.sampled_from(["answer", "object", "more", "less", "count", "decide"]), min_size=1, max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_a_text_is_frozen_only_on_answers_to_what_it_prints(world: World, review: Review, steps: list[str]) -> None:
    with transaction.atomic():
        try:
            check_steps(world, review, steps)
        finally:
            transaction.set_rollback(True)


def check_steps(world: World, review: Review, steps: list[str]) -> None:
    """Whatever happens in whatever order: the sheet's state is that of the table, and freezing says the same."""
    sent(world, review)
    seen: dict[str, tuple[str, set[int]]] = {}
    extra: list[Finding] = []
    for step in steps:
        act(world, review, step, seen, extra)
    with as_(SYSTEM) as by:
        counts = counting.publisher(world.offices["市纪委监委"], by)
        lines = {line.key: line for line in FigureLine.objects.filter(review=review)}
        now = {key: rows(counts, key) for key in lines}
    expected = all(key in seen and seen[key] in (("agree", now[key]), ("decide", now[key])) for key in lines)
    with as_(world.viewer("书记")) as by:
        try:
            freeze(review=review, by=by)
            frozen = True
        except Refused as refused:
            assert refused.rule == "figures-open"
            frozen = False
    assert frozen == expected


def rows(counts: object, key: str) -> set[int]:
    from jiandu.base.core import guard
    from jiandu.results.analysis.measures.registry import find

    with guard.acting(counts):  # type: ignore[arg-type]
        return set(find(key).rows(Ask(2022, DAY)).values_list("pk", flat=True))


def act(world: World, review: Review, step: str, seen: dict[str, tuple[str, set[int]]], extra: list[Finding]) -> None:
    with as_(SYSTEM) as by:
        counts = counting.publisher(world.offices["市纪委监委"], by)
    lines = list(FigureLine.objects.filter(review=review).select_related("review__asked_for", "office"))
    if step in {"answer", "object"}:
        verdict = Verdict.AGREE if step == "answer" else Verdict.OBJECT
        for line in lines:
            say(world, line, verdict=verdict, reason="不对")
            seen[line.key] = (verdict.value, rows(counts, line.key))
    elif step == "decide":
        with as_(world.viewer("书记")) as by:
            left = {line.key for line in lines if line.state not in SETTLED}
            decide_figures(review=Review.objects.get(pk=review.pk), by=by, reason="定")
        seen |= {key: ("decide", rows(counts, key)) for key in left}
    elif step == "more":
        extra.append(world.rectifying(activity=world.project()))
    elif step == "less" and extra:
        withdraw(world, extra.pop())
    elif step == "count":
        sent(world, review)


def withdraw(world: World, finding: Finding) -> None:
    """The finding was a mistake: it counts no more."""
    from jiandu.loop.findings.services.approvals import Request
    from jiandu.loop.findings.states import Verb
    from jiandu.net.access.deciding import Signature

    with as_(world.viewer("干部甲")) as by:
        approval = approvals.ask(finding=finding, by=by, request=Request(Verb.WITHDRAW, "登记有误", DAY))
    with as_(world.viewer("主任甲")) as by:
        approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=DAY, opinion="同意"))
