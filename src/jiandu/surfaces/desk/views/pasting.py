"""粘贴录入: the pasted problems are shown with what is wrong in its place; confirmed, all are registered, or none."""

import hashlib
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.loop.findings.models import Finding
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.pasting import Pasted, Room, read_pasted, register_pasted
from jiandu.loop.workbooks.reading import Line
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.net.subjects.selectors import organisations
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.surfaces.desk.forms.pasting import PasteForm
from jiandu.surfaces.desk.views import choices
from jiandu.surfaces.door.answers import done, page, perform

SHOWN = 200  # rows of the preview


def _form(request: HttpRequest) -> PasteForm:
    viewer = request.viewer  # type: ignore[attr-defined]
    source = [("", _("请选择")), *choices.work(viewer)]
    options = {"source": source, "office": choices.own_offices(viewer)}
    begin = {name: request.GET[name] for name in ("source", "subject", "registered_on") if name in request.GET}
    return PasteForm(request.POST or None, choices=options, initial=begin)


def _room(viewer: Viewer, said: dict[str, Any]) -> Room:
    activity = activity_by_uid(viewer, UUID(said["source"].partition(":")[2]))
    office = office_by_pk(int(said["office"]))
    if activity is None or office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return Room(activity, office, said["registered_on"], said["subject"].strip())


def _read(viewer: Viewer, said: dict[str, Any]) -> Pasted:
    try:
        return read_pasted(viewer, said["text"], _room(viewer, said))
    except SheetRefused as refused:
        words = refused.english if get_language() == "en" else refused.message
        raise Refused("paste-refused", words) from refused


def _mark(said: dict[str, Any]) -> str:
    """Which text, in which room: what is confirmed is what was shown."""
    parts = (said["source"], said["office"], said["subject"], iso(said["registered_on"]), said["text"])
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


def paste(request: HttpRequest) -> HttpResponseBase:
    """The form; the preview; the registration."""
    viewer, form, found = request.viewer, _form(request), []  # type: ignore[attr-defined]
    if request.method != "POST" or not perform(form, lambda: found.append(_read(viewer, form.cleaned_data))):
        return _page(request, form, None)
    pasted, mark, made = found[0], _mark(form.cleaned_data), []
    is_seen = form.cleaned_data["seen"] == mark
    if "confirm" in request.POST and is_seen and perform(form, lambda: made.extend(_do(viewer, pasted))):
        return _registered(request, made)
    return _page(request, form, pasted, mark)


def _do(viewer: Viewer, pasted: Pasted) -> list[Finding]:
    return register_pasted(found=pasted, by=viewer)


def _registered(request: HttpRequest, made: list[Finding]) -> HttpResponseBase:
    """To the ledger of the activity; where some look like earlier ones, to the proposals."""
    again = sum(1 for one in made if one.repeats.exists())
    words = _("已登记 %(count)d 个问题") % {"count": len(made)}
    if again:
        more = _("，其中 %(count)d 个与此前问题相似，请研判是否重复") % {"count": again}
        return done(request, words + more, "desk:repeats")
    return done(request, words, f"{reverse('desk:findings')}?activity={made[0].activity_id}")


def _page(request: HttpRequest, form: PasteForm, pasted: Pasted | None, mark: str = "") -> HttpResponse:
    units = organisations(request.viewer, on=today())[:500]  # type: ignore[attr-defined]
    if mark:
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["seen"] = mark  # type: ignore[index]
    context = {"form": form, "units": units, "pasted": pasted, **(_told(pasted) if pasted else {})}
    is_wrong = bool(form.errors or (pasted and pasted.problems))
    return page(request, "desk/findings/paste.html", context, status=422 if is_wrong else 200)


def _told(pasted: Pasted) -> dict[str, Any]:
    """The preview: a row a problem, each cell with what is wrong in it; a reason without a column stands with the row."""
    wrong: dict[tuple[int, str], list[str]] = {}
    for problem in pasted.problems:
        key = next((key for key, title in TITLES.items() if _is_of(problem, key, title, pasted)), "problem")
        wrong.setdefault((problem.row, key), []).append(problem.reason)
    shown = [key for key in pasted.columns if key != "registered_on"] + ["registered_on"]
    lines = _to_see(pasted, {row for row, _key in wrong})
    rows = [
        {
            "number": line.number,
            "cells": [(TITLES[key], _say(line, key), wrong.get((line.number, key), [])) for key in shown],
        }
        for line in lines
    ]
    more = len(pasted.lines) - len(lines)
    return {"titles": [TITLES[key] for key in shown], "rows": rows, "more": more, "shown": len(lines)}


def _to_see(pasted: Pasted, wrong: set[int]) -> list[Line]:
    """The rows that a reader looks through: the first of them, or where some are wrong, those."""
    chosen = [line for line in pasted.lines if line.number in wrong] if wrong else pasted.lines
    return chosen[:SHOWN] if len(pasted.lines) > SHOWN else pasted.lines


def _is_of(problem: Any, key: str, title: str, pasted: Pasted) -> bool:
    letters = pasted.lines[0].columns
    return (bool(problem.column) and letters.get(key) == problem.column) or problem.title in {title, key}


def _say(line: Line, key: str) -> str:
    if key == "amount":
        return money_fen(line.amount_fen)
    if key == "registered_on":
        return iso(line.on(key))
    return line.text(key)
