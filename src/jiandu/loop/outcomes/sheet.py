"""建章立制登记表 in and out: a row a rule, once, with the numbers of all that led to it."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.core.text import split_list
from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.selectors import codes_of, led_by
from jiandu.loop.outcomes.services import NewRule, Origin, record_rule_of
from jiandu.net.access.cells import own_office
from jiandu.net.overseers.models import Office

BOOK = Book(
    "rules",
    _("建章立制登记表"),
    (
        Column("title", ("制度名称", "名称", "Title"), required=True),
        Column("number", ("文号", "Document number")),
        Column("issuer", ("制发机关", "制发单位", "Issuing body"), required=True),
        Column("issued_on", ("印发日期", "制发日期", "Issued on"), required=True),
        Column("origins", ("来由编号", "关联问题编号", "问题编号", "Numbers of what led to it")),
        Column("office", ("承办室组", "Office")),
    ),
    ("某某局采购管理办法", "厦某〔2022〕1号", "某某局", "2022-05-01", "JD-2022-00001、XM-2022-01", ""),
    days=frozenset({"issued_on"}),
    past=frozenset({"issued_on"}),
    notes=(
        _("一项制度一行；由几个问题、监督活动、联系点反映问题或文书共同推动的，来由编号都写上，用顿号分开"),
        _("同一室组、名称、文号和制发机关相同的是同一项制度"),
    ),
    most={"title": 200, "number": 64, "issuer": 128},
)


def take_rule(line: Line, by: Viewer) -> Taken:
    """A rule: recorded with what led to it, or the known one's further origins linked. Nothing of it is struck out by a sheet."""
    office = own_office(line, "office", by)
    origins = {code: _origin(line, office, code, by) for code in dict.fromkeys(split_list(line.text("origins")))}
    known = _known(line, office)
    if known is not None:
        conflict = _conflict(known, line)
        if conflict:
            return Taken("conflict", conflict)
    elif not origins:
        raise CellRefused(
            "origins", Refused("rule-origin", _("请写明推动建章立制的问题、活动、联系点问题或文书的编号")), line
        )
    held = codes_of(by, [known])[known.pk] if known is not None else []
    fresh = [code for code in origins if code not in held]
    for code in fresh:
        with at("origins", line):
            record_rule_of(origin=origins[code], by=by, new=_new(line))
    if known is None:
        return Taken("create")
    cells = (("origins", "、".join(held), "、".join([*held, *fresh])),) if fresh else ()
    return Taken("update" if fresh else "unchanged", cells)


def _new(line: Line) -> NewRule:
    return NewRule(_title(line), line.text("issuer"), line.day("issued_on"), line.text("number"))


def _title(line: Line) -> str:
    return line.text("title").strip("《》").strip()


def _origin(line: Line, office: Office, code: str, by: Viewer) -> Origin:
    with at("origins", line):
        return led_by(by, office, [code])[0]


def _known(line: Line, office: Office) -> RuleMade | None:
    same = {"title": _title(line), "number": line.text("number"), "issuer": line.text("issuer")}
    return RuleMade.objects.filter(owner_office=office, **same).first()


def _conflict(known: RuleMade, line: Line) -> tuple[tuple[str, str, str], ...]:
    """A rule that was taken back, or was issued on another day."""
    if known.withdrawn_on is not None:
        return (("title", str(_("已撤下")), str(known)),)
    if known.issued_on != line.on("issued_on"):
        return (("issued_on", str(known.issued_on), str(line.on("issued_on"))),)
    return ()


def rows_of(viewer: Viewer, rules: Iterable[RuleMade]) -> Iterator[tuple[OutValue, ...]]:
    """The rules as rows of the sheet; of what led to them, what the viewer sees."""
    listed = list(rules)
    codes = codes_of(viewer, listed)
    for one in listed:
        led = "、".join(codes[one.pk])
        yield one.title, one.number, one.issuer, one.issued_on, led, one.owner_office.name


RULES = Register(BOOK, RuleMade, singly(take_rule), "title", "rule_made", denied=_("您没有“登记成效”的权限"))
