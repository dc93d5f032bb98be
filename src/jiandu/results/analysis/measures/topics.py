"""Figures of 点题整治: the year's topics, what was found and resolved under them, messages, own lists, rules."""

from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import counted, settled, told
from jiandu.loop.findings.states import SETTLING, Verb
from jiandu.loop.outcomes.models import RuleMade, RuleOrigin
from jiandu.results.analysis.measures.linked import happened
from jiandu.results.analysis.measures.registry import (
    Ask,
    Basis,
    Mechanism,
    Noted,
    Split,
    known,
    measure,
    stands,
)
from jiandu.results.analysis.measures.splits import BY_OFFICE, OF_FINDINGS
from jiandu.sources.activities.models import Activity, Event
from jiandu.sources.topics.models import MonthlyCount

of_topic = partial(measure, mechanism=Mechanism.TOPIC)
TOPIC = Activity.Kind.TOPIC
BY_MONTH = (Split("month", "月份", "month", is_month=True),)


def _topics(ask: Ask) -> QuerySet[Activity]:
    return known(Activity.objects.filter(kind=TOPIC, year=ask.year, approved_on__lte=ask.of_year.end), ask)


@of_topic(
    key="topics",
    label="点题整治项目",
    unit="项",
    basis=Basis.FLOW,
    definition="本年度立题的点题整治项目，含上年度深化推进的",
    base=_topics,
    splits=(BY_OFFICE,),
)
def topics(ask: Ask) -> Q:
    """The year's topics, new or carried on."""
    return Q(kind=TOPIC) if ask.is_whole else ask.by_then("approved_on")


@of_topic(
    key="topics_concluded",
    label="结题完成的点题项目",
    unit="项",
    basis=Basis.COHORT,
    definition="本年度点题整治项目中，统计截止日前评定为结题完成的",
    base=_topics,
    splits=(BY_OFFICE,),
    within="topics",
    is_of_year=True,
)
def topics_concluded(ask: Ask) -> Q:
    """Of the year's topics: concluded by the as-of date."""
    return topics(ask) & Q(happened(Event.Verb.CONCLUDE, ask, on__lte=ask.as_of))


@of_topic(
    key="topics_carried_on",
    label="深化推进的点题项目",
    unit="项",
    basis=Basis.COHORT,
    definition="本年度点题整治项目中，统计截止日前评定为深化推进的",
    base=_topics,
    splits=(BY_OFFICE,),
    within="topics",
    is_of_year=True,
)
def topics_carried_on(ask: Ask) -> Q:
    """Of the year's topics: carried on by the as-of date."""
    return topics(ask) & Q(happened(Event.Verb.CARRY_ON, ask, on__lte=ask.as_of))


def _found(ask: Ask) -> QuerySet[Finding]:
    """Everything found under the year's topics and registered by the as-of date, counted or not."""
    of_year = _topics(ask).values("pk")
    return known(Finding.objects.filter(source=TOPIC, activity__in=of_year, registered_on__lte=ask.as_of), ask)


@of_topic(
    key="topic_findings",
    label="点题整治发现问题",
    unit="个",
    basis=Basis.COHORT,
    definition="统计截止日前在本年度点题整治项目下登记的问题；撤销、不予认定、并案的不计",
    base=_found,
    splits=OF_FINDINGS,
)
def topic_findings(ask: Ask) -> Q:
    """Findings under the year's topics, of the months that are asked."""
    return counted(as_of=ask.as_of, as_known=ask.as_known) & ask.by_then("registered_on")


def _staged(ask: Ask) -> Q:
    steps = told(ask.as_of, ask.as_known)
    return Q(Exists(steps.filter(verb=Verb.STAGE))) & ~Q(Exists(steps.filter(verb=Verb.CONCLUDE)))


@of_topic(
    key="topic_problems_resolved",
    label="点题整治督促解决民生领域问题",
    unit="个",
    basis=Basis.FLOW,
    definition="本年度点题整治项目下的问题中，本年审批销号且统计截止日时未重新挂账的；阶段性销号计入并注明；群众留言和部门自查清单另有指标",
    base=_found,
    noted=Noted(_staged, lambda count: _("其中阶段性销号%(count)d个") % {"count": count}),
    splits=OF_FINDINGS,
    within="topic_findings",
)
def topic_problems_resolved(ask: Ask) -> Q:
    """Findings under the year's topics whose closing was approved in the year and that are not open again on the date."""
    in_year = told(ask.as_of, ask.as_known).filter(verb__in=sorted(SETTLING), on__range=(ask.start, ask.end))
    return topic_findings(ask.of_year) & settled(as_of=ask.as_of, as_known=ask.as_known) & Q(Exists(in_year))


@of_topic(
    key="topic_rules_made",
    label="点题整治推动完善制度",
    unit="项",
    basis=Basis.FLOW,
    definition="统计截止日前由本年度点题整治项目或其问题推动、正式印发（新建或修订）的制度；一项制度计一次；草案和转发的通知不计",
    splits=(BY_OFFICE, Split("issuer", "制发机关", "issuer", "issuer")),
)
def topic_rules_made(ask: Ask) -> QuerySet[RuleMade]:
    """Rules issued by the as-of date as an outcome of the year's topics or their findings; a rule counts once."""
    of_findings = Exists(_found(ask).filter(topic_findings(ask.of_year), pk=OuterRef("finding_id")))
    of_topics = Exists(_topics(ask).filter(pk=OuterRef("activity_id")))
    origins = known(parts_of_row(RuleOrigin).filter(Q(of_findings) | Q(of_topics)), ask)
    return known(RuleMade.objects.filter(ask.by_then("issued_on"), Exists(origins), stands(ask)), ask)


def _counts(ask: Ask) -> QuerySet[MonthlyCount]:
    """The months told for the year's topics, once they are over."""
    rows = MonthlyCount.objects.filter(stands(ask), activity__in=_topics(ask).values("pk"), on__lte=ask.as_of)
    return known(rows.filter(ask.by_then("month")), ask)


@of_topic(
    key="topic_messages",
    label="点题群众留言受理",
    unit="件",
    basis=Basis.FLOW,
    definition="本年度点题整治项目受理的群众留言，按月填报，统计截止日前已结束的月份计入",
    base=_counts,
    total="received",
    splits=BY_MONTH,
)
def topic_messages(_ask: Ask) -> Q:
    """Messages of the public received."""
    return Q(kind=MonthlyCount.Kind.MESSAGES)


@of_topic(
    key="topic_messages_closed",
    label="点题群众留言办结",
    unit="件",
    basis=Basis.FLOW,
    definition="本年度点题整治项目办结的群众留言，按月填报，统计截止日前已结束的月份计入",
    base=_counts,
    total="closed",
    splits=BY_MONTH,
)
def topic_messages_closed(_ask: Ask) -> Q:
    """Messages of the public closed."""
    return Q(kind=MonthlyCount.Kind.MESSAGES)


@of_topic(
    key="topic_own_list",
    label="点题部门自查问题",
    unit="件",
    basis=Basis.FLOW,
    definition="本年度点题整治项目答题部门自查清单所列的问题，按月填报，统计截止日前已结束的月份计入",
    base=_counts,
    total="received",
    splits=BY_MONTH,
)
def topic_own_list(_ask: Ask) -> Q:
    """Matters on the departments' own lists."""
    return Q(kind=MonthlyCount.Kind.OWN_LIST)


@of_topic(
    key="topic_own_list_closed",
    label="点题部门自查办结",
    unit="件",
    basis=Basis.FLOW,
    definition="本年度点题整治项目答题部门自查清单中已办结的问题，按月填报，统计截止日前已结束的月份计入",
    base=_counts,
    total="closed",
    splits=BY_MONTH,
)
def topic_own_list_closed(_ask: Ask) -> Q:
    """Matters on the departments' own lists that were closed."""
    return Q(kind=MonthlyCount.Kind.OWN_LIST)
