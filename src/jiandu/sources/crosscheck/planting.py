"""Copies of the rules' cases: rows with identifiers of their own, and what each rule must find among them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from jiandu.base.core.ids import credit_code_check, identity_number_check
from jiandu.sources.crosscheck import tables
from jiandu.sources.crosscheck.rule import Case, Row, Rule
from jiandu.sources.crosscheck.tables import Column, Kind, Table

#: Planted people are born in these years, people of made data later: no number is both.
BORN = date(1930, 1, 1)
DIVISION = "350211"
SHARED = {"village", "town"}  # one a case where it does not say


@dataclass
class Planted:
    """Rows by table, and by rule the keys that it must hit."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    answers: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


class Maker:
    """Gives out identifiers that nobody else has, the same ones on every run."""

    def __init__(self) -> None:
        self.given: Counter[str] = Counter()

    def fresh(self, domain: str, alias: str = "") -> str:
        """The next identifier of a domain. An alias with 男 or 女 gets a number of that sex."""
        self.given[domain] += 1
        number = self.given[domain]
        if domain == "person":
            return person(2 * number + (1 if "男" in alias else 0))
        if domain == "company":
            return company(number)
        if domain == "account":
            return f"62284804{number:011d}"
        return f"{'案例村' if domain == 'village' else '案例镇' if domain == 'town' else f'X{domain}-'}{number:07d}"


def person(number: int) -> str:
    """The identity number of the so-maniest planted person; odd numbers are men's (17th place)."""
    days, place = divmod(number, 998)
    body = f"{DIVISION}{BORN + timedelta(days=days):%Y%m%d}{place + 2:03d}"
    return body + identity_number_check(body)


def company(number: int) -> str:
    """The credit code of the so-maniest planted company."""
    body = f"92{DIVISION}{number:09d}"
    return body + credit_code_check(body)


def planted(rules: list[Rule], copies: int) -> Planted:
    """Every case of every rule, `copies` times. Keys of `also` count for the rule that they name."""
    found, maker = Planted(answers={rule.id: [] for rule in rules}), Maker()
    for rule in rules:
        for case in rule.cases:
            for _ in range(copies):
                _plant(found, maker, rule, case)
    return found


def _plant(found: Planted, maker: Maker, rule: Rule, case: Case) -> None:
    names: dict[tuple[str, str], str] = {}
    for name, row in _in_order(case.rows):
        table = tables.named(name)
        strange = set(row) - set(table.by_name)
        if strange:
            raise ValueError(f"{rule.id} {case.words}: {name} has no {', '.join(sorted(strange))}")
        found.rows.setdefault(name, []).append(_filled(table, row, maker, names))
    by_alias: dict[str, str] = {alias: value for (_, alias), value in names.items()}
    for wanted, keys in {rule.id: case.hits, **case.also}.items():
        if wanted in found.answers:
            found.answers[wanted] += [tuple(by_alias.get(part, part) for part in key) for key in keys]


def _in_order(rows: Mapping[str, tuple[Row, ...]]) -> Iterator[tuple[str, Row]]:
    """People first: their numbers say when they were born and whether they are men."""
    for name in sorted(rows, key=lambda each: (each != "person", each)):
        for row in rows[name]:
            yield name, row


def _filled(table: Table, row: Row, maker: Maker, names: dict[tuple[str, str], str]) -> Row:
    full: Row = {}
    for column in table.columns:
        full[column.name] = _value(column, row, maker, names)
    if table.name == "person" and full["birth"] is None:
        text = full["id_no"]
        full["birth"] = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    return full


def _value(column: Column, row: Row, maker: Maker, names: dict[tuple[str, str], str]) -> Any:
    told = column.name in row
    value = row.get(column.name)
    if not column.of:
        return value if told else column.clean
    if told:
        return None if value is None else _named(column.of, str(value), maker, names)
    if column.of in SHARED:
        return _named(column.of, "·", maker, names)
    return maker.fresh(column.of) if column.needed and column.kind != Kind.TEXT else None


def _named(domain: str, alias: str, maker: Maker, names: dict[tuple[str, str], str]) -> str:
    key = (domain, alias)
    if key not in names:
        names[key] = maker.fresh(domain, alias)
    return names[key]
