"""Where issuer and date stand when a seal is to cover them: the date four characters in, the issuer above it."""

import unicodedata
from datetime import date

DATE_FROM_RIGHT = 4.0  # characters


def day_in_words(day: date | None) -> str:
    """2023年1月9日: Arabic digits without leading zeros; room for them where the day is not known yet."""
    if day is None:
        return "　　年　月　日"
    return f"{day.year}年{day.month}月{day.day}日"


def places(issuer: str, day: str) -> tuple[float, float]:
    """How many characters the issuer and the date stand in from the right, one centred on the other."""
    excess = (width(issuer) - width(day)) / 2
    return (DATE_FROM_RIGHT - excess, DATE_FROM_RIGHT) if excess <= DATE_FROM_RIGHT else (0.0, excess)


def width(text: str) -> float:
    return sum(1.0 if unicodedata.east_asian_width(c) in "WFA" else 0.5 for c in text)
