"""The commands that work on data: init, import, measure, review, audit."""

import argparse
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import transaction
from django.db.models import QuerySet

from jiandu.base.audit import chain
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.vendor.ownership import as_owner
from jiandu.base.jobs.services import reading
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.loop.workbooks import importing as ledgers
from jiandu.loop.workbooks import showing
from jiandu.net.subjects.divisions import load_divisions
from jiandu.results.analysis import selectors as figures
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.filling.bindings import Period
from jiandu.results.reports.drafting import draft
from jiandu.results.reports.rendering import as_dict, render
from jiandu.surfaces.console.output import Failed, answer, plain


def init(args: argparse.Namespace) -> int:
    """Makes an empty installation: tables, dictionaries, divisions."""
    call_command("migrate", verbosity=0, interactive=False)
    with as_owner(), transaction.atomic(), guard.acting(guard.system("init")) as viewer:
        items = load_defaults(by=viewer)
        regions = load_divisions(by=viewer)
        load_checklists(by=viewer)
    answer(
        {"dictionary_items": items, "regions": regions},
        [f"已建立 · ready: 字典 {items} 项, 区划 {regions} 个"],
        as_json=args.json,
    )
    return 0


def import_ledger(args: argparse.Namespace) -> int:
    """Reads a ledger, shows what it would do, and does it with --commit. All or nothing."""
    path = Path(args.file)
    if not path.is_file():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.file}"}])
    with guard.acting(guard.system("import ledger")) as viewer:
        with reading():
            preview = ledgers.prepare(ledgers.preview(viewer, path, create_missing=args.create_missing))
        if args.commit and not preview.problems:
            preview = _committed(viewer, preview)
        if preview.problems:  # nothing has been written
            raise Failed([problem.as_dict() for problem in preview.problems])
    done = args.commit
    answer(showing.as_dict(preview, committed=done), showing.words(preview, committed=done), as_json=args.json)
    return 0


def _committed(viewer: guard.Viewer, preview: ledgers.Preview) -> ledgers.Preview:
    """The preview after it was written; one with problems is left for the caller to report."""
    try:
        with transaction.atomic():
            preview = ledgers.still(viewer, preview)
            return ledgers.commit(viewer, preview)
    except Refused:
        if preview.problems:
            return preview
        raise


def measure(args: argparse.Namespace) -> int:
    """One figure; with --rows the records it counts."""
    ask = _asked(args.period, day_of(args.as_of))
    with transaction.atomic(), guard.acting(guard.system("measure")) as viewer:
        figure = figures.figure(viewer, args.key, ask)
        data: dict[str, Any] = {
            "key": args.key,
            "value": plain(figure.value) if not isinstance(figure.value, int) else figure.value,
            "rows": figure.rows,
            "unit": figure.measure.unit,
            "as_of": ask.as_of.isoformat(),
            "basis": figure.measure.basis,
            "definition": figure.measure.definition,
        }
        if args.rows:
            data["items"] = [_row(row) for row in figures.rows_of(viewer, args.key, ask).iterator(chunk_size=2000)]
    lines = [
        f"{figure.measure.label} {figure.value} {figure.measure.unit}(统计截止日 {ask.as_of})",
        figure.measure.definition,
    ]
    answer(data, lines + [f"  {item['label']}" for item in data.get("items", [])], as_json=args.json)
    return 0


def _row(row: Any) -> dict[str, Any]:
    return {"uid": str(row.uid) if hasattr(row, "uid") else row.pk, "label": str(row)}


def review(args: argparse.Namespace) -> int:
    """The annual review as of a date (the end of its year, unless told), as JSON, page or Word by the ending of --out."""
    as_of = day_of(args.as_of) if args.as_of else min(date(args.year, 12, 31), today())
    with transaction.atomic(), guard.acting(guard.system("review")) as viewer:
        drafted = draft(viewer, year=args.year, as_of=as_of)
        ask = Ask(year=args.year, as_of=as_of)

        def counted_in(one: figures.Figure) -> QuerySet[Any]:
            return figures.rows_of(viewer, one.measure.key, ask.at(one.as_of or as_of))

        content = render(
            drafted,
            Path(args.out).suffix if args.out else ".json",
            rows=lambda one: map(str, counted_in(one).iterator(chunk_size=2000)),
        )
    if args.out:
        Path(args.out).write_bytes(content)
        answer(as_dict(drafted), [f"已写入 · written: {args.out}"], as_json=args.json)
    else:
        answer(as_dict(drafted), [content.decode()], as_json=args.json)
    return 0


def audit_verify(args: argparse.Namespace) -> int:
    """0 intact, 1 broken, 2 cannot tell."""
    with transaction.atomic():
        code, said = chain.report(chain.verify_chain(anchors=Path(args.anchors) if args.anchors else None))
    answer(said, [str(said.get("reason_zh") or said)], as_json=args.json)
    return code


def day_of(text: str) -> date:
    """A date as ISO writes it. Raises Refused (bad-date)."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("bad-date", "日期应写作 2022-12-31:%(text)s", text=text) from None


def year_of(text: str) -> int:
    """A year. Raises Refused (bad-period)."""
    if not text.isdigit() or not 1990 <= int(text) <= 2100:
        raise Refused("bad-period", "期间应为年份,如 2022:%(text)s", text=text)
    return int(text)


def _asked(text: str, as_of: date) -> Ask:
    """A year, or a month of it."""
    period = Period.read(text)
    asked = Ask(period.year, as_of)
    return replace(asked, first=period.month, last=period.month) if "-" in text else asked
