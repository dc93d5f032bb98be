"""平台清单: lists that came in, by the folder or by hand; upload, preview, take in, in one unlocked session."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.books.sheets import write_empty
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import write_places
from jiandu.base.files.store import check_name
from jiandu.loop.workbooks.exporting import TYPES
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import selectors, spool
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.sample import write_sample
from jiandu.sources.petitions.services import listing
from jiandu.sources.petitions.words import BOOK
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.petitions import ListForm
from jiandu.surfaces.desk.rooms import Opened, Room
from jiandu.surfaces.desk.told import petition_lists as told
from jiandu.surfaces.desk.views.jobs import STEPS
from jiandu.surfaces.door.answers import done, page, words_of
from jiandu.surfaces.door.unlocking import to_unlock, unlocked

View = Callable[..., HttpResponseBase]


def show_lists(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """What came in, the latest first."""
    return registers.show_list(request, LISTS_ROOM, told.lists(viewer), opened, status)


def show_list(request: HttpRequest, one: PetitionList, opened: Opened | None, status: int) -> HttpResponse:
    """One list with what was not taken of it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    return registers.show(request, told.one(one), registers.doors(viewer, LIST_ROOM, one), opened, status)


def start(request: HttpRequest) -> HttpResponseBase:
    """The upload form; posted, the list is looked at and waits sealed."""
    viewer, keys = request.viewer, _keys(request)  # type: ignore[attr-defined]
    if keys is None:
        return to_unlock(request)
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            looked = listing.preview(name=check_name(file.name), content=file.read(), by=viewer, unlocked=keys)
        except Refused as refused:
            form.add_error("file", words_of(refused))
        else:
            return HttpResponseRedirect(reverse("desk:petition-import-preview", args=[looked.uid]), status=303)
    context = {"form": form, "back": reverse("desk:petition-lists"), "book": BOOK, "most": listing.MOST_ROWS}
    context["waiting"] = spool.waiting(viewer, keys)
    return page(request, "desk/petitions/list_upload.html", context, status=422 if form.errors else 200)


def preview(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """What taking it in would do; to nobody but him who brought it."""
    viewer, keys = request.viewer, _keys(request)  # type: ignore[attr-defined]
    if keys is None:
        return to_unlock(request)
    found = spool.found(viewer, keys, uid)
    if found is None:
        raise Http404
    counts = found.said["counts"]
    states = ("done", "current", "todo")
    context: dict[str, Any] = {
        "list": found,
        "said": found.said,
        "steps": [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)],
        "again": reverse("desk:petition-import"),
        "has_changes": any(row["cells"] for row in found.said["shown"]),
        "may_commit": counts["create"] + counts["update"] > 0,
    }
    return page(request, "desk/petitions/list_preview.html", context)


def faults(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """All that is wrong in it, as a workbook made in memory and kept nowhere: places and reasons, never what stands there."""
    viewer, keys = request.viewer, _keys(request)  # type: ignore[attr-defined]
    if keys is None:
        return to_unlock(request)
    found = listing.faults(uid=uid, by=viewer, unlocked=keys)
    if found is None or not found[1]:
        raise Http404
    out, (name, problems) = io.BytesIO(), found
    write_places(out, problems)
    out.seek(0)
    name = _("%(list)s（错误位置）.xlsx") % {"list": Path(name).stem}
    return FileResponse(out, as_attachment=True, filename=name, content_type=TYPES["xlsx"])


def commit(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Does what the preview showed."""
    viewer, keys = request.viewer, _keys(request)  # type: ignore[attr-defined]
    if keys is None:
        return to_unlock(request)
    row = listing.commit(uid=uid, by=viewer, unlocked=keys)
    return done(request, _("清单已导入，暂存的文件已清除"), "desk:petition-list", row.uid)


def cancel(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """Nothing is taken in, nothing is left."""
    spool.remove(request.viewer, uid)  # type: ignore[attr-defined]
    return done(request, _("已取消，暂存的文件已清除"), "desk:petition-import")


def empty(_request: HttpRequest, which: str) -> HttpResponseBase:
    """An empty sheet to fill in, or one as a platform exports it, to try."""
    writers = {"empty": (write_empty, str(BOOK.label)), "sample": (write_sample, _("平台导出示例"))}
    if which not in writers:
        raise Http404
    out, (write, name) = io.BytesIO(), writers[which]
    write(BOOK, out)
    out.seek(0)
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=TYPES["xlsx"])


def _keys(request: HttpRequest) -> Unlocked | None:
    """The open keys; None while locked. Raises Refused (no-content-key) for keys that open nothing of an office."""
    keys = unlocked(request)
    if keys is not None and not listing.holds_content(keys):
        raise Refused("no-content-key", "您没有持有信访室的内容密钥，请由持有人授予")
    return keys


LISTS_ROOM = Room("desk:petition-lists", lambda viewer: viewer, show_lists, PetitionList, see="import")
LIST_ROOM = Room("desk:petition-list", selectors.list_by_uid, show_list, PetitionList, see="import")
