"""带入数据表: tables of a data set come by hand, and go. All are read and judged first; the set changes when all are right.

Who brings them leaves them sealed; the worker reads them (`jobs`). What is kept is the canonical table: columns that no
rule knows are left behind with the file that they came in.
"""

import logging
import re
import shutil
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any

from django.db.transaction import atomic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Place, Viewer
from jiandu.base.core.marks import mark_of
from jiandu.base.core.persons import holds_number
from jiandu.base.core.sheets import OutColumn, Plan, write_xlsx
from jiandu.base.core.sheets.plan import Kind
from jiandu.base.engine.scratch import own_folder
from jiandu.base.jobs import folder as job_folder
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.selectors import UNFINISHED
from jiandu.base.jobs.services import Done, NewJob, open_job
from jiandu.net.access.models import Level
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import arriving, folders, own_ledgers, tables, versions
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.sources.crosscheck.reading import SUFFIXES
from jiandu.sources.crosscheck.reading_child import Died, Read, read_all
from jiandu.sources.crosscheck.tables import Table

logger = logging.getLogger(__name__)
BRING = "crosscheck_bring"
MEMORY = "1000MB"  # others are served meanwhile
TOLD = 30  # places on the page; the sheet has more
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_WAITING = 20  # uploads of all offices, each up to 60 MiB
PLACES: tuple[tuple[str, Kind, int], ...] = (
    (gettext_noop("文件"), "text", 24),
    (gettext_noop("行"), "number", 8),
    (gettext_noop("栏目"), "text", 20),
    (gettext_noop("原因"), "text", 60),
)
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
class Asked:
    """What a job is to bring: by table, under which name its file lies sealed and what it was called."""

    office: Office
    dataset: str
    day: date
    replaces: bool
    files: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, job: Job) -> "Asked":
        said = job.asked
        office = Office.objects.get(pk=said["office"])
        files = {table: (laid, name) for table, laid, name in said["files"]}
        return cls(office, said["dataset"], date.fromisoformat(said["day"]), said["replaces"], files)


@dataclass(frozen=True)
class Found:
    """What was read: the folder of canonical tables, what was told of each, or the first errors and how many there are."""

    folder: Path
    read: dict[str, Read] = field(default_factory=dict)
    errors: list[dict[str, Any]] = field(default_factory=list)
    total: int = 0


@atomic
def ask_bring(*, new: NewTables, by: Viewer) -> Job:
    """The files lie sealed and wait for the worker. Raises Refused for what can be said before they are read."""
    _allowed(new.office, by)
    Office.objects.select_for_update(no_key=True).filter(pk=new.office.pk).first()  # one after the other
    _check_free(new.office)
    named = _named(new)
    laid = {table.name: f"{table.name}{Path(file.name).suffix.lower()}" for table, file in named}
    files = {table.name: (laid[table.name], _nobodys([file.name])[0]) for table, file in named}
    _check_legal(Asked(new.office, new.dataset, new.day, new.replaces, files))
    told = [[table, *file] for table, file in files.items()]
    asked = {"office": new.office.pk, "dataset": new.dataset, "day": new.day.isoformat(), "replaces": new.replaces}
    job = open_job(new=NewJob(BRING, new.dataset, asked | {"files": told}), by=by)
    try:
        arriving.lay(job.uid, [(laid[table.name], file.content) for table, file in named])
    except BaseException:
        arriving.unlay(job.uid)
        raise
    record(by, "dataset.ask", None, payload={"dataset": new.dataset, "day": asked["day"], "tables": sorted(files)})
    return job


def read_brought(*, job: Job, by: Viewer, own: Path) -> Found:
    """Every file into its canonical table under `own`, or the places of what is wrong. Raises Refused.

    Reading takes its time and holds no transaction; what was in clear goes when it ends.
    """
    asked = Asked.of(job)
    _allowed(asked.office, by)
    _check_legal(asked)
    into, clear = own / "in", own / "clear"
    for folder in (into, clear):
        folder.mkdir(mode=0o700)
    try:
        paths = arriving.open_into(job.uid, (laid for laid, _name in asked.files.values()), clear)
        sources = dict(zip(asked.files, paths, strict=True))
        found = read_all(sources, into, scratch=own / "scratch", memory=MEMORY)
    except Died as died:
        logger.warning("tables were not read: %s", died)
        raise Refused("unread", "数据表没有读成：文件损坏，或者读取超过1分钟。请检查文件，或分批带入") from died
    finally:
        shutil.rmtree(clear)
    wrong = [_place(name, error) for table, (_laid, name) in asked.files.items() for error in found[table].errors]
    if wrong:
        _list(wrong, job, by)
    return Found(into, found, wrong[:TOLD], sum(one.total for one in found.values()))


def _list(wrong: list[dict[str, Any]], job: Job, by: Viewer) -> None:
    """The places as a sheet, to correct the tables by; never what stands there."""
    columns = [OutColumn(_(title), kind, width) for title, kind, width in PLACES]
    plan = Plan(title=_("错误位置"), columns=tuple(columns), watermark=mark_of(by, str(job.uid)))
    with job_folder.result(job).open("wb") as out:
        write_xlsx(out, plan, ([one["file"], one["row"], one["column"], one["reason"]] for one in wrong))


@atomic
def take_brought(*, job: Job, found: Found, by: Viewer) -> Done:
    """All of them, or none where there is an error. They move when the word that it is done is kept (`arriving.settle`)."""
    asked = Asked.of(job)
    _allowed(asked.office, by)
    _check_legal(asked)  # again: reading took its time
    said: dict[str, Any] = {"dataset": asked.dataset, "day": asked.day.isoformat()}
    if found.total:
        record(by, "dataset.bring", None, payload=said | {"errors": found.total}, outcome="refused")
        return Done({"errors": found.errors, "total": found.total}, f"{asked.dataset}（错误位置）.xlsx", XLSX)
    came = {
        table: {
            "file": name,
            "rows": found.read[table].rows,
            "unknown": _nobodys(found.read[table].unknown),
            "on": today().isoformat(),
        }
        for table, (_laid, name) in asked.files.items()
    }
    told = {"as_of": said["day"], "office": asked.office.pk, "came": came}
    arriving.make_ready(job.uid, found.folder, {"dataset": asked.dataset, "tables": list(came), "said": told})
    record(by, "dataset.bring", None, payload=said | {"rows": {table: each["rows"] for table, each in came.items()}})
    faults = [[table, fault] for table, one in found.read.items() for fault in one.faults]
    return Done(said | {"came": came, "faults": faults})


def drop_dataset(*, office: Office, dataset: str, by: Viewer) -> None:
    """A data set that the office brought goes, with what was worked out of it; runs and alerts stay. Raises Refused."""
    _allowed(office, by)
    with arriving.alone():
        arriving.settle()
        folder = folders.folder_of(dataset)
        _check_own(office, folder)
        if laid := folders.laid(folder):
            raise Refused("laid-there", "%(tables)s由管理员放入数据文件夹，请由管理员清除", tables="、".join(laid))
        with atomic():
            record(by, "dataset.drop", None, payload={"dataset": dataset})
        with own_folder(arriving.place()) as leaving, folders.steady():
            folder.replace(leaving / "set")  # at once; swept later should this process die here
        versions.clear_old(dataset)  # but what a run reads, which ends it


def _allowed(office: Office, by: Viewer) -> None:
    place = Place(office.pk, office.path, "", Level.INTERNAL)
    if not guard.allow(by, "create", RuleRun) or not guard.may_place(by, RuleRun, place):
        raise Refused("not-allowed", "您没有运行数据比对的权限")


def _check_free(office: Office) -> None:
    """An upload of the office that waits is read first; what has waited for a day is given up."""
    since = now() - timedelta(seconds=arriving.KEEP_SECONDS)
    with guard.acting(guard.system("crosscheck")):
        waiting = Job.objects.filter(kind=BRING, status__in=UNFINISHED, created_at__gt=since)
        offices = [asked["office"] for asked in waiting.values_list("asked", flat=True)]
    if office.pk in offices:
        raise Refused("bringing-waits", "本室组上一次带入的数据表还没有读完，请等读完后再带入")
    if len(offices) >= MOST_WAITING:
        raise Refused("bringing", "等待读入的数据表太多，请稍后再试")


def _check_legal(asked: Asked) -> None:
    if not NAMED.fullmatch(asked.dataset) or asked.dataset == own_ledgers.NAME:
        raise Refused("dataset-name", "数据集名称为2至40个汉字、字母或数字：%(name)s", name=asked.dataset)
    if holds_number(asked.dataset):
        raise Refused("dataset-number", "数据集名称中不能有身份证号")  # all who run rules read it, and the log keeps it
    if asked.day > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=asked.day.isoformat())
    folder = folders.root() / asked.dataset
    _check_own(asked.office, folder)
    if folder.is_dir() and any(folder.iterdir()) and (day := folders.day_of(folder)) != asked.day:
        raise Refused("dataset-day", "数据集的数据日期是%(day)s，另一日期的数据请另立数据集", day=day.isoformat())
    _check_there(asked, folder)


def _check_own(office: Office, folder: Path) -> None:
    """What another office brought, only that one changes; what an administrator laid there, nobody by hand: also a link to a
    folder elsewhere, into which nothing moves in one step, and which would stay when the link goes.
    """
    if folder.is_symlink():
        raise Refused("laid-there", "%(tables)s由管理员放入数据文件夹，请由管理员清除", tables=folder.name)
    of = folders.office_of(folder)
    if of is not None and of != office.pk:
        raise Refused("dataset-office", "这个数据集由另一室组带入，只能由该室组更换、清除")


def _check_there(asked: Asked, folder: Path) -> None:
    held = [one for one in folders.held(folder) if one.table.name in asked.files] if folder.is_dir() else []
    if laid := [one.table.words for one in held if not one.came]:
        raise Refused("laid-there", "%(tables)s由管理员放入数据文件夹，请由管理员清除", tables="、".join(laid))
    if held and not asked.replaces:
        there = "、".join(one.table.words for one in held)
        raise Refused("there", "数据集里已有：%(tables)s；要换成新的，请勾选“替换”", tables=there)


def _named(new: NewTables) -> list[tuple[Table, File]]:
    """Each file with its table: the one that was said, or the one that the name of the file says."""
    if new.table and len(new.files) > 1:
        raise Refused("one-table", "指定数据表时一次只能带入一个文件")
    found = [(tables.named(new.table) if new.table else _by_name(file.name), file) for file in new.files]
    names = [table.words for table, _file in found]
    if strange := [file.name for _table, file in found if Path(file.name).suffix.lower() not in SUFFIXES]:
        raise Refused(
            "file-kind", "不支持的文件类型:%(name)s；可用：%(kinds)s", name=strange[0], kinds=" ".join(SUFFIXES)
        )
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise Refused("table-twice", "有两个文件是同一张数据表：%(tables)s", tables="、".join(twice))
    return found


def _by_name(name: str) -> Table:
    stem = re.sub(r"[\s_\-]*\d*$", "", Path(name).stem.strip()).lower()
    for table in tables.known().values():
        if stem in {table.name, table.words.lower()}:
            return table
    raise Refused("which-table", "从文件名“%(name)s”看不出是哪张数据表，请选择数据表", name=name)


def _place(name: str, error: dict[str, Any]) -> dict[str, Any]:
    """“合同.csv”, row 3, “起始日期”, and why in both languages; never what stands there."""
    column, reason = _nobodys([str(error.get("column", "")), str(error["reason"])])
    return {"file": name, "row": error.get("row"), "column": column, "reason": reason}


def _nobodys(names: list[str]) -> list[str]:
    """Headings and file names as they may stand on a page: none that holds somebody's number."""
    return ["…" if holds_number(name) else name for name in names]
