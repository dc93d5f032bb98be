"""The way of tables that are brought by hand: sealed until the worker reads them, then into their places all at once.

    JIANDU_CROSSCHECK/.arriving/lock         one reading at a time on this machine
    JIANDU_CROSSCHECK/.arriving/sealed/JOB/  the files as they were handed in, under a key that the keyring seals
    JIANDU_CROSSCHECK/.arriving/run-…/       the same in clear while they are read; goes with its process, however that ends
    JIANDU_CROSSCHECK/.arriving/ready/JOB/   canonical tables and their plan

A job that is done has said so before a file moves; whoever comes next moves what its worker could not (`settle`), and
what a job left that is over goes. So a set has all of its new tables or none, wherever the worker dies.
"""

import fcntl
import json
import os
import shutil
import time
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.engine.scratch import own_folder
from jiandu.base.jobs.models import Job
from jiandu.base.sealing.envelope import Context, new_item_key
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.fields import open_text, seal_text
from jiandu.base.sealing.padding import MIB
from jiandu.base.sealing.streams import decrypt, encrypt
from jiandu.sources.crosscheck import folders, running, tables, versions

KIND, KEY, PLAN = "crosscheck arriving", "key", "plan.json"
MOST_BYTES = 60 * MIB  # of one form; what is larger is laid into the folder
BLOCK = MIB
KEEP_SECONDS = 24 * 3600  # of what nobody has read: no worker runs
OVER = (Job.Status.FAILED, Job.Status.EXPIRED)


def place() -> Path:
    """Not among the folders that somebody may name."""
    return folders.root() / ".arriving"


@contextmanager
def alone(*, waits: bool = False) -> Iterator[None]:
    """One at a time on this machine: an engine reads, and the set is looked at and changed in one go. Raises Refused."""
    with (_made(place()) / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if waits else fcntl.LOCK_NB))
        except BlockingIOError as held:
            raise Refused("bringing", "另有人正在带入或者清除数据表，请稍后再试") from held
        yield


def lay(uid: UUID, files: Iterable[tuple[str, IO[bytes]]]) -> None:
    """Files under their names, sealed: in clear they lie nowhere before they are read."""
    folder, key = _made(_sealed(uid)), new_item_key()
    (folder / KEY).write_text(seal_text(b64encode(key).decode(), table=KIND, uid=uid, column=KEY), "ascii")
    for name, content in files:
        with (folder / name).open("wb") as out:
            out.writelines(encrypt(_chunks(content), item_key=key, context=Context(KIND, uid, name), most=MOST_BYTES))


def unlay(uid: UUID) -> None:
    """They go: nobody will read them."""
    shutil.rmtree(_sealed(uid), ignore_errors=True)


def open_into(uid: UUID, names: Iterable[str], into: Path) -> list[Path]:
    """The files in clear. Raises Refused where they are gone."""
    try:
        said = (_sealed(uid) / KEY).read_text("ascii")
        key = b64decode(open_text(said, table=KIND, uid=uid, column=KEY))
        return [_opened(uid, name, key, into / name) for name in names]
    except (FileNotFoundError, Unopenable) as gone:
        raise Refused("upload-gone", "上传的文件已不在，请重新带入") from gone


def _opened(uid: UUID, name: str, key: bytes, path: Path) -> Path:
    path.touch(mode=0o600)
    with (_sealed(uid) / name).open("rb") as sealed, path.open("wb") as out:
        out.writelines(decrypt(_chunks(sealed), item_key=key, context=Context(KIND, uid, name)))
    return path


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    return iter(lambda: file.read(BLOCK), b"")


def make_ready(uid: UUID, tables_in: Path, plan: dict[str, Any]) -> None:
    """Canonical tables wait for the word that the job is done. `plan`: {dataset, tables, said: what dataset.json says}."""
    (tables_in / PLAN).write_text(json.dumps(plan, ensure_ascii=False), "utf-8")
    for path in (*tables_in.iterdir(), tables_in):
        _to_disk(path)
    ready = _ready(uid)
    shutil.rmtree(ready, ignore_errors=True)  # of an attempt whose worker was killed
    tables_in.replace(_made(ready.parent) / ready.name)
    _to_disk(ready.parent)


def settle() -> None:
    """What jobs that are done made ready goes into its place; what is left of those that are over goes. Idempotent."""
    waiting, sealed = _uids("ready"), _uids("sealed")
    if not waiting and not sealed:
        return
    with atomic(), guard.acting(guard.system("crosscheck arriving")):
        states = dict(Job.objects.filter(uid__in={*waiting, *sealed}).values_list("uid", "status"))
    for uid in waiting:
        if states.get(uid) == Job.Status.DONE:
            for name in _into_place(_ready(uid)):
                versions.clear_old(name)
        elif states.get(uid, Job.Status.FAILED) in OVER:
            shutil.rmtree(_ready(uid), ignore_errors=True)
    for uid in sealed:
        if states.get(uid) in {Job.Status.DONE, *OVER} or _age(_sealed(uid)) >= KEEP_SECONDS:
            unlay(uid)


def sweep() -> None:
    """What a reading or a run that was cut off left, in clear: gone within ten minutes, whether anybody comes or not."""
    if place().is_dir():
        with own_folder(place()):
            pass
        settle()
    versions.clear_old()


def _into_place(ready: Path) -> list[str]:
    """Each by one rename; what stood there of the same table goes. Begun and cut off, it goes on: each step looks first.

    Gives the name of the set, so that what was worked out of what stood there goes too.
    """
    with folders.steady():
        if not (ready / PLAN).is_file():  # another process was here first, or died while it cleared what had moved
            shutil.rmtree(ready, ignore_errors=True)
            return []
        plan = json.loads((ready / PLAN).read_text("utf-8"))
        folder = folders.root() / plan["dataset"]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(folder / running.KEPT, ignore_errors=True)  # worked out of what stood here
        for name in plan["tables"]:
            _replace(ready / f"{name}.parquet", folder, name)
        unfinished = ready / folders.SAID
        unfinished.write_text(json.dumps(_said(folder, plan["said"]), ensure_ascii=False), "utf-8")
        unfinished.replace(folder / folders.SAID)
        shutil.rmtree(ready)
    return [plan["dataset"]]


def _replace(new: Path, folder: Path, name: str) -> None:
    if not new.exists():
        return  # moved before the process was killed
    into = folder / new.name
    for old in folders.paths_of(folder, tables.named(name)):
        if old != into:
            folders.remove(old)
    new.replace(into)


def _said(folder: Path, new: dict[str, Any]) -> dict[str, Any]:
    """What dataset.json says from now on: how the other tables came, stays."""
    said = folder / folders.SAID
    known = json.loads(said.read_text("utf-8")) if said.exists() else {}
    return {**known, **new, "came": {**known.get("came", {}), **new["came"]}}


def _made(folder: Path) -> Path:
    """The folder and those above it, each for the service alone: of parents `mkdir` makes, the mode is anybody's."""
    for each in (folders.root(), place(), folder.parent, folder):
        each.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def _to_disk(path: Path) -> None:
    """Before anybody says that it is done."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _uids(kind: str) -> list[UUID]:
    return [UUID(each.name) for each in (place() / kind).glob("*-*")]


def _sealed(uid: UUID) -> Path:
    return place() / "sealed" / str(uid)


def _ready(uid: UUID) -> Path:
    return place() / "ready" / str(uid)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
