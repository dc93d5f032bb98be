"""The columns that the ledger can show: what each is called, how it looks, what stands in it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from jiandu.base.ui.templatetags.ui import days_left, iso, money_fen
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.ledger import RUNNING
from jiandu.sources.activities.models import Activity
from jiandu.sources.signals.models import Signal
from jiandu.surfaces.desk.wording import said

SOURCES = dict([*Activity.Kind.choices, *Signal.Origin.choices])
WARN_DAYS = 7


@dataclass(frozen=True)
class Column:
    """`kind` as the table component knows it; `sort` the order that its heading turns."""

    key: str
    label: Any
    cell: Callable[[Finding, date], Any]
    kind: str = ""
    sort: str = ""

    def heading(self) -> dict[str, Any]:
        return {"label": self.label, "kind": self.kind, "sort": self.sort}


def _state(row: Finding, day: date) -> Any:
    said = {"text": row.get_state_display(), "tone": row.state}
    return {**said, "sub": row.get_urging_display(), "sub_tone": "danger"} if row.urging else said


def _due(row: Finding, day: date) -> Any:
    if row.due_on is None or row.state not in RUNNING:
        return iso(row.due_on)
    left = (row.due_on - day).days
    tone = "danger" if left < 0 else "warn" if left <= WARN_DAYS else "neutral"
    return {"text": iso(row.due_on), "sub": days_left(left), "sub_tone": tone}


COLUMNS = (
    Column("subject", _("责任单位"), lambda row, day: str(row.subject or "")),
    Column("aspect", _("方面"), lambda row, day: said(row.aspect)),
    Column("rectification", _("类型"), lambda row, day: row.get_rectification_display()),
    Column("state", _("状态"), _state, "state"),
    Column("registered_on", _("登记日期"), lambda row, day: iso(row.registered_on), "date", "registered_on"),
    Column("due_on", _("整改时限"), _due, "date", "due_on"),
    Column("closed_on", _("销号日期"), lambda row, day: iso(row.closed_on), "date", "closed_on"),
    Column("office", _("承办室组"), lambda row, day: str(row.owner_office)),
    Column("source", _("来源"), lambda row, day: SOURCES.get(row.source, row.source)),
    Column("rectifier_name", _("责任人"), lambda row, day: row.rectifier_name),
    Column("found_by", _("发现人"), lambda row, day: row.found_by),
    Column("lead_leader", _("牵头领导"), lambda row, day: row.lead_leader),
    Column("basis", _("依据条款"), lambda row, day: row.basis),
    Column("amount", _("涉及金额"), lambda row, day: money_fen(row.amount_fen), "num"),
    Column("settled_count", _("销号次数"), lambda row, day: row.settled_count or "", "num"),
)
BY_KEY = {column.key: column for column in COLUMNS}
USUAL = ("subject", "aspect", "rectification", "state", "registered_on", "due_on", "office")


def chosen(keys: Iterable[str]) -> list[Column]:
    """The columns by their keys, in the order of the table; the usual ones where none is known."""
    wanted = set(keys)
    return [column for column in COLUMNS if column.key in wanted] or [BY_KEY[key] for key in USUAL]


def table(rows: Iterable[Finding], columns: list[Column], day: date, ticked: Iterable[str]) -> dict[str, Any]:
    """Headings and rows as the table component takes them."""
    marked = set(ticked)
    head = [{"label": _("编号"), "kind": "code"}, {"label": _("问题表现"), "kind": "main"}]
    return {
        "columns": head + [column.heading() for column in columns],
        "rows": [_row(row, columns, day, marked) for row in rows],
    }


def _row(row: Finding, columns: list[Column], day: date, marked: set[str]) -> dict[str, Any]:
    href = reverse("desk:finding", args=[row.uid])
    is_late = row.due_on is not None and row.due_on < day and row.state in RUNNING
    return {
        "cells": [row.code, {"text": row.listed, "href": href}, *(column.cell(row, day) for column in columns)],
        "href": href,
        "id": str(row.uid),
        "name": row.code,
        "tone": "danger" if is_late else "",
        "checked": str(row.uid) in marked,
    }
