"""import collective FILE: a village's whole workbook, ledger by ledger in the order in which they rest on each other."""

import argparse
from pathlib import Path
from typing import Any

from django.db import transaction

from jiandu.base.books import sheets
from jiandu.base.books.known import REGISTERS
from jiandu.base.books.sheets import Sheet
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.jobs.services import reading
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.surfaces.console.output import Failed, answer

ABSENT = frozenset({"columns-missing", "sheet-refused"})


def import_collective(args: argparse.Namespace) -> int:
    """Shows what the ledgers of a workbook would do, and does it with --commit: all of them or none."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    with guard.acting(guard.system("import collective")) as viewer:
        with reading():
            found = _ledgers(path)
        done, problems = _taken(viewer, path, found, is_final=args.commit)
    if problems:
        raise Failed(problems)
    answer({"ledgers": done, "committed": args.commit}, _words(done, is_final=args.commit), as_json=args.json)
    return 0


def _ledgers(path: Path) -> list[Sheet]:
    """The ledgers that the workbook has, each from a sheet of its own. Raises Failed where it has none."""
    found: dict[str, Sheet] = {}
    refused: Refused | None = None
    for ledger in LEDGERS.values():
        try:
            sheet = sheets.read(path, REGISTERS[ledger.book])
        except Refused as error:
            if error.rule not in ABSENT:
                raise
            refused = error
            continue
        name = sheet.lines[0].row.sheet if sheet.lines else ledger.book
        if name not in found or len(sheet.problems) < len(found[name].problems):
            found[name] = sheet  # two ledgers whose headings fit one sheet: the one that can be read
    if not found and refused is not None:
        raise refused
    order = [ledger.book for ledger in LEDGERS.values()]
    return sorted(found.values(), key=lambda sheet: order.index(sheet.register.book.key))


def _taken(
    viewer: guard.Viewer, path: Path, found: list[Sheet], *, is_final: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """What each ledger does, and every wrong cell; only what is final stays."""
    done: list[dict[str, Any]] = []
    problems: list[dict[str, Any]] = []
    with transaction.atomic():
        for sheet in found:
            seen = sheets.judge(viewer, sheet)
            problems += [problem.as_dict() for problem in seen.problems]
            done.append(sheets.for_page(seen))
            if not problems:
                again = sheets.read(path, sheet.register)
                sheets.commit(viewer, again, digest=sheets.digest_of(seen))
        if problems or not is_final:
            transaction.set_rollback(True)
    return done, problems


def _words(done: list[dict[str, Any]], *, is_final: bool) -> list[str]:
    head = "已导入 · imported" if is_final else "预览，未写入 · preview, nothing written"
    return [
        head,
        *(
            f"{one['label']}: {one['rows']} 行 · rows; 新增 {one['counts']['create']}，更新 {one['counts']['update']}，"
            f"不变 {one['counts']['unchanged']} · new, changed, same"
            for one in done
        ),
    ]
