"""Verbs of alarms: look at a week, confirm one, dismiss one. An alarm tells nobody anything until an officer has decided."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.categories import LEVELS
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.series import Item, Of, items, monday, table_of
from jiandu.results.warnings.plain import (
    SENDERS,
    SPREAD_DAYS,
    UNITS,
    WITHIN_DAYS,
    Hit,
    Said,
    Told,
    jumps,
    many_senders,
    repeat_rates,
    spreads,
)
from jiandu.sources.petitions.categories import KIND, named

REPEATED, SPAN = 0.3, 90  # a share of repeats above it, over so many days
SOME = 0.05  # below it a mean is told as none
WORD = "YJ"
MATTER = LEVELS[KIND][2]  # the length of a category's code on the third level


@dataclass(frozen=True)
class Found:
    """An alarm to write."""

    rule: Alarm.Rule
    of: Of
    since: date
    observed: int
    why: tuple[str, str]
    expected: float | None = None
    threshold: float | None = None
    chance: float | None = None
    sure: str = ""
    category: str = ""

    @property
    def series(self) -> str:
        """As the table keeps it."""
        return f"{self.of.key}/{self.category}" if self.category else self.of.key


@atomic
def look_at_week(*, office: Office, week: date, by: Viewer) -> list[Alarm]:
    """Judges the week of the office's petitions and writes what goes beyond; the same week again adds only what is new.

    `week` is any day of it. Raises Refused (not-allowed, week-running).
    """
    if not guard.allow(by, "create", Alarm):
        raise Refused("not-allowed", "您没有检测预警的权限")
    first = monday(week)
    if first + timedelta(days=6) >= today():
        raise Refused("week-running", "本周尚未结束，只检测已结束的周")
    with guard.acting(guard.system("petition warnings")):
        found = items(office, first)
    told = [*_rises(found, first), *_plain(found, first)]
    made = _write(told, office, first)
    if made or not by.is_system:  # the clock looks often, and tells the log only of what it found
        record(by, "alarm.look", office, payload={"week": first.isoformat(), "found": len(told), "new": len(made)})
    return made


def _rises(found: list[Item], week: date) -> Iterable[Found]:
    """Series whose count in the week is above its bound. Several on the same items are one event: the narrowest tells it."""
    table, chosen = table_of(found, week)
    if not chosen:
        return
    from jiandu.results.warnings.detecting import Asked, detect  # noqa: PLC0415 -- scipy: 60 MB in every process

    risen = [(chosen[int(judged.series)], judged) for judged in detect(table, Asked()) if judged.alarm]
    for of, judged in risen:
        if any(other.is_within(of) and narrow.count == judged.count for other, narrow in risen):
            continue
        counts = judged.count, judged.why, judged.expected, judged.threshold, judged.p, judged.sure
        yield Found(Alarm.Rule.RISE, of, week, *counts)


def _plain(found: list[Item], week: date) -> Iterable[Found]:
    """The rules that need no model, over the quarter that ends with the week. Persons are marks: no name is seen."""
    last = week + timedelta(days=6)
    since = last - timedelta(days=SPAN - 1)
    recent = [item for item in found if item.received_on >= since]
    yield from _senders(recent)
    yield from (_repeats(hit) for hit in repeat_rates(_by_unit(recent, "is_repeat"), REPEATED, since, last))
    earlier = [item for item in found if since - timedelta(days=SPAN) <= item.received_on < since]
    now, before = _by_unit(recent, "is_over_level"), _by_unit(earlier, "is_over_level")
    counted = {unit: (some, before.get(unit, (0, 0))[0]) for unit, (some, _all) in now.items()}
    yield from (_over_level(hit, counted) for hit in jumps(counted, since, last))
    yield from _shared(found, last)


def _shared(found: list[Item], last: date) -> Iterable[Found]:
    """The same matter, as clerks class it on the third level, for several units. No key is needed: the class is no word."""
    rows = [
        Said(item.category, item.subject_id, item.received_on)
        for item in found
        if len(item.category) == MATTER and item.subject_id is not None
    ]
    for hit in spreads(rows, last):
        matter, english = named(hit.key), named(hit.key, english=True)
        usual, before = _as_a_rule(hit.usual)
        why = (
            f"{SPREAD_DAYS}天内有{hit.units}个单位被反映“{matter}”{usual}（{UNITS}个即提示）",
            f"{hit.units} units reported for “{english}” within {SPREAD_DAYS} days{before} ({UNITS} suffice)",
        )
        bound = max(float(UNITS), hit.bound)
        yield Found(Alarm.Rule.SHARED, Of(), hit.since, hit.units, why, hit.usual, bound, category=hit.key)


def _senders(recent: list[Item]) -> Iterable[Found]:
    rows = [Told(item.person, item.sender, item.received_on) for item in recent if item.person is not None]
    units = {item.person: item.subject_id for item in recent if item.person is not None}
    for hit in many_senders(rows):
        why = (
            f"{WITHIN_DAYS}天内有{hit.count:.0f}名不同的署名人反映同一人（{SENDERS}名即提示）",
            f"{hit.count:.0f} distinct senders on one person within {WITHIN_DAYS} days ({SENDERS} suffice)",
        )
        unit = units.get(hit.key)  # type: ignore[call-overload]
        yield Found(Alarm.Rule.SENDERS, Of(subject_id=unit), hit.since, int(hit.count), why)


def _as_a_rule(usual: float | None) -> tuple[str, str]:
    """How many units it is otherwise, in Chinese and English; nothing where no past tells it."""
    if usual is None:
        return "", ""
    return (f"，平时{usual:.1f}个", f", {usual:.1f} as a rule") if usual >= SOME else ("，平时没有", ", none as a rule")


def _by_unit(rows: list[Item], column: str) -> dict[Hashable, tuple[int, int]]:
    """unit → (items for which the column holds, all its items)."""
    counted: dict[Hashable, tuple[int, int]] = {}
    for item in rows:
        if item.subject_id is not None:
            some, every = counted.get(item.subject_id, (0, 0))
            counted[item.subject_id] = some + bool(getattr(item, column)), every + 1
    return counted


def _repeats(hit: Hit) -> Found:
    why = (
        f"{SPAN}天内重复件占{hit.count:.0%}，高于{hit.bound:.0%}",
        f"{hit.count:.0%} repeats within {SPAN} days, above {hit.bound:.0%}",
    )
    return Found(Alarm.Rule.REPEATS, Of(subject_id=_unit(hit)), hit.since, round(hit.count * 100), why)


def _over_level(hit: Hit, counted: dict[Hashable, tuple[int, int]]) -> Found:
    before = counted[hit.key][1]
    why = (
        f"{SPAN}天内越级件{hit.count:.0f}件，上一个{SPAN}天{before}件",
        f"{hit.count:.0f} over-level items within {SPAN} days, {before} in the {SPAN} days before",
    )
    return Found(Alarm.Rule.OVER_LEVEL, Of(subject_id=_unit(hit)), hit.since, int(hit.count), why)


def _unit(hit: Hit) -> int:
    return int(str(hit.key))


def _write(told: Iterable[Found], office: Office, week: date) -> list[Alarm]:
    """A row for what is not told yet. Written by the system: an officer who looks need not reach each unit reported."""
    made = []
    with guard.acting(guard.system("petition warnings")):
        known = set(Alarm.objects.filter(owner_office=office, week=week).values_list("rule", "series"))
        for each in told:
            key = (each.rule.value, each.series)
            if key not in known:
                known.add(key)
                made.append(_row(each, office, week))
    return made


def _row(found: Found, office: Office, week: date) -> Alarm:
    unit = Organisation.objects.filter(pk=found.of.subject_id or 0).first()
    row = Alarm(
        code=next_code(Alarm, office, WORD, week.year),
        rule=found.rule,
        week=week,
        domain_id=found.of.domain_id,
        region_id=found.of.region_id,
        category=found.category,
        series=found.series,
        since=found.since,
        observed=found.observed,
        expected=found.expected,
        threshold=found.threshold,
        chance=found.chance,
        sure=found.sure,
        why=found.why[0][:300],
        why_en=found.why[1][:300],
        owner_office=office,
        owner_path=office.path,
        subject=unit,
        subject_path=unit.path if unit else "",
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    return row


@atomic
def confirm(*, alarm: Alarm, by: Viewer, on: date, note: str) -> Alarm:
    """确认: there is something in it. What is done next is an act of its own. Raises Refused (note-needed, …)."""
    if not note.strip():
        raise Refused("note-needed", "请写明研判意见")
    return _decide(alarm, by, Alarm.State.CONFIRMED, on, note, "")


@atomic
def dismiss(*, alarm: Alarm, by: Viewer, on: date, reason: str, note: str = "") -> Alarm:
    """排除, with why: the precision of the rule is counted from it. Raises Refused (alarm-reason, …)."""
    if reason not in Alarm.Reason.values:
        raise Refused("alarm-reason", "请选择排除原因")
    return _decide(alarm, by, Alarm.State.DISMISSED, on, note, reason)


def _decide(alarm: Alarm, by: Viewer, state: Alarm.State, on: date, note: str, reason: str) -> Alarm:
    row: Alarm = Alarm.objects.select_for_update(of=("self",)).get(pk=alarm.pk)
    if not guard.allow(by, "edit", row):
        raise Refused("not-allowed", "您没有研判预警的权限")
    if row.state != Alarm.State.WAITING:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not row.week <= on <= today():
        raise Refused("step-date", "研判日期应在预警周之后且不晚于今天")
    row.state, row.decided_on, row.decided_by = state, on, by.name[:64]
    row.note, row.reason = note.strip()[:300], reason
    row.save(update_fields=["state", "decided_on", "decided_by", "note", "reason"])
    record(by, f"alarm.{state}", row, payload={"on": on.isoformat(), "reason": reason})
    return row
