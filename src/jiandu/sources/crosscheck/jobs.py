"""Runs, and tables that are brought, as jobs: read without a transaction, written in a short one. Cut off, they are done again."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django_tasks import task

from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.engine.scratch import own_folder
from jiandu.base.jobs import services
from jiandu.base.jobs.folder import Progress
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import Done, Work
from jiandu.net.access.standing import viewer_of
from jiandu.net.overseers.models import Office
from jiandu.sources.crosscheck import arriving, folders, own_ledgers, versions
from jiandu.sources.crosscheck.selectors import InForce, decided_links, in_force
from jiandu.sources.crosscheck.services.bringing import Found, read_brought, take_brought
from jiandu.sources.crosscheck.services.runs import Finished, write_run

if TYPE_CHECKING:
    from jiandu.sources.crosscheck.linked import Linked


@task()
def run_crosscheck(pk: int) -> None:
    """One run that was asked for."""
    services.run(pk, WORK, viewer_of)


@task()
def bring_tables(pk: int) -> None:
    """Tables that somebody has handed in. However it ends, what is done stands in its place, and no file is left."""
    with ExitStack() as held:
        try:
            services.run(pk, bringing(held), viewer_of)
        finally:
            arriving.settle()


def start(job: Job) -> Job:
    """Always in the background: nobody waits for an engine in a request."""
    run_crosscheck.enqueue(job.pk)
    return job


def start_bringing(job: Job) -> Job:
    """The same for tables that were handed in."""
    bring_tables.enqueue(job.pk)
    return job


def bringing(held: ExitStack) -> Work:
    """One at a time on this machine, from the first look until the tables stand in their places."""

    def read(viewer: Viewer, job: Job, _progress: Progress) -> Found:
        held.enter_context(arriving.alone(waits=True))
        arriving.settle()  # what another left
        return read_brought(job=job, by=viewer, own=held.enter_context(own_folder(arriving.place())))

    def write(viewer: Viewer, job: Job, _progress: Progress, found: Found) -> Done:
        return take_brought(job=job, found=found, by=viewer)

    return Work(read, write)


def _read(viewer: Viewer, job: Job, progress: Progress) -> Finished:
    office = Office.objects.get(pk=job.asked["office"])
    wanted = set(job.asked["rules"])
    chosen = [each for each in in_force(viewer, office) if each.is_active and (not wanted or each.rule.id in wanted)]
    name, on = str(job.asked["dataset"]), date.fromisoformat(job.asked["on"])
    arriving.settle()  # what is said to be there, is
    with ExitStack() as held:
        is_own = name == own_ledgers.NAME
        folder = _own(viewer, job, on, chosen, held) if is_own else held.enter_context(versions.held(name))
        linked = _linked(viewer, office, folder, chosen, held) if job.asked.get("link") else None
        found = finish(linked.folder if linked else folder, on, chosen, progress, linked)
        day = on if is_own else folders.day_of(folder)
    return Finished(office=office, name=name, day=day, waiting=linked.waiting if linked else [], **found)


def _own(viewer: Viewer, job: Job, on: date, chosen: list[InForce], held: ExitStack) -> Path:
    """The ledgers, with the tables beside them that the rules read, which go with the run. Raises Refused for what cannot be read."""
    from jiandu.sources.crosscheck import running  # noqa: PLC0415 -- slow import

    held.enter_context(folders.steady(f"-ledgers-{job.asked['office']}"))  # one folder an office
    folder = own_ledgers.bring(viewer, Office.objects.get(pk=job.asked["office"]), on)
    if name := job.asked.get("beside"):
        held.callback(shutil.rmtree, folder, ignore_errors=True)
        with versions.held(name) as version:
            sources = _readable(lambda: running.found(version, _tables(chosen)))
            own_ledgers.beside({table: one.path for table, one in sources.items()}, folder)
    return folder


def _tables(chosen: list[InForce]) -> set[str]:
    return {name for each in chosen for name in (*each.rule.tables, *each.rule.behind)} | {"person", "company"}


def _linked(viewer: Viewer, office: Office, folder: Path, chosen: list[InForce], held: ExitStack) -> "Linked":
    """The tables that the rules read with the numbers filled that linkage knows; they go with the run. Raises Refused for
    what cannot be read."""
    from jiandu.sources.crosscheck import linked, running  # noqa: PLC0415 -- slow import

    sources = _readable(lambda: running.found(folder, _tables(chosen)))
    into = held.enter_context(own_folder(folders.root() / linked.HIDDEN)) / "tables"
    return linked.fill({name: one.path for name, one in sources.items()}, into, decided_links(viewer, office))


def finish(
    folder: Path,
    on: date,
    chosen: list[InForce],
    progress: Callable[[int, int], None],
    linked: "Linked | None" = None,
) -> dict[str, Any]:
    """Runs the rules over the folder and gathers what they say: the fields of a Finished. Raises Refused, with what is wrong."""
    from jiandu.sources.crosscheck import gathering, running, sql_text  # noqa: PLC0415 -- slow import

    begun, told = now(), [0]

    def say(_text: str) -> None:
        told[0] += 1
        progress(min(told[0], len(chosen)), len(chosen) + 1)

    asked = running.Asked(
        [each.rule for each in chosen],
        folder,
        on,
        engine=settings.CROSSCHECK_ENGINE,
        memory=settings.CROSSCHECK_MEMORY,
        changed={each.rule.id: each.params for each in chosen if each.params},
        say=say,
    )
    done = _readable(lambda: running.run(asked))
    tables = {name: {"version": one.version, **done.qualities[name].as_dict()} for name, one in done.sources.items()}
    return {
        "on": on,
        "engine": done.engine,
        "started_at": begun,
        "tables": tables,
        "found": gathering.gather(asked, done, linked),
        "versions": {each.rule.id: each.version for each in chosen},
        "params": {each.rule.id: each.rule.values(each.params) for each in chosen},
        "sql": {each.rule.id: sql_text.of(each.rule.with_changed(each.params), "duckdb", on) for each in chosen},
    }


def _readable(read: Callable[[], Any]) -> Any:
    """What was read; what cannot be read is refused with its first places."""
    from jiandu.sources.crosscheck import reading  # noqa: PLC0415 -- slow import

    try:
        return read()
    except reading.Unreadable as unreadable:
        first = "；".join(str(each.get("reason", each)) for each in unreadable.errors[:5])
        raise Refused("data", "数据表有%(total)s处错误：%(first)s", total=unreadable.total, first=first) from unreadable


def _write(viewer: Viewer, job: Job, progress: Progress, found: Finished) -> Done:
    run = write_run(finished=found, by=viewer)
    return Done({"run": str(run.uid), "code": run.code, "hits": run.hits, "new": run.fresh})


WORK = Work(_read, _write)
