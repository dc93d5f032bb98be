"""Checks of villages: opened with their kind, villages inspected, items answered; a problem becomes a finding at once."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import NewFinding, open_finding
from jiandu.loop.grassroots.models import Answer, AssetLookBack, Check, Checklist, ChecklistItem, Inspection
from jiandu.loop.outcomes.services import placed
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, in_force
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.arranging import carry_out, not_carried_out
from jiandu.sources.activities.services.events import may, not_later
from jiandu.sources.activities.services.planning import NewActivity, open_activity

NOTE_LENGTH = 500  # what the column holds


@dataclass(frozen=True)
class NewCheck:
    """A check: kind, number, name, year, office in charge, the day from which it counts, plan."""

    kind: str
    code: str
    name: str
    year: int
    lead: Office
    on: date
    plan: str = ""


@atomic
def open_check(*, new: NewCheck, by: Viewer) -> Check:
    """立项: an activity of kind 监督检查. A village check answers the checklist in force on that day. Raises Refused."""
    kind, checklist = Check.Kind(new.kind), None
    not_later(new.on)
    if kind == Check.Kind.VILLAGE:
        checklist = Checklist.objects.filter(in_force(new.on)).first()
        if checklist is None:
            raise Refused("no-checklist", "当日没有施行的监督清单，请先发布")
    said = NewActivity(
        kind=Activity.Kind.CHECK,
        year=new.year,
        code=new.code,
        name=new.name,
        lead=new.lead,
        approved_on=new.on,
        plan=new.plan,
    )
    check = Check(activity=open_activity(new=said, by=by), kind=kind, checklist=checklist)
    check.save(force_insert=True)
    return check


@dataclass(frozen=True)
class NewInspection:
    """Which village, when, by whom."""

    organisation: Organisation
    on: date
    inspectors: str
    note: str = ""


@atomic
def inspect(*, activity: Activity, by: Viewer, new: NewInspection) -> Inspection:
    """登记检查. Raises Refused: inspectors, inspection-twice, step-date."""
    may(by, "edit", activity)
    not_later(new.on)
    if not new.inspectors.strip():
        raise Refused("inspectors", "请填写检查人员")
    same = Inspection.objects.filter(
        activity=activity, organisation=new.organisation, on=new.on, withdrawn_on__isnull=True
    )
    if same.exists():
        raise Refused("inspection-twice", "%(unit)s当日的检查已登记", unit=str(new.organisation))
    row = Inspection(
        activity=activity,
        organisation=new.organisation,
        on=new.on,
        inspectors=new.inspectors.strip()[:200],
        note=new.note.strip(),
    )
    row.save(force_insert=True)
    carry_out(activity, new.organisation, new.on)
    record(by, "activity.inspect", activity, payload={"unit": str(new.organisation.uid), "on": new.on.isoformat()})
    return row


@atomic
def withdraw_inspection(*, inspection: Inspection, by: Viewer, reason: str, on: date | None = None) -> Inspection:
    """撤下 an inspection entered by mistake; one that led to findings stays. Raises Refused (inspection-findings)."""
    may(by, "edit", inspection.activity)
    if Answer.objects.filter(inspection=inspection, finding__isnull=False).exists():
        raise Refused("inspection-findings", "该次检查已登记问题，不能撤下")
    take_back(inspection, reason, on)
    not_carried_out(inspection.activity, inspection.organisation, inspection.on)
    payload = {"inspection": str(inspection.uid), "reason": reason}
    record(by, "activity.withdraw_inspection", inspection.activity, payload=payload)
    return inspection


def _note(number: int, notes: dict[int, str]) -> str:
    note = notes.get(number, "").strip()
    if len(note) > NOTE_LENGTH:
        raise Refused("note-too-long", "第%(number)d项的情况最多%(most)d个字", number=number, most=NOTE_LENGTH)
    return note


@atomic
def answer_all(*, inspection: Inspection, by: Viewer, results: dict[int, str], notes: dict[int, str]) -> int:
    """The answers by number of the item. An answer may change until it became a finding. Gives how many were written.

    Raises Refused: no-checklist, checklist-item, note-needed (a problem says what it is), note-too-long, answer-fixed.
    """
    activity = inspection.activity
    may(by, "edit", activity)
    items = _items(activity)
    known = {row.item_id: row for row in Answer.objects.filter(inspection=inspection)}
    fresh, changed = [], []
    for number, said in results.items():
        if number not in items:
            raise Refused("checklist-item", "清单中没有第%(number)d项", number=number)
        result, note = Answer.Result(said), _note(number, notes)
        if result == Answer.Result.PROBLEM and not note:
            raise Refused("note-needed", "第%(number)d项发现问题，请写明情况", number=number)
        row = known.get(items[number].pk)
        if row is None:
            fresh.append(Answer(activity=activity, inspection=inspection, item=items[number], result=result, note=note))
        elif (row.result, row.note) != (result, note):
            if row.finding_id is not None:
                raise Refused("answer-fixed", "第%(number)d项已登记问题，不能更改", number=number)
            row.result, row.note = result, note
            changed.append(row)
    Answer.objects.bulk_create(fresh)
    for row in changed:
        row.save(update_fields=["result", "note"])
    payload = {"inspection": str(inspection.uid), "answers": len(fresh), "changed": len(changed)}
    record(by, "activity.answer", activity, payload=payload)
    return len(fresh) + len(changed)


def _items(activity: Activity) -> dict[int, ChecklistItem]:
    check = Check.objects.filter(activity=activity).first()
    if check is None or check.checklist_id is None:
        raise Refused("no-checklist", "该检查没有监督清单")
    return {item.number: item for item in ChecklistItem.objects.filter(checklist_id=check.checklist_id)}


@atomic
def take_problem(*, answer: Answer, by: Viewer, on: date, problem: str = "") -> Finding:
    """转入问题台账: the answer's problem becomes a finding of the village, with the item as its basis. Once."""
    answer = Answer.objects.select_for_update(of=("self",)).select_related("item").get(pk=answer.pk)
    if answer.result != Answer.Result.PROBLEM or answer.finding_id is not None:
        raise Refused("already-decided", "该项没有待登记的问题，请刷新页面")
    activity, inspection = answer.activity, answer.inspection
    item: ChecklistItem = answer.item
    if on < inspection.on:
        raise Refused("step-date", "登记日期不能早于检查日期")
    new = NewFinding(
        subject=inspection.organisation,
        problem=(problem.strip() or f"{item.matter}：{answer.note}")[:500],
        office=activity.owner_office,
        registered_on=on,
        activity=activity,
        facts=answer.note,
        basis=f"监督清单第{item.number}项；{item.basis}"[:200],
        found_by=inspection.inspectors[:128],
    )
    finding = open_finding(new=new, by=by)
    answer.finding = finding
    answer.save(update_fields=["finding"])
    return finding


@dataclass(frozen=True)
class NewLook:
    """What became of an asset: which, at which stage, when, how, by whom."""

    asset: str
    stage: str
    on: date
    result: str
    by_name: str
    note: str = ""


@atomic
def look_at_asset(*, finding: Finding, by: Viewer, new: NewLook) -> AssetLookBack:
    """资产回头看: the district looks back at what the town has verified, and not by the same person.

    Raises Refused: not-allowed, asset-needed, step-date, asset-order, asset-same-person.
    """
    if not guard.allow(by, "create", AssetLookBack):
        raise Refused("not-allowed", "您没有登记资产回头看的权限")
    stage, asset, who = AssetLookBack.Stage(new.stage), new.asset.strip()[:200], new.by_name.strip()[:64]
    if not asset or not who:
        raise Refused("asset-needed", "请填写资产名称和办理人")
    if not finding.registered_on <= new.on <= today():
        raise Refused("step-date", "日期应在问题登记之后且不晚于今天")
    if stage == AssetLookBack.Stage.DISTRICT:
        _verified_first(finding, asset, who, new.on)
    row = AssetLookBack(
        finding=finding,
        asset=asset,
        stage=stage,
        on=new.on,
        result=AssetLookBack.Result(new.result),
        by_name=who,
        note=new.note.strip(),
    )
    placed(finding, row).save(force_insert=True)  # type: ignore[type-var]  # as an outcome of it
    record(by, "asset_look_back.record", row, payload={"stage": str(stage), "result": str(row.result)})
    return row


def _verified_first(finding: Finding, asset: str, who: str, on: date) -> None:
    town = AssetLookBack.objects.filter(
        finding=finding, asset=asset, stage=AssetLookBack.Stage.TOWN, on__lte=on, withdrawn_on__isnull=True
    )
    names = list(town.values_list("by_name", flat=True))
    if not names:
        raise Refused("asset-order", "该资产尚未经镇街核实，区级回头看应在其后")
    if who in names:
        raise Refused("asset-same-person", "区级回头看不能由核实人办理：%(name)s", name=who)


@atomic
def withdraw_look(*, look: AssetLookBack, by: Viewer, reason: str, on: date | None = None) -> AssetLookBack:
    """撤下 one entered by mistake."""
    if not guard.allow(by, "edit", look):
        raise Refused("not-allowed", "您没有登记资产回头看的权限")
    take_back(look, reason, on)
    record(by, "asset_look_back.withdraw", look, payload={"reason": reason})
    return look
