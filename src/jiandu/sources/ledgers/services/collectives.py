"""Verbs of a collective: it is registered, described anew, taken back; a sheet of one of its ledgers is taken in.

What a sheet says otherwise than the one before ends the row of that one on its day; what a whole sheet no longer names
ends there too. Nothing is overwritten.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_problem, plain_code
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.sources.ledgers.collectives import Collective, Kept, LedgerKind, LedgerSheet
from jiandu.sources.ledgers.columns import LEDGERS, Ledger
from jiandu.sources.ledgers.reading import Told
from jiandu.sources.ledgers.services.estates import placed

BATCH = 500


@dataclass(frozen=True)
class NewCollective:
    """Its name, the village, our office, where it is (the village's place where none is said), its credit code."""

    name: str
    village: Organisation
    office: Office
    place: Region | None = None
    credit_code: str = ""


@atomic
def register_collective(*, new: NewCollective, by: Viewer) -> Collective:
    """Raises Refused: not-allowed, name-needed, credit-code, collective-once, estate-place."""
    if not guard.allow(by, "create", Collective):
        raise Refused("not-allowed", "您没有登记农村集体经济组织的权限")
    one = drafted(new)
    same = Collective.objects.filter(owner_office=new.office, withdrawn_on__isnull=True)
    if same.filter(name=one.name).exists() or same.filter(subject=new.village).exists():
        raise Refused("collective-once", "该村的集体经济组织已登记：%(name)s", name=one.name)
    one.save(force_insert=True)
    record(by, "collective.register", one, payload={"name": one.name, "village": str(new.village.uid)})
    return one


def drafted(new: NewCollective) -> Collective:
    """The row, not yet saved. Raises Refused."""
    name, code = new.name.strip()[:128], plain_code(new.credit_code)
    if not name:
        raise Refused("name-needed", "请填写集体经济组织名称")
    problem = credit_code_problem(code) if code else None
    if problem:
        raise Refused("credit-code", "统一社会信用代码有误：%(problem)s", problem=problem)
    place = new.place or new.village.region
    district, street = placed(place) if place else (None, None)
    return Collective(
        name=name,
        credit_code=code,
        district=district,
        street=street,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.village,
        subject_path=new.village.path,
    )


@atomic
def amend_collective(*, one: Collective, by: Viewer, name: str, credit_code: str, place: Region | None) -> Collective:
    """The old words stay in the log. Raises Refused: not-allowed, name-needed, credit-code, estate-place."""
    may(by, "edit", one)
    new = drafted(NewCollective(name, cast("Organisation", one.subject), one.owner_office, place, credit_code))
    before = {"name": one.name, "credit_code": one.credit_code}
    one.name, one.credit_code, one.district, one.street = new.name, new.credit_code, new.district, new.street
    one.save(update_fields=["name", "credit_code", "district", "street"])
    record(by, "collective.amend", one, payload={"before": before, "name": one.name})
    return one


@atomic
def withdraw_collective(*, one: Collective, by: Viewer, reason: str, on: date | None = None) -> Collective:
    """撤下 one that was entered by mistake, or twice."""
    may(by, "edit", one)
    take_back(one, reason, on)
    record(by, "collective.withdraw", one, payload={"reason": reason})
    return one


def may(by: Viewer, verb: str, one: Collective) -> None:
    """Raises Refused (not-allowed)."""
    if not guard.allow(by, verb, one):
        raise Refused("not-allowed", "您没有办理该集体经济组织的权限")


@dataclass(frozen=True)
class NewSheet:
    """A sheet of a ledger: as of which day, from whom, whole or only what it names."""

    kind: LedgerKind
    as_of: date
    sent_by: str = ""
    is_whole: bool = False


@dataclass
class Change:
    """What a sheet does: code → create, update or unchanged, the columns that differ, what is no longer named."""

    acts: dict[str, str] = field(default_factory=dict)
    differing: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, Kept] = field(default_factory=dict)
    gone: list[Kept] = field(default_factory=list)

    def count(self, act: str) -> int:
        return sum(one == act for one in self.acts.values())


def compared(*, collective: Collective | None, new: NewSheet, rows: Iterable[Told]) -> Change:
    """What taking the rows would do, without doing it. Raises Refused: step-date, sheet-older."""
    ledger, change = LEDGERS[new.kind], Change()
    if new.as_of > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.as_of.isoformat())
    if collective is not None and collective.pk:
        _newest_first(collective, new)
        change.before = {row.code: row for row in open_rows(ledger, collective)}
    for told in rows:
        before = change.before.get(told.code)
        cells = [] if before is None else [key for key in ledger.fields if getattr(before, key) != told.values[key]]
        change.acts[told.code] = "create" if before is None else "update" if cells else "unchanged"
        change.differing[told.code] = cells
    if new.is_whole:
        change.gone = [row for code, row in change.before.items() if code not in change.acts]
    return change


def open_rows(ledger: Ledger, collective: Collective) -> Any:
    """What the ledger says now, as the last sheets have it."""
    return ledger.model.objects.filter(collective=collective, until__isnull=True).order_by("code")


def _newest_first(collective: Collective, new: NewSheet) -> None:
    later = LedgerSheet.objects.filter(collective=collective, kind=new.kind, as_of__gt=new.as_of).order_by("-as_of")
    held = later.values_list("as_of", flat=True).first()
    if held is not None:
        raise Refused("sheet-older", "已有%(on)s的报送，不能再导入更早的", on=held.isoformat())


@atomic
def take_ledger(*, collective: Collective, new: NewSheet, rows: list[Told], by: Viewer) -> Change:
    """Takes a sheet of one ledger in. The same again changes nothing. Raises Refused: not-allowed, step-date, sheet-older."""
    if not guard.allow(by, "create", Collective):
        raise Refused("not-allowed", "您没有导入村集体台账的权限")
    held = Collective.objects.select_for_update(of=("self",)).get(pk=collective.pk)
    change, ledger = compared(collective=held, new=new, rows=rows), LEDGERS[new.kind]
    changed = [one for one in rows if change.acts[one.code] != "unchanged"]
    sheet = LedgerSheet(
        collective=held,
        kind=new.kind,
        as_of=new.as_of,
        sent_by=new.sent_by.strip()[:128],
        is_whole=new.is_whole,
        rows=len(rows),
        added=change.count("create"),
        changed=change.count("update"),
        gone=len(change.gone),
    )
    sheet.save(force_insert=True)
    _end([change.before[one.code] for one in changed if one.code in change.before], new.as_of)
    _end(change.gone, new.as_of, is_gone=True)
    fresh = [
        ledger.model(collective=held, sheet=sheet, code=one.code, since=new.as_of, **one.values) for one in changed
    ]
    ledger.model.objects.bulk_create(fresh, batch_size=BATCH)
    said = {"added": sheet.added, "changed": sheet.changed, "gone": sheet.gone, "as_of": new.as_of.isoformat()}
    record(by, "collective.take", held, payload={"ledger": str(new.kind), "rows": len(rows), **said})
    return change


def _end(rows: list[Any], on: date, *, is_gone: bool = False) -> None:
    for row in rows:
        row.until, row.is_gone = on, is_gone
    if rows:
        type(rows[0]).objects.bulk_update(rows, ["until", "is_gone"], batch_size=BATCH)
