"""台账核对: what an inspection sees of what stands in the village's ledgers; what differs becomes a finding with one act."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import NewFinding, open_finding
from jiandu.loop.grassroots.models import Inspection, LedgerTick
from jiandu.loop.grassroots.services.checks import NOTE_LENGTH
from jiandu.loop.grassroots.ticks import TICKABLE
from jiandu.sources.activities.services.events import may
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, LedgerKind

LAW, IN_FORCE = "农村集体经济组织法", date(2025, 5, 1)
ARTICLES = {LedgerKind.ASSET: "第三十六条", LedgerKind.RESOURCE: "第三十六条"}
#: What ledgers were checked by before the law came into force.
PRACTICE = "农村集体资产清查、账实相符（农村集体“三资”管理要求）"
Result = LedgerTick.Result


@dataclass(frozen=True)
class NewTick:
    """One thing by its code: what was seen, and what is not as the ledger says."""

    code: str
    result: str
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """Where ticks are written: the inspection, the village's collective, which of its ledgers."""

    inspection: Inspection
    collective: Collective
    kind: LedgerKind = LedgerKind.ASSET


@atomic
def tick_ledger(*, sheet: Sheet, by: Viewer, ticks: list[NewTick]) -> int:
    """Ticks of an inspection; one may change until it became a finding. Gives how many were written.

    Raises Refused: other-village, no-ticks (of such a ledger), no-thing, note-needed (what differs is said), note-too-long, tick-fixed.
    """
    inspection, collective = sheet.inspection, sheet.collective
    may(by, "edit", inspection.activity)
    if collective.subject_id != inspection.organisation_id:
        raise Refused("other-village", "该台账不是所检查村居的台账")
    if sheet.kind not in TICKABLE:
        raise Refused("no-ticks", "这类台账不作实地核对")
    names = {row.code: _called(row) for row in villages.rows_on(by, collective, sheet.kind, today())}
    own = LedgerTick.objects.filter(inspection=inspection, collective=collective, kind=sheet.kind)
    known = {row.code: row for row in own}
    fresh, changed = [], []
    for said in ticks:
        result, note = _read(said, names)
        row = known.get(said.code)
        if row is None:
            row = _begun(sheet, said.code)
            fresh.append(row)
        elif (row.result, row.note) == (result, note):
            continue
        else:
            changed.append(_open(row))
        row.result, row.note, row.name = result, note, names[said.code]
    LedgerTick.objects.bulk_create(fresh)
    for row in changed:
        row.save(update_fields=["result", "note", "name"])
    payload = {"inspection": str(inspection.uid), "collective": str(collective.uid), "ledger": str(sheet.kind)}
    record(by, "activity.tick", inspection.activity, payload=payload | {"ticks": len(fresh), "changed": len(changed)})
    return len(fresh) + len(changed)


def _begun(sheet: Sheet, code: str) -> LedgerTick:
    inspection = sheet.inspection
    where = {"activity": inspection.activity, "inspection": inspection, "collective": sheet.collective}
    return LedgerTick(**where, kind=sheet.kind, code=code, on=inspection.on)


def _open(row: LedgerTick) -> LedgerTick:
    if row.finding_id is not None:
        raise Refused("tick-fixed", "%(code)s已登记问题，不能更改", code=row.code)
    return row


def _called(row: Any) -> str:
    """What the ledger calls it; an account goes by what it is and its bank."""
    if hasattr(row, "thing"):
        return str(row.thing)
    return str(row.name if hasattr(row, "name") else f"{as_recorded(row.get_kind_display())}{row.bank}")[:200]


def _read(said: NewTick, names: dict[str, str]) -> tuple[str, str]:
    if said.code not in names:
        raise Refused("no-thing", "台账中没有编号为“%(code)s”的一项", code=said.code)
    result, note = Result(said.result), said.note.strip()
    if result == Result.DIFFERS and not note:
        raise Refused("note-needed", "%(code)s与台账不符，请写明不符之处", code=said.code)
    if len(note) > NOTE_LENGTH:
        raise Refused("note-too-long", "%(code)s的情况最多%(most)d个字", code=said.code, most=NOTE_LENGTH)
    return result, note


def problem_of(tick: LedgerTick) -> str:
    """What is wrong, in the words of a finding."""
    found = "台账所列，实际已不存在" if tick.result == Result.GONE else "与台账不符"
    label = as_recorded(LedgerKind(tick.kind).label)
    return f"集体{label}{tick.name}（{tick.code}）{found}" + (f"：{tick.note}" if tick.note else "")


def basis_of(kind: LedgerKind, on: date) -> str:
    """What a ledger of that kind had to be kept by on the day of the inspection."""
    return f"{LAW}{ARTICLES.get(kind, '')}" if on >= IN_FORCE else PRACTICE


@atomic
def take_tick(*, tick: LedgerTick, by: Viewer, on: date, problem: str = "") -> Finding:
    """转入问题台账: what is not as recorded becomes a finding of the village. Once."""
    tick = LedgerTick.objects.select_for_update(of=("self",)).get(pk=tick.pk)
    if tick.result == Result.SEEN or tick.finding_id is not None:
        raise Refused("already-decided", "该项没有待登记的问题，请刷新页面")
    activity = tick.activity
    inspection = Inspection.objects.select_related("organisation").get(pk=tick.inspection_id)
    if on < inspection.on:
        raise Refused("step-date", "登记日期不能早于检查日期")
    new = NewFinding(
        subject=inspection.organisation,
        problem=(problem.strip() or problem_of(tick))[:500],
        office=activity.owner_office,
        registered_on=on,
        activity=activity,
        facts=tick.note,
        basis=basis_of(LedgerKind(tick.kind), inspection.on),
        found_by=inspection.inspectors[:128],
    )
    finding = open_finding(new=new, by=by)
    tick.finding = finding
    tick.save(update_fields=["finding"])
    return finding
