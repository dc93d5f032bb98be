"""比对: a run is asked for, read by the engine without touching the database, and written as one transaction.

A hit that is known joins its alert, with all that was made of it; it is looked at again only where the reason for which
it was set aside no longer holds (`states.comes_back`).
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import now, today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Place, Viewer
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import NewJob, open_job
from jiandu.base.sealing.fields import blind
from jiandu.base.sealing.keyring import keyring
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.crosscheck import folders, own_ledgers, versions
from jiandu.sources.crosscheck.gathering import Gathered, Told
from jiandu.sources.crosscheck.linked import Waiting
from jiandu.sources.crosscheck.models import Alert, AlertHit, AlertStep, Dataset, RuleRun
from jiandu.sources.crosscheck.services.links import write_pairs
from jiandu.sources.crosscheck.states import Colour, Hit, State, Verb, comes_back, is_open

RUN, WORD = "crosscheck", "BD"
ALERT_WORD = "YD"
BATCH = 500


@dataclass(frozen=True)
class Finished:
    """A run as the engine leaves it, before anything is written."""

    office: Office
    name: str
    on: date
    day: date
    engine: str
    started_at: datetime
    tables: dict[str, dict[str, Any]]  # {table: version, rows, faults, span}
    found: list[Gathered]
    versions: dict[str, str]  # rule → its version as the office runs it
    params: dict[str, dict[str, Any]]
    waiting: list[Waiting] = field(default_factory=list)  # pairs of linkage that a person decides on
    sql: dict[str, str] = field(default_factory=dict)  # for an auditor; kept with the run, so that no page compiles it


@dataclass
class Counted:
    """What became of the hits of a run."""

    fresh: int = 0
    again: int = 0
    rules: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class How:
    """What else a run does: fills missing numbers by linkage; has the tables of a data set beside the system's own ledgers."""

    link: bool = False
    beside: str = ""


@atomic
def ask_run(
    *,
    office: Office,
    dataset: str,
    by: Viewer,
    rules: Iterable[str] = (),
    on: date | None = None,
    how: How = How(),
) -> Job:
    """A run that waits for the worker. No rule named: all that the office has switched on. Raises Refused."""
    place = Place(office.pk, office.path, "", Level.INTERNAL)
    if not guard.allow(by, "create", RuleRun) or not guard.may_place(by, RuleRun, place):
        raise Refused("not-allowed", "您没有运行数据比对的权限")
    judged = on or (today() if dataset == own_ledgers.NAME else folders.day_of(folders.folder_of(dataset)))
    if judged > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=judged.isoformat())
    if how.beside and dataset != own_ledgers.NAME:
        raise Refused("beside", "只有本系统村集体台账可以与另一数据集一并比对")
    for name in {dataset, how.beside} - {own_ledgers.NAME, ""}:
        versions.note_use(folders.folder_of(name).name)  # it does not end while it waits
    asked = {"office": office.pk, "dataset": dataset, "rules": list(rules), "on": judged.isoformat(), **asdict(how)}
    job = open_job(new=NewJob(RUN, dataset, asked), by=by)
    record(by, "rule_run.ask", None, payload=asked)
    return job


@atomic
def write_run(*, finished: Finished, by: Viewer) -> RuleRun:
    """The data set as taken in, the run, and its alerts. Written by the system: a run reaches every village."""
    if not guard.allow(by, "create", RuleRun):
        raise Refused("not-allowed", "您没有运行数据比对的权限")
    with guard.acting(guard.system("crosscheck")):
        run = _run(finished, by)
        counted = Counted()
        for one in finished.found:
            _write_rule(one, run, finished, counted)
        write_pairs(waiting=finished.waiting, run=run)
        run.rules, run.fresh, run.again = counted.rules, counted.fresh, counted.again
        run.save(update_fields=["rules", "fresh", "again"])
    said = {"dataset": finished.name, "rules": len(counted.rules), "hits": run.hits, "new": counted.fresh}
    record(by, "rule_run.run", run, payload=said)
    return run


def _run(finished: Finished, by: Viewer) -> RuleRun:
    run = RuleRun(
        code=next_code(RuleRun, finished.office, WORD, finished.on.year),
        dataset=_dataset(finished),
        on=finished.on,
        engine=finished.engine,
        started_at=finished.started_at,
        finished_at=now(),
        by_name=by.name[:64],
        rules=[],
        hits=sum(each.outcome.hits for each in finished.found),
        fresh=0,
        again=0,
        **_owned(finished.office),
    )
    run.save(force_insert=True)
    return run


def _dataset(finished: Finished) -> Dataset:
    """The data set in these versions; the same ones are one."""
    versions = json.dumps({name: each["version"] for name, each in finished.tables.items()}, sort_keys=True)
    digest = hashlib.sha256(versions.encode()).hexdigest()
    same = {"owner_office": finished.office, "name": finished.name, "digest": digest, "day": finished.day}
    known = Dataset.objects.filter(**same).first()
    if known is None:
        known = Dataset(**same, owner_path=finished.office.path, tables=finished.tables)
        known.save(force_insert=True)
    return known


def _owned(office: Office) -> dict[str, Any]:
    return {"owner_office": office, "owner_path": office.path}


def _write_rule(one: Gathered, run: RuleRun, finished: Finished, counted: Counted) -> None:
    rule = one.outcome.rule
    version = finished.versions.get(rule.id, str(rule.version))
    known = {bytes(each.mark): each for each in Alert.objects.filter(owner_office=run.owner_office_id, rule=rule.id)}
    units = {place: _unit(place) for place in {told.place for told in one.told}}
    fresh: list[Alert] = []
    again, hit = 0, []
    for mark, told in {_mark(rule.id, told.key_clear): told for told in one.told}.items():
        if mark in known:
            again += _hit_again(known[mark], told, one, run, version)
            hit.append(known[mark])
        else:
            fresh.append(_alert(mark, told, one, run, version, units[told.place]))
    hit += _save_new(fresh, run)
    AlertHit.objects.bulk_create([AlertHit(alert=alert, run=run) for alert in hit], batch_size=BATCH)
    counted.fresh += len(fresh)
    counted.again += again
    said = {
        "id": rule.id,
        "name": rule.name,
        "version": version,
        "params": finished.params.get(rule.id, {}),
        "hits": one.outcome.hits,
        "new": len(fresh),
        "again": again,
        "left": one.left,
        "seconds": one.outcome.seconds,
        "kept": one.outcome.kept,
        "missing": list(one.outcome.missing),
        "doubts": one.doubts,
        "judged": one.outcome.is_conclusive,
        "fills": [vars(each) for each in one.outcome.fills],
        "lacks": [[vars(each) for each in group] for group in one.outcome.lacks],
        "sql": finished.sql.get(rule.id, ""),
    }
    counted.rules.append(said)


def _mark(rule: str, key: str) -> bytes:
    """Finds a key again, unread: of one rule, or (no rule) of any."""
    digest = hashlib.sha256(f"{rule}\x00{key}".encode()).hexdigest()  # blind() leaves signs out that keys may differ by
    return blind(digest, key=keyring().blind, purpose="crosscheck alert")


def _alert(mark: bytes, told: Told, one: Gathered, run: RuleRun, version: str, unit: Organisation | None) -> Alert:
    return Alert(
        rule=one.outcome.rule.id,
        rule_name=one.outcome.rule.name,
        version=version,
        mark=mark,
        same=_mark("", told.key_clear),
        place=told.place,
        doubts=one.doubts,
        linked=told.linked,
        first_run=run,
        last_run=run,
        first_on=run.on,
        last_on=run.on,
        told_colour=told.colour,
        colour=told.colour,
        subject=unit,
        subject_path=unit.path if unit else "",
        level=Level.INTERNAL,
        **_words(told),
        **_owned(run.owner_office),
    )


def _words(told: Told) -> dict[str, Any]:
    names = ("key", "sentence", "values", "behind", "clear", "digest")
    return {name: getattr(told, name) for name in names}


def _save_new(alerts: list[Alert], run: RuleRun) -> list[Alert]:
    if not alerts:
        return []
    head, _, number = next_code(Alert, run.owner_office, ALERT_WORD, run.on.year).rpartition("-")
    for place, alert in enumerate(alerts):
        alert.code = f"{head}-{int(number) + place:05d}"
    made = Alert.objects.bulk_create(alerts, batch_size=BATCH)
    steps = [_step(alert, Verb.HIT, "", run, 1) for alert in made]
    AlertStep.objects.bulk_create(steps, batch_size=BATCH)
    return made


def _step(alert: Alert, verb: Verb, before: str, run: RuleRun, seq: int) -> AlertStep:
    return AlertStep(
        alert=alert,
        seq=seq,
        verb=verb,
        from_state=before,
        to_state=alert.state,
        to_colour=alert.colour,
        on=run.on,
        by_name=run.by_name,
        version=alert.version,
        run=run,
    )


def _hit_again(alert: Alert, told: Told, one: Gathered, run: RuleRun, version: str) -> int:
    """The known alert takes the hit in; 1 unless it is the same hit on the same data and day once more."""
    is_same = alert.last_on == run.on and alert.version == version and alert.digest == told.digest
    before = State(alert.state)
    hit = Hit(before, Colour(alert.colour), version != alert.handled_version, told.digest != alert.handled_digest)
    if comes_back(hit):
        alert.state, alert.handled_on, alert.handled_by = State.WAITING, None, ""
        alert.handler = alert.verifier = None
    if is_open(State(alert.state)):
        alert.colour = told.colour
    alert.version, alert.told_colour, alert.doubts, alert.linked = version, told.colour, one.doubts, told.linked
    alert.last_run, alert.last_on, alert.times = run, run.on, alert.times + (not is_same)
    changed = [*HIT_CHANGES]
    if alert.digest != told.digest:
        for name, value in _words(told).items():
            setattr(alert, name, value)
        changed += _words(told)
    alert.save(update_fields=changed)
    if not is_open(before) and not is_same:
        count = AlertStep.objects.filter(alert=alert).count()
        _step(alert, Verb.AGAIN, before, run, count + 1).save(force_insert=True)
    return int(not is_same)


HIT_CHANGES = (
    *(
        "state",
        "handled_on",
        "handled_by",
        "handler",
        "verifier",
        "colour",
        "version",
        "told_colour",
        "doubts",
        "linked",
    ),
    *("last_run", "last_on", "times"),
)


def _unit(place: str) -> Organisation | None:
    """The unit of that name, where there is one and no doubt which."""
    try:
        return find_organisation(guard.require_actor(), place, on=today()) if place else None
    except Refused:
        return None
