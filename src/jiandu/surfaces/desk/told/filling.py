"""套表 on its pages: the register of the office's forms; a form as a table, with what is bound or with its numbers."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import FormCell, FormSheet, reference
from jiandu.base.core.sheets.cells import letters
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.analysis.measures.registry import Measure, find
from jiandu.results.filling import selectors
from jiandu.results.filling.answering import Told
from jiandu.results.filling.bindings import WAN, Binding, Cell
from jiandu.results.filling.models import SuperiorForm
from jiandu.results.filling.proposing import Unread, Why
from jiandu.results.filling.selectors import Opened, why_left
from jiandu.surfaces.desk.registers import Listed, Row

Place = tuple[int, int]
COLUMNS = (
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("已绑定格数"), "num"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("上传人"), ""),
    (gettext_lazy("上传日期"), "date"),
    (gettext_lazy("最近填报"), "date"),
)
USED = ((gettext_lazy("指标"), ""), (gettext_lazy("口径"), "wrap main-wrap"), (gettext_lazy("格数"), "num"))
SPANS: dict[str, Any] = {
    "month": gettext_lazy("本月"),
    "to_date": gettext_lazy("本年累计"),
    "year": gettext_lazy("全年"),
}
WHY: dict[Why, Any] = {
    Why.NOT_OURS: gettext_lazy("“%(word)s”不是本系统统计的数"),
    Why.MONTHS: gettext_lazy("期间有两种说法：%(word)s"),
    Why.NO_MEASURE: gettext_lazy("没有认出指标：%(word)s"),
    Why.WORD: gettext_lazy("没有读懂“%(word)s”"),
    Why.UNIT: gettext_lazy("单位是%(word)s，指标不是金额"),
}


def forms(viewer: Viewer, *, may_create: bool) -> Listed:
    """The forms in use, the latest first."""
    new = {"label": _("上传空表"), "href": reverse("desk:form-new"), "icon": "upload"}
    return Listed(
        title=_("套表"),
        columns=COLUMNS,
        rows=selectors.superior_forms(viewer),
        row=_form,
        empty=_("还没有套表"),
        note=_("上级发来的空表上传一次，按行列标题绑定到统计指标，以后每期自动填数。"),
        links=[new] if may_create else [],
    )


def _form(row: SuperiorForm) -> Row:
    state = {"text": _("已采用"), "tone": "done"} if row.accepted_on else {"text": _("待核对口径"), "tone": "warn"}
    bound = f"{row.bound_count} / {row.cell_count}"
    as_of = _("统计截止日 %(day)s") % {"day": row.filled_as_of or "—"}
    last = {"text": row.filled_for, "sub": as_of, "title": iso(row.filled_at.date())} if row.filled_at else ""
    cells = [row.name, state, bound, row.owner_office.name, row.brought_by, iso(row.created_at.date()), last]
    page = "desk:form" if row.accepted_on else "desk:form-bind"
    return {"href": reverse(page, args=[row.uid]), "cells": cells}


def span_words(span: str) -> str:
    """本月, 本年累计, 全年, or a month of the year."""
    return str(SPANS[span]) if span in SPANS else _("%(month)s月") % {"month": span[1:]}


def _known(key: str) -> Measure | None:
    """The measure; none where it is no longer counted, which the page must be able to say."""
    try:
        return find(key)
    except Refused:
        return None


def measure_words(one: Binding) -> str:
    measure = _known(one.key)
    label = _(measure.label) if measure else one.key
    return f"{label}（{_('万元')}）" if one.scale == WAN else label


def within_words(one: Binding) -> str:
    return "、".join(word for _by, word in one.within) or _("全部")


FACETS: tuple[Callable[[Binding], str], ...] = (measure_words, lambda one: span_words(one.span), within_words)


def whole_words(one: Binding) -> str:
    return " · ".join(said(one) for said in FACETS)


@dataclass
class Table:
    """A sheet as it is shown: letters above, numbers at the side, each with what its cells have in common."""

    title: str
    letters: list[Row] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    has_sides: bool = False
    has_tops: bool = False


def _extent(sheet: FormSheet, more: Iterable[Place]) -> Place:
    told = [*(at for at, cell in sheet.cells.items() if cell.kind != "empty"), *more]
    return max((at[0] for at in told), default=0), max((at[1] for at in told), default=0)


def _table(sheet: FormSheet, more: Iterable[Place], say: Callable[[Place, FormCell], Row]) -> Table:
    """The cells in rows; a merged range is one cell as wide and as high as it is."""
    bottom, right = _extent(sheet, more)
    spans = {
        (one[0], one[1]): (min(one[2], bottom) - one[0] + 1, min(one[3], right) - one[1] + 1) for one in sheet.merges
    }
    table = Table(sheet.title, [{"text": letters(column)} for column in range(1, right + 1)])
    for row in range(1, bottom + 1):
        cells = []
        for at in ((row, column) for column in range(1, right + 1)):
            if sheet.anchor(at) == at:
                high, wide = spans.get(at, (1, 1))
                cells.append({"rows": high, "columns": wide, **say(at, sheet.cell(at))})
        table.rows.append({"number": row, "cells": cells})
    return table


def _plain(cell: FormCell) -> Row:
    if cell.kind == "formula":
        return {"text": "∑", "kind": "sum"}
    return {"text": cell.text, "kind": "words" if cell.kind == "text" else "there"}


@dataclass(frozen=True)
class _Common:
    """Where each facet of a sheet's bindings is said: above its column or beside its row, whichever tells more cells."""

    bindings: dict[Place, Binding]
    axes: tuple[int, ...]
    most: tuple[dict[int, str], ...]

    @classmethod
    def of(cls, bindings: dict[Place, Binding]) -> "_Common":
        axes, most = [], []
        for said in FACETS:
            ways = []
            for axis in (1, 0):
                lines: dict[int, Counter[str]] = {}
                for at, one in bindings.items():
                    lines.setdefault(at[axis], Counter())[said(one)] += 1
                ways.append((axis, {line: words.most_common(1)[0] for line, words in lines.items()}))
            axis, best = max(ways, key=lambda way: sum(count for _words, count in way[1].values()))
            axes.append(axis)
            most.append({line: words for line, (words, _count) in best.items()})
        return cls(bindings, tuple(axes), tuple(most))

    def beside(self, axis: int, line: int) -> str:
        """What the cells of a row (0) or a column (1) have in common."""
        return " · ".join(
            words[line] for mine, words in zip(self.axes, self.most, strict=True) if mine == axis and line in words
        )

    def own(self, at: Place) -> str:
        """What of a cell is not said beside it."""
        said = [facet(self.bindings[at]) for facet in FACETS]
        return " · ".join(
            words for words, axis, most in zip(said, self.axes, self.most, strict=True) if most.get(at[axis]) != words
        )


def bound(form: SuperiorForm, opened: Opened, title: str) -> Table:
    """A sheet with what each of its cells takes; letters, numbers and cells lead to the form that changes it."""
    sheet = next(one for one in opened.read.sheets if one.title == title)
    bindings = {at: one for (name, at), one in opened.bindings.items() if name == title}
    left = {at for name, at in opened.left if name == title}
    common = _Common.of(bindings)

    def say(at: Place, cell: FormCell) -> Row:
        here = {"href": change_link(title, reference(at)), "name": reference(at)}
        if at in bindings:
            return here | {"text": common.own(at) or "✓", "kind": "bound", "title": whole_words(bindings[at])}
        if at in left:
            return here | {"text": "?", "kind": "open", "title": reason(why_left(form, (title, at)))}
        return _plain(cell)

    table = _table(sheet, [*bindings, *left], say)
    for column, one in enumerate(table.letters, start=1):
        one |= {"href": change_link(title, one["text"]), "said": common.beside(1, column)}
    for row in table.rows:
        row |= {"href": change_link(title, str(row["number"])), "said": common.beside(0, row["number"])}
    table.has_tops = any(one["said"] for one in table.letters)
    table.has_sides = any(row["said"] for row in table.rows)
    return table


def change_link(sheet: str, at: str) -> str:
    return f"?{urlencode({'sheet': sheet, 'at': at})}#set"


def filled(form: SuperiorForm, opened: Opened, told: Told, title: str) -> Table:
    """A sheet with its numbers; each opens its rows."""
    sheet = next(one for one in opened.read.sheets if one.title == title)
    answers = {at: one for (name, at), one in told.answers.items() if name == title}
    later = {one.at for one in told.later if one.sheet == title}
    left = {at for name, at in told.left if name == title}
    wrong = {f"{one.column}{one.row}": one.reason for one in told.problems if one.sheet == title}

    def say(at: Place, cell: FormCell) -> Row:
        if at in answers:
            one = answers[at]
            asked = {"sheet": title, "at": reference(at), "period": str(told.period), "as_of": str(told.as_of)}
            href = f"{reverse('desk:form-cell', args=[form.uid])}?{urlencode(asked)}"
            return {"text": number(one.value), "kind": "number", "href": href, "title": whole_words(one.binding)}
        if reference(at) in wrong:
            return {"text": "✗", "kind": "wrong", "title": wrong[reference(at)]}
        if at in later:
            return {"text": "", "kind": "later", "title": _("月份未到")}
        return {"text": "", "kind": "open"} if at in left else _plain(cell)

    return _table(sheet, [*answers, *later, *left], say)


def reason(why: Unread | None) -> str:
    """Why a cell is not bound."""
    return str(WHY[why.why]) % {"word": why.word} if why else _("已取消绑定")


def unread(form: SuperiorForm, opened: Opened) -> list[Row]:
    """The cells without a binding, those of one reason together as ranges that the form takes."""
    groups: dict[tuple[str, str], list[Place]] = {}
    for cell in opened.left:
        groups.setdefault((cell[0], reason(why_left(form, cell))), []).append(cell[1])
    return [
        {"sheet": sheet, "why": why, "at": at, "count": len(places), "href": change_link(sheet, at)}
        for (sheet, why), places in groups.items()
        for at in [ranges(places)]
    ]


def ranges(places: Iterable[Place]) -> str:
    """B6:D20, F6: cells that stand together as ranges; a lone row of them by its number alone."""
    columns: dict[int, list[tuple[int, int]]] = {}
    for row, column in sorted(places, key=lambda at: (at[1], at[0])):
        runs = columns.setdefault(column, [])
        if runs and runs[-1][1] == row - 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    rows = {run for runs in columns.values() for run in runs}
    if len(columns) > 1 and len(rows) == 1 and len({*next(iter(rows))}) == 1:
        return str(next(iter(rows))[0])
    boxes: list[tuple[int, int, tuple[int, int]]] = []
    for column, runs in columns.items():
        for run in runs:
            at = next((place for place, box in enumerate(boxes) if box[1] == column - 1 and box[2] == run), None)
            if at is None:
                boxes.append((column, column, run))
            else:
                boxes[at] = (boxes[at][0], column, run)
    return ",".join(_range(*box) for box in boxes)


def _range(left: int, right: int, run: tuple[int, int]) -> str:
    start, end = reference((run[0], left)), reference((run[1], right))
    return start if start == end else f"{start}:{end}"


def used(bindings: Iterable[Binding]) -> list[Row]:
    """The measures of a form with their 口径, in the order of its cells."""
    count = Counter(one.key for one in bindings)
    return [{"measure": measure, "count": number} for key, number in count.items() if (measure := _known(key))]


def number(value: int | Decimal) -> str:
    """A number as it stands in the cell."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def cell_name(cell: Cell) -> str:
    """月报 B6."""
    return f"{cell[0]} {reference(cell[1])}"
