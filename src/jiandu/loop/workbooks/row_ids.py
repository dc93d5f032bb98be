"""What the hidden cell of a unit sheet's row says: which finding and measure, as they stood, and that it was we who wrote it.

With the values that stood in the open cells, what the unit has changed is told from what it has left alone.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zlib import crc32

from django.core import signing

from jiandu.loop.findings.models import Finding, Measure

_SIGNER = signing.Signer(salt="jiandu.unit-sheet", sep=".")
_OWED = signing.Signer(salt="jiandu.owed-sheet", sep=".")
_RESULTS = tuple(Measure.Result.values)


@dataclass(frozen=True)
class RowId:
    """`steps` is how many steps the finding had when the sheet was written; `measure` is 0 for a row without one.

    `rectifier` is a checksum of the name: it is only compared.
    """

    finding: UUID
    measure: int
    steps: int
    percent: int = 0
    result: str = str(Measure.Result.NOT_BEGUN)
    done_on: date | None = None
    rectifier: int = 0

    def __str__(self) -> str:
        day = self.done_on.toordinal() if self.done_on else 0
        numbers = (self.measure, self.steps, self.percent, _RESULTS.index(self.result), day, self.rectifier)
        return _SIGNER.sign("-".join([self.finding.hex, *map(str, numbers)]))

    def has_left(self, rectifier: str) -> bool:
        """Whether the sheet's cell still holds the name that stood there."""
        return crc32(rectifier.encode()) == self.rectifier


def row_id(finding: Finding, measure: Measure | None) -> RowId:
    """The id of the row as the records stand."""
    name = crc32(finding.rectifier_name.encode())
    if measure is None:
        return RowId(finding.uid, 0, finding.step_count, rectifier=name)
    said = measure.progress_percent, measure.result, measure.done_on
    return RowId(finding.uid, measure.pk, finding.step_count, *said, rectifier=name)


def parse(text: str) -> RowId | None:
    """The inverse of str(); None for what we did not write, cut short or mixed up by hand."""
    try:
        finding, *rest = _SIGNER.unsign(text).split("-")
        measure, steps, percent, result, day, name = map(int, rest)
        done_on = date.fromordinal(day) if day else None
        return RowId(UUID(hex=finding), measure, steps, percent, _RESULTS[result], done_on, name)
    except (signing.BadSignature, ValueError, IndexError):
        return None


@dataclass(frozen=True)
class OwedId:
    """Of a row that a unit owes beside its problems: the kind, the record, and what its grey cells said (only compared)."""

    kind: str
    uid: UUID
    said: str

    def __str__(self) -> str:
        return _OWED.sign(f"{self.kind}-{self.uid.hex}-{crc32(self.said.encode())}")

    @classmethod
    def parse(cls, text: str, said: str) -> "OwedId | None":
        """The inverse; None for what we did not write, or wrote for a row whose grey cells said something else."""
        try:
            kind, uid, sum_ = _OWED.unsign(text).split("-")
            found = cls(kind, UUID(hex=uid), said)
        except (signing.BadSignature, ValueError):
            return None
        return found if int(sum_) == crc32(said.encode()) else None
