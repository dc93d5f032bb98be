"""Figures of 营商环境监督联系点: points in their terms, what they told, what became of it, rules and suggestions beside it."""

from collections.abc import Sequence
from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.outcomes.models import RuleMade, RuleOrigin
from jiandu.results.analysis.measures.registry import (
    Ask,
    Basis,
    Mechanism,
    Rate,
    Split,
    known,
    measure,
    register_rate,
    stands,
)
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT
from jiandu.sources.contactpoints.models import (
    Adoption,
    ContactPoint,
    ContactProblem,
    ContactSuggestion,
    ProblemStep,
    Reflection,
)
from jiandu.sources.contactpoints.selectors import valid_on
from jiandu.sources.contactpoints.states import Result, Verb

of_contact = partial(measure, mechanism=Mechanism.CONTACT)
OF_POINTS = (
    Split("district", "所在区", "district_id", "district__name"),
    Split("industry", "行业", "industry_id", "industry__label_zh"),
    Split("kind", "联系点类别", "kind", "kind"),
    BY_OFFICE,
)
OF_PROBLEMS = (
    Split("aspect", "反映方面", "aspect_id", "aspect__label_zh"),
    BY_UNIT,
    BY_OFFICE,
    Split("month", "登记月份", "registered_on", is_month=True),
)
OTHERWISE = sorted(set(Result) - {Result.RESOLVED})


def _points(ask: Ask) -> QuerySet[ContactPoint]:
    return known(ContactPoint.objects.filter(valid_on(ask.as_of, as_known=ask.as_known)), ask)


@of_contact(
    key="contact_points",
    label="营商环境监督联系点企业",
    unit="家",
    basis=Basis.STATE,
    definition="统计截止日在任期内的市级联系点（企业和商会协会）；已退出、任期已满未续聘的不计",
    base=_points,
    splits=OF_POINTS,
)
def contact_points(_ask: Ask) -> Q:
    """City-level points valid on the as-of date."""
    return Q(tier=ContactPoint.Tier.CITY)


@of_contact(
    key="contact_points_of_districts",
    label="区级营商环境监督联系点",
    unit="家",
    basis=Basis.STATE,
    definition="统计截止日在任期内的区级联系点；与市级分别统计",
    base=_points,
    splits=OF_POINTS,
)
def contact_points_of_districts(_ask: Ask) -> Q:
    """District-level points valid on the as-of date."""
    return Q(tier=ContactPoint.Tier.DISTRICT)


def _registered(ask: Ask) -> QuerySet[ContactProblem]:
    """Everything registered in the year and not taken back, merged or not."""
    rows = ContactProblem.objects.filter(stands(ask), registered_on__range=(ask.start, ask.end))
    return known(rows, ask)


def _told(ask: Ask) -> QuerySet[ProblemStep]:
    """Steps of the problem around that had happened, and been entered, by then."""
    return known(parts_of_row(ProblemStep).filter(stands(ask), on__lte=ask.as_of), ask)


def _came_to(ask: Ask, results: Sequence[str]) -> Q:
    """The last of settling and giving back, as of the date, settled with one of these results (giving back says none)."""
    last = _told(ask).filter(verb__in=[Verb.SETTLE, Verb.RETURN]).order_by("-seq")
    return Q(In(Coalesce(Subquery(last.values("result")[:1]), Value("")), results))


@of_contact(
    key="contact_problems",
    label="联系点反映问题",
    unit="个",
    basis=Basis.COHORT,
    definition="本年登记的联系点反映问题；多家企业反映同一事项的合并计一个；建议不计",
    base=_registered,
    splits=OF_PROBLEMS,
    made_of=("contact_problems_resolved", "contact_problems_otherwise", "contact_problems_open"),
)
def contact_problems(ask: Ask) -> Q:
    """Problems registered in the year; merged ones do not count."""
    return ~contact_problems_merged(ask)


@of_contact(
    key="contact_problems_merged",
    label="合并的联系点问题",
    unit="个",
    basis=Basis.COHORT,
    definition="本年登记、统计截止日前合并到同一事项其他问题的",
    base=_registered,
    splits=OF_PROBLEMS,
)
def contact_problems_merged(ask: Ask) -> Q:
    """What contact_problems leaves out: merged by the as-of date."""
    return Q(Exists(_told(ask).filter(verb=Verb.MERGE)))


@of_contact(
    key="contact_reflections",
    label="联系点反映件次",
    unit="件次",
    basis=Basis.FLOW,
    definition="本年联系点反映问题的件次；同一事项几家企业反映计几次",
    splits=(Split("month", "反映月份", "on", is_month=True),),
)
def contact_reflections(ask: Ask) -> QuerySet[Reflection]:
    """How often points told of problems in the year: one matter once a point."""
    told = Reflection.objects.filter(stands(ask), problem__isnull=False, on__range=(ask.start, ask.end))
    return known(told, ask)


@of_contact(
    key="contact_problems_resolved",
    label="联系点问题已推动解决",
    unit="个",
    basis=Basis.COHORT,
    definition="联系点反映问题中，统计截止日前认定已推动解决的；解释说明的、企业不满意退回后尚未重新认定的不计",
    base=_registered,
    splits=OF_PROBLEMS,
    within="contact_problems",
)
def contact_problems_resolved(ask: Ask) -> Q:
    """Of contact_problems: found resolved by the as-of date, and not given back since."""
    return contact_problems(ask) & _came_to(ask, [Result.RESOLVED])


@of_contact(
    key="contact_problems_otherwise",
    label="联系点问题以其他方式办结",
    unit="个",
    basis=Basis.COHORT,
    definition="联系点反映问题中，统计截止日前以解释说明、转办、移送问题线索、长期推动办结的",
    base=_registered,
    splits=OF_PROBLEMS,
    within="contact_problems",
)
def contact_problems_otherwise(ask: Ask) -> Q:
    """Of contact_problems: settled with another result by the as-of date."""
    return contact_problems(ask) & _came_to(ask, OTHERWISE)


@of_contact(
    key="contact_problems_open",
    label="联系点问题办理中",
    unit="个",
    basis=Basis.COHORT,
    definition="联系点反映问题中，统计截止日时尚未办结的，含企业不满意退回的",
    base=_registered,
    splits=OF_PROBLEMS,
    within="contact_problems",
)
def contact_problems_open(ask: Ask) -> Q:
    """Of contact_problems: not settled as of the date, or given back."""
    return contact_problems(ask) & ~_came_to(ask, list(Result))


@of_contact(
    key="contact_rules_made",
    label="联系点推动建章立制",
    unit="项",
    basis=Basis.FLOW,
    definition="统计截止日前由本年联系点反映问题推动、正式印发（新建或修订）的制度；一项制度计一次；草案和转发的通知不计",
    splits=(
        Split("issuer", "制发机关", "issuer", "issuer"),
        Split("month", "印发月份", "issued_on", is_month=True),
    ),
)
def contact_rules_made(ask: Ask) -> QuerySet[RuleMade]:
    """Rules issued by the as-of date with one of the year's problems, merged or not, as origin; a rule counts once."""
    led = Exists(_registered(ask.of_year).filter(pk=OuterRef("contact_problem_id")))
    origins = known(parts_of_row(RuleOrigin).filter(led), ask)
    return known(RuleMade.objects.filter(ask.by_then("issued_on"), Exists(origins), stands(ask)), ask)


def _suggested(ask: Ask) -> QuerySet[ContactSuggestion]:
    return known(ContactSuggestion.objects.filter(stands(ask), raised_on__lte=ask.as_of), ask)


@of_contact(
    key="contact_suggestions",
    label="联系点提出建议",
    unit="条",
    basis=Basis.FLOW,
    definition="本年登记的联系点建议；与反映问题分别统计",
    base=_suggested,
)
def contact_suggestions(ask: Ask) -> Q:
    """Suggestions raised in the year."""
    return Q(raised_on__range=(ask.start, ask.end))


@of_contact(
    key="contact_suggestions_adopted",
    label="纳入监督参考建议",
    unit="条",
    basis=Basis.FLOW,
    definition="本年纳入监督参考的联系点建议；单独登记，可以没有对应的问题（与已推动解决之和可以超过反映问题）",
    base=_suggested,
)
def contact_suggestions_adopted(ask: Ask) -> Q:
    """Suggestions adopted in the year as references for supervision."""
    adopted = parts_of_row(Adoption).filter(stands(ask), on__range=(ask.start, ask.end))
    return Q(Exists(known(adopted, ask)))


register_rate(
    Rate(
        key="contact_resolution_rate",
        label="联系点问题解决率",
        numerator="contact_problems_resolved",
        denominator="contact_problems",
        excluded="contact_problems_merged",
        definition="已推动解决 ÷ 联系点反映问题；合并的不在分母",
    )
)
