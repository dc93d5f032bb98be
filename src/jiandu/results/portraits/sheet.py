"""政治生态分析报告登记表 in and out: a row a report, registered and, where it may be, approved. Judgements stay on the page."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.net.access.cells import own_office, region_of, unit_of
from jiandu.net.subjects.models import Organisation, Region
from jiandu.results.portraits.approving import approve_portrait
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.services import NewPortrait, begin_portrait, write_summary

WRITTEN = ("reviewers", "summary")
BOOK = Book(
    "portraits",
    _("政治生态分析报告登记表"),
    (
        Column("unit", ("分析单位", "单位", "Unit")),
        Column("district", ("分析地区", "地区", "District")),
        Column("period_from", ("分析期起", "起", "Period from"), required=True),
        Column("period_to", ("分析期止", "止", "Period to"), required=True),
        Column("year", ("指标年度", "年度", "Year of the dimensions")),
        Column("title", ("标题", "报告标题", "Title")),
        Column("author", ("起草机构", "起草室组", "Author")),
        Column("reviewers", ("审核人", "Reviewers")),
        Column("approved_on", ("审定日期", "Approved on")),
        Column("approved_by", ("审定人", "Approved by")),
        Column("summary", ("总体评价和建议", "总体评价", "Summary and advice")),
        Column("office", ("承办室组", "Office")),
    ),
    ("市财政局", "", "2022-01-01", "2022-06-30", "2022", "", "第一监督检查室", "", "2022-07-20", "某某", "", ""),
    days=frozenset({"period_from", "period_to", "approved_on"}),
    past=frozenset({"period_to", "approved_on"}),
    notes=(
        _("分析单位和分析地区只填一项"),
        _("审定需要报告文件或各维度研判：还没有的先登记，审定日期留待在报告页上传、研判后办理"),
    ),
    most={"title": 200, "author": 128, "reviewers": 200, "approved_by": 64},
)


def take_portrait(line: Line, by: Viewer) -> Taken:
    """A report: registered, or the known one's reviewers and summary put right; approved where the sheet says so and it may be."""
    office = own_office(line, "office", by)
    unit, district = _about(line, by)
    known = _known(line, unit, district)
    if known is None:
        known = begin_portrait(new=_new(line, office, unit, district), by=by)
        _write(known, line, by)
        return Taken("create", left=_approve(known, line, by))
    fixed = _fixed(line, known)
    if fixed:
        return Taken("conflict", fixed)
    cells = tuple((key, getattr(known, key), line.text(key)) for key in WRITTEN if _differs(line, known, key))
    if cells and known.approved_on is not None:
        return Taken("conflict", cells)
    _write(known, line, by)
    is_due = known.approved_on is None and line.on("approved_on") is not None
    left = _approve(known, line, by)
    if is_due and not left:
        cells += (("approved_on", "", str(line.on("approved_on"))),)
    return Taken("update" if cells else "unchanged", cells, left)


def _about(line: Line, by: Viewer) -> tuple[Organisation | None, Region | None]:
    if line.says("unit") == line.says("district"):
        raise CellRefused("unit", Refused("portrait-about", _("请填写分析的单位或地区，只能填一项")), line)
    if line.says("unit"):
        return unit_of(line, "unit", by, on=line.day("period_to")), None
    return None, region_of(line, "district", by)


def _known(line: Line, unit: Organisation | None, district: Region | None) -> Portrait | None:
    """The report on that unit or district and period, as far as the importer sees it; `begin_portrait` refuses another's."""
    standing = Portrait.objects.filter(withdrawn_on__isnull=True, revises__isnull=True, subject=unit, district=district)
    return standing.filter(period_from=line.day("period_from"), period_to=line.day("period_to")).first()


def _year(line: Line) -> int:
    """The year whose dimensions it is judged by: said, else that of the end of its period."""
    said = line.text("year").removesuffix("年")
    if not said:
        return line.day("period_to").year
    if not (said.isdecimal() and len(said) == 4):
        raise CellRefused("year", Refused("year", _("应为四位年份")), line)
    return int(said)


def _new(line: Line, office: Any, unit: Organisation | None, district: Region | None) -> NewPortrait:
    return NewPortrait(
        office=office,
        year=_year(line),
        period_from=line.day("period_from"),
        period_to=line.day("period_to"),
        unit=unit,
        district=district,
        title=line.text("title"),
        author=line.text("author"),
    )


def _differs(line: Line, held: Portrait, key: str) -> bool:
    return bool(line.text(key)) and line.text(key).split() != getattr(held, key).split()


def _write(portrait: Portrait, line: Line, by: Viewer) -> None:
    """What the sheet says of reviewers and summary, if it says anything new."""
    if any(_differs(line, portrait, key) for key in WRITTEN):
        said = {key: line.text(key) or getattr(portrait, key) for key in WRITTEN}
        write_summary(portrait=portrait, by=by, **said)


def _approve(portrait: Portrait, line: Line, by: Viewer) -> tuple[tuple[str, str], ...]:
    """审定 on the day that the sheet says; where it cannot be yet, the cell is left with the reason."""
    on = line.on("approved_on")
    if on is None or portrait.approved_on is not None:
        return ()
    try:
        approve_portrait(portrait=portrait, by=by, on=on, approver=line.text("approved_by"))
    except Refused as refused:
        if refused.rule not in {"not-allowed", "portrait-empty"}:
            raise CellRefused("approved_on", refused, line) from refused
        return (("approved_on", refused.message),)
    return ()


def _fixed(line: Line, held: Portrait) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which no sheet changes: scheme, title, author, and an approval that was given."""
    said = {"year": str(_year(line)), "title": line.text("title"), "author": line.text("author")}
    facts = {"year": str(held.year), "title": held.title, "author": held.author}
    if held.approved_on is not None:
        said |= {"approved_on": str(line.on("approved_on") or ""), "approved_by": line.text("approved_by")}
        facts |= {"approved_on": str(held.approved_on), "approved_by": held.approved_by}
    return tuple((key, facts[key], said[key]) for key in facts if said[key] and said[key] != facts[key])


def rows_of(_viewer: Viewer, portraits: Iterable[Portrait]) -> Iterator[tuple[OutValue, ...]]:
    """The reports, each once without its revisions, as rows of the sheet."""
    for one in portraits:
        if one.revises_id is None:
            about = (str(one.subject or ""), str(one.district or ""))
            facts = (one.period_from, one.period_to, str(one.year), one.title, one.author, one.reviewers)
            yield (*about, *facts, one.approved_on, one.approved_by, one.summary, one.owner_office.name)


PORTRAITS = Register(
    BOOK, Portrait, singly(take_portrait), "unit", "portrait", denied=_("您没有登记政治生态分析报告的权限")
)
