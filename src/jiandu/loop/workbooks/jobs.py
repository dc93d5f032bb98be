"""Imports and exports as jobs. What is small is done in the request by the same code that the worker runs."""

import hashlib
import json
from array import array
from datetime import date
from pathlib import Path
from typing import Any

from django.db.transaction import atomic
from django_tasks import task

from jiandu.base.audit.services import record
from jiandu.base.books import sheets as books
from jiandu.base.books.known import REGISTERS
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.marks import mark_of
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.limits import LARGE
from jiandu.base.core.sheets.problems import mark_errors
from jiandu.base.core.sheets.reader import read_rows
from jiandu.base.files import store
from jiandu.base.jobs import folder, services
from jiandu.base.jobs.folder import Progress
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import Done, Work
from jiandu.loop.workbooks import batches, importing, showing
from jiandu.loop.workbooks.exporting import (
    TYPES,
    Export,
    Leaving,
    exported,
    fetched,
    let_go,
    still_in_scope,
    write_export,
)
from jiandu.loop.workbooks.noting import write_notes
from jiandu.loop.workbooks.owed import all_in_scope, owed_by_unit
from jiandu.loop.workbooks.returned import Returned
from jiandu.loop.workbooks.unit_acts import take
from jiandu.loop.workbooks.unit_returns import judge_return, read_return
from jiandu.loop.workbooks.unit_sheets import write_sheets
from jiandu.loop.workbooks.writing import expected_warnings
from jiandu.net.access.policy import kind_of as kind_of_model
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity

PREVIEW, IMPORT, EXPORT = "ledger_preview", "ledger_import", "ledger_export"
SHEETS, RETURN, TAKE = "unit_sheets", "unit_return", "unit_take"
OWED = "owed"  # an export of unit sheets with all that units owe
BOOK, BOOK_TAKE = "book_preview", "book_take"
PAPERS = "papers"
BOOK_BYTES = 40_000  # some 300 rows
LARGE_ROWS = 5_000
AT_ONCE = 5  # units' sheets that are looked at in one request; more are for the background
LARGE_BYTES = 4 * 2**20


@task()
def run_job(pk: int) -> None:
    """Whatever the job asks for."""
    job_kind = services.kind_of(pk)
    services.run(pk, WORKS[job_kind], viewer_of)


def many(viewer: Viewer, export: Export) -> bool:
    """Whether an export is for the background. Raises Refused for who may not export."""
    return exported(viewer, export.filters).order_by()[: LARGE_ROWS + 1].count() > LARGE_ROWS


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


def _read_preview(viewer: Viewer, job: Job, progress: Progress) -> tuple[dict[str, Any], str]:
    path, name = folder.brought(job), str(job.asked["name"])
    found = importing.judge(viewer, importing.read_sheet(path, name=name, tell=progress))
    if found.problems:
        with folder.result(job).open("wb") as out:
            mark_errors(path, found.problems, out, watermark=mark_of(viewer, str(job.uid)))
        return showing.for_page(found, path, []), _marked_name(job)
    warnings = list(expected_warnings(found.create, found.update, found.places))
    return showing.for_page(found, path, warnings), _listed(viewer, job, found, warnings)


def _note_preview(viewer: Viewer, job: Job, progress: Progress, read: tuple[dict[str, Any], str]) -> Done:
    said, name = read
    return Done(said, name, TYPES["xlsx"]) if name else Done(said)


def _listed(viewer: Viewer, job: Job, found: importing.Preview, warnings: list[str]) -> str:
    """Writes all warnings and all cells that are left as a sheet, gives its name; nothing where there are none."""
    if not warnings and not found.left:
        return ""
    with folder.result(job).open("wb") as out:
        write_notes(out, found, warnings, mark=mark_of(viewer, str(job.uid)))
    return f"{Path(str(job.asked['name'])).stem}(提示清单).xlsx"


def _marked_name(job: Job) -> str:
    return f"{Path(str(job.asked['name'])).stem}(错误标注).xlsx"


def _read_ledger(viewer: Viewer, job: Job, progress: Progress) -> importing.Preview:
    sheet = importing.read_sheet(_brought(job), name=str(job.asked["name"]), tell=progress)
    return importing.prepare(importing.judge(viewer, sheet, create_missing=bool(job.asked["create_missing"])))


def _write_ledger(viewer: Viewer, job: Job, progress: Progress, found: importing.Preview) -> Done:
    """Compares once more where something was done since: what the user has looked at is what is done."""
    found = importing.still(viewer, found)
    if not found.problems and showing.digest(found) != job.asked["digest"]:
        raise Refused("preview-stale", "预览之后记录有变化,请重新预览后再导入")
    importing.commit(viewer, found, tell=progress)
    _keep_brought(job)
    said = showing.as_dict(found, committed=True)
    said |= {"left": said["left"][: showing.SHOWN], **showing.noted(found, found.warnings)}
    name = _listed(viewer, job, found, found.warnings)
    return Done(said, name, TYPES["xlsx"]) if name else Done(said)


def _brought(job: Job) -> Path:
    """The file lies with the preview that the user has looked at; jobs are their maker's, and so is that one."""
    looked = Job.objects.get(pk=job.asked["preview"]) if "preview" in job.asked else job
    return folder.brought(looked)


def _keep_brought(job: Job) -> None:
    """The log names the file by its hash: from now on it is kept."""
    with _brought(job).open("rb") as file:
        store.keep(iter(lambda: file.read(2**20), b""))


# --- a ledger out ---


def _read_export(viewer: Viewer, job: Job, progress: Progress) -> Leaving:
    with folder.result(job).open("wb") as out:
        return write_export(viewer, Export.from_dict(job.asked), out, tell=progress)


def _read_sheets(viewer: Viewer, job: Job, progress: Progress) -> Leaving:
    with folder.result(job).open("wb") as out:
        export = Export.from_dict(job.asked)
        owed = owed_by_unit(viewer, export.filters) if export.kind == OWED else None
        return write_sheets(viewer, export.filters, out, owed=owed)


def _log_leaving(viewer: Viewer, job: Job, progress: Progress, leaving: Leaving) -> Done:
    (folder.of(job) / "keys").write_bytes(leaving.keys.tobytes())
    (folder.of(job) / "others").write_text(json.dumps(leaving.others))
    with folder.result(job).open("rb") as file:
        leaving.said["sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    let_go(viewer, leaving)
    return Done(
        {"rows": leaving.rows, "export": leaving.said["export"]}, leaving.name, TYPES[leaving.name.rpartition(".")[2]]
    )


# --- a unit's sheet back ---


def _read_return(viewer: Viewer, job: Job, progress: Progress) -> Returned:
    asked = job.asked
    on = date.fromisoformat(asked["on"]) if asked.get("on") else None
    return read_return(_brought(job), name=str(asked["name"]), people=str(asked.get("people", "")), on=on)


def _read_return_preview(viewer: Viewer, job: Job, progress: Progress) -> Returned:
    found = judge_return(viewer, _read_return(viewer, job, progress))
    if found.problems:
        with folder.result(job).open("wb") as out:
            mark_errors(folder.brought(job), found.problems, out, watermark=mark_of(viewer, str(job.uid)))
    return found


def _note_return(viewer: Viewer, job: Job, progress: Progress, found: Returned) -> Done:
    said = showing.return_for_page(found)
    return Done(said, _marked_name(job), TYPES["xlsx"]) if found.problems else Done(said)


def _take_return(viewer: Viewer, job: Job, progress: Progress, found: Returned) -> Done:
    """Compares once more: what the user has looked at is what is done."""
    judge_return(viewer, found)
    if not found.problems and showing.return_digest(found) != job.asked["digest"]:
        raise Refused("preview-stale", "预览之后记录有变化,请重新预览后再导入")
    counts = take(viewer, found, tell=progress)
    _keep_brought(job)
    return Done({"rows": found.rows, "acts": counts, "people": found.people, "unit": found.unit})


# --- a register in ---


def _read_book(viewer: Viewer, job: Job, progress: Progress) -> books.Sheet:
    return books.read(_brought(job), REGISTERS[str(job.asked["book"])])


def _read_book_preview(viewer: Viewer, job: Job, progress: Progress) -> books.Sheet:
    found = books.judge(viewer, _read_book(viewer, job, progress), tell=progress)
    if found.problems:
        with folder.result(job).open("wb") as out:
            mark_errors(folder.brought(job), found.problems, out, watermark=mark_of(viewer, str(job.uid)))
    return found


def _note_book(viewer: Viewer, job: Job, progress: Progress, found: books.Sheet) -> Done:
    said = books.for_page(found)
    return Done(said, _marked_name(job), TYPES["xlsx"]) if found.problems else Done(said)


def _take_book(viewer: Viewer, job: Job, progress: Progress, found: books.Sheet) -> Done:
    books.commit(viewer, found, digest=str(job.asked["digest"]), tell=progress)
    _keep_brought(job)
    return Done(books.for_page(found))


# --- many papers ---


def _read_papers(viewer: Viewer, job: Job, progress: Progress) -> tuple[batches.Made, str]:
    asked, identity = job.asked, str(job.uid)
    made = batches.make(viewer, str(asked["kind"]), list(asked["uids"]), tell=progress)
    if not made.papers:
        return made, ""
    with folder.result(job).open("wb") as out:
        is_one = asked["as"] == "docx"
        name = batches.write(viewer, str(asked["kind"]), made, out, is_one=is_one, identity=identity)
    return made, name


def _log_papers(viewer: Viewer, job: Job, progress: Progress, read: tuple[batches.Made, str]) -> Done:
    """One entry for all of them: which kind, how many, how many were refused."""
    made, name = read
    kind, count, export = str(job.asked["kind"]), len(made.papers), str(job.uid)
    told = {"papers": count, "refused": made.refused, "made": made.keys, "export": export}
    if not name:
        return Done(told)
    with folder.result(job).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    said = {"paper": kind, "count": count, "refused": len(made.refused), "export": export, "sha256": digest}
    record(viewer, f"{kind_of_model(batches.BATCHES[kind].model)}.papers", None, payload=said)
    return Done(told, name, TYPES[name.rpartition(".")[2]])


WORKS: dict[str, Work] = {
    PAPERS: Work(_read_papers, _log_papers),
    BOOK: Work(_read_book_preview, _note_book),
    BOOK_TAKE: Work(_read_book, _take_book),
    PREVIEW: Work(_read_preview, _note_preview),
    IMPORT: Work(_read_ledger, _write_ledger),
    EXPORT: Work(_read_export, _log_leaving),
    SHEETS: Work(_read_sheets, _log_leaving),
    RETURN: Work(_read_return_preview, _note_return),
    TAKE: Work(_read_return, _take_return),
}


def may_create(viewer: Viewer) -> frozenset[str]:
    """The kinds of names that this viewer may have created with an import."""
    kinds = [("offices", Office), ("bodies", Office), ("units", Organisation)]
    may = {name for name, model in kinds if guard.allow(viewer, "edit", model)}
    return frozenset(may | ({"projects"} if guard.allow(viewer, "create", Activity) else set()))


@atomic
def hand_out(viewer: Viewer, job: Job) -> bool:
    """Whether the result may be handed out now, as asked once more; what has left before it is logged each time."""
    if not may_leave(viewer, job):
        return False
    fetched(viewer, job.result_name, str(job.said.get("export", "")))
    return True


def may_leave(viewer: Viewer, job: Job) -> bool:
    """Whether the result may still be handed out: every record in it is still within the viewer's scope."""
    if job.kind == PAPERS:
        return batches.may_leave(viewer, str(job.asked["kind"]), job.said["made"])
    kept = folder.of(job) / "keys"
    if not kept.exists():
        return True
    keys = array("q")
    keys.frombytes(kept.read_bytes())
    others = folder.of(job) / "others"
    are_seen = not others.exists() or all_in_scope(viewer, json.loads(others.read_text()))
    return are_seen and still_in_scope(viewer, keys)
