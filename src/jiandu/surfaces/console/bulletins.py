"""check-bulletin: the figures of a typed bulletin against each other."""

import argparse
from pathlib import Path
from typing import Any

from jiandu.results.digests.agreeing import Cell, Fault
from jiandu.results.digests.checking import Checked, check
from jiandu.results.digests.typed import Unreadable, read
from jiandu.surfaces.console.output import Failed, answer

SHOWN = 20


def check_bulletin(args: argparse.Namespace) -> int:
    """0 everything adds up, 1 something does not, 2 the file cannot be used."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    try:
        checked = check(read(path))
    except Unreadable as wrong:
        raise Failed(wrong.errors) from wrong
    answer(_data(checked), _lines(checked), as_json=args.json)
    return 1 if any(not fault.rounding for fault in checked.faults) else 0


def _data(checked: Checked) -> dict[str, Any]:
    rounding = sum(fault.rounding for fault in checked.faults)
    summary = {
        "compared": checked.pairs,
        "wrong": len(checked.faults) - rounding,
        "rounding": rounding,
        "unchecked": len(checked.unchecked),
    }
    return {
        "faults": [_fault(fault) for fault in checked.faults],
        "unchecked": [_cell(cell) for cell in checked.unchecked],
        "summary": summary,
    }


def _fault(fault: Fault) -> dict[str, Any]:
    return {
        "table": fault.cells[0].table,
        "rule": fault.rule,
        "said": fault.said,
        "should": fault.should,
        "rounding": fault.rounding,
        "reason": f"{fault.chinese} · {fault.english}",
        "cells": [_cell(cell) for cell in fault.cells],
    }


def _cell(cell: Cell) -> dict[str, Any]:
    return {"table": cell.table, "row": cell.row, "column": cell.column, "figure": cell.text, "line": cell.line}


def _lines(checked: Checked) -> list[str]:
    summary = _data(checked)["summary"]
    lines = []
    for fault in checked.faults:
        first = fault.cells[0]
        mark = "四舍五入 rounding" if fault.rounding else "不符 wrong"
        table = f"{first.table} " if first.table else ""
        lines.append(f"{mark}  {table}第{first.line}行 line {first.line}  {fault.chinese} · {fault.english}")
    if checked.unchecked:
        names = "、".join(f"{cell.place}（{cell.line}）" for cell in checked.unchecked[:SHOWN])
        more = "" if len(checked.unchecked) <= SHOWN else f" … {len(checked.unchecked)}"
        lines.append(f"没有可核对的数 · nothing to check against: {names}{more}")
    said = "核对{compared}组，{wrong}组不符，{rounding}组因四舍五入不足100%；{unchecked}个数没有可核对的"
    english = "{compared} compared, {wrong} wrong, {rounding} off by rounding; {unchecked} figures not reached"
    return [*lines, f"{said} · {english}".format(**summary)]
