"""Finds the numbers of a text that count something, with unit and bounds; dates, ordinals and names of things are none."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from jiandu.results.proofing.quantities import BEFORE, BEHIND, Quantity, approximated, between, in_arabic, in_chinese

#: Full-width digits and signs as ASCII, place for place; the comma stays, which is a pause in Chinese.
NARROW = str.maketrans("０１２３４５６７８９．％　", "0123456789.% ")
#: What things are counted in, beside the units of the measures.
COUNTED_IN = (*"个件条项份名人家次场轮批起户宗篇期处所位例支类种台套元", "人次", "家次", "件次", "场次", "人天")
MONEY = ("元", "万元", "亿元")
_ARABIC = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALE = r"[十百千]?[万亿]|百|千"
_NUMERAL = "零〇一二两三四五六七八九十百千万亿"
_CHINESE = rf"上[百千万]|[数几][十百千万亿]+|[{_NUMERAL}]+[余多几]?"
_CORE = rf"(?:(?P<@d>{_ARABIC})(?P<@m>[余多])?(?P<@s>{_SCALE})?(?P<@n>[余多])?|(?P<@c>{_CHINESE}))"
_TO = r"\s*(?:-|—|–|~|～|－|至|到){1,2}\s*"
_FAR = 12
_DAYS = r"(?:个)?(?:多)?(?:月|工作日|小时|分钟|星期|季度|百分点)|点(?![零一二三四五六七八九\d])|[年月日号时岁周天度倍届级层]"
#: What looks like a number to be proved and is none.
_NOT = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"(?:\d+|[{_NUMERAL}]+)\s*(?:[-—–~～至到]+\s*(?:\d+|[{_NUMERAL}]+))?\s*(?:{_DAYS})(?!\d*[%])",  # dates, terms
        r"\d{4}\s*[-./]\s*\d{1,2}(?:\s*[-./]\s*\d{1,2})?(?!\d)",  # 2022-12-31, 2022.12
        r"[〔\[（(【]\s*\d{4}\s*[〕\]）)】]\s*\d*\s*号?",  # 〔2022〕15号
        rf"第\s*(?:\d+|[{_NUMERAL}]+)\S?",  # 第十八条
        rf"每[^，。；、\d{_NUMERAL}]{{0,8}}(?:\d+|[{_NUMERAL}]+)\S?",  # 每3个月
        r"\d{1,2}[:：]\d{2}",  # 10:30
        r"0\d{2,3}-\d{7,8}|(?<!\d)1[3-9]\d{9}(?!\d)|[0-9A-Z]{15,}",  # telephones, codes of units and persons
        r"[A-Za-z]+[-.]?\d+(?:\.\d+)*|\d+[A-Za-z]+\w*|\d+\+\w|\d+/\d+",  # A3, 1+X
        r"^\s*(?:\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[)）])",  # list numbers
        r"(?<=[。；：])\s*(?:\d{1,2}[.、．](?!\d)|[（(]\d{1,2}[)）])",
        r"《[^》\n]*》",
        rf"[“‘「][^”’」\n]{{0,{_FAR}}}[”’」]",  # “四定”, “一肩挑”, “12345”
    )
)
_THOUSANDS = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")


@dataclass(frozen=True)
class Number:
    """A number where it stands: from `start` to `end` with its unit; `is_soft`: perhaps no figure at all (两个, 三项)."""

    start: int
    end: int
    text: str
    unit: str
    quantity: Quantity
    is_soft: bool = False

    @property
    def is_percent(self) -> bool:
        return self.unit == "%"


@cache
def _pattern(units: tuple[str, ...]) -> "re.Pattern[str]":
    known = "|".join(map(re.escape, sorted({*units, *COUNTED_IN}, key=len, reverse=True)))
    before = "|".join(sorted(BEFORE, key=len, reverse=True))
    return re.compile(
        rf"(?P<before>{before})?\s*(?:(?P<percent>百分之)(?P<p>[{_NUMERAL}点]+)|"
        rf"{_CORE.replace('@', 'a')}(?:{_TO}{_CORE.replace('@', 'b')})?)"
        rf"\s*(?P<unit>%|{known})?(?P<behind>{'|'.join(BEHIND)})?"
    )


def read(text: str, units: Iterable[str] = ()) -> list[Number]:
    """The numbers of a text, in order."""
    narrow = _THOUSANDS.sub(",", text).translate(NARROW)
    out = [said.span() for pattern in _NOT for said in pattern.finditer(narrow)]
    return [one for one in _found(text, narrow, tuple(units)) if not _is_within(one, out)]


def _is_within(one: Number, spans: list[tuple[int, int]]) -> bool:
    return any(start < one.end and one.start < end for start, end in spans)


def _found(text: str, narrow: str, units: tuple[str, ...]) -> Iterator[Number]:
    for said in _pattern(units).finditer(narrow):
        quantity = _quantity(said)
        if quantity is None:
            continue
        begin = said.start() + len(said[0]) - len(said[0].lstrip())
        unit = "%" if said["percent"] else said["unit"] or ""
        end = said.end() if said["behind"] or unit else _end(said)
        if not said["ad"] and not unit:
            continue  # 一体推进, 十分: words
        is_soft = not unit or (said["ac"] is not None and len(said["ac"]) == 1)
        for word in (said["before"], said["behind"]):
            quantity = approximated(quantity, word) if word else quantity
        yield Number(begin, end, text[begin:end], unit, quantity, is_soft)


def _end(said: "re.Match[str]") -> int:
    """Where the number ends that has no unit."""
    return max(said.end(name) for name in said.re.groupindex if name not in ("unit", "behind"))


def _quantity(said: "re.Match[str]") -> Quantity | None:
    if said["percent"]:
        return _hundredths(said["p"])
    one, other = _core(said, "a"), _core(said, "b")
    if one is None:
        return None
    if other is None:
        return None if said["bd"] or said["bc"] else one
    return between(*_scaled(said, one, other)) if one.said < other.said else None


def _scaled(said: "re.Match[str]", one: Quantity, other: Quantity) -> tuple[Quantity, Quantity]:
    """3—5万: both are ten thousands."""
    if said["ad"] and said["bs"] and not said["as"]:
        one = in_arabic(said["ad"], said["bs"])
    return one, other


def _core(said: "re.Match[str]", side: str) -> Quantity | None:
    if said[f"{side}d"]:
        more = said[f"{side}m"] or said[f"{side}n"] or ""
        return in_arabic(said[f"{side}d"], said[f"{side}s"] or "", more)
    word = said[f"{side}c"]
    if not word or word == "一" or (word[0] in "百千万亿" and word[-1] not in "余多几"):
        return None  # 一个, 千家万户
    return in_chinese(word)


def _hundredths(word: str) -> Quantity | None:
    """三十五点五."""
    whole, _, rest = word.partition("点")
    value = in_chinese(whole) if whole else None
    if value is None or not rest:
        return value
    digits = "".join(str("零一二三四五六七八九".find(char.replace("〇", "零"))) for char in rest)
    return in_arabic(f"{value.said}.{digits}") if digits.isdecimal() else None
