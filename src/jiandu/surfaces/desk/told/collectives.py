"""Pages of rural collectives: the list, by place, and a village: what it owns, who uses it, what is owed, what ends soon."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import Collective, Contract, LedgerKind, Use, Works
from jiandu.sources.ledgers.villages import Narrowed, Village, doubts
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told import journals
from jiandu.surfaces.desk.told.holdings import COLUMNS as LISTED
from jiandu.surfaces.desk.told.holdings import ages, agrees, area, door, listed, money, place, term, use

SHOWN = 10  # rows of a panel; the figure opens them all
COLUMNS = (
    (gettext_lazy("集体经济组织"), "main"),
    (gettext_lazy("区"), ""),
    (gettext_lazy("镇(街道)"), ""),
    (gettext_lazy("资产(件)"), "num"),
    (gettext_lazy("他人占用"), "num"),
    (gettext_lazy("履行中合同"), "num"),
    (gettext_lazy("90天内到期"), "num"),
    (gettext_lazy("欠缴(元)"), "num"),
    (gettext_lazy("最近报送"), "date"),
)


def tabs(current: str) -> list[Row]:
    """The ways to look at it."""
    said = (("collectives", _("村集体")), ("collectives-places", _("分布图")))
    return [{"label": label, "href": reverse(f"desk:{url}"), "current": url == current} for url, label in said]


def collectives(viewer: Viewer, narrowed: Narrowed, on: date) -> Listed:
    """Those in scope, by place."""
    owed: dict[int, int] = {}
    return Listed(
        title=_("农村集体三资"),
        columns=COLUMNS,
        rows=villages.collectives(viewer, on, narrowed),
        row=lambda one: _collective(one, owed.get(one.pk, 0)),
        more=lambda rows: owed.update(villages.owed_by(viewer, rows, on)),
        tabs=tabs("collectives"),
        filters=[
            {"name": "text", "label": _("名称或信用代码"), "value": narrowed.text},
            {
                "name": "district",
                "label": _("区"),
                "type": "select",
                "value": narrowed.district or "",
                "options": [("", "—"), *villages.districts(viewer)],
            },
            *_town(viewer, narrowed),
        ],
        note=_("台账由村集体和农业农村部门登记，这里是报送的副本，只供监督核对。"),
        empty=_("还没有导入村集体台账"),
        intake="collectives-sheet",
    )


def _town(viewer: Viewer, narrowed: Narrowed) -> list[Row]:
    """The towns to choose from, once a district is chosen."""
    if not narrowed.district:
        return []
    options = [("", "—"), *villages.towns(viewer, narrowed.district)]
    label = _("镇(街道)")
    return [{"name": "street", "label": label, "type": "select", "value": narrowed.street or "", "options": options}]


def _collective(row: Any, owed: int) -> Row:
    occupied = {"text": str(row.n_occupied), "tone": "danger"} if row.n_occupied else 0
    cells = [row.name, str(row.district or ""), str(row.street or ""), row.n_assets, occupied, row.n_contracts]
    href = reverse("desk:collective", args=[row.uid])
    return {"href": href, "cells": [*cells, row.n_ending, money_fen(owed) if owed else "", iso(row.told_on)]}


def village(viewer: Viewer, one: Any, on: date, more: tuple[list[Row], list[Section]]) -> Told:
    """A village on a day. `more`: doors and panels of what stands above the ledgers."""
    known, (doors, sections) = villages.village(viewer, one, on), more
    return Told(
        title=one.name,
        lede=_("台账截止%(day)s") % {"day": iso(on)},
        badge=_standing(one),
        back=(_("农村集体三资"), reverse("desk:collectives")),
        links=[*doors, *_changes(one)],
        stats=_stats(one, known),
        facts=[
            fact(_("村(社区)"), str(one.subject or "")),
            fact(_("属地"), f"{one.district or ''}{one.street or ''}", href=_on_map(one)),
            fact(_("统一社会信用代码"), one.credit_code),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("最近报送"), iso(one.told_on) if one.told_on else _("还没有报送")),
            fact(_("有扫描件的合同"), _scanned(one, known)),
            fact(_("最近财务公开"), _shown(one), href=place(one, LedgerKind.DISCLOSURE) if one.shown_of else ""),
        ],
        sections=[
            *_bare(one, known),
            _uses(one, known),
            _owed(one, known),
            _ending(one, known),
            _funds(one, known),
            *_works(one, known),
            *journals.section(known, place(one, LedgerKind.JOURNAL, on=iso(on))),
            *sections,
        ],
    )


def _scanned(one: Any, known: Village) -> str:
    """Of how many of its contracts the text is there."""
    if not known.contracts:
        return ""
    return _("%(count)d份，共%(whole)d份合同") % {"count": one.n_scanned, "whole": len(known.contracts)}


def _shown(one: Any) -> str:
    """Of which period the village showed its money last."""
    return _("截至%(day)s") % {"day": iso(one.shown_of)} if one.shown_of else ""


def _on_map(one: Collective) -> str:
    """The map of its district."""
    return f"{reverse('desk:collectives-places')}?district={one.district_id}" if one.district_id else ""


def _standing(one: Collective) -> tuple[str, str]:
    if one.withdrawn_on:
        return _("已撤下：%(reason)s") % {"reason": one.withdrawn_for}, "neutral"
    return _("在册"), "done"


def _changes(one: Any) -> list[Row]:
    """What changed with the last sheets, and the sheets themselves."""
    here = reverse("desk:collective-changes", args=[one.uid])
    return [{"label": _("报送和变化"), "href": here, "icon": "history"}] if one.told_on else []


def _stats(one: Collective, known: Village) -> list[Row]:
    on = iso(known.on)
    owed = sum(row.fen for row in known.unpaid)
    said: tuple[tuple[str, Any, LedgerKind, str], ...] = (
        (_("资产(件)"), len(known.assets), LedgerKind.ASSET, ""),
        (_("资源(亩)"), area(sum((row.area_mu or Decimal(0) for row in known.resources), Decimal(0))), LedgerKind.RESOURCE, ""),
        (_("占用且无有效合同"), len(known.bare), LedgerKind.ASSET, "bare"),
        (_("履行中合同"), len(known.running), LedgerKind.CONTRACT, "running"),
        (_("90天内到期"), len(known.ending), LedgerKind.CONTRACT, "ending"),
        (_("到期未处置"), len(known.expired), LedgerKind.CONTRACT, "expired"),
        (_("欠缴(元)"), money_fen(owed), LedgerKind.DUE, "unpaid"),
        (_("账实不符资金"), len(known.off), LedgerKind.FUND, "off"),
    )  # fmt: skip
    return [
        {"label": label, "value": value, "href": place(one, kind, only=only, on=on)}
        for label, value, kind, only in said
    ]


BARE = ((gettext_lazy("编号"), "code"), (gettext_lazy("名称"), "main"), (gettext_lazy("使用状态"), "state"), (gettext_lazy("使用人"), ""), (gettext_lazy("面积(亩)"), "num"), (gettext_lazy("地点"), "wrap"))  # fmt: skip


def _bare(one: Collective, known: Village) -> list[Section]:
    """What others hold without a contract; no panel where nothing is."""
    rows = [
        {"cells": [row.code, {"text": row.name, "href": door(one, _kind(row), row)}, use(row), shown_name(row.user_name, row.user_mark), area(row.area_mu), row.place]}
        for row in known.bare[:SHOWN]
    ]  # fmt: skip
    return [Section(_("他人占用且无有效合同"), BARE, rows)] if rows else []


def _kind(row: Any) -> LedgerKind:
    return LedgerKind.RESOURCE if hasattr(row, "parcel_code") else LedgerKind.ASSET


USES = ((gettext_lazy("使用状态"), "state"), (gettext_lazy("资产(件)"), "num"), (gettext_lazy("资产面积(亩)"), "num"), (gettext_lazy("原值(元)"), "num"), (gettext_lazy("资源(块)"), "num"), (gettext_lazy("资源面积(亩)"), "num"))  # fmt: skip


def _uses(one: Collective, known: Village) -> Section:
    """Who uses what the village owns; each count opens its rows."""
    rows = []
    for each in Use:
        assets = [row for row in known.assets if row.status == each]
        resources = [row for row in known.resources if row.status == each]
        if not assets and not resources:
            continue
        mark = use((assets or resources)[0])
        counts = [
            {"text": str(len(own)), "href": place(one, kind, only=each, on=iso(known.on))} if own else 0
            for own, kind in ((assets, LedgerKind.ASSET), (resources, LedgerKind.RESOURCE))
        ]
        areas = [area(sum((row.area_mu or Decimal(0) for row in own), Decimal(0))) for own in (assets, resources)]
        worth = money(sum(row.original_fen or 0 for row in assets))
        rows.append({"cells": [mark, counts[0], areas[0], worth, counts[1], areas[1]]})
    return Section(_("资产资源使用情况"), USES, rows, empty=_("该日台账中没有资产和资源"))


OWED = ((gettext_lazy("合同"), "code"), (gettext_lazy("标的"), "main"), (gettext_lazy("承包方(承租方)"), ""), (gettext_lazy("最早欠缴"), "date"), (gettext_lazy("逾期天数"), "num"), (gettext_lazy("欠缴(元)"), "num"), (gettext_lazy("账龄"), "wrap"))  # fmt: skip


def _owed(one: Collective, known: Village) -> Section:
    """By contract, the most first; how old it is beside it."""
    by_code: dict[str, list[Any]] = {}
    for row in known.unpaid:
        by_code.setdefault(row.contract_code, []).append(row)
    told = sorted(by_code.items(), key=lambda item: -sum(row.fen for row in item[1]))
    rows = [_owing(one, known, code, own) for code, own in told[:SHOWN]]
    return Section(_("欠缴"), OWED, rows, empty=_("该日没有欠缴"))


def _owing(one: Collective, known: Village, code: str, own: list[Any]) -> Row:
    contract, first = known.contract(code), min(row.due_on for row in own)
    words = dict(ages())
    aged = [(words[key], sum(row.fen for row in own if row.age(known.on) == key)) for key in words]
    name: Any = {"text": contract.thing, "href": door(one, LedgerKind.CONTRACT, contract)} if contract else ""
    lessee = shown_name(contract.lessee, contract.lessee_mark) if contract else ""
    fen = sum(row.fen for row in own)
    told = "；".join(f"{label} {money_fen(each)}" for label, each in aged if each)
    return {"cells": [code, name, lessee, iso(first), (known.on - first).days, money_fen(fen), told]}


ENDING = ((gettext_lazy("合同"), "code"), (gettext_lazy("标的"), "main"), (gettext_lazy("承包方(承租方)"), ""), (gettext_lazy("期限止"), "date"), (gettext_lazy("剩余天数"), "num"), (gettext_lazy("合同状态"), "state"))  # fmt: skip


def _ending(one: Collective, known: Village) -> Section:
    """Past their end and still running first, then what ends within ninety days."""
    rows = [_ends(one, known.on, row) for row in [*known.expired, *known.ending][:SHOWN]]
    return Section(_("到期和90天内到期的合同"), ENDING, rows, empty=_("没有到期或90天内到期的合同"))


def _ends(one: Collective, on: date, row: Contract) -> Row:
    name = {"text": row.thing, "href": door(one, LedgerKind.CONTRACT, row)}
    left = (row.end_on - on).days if row.end_on else ""
    return {"cells": [row.code, name, shown_name(row.lessee, row.lessee_mark), iso(row.end_on), left, term(row, on)]}


FUNDS = ((gettext_lazy("账户"), "main"), (gettext_lazy("户名"), ""), (gettext_lazy("账面余额(元)"), "num"), (gettext_lazy("实存余额(元)"), "num"), (gettext_lazy("账实"), "state"), (gettext_lazy("不符原因"), "wrap"))  # fmt: skip


def _funds(one: Collective, known: Village) -> Section:
    """The accounts, those that do not agree first."""
    rows = [
        {"cells": [{"text": row.code, "href": door(one, LedgerKind.FUND, row)}, row.holder, money(row.book_fen), money(row.actual_fen), agrees(row), row.reason]}
        for row in sorted(known.funds, key=lambda row: not row.off_fen)
    ]  # fmt: skip
    return Section(_("资金"), FUNDS, rows, empty=_("该日台账中没有资金"))


def _works(one: Collective, known: Village) -> list[Section]:
    """Works and purchases that are not settled or need looking at, these first; no panel where there are none."""
    told = [row for row in known.works if doubts(row) or row.status != Works.Status.SETTLED]
    rows = [
        listed(one, LedgerKind.WORKS, row, known.on) for row in sorted(told, key=lambda row: not doubts(row))[:SHOWN]
    ]
    return (
        [Section(_("工程采购"), LISTED[LedgerKind.WORKS], rows, empty=_("都已结算，没有需核对的"))]
        if known.works
        else []
    )
