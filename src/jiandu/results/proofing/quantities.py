"""What a written number says: its value, and the bounds within which the true value may lie."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
SECTIONS = {"万": 10_000, "亿": 100_000_000}
TEN, HALF = Decimal(10), Decimal("0.5")
NEARLY, ABOUT = Decimal("0.9"), Decimal("0.05")


@dataclass(frozen=True)
class Quantity:
    """The number as written, its last place, and the bounds; `most` None: no upper bound. Open: the bound itself is out."""

    said: Decimal
    step: Decimal
    least: Decimal
    most: Decimal | None
    is_open_below: bool = False
    is_open_above: bool = True
    is_approximate: bool = False

    def fits(self, value: Decimal | int) -> bool:
        """Whether the true value may be written so."""
        true = Decimal(value)
        if true < self.least or (self.is_open_below and true == self.least):
            return False
        return self.most is None or true < self.most or (not self.is_open_above and true == self.most)

    def overlaps(self, least: Decimal, most: Decimal | None) -> bool:
        """Whether something between these two may be written so."""
        return (self.most is None or least <= self.most) and (most is None or most >= self.least)


def plain(said: Decimal, step: Decimal) -> Quantity:
    """A number that claims to be exact: rounded or cut off at its last place."""
    return Quantity(said, step, said - step * HALF, said + step)


def some(said: Decimal, step: Decimal) -> Quantity:
    """20余, 3万多: more than that, less than one more of the last place that is not zero."""
    return Quantity(said, step, said, said + grain(said, step), is_open_below=True, is_approximate=True)


def between(one: Quantity, other: Quantity) -> Quantity:
    """20—30, 七八个."""
    return replace(one, most=other.most, is_approximate=True)


def grain(said: Decimal, step: Decimal) -> Decimal:
    """The worth of the last place that is not zero: 950 → 10, 3.2万 → 1000."""
    worth = step
    while said and said % (worth * TEN) == 0:
        worth *= TEN
    return worth


def approximated(one: Quantity, word: str) -> Quantity:
    """A number with a word before or behind it: 近, 约, 超过, 以上, 不足 …"""
    bounds = _bounds(one, word)
    return one if bounds is None else replace(bounds, said=one.said, step=one.step, is_approximate=True)


def _bounds(one: Quantity, word: str) -> Quantity | None:
    said, step = one.said, one.step
    if word in NEAR:
        return Quantity(said, step, said * NEARLY, said)
    if word in ROUGHLY:
        wide = max(said * ABOUT, step * HALF)
        return Quantity(
            said, step, min(one.least, said - wide), max(one.most or said, said + wide), is_open_above=False
        )
    if word in OVER:
        return Quantity(said, step, said, None, is_open_below=True)
    if word in FROM:
        return Quantity(said, step, said, None)
    if word in UNDER:
        return Quantity(said, step, Decimal(0), said)
    if word in UP_TO:
        return Quantity(said, step, Decimal(0), said, is_open_above=False)
    return None


NEAR = ("近", "将近", "接近")
ROUGHLY = ("约", "大约", "约为", "左右", "上下")
OVER = ("超过", "超", "逾", "突破", "余", "多")
FROM = ("不少于", "不低于", "至少", "以上")
UNDER = ("不足", "不到", "不满")
UP_TO = ("不超过", "以下", "以内")
BEFORE = (*NEAR, *ROUGHLY[:3], *OVER[:4], *FROM[:3], *UNDER, UP_TO[0])
BEHIND = (*ROUGHLY[3:], FROM[3], *UP_TO[1:])


def chinese(text: str) -> int | None:
    """二十三, 一万零五十, 三万五 (35,000); None for what is no number."""
    total = section = number = 0
    last = 1
    for char in text:
        if char in DIGITS:
            if number:
                return None
            number = DIGITS[char]
        elif char in TENS:
            section += (number or (1 if not section else 0)) * TENS[char]
            number, last = 0, TENS[char]
        elif char in SECTIONS:
            section = section + number or 1
            total = (total + section) * SECTIONS[char] if char == "亿" else total + section * SECTIONS[char]
            section, number, last = 0, 0, SECTIONS[char]
        else:
            return None
    is_short = number and last > TENS["十"] and text[-2] not in "零〇"
    return total + section + number * (last // 10 if is_short else 1)


_PAIR = re.compile(r"(.*[十百千万])?([一二两三四五六七八])([二三四五六七八九])([十百千万]*)")


def in_chinese(text: str) -> Quantity | None:
    """A number in Chinese numerals: exact, 七八 (a range), 十几 and 百余 (some)."""
    if text[0] in "数几" and len(text) > 1:  # 数十, 几百: more than one of them, less than ten
        one = chinese(text[1:])
        return (
            None
            if not one
            else Quantity(Decimal(one), Decimal(1), Decimal(2 * one), Decimal(10 * one), is_approximate=True)
        )
    if text[0] == "上" or text[-1] in "余多几":
        return _more(text)
    pair = _PAIR.fullmatch(text)
    if pair and (pair[4] or pair[1] is None or pair[1].endswith("十")):
        head, tail = pair[1] or "", pair[4]
        low, high = chinese(head + pair[2] + tail), chinese(head + pair[3] + tail)
        return None if not low or not high or low >= high else between(_whole(low), _whole(high))
    value = chinese(text)
    return None if value is None else _whole(value)


def _more(text: str) -> Quantity | None:
    value = chinese(text.strip("上余多几"))
    if not value:
        return None
    if text[0] == "上":  # 上百: not less, and less than the next power
        return Quantity(Decimal(value), Decimal(1), Decimal(value), Decimal(value * 10), is_approximate=True)
    return some(Decimal(value), Decimal(1))


def _whole(value: int) -> Quantity:
    return plain(Decimal(value), Decimal(1))


def in_arabic(digits: str, scale: str = "", more: str = "") -> Quantity:
    """1,234.5 with 万 and 余: the number in units, not in ten thousands."""
    bare = digits.replace(",", "").replace("，", "")
    worth = Decimal(chinese(scale) or 1)
    step = worth / TEN ** len(bare.partition(".")[2])
    said = Decimal(bare) * worth
    return some(said, step) if more else plain(said, step)
