"""The FEBRL sets as a scheme: Australian names and addresses, made for testing linkage; nothing in it was fitted on their truth."""

from typing import Any

from jiandu.base.linkage.columns import NUMBERED, PREPARED
from jiandu.base.linkage.schemes import Comparison, Level, Scheme

COLUMNS = (
    "given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth", "soc_sec_id",
)  # fmt: skip


def missing(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def text(column: str, chance: float, *, swapped: str = "") -> Comparison:
    """Same, nearly, roughly; for names also whether the two stand in each other's place."""
    same = Level(f"{column}_l = {column}_r", "same", "same", 0.75, chance, (column,), column)
    levels = [same]
    if swapped:
        levels.append(Level(f"{column}_l = {swapped}_r", "exchanged", "exchanged", 0.02, chance / 10))
    levels += [
        Level(f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.92", "nearly", "nearly", 0.12, 0.005),
        Level(f"jaro_winkler_similarity({column}_l, {column}_r) >= 0.82", "roughly", "roughly", 0.05, 0.01),
        Level("ELSE", "other", "other", 0.06, 0.98),
    ]
    return Comparison(column, column, missing(column), tuple(levels))


def digits(column: str, chance: float) -> Comparison:
    """Same, one slip, two."""
    distance = f"damerau_levenshtein({column}_l, {column}_r)"
    return Comparison(
        column,
        column,
        missing(column),
        (
            Level(f"{column}_l = {column}_r", "same", "same", 0.85, chance, (column,)),
            Level(f"{distance} <= 1", "one slip", "one slip", 0.08, chance * 30),
            Level(f"{distance} <= 2", "two slips", "two slips", 0.03, chance * 300),
            Level("ELSE", "other", "other", 0.04, 0.99),
        ),
    )


def plain(column: str, chance: float) -> Comparison:
    same = Level(f"{column}_l = {column}_r", "same", "same", 0.85, chance, (column,))
    return Comparison(column, column, missing(column), (same, Level("ELSE", "other", "other", 0.15, 1 - chance)))


def prepare(connection: Any) -> None:
    connection.execute(f"CREATE TABLE {PREPARED} AS SELECT * FROM {NUMBERED}")


FEBRL = Scheme(
    key="febrl",
    columns=COLUMNS,
    comparisons=(
        text("given_name", 0.005, swapped="surname"),
        text("surname", 0.005, swapped="given_name"),
        digits("date_of_birth", 3e-5),
        digits("soc_sec_id", 1e-6),
        text("address_1", 0.001),
        text("address_2", 0.001),
        text("suburb", 0.001),
        digits("postcode", 1e-3),
        plain("street_number", 0.01),
        plain("state", 0.2),
    ),
    blocks=(
        ("soc_sec_id",),
        ("date_of_birth",),
        ("given_name",),
        ("surname",),
        ("address_1",),
        ("suburb", "street_number"),
        ("postcode", "street_number"),
        "l.given_name = r.surname AND l.surname = r.given_name",
    ),
    guards=(),
    doubts=(),
    prepare=prepare,
)
