"""Figures of one round of 委领导挂钩监督, for its report: as of a day and, once the report is approved, as known then.

The figures of the year (measures/linked.py) count rounds whose report is approved; these tell of one round, also before.
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import counted, settled
from jiandu.net.subjects.models import Organisation, Post
from jiandu.results.analysis.measures.registry import Ask, known, stands
from jiandu.sources.activities.models import Activity, Event, LinkedUnit, Team, Visit
from jiandu.sources.activities.selectors import events_of
from jiandu.sources.talks.models import Attendee, Talk

#: key → (label, unit, 口径)
FIGURES = {
    "teams": ("监督组", "个", "本轮设立的监督组"),
    "units": ("挂钩单位", "家", "统计截止日在本轮挂钩的单位；移出的不计"),
    "visited": ("已走访单位", "家", "挂钩单位中统计截止日前走访过的；一家单位计一次"),
    "visits": ("走访家次", "家次", "本轮统计截止日前的走访；同一单位走访几次计几次，撤下的不计"),
    "talked": ("约谈关键少数", "人", "本轮主动约谈的关键少数，以谈话当日任职为准；一人计一次"),
    "findings": ("发现问题", "个", "本轮发现、统计截止日前登记的问题；撤销、不予认定、并案的不计"),
    "aspects": ("涉及方面", "个", "上述问题所涉及的方面；已并入其他方面的按并入后的方面计，未分类的不计"),
    "found_units": ("发现问题单位", "家", "上述问题的责任单位；一家单位计一次"),
    "settled": ("已销号问题", "个", "上述问题中统计截止日前已销号、阶段性销号的；重新挂账的不计"),
    "open": ("未销号问题", "个", "上述问题中统计截止日尚未销号的"),
}


@dataclass(frozen=True)
class Told:
    """A round's figures by key, what they were counted from, the turns that say how far the report is."""

    ask: Ask
    values: dict[str, int]
    findings: list[Finding]
    settled: frozenset[int]  # keys
    started: Event | None
    reported: Event | None
    approved: Event | None
    finished: Event | None

    def by_aspect(self) -> list[tuple[str, list[Finding]]]:
        """(aspect, its findings), the largest first; those without an aspect come last."""
        groups: dict[str, list[Finding]] = {}
        for one in self.findings:
            aspect = aspect_of(one)
            groups.setdefault(aspect.label_zh if aspect else "", []).append(one)
        return sorted(groups.items(), key=lambda group: (not group[0], -len(group[1]), group[0]))

    def by_unit(self) -> list[tuple[Organisation | None, int, int]]:
        """(unit, findings, settled ones), most findings first."""
        found = Counter(one.subject for one in self.findings)
        done = Counter(one.subject for one in self.findings if one.pk in self.settled)
        return sorted(((unit, n, done[unit]) for unit, n in found.items()), key=lambda row: (-row[1], str(row[0])))


def aspect_of(one: Finding) -> Item | None:
    """The aspect; of a merged one that which it went into."""
    return one.aspect and (one.aspect.replaced_by or one.aspect)


def round_told(viewer: Viewer, activity: Activity) -> Told:
    """The round in the viewer's scope: as of its approval and as known then; while it is a draft, as of today."""
    guard.check_is_actor(viewer)
    turns = {event.verb: event for event in events_of(viewer, activity) if event.withdrawn_on is None}
    approved = turns.get(Event.Verb.APPROVE_REPORT)
    ask = Ask(activity.year, approved.on if approved else today(), approved.created_at if approved else None)
    rows = _found(activity, ask)
    findings = list(rows.select_related("subject", "aspect__replaced_by").order_by("registered_on", "pk"))
    done = frozenset(rows.filter(settled(as_of=ask.as_of, as_known=ask.as_known)).values_list("pk", flat=True))
    counts = {
        **_counts(activity, ask),
        "findings": len(findings),
        "aspects": len({aspect for one in findings if (aspect := aspect_of(one))}),
        "found_units": len({one.subject for one in findings if one.subject}),
        "settled": len(done),
        "open": len(findings) - len(done),
    }
    turn = {"started": turns.get(Event.Verb.START), "reported": turns.get(Event.Verb.REPORT), "approved": approved}
    ended = turns.get(Event.Verb.FINISH)
    is_known = ended is not None and (approved is None or ended.created_at <= approved.created_at)
    turn["finished"] = ended if is_known else None
    return Told(ask=ask, values={key: counts[key] for key in FIGURES}, findings=findings, settled=done, **turn)


def _found(activity: Activity, ask: Ask) -> QuerySet[Finding]:
    rows = Finding.objects.filter(activity=activity, registered_on__lte=ask.as_of)
    return known(rows.filter(counted(as_of=ask.as_of, as_known=ask.as_known)), ask)


def _counts(activity: Activity, ask: Ask) -> dict[str, int]:
    """What was planned and done."""
    made = known(Visit.objects.filter(stands(ask), activity=activity, on__lte=ask.as_of), ask)
    linked = known(LinkedUnit.objects.filter(stands(ask), activity=activity), ask)
    seen = linked.filter(organisation__in=made.values("organisation_id"))
    return {
        "teams": known(Team.objects.filter(activity=activity), ask).count(),
        "units": linked.count(),
        "visited": seen.count(),
        "visits": made.count(),
        "talked": _talked(activity, ask),
    }


def _talked(activity: Activity, ask: Ask) -> int:
    held: QuerySet[Any] = Talk.objects.filter(
        stands(ask), activity=activity, kind=Talk.Kind.PROACTIVE, on__lte=ask.as_of
    )
    seats = Attendee.objects.filter(stands(ask), category__in=Post.KEY_FEW, talk__in=known(held, ask).values("pk"))
    return known(seats, ask).order_by().values("person").distinct().count()
