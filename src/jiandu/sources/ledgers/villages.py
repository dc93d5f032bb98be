"""Reads of collectives: the list by place, what a village's ledgers say on a day, what changed between two, one thing's history."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, Count, F, Max, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.net.subjects.models import Region
from jiandu.sources.ledgers.arrears import Unpaid, unpaid
from jiandu.sources.ledgers.collectives import (
    Asset,
    Collective,
    Contract,
    Due,
    Fund,
    Kept,
    LedgerKind,
    LedgerSheet,
    Receipt,
    Resource,
    Use,
    Works,
)
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.sources.ledgers.journals import Disclosure
from jiandu.sources.ledgers.scans import ContractScan

STANDING = Q(withdrawn_on__isnull=True)
SOON = 90  # days within which a contract's end is told
OPEN_CONTRACTS = (Contract.Status.RUNNING, Contract.Status.LITIGATION)


@dataclass(frozen=True)
class Narrowed:
    """What the list of collectives is limited to."""

    district: int | None = None
    street: int | None = None
    text: str = ""


def as_of(on: date) -> Q:
    """The condition that a row is what the ledger said on that day."""
    return Q(since__lte=on) & (Q(until__isnull=True) | Q(until__gt=on))


def collectives(viewer: Viewer, on: date, narrowed: Narrowed = Narrowed()) -> QuerySet[Collective]:
    """Those in scope, by place, each with how many assets, occupied ones, running contracts, and its last sheet's day."""
    guard.check_is_actor(viewer)
    found = Collective.objects.filter(STANDING)
    for key in ("district", "street"):
        if getattr(narrowed, key):
            found = found.filter(**{f"{key}_id": getattr(narrowed, key)})
    text = narrowed.text.strip()
    if text:
        found = found.filter(Q(name__contains=text) | Q(credit_code=text.upper()))
    found = found.annotate(
        n_assets=_count(Asset, as_of(on)),
        n_occupied=_count(Asset, as_of(on) & Q(status=Use.OCCUPIED)),
        n_contracts=_count(Contract, as_of(on) & Q(status__in=OPEN_CONTRACTS)),
        n_ending=_count(Contract, as_of(on) & _ends_soon(on)),
        told_on=Subquery(_of_row(LedgerSheet).values("collective").annotate(n=Max("as_of")).values("n")),
    )
    return found.select_related("district", "street", "subject").order_by(
        "district__code", "street__code", "name", "pk"
    )


def _of_row(model: Any) -> Any:
    return parts_of_row(model).order_by()


def _count(model: Any, condition: Q) -> Any:
    rows = _of_row(model).filter(condition).values("collective").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows), 0)


def _ends_soon(on: date) -> Q:
    return Q(status__in=OPEN_CONTRACTS, end_on__gte=on, end_on__lte=on + timedelta(days=SOON))


def owed_by(viewer: Viewer, rows: list[Collective], on: date) -> dict[int, int]:
    """Collective key → fen owed to it on the day. Two statements."""
    guard.check_is_actor(viewer)
    keys = [row.pk for row in rows]
    dues: dict[int, list[Any]] = {key: [] for key in keys}
    receipts: dict[int, list[Any]] = {key: [] for key in keys}
    for model, found in ((Due, dues), (Receipt, receipts)):
        for row in model.objects.filter(as_of(on), collective_id__in=keys):
            found[row.collective_id].append(row)
    return {key: sum(row.fen for row in unpaid(dues[key], receipts[key], on)) for key in keys}


def districts(viewer: Viewer) -> list[tuple[str, str]]:
    """The districts in which there are collectives, for a filter."""
    guard.check_is_actor(viewer)
    keys = Collective.objects.filter(STANDING, district__isnull=False).order_by().values("district_id").distinct()
    return _named(keys)


def towns(viewer: Viewer, district: int) -> list[tuple[str, str]]:
    """The towns of a district in which there are collectives, for a filter."""
    guard.check_is_actor(viewer)
    own = Collective.objects.filter(STANDING, district_id=district, street__isnull=False).order_by()
    return _named(own.values("street_id").distinct())


def _named(keys: Any) -> list[tuple[str, str]]:
    """Divisions by their keys, as a filter has them: what it is asked comes as text."""
    found = Region.objects.filter(pk__in=keys).order_by("code").values_list("pk", "name")
    return [(str(key), name) for key, name in found]


def collective_by_uid(viewer: Viewer, uid: UUID) -> Collective | None:
    """The collective, if it is in scope, with the last two days of its sheets, `told_on` and `told_before`, and the last
    period of which it showed its money: `shown_of`; of how many contracts there is a scan: `n_scanned`."""
    guard.check_is_actor(viewer)
    scans = _of_row(ContractScan).filter(STANDING).values("collective").annotate(n=Count("code", distinct=True))
    shown = _of_row(Disclosure).filter(until__isnull=True).values("period_on").order_by("-period_on")
    days = _of_row(LedgerSheet).values("as_of").distinct().order_by("-as_of")
    found = Collective.objects.select_related("district", "street", "owner_office", "subject").filter(uid=uid)
    told = {"told_on": days[:1], "told_before": days[1:2], "shown_of": shown[:1]}
    last = {name: Subquery(row) for name, row in told.items()}
    return found.annotate(**last, n_scanned=Coalesce(Subquery(scans.values("n")), 0)).first()


def of_village(viewer: Viewer, village: int) -> Collective | None:
    """The collective of a village, by the village's key."""
    guard.check_is_actor(viewer)
    return Collective.objects.filter(STANDING, subject_id=village).order_by("pk").first()


def sheets(viewer: Viewer, one: Collective) -> list[LedgerSheet]:
    """The sheets that were taken in, newest first."""
    guard.check_is_actor(viewer)
    return list(LedgerSheet.objects.filter(collective=one).order_by("-as_of", "-pk"))


def rows_on(viewer: Viewer, one: Collective, kind: str, on: date) -> QuerySet[Any]:
    """What a ledger said on the day, by code."""
    guard.check_is_actor(viewer)
    return LEDGERS[LedgerKind(kind)].model.objects.filter(as_of(on), collective=one).order_by("code", "pk")


def sizes(viewer: Viewer, one: Collective, kinds: Iterable[LedgerKind], on: date) -> dict[LedgerKind, int]:
    """How many rows each of these ledgers had on the day. One statement."""
    counts = {str(kind): _count(LEDGERS[kind].model, as_of(on)) for kind in kinds}
    found = collectives_by_pk(viewer, one.pk).annotate(**{f"n_{key}": count for key, count in counts.items()}).first()
    return {LedgerKind(key): getattr(found, f"n_{key}", 0) for key in counts}


def collectives_by_pk(viewer: Viewer, pk: int) -> QuerySet[Collective]:
    """The one with this key, if it is in scope."""
    guard.check_is_actor(viewer)
    return Collective.objects.filter(pk=pk)


@dataclass
class Village:
    """What a village's ledgers said on a day, and what of it needs looking at."""

    on: date
    assets: list[Asset] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    funds: list[Fund] = field(default_factory=list)
    unpaid: list[Unpaid] = field(default_factory=list)
    works: list[Works] = field(default_factory=list)
    journal: list["Booked"] = field(default_factory=list)

    @property
    def held(self) -> list[Any]:
        return [*self.assets, *self.resources]

    @property
    def running(self) -> list[Contract]:
        return [row for row in self.contracts if row.status in OPEN_CONTRACTS]

    @property
    def ending(self) -> list[Contract]:
        """Running ones that end within ninety days, the next first."""
        last = self.on + timedelta(days=SOON)
        return sorted((row for row in self.running if row.end_on and self.on <= row.end_on <= last), key=_end)

    @property
    def expired(self) -> list[Contract]:
        """Past their end, and still kept as running."""
        return sorted((row for row in self.running if row.end_on and row.end_on < self.on), key=_end)

    @property
    def bare(self) -> list[Any]:
        """Others hold it, and no running contract in its term is about it."""
        covered = {row.thing_code for row in self.running if not (row.end_on and row.end_on < self.on)}
        return [row for row in self.held if row.status == Use.OCCUPIED and row.code not in covered]

    @property
    def off(self) -> list[Fund]:
        """Books and bank do not agree."""
        return [row for row in self.funds if row.off_fen]

    @property
    def doubtful(self) -> list[Works]:
        """Works and purchases in whose row something speaks against something else."""
        return [row for row in self.works if doubts(row)]

    def contract(self, code: str) -> Contract | None:
        return next((row for row in self.contracts if row.code == code), None)

    def of_thing(self, code: str) -> Contract | None:
        """The contract about a thing: a running one, else the last."""
        own = [row for row in self.contracts if row.thing_code == code]
        return max(own, key=lambda row: (row.status in OPEN_CONTRACTS, row.start_on), default=None)

    def owed(self, code: str) -> int:
        """What is owed under a contract."""
        return sum(row.fen for row in self.unpaid if row.contract_code == code)


MUCH = 10  # percent of the contract: changes beyond it are told


def doubts(row: Works) -> list[str]:
    """What of a row speaks against something else in it: words of DOUBTS in the order in which works go."""
    price = row.contract_fen
    whole = (price or 0) + (row.changed_fen or 0)
    owed = whole if row.settled_fen is None else row.settled_fen
    paid, budget = row.paid_fen or 0, row.budget_fen
    said = {
        "late_decision": bool(row.decision_on and row.signed_on and row.decision_on > row.signed_on),
        "over_budget": price is not None and budget is not None and whole > budget,
        "changed": bool(price) and (row.changed_fen or 0) * 100 > (price or 0) * MUCH,
        "over_paid": price is not None and paid > owed,
        "unaccepted": bool(price) and row.accepted_on is None and paid >= whole,
    }
    return [key for key, holds in said.items() if holds]


def _end(row: Contract) -> tuple[date, str]:
    return row.end_on or date.max, row.code


def village(viewer: Viewer, one: Collective, on: date, *, but: Collection[LedgerKind] = ()) -> Village:
    """A statement a ledger, dues, receipts and journal in one, whatever there is. `but`: ledgers not asked for stay empty."""
    without = {LedgerKind.DUE, LedgerKind.RECEIPT, LedgerKind.JOURNAL, LedgerKind.DISCLOSURE, *but}
    rows: dict[LedgerKind, list[Any]] = {
        kind: [] if kind in without else list(rows_on(viewer, one, kind, on)) for kind in LedgerKind
    }
    dues, receipts, journal = _money(viewer, one, on)
    return Village(
        on,
        rows[LedgerKind.ASSET],
        rows[LedgerKind.RESOURCE],
        rows[LedgerKind.CONTRACT],
        rows[LedgerKind.FUND],
        unpaid(dues, receipts, on),
        rows[LedgerKind.WORKS],
        journal,
    )


@dataclass(frozen=True)
class Booked:
    """A line of the journal as sums need it."""

    code: str
    account: str
    booked_on: date
    income_fen: int | None
    outlay_fen: int | None
    balance_fen: int | None


def booked(viewer: Viewer, one: Collective, on: date) -> list[Booked]:
    """The lines of the journal on the day, in no order."""
    return [Booked(*row) for row in rows_on(viewer, one, LedgerKind.JOURNAL, on).order_by().values_list(*BOOKED)]


BOOKED = ("code", "account", "booked_on", "income_fen", "outlay_fen", "balance_fen")


@dataclass(frozen=True)
class _Claim:
    """What a due says to arrears."""

    code: str
    contract_code: str
    due_on: date
    amount_fen: int
    reduced_fen: int


@dataclass(frozen=True)
class _Paid:
    """What a receipt that reached the account says to arrears."""

    contract_code: str
    due_code: str
    amount_fen: int
    banked_on: date


def _money(viewer: Viewer, one: Collective, on: date) -> tuple[list[_Claim], list[_Paid], list[Booked]]:
    """Dues, receipts that reached the account, the journal, in the order of their codes. One statement: a page counts them."""
    dues = rows_on(viewer, one, LedgerKind.DUE, on).order_by()
    paid = rows_on(viewer, one, LedgerKind.RECEIPT, on).filter(banked_on__isnull=False).order_by()
    lines = rows_on(viewer, one, LedgerKind.JOURNAL, on).order_by()
    none = Value(0, BigIntegerField())  # of a type: one without is text to PostgreSQL
    claims = dues.values_list(Value(0), "code", "contract_code", Value(""), "due_on", "amount_fen", "reduced_fen", none)
    receipts = paid.values_list(Value(1), "code", "contract_code", "due_code", "banked_on", "amount_fen", none, none)
    journal = lines.values_list(
        Value(2), "code", "account", Value(""), "booked_on", "income_fen", "outlay_fen", "balance_fen"
    )
    rows = sorted(claims.union(receipts, journal, all=True), key=lambda row: row[1])
    return (
        [_Claim(row[1], row[2], row[4], row[5], row[6]) for row in rows if row[0] == 0],
        [_Paid(row[2], row[3], row[5], row[4]) for row in rows if row[0] == 1],
        [Booked(row[1], row[2], *row[4:]) for row in rows if row[0] == 2],
    )


@dataclass(frozen=True)
class Moved:
    """What changed of one thing between two days: what the ledger said at the first, and at the second."""

    kind: LedgerKind
    code: str
    before: Kept | None
    after: Kept | None

    @property
    def act(self) -> str:
        return "added" if self.before is None else "gone" if self.after is None else "changed"

    @property
    def keys(self) -> list[str]:
        """The columns that differ."""
        if self.before is None or self.after is None:
            return []
        names = (name for name in LEDGERS[self.kind].fields if not name.endswith("_mark"))
        return [name for name in names if getattr(self.before, name) != getattr(self.after, name)]


def moved_kinds(sent: Iterable[LedgerSheet], first: date, second: date) -> list[LedgerKind]:
    """The ledgers whose sheets of these days, out of `sent`, changed something; of a journal that only grew nothing is told."""
    own = [row for row in sent if first < row.as_of <= second]
    told = {row.kind for row in own if row.changed or row.gone or (row.added and row.kind != LedgerKind.JOURNAL)}
    return [kind for kind in LEDGERS if kind in told]


def changes(
    viewer: Viewer, one: Collective, first: date, second: date, kinds: Iterable[LedgerKind] = LEDGERS
) -> list[Moved]:
    """What these ledgers said otherwise on the second day. A statement a ledger."""
    guard.check_is_actor(viewer)
    found = []
    for ledger in (LEDGERS[kind] for kind in kinds):
        began, ended = Q(since__gt=first, since__lte=second), Q(until__gt=first, until__lte=second)
        rows: dict[str, dict[str, Kept]] = {}
        for row in ledger.model.objects.filter(began | ended, collective=one).order_by("code", "pk"):
            own = rows.setdefault(row.code, {})
            own |= {name: row for name, day in (("before", first), ("after", second)) if _says(row, day)}
        moved = (Moved(ledger.kind, code, own.get("before"), own.get("after")) for code, own in rows.items())
        found += [each for each in moved if each.act != "changed" or each.keys]
    return [each for each in found if each.before or each.after]


def _says(row: Kept, day: date) -> bool:
    return row.since <= day and (row.until is None or row.until > day)


def history(viewer: Viewer, one: Collective, kind: str, code: str) -> list[Any]:
    """All that the ledger ever said of one thing, the latest first, each with its sheet."""
    guard.check_is_actor(viewer)
    rows = LEDGERS[LedgerKind(kind)].model.objects.filter(collective=one, code=code)
    return list(rows.prefetch_related("sheet").order_by(F("until").desc(nulls_first=True), "-since", "-pk"))


def row_by_uid(viewer: Viewer, one: Collective, kind: str, uid: UUID) -> Any | None:
    """One row of a ledger of the collective."""
    guard.check_is_actor(viewer)
    return LEDGERS[LedgerKind(kind)].model.objects.filter(collective=one, uid=uid).first()
