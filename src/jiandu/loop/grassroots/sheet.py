"""交流培训登记表 in and out: a row a meeting or a training, known again by its kind, day, theme, place and audience."""

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.loop.grassroots.models import Meeting
from jiandu.loop.grassroots.services.grid import NewMeeting, hold_meeting
from jiandu.net.access.cells import own_office

KINDS = {"履职交流会": "exchange", "交流会": "exchange", "培训": "training", "培训班": "training"}
COUNT = re.compile(r"^(\d{1,7})\s*(人次|人)?$")
BOOK = Book(
    "training",
    _("交流培训登记表"),
    (
        Column("kind", ("类别", "类型"), required=True),
        Column("on", ("日期", "培训日期", "时间", "培训时间"), required=True),
        Column("theme", ("主题", "培训主题", "内容", "培训内容"), required=True),
        Column("people", ("人次", "参训人次", "参加人次", "人数"), required=True),
        Column("audience", ("对象", "培训对象", "参加对象")),
        Column("place", ("地点", "培训地点")),
        Column("office", ("承办室组", "承办部门", "承办单位")),
        Column("note", ("交流材料、课程", "课程", "备注")),
    ),
    ("培训", "2022-04-01", "村级监督实务", "120", "村务监督委员会成员", "街道会议室", "", ""),
    {"kind": KINDS},
    days=frozenset({"on"}),
    past=frozenset({"on"}),
    notes=(_("同一天同一主题办了几场的，地点或对象应能区分"),),
)


def take_meeting(line: Line, by: Viewer) -> Taken:
    """A meeting: entered, or the one that is known. How many came is part of a figure and changes by no sheet."""
    office, people = own_office(line, "office", by), _people(line)
    held = Meeting.objects.filter(owner_office=office, kind=line.text("kind"), on=line.day("on"))
    same = held.filter(theme=line.text("theme"), place=line.text("place"), audience=line.text("audience"))
    known = same.filter(withdrawn_on__isnull=True).first() or same.first()
    if known is None:
        words = {name: line.text(name) for name in ("kind", "theme", "place", "audience", "note")}
        hold_meeting(new=NewMeeting(on=line.day("on"), office=office, people_count=people, **words), by=by)
        return Taken("create")
    if known.withdrawn_on is not None:
        return Taken("conflict", (("theme", str(_("已撤下")), known.theme),))
    note = line.text("note")
    cells = [("people", str(known.people_count), str(people))] if people != known.people_count else []
    if note and note.split() != known.note.split():
        cells.append(("note", known.note, note))
    return Taken("conflict", tuple(cells)) if cells else Taken("unchanged")


def _people(line: Line) -> int:
    found = COUNT.match(line.text("people"))
    if found is None or int(found[1]) < 1:
        raise CellRefused("people", Refused("people-count", _("应为大于零的人次，如120")), line)
    return int(found[1])


def rows_of(_viewer: Viewer, meetings: Iterable[Meeting]) -> Iterator[tuple[OutValue, ...]]:
    """The meetings as rows of the sheet."""
    for one in meetings:
        who = (str(one.people_count), one.audience, one.place, one.owner_office.name)
        yield (BOOK.word("kind", one.kind), one.on, one.theme, *who, "\n".join(one.note.splitlines()))


TRAINING = Register(BOOK, Meeting, singly(take_meeting), "theme", "meeting", denied=_("您没有登记交流培训的权限"))
