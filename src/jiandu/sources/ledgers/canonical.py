"""The ledgers of all collectives in scope as plain tables, for rules over data: one iterator of dicts a table.

Codes are the village's own, so ids carry the collective's name before them. Persons go by their mark, bodies by their
credit code; whoever brings a table of persons marks its numbers in the same way (base.core.persons).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.sources.ledgers.collectives import Collective, Kept, LedgerKind, LedgerSheet, Works
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.sources.ledgers.journals import Journal
from jiandu.sources.ledgers.things import with_things
from jiandu.sources.ledgers.villages import STANDING, as_of

Row = dict[str, Any]
CHUNK = 2000
#: Columns of a row that come as they are kept, by table.
PLAIN: dict[LedgerKind, tuple[str, ...]] = {
    LedgerKind.ASSET: ("name", "place", "quantity", "area_mu", "original_fen", "net_fen", "acquired_on", "title_no", "user_name", "custodian", "note"),
    LedgerKind.RESOURCE: ("name", "place", "parcel_code", "bounds", "area_mu", "title_no", "issuer", "user_name", "note"),
    LedgerKind.CONTRACT: ("thing", "lessor", "lessee", "is_member", "area_mu", "start_on", "end_on", "rent_fen", "increase", "pay_way", "pay_cycle", "lump_sum", "deposit_fen", "decision_on", "entitled", "present", "agreed", "signed_on", "approval", "township_approval", "appraised_fen", "guarantee", "sublease", "text", "note"),
    LedgerKind.DUE: ("due_on", "amount_fen", "reduced_fen", "resolution", "resolved_on", "note"),
    LedgerKind.RECEIPT: ("paid_on", "amount_fen", "banked_on", "receipt_no", "account_holder", "note"),
    LedgerKind.FUND: ("holder", "bank", "book_fen", "actual_fen", "reason", "handler", "approver", "group_seal", "note"),
    LedgerKind.WORKS: ("name", "budget_fen", "decision_on", "decision", "contract_no", "signed_on", "contract_fen", "started_on", "changes", "changed_fen", "accepted_on", "acceptance", "settled_fen", "paid_fen", "note"),
    LedgerKind.JOURNAL: ("account", "booked_on", "is_cash", "book", "voucher", "summary", "payee", "trade", "project", "income_fen", "outlay_fen", "balance_fen", "slip_no", "invoice_code", "invoice_no", "has_invoice", "handler", "approver", "group_seal", "note"),
    LedgerKind.DISCLOSURE: ("period_on", "content", "posted_on", "is_detailed", "place", "note"),
}  # fmt: skip
#: Columns of choices, which come as their Chinese words.
CHOICES: dict[LedgerKind, tuple[str, ...]] = {
    LedgerKind.ASSET: ("kind", "status"),
    LedgerKind.RESOURCE: ("kind", "status"),
    LedgerKind.CONTRACT: ("mode", "status"),
    LedgerKind.FUND: ("kind",),
    LedgerKind.WORKS: ("kind", "way", "status"),
    LedgerKind.JOURNAL: ("act",),
}
#: Column of who it is → where the ledger keeps a body's code, and a person's mark.
WHO = (
    ("user_id", "user_no", "user_mark"),
    ("lessee_id", "lessee_no", "lessee_mark"),
    ("payee_id", "payee_no", "payee_mark"),
)
#: Which rows of a ledger stand in its table, where not all do: of works and purchases the works that have a contract.
ONLY: dict[LedgerKind, Q] = {LedgerKind.WORKS: Q(kind=Works.Kind.WORKS, contract_fen__isnull=False)}
#: Our name of a reference → (its name in the table).
CODES: dict[LedgerKind, dict[str, str]] = {
    LedgerKind.CONTRACT: {"thing_code": "asset_id"},
    LedgerKind.DUE: {"contract_code": "contract_id"},
    LedgerKind.RECEIPT: {"contract_code": "contract_id", "due_code": "due_id"},
}


def collective_rows(viewer: Viewer, on: date) -> dict[str, Iterator[Row]]:
    """asset, resource, contract, due, receipt, fund, works → what the ledgers said on the day, within the viewer's scope.

    Each row has its id (`asset_id` …), `village`, `collective` (credit code or name), `town`, `district`, `since` (the day
    from which the ledger says so) and `as_of`; assets and resources `status_since`, the first day of the sheets that all
    gave them this status; contracts `thing_kind` and `given_back` (see things.py); works `unit` (who has them built) and
    `contractor` (credit code, nothing for a person); lines of a journal `is_outlay`. `village` has the villages that tell what they show of
    their money. Money in fen, areas in 亩, days as dates, what is not known as None.
    """
    guard.check_is_actor(viewer)
    found = Collective.objects.filter(STANDING).select_related("subject", "street", "district").order_by("pk")
    heads = {one.pk: _head(one) for one in found}
    found_rows = {str(kind): _rows(kind, heads, on) for kind in LEDGERS}
    return found_rows | {"village": _villages(heads)}


def _villages(heads: dict[int, Row]) -> Iterator[Row]:
    """The villages that have told at least once what they showed of their money: of others nothing is known."""
    told = LedgerSheet.objects.filter(kind=LedgerKind.DISCLOSURE, collective_id__in=list(heads))
    keys = set(told.order_by().values_list("collective_id", flat=True))
    yield from {head["village"]: head for key, head in heads.items() if key in keys}.values()


def _head(one: Collective) -> Row:
    return {
        "village": str(one.subject or one.name),
        "collective": one.credit_code or one.name,
        "collective_name": one.name,
        "town": str(one.street or ""),
        "district": str(one.district or ""),
    }


def _rows(kind: LedgerKind, heads: dict[int, Row], on: date) -> Iterator[Row]:
    begun: dict[tuple[int, str], tuple[str, date]] = {}  # (collective, code) → status, since when without a break
    held = LEDGERS[kind].model.objects.filter(ONLY.get(kind, Q()), since__lte=on, collective_id__in=list(heads))
    has_history = kind in {LedgerKind.ASSET, LedgerKind.RESOURCE}
    rows = held if has_history else held.filter(as_of(on))
    ordered = rows.order_by("collective_id", "code", "since", "pk").iterator(chunk_size=CHUNK)
    told = with_things(ordered, on) if kind == LedgerKind.CONTRACT else ((row, {}) for row in ordered)
    for row, more in told:
        more = {"status_since": _status_since(begun, row)} if has_history else more
        if row.until is None or row.until > on:
            head = heads[row.collective_id]
            more |= {"since": row.since, "as_of": on}
            yield {f"{kind}_id": _id(head, row.code), **head, **_told(kind, row, head), **more}


def _status_since(begun: dict[tuple[int, str], tuple[str, date]], row: Any) -> date:
    """Since when a thing has had its status. Only the thing before it in the order is remembered."""
    key = (row.collective_id, row.code)
    known = begun.get(key)
    since: date = known[1] if known is not None and known[0] == row.status else row.since
    begun.clear()
    begun[key] = ("" if row.is_gone else row.status, since)
    return since


def _id(head: Row, code: str) -> str | None:
    return f"{head['collective_name']}/{code}" if code else None


def _told(kind: LedgerKind, row: Kept, head: Row) -> Row:
    told = {name: getattr(row, name) for name in PLAIN[kind]}
    for name in CHOICES.get(kind, ()):
        labels = dict(type(row)._meta.get_field(name).flatchoices or ())  # type: ignore[union-attr]
        told[name] = as_recorded(labels.get(getattr(row, name), "")) or None
    told |= {name: _id(head, getattr(row, held)) for held, name in CODES.get(kind, {}).items()}
    for name, held, mark in WHO:
        if hasattr(row, held):
            told[name] = getattr(row, mark) or getattr(row, held) or None
    if isinstance(row, Journal):
        told["is_outlay"] = row.is_outlay
    if isinstance(row, Works):
        body = None if row.contractor_mark else row.contractor_no or None
        told |= {"unit": head["collective_name"], "contractor": body, "contractor_name": row.contractor}
        told["contractor_id"] = row.contractor_mark or body
    return told
