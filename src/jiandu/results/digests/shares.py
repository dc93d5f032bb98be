"""占比: percentages of parts that sum to exactly 100."""

from collections.abc import Sequence
from decimal import Decimal

HUNDRED = Decimal(100)


def percentages(counts: Sequence[int], places: int = 1, of: Decimal = HUNDRED) -> list[Decimal] | None:
    """The share of each count in their sum, by largest remainder: each within one last digit of its true share. None of 0.

    Of equal remainders the larger count is rounded up, then the earlier. `of`: what they share, with no more than `places`
    digits; below a hundred where the sum itself is a part of something.
    """
    if any(count < 0 for count in counts):
        raise ValueError(f"negative: {min(counts)}")
    whole, units = sum(counts), int(of.scaleb(places))
    if not whole:
        return None
    floors = [divmod(count * units, whole) for count in counts]
    left = units - sum(floor for floor, _rest in floors)
    order = sorted(range(len(counts)), key=lambda place: (-floors[place][1], -counts[place], place))
    raised = set(order[:left])
    return [Decimal(floor + (place in raised)).scaleb(-places) for place, (floor, _rest) in enumerate(floors)]
