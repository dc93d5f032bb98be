"""带入数据表: tables of a data set come by hand, and go. All are read and judged first; the set changes when all are right.

What is kept is the canonical table: columns that no rule knows are left behind with the file that they came in.
"""

import fcntl
import json
import logging
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

from django.db.transaction import atomic
from django.utils.translation import gettext as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Place, Viewer
from jiandu.base.core.persons import holds_number
from jiandu.base.core.words import spoken
from jiandu.base.engine.scratch import own_folder
from jiandu.net.access.models import Level
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import folders, own_ledgers, running, tables
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.sources.crosscheck.reading import SUFFIXES
from jiandu.sources.crosscheck.reading_child import Died, read_all
from jiandu.sources.crosscheck.tables import Table

logger = logging.getLogger(__name__)
ARRIVING = ".arriving"  # not among the folders that somebody may name
MEMORY = "1000MB"  # somebody waits, and others are served meanwhile
MOST_BYTES = 60 * 2**20  # of one form; what is larger is laid into the folder
TOLD = 10
NAMED = re.compile(r"[\w()\-（）]{2,40}")  # no sign that leads elsewhere


@dataclass(frozen=True)
class File:
    """A file as it was handed in."""

    name: str
    content: IO[bytes]


@dataclass(frozen=True)
class NewTables:
    """Files for a data set, the day of its data. `table`: which one the only file is, where its name does not say so."""

    office: Office
    dataset: str
    day: date
    files: list[File]
    table: str = ""
    replaces: bool = False


@dataclass(frozen=True)
class Taken:
    """One table as it was taken in: its rows, and the columns that nobody knows and that were left behind."""

    table: Table
    file: str
    rows: int
    unknown: list[str]


def bring_tables(*, new: NewTables, by: Viewer) -> list[Taken]:
    """Every file becomes its canonical table in the data set, or none does. Raises Refused with the places of what is wrong.

    Reading takes its time and holds no transaction: only the entry in the log does, which is there before anything moves.
    """
    _allowed(new.office, by)
    folder = _legal_folder(new)
    named = _named(new)
    _check_there(new, folder, named)
    with _alone(), own_folder(folders.root() / ARRIVING) as arriving:
        taken = _read(named, arriving)
        said = {each.table.name: each.rows for each in taken}
        _legal_folder(new)  # again: reading took its time; who brings holds off the others
        _check_there(new, folder, named)
        with atomic():
            record(
                by, "dataset.bring", None, payload={"dataset": new.dataset, "day": new.day.isoformat(), "rows": said}
            )
        _move(arriving, folder, new, taken)
    return taken


def drop_dataset(*, office: Office, dataset: str, by: Viewer) -> None:
    """A data set that the office brought goes, with what was worked out of it; runs and alerts stay. Raises Refused."""
    _allowed(office, by)
    with _alone():
        folder = folders.folder_of(dataset)
        _check_own(office, folder)
        if laid := folders.laid(folder):
            raise Refused("laid-there", "%(tables)s由管理员放入数据文件夹，请由管理员清除", tables="、".join(laid))
        with atomic():
            record(by, "dataset.drop", None, payload={"dataset": dataset})
        with own_folder(folders.root() / ARRIVING) as leaving:
            folder.replace(leaving / "set")  # at once, whoever reads in it; swept later should this process die here


def sweep() -> None:
    """What a reading that was cut off left, in clear: gone within ten minutes, whether anybody brings anything or not."""
    place = folders.root() / ARRIVING
    if place.is_dir():
        with own_folder(place):
            pass


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time on this machine: an engine reads, and the set is looked at and changed in one go. Raises Refused."""
    place = folders.root() / ARRIVING
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (place / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Refused("bringing", "另有人正在带入或者清除数据表，请稍后再试") from held
        yield


def _allowed(office: Office, by: Viewer) -> None:
    place = Place(office.pk, office.path, "", Level.INTERNAL)
    if not guard.allow(by, "create", RuleRun) or not guard.may_place(by, RuleRun, place):
        raise Refused("not-allowed", "您没有运行数据比对的权限")


def _legal_folder(new: NewTables) -> Path:
    if not NAMED.fullmatch(new.dataset) or new.dataset == own_ledgers.NAME:
        raise Refused("dataset-name", "数据集名称为2至40个汉字、字母或数字：%(name)s", name=new.dataset)
    if new.day > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=new.day.isoformat())
    folder = folders.root() / new.dataset
    _check_own(new.office, folder)
    if folder.is_dir() and any(folder.iterdir()) and (day := folders.day_of(folder)) != new.day:
        raise Refused("dataset-day", "数据集的数据日期是%(day)s，另一日期的数据请另立数据集", day=day.isoformat())
    return folder


def _check_own(office: Office, folder: Path) -> None:
    """What another office brought, only that one changes; what an administrator laid there, nobody by hand."""
    of = folders.office_of(folder)
    if of is not None and of != office.pk:
        raise Refused("dataset-office", "这个数据集由另一室组带入，只能由该室组更换、清除")


def _check_there(new: NewTables, folder: Path, named: list[tuple[Table, File]]) -> None:
    mine = {table.name for table, _file in named}
    if laid := [held.table.words for held in folders.held(folder) if not held.came and held.table.name in mine]:
        raise Refused("laid-there", "%(tables)s由管理员放入数据文件夹，请由管理员清除", tables="、".join(laid))
    there = [table.words for table, _file in named if folders.paths_of(folder, table)]
    if there and not new.replaces:
        raise Refused("there", "数据集里已有：%(tables)s；要换成新的，请勾选“替换”", tables="、".join(there))


def _named(new: NewTables) -> list[tuple[Table, File]]:
    """Each file with its table: the one that was said, or the one that the name of the file says."""
    if new.table and len(new.files) > 1:
        raise Refused("one-table", "指定数据表时一次只能带入一个文件")
    found = [(tables.named(new.table) if new.table else _by_name(file.name), file) for file in new.files]
    names = [table.words for table, _file in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused("table-twice", "有两个文件是同一张数据表：%(tables)s", tables="、".join(twice))
    return found


def _by_name(name: str) -> Table:
    stem = re.sub(r"[\s_\-]*\d*$", "", Path(name).stem.strip()).lower()
    for table in tables.known().values():
        if stem in {table.name, table.words.lower()}:
            return table
    raise Refused("which-table", "从文件名“%(name)s”看不出是哪张数据表，请选择数据表", name=name)


def _read(named: list[tuple[Table, File]], arriving: Path) -> list[Taken]:
    """All of them into Parquet. Raises Refused with the first places of all that is wrong, in every file."""
    sources = {table.name: _laid_down(file, table, arriving) for table, file in named}
    into = arriving / "in"
    into.mkdir()
    try:
        found = read_all(sources, into, scratch=arriving / "scratch", memory=MEMORY)
    except Died as died:
        logger.warning("tables were not read: %s", died)
        raise Refused("unread", "数据表没有读成：文件损坏，或者读取超过1分钟。请检查文件，或分批带入") from died
    wrong = [_place(file.name, error) for table, file in named for error in found[table.name].errors]
    if wrong:
        total = sum(one.total for one in found.values())
        raise Refused("data", "数据表有%(total)s处错误：%(first)s", total=total, first="；".join(wrong[:TOLD]))
    return [Taken(table, file.name, found[table.name].rows, found[table.name].unknown) for table, file in named]


def _laid_down(file: File, table: Table, arriving: Path) -> Path:
    suffix = Path(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Refused(
            "file-kind", "不支持的文件类型:%(name)s；可用：%(kinds)s", name=file.name, kinds=" ".join(SUFFIXES)
        )
    source = arriving / f"{table.name}{suffix}"
    source.touch(mode=0o600)
    with source.open("wb") as out:
        shutil.copyfileobj(file.content, out)
    return source


def _place(name: str, error: dict[str, Any]) -> str:
    """“合同.csv 第3行 起始日期：应为日期”."""
    row = _("第%(row)s行") % {"row": error["row"]} if "row" in error else ""
    where = " ".join(str(part) for part in (name, row, error.get("column", "")) if part)
    return f"{where}：{spoken(error['reason'])}"


def _move(arriving: Path, folder: Path, new: NewTables, taken: list[Taken]) -> None:
    """Each into its place by one rename; what stood there of the same table goes."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.rmtree(folder / running.KEPT, ignore_errors=True)  # worked out of what stood here
    for one in taken:
        into = folder / f"{one.table.name}.parquet"
        for old in folders.paths_of(folder, one.table):
            if old != into:
                shutil.rmtree(old) if old.is_dir() else old.unlink()
        (arriving / "in" / into.name).replace(into)
    said = folder / folders.SAID
    known = json.loads(said.read_text("utf-8")) if said.exists() else {}
    came = {
        one.table.name: {
            "file": _nobodys([one.file])[0],
            "rows": one.rows,
            "unknown": _nobodys(one.unknown),
            "on": today().isoformat(),
        }
        for one in taken
    }
    told = {**known, "as_of": new.day.isoformat(), "office": new.office.pk, "came": {**known.get("came", {}), **came}}
    unfinished = arriving / said.name
    unfinished.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    unfinished.replace(said)


def _nobodys(names: list[str]) -> list[str]:
    """Headings and file names as they may stand on a page: none that holds somebody's number."""
    return ["…" if holds_number(name) else name for name in names]
