"""What 核对数字 says: the pairs that do not add up, in rows, and how much was held against what."""

from typing import Any

from django.utils.translation import gettext as _

from jiandu.results.digests.agreeing import Fault
from jiandu.results.digests.checking import Checked
from jiandu.results.digests.dimensions import is_english

Row = dict[str, Any]
SHOWN = 30


def columns() -> list[Row]:
    """Of the table of faults."""
    named = (_("核对结果"), _("表"), _("位置"), _("写的"), _("应为"), _("说明"))
    return [{"label": label, "kind": "main" if place == 5 else ""} for place, label in enumerate(named)]


def said(checked: Checked) -> Row:
    """Rows, a sentence, and the figures that no rule reached."""
    rounding = sum(fault.rounding for fault in checked.faults)
    counts = {"pairs": checked.pairs, "wrong": len(checked.faults) - rounding, "rounding": rounding}
    more = len(checked.unchecked) - SHOWN
    return {
        "rows": [_row(fault) for fault in checked.faults],
        "is_right": not counts["wrong"],
        "summary": _("核对%(pairs)s组，%(wrong)s组不符，%(rounding)s组是四舍五入所致。") % counts,
        "unchecked": [
            " ".join(part for part in (cell.table, cell.place, cell.text) if part) for cell in checked.unchecked[:SHOWN]
        ],
        "more": max(0, more),
    }


def place(error: Row) -> str:
    """Where a figure stands that cannot be read."""
    if "row" not in error:
        return ""
    where = {"row": error["row"], "column": error.get("column", ""), "value": error.get("value", "")}
    return _("第%(row)s行“%(column)s”栏“%(value)s”：") % where


def _row(fault: Fault) -> Row:
    first = fault.cells[0]
    mark = {"text": _("四舍五入"), "tone": "warn"} if fault.rounding else {"text": _("不符"), "tone": "danger"}
    why = fault.english if is_english() else fault.chinese
    return {"cells": [mark, first.table, first.place, fault.said, fault.should, why]}
