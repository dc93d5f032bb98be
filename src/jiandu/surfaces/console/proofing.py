"""check-text: 校数 of a draft."""

import argparse
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import override

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.proofing.drafts import WORD, paragraphs_of, with_comments
from jiandu.results.proofing.periods import guess
from jiandu.results.proofing.proving import Draft, prove
from jiandu.results.proofing.rendering import as_dict, as_lines
from jiandu.surfaces.console.commands import day_of, year_of
from jiandu.surfaces.console.output import Failed, answer
from jiandu.surfaces.door.answers import words_of


def check_text(args: argparse.Namespace) -> int:
    """0 nothing is wrong, 1 something is, 2 the file or the question cannot be used."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    if args.out and Path(args.out).suffix.casefold() != WORD:
        raise Failed([{"reason": f"结果应为 .docx 文件 · the result is a .docx file: {args.out}"}])
    content = path.read_bytes()
    draft = _proved(args, content)
    lines = as_lines(draft)
    if args.out:
        is_word = path.suffix.casefold() == WORD
        Path(args.out).write_bytes(with_comments(draft, content if is_word else None))
        lines.append(f"已写入 · written: {args.out}")
    answer(as_dict(draft), lines, as_json=args.json)
    return 1 if draft.wrong else 0


def _proved(args: argparse.Namespace, content: bytes) -> Draft:
    try:
        paragraphs = paragraphs_of(content, args.file)
        ask = _ask(args, guess(paragraphs, today()))
        with transaction.atomic(), guard.acting(guard.system("check-text")) as viewer:
            return prove(viewer, paragraphs, ask)
    except Refused as refused:
        with override("en"):
            english = words_of(refused)
        raise Failed([{"rule": refused.rule, "reason": f"{refused.message} · {english}"}]) from refused


def _ask(args: argparse.Namespace, said: Ask) -> Ask:
    """As asked; else as the text says."""
    year = year_of(args.period) if args.period else said.year
    if args.as_of:
        return Ask(year, day_of(args.as_of))
    return said if year == said.year else Ask(year, min(date(year, 12, 31), today()))
