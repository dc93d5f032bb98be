"""Figures of 委领导挂钩监督: rounds, units visited, key people talked to, what the reported rounds found."""

from functools import partial
from typing import Any

from django.db.models import Exists, Q, QuerySet

from jiandu.base.core.guarded import parts_of_row
from jiandu.base.lexicon.models import Item
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import counted
from jiandu.net.subjects.models import Organisation, Person, Post
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE, OF_FINDINGS
from jiandu.results.analysis.measures.talks import proactive_sessions
from jiandu.sources.activities.models import Activity, Event, Visit
from jiandu.sources.talks.models import Attendee

of_linked = partial(measure, mechanism=Mechanism.LINKED)
ROUND = Activity.Kind.ROUND


def happened(verb: str, ask: Ask, **when: Any) -> Exists:
    """The condition on activities that this turn had happened, and had not been taken back by the as-of date."""
    events = parts_of_row(Event).filter(stands(ask), verb=verb, **when)
    return Exists(known(events, ask))


@of_linked(
    key="linked_rounds",
    label="委领导挂钩监督轮次",
    unit="轮",
    basis=Basis.FLOW,
    definition="本年印发方案并启动的轮次",
    splits=(BY_OFFICE,),
)
def linked_rounds(ask: Ask) -> QuerySet[Activity]:
    """Rounds started in the year."""
    started = happened(Event.Verb.START, ask, on__range=(ask.start, ask.end))
    return known(Activity.objects.filter(started, kind=ROUND), ask)


def _visits(ask: Ask) -> QuerySet[Visit]:
    rounds = linked_rounds(ask.of_year).values("pk")
    made = Visit.objects.filter(stands(ask), activity__in=rounds, on__range=(ask.start, ask.end))
    return known(made, ask)


@of_linked(
    key="linked_units_visited",
    label="走访市(区)直部门、企业",
    unit="家",
    basis=Basis.FLOW,
    definition="本年各轮次实际走访的单位；一个单位一年计一次(家次另有指标)",
    splits=(Split("kind", "单位性质", "kind", "kind"),),
    within="linked_visits",
)
def linked_units_visited(ask: Ask) -> QuerySet[Organisation]:
    """Units visited in the year's rounds, each once."""
    return Organisation.objects.filter(pk__in=_visits(ask).values("organisation_id"))


@of_linked(
    key="linked_visits",
    label="走访家次",
    unit="家次",
    basis=Basis.FLOW,
    definition="本年各轮次的走访；同一单位走访几次计几次",
    splits=(Split("month", "走访月份", "on", is_month=True),),
)
def linked_visits(ask: Ask) -> QuerySet[Visit]:
    """Visits in the year's rounds."""
    return _visits(ask)


@of_linked(
    key="linked_key_people_talked",
    label="约谈各单位关键少数",
    unit="人",
    basis=Basis.FLOW,
    definition="本年轮次中由带队委领导或监督组约谈的关键少数(以谈话当日任职为准);一人一年计一次",
)
def linked_key_people_talked(ask: Ask) -> QuerySet[Person]:
    """Key people talked to in the year's rounds, each once."""
    held = proactive_sessions(ask).filter(activity__in=linked_rounds(ask.of_year).values("pk"))
    seats = Attendee.objects.filter(stands(ask), category__in=Post.KEY_FEW, talk__in=held.values("pk"))
    return Person.objects.filter(pk__in=known(seats, ask).values("person_id"))  # found once, not once a person


def _found(ask: Ask) -> QuerySet[Finding]:
    """Everything found in the year's rounds whose report is approved by the as-of date, counted or not."""
    reported = happened(Event.Verb.APPROVE_REPORT, ask, on__lte=ask.as_of)
    rounds = linked_rounds(ask.of_year).filter(reported).values("pk")
    rows = Finding.objects.filter(ask.by_then("registered_on"), source=ROUND, activity__in=rounds)
    return known(rows, ask)


@of_linked(
    key="linked_findings",
    label="已报告轮次发现问题",
    unit="个",
    basis=Basis.COHORT,
    definition="统计截止日前报告已审定的本年轮次所发现的问题；撤销、不予认定、并案的不计",
    base=_found,
    splits=OF_FINDINGS,
)
def linked_findings(ask: Ask) -> Q:
    """Findings of the year's rounds whose report is approved by the as-of date."""
    return counted(as_of=ask.as_of, as_known=ask.as_known)


@of_linked(
    key="linked_finding_aspects",
    label="已报告轮次发现问题方面",
    unit="个方面",
    basis=Basis.COHORT,
    definition="上述问题所涉及的方面(年度问题类别);已并入其他方面的按并入后的方面计",
    within="linked_findings",
)
def linked_finding_aspects(ask: Ask) -> QuerySet[Item]:
    """Aspects of linked_findings: a merged one counts as the one that it went into."""
    carried = Item.objects.filter(pk__in=_found(ask).filter(linked_findings(ask)).values("aspect_id"))
    of_item = Q(pk__in=carried.values("pk")) | Q(pk__in=carried.values("replaced_by_id"))
    return Item.objects.filter(of_item, replaced_by__isnull=True)
