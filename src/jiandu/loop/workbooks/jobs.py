"""Imports and exports as jobs. What is small is done in the request by the same code that the worker runs."""

from pathlib import Path
from typing import Any

from django_tasks import task

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.sheets.problems import mark_errors
from jiandu.base.core.sheets.reader import read_rows
from jiandu.base.files import store
from jiandu.base.jobs import folder, services
from jiandu.base.jobs.folder import Progress
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import Done, Work
from jiandu.loop.workbooks import importing, showing
from jiandu.loop.workbooks.exporting import TYPES, mark_of
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity

PREVIEW, IMPORT = "ledger_preview", "ledger_import"
LARGE_ROWS = 5_000
LARGE_BYTES = 4 * 2**20


@task()
def run_job(pk: int) -> None:
    """Whatever the job asks for."""
    job_kind = services.kind_of(pk)
    services.run(pk, WORKS[job_kind], viewer_of)


def start(job: Job, by: Viewer, *, is_large: bool) -> Job:
    """In the background when there is much to do, else now. The job says what became of it."""
    if is_large:
        run_job.enqueue(job.pk)
    else:
        services.perform(job, by, WORKS[job.kind])
    return job


def is_large(path: Path) -> bool:
    """More than 5,000 rows. A file that cannot be read is small: it is refused at once."""
    if path.stat().st_size > LARGE_BYTES:
        return True
    try:
        with read_rows(path, limits=LARGE) as rows:
            return any(number > LARGE_ROWS for number, _ in enumerate(rows))
    except SheetRefused:
        return False


# --- a ledger in ---


def _read_preview(viewer: Viewer, job: Job, progress: Progress) -> tuple[dict[str, Any], bool]:
    path, name = folder.brought(job), str(job.asked["name"])
    found = importing.judge(viewer, importing.read_sheet(path, name=name, tell=progress))
    if found.problems:
        with folder.result(job).open("wb") as out:
            mark_errors(path, found.problems, out, watermark=mark_of(viewer, str(job.uid)))
    return showing.for_page(found, path), bool(found.problems)


def _note_preview(viewer: Viewer, job: Job, progress: Progress, read: tuple[dict[str, Any], bool]) -> Done:
    said, has_problems = read
    stem = Path(str(job.asked["name"])).stem
    return Done(said, f"{stem}(错误标注).xlsx", TYPES["xlsx"]) if has_problems else Done(said)


def _read_ledger(viewer: Viewer, job: Job, progress: Progress) -> importing.Sheet:
    return importing.read_sheet(_brought(job), name=str(job.asked["name"]), tell=progress)


def _write_ledger(viewer: Viewer, job: Job, progress: Progress, sheet: importing.Sheet) -> Done:
    """Compares once more: what the user has looked at is what is done."""
    found = importing.judge(viewer, sheet, create_missing=bool(job.asked["create_missing"]))
    if not found.problems and showing.digest(found) != job.asked["digest"]:
        raise Refused("preview-stale", "预览之后记录有变化,请重新预览后再导入")
    importing.commit(viewer, found, tell=progress)
    with _brought(job).open("rb") as file:  # the log names it by its hash: from now on it is kept
        store.keep(iter(lambda: file.read(2**20), b""))
    said = showing.as_dict(found, committed=True)
    return Done({**said, "warnings": found.warnings[: showing.SHOWN], "warning_count": len(found.warnings)})


def _brought(job: Job) -> Path:
    """The file lies with the preview that the user has looked at; jobs are their maker's, and so is that one."""
    return folder.brought(Job.objects.get(pk=job.asked["preview"]))


WORKS: dict[str, Work] = {
    PREVIEW: Work(_read_preview, _note_preview),
    IMPORT: Work(_read_ledger, _write_ledger),
}


def may_create(viewer: Viewer) -> frozenset[str]:
    """The kinds of names that this viewer may have created with an import."""
    kinds = [("offices", Office), ("bodies", Office), ("units", Organisation)]
    may = {name for name, model in kinds if guard.allow(viewer, "edit", model)}
    return frozenset(may | ({"projects"} if guard.allow(viewer, "create", Activity) else set()))


def may_leave(viewer: Viewer, job: Job) -> bool:
    """Whether the result may still be handed out: every record in it is still within the viewer's scope."""
    return True
