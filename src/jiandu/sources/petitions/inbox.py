"""收件文件夹: the list that the platform exports on a schedule is dropped into a folder and taken in by itself.

What lies there in clear is the operator's; nothing of it is copied, and no key need be open, for rows are sealed to the
office's public key. Rows that cannot be taken are told to the office with place and reason, the others come in. A list is
taken once, by its hash; the file stays, moves or goes as the operator has said (JIANDU_PETITIONS_TAKEN).
"""

import hashlib
import logging
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db.transaction import atomic
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiandu.base.audit.services import record
from jiandu.base.books import sheets
from jiandu.base.books.lines import Line
from jiandu.base.books.sheets import Sheet
from jiandu.base.books.taking import Taken
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.errors import CellProblem
from jiandu.base.jobs.services import reading
from jiandu.net.access.models import Level
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_office
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.offices import offices_of_clerks
from jiandu.sources.petitions.services.listing import SHOWN, noted, without
from jiandu.sources.petitions.sheet import PETITIONS, look_at, take, tie_repeats

logger = logging.getLogger(__name__)
ENDINGS = frozenset((".xlsx", ".csv"))
SETTLED_SECONDS = 60  # a file that was written to since is still being copied
AGAIN_SECONDS = 3600  # what was refused is looked at again: a key may have been missing
AT_ONCE = 2_000  # rows a transaction: others write in between
REMOVE = "remove"
_seen: dict[tuple[str, int, int], float] = {}  # path, time and size → until when it need not be read again


@dataclass
class Group:
    """The rows of one office in a list, and what is wrong with some of them."""

    office: Office
    lines: list[Line]
    problems: list[CellProblem] = field(default_factory=list)

    @property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.problems]


def take_what_came() -> int:
    """Gives how many lists are new. Idempotent."""
    if not settings.PETITIONS_INBOX:
        return 0
    root, count = Path(settings.PETITIONS_INBOX), 0
    if not root.is_dir():
        logger.error("petition inbox: no such folder")
        return 0
    for path, name in _settled(root):
        stat = path.stat()
        mark = str(path), stat.st_mtime_ns, stat.st_size
        if time.monotonic() < _seen.get(mark, 0):
            continue
        is_new, is_whole = _take_file(path, name)
        count += is_new
        _seen[mark] = time.monotonic() + (AGAIN_SECONDS if not is_whole else float("inf"))
        if is_whole:
            _put_away(path)
    return count


def _settled(root: Path) -> Iterator[tuple[Path, str]]:
    """Lists that are whole, the oldest first, with the name of the folder in which they lie: where there are several offices, theirs."""
    taken = Path(settings.PETITIONS_TAKEN) if settings.PETITIONS_TAKEN not in {"", REMOVE} else None
    lists = [path for path in (*root.glob("*"), *root.glob("*/*")) if _is_list(path) and path.parent != taken]
    for path in sorted(lists, key=lambda path: (path.stat().st_mtime, path.name)):
        if time.time() - path.stat().st_mtime >= SETTLED_SECONDS:
            yield path, path.parent.name if path.parent != root else ""


def _is_list(path: Path) -> bool:
    is_ours = path.suffix.lower() in ENDINGS and not path.name.startswith((".", "~$"))
    return is_ours and path.is_file() and not path.is_symlink()


def _take_file(path: Path, name: str) -> tuple[bool, bool]:
    """(whether something of it is new, whether it need not be looked at again)."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with guard.acting(guard.system("收件文件夹")) as by:
        if _is_known(sha256):
            return False, True
        try:
            with override("zh-hans"):
                groups = _groups(path, name, by)
        except Refused as refused:
            _note_refused(path.name, sha256, name, refused, by)
            return False, False
        english = _in_english(path, name, by) if any(group.problems for group in groups) else {}
        done = [_take_group(group, path.name, sha256, english, by) for group in groups]
    return any(done), True


@atomic
def _is_known(sha256: str) -> bool:
    """Whether the list was taken in before; each office's part is one row, and the last of them is written last."""
    rows = PetitionList.objects.filter(way=PetitionList.Way.FOLDER, sha256=sha256)
    return rows.exists() and not rows.filter(state=PetitionList.State.REFUSED, counts={}).exists()


def _groups(path: Path, name: str, by: Viewer) -> list[Group]:
    """The rows by the office that keeps them, looked at. Raises Refused for a list of which nothing can be taken."""
    sheet = sheets.read(path, PETITIONS)
    with reading():
        home = _home(name, by)
        found: dict[int, Group] = {}
        for line in sheet.lines:
            office = _office_of(line, home, name, by)
            line.texts["office"] = office.name
            found.setdefault(office.pk, Group(office, [])).lines.append(line)
        for group in found.values():
            look_at(group.good, by)
            group.problems = [problem for line in group.lines for problem in line.problems]
    if not found:
        raise Refused("list-empty", "清单中没有数据行")
    return list(found.values())


def _home(name: str, by: Viewer) -> Office | None:
    """The office of the folder; of the inbox itself the only one with petition officers."""
    offices = offices_of_clerks(by)
    if name:
        office = find_office(by, name)
        if office is None or office not in offices:
            raise Refused("no-office", "文件夹“%(name)s”不是有信访工作人员的机构", name=name)
        return office
    return offices[0] if len(offices) == 1 else None


def _office_of(line: Line, home: Office | None, name: str, by: Viewer) -> Office:
    said = line.text("office")
    office = find_office(by, said) if said else home
    if office is None and home is None:
        raise Refused("no-office", "请在“登记机构”栏写明由哪个信访室登记：第%(row)d行", row=line.row.number)
    if home is not None and (office is None or (name and office.pk != home.pk)):
        line.problems.append(line.row.problem("office", _("不是本文件夹的登记机构")))
        return home
    return office or home  # type: ignore[return-value]


def _in_english(path: Path, name: str, by: Viewer) -> dict[tuple[int, str], str]:
    """(row, column) → the reason in English: the list is looked at once more for that."""
    with override("en"):
        groups = _groups(path, name, by)
    return {(problem.row, problem.column): problem.reason for group in groups for problem in group.problems}


def _take_group(group: Group, name: str, sha256: str, english: dict[tuple[int, str], str], by: Viewer) -> bool:
    """Takes in what can be, some rows a transaction, then notes what came of all of them."""
    taken: list[tuple[Line, Taken]] = []
    good = group.good
    for start in range(0, len(good), AT_ONCE):
        chunk = good[start : start + AT_ONCE]
        with atomic():
            taken += zip(chunk, take(chunk, by), strict=True)
    with atomic():
        tie_repeats([line for line in good if line.text("main")], by)
        sheet = Sheet(PETITIONS, sha256, group.lines, [], group.problems, taken=taken)
        row = noted(group.office, name, sheet, PetitionList.Way.FOLDER, by)
        row.refused = [_place(problem, english) for problem in group.problems[:SHOWN]]
        _put(row, by)
    return bool(row.counts["create"] + row.counts["update"])


def _place(problem: CellProblem, english: dict[tuple[int, str], str]) -> list[str]:
    """Where and why, in both languages; never what stands there."""
    reasons = (problem.reason, english.get((problem.row, problem.column), problem.reason))
    told = [without(problem.value, reason) for reason in reasons]
    return [problem.sheet, f"{problem.column}{problem.row}", problem.title, *told]


def _put(row: PetitionList, by: Viewer) -> None:
    """Writes the row, in the place of an earlier refusal of the same list, and the entry of the log."""
    earlier = PetitionList.objects.filter(
        owner_office=row.owner_office, way=PetitionList.Way.FOLDER, sha256=row.sha256
    ).first()
    if earlier is not None:
        row.pk, row.uid, row.created_at = earlier.pk, earlier.uid, earlier.created_at
    row.save(force_insert=earlier is None)
    payload = {"sha256": row.sha256, **row.counts}
    record(by, "petition.import", row, payload=payload, outcome="refused" if row.state == "refused" else "done")


@atomic
def _note_refused(name: str, sha256: str, folder: str, refused: Refused, by: Viewer) -> None:
    """A list of which nothing was taken: told to the office of its folder, else to each that registers petitions."""
    office = find_office(by, folder) if folder else None
    for each in [office] if office is not None else offices_of_clerks(by):
        row = PetitionList(
            name=name[-200:],
            sha256=sha256,
            way=PetitionList.Way.FOLDER,
            state=PetitionList.State.REFUSED,
            on=today(),
            by_name=by.name[:64],
            reason=str(refused.args[1]),
            details={key: str(value) for key, value in refused.details.items()},
            owner_office=each,
            owner_path=each.path,
            level=Level.SENSITIVE,
        )
        known = PetitionList.objects.filter(owner_office=each, way=row.way, sha256=sha256, reason=row.reason)
        if not known.exists():
            _put(row, by)


def _put_away(path: Path) -> None:
    """What the operator has said: nothing, its end, or another folder."""
    said = settings.PETITIONS_TAKEN
    if said == REMOVE:
        path.unlink(missing_ok=True)
    elif said:
        target = Path(said)
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = path.name if not (target / path.name).exists() else f"{path.stem}-{time.time_ns()}{path.suffix}"
        shutil.move(path, target / name)
