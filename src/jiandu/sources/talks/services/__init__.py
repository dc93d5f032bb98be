"""Verbs of talks: hold one, add who came, follow it up, take back what was entered by mistake."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office, Officer
from jiandu.net.subjects.models import Organisation, Person, Post, in_force
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.finishing import check_goes_on
from jiandu.sources.talks.models import Attendee, FollowUp, Talk, Talker

OFFICERS = 2  # who talks is never alone with the other
ORDER = [Post.Kind.HEAD, Post.Kind.TEAM, Post.Kind.KEY, Post.Kind.STAFF]


@dataclass(frozen=True)
class Invited:
    """Who is talked to: unit and post as the directory knows them on the day, unless they are said here."""

    person: Person
    organisation: Organisation | None = None
    title: str = ""
    category: str = ""
    promise: str = ""
    has_signed: bool = False


@dataclass(frozen=True)
class NewTalk:
    """Kind, day, theme, our office, the officers who talked (at least two), those who were talked to (at least one)."""

    kind: str
    on: date
    theme: str
    office: Office
    officers: list[str]
    invited: list[Invited]
    place: str = ""
    outline: str = ""
    learned: str = ""
    pointed_out: str = ""
    activity: Activity | None = None
    follow_up_due_on: date | None = None
    code: str = ""
    recorder: str = ""


@atomic
def hold_talk(*, new: NewTalk, by: Viewer) -> Talk:
    """登记谈话. One form for a group. Raises Refused: not-allowed, step-date, theme-needed, two-officers, recorder, attendee-needed."""
    if not guard.allow(by, "create", Talk):
        raise Refused("not-allowed", "您没有“登记谈话”的权限")
    officers = named(new.officers)
    _check(new, officers)
    rows = _seats(new.invited, new.on)
    units = {row.organisation for row in rows}
    subject = units.pop() if len(units) == 1 else None  # a group of several units is about none of them alone
    talk = Talk(
        kind=Talk.Kind(new.kind),
        code=new.code.strip() or next_code(Talk, new.office, "YT", new.on.year),
        on=new.on,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=subject,
        subject_path=subject.path if subject else "",
        source_uid=new.activity.uid if new.activity else None,
        **{name: getattr(new, name) for name in COPIED},
    )
    talk.save(force_insert=True)
    for row in rows:
        row.talk = talk
    Attendee.objects.bulk_create(rows)
    Talker.objects.bulk_create(_talkers(talk, officers, new))
    record(by, "talk.hold", talk, payload={"kind": talk.kind, "on": talk.on.isoformat(), "attendees": len(rows)})
    return talk


COPIED = ["place", "theme", "outline", "learned", "pointed_out", "activity", "follow_up_due_on"]


def named(officers: list[str]) -> list[str]:
    """The names, each once."""
    return list(dict.fromkeys(name.strip() for name in officers if name.strip()))


def _check(new: NewTalk, officers: list[str]) -> None:
    if new.on > today():
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=new.on.isoformat())
    check_said(new, officers)
    if new.follow_up_due_on is not None and new.follow_up_due_on < new.on:
        raise Refused("step-date", "回访时限不能早于谈话日期")


class Said(Protocol):
    """What a talk and the plan of one say alike."""

    @property
    def on(self) -> date: ...
    @property
    def theme(self) -> str: ...
    @property
    def invited(self) -> list[Invited]: ...
    @property
    def activity(self) -> Activity | None: ...
    @property
    def recorder(self) -> str: ...


def check_said(new: Said, officers: list[str]) -> None:
    """Raises Refused: theme-needed, two-officers, recorder, attendee-needed, talk-in-round, round-finished."""
    if not new.theme.strip():
        raise Refused("theme-needed", "请填写谈话主题")
    if len(officers) < OFFICERS:
        raise Refused("two-officers", "约谈人不少于两人")
    _check_recorder(new.recorder.strip(), officers)
    if not new.invited:
        raise Refused("attendee-needed", "请填写谈话对象")
    if new.activity is not None and new.activity.kind != Activity.Kind.ROUND:
        raise Refused("talk-in-round", "谈话只能挂在挂钩监督轮次下")
    if new.activity is not None:
        check_goes_on(new.activity, new.on)


def _once(invited: list[Invited]) -> list[Invited]:
    """One person once a talk, however often the list names him."""
    return list({each.person.pk: each for each in invited}.values())


def _seats(invited: list[Invited], on: date) -> list[Attendee]:
    """A row each, one person once."""
    said = zip(_once(invited), places_of(invited, on), strict=True)
    return [Attendee(on=on, promise=each.promise, has_signed=each.has_signed, **place) for each, place in said]


def places_of(invited: list[Invited], on: date) -> list[dict[str, Any]]:
    """What is said of each person, one person once, with unit and post of the day; one statement looks up all posts."""
    held: dict[int, list[Post]] = {}
    people = [each.person.pk for each in invited]
    for post in Post.objects.filter(in_force(on), person__in=people).select_related("organisation"):
        held.setdefault(post.person_id, []).append(post)
    return [_place_of(each, held.get(each.person.pk, [])) for each in _once(invited)]


def _place_of(invited: Invited, held: list[Post]) -> dict[str, Any]:
    """The weightiest of the posts held on the day counts, in the unit that is named if one is. Raises Refused (post-unknown)."""
    posts = [post for post in held if invited.organisation in (None, post.organisation)]
    post = min(posts, key=lambda post: (ORDER.index(Post.Kind(post.kind)), post.pk), default=None)
    unit = invited.organisation or (post.organisation if post else None)
    if unit is None:
        raise Refused("post-unknown", "%(name)s在谈话当日没有登记任职，请写明单位", name=str(invited.person))
    return {
        "person": invited.person,
        "organisation": unit,
        "title": (invited.title or (post.title if post else ""))[:128],
        "category": invited.category or (post.kind if post else Post.Kind.STAFF),
    }


def _talkers(talk: Talk, names: list[str], new: NewTalk) -> list[Talker]:
    """A row an officer, with the person whom the directory knows by that name in the office, if it is only one."""
    serving = Officer.objects.filter(in_force(talk.on), office=new.office, person__name__in=names)
    known: dict[str, list[Person]] = {}
    for officer in serving.select_related("person"):
        known.setdefault(officer.person.name, []).append(officer.person)
    people = {name: those[0] for name, those in known.items() if len(those) == 1}
    noted = new.recorder.strip()
    return [Talker(talk=talk, name=name[:64], person=people.get(name), is_recorder=name == noted) for name in names]


@atomic
def add_attendee(*, talk: Talk, by: Viewer, invited: Invited) -> Attendee:
    """One more who came. Raises Refused (attendee-twice)."""
    _may_edit(by, talk)
    if Attendee.objects.filter(talk=talk, person=invited.person, withdrawn_on__isnull=True).exists():
        raise Refused("attendee-twice", "%(name)s已在谈话对象中", name=str(invited.person))
    [row] = _seats([invited], talk.on)
    row.talk = talk
    row.save(force_insert=True)
    record(by, "talk.attendee", talk, payload={"person": str(invited.person.uid)})
    return row


AMENDED = ("place", "theme", "outline", "learned", "pointed_out", "follow_up_due_on")


@atomic
def amend_talk(*, talk: Talk, by: Viewer, said: dict[str, Any], reason: str, recorder: str | None = None) -> Talk:
    """更正 of what is written of a talk and of who took notes, not of who talked when. The old words stay in the log.

    Raises Refused: reason-needed, talk-withdrawn, theme-needed, step-date, recorder.
    """
    _may_edit(by, talk)
    row = Talk.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    if not reason.strip():
        raise Refused("reason-needed", "请写明原因")
    if row.withdrawn_on is not None:
        raise Refused("talk-withdrawn", "该谈话已撤下，不能更正")
    clean = {name: text.strip() if isinstance(text, str) else text for name, text in said.items() if name in AMENDED}
    changed = {name: value for name, value in clean.items() if value != getattr(row, name)}
    _check_amended(row, changed)
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save(update_fields=list(changed))
    if recorder is not None and _record_by(row, recorder.strip(), before):
        changed["recorder"] = recorder.strip()
    if changed:
        logged = {"reason": reason.strip(), "before": _logged(before), "after": _logged(changed)}
        record(by, "talk.correct", row, payload=logged)
    return row


def _check_amended(talk: Talk, changed: dict[str, Any]) -> None:
    if not changed.get("theme", talk.theme):
        raise Refused("theme-needed", "请填写谈话主题")
    due = changed.get("follow_up_due_on")
    if due is not None and due < talk.on:
        raise Refused("step-date", "回访时限不能早于谈话日期")


def _record_by(talk: Talk, name: str, before: dict[str, Any]) -> bool:
    """Marks the officer who took notes; whether that is another one than before."""
    talkers = list(Talker.objects.filter(talk=talk).order_by("pk"))
    held = next((row.name for row in talkers if row.is_recorder), "")
    _check_recorder(name, [row.name for row in talkers])
    for row in talkers:
        if row.is_recorder != (row.name == name):
            row.is_recorder = row.name == name
            row.save(update_fields=["is_recorder"])
    before.update({"recorder": held} if held != name else {})
    return held != name


def _check_recorder(name: str, officers: list[str]) -> None:
    if name and name not in officers:
        raise Refused("recorder", "记录人“%(name)s”不在约谈人中", name=name)


def _logged(values: dict[str, Any]) -> dict[str, str]:
    return {name: value.isoformat() if isinstance(value, date) else value or "" for name, value in values.items()}


@atomic
def note_promise(*, attendee: Attendee, by: Viewer, promise: str, has_signed: bool) -> Attendee:
    """登记表态: what was promised and whether it was signed, for the first time; afterwards it is corrected with a reason.

    Raises Refused: attendee-gone, promise-noted, promise-needed.
    """
    _may_edit(by, attendee.talk)
    row = Attendee.objects.select_for_update().get(pk=attendee.pk)
    if row.withdrawn_on is not None:
        raise Refused("attendee-gone", "%(name)s未到场，不能登记表态", name=str(attendee.person))
    if row.promise or row.has_signed:
        raise Refused("promise-noted", "%(name)s的表态已登记，请用更正", name=str(attendee.person))
    if not (promise.strip() or has_signed):
        raise Refused("promise-needed", "请写明表态承诺，或勾选对象已签字")
    row.promise, row.has_signed = promise.strip(), has_signed
    row.save(update_fields=["promise", "has_signed"])
    record(by, "talk.note_promise", attendee.talk, payload={"attendee": str(row.uid), "has_signed": has_signed})
    return row


@atomic
def correct_attendee(*, attendee: Attendee, by: Viewer, reason: str, said: dict[str, Any]) -> Attendee:
    """更正 post, category, promise or signature of one who came; the old words stay in the log, with the reason.

    Raises Refused: reason-needed, not-correctable, attendee-gone.
    """
    _may_edit(by, attendee.talk)
    row = Attendee.objects.get(pk=attendee.pk)
    if not reason.strip():
        raise Refused("reason-needed", "请写明原因")
    if said.keys() - set(SEATED) or said.get("category", row.category) not in Post.Kind:
        raise Refused("not-correctable", "这些栏目不能直接更改：%(names)s", names="、".join(sorted(said)))
    if row.withdrawn_on is not None:
        raise Refused("attendee-gone", "%(name)s未到场，不能更正", name=str(attendee.person))
    changed = {name: value for name, value in said.items() if value != getattr(row, name)}
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed}
    for name, value in changed.items():
        setattr(row, name, value)
    row.save(update_fields=list(changed))
    payload = {"attendee": str(row.uid), "reason": reason.strip(), "before": before, "after": changed}
    record(by, "talk.correct_attendee", attendee.talk, payload=payload)
    return row


SEATED = ("title", "category", "promise", "has_signed")


@atomic
def drop_attendee(*, attendee: Attendee, by: Viewer, reason: str, on: date | None = None) -> Attendee:
    """撤下 one who did not come."""
    _may_edit(by, attendee.talk)
    take_back(attendee, reason, on)
    record(by, "talk.drop_attendee", attendee.talk, payload={"attendee": str(attendee.uid), "reason": reason})
    return attendee


@atomic
def withdraw_talk(*, talk: Talk, by: Viewer, reason: str, on: date | None = None) -> Talk:
    """撤下 a talk that was entered by mistake: no figure after today counts it."""
    _may_edit(by, talk)
    take_back(talk, reason, on)
    record(by, "talk.withdraw", talk, payload={"reason": reason})
    return talk


@atomic
def follow_up(*, talk: Talk, by: Viewer, on: date, note: str, by_name: str = "") -> FollowUp:
    """回访. Raises Refused (step-date, note-needed)."""
    _may_edit(by, talk)
    if not talk.on <= on <= today():
        raise Refused("step-date", "回访日期应在谈话之后且不晚于今天")
    if not note.strip():
        raise Refused("note-needed", "请写明回访结果")
    row = FollowUp(talk=talk, on=on, by_name=(by_name.strip() or by.name)[:64], note=note.strip())
    row.save(force_insert=True)
    record(by, "talk.follow_up", talk, payload={"on": on.isoformat()})
    return row


def _may_edit(by: Viewer, talk: Talk) -> None:
    if not guard.allow(by, "edit", talk):
        raise Refused("not-allowed", "您没有办理该谈话的权限")
