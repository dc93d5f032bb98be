"""Residential estates in scope as plain tables, for rules over data: what each is, its statements, their lines, its postings.

What a line does not say is None where its note may say it, in words that nobody has sorted.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.models import standing
from jiandu.base.core.words import as_recorded
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Posting, Statement, StatementLine

Row = dict[str, Any]
CHUNK = 2000
ESTATES = ("estate", "estate_statement", "estate_line", "estate_posting")


def estate_rows(viewer: Viewer, on: date) -> dict[str, Iterator[Row]]:
    """estate, estate_statement, estate_line, estate_posting → what is recorded of the day, within the viewer's scope.

    An estate goes by its name and number; `place` beside it is its town. Money in fen, days as dates.
    """
    guard.check_is_actor(viewer)
    rows = Estate.objects.filter(duty.there(on)).select_related("street", "district").order_by("pk")
    heads = _heads(list(rows))
    return {
        "estate": _estates(heads, on),
        "estate_statement": _statements(heads, on),
        "estate_line": _lines(heads, on),
        "estate_posting": _postings(heads, on),
    }


def _heads(rows: list[Estate]) -> dict[int, tuple[Estate, Row]]:
    """By key: the estate, and what each of its rows begins with."""
    found: dict[int, tuple[Estate, Row]] = {}
    known: set[str] = set()
    for one in rows:
        name = f"{one.name}（{one.code}）"
        name = f"{name}·{one.district}" if name in known else name
        known.add(name)
        found[one.pk] = (one, {"estate": name, "town": str(one.street or "")})
    return found


def _stated(heads: dict[int, tuple[Estate, Row]], on: date) -> Any:
    return Statement.objects.filter(standing(on), estate_id__in=list(heads), period_on__lte=on)


def _estates(heads: dict[int, tuple[Estate, Row]], on: date) -> Iterator[Row]:
    """Each with the account of its last statement that names one."""
    told = _stated(heads, on).exclude(account="").order_by("estate_id", "period_on", "pk")
    accounts = dict(told.values_list("estate_id", "account"))
    for one, head in heads.values():
        names = ("households", "body_code", "has_lift_ads", "has_base_station", "cost_cap", "since")
        said = {name: getattr(one, name) for name in names}
        yield {**head, **said, "body_name": one.body, "account": accounts.get(one.pk, "")}


def _statements(heads: dict[int, tuple[Estate, Row]], on: date) -> Iterator[Row]:
    names = ("period_on", "opening_fen", "income_fen", "expense_fen", "closing_fen", "bank_fen", "account")
    for row in _stated(heads, on).order_by("estate_id", "period_on", "pk").iterator(chunk_size=CHUNK):
        yield {**heads[row.estate_id][1], **{name: getattr(row, name) for name in names}}


def _lines(heads: dict[int, tuple[Estate, Row]], on: date) -> Iterator[Row]:
    """Of the statements that stand."""
    periods = dict(_stated(heads, on).values_list("pk", "period_on"))
    rows = StatementLine.objects.filter(estate_id__in=list(heads)).select_related("item").order_by("estate_id", "pk")
    for row in rows.iterator(chunk_size=CHUNK):
        if row.statement_id in periods:
            head = heads[row.estate_id][1]
            yield {
                **head,
                "line_id": f"{head['estate']}/{periods[row.statement_id]}/{row.pk}",
                "period_on": periods[row.statement_id],
                "side": as_recorded(row.get_side_display()),
                "item": row.item.label_zh,
                "item_code": row.item.code,
                "has_lift_ads": heads[row.estate_id][0].has_lift_ads,
                "party_name": row.party,
                "party_code": row.party_code,
                **{name: getattr(row, name) for name in ("amount_fen", "is_cash", "resolution", "note")},
            }


def _postings(heads: dict[int, tuple[Estate, Row]], on: date) -> Iterator[Row]:
    held = Posting.objects.filter(standing(on), estate_id__in=list(heads), posted_on__lte=on)
    for row in held.order_by("estate_id", "period_on", "posted_on", "pk").iterator(chunk_size=CHUNK):
        head = heads[row.estate_id][1]
        channel = as_recorded(row.get_channel_display())
        names = ("period_on", "posted_on", "until", "is_detailed")
        yield {
            **head,
            "posting_id": f"{head['estate']}/{row.period_on}/{channel}/{row.posted_on}",
            **{name: getattr(row, name) for name in names},
        }
