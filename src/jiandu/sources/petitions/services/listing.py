"""清单导入 on the desk: looked at and sealed for the clerk, taken in within the same unlocked session. In clear it is in memory alone."""

from dataclasses import replace
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.books import sheets
from jiandu.base.books.reasons import bare
from jiandu.base.books.sheets import Sheet
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import CellProblem, SheetRefused
from jiandu.base.core.sheets.limits import SMALL
from jiandu.base.jobs.services import reading
from jiandu.net.access.models import Level
from jiandu.net.overseers.models import Office
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import spool
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.offices import offices_of
from jiandu.sources.petitions.sheet import PETITIONS
from jiandu.sources.petitions.spool import Spooled

#: One transaction takes them in, and other writers wait no longer than 20 s (docs/benchmarks.md). More come in by the
#: command, or by the folder, which takes them in some at a time.
MOST_ROWS = 5_000
AT_THE_DESK = replace(SMALL, rows=MOST_ROWS)
SHOWN = 200  # places kept of what was not taken


def holds_content(unlocked: Unlocked | None) -> bool:
    """Whether a key of what is reported is open: without one a clerk brings no list."""
    return unlocked is not None and bool(unlocked.blind_keys)


def preview(*, name: str, content: bytes, by: Viewer, unlocked: Unlocked | None) -> Spooled:
    """What taking the list in would do; it waits sealed for the clerk's word. Raises Refused: not-allowed, locked, sheet-refused, …"""
    opened = _opened(by, unlocked)
    sheet = _read(content)
    with reading():
        judged = sheets.judge(by, sheet)
    return spool.put(by=by, unlocked=opened, name=name[-200:], content=content, said=sheets.for_page(judged))


def commit(*, uid: UUID, by: Viewer, unlocked: Unlocked | None) -> PetitionList:
    """Does what was looked at, all of it or nothing; the file is gone then. Raises Refused: locked, list-gone, preview-stale, …"""
    opened = _opened(by, unlocked)
    looked, content = spool.found(by, opened, uid), spool.content_of(by, opened, uid)
    if looked is None or content is None:
        raise Refused("list-gone", "清单已过保留时间，请重新上传")
    sheet = _read(content)
    with atomic():
        sheets.commit(by, sheet, digest=str(looked.said["digest"]))
        row = noted(_office(sheet, by), looked.name, sheet, PetitionList.Way.DESK, by)
        row.save(force_insert=True)
    spool.remove(by, uid)
    return row


def faults(*, uid: UUID, by: Viewer, unlocked: Unlocked | None) -> tuple[str, list[CellProblem]] | None:
    """(name of the list, every cell that is wrong): place and reason, never what stands there. None where it is gone."""
    opened = _opened(by, unlocked)
    looked, content = spool.found(by, opened, uid), spool.content_of(by, opened, uid)
    if looked is None or content is None:
        return None
    sheet = _read(content)
    with reading():
        sheets.judge(by, sheet)
    told = [replace(one, value="", reason=without(one.value, one.reason)) for one in sheet.problems]
    return looked.name, told


def without(value: str, reason: str) -> str:
    """A reason that repeats the value, as it stood or as it was read, says only that there was one."""
    reason = bare(reason)
    for said in sorted({value, value.strip(), normalize("NFKC", value).strip()} - {""}, key=len, reverse=True):
        reason = reason.replace(said, "…")
    return reason


def noted(office: Office, name: str, sheet: Sheet, way: str, by: Viewer) -> PetitionList:
    """What came of a list, as a row that is not saved yet; of its problems the places alone."""
    counts = {**sheets.counts_of(sheet), "error": len({problem.row for problem in sheet.problems})}
    is_taken = bool(counts["create"] + counts["update"])
    state = PetitionList.State.TAKEN if is_taken else PetitionList.State.UNCHANGED
    if counts["error"]:
        state = PetitionList.State.PARTLY if is_taken or counts["unchanged"] else PetitionList.State.REFUSED
    return PetitionList(
        name=name[-200:],
        sha256=sheet.sha256,
        way=way,
        state=state,
        on=today(),
        by_name=by.name[:64],
        counts=counts,
        differing=_differing(sheet),
        owner_office=office,
        owner_path=office.path,
        level=Level.SENSITIVE,
    )


def _read(content: bytes) -> Sheet:
    try:
        return sheets.read(content, PETITIONS, limits=AT_THE_DESK)
    except Refused as refused:
        if isinstance(refused.__cause__, SheetRefused) and refused.__cause__.code == "too_many_rows":
            raise Refused(
                "list-too-long",
                "清单超过%(most)d行：请分开上传，或由系统管理员放入收件文件夹、用 jiandu import petitions 导入",
                most=MOST_ROWS,
            ) from refused
        raise


def _differing(sheet: Sheet) -> list[list[Any]]:
    """Rows that say otherwise than what was worked on here: their number, and the columns."""
    book = sheet.register.book
    found = [(line, taken) for line, taken in sheet.taken if taken.act == "conflict"]
    return [[line.row.number, [book.title(key) for key, *_said in taken.cells]] for line, taken in found[:SHOWN]]


def _office(sheet: Sheet, by: Viewer) -> Office:
    return next(iter(offices_of(sheet.lines, by)))


def _opened(by: Viewer, unlocked: Unlocked | None) -> Unlocked:
    if not guard.allow(by, "import", Petition):
        raise Refused("not-allowed", "您没有导入信访件的权限")
    if unlocked is None or not holds_content(unlocked):
        raise Refused("locked", "请先解锁本室组密钥，再导入清单")
    return unlocked
