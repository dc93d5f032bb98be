"""台账核对: what an inspection sees of the assets in the village's ledger; what differs becomes a finding with one act."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.moves import NewFinding, open_finding
from jiandu.loop.grassroots.models import AssetTick, Inspection
from jiandu.loop.grassroots.services.checks import NOTE_LENGTH
from jiandu.sources.activities.services.events import may
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, LedgerKind

BASIS = "农村集体经济组织法第三十六条"
Result = AssetTick.Result


@dataclass(frozen=True)
class NewTick:
    """One asset by its code: what was seen, and what is not as the ledger says."""

    code: str
    result: str
    note: str = ""


@atomic
def tick_assets(*, inspection: Inspection, collective: Collective, by: Viewer, ticks: list[NewTick]) -> int:
    """Ticks of an inspection; one may change until it became a finding. Gives how many were written.

    Raises Refused: other-village, no-asset, note-needed (what differs is said), note-too-long, tick-fixed.
    """
    activity = inspection.activity
    may(by, "edit", activity)
    if collective.subject_id != inspection.organisation_id:
        raise Refused("other-village", "该台账不是所检查村居的台账")
    names = {row.code: row.name for row in villages.rows_on(by, collective, LedgerKind.ASSET, today())}
    known = {row.asset_code: row for row in AssetTick.objects.filter(inspection=inspection, collective=collective)}
    fresh, changed = [], []
    for said in ticks:
        result, note = _read(said, names)
        row = known.get(said.code)
        if row is None:
            row = AssetTick(activity=activity, inspection=inspection, collective=collective, on=inspection.on)
            row.asset_code = said.code
            fresh.append(row)
        elif (row.result, row.note) == (result, note):
            continue
        elif row.finding_id is not None:
            raise Refused("tick-fixed", "%(code)s已登记问题，不能更改", code=said.code)
        else:
            changed.append(row)
        row.result, row.note, row.asset_name = result, note, names[said.code]
    AssetTick.objects.bulk_create(fresh)
    for row in changed:
        row.save(update_fields=["result", "note", "asset_name"])
    payload = {"inspection": str(inspection.uid), "collective": str(collective.uid), "ticks": len(fresh)}
    record(by, "activity.tick", activity, payload=payload | {"changed": len(changed)})
    return len(fresh) + len(changed)


def _read(said: NewTick, names: dict[str, str]) -> tuple[str, str]:
    if said.code not in names:
        raise Refused("no-asset", "台账中没有编号为%(code)s的资产", code=said.code)
    result, note = Result(said.result), said.note.strip()
    if result == Result.DIFFERS and not note:
        raise Refused("note-needed", "%(code)s与台账不符，请写明不符之处", code=said.code)
    if len(note) > NOTE_LENGTH:
        raise Refused("note-too-long", "%(code)s的情况最多%(most)d个字", code=said.code, most=NOTE_LENGTH)
    return result, note


def problem_of(tick: AssetTick) -> str:
    """What is wrong, in the words of a finding."""
    found = "台账所列资产已灭失" if tick.result == Result.GONE else "与台账不符"
    return f"集体资产{tick.asset_name}（{tick.asset_code}）{found}" + (f"：{tick.note}" if tick.note else "")


@atomic
def take_tick(*, tick: AssetTick, by: Viewer, on: date, problem: str = "") -> Finding:
    """转入问题台账: what is not as recorded becomes a finding of the village. Once."""
    tick = AssetTick.objects.select_for_update(of=("self",)).get(pk=tick.pk)
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
        basis=BASIS,
        found_by=inspection.inspectors[:128],
    )
    finding = open_finding(new=new, by=by)
    tick.finding = finding
    tick.save(update_fields=["finding"])
    return finding
