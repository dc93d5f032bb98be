"""What a cell may hold, column letters, clean text and the apostrophe that keeps text from becoming a formula."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time

_HARMFUL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ACTIVE = tuple("=+-@\t\r\n＝＋－＠")  # security.md §3.7; NUL is removed before anyone looks

_FAULTS = {
    "error": "单元格是错误值 %s，请改正公式或填入数值",
    "formula": "公式没有计算结果，请用 Excel 打开、保存后重新上传，或改填数值：%s",
    "number": "不是有效的数：%s",
    "date": "日期序号超出范围：%s",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A cell without a usable value: `kind` is error (#REF! …), formula (never calculated), number or date."""

    kind: str
    text: str

    def __str__(self) -> str:
        return self.text

    @property
    def reason(self) -> str:
        """The Chinese sentence for the error list."""
        return _FAULTS[self.kind] % self.text


Value = str | int | float | bool | date | datetime | time | Fault | None


def letters(index: int) -> str:
    """Column letters of the column number `index` (from 1): 1 → A, 28 → AB."""
    name = ""
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """Column number (from 1) of letters A … XFD; raises `ValueError` on anything else."""
    index = 0
    for char in name:
        if not "A" <= char <= "Z":
            raise ValueError(name)
        index = index * 26 + ord(char) - 64
    if not 1 <= index <= 16_384:
        raise ValueError(name)
    return index


def shown(value: object) -> str:
    """A value as an officer reads it: 是 and 否, nothing for None, a day as 2022-03-22."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def clean(text: str) -> str:
    """Text without control characters, lone surrogates and non-characters; our own protecting apostrophe removed."""
    if text.isprintable() and not text.startswith("'"):  # nearly all, and much faster than the expression
        return text
    return _unprotected(_HARMFUL.sub("", text))


def clean_xml(text: str) -> str:
    """As `clean`, for text of a workbook, where Excel writes a control character as _x000D_ (ECMA-376 part 1, 22.9.2.19)."""
    if text.isprintable() and "_x" not in text and not text.startswith("'"):
        return text
    decoded = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    joined = decoded.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _unprotected(_HARMFUL.sub("", joined.replace("\r\n", "\n")))


def printable(text: str) -> str:
    """Text without what XML and databases refuse; line ends become line feeds."""
    return _HARMFUL.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def protected(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: a leading apostrophe where it could be (ASVS 1.2.10)."""
    return f"'{text}" if text.lstrip("'").startswith(_ACTIVE) else text


def _unprotected(text: str) -> str:
    return text[1:] if text.startswith("'") and text.lstrip("'").startswith(_ACTIVE) else text
