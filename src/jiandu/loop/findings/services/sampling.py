"""Look-back rounds: settled findings drawn by a stated seed, so that anybody can draw the same ones again."""

import math
import random
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, LookBack
from jiandu.loop.findings.services.parts import plan_look_back
from jiandu.loop.findings.states import SETTLED
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.planning import NewActivity, open_activity

MOST = 500


@dataclass(frozen=True)
class Sample:
    """Which settled findings (a condition), settled when, which share of them (percent), drawn with which seed."""

    condition: Q
    percent: int
    seed: int
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Drawn:
    """How many there were to draw from, and those that were drawn, in the order of their numbers."""

    total: int
    findings: list[Finding]


def population(viewer: Viewer, sample: Sample) -> QuerySet[Finding]:
    """Settled, of the kind asked for, and without a look-back that is still to be done."""
    guard.check_is_actor(viewer)
    found = Finding.objects.filter(sample.condition, state__in=sorted(SETTLED))
    if sample.since is not None:
        found = found.filter(closed_on__gte=sample.since)
    if sample.until is not None:
        found = found.filter(closed_on__lte=sample.until)
    waiting = LookBack.objects.filter(done_on__isnull=True).values("finding_id")
    return found.exclude(pk__in=waiting)


def draw(viewer: Viewer, sample: Sample) -> Drawn:
    """The share of the population that the seed gives, rounded up; the same seed draws the same. Raises Refused."""
    if not 1 <= sample.percent <= 100:
        raise Refused("percent", "比例应在 1 到 100 之间")
    keys = list(population(viewer, sample).order_by("pk").values_list("pk", flat=True))
    size = math.ceil(len(keys) * sample.percent / 100)
    if size > MOST:
        raise Refused("too-many", "一次最多抽取%(most)d个,请缩小范围或降低比例", most=MOST)
    taken = random.Random(sample.seed).sample(keys, size)  # noqa: S311 -- a drawing that can be repeated, not a secret
    rows = Finding.objects.filter(pk__in=taken).select_related("subject", "owner_office")
    return Drawn(len(keys), list(rows.order_by("code", "pk")))


@dataclass(frozen=True)
class NewRound:
    """A look-back round: its name, the office that looks, the day planned, what is drawn."""

    name: str
    office: Office
    planned_on: date
    sample: Sample
    scope_words: str = ""


@atomic
def plan_round(*, new: NewRound, by: Viewer) -> tuple[Activity, list[LookBack]]:
    """Opens the round as an activity that says how it was drawn, and plans a look-back on each finding. All or nothing."""
    if not guard.allow(by, "look_back", Finding):
        raise Refused("not-allowed", "您没有“回头看”的权限")
    if new.planned_on < today():
        raise Refused("planned-past", "计划日期不能早于今天")
    drawn = draw(by, new.sample)
    if not drawn.findings:
        raise Refused("nothing-drawn", "没有符合条件的已销号问题")
    activity = open_activity(new=_activity(new, drawn), by=by)
    rows = [
        plan_look_back(finding=finding, by=by, planned_on=new.planned_on, activity=activity)
        for finding in drawn.findings
    ]
    record(by, "activity.draw", activity, payload={"seed": new.sample.seed, "of": drawn.total, "drawn": len(rows)})
    return activity, rows


def _activity(new: NewRound, drawn: Drawn) -> NewActivity:
    year = new.planned_on.year
    head = f"HTK{year}-{new.office.pk}-"
    taken = Activity.objects.filter(kind=Activity.Kind.LOOK_BACK, owner_office=new.office, code__startswith=head)
    said = f"范围:{new.scope_words or '全部'};总体{drawn.total}个,抽取{new.sample.percent}%计{len(drawn.findings)}个;种子{new.sample.seed}"
    return NewActivity(
        kind=Activity.Kind.LOOK_BACK,
        year=year,
        code=f"{head}{taken.count() + 1:03d}",
        name=new.name,
        lead=new.office,
        approved_on=today(),
        plan=said,
    )
