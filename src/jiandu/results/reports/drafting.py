"""Sentences with measures inside: each {key} becomes a figure that knows its measure, so that it can open its rows."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.measures.registry import Ask, Split, all_measures
from jiandu.results.analysis.selectors import Figure, Ratio, Share, figures, rated, shares, split_of

#: {key}, or {key@11-30}: as of a day of the year of its own. as_of and year are words, not measures.
SLOT = re.compile(r"\{(\w+(?:@[\w-]+)?)\}")
DATED = re.compile(r"(\w+)(?:@(.+))?")
#: Left out where every figure in it is zero, or said otherwise: …，整改{a}个[[，挽回{b}元]]。[[启动{a}轮||未启动]]。
CLAUSE = re.compile(r"\[\[(.+?)(?:\|\|(.*?))?\]\]")
#: A line of its own: a picture of measures, told apart by a split. {project_findings, project_findings_rectified / aspect}
PLOT = re.compile(r"\{\s*([\w@-]+(?:\s*,\s*[\w@-]+)*)\s*/\s*(\w+)\s*\}")
TEN_THOUSAND, HUNDRED = 10_000, 100
TEXT = Path(__file__).with_name("data") / "review.json"


@dataclass(frozen=True)
class Run:
    """A piece of a sentence: words, or a figure."""

    words: str = ""
    figure: Figure | None = None

    @property
    def text(self) -> str:
        return self.words if self.figure is None else in_words(self.figure)


@dataclass(frozen=True)
class Plot:
    """A picture: figures of one kind, each with its parts by the same split."""

    split: Split
    series: tuple[tuple[Figure, tuple[Share, ...]], ...]


@dataclass(frozen=True)
class Written:
    """A section as it is written: heading, lines with slots, the part that it belongs to."""

    title: str
    lines: list[str]
    part: str = ""


@dataclass(frozen=True)
class Paragraphs:
    """A section: its heading, sentences as runs, and pictures below them; the heading of the part that begins with it.

    `figures`: what its sentences name, each once, also where a clause that counts nothing is left out.
    """

    title: str
    sentences: tuple[tuple[Run, ...], ...]
    plots: tuple[Plot, ...] = ()
    part: str = ""
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Drafted:
    """A review ready to be shown: year, as-of date, sections, and the figures it uses by key."""

    year: int
    title: str
    as_of: date
    sections: tuple[Paragraphs, ...]
    figures: dict[str, Figure]
    ratios: tuple[Ratio, ...] = ()


@dataclass(frozen=True)
class Source:
    """Where figures and their parts come from: the records of now, or what was frozen. None: it is not there."""

    figure: Callable[[str, date], Figure | None]
    shares: Callable[[str, str, date], list[Share] | None]


def live(viewer: Viewer, ask: Ask, *, doubts: bool = False) -> Source:
    """The records, in the viewer's scope. All figures are counted when the first is asked for: together they cost least.

    With `doubts`, figures tell how many of their rows hold open data.
    """

    @cache
    def known() -> dict[str, Figure]:
        return {figure.measure.key: figure for figure in figures(viewer, ask, doubts=doubts)}

    def figure(key: str, day: date) -> Figure | None:
        return known().get(key) if day == ask.as_of else figures(viewer, ask.at(day), [key], doubts=doubts)[0]

    return Source(figure, lambda key, by, day: shares(viewer, key, ask.at(day), by=by))


@cache
def default_text() -> dict[str, Any]:
    """The text that a new review begins with."""
    content: dict[str, Any] = json.loads(TEXT.read_text(encoding="utf-8"))
    return content


def draft(viewer: Viewer, *, year: int, as_of: date) -> Drafted:
    """The review of a year as of a date, from records alone."""
    text = default_text()
    sections = [
        Written(section["title"], section["sentences"], section.get("part", "")) for section in text["sections"]
    ]
    ask = Ask(year=year, as_of=as_of)
    return compose(title=text["title"].format(year=year), ask=ask, sections=sections, source=live(viewer, ask))


def compose(*, title: str, ask: Ask, sections: list[Written], source: Source) -> Drafted:
    """Fills the sentences, leaves out clauses that count nothing, and draws up the pictures; rates follow from the figures used.

    Raises Refused: unknown-measure names a slot that no measure fills, unknown-split a picture that cannot be drawn,
    slot-day a day that the year does not have, two-days a measure that the text would print as of two days.
    """
    used: dict[str, Figure] = {}

    def look_up(slot: str) -> Figure:
        key, day = _dated(slot, ask)
        if key not in used:
            found = source.figure(key, day) if key in all_measures() else None
            if found is None:
                raise Refused("unknown-measure", "没有这个统计指标:%(key)s", key=key)
            used[key] = found
        if used[key].as_of != day:
            raise Refused("two-days", "一篇文稿里，一个指标只能有一个统计截止日：%(key)s", key=key)
        return used[key]

    def resolve(slot: str) -> Run:
        key, day = _dated(slot, ask)
        if key in {"as_of", "year"}:
            return Run(words=date_words(day) if key == "as_of" else str(ask.year))
        return Run(figure=look_up(slot))

    done, parts = [], {""}
    for one in sections:
        part = "" if one.part in parts else one.part
        parts.add(one.part)
        done.append(_section(one, part, resolve, lambda said: _plot(said, look_up, source)))
    return Drafted(ask.year, title, ask.as_of, tuple(done), used, tuple(rated(used, source.figure)))


def _dated(slot: str, ask: Ask) -> tuple[str, date]:
    """The measure that a slot names and the day that it is printed for: never later than that of the text."""
    said = DATED.fullmatch(slot)
    key, month_day = said.groups() if said else (slot, None)
    if not month_day:
        return key, ask.as_of
    try:
        return key, min(date.fromisoformat(f"{ask.year}-{month_day}"), ask.as_of)
    except ValueError as error:
        raise Refused("slot-day", "统计截止日应写成“月-日”，如 11-30：%(slot)s", slot=slot) from error


def _section(
    one: Written, part: str, resolve: Callable[[str], Run], plot: Callable[["re.Match[str]"], Plot]
) -> Paragraphs:
    found = [(line, PLOT.fullmatch(line.strip())) for line in one.lines]
    lines = [line for line, picture in found if picture is None]
    named = [figure for line in lines for slot in SLOT.findall(line) if (figure := resolve(slot).figure) is not None]
    told = [tuple(_runs(line, resolve)) for line in lines]
    plots = tuple(plot(picture) for _, picture in found if picture is not None)
    figures = tuple({figure.measure.key: figure for figure in named}.values())
    return Paragraphs(one.title, tuple(runs for runs in told if runs), plots, part, figures)


def _plot(said: "re.Match[str]", look_up: Callable[[str], Figure], source: Source) -> Plot:
    figures = [look_up(key.strip()) for key in said[1].split(",")]
    if len({figure.measure.unit for figure in figures}) > 1:
        raise Refused("mixed-units", "一张图里的指标单位应相同:%(keys)s", keys=said[1])
    splits = [split_of(figure.measure, said[2]) for figure in figures]
    return Plot(splits[0], tuple((one, tuple(_shares(one, said[2], source))) for one in figures))


def _shares(one: Figure, by: str, source: Source) -> list[Share]:
    return (source.shares(one.measure.key, by, one.as_of) if one.as_of else None) or []


def _runs(sentence: str, resolve: Callable[[str], Run]) -> list[Run]:
    """The pieces of a sentence. The figures of a clause that is left out are used all the same: they stand in the appendix."""

    def kept(clause: "re.Match[str]") -> str:
        figures = [run.figure for slot in SLOT.findall(clause[1]) if (run := resolve(slot)).figure is not None]
        return clause[1] if not figures or any(figure.value for figure in figures) else clause[2] or ""

    pieces = SLOT.split(CLAUSE.sub(kept, sentence))
    runs = [Run(words=piece) if number % 2 == 0 else resolve(piece) for number, piece in enumerate(pieces)]
    return [run for run in runs if run.words or run.figure]


def in_words(one: Figure) -> str:
    """A number as a sentence prints it: of money what it surely exceeds (950余万), the exact sum standing in the appendix."""
    whole = int(one.value) // TEN_THOUSAND
    if one.measure.unit != "元" or whole < 1:
        return f"{one.value:,}".replace(",", "")
    floor = whole - whole % 10 if whole >= HUNDRED else whole
    return f"{floor}{'' if one.value == floor * TEN_THOUSAND else '余'}万"


def date_words(day: date) -> str:
    """2022年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
