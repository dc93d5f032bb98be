"""Import wizard (upload, preview with errors in place, commit all or nothing) and export of the ledger."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import ngettext

from jiandu.base.core.errors import Refused
from jiandu.base.files import store
from jiandu.loop.workbooks import exporting, importing
from jiandu.surfaces.desk.forms.ledgers import CommitForm, UploadForm
from jiandu.surfaces.desk.views.filtering import filters_of
from jiandu.surfaces.door.answers import done, page, words_of

SALT = "desk.import"
SHOWN = 200


def start(request: HttpRequest) -> HttpResponse:
    """The upload form; posted, the preview."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return page(request, "desk/ledgers/upload.html", {"form": form})
    upload = form.cleaned_data["file"]
    try:
        store.check_name(upload.name)
        stored = store.keep(upload.chunks())
    except Refused as refused:
        form.add_error("file", words_of(refused))
        return page(request, "desk/ledgers/upload.html", {"form": form}, status=422)
    token = signing.dumps([stored.sha256, upload.name], salt=SALT)
    return _preview(request, token, create_missing=form.cleaned_data["create_missing"])


def _path_of(token: str) -> tuple[Path, str]:
    try:
        sha256, name = signing.loads(token, salt=SALT, max_age=8 * 3600)
    except signing.BadSignature as forged:
        raise Http404 from forged
    return store.path_of(sha256), name


def _preview(request: HttpRequest, token: str, *, create_missing: bool) -> HttpResponse:
    path, name = _path_of(token)
    try:
        found = importing.preview(request.viewer, path, create_missing=create_missing)  # type: ignore[attr-defined]
    except Refused as refused:
        form = UploadForm()
        return page(request, "desk/ledgers/upload.html", {"form": form, "refused": words_of(refused)}, status=422)
    return page(request, "desk/ledgers/preview.html", _context(found, name, token))


def _context(found: importing.Preview, name: str, token: str) -> dict[str, Any]:
    return {
        "found": found,
        "name": name,
        "said": found.as_dict(committed=False),
        "problems": found.problems[:SHOWN],
        "problem_count": len(found.problems),
        "form": CommitForm(initial={"token": token, "create_missing": found.create_missing}),
    }


def commit(request: HttpRequest) -> HttpResponseBase:
    """Previews once more and writes, in one transaction."""
    form = CommitForm(request.POST)
    if not form.is_valid():
        return page(request, "desk/ledgers/upload.html", {"form": UploadForm()}, status=422)
    viewer, token = request.viewer, form.cleaned_data["token"]  # type: ignore[attr-defined]
    path, name = _path_of(token)
    found = importing.preview(viewer, path, create_missing=form.cleaned_data["create_missing"])
    try:
        importing.commit(viewer, found)
    except Refused:
        if not found.problems:
            raise
        return page(request, "desk/ledgers/preview.html", _context(found, name, token), status=422)
    words = ngettext("已导入 %(count)d 个问题", "已导入 %(count)d 个问题", len(found.create)) % {
        "count": len(found.create)
    }
    return done(request, words, "desk:findings")


def export(request: HttpRequest) -> HttpResponseBase:
    """The ledger as filtered, in Excel or CSV, logged before it leaves."""
    viewer = request.viewer  # type: ignore[attr-defined]
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    prepared = exporting.prepare(viewer, filters_of(request.POST), kind=kind)
    response = StreamingHttpResponse(_chunks(prepared), content_type=prepared.content_type)
    response["Content-Disposition"] = f'attachment; filename="{prepared.name}"'
    return response


def _chunks(prepared: exporting.Prepared) -> Iterator[bytes]:
    """The written file, in pieces; it is removed afterwards."""
    with prepared.open() as file:
        while chunk := file.read(65536):
            yield chunk
