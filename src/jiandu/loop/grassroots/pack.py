"""回头看核查包 of a village: what to look at again out of its ledger, with what was found of it last."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import AssetLookBack, LedgerTick
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.net.access.models import Level
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Asset, Collective, Contract, LedgerKind, Use

STANDING = Q(withdrawn_on__isnull=True)
SHORT = 4  # characters: a shorter name says too little to find a problem by


@dataclass(frozen=True)
class Packed:
    """One asset or resource: its number on the paper, its contract, what is owed, its last finding and look-back.

    `called` is what the look-backs call it, so that one that comes back is about the same asset.
    """

    number: int
    held: object
    contract: Contract | None
    owed_fen: int
    finding: Finding | None
    last: AssetLookBack | None
    tick: LedgerTick | None
    recovered: tuple[MoneyRecovered, ...] = ()  # of its finding, by the day on which each reached the account

    @property
    def code(self) -> str:
        return str(self.held.code)  # type: ignore[attr-defined]

    @property
    def recovered_fen(self) -> int:
        """What of its finding has reached the account, less what went back."""
        return sum(row.amount_fen for row in self.recovered)

    @property
    def called(self) -> str:
        return self.last.asset if self.last else str(self.held.name)  # type: ignore[attr-defined]


def pack(viewer: Viewer, one: Collective) -> list[Packed]:
    """What others use, what stands idle, what is owed for and what was ever found wrong, by code.

    Of findings and look-backs those of level ≤ 1 that the viewer sees. Eleven statements, whatever there is.
    """
    guard.check_is_actor(viewer)
    known = villages.village(viewer, one, today(), but=(LedgerKind.FUND, LedgerKind.WORKS))
    findings, looks, ticks = _findings(one), _looks(one), _ticks(one)
    by_key = {row.pk: row for row in findings}
    rows = []
    for held in known.held:
        tick = ticks.get((_ledger_of(held), held.code))
        look = _look_of(held, looks, tick)
        finding = by_key.get(look.finding_id) if look else None
        finding = finding or (by_key.get(tick.finding_id or 0) if tick else None) or _named(held, findings)
        contract = known.of_thing(held.code)
        owed = sum(known.owed(row.code) for row in known.contracts if row.thing_code == held.code)
        differs = tick is not None and tick.result != LedgerTick.Result.SEEN
        if held.status != Use.IN_USE or finding or owed or differs:
            rows.append((held, contract, owed, finding, look if finding else None, tick))
    money = _money(row[3] for row in rows)
    return [Packed(number, *row, money.get(row[3].pk, ()) if row[3] else ()) for number, row in enumerate(rows, 1)]


def _money(findings: Iterable[Finding | None]) -> dict[int, tuple[MoneyRecovered, ...]]:
    """Finding's key → what was recovered on it, reversals among it. One statement."""
    keys = [one.pk for one in findings if one is not None]
    found: dict[int, tuple[MoneyRecovered, ...]] = {}
    rows = MoneyRecovered.objects.filter(finding_id__in=keys, level__lte=Level.INTERNAL) if keys else []
    for row in sorted(rows, key=lambda row: (row.received_on, row.pk)):
        found[row.finding_id] = (*found.get(row.finding_id, ()), row)
    return found


def _findings(one: Collective) -> list[Finding]:
    """Those of the village, the latest first."""
    rows = Finding.objects.filter(subject_id=one.subject_id, excluded_on__isnull=True, level__lte=Level.INTERNAL)
    return list(rows.order_by("-registered_on", "-pk"))


def _looks(one: Collective) -> list[AssetLookBack]:
    rows = AssetLookBack.objects.filter(STANDING, subject_id=one.subject_id, level__lte=Level.INTERNAL)
    return list(rows.order_by("-on", "-pk"))


def _ticks(one: Collective) -> dict[tuple[str, str], LedgerTick]:
    """(ledger, code) → what was seen of it last."""
    return {(row.kind, row.code): row for row in LedgerTick.objects.filter(collective=one).order_by("pk")}


def _ledger_of(held: object) -> str:
    return str(LedgerKind.ASSET if isinstance(held, Asset) else LedgerKind.RESOURCE)


def _look_of(held: object, looks: list[AssetLookBack], tick: LedgerTick | None) -> AssetLookBack | None:
    """The last look-back at it: of its finding, or by its name or code."""
    of = tick.finding_id if tick else None
    names = {held.name, held.code}  # type: ignore[attr-defined]
    return next((row for row in looks if row.asset in names or (of is not None and row.finding_id == of)), None)


def _named(held: object, findings: list[Finding]) -> Finding | None:
    """The last finding whose words name it by its code, or by a name that is long enough to mean it."""
    code = held.code  # type: ignore[attr-defined]
    words = [f"（{code}）", f"/{code}（"]  # as ticks and as rules say it
    words += [held.name] if len(held.name) >= SHORT else []  # type: ignore[attr-defined]
    return next((row for row in findings if any(word in row.problem for word in words)), None)
