"""The XML of a workbook that we write: cells with live values, and the fixed parts around them (ECMA-376 part 1)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from math import isfinite

from .cells import Fault, letters, printable, protected, shown
from .plan import Kind, OutValue, Plan

_FACTS = 0
_HEADER, _TITLE, _MARK, _TEXT, _DATE, _MOMENT, _TIME, _MONEY, _NUMBER = range(1, 10)  # cellXfs in _STYLES
_BY_KIND: dict[Kind, int] = {"text": _TEXT, "row_id": _TEXT, "date": _TEXT, "money": _MONEY, "number": _NUMBER}

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
_STYLES = f"""{_DECLARED}<styleSheet {_MAIN}>\
<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
<fonts count="4"><font><sz val="11"/><name val="宋体"/><charset val="134"/></font>\
<font><b/><sz val="11"/><name val="宋体"/><charset val="134"/></font>\
<font><b/><sz val="16"/><name val="宋体"/><charset val="134"/></font>\
<font><sz val="9"/><color rgb="FF7F7F7F"/><name val="宋体"/><charset val="134"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/></patternFill></fill></fills>\
<borders count="2"><border/><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/>\
</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf xfId="0"/>\
<xf fontId="1" fillId="2" borderId="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/>\
</xf><xf fontId="2" applyAlignment="1"><alignment horizontal="center"/></xf><xf fontId="3"/>\
<xf numFmtId="49" borderId="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf>\
<xf numFmtId="164" borderId="1"/><xf numFmtId="165" borderId="1"/><xf numFmtId="21" borderId="1"/>\
<xf numFmtId="4" borderId="1"/><xf borderId="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def row(number: int, values: Iterable[OutValue], kinds: Sequence[Kind]) -> str:
    """One row of data. Raises `ValueError` where values and kinds differ in number."""
    styled = zip(_columns(len(kinds)), values, kinds, strict=True)
    cells = [_cell(f"{name}{number}", value, _BY_KIND[kind]) for name, value, kind in styled if value not in (None, "")]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _escaped(text: str) -> str:
    """Not the one of `xml.sax`, which imports the whole of HTTP."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


_letters: list[str] = []


def _columns(count: int) -> list[str]:
    while len(_letters) < count:
        _letters.append(letters(len(_letters) + 1))
    return _letters[:count]


def _cell(reference: str, value: OutValue, style: int) -> str:
    number, style = _as_number(value, style)
    if number:
        return f'<c r="{reference}" s="{style}"><v>{number}</v></c>'
    return _text_cell(reference, shown(value), _TEXT)


def _text_cell(reference: str, text: str, style: int) -> str:
    safe = protected(printable(text))
    if len(safe) > _LONGEST:
        safe = f"{safe[:_LONGEST]}…（超长，已截断）"
    escaped = _escaped(_LITERAL.sub("_x005F_", safe))
    return f'<c r="{reference}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escaped}</t></is></c>'


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
    header = len(lines) + 1
    widths = "".join(
        f'<col min="{at}" max="{at}" width="{column.shown_width}" customWidth="1"{_hidden(column.kind)}/>'
        for at, column in enumerate(plan.columns, start=1)
    )
    above = "".join(
        f'<row r="{at}">{_text_cell(f"A{at}", text, style)}</row>' for at, (style, text) in enumerate(lines, start=1)
    )
    titles = zip(_columns(len(plan.columns)), plan.columns, strict=True)
    named = "".join(_text_cell(f"{name}{header}", column.title, _HEADER) for name, column in titles)
    start = (
        f'{_DECLARED}<worksheet {_MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0">'
        f'<pane ySplit="{header}" topLeftCell="A{header + 1}" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>{above}"
    )
    return f'{start}<row r="{header}">{named}</row>', header


def _hidden(kind: Kind) -> str:
    return ' hidden="1"' if kind == "row_id" else ""


def after_rows(plan: Plan, header: int, last: int) -> str:
    """The sheet's XML below the last row."""
    right = _columns(len(plan.columns))[-1]
    merged = "".join(f'<mergeCell ref="A{at}:{right}{at}"/>' for at in range(1, header)) if right != "A" else ""
    page = _escaped(printable(plan.watermark)[:120].replace("&", "&&"))
    return (
        f'</sheetData><autoFilter ref="A{header}:{right}{last}"/>'
        + (f'<mergeCells count="{header - 1}">{merged}</mergeCells>' if merged else "")
        + '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
        + (f"<headerFooter><oddHeader>&amp;R{page}</oddHeader></headerFooter></worksheet>" if page else "</worksheet>")
    )


def notes_sheet(notes: Sequence[str]) -> str:
    """A sheet with one note a row."""
    rows = "".join(f'<row r="{at}">{_text_cell(f"A{at}", note, 0)}</row>' for at, note in enumerate(notes, start=1))
    return f'{_DECLARED}<worksheet {_MAIN}><cols><col min="1" max="1" width="100"/></cols><sheetData>{rows}</sheetData></worksheet>'


def fixed_parts(titles: Sequence[str], header: int) -> dict[str, str]:
    """Every part but the sheets, by name; `titles` are those of the sheets, the first one repeats its header in print."""
    names = [_sheet_title(title) for title in titles]
    sheets = "".join(
        f'<sheet name="{_escaped(name)}" sheetId="{at}" r:id="rId{at}"/>' for at, name in enumerate(names, start=1)
    )
    quoted = _escaped(names[0].replace("'", "''"))
    targets = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(names) + 1)] + [
        ("styles", "styles.xml")
    ]
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{at}.xml" ContentType="{_SPREADSHEET}.worksheet+xml"/>'
        for at in range(1, len(names) + 1)
    )
    return {
        "xl/styles.xml": _STYLES,
        "xl/workbook.xml": f'{_DECLARED}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets><definedNames>'
        f'<definedName name="_xlnm.Print_Titles" localSheetId="0">\'{quoted}\'!$1:${header}</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": _relations(targets),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "[Content_Types].xml": f'{_DECLARED}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SPREADSHEET}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SPREADSHEET}.styles+xml"/>{overrides}</Types>',
    }


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_DECLARED}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _sheet_title(title: str) -> str:
    """A title that Excel accepts: at most 31 characters, none of []:*?/\\ and no quote at its ends."""
    return re.sub(r"[\[\]:*?/\\\n\t\"]", " ", printable(title))[:31].strip(" '") or "Sheet"
