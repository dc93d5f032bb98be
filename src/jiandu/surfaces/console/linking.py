"""crosscheck link: which rows of two registers, or of one, are the same person or company; no installation needed."""

import argparse
import sys
from pathlib import Path
from typing import Any

from jiandu.base.core.delimited import Refusal
from jiandu.base.engine.engines import SIZE
from jiandu.base.linkage.columns import Note
from jiandu.base.linkage.linking import Limits, TooLittleMemory, link
from jiandu.base.linkage.table import Register, read
from jiandu.base.linkage.verdicts import CONFIRM, ENGLISH, OTHER, SAME, Links, Pair, Thresholds
from jiandu.surfaces.console.output import Failed, say, to_json

KINDS = {"persons": "自然人 persons", "companies": "单位 companies"}


def find_links(args: argparse.Namespace) -> int:
    """0 read and compared, whatever was found; 2 a file cannot be used: where and why."""
    _check(args)
    left = _read(args.file)
    right = _read(args.other, left.kind) if args.other else None
    links = _link(args, left, right)
    if args.json:
        _print_json(left, right, links)
    else:
        _print(left, right, links)
    sys.stdout.flush()
    return 0


def _link(args: argparse.Namespace, left: Register, right: Register | None) -> Links:
    limits = Limits(memory=args.memory, folder=Path(args.spill) if args.spill else None)
    beside = right.table if right else None
    try:
        return link(left.table, beside, scheme=left.scheme, limits=limits, thresholds=Thresholds(told=args.min))
    except TooLittleMemory as error:
        raise Failed([{"column": "--memory", "value": args.memory, "reason": str(error)}]) from error


def _check(args: argparse.Namespace) -> None:
    wrong = []
    if not 0 < args.min <= 1:
        wrong.append(("--min", args.min, "应大于0、不大于1 · above 0 and at most 1"))
    if not SIZE.fullmatch(args.memory):
        wrong.append(("--memory", args.memory, "应如 2GB、500MB · such as 2GB or 500MB"))
    if args.spill and not Path(args.spill).is_dir():
        wrong.append(("--spill", args.spill, "没有这个目录 · no such folder"))
    if wrong:
        raise Failed([{"column": column, "value": value, "reason": reason} for column, value, reason in wrong])


def _read(name: str, kind: str = "") -> Register:
    path = Path(name)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {name}"}])
    try:
        return read(path, kind)
    except Refusal as refusal:
        raise Failed([{"sheet": path.name, **error} for error in refusal.errors]) from refusal


def _summary(left: Register, right: Register | None, links: Links, verdicts: dict[str, int]) -> dict[str, Any]:
    return {
        "kind": left.kind,
        "rows_a": left.table.num_rows,
        "rows_b": right.table.num_rows if right else None,
        "pairs": len(links),
        "same": verdicts[SAME],
        "to_confirm": verdicts[CONFIRM],
        "another": verdicts[OTHER],
        "told_from": links.thresholds.told,
        "same_from": links.thresholds.same,
        "unusable": [_note(note) for note in links.notes],
    }


def _note(note: Note) -> dict[str, Any]:
    said = {"rows": note.rows, "first": note.first, "reason": f"{note.words} · {note.english}"}
    return {"table": "AB"[note.side], **said}


def _as_dict(pair: Pair) -> dict[str, Any]:
    return {
        "id_a": pair.id_a,
        "id_b": pair.id_b,
        "probability": pair.probability,
        "weight": round(pair.weight, 2),
        "start": round(pair.start, 2),
        "shares": [
            {
                "comparison": share.comparison,
                "level": f"{share.words} · {share.english}",
                "weight": round(share.weight, 2),
            }
            for share in pair.shares
        ],
        "verdict": pair.verdict,
        "reason": f"{pair.reason} · {pair.reason_english}" if pair.reason else "",
    }


def _print_json(left: Register, right: Register | None, links: Links) -> None:
    """Pair by pair, as a list of hundreds of thousands is not built in memory."""
    verdicts = {SAME: 0, CONFIRM: 0, OTHER: 0}
    say('{"pairs": [')
    for number, pair in enumerate(links):
        verdicts[pair.verdict] += 1
        say(f"{',' if number else ''}{to_json(_as_dict(pair))}")
    say(f'], "summary": {to_json(_summary(left, right, links, verdicts))}}}')


def _print(left: Register, right: Register | None, links: Links) -> None:
    verdicts = {SAME: 0, CONFIRM: 0, OTHER: 0}
    for pair in links:
        verdicts[pair.verdict] += 1
        say(
            f"{_printable(pair.id_a)}  {_printable(pair.id_b)}  {pair.verdict} {ENGLISH[pair.verdict]}  {pair.probability:.4f}"
        )
        say(f"    {pair.words}；起点 {pair.start:+.1f}，合计 {pair.weight:+.1f}")
        if pair.reason:
            say(f"    {pair.reason} · {pair.reason_english}")
    said = _summary(left, right, links, verdicts)
    rows = f"{said['rows_a']}" if right is None else f"{said['rows_a']} × {said['rows_b']}"
    say(f"{KINDS[left.kind]}：{rows}")
    for note in links.notes:
        first = _printable(note.first)
        say(
            f"{'AB'[note.side]}：{note.words}，{note.rows}行，如 {first} · {note.rows} rows: {note.english}, such as {first}"
        )
    say(
        f"同一{said['same']}对，待人工确认{said['to_confirm']}对 · {said['same']} the same, {said['to_confirm']} to confirm"
    )
    say("待人工确认的由人认定 · a person decides what is to be confirmed")


def _printable(text: str) -> str:
    """Without what a terminal would take as an order."""
    return "".join(char if char.isprintable() else "·" for char in text)
