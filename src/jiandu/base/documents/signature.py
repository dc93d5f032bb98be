"""Where issuer and date stand when a seal is to cover them: the date four characters in, the issuer above it."""

import unicodedata
from datetime import date

DATE_FROM_RIGHT = 4.0  # characters


def day_in_words(day: date) -> str:
    """2023年1月9日: Arabic digits without leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


def places(issuer: str, day: str) -> tuple[float, float]:
    """How many characters the issuer and the date stand in from the right, one centred on the other."""
    excess = (_width(issuer) - _width(day)) / 2
    return (DATE_FROM_RIGHT - excess, DATE_FROM_RIGHT) if excess <= DATE_FROM_RIGHT else (0.0, excess)


def _width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
