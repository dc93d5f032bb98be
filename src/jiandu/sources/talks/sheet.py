"""约谈登记表 in and out: one row a person; the rows of one talk are taken together, and a talk is known again."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.words import as_recorded
from jiandu.net.access.cells import needed, own_office, person_of, unit_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activities
from jiandu.sources.activities.sheet import round_of
from jiandu.sources.talks.models import Attendee, Talk, Talker
from jiandu.sources.talks.services import (
    Invited,
    NewTalk,
    add_attendee,
    amend_talk,
    correct_attendee,
    hold_talk,
)

NAMES = re.compile(r"[、，,；;\s]+")
KINDS = {
    "主动约谈": "proactive",
    "廉政谈话": "integrity",
    "任前谈话": "appointment",
    "任前廉政谈话": "appointment",
    "提醒谈话": "reminder",
    "主体责任约谈": "duty",
    "谈话提醒": "first_form",
}
CATEGORIES = {
    "一把手": "head",
    "主要负责人": "head",
    "班子成员": "team",
    "重点岗位": "key",
    "一般岗位": "staff",
    "其他": "staff",
}
SIGNED = {"是": "yes", "√": "yes", "已签": "yes", "已签字": "yes", "否": "no", "未签字": "no"}
BOOK = Book(
    "talks",
    _("约谈登记表"),
    (
        Column("code", ("编号", "谈话编号", "约谈编号")),
        Column("kind", ("谈话种类", "约谈种类", "谈话类型", "约谈类型")),
        Column("on", ("谈话日期", "约谈日期", "约谈时间", "谈话时间", "日期"), required=True),
        Column("name", ("谈话对象", "约谈对象", "被约谈人", "被谈话人", "姓名"), required=True),
        Column("unit", ("单位", "所在单位", "工作单位", "单位名称")),
        Column("title", ("职务", "现任职务", "单位职务")),
        Column("category", ("类别", "人员类别", "岗位类别")),
        Column("theme", ("主题", "约谈主题", "谈话主题", "事由", "约谈事由"), required=True),
        Column("officers", ("约谈人", "谈话人", "约谈人员"), required=True),
        Column("place", ("地点", "约谈地点", "谈话地点")),
        Column("office", ("承办室组", "承办部门", "监督检查室", "承办单位")),
        Column("round", ("挂钩监督轮次", "轮次")),
        Column("outline", ("提纲", "谈话提纲")),
        Column("learned", ("了解到的情况",)),
        Column("pointed_out", ("指出的问题",)),
        Column("promise", ("表态承诺", "表态")),
        Column("signed", ("对象已签字", "是否签字")),
        Column("due", ("回访时限",)),
    ),
    ("", "主动约谈", "2022-03-11", "陈一", "市教育局", "局长", "一把手", "履行主体责任情况", "王二、李三", "市教育局")
    + ("",) * 8,
    {"kind": KINDS, "category": CATEGORIES, "signed": SIGNED},
    days=frozenset({"on", "due"}),
    past=frozenset({"on"}),
    carried=("on", "theme", "officers", "kind", "code", "place", "office"),
    notes=(
        _("每人一行。编号相同的各行是同一次谈话；没有编号时，种类、日期、主题、地点和约谈人都相同的各行是同一次谈话"),
    ),
)
WORDS = ("place", "theme", "outline", "learned", "pointed_out")  # which a sheet may correct
SAME = ("kind", "on", "theme", "place", "office", "round")  # what the rows of one talk agree in


def take_talk(lines: list[Line], by: Viewer) -> list[Taken]:
    """A talk with all who came: held, or compared with the one that is known."""
    head = lines[0]
    needed(head, "kind")
    _agree(lines)
    office = own_office(head, "office", by)
    units = [unit_of(line, "unit", by, on=line.day("on")) if line.text("unit") else None for line in lines]
    people = [
        person_of(line, "name", by, unit=unit, on=line.day("on")) for line, unit in zip(lines, units, strict=True)
    ]
    for number, person in enumerate(people):
        if person in people[:number]:
            raise CellRefused("name", Refused("attendee-twice", _("同一次谈话中重复")), lines[number])
    invited = list(map(_invited, lines, people, units))
    talk = _known(head, office, people)
    if talk is not None:
        return _compared(lines, invited, talk, by)
    new = NewTalk(
        kind=head.text("kind"),
        on=head.day("on"),
        theme=head.text("theme"),
        office=office,
        officers=NAMES.split(head.text("officers")),
        invited=invited,
        activity=_round(head, by),
        follow_up_due_on=head.on("due"),
        code=head.text("code"),
        **{name: head.text(name) for name in ("place", "outline", "learned", "pointed_out")},
    )
    hold_talk(new=new, by=by)
    return [Taken("create")] * len(lines)


def _agree(lines: list[Line]) -> None:
    head = lines[0]
    for line in lines[1:]:
        for key in SAME:
            if (line.text(key), line.on(key)) != (head.text(key), head.on(key)):
                raise CellRefused(key, Refused("rows-differ", _("与同一次谈话的上一行不同")), line)


def _invited(line: Line, person: Person, unit: Organisation | None) -> Invited:
    signed = line.text("signed") == "yes"
    return Invited(person, unit, line.text("title"), line.text("category"), line.text("promise"), has_signed=signed)


def _round(line: Line, by: Viewer) -> Activity | None:
    return round_of(line, "round", by) if line.text("round") else None


def _known(head: Line, office: Office, people: list[Person]) -> Talk | None:
    """The talk with this number; without one, that of the kind, day and theme where one of these was talked to."""
    held = Talk.objects.filter(owner_office=office)
    if head.text("code"):
        return held.filter(code=head.text("code")).first()
    same = held.filter(kind=head.text("kind"), on=head.day("on"), theme=head.text("theme")).order_by("-pk")
    talks = {talk.pk: talk for talk in same}
    seats = Attendee.objects.filter(talk__in=list(talks), person__in=people).order_by("-talk_id")
    return next((talks[seat.talk_id] for seat in seats), None)


def _compared(lines: list[Line], invited: list[Invited], talk: Talk, by: Viewer) -> list[Taken]:
    head, fixed = lines[0], _fixed(lines[0], talk, by)
    if talk.withdrawn_on is not None:
        return [Taken("conflict", (("code", str(_("已撤下")), talk.code),))] * len(lines)
    if fixed:
        return [Taken("conflict", fixed)] * len(lines)
    words = {name: head.text(name) for name in WORDS if head.text(name) not in {"", getattr(talk, name)}}
    cells = tuple((name, str(getattr(talk, name)), said) for name, said in words.items())
    if words:
        amend_talk(talk=talk, by=by, said=words, reason=as_recorded(_("按登记表更正")))
    seats = Attendee.objects.filter(talk=talk).select_related("organisation").order_by("-withdrawn_on", "pk")
    known = {seat.person_id: seat for seat in seats}
    found = [_seated(line, each, talk, known, by) for line, each in zip(lines, invited, strict=True)]
    if cells:
        found[0] = Taken("update" if found[0].act == "unchanged" else found[0].act, cells + found[0].cells)
    return found


def _fixed(line: Line, talk: Talk, by: Viewer) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which a talk never changes: kind, day, who talked, the round, the day of the follow-up."""
    talkers = [one.name for one in Talker.objects.filter(talk=talk).order_by("pk")]
    held = {"kind": talk.kind, "on": talk.on, "due": talk.follow_up_due_on, "officers": "、".join(talkers)}
    said: dict[str, Any] = {"kind": line.text("kind"), "on": line.on("on"), "due": line.on("due")}
    if set(NAMES.split(line.text("officers"))) != set(talkers):
        said["officers"] = line.text("officers")
    activity = _round(line, by)
    if activity is not None and activity.pk != talk.activity_id:
        said["round"], held["round"] = activity.code, talk.activity.code if talk.activity else ""
    return tuple(
        (key, _text(key, held[key]), _text(key, said[key])) for key in said if said[key] and said[key] != held[key]
    )


def _text(key: str, value: Any) -> str:
    return BOOK.word(key, str(value)) if key in BOOK.words else str(value or "")


def _seated(line: Line, invited: Invited, talk: Talk, known: dict[int, Attendee], by: Viewer) -> Taken:
    seat = known.get(invited.person.pk)
    if seat is None:
        with at("name", line):
            add_attendee(talk=talk, by=by, invited=invited)
        return Taken("create")
    if seat.withdrawn_on is not None:
        return Taken("conflict", (("name", str(_("未到场")), str(invited.person)),))
    said: dict[str, Any] = {"title": invited.title, "category": invited.category, "promise": invited.promise}
    said = {key: value for key, value in said.items() if value not in {"", getattr(seat, key)}}
    cells = [(key, str(getattr(seat, key)), value) for key, value in said.items()]
    if line.text("signed") and invited.has_signed != seat.has_signed:
        said["has_signed"] = invited.has_signed
        cells.append(("signed", "yes" if seat.has_signed else "no", line.text("signed")))
    is_moved = invited.organisation is not None and invited.organisation != seat.organisation
    if is_moved:
        cells.append(("unit", seat.organisation.name, str(invited.organisation)))
    if not cells:
        return Taken("unchanged")
    if not is_moved:
        with at("name", line):
            correct_attendee(attendee=seat, by=by, reason=as_recorded(_("按登记表更正")), said=said)
    differs = tuple((key, _text(key, held), _text(key, new)) for key, held, new in cells)
    return Taken("conflict" if is_moved else "update", differs)


def together(line: Line) -> Any:
    """What the rows of one talk have in common."""
    if line.text("code"):
        return line.text("office"), line.text("code")
    return "", *(line.text(key) or line.on(key) for key in ("kind", "on", "theme", "place", "officers", "office"))


def rows_of(viewer: Viewer, talks: Iterable[Talk]) -> Iterator[tuple[OutValue, ...]]:
    """The talks as rows of the sheet, one a person."""
    held = list(talks)
    seats: dict[int, list[Attendee]] = {}
    standing = Attendee.objects.filter(talk__in=held, withdrawn_on__isnull=True)
    for seat in standing.select_related("person", "organisation").order_by("pk"):
        seats.setdefault(seat.talk_id, []).append(seat)
    names: dict[int, list[str]] = {}
    for talker in Talker.objects.filter(talk__in=held).order_by("pk"):
        names.setdefault(talker.talk_id, []).append(talker.name)
    rounds = {one.pk: one.code for one in activities(viewer, kind=Activity.Kind.ROUND)}
    for talk in held:
        officers = "、".join(names.get(talk.pk, []))
        for seat in seats.get(talk.pk, []):
            yield _row(talk, seat, officers, rounds.get(talk.activity_id or 0, ""))


def _row(talk: Talk, seat: Attendee, officers: str, code: str) -> tuple[OutValue, ...]:
    who = (seat.person.name, seat.organisation.name, seat.title, BOOK.word("category", seat.category))
    words = (talk.outline, talk.learned, talk.pointed_out, seat.promise, "是" if seat.has_signed else "否")
    place = (talk.theme, officers, talk.place, talk.owner_office.name, code)
    return (talk.code, BOOK.word("kind", talk.kind), talk.on, *who, *place, *words, talk.follow_up_due_on)


TALKS = Register(BOOK, Talk, take_talk, "name", "talk", together=together, denied=_("您没有“登记谈话”的权限"))
