"""Copied paths decide scope: whatever moves, every protected record stands where its office and unit stand."""

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core import guard, places
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import PersonTalked
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, record_talked
from jiandu.net.access.models import Owned
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.services import move_office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import move_organisation
from jiandu.sources.signals.services import NewSignal, raise_signal

DAY = date(2022, 3, 1)
OFFICES = ("市纪委监委", "第一监督检查室", "第二监督检查室", "思明区纪委监委", "筼筜街道纪工委")
UNITS = ("市教育局", "市财政局", "思明区教育局", "市第一中学")


def owned() -> list[Any]:
    """Every kind of protected record, those of floors that come later too."""
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def records(world: World) -> None:
    """At least one record of every kind, at every office and about every unit."""
    for office in OFFICES:
        for unit in UNITS:
            finding = world.finding(office=office, unit=unit, on=DAY)
            with as_(SYSTEM) as by:
                record_recovery(finding=finding, by=by, new=NewMoney(amount_fen=1, received_on=DAY))
                record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name="甲", on=DAY))
    with as_(SYSTEM) as by:
        record_rule(finding=finding, by=by, new=NewRule(title="制度", issuer="市教育局", issued_on=DAY))
        new = NewSignal(
            origin="audit",
            topic="线头",
            received_on=DAY,
            office=world.offices["第一监督检查室"],
            subject=world.units["市第一中学"],
        )
        raise_signal(new=new, by=by)


def strays() -> list[tuple[str, int]]:
    """The records whose copied paths are not those of their places."""
    found = []
    with guard.acting(SYSTEM):
        for model in owned():
            for row in model.objects.select_related("owner_office", "subject"):
                subject_path = row.subject.path if row.subject else ""
                if (row.owner_path, row.subject_path) != (row.owner_office.path, subject_path):
                    found.append((model.__name__, row.pk))
    return found


def test_every_kind_of_record_copies_its_paths_as_those_in_the_test_do(world: World) -> None:
    records(world)
    with guard.acting(SYSTEM), transaction.atomic():
        moved = {model.__name__ for model in owned() if model.objects.exists()}
    assert moved == {"Activity", "Finding", "MoneyRecovered", "PersonTalked", "RuleMade", "Signal"}
    copies = {"owner_path": "owner_office", "subject_path": "subject"}
    assert {model.__name__: places.copies_of(model) for model in owned()} == {
        model.__name__: copies for model in owned()
    }
    with transaction.atomic():
        assert strays() == []


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("office"), st.sampled_from(OFFICES), st.sampled_from((*OFFICES, None))),
        st.tuples(st.just("unit"), st.sampled_from(UNITS), st.sampled_from((*UNITS, None))),
    ),
    min_size=1,
    max_size=6,
)


def move(world: World, kind: str, name: str, parent: str | None) -> bool:
    """Whether the move was made; one into itself or its subtree, or to where it is, is refused."""
    try:
        with as_(world.viewer("系统管理员")) as by:
            if kind == "office":
                office = Office.objects.get(name=name)
                move_office(office=office, parent=Office.objects.get(name=parent) if parent else None, by=by)
            else:
                unit = Organisation.objects.get(name=name)
                above = Organisation.objects.get(name=parent) if parent else None
                move_organisation(organisation=unit, parent=above, on=today(), by=by)
    except Refused as refused:
        assert refused.rule in {"tree-cycle", "same-parent"}
        return False
    return True


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=MOVES)
def test_records_stand_where_their_places_stand_after_any_moves(
    world: World, moves: list[tuple[str, str, str]]
) -> None:
    if not _has_records():  # one net for all examples, so that each begins where the last one left it
        records(world)
    for kind, name, parent in moves:
        move(world, kind, name, parent)
        with transaction.atomic():
            assert strays() == []


def _has_records() -> bool:
    with guard.acting(SYSTEM), transaction.atomic():
        return bool(Finding.objects.exists())


def test_scope_is_right_after_a_move_and_was_wrong_without_the_rewriting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the paths left behind, the district's leader still sees what his office no longer has."""
    world.finding(problem="街道", office="筼筜街道纪工委", unit="市财政局", on=DAY)

    def sees(name: str) -> set[str]:
        with as_(world.viewer(name)):
            return set(Finding.objects.values_list("problem", flat=True))

    assert (sees("区纪委书记"), sees("主任甲")) == ({"街道"}, set())
    assert move(world, "office", "筼筜街道纪工委", "市纪委监委")
    assert sees("区纪委书记") == set()
    assert move(world, "office", "筼筜街道纪工委", "思明区纪委监委")
    monkeypatch.setattr(places, "follow", lambda *given, **more: {})
    assert move(world, "office", "筼筜街道纪工委", "市纪委监委")
    assert sees("区纪委书记") == {"街道"}
    with transaction.atomic():
        assert [kind for kind, _ in strays()] == ["Activity", "Finding"]


def test_a_stationed_body_follows_its_units(world: World) -> None:
    """Supervision is by the unit's path: a school that leaves the bureau leaves its stationed body's sight."""
    world.finding(problem="中学", unit="市第一中学", on=DAY)

    def sees() -> list[str]:
        with as_(world.viewer("驻教干部")):
            return list(Finding.objects.values_list("problem", flat=True))

    assert sees() == ["中学"]
    assert move(world, "unit", "市第一中学", "思明区教育局")
    assert sees() == []
    moved = Entry.objects.select_related("payload").get(verb="organisation.move")
    assert '"records":{"findings.finding":1}' in moved.payload.body


def test_a_new_record_takes_the_present_path_whatever_the_writer_had_read(world: World) -> None:
    read_before = Organisation.objects.get(name="市第一中学")
    assert move(world, "unit", "市第一中学", "市财政局")
    world.units["市第一中学"] = read_before
    finding = world.finding(unit="市第一中学", on=DAY)
    assert finding.subject_path == Organisation.objects.get(name="市第一中学").path != read_before.path


def test_a_forged_path_does_not_stand(world: World) -> None:
    """A district's leader cannot write into another office by claiming that it lies below his own."""
    finding = world.finding(office="第一监督检查室", on=DAY)
    forged = Finding(
        **{
            field.attname: getattr(finding, field.attname)
            for field in Finding._meta.concrete_fields
            if field.name != "id"
        }
    )
    forged.uid, forged.code = None, "X1"
    forged.owner_path = world.offices["思明区纪委监委"].path
    with as_(world.viewer("区纪委书记")), pytest.raises(Refused) as refused:
        forged.save(force_insert=True)
    assert refused.value.rule == "outside-scope"


def test_no_place_moves_while_a_record_is_being_written(world: World) -> None:
    """PostgreSQL: a second connection gets the lock of those who write, not that of a move. SQLite has one writer."""
    if connection.vendor == "sqlite":
        assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [places.LOCK])
            free_before = cursor.fetchone()
            world.finding(on=DAY)
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [places.LOCK])
            alone = cursor.fetchone()
            cursor.execute("SELECT pg_try_advisory_xact_lock_shared(%s)", [places.LOCK])
            shared = cursor.fetchone()
    finally:
        other.close()
    assert (free_before, alone, shared) == ((True,), (False,), (True,))


def test_the_lock_is_free_where_nothing_is_written(db: None) -> None:
    """The control of the test above."""
    if connection.vendor == "sqlite":
        return
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [places.LOCK])
            assert cursor.fetchone() == (True,)
    finally:
        other.close()
