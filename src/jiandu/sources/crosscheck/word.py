"""疑点核查单: one alert on one page, for whoever goes and looks. Everything on it is masked; the result is ticked by hand."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Document, Field, Form, Note, Title
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.crosscheck import selectors
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.rule import Rule, rests_on
from jiandu.sources.crosscheck.states import DISPOSITIONS

ROWS, SIGNS, LONG = 2, 150, 160  # rows of a table on the sheet, signs of one, signs of the sentence
WAYS = ("查阅台账、合同", "现场查看", "询问经办人员", "调取银行流水", "其他：＿＿＿＿＿＿＿＿＿＿")
LINE = 3  # boxes on a line, so that no word of one breaks
HIGH, LOW = 26.0, 14.0  # millimetres


def check_docx(viewer: Viewer, alert: Alert, *, mark: str = "") -> bytes:
    """疑点核查单 as a file."""
    return to_docx(replace(check_form(viewer, alert), mark=mark))


def check_form(viewer: Viewer, alert: Alert) -> Document:
    """疑点核查单: what was found, on what basis, the rows behind it under stars; how it was checked and what came out, free."""
    rule = selectors.rule_of(viewer, alert)
    form = Form(
        (
            (Field("疑点编号", alert.code), Field("级　　别", as_recorded(alert.get_colour_display()))),
            (Field("涉及地方", alert.place), Field("涉及单位", str(alert.subject or ""))),
            (Field("规则及依据", _basis(alert, rule)),),
            (Field("疑点说明", _short(alert.sentence, LONG)),),
            (Field("数据记录", _rows(alert)),),
            *([(Field("关联认定", _linked(alert)),)] if alert.linked else []),
            (Field("核查方式", _boxes(WAYS)),),
            (Field("核查情况", "", HIGH),),
            (Field("核查结果", _boxes(as_recorded(verb.label) for verb in DISPOSITIONS)),),
            (Field("核查人\n签　字", "", LOW), Field("核查日期", day_in_words(None))),
            (Field("复核人\n签　字", "", LOW), Field("复核日期", day_in_words(None))),
        ),
        small=True,
    )
    note = "疑点不是问题，须核实后处置。姓名、身份证号和账号以星号显示；本单填写时不写当事人身份证号和账号。"
    blocks = (Title("数据比对疑点核查单", Code(Opens.ALERT, alert.uid)), form, Note(note))
    at = datetime.combine(today(), time(), tzinfo=UTC)
    return Document(title=f"{alert.code}疑点核查单", author=str(alert.owner_office), at=at, blocks=blocks)


def _boxes(words: Iterable[str]) -> str:
    """Boxes to tick, so many a line."""
    told = [f"□ {each}" for each in words]
    return "\n".join("　".join(told[at : at + LINE]) for at in range(0, len(told), LINE))


def _basis(alert: Alert, rule: Rule | None) -> str:
    said = f"{alert.rule} {alert.rule_name}（{alert.version}版）"
    if rule is None:
        return said
    return "；".join([said, *rests_on(rule, alert.last_on)[:3]])


def _rows(alert: Alert) -> str:
    """The first rows of each table, one a line; what is left out is counted."""
    lines = []
    for table in alert.behind:
        for row in table["rows"][:ROWS]:
            said = "，".join(f"{label}{value}" for label, value in zip(table["columns"], row, strict=True) if value)
            lines.append(_short(f"{table['table']}：{said}", SIGNS))
        if more := len(table["rows"]) - ROWS:
            lines += [f"（{table['table']}另有{more}条）"] if more > 0 else []
    return "\n".join(lines) or "（规则未列出记录）"


def _linked(alert: Alert) -> str:
    return "；".join(_one_linked(each) for each in alert.linked)


def _one_linked(said: dict[str, Any]) -> str:
    by = f"经人认定（{said['pair']}）" if said["pair"] else "程序认定"
    return f"{said['table']}的{said['column']}由关联补认，相似度{said['score']:.1%}，{by}"


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def named_on(alert: Alert, on: date) -> str:
    """What the file is called."""
    return f"疑点核查单_{alert.code}_{on:%Y%m%d}"
