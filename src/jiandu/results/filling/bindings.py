"""Which figure a cell takes: a measure, the months by a rule, and the words that narrow it. Kept as JSON in the workbook."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from jiandu.base.core.clock import add_months, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets import reference
from jiandu.base.core.sheets.splice import place
from jiandu.results.analysis.measures.registry import Ask, Basis, Measure, find

MONTH, TO_DATE, YEAR = "month", "to_date", "year"
FIXED = tuple(f"m{number}" for number in range(1, 13))
#: Rule → what it is called. A fixed month is that of the period's year, and open until it has come.
SPANS = {MONTH: "本月", TO_DATE: "本年累计", YEAR: "全年"} | {key: f"{key[1:]}月" for key in FIXED}
WAN = 10_000

Cell = tuple[str, tuple[int, int]]  # sheet, (row, column)


@dataclass(frozen=True)
class Period:
    """The month that a form tells of."""

    year: int
    month: int

    @classmethod
    def read(cls, text: str) -> "Period":
        """Of 2022-11, or 2022 for a year's end. Raises Refused (bad-period)."""
        match = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?", text.strip())
        month = int(match[2] or 12) if match else 0
        if not match or not 1990 <= int(match[1]) <= 2100 or not 1 <= month <= 12:
            raise Refused("bad-period", "期间应写作 2022-11 或 2022:%(text)s", text=text[:20])
        return cls(int(match[1]), month)

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        return add_months(self.start, 1) - timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def as_of(self, day: date | None) -> date:
        """The as-of date: as given, else the last day of the month, in the present month today. Raises Refused (as-of)."""
        if self.start > today():
            raise Refused("as-of", "期间 %(period)s 还没有到", period=str(self))
        day = min(self.end, today()) if day is None else day
        if not self.start <= day <= today():
            raise Refused("as-of", "统计截止日应在 %(start)s 之后且不晚于今天", start=self.start.isoformat())
        return day


@dataclass(frozen=True)
class Binding:
    """A cell's figure. `within`: (key of a split, the word as shown) in order; `scale`: 10000 for 万元."""

    sheet: str
    at: tuple[int, int]
    key: str
    span: str
    within: tuple[tuple[str, str], ...] = ()
    scale: int = 1

    @property
    def cell(self) -> str:
        return reference(self.at)

    @property
    def measure(self) -> Measure:
        """Raises Refused (unknown-measure)."""
        return find(self.key)

    def ask(self, period: Period, as_of: date) -> Ask | None:
        """What is asked for a period; nothing for a month that has not come. Raises Refused (no-month)."""
        asked = Ask(period.year, as_of)
        if self.span == YEAR:
            return asked
        if self.span == TO_DATE:
            return replace(asked, last=period.month)
        month = period.month if self.span == MONTH else int(self.span[1:])
        if month > period.month:
            return None
        asked = replace(asked, first=month, last=month)
        if self.measure.basis == Basis.STATE and self.span in FIXED:
            asked = asked.at(min(as_of, asked.end))  # 时点: as of that month's end
        self.measure.asks(asked)
        return asked

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        said: dict[str, Any] = {"sheet": self.sheet, "cell": self.cell, "measure": self.key, "span": self.span}
        if self.within:
            said["within"] = dict(self.within)
        if self.scale != 1:
            said["scale"] = self.scale
        return said

    @classmethod
    def from_dict(cls, said: dict[str, Any]) -> "Binding":
        """The inverse. Raises KeyError, TypeError, ValueError on what is none."""
        if said["span"] not in SPANS or int(said.get("scale", 1)) not in (1, WAN):
            raise ValueError("no such rule")
        within = tuple((str(key), str(word)) for key, word in dict(said.get("within", {})).items())
        return cls(str(said["sheet"]), place(str(said["cell"])), str(said["measure"]), said["span"], within,
                   int(said.get("scale", 1)))  # fmt: skip


def packed(bindings: Iterable[Binding]) -> str:
    """The bindings as the workbook carries them, sheet by sheet, row by row."""
    cells = [one.as_dict() for one in sorted(bindings, key=lambda one: (one.sheet, one.at))]
    return json.dumps({"version": 1, "cells": cells}, ensure_ascii=False, separators=(",", ":"))


def unpacked(kept: str) -> dict[Cell, Binding]:
    """The bindings that a workbook carries; none of an unbound one. Raises Refused (bindings) on foreign text."""
    if not kept:
        return {}
    try:
        said = json.loads(kept)
        found = [Binding.from_dict(one) for one in said["cells"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("bindings", "表内保存的绑定读不出来，请重新提出绑定建议") from error
    return {(one.sheet, one.at): one for one in found}
