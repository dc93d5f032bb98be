"""An office or a unit closes: everything open changes hands, each finding says so on a day, nothing is orphaned."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding, Instruction, Step
from jiandu.loop.findings.services.parts import NewInstruction, answer_instruction, instruct
from jiandu.loop.findings.states import UNFINISHED, Verb
from jiandu.net.access import closing, handing
from jiandu.net.access.closing import hangs_on, open_records, retire_office, retire_unit
from jiandu.net.access.instructed import Instructed
from jiandu.net.access.models import Assignment, Owned
from jiandu.net.overseers.models import Office, Supervision
from jiandu.net.overseers.services import supervise
from jiandu.net.subjects.models import Period, in_force
from jiandu.net.subjects.services import close_organisation
from jiandu.sources.activities.models import Activity, Party

ROOM, OTHER = "第一监督检查室", "第二监督检查室"
YESTERDAY = today() - timedelta(days=1)
KEEPER = "系统管理员"
DAY = date(2022, 1, 1)


def hanging(office: Office) -> set[str]:
    """What still counts on the office, whatever table it stands in: found by walking every foreign key to an office."""
    found = set()
    with guard.acting(SYSTEM):
        for model in apps.get_models():
            for field in model._meta.concrete_fields:
                if field.related_model is not Office or model is Office:
                    continue
                rows = model._default_manager.filter(**{field.name: office})
                if issubclass(model, Period):
                    rows = rows.filter(in_force(today()))
                elif issubclass(model, Instructed):
                    rows = rows.filter(answered_on__isnull=True)
                elif model is Party:
                    rows = rows.filter(activity__in=Activity.objects.filter(Activity.still_open).values("pk"))
                    both = Party.objects.filter(office__name=OTHER).values("activity_id")
                    rows = rows.exclude(role=Party.Role.MEMBER, activity__in=both)  # that it took part stays history
                if rows.exists():
                    found.add(f"{model.__name__}.{field.name}")
    return found


def retire(world: World, **more: Any) -> Office:
    with as_(world.viewer(KEEPER)) as by:
        return retire_office(office=world.offices[ROOM], to=world.offices[OTHER], until=YESTERDAY, by=by, **more)


def steps(finding: Finding) -> list[tuple[date, str, str]]:
    with as_(SYSTEM):
        rows = Step.objects.filter(finding_id=finding.pk, verb=Verb.HAND_OVER).order_by("seq")
        return [(row.on, row.by_name, row.note) for row in rows]


def instructed(world: World, finding: Finding) -> Instruction:
    with as_(SYSTEM) as by:
        new = NewInstruction("书记", date(2022, 5, 1), "抓紧办理", world.offices[ROOM])
        return instruct(finding=Finding.objects.get(pk=finding.pk), by=by, new=new)


def test_each_open_finding_says_on_a_day_that_it_changed_hands(world: World) -> None:
    mine, settled = world.rectifying(office=ROOM), world.closed(office=ROOM)
    elsewhere = world.finding(office="驻市教育局纪检监察组")
    instructed(world, elsewhere)
    said = hangs_on(world.offices[ROOM])
    assert said == [
        f"监督活动2件({'、'.join(_codes(world))})",
        f"问题1件({mine.code})",
        "批示1件",
        "已办结记录1件",
        "共同承办3件",  # the projects, and the finding with the note
    ]
    retire(world)
    told = f"承办室组由“{ROOM}”改为“{OTHER}”"
    assert steps(mine) == [(today(), KEEPER, told)]
    assert steps(settled) == []
    assert steps(elsewhere) == [(today(), KEEPER, f"书记2022-05-01批示改由“{OTHER}”办理")]
    with as_(SYSTEM):
        row = Finding.objects.get(pk=mine.pk)
        assert (row.state, row.step_count) == (mine.state, row.steps.count())
        assert Instruction.objects.get().given_to == world.offices[OTHER]
    entry = Entry.objects.select_related("payload").get(verb="office.hand_over")
    assert json.loads(entry.payload.body)["records"] == {
        "party": 2,
        "step": 2,
        "instruction": 1,
        "findings.finding": 2,
        "activities.activity": 2,
        "assignment": 3,
    }


def _codes(world: World) -> list[str]:
    with as_(SYSTEM):
        return list(
            Activity.objects.filter(owner_office=world.offices[ROOM]).order_by("pk").values_list("code", flat=True)
        )


def test_units_that_were_watched_are_watched_on(world: World) -> None:
    with as_(SYSTEM) as by:
        for name in ("市教育局", "市财政局"):
            supervise(office=world.offices[ROOM], organisation=world.units[name], since=date(2022, 1, 1), by=by)
        supervise(office=world.offices[OTHER], organisation=world.units["市财政局"], since=date(2022, 1, 1), by=by)
    retire(world)
    now = Supervision.objects.filter(in_force(today()), office=world.offices[OTHER])
    assert sorted(now.values_list("organisation__name", flat=True)) == sorted(["市教育局", "市财政局"])


#: What may hang on the closing office: (a kind of thing, whether the other office shares it).
THINGS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "finding",
                "rectifying",
                "applied",
                "closed",
                "lead",
                "member",
                "instruction",
                "answered",
                "opened",
                "watched",
                "sensitive",
            ]
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=8,
)


def _hang(world: World, kind: str, *, is_shared: bool) -> None:
    both, elsewhere = (ROOM, OTHER) if is_shared else (ROOM,), "驻市教育局纪检监察组"
    if kind in {"finding", "rectifying", "applied", "closed"}:
        getattr(world, kind)(office=ROOM)
    elif kind == "sensitive":
        world.finding(office=ROOM, level=2)
    elif kind in {"lead", "member"}:
        lead = ROOM if kind == "lead" else elsewhere
        world.project(office=lead, members=tuple(name for name in both if name != lead))
    else:
        _give(world, kind, both, world.finding(office=elsewhere))


def _give(world: World, kind: str, both: tuple[str, ...], finding: Finding) -> None:
    with as_(SYSTEM) as by:
        if kind == "opened":
            for office in both:
                Assignment.objects.create(thing_uid=finding.uid, office=world.offices[office], since=DAY)
        elif kind == "watched":
            unit = world.unit(f"单位{world.number()}")
            for office in both:
                supervise(office=world.offices[office], organisation=unit, since=DAY, by=by)
        else:
            row = instructed(world, finding)
            if kind == "answered":
                answer_instruction(instruction=row, by=by, on=date(2022, 6, 1), answer="已办")


@settings(
    max_examples=12, phases=[Phase.generate], deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(things=THINGS)
def test_nothing_hangs_on_an_office_that_has_closed(world: World, things: list[tuple[str, bool]]) -> None:
    with transaction.atomic():
        for kind, is_shared in things:
            _hang(world, kind, is_shared=is_shared)
        assert hanging(world.offices[ROOM]) != set()
        retire(world)
        assert hanging(world.offices[ROOM]) == set()
        with as_(SYSTEM):
            open_ = set(
                Finding.objects.filter(state__in=UNFINISHED, owner_office=world.offices[OTHER]).values_list(
                    "pk", flat=True
                )
            )
            told = set(Step.objects.filter(verb=Verb.HAND_OVER).values_list("finding_id", flat=True))
            assert open_ <= told
            leads = Party.objects.filter(role=Party.Role.LEAD).values_list("activity_id", flat=True)
            assert sorted(leads) == sorted(Activity.objects.values_list("pk", flat=True))  # each has one lead still
        transaction.set_rollback(True)


def test_control_without_the_followers_an_instruction_is_orphaned(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    instructed(world, world.finding(office="驻市教育局纪检监察组"))
    monkeypatch.setattr(handing, "_followers", [])
    retire(world)
    assert hanging(world.offices[ROOM]) == {"Instruction.given_to"}


# --- a unit ---


def close(world: World, unit: str = "市财政局", **more: Any) -> None:
    with as_(world.viewer(KEEPER)) as by:
        retire_unit(organisation=world.units[unit], until=YESTERDAY, by=by, **more)


def test_a_unit_with_open_findings_says_what_becomes_of_them(world: World) -> None:
    first = world.rectifying(unit="市财政局")
    with as_(world.viewer(KEEPER)) as by:
        for shut in (close_organisation, retire_unit):
            with pytest.raises(Refused) as refused:
                shut(organisation=world.units["市财政局"], until=YESTERDAY, by=by)
            assert (refused.value.rule, f"问题1件({first.code})" in str(refused.value)) == (
                "unit-has-open-records",
                True,
            )
    assert open_records(world.units["市财政局"]) == [f"问题1件({first.code})"]
    assert world.units["市财政局"].until is None


def test_open_findings_go_on_under_the_unit_that_takes_over(world: World) -> None:
    mine, settled = world.rectifying(unit="市财政局"), world.closed(unit="市财政局")
    sensitive = world.finding(unit="市财政局", level=2)
    to = world.units["市教育局"]
    close(world, into=to, to=to, document="厦委〔2022〕1号")
    told = "责任单位由“市财政局”改为“市教育局”"
    assert [steps(each) for each in (mine, settled, sensitive)] == [
        [(today(), KEEPER, told)],
        [],
        [(today(), KEEPER, told)],
    ]
    with as_(SYSTEM):
        rows = {row.pk: row for row in Finding.objects.all()}
        assert [rows[each.pk].subject.name for each in (mine, settled)] == ["市教育局", "市财政局"]
        assert rows[mine.pk].subject_path == to.path
        again = world.finding(unit="市教育局", problem=mine.problem)
        assert [row.earlier_id for row in again.repeats.all()] == [mine.pk]  # it is the same problem there now


def test_open_findings_stay_for_a_reason(world: World) -> None:
    mine = world.rectifying(unit="市财政局")
    close(world, note="由市财政局原班子继续整改")
    assert [note for _, _, note in steps(mine)] == [
        "责任单位“市财政局”已撤销，问题保留在原单位名下；由市财政局原班子继续整改"
    ]
    with as_(SYSTEM):
        assert Finding.objects.get(pk=mine.pk).subject == world.units["市财政局"]
    assert closing._staying.get() == ""


def test_many_findings_are_handed_over_in_as_many_statements_as_few(world: World) -> None:
    def statements(count: int, source: str, to: str) -> int:
        project = world.project(office=source)
        made = [world.finding(office=source, activity=project) for _ in range(count)]
        with CaptureQueriesContext(connection) as queries, as_(SYSTEM) as by:
            closing.hand_over(office=world.offices[source], to=world.offices[to], by=by)
        assert [len(steps(each)) for each in made] == [1] * count
        return len(queries)

    few = statements(2, ROOM, OTHER)
    assert statements(12, "思明区纪委监委", "筼筜街道纪工委") == few


def test_the_page_says_before_what_will_be_handed_over(world: World) -> None:
    world.rectifying(office=ROOM)
    client = Client()
    client.force_login(world.users[KEEPER])
    place = f"/desk/offices/{world.offices[ROOM].uid}/"
    shown = client.get(f"{place}?act=close").content.decode()
    for line in hangs_on(world.offices[ROOM]):
        assert line in shown
    said = {"until": YESTERDAY.isoformat(), "to": str(world.offices[OTHER].pk)}
    assert client.post(f"{place}close/", said).status_code == 422
    assert Office.objects.get(name=ROOM).until is None
    assert client.post(f"{place}close/", {**said, "is_sure": "on"}).status_code == 303
    assert Office.objects.get(name=ROOM).until == YESTERDAY
    unit = f"/desk/units/{world.units['市教育局'].uid}/"
    assert "保留在原单位名下的原因" in client.get(f"{unit}?act=close").content.decode()
    assert issubclass(Finding, Owned)
