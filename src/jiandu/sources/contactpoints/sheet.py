"""联系点名单 in and out: a row a point; new ones are invited, the facts of known ones put right. Terms change on the page alone."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import find
from jiandu.net.access.cells import own_office, region_of
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import find_officer
from jiandu.net.subjects.models import Person
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.contactpoints.services.points import NewPoint, PointFacts, amend_point, invite

KINDS = {"民营企业": "enterprise", "企业": "enterprise", "商会协会": "association", "商会": "association"}
TIERS = {"市级": "city", "区级": "district"}
WORDS = ("name", "short_name", "kind", "liaison")
BOOK = Book(
    "points",
    _("营商环境监督联系点名单"),
    (
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
        Column("office", ("承办室组", "联系室组", "Office")),
    ),
    ("", "某某贸易有限公司", "某某", "民营企业", "市级", "思明区", "商贸", "", "", "2022-01-01", "2024-12-31", ""),
    {"kind": KINDS, "tier": TIERS},
    days=frozenset({"since", "until"}),
    notes=(_("企业名称只对联系该企业的室组公开；预览和结果只有导入人能看到"),),
    most={"code": 32, "name": 128, "short_name": 64, "liaison": 64},
)


def take_point(line: Line, by: Viewer) -> Taken:
    """A point: invited, or the known one's facts put right. A term changes by a turn, never by a sheet."""
    office = own_office(line, "office", by)
    since, until = line.on("since"), line.on("until")
    if since and until and until < since:
        raise CellRefused("until", Refused("period-in-order", "结束日期不能早于起始日期"), line)
    point = _known(line, office)
    if point is None:
        new = NewPoint(
            office=office,
            since=since or today(),
            until=until,
            tier=line.text("tier") or ContactPoint.Tier.CITY,
            code=line.text("code"),
            **_said(line, by, None),
        )
        invite(new=new, by=by)
        return Taken("create")
    before = {name: getattr(point, name) for name in vars(_facts_of(point))}
    after = {**before, **_said(line, by, point)}
    cells = tuple((key, _text(key, before[key]), _text(key, after[key])) for key in after if after[key] != before[key])
    fixed = _fixed(line, point)
    if fixed or (cells and point.left_on is not None):
        return Taken("conflict", fixed or cells)
    if not cells:
        return Taken("unchanged")
    amend_point(point=point, by=by, facts=PointFacts(**after))
    return Taken("update", cells)


def _said(line: Line, by: Viewer, point: ContactPoint | None) -> dict[str, Any]:
    """The facts that the sheet has something to say of; a name that the point bears already is not looked up again."""
    said: dict[str, Any] = {name: line.text(name) for name in WORDS if line.text(name)}
    asked: dict[str, Callable[[Line, Viewer], Any]] = {
        "district": lambda line, by: region_of(line, "district", by),
        "industry": _industry,
        "officer": _officer,
    }
    for key, look_up in asked.items():
        held = getattr(point, key) if point is not None else None
        if line.text(key) and line.text(key) != _text(key, held):
            with at(key, line):
                said[key] = look_up(line, by)
    return said


def _industry(line: Line, by: Viewer) -> Item:
    item = find(by, "industry", today().year, line.text("industry"))
    if item is None:
        raise Refused("no-industry", _("字典中没有这个行业"))
    return item


def _officer(line: Line, by: Viewer) -> Person:
    officer = find_officer(by, line.text("officer"), office=None, on=today())
    if officer is None:
        raise Refused("no-officer", _("没有叫“%(name)s”的在任干部"), name=line.text("officer"))
    return officer.person


def _known(line: Line, office: Office) -> ContactPoint | None:
    """The office's point with this number; without one, that of the name and level which still serves."""
    standing = ContactPoint.objects.filter(owner_office=office, withdrawn_on__isnull=True)
    standing = standing.select_related("district", "industry", "officer")
    if line.text("code"):
        found = standing.filter(code=line.text("code")).first()
        if found is not None:
            return found
    tier = line.text("tier") or ContactPoint.Tier.CITY
    return standing.filter(name=line.text("name"), tier=tier, left_on__isnull=True).first()


def _fixed(line: Line, point: ContactPoint) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which no sheet changes: the level and the term."""
    pairs: list[tuple[str, Any, Any]] = [
        ("tier", point.tier, line.text("tier")),
        ("since", point.since, line.on("since")),
        ("until", point.until, line.on("until")),
    ]
    return tuple((key, _text(key, held), _text(key, said)) for key, held, said in pairs if said and said != held)


def _facts_of(point: ContactPoint) -> PointFacts:
    names = (*WORDS, "district", "industry", "officer")
    return PointFacts(**{name: getattr(point, name) for name in names})


def _text(key: str, value: Any) -> str:
    if value is None:
        return ""
    if key == "industry":
        return str(value.label_zh)
    if key in {"district", "officer"}:
        return str(value.name)
    return BOOK.word(key, str(value)) if key in BOOK.words else str(value)


def rows_of(_viewer: Viewer, points: Iterable[ContactPoint]) -> Iterator[tuple[OutValue, ...]]:
    """The points, as far as the viewer sees them, as rows of the sheet."""
    keys = ("name", "short_name", "kind", "tier", "district", "industry", "officer", "liaison")
    for one in points:
        facts = (_text(key, getattr(one, key)) for key in keys)
        yield (one.code, *facts, one.since, one.until, one.owner_office.name)


POINTS = Register(BOOK, ContactPoint, singly(take_point), "name", "contact_point", denied=_("您没有登记联系点的权限"))
