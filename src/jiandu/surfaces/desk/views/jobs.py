"""我的任务: one's own jobs, how far each is, what came of it, its file."""

from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.jobs import folder, selectors
from jiandu.base.jobs.models import Job
from jiandu.loop.findings.states import Verb
from jiandu.loop.workbooks import jobs
from jiandu.loop.workbooks.owed import KINDS_OWED
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck.services.bringing import BRING
from jiandu.sources.crosscheck.services.runs import RUN
from jiandu.surfaces.desk.forms.ledgers import CommitForm
from jiandu.surfaces.desk.intakes import intake_of
from jiandu.surfaces.desk.told import crosscheck_tables
from jiandu.surfaces.door.answers import page

KINDS: dict[str, Any] = {
    jobs.PREVIEW: gettext_lazy("导入预览"),
    jobs.IMPORT: gettext_lazy("导入台账"),
    jobs.EXPORT: gettext_lazy("导出台账"),
    jobs.SHEETS: gettext_lazy("单位反馈表"),
    jobs.RETURN: gettext_lazy("反馈表预览"),
    jobs.TAKE: gettext_lazy("收回反馈表"),
    jobs.PAPERS: gettext_lazy("批量文书"),
    jobs.BOOK: gettext_lazy("登记表预览"),
    jobs.BOOK_TAKE: gettext_lazy("导入登记表"),
    RUN: gettext_lazy("数据比对"),
    BRING: gettext_lazy("带入数据表"),
}
#: Kinds that belong to a page of their own: what it is called, its route.
HOMES: dict[str, tuple[Any, str]] = {BRING: (gettext_lazy("带入数据"), "desk:data-tables")}
PAGES = {
    jobs.PREVIEW: "desk/ledgers/preview.html",
    jobs.IMPORT: "desk/ledgers/imported.html",
    jobs.RETURN: "desk/ledgers/returned.html",
    jobs.TAKE: "desk/ledgers/taken.html",
    jobs.PAPERS: "desk/ledgers/papers_made.html",
    jobs.BOOK: "desk/ledgers/book.html",
    jobs.BOOK_TAKE: "desk/ledgers/book.html",
    BRING: "desk/crosscheck/brought.html",
}
NO_WIZARD = (jobs.PAPERS, BRING)
FIRST = (jobs.PREVIEW, jobs.RETURN, jobs.BOOK)
STEPS = (gettext_lazy("上传"), gettext_lazy("预览"), gettext_lazy("导入"))
NEWEST = 50


def mine(request: HttpRequest) -> HttpResponse:
    """The list, newest first."""
    found = selectors.jobs_of(request.viewer)[:NEWEST]  # type: ignore[attr-defined]
    rows = [{"job": job, "kind": KINDS.get(job.kind, job.kind), "has_file": selectors.result_of(job)} for job in found]
    return page(request, "desk/ledgers/jobs.html", {"rows": rows})


def job(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One job: how far it is, or what came of it."""
    found = _found(request, uid)
    context = _context(found) | _steps(found)
    if selectors.is_unfinished(found) or found.status in {Job.Status.FAILED, Job.Status.EXPIRED}:
        return page(request, "desk/ledgers/job.html", context)
    if found.kind == jobs.PREVIEW:
        context |= _preview(request, found)
    elif found.kind == jobs.RETURN:
        context["rows"] = [{**row, "acts": [Verb(name).label for name in row["acts"]]} for row in found.said["shown"]]
    elif found.kind in {jobs.BOOK, jobs.BOOK_TAKE}:
        context |= _book(found)
    elif found.kind == jobs.PAPERS:
        context["refused"] = [
            (which, _(why) % details if details else _(why)) for which, why, details in found.said["refused"]
        ]
    elif found.kind == BRING:
        context |= crosscheck_tables.brought(found)
    elif found.kind == jobs.TAKE:
        context["acts"] = acts_of(found.said["acts"])
    return page(request, PAGES.get(found.kind, "desk/ledgers/job.html"), context)


def _book(found: Job) -> dict[str, Any]:
    """What the page of a register's sheet needs: the ways back and on, whether something changes."""
    counts, taken_in = found.said["counts"], intake_of(str(found.asked["book"]))
    has_left = any(row.get("left") for row in found.said["shown"])
    return {
        "back": reverse(taken_in.back),
        "again": reverse(f"desk:{taken_in.name}"),
        "commit": reverse(f"desk:{taken_in.name}-commit", args=[found.uid]),
        "has_left": has_left,
        "has_changes": has_left or any(row["cells"] for row in found.said["shown"]),
        "may_commit": counts["create"] + counts["update"] > 0,
    }


def acts_of(counts: dict[str, int]) -> list[tuple[Any, int]]:
    """What a unit's workbook has done, in words: acts on problems by their verb, rows of other registers by its name."""
    names = {one.register.book.key: one.label for one in KINDS_OWED}
    return [(names[name] if name in names else Verb(name).label, number) for name, number in counts.items()]


def progress(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The bar alone: 204 while nothing has changed, the whole page again once it is over."""
    found = _found(request, uid)
    if not selectors.is_unfinished(found):
        return HttpResponse(headers={"HX-Refresh": "true"})
    context = _context(found)
    if request.GET.get("seen") == context["seen"]:
        return HttpResponse(status=204)
    return page(request, "desk/ledgers/_progress.html", context)


def result(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The file of a finished job, to its maker, as long as it is kept and its rows are still in scope."""
    found = _found(request, uid)
    path = selectors.result_of(found)
    if path is None or not jobs.hand_out(request.viewer, found):  # type: ignore[attr-defined]
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.result_name, content_type=found.result_type)


def file_of(found: Job, path: Path) -> HttpResponseBase:
    """The result under its Chinese name (RFC 5987)."""
    return FileResponse(path.open("rb"), as_attachment=True, filename=found.result_name, content_type=found.result_type)


def _found(request: HttpRequest, uid: UUID) -> Job:
    found = selectors.job_by_uid(request.viewer, uid)  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _context(found: Job) -> dict[str, Any]:
    done, total = folder.progress_of(found)
    reason = _(found.reason) if found.reason else ""
    details = found.said.get("details") or {}
    return {
        "job": found,
        "said": found.said,
        "kind": KINDS.get(found.kind, found.kind),
        "done": done,
        "total": total,
        "seen": f"{found.status}-{done}-{total}",
        "reason": reason % details if details else reason,
        "has_file": selectors.result_of(found) is not None,
        "after": reverse("desk:run", args=[found.said["run"]]) if "run" in found.said else "",
        "after_label": found.said.get("code", ""),
        "home": HOMES.get(found.kind),
    }


def _steps(found: Job) -> dict[str, Any]:
    """The wizard's bar: upload is done, the preview is there or made, the import is done or running."""
    if found.kind not in PAGES or found.kind in NO_WIZARD:
        return {}
    at = 1 if found.kind in FIRST else 2
    is_over = at == 2 and found.status == Job.Status.DONE
    rooms = {jobs.PREVIEW: "desk:import", jobs.IMPORT: "desk:import", jobs.RETURN: "desk:unit-return"}
    again = rooms.get(found.kind, "desk:unit-return")
    states = ["done"] * at + ["done" if is_over else "current"] + ["todo"] * (2 - at)
    steps = [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)]
    return {"steps": steps, "again": reverse(again)}


def _preview(request: HttpRequest, found: Job) -> dict[str, Any]:
    """What the preview page needs: the rows of the chosen kind, what is missing, whether the tick helps."""
    said, show = found.said, request.GET.get("show", "")
    missing = said["missing"]
    may = jobs.may_create(request.viewer)  # type: ignore[attr-defined]
    lacking = {name for name, names in missing.items() if names}
    shown = [row for row in said["shown"] if show in {"", row["act"]} or (show == "left" and row["left"])]
    return {
        "show": show,
        "rows": shown,
        "has_changes": any(row["cells"] or row["left"] for row in shown),
        "lacking": lacking,
        "barred": lacking - may,
        "may_see_offices": guard.allow(request.viewer, "view", Office),  # type: ignore[attr-defined]
        "may_commit": not said["problems"]
        and not lacking - may
        and said["counts"]["create"] + said["counts"]["update"],
        "form": CommitForm(initial={"create_missing": bool(lacking)}),
    }
