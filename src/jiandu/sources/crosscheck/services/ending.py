"""到期清除: a data set that nobody has run for so many days ends by itself, with all that was worked out of it.

What was brought by hand goes; what an administrator laid there is his to remove, but what runs worked out of it goes too.
Runs, alerts and what was made of them stay (docs/decisions/0058).
"""

import json
import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import SHANGHAI, today
from jiandu.base.core.errors import Refused
from jiandu.base.engine.scratch import PREFIX, own_folder
from jiandu.sources.crosscheck import arriving, folders, linked, own_ledgers, running, versions


def last_use(name: str) -> date:
    """The day on which it came, changed or was last run, from the command line, too."""
    folder = folders.folder_of(name)
    held = folders.held(folder)
    days = [date.fromisoformat(one.came["on"]) for one in held if one.came]
    days += [_day_of(path) for one in held if not one.came for path in one.paths]
    ran = [_day_of(each) for kept in [folder / running.KEPT] for each in (kept, *kept.glob("*")) if each.exists()]
    return max([*(days or [_day_of(folder)]), *ran, versions.used_on(name)])


def ends_on(name: str) -> date | None:
    """The day on which it ends unless it is run before; None where sets have no end."""
    if settings.CROSSCHECK_DAYS <= 0:
        return None
    return last_use(name) + timedelta(days=settings.CROSSCHECK_DAYS)


def end_unused() -> int:
    """Ends what is due; gives how many sets. Idempotent; while somebody brings tables, it is the next turn's."""
    if not folders.root().is_dir():
        return 0
    _clear_leftovers()
    try:
        with arriving.alone():
            arriving.settle()
            return sum(_end(name) for name in folders.names() if (on := ends_on(name)) and on <= today())
    except Refused:
        return 0


def _end(name: str) -> bool:
    """Whether something of it went."""
    folder, since = folders.folder_of(name), last_use(name)
    brought = [one for one in folders.held(folder) if one.came]
    if not brought and not list(_worked_out(folder)):
        return False
    with atomic(), guard.acting(guard.system("crosscheck")) as by:
        said = {"dataset": name, "unused_since": since.isoformat(), "tables": sorted(one.table.name for one in brought)}
        record(by, "dataset.expire", None, payload=said)
    for place in _worked_out(folder):
        shutil.rmtree(place, ignore_errors=True)
    with own_folder(arriving.place()) as leaving, folders.steady():
        if brought and not folders.laid(folder) and not folder.is_symlink():
            folder.replace(leaving / "set")
        elif brought:
            _without_brought(folder, [path for one in brought for path in one.paths])
    return True


def _worked_out(folder: Path) -> Iterator[Path]:
    """What runs made of it, under both of the places where it may lie."""
    return (place for place in (folder / running.KEPT, versions.place_of(folder.name)) if place.exists())


def _without_brought(folder: Path, paths: list[Path]) -> None:
    """What an administrator laid beside them stays, with its day; it is no office's any more."""
    for path in paths:
        folders.remove(path)
    said = folder / folders.SAID
    unfinished = said.with_name(f".{said.name}")
    unfinished.write_text(json.dumps({"as_of": json.loads(said.read_text("utf-8"))["as_of"]}), "utf-8")
    unfinished.replace(said)


def _clear_leftovers() -> None:
    """Copies of runs that were cut off at once; an office's own ledgers, written anew with each run, when nobody runs them."""
    place = folders.root() / linked.HIDDEN
    for left in place.glob("*"):
        if not left.name.startswith(PREFIX):  # of an older program
            shutil.rmtree(left, ignore_errors=True)
    if place.is_dir():
        with own_folder(place):
            pass
    if settings.CROSSCHECK_DAYS > 0:
        oldest = today() - timedelta(days=settings.CROSSCHECK_DAYS)
        for left in (folders.root() / own_ledgers.HIDDEN).glob("*"):
            if max(_day_of(path) for path in (left, *left.rglob("*"))) <= oldest:
                shutil.rmtree(left, ignore_errors=True)


def _day_of(path: Path) -> date:
    return datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI).date()
