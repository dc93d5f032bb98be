"""A share and between what bounds it lies."""

from math import sqrt

Z = 1.96  # 95 %


def wilson(yes: int, of: int) -> tuple[float, float] | None:
    """Wilson's score interval of `yes` in `of` at 95 % (Wilson 1927); None of nothing."""
    if not of:
        return None
    share, spread = yes / of, Z * Z / of
    middle = (share + spread / 2) / (1 + spread)
    half = Z * sqrt(share * (1 - share) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half))
