"""A bulletin as it was counted on a day: kept as plain values, read again as the same bulletin. Labels are not kept.

What a row is called follows from its key, in the reader's language; counts, shares and changes never move again.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from jiandu.results.digests.dimensions import BY_KEY, RATES, Dimension, labels_of
from jiandu.results.digests.periods import Change, Kind, Period
from jiandu.results.digests.tables import Bulletin, Head, Rate, Row, Table


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
        "heads": [[one.key, one.label, one.count, one.people, one.on.isoformat(), one.source] for one in said.heads],
        "outside": said.is_for_outside,
        "about": said.about,
    }


def _table_kept(table: Table) -> list[Any]:
    return [table.key, table.total, [_row(row) for row in table.rows], table.year_before]


def _row(row: Row) -> list[Any]:
    parts = [[_row(part) for part in row.parts]] if row.parts else []
    return [row.key, row.count, _text(row.share), row.year_before, *parts]


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
        heads=tuple(
            Head(key, label, count, people, date.fromisoformat(on), source)
            for key, label, count, people, on, source in kept.get("heads", ())
        ),
        is_for_outside=kept["outside"],
        about=kept["about"],
    )


def _table(key: str, total: int, rows: list[Any], before: int | None = None) -> Table:
    """Those kept at first say no sum of the year before: there it stays empty."""
    one = BY_KEY[key]
    return Table(key, one.title, _rows(one, rows), total, before)


def _rows(one: Dimension, rows: list[Any]) -> tuple[Row, ...]:
    """Lines, with those of the level below where they were kept."""
    labels = labels_of(one, [row[0] for row in rows])
    return tuple(
        Row(name, label, count, _number(share), before, _rows(one, parts[0]) if parts else ())
        for label, (name, count, share, before, *parts) in zip(labels, rows, strict=True)
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
