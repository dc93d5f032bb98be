"""签批 on the page of what is decided online or on paper: who signed, when, in which words, with the scan."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.access.signing import Scanned, Signing
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.sources.activities.selectors import approvals_of
from jiandu.surfaces.desk.registers import Columns, Links, Row, Section
from jiandu.surfaces.desk.told import instructing

Status = Signing.Status
TONES = {Status.GRANTED: "done", Status.REFUSED: "danger", Status.LAPSED: "neutral"}
SIGNED: Columns = (
    (gettext_lazy("事项"), "code"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("签批人"), ""),
    (gettext_lazy("签批日期"), "date"),
    (gettext_lazy("签批意见"), "main"),
    (gettext_lazy("扫描件"), ""),
)


def of_activity(viewer: Viewer, one: Activity, link: Links) -> list[Section]:
    """The sections of a project, round, topic or campaign: its 批示 and its 签批; none before anything was written or signed."""
    return of_rows(viewer, one, approvals_of(viewer, one), link)


def of_rows(viewer: Viewer, one: Activity, rows: Iterable[Any], link: Links) -> list[Section]:
    """The same of approvals that are known already."""
    written = instructing.section(viewer, one, ActivityInstruction, link)
    return written + section(rows, link, lambda row: reverse("desk:activity-scan", args=[one.uid, row.uid]))


def section(rows: Iterable[Any], link: Links, href: Any) -> list[Section]:
    """Approvals with the acts on them; `href` says where the scan of one is."""
    told = [_told(row, link, href) for row in rows]
    return [Section(_("签批"), SIGNED, told)] if told else []


def _aims(row: Any) -> list[str]:
    """Of a merger, into what; of 延期结项, until when."""
    into, until = getattr(row, "into", None), getattr(row, "until", None)
    aims = [_("并入%(project)s") % {"project": into}] if into else []
    return [*aims, _("延期至%(day)s") % {"day": iso(until)}] if until else aims


def _told(row: Any, link: Links, href: Any) -> Row:
    status = {"text": row.get_status_display(), "tone": TONES.get(Status(row.status), "warn")}
    way = _("纸质") if row.is_paper else _("线上")
    signer = _("%(text)s（%(sub)s）") % {"text": row.signer_name, "sub": way} if row.signer_name else ""
    words = "；".join(filter(None, [row.opinion, getattr(row, "note", ""), *_aims(row)]))
    what = row.get_verb_display() if hasattr(row, "get_verb_display") else _("审定")
    slugs = ["confirm-paper", "return-paper"] if row.status == Status.ON_PAPER else []
    slugs += ["decide", "take-back"] if row.status == Status.WAITING else []
    slugs += ["withdraw-scan" if row.scan_name else "scan"] if row.is_paper else []
    cells = [what, status, signer, iso(row.signed_on), words, scan_of(row, href(row))]
    return {"cells": cells, "acts": link(row, *slugs)}


def scan_of(row: Scanned, href: str) -> Any:
    """The scan that is valid, as a link with its hash; below it those that were taken down, with the reason."""
    said = _("已撤下 %(name)s：%(reason)s（%(by)s %(on)s）")
    gone = "；".join(said % {name: one[name] for name in ("name", "reason", "by", "on")} for one in row.past_scans)
    if row.scan_name:
        return {"text": row.scan_name, "href": href, "title": f"SHA-256 {row.scan_sha256}", "sub": gone}
    return {"text": _("无"), "sub": gone} if gone else ""
