"""repeats: which texts of a table repeat each other; a table of one's own, no installation needed."""

import argparse
import sys
from pathlib import Path
from typing import Any

from jiandu.base.texts.compiled import is_kept
from jiandu.base.texts.index import Index
from jiandu.base.texts.pairs import Pair, repeats, stars
from jiandu.base.texts.scoring import ALIKE, REPEAT
from jiandu.base.texts.table import Letters, Refusal, read
from jiandu.surfaces.console.output import Failed, answer, say

BEGINNING = 30
LOOKED_AT = 200


def find_repeats(args: argparse.Namespace) -> int:
    """0 read and compared, whether or not anything repeats; 2 the file cannot be used: where and why."""
    _check(args)
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    try:
        letters = read(path)
    except Refusal as refusal:
        raise Failed(refusal.errors) from refusal
    if not is_kept():
        sys.stderr.write("首次使用要编译，约需半分钟 · compiles on first use, about half a minute\n")
    found = repeats(Index.build(letters.texts), least=args.min_score, places=letters.places)
    if args.months:
        found = [pair for pair in found if letters.within(pair.a, pair.b, args.months)]
    if args.json:
        answer(_as_dict(letters, found, args.min_score), [], as_json=True)
    else:
        _print(letters, found)
    return 0


def _check(args: argparse.Namespace) -> None:
    wrong = []
    if not 0 < args.min_score <= 1:
        wrong.append(("--min-score", args.min_score, "应大于0、不大于1 · above 0 and at most 1"))
    if args.months is not None and args.months < 1:
        wrong.append(("--months", args.months, "应为1以上的整数 · a whole number from 1 on"))
    if wrong:
        raise Failed([{"column": column, "value": value, "reason": reason} for column, value, reason in wrong])


def _summary(letters: Letters, found: list[Pair], least: float) -> dict[str, Any]:
    mains = stars(found, order=letters.order)
    return {
        "texts": len(letters.texts),
        "pairs": len(found),
        "repeats": sum(pair.label == REPEAT for pair in found),
        "alike": sum(pair.label == ALIKE for pair in found),
        "attached": len(mains),
        "main_items": len(set(mains.values())),
        "min_score": least,
    }


def _as_dict(letters: Letters, found: list[Pair], least: float) -> dict[str, Any]:
    ids = letters.ids
    pairs = [{"a": ids[pair.a], "b": ids[pair.b], "score": pair.score, "label": pair.label} for pair in found]
    return {"pairs": pairs, "summary": _summary(letters, found, least)}


def _print(letters: Letters, found: list[Pair]) -> None:
    """The pairs, the beginnings of both texts under each other; then the sums."""
    for pair in found:
        label = f"{pair.label} {'repeat' if pair.label == REPEAT else 'alike'}"
        say(f"{label}  {pair.score:.2f}")
        for number in (pair.a, pair.b):
            say(f"    {_printable(letters.ids[number])}  {_beginning(letters.texts[number])}")
    said = _summary(letters, found, 0)
    say(f"共{said['texts']}件 · {said['texts']} texts")
    say(
        f"重复{said['repeats']}对，同类{said['alike']}对 · {said['repeats']} pairs repeat, {said['alike']} are alike with other facts"
    )
    say(
        f"可并入主件{said['attached']}件，主件{said['main_items']}件 · {said['attached']} may be attached to {said['main_items']} main items"
    )
    say("是否重复由人认定 · a person decides whether it is a repeat")
    sys.stdout.flush()


def _printable(text: str) -> str:
    """Without what a terminal would take as an order."""
    return "".join(char if char.isprintable() else "·" for char in text)


def _beginning(text: str) -> str:
    line = _printable(" ".join(text[:LOOKED_AT].split()))
    return line if len(line) <= BEGINNING else f"{line[:BEGINNING]}…"
