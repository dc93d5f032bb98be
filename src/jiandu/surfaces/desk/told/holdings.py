"""A collective's ledgers, row by row: how each is listed, one thing with all that was ever said of it, what changed between two days."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers import villages
from jiandu.sources.ledgers.collectives import (
    Asset,
    Collective,
    Contract,
    Due,
    Fund,
    Kept,
    LedgerKind,
    LedgerSheet,
    Receipt,
    Use,
    Works,
)
from jiandu.sources.ledgers.columns import LEDGERS, NAMES
from jiandu.sources.ledgers.journals import Disclosure, Journal
from jiandu.sources.ledgers.villages import Village
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told import journals

TONES = {Use.OCCUPIED: "danger", Use.IDLE: "warn", Use.LEASED: "progress"}
NUMBER = (gettext_lazy("编号"), "code")
COLUMNS: dict[LedgerKind, tuple[tuple[Any, str], ...]] = {
    LedgerKind.ASSET: (NUMBER, (gettext_lazy("名称"), "main"), (gettext_lazy("类别"), ""), (gettext_lazy("面积(亩)"), "num"), (gettext_lazy("原值(元)"), "num"), (gettext_lazy("使用状态"), "state"), (gettext_lazy("使用人"), ""), (gettext_lazy("地点"), "wrap")),
    LedgerKind.RESOURCE: (NUMBER, (gettext_lazy("名称"), "main"), (gettext_lazy("类别"), ""), (gettext_lazy("面积(亩)"), "num"), (gettext_lazy("使用状态"), "state"), (gettext_lazy("使用人"), ""), (gettext_lazy("四至"), "wrap")),
    LedgerKind.CONTRACT: (NUMBER, (gettext_lazy("标的"), "main"), (gettext_lazy("承包方(承租方)"), ""), (gettext_lazy("期限起"), "date"), (gettext_lazy("期限止"), "date"), (gettext_lazy("年租金(元)"), "num"), (gettext_lazy("交易方式"), ""), (gettext_lazy("合同状态"), "state")),
    LedgerKind.DUE: (NUMBER, (gettext_lazy("合同编号"), "main"), (gettext_lazy("应收日"), "date"), (gettext_lazy("应收额(元)"), "num"), (gettext_lazy("减免额(元)"), "num"), (gettext_lazy("决议日期"), "date"), (gettext_lazy("减免决议"), "wrap")),
    LedgerKind.RECEIPT: (NUMBER, (gettext_lazy("合同编号"), "main"), (gettext_lazy("应收编号"), ""), (gettext_lazy("实收日"), "date"), (gettext_lazy("入账日"), "date"), (gettext_lazy("实收额(元)"), "num"), (gettext_lazy("收据号"), "")),
    LedgerKind.FUND: ((gettext_lazy("账户"), "main"), (gettext_lazy("资金类别"), ""), (gettext_lazy("户名"), ""), (gettext_lazy("账面余额(元)"), "num"), (gettext_lazy("实存余额(元)"), "num"), (gettext_lazy("账实"), "state"), (gettext_lazy("不符原因"), "wrap")),
    LedgerKind.WORKS: (NUMBER, (gettext_lazy("项目名称"), "main"), (gettext_lazy("类别"), ""), (gettext_lazy("采购方式"), ""), (gettext_lazy("中标人(承包人)"), ""), (gettext_lazy("合同价(元)"), "num"), (gettext_lazy("已付(元)"), "num"), (gettext_lazy("项目状态"), "state"), (gettext_lazy("需核对"), "wrap")),
    **journals.COLUMNS,
}  # fmt: skip


def place(one: Collective, kind: str, **asked: Any) -> str:
    """Where a ledger of the collective is listed, narrowed."""
    query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
    return reverse("desk:collective-ledger", args=[one.uid, kind]) + (f"?{query}" if query else "")


def door(one: Collective, kind: str, row: Kept) -> str:
    """The page of one thing."""
    return reverse("desk:collective-row", args=[one.uid, kind, row.uid])


def use(row: Any) -> Row:
    """使用状态 as a mark."""
    return {"text": row.get_status_display(), "tone": TONES.get(row.status, "done")}


def term(row: Contract, on: date) -> Row:
    """合同状态: running past its end is told as such."""
    if row.status == Contract.Status.RUNNING and row.end_on and row.end_on < on:
        return {"text": _("到期未处置"), "tone": "danger"}
    tone = {"running": "done", "litigation": "warn", "expired": "warn"}.get(row.status, "neutral")
    return {"text": row.get_status_display(), "tone": tone}


def agrees(row: Fund) -> Row:
    """Whether the books agree with the bank."""
    if row.off_fen:
        return {"text": _("相差%(amount)s") % {"amount": money_fen(row.off_fen)}, "tone": "danger"}
    return {"text": pgettext("fund", "相符"), "tone": "done"}


def stage(row: Works) -> Row:
    """项目状态 as a mark."""
    tone = {Works.Status.STOPPED: "warn", Works.Status.RUNNING: "progress", Works.Status.PLANNED: "neutral"}
    return {"text": row.get_status_display(), "tone": tone.get(Works.Status(row.status), "done")}


def doubted(row: Works) -> str:
    """What of works or a purchase speaks against something else in its row."""
    words = {
        "late_decision": _("先签订后决策"),
        "over_budget": _("超预算"),
        "changed": _("变更超过合同价10%"),
        "over_paid": _("超付"),
        "unaccepted": _("未验收已付清"),
    }
    return "；".join(words[key] for key in villages.doubts(row))


def area(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,.2f}"


def money(value: int | None) -> str:
    return "" if value is None else money_fen(value)


def _held(row: Any, *tail: Any) -> list[Any]:
    return [use(row), shown_name(row.user_name, row.user_mark), *tail]


def cells(kind: LedgerKind, row: Any, on: date) -> list[Any]:
    """A row of a ledger as it is listed: names of persons with their first character alone."""
    tellers: dict[LedgerKind, Callable[[], list[Any]]] = {
        LedgerKind.ASSET: lambda: [row.get_kind_display(), area(row.area_mu), money(row.original_fen), *_held(row, row.place)],
        LedgerKind.RESOURCE: lambda: [row.get_kind_display(), area(row.area_mu), *_held(row, row.bounds)],
        LedgerKind.CONTRACT: lambda: [shown_name(row.lessee, row.lessee_mark), iso(row.start_on), iso(row.end_on), money(row.rent_fen), row.get_mode_display(), term(row, on)],
        LedgerKind.DUE: lambda: [iso(row.due_on), money(row.amount_fen), money(row.reduced_fen or None), iso(row.resolved_on), row.resolution],
        LedgerKind.RECEIPT: lambda: [row.due_code, iso(row.paid_on), iso(row.banked_on), money(row.amount_fen), row.receipt_no],
        LedgerKind.FUND: lambda: [row.get_kind_display(), row.holder, money(row.book_fen), money(row.actual_fen), agrees(row), row.reason],
        LedgerKind.WORKS: lambda: [row.get_kind_display(), row.get_way_display(), shown_name(row.contractor, row.contractor_mark), money(row.contract_fen), money(row.paid_fen), stage(row), doubted(row)],
        LedgerKind.DISCLOSURE: lambda: journals.disclosed(row),
    }  # fmt: skip
    return tellers[kind]()


def _name(row: Any) -> str:
    if isinstance(row, Disclosure):
        return iso(row.period_on)
    names = ((Contract, "thing"), (Due, "contract_code"), (Receipt, "contract_code"), (Journal, "summary"))
    return str(getattr(row, next((name for model, name in names if isinstance(row, model)), "name")))


def listed(one: Collective, kind: LedgerKind, row: Any, on: date, then: dict[str, int] | None = None) -> Row:
    """A row that opens its page. `then`: of a journal, the balances that would follow where others are said."""
    href = door(one, kind, row)
    if kind == LedgerKind.JOURNAL:
        line = journals.line(row, (then or {}).get(row.code))
        return {"cells": [row.code, {"text": _name(row), "href": href}, *line]}
    if kind == LedgerKind.FUND:
        return {"cells": [{"text": row.code, "href": href}, *cells(kind, row, on)]}
    return {"cells": [row.code, {"text": _name(row), "href": href}, *cells(kind, row, on)]}


def only_labels(kind: LedgerKind) -> list[tuple[str, Any]]:
    """How a ledger can be narrowed."""
    said: dict[LedgerKind, list[tuple[str, Any]]] = {
        LedgerKind.ASSET: [*Use.choices, ("bare", _("占用且无有效合同"))],
        LedgerKind.RESOURCE: [*Use.choices, ("bare", _("占用且无有效合同"))],
        LedgerKind.CONTRACT: [("running", _("履行中")), ("ending", _("90天内到期")), ("expired", _("到期未处置")), ("owing", _("有欠缴"))],
        LedgerKind.DUE: [("unpaid", _("未缴清")), *((key, label) for key, label in ages())],
        LedgerKind.RECEIPT: [("unbanked", _("未入账"))],
        LedgerKind.FUND: [("off", _("账实不符"))],
        LedgerKind.WORKS: [*Works.Status.choices, ("doubtful", _("需核对"))],
        LedgerKind.JOURNAL: journals.only_labels(),
        LedgerKind.DISCLOSURE: [],
    }  # fmt: skip
    return said[kind]


def ages() -> list[tuple[str, str]]:
    """How long something is overdue, in words."""
    return [
        ("m1", _("逾期30天以内")),
        ("m3", _("逾期31至90天")),
        ("y1", _("逾期91天至1年")),
        ("more", _("逾期1年以上")),
    ]


def _keys(kind: LedgerKind, only: str, known: Village) -> list[int]:
    """The keys of the rows that are meant."""
    found: dict[str, Callable[[], list[Any]]] = {
        "bare": lambda: known.bare,
        "running": lambda: known.running,
        "ending": lambda: known.ending,
        "expired": lambda: known.expired,
        "off": lambda: known.off,
        "doubtful": lambda: known.doubtful,
        "owing": lambda: [row for row in known.contracts if known.owed(row.code)],
    }
    model = LEDGERS[kind].model
    return [row.pk for row in found[only]() if isinstance(row, model)]


def narrowed(viewer: Viewer, one: Collective, kind: LedgerKind, only: str, on: date) -> "QuerySet[Any]":
    """What the ledger said on the day, narrowed."""
    rows = villages.rows_on(viewer, one, kind, on)
    if only in Use and kind in {LedgerKind.ASSET, LedgerKind.RESOURCE}:
        return rows.filter(status=only)
    if only in Works.Status and kind == LedgerKind.WORKS:
        return rows.filter(status=only)
    if only == "unbanked":
        return rows.filter(banked_on__isnull=True)
    if kind == LedgerKind.JOURNAL:
        rows = rows.order_by("-booked_on", "-code", "-pk")
        if only == "uneven":
            return rows.filter(code__in=list(journals.uneven(viewer, one, on)))
        return rows.filter(journals.ONLY[only]) if only else rows
    if not only:
        return rows
    known = villages.village(viewer, one, on)
    if kind == LedgerKind.DUE:
        codes = [row.due_code for row in known.unpaid if only == "unpaid" or row.age(on) == only]
        return rows.filter(code__in=codes)
    return rows.filter(pk__in=_keys(kind, only, known))


def ledger(viewer: Viewer, one: Collective, kind: LedgerKind, only: str, on: date) -> Listed:
    """One ledger of a collective as it stood on a day."""
    known = dict(only_labels(kind))
    only = only if only in known else ""
    then = journals.uneven(viewer, one, on) if kind == LedgerKind.JOURNAL else {}
    return Listed(
        title=f"{one.name} · {kind.label}",
        columns=COLUMNS[kind],
        rows=narrowed(viewer, one, kind, only, on),
        row=lambda row: listed(one, kind, row, on, then),
        tabs=[
            {"label": each.label, "href": place(one, each, on=iso(on)), "current": each == kind} for each in LedgerKind
        ],
        filters=[
            {
                "name": "only",
                "label": _("只看"),
                "type": "select",
                "value": only,
                "options": [("", "—"), *known.items()],
            },
            {"name": "on", "label": _("截止日"), "type": "date", "value": iso(on)},
        ],
        links=[{"label": _("返回村集体"), "href": reverse("desk:collective", args=[one.uid])}],
        note=_("所列为该日台账所记；自然人姓名只显示姓，查看单条记录时留痕。"),
        empty=_("该日台账中没有这样的记录"),
    )


def words_of(kind: LedgerKind, key: str, row: Any) -> str:
    """A column of a row in words; a person's name whole."""
    value = getattr(row, key)
    if value is None or value == "":
        return ""
    if key.endswith("_fen"):
        return money_fen(value)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return iso(value)
    if isinstance(value, Decimal):
        return area(value)
    labels = dict(LEDGERS[kind].model._meta.get_field(key).flatchoices or ())  # type: ignore[union-attr]
    return str(labels.get(value, value))


def label_of(kind: LedgerKind, key: str) -> str:
    """What a column is called, without a unit that its values do not have."""
    return str(LEDGERS[kind].model._meta.get_field(key).verbose_name).replace("(分)", "(元)").replace("(fen)", "(yuan)")  # type: ignore[union-attr]


VERSIONS = (
    (gettext_lazy("起"), "date"),
    (gettext_lazy("止"), "date"),
    (gettext_lazy("报送"), "main"),
    (gettext_lazy("与上一次相比"), "wrap"),
)


def thing(viewer: Viewer, one: Collective, kind: LedgerKind, row: Any, more: list[Section]) -> Told:
    """One thing: what the ledger says of it, and all that it ever said."""
    rows = villages.history(viewer, one, kind, row.code)
    keys = [key for key in LEDGERS[kind].fields if not key.endswith("_mark")]
    long = {"note", "text", "bounds", "place", "resolution", "reason", "summary"}
    facts = [
        fact(label_of(kind, key), words_of(kind, key, row), wide=key in long)
        for key in sorted(keys, key=lambda key: key in long)
    ]
    return Told(
        title=str(row.code if isinstance(row, Due | Receipt | Fund) else _name(row)),
        lede=f"{kind.label} {row.code}",
        badge=(_("列入现行台账"), "done") if row.until is None else (_("已不再列入"), "neutral") if row.is_gone else (_("已更新"), "neutral"),
        back=(one.name, reverse("desk:collective", args=[one.uid])),
        back_is_name=True,
        facts=facts,
        sections=[*more, Section(_("历次报送"), VERSIONS, _versions(kind, rows))],
    )  # fmt: skip


def _versions(kind: LedgerKind, rows: list[Any]) -> list[Row]:
    told = []
    for number, row in enumerate(rows):
        before = rows[number + 1] if number + 1 < len(rows) else None
        sheet = _("%(day)s报送") % {"day": iso(row.sheet.as_of)} + (
            f" {row.sheet.sent_by}" if row.sheet.sent_by else ""
        )
        said = difference(kind, before, row) if before else _("首次列入")
        told.append(
            {
                "cells": [
                    iso(row.since),
                    iso(row.until),
                    {"text": sheet, "sub": _("不再列入") if row.is_gone else ""},
                    said,
                ]
            }
        )
    return told  # fmt: skip


def difference(kind: LedgerKind, before: Any, after: Any, *, is_masked: bool = False) -> str:
    """What differs between two sayings of one thing, in words."""
    keys = [key for key in LEDGERS[kind].fields if not key.endswith("_mark")]
    told = [
        f"{label_of(kind, key)} {_said(kind, key, before, is_masked) or '—'} → {_said(kind, key, after, is_masked) or '—'}"
        for key in keys
        if getattr(before, key) != getattr(after, key)
    ]
    return "；".join(told) or _("无变化")


def _said(kind: LedgerKind, key: str, row: Any, is_masked: bool) -> str:
    if is_masked and key in NAMES:
        return shown_name(getattr(row, key), getattr(row, NAMES[key]))
    return words_of(kind, key, row)


MOVED = (NUMBER, (gettext_lazy("名称"), ""), (gettext_lazy("变化"), "state"), (gettext_lazy("情况"), "wrap main-wrap"))


def changes(viewer: Viewer, one: Collective, first: date, second: date, sent: list[LedgerSheet]) -> Told:
    """What the ledgers say otherwise on the second day, ledger by ledger; below it the sheets that were taken in."""
    moved = villages.changes(viewer, one, first, second, villages.moved_kinds(sent, first, second))
    counts = {act: sum(each.act == act for each in moved) for act in ("added", "changed", "gone")}
    labels = (("added", _("新增")), ("changed", _("变动")), ("gone", _("不再列入")))
    return Told(
        title=_("台账变化"),
        lede=f"{one.name} · {iso(first)} → {iso(second)}",
        back=(one.name, reverse("desk:collective", args=[one.uid])),
        back_is_name=True,
        links=_steps(one, sorted({row.as_of for row in sent}, reverse=True)),
        stats=[{"label": label, "value": counts[act]} for act, label in labels],
        sections=[*_by_ledger(one, moved), _sheets(sent)],
    )


def _by_ledger(one: Collective, moved: list[villages.Moved]) -> list[Section]:
    by_kind = {kind: [_moved(one, each) for each in moved if each.kind == kind] for kind in LedgerKind}
    found = [Section(kind.label, MOVED, rows) for kind, rows in by_kind.items() if rows]
    return found or [Section(_("台账变化"), words="", empty=_("两日之间台账没有变化"))]


SHEETS = ((gettext_lazy("数据截止日"), "date"), (gettext_lazy("台账"), "main"), (gettext_lazy("报送单位"), ""), (gettext_lazy("报送方式"), ""), (gettext_lazy("行数"), "num"), (gettext_lazy("新增"), "num"), (gettext_lazy("变动"), "num"), (gettext_lazy("不再列入"), "num"))  # fmt: skip


def _sheets(rows: list[LedgerSheet]) -> Section:
    told = [
        {"cells": [iso(row.as_of), row.get_kind_display(), row.sent_by, _("全量") if row.is_whole else _("增量"), row.rows, row.added, row.changed, row.gone]}
        for row in rows[:24]
    ]  # fmt: skip
    return Section(_("台账报送"), SHEETS, told, empty=_("还没有报送"))


def _steps(one: Collective, days: list[date]) -> list[Row]:
    """The last pairs of days on which something came in."""
    here = reverse("desk:collective-changes", args=[one.uid])
    pairs = list(zip(days[1:], days, strict=False))[:4]
    return [{"label": f"{iso(a)} → {iso(b)}", "href": f"{here}?since={iso(a)}&until={iso(b)}"} for a, b in pairs]


def _moved(one: Collective, each: villages.Moved) -> Row:
    row = each.after or each.before
    act = {
        "added": {"text": _("新增"), "tone": "done"},
        "gone": {"text": _("不再列入"), "tone": "warn"},
        "changed": {"text": _("变动"), "tone": "progress"},
    }[each.act]
    said = difference(each.kind, each.before, each.after, is_masked=True) if each.act == "changed" else ""
    name = row.code if isinstance(row, Fund) else _name(row)
    return {"cells": [each.code, {"text": name, "href": door(one, each.kind, row)}, act, said]}  # type: ignore[arg-type]


def asset_sections(viewer: Viewer, one: Collective, row: Any, on: date) -> list[Section]:
    """Of an asset or a resource: the contracts about it; of a contract: what was due and what came in."""
    if isinstance(row, Contract):
        return [
            Section(
                each.label, COLUMNS[each], [listed(one, each, due, on) for due in rows.filter(contract_code=row.code)]
            )
            for each in (LedgerKind.DUE, LedgerKind.RECEIPT)
            for rows in (villages.rows_on(viewer, one, each, on),)
        ]
    if not isinstance(row, Asset) and not hasattr(row, "parcel_code"):
        return []
    rows = villages.rows_on(viewer, one, LedgerKind.CONTRACT, on).filter(thing_code=row.code)
    told = [listed(one, LedgerKind.CONTRACT, each, on) for each in rows]
    return [Section(_("合同"), COLUMNS[LedgerKind.CONTRACT], told, empty=_("没有关于它的合同"))]
