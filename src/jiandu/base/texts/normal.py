"""A text as it is compared: width, case, spaces and punctuation gone, sums and days in one form."""

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
TENS = {"十": 10, "百": 100, "千": 1000}
HANZI = "零〇一二两三四五六七八九十百千万亿"
NUMBER = rf"[0-9]{{1,3}}(?:,[0-9]{{3}})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?|[{HANZI}]+"
SUM = re.compile(rf"({NUMBER})([百千万亿]*)[余多几]?([百千万亿]*)(?:元|块钱|块)(?:人民币)?")
MONTH = rf"([0-9]{{1,2}}|[{HANZI}]{{1,2}})月(?:([0-9]{{1,2}}|[{HANZI}]{{1,3}})[日号])?"
DAY = re.compile(
    rf"([0-9]{{4}}|[零〇一二三四五六七八九]{{4}})年{MONTH}|((?:19|20)[0-9]{{2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{1,2}})"
)
#: What may be a sum or a day: begins with one class and is bounded, so that a million digits cost no more than a million words.
MAY_BE_SUM = re.compile(rf"[0-9{HANZI}][0-9,.{HANZI}]{{0,23}}[余多几]?[百千万亿]{{0,2}}(?:元|块钱|块)(?:人民币)?")
MAY_BE_DAY = re.compile(
    rf"[0-9零〇一二三四五六七八九][0-9零〇一二三四五六七八九]{{3}}(?:年[0-9{HANZI}]{{1,2}}月(?:[0-9{HANZI}]{{1,3}}[日号])?|[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}(?![0-9]))"
)
#: A text is compared by its first characters; letters are shorter, and a table of a register allows for less.
LONGEST = 5_000
#: Between texts that are normalised together; no text keeps it.
BETWEEN = "\x00"
CHUNK = 20_000


def number_of(said: str) -> float:
    """12,500 · 3.5 · 十二万五千 as a number; 一五〇 digit by digit."""
    if said[0].isdigit() and said[0] not in DIGITS:
        return float(said.replace(",", ""))
    if not set(said) & set("十百千万亿"):
        return float("".join(str(DIGITS[c]) for c in said))
    total = section = digit = 0
    for char in said:
        if char in DIGITS:
            digit = DIGITS[char]
        elif char in TENS:
            section, digit = section + (digit or 1) * TENS[char], 0
        else:
            scale = 10_000 if char == "万" else 100_000_000
            total, section, digit = (total + (section + digit or 1)) * scale, 0, 0
    return float(total + section + digit)


def _sum(match: re.Match[str]) -> str:
    value = number_of(match[1])
    for char in match[2] + match[3]:
        value *= {"百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}[char]
    return f"{value / 10_000:.10g}万元" if value >= 10_000 and value % 10 == 0 else f"{value:.10g}元"


def _day(match: re.Match[str]) -> str:
    year, month, day = match[1] or match[4], match[2] or match[5], match[3] or match[6]
    said = f"{number_of(year):.0f}年{number_of(month):.0f}月"
    return f"{said}{number_of(day):.0f}日" if day else said


@lru_cache(maxsize=200_000)
def _said(whole: str) -> str:
    """One sum or one day in its one form; the same ones come again and again."""
    found = DAY.fullmatch(whole)
    if found:
        return _day(found)
    found = SUM.fullmatch(whole)
    return _sum(found) if found else whole


def unified(text: str) -> str:
    """NFKC, lower case, no spaces, sums and days in one form; punctuation kept."""
    wide = "".join(unicodedata.normalize("NFKC", text).lower().split())
    return MAY_BE_SUM.sub(_replaced, MAY_BE_DAY.sub(_replaced, wide))


def _replaced(found: re.Match[str]) -> str:
    begin = found.start()
    if begin and found.string[begin - 1] in "0123456789.":
        return found[0]
    return _said(found[0])


def normal(text: str) -> str:
    """The text as it is compared: 12,500元, 1.25万元 and 一万二千五百元 are the same; only letters, digits and the point of a number stay."""
    import numpy as np  # noqa: PLC0415 -- slow import

    points = np.frombuffer(unified(text.replace(BETWEEN, "")).encode("utf-32-le", "replace"), dtype=np.uint32)
    return points[_kept(points)].tobytes().decode("utf-32-le")


@cache
def _told() -> "np.ndarray":
    """For each character whether it is a letter or a digit."""
    import numpy as np  # noqa: PLC0415 -- slow import

    return np.fromiter((chr(point).isalnum() for point in range(0x110000)), np.bool_, 0x110000)


def _kept(points: "np.ndarray") -> "np.ndarray":
    """Which characters stay: letters, digits, what is between texts, and a point between digits."""
    import numpy as np  # noqa: PLC0415 -- slow import

    kept = _told()[points] | (points == 0)
    digit = np.zeros(points.size + 2, np.bool_)
    digit[1:-1] = (points >= 48) & (points <= 57)
    return kept | ((points == 46) & digit[:-2] & digit[2:])


def codes(texts: list[str]) -> "tuple[np.ndarray, np.ndarray]":
    """Normalised texts as one array of 16-bit codes, and where each begins (one more than texts).

    A character beyond the basic plane (𬭎) is folded into the private area; that two of them meet there is harmless.
    """
    import numpy as np  # noqa: PLC0415 -- slow import

    parts, lengths = [], []
    for start in range(0, len(texts), CHUNK):
        some = (text[:LONGEST].replace(BETWEEN, "") for text in texts[start : start + CHUNK])
        points = np.frombuffer(unified(BETWEEN.join(some)).encode("utf-32-le", "replace"), dtype=np.uint32)
        points = points[_kept(points)]
        ends = np.flatnonzero(points == 0)
        lengths.append(np.diff(np.concatenate(([-1], ends, [len(points)]))) - 1)
        points = points[points != 0]
        parts.append(np.where(points > 0xFFFF, 0xE000 + points % 6400, points).astype(np.uint16))
    at = np.zeros(len(texts) + 1, dtype=np.int64)
    if texts:
        at[1:] = np.cumsum(np.concatenate(lengths))
    return (np.concatenate(parts) if parts else np.zeros(0, np.uint16)), at
