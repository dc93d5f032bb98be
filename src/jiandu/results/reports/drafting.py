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
from jiandu.results.analysis.measures.registry import Ask, all_measures
from jiandu.results.analysis.selectors import Figure, Ratio, figure, ratios

SLOT = re.compile(r"\{(\w+)\}")
TEXT = Path(__file__).with_name("data") / "review.json"


@dataclass(frozen=True)
class Run:
    """A piece of a sentence: words, or a figure."""

    words: str = ""
    figure: Figure | None = None

    @property
    def text(self) -> str:
        return self.words if self.figure is None else f"{self.figure.value:,}".replace(",", "")


@dataclass(frozen=True)
class Paragraphs:
    """A section: its heading, and sentences as runs."""

    title: str
    sentences: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Drafted:
    """A review ready to be shown: year, as-of date, sections, and the figures it uses by key."""

    year: int
    title: str
    as_of: date
    sections: tuple[Paragraphs, ...]
    figures: dict[str, Figure]
    ratios: tuple[Ratio, ...] = ()


@cache
def default_text() -> dict[str, Any]:
    """The text that a new review begins with."""
    content: dict[str, Any] = json.loads(TEXT.read_text(encoding="utf-8"))
    return content


def draft(viewer: Viewer, *, year: int, as_of: date) -> Drafted:
    """The review of a year as of a date, from records alone."""
    text = default_text()
    sections = [(section["title"], section["sentences"]) for section in text["sections"]]
    return compose(
        title=text["title"].format(year=year),
        ask=Ask(year=year, as_of=as_of),
        sections=sections,
        look_up=lambda key: figure(viewer, key, Ask(year=year, as_of=as_of)),
        rates=tuple(ratios(viewer, Ask(year=year, as_of=as_of))),
    )


def compose(
    *,
    title: str,
    ask: Ask,
    sections: list[tuple[str, list[str]]],
    look_up: Callable[[str], Figure],
    rates: tuple[Ratio, ...] = (),
) -> Drafted:
    """Fills the sentences. Raises Refused (unknown-measure) naming a slot that no measure fills."""
    used: dict[str, Figure] = {}

    def resolve(key: str) -> Run:
        if key in {"as_of", "year"}:
            return Run(words=date_words(ask.as_of) if key == "as_of" else str(ask.year))
        if key not in all_measures():
            raise Refused("unknown-measure", "没有这个统计指标:%(key)s", key=key)
        if key not in used:
            used[key] = look_up(key)
        return Run(figure=used[key])

    done = tuple(
        Paragraphs(heading, tuple(tuple(_runs(sentence, resolve)) for sentence in sentences))
        for heading, sentences in sections
    )
    return Drafted(ask.year, title, ask.as_of, done, used, rates)


def _runs(sentence: str, resolve: Callable[[str], Run]) -> list[Run]:
    pieces = SLOT.split(sentence)
    runs = [Run(words=piece) if number % 2 == 0 else resolve(piece) for number, piece in enumerate(pieces)]
    return [run for run in runs if run.words or run.figure]


def date_words(day: date) -> str:
    """2022年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"
