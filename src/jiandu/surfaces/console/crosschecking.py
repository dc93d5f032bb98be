"""crosscheck: rules over tables of one's own, without the system around them."""

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiandu.base.core.clock import today
from jiandu.surfaces.console.output import Failed, aligned, answer

if TYPE_CHECKING:
    from jiandu.sources.crosscheck.rule import Basis, Rule
    from jiandu.sources.crosscheck.running import Outcome, Run

SHOWN = 1000
SOME = 100  # errors that are printed


def run(args: argparse.Namespace) -> int:
    """0 ran, whatever was found; 1 the answers differ from --answers; 2 data or question cannot be used."""
    from jiandu.sources.crosscheck import reading, running  # noqa: PLC0415 -- slow import

    folder = Path(args.data)
    chosen = _chosen(args.rules, args.rules_file)
    asked = running.Asked(
        chosen,
        folder,
        _day(args.on, folder),
        engine=args.engine,
        memory=args.memory,
        fresh=args.fresh,
        changed=_changed(args.param, chosen),
        say=_progress(args),
    )
    try:
        done = running.run(asked)
    except reading.Unreadable as unreadable:
        raise Failed(_of(unreadable, args)) from unreadable
    compared = _compared(done, Path(args.answers)) if args.answers else None
    answer(_json(done, compared), _lines(done, compared), as_json=args.json)
    return 1 if compared and any(each["missed"] or each["extra"] for each in compared.values()) else 0


def make_data(args: argparse.Namespace) -> int:
    """0 made; 2 the folder is in use, or too few rows."""
    from jiandu.sources.crosscheck import making, rules  # noqa: PLC0415 -- slow import

    wanted = making.Wanted(args.rows, args.seed, Path(args.out), copies=args.copies, say=_progress(args))
    made = making.make(wanted, list(rules.known().values()))
    total = sum(made.values())
    said = f"{len(made)}张表、{total:,}行：{args.out} · {len(made)} tables, {total:,} rows"
    answer({"folder": args.out, "rows": total, "tables": made}, [said], as_json=args.json)
    return 0


def listed(args: argparse.Namespace) -> int:
    """Every rule: what it reads, what it rests on, its parameters, what it cannot see."""
    chosen = _chosen(args.rules, args.rules_file)
    lines = aligned([(rule.id, _level(rule.level), rule.name, _ground(rule)) for rule in chosen])
    answer({"rules": [told(rule) for rule in chosen]}, lines, as_json=args.json)
    return 0


def sql(args: argparse.Namespace) -> int:
    """The SQL of one rule in any dialect, for an auditor."""
    from jiandu.sources.crosscheck import sql_text  # noqa: PLC0415 -- slow import

    chosen = _chosen([args.rule], args.rules_file)
    written = {rule.id: sql_text.of(rule, args.dialect, _day(args.on, None)) for rule in chosen}
    answer({"sql": written}, [f"-- {name}\n{text};\n" for name, text in written.items()], as_json=args.json)
    return 0


def take(args: argparse.Namespace) -> int:
    """Brings one table into the folder as Parquet, whole or not at all."""
    from jiandu.sources.crosscheck import reading, tables  # noqa: PLC0415 -- slow import

    table = tables.named(args.table)
    source = args.source if "://" in args.source else Path(args.source)
    if isinstance(source, Path) and not source.exists():
        raise Failed([{"reason": f"没有这个文件 · no such file: {args.source}"}])
    folder = Path(args.data)
    try:
        brought = reading.bring(
            table, source, folder / f"{table.name}.parquet", scratch=folder / ".jiandu" / "scratch", query=args.query
        )
    except reading.Unreadable as unreadable:
        raise Failed(_of(unreadable, args)) from unreadable
    said = f"{table.words}：{brought.rows:,}行 · {table.name}: {brought.rows:,} rows"
    more = [f"不认识的列 · unknown columns: {'、'.join(brought.unknown)}"] if brought.unknown else []
    answer(vars(brought) | {"table": table.name}, [said, *more], as_json=args.json)
    return 0


def told(rule: "Rule") -> dict[str, Any]:
    """One rule as data."""
    from jiandu.sources.crosscheck.rule import rests_on  # noqa: PLC0415 -- slow import

    return {
        "id": rule.id,
        "name": rule.name,
        "version": rule.version,
        "level": rule.level,
        "tables": rule.tables,
        "key": rule.key,
        "params": {name: {"value": each.default, "words": each.words} for name, each in rule.params.items()},
        "basis": [_basis(each) for each in rule.basis],
        "rests_on": rests_on(rule),
        "sentence": rule.sentence,
        "blind": rule.blind,
        "cases": [{"words": case.words, "kind": case.kind, "hits": len(case.hits)} for case in rule.cases],
    }


def _basis(each: "Basis") -> dict[str, Any]:
    named = {name: getattr(each, name) for name in ("title", "article", "since", "until")}
    return {"kind": each.ground.name.lower(), "kind_words": str(each.ground), **named}


def _ground(rule: "Rule") -> str:
    """The first of what it rests on, in a line: an article where there is one."""
    from jiandu.sources.crosscheck.rule import Ground, rests_on  # noqa: PLC0415 -- slow import

    first = next((each.words for each in rule.basis if each.ground == Ground.LAW), "")
    return first or "，".join(rests_on(rule)[:2])


def _chosen(names: list[str], file: str | None) -> list["Rule"]:
    """The rules that were named, or all; those of --rules-file stand among them, their own cases tried."""
    from jiandu.sources.crosscheck import rules  # noqa: PLC0415 -- slow import

    if file is None:
        return rules.named(names)
    from jiandu.sources.crosscheck import shapes, trying  # noqa: PLC0415 -- slow import

    try:
        more = shapes.from_file(Path(file))
    except shapes.Misdefined as wrong:
        raise Failed(wrong.errors) from wrong
    if errors := [{"file": Path(file).name, "of": rule.id, **each} for rule in more for each in trying.failing(rule)]:
        raise Failed(errors)
    return rules.named(names, more)


def _level(level: str) -> str:
    from jiandu.sources.crosscheck.rule import LEVELS  # noqa: PLC0415 -- slow import

    return f"{LEVELS[level]} {level}"


def _day(text: str | None, folder: Path | None) -> date:
    """The day that was asked for, else the day of the data (answers.json, or as_of in dataset.json), else today."""
    if text:
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Failed(
                [{"column": "--on", "value": text, "reason": "应为日期，如2024-12-31 · a date is wanted"}]
            ) from None
    for name, key in (("dataset.json", "as_of"), ("answers.json", "on")):
        if folder and (folder / name).is_file():
            return date.fromisoformat(json.loads((folder / name).read_text("utf-8"))[key])
    return today()


def _changed(given: list[str], chosen: list["Rule"]) -> dict[str, dict[str, Any]]:
    """--param SZ-02.days=90 …"""
    changed: dict[str, dict[str, Any]] = {}
    known = {rule.id for rule in chosen}
    for text in given:
        name, _, value = text.partition("=")
        rule, _, param = name.rpartition(".")
        if not value or rule not in known:
            raise Failed([{"column": "--param", "value": text, "reason": "应为 规则.参数=值 · RULE.PARAMETER=VALUE"}])
        changed.setdefault(rule, {})[param] = value
    return changed


def _progress(args: argparse.Namespace) -> Callable[[str], None]:
    """Lines on the error stream, so that what is found can be piped on."""

    def say(text: str) -> None:
        if not args.quiet:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    return say


def _of(unreadable: Any, args: argparse.Namespace) -> list[dict[str, Any]]:
    """The errors: to a program all that are told, to a reader a screen or two."""
    errors = list(unreadable.errors if args.json else unreadable.errors[:SOME])
    if unreadable.total > len(errors):
        rest = unreadable.total - len(errors)
        errors.append({"reason": f"另有{rest:,}处错误 · {rest:,} more errors"})
    return errors


def _compared(done: "Run", path: Path) -> dict[str, dict[str, Any]]:
    """Each rule that ran against the answer key: which keys it missed, which it should not have hit."""
    from jiandu.sources.crosscheck import running  # noqa: PLC0415 -- slow import

    key = json.loads(path.read_text("utf-8"))["rules"]
    compared = {}
    for outcome in done.outcomes:
        if outcome.file is None:
            continue
        wanted = {tuple(each) for each in key.get(outcome.rule.id, [])}
        got = {running.key_of(outcome.rule, hit) for hit in running.hits(outcome)}
        compared[outcome.rule.id] = {
            "planted": len(wanted),
            "missed": sorted(wanted - got),
            "extra": sorted(got - wanted),
        }
    return compared


def _json(done: "Run", compared: dict[str, Any] | None) -> dict[str, Any]:
    data = {
        "on": done.on,
        "engine": done.engine,
        "tables": {
            name: {"version": source.version, **done.qualities[name].as_dict()} for name, source in done.sources.items()
        },
        "rules": [_outcome(each) for each in done.outcomes],
    }
    return data if compared is None else data | {"answers": compared}


def _outcome(outcome: "Outcome") -> dict[str, Any]:
    from jiandu.sources.crosscheck import decisive, running  # noqa: PLC0415 -- slow import

    rule = outcome.rule
    hits = [
        {
            "key": running.key_of(rule, hit),
            "level": hit["level"],
            "place": hit["place"],
            "sentence": rule.explain(hit),
            "values": {name: hit[name] for name in rule.shown if name in hit},
        }
        for hit in running.hits(outcome, SHOWN)
    ]
    return {
        "id": rule.id,
        "name": rule.name,
        "version": rule.version,
        "missing": outcome.missing,
        "judged": outcome.is_conclusive,
        "decisive": [each.as_dict() for each in outcome.fills],
        "lacks": decisive.words(outcome.lacks),
        "hits": outcome.hits,
        "seconds": outcome.seconds,
        "kept": outcome.kept,
        "file": str(outcome.file) if outcome.file else None,
        "doubts": [fault.words for fault in outcome.doubts],
        "found": hits,
    }


def _note(outcome: "Outcome") -> str:
    """What is to be known of a number of hits: whether it was judged at all, and on which data."""
    from jiandu.sources.crosscheck import decisive  # noqa: PLC0415 -- slow import

    if outcome.missing:
        return f"（缺 missing：{'、'.join(outcome.missing)}）"
    if not outcome.is_conclusive:
        return f"（未判断 not judged：{'；'.join(decisive.words(outcome.lacks))}）"
    return "（数据存疑 doubtful data）" if outcome.doubts else ""


def _lines(done: "Run", compared: dict[str, Any] | None) -> list[str]:
    rows: list[tuple[str, ...]] = [("规则 rule", "条 hits", "秒 s", "名称 name")]
    for each in done.outcomes:
        hits = f"{each.hits:,}" if each.is_conclusive else "–" if each.missing else "未判断"
        rows.append((each.rule.id, hits, f"{each.seconds:.2f}", each.rule.name + _note(each)))
    doubts = [fault.words for judged in done.qualities.values() for fault in judged.doubts]
    ran = [each for each in done.outcomes if not each.missing]
    total = sum(each.hits for each in ran)
    spent = sum(each.seconds for each in ran)
    lines = [*aligned(rows), *(f"数据 data: {words}" for words in doubts)]
    if silent := [each.rule.id for each in done.outcomes if not each.is_conclusive]:
        lines.append(f"未判断{len(silent)}条 · {len(silent)} rules did not judge: {', '.join(silent)}")
    lines.append(f"{len(ran)}条规则，{total:,}条疑点，{spent:.1f}秒 · {len(ran)} rules, {total:,} hits, {spent:.1f} s")
    for name, each in (compared or {}).items():
        if each["missed"] or each["extra"]:
            lines.append(f"{name}：漏 missed {len(each['missed'])}，多 extra {len(each['extra'])}")
    if compared is not None:
        right = sum(not each["missed"] and not each["extra"] for each in compared.values())
        lines.append(f"与答案一致 · agree with the answers: {right}/{len(compared)}")
    return lines
