"""Builders of a village's ledgers through the services that take its sheets in."""

from datetime import date, timedelta
from typing import Any

from tests.world import SYSTEM, World, as_

from jiandu.base.core.persons import numbered
from jiandu.base.files.store import Upload, keep
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.collectives import Collective, Contract, LedgerKind
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.sources.ledgers.reading import Told
from jiandu.sources.ledgers.scans import ContractScan
from jiandu.sources.ledgers.services.collectives import NewCollective, NewSheet, register_collective, take_ledger
from jiandu.sources.ledgers.services.scanning import attach_scan

OFFICE, VILLAGE, NAME = "思明区纪委监委", "西滨村", "西滨村股份经济合作社"
JUNE, SEPTEMBER, NOW = date(2022, 6, 30), date(2022, 9, 30), date(2022, 11, 30)
PERSON = numbered("11010519491231002X")
HOLDER = "张三丰"
HELD = {"user_name": HOLDER, "user_no": PERSON.shown, "user_mark": PERSON.mark}


def row(ledger: LedgerKind, code: str, /, **values: Any) -> Told:
    """A row; what is not said is empty."""
    known: dict[str, Any] = {}
    for name in LEDGERS[ledger].fields:
        column = LEDGERS[ledger].model._meta.get_field(name)
        known[name] = None if getattr(column, "null", False) else 0 if name == "reduced_fen" else ""
    return Told(code, known | values)


def asset(code: str = "ZC-001", **values: Any) -> Told:
    return row(LedgerKind.ASSET, code, **({"name": f"厂房{code}", "kind": "operating", "status": "leased"} | values))


def contract(code: str = "HT-1", **values: Any) -> Told:
    begun = {"thing_code": "ZC-001", "thing": "厂房", "lessee": "某某厂", "start_on": date(2021, 1, 1)}
    return row(
        LedgerKind.CONTRACT, code, **(begun | {"status": "running", "mode": "open", "rent_fen": 36_000_00} | values)
    )


def due(code: str = "D1", **values: Any) -> Told:
    told = {"contract_code": "HT-1", "due_on": date(2022, 1, 10), "amount_fen": 18_000_00}
    return row(LedgerKind.DUE, code, **(told | values))


def receipt(code: str = "S1", **values: Any) -> Told:
    told = {"contract_code": "HT-1", "due_code": "D1", "paid_on": date(2022, 1, 8), "amount_fen": 9_000_00}
    return row(LedgerKind.RECEIPT, code, **(told | values))


def fund(code: str = "尾号3321", **values: Any) -> Told:
    return row(LedgerKind.FUND, code, **({"kind": "bank", "book_fen": 100_00, "actual_fen": 100_00} | values))


def collective(world: World, village: str = VILLAGE, *, office: str = OFFICE) -> Collective:
    """The collective of a village; its place is 筼筜街道."""
    unit = world.units.get(village) or world.unit(village)
    with as_(SYSTEM) as by:
        place = Region.objects.filter(code="350203009").first()
        new = NewCollective(f"{village}股份经济合作社", unit, world.offices[office], place)
        return register_collective(new=new, by=by)


def told(one: Collective, kind: LedgerKind, *rows: Told, on: date = JUNE, is_whole: bool = False) -> Any:
    with as_(SYSTEM) as by:
        return take_ledger(collective=one, new=NewSheet(kind, on, "西滨村", is_whole), rows=list(rows), by=by)


def filled(world: World) -> Collective:
    """A village with a let workshop that owes, one held by somebody without a contract, and books that do not agree."""
    one = collective(world)
    told(
        one,
        LedgerKind.ASSET,
        asset(user_name="某某厂"),
        asset("ZC-002", status="occupied", **HELD),
        asset("ZC-003", status="in_use"),
    )
    told(
        one,
        LedgerKind.CONTRACT,
        contract(end_on=NOW + timedelta(days=30)),
        contract(
            "HT-2",
            thing_code="",
            end_on=date(2022, 3, 1),
            lessee=HOLDER,
            lessee_no=PERSON.shown,
            lessee_mark=PERSON.mark,
        ),
    )
    told(one, LedgerKind.DUE, due(), due("D2", due_on=date(2022, 7, 10)))
    told(
        one,
        LedgerKind.RECEIPT,
        receipt(banked_on=date(2022, 1, 12)),
        receipt("S2", due_code="", paid_on=date(2022, 8, 1), banked_on=date(2022, 12, 5)),
    )
    told(one, LedgerKind.FUND, fund(actual_fen=90_00, reason="未及时入账"))
    told(
        one,
        LedgerKind.ASSET,
        asset(user_name="某某厂", status="idle"),
        asset("ZC-002", status="occupied", **HELD),
        on=SEPTEMBER,
        is_whole=True,
    )
    return one  # fmt: skip


def line(code: str, fen: int, balance: int | None, on: date = date(2022, 5, 10), **values: Any) -> Told:
    """A payment out of the account, and what it left."""
    said = {"account": "尾号3321", "summary": "付维修款", "booked_on": on, "outlay_fen": fen, "balance_fen": balance}
    return row(LedgerKind.JOURNAL, code, **(said | {"payee": "某某建材经营部"} | values))


def booked(one: Collective) -> None:
    """A journal whose third line does not follow, with a payment to somebody by name, and a quarter that was shown."""
    told(
        one,
        LedgerKind.JOURNAL,
        line("RJ-1", 0, 1_000_00, outlay_fen=None, act="opening", summary="上期结转", payee="", on=date(2022, 4, 30)),
        line("RJ-2", 300_00, 700_00, payee=HOLDER, payee_no=PERSON.shown, payee_mark=PERSON.mark, is_cash=True),
        line("RJ-10", 200_00, 400_00, has_invoice=False, group_seal=False),
        line("RJ-11", 100_00, 300_00),
    )
    shown = {"period_on": date(2022, 3, 31), "posted_on": date(2022, 4, 8), "is_detailed": True, "content": "财务收支"}
    told(one, LedgerKind.DISCLOSURE, row(LedgerKind.DISCLOSURE, "GK-1", **shown))


def scanned(contract: Contract, name: str = "合同.pdf", content: bytes = b"%PDF-1.4 scan") -> ContractScan:
    with as_(SYSTEM) as by:
        return attach_scan(contract=contract, by=by, scan=Upload(keep([content]), name))
