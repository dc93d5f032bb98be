"""Reads of outcomes: of one finding, of one unit."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum, Value

from jiandu.base.core import guard
from jiandu.base.core.counting import how_many
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.tree import subtree_q
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes.models import LEADS, MoneyRecovered, PersonTalked, RuleMade, RuleOrigin
from jiandu.loop.outcomes.services import ORIGINS, Origin
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.contactpoints.models import ContactProblem

NEWEST = 20


def talked_at(viewer: Viewer, organisation: Organisation) -> set[str]:
    """Names of those of a unit who were talked to or held to account, as far as they are in scope."""
    guard.check_is_actor(viewer)
    return set(PersonTalked.objects.filter(subject=organisation).order_by().values_list("name", flat=True).distinct())


@dataclass(frozen=True)
class Outcomes:
    """Rules, money (rows and the sum in fen), persons talked to."""

    rules: list[RuleMade]
    money: list[MoneyRecovered]
    recovered_fen: int
    talked: list[PersonTalked]


def counted() -> dict[str, Any]:
    """How many rows of each kind came of a finding, as expressions on its key (`n_rules`, `n_money`, `n_talked`)."""
    rows = {
        "n_rules": RuleMade.objects.filter(origins__finding=OuterRef("pk")),
        "n_money": MoneyRecovered.objects.filter(finding=OuterRef("pk")),
        "n_talked": PersonTalked.objects.filter(finding=OuterRef("pk")),
    }
    return {name: how_many(found) for name, found in rows.items()}


def of_finding(viewer: Viewer, finding: Finding) -> Outcomes:
    """What came of one finding."""
    guard.check_is_actor(viewer)
    led = RuleOrigin.objects.filter(finding=finding)
    money = with_left(list(MoneyRecovered.objects.filter(finding=finding).order_by("received_on", "pk")))
    return Outcomes(
        rules=list(RuleMade.objects.filter(pk__in=led.values("rule_id")).order_by("issued_on", "pk")),
        money=money,
        recovered_fen=sum(row.amount_fen for row in money),
        talked=list(PersonTalked.objects.filter(finding=finding).order_by("on", "pk")),
    )


def with_left(rows: list[MoneyRecovered]) -> list[MoneyRecovered]:
    """The rows of one finding, each recovery with what is left of it after its reversals (`left_fen`)."""
    back: dict[int | None, int] = defaultdict(int)
    for row in rows:
        back[row.reverses_id] += row.amount_fen
    for row in rows:
        row.left_fen = row.amount_fen + back[row.pk] if row.reverses_id is None else 0  # type: ignore[attr-defined]
    return rows


def of_unit(
    viewer: Viewer, organisation: Organisation, *, is_below: bool = False, most: int = NEWEST
) -> tuple[Outcomes, dict[str, int]]:
    """What came of a unit's findings (`is_below`: and of those of the units below it): the newest rows, all money summed.

    And how many there are of each kind: "rules", "money", "talked".
    """
    guard.check_is_actor(viewer)
    about = subtree_q("subject_path", organisation.path) if is_below else Q(subject=organisation)
    rules, money, talked = (kind.objects.filter(about) for kind in (RuleMade, MoneyRecovered, PersonTalked))
    sums = money.aggregate(total=Sum("amount_fen"), rows=Count("pk"))
    found = Outcomes(
        rules=list(rules.order_by("-issued_on", "-pk")[:most]),
        money=list(money.order_by("-received_on", "-pk")[:most]),
        recovered_fen=sums["total"] or 0,
        talked=list(talked.order_by("-on", "-pk")[:most]),
    )
    return found, {
        "rules": len(found.rules) if len(found.rules) < most else rules.count(),
        "money": sums["rows"],
        "talked": len(found.talked) if len(found.talked) < most else talked.count(),
    }


def of_activity(viewer: Viewer, activity: Activity) -> tuple[int, int]:
    """(rules that it or its findings led to, each once; fen recovered, reversals taken off)."""
    guard.check_is_actor(viewer)
    findings = Finding.objects.filter(activity=activity).values("pk")
    led = Q(finding_id__in=findings) | Q(activity=activity)
    rules = RuleMade.objects.filter(pk__in=RuleOrigin.objects.filter(led).values("rule_id"))
    money = MoneyRecovered.objects.filter(finding_id__in=findings)
    total = money.order_by().annotate(all=Value(1)).values("all").annotate(total=Sum("amount_fen")).values("total")
    counted = {"rules": how_many(rules.filter(withdrawn_on__isnull=True)), "fen": Subquery(total[:1])}
    said = Activity.objects.filter(pk=activity.pk).annotate(**counted).values_list("rules", "fen").first()
    return (said[0] or 0, said[1] or 0) if said else (0, 0)


def rules_of_contact_problem(viewer: Viewer, problem: ContactProblem) -> QuerySet[RuleMade]:
    """Rules that a contact point's problem led to, in order of issue."""
    guard.check_is_actor(viewer)
    led = RuleOrigin.objects.filter(contact_problem=problem)
    return RuleMade.objects.filter(pk__in=led.values("rule_id"), withdrawn_on__isnull=True).order_by("issued_on", "pk")


def rules_of_instrument(viewer: Viewer, instrument: Instrument) -> QuerySet[RuleMade]:
    """Rules that a proposal or letter led to, in order of issue."""
    guard.check_is_actor(viewer)
    led = RuleOrigin.objects.filter(instrument=instrument)
    return RuleMade.objects.filter(pk__in=led.values("rule_id"), withdrawn_on__isnull=True).order_by("issued_on", "pk")


def rules_of_activity(viewer: Viewer, activity: Activity) -> "QuerySet[RuleMade]":
    """The rules that an activity or a finding made in it led to, each once, in order of date."""
    guard.check_is_actor(viewer)
    findings = Finding.objects.filter(activity=activity).values("pk")
    led = RuleOrigin.objects.filter(Q(activity=activity) | Q(finding_id__in=findings))
    return RuleMade.objects.filter(pk__in=led.values("rule_id"), withdrawn_on__isnull=True).order_by("issued_on", "pk")


def money_by_uid(viewer: Viewer, finding: Finding, uid: UUID) -> MoneyRecovered | None:
    """One recovery of a finding, with what is left of it (`left_fen`)."""
    guard.check_is_actor(viewer)
    rows = with_left(list(MoneyRecovered.objects.filter(finding=finding).order_by("pk")))
    return next((row for row in rows if row.uid == uid and row.reverses_id is None), None)


def rules(viewer: Viewer, *, year: int | None = None, text: str = "") -> QuerySet[RuleMade]:
    """建章立制台账: every rule in scope once, the newest first, each with how many origins it has (`led`)."""
    guard.check_is_actor(viewer)
    found = RuleMade.objects.filter(withdrawn_on__isnull=True)
    if year is not None:
        found = found.filter(issued_on__year=year)
    for word in text.split():
        found = found.filter(Q(title__contains=word) | Q(number__contains=word) | Q(issuer__contains=word))
    led = how_many(RuleOrigin.objects.filter(rule=OuterRef("pk")))
    return found.select_related("owner_office", "subject").annotate(led=led).order_by("-issued_on", "-pk")


def rule_by_uid(viewer: Viewer, uid: UUID) -> RuleMade | None:
    """The rule, if it is in scope."""
    guard.check_is_actor(viewer)
    return RuleMade.objects.select_related("owner_office", "subject").filter(uid=uid).first()


def codes_of(viewer: Viewer, rules: list[RuleMade]) -> dict[int, list[str]]:
    """By rule: the numbers of what led to it, as far as the viewer sees it, in the order in which they were linked."""
    guard.check_is_actor(viewer)
    found: dict[int, list[str]] = {rule.pk: [] for rule in rules}
    links = RuleOrigin.objects.filter(rule_id__in=list(found)).order_by("pk")
    for link in links.prefetch_related(*LEADS):
        origin = next((led for name in LEADS if (led := getattr(link, name)) is not None), None)
        if origin is not None:
            found[link.rule_id].append(origin.code)
    return found


def led_by(viewer: Viewer, office: Office, codes: Iterable[str]) -> list[Origin]:
    """What the office has under these numbers, finding, activity, problem or sheet, as far as the viewer sees it.

    Raises Refused (no-origin) for a number that it has not.
    """
    guard.check_is_actor(viewer)
    return [_under(office, code) for code in dict.fromkeys(codes)]


def _under(office: Office, code: str) -> Origin:
    for model in ORIGINS:
        found: Origin | None = model.objects.filter(owner_office=office, code=code).first()
        if found is not None:
            return found
    raise Refused("no-origin", "本室组没有编号为“%(code)s”的问题、活动、联系点问题或文书", code=code)


def origins_of(viewer: Viewer, rule: RuleMade) -> list[Origin]:
    """What led to a rule, as far as the viewer sees it: findings, activities, contact points' problems, proposals."""
    guard.check_is_actor(viewer)
    keys = list(RuleOrigin.objects.filter(rule=rule).values_list(*(f"{name}_id" for name in LEADS)))
    findings, activities, problems, sheets = ([key for key in column if key] for column in zip(*keys, strict=True))
    return [
        *Finding.objects.filter(pk__in=findings).order_by("pk"),
        *Activity.objects.filter(pk__in=activities).order_by("pk"),
        *ContactProblem.objects.filter(pk__in=problems).order_by("pk"),
        *Instrument.objects.filter(pk__in=sheets).order_by("pk"),
    ]
