"""Personal data in a text that is to be published: numbers by their check digits, mobiles, cards, plates, addresses, names.

Numbers are found in any spelling: full-width, spaced, with dashes, in Chinese numerals, glued to letters. A number that is
none by its own check is left alone, so that figures, document numbers and hotlines pass.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate

from jiandu.base.core.blunt import NUMERALS, digit_of, identities, units
from jiandu.base.core.ids import identity_number_problem


class Kind(StrEnum):
    """What was found. What is `FORBIDDEN` is never published; the rest where the law allows, and somebody says why."""

    IDENTITY = "identity"
    CARD = "card"
    IDENTITY_LIKE = "identity_like"
    MOBILE = "mobile"
    ACCOUNT = "account"
    PLATE = "plate"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"


MOST_GROUPS = 21  # of a number, with a mark after each digit
LONGEST = 19
ORDER = (Kind.IDENTITY, Kind.MOBILE, Kind.CARD, Kind.IDENTITY_LIKE)
FORBIDDEN = frozenset({Kind.IDENTITY, Kind.CARD})
PROVINCES = frozenset(
    map(
        str,
        (
            *range(11, 16),
            *range(21, 24),
            *range(31, 38),
            *range(41, 47),
            *range(50, 55),
            *range(61, 66),
            71,
            81,
            82,
            83,
        ),
    )
)
_SPOKEN = re.compile(
    r"[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两](?:[\s、,\-]{0,2}[0-9〇零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖两]){10,}"
)
_DOTS = str.maketrans({"—": "-", "–": "-", "‐": "-", "‑": "-", "•": "·", "・": "·", "‧": "·", "∙": "·", "⋅": "·"})
_NO_DOTS = str.maketrans("", "", ".·")
_GLUED = re.compile(r"(?<![0-9])(?:1[3-9][0-9]{9}|[0-9]{17}[0-9Xx])(?![0-9])")
_RUN = re.compile(
    r"(?<![0-9A-Za-z])(?:\+\s?)?[0-9]{1,19}(?:[ \t\-]{0,2}[Xx](?![0-9A-Za-z]))?"
    r"(?:[ \t\-./·_()]{1,3}[0-9]{1,19}(?:[ \t\-]{0,2}[Xx](?![0-9A-Za-z]))?)*(?![0-9A-Za-z])"
)
_APART = r"[^0-9A-Za-z\u4e00-\u9fff]{1,6}"
_BROKEN = re.compile(
    rf"(?<![0-9A-Za-z])1[3-9][0-9](?:{_APART}[0-9]{{4}}{_APART}[0-9]{{4}}|{_APART}[0-9]{{8}}|[0-9]{{4}}{_APART}[0-9]{{4}})(?![0-9A-Za-z])"
)
_FIGURES = re.compile(r"(?:[\u2460-\u2468\u24ea\u2776-\u277e\u2780-\u2788\u24f5-\u24fd⓪]){7,}")
_GROUP = re.compile(r"[0-9]+|[Xx]")
_CARD = re.compile(r"(?:[4-6]|352[89]|35[3-8]|9558|9559|9400)[0-9]+")
_ACCOUNT = re.compile(r"(?:账号|帐号|账户|卡号|银行卡)[^0-9\n]{0,8}([0-9](?:[ \-]?[0-9]){10,27})(?![0-9])")
_PAPER = re.compile(r"(?:护照|通行证)[^0-9\n]{0,8}?([A-Z]{1,2}[ ]?[0-9]{7,9})(?![0-9A-Za-z])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-HJ-Z][ ·.\-]{0,2}"
    r"(?=(?:[A-HJ-NP-Z]?[0-9]){3})[A-HJ-NP-Z0-9]{5,6}(?![0-9A-Za-z])"
)
_SOCIAL = re.compile(r"(?:QQ|微信)(?:号码?|群|账号)?(?:[:为是 ]{1,3})([A-Za-z0-9_\-]{5,20})(?![A-Za-z0-9_\-])")
_TELLER = re.compile(
    r"(?:举报|检举|控告|投诉|信访|反映|来信|来访|证)人(?:的?姓名)?[:为是叫( ]{1,3}(["
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱侯邹熊孟秦白江阎薛尹段雷龙史陶贺顾毛郝龚邵万钱严洪赖庄"
    r"][\u4e00-\u9fff]{1,2})(?![\u4e00-\u9fff])"
)
_EMAIL = re.compile(r"(?<![A-Za-z0-9._%+\-])[A-Za-z0-9._%+\-]{1,64}\s?@\s?[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)+")
_NUMBER = r"[0-9一二三四五六七八九十百甲乙丙丁]{1,6}"
_PLACE = r"(?:路|街|巷|弄|大道|里|坊|村|社|组|屯|小区|花园|新村|公寓|苑|城|广场|大厦|号)"
_ADDRESS = re.compile(
    rf"[\u4e00-\u9fff]{{1,12}}{_PLACE}\s?(?:之)?(?:第)?{_NUMBER}(?:[-之]{_NUMBER})?\s?(?:号(?!文|令|通|公|决|线|机|码)|栋|幢|座|弄|组{_NUMBER}号)"
    rf"(?:[\u4e00-\u9fff]{{0,8}}?\s?[0-9A-Z]{{1,5}}\s?(?:栋|幢|座|单元|楼|层|室|号|房))*"
)
_AREA = re.compile(
    rf"(?:住址|家住|住在|居住于|现住|户籍地?址?)[为是在:\s]{{0,3}}[\u4e00-\u9fff]{{2,20}}{_NUMBER}\s?(?:号|栋|幢|室|组)"
)
WORDS = (
    (Kind.ACCOUNT, _ACCOUNT),
    (Kind.IDENTITY_LIKE, _PAPER),
    (Kind.PLATE, _PLATE),
    (Kind.EMAIL, _EMAIL),
    (Kind.EMAIL, _SOCIAL),
    (Kind.ADDRESS, _ADDRESS),
    (Kind.ADDRESS, _AREA),
    (Kind.NAME, _TELLER),
)


@dataclass(frozen=True)
class Hit:
    """What stands at text[start:end], and what it is written plainly (digits without separators)."""

    kind: Kind
    start: int
    end: int
    plain: str

    @property
    def is_forbidden(self) -> bool:
        return self.kind in FORBIDDEN

    @property
    def masked(self) -> str:
        """So much of it that it is found, and no more."""
        if self.kind in {Kind.NAME, Kind.ADDRESS}:
            return self.plain
        head, tail = (3, 4) if len(self.plain) > 10 else (2, 0)
        return f"{self.plain[:head]}****{self.plain[len(self.plain) - tail :] if tail else ''}"


def place_of(text: str, hit: Hit) -> tuple[int, int]:
    """(paragraph, character), both from 1: where an editor shows it."""
    before = text[: hit.start]
    return before.count("\n") + 1, hit.start - (before.rfind("\n") + 1) + 1


def find(text: str, names: Collection[str] = ()) -> list[Hit]:
    """What of a text is personal, by place; none twice. `names`: who must not be named without a reason."""
    plain, places = _plain(text)
    told = [
        Hit(kind, places[start][0], places[end - 1][1], said)
        for kind, start, end, said in [*_numbers(plain), *_words(plain), *_named(plain, names)]
    ]
    told += (
        Hit(Kind.IDENTITY if is_tight else Kind.IDENTITY_LIKE, start, end, said)
        for is_tight, start, end, said in identities(text)
    )
    found: list[Hit] = []
    for hit in sorted(told, key=lambda hit: not hit.is_forbidden):  # nothing that may be explained hides what may not
        if not any(hit.start < other.end and other.start < hit.end for other in found):
            found.append(hit)
    return sorted(found, key=lambda hit: hit.start)


def solid(text: str) -> str:
    """The text as names are looked for in it: plain, without spaces; and once more without dots, where it has any."""
    said = "".join(_plain(text)[0].split())
    bare = said.translate(_NO_DOTS)
    return said if bare == said else f"{said}\n{bare}"


def _plain(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text in half-width forms without invisible marks and accents, and where each of its characters stood.

    A number of a list in a circle is none of what follows it; many of them in a row are figures.
    """
    seen = list(units(text))
    figures = {
        place for run in _FIGURES.finditer("".join(char for char, *_ends in seen)) for place in range(*run.span())
    }
    chars, places = [], []
    for number, (char, start, end) in enumerate(seen):
        for one in digit_of(char) if number in figures else _half(char):
            chars.append(" " if one.isspace() and one != "\n" else one)
            places.append((start, end))
    return "".join(chars), places


def _half(char: str) -> str:
    category = unicodedata.category(char)
    if category == "No":
        return " "
    return digit_of(char) if category == "Nd" else unicodedata.normalize("NFKC", char).translate(_DOTS)


def _numbers(plain: str) -> Iterator[tuple[Kind, int, int, str]]:
    spoken = _SPOKEN.sub(_digits, plain)
    for said in (plain, spoken) if spoken != plain else (plain,):
        for run in _RUN.finditer(said):
            yield from _within(run)
    for match in _GLUED.finditer(plain):
        kind = kind_of(match[0])
        if kind in {Kind.MOBILE, Kind.IDENTITY}:
            yield kind, match.start(), match.end(), match[0].upper()
    for match in _BROKEN.finditer(plain):
        yield Kind.MOBILE, match.start(), match.end(), re.sub(r"[^0-9]", "", match[0])


def _digits(said: re.Match[str]) -> str:
    """In digits what is in numerals, wholly or in part; a list of figures stays one."""
    return said[0] if said[0].isascii() else re.sub(r"[^0-9\- ]", " ", said[0].translate(NUMERALS))


def _within(run: re.Match[str]) -> Iterator[tuple[Kind, int, int, str]]:
    groups = [(run.start() + each.start(), each[0]) for each in _GROUP.finditer(run[0])]
    taken = 0
    for first, (start, _said) in enumerate(groups):
        if start < taken:
            continue
        found = _at(groups[first : first + MOST_GROUPS])
        if found is not None:
            kind, count, said = found
            last, text = groups[first + count - 1]
            taken = last + len(text)
            yield kind, start, taken, said


def _at(groups: list[tuple[int, str]]) -> tuple[Kind, int, str] | None:
    """The number that some of the groups from the first on make: which kind, of how many groups, the number.

    An identity number goes first: the 17 digits before its X may pass for a card.
    """
    fitting = []
    for count, said in enumerate(accumulate(text for _start, text in groups), start=1):
        if len(said) > LONGEST:
            break
        kind = kind_of(said)
        if kind is not None and (kind is not Kind.CARD or _in_fours(groups[:count])):
            fitting.append((kind, count, said.upper()))
    return min(fitting, key=lambda found: ORDER.index(found[0]), default=None)


def _in_fours(groups: list[tuple[int, str]]) -> bool:
    """As cards are written: in one, or in fours; other numbers with dashes pass the check of a card now and then."""
    return all(len(text) == 4 for _start, text in groups[:-1])


def kind_of(said: str) -> Kind | None:
    """What a number is by its own check; None for any other."""
    number = said.upper()
    if re.fullmatch(r"(?:86|0086)?1[3-9][0-9]{9}", number):
        return Kind.MOBILE
    if number[:2] in PROVINCES and len(number) in {15, 18}:
        problem = identity_number_problem(number)
        if problem is None:
            return Kind.IDENTITY
        if len(number) == 18 and "校验位" in problem:
            return Kind.IDENTITY_LIKE
    if 16 <= len(number) <= 19 and _CARD.fullmatch(number) and _luhn(number):
        return Kind.CARD
    return None


def _luhn(number: str) -> bool:
    digits = [int(char) for char in reversed(number)]
    return sum(digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)) % 10 == 0


def _words(plain: str) -> Iterator[tuple[Kind, int, int, str]]:
    """What is told by its form, or by the word before it (then that word is no part of it)."""
    for kind, pattern in WORDS:
        for match in pattern.finditer(plain):
            part = pattern.groups  # 0: the whole of it
            yield kind, match.start(part), match.end(part), match[part]


def _named(plain: str, names: Collection[str]) -> Iterator[tuple[Kind, int, int, str]]:
    """The longest first: who is called by a part of another's name is not told where the other one stands."""
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        letters = "".join(_plain(name)[0].split()).translate(_NO_DOTS)
        for match in re.finditer(r"[\s.·]{0,4}".join(map(re.escape, letters)), plain):
            yield Kind.NAME, match.start(), match.end(), name
