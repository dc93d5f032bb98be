"""A bulletin as it was counted on a day: kept as plain values, read again as the same bulletin. Labels are not kept.

What a row is called follows from its key, in the reader's language; counts, shares and changes never move again.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.results.digests.counting import Bulletin, Rate, Row, Table
from jiandu.results.digests.dimensions import BY_KEY, RATES, labels_of
from jiandu.results.digests.periods import Change, Kind, Period


def as_kept(said: Bulletin) -> dict[str, Any]:
    """The bulletin as JSON: decimals as texts, so that no digit is lost."""
    return {
        "period": [said.period.kind.value, said.period.year, said.period.number],
        "until": said.until.isoformat(),
        "total": said.total,
        "people": said.people,
        "changes": [[each.kind, each.difference, _text(each.percent)] for each in said.changes],
        "incomparable": list(said.incomparable),
        "tables": [_table_kept(table) for table in said.tables],
        "rates": [[rate.key, rate.part, rate.whole] for rate in said.rates],
        "outside": said.is_for_outside,
        "about": said.about,
    }


def _table_kept(table: Table) -> list[Any]:
    return [table.key, table.total, [_row(row) for row in table.rows], table.year_before]


def _row(row: Row) -> list[Any]:
    return [row.key, row.count, _text(row.share), row.year_before]


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def as_read(kept: dict[str, Any]) -> Bulletin:
    """The bulletin that was kept."""
    kind, year, number = kept["period"]
    return Bulletin(
        period=Period(Kind(kind), year, number),
        until=date.fromisoformat(kept["until"]),
        total=kept["total"],
        people=kept["people"],
        changes=tuple(Change(name, difference, _number(share)) for name, difference, share in kept["changes"]),
        incomparable=tuple(kept["incomparable"]),
        tables=tuple(_table(*each) for each in kept["tables"]),
        rates=tuple(Rate(RATES[key].title, part, whole, key) for key, part, whole in kept["rates"]),
        is_for_outside=kept["outside"],
        about=kept["about"],
    )


def _table(key: str, total: int, rows: list[Any], before: int | None = None) -> Table:
    """Those kept at first say no sum of the year before: there it stays empty."""
    one = BY_KEY[key]
    labels = labels_of(one, [row[0] for row in rows])
    read = tuple(
        Row(name, label, count, _number(share), before)
        for label, (name, count, share, before) in zip(labels, rows, strict=True)
    )
    return Table(key, one.title, read, total, before)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
