"""Numbers of headings as official documents write them: 一、 （一） 1."""

from typing import Literal

_DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """1 to 99 in Chinese: 一 … 十 十一 … 九十九. Raises ValueError outside that."""
    if not 1 <= number <= 99:
        raise ValueError(f"headings are counted from 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


class Headings:
    """Counts headings: a heading begins the count of those below it anew."""

    def __init__(self) -> None:
        self._counts = [0, 0, 0]

    def number(self, level: Literal[1, 2, 3]) -> str:
        """The number of the next heading of this level, with its punctuation."""
        self._counts[level - 1] += 1
        self._counts[level:] = [0] * (3 - level)
        count = self._counts[level - 1]
        return f"{count}." if level == 3 else f"{chinese(count)}、" if level == 1 else f"（{chinese(count)}）"
