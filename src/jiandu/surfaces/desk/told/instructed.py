"""批示件办理: what leaders wrote on findings, letters, activities and bulletins, in one list."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Case, CharField, F, QuerySet, Value, When
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, Instruction
from jiandu.loop.instruments.models import Instrument, InstrumentInstruction
from jiandu.net.access.models import Level, Owned
from jiandu.net.access.selectors import Sought, instruction_facts, instructions, instructions_sought
from jiandu.net.access.standing import Standing
from jiandu.results.bulletins.models import BulletinInstruction, PetitionBulletin
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.told.signed import together


@dataclass(frozen=True)
class Source:
    """A table of 批示: what they are on, what the list calls that and where it is shown."""

    table: Any
    root: type[Owned]
    title: str  # the column that says what it is about
    href: Callable[[dict[str, Any]], str]
    kind: Callable[[str], Any]
    names: dict[str, Any]  # what else the list says of it, each an expression of its columns


OF = {"of": F("uid"), "number": F("code"), "kind": F("kind"), "level": F("level")}  # what the list says of a record
NUMBER = Case(  # 文号 once it is given
    When(
        number_serial__isnull=False,
        then=Concat("number_word", Value("〔"), Cast("number_year", CharField()), Value("〕"), Cast("number_serial", CharField()), Value("号")),
    ),
    default=F("code"),
    output_field=CharField(),
)  # fmt: skip
SOURCES = {
    "finding": Source(Instruction, Finding, "problem", lambda row: reverse("desk:finding", args=[row["of"]]) + "#instructions", lambda _kind: _("问题"), OF | {"kind": Value("", output_field=CharField())}),
    "instrument": Source(InstrumentInstruction, Instrument, "title", lambda row: reverse("desk:instrument", args=[row["of"]]), lambda kind: Instrument.Kind(kind).label, OF | {"number": NUMBER}),
    "bulletin": Source(BulletinInstruction, PetitionBulletin, "code", lambda row: reverse("desk:bulletin", args=[row["of"]]), lambda _kind: _("情况分析稿"), OF | {"kind": F("span")}),
    "activity": Source(ActivityInstruction, Activity, "name", lambda row: href_of(row["kind"], row["of"]), lambda kind: Activity.Kind(kind).label, OF),
}  # fmt: skip


def _tables(viewer: Viewer) -> dict[str, Source]:
    """The tables that the viewer reads: a unit only what is written on its findings."""
    is_unit = isinstance(viewer.standing, Standing) and viewer.standing.is_of_unit_alone
    readable = {key: one for key, one in SOURCES.items() if guard.allow(viewer, "view", one.root)}
    return {key: one for key, one in readable.items() if key == "finding" or not is_unit}


def waiting(viewer: Viewer) -> dict[str, QuerySet[Any]]:
    """What waits for an answer of the viewer's offices, a queue a table; none for who neither answers nor writes any.

    They are counted apart in one statement and said as one (`summed`).
    """
    sees = any(guard.allow(viewer, verb, Finding) for verb in ("edit", "instruct"))
    tables = _tables(viewer) if sees else {}
    return {_queue(key): instructions(viewer, one.table, "mine") for key, one in tables.items()}


def _queue(key: str) -> str:
    return "instructions" if key == "finding" else f"{key}_instructions"


def summed(counts: dict[str, int], most: int) -> dict[str, int]:
    """The counts with those of all tables under one name, no higher than one above `most`."""
    names = [_queue(key) for key in SOURCES]
    said = {name: count for name, count in counts.items() if name not in names[1:]}
    if names[0] in counts:
        said[names[0]] = min(sum(counts.get(name, 0) for name in names), most + 1)
    return said


class Instructed:
    """All 批示 of one tab as rows to be sliced: one statement for a page."""

    def __init__(self, viewer: Viewer, which: str, sought: Sought | None = None) -> None:
        self.viewer, self.which, self.sought = viewer, which, sought or Sought()

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """The rows of a page: what is due first, or what was answered last."""
        tables = _tables(self.viewer)
        rows = [
            instruction_facts(self._rows(one), part.stop, source=key, names=one.names | {"title": F(one.title)})
            for key, one in tables.items()
        ]
        order = ("-answered_on", "-id") if self.which == "done" else (F("due_on").asc(nulls_last=True), "id")
        return [_told(row) for row in together(rows).order_by(*order)[part]]

    def _rows(self, source: Source) -> QuerySet[Any]:
        rows = instructions(self.viewer, source.table, self.which)
        return instructions_sought(self.viewer, rows, replace(self.sought, columns=("code", source.title)))


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the list shows it. From 工作敏感 on the record's level stands for all words: its own page says them."""
    source, level = SOURCES[row["source"]], Level(row["level"])
    if level >= Level.SENSITIVE:
        row |= {"text": str(level.label), "title": "", "answer": ""}
    return {**row, "kind": source.kind(row["kind"]), "href": source.href(row)}
