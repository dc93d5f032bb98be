"""The XML of a workbook that we write: cells with live values, and the fixed parts around them (ECMA-376 part 1)."""

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import accumulate
from math import isfinite
from typing import NamedTuple

from .cells import Fault, letters, printable, protected, shown
from .plan import Kind, OutColumn, OutValue, Plan

_FACTS = 0
_HEADER, _TITLE, _MARK, _TEXT, _DATE, _MOMENT, _TIME, _MONEY, _NUMBER = range(1, 10)  # cellXfs in _STYLES
_BY_KIND: dict[Kind, int] = {"text": _TEXT, "row_id": _TEXT, "date": _TEXT, "money": _MONEY, "number": _NUMBER}
#: The same cells of a form: grey and locked, or open; and what stands above.
_GREY = {_TEXT: 10, _DATE: 11, _MOMENT: 11, _TIME: 12, _NUMBER: 12, _MONEY: 13}
_OPEN = {_TEXT: 14, _DATE: 15, _MOMENT: 15, _TIME: 16, _NUMBER: 16, _MONEY: 16}
_EMPTY: dict[Kind, int] = {"text": _TEXT, "row_id": _TEXT, "date": _DATE, "money": _MONEY, "number": _NUMBER}
_ASKED_HEADER, _ASK, _ANSWER = 17, 18, 19
_LINE_POINTS, _MOST_LINES = 15, 27  # Excel's rows end at 409 points


_TO_WRITE_IN = 2  # lines of a form's row, for those who write by hand


class Style(NamedTuple):
    """The look of a column: of its kind, into a form's variant, of an empty cell; its width in characters."""

    kind: int
    variant: dict[int, int] | None
    empty: int
    width: float

    @property
    def is_hidden(self) -> bool:
        """A column of row ids is as narrow as can be, and nobody reads it."""
        return self.width <= _NARROWEST


_NARROWEST = 4

_FIRST_DAY = date(1900, 3, 1)  # before it, Excel counts a day that never was
_EPOCH = date(1899, 12, 30)
_LONGEST = 32_700  # a little less than Excel's 32,767: room for the apostrophe and the mark of the cut
_EXACT = 10**15  # beyond, Excel would round
_LITERAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DECLARED = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_WRAPPED = '<alignment vertical="center" wrapText="1"/>'
_CENTRED = '<alignment horizontal="center" vertical="center"/>'
_RIGHT = '<alignment horizontal="right" vertical="center"/>'
_UNLOCKED = '<protection locked="0"/>'
_STYLES = f"""{_DECLARED}<styleSheet {_MAIN}>\
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
<fonts count="4"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font>\
<font><b/><sz val="11"/><name val="宋体"/><charset val="134"/></font>\
<font><b/><sz val="16"/><name val="宋体"/><charset val="134"/></font>\
<font><sz val="9"/><color rgb="FF7F7F7F"/><name val="宋体"/><charset val="134"/></font></fonts>\
<fills count="5"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFF2F2F2"/></patternFill></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFFFF2CC"/></patternFill></fill></fills>\
<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/>\
</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="20"><xf xfId="0"/>\
<xf fontId="1" fillId="2" borderId="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/>\
</xf><xf fontId="2" applyAlignment="1"><alignment horizontal="center"/></xf><xf fontId="3"/>\
<xf numFmtId="49" borderId="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="164" borderId="1" applyAlignment="1">{_CENTRED}</xf><xf numFmtId="165" borderId="1" applyAlignment="1">{_CENTRED}</xf>\
<xf numFmtId="21" borderId="1" applyAlignment="1">{_CENTRED}</xf>\
<xf numFmtId="4" borderId="1" applyAlignment="1">{_RIGHT}</xf><xf borderId="1" applyAlignment="1">{_RIGHT}</xf>\
<xf numFmtId="49" fillId="3" borderId="1" applyAlignment="1">{_WRAPPED}</xf>\
<xf numFmtId="164" fillId="3" borderId="1" applyAlignment="1">{_CENTRED}</xf><xf fillId="3" borderId="1" applyAlignment="1">{_CENTRED}</xf>\
<xf numFmtId="4" fillId="3" borderId="1" applyAlignment="1">{_CENTRED}</xf>\
<xf numFmtId="49" borderId="1" applyAlignment="1" applyProtection="1">{_WRAPPED}{_UNLOCKED}</xf>\
<xf numFmtId="164" borderId="1" applyAlignment="1" applyProtection="1">{_CENTRED}{_UNLOCKED}</xf>\
<xf borderId="1" applyAlignment="1" applyProtection="1">{_CENTRED}{_UNLOCKED}</xf>\
<xf fontId="1" fillId="4" borderId="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>\
<xf applyAlignment="1"><alignment horizontal="right" vertical="center"/></xf>\
<xf numFmtId="49" fillId="4" borderId="1" applyAlignment="1" applyProtection="1"><alignment horizontal="left" vertical="center"/>{_UNLOCKED}</xf>\
</cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def styles_of(plan: Plan) -> list[Style]:
    """How the cells of each column look; of a form, those that are not asked are grey and locked."""
    if not plan.is_form:
        return [Style(_BY_KIND[column.kind], None, _EMPTY[column.kind], column.shown_width) for column in plan.columns]
    variants = [(column, _OPEN if column.is_asked else _GREY) for column in plan.columns]
    return [
        Style(_BY_KIND[column.kind], variant, variant[_EMPTY[column.kind]], column.shown_width)
        for column, variant in variants
    ]


def row(number: int, values: Sequence[OutValue], styles: Sequence[Style]) -> str:
    """One row of data. Raises `ValueError` where values and styles differ in number."""
    styled = zip(_columns(len(styles)), values, styles, strict=True)
    cells = [_shown(f"{name}{number}", value, style) for name, value, style in styled]
    lines = max(map(_lines, values, styles), default=1)
    least = _TO_WRITE_IN if styles[0].variant else 1
    tall = f' ht="{points_of(max(lines, least))}"' if lines > 1 or least > 1 else ""
    return f'<row r="{number}"{tall}>{"".join(cells)}</row>'


def _lines(value: OutValue, style: Style) -> int:
    """How many lines a text takes in its column, where a Chinese character is twice as wide as a letter."""
    if not isinstance(value, str) or style.is_hidden:
        return 1
    return lines_of(value, style.width)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many characters."""
    if len(text) * 2 <= width and "\n" not in text:
        return 1
    return sum(-(-_wide(part) // max(int(width) - 1, 1)) or 1 for part in text.split("\n"))


def points_of(lines: int) -> int:
    """How high a row of so many lines is, as far as a row may be."""
    return min(lines, _MOST_LINES) * _LINE_POINTS


def _wide(text: str) -> int:
    return len(text) if text.isascii() else sum(1 if char < "\u1100" else 2 for char in text)


def _shown(reference: str, value: OutValue, style: Style) -> str:
    if value in (None, ""):
        return f'<c r="{reference}" s="{style.empty}"/>'
    return _cell(reference, value, style.kind, style.variant)


def _escaped(text: str) -> str:
    """Not the one of `xml.sax`, which imports the whole of HTTP."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_letters: list[str] = []


def _columns(count: int) -> list[str]:
    while len(_letters) < count:
        _letters.append(letters(len(_letters) + 1))
    return _letters[:count]


def _cell(reference: str, value: OutValue, style: int, variant: dict[int, int] | None) -> str:
    number, style = _as_number(value, style)
    look = variant[style if number else _TEXT] if variant else style if number else _TEXT
    if number:
        return f'<c r="{reference}" s="{look}"><v>{number}</v></c>'
    return _text_cell(reference, shown(value), look)


def _text_cell(reference: str, text: str, style: int) -> str:
    escaped = text_in_cell(text)
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


def text_in_cell(text: str) -> str:
    """A text as the XML of a cell holds it: never taken for a formula, never longer than a cell may be."""
    safe = protected(printable(text))
    if len(safe) > _LONGEST:
        safe = f"{safe[:_LONGEST]}…（超长，已截断）"
    return _escaped(_LITERAL.sub("_x005F_", safe))


def _as_number(value: OutValue, style: int) -> tuple[str, int]:
    """The number that Excel keeps for a value, and its style; an empty text where only text is exact."""
    if isinstance(value, date | time):
        return _serial(value)
    if value is None or isinstance(value, str | bool | Fault) or style == _TEXT:
        return "", style
    exact = isfinite(value) and -_EXACT < value < _EXACT
    return (str(value), style) if exact else ("", style)


def _serial(value: date | time) -> tuple[str, int]:
    """Day numbers of the 1900 system, moments to the millisecond."""
    if isinstance(value, time):
        return repr(_day_part(value)), _TIME
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return "", _TEXT
    days = (day - _EPOCH).days
    if isinstance(value, datetime) and value.tzinfo:
        raise ValueError("a sheet knows no time zone: write the local moment")
    return (repr(days + _day_part(value.time())), _MOMENT) if isinstance(value, datetime) else (str(days), _DATE)


def _day_part(value: time) -> float:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return (seconds * 1000 + value.microsecond // 1000) / 86_400_000


def before_rows(plan: Plan) -> tuple[str, int]:
    """The sheet's XML down to and with the header row, and that row's number."""
    lines = [(style, text) for style, text in zip((_MARK, _TITLE, _FACTS), plan.above, strict=True) if text]
    header = len(lines) + bool(plan.asks) + 1
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{column.shown_width}" customWidth="1"{_hidden(column.kind)}/>'
        for at, column in enumerate(plan.columns, start=1)
    )
    above = "".join(
        f'<row r="{at}">{_text_cell(f"A{at}", text, style)}</row>' for at, (style, text) in enumerate(lines, start=1)
    )
    start = (
        f'{_DECLARED}<worksheet {_MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{header}" topLeftCell="A{header + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="18" customHeight="1"/><cols>{widths}</cols><sheetData>{above}{_asks(plan, header - 1)}'
    )
    return start + _header(plan, header), header


def _header(plan: Plan, number: int) -> str:
    titles = zip(_columns(len(plan.columns)), plan.columns, strict=True)
    named = "".join(
        _text_cell(f"{name}{number}", column.title, _ASKED_HEADER if column.is_asked else _HEADER)
        for name, column in titles
    )
    return f'<row r="{number}" ht="30" customHeight="1">{named}</row>'


def _asks(plan: Plan, number: int) -> str:
    """A row of labels, each with an open cell to its right, spread over the columns that are shown."""
    if not plan.asks:
        return ""
    names = [
        name for name, column in zip(_columns(len(plan.columns)), plan.columns, strict=True) if column.kind != "row_id"
    ]
    step = max(len(names) // len(plan.asks), 2)
    cells = "".join(
        _text_cell(f"{names[at * step]}{number}", f"{label}:", _ASK)
        + f'<c r="{names[at * step + 1]}{number}" s="{_ANSWER}"/>'
        for at, label in enumerate(plan.asks)
        if at * step + 1 < len(names)
    )
    return f'<row r="{number}" ht="24" customHeight="1">{cells}</row>'


def _hidden(kind: Kind) -> str:
    return ' hidden="1"' if kind == "row_id" else ""


def after_rows(plan: Plan, header: int, last: int) -> str:
    """The sheet's XML below the last row, in the order that the standard wants."""
    right = _columns(len(plan.columns))[-1]
    top = header - bool(plan.asks)
    end = _first_page_end(plan)
    merged = "".join(f'<mergeCell ref="A{at}:{end}{at}"/>' for at in range(1, top)) if end != "A" else ""
    page = _escaped(printable(plan.watermark)[:120].replace("&", "&&"))
    mark = f"<oddHeader>&amp;R{page}</oddHeader>" if page else ""
    return (
        "</sheetData>"
        + ('<sheetProtection sheet="1" objects="1" formatColumns="0" formatRows="0" autoFilter="0"/>' * plan.is_form)
        + f'<autoFilter ref="A{header}:{right}{last}"/>'
        + (f'<mergeCells count="{top - 1}">{merged}</mergeCells>' if merged else "")
        + _validations(plan, header + 1, last)
        + '<printOptions horizontalCentered="1"/><pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
        + f'<pageSetup paperSize="{8 if plan.is_wide else 9}" orientation="landscape" fitToWidth="{_pages(plan)}" fitToHeight="0"/>'
        + f"<headerFooter>{mark}<oddFooter>&amp;C第 &amp;P 页  共 &amp;N 页</oddFooter></headerFooter></worksheet>"
    )


def _pages(plan: Plan) -> int:
    """How many pages wide the table is printed, so that it stays legible."""
    wide = sum(column.shown_width for column in plan.columns if column.kind != "row_id")
    return max(1, round(wide / (260 if plan.is_wide else 180)))


def _first_page_end(plan: Plan) -> str:
    """The last column on the first printed page: a title is centred over what one sees."""
    pages, names = _pages(plan), _columns(len(plan.columns))
    if pages == 1:
        return names[-1]
    room = sum(column.shown_width for column in plan.columns) / pages
    reached = list(accumulate(column.shown_width for column in plan.columns))
    return names[max(bisect_right(reached, room) - 1, 0)]


def _validations(plan: Plan, first: int, last: int) -> str:
    """What may be written into the open cells; Excel says no in its own words and ours."""
    named = zip(_columns(len(plan.columns)), plan.columns, strict=True)
    rules = [_rule(column, f"{name}{first}:{name}{max(last, first)}") for name, column in named if column.is_asked]
    found = [rule for rule in rules if rule]
    return f'<dataValidations count="{len(found)}">{"".join(found)}</dataValidations>' if found else ""


def _rule(column: OutColumn, cells: str) -> str:
    told = f'allowBlank="1" showErrorMessage="1" errorTitle="{_escaped(column.title)}" sqref="{cells}"'
    if column.choices:
        listed = _escaped(",".join(column.choices))
        return f'<dataValidation type="list" {told} error="请从列表中选择"><formula1>"{listed}"</formula1></dataValidation>'
    if column.kind == "number" and column.most is not None:
        wanted = f'error="请填写 0 到 {column.most} 的整数"'
        return f'<dataValidation type="whole" {told} {wanted}><formula1>0</formula1><formula2>{column.most}</formula2></dataValidation>'
    if column.kind == "date":
        wanted = 'operator="greaterThanOrEqual" error="请填写日期，如 2026-03-22"'
        return f'<dataValidation type="date" {wanted} {told}><formula1>{(_FIRST_DAY - _EPOCH).days}</formula1></dataValidation>'
    return ""


def notes_sheet(notes: Sequence[str]) -> str:
    """A sheet with one note a row."""
    rows = "".join(f'<row r="{at}">{_text_cell(f"A{at}", note, 0)}</row>' for at, note in enumerate(notes, start=1))
    return f'{_DECLARED}<worksheet {_MAIN}><cols><col min="1" max="1" width="100"/></cols><sheetData>{rows}</sheetData></worksheet>'


def fixed_parts(titles: Sequence[str], headers: Sequence[int]) -> dict[str, str]:
    """Every part but the sheets, by name; `titles` are those of the sheets, the first ones repeat their `headers` in print."""
    names = [_sheet_title(title) for title in titles]
    sheets = "".join(
        f'<sheet name="{_escaped(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, start=1)
    )
    repeated = "".join(map(_repeated, range(len(headers)), names, headers))
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)] + [
        ("styles", "styles.xml")
    ]
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_SPREADSHEET}.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'{_DECLARED}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        f"<definedNames>{repeated}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": _relations(targets),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "[Content_Types].xml": f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SPREADSHEET}.styles+xml"/>{overrides}</Types>',
    }


def _repeated(at: int, name: str, header: int) -> str:
    """The rows of a sheet that are printed on each of its pages."""
    quoted = _escaped(name.replace("'", "''"))
    return f'<definedName name="_xlnm.Print_Titles" localSheetId="{at}">\'{quoted}\'!$1:${header}</definedName>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet_title(title: str) -> str:
    """A title that Excel accepts: at most 31 characters, none of []:*?/\\ and no quote at its ends."""
    return re.sub(r"[\[\]:*?/\\\n\t\"]", " ", printable(title))[:31].strip(" '") or "Sheet"
