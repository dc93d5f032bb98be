"""Pages of 建章立制台账: every rule once, one rule with what led to it, and the rules that a record led to."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes import selectors
from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.sheet import BOOK, rows_of
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out

COLUMNS = (
    (gettext_lazy("印发日期"), "code"),
    (gettext_lazy("制度名称"), "main"),
    (gettext_lazy("文号"), ""),
    (gettext_lazy("制发机关"), ""),
    (gettext_lazy("来由"), "num"),
    (gettext_lazy("承办室组"), ""),
)
MADE = (
    (gettext_lazy("制度名称"), "main"),
    (gettext_lazy("文号"), ""),
    (gettext_lazy("制发机关"), ""),
    (gettext_lazy("印发日期"), "date"),
)
ORIGINS = ((gettext_lazy("类别"), ""), (gettext_lazy("编号"), "code"), (gettext_lazy("来由"), "main"))


def rules(viewer: Viewer, year: int | None, text: str) -> Listed:
    """Every rule once, whichever mechanism led to it."""
    return Listed(
        title=_("建章立制台账"),
        columns=COLUMNS,
        rows=selectors.rules(viewer, year=year, text=text),
        row=_row,
        filters=[
            {"name": "year", "label": _("印发年度"), "type": "number", "value": year or ""},
            {"name": "text", "label": _("名称、文号、制发机关"), "value": text},
        ],
        note=_("一项制度登记一次；由几个问题、项目、联系点事项、建议书共同推动的，都列在它的来由里。"),
        empty=_("还没有登记的制度"),
        out=Out(BOOK, rows_of),
        intake="rules-sheet",
    )


def _row(one: RuleMade) -> Row:
    cells = [iso(one.issued_on), str(one), one.number, one.issuer, one.led, str(one.owner_office)]  # type: ignore[attr-defined]
    return {"href": reverse("desk:rule", args=[one.uid]), "cells": cells}


def rule(viewer: Viewer, one: RuleMade) -> Told:
    """One rule."""
    derived = _("推定") if one.is_derived else ""
    return Told(
        title=one.named,
        lede=one.number,
        badge=(_("已撤下"), "danger") if one.withdrawn_on else (_("已登记"), "done"),
        back=(_("建章立制台账"), f"{reverse('desk:rules')}?year={one.issued_on.year}"),
        links=_text_of(one),
        facts=[
            fact(_("制发机关"), one.issuer),
            fact(_("印发日期"), iso(one.issued_on), sub=derived),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("撤下原因"), one.withdrawn_for, wide=True),
        ][: 4 if one.withdrawn_on else 3],
        sections=[Section(_("来由"), ORIGINS, [_origin(each) for each in selectors.origins_of(viewer, one)])],
    )


def _text_of(one: RuleMade) -> list[Row]:
    """The text as issued, if it is kept."""
    href = reverse("desk:rule-file", args=[one.uid])
    return [{"label": _("制度文本"), "href": href, "icon": "download"}] if one.file_sha256 else []


def made(title: str, rules: Iterable[RuleMade], empty: str = "") -> Section:
    """The rules that a record led to, each with its page."""
    rows: list[Row] = [
        {"cells": [_linked(str(one), "desk:rule", one), one.number, one.issuer, iso(one.issued_on)]} for one in rules
    ]
    return Section(title, MADE, rows, empty=empty)


def _origin(one: Any) -> Row:
    if isinstance(one, Finding):
        return {"cells": [_("问题"), _linked(one.code, "desk:finding", one), one.listed]}
    if isinstance(one, Activity):
        return {"cells": [one.get_kind_display(), {"text": one.code, "href": href_of(one.kind, one.uid)}, one.name]}
    if isinstance(one, Instrument):
        return {"cells": [one.get_kind_display(), _linked(one.number or one.code, "desk:instrument", one), one.title]}
    return {"cells": [_("联系点反映问题"), _linked(one.code, "desk:contact-problem", one), one.problem]}


def _linked(code: str, page: str, one: Any) -> Row:
    return {"text": code, "href": reverse(page, args=[one.uid]) if page else ""}
