"""台账表格: the ledger in the cells of a grid, corrected in place; what was written, and what was not, cell by cell."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import paging, reading, viewing
from jiandu.loop.findings.services.cells import Edit, Outcome, Result, cell_text, correct_cells
from jiandu.loop.findings.services.correcting import standing
from jiandu.loop.findings.states import State, Verb, is_legal
from jiandu.net.access.models import Level
from jiandu.net.access.policy import doable
from jiandu.surfaces.desk.cells import COLUMNS, Typed, Wish, shown, wishes
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.desk.views.filtering import chips, filters_of, kept, options
from jiandu.surfaces.desk.views.ledger import tabs
from jiandu.surfaces.door.answers import page, words_of

ROWS = 200
MOST = ROWS * len(COLUMNS)


def grid(request: HttpRequest) -> HttpResponse:
    """A page of the ledger, with the ledger's conditions and views."""
    viewer, said = request.viewer, request.GET  # type: ignore[attr-defined]
    filters, mine = filters_of(said), list(viewing.views_of(viewer))
    view = next((one for one in mine if str(one.uid) == said.get("view")), None)
    sort = said.get("sort", "") if said.get("sort") in paging.ORDERS else paging.NEWEST
    rows = paging.page_in(viewer, filters, order=sort, key=said.get("key", ""), size=ROWS)
    known = options(viewer, filters)
    context = {
        "filters": filters,
        "known": known,
        "chips": chips(said, filters, known),
        "said": said,
        "kept": kept(said),
        "views": tabs(reverse("desk:findings-grid"), mine, view),
        "view": view,
        "shown": rows,
        "may_create": guard.allow(viewer, "create", Finding),
        **_table(viewer, rows.rows),
    }
    return page(request, "desk/findings/grid.html", context)


def _table(viewer: Viewer, found: list[Finding]) -> dict[str, Any]:
    """Headings, rows, and the words that the columns of a choice offer."""
    may = doable(viewer, "edit", Finding, [one.pk for one in found])
    years = sorted({one.registered_on.year for one in found})
    return {
        "columns": COLUMNS,
        "rows": [_row(one, is_open=one.pk in may) for one in found],
        "types": [label for _code, label in Finding.Rectification.choices],
        "aspects": [(year, [label for _pk, label in choices.aspects(viewer, year)[1:]]) for year in years],
    }


def _row(one: Finding, *, is_open: bool) -> dict[str, Any]:
    """What is kept to a few shows its level in place of the words, and is corrected on its own page."""
    may = is_open and not _is_kept(one) and is_legal(Verb.CORRECT, State(one.state))
    href = reverse("desk:finding", args=[one.uid]) + ("?act=finding-correct" if may else "")
    cells = [(column, _cell(one, column.key, is_open=may)) for column in COLUMNS]
    return {"finding": one, "href": href, "cells": cells}


def _is_kept(one: Finding) -> bool:
    return one.level > Level.INTERNAL


def _cell(one: Finding, key: str, *, is_open: bool) -> dict[str, Any]:
    """`value` is what the cell says, where the reader is shown something else."""
    if _is_kept(one):
        return {"key": key, "text": one.listed if key == "problem" else "", "value": "", "open": False}
    return {
        "key": key,
        "text": shown(one, key),
        "value": cell_text(one, key),
        "open": is_open and key not in standing(one),
    }


def write(request: HttpRequest) -> HttpResponse:
    """更正 of the cells that the page sends, each with what it said when it was shown; a result for each."""
    viewer, said = request.viewer, request.POST  # type: ignore[attr-defined]
    try:
        asked = wishes(said.get("cells", ""), MOST)
    except Refused as refused:
        return JsonResponse({"why": words_of(refused)}, status=422)
    results = _corrected(viewer, asked, note=said.get("note", "")[:200], is_undo="undo" in said)
    now = _found(viewer, asked)
    return JsonResponse({"cells": [_told(result, now.get(result.edit.uid)) for result in results]})


def _found(viewer: Viewer, asked: list[Wish]) -> dict[UUID, Finding]:
    uids = dict.fromkeys(str(wish.uid) for wish in asked)
    return {one.uid: one for one in reading.findings_by_uid(viewer, list(uids))}


def _corrected(viewer: Viewer, asked: list[Wish], *, note: str, is_undo: bool) -> list[Result]:
    """What is no value of its column never comes to the service; the others are judged there, in the order they came."""
    found, typed = _found(viewer, asked), Typed(viewer)
    read = [_edit(typed, found.get(wish.uid), wish) for wish in asked]
    edits = [one for one in read if isinstance(one, Edit)]
    done = iter(correct_cells(by=viewer, edits=edits, note=note, is_undo=is_undo))
    return [next(done) if isinstance(one, Edit) else one for one in read]


def _edit(typed: Typed, finding: Finding | None, wish: Wish) -> Edit | Result:
    try:
        value = wish.text if finding is None else typed.value(finding, wish.name, wish.text)
    except Refused as refused:
        return Result(Edit(wish.uid, wish.name, wish.seen, None), Outcome.REFUSED, why=refused)
    return Edit(wish.uid, wish.name, wish.seen, value)


def _told(result: Result, one: Finding | None) -> dict[str, Any]:
    """What became of the cell, and how it stands now; of a conflict who changed it and when."""
    told: dict[str, Any] = {"outcome": result.outcome.value}
    if one is not None:
        told |= _cell(one, result.edit.name, is_open=True)
    if result.why is not None:
        told["why"] = words_of(result.why)
    if result.outcome == Outcome.CONFLICT and result.step is not None:
        told |= {"by": result.step.by_name, "at": f"{timezone.localtime(result.step.recorded_at):%m-%d %H:%M}"}
    return told
