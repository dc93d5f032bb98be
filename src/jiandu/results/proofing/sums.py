"""What a sentence says of its own numbers: parts that make 共, a percentage of two of them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jiandu.results.proofing.contexts import BLANK
from jiandu.results.proofing.quantities import Quantity
from jiandu.results.proofing.reading import Number

_TOTAL = re.compile(r"(?:^|[，,；、：（(])\s*(?:以上)?(?:共计|合计|总计|共|总共|累计)[^，。；、：（）\0]{0,12}$")
_IN_ALL = re.compile(r"(?:共计|合计|总计|总共|共|累计)[^，。；、：（）\0]{0,12}$")
_PARTED = re.compile(
    r"^[^，。；、：（）\0]{0,10}(?P<how>，其中[：:，]?|，分别(?:为|是)|[：:]|[（(])[^，。；、：（）\0]{0,12}$"
)
_ONE_MORE = re.compile(r"^[^，。；：（）\0、]{0,10}、[^，。；：（）\0、]{0,14}$")
_LAST = re.compile(r"^[^，。；：（）\0、]{0,12}(?:[。；）)]|，(?=合计|共)|$)")
_SUM = re.compile(r"^[^，。；：（）\0、]{0,12}[，；]?\s*(?:以上)?(?:共计|合计|总计|共|总共)[^，。；、：（）\0]{0,12}$")


@dataclass(frozen=True)
class Sum:
    """A total, by its place among the numbers, with its parts; `is_whole`: the parts claim to be all of it."""

    total: int
    parts: tuple[int, ...]
    least: Decimal
    most: Decimal | None
    is_whole: bool

    def holds(self, total: Quantity) -> bool:
        """Parts of 其中 may leave something out, but are never more than the whole."""
        high = extent(total)[1]
        return self.makes(total) if self.is_whole else high is None or self.least <= high

    def makes(self, total: Quantity) -> bool:
        """Whether the parts add up to it."""
        low, high = extent(total)
        return (high is None or self.least <= high) and (self.most is None or self.most >= low)


def extent(one: Quantity) -> tuple[Decimal, Decimal | None]:
    """From where to where: of a number that is counted one by one the number itself."""
    if not one.is_approximate and one.step == 1:
        return one.said, one.said
    return one.least, one.most


def sums(blanked: str, numbers: Sequence[Number]) -> Iterator[Sum]:
    """Each total of a sentence whose numbers are blank, with its parts."""
    gaps = blanked.split(BLANK)
    for at in range(len(numbers)):
        for parts, is_whole in (_before(gaps, numbers, at), _behind(gaps, numbers, at)):
            if len(parts) > 1:
                yield _sum(numbers, at, parts, is_whole=is_whole)


def _sum(numbers: Sequence[Number], total: int, parts: list[int], *, is_whole: bool) -> Sum:
    bounds = [extent(numbers[part].quantity) for part in parts]
    most = (
        None if any(high is None for _, high in bounds) else sum((high or Decimal(0) for _, high in bounds), Decimal(0))
    )
    return Sum(total, tuple(parts), sum((low for low, _ in bounds), Decimal(0)), most, is_whole)


def _before(gaps: list[str], numbers: Sequence[Number], at: int) -> tuple[list[int], bool]:
    """甲12个、乙8个，共20个."""
    if at < 2 or not _SUM.match(gaps[at]) or not _TOTAL.search(gaps[at]):
        return [], False
    parts = [at - 1]
    while parts[0] > 0 and _ONE_MORE.match(gaps[parts[0]]):
        parts.insert(0, parts[0] - 1)
    is_same = all(_is_same(numbers[part], numbers[at]) for part in parts)
    return (parts, True) if is_same else ([], False)


def _behind(gaps: list[str], numbers: Sequence[Number], at: int) -> tuple[list[int], bool]:
    """共20个，其中甲12个、乙8个."""
    how = _PARTED.match(gaps[at + 1]) if _IN_ALL.search(gaps[at]) else None
    if how is None:
        return [], False
    parts = [at + 1] if at + 1 < len(numbers) else []
    while parts and parts[-1] + 1 < len(numbers) and _ONE_MORE.match(gaps[parts[-1] + 1]):
        parts.append(parts[-1] + 1)
    is_same = bool(parts) and all(_is_same(numbers[part], numbers[at]) for part in parts)
    if not is_same or not _LAST.match(gaps[parts[-1] + 1]):
        return [], False
    return parts, not how["how"].startswith("，其中")


def _is_same(one: Number, other: Number) -> bool:
    return one.unit == other.unit and not one.is_percent


def shares(numbers: Sequence[Number], at: int) -> Iterator[tuple[int, int, Decimal]]:
    """Each pair of the sentence of which the percentage may be: part, whole, percent; the nearest pair first."""
    before = [place for place in range(at - 1, -1, -1) if not numbers[place].is_percent]
    for part in before:
        for whole in before:
            one, all_ = numbers[part], numbers[whole]
            if part != whole and one.unit == all_.unit and 0 < one.quantity.said <= all_.quantity.said:
                yield part, whole, one.quantity.said * 100 / all_.quantity.said
