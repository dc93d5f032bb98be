"""Contact points in by Excel: the list as it leaves, or a sheet of new ones; all rows or none; twice is once."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import CellProblem, Column, Row, SheetRefused, find_table, read_rows
from jiandu.base.core.text import parse_date
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import find
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_officer
from jiandu.net.subjects.models import Person, Region
from jiandu.net.subjects.selectors import find_region
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.contactpoints.services.points import NewPoint, PointFacts, amend_point, invite

#: Each column by the words that it may go by, Chinese and English as the list has them.
COLUMNS = (
    Column("code", ("联系点编号", "编号", "Contact point no.")),
    Column("name", ("企业（商协会）名称", "企业名称", "名称", "Name of enterprise or association"), required=True),
    Column("short_name", ("简称", "Short name")),
    Column("kind", ("联系点类别", "类别", "Kind of contact point")),
    Column("tier", ("联系点级别", "级别", "Level of contact point")),
    Column("district", ("所在区", "区", "District")),
    Column("industry", ("行业", "Industry")),
    Column("officer", ("指定联系人", "联系人", "Named contact officer")),
    Column("liaison", ("企业联络员", "联络员", "Contact at the enterprise")),
    Column("since", ("任期起", "起", "Term from")),
    Column("until", ("任期止", "止", "Term until")),
)


@dataclass(frozen=True)
class Taken:
    """What a sheet brought: new points, points whose facts it put right, those that it says nothing new of."""

    invited: int = 0
    amended: int = 0
    same: int = 0


@dataclass
class _Cells:
    """One row, read; what cannot be read is kept as a problem."""

    row: Row
    by: Viewer
    problems: list[CellProblem] = field(default_factory=list)

    def text(self, key: str) -> str:
        cell = self.row.cells.get(key)
        return cell.text.strip() if cell else ""

    def wrong(self, key: str, reason: str) -> None:
        self.problems.append(self.row.problem(key, reason))

    def day(self, key: str) -> date | None:
        if not self.text(key):
            return None
        try:
            return parse_date(self.row.cells[key].value)
        except ValueError as error:
            self.wrong(key, str(error))
            return None

    def choice(self, key: str, choices: Any, default: str) -> str:
        said = self.text(key)
        found = [one.value for one in choices if said in {str(one.label), one.value}]
        if said and not found:
            self.wrong(key, f"应为{'、'.join(str(one.label) for one in choices)}之一")
        return found[0] if found else default

    def region(self) -> Region | None:
        said = self.text("district")
        try:
            region = find_region(self.by, said) if said else None
        except Refused:
            region = None
        if said and region is None:
            self.wrong("district", "没有登记过这个区划")
        return region

    def industry(self) -> Item | None:
        said = self.text("industry")
        item = find(self.by, "industry", today().year, said) if said else None
        if said and item is None:
            self.wrong("industry", "字典中没有这个行业")
        return item

    def officer(self) -> Person | None:
        said = self.text("officer")
        try:
            officer = find_officer(self.by, said, office=None, on=today()) if said else None
        except Refused:
            officer = None
        if said and officer is None:
            self.wrong("officer", "没有叫这个名字的在任干部")
        return officer.person if officer else None


@atomic
def take_points(*, path: Path, office: Office, by: Viewer) -> Taken:
    """Reads a sheet and takes it in whole. Raises Refused (sheet-problems) with the first wrong cells; then nothing was taken."""
    rows = _read(path, by)
    problems = [problem for cells, _new in rows for problem in cells.problems]
    if problems:
        first = "；".join(f"第{one.row}行“{one.title}”{one.reason}" for one in problems[:10])
        raise Refused("sheet-problems", "表中有%(count)d处有误，没有导入：%(first)s", count=len(problems), first=first)
    if not rows:
        raise Refused("sheet-empty", "表中没有联系点")
    said = [_take(cells, new, office, by) for cells, new in rows]
    return Taken(*(said.count(word) for word in ("invited", "amended", "same")))


def _read(path: Path, by: Viewer) -> list[tuple[_Cells, dict[str, Any]]]:
    try:
        with read_rows(path) as rows:
            table = find_table(rows, COLUMNS)
            if table.missing:
                names = "、".join(column.titles[0] for column in table.missing)
                raise Refused("columns-missing", "工作表“%(sheet)s”缺少栏目：%(names)s", sheet=table.sheet, names=names)
            return [_understood(_Cells(row, by)) for row in table]
    except SheetRefused as refused:
        raise Refused("sheet-refused", f"{refused.message} · {refused.english}") from refused


def _understood(cells: _Cells) -> tuple[_Cells, dict[str, Any]]:
    if not cells.text("name"):
        cells.wrong("name", "必填")
    said: dict[str, Any] = {
        "name": cells.text("name"),
        "short_name": cells.text("short_name"),
        "kind": cells.choice("kind", ContactPoint.Kind, ContactPoint.Kind.ENTERPRISE),
        "tier": cells.choice("tier", ContactPoint.Tier, ContactPoint.Tier.CITY),
        "district": cells.region(),
        "industry": cells.industry(),
        "officer": cells.officer(),
        "liaison": cells.text("liaison"),
        "since": cells.day("since"),
        "until": cells.day("until"),
        "code": cells.text("code"),
    }
    if said["since"] and said["until"] and said["until"] < said["since"]:
        cells.wrong("until", "结束日期不能早于起始日期")
    return cells, said


def _take(cells: _Cells, said: dict[str, Any], office: Office, by: Viewer) -> str:
    point = _known(cells.row.row_id, said)
    if point is None:
        invite(new=NewPoint(office=office, **{**said, "since": said["since"] or today()}), by=by)
        return "invited"
    if point.left_on is not None:
        return "same"
    told = {name: said[name] for name in vars(_facts_of(point)) if name in cells.row.cells}
    before = _facts_of(point)
    facts = PointFacts(**{**vars(before), **told})
    if facts == before:
        return "same"
    amend_point(point=point, by=by, facts=facts)
    return "amended"


def _known(row_id: str, said: dict[str, Any]) -> ContactPoint | None:
    """The point that a row is about: by its row id, else by its name among those that serve."""
    serving = ContactPoint.objects.filter(withdrawn_on__isnull=True)
    try:
        found = serving.filter(uid=UUID(row_id)).first() if row_id else None
    except ValueError:
        found = None
    return found or serving.filter(name=said["name"], tier=said["tier"], left_on__isnull=True).first()


def _facts_of(point: ContactPoint) -> PointFacts:
    names = ("name", "short_name", "kind", "district", "industry", "officer", "liaison")
    return PointFacts(**{name: getattr(point, name) for name in names})
