"""Reads of cross-checks: the queue of alerts, one with its neighbours and steps, rules as an office runs them with their record,
runs, data sets. None of these loads an engine: what a page shows was stored with the run."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db.models import Case, Count, Q, QuerySet, Value, When

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.proportions import wilson
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import rules, shapes
from jiandu.sources.crosscheck.linked import Decided
from jiandu.sources.crosscheck.models import Alert, AlertHit, AlertStep, Dataset, LinkPair, RuleRun, RuleSetting
from jiandu.sources.crosscheck.rule import Rule
from jiandu.sources.crosscheck.states import CONFIRMED, EXCLUDED, SAID, UNSETTLED, Colour, LinkState, State, says_same

LEAST = 5  # decided alerts, below which a rule is not said to be under its floor
ORDER = {Colour.RED: 0, Colour.YELLOW: 1, Colour.GREEN: 2, Colour.CLEARED: 3}


@dataclass(frozen=True)
class Wanted:
    """Which alerts: each empty for all. `group` is open, confirmed or excluded."""

    colour: str = ""
    place: str = ""
    rule: str = ""
    state: str = ""
    version: str = ""
    group: str = ""
    run: UUID | None = None


GROUPS = {"open": {State.WAITING}, "confirmed": CONFIRMED, "excluded": EXCLUDED, "decided": CONFIRMED | EXCLUDED}


def alerts(viewer: Viewer, wanted: Wanted = Wanted()) -> QuerySet[Alert]:
    """The alerts in scope: what waits first, the reddest first, the newest first."""
    guard.check_is_actor(viewer)
    same = {"colour": wanted.colour, "place": wanted.place, "rule": wanted.rule, "state": wanted.state}
    rows = Alert.objects.filter(**{name: value for name, value in same.items() if value})
    if wanted.version:
        rows = rows.filter(handled_version=wanted.version)
    if wanted.group in GROUPS:
        rows = rows.filter(state__in=sorted(GROUPS[wanted.group]))
    if wanted.run:
        run = RuleRun.objects.filter(uid=wanted.run).first()
        rows = rows.filter(pk__in=AlertHit.objects.filter(run=run).values("alert")) if run else rows.none()
    urgent = Case(*(When(colour=colour, then=Value(place)) for colour, place in ORDER.items()), default=Value(9))
    waits = Case(When(state=State.WAITING, then=Value(0)), default=Value(1))
    return rows.select_related("owner_office", "subject").order_by(waits, urgent, "-last_on", "-pk")


def waiting_uids(viewer: Viewer, wanted: Wanted, most: int) -> list[UUID]:
    """Those that wait among the wanted; one more than `most` where there are more."""
    rows = alerts(viewer, replace(wanted, group="open", state=""))
    return list(rows.values_list("uid", flat=True)[: most + 1])


def by_uid(viewer: Viewer, uid: UUID) -> Alert | None:
    """One alert in scope."""
    guard.check_is_actor(viewer)
    return Alert.objects.select_related("owner_office", "subject").filter(uid=uid).first()


def steps_of(viewer: Viewer, alert: Alert) -> list[AlertStep]:
    """What was done with it, the newest first."""
    guard.check_is_actor(viewer)
    return list(AlertStep.objects.filter(alert=alert).order_by("-seq"))


def neighbours(viewer: Viewer, alert: Alert, most: int = 20) -> list[Alert]:
    """Other alerts in the same place or on the same key."""
    guard.check_is_actor(viewer)
    near = Q(same=alert.same, same__isnull=False)
    if alert.place:
        near |= Q(place=alert.place)
    return list(Alert.objects.filter(near).exclude(pk=alert.pk).order_by("-last_on", "-pk")[:most])


def places(viewer: Viewer) -> list[str]:
    """Where alerts are, for the filter."""
    guard.check_is_actor(viewer)
    found = Alert.objects.exclude(place="").order_by("place").values_list("place", flat=True)
    return list(found.distinct()[:500])


def rules_seen(viewer: Viewer) -> list[tuple[str, str]]:
    """Rules that have alerts, for the filter."""
    guard.check_is_actor(viewer)
    found = Alert.objects.order_by("rule").values_list("rule", "rule_name").distinct()
    return [(key, f"{key} {name}") for key, name in dict(found).items()]


def with_signals(viewer: Viewer, signals: Iterable[int]) -> QuerySet[Alert]:
    """The alerts that these pointers came from."""
    guard.check_is_actor(viewer)
    return Alert.objects.filter(signal__in=list(signals))


@dataclass(frozen=True)
class InForce:
    """A rule as an office runs it: with its parameters, on or off, in which version (rule.setting)."""

    rule: Rule
    params: dict[str, Any] = field(default_factory=dict)
    is_active: bool = True
    floor: int = 0
    number: int = 0

    @property
    def version(self) -> str:
        return f"{self.rule.version}.{self.number}"


def in_force(viewer: Viewer, office: Office | None) -> list[InForce]:
    """Every rule as the office runs it, those that it made by form last; no office: as written."""
    guard.check_is_actor(viewer)
    newest: dict[str, RuleSetting] = {}
    if office is not None:
        for row in RuleSetting.objects.filter(owner_office=office).order_by("number"):
            newest[row.rule] = row
    made = {key: shapes.from_data(row.definition) for key, row in newest.items() if row.definition is not None}
    every = {**rules.known(), **dict(sorted(made.items()))}
    return [_in_force(rule, newest.get(rule.id)) for rule in every.values()]


def made_rules(viewer: Viewer, office: Office | None) -> dict[str, dict[str, Any]]:
    """What the office has made by form: number → definition, as it counts now."""
    guard.check_is_actor(viewer)
    rows = RuleSetting.objects.filter(owner_office=office, definition__isnull=False).order_by("number")
    return {row.rule: row.definition for row in rows} if office else {}


def rule_of(viewer: Viewer, alert: Alert) -> Rule | None:
    """The rule that an alert came of: of the house, or made by form by the alert's office."""
    guard.check_is_actor(viewer)
    if alert.rule in rules.known():
        return rules.known()[alert.rule]
    rows = RuleSetting.objects.filter(owner_office=alert.owner_office_id, rule=alert.rule, definition__isnull=False)
    row = rows.order_by("-number").first()
    return shapes.from_data(row.definition) if row else None


def _in_force(rule: Rule, row: RuleSetting | None) -> InForce:
    if row is None:
        return InForce(rule)
    params = {name: value for name, value in row.params.items() if name in rule.params}
    return InForce(rule, params, row.is_active, row.floor, row.number)


def settings_of(viewer: Viewer, rule: str) -> QuerySet[RuleSetting]:
    """Every change of a rule's setting in scope, the newest first."""
    guard.check_is_actor(viewer)
    rows = RuleSetting.objects.filter(rule=rule).select_related("owner_office")
    return rows.order_by("-created_at", "-pk")


@dataclass(frozen=True)
class Precision:
    """How often a rule was right: in one version and place, or over all of them."""

    rule: str
    version: str = ""
    place: str = ""
    confirmed: int = 0
    excluded: int = 0
    waiting: int = 0

    @property
    def decided(self) -> int:
        return self.confirmed + self.excluded

    @property
    def share(self) -> float | None:
        return self.confirmed / self.decided if self.decided else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.confirmed, self.decided)

    def is_under(self, floor: int) -> bool:
        """Whether the rule asks to be reviewed: enough were decided, and too few of them confirmed."""
        return self.decided >= LEAST and self.share is not None and self.share * 100 < floor


COUNTS = {
    "confirmed": Count("pk", filter=Q(state__in=sorted(CONFIRMED))),
    "excluded": Count("pk", filter=Q(state__in=sorted(EXCLUDED))),
    "waiting": Count("pk", filter=Q(state=State.WAITING)),
}


def precision(viewer: Viewer) -> dict[str, Precision]:
    """Each rule with its record in the viewer's scope."""
    guard.check_is_actor(viewer)
    rows = Alert.objects.order_by().values("rule").annotate(**COUNTS)
    return {row["rule"]: Precision(**row) for row in rows}


def precision_of(viewer: Viewer, rule: str, by: str) -> list[Precision]:
    """A rule's record by `handled_version` or by `place`; what nobody has decided has no version."""
    guard.check_is_actor(viewer)
    rows = Alert.objects.filter(rule=rule).order_by(by).values(by).annotate(**COUNTS)
    name = "version" if by == "handled_version" else "place"
    return [Precision(rule=rule, **{name: row.pop(by)}, **row) for row in rows]


def runs(viewer: Viewer) -> QuerySet[RuleRun]:
    """The runs in scope, the newest first."""
    guard.check_is_actor(viewer)
    return RuleRun.objects.select_related("owner_office").prefetch_related("dataset").order_by("-finished_at", "-pk")


def last_run_of(viewer: Viewer, rule: str, most: int = 20) -> RuleRun | None:
    """The newest of the last runs in which the rule ran."""
    return next((run for run in runs(viewer)[:most] if any(each["id"] == rule for each in run.rules)), None)


def run_by_uid(viewer: Viewer, uid: UUID) -> RuleRun | None:
    """One run in scope."""
    return runs(viewer).filter(uid=uid).first()


def is_listed(viewer: Viewer, run: RuleRun) -> bool:
    """Whether it is known what the run hit; of runs before lists were kept, how many alone is."""
    guard.check_is_actor(viewer)
    return not run.hits or AlertHit.objects.filter(run=run).exists()


def datasets(viewer: Viewer) -> QuerySet[Dataset]:
    """The data sets as taken in, the newest first."""
    guard.check_is_actor(viewer)
    return Dataset.objects.select_related("owner_office").order_by("-created_at", "-pk")


def dataset_by_uid(viewer: Viewer, uid: UUID) -> Dataset | None:
    """One data set in scope."""
    return datasets(viewer).filter(uid=uid).first()


def link_pairs(viewer: Viewer, state: str = "", place: str = "") -> QuerySet[LinkPair]:
    """The pairs in scope: what waits first, the likeliest first."""
    guard.check_is_actor(viewer)
    same = {"state": state, "place": place}
    rows = LinkPair.objects.filter(**{name: value for name, value in same.items() if value})
    waits = Case(When(state__in=sorted(UNSETTLED), then=Value(0)), default=Value(1))
    return rows.select_related("owner_office").order_by(waits, "-probability", "-pk")


def link_places(viewer: Viewer) -> list[str]:
    """Where pairs are, for the filter."""
    guard.check_is_actor(viewer)
    found = LinkPair.objects.exclude(place="").order_by("place").values_list("place", flat=True)
    return list(found.distinct()[:500])


def link_by_uid(viewer: Viewer, uid: UUID) -> LinkPair | None:
    """One pair in scope."""
    guard.check_is_actor(viewer)
    return LinkPair.objects.select_related("owner_office").prefetch_related("last_run").filter(uid=uid).first()


def decided_links(viewer: Viewer, office: Office) -> list[Decided]:
    """What the office's people have said of pairs, for the next run. Of those that are the same the number is opened."""
    guard.check_is_actor(viewer)
    rows = LinkPair.objects.filter(owner_office=office, state__in=sorted(SAID))
    return [_decided(row) for row in rows]


def _decided(row: LinkPair) -> Decided:
    is_same = says_same(LinkState(row.state))
    number = json.loads(str(row.clear))["number"] if is_same else ""
    return Decided(bytes(row.mark), bytes(row.row), is_same, row.code, row.probability, number)
