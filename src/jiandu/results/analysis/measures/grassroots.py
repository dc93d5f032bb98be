"""Figures of 农村集体三资 checks and the village checklist: problems put right, money back, the checklist, the grid."""

from functools import partial

from django.db.models import Exists, F, Q, QuerySet

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import counted, settled, told
from jiandu.loop.findings.states import SETTLED
from jiandu.loop.grassroots.models import (
    Check,
    Checklist,
    ChecklistAspect,
    ChecklistItem,
    GridCell,
    GridWorker,
    Inspection,
    Meeting,
)
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.net.subjects.models import Organisation, in_force
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT, OF_FINDINGS
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal

VILLAGE_RULES = "SZ-"  # of 数据比对, as a pointer's reference begins
of_assets = partial(measure, mechanism=Mechanism.ASSETS)
of_village = partial(measure, mechanism=Mechanism.VILLAGE)


def _checks(ask: Ask) -> QuerySet[Activity]:
    """Checks of either kind, of any year."""
    own = known(parts_of_row(Check), ask)
    return Activity.objects.filter(Exists(own), kind=Activity.Kind.CHECK)


def _found(ask: Ask) -> QuerySet[Finding]:
    """Everything that such checks and the rules on village assets found, whenever it was registered, counted or not."""
    checks = Q(source=Activity.Kind.CHECK, activity__in=_checks(ask).values("pk"))
    told = Signal.objects.filter(origin=Signal.Origin.DATA, reference__startswith=VILLAGE_RULES)
    alerts = Q(source=Signal.Origin.DATA, signal__in=known(told, ask).values("pk"))
    return known(Finding.objects.filter(checks | alerts, registered_on__lte=ask.as_of), ask)


@of_assets(
    key="grassroots_findings",
    label="农村三资等检查发现问题",
    unit="个",
    basis=Basis.COHORT,
    definition="全市各级农村集体三资检查、一肩挑清单检查和三资规则（SZ）数据比对在本年登记的问题；撤销、不予认定、并案的不计",
    base=_found,
    splits=OF_FINDINGS,
)
def grassroots_findings(ask: Ask) -> Q:
    """Found in the year."""
    return counted(as_of=ask.as_of, as_known=ask.as_known) & Q(registered_on__range=(ask.start, ask.end))


@of_assets(
    key="grassroots_findings_rectified",
    label="农村三资等重点问题督促整改",
    unit="个",
    basis=Basis.FLOW,
    definition="全市各级农村集体三资检查、一肩挑清单检查和三资规则（SZ）数据比对发现的问题中，在本年审批销号、统计截止日时未重新挂账的；登记可早于本年",
    base=_found,
    splits=OF_FINDINGS,
)
def grassroots_findings_rectified(ask: Ask) -> Q:
    """Closure approved in the year, and not taken up again by the as-of date."""
    closing = told(ask.as_of, ask.as_known).filter(to_state__in=sorted(SETTLED), on__range=(ask.start, ask.end))
    closed = Q(Exists(closing.exclude(from_state__in=sorted(SETTLED)).exclude(from_state=F("to_state"))))
    then = {"as_of": ask.as_of, "as_known": ask.as_known}
    return counted(**then) & settled(**then) & closed  # type: ignore[arg-type]


Kind, Account = MoneyRecovered.Kind, MoneyRecovered.AccountKind


@of_assets(
    key="grassroots_money_recovered",
    label="收回拖欠租金和集体资金",
    unit="元",
    basis=Basis.FLOW,
    definition="全市各级农村集体三资检查、一肩挑清单检查和三资规则（SZ）数据比对发现的问题中，本年实际进入集体账户的拖欠租金和集体资金，按到账日期计；未执行的判决、承诺、罚款、新签租金不计；冲销按冲销日期扣减",
    total="amount_fen",
    splits=(
        BY_UNIT,
        BY_OFFICE,
        Split("kind", "资金性质", "kind", "kind"),
        Split("month", "到账月份", "received_on", is_month=True),
    ),
)
def grassroots_money_recovered(ask: Ask) -> QuerySet[MoneyRecovered]:
    """Overdue rent and collective money that reached the collective's account in the year; reversals on their date."""
    rows = MoneyRecovered.objects.filter(
        finding__in=_found(ask).filter(counted(as_of=ask.as_of, as_known=ask.as_known)).values("pk"),
        kind__in=[Kind.RENT, Kind.COLLECTIVE],
        account_kind=Account.COLLECTIVE,
        received_on__range=(ask.start, ask.end),
    )
    return known(rows, ask)


def _inspections(ask: Ask) -> QuerySet[Inspection]:
    made = Inspection.objects.filter(
        stands(ask), activity__in=_checks(ask).values("pk"), on__range=(ask.start, ask.end)
    )
    return known(made, ask)


@of_assets(
    key="villages_checked",
    label="检查村居",
    unit="个",
    basis=Basis.FLOW,
    definition="全市各级本年农村集体三资检查和一肩挑清单检查到过的村居；一个村居一年计一次",
)
def villages_checked(ask: Ask) -> QuerySet[Organisation]:
    """Villages inspected in the year, each once."""
    return Organisation.objects.filter(pk__in=_inspections(ask).values("organisation_id"))


def _in_force(ask: Ask) -> QuerySet[Checklist]:
    """The version in force on the as-of date."""
    return known(Checklist.objects.filter(in_force(ask.as_of)), ask)


@of_village(
    key="village_checklist_aspects",
    label="一肩挑监督清单方面",
    unit="个方面",
    basis=Basis.STATE,
    definition="统计截止日时施行的监督清单版本所列的方面",
)
def village_checklist_aspects(ask: Ask) -> QuerySet[ChecklistAspect]:
    """Aspects of the version in force."""
    return ChecklistAspect.objects.filter(checklist__in=_in_force(ask).values("pk"))


@of_village(
    key="village_checklist_items",
    label="一肩挑监督清单内容",
    unit="项",
    basis=Basis.STATE,
    definition="统计截止日时施行的监督清单版本所列的事项",
    splits=(Split("aspect", "方面", "aspect_id", "aspect__name"),),
)
def village_checklist_items(ask: Ask) -> QuerySet[ChecklistItem]:
    """Items of the version in force."""
    return ChecklistItem.objects.filter(checklist__in=_in_force(ask).values("pk"))


@of_village(
    key="village_contact_points",
    label="一肩挑监督工作联系点",
    unit="个",
    basis=Basis.STATE,
    definition="统计截止日时设立着的工作联系点",
    splits=(BY_OFFICE,),
)
def village_contact_points(ask: Ask) -> QuerySet[GridCell]:
    """Contact points on the day."""
    return known(GridCell.objects.filter(in_force(ask.as_of), is_contact_point=True), ask)


@of_village(
    key="grid_workers",
    label="近邻监督员",
    unit="人",
    basis=Basis.STATE,
    definition="统计截止日时在任的近邻监督员，按网格计",
    splits=(Split("kind", "人员类别", "kind_id", "kind__label_zh"),),
)
def grid_workers(ask: Ask) -> QuerySet[GridWorker]:
    """Who watches in a cell on the day, in each cell once."""
    cells = GridCell.objects.filter(in_force(ask.as_of)).values("pk")
    return known(GridWorker.objects.filter(in_force(ask.as_of), cell__in=cells), ask)


def _held(ask: Ask, kind: str) -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(stands(ask), kind=kind, on__range=(ask.start, ask.end))
    return known(rows, ask)


@of_village(
    key="exchange_meetings",
    label="履职交流会",
    unit="场",
    basis=Basis.FLOW,
    definition="全市各级本年召开的基层纪检监察履职交流会",
    splits=(BY_OFFICE,),
)
def exchange_meetings(ask: Ask) -> QuerySet[Meeting]:
    """Exchange meetings of the year."""
    return _held(ask, Meeting.Kind.EXCHANGE)


@of_village(
    key="training_person_times",
    label="基层监督培训人次",
    unit="人次",
    basis=Basis.FLOW,
    definition="全市各级本年基层监督培训的人次，按场次累计",
    total="people_count",
    splits=(BY_OFFICE, Split("month", "培训月份", "on", is_month=True)),
)
def training_person_times(ask: Ask) -> QuerySet[Meeting]:
    """Trainings of the year; their person-times are added up."""
    return _held(ask, Meeting.Kind.TRAINING)
