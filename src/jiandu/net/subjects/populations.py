"""常住人口 of divisions, each with its day and its source: what 人均 rests on. Nothing is estimated."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.subjects.models import Population, Region

MOST = 2_000_000_000


@dataclass(frozen=True)
class NewPopulation:
    """Of which division, on which day, how many people, as published where."""

    region: Region
    on: date
    people: int
    source: str


def populations(viewer: Viewer, *, on: date) -> list[Population]:
    """Of each division the figure of the latest day until then, in the order of the divisions. One statement."""
    guard.check_is_actor(viewer)
    rows = listed(viewer).filter(on__lte=on).order_by("on", "pk")
    latest = {row.region_id: row for row in rows}
    return sorted(latest.values(), key=lambda row: row.region.code)


def listed(viewer: Viewer) -> QuerySet[Population]:
    """Every figure that stands, by division, the latest first."""
    guard.check_is_actor(viewer)
    rows = Population.objects.filter(withdrawn_on__isnull=True).select_related("region")
    return rows.order_by("region__code", "-on")


def population_by_pk(viewer: Viewer, pk: int) -> Population | None:
    """A figure that stands."""
    return listed(viewer).filter(pk=pk).first()


@atomic
def write_population(*, new: NewPopulation, by: Viewer) -> Population:
    """登记常住人口. Raises Refused: not-allowed, population-source, population-range, step-date, population-twice."""
    _check_may(by)
    if not new.source.strip():
        raise Refused("population-source", "请写明数据来源")
    if not 0 < new.people <= MOST:
        raise Refused("population-range", "人口数应为正整数")
    if new.on > today():
        raise Refused("step-date", "统计时点不能晚于今天")
    Region.objects.select_for_update().get(pk=new.region.pk)
    if Population.objects.filter(region=new.region, on=new.on, withdrawn_on__isnull=True).exists():
        raise Refused("population-twice", "%(name)s该时点的人口数已登记，有误的请先撤下", name=new.region.name)
    row = Population(region=new.region, on=new.on, people=new.people, source=new.source.strip()[:200])
    row.save(force_insert=True)
    record(by, "population.write", row, payload={"region": new.region.code, "on": new.on.isoformat()})
    return row


@atomic
def withdraw_population(*, population: Population, by: Viewer, reason: str, on: date | None = None) -> Population:
    """撤下 a wrong figure. Raises Refused: not-allowed, …"""
    _check_may(by)
    row = Population.objects.select_for_update(of=("self",)).get(pk=population.pk)
    take_back(row, reason, on)
    record(by, "population.withdraw", row, payload={"reason": reason.strip()[:200]})
    return row


def _check_may(by: Viewer) -> None:
    if not guard.allow(by, "count", Population):
        raise Refused("not-allowed", "您没有登记人口数的权限")
