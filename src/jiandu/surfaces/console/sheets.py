"""import REGISTER FILE: a sheet of a register looked at, and taken in with --commit. All or nothing."""

import argparse
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import override

from jiandu.base.books import sheets
from jiandu.base.books.known import REGISTERS
from jiandu.base.books.sheets import Sheet
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.jobs.services import reading
from jiandu.surfaces.console.output import Failed, answer


def import_sheet(args: argparse.Namespace) -> int:
    """Reads a sheet, shows what it would do, and does it with --commit."""
    path, register = Path(args.file), REGISTERS[args.what]
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    with guard.acting(guard.system(f"import {args.what}")) as viewer:
        with reading():
            looked = sheets.read(path, register)
        with transaction.atomic():
            seen = sheets.judge(viewer, looked)
        if args.commit and not seen.problems:
            seen = _committed(viewer, sheets.read(path, register), sheets.digest_of(seen))
        if seen.problems:  # nothing has been written
            raise Failed(_in_both_languages(viewer, path, seen))
    said = sheets.for_page(seen) | {"committed": args.commit}
    answer(said, _words(said), as_json=args.json)
    return 0


def _committed(viewer: guard.Viewer, sheet: Sheet, digest: str) -> Sheet:
    """The sheet after it was taken in; one with problems is left for the caller to report."""
    try:
        with transaction.atomic():
            return sheets.commit(viewer, sheet, digest=digest)
    except Refused:
        if sheet.problems:
            return sheet
        raise


def _in_both_languages(viewer: guard.Viewer, path: Path, seen: Sheet) -> list[dict[str, Any]]:
    """The problems, each with its reason in Chinese and English: the sheet is looked at once more for that."""
    with transaction.atomic(), override("en"):
        english = sheets.judge(viewer, sheets.read(path, seen.register)).problems
    said = []
    for chinese, other in zip(seen.problems, english, strict=True):
        reason = chinese.reason if " · " in chinese.reason else f"{chinese.reason} · {other.reason}"
        said.append(chinese.as_dict() | {"reason": reason})
    return said


def _words(said: dict[str, Any]) -> list[str]:
    counts = said["counts"]
    done = "已导入 · imported" if said["committed"] else "预览，未写入 · preview, nothing written"
    acts = (
        f"新增 {counts['create']}，更新 {counts['update']}，不变 {counts['unchanged']}，冲突 {counts['conflict']}"
        f" · new {counts['create']}, changed {counts['update']}, same {counts['unchanged']}, conflicts {counts['conflict']}"
    )
    changed = [
        f"  {row['row']} {title}: {old or '—'} → {new}" for row in said["shown"] for title, old, new in row["cells"]
    ]
    rows = "、".join(map(str, said["skipped"]))
    skipped = [f"合计、制表说明等行不导入 · totals and footers, not taken in: {rows}"] if rows else []
    return [f"{said['label']}: {said['rows']} 行 · rows; {done}", acts, *changed, *skipped]
