"""The numbers of a form for a period: each bound cell's figure in the viewer's scope, with the comment that tells of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import CellProblem, FormRead, Put, reference
from jiandu.base.core.sheets.cells import letters
from jiandu.net.access.roles import roles
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.results.analysis.measures.registry import Ask, Counted, Value
from jiandu.results.analysis.points import Point, counted_at
from jiandu.results.filling.bindings import SPANS, WAN, Binding, Cell, Period
from jiandu.results.filling.proposing import blocks, wants_number

WHOLE = "全市"


@dataclass(frozen=True)
class Answer:
    """What a bound cell holds: the figure, what was asked, and how many rows it counts."""

    binding: Binding
    ask: Ask
    counted: Counted

    @property
    def value(self) -> Value:
        """The number as it stands in the cell."""
        value = self.counted.value
        if self.binding.scale == 1:
            return value
        scaled = Decimal(value) / self.binding.scale
        return int(scaled) if scaled == scaled.to_integral_value() else scaled.normalize()


@dataclass
class Told:
    """A form's answers: filled cells, bound cells whose month has not come, open cells, and what is wrong with others."""

    period: Period
    as_of: date
    scope: str
    answers: dict[Cell, Answer] = field(default_factory=dict)
    later: list[Binding] = field(default_factory=list)
    left: list[Cell] = field(default_factory=list)
    problems: list[CellProblem] = field(default_factory=list)


def scope_of(viewer: Viewer) -> str:
    """Whose records the viewer's numbers count."""
    standing = _standing(viewer)
    if viewer.is_system or any(roles()[hold.role].reach == "city" for hold in standing.holds):
        return WHOLE
    return standing.office_name or viewer.name


def _standing(viewer: Viewer) -> Standing:
    return viewer.standing if isinstance(viewer.standing, Standing) else Standing()


def beyond(viewer: Viewer, bindings: Iterable[Binding]) -> list[str]:
    """Offices that a form names and that the viewer does not reach: their numbers would be too small."""
    standing = _standing(viewer)
    if viewer.is_system:
        return []
    named = {word for one in bindings for by, word in one.within if by == "office"}
    offices = Office.objects.filter(name__in=named).order_by("path").values_list("pk", "name", "path")
    return [
        name for key, name, path in offices if key not in standing.office_ids and not path.startswith(standing.paths)
    ]


def tell(viewer: Viewer, form: FormRead, bindings: Mapping[Cell, Binding], period: Period, as_of: date) -> Told:
    """The answers in the viewer's scope. A binding that cannot be answered becomes a problem of its cell."""
    told = Told(period, as_of, scope_of(viewer), left=open_cells(form, bindings))
    points: dict[Cell, Point] = {}
    sheets = {sheet.title: sheet for sheet in form.sheets}
    for cell, one in bindings.items():
        try:
            _check(sheets, one)
            ask = one.ask(period, as_of)
            if ask is None:
                told.later.append(one)
                continue
            points[cell] = Point(one.key, ask, one.within)
            _known(one)
        except Refused as refused:
            points.pop(cell, None)
            told.problems.append(_problem(one, refused.message))
    counted = counted_at(viewer, points.values())
    told.answers = {cell: Answer(bindings[cell], point.ask, counted[point]) for cell, point in points.items()}
    return told


def _known(one: Binding) -> None:
    ways = {split.key for split in one.measure.splits}
    for by, _ in one.within:
        if by not in ways:
            raise Refused("unknown-split", "“%(label)s”不能按此分类:%(by)s", label=one.measure.label, by=by)


def _check(sheets: Mapping[str, Any], one: Binding) -> None:
    sheet = sheets.get(one.sheet)
    if sheet is None:
        raise Refused("no-sheet", "没有这张工作表，或已隐藏")
    if sheet.anchor(one.at) != one.at:
        raise Refused("merged", "此格被合并单元格盖住，请绑定左上角的一格")
    if sheet.cell(one.at).kind in ("text", "formula"):
        raise Refused("not-a-number-cell", "此格是文字或公式，不能填数，请取消绑定")


def _problem(one: Binding, reason: str) -> CellProblem:
    return CellProblem(one.sheet, one.at[0], letters(one.at[1]), "", one.key, reason)


def open_cells(form: FormRead, bindings: Mapping[Cell, Binding]) -> list[Cell]:
    """Cells of the tables that hold bound ones that want a number and have no binding."""
    found: list[Cell] = []
    for block in blocks(form):
        title = block.sheet.title
        bound = [at for sheet, at in bindings if sheet == title]
        rows, columns = {at[0] for at in bound}, {at[1] for at in bound}
        beside, below = (
            {at[1] for at in block.cells if at[0] in rows},
            {at[0] for at in block.cells if at[1] in columns},
        )
        for at, heads in block.cells.items():
            if at[0] in below and at[1] in beside and (title, at) not in bindings and wants_number(heads):
                found.append((title, at))
    return found


def puts(told: Told) -> list[Put]:
    """What becomes of the cells: numbers with comments, months to come emptied, open ones yellow."""
    filled = [Put(sheet, at, answer.value, remark(told, answer)) for (sheet, at), answer in told.answers.items()]
    later = [Put(one.sheet, one.at, "", "") for one in told.later]
    return [*filled, *later, *(Put(sheet, at, is_open=True) for sheet, at in told.left)]


def remark(told: Told, answer: Answer) -> str:
    """The comment of a filled cell: figure, months, 口径, as-of date, scope. Chinese, as the form is."""
    one, ask = answer.binding.measure, answer.ask
    words = "、".join(word for _, word in answer.binding.within)
    unit = "万元" if answer.binding.scale == WAN else one.unit
    lines = [
        f"{one.label}（{words}）" if words else one.label,
        f"期间：{months(ask)}（{SPANS[answer.binding.span]}，{one.basis.label}）",
        f"口径：{one.definition}",
        f"统计截止日：{ask.as_of.isoformat()}",
        f"统计范围：{told.scope}；单位：{unit}；{answer.counted.note}".removesuffix("；"),
    ]
    return "\n".join(lines)


def months(ask: Ask) -> str:
    """2022年11月, 2022年1—11月, 2022年."""
    if ask.is_whole:
        return f"{ask.year}年"
    return f"{ask.year}年{ask.first}月" if ask.first == ask.last else f"{ask.year}年{ask.first}—{ask.last}月"


def as_dict(told: Told, kept_comments: tuple[str, ...] = ()) -> dict[str, Any]:
    """The report: every filled cell with its number and what it is, and what was left."""
    return {
        "period": str(told.period),
        "as_of": told.as_of.isoformat(),
        "scope": told.scope,
        "filled": [
            {
                **one.binding.as_dict(),
                "label": one.binding.measure.label,
                "value": one.value,
                "rows": one.counted.rows,
                "months": months(one.ask),
                "as_of": one.ask.as_of.isoformat(),
            }
            for one in told.answers.values()
        ],
        "later": [{"sheet": one.sheet, "cell": one.cell} for one in told.later],
        "left": [{"sheet": sheet, "cell": reference(at)} for sheet, at in told.left],
        "kept_comments": list(kept_comments),
    }
