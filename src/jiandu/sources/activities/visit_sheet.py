"""挂钩监督走访登记表 in and out: a row a visit; what is known of one is corrected, which visit it was never changes."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.words import as_recorded
from jiandu.net.access.cells import unit_of
from jiandu.sources.activities.models import Activity, Visit
from jiandu.sources.activities.selectors import activities
from jiandu.sources.activities.services.rounds import NewVisit, visit
from jiandu.sources.activities.services.visits import TOLD, amend_visit
from jiandu.sources.activities.sheet import round_of

BOOK = Book(
    "visits",
    _("挂钩监督走访登记表"),
    (
        Column("round", ("轮次", "挂钩监督轮次", "轮次编号")),
        Column("unit", ("走访单位", "挂钩单位", "单位", "单位名称"), required=True),
        Column("on", ("走访日期", "走访时间", "日期"), required=True),
        Column("place", ("地点", "走访地点")),
        Column("members", ("参加人员", "走访人员", "监督组人员")),
        Column("attendees", ("单位参加人员", "单位人员")),
        Column("note", ("了解到的情况", "走访情况", "情况")),
    ),
    ("GG2022-01", "市教育局", "2022-03-11", "市教育局三楼", "王二、李三", "局长、办公室主任", "分组座谈，查阅台账"),
    days=frozenset({"on"}),
    past=frozenset({"on"}),
    carried=("round",),
    notes=(
        _("轮次填编号或名称，也可以在表头上方写“轮次：…”。同一轮次、单位和日期的是同一次走访；空格不更改已登记的内容"),
    ),
    most={"place": 128, "members": 300, "attendees": 300},
)


def take_visit(line: Line, by: Viewer) -> Taken:
    """A visit entered, or what is known of it brought to what the sheet says. A withdrawn one is not entered again."""
    activity = round_of(line, "round", by)
    if not guard.allow(by, "edit", activity):
        raise CellRefused("round", Refused("not-allowed", _("您没有办理该轮次的权限")))
    unit = unit_of(line, "unit", by, on=line.day("on"))
    said = {name: line.text(name) for name in TOLD}
    held = Visit.objects.filter(activity=activity, organisation=unit, on=line.day("on")).order_by("-pk")
    row = held.filter(withdrawn_on__isnull=True).first()
    if row is None:
        if held.exists():
            return Taken("conflict", (("on", as_recorded(_("已撤下")), line.day("on").isoformat()),))
        with at("unit", line):
            visit(activity=activity, by=by, new=NewVisit(unit, line.day("on"), **said))
        return Taken("create")
    differs = {name: text for name, text in said.items() if text and text.split() != getattr(row, name).split()}
    if not differs:
        return Taken("unchanged")
    cells = tuple((name, str(getattr(row, name)), text) for name, text in differs.items())
    amend_visit(visit=row, by=by, said=differs, reason=as_recorded(_("按登记表更正")))
    return Taken("update", cells)


def visits(viewer: Viewer, *, year: int | None = None) -> QuerySet[Visit]:
    """The visits of the rounds in scope that stand, the latest first."""
    keys = activities(viewer, kind=Activity.Kind.ROUND, year=year).order_by().values_list("pk", flat=True)
    found = Visit.objects.filter(activity_id__in=list(keys), withdrawn_on__isnull=True)
    return found.select_related("organisation").order_by("-on", "-pk")


def rows_of(viewer: Viewer, listed: Iterable[Visit]) -> Iterator[tuple[OutValue, ...]]:
    """The visits as rows of the sheet."""
    rounds = {one.pk: one.code for one in activities(viewer, kind=Activity.Kind.ROUND)}
    for one in listed:
        note = "\n".join(one.note.splitlines())
        yield (rounds[one.activity_id], one.organisation.name, one.on, one.place, one.members, one.attendees, note)


VISITS = Register(BOOK, Activity, singly(take_visit), "unit", "activity", verb="edit")
