"""Figures of 项目化监督: the year's projects, what they found, what was put right, what came of it."""

from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import NOT_PUT_RIGHT, Finding, LookBack
from jiandu.loop.findings.selectors.as_of import counted, overdue, settled, told
from jiandu.loop.findings.states import Verb
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade, RuleOrigin
from jiandu.net.overseers.models import Office
from jiandu.results.analysis.measures.registry import (
    Ask,
    Basis,
    Mechanism,
    Noted,
    Rate,
    Split,
    known,
    measure,
    register_rate,
    stands,
)
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT, OF_FINDINGS
from jiandu.sources.activities.models import Activity, Party

of_project = partial(measure, mechanism=Mechanism.PROJECT)


def _ended(ask: Ask) -> Q:
    """Ended by then, whether its targets were reached or not."""
    return Q(ended_on__lte=ask.as_of)


@of_project(
    key="projects",
    label="年度政治监督项目",
    unit="个",
    basis=Basis.FLOW,
    definition="本年立项的项目;联合项目计一个;已并入的不计;已结项、已终止的计入并注明",
    noted=Noted(_ended, lambda count: _("其中已结项、已终止%(count)d个") % {"count": count}),
    splits=(BY_OFFICE, Split("month", "立项月份", "approved_on", is_month=True)),
)
def projects(ask: Ask) -> QuerySet[Activity]:
    """Projects approved in the year; merged ones do not count."""
    rows = Activity.objects.filter(kind=Activity.Kind.PROJECT, year=ask.year, approved_on__range=(ask.start, ask.end))
    still = Q(merged_on__isnull=True) | Q(merged_on__gt=ask.as_of)
    if ask.as_known is not None:
        still |= Q(merged_at__gt=ask.as_known)
    return known(rows.filter(still), ask)


@of_project(
    key="project_bodies",
    label="参与项目化监督的派驻(派出)机构",
    unit="个",
    basis=Basis.FLOW,
    definition="本年项目承办室组中的派驻(派出)机构;同一机构计一次;中途加入的计入",
    is_of_year=True,
)
def project_bodies(ask: Ask) -> QuerySet[Office]:
    """Stationed bodies among the responsible parties of the year's projects."""
    shares = known(Party.objects.filter(activity__in=projects(ask).values("pk"), since__lte=ask.as_of), ask)
    return Office.objects.filter(pk__in=shares.values("office_id"), kind=Office.Kind.STATIONED)


def _registered(ask: Ask) -> QuerySet[Finding]:
    """Everything registered in the year under a project of the year, counted or not."""
    of_year = Activity.objects.filter(kind=Activity.Kind.PROJECT, year=ask.year, approved_on__lte=ask.end)
    rows = Finding.objects.filter(
        source=Activity.Kind.PROJECT, registered_on__range=(ask.start, ask.end), activity_id__in=of_year.values("pk")
    )
    return known(rows, ask)


@of_project(
    key="project_findings",
    label="项目发现问题",
    unit="个",
    basis=Basis.COHORT,
    definition="来源为本年项目且在本年登记的问题;撤销、不予认定、并案的不计",
    base=_registered,
    splits=OF_FINDINGS,
)
def project_findings(ask: Ask) -> Q:
    """Findings whose source is a project of the year and that were registered in the year."""
    return counted(as_of=ask.as_of, as_known=ask.as_known)


@of_project(
    key="project_findings_excluded",
    label="不计入的问题",
    unit="个",
    basis=Basis.COHORT,
    definition="来源为本年项目且在本年登记,统计截止日前撤销、不予认定或并入他案的",
    base=_registered,
    splits=OF_FINDINGS,
)
def project_findings_excluded(ask: Ask) -> Q:
    """What project_findings leaves out: withdrawn, not recognised or merged by the as-of date."""
    return ~project_findings(ask)


def _staged(ask: Ask) -> Q:
    """Settled for the time being only: staged by then, and not concluded by then."""
    steps = told(ask.as_of, ask.as_known)
    return Q(Exists(steps.filter(verb=Verb.STAGE))) & ~Q(Exists(steps.filter(verb=Verb.CONCLUDE)))


@of_project(
    key="project_findings_rectified",
    label="已督促整改",
    unit="个",
    basis=Basis.COHORT,
    definition="项目发现问题中,统计截止日前已审批销号且截止日时未重新挂账的;阶段性销号计入并注明",
    base=_registered,
    noted=Noted(_staged, lambda count: _("其中阶段性销号%(count)d个") % {"count": count}),
    splits=OF_FINDINGS,
    within="project_findings",
)
def project_findings_rectified(ask: Ask) -> Q:
    """Of project_findings: closure approved by the as-of date and not taken up again by then."""
    return project_findings(ask) & settled(as_of=ask.as_of, as_known=ask.as_known)


@of_project(
    key="project_rules_made",
    label="推动完善制度",
    unit="项",
    basis=Basis.FLOW,
    definition="统计截止日前由上述问题或项目推动、正式印发(新建或修订)的制度;一项制度计一次;草案和转发的通知不计",
    splits=(
        BY_OFFICE,
        Split("issuer", "制发机关", "issuer", "issuer"),
        Split("month", "印发月份", "issued_on", is_month=True),
    ),
)
def project_rules_made(ask: Ask) -> QuerySet[RuleMade]:
    """Rules issued by the as-of date as an outcome of those findings or projects; a rule counts once."""
    led = _of_findings(ask) | Q(Exists(projects(ask.of_year).filter(pk=OuterRef("activity_id"))))
    origins = known(parts_of_row(RuleOrigin).filter(led), ask)
    issued = RuleMade.objects.filter(ask.by_then("issued_on"), Exists(origins))
    return known(issued.filter(stands(ask)), ask)


@of_project(
    key="project_money_recovered",
    label="项目挽回金额",
    unit="元",
    basis=Basis.FLOW,
    definition="统计截止日前由项目发现问题追回、实际到账的金额;按到账日期计;冲销按冲销日期扣减",
    total="amount_fen",
    splits=(BY_UNIT, BY_OFFICE, Split("month", "到账月份", "received_on", is_month=True)),
)
def project_money_recovered(ask: Ask) -> QuerySet[MoneyRecovered]:
    """Money of those findings that had reached the account by the as-of date; reversals count on their date."""
    return known(MoneyRecovered.objects.filter(ask.by_then("received_on"), _of_findings(ask)), ask)


def _of_findings(ask: Ask) -> Q:
    """What came of one of project_findings."""
    found = _registered(ask.of_year).filter(project_findings(ask))
    return Q(Exists(found.filter(pk=OuterRef("finding_id"))))


@of_project(
    key="project_findings_overdue",
    label="超期未整改",
    unit="个",
    basis=Basis.STATE,
    definition="项目发现问题中,统计截止日时整改时限已过而尚未申请销号的；中止期间不计",
    base=_registered,
    splits=OF_FINDINGS,
    within="project_findings",
)
def project_findings_overdue(ask: Ask) -> Q:
    """Of project_findings: overdue on the as-of date, as the ledger says it."""
    return project_findings(ask) & overdue(as_of=ask.as_of, as_known=ask.as_known)


@of_project(
    key="project_findings_looked_back",
    label="已回头看",
    unit="个",
    basis=Basis.COHORT,
    definition="项目发现问题中,统计截止日前做过回头看的",
    base=_registered,
    splits=OF_FINDINGS,
    within="project_findings",
)
def project_findings_looked_back(ask: Ask) -> Q:
    """Of project_findings: looked back at by the as-of date."""
    return project_findings(ask) & _first(ask, "looked_on", list(LookBack.Result))


@of_project(
    key="project_findings_rebound",
    label="回头看反弹",
    unit="个",
    basis=Basis.COHORT,
    definition="项目发现问题中,统计截止日前回头看结论为问题反弹、整改不到位或虚假整改的",
    base=_registered,
    splits=OF_FINDINGS,
    within="project_findings_looked_back",
)
def project_findings_rebound(ask: Ask) -> Q:
    """Of project_findings: found rebounded, not held or false in a look-back by the as-of date."""
    return project_findings(ask) & _first(ask, "rebound_on", sorted(NOT_PUT_RIGHT))


@of_project(
    key="project_findings_not_looked_back",
    label="已整改未回头看",
    unit="个",
    basis=Basis.COHORT,
    definition="已督促整改的项目发现问题中,统计截止日前未做过回头看的",
    base=_registered,
    splits=OF_FINDINGS,
    within="project_findings_rectified",
)
def project_findings_not_looked_back(ask: Ask) -> Q:
    """Of project_findings_rectified: not looked back at by the as-of date."""
    return project_findings_rectified(ask) & ~_first(ask, "looked_on", list(LookBack.Result))


def _first(ask: Ask, cache: str, results: list[str]) -> Q:
    """Looked back at with one of the results: from the cache of the first day, unless something was entered since.

    A look-back may have been planned long before: its step says when it was entered.
    """
    happened = Q(**{f"{cache}__lte": ask.as_of})
    if ask.as_known is None:
        return happened
    step = told(ask.as_of, ask.as_known, depth=2).filter(verb=Verb.LOOK_BACK, on=OuterRef("done_on"))
    looked = parts_of_row(LookBack).filter(Exists(step), result__in=results, done_on__lte=ask.as_of)
    return happened & (Q(told_at__lte=ask.as_known) | Q(Exists(looked)))


register_rate(
    Rate(
        key="project_rectification_rate",
        label="整改率",
        numerator="project_findings_rectified",
        denominator="project_findings",
        excluded="project_findings_excluded",
        definition="已督促整改 ÷ 项目发现问题;撤销、不予认定、并案的不在分母",
    )
)
register_rate(
    Rate(
        key="project_rebound_rate",
        label="反弹率",
        numerator="project_findings_rebound",
        denominator="project_findings_looked_back",
        excluded="project_findings_not_looked_back",
        definition="回头看反弹 ÷ 已回头看;未做回头看的不在分母",
    )
)
