"""What is owed on a day, out of the dues and receipts that it is given: money counts once it has reached the account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Protocol

#: Days overdue: up to and with how many, by the word of a filter.
AGES = {"m1": (1, 30), "m3": (31, 90), "y1": (91, 365), "more": (366, 100_000)}


class DueLike(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def contract_code(self) -> str: ...
    @property
    def due_on(self) -> date: ...
    @property
    def amount_fen(self) -> int: ...
    @property
    def reduced_fen(self) -> int: ...


class ReceiptLike(Protocol):
    @property
    def contract_code(self) -> str: ...
    @property
    def due_code(self) -> str: ...
    @property
    def amount_fen(self) -> int: ...
    @property
    def banked_on(self) -> date | None: ...


@dataclass(frozen=True)
class Unpaid:
    """An instalment of which something is still owed: of what contract, since when, how much."""

    contract_code: str
    due_code: str
    due_on: date
    fen: int

    def days(self, on: date) -> int:
        """How many days it is overdue: none on the day itself."""
        return (on - self.due_on).days

    def age(self, on: date) -> str:
        """Its age, a key of AGES; "" on the day on which it is due."""
        return next((key for key, (least, most) in AGES.items() if least <= self.days(on) <= most), "")


def unpaid(dues: Iterable[DueLike], receipts: Iterable[ReceiptLike], on: date) -> list[Unpaid]:
    """The instalments due by the day, less what was let off and what had reached the account by then, the oldest first.

    A receipt that names its due pays that one; what is left of it, and one that names none, pays the contract's oldest.
    """
    own: dict[str, list[DueLike]] = {}
    for due in sorted(dues, key=lambda due: (due.due_on, due.code)):
        own.setdefault(due.contract_code, []).append(due)
    paid: dict[str, list[ReceiptLike]] = {}
    for receipt in receipts:
        if receipt.banked_on is not None and receipt.banked_on <= on:
            paid.setdefault(receipt.contract_code, []).append(receipt)
    found = [row for code, rows in own.items() for row in _of_contract(code, rows, paid.get(code, []), on)]
    return sorted(found, key=lambda row: (row.due_on, row.contract_code, row.due_code))


def _of_contract(code: str, dues: list[DueLike], receipts: list[ReceiptLike], on: date) -> list[Unpaid]:
    left = {due.code: due.amount_fen - due.reduced_fen for due in dues}
    over = 0
    for receipt in receipts:
        used = min(left.get(receipt.due_code, 0), receipt.amount_fen)
        if used:
            left[receipt.due_code] -= used
        over += receipt.amount_fen - used
    rows = []
    for due in dues:  # the oldest first, those of a later day too: they may have been paid ahead
        used = min(left[due.code], over) if due.due_on <= on else 0
        over, fen = over - used, left[due.code] - used
        if fen > 0 and due.due_on <= on:
            rows.append(Unpaid(code, due.code, due.due_on, fen))
    return rows
