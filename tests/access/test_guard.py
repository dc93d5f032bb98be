"""Read and write shapes against the guard: each is blocked or scoped.

Each has its control: with the guard off and as the system the same shape does bring back the foreign row, or its write
does land. A shape that fails for another reason (a constraint, a missing row) would prove nothing, and is found so.
"""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery
from tests.world import SYSTEM, World, as_

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import NotScoped
from jiandu.base.core.guarded import ScopedQuerySet, narrow, parts_of_row
from jiandu.loop.findings.models import Breach, Finding, Measure, Step
from jiandu.loop.outcomes.models import RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import NewRule, record_rule
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal
from jiandu.sources.signals.services import NewSignal, raise_signal

SECRET = "绝不外泄的问题表现"
THEIRS, OURS, DAY = "第一监督检查室", "第二监督检查室", date(2022, 3, 2)


@pytest.fixture
def foreign(world: World) -> Finding:
    """A finding of the first office: the second office must not learn of it in any way."""
    finding = world.rectifying(problem=SECRET, office=THEIRS, unit="市财政局")
    with as_(SYSTEM):
        Measure(finding=finding, text=SECRET).save(force_insert=True)
    return finding


READS: dict[str, Callable[[Finding], Any]] = {
    "all": lambda f: list(Finding.objects.all()),
    "count": lambda f: "x" * Finding.objects.count(),
    "exists": lambda f: SECRET if Finding.objects.exists() else "",
    "get by pk": lambda f: Finding.objects.filter(pk=f.pk).first() or "",
    "get by uid": lambda f: Finding.objects.filter(uid=f.uid).first() or "",
    "values": lambda f: list(Finding.objects.values("problem")),
    "values_list": lambda f: list(Finding.objects.values_list("problem", flat=True)),
    "aggregate": lambda f: Finding.objects.aggregate(Max("problem"))["problem__max"] or "",
    "annotate": lambda f: list(Finding.objects.annotate(n=Count("pk")).values_list("problem", "n")),
    "in_bulk": lambda f: Finding.objects.in_bulk([f.pk]) or "",
    "iterator": lambda f: list(Finding.objects.iterator(chunk_size=10)),
    "order_by": lambda f: list(Finding.objects.order_by("problem")),
    "dates": lambda f: list(Finding.objects.dates("registered_on", "year")),
    "union": lambda f: list(Finding.objects.values("problem").union(Finding.objects.values("problem"))),
    "or": lambda f: list(Finding.objects.all() | Finding.objects.filter(pk=f.pk)),
    "base manager": lambda f: list(Finding._base_manager.all()),
    "plain queryset": lambda f: list(models.QuerySet(Finding)),
    "scoped queryset without scope": lambda f: list(ScopedQuerySet(Finding)),
    "raw": lambda f: list(Finding.objects.raw("select * from findings_finding")),
    "raw with comment": lambda f: list(Finding.objects.raw("select * from /* x */ findings_finding")),
    "cursor": lambda f: _cursor("select problem from findings_finding"),
    "cursor cte": lambda f: _cursor("with a as (select problem from findings_finding) select * from a"),
    "cursor upper case": lambda f: _cursor("SELECT problem FROM FINDINGS_FINDING"),
    "select_related from a part": lambda f: [step.finding.problem for step in Step.objects.select_related("finding")],
    "filter across": lambda f: list(Step.objects.filter(finding__problem__startswith=SECRET[:2])),
    "values across": lambda f: list(Step.objects.values("finding__problem")),
    "order across": lambda f: list(Step.objects.order_by("finding__problem")),
    "exclude across": lambda f: list(Step.objects.exclude(finding__state="closed")),
    "part": lambda f: list(Measure.objects.all()),
    "part of a foreign root": lambda f: list(f.measures.all()),
    "part by raw queryset": lambda f: list(models.QuerySet(Measure)),
    "prefetch": lambda f: [
        one.text for row in Finding.objects.filter(pk=f.pk).prefetch_related("measures") for one in row.measures.all()
    ],
    "root joined to root": lambda f: list(Finding.objects.select_related("activity")),
    "subquery": lambda f: list(
        Activity.objects.annotate(p=Subquery(Finding.objects.filter(activity=OuterRef("pk")).values("problem")[:1]))
    ),
    "exists subquery": lambda f: [
        SECRET for _ in Activity.objects.filter(Exists(Finding.objects.filter(activity=OuterRef("pk"))))
    ],
    "unscoped subquery": lambda f: list(Activity.objects.filter(pk__in=models.QuerySet(Finding).values("activity"))),
    "count of parts": lambda f: list(Finding.objects.annotate(n=Count("steps")).values_list("n", flat=True)),
    "refresh": lambda f: f.refresh_from_db() or f.problem,
    "narrow": lambda f: list(narrow(Finding)),
    "search": lambda f: list(Finding.objects.filter(problem__contains=SECRET)),
    "negated": lambda f: list(Finding.objects.filter(~Q(pk=0))),
    "parts of a row": lambda f: [text for text in _texts(Finding.objects.all()) if text],
    "parts of a row of an unscoped root": lambda f: _texts(models.QuerySet(Finding)),
    "parts of a row of another root": lambda f: _texts(Activity.objects.all()),
    "parts of a row whose alias is taken": lambda f: _cursor(
        "select (select max(m.text) from findings_measure m, findings_finding f where m.finding_id = f.id)"
        f" from findings_finding f where f.id > -{guard.require_actor().digest}"
    ),
    "parts of a row not tied for certain": lambda f: _cursor(
        "select (select max(m.text) from findings_measure m where m.finding_id = f.id or m.id > 0)"
        f" from findings_finding f where f.id > -{guard.require_actor().digest}"
    ),
    "F across": lambda f: list(Step.objects.filter(on__gte=F("finding__registered_on"))),
}


def _texts(found: models.QuerySet[Any]) -> list[Any]:
    """The measures' texts by a subquery tied to the row around it."""
    text = Subquery(parts_of_row(Measure).values("text")[:1])
    return list(found.annotate(seen=text).values_list("seen", flat=True))


def _cursor(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


@pytest.mark.parametrize("shape", READS)
def test_read_shapes_show_nothing_of_another_office(world: World, foreign: Finding, shape: str) -> None:
    with as_(world.viewer("干部乙")):
        try:
            seen = READS[shape](foreign)
        except (NotScoped, Finding.DoesNotExist):
            return
        assert SECRET not in repr(seen), shape
        assert not seen, shape


#: Shapes whose rows do not say the words: that a row comes back is what the control shows.
SILENT = {
    *("count", "dates", "part", "part of a foreign root", "part by raw queryset", "filter across", "order across"),
    *(
        "exclude across",
        "subquery",
        "unscoped subquery",
        "count of parts",
        "parts of a row of another root",
        "F across",
    ),
}


@pytest.mark.parametrize("shape", READS)
def test_with_the_guard_off_each_read_shape_shows_it(world: World, foreign: Finding, shape: str) -> None:
    """The control of each: it finds what it looks for, once nothing hinders it."""
    with as_(SYSTEM), guard.unguarded("control"):
        seen = READS[shape](foreign)
        assert seen, shape
        assert SECRET in repr(seen) or shape in SILENT, shape


def test_the_same_shapes_show_it_to_its_own_office(world: World, foreign: Finding) -> None:
    """The control: what the shapes look for is there to be found."""
    with as_(world.viewer("干部甲")):
        assert SECRET in str(list(Finding.objects.all()))
        assert SECRET in str(list(foreign.measures.all()))
        assert SECRET in str(list(narrow(Finding)))
        assert SECRET in str(_texts(Finding.objects.all()))


def test_without_the_tripwire_a_plain_queryset_leaks(world: World, foreign: Finding) -> None:
    """The control: the guard, not chance, hides it. On PostgreSQL the second net still holds; as the system it does not."""
    with as_(world.viewer("干部乙")), guard.unguarded("control"):
        steps = [step.finding for step in models.QuerySet(Step).select_related("finding")]
        leaks = [SECRET in str(rows) for rows in (list(models.QuerySet(Finding)), steps)]
    assert leaks == [connection.vendor == "sqlite"] * 2
    with as_(SYSTEM), guard.unguarded("control"):
        assert SECRET in str(list(models.QuerySet(Finding)))


def test_nothing_runs_without_an_actor(world: World, foreign: Finding) -> None:
    queryset = Finding.objects.all()
    with pytest.raises(NotScoped):
        list(queryset)


def test_a_queryset_built_for_another_viewer_is_refused(world: World, foreign: Finding) -> None:
    with as_(world.viewer("干部甲")):
        built = Finding.objects.all()
    with as_(world.viewer("干部乙")), pytest.raises(NotScoped):
        list(built)


@dataclass(frozen=True)
class Aim:
    """What a write aims at: a finding of the first office, changed in memory; a signal of it with nothing on it; its rule.

    And a finding of our own, which would be tied to the rule.
    """

    finding: Finding
    signal: Signal
    rule: RuleMade
    ours: Finding


@pytest.fixture
def aim(world: World, foreign: Finding) -> Aim:
    ours = world.rectifying(office=OURS, unit="市财政局")
    with as_(SYSTEM) as by:
        rule = record_rule(finding=foreign, by=by, new=NewRule("办法", "市财政局", DAY))
        new = NewSignal(Signal.Origin.AUDIT, "审计移交", DAY, world.offices[THEIRS], world.units["市财政局"])
        signal = raise_signal(new=new, by=by)
    foreign.problem = "x"
    return Aim(foreign, signal, rule, ours)


def _forged(finding: Finding) -> Finding:
    """Another one of the same office: nothing but the scope is against it."""
    copy = Finding.objects.model(
        **{field.attname: getattr(finding, field.attname) for field in Finding._meta.concrete_fields}
    )
    copy.pk, copy.uid, copy.code = None, uuid4(), "FORGED"
    return copy


def _new_step(finding: Finding) -> Step:
    return Step(
        finding=finding, seq=99, verb="progress", from_state="rectifying", to_state="rectifying",
        on=DAY, recorded_at=datetime(2022, 3, 2, tzinfo=UTC), by_name="x",
    )  # fmt: skip


def _upsert(rows: Any, one: Finding) -> Any:
    return rows.bulk_create([one], update_conflicts=True, update_fields=["problem"], unique_fields=["id"])


def _origin(aim: Aim) -> RuleOrigin:
    """Would open their rule to whoever our finding is assigned to."""
    return RuleOrigin(rule=aim.rule, finding=aim.ours, finding_uid=aim.ours.uid)


WRITES: dict[str, Callable[[Aim], Any]] = {
    "update all": lambda a: Finding.objects.update(problem="x"),
    "update by pk": lambda a: Finding.objects.filter(pk=a.finding.pk).update(problem="x"),
    "save": lambda a: a.finding.save(update_fields=["problem"]),
    "save all": lambda a: a.finding.save(),
    "bulk_update": lambda a: Finding.objects.bulk_update([a.finding], ["problem"]),
    "plain update": lambda a: models.QuerySet(Finding).filter(pk=a.finding.pk).update(problem="x"),
    "base manager update": lambda a: Finding._base_manager.filter(pk=a.finding.pk).update(problem="x"),
    "update_or_create": lambda a: Finding.objects.update_or_create(pk=a.finding.pk, defaults={"problem": "x"}),
    "delete": lambda a: a.signal.delete(),
    "queryset delete": lambda a: Signal.objects.filter(pk=a.signal.pk).delete(),
    "plain delete": lambda a: models.QuerySet(Signal).filter(pk=a.signal.pk).delete(),
    "insert into another office": lambda a: _forged(a.finding).save(force_insert=True),
    "bulk insert into another office": lambda a: Finding.objects.bulk_create([_forged(a.finding)]),
    "upsert": lambda a: _upsert(Finding.objects, a.finding),
    "plain upsert": lambda a: _upsert(models.QuerySet(Finding), a.finding),
    "plain insert": lambda a: models.QuerySet(Finding).bulk_create([_forged(a.finding)]),
    "part insert": lambda a: _new_step(a.finding).save(force_insert=True),
    "part bulk insert": lambda a: Step.objects.bulk_create([_new_step(a.finding)]),
    "part update": lambda a: Measure.objects.filter(finding=a.finding).update(text="x"),
    "part delete": lambda a: Measure.objects.filter(finding=a.finding).delete(),
    "related update": lambda a: a.finding.measures.update(text="x"),
    "cursor update": lambda a: _cursor("update findings_finding set problem = 'x' returning id"),
    "cursor delete": lambda a: _cursor("delete from findings_measure returning id"),
    "cursor insert": lambda a: _cursor(
        "insert into findings_breach (finding_id, rule, detail) select id, 'x', 'x' from findings_finding returning id"
    ),
    "origin of a foreign rule": lambda a: _origin(a).save(force_insert=True),
    "origins of a foreign rule in bulk": lambda a: RuleOrigin.objects.bulk_create([_origin(a)]),
}
#: What the guard refuses whoever asks: the control writes past its querysets.
PAST: dict[str, Callable[[Aim], Any]] = {
    "upsert": WRITES["plain upsert"],
    "queryset delete": WRITES["plain delete"],
    "part delete": lambda a: models.QuerySet(Measure).filter(finding=a.finding).delete(),
}


def _kept(aim: Aim) -> tuple[Any, ...]:
    """All that these writes could change of theirs: our own finding is ours to change."""
    with as_(SYSTEM):
        findings = list(Finding.objects.exclude(pk=aim.ours.pk).order_by("pk").values_list())
        rows = [list(kind.objects.order_by("pk").values_list()) for kind in (Signal, Measure, RuleOrigin)]
        parts = [kind.objects.exclude(finding=aim.ours).count() for kind in (Step, Breach)]
        return findings, rows, parts


@pytest.mark.parametrize("shape", WRITES)
def test_write_shapes_change_nothing_of_another_office(world: World, aim: Aim, shape: str) -> None:
    before = _kept(aim)
    with (
        contextlib.suppress(NotScoped, Refused, DatabaseError, Finding.DoesNotExist, ValueError),
        as_(world.viewer("干部乙")),
    ):
        WRITES[shape](aim)
    assert _kept(aim) == before


@pytest.mark.parametrize("shape", WRITES)
def test_with_the_guard_off_each_write_shape_lands(world: World, aim: Aim, shape: str) -> None:
    """The control of each: nothing but the guard was against it."""
    before = _kept(aim)
    with as_(SYSTEM), guard.unguarded("control"):
        PAST.get(shape, WRITES[shape])(aim)
    assert _kept(aim) != before


def test_there_are_as_many_shapes_as_the_design_asks_for() -> None:
    assert (len(READS) >= 30, len(WRITES) >= 15) == (True, True)
    assert (SILENT - READS.keys(), PAST.keys() - WRITES.keys()) == (set(), set())


def test_a_record_cannot_be_moved_out_of_scope(world: World) -> None:
    own = world.finding(office="第二监督检查室")
    other = world.offices["第一监督检查室"]
    own.owner_office, own.owner_path = other, other.path
    with as_(world.viewer("干部乙")), pytest.raises(Refused) as refused:
        own.save(update_fields=["owner_office", "owner_path"])
    assert refused.value.rule == "outside-scope"
