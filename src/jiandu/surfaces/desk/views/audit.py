"""The audit administrator's desk: the log, one entry, checks against the anchors, export."""

import json
import tempfile
from collections.abc import Iterator
from typing import IO, Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit import checking, selectors, services
from jiandu.base.audit.chain import Verdict
from jiandu.base.audit.exporting import export_log
from jiandu.base.audit.models import Entry
from jiandu.base.audit.selectors import Wanted
from jiandu.base.core.clock import today
from jiandu.base.core.guarded import protected_names
from jiandu.net.access.models import Level
from jiandu.surfaces.desk.directory import acts_for
from jiandu.surfaces.desk.forms.audit import EraseForm, LogForm
from jiandu.surfaces.desk.log_words import words_of
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.door.answers import page

IN_MEMORY = 2**20
PIECE = 2**16
ERASE = (
    Act(
        "erase",
        _("清除内容"),
        EraseForm,
        lambda entry, s, by: services.erase_payload(by, entry, **s),
        is_sensitive=True,
        fits=lambda entry: bool(_body(entry)),
    ),
)


def entries(request: HttpRequest) -> HttpResponse:
    """The log, newest first, filtered; pages by number of entry."""
    return _shown(request, [])


def verify(request: HttpRequest) -> HttpResponse:
    """Reads the whole log against each anchor file and says whether it holds."""
    return _shown(request, checking.check_log(request.viewer))  # type: ignore[attr-defined]


def _shown(request: HttpRequest, verdicts: list[tuple[str, Verdict]]) -> HttpResponse:
    form, viewer = LogForm(request.GET), request.viewer  # type: ignore[attr-defined]
    wanted = form.wanted()
    text = request.GET.get("before", "")
    before = int(text) if text.isdigit() and len(text) < 19 else None
    found = selectors.page(viewer, Wanted(**wanted), before=before)
    english = get_language() == "en"
    context = {
        "form": form,
        "wanted": wanted,
        "rows": [{"entry": row, "words": words_of(row.verb)} for row in found.rows],
        "older": found.older,
        "verdicts": [(path, one, one.reason_en if english else one.reason_zh) for path, one in verdicts],
        "anchors": checking.anchor_files(),
    }
    return page(request, "desk/offices/audit.html", context)


def export(request: HttpRequest) -> StreamingHttpResponse:
    """The entries that are wanted as CSV, safe to open in Excel."""
    file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 -- closed by _pieces, after the last one is sent
    export_log(viewer=request.viewer, wanted=Wanted(**LogForm(request.POST).wanted()), out=file)  # type: ignore[attr-defined,arg-type]
    file.seek(0)
    named = f'attachment; filename="audit-{today():%Y%m%d}.csv"'
    headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
    return StreamingHttpResponse(_pieces(file), content_type="text/csv; charset=utf-8", headers=headers)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE):
            yield piece


def _body(entry: Entry) -> str:
    payload = getattr(entry, "payload", None)
    return payload.body if payload is not None else ""


def _is_of_the_work(entry: Entry) -> bool:
    """Whether it tells of protected records, which who keeps the log does not see: their words are not his to read."""
    return not protected_names().isdisjoint((entry.obj.partition(":")[0], entry.verb.partition(".")[0]))


def show_entry(request: HttpRequest, entry: Entry, opened: Opened | None, status: int) -> HttpResponse:
    """One entry: who, what, on what, when; what was said in it, unless it is of the work itself or sensitive."""
    body, is_hidden = _body(entry), entry.level >= Level.SENSITIVE or _is_of_the_work(entry)
    said: dict[str, Any] = json.loads(body) if body and not is_hidden else {}
    context = {
        "entry": entry,
        "words": words_of(entry.verb),
        "said": [
            (key, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
            for key, value in said.items()
        ],
        "is_hidden": bool(body) and is_hidden,
        "is_erased": bool(entry.payload_hash) and not body,
        "acts": acts_for(ERASE, entry),
        "opened": opened,
    }
    return page(request, "desk/offices/entry.html", context, status=status)


ENTRY_ROOM = Room("desk:audit-entry", selectors.entry, show_entry, Entry, ERASE, see="audit", keep="audit")
