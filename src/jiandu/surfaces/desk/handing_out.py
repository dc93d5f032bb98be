"""A paper leaves the house: as Word, or as PDF to be printed; the log says which, under what number, by its hash.

What stays within the house carries on every page who took it. What is written for a unit or an enterprise does not;
above level 1 each page says so.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.transaction import atomic
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import new_uid
from jiandu.base.core.marks import mark_of
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.pdf import OfficeFailed, OfficeMissing, to_pdf
from jiandu.net.access.models import Level

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Paper:
    """Which paper it is: its file's name, how it is written (given the mark), whether it stays within the house."""

    slug: str
    name: str
    write: Callable[[str], bytes]
    is_inner: bool = False
    level: int = Level.PUBLIC  # of what it quotes


def hand_out(request: HttpRequest, verb: str, thing: Any, paper: Paper) -> HttpResponse:
    """The file, logged as `verb`; with `?format=pdf` as PDF. Raises Refused (no-pdf)."""
    viewer, is_pdf = request.viewer, request.GET.get("format") == "pdf"  # type: ignore[attr-defined]
    identity = str(new_uid())
    content = paper.write(_mark(viewer, thing, identity, paper))
    if is_pdf:
        content = _as_pdf(content)
    _log(viewer, verb, thing, {"paper": paper.slug, "export": identity, "sha256": hashlib.sha256(content).hexdigest()})
    return (
        _file(content, f"{paper.name}.pdf", "application/pdf") if is_pdf else _file(content, f"{paper.name}.docx", WORD)
    )


def _mark(viewer: Viewer, thing: Any, identity: str, paper: Paper) -> str:
    level = max(paper.level, getattr(thing, "level", Level.PUBLIC))
    said = [as_recorded(Level(level).label)] if level > Level.INTERNAL else []
    return "　".join([*said, mark_of(viewer, identity)] if paper.is_inner else said)


def _as_pdf(content: bytes) -> bytes:
    try:
        return to_pdf(content)
    except (OfficeMissing, OfficeFailed) as error:
        raise Refused("no-pdf", "本机不能生成PDF，请下载Word文件") from error


@atomic
def _log(viewer: Viewer, verb: str, thing: Any, said: dict[str, str]) -> None:
    """Last, when the file is made: from here on other writers wait for the log."""
    record(viewer, verb, thing, payload=said)


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    return HttpResponse(content, content_type=kind, headers=headers)
