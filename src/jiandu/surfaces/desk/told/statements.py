"""Lists over all estates of 小区公共收益: statements, and what spot checks found."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.sources.ledgers import duty, selectors, statement_sheet
from jiandu.sources.ledgers.models import SpotCheck, Statement
from jiandu.surfaces.desk.registers import Listed, Row
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told.estates import adds_up, saw, tabs

ESTATE = ((gettext_lazy("小区编号"), "code"), (gettext_lazy("小区名称"), "main"), (gettext_lazy("公示周期"), ""))
STATEMENTS = (
    *ESTATE,
    (gettext_lazy("期初余额"), "num"),
    (gettext_lazy("本期收入"), "num"),
    (gettext_lazy("本期支出"), "num"),
    (gettext_lazy("期末余额"), "num"),
    (gettext_lazy("银行余额"), "num"),
    (gettext_lazy("勾稽"), "state"),
)
CHECKS = (
    *ESTATE,
    (gettext_lazy("抽查日期"), "date"),
    (gettext_lazy("抽查结果"), "state"),
    (gettext_lazy("情况"), "wrap"),
    (gettext_lazy("抽查人"), ""),
)


def statements(viewer: Viewer, period: str, found: str) -> Listed:
    """收支表 of all estates, the latest period first; `found` = "off": those that do not add up."""
    options = [("", "—"), *((one.isoformat(), duty.words(one)) for one in duty.periods(today()))]
    adds = [("", "—"), ("off", _("不符"))]
    return Listed(
        title=_("小区公共收益"),
        columns=STATEMENTS,
        rows=selectors.statements(viewer, period=period, is_off=found == "off"),
        row=_statement,
        tabs=tabs("estate-statements"),
        filters=[
            {"name": "period", "label": _("公示周期"), "type": "select", "value": period, "options": options},
            {"name": "found", "label": _("勾稽"), "type": "select", "value": found, "options": adds},
        ],
        empty=_("没有收支表"),
        out=Out(statement_sheet.BOOK, statement_sheet.rows_of),
        intake="statements-sheet",
    )


def _statement(row: Statement) -> Row:
    sums = [money_fen(value) for value in (row.opening_fen, row.income_fen, row.expense_fen, row.closing_fen)]
    return _of(
        row,
        [duty.words(row.period_on), *sums, money_fen(row.bank_fen) if row.bank_fen is not None else "", adds_up(row)],
    )


def checks(viewer: Viewer, result: str, year: int | None) -> Listed:
    """抽查 of all estates with what each found, newest first."""
    return Listed(
        title=_("小区公共收益"),
        columns=CHECKS,
        rows=selectors.spot_checks(viewer, result=result, year=year),
        row=lambda row: _of(row, [duty.words(row.period_on), iso(row.on), saw(row), row.note, row.by_name]),
        tabs=tabs("estate-checks"),
        filters=[
            {"name": "result", "label": _("抽查结果"), "type": "select", "value": result, "options": RESULTS},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有抽查过"),
    )


RESULTS = [("", "—"), *((result.value, result.label) for result in SpotCheck.Result)]


def _of(row: Any, cells: list[Any]) -> Row:
    return {"href": reverse("desk:estate", args=[row.estate.uid]), "cells": [row.estate.code, row.estate.name, *cells]}
