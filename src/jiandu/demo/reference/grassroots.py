"""农村集体三资 checks, the village checklist, the grid and training of the reference year, in all six districts."""

from datetime import date, timedelta

from jiandu.base.audit.services import record
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.places import YEAR, Places
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.history import History, write_history
from jiandu.loop.findings.services.moves import NewFinding
from jiandu.loop.grassroots.models import Answer, Check, Inspection, Meeting
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.loop.grassroots.services.checks import (
    NewCheck,
    NewInspection,
    NewLook,
    answer_all,
    inspect,
    look_at_asset,
    open_check,
    take_problem,
    withdraw_inspection,
)
from jiandu.loop.grassroots.services.grid import (
    NewCell,
    NewMeeting,
    NewWorker,
    engage,
    hold_meeting,
    open_cell,
    release,
)
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import NewMoney, record_recovery, reverse_recovery
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.activities.models import Activity

VILLAGES = ("东山村", "西塘村", "前埔村", "后坑村")  # of each district, fictional
CLOSED, EARLIER, LATE, OPEN = 133, 12, 6, 9  # closed in the year (some registered before it), in January, not yet
RENT, SUMS = 23_900_000, 40  # fen of each of the sums
LAST, JANUARY = date(YEAR, 12, 31), date(YEAR + 1, 1, 12)
PROBLEMS = (
    ("集体店面租金拖欠超过三个月，未采取催缴措施", "监督清单第19项；廉洁履职规定第五条第(一)项"),
    ("集体资产被他人长期占用，未签订合同", "监督清单第17项；廉洁履职规定第五条第(一)项"),
    ("收入未及时足额入账，存在坐支", "监督清单第15项；廉洁履职规定第六条第(三)项"),
    ("鱼塘发包未公开，程序材料缺失", "监督清单第18项；廉洁履职规定第五条第(一)项"),
    ("支出票据缺少经手人和审批", "监督清单第16项；廉洁履职规定第六条第(三)项"),
    ("村务公开不及时，群众询问未答复", "监督清单第11项；村委会组织法第三十条"),
    ("小额工程未按规定比选", "监督清单第23项；廉洁履职规定第五条第(四)项"),
)
Kind, Account = MoneyRecovered.Kind, MoneyRecovered.AccountKind


def run_grassroots(places: Places, by: Viewer) -> None:
    """The year at the grassroots, in order of time."""
    load_checklists(by=by)
    villages = _villages(places, by)
    before = _checks(places, by, YEAR - 1, (Check.Kind.ASSETS,))
    checks = _checks(places, by, YEAR, (Check.Kind.ASSETS, Check.Kind.VILLAGE))
    findings = _findings(places, by, before, checks, villages)
    _inspections(by, checks, villages)
    _money(findings, by)
    _looks(findings[:10], by)
    _grid(places, by, villages)
    _meetings(places, by)


def _villages(places: Places, by: Viewer) -> list[list[Organisation]]:
    """By district."""
    return [
        [
            register_organisation(
                new=NewOrganisation(
                    name=f"{office.name.removesuffix('纪委监委')}{name}",
                    kind=Organisation.Kind.VILLAGE,
                    authority=Organisation.Authority.VILLAGE,
                ),
                by=by,
            )
            for name in VILLAGES
        ]
        for office in places.districts
    ]


def _checks(places: Places, by: Viewer, year: int, kinds: tuple[Check.Kind, ...]) -> list[list[Activity]]:
    """By kind, one a district."""
    names = {Check.Kind.ASSETS: "农村集体三资专项检查", Check.Kind.VILLAGE: "村级一肩挑监督检查"}
    return [
        [
            open_check(
                new=NewCheck(
                    kind=kind,
                    code=f"JC{year}-{place}{number + 1:02d}",
                    name=f"{office.name.removesuffix('纪委监委')}{names[kind]}",
                    year=year,
                    lead=office,
                    on=date(year, 2, 10 + number),
                ),
                by=by,
            ).activity
            for number, office in enumerate(places.districts)
        ]
        for place, kind in enumerate(kinds, 1)
    ]


def _findings(
    places: Places,
    by: Viewer,
    before: list[list[Activity]],
    checks: list[list[Activity]],
    villages: list[list[Organisation]],
) -> list[Finding]:
    """Closed in the year first, those registered before it among them; then those of January; then those still open."""
    rows = []
    for number in range(CLOSED + LATE + OPEN):
        district = number % len(places.districts)
        early = number < EARLIER
        activity = before[0][district] if early else checks[number % 2][district]
        on = date(YEAR - 1, 11, 1 + number) if early else date(YEAR, 3, 1) + timedelta(days=number * 8 // 5)
        closed = None
        if number < CLOSED + LATE:
            closed = min(on + timedelta(days=70), date(YEAR, 12, 20)) if number < CLOSED else JANUARY
        said, basis = PROBLEMS[number % len(PROBLEMS)]
        new = NewFinding(
            subject=villages[district][number // 6 % len(VILLAGES)],
            problem=said,
            office=places.districts[district],
            registered_on=on,
            activity=activity,
            code=f"{activity.code}-{number + 1:03d}",
            basis=basis,
            rectification="by_term",
            due_on=on + timedelta(days=90),
            found_by=places.districts[district].name,
        )
        rows.append(_course(new, closed))
    findings = [finding for chunk in write_history(rows, by=by) for finding in chunk]
    record(by, "finding.import", None, payload={"rows": len(findings), "year": YEAR})
    return findings


def _course(new: NewFinding, closed: date | None) -> History:
    done = "对照问题清理核对，完善手续，按期整改"
    if closed is None:
        return History(new=new, measures=done)
    return History(
        new=new,
        measures=done,
        applied_on=closed - timedelta(days=4),
        verifier=f"{new.office.name}核验人",
        method="field",
        is_passed=True,
        approver=f"{new.office.name}分管领导",
        closed_on=closed,
    )


def _inspections(by: Viewer, checks: list[list[Activity]], villages: list[list[Organisation]]) -> None:
    """Every village is inspected, some twice, one by mistake; a problem found by the list goes into the ledger."""
    for kind, activities in enumerate(checks):
        for district, activity in enumerate(activities):
            for number, village in enumerate(villages[district]):
                row = _inspect(by, activity, village, date(YEAR, 4 + kind, 5 + number))
                if kind:
                    _answer(by, row, is_wrong=number == 0 and district < 3)
    _inspect(by, checks[0][0], villages[0][0], date(YEAR, 9, 6))
    mistaken = _inspect(by, checks[0][1], villages[1][0], date(YEAR, 9, 7))
    withdraw_inspection(inspection=mistaken, by=by, reason="日期登记有误", on=date(YEAR, 9, 8))


def _inspect(by: Viewer, activity: Activity, village: Organisation, on: date) -> Inspection:
    new = NewInspection(village, on, "镇街纪检干部、村务监督委员会成员")
    return inspect(activity=activity, by=by, new=new)


def _answer(by: Viewer, row: Inspection, *, is_wrong: bool) -> None:
    results = dict.fromkeys(range(1, 43), "normal")
    notes = {}
    if is_wrong:
        results[30], notes[30] = "problem", "慰问物资发放签收不完整"
    answer_all(inspection=row, by=by, results=results, notes=notes)
    if is_wrong:
        answer = Answer.objects.get(inspection=row, result=Answer.Result.PROBLEM)
        take_problem(answer=answer, by=by, on=row.on + timedelta(days=2))


def _money(findings: list[Finding], by: Viewer) -> None:
    """What reached the collectives' accounts, and what must not count beside it; one sum was booked twice and corrected."""
    for number in range(SUMS):
        finding = findings[number * 3]
        kind = Kind.RENT if number % 3 else Kind.COLLECTIVE
        day = max(finding.registered_on + timedelta(days=90), date(YEAR, 1, 20))
        row = _book(finding, by, RENT, min(day, LAST), kind)
        if number == 5:
            again = _book(finding, by, RENT, row.received_on, kind)
            reverse_recovery(money=again, by=by, on=date(YEAR, 10, 8), amount_fen=RENT, proof="重复入账更正")
    _book(findings[1], by, 30_000_000, date(YEAR, 6, 1), Kind.FINE)
    _book(findings[2], by, 50_000_000, date(YEAR, 7, 1), Kind.NEW_RENT)
    _book(findings[4], by, 20_000_000, date(YEAR, 8, 1), Kind.COLLECTIVE, Account.FINANCE)
    _book(findings[7], by, 15_000_000, JANUARY, Kind.RENT)


def _book(
    finding: Finding, by: Viewer, fen: int, on: date, kind: str, account: str = Account.COLLECTIVE
) -> MoneyRecovered:
    new = NewMoney(fen, on, "村集体经济组织账户", "银行回单", kind=kind, account_kind=account)
    return record_recovery(finding=finding, by=by, new=new)


def _looks(findings: list[Finding], by: Viewer) -> None:
    """The town verifies, the district looks back."""
    results = ("cleared", "partly", "litigation", "held", "anew")
    for number, finding in enumerate(findings):
        on = max(finding.registered_on, date(YEAR, 1, 1)) + timedelta(days=80)
        asset, result = f"集体店面{number + 1}号", results[number % len(results)]
        look_at_asset(finding=finding, by=by, new=NewLook(asset, "town", on, result, "镇街核实人"))
        if number % 2 == 0:
            later = NewLook(asset, "district", on + timedelta(days=30), "cleared", "区级回头看人员")
            look_at_asset(finding=finding, by=by, new=later)


def _grid(places: Places, by: Viewer, villages: list[list[Organisation]]) -> None:
    """A cell a village; contact points where one district pilots the checklist; a term that has ended."""
    kinds = list(items(by, "grid_worker", YEAR))
    for district, office in enumerate(places.districts):
        for number, village in enumerate(villages[district]):
            new = NewCell(f"{village.name}网格", office, date(YEAR, 2, 1), village=village)
            cell = open_cell(new=new, by=by)
            for place in range(3):
                worker = NewWorker(f"监督员{number + 1}-{place + 1}", kinds[(number + place) % len(kinds)], cell.since)
                row = engage(cell=cell, by=by, new=worker)
            if number == 3:
                release(worker=row, by=by, until=date(YEAR, 8, 31))
    for village in villages[2]:
        new = NewCell(f"{village.name}工作联系点", places.districts[2], date(YEAR, 5, 1), village=village, is_contact_point=True)  # fmt: skip
        open_cell(new=new, by=by)


def _meetings(places: Places, by: Viewer) -> None:
    """Exchange meetings and training in every district; one only in January."""
    for number, office in enumerate(places.districts):
        kinds = (
            (Meeting.Kind.EXCHANGE, "镇街纪检监察组织履职交流会", 40),
            (Meeting.Kind.TRAINING, "送教下乡：村级监督实务", 160),
        )
        for kind, theme, count in kinds:
            new = NewMeeting(
                kind, date(YEAR, 4 + number, 12), theme, office, count + number, audience="镇街和村居监督力量"
            )
            hold_meeting(new=new, by=by)
    late = NewMeeting(Meeting.Kind.TRAINING, JANUARY, "新任村居纪检委员培训", places.districts[0], 90)
    hold_meeting(new=late, by=by)
