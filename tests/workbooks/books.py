"""Ledgers made for tests: a header, rows by title, written as a clerk's workbook would be."""

import io
from typing import Any

from openpyxl import Workbook

TITLES = (
    *(
        "问题编号",
        "登记日期",
        "来源类型",
        "项目编号",
        "项目名称",
        "牵头监督检查室",
        "派驻(派出)机构",
        "责任单位",
        "问题类别",
    ),
    *("问题表现", "具体事实", "涉及金额(元)", "整改类型", "整改措施", "整改时限", "责任人", "销号申请日期", "核验人"),
    *("核验方式", "核验结论", "审批人", "销号日期", "建章立制(制度名称)", "挽回金额(元)", "回头看日期", "回头看结论"),
)


def line(number: int, **cells: Any) -> dict[str, Any]:
    """An open finding of the first office at 市教育局, with the given cells instead."""
    return {
        "问题编号": f"TS2022-{number:04d}",
        "登记日期": "2022-03-01",
        "来源类型": "信访",
        "牵头监督检查室": "第一监督检查室",
        "责任单位": "市教育局",
        "问题表现": f"台账管理不规范{number}",
        **cells,
    }


def closed(number: int, **cells: Any) -> dict[str, Any]:
    """A finding settled in 2022."""
    settled = {
        "整改类型": "限期整改",
        "整改措施": "完善台账",
        "责任人": "张三",
        "销号申请日期": "2022-05-10",
        "核验人": "李四",
        "核验结论": "通过",
        "审批人": "王五",
        "销号日期": "2022-05-20",
    }
    return line(number, **settled | cells)


def book(*lines: dict[str, Any], titles: tuple[str, ...] = TITLES, title: str = "2022年度问题台账") -> bytes:
    """The workbook: title, header, rows, total."""
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "台账"
    sheet.append([title])
    sheet.append(list(titles))
    for each in lines:
        sheet.append([each.get(name) for name in titles])
    sheet.append(["合计"])
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()
