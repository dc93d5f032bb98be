"""Text as it is matched, searched, decoded, shown masked, and read out of messy cells.

Search is decided here and not in a database: `grams` cuts a text, SQLite FTS5 and PostgreSQL tsvector only store the
cuts, and so both find the same rows, for Chinese the same as LIKE on `normal` text would (design/analytics.md §7).
"""

import codecs
import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from operator import add
from typing import NamedTuple

# Control and format characters and variation selectors: invisible, pasted along, and never meant.
INVISIBLE = re.compile(
    "[\0-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
PRIVATE = "\ue000-\uf8ff\U000f0000-\U0010fffd"
# Ideographs to the end of extension H, 々 and 〇, compatibility ones that NFKC keeps, private characters (自造字).
HAN = f"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af{PRIVATE}"
RUN = re.compile(f"([{HAN}]+)|([^\\W_{HAN}]{{1,64}})")  # bounded, as PostgreSQL refuses lexemes above 2,046 bytes

# What Python's codec, made for the year 2000, decodes to private characters: the 18 points that GB 18030-2022 changed
# (vertical punctuation A6D9–A6F3, ideographs FE59–FEA0); A8BC, changed in 2005; the six that duplicate characters of
# extension B (FE51 …; glibc decodes them so); and A3A0, an old blank (as in the WHATWG standard).
REPAIRS = str.maketrans(
    "\ue78d\ue78e\ue78f\ue790\ue791\ue792\ue793\ue794\ue795\ue796\ue81e\ue826\ue82b\ue82c\ue832\ue843\ue854\ue864"
    "\ue7c7\ue816\ue817\ue818\ue831\ue83b\ue855\ue5e5",
    "\ufe10\ufe12\ufe11\ufe13\ufe14\ufe15\ufe16\ufe17\ufe18\ufe19\u9fb4\u9fb5\u9fb6\u9fb7\u9fb8\u9fb9\u9fba\u9fbb"
    "\u1e3f\U00020087\U00020089\U000200cc\U000215d7\U0002298f\U000241fe\u3000",
)
BOMS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
EXCEL_EPOCH = date(1899, 12, 30)
EXCEL_DAYS = range(40000, 60001)  # 2009-07-06 to 2064-04-08; other numbers are rather amounts or counts
YEARS = range(1900, 2101)
TIME_OF_DAY = re.compile(
    r"(?:[ t]|(?<=[日号)]))(?:上午|下午|中午|晚上|凌晨)? ?"
    r"[0-9]{1,2}(?::[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?|[时点](?:[0-9]{1,2}分(?:[0-9]{1,2}秒)?|整)?)$"
)
DAY_OF_WEEK = re.compile(r"(?<=[0-9日号]) ?(?:\((?:星期|周)[一二三四五六日天]\)|(?:星期|周)[一二三四五六日天])")
IN_WORDS = re.compile(
    r"(?:([〇○零一二三四五六七八九]{4})|([0-9]{4})) ?年 ?(?:(元)|(十[一二]?|[一二三四五六七八九])|([0-9]{1,2})) ?月 ?"
    r"(?:([二三]?十[一二三四五六七八九]?|[一二三四五六七八九])|([0-9]{1,2})) ?([日号].*)"
)
DIGITS = {digit: str(value) for value, digit in enumerate("〇一二三四五六七八九")} | {"○": "0", "零": "0"}
DATE = re.compile(
    r"([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})[日号]?|([-/.])([0-9]{1,2})\4([0-9]{1,2})|([0-9]{2})([0-9]{2})(?:\.0)?)"
)
SERIAL = re.compile(r"([0-9]{5})(?:\.[0-9]+)?")
CELL_GAP = re.compile(r"[\t\u3000]+")
AROUND_SIGN = re.compile(r" ?([-/.年月日号]) ?")
NO_DAY = re.compile(r"[0-9]{4}(年([0-9]{1,2}月?)?|[-/.]?[0-9]{1,2})?|[0-9]{1,2}月[0-9]{1,2}[日号]?")
SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.年].*")
NOTHING = frozenset({"", "无", "暂无", "空", "/", "-", "--", "—", "——", "n/a"})
MONEY = re.compile(
    r"(?P<bracket>\()?(?P<sign>[-−])?(?:人民币|rmb|cny|¥)? ?(?P<inner>[-−])?"
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3}){1,4}|[0-9]{1,15})(?P<part>\.[0-9]{1,10})? ?"
    r"(?P<scale>[万亿]?)元?整?(?(bracket)\))"
)
SCALES = {"": 100, "万": 10**6, "亿": 10**10}  # in fen
MOST_FEN = 10**15  # ten trillion yuan: no amount of a city, and a double holds every fen below it
OPEN, INSIDE, CLOSE = "[(（]", "[^()（）]", "[)）]"  # a bracket opened full-width is often closed half-width
ITEM = re.compile(f"(?:《[^《》]*》|{OPEN}(?:{INSIDE}|{OPEN}{INSIDE}*{CLOSE})*{CLOSE}|[^、,，;；\r\n])+")


class Decoded(NamedTuple):
    """A file's text, the encoding it was in ("utf-8", "utf-16", "gb18030"), and warnings in Chinese to show."""

    text: str
    encoding: str
    warnings: tuple[str, ...]


def normal(text: str) -> str:
    """The text for matching: NFKC (full width becomes half), lower case, white space squeezed, nothing invisible."""
    folded = unicodedata.normalize("NFKC", INVISIBLE.sub("", text)).lower()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def grams(text: str) -> list[str]:
    """The cuts that are indexed, in order: of a Han run each pair, then its last character; other runs whole.

    The last character makes a one-character search complete, and keeps pairs on both sides of a comma apart.
    """
    return _cut(RUN.findall(normal(text)))


def fts5_phrase(word: str) -> str:
    """The word as an FTS5 phrase; join several with AND. It matches nothing where the word has no letter or digit.

    The text reached the index as ' '.join(grams(text)), with tokenize='ascii'. A Han run matches anywhere; letters and
    digits match whole, at the end of the word also by their beginning (WT-2022-00 finds WT-2022-0037).
    """
    cuts, opens = _wanted(word)
    return f'"{" ".join(cuts)}"' + (" *" if opens else "")


def tsvector(text: str) -> str:
    """The text as a tsvector literal of PostgreSQL, which keeps 16,383 positions, 256 a lexeme: cut long texts."""
    return " ".join(f"'{cut}':{place}" for place, cut in enumerate(grams(text), start=1))


def tsquery(word: str) -> str:
    """The word as a tsquery literal, finding what `fts5_phrase` finds; "" where it has no letter or digit."""
    cuts, opens = _wanted(word)
    return " <-> ".join(f"'{cut}'" for cut in cuts) + (":*" if opens else "")


def _cut(runs: list[tuple[str, str]]) -> list[str]:
    cuts: list[str] = []
    for han, other in runs:
        cuts += [*map(add, han, han[1:]), han[-1]] if han else [other]
    return cuts


def _wanted(word: str) -> tuple[list[str], bool]:
    """The cuts to look for, side by side, and whether the last is only a beginning.

    A closing Han run goes without its last character: the text may go on there, and the last pair already says it.
    Quoting is safe since a cut holds letters and digits only, no quote and no backslash.
    """
    runs = RUN.findall(normal(word))
    cuts, closed = _cut(runs), bool(runs) and len(runs[-1][0]) > 1
    return (cuts[:-1], False) if closed else (cuts, bool(cuts))


def repair_gb18030(text: str) -> str:
    """Text that Python's gb18030 codec decoded, with private characters replaced where GB 18030-2022 has real ones."""
    return text.translate(REPAIRS)


def decode_bytes(data: bytes) -> Decoded:
    """A text file in UTF-8 or UTF-16 (by its BOM), UTF-8, or else GB18030, repaired. Raises ValueError in Chinese.

    Warns of private-use characters that are left: nobody else can read them, and the importer must ask.
    """
    bom = next((mark for mark in BOMS if data.startswith(mark)), None)
    encoding = BOMS[bom] if bom else "utf-8" if _is_utf8(data) else "gb18030"
    try:
        text = data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise ValueError(f"文件不是 UTF-8、UTF-16 或 GB18030 文本，第{error.start + 1}字节无法识别") from error
    if "\0" in text:
        raise ValueError("文件含有空字节，不是文本文件")
    text = repair_gb18030(text) if encoding == "gb18030" else text
    private = sorted(set(re.findall(f"[{PRIVATE}]", text)))
    names = "、".join(f"U+{ord(char):04X}" for char in private[:10])
    warnings = (f"有{len(private)}个自造字（私用区字符）无法识别，请核对：{names}",) if private else ()
    return Decoded(text, encoding, warnings)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def mask_name(name: str) -> str:
    """A person's name with its first character only: 张*, 欧**."""
    return _mask(name, head=1, tail=0, least=1)


def mask_identity_number(number: str) -> str:
    """An identity number with its first four and last three characters; a shorter text shows nothing."""
    return _mask(number, head=4, tail=3, least=8)


def mask_phone(phone: str) -> str:
    """A telephone number with its first three and last four characters; a text of fewer than eleven shows nothing."""
    return _mask(phone, head=3, tail=4, least=4)


def _mask(text: str, *, head: int, tail: int, least: int) -> str:
    """Stars for all but both ends, and for all of it where fewer than `least` characters would be hidden."""
    text = text.strip()
    hidden = len(text) - head - tail
    if hidden < least:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def parse_date(value: object) -> date:
    """The date in a cell: a date or datetime, an Excel day number, 2022年3月22日, 2022/3/23, 2022.04.01, 20220111,
    二〇二二年三月二十二日; a day of the week or a time of day behind it goes.

    Raises ValueError with the reason in Chinese; never guesses a day, a century or the order of day and month.
    """
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    text = _in_digits(normal("" if value is None else str(value)))
    text = AROUND_SIGN.sub(r"\1", TIME_OF_DAY.sub("", DAY_OF_WEEK.sub("", text)))
    if (serial := SERIAL.fullmatch(text)) and int(serial[1]) in EXCEL_DAYS:
        return EXCEL_EPOCH + timedelta(days=int(serial[1]))
    if (found := DATE.fullmatch(text)) is None:
        raise ValueError(_why_no_date(text))
    return _day(text, *(int(part) for part in found.groups("") if part.isdecimal()))


def _in_digits(text: str) -> str:
    """二〇二二年元月二十日 as 2022年1月20日; other texts as they are."""
    if (found := IN_WORDS.fullmatch(text)) is None:
        return text
    written, year, first, month, month_digits, day, day_digits, rest = found.groups()
    year = year or "".join(DIGITS[digit] for digit in written)
    month = "1" if first else month_digits or _two_digits(month)
    return f"{year}年{month}月{day_digits or _two_digits(day)}{rest}"


def _two_digits(words: str) -> str:
    """二十一 as 21, 十 as 10, 三 as 3."""
    tens, ten, ones = words.rpartition("十")
    return (DIGITS[tens] if tens else "1" if ten else "") + (DIGITS[ones] if ones else "0" if ten else "")


def split_term(line: str) -> tuple[str, date | None]:
    """A line as (words, term): the date that stands apart at its end is the term, else None. A sheet's two cells pasted are
    such a line; a bare number is no date: it may count something. A date alone gives no words.
    """
    head, _gap, tail = CELL_GAP.sub(" ", line.strip()).rpartition(" ")
    try:
        term = None if tail.isdecimal() else parse_date(tail)
    except ValueError:
        term = None
    return (line.strip(), None) if term is None else (head.strip(), term)


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        result = date(year, month, day)
    except ValueError as error:
        raise ValueError(f"日期不存在：{text}") from error
    if year not in YEARS:
        raise ValueError(f"年份不合理：{text}")
    return result


def _why_no_date(text: str) -> str:
    if not text:
        return "日期为空"
    if NO_DAY.fullmatch(text):
        return f"日期不完整，应写明年月日：{text}"
    if SHORT_YEAR.fullmatch(text):
        return f"年份应写四位并写在最前，如 2022-03-22：{text}"
    return f"不是可识别的日期，请写成 2022-03-22：{text}"


def parse_money_fen(value: object, *, allow_negative: bool = False) -> int | None:
    """The fen of the amount in a cell: 3700 yuan, '3,700', '3700元', '0.37万元', '¥1,200.50'; None for 无, / or blank.

    Text must be exact to the fen. A float comes from Excel, which keeps 15 digits: beyond them it is binary dust, and a
    fraction of a fen is the remainder of a formula, rounded half up. Raises ValueError with the reason in Chinese.
    """
    fen = _fen_of_number(value) if isinstance(value, int | float | Decimal) else _fen_of_text(normal(str(value or "")))
    if fen is None:
        return None
    if abs(fen) >= MOST_FEN:
        raise ValueError(f"金额过大，请核对单位：{value}")
    if fen < 0 and not allow_negative:
        raise ValueError(f"金额不能为负数：{value}")
    if fen != int(fen):
        raise ValueError(f"金额应精确到分，小数位过多：{value}")
    return int(fen)


def _fen_of_number(value: float | Decimal) -> Decimal:
    number = Decimal(format(value, ".15g")) if isinstance(value, float) else Decimal(value)
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(f"不是可识别的金额：{value}")
    if isinstance(value, float) and abs(number) < MOST_FEN:
        return (number * 100).quantize(Decimal(1), ROUND_HALF_UP)
    return number * 100


def _fen_of_text(text: str) -> Decimal | None:
    if text in NOTHING:
        return None
    match = MONEY.fullmatch(text)
    if match is None or (match["sign"] and match["inner"]):
        raise ValueError(f"不是可识别的金额，请写成 3700 或 0.37万元：{text}")
    number = Decimal(match["digits"].replace(",", "") + (match["part"] or "")) * SCALES[match["scale"]]
    return -number if match["bracket"] or match["sign"] or match["inner"] else number


def split_list(value: object) -> list[str]:
    """The items of a cell, split at 、，； and new lines, not inside 《》（）; a bracket left open protects nothing."""
    return [item.strip() for item in ITEM.findall("" if value is None else str(value)) if item.strip()]
