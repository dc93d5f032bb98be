"""The rows that a figure counts, as a table: for each kind of record its columns and the page it opens."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from jiandu.base.ui.templatetags.ui import iso, money_fen
from jiandu.loop.findings.models import Finding
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity

Row = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """`columns`: label, kind of the cell. `load` fetches with few statements what `row` shows."""

    columns: tuple[tuple[Any, str], ...]
    load: Callable[["QuerySet[Any]"], "QuerySet[Any]"]
    row: Callable[[Any], Row]


def _finding(one: Finding) -> Row:
    state = {"text": one.get_state_display(), "tone": one.state}
    days = [iso(one.registered_on), iso(one.closed_on)]
    cells = [one.code, one.problem, str(one.subject or ""), str(one.owner_office), state, *days]
    return {"href": reverse("desk:finding", args=[one.uid]), "cells": cells}


def _activity(one: Activity) -> Row:
    href = reverse("desk:project", args=[one.uid]) if one.kind == Activity.Kind.PROJECT else ""
    return {"href": href, "cells": [one.code, one.name, str(one.owner_office), iso(one.approved_on)]}


def _money(one: MoneyRecovered) -> Row:
    finding = one.finding
    href = reverse("desk:finding", args=[finding.uid]) if finding else ""
    named = f"{finding.code} {finding.problem}" if finding else ""
    cells = [iso(one.received_on), named, str(one.owner_office), money_fen(one.amount_fen), one.proof]
    return {"href": href, "cells": cells}


def _rule(one: RuleMade) -> Row:
    return {"href": "", "cells": [str(one), one.number, one.issuer, str(one.owner_office), iso(one.issued_on)]}


OWNER = (gettext_lazy("承办室组"), "")
KINDS: dict[type[models.Model], Kind] = {
    Finding: Kind(
        (
            (gettext_lazy("问题编号"), "code"),
            (gettext_lazy("问题表现"), "main"),
            (gettext_lazy("责任单位"), ""),
            OWNER,
            (gettext_lazy("现在状态"), "state"),
            (gettext_lazy("登记日期"), "date"),
            (gettext_lazy("销号日期"), "date"),
        ),
        lambda rows: rows.select_related("subject", "owner_office"),
        _finding,
    ),
    Activity: Kind(
        (
            (gettext_lazy("编号"), "code"),
            (gettext_lazy("名称"), "main"),
            OWNER,
            (gettext_lazy("立项日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        _activity,
    ),
    MoneyRecovered: Kind(
        (
            (gettext_lazy("到账日期"), "code"),
            (gettext_lazy("问题"), "main"),
            OWNER,
            (gettext_lazy("金额"), "num"),
            (gettext_lazy("凭证"), ""),
        ),
        lambda rows: rows.select_related("owner_office").prefetch_related("finding"),
        _money,
    ),
    RuleMade: Kind(
        (
            (gettext_lazy("制度名称"), "main"),
            (gettext_lazy("文号"), ""),
            (gettext_lazy("制发机关"), ""),
            OWNER,
            (gettext_lazy("印发日期"), "date"),
        ),
        lambda rows: rows.select_related("owner_office"),
        _rule,
    ),
    Office: Kind(
        ((gettext_lazy("名称"), "main"), (gettext_lazy("类别"), "")),
        lambda rows: rows,
        lambda one: {"href": "", "cells": [one.name, one.get_kind_display()]},
    ),
}


def columns(model: type[models.Model]) -> list[dict[str, str]]:
    """The headings, for c-table."""
    return [{"label": str(label), "kind": kind} for label, kind in KINDS[model].columns]


def loaded(rows: "QuerySet[Any]") -> list[Row]:
    """The rows of a queryset, for c-table."""
    kind = KINDS[rows.model]
    return [kind.row(one) for one in kind.load(rows)]
