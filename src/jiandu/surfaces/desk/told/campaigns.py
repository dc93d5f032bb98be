"""Pages of 专项整治: the campaigns, one with its self-checks, spot-checks, findings, proposals and rules."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors import tallies
from jiandu.loop.instruments import selectors as instruments
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.outcomes import selectors as outcomes
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told import approving, schedule
from jiandu.surfaces.desk.told.instruments import made as made_sheets
from jiandu.surfaces.desk.told.rules import made as made_rules
from jiandu.surfaces.desk.wording import said

COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("专项名称"), "main"),
    (gettext_lazy("领域"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("立项日期"), "date"),
    (gettext_lazy("已整改/发现问题"), "num"),
)
SELF_CHECKS = (
    (gettext_lazy("自查单位"), "main"),
    (gettext_lazy("自查日期"), "date"),
    (gettext_lazy("自查发现问题"), "num"),
    (gettext_lazy("已自纠"), "num"),
    (gettext_lazy("自查情况"), "wrap"),
)
SPOT_CHECKS = (
    (gettext_lazy("抽查单位"), "main"),
    (gettext_lazy("抽查日期"), "date"),
    (gettext_lazy("参加人员"), ""),
    (gettext_lazy("了解到的情况"), "wrap"),
)
EVENTS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("办理人"), ""),
)


def campaigns(viewer: Viewer, year: int | None) -> Listed:
    """The campaigns, newest year first, with what each has found and settled."""
    counts: dict[Any, tuple[int, int]] = {}

    def fetch(rows: list[Activity]) -> None:
        counts.update(tallies.counts_by_source(viewer, [row.uid for row in rows]))

    def told(row: Activity) -> Row:
        all_, settled = counts.get(row.uid, (0, 0))
        label, tone = _status(row)
        cells = [row.code, row.name, said(row.field), str(row.owner_office), {"text": label, "tone": tone}]
        return {"href": page_of_campaign(row), "cells": [*cells, iso(row.approved_on), f"{settled}/{all_}"]}

    rows = selectors.activities(viewer, kind=Activity.Kind.CAMPAIGN, year=year)
    return Listed(
        title=_("专项整治"),
        columns=COLUMNS,
        rows=rows.select_related("owner_office", "field"),
        row=told,
        filters=[{"name": "year", "label": _("年度"), "type": "number", "value": year or ""}],
        more=fetch,
        empty=_("还没有专项整治"),
    )


def page_of_campaign(one: Activity) -> str:
    return reverse("desk:campaign", args=[one.uid])


def _status(one: Activity) -> tuple[str, str]:
    if one.ended_on:
        return _("已结项"), "done"
    return (_("进行中"), "progress") if one.approved_on else (_("拟立项"), "warn")


def campaign(viewer: Viewer, one: Activity, link: Links) -> Told:
    """One campaign."""
    checks, visits = list(selectors.self_checks_of(viewer, one)), list(selectors.visits_of(viewer, one))
    sheets = list(instruments.of_activity(viewer, one))
    rules = list(outcomes.rules_of_activity(viewer, one))
    return Told(
        title=one.name,
        lede=one.code,
        badge=_status(one),
        back=(_("专项整治"), f"{reverse('desk:campaigns')}?year={one.year}"),
        links=_doors(viewer, one),
        stats=[
            {"label": _("自查发现问题"), "value": sum(row.found_count for row in checks)},
            {"label": _("抽查家次"), "value": len(visits)},
            _found(viewer, one),
            {"label": _("已送达建议书"), "value": sum(_is_counted(row) for row in sheets)},
            {"label": _("建章立制"), "value": len(rules)},
        ],
        facts=[
            fact(_("领域"), said(one.field)),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("立项日期"), iso(one.approved_on)),
            fact(_("结项日期"), iso(one.ended_on)),
            fact(_("方案"), one.plan, wide=True),
        ],
        sections=[
            Section(_("自查自纠"), SELF_CHECKS, [_check(row, link) for row in checks], empty=_("还没有登记自查")),
            Section(_("抽查"), SPOT_CHECKS, [_visit(row, link) for row in visits], empty=_("还没有登记抽查")),
            made_sheets(sheets),
            made_rules(_("建章立制"), rules, _("还没有登记制度")),
            *approving.of_activity(viewer, one, link),
            Section(_("记事"), EVENTS, [_event(row, link) for row in selectors.events_of(viewer, one)]),
        ],
    )


def _is_counted(row: Any) -> bool:
    return row.kind in Instrument.PROPOSALS and row.delivered_on is not None


def _found(viewer: Viewer, one: Activity) -> Row:
    found = sum(tallies.by_state(viewer, one).values())
    return {"label": _("发现问题"), "value": found, "href": f"{reverse('desk:findings')}?activity={one.pk}"}


def _doors(viewer: Viewer, one: Activity) -> list[Row]:
    word = {"label": "Word", "href": reverse("desk:campaign-word", args=[one.uid]), "icon": "download"}
    links: list[Row] = [word, schedule.door(one)]
    if guard.allow(viewer, "create", Instrument):
        href = f"{reverse('desk:letters')}?act=draft&kind=joint&activity={one.uid}&source={one.name}"
        links.append({"label": _("起草建议书"), "href": href, "icon": "plus"})
    if guard.allow(viewer, "create", Finding):
        href = f"{reverse('desk:finding-new')}?source=activity:{one.uid}"
        links.append({"label": _("登记问题"), "href": href, "icon": "plus", "primary": True})
    return links


def _check(row: Any, link: Links) -> Row:
    cells = [row.organisation.name, iso(row.on), row.found_count, row.fixed_count, row.note]
    return {"cells": cells, "acts": link(row, "withdraw-self-check")}


def _visit(row: Any, link: Links) -> Row:
    return {"cells": [row.organisation.name, iso(row.on), row.members, row.note], "acts": link(row, "withdraw-visit")}


def _event(row: Any, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    cells = [
        iso(row.on),
        row.get_verb_display(),
        {"text": row.note or gone, "sub": gone if row.note else ""},
        row.by_name,
    ]
    return {"cells": cells, "acts": [] if gone else link(row, "withdraw-event")}
