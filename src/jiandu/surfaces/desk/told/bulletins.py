"""Pages of 信访举报情况分析: as it counts now, and as a paper of an office; the sentences, a table a dimension with its rows."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from jiandu.base.charts.draw import to_svg
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.digests.charting import charts
from jiandu.results.digests.counting import Bulletin, Table
from jiandu.results.digests.dimensions import OF_REPORTS, is_english
from jiandu.results.digests.dimensions import RATES as OF_RATES
from jiandu.results.digests.periods import Kind, Period, Unlike
from jiandu.results.digests.slots import span
from jiandu.results.digests.word import HIDDEN
from jiandu.results.digests.wording import paragraphs, title_of
from jiandu.surfaces.desk.registers import Row, Section, Told, fact

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
CHANGES = {"环比": gettext_lazy("环比"), "同比": gettext_lazy("同比")}


def bulletin(said: Bulletin, query: dict[str, Any]) -> Told:
    """The bulletin of a period as the viewer's scope gives it."""
    return Told(
        title=heading(said.period, said.about),
        lede=_("截至%(day)s") % {"day": iso(said.until)} if said.is_running else "",
        back=(_("信访举报"), reverse("desk:petitions")),
        links=_links(said, query),
        stats=stats(said),
        facts=changes(said),
        sections=sections(said),
    )


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


def stats(said: Bulletin, office: str = "") -> list[Row]:
    """总量 and the rates."""
    whole = {"label": _("总量"), "value": said.total, "href": "" if said.about else _rows(said, _of(office))}
    rates = [{"label": rate.title, "value": f"{rate.percent}%"} for rate in said.rates if rate.percent is not None]
    return [whole, *rates]


def changes(said: Bulletin) -> list[Row]:
    """环比 and 同比."""
    return [
        fact(CHANGES[each.kind], f"{each.difference:+d}", sub=f"{each.percent:+}%" if each.percent is not None else "")
        for each in said.changes
    ]


def sections(said: Bulletin, office: str = "") -> list[Section]:
    """The sentences, which are those of the paper; pictures; then a table a dimension, each figure with its rows."""
    tables = [table for table in said.tables if table.rows]
    rates = (
        [Section(_("办理质效"), RATES, _rate_lines(said, office), is_even=True, is_folded=True)] if said.rates else []
    )
    drawn = charts(said, width=360, link=lambda table, row: figure_rows(said, table, row, office))
    return [
        Section(pgettext("bulletin", "情况"), words="\n\n".join(filter(None, paragraphs(said)))),
        *(Section(chart.title, svg=to_svg(chart)) for chart in drawn),
        *rates,
        *(Section(table.title, COLUMNS, _lines(said, table, office), is_even=True, is_folded=True) for table in tables),
    ]


def _links(said: Bulletin, query: dict[str, Any]) -> list[Row]:
    """To the period before and after, for inside and outside, to the check of a typed one, to Word."""
    page = reverse("desk:petitions-bulletin")
    found = []
    for label, other in ((_("上一期"), _other(said.period, back=True)), (_("下一期"), _other(said.period, back=False))):
        if other is not None:
            found.append({"label": label, "href": f"{page}?{urlencode(query_of(other))}"})
    turned = {**query, "outside": "" if said.is_for_outside else "1"}
    label = _("本室稿") if said.is_for_outside else _("对外稿")
    found.append({"label": label, "href": f"{page}?{urlencode(turned)}"})
    found.append({"label": _("核对数字"), "href": reverse("desk:petitions-figures")})
    word = reverse("desk:petitions-bulletin-word")
    return [*found, {"label": "Word", "href": f"{word}?{urlencode(query)}", "icon": "download"}]


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


def _lines(said: Bulletin, table: Table, office: str) -> list[Row]:
    places = [figure_rows(said, table.key, row.key, office) for row in table.rows]
    return _listed(table, places)


def plain_lines(table: Table) -> list[Row]:
    """The table without the way to any row: for whom it was sent to."""
    return _listed(table, [""] * len(table.rows))


def _listed(table: Table, places: list[str]) -> list[Row]:
    rows = []
    for row, href in zip(table.rows, places, strict=True):
        count = {"text": HIDDEN} if row.count is None else {"text": row.count, "href": href}
        share = f"{row.share}%" if row.share is not None else ""
        rows.append({"cells": [row.label, count, share, "" if row.year_before is None else row.year_before]})
    share = "100.0%" if table.total and all(row.share is not None for row in table.rows) else ""
    before = "" if table.year_before is None else table.year_before
    return [*rows, {"cells": [_("合计"), table.total, share, before]}]


def _rate_lines(said: Bulletin, office: str) -> list[Row]:
    """Each share with its two numbers, which open their rows."""
    rows = []
    for one in said.rates:
        places = [
            "" if said.about else _rows(said, ({"column": column, "value": value} if column else {}) | _of(office))
            for column, value in OF_RATES[one.key].rows
        ]
        counts = [{"text": number, "href": href} for number, href in zip((one.part, one.whole), places, strict=True)]
        rows.append({"cells": [one.title, *counts, f"{one.percent}%" if one.percent is not None else ""]})
    return rows


def figure_rows(said: Bulletin, table: str, value: str, office: str = "") -> str:
    """The register with the rows that a line of a table counts."""
    if said.about:  # the register has no filter by unit and those under it
        return ""
    if table == "time":
        first, last = span(said.period, value)
        return _rows(said, {"since": first.isoformat(), "until": min(last, said.until).isoformat(), **_of(office)})
    kind = {"kind": "accusation"} if table in OF_REPORTS else {}
    return _rows(said, {"column": table, "value": value, **kind, **_of(office)})


def _of(office: str) -> dict[str, str]:
    return {"office": office} if office else {}


def _rows(said: Bulletin, more: dict[str, str]) -> str:
    days = {"since": said.period.first.isoformat(), "until": said.until.isoformat()}
    return f"{reverse('desk:petitions')}?{urlencode({**days, **more})}"
