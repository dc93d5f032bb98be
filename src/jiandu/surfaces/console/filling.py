"""The command that fills a superior's form: what its cells are bound to is kept in the workbook itself."""

import argparse
from pathlib import Path
from typing import Any

from django.db import transaction

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import SheetRefused
from jiandu.results.filling.answering import as_dict
from jiandu.results.filling.bindings import Period
from jiandu.results.filling.services import filled, proposed
from jiandu.surfaces.console.commands import day_of
from jiandu.surfaces.console.output import Failed, answer


def fill(args: argparse.Namespace) -> int:
    """Fills the bound cells for a period; with --propose binds cells by their heads first. All cells or none."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    if not args.period and not args.propose:
        raise Failed([{"reason": "请给出期间(--period 2022-11)或提出绑定(--propose) · say --period or --propose"}])
    try:
        with transaction.atomic(), guard.acting(guard.system("fill form")) as viewer:
            content, said, lines = _made(viewer, path.read_bytes(), args)
    except SheetRefused as refused:
        raise Failed([_place(refused)]) from refused
    Path(args.out).write_bytes(content)
    answer(said, [*lines, f"已写入 · written: {args.out}"], as_json=args.json)
    return 0


def _place(refused: SheetRefused) -> dict[str, Any]:
    """A file that cannot be filled, with the cell where there is one."""
    said: dict[str, Any] = {"rule": refused.code, "reason": f"{refused.message} · {refused.english}"}
    cell = str(refused.detail.get("cell", ""))
    column = cell.rstrip("0123456789")
    where = {"sheet": refused.detail.get("sheet", ""), "row": cell.removeprefix(column), "column": column, "value": ""}
    return where | said


def _made(viewer: Viewer, content: bytes, args: argparse.Namespace) -> tuple[bytes, dict[str, Any], list[str]]:
    said: dict[str, Any] = {}
    lines: list[str] = []
    if args.propose:
        content, found = proposed(viewer, content)
        said["proposed"] = [one.as_dict() for one in found]
        lines.append(f"按行列标题绑定 {len(found)} 格 · cells bound by their heads: {len(found)}")
    if not args.period:
        return content, said, lines
    period = Period.read(args.period)
    done, told = filled(viewer, content, period, period.as_of(day_of(args.as_of) if args.as_of else None))
    if done is None:
        raise Failed([problem.as_dict() for problem in told.problems])
    said |= as_dict(told, done.kept_comments)
    lines.append(f"{period} 统计截止日 {told.as_of} 统计范围 {told.scope}")
    lines.append(f"填 {len(told.answers)} 格 · filled")
    lines += [f"  {one['sheet']}!{one['cell']} {one['value']} {one['label']}" for one in said["filled"]]
    if told.later:
        lines.append(f"月份未到 {len(told.later)} 格 · months to come")
    if told.left:
        lines.append(f"未绑定、标黄 {len(told.left)} 格 · left yellow: {_places(said['left'])}")
    if done.kept_comments:
        lines.append(f"保留原有批注 · comments kept: {', '.join(done.kept_comments)}")
    return done.content, said, lines


def _places(cells: list[dict[str, str]]) -> str:
    return ", ".join(f"{cell['sheet']}!{cell['cell']}" for cell in cells[:30]) + (" …" if len(cells) > 30 else "")
