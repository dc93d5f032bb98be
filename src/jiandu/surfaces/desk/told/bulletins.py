"""Pages of 信访举报情况分析: as it counts now, and as a paper of an office; the sentences, a table a dimension with its rows."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from jiandu.base.charts.draw import to_svg
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import items
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.bulletins.models import PetitionBulletin
from jiandu.results.digests.charting import charts
from jiandu.results.digests.dimensions import OF_REPORTS, UNSAID, is_english
from jiandu.results.digests.dimensions import RATES as OF_RATES
from jiandu.results.digests.periods import Kind, Period, Unlike
from jiandu.results.digests.slots import span
from jiandu.results.digests.tables import Bulletin, Table
from jiandu.results.digests.tables import Row as Line
from jiandu.results.digests.word import HIDDEN, Lists, has_before, levels
from jiandu.results.digests.wording import paragraphs, title_of
from jiandu.sources.petitions.models import Petition
from jiandu.surfaces.desk.registers import Row, Section, Told, fact
from jiandu.surfaces.desk.told.petitions import tabs
from jiandu.surfaces.desk.wording import said as said_of

COLUMNS = (
    (pgettext_lazy("bulletin", "项目"), "main"),
    (gettext_lazy("件数"), "num"),
    (gettext_lazy("占比"), "num"),
    (gettext_lazy("上年同期"), "num"),
)
RATES = (
    (gettext_lazy("指标"), "main"),
    (gettext_lazy("件数"), "num"),
    (gettext_lazy("基数"), "num"),
    (gettext_lazy("比率"), "num"),
)
HEADS = (
    (gettext_lazy("属地"), "main"),
    (gettext_lazy("件数"), "num"),
    (gettext_lazy("常住人口"), "num"),
    (gettext_lazy("每万人件数"), "num"),
)
LIST = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("被反映单位"), ""),
    (gettext_lazy("反映问题性质"), ""),
    (gettext_lazy("领域"), ""),
    (gettext_lazy("状态"), "state"),
)
SHOWN = 20  # items of a list on the page
INDENT = "　"  # before a line of the level below
Of = dict[str, str]  # what a bulletin is about, as the register is asked for it: office, domain, unit
CHANGES = {"环比": gettext_lazy("环比"), "同比": gettext_lazy("同比")}


def bulletin(
    viewer: Viewer, said: Bulletin, query: dict[str, Any], lists: Lists = (), *, may_count: bool = False
) -> Told:
    """The bulletin of a period as the viewer's scope gives it."""
    of = {name: query[name] for name in ("domain", "category", "unit") if query.get(name)}
    return Told(
        title=heading(said.period, said.about),
        lede=_("截至%(day)s") % {"day": iso(said.until)} if said.is_running else "",
        tabs=tabs(viewer, "petitions-bulletin"),
        filters=_asked(viewer, said, query),
        links=[*_links(said, query), *(_populations() if may_count else [])],
        stats=stats(said, of),
        facts=changes(said),
        sections=[*sections(said, of), *listed(said, lists, of)],
    )


def _asked(viewer: Viewer, said: Bulletin, query: dict[str, Any]) -> list[Row]:
    """Which period, and of which domain (then it is 专题); another theme and version stay as they are."""
    domains = [("", "—"), *((item.code, said_of(item)) for item in items(viewer, "petition_domain", said.period.year))]
    kept = [
        {"name": name, "type": "hidden", "value": query[name]}
        for name in ("category", "unit", "outside")
        if query.get(name)
    ]
    return [
        {
            "name": "kind",
            "label": _("周期"),
            "type": "select",
            "value": query["kind"],
            "options": PetitionBulletin.Span.choices,
        },
        {"name": "year", "label": _("年度"), "type": "number", "value": said.period.year},
        {"name": "number", "label": _("期次"), "type": "number", "value": said.period.number},
        {"name": "domain", "label": _("领域"), "type": "select", "value": query.get("domain", ""), "options": domains},
        *kept,
    ]


def heading(period: Period, about: str = "") -> str:
    """Its title in the reader's language; that of the paper is Chinese."""
    if not is_english():
        return title_of(period, about)
    named = {
        Kind.WEEK: _("%(year)s年第%(number)s周"),
        Kind.MONTH: _("%(year)s年%(number)s月"),
        Kind.QUARTER: _("%(year)s年第%(number)s季度"),
        Kind.MONTHS: _("%(year)s年1至%(number)s月"),
        Kind.YEAR: _("%(year)s年"),
    }[period.kind] % {"year": period.year, "number": period.number}
    said = {"period": named, "about": about}
    return _("%(period)s%(about)s信访举报情况专题分析") % said if about else _("%(period)s信访举报情况分析") % said


def stats(said: Bulletin, of: Of | None = None) -> list[Row]:
    """总量 and the rates."""
    whole = {"label": _("总量"), "value": said.total, "href": _rows(said, of or {})}
    rates = [{"label": rate.title, "value": f"{rate.percent}%"} for rate in said.rates if rate.percent is not None]
    return [whole, *rates]


def changes(said: Bulletin) -> list[Row]:
    """环比 and 同比."""
    return [
        fact(CHANGES[each.kind], f"{each.difference:+d}", sub=f"{each.percent:+}%" if each.percent is not None else "")
        for each in said.changes
    ]


def sections(said: Bulletin, of: Of | None = None) -> list[Section]:
    """The sentences, which are those of the paper; pictures; then a table a dimension, each figure with its rows."""
    of = of or {}
    tables = [table for table in said.tables if table.rows]
    rates = [Section(_("办理质效"), RATES, _rate_lines(said, of), is_even=True, is_folded=True)] if said.rates else []
    if said.heads:
        rates.append(Section(_("每万人信访举报"), HEADS, _head_lines(said, of), is_even=True, is_folded=True))
    drawn = charts(said, width=360, link=lambda table, row: figure_rows(said, table, row, of))
    return [
        Section(pgettext("bulletin", "情况"), words="\n\n".join(filter(None, paragraphs(said)))),
        *(Section(chart.title, svg=to_svg(chart)) for chart in drawn),
        *rates,
        *(_counted(table, _lines(said, table, of)) for table in tables),
    ]


def listed(said: Bulletin, lists: Lists, of: Of) -> list[Section]:
    """The two lists of a month, the first of each; and the way to all."""
    found = []
    for one in lists:
        rows = [_item(row) for row in one.rows.select_related("subject", "domain")[: SHOWN + 1]]
        if len(rows) > SHOWN:
            more = {"text": _("查看全部"), "href": _rows(said, {**one.asked, **of})}
            rows = [*rows[:SHOWN], {"cells": [more, *[""] * (len(LIST) - 1)]}]
        found.append(Section(one.title, LIST, rows, empty=_("本月没有")))
    return found


def _item(row: Petition) -> Row:
    code = {"text": row.code, "href": reverse("desk:petition", args=[row.uid])}
    unit, state = str(row.subject or ""), {"text": row.get_state_display(), "tone": "neutral"}
    return {"cells": [code, iso(row.received_on), unit, row.get_nature_display(), said_of(row.domain), state]}


def _links(said: Bulletin, query: dict[str, Any]) -> list[Row]:
    """To the period before and after, for inside and outside, to the check of a typed one, to Word."""
    page = reverse("desk:petitions-bulletin")
    found = []
    for label, other in ((_("上一期"), _other(said.period, back=True)), (_("下一期"), _other(said.period, back=False))):
        if other is not None:
            found.append({"label": label, "href": f"{page}?{urlencode({**query, **query_of(other)})}"})
    turned = {**query, "outside": "" if said.is_for_outside else "1"}
    label = _("本室稿") if said.is_for_outside else _("对外稿")
    found.append({"label": label, "href": f"{page}?{urlencode(turned)}"})
    found.append({"label": _("核对数字"), "href": reverse("desk:petitions-figures")})
    word = reverse("desk:petitions-bulletin-word")
    return [*found, {"label": "Word", "href": f"{word}?{urlencode(query)}", "icon": "download"}]


def _populations() -> list[Row]:
    return [{"label": _("常住人口数"), "href": reverse("desk:populations")}]


def query_of(period: Period) -> dict[str, Any]:
    """A period as the page's URL says it."""
    return {"kind": period.kind.value, "year": period.year, "number": period.number}


def _other(period: Period, *, back: bool) -> Period | None:
    try:
        if back:
            return period.before()
        if period.kind is Kind.YEAR:
            return Period(period.kind, period.year + 1)
        return Period(period.kind, period.year, period.number + 1)
    except Unlike:
        return None
    except ValueError:
        return Period(period.kind, period.year + 1, 1)


def _lines(said: Bulletin, table: Table, of: Of) -> list[Row]:
    places = [figure_rows(said, table.key, row.key, of) if _opens(row, level) else "" for row, level in levels(table)]
    return _listed(table, places)


def _opens(row: Line, level: int) -> bool:
    """A line of the level below that only says that nothing is said there opens nothing by itself."""
    return not (level and row.key == UNSAID)


def plain(table: Table) -> Section:
    """The table without the way to any row: for whom it was sent to."""
    return _counted(table, _listed(table, [""] * len(levels(table))))


def _counted(table: Table, lines: list[Row]) -> Section:
    """A table; without the year before where nothing is told of it."""
    columns = COLUMNS if has_before(table) else COLUMNS[:-1]
    rows = [line | {"cells": line["cells"][: len(columns)]} for line in lines]
    return Section(table.title, columns, rows, is_even=True, is_folded=True)


def _listed(table: Table, places: list[str]) -> list[Row]:
    rows = []
    for (row, level), href in zip(levels(table), places, strict=True):
        count = {"text": HIDDEN} if row.count is None else {"text": row.count, "href": href}
        share = f"{row.share}%" if row.share is not None else ""
        before = "" if row.year_before is None else row.year_before
        rows.append({"cells": [INDENT * level + row.label, count, share, before]})
    share = "100.0%" if table.total and all(row.share is not None for row in table.rows) else ""
    before = "" if table.year_before is None else table.year_before
    return [*rows, {"cells": [_("合计"), table.total, share, before]}]


def _rate_lines(said: Bulletin, of: Of) -> list[Row]:
    """Each share with its two numbers, which open their rows."""
    rows = []
    for one in said.rates:
        places = [
            _rows(said, ({"column": column, "value": value} if column else {}) | of)
            for column, value in OF_RATES[one.key].rows
        ]
        counts = [{"text": number, "href": href} for number, href in zip((one.part, one.whole), places, strict=True)]
        rows.append({"cells": [one.title, *counts, f"{one.percent}%" if one.percent is not None else ""]})
    return rows


def _head_lines(said: Bulletin, of: Of) -> list[Row]:
    """人均, each with the day and source of its population."""
    rows = []
    for one in said.heads:
        count = {"text": one.count, "href": _rows(said, {"column": "place", "value": one.key, **of})}
        people = {"text": f"{one.people:,}", "title": f"{iso(one.on)} {one.source}"}
        rows.append({"cells": [one.label, count, people, f"{one.rate}"]})
    return rows


def figure_rows(said: Bulletin, table: str, value: str, of: Of | None = None) -> str:
    """The register with the rows that a line of a table counts; `of`: the office, domain and unit that it is about."""
    of = of or {}
    if table == "time":
        first, last = span(said.period, value)
        return _rows(said, {"since": first.isoformat(), "until": min(last, said.until).isoformat(), **of})
    if table == "overdue":  # whenever it came
        return _rows(said, {"column": table, "value": value, "since": "", **of})
    kind = {"kind": "accusation"} if table in OF_REPORTS else {}
    value = value.split(".")[-1] if table == "same_sender" else value
    return _rows(said, {"column": table, "value": value, **kind, **of})


def _rows(said: Bulletin, more: Of) -> str:
    days = {"since": said.period.first.isoformat(), "until": said.until.isoformat()}
    asked = {name: value for name, value in {**days, **more}.items() if value}
    return f"{reverse('desk:petitions')}?{urlencode(asked)}"
