"""Pages of 小区公共收益: estates with what they show, coverage by place, one estate, the department's sheets."""

from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.persons import shown_name
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers import duty, selectors
from jiandu.sources.ledgers.models import Estate, Posting, Report, SpotCheck, Statement, StatementLine
from jiandu.sources.ledgers.selectors import Narrowed
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.wording import said

COLUMNS = (
    (gettext_lazy("小区编号"), "code"),
    (gettext_lazy("小区名称"), "main"),
    (gettext_lazy("区"), ""),
    (gettext_lazy("镇(街道)"), ""),
    (gettext_lazy("责任主体"), ""),
    (gettext_lazy("公示情况"), "state"),
    (gettext_lazy("线上"), ""),
    (gettext_lazy("线下"), ""),
)
GAPS = (("", "—"), ("missing", gettext_lazy("未公示")), ("totals", gettext_lazy("仅公示总额")), ("one_way", gettext_lazy("仅线上或仅线下")))  # fmt: skip


def tabs(current: str) -> list[Row]:
    """The ways to look at it."""
    said = (
        ("estates", _("小区")),
        ("estates-coverage", _("覆盖情况")),
        ("estate-statements", _("收支表")),
        ("estate-checks", _("抽查")),
        ("estate-reports", _("部门报送")),
    )
    return [{"label": label, "href": reverse(f"desk:{url}"), "current": url == current} for url, label in said]


def estates(viewer: Viewer, narrowed: Narrowed) -> Listed:
    """The estates that owe the latest due period, and whether they show it today."""
    period = duty.latest_due(today())
    districts = [("", "—"), *selectors.districts(viewer)]
    note = _("最近一个应公示周期：%(period)s，应于%(day)s前公示，公示不少于%(days)d日。")
    return Listed(
        title=_("小区公共收益"),
        columns=COLUMNS,
        rows=selectors.estates(viewer, today(), narrowed),
        row=_estate,
        tabs=tabs("estates"),
        filters=[
            {"name": "text", "label": _("小区名称或编号"), "value": narrowed.text},
            {
                "name": "district",
                "label": _("区"),
                "type": "select",
                "value": narrowed.district or "",
                "options": districts,
            },
            {"name": "gap", "label": _("缺口"), "type": "select", "value": narrowed.gap, "options": GAPS},
        ],
        note=note % {"period": duty.words(period), "day": iso(duty.due_on(period)), "days": duty.days_to_stay(period)},
        links=[{"label": _("下载报送表"), "href": reverse("desk:estates-sheet"), "icon": "download"}],
        empty=_("没有符合条件的小区"),
    )


def _estate(row: Any) -> Row:
    text, tone = _status(row)
    ways = [_("有") if one else "" for one in (row.online, row.on_site)]
    place = [str(row.district), str(row.street or "")]
    cells = [row.code, row.name, *place, row.body, {"text": text, "tone": tone}, *ways]
    return {"href": reverse("desk:estate", args=[row.uid]), "cells": cells}


def _status(row: Any) -> tuple[str, str]:
    if row.detailed:
        return _("明细公示中"), "done"
    return (_("仅公示总额"), "warn") if row.online or row.on_site else (_("未公示"), "danger")


PLACES = (
    (gettext_lazy("区划"), "main"),
    (gettext_lazy("应公示"), "num"),
    (gettext_lazy("明细公示"), "num"),
    (gettext_lazy("线上线下均公示"), "num"),
    (gettext_lazy("缺口"), "num"),
)


def coverage(viewer: Viewer, district: int | None, on: date) -> Told:
    """How many estates of each place showed the details on the day, and where the gaps are; the last periods are links."""
    period = duty.latest_due(on)
    rows = selectors.coverage(viewer, on, district=district)
    back = (
        (_("全市各区"), reverse("desk:estates-coverage")) if district else (_("小区公共收益"), reverse("desk:estates"))
    )
    sums = [sum(getattr(row, name) for row in rows) for name in ("due", "detailed", "both", "missing")]
    labels = (_("应公示"), _("明细公示"), _("线上线下均公示"), _("缺口"))
    return Told(
        title=_("公共收益公示覆盖情况"),
        lede=f"{duty.words(period)} · {iso(on)}",
        back=back,
        links=_periods(district),
        stats=[{"label": label, "value": value} for label, value in zip(labels, sums, strict=True)],
        sections=[Section(_("按区划"), PLACES, [_place(row, district) for row in rows], empty=_("没有应公示的小区"))],
    )


def _periods(district: int | None) -> list[Row]:
    """The last four periods, each as it stood on the last day on which it was the latest due."""
    shown, day, links = f"&district={district}" if district else "", today(), []
    for period in duty.periods(today(), 4):
        links.append({"label": duty.words(period), "href": f"?on={iso(day)}{shown}"})
        day = duty.due_on(period) - timedelta(days=1)
    return links


def _place(row: selectors.Covered, district: int | None) -> Row:
    place: Any = row.place or _("未填")
    listed = f"{reverse('desk:estates')}?gap=missing&district={district or row.key}"
    if not district:
        place = {"text": row.place, "href": f"{reverse('desk:estates-coverage')}?district={row.key}"}
        gap: Any = {"text": str(row.missing), "href": listed}
    else:
        gap = {"text": str(row.missing), "href": f"{listed}&street={row.key or ''}"}
    return {"cells": [place, row.due, row.detailed, row.both, gap]}


SHEETS = (
    (gettext_lazy("报送截止日"), "code"),
    (gettext_lazy("文件名"), "main"),
    (gettext_lazy("主管部门"), ""),
    (gettext_lazy("行数"), "num"),
    (gettext_lazy("变动"), "num"),
    (gettext_lazy("部门确认"), "state"),
)


def reports(viewer: Viewer) -> Listed:
    """The department's sheets, newest first."""
    return Listed(
        title=_("小区公共收益"),
        columns=SHEETS,
        rows=selectors.reports(viewer),
        row=_report,
        tabs=tabs("estate-reports"),
        empty=_("还没有部门报送"),
    )


def _report(row: Report) -> Row:
    sure = {"text": row.confirmed_by, "tone": "done"} if row.confirmed_on else {"text": _("待部门确认"), "tone": "warn"}
    cells = [iso(row.as_of), row.name, str(row.subject or ""), row.rows, row.changed, sure]
    return {"href": reverse("desk:estate-report", args=[row.uid]), "cells": cells}


def report(one: Report) -> Told:
    """One sheet."""
    sure = (_("部门已确认"), "done") if one.confirmed_on else (_("待部门确认"), "warn")
    return Told(
        title=one.name,
        badge=sure,
        back=(_("部门报送"), reverse("desk:estate-reports")),
        sections=[],
        facts=[
            fact(_("报送截止日"), iso(one.as_of)),
            fact(_("主管部门"), str(one.subject or "")),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("行数"), one.rows),
            fact(_("变动"), one.changed),
            fact(_("部门确认"), " ".join(filter(None, [one.confirmed_by, iso(one.confirmed_on)]))),
            fact("SHA-256", one.sha256, wide=True),
        ],
    )


POSTINGS = (
    (gettext_lazy("公示周期"), "main"),
    (gettext_lazy("公示方式"), ""),
    (gettext_lazy("公示内容"), ""),
    (gettext_lazy("公示起"), "date"),
    (gettext_lazy("公示止"), "date"),
    (gettext_lazy("天数"), "num"),
    (gettext_lazy("公示地点或网址"), "wrap"),
)
STATEMENTS = (
    (gettext_lazy("公示周期"), "main"),
    (gettext_lazy("期初余额"), "num"),
    (gettext_lazy("本期收入"), "num"),
    (gettext_lazy("本期支出"), "num"),
    (gettext_lazy("期末余额"), "num"),
    (gettext_lazy("银行余额"), "num"),
    (gettext_lazy("勾稽"), "state"),
    (gettext_lazy("账户"), "wrap"),
)
LINES = (
    (gettext_lazy("项目"), "main"),
    (gettext_lazy("收支"), ""),
    (gettext_lazy("合同对方"), ""),
    (gettext_lazy("合同期"), ""),
    (gettext_lazy("应收(元)"), "num"),
    (gettext_lazy("实收(付)(元)"), "num"),
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("决议或审批"), "wrap"),
    (gettext_lazy("票据号"), ""),
    (gettext_lazy("说明"), "wrap"),
)
CHECKS = ((gettext_lazy("抽查日期"), "date"), (gettext_lazy("公示周期"), "main"), (gettext_lazy("抽查结果"), "state"), (gettext_lazy("情况"), "wrap"), (gettext_lazy("抽查人"), ""))  # fmt: skip
OBJECTIONS = ((gettext_lazy("提出日期"), "date"), (gettext_lazy("异议内容"), "main"), (gettext_lazy("答复日期"), "date"), (gettext_lazy("答复"), "wrap"))  # fmt: skip


def estate(viewer: Viewer, one: Estate, link: Links) -> Told:
    """One estate: its calendar of duties, postings, statements, spot checks, objections."""
    known = selectors.whole(viewer, one)
    return Told(
        title=one.name,
        lede=one.code,
        badge=_standing(one),
        back=(_("小区公共收益"), reverse("desk:estates")),
        facts=[
            fact(_("属地"), f"{one.district}{one.street or ''}"),
            fact(
                _("责任主体"), f"{one.body}({one.get_body_kind_display()})" if one.body else one.get_body_kind_display()
            ),
            fact(_("责任主体信用代码"), one.body_code),
            fact(_("户数"), one.households),
            fact(_("电梯广告、通信基站"), _has(one)),
            fact(_("约定成本比例上限"), "" if one.cost_cap is None else f"{one.cost_cap}%"),
            fact(_("主管部门"), str(one.subject or "")),
            fact(_("承办室组"), str(one.owner_office)),
            fact(_("在册"), f"{iso(one.since)} – {iso(one.until)}"),
        ],
        sections=[
            _calendar(one, known.postings),
            Section(_("公示"), POSTINGS, [_posting(one, row, link) for row in known.postings], empty=_("没有登记公示")),
            Section(_("收支表"), STATEMENTS, [_statement(row) for row in known.statements], empty=_("没有登记收支表")),
            *_lines(known),
            Section(_("抽查"), CHECKS, [_check(row) for row in known.checks], empty=_("没有抽查过")),
            Section(_("异议"), OBJECTIONS, [_objection(row, link) for row in known.objections], empty=_("没有异议")),
        ],
    )


def _has(one: Estate) -> str:
    """What the estate is known to have or not to have."""
    told = ((_("电梯广告"), one.has_lift_ads), (_("通信基站"), one.has_base_station))
    return "；".join(f"{name} {_('有') if has else _('无')}" for name, has in told if has is not None)


def _standing(one: Estate) -> tuple[str, str]:
    if one.withdrawn_on:
        return _("已撤下：%(reason)s") % {"reason": one.withdrawn_for}, "neutral"
    return (_("已终止"), "neutral") if one.until else (_("在册"), "done")


CALENDAR = ((gettext_lazy("公示周期"), "main"), (gettext_lazy("应公示日期"), "date"), (gettext_lazy("公示日期"), "date"), (gettext_lazy("情况"), "state"))  # fmt: skip


def _calendar(one: Estate, postings: list[Posting]) -> Section:
    """The last four periods that it owed: published when, in time or not, long enough or not."""
    owed = [
        period
        for period in duty.periods(today(), 4)
        if one.since <= period and (one.until is None or one.until >= period)
    ]
    return Section(_("公示义务"), CALENDAR, [_duty(period, postings) for period in owed], empty=_("尚无应公示的周期"))


def _duty(period: date, postings: list[Posting]) -> Row:
    own = [row for row in postings if row.period_on == period and row.is_detailed and row.withdrawn_on is None]
    first, due = min((row.posted_on for row in own), default=None), duty.due_on(period)
    label, tone = _met(first, due, own, period)
    return {"cells": [duty.words(period), iso(due), iso(first), {"text": label, "tone": tone}]}


def _met(first: date | None, due: date, own: list[Posting], period: date) -> tuple[str, str]:
    if first is None:
        return _("未公示明细"), "danger"
    if all(row.until is not None and row.days(today()) < duty.days_to_stay(period) for row in own):
        return _("公示不足%(days)d日") % {"days": duty.days_to_stay(period)}, "warn"
    return (_("逾期公示"), "warn") if first > due else (_("按期公示"), "done")


def _posting(one: Estate, row: Posting, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    content = _("收支明细") if row.is_detailed else _("仅总额")
    place: Any = {"text": row.place or gone, "sub": gone if row.place else ""}
    if row.photo and not gone:
        place = {"text": row.place or _("照片"), "href": reverse("desk:estate-photo", args=[one.uid, row.uid])}
    cells = [duty.words(row.period_on), row.get_channel_display(), content, iso(row.posted_on), iso(row.until)]
    slugs = ("withdraw-posting",) if row.until else ("take-down", "withdraw-posting")
    return {"cells": [*cells, row.days(today()), place], "acts": [] if gone else link(row, *slugs)}


def adds_up(row: Statement) -> Row:
    """Whether opening + income − expense = closing, and by how much it does not."""
    if row.off_fen:
        return {"text": _("相差%(amount)s") % {"amount": money_fen(row.off_fen)}, "tone": "danger"}
    if row.off_bank_fen:
        return {"text": _("与银行相差%(amount)s") % {"amount": money_fen(row.off_bank_fen)}, "tone": "danger"}
    return {"text": _("相符"), "tone": "done"}


def _statement(row: Statement) -> Row:
    sums = [money_fen(value) for value in (row.opening_fen, row.income_fen, row.expense_fen, row.closing_fen)]
    bank = "" if row.bank_fen is None else money_fen(row.bank_fen)
    return {"cells": [duty.words(row.period_on), *sums, bank, adds_up(row), row.account]}


SHOWN = 4  # periods whose lines are told on the page


def _lines(known: selectors.Whole) -> list[Section]:
    """The lines of the last statements, the latest period first; no panel of one that has totals alone."""
    told = [(row.period_on, known.lines.get(row.pk, [])) for row in known.statements[:SHOWN]]
    return [
        Section(_("%(period)s收支明细") % {"period": duty.words(period)}, LINES, [_line(line) for line in lines])
        for period, lines in told
        if lines
    ]


def _line(row: StatementLine) -> Row:
    due = "" if row.due_fen is None else money_fen(row.due_fen)
    way = _("现金") if row.is_cash else ""
    side = f"{row.get_side_display()} {way}".strip()
    money = [due, money_fen(row.amount_fen), iso(row.booked_on)]
    party = {"text": shown_name(row.party), "sub": row.party_code} if row.party_code else shown_name(row.party)
    return {"cells": [said(row.item), side, party, row.term, *money, row.resolution, row.slip_no, row.note]}


def saw(row: SpotCheck) -> Row:
    """The result as a mark."""
    tone = "done" if row.result == SpotCheck.Result.AS_TOLD else "danger"
    return {"text": row.get_result_display(), "tone": tone}


def _check(row: SpotCheck) -> Row:
    return {"cells": [iso(row.on), duty.words(row.period_on), saw(row), row.note, row.by_name]}


def _objection(row: Any, link: Links) -> Row:
    acts = [] if row.answered_on else link(row, "answer")
    return {"cells": [iso(row.raised_on), row.text, iso(row.answered_on), row.answer], "acts": acts}
