"""近邻监督员名册 in and out: a row a person and term, with the cell; a cell that is not there yet is opened."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import find
from jiandu.loop.grassroots.models import GridCell, GridWorker
from jiandu.loop.grassroots.services.grid import NewCell, NewWorker, engage, open_cell, release
from jiandu.net.access.cells import needed, own_office, region_of, unit_of
from jiandu.net.overseers.models import Office

NOBODY: tuple[OutValue, ...] = ("", "", None, None, "")
KINDS = {"监督网格": "cell", "网格": "cell", "工作联系点": "point", "联系点": "point"}
BOOK = Book(
    "grid",
    _("近邻监督员名册"),
    (
        Column("cell", ("网格名称", "网格", "联系点名称"), required=True),
        Column("cell_kind", ("网格类别", "类别")),
        Column("village", ("村居", "村（居）")),
        Column("region", ("属地", "镇街")),
        Column("opened", ("设立日期", "网格设立日期")),
        Column("name", ("姓名", "监督员姓名", "监督员")),
        Column("kind", ("人员类别", "身份")),
        Column("since", ("任期起", "聘任日期", "起")),
        Column("until", ("任期止", "止")),
        Column("contact", ("联系方式", "电话")),
        Column("office", ("承办室组", "承办部门")),
    ),
    ("第一网格", "监督网格", "西滨村", "", "2022-01-01", "某某", "观察员", "2022-01-01", "2023-12-31", "", ""),
    {"cell_kind": KINDS},
    days=frozenset({"opened", "since", "until"}),
    past=frozenset({"opened"}),
    carried=("cell", "cell_kind", "village", "region", "opened"),
    notes=(
        _("一人一任期一行；网格还没有设立的随第一行设立，设立日期未填的按任期起日"),
        _("同一网格、姓名和任期起日相同的是同一任期；未填任期起日的是现任期"),
    ),
    most={"cell": 128, "name": 64, "contact": 64},
)


def take_worker(line: Line, by: Viewer) -> Taken:
    """A person's term in a cell: engaged, or its end entered. The cell is opened with it; neither is changed otherwise."""
    office = own_office(line, "office", by)
    cell = GridCell.objects.filter(owner_office=office, name=line.text("cell"), until__isnull=True).first()
    act = "unchanged"
    if cell is None:
        cell, act = _opened(line, office, by), "create"
    elif conflict := _of_cell(cell, line):
        return Taken("conflict", conflict)
    if not line.says("name"):
        return Taken(act)
    known = _known(cell, line)
    if known is None:
        needed(line, "kind")
        _engage(cell, line, by)
        return Taken("create")
    return _compared(known, line, by)


def _opened(line: Line, office: Office, by: Viewer) -> GridCell:
    since = line.on("opened") or line.on("since") or today()
    new = NewCell(
        name=line.text("cell"),
        office=office,
        since=since,
        village=unit_of(line, "village", by, on=since) if line.says("village") else None,
        region=region_of(line, "region", by) if line.says("region") else None,
        is_contact_point=line.text("cell_kind") == "point",
    )
    with at("opened" if line.says("opened") else "cell", line):
        return open_cell(new=new, by=by)


def _of_cell(cell: GridCell, line: Line) -> tuple[tuple[str, str, str], ...]:
    """What the sheet says of a known cell otherwise than its record: no sheet changes it."""
    kind = BOOK.word("cell_kind", "point" if cell.is_contact_point else "cell")
    said = BOOK.word("cell_kind", line.text("cell_kind")) if line.says("cell_kind") else ""
    pairs = [("cell_kind", kind, said), ("village", str(cell.subject or ""), line.text("village"))]
    pairs += [
        ("region", str(cell.region or ""), line.text("region")),
        ("opened", str(cell.since), _iso(line.on("opened"))),
    ]
    return tuple((key, held, new) for key, held, new in pairs if new and new != held)


def _iso(day: date | None) -> str:
    return str(day) if day else ""


def _known(cell: GridCell, line: Line) -> GridWorker | None:
    """The term that begins on that day; where the sheet gives none, the one that has not ended, else the latest."""
    terms = GridWorker.objects.filter(cell=cell, name=line.text("name")).select_related("kind").order_by("-since")
    since = line.on("since")
    return terms.filter(since=since).first() if since else terms.first()


def _engage(cell: GridCell, line: Line, by: Viewer) -> None:
    since = line.on("since") or today()
    kind = _kind(line, since, by)
    with at("until" if line.says("until") and (line.on("until") or since) < since else "since", line):
        engage(
            cell=cell,
            by=by,
            new=NewWorker(line.text("name"), kind, since, line.on("until"), line.text("contact")),
        )


def _kind(line: Line, since: date, by: Viewer) -> Item:
    kind = find(by, "grid_worker", since.year, line.text("kind"))
    if kind is None:
        raise CellRefused("kind", Refused("worker-kind", _("字典中没有这个人员类别")), line)
    return kind


def _compared(known: GridWorker, line: Line, by: Viewer) -> Taken:
    pairs = [("kind", known.kind.label_zh, line.text("kind")), ("contact", known.contact, line.text("contact"))]
    conflict = [(key, held, said) for key, held, said in pairs if said and said != held]
    until = line.on("until")
    if until is None or until == known.until:
        return Taken("conflict", tuple(conflict)) if conflict else Taken("unchanged")
    ended = ("until", _iso(known.until), str(until))
    if conflict or known.until is not None or until > today():  # a term is cut short on the page, and not made longer
        return Taken("conflict", (*conflict, ended))
    with at("until", line):
        release(worker=known, by=by, until=until)
    return Taken("update", (ended,))


def rows_of(_viewer: Viewer, cells: Iterable[GridCell]) -> Iterator[tuple[OutValue, ...]]:
    """The cells with all who watched there, a row a term; a cell without anybody has a row of its own."""
    listed = list(cells)
    held: dict[int, list[GridWorker]] = {cell.pk: [] for cell in listed}
    terms = GridWorker.objects.filter(cell_id__in=list(held)).select_related("kind").order_by("since", "pk")
    for term in terms:
        held[term.cell_id].append(term)
    for cell in listed:
        kind = BOOK.word("cell_kind", "point" if cell.is_contact_point else "cell")
        facts = (cell.name, kind, str(cell.subject or ""), str(cell.region or ""), cell.since)
        people: list[tuple[OutValue, ...]] = [
            (each.name, each.kind.label_zh, each.since, each.until, each.contact) for each in held[cell.pk]
        ]
        for who in people or [NOBODY]:
            yield (*facts, *who, cell.owner_office.name)


GRID = Register(BOOK, GridCell, singly(take_worker), "cell", "grid_cell", denied=_("您没有设立监督网格的权限"))
