"""What a rule is: one value that says everything about itself, its cases included.

    RULE = Rule(
        "SZ-01", "合同到期未处置", level=YELLOW, tables=("contract",), key=("contract_id",), hits=hits,
        params={"grace_days": Param(0, "宽限天数")}, basis=(Basis("民法典", "734", date(2021, 1, 1)),),
        sentence="合同{contract_id}已于{end_on}到期，仍记为履行中，也没有续签。",
        blind="看不见台账没有登记的续签。", cases=(Case(...), ...),
    )

The expression is written once, in Ibis, and runs unchanged on every engine. The cases are read four ways: as tests, as
the rule's documentation, as planted rows of made data, and as their answer key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from string import Formatter
from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck import tables

RED, YELLOW, GREEN = "red", "yellow", "green"
LEVELS = {RED: "红", YELLOW: "黄", GREEN: "绿"}
#: What a case shows.
TRUE, EDGE_IN, EDGE_OUT, FALSE = "true", "edge-in", "edge-out", "false"
#: The day on which cases are judged.
CASE_DAY = date(2024, 12, 31)

Row = dict[str, Any]


@dataclass(frozen=True)
class Param:
    """A number or word that an office may change; the rule's version then says so."""

    default: int | float | str
    words: str


class Ground(StrEnum):
    """What kind of thing a rule rests on."""

    LAW = "法规"
    PRACTICE = "实践参数"
    AUDIT = "审计方法"


@dataclass(frozen=True)
class Basis:
    """What the rule rests on: an article, from when it holds; or a practice of inspection or auditing, without article."""

    title: str
    article: str = ""
    since: date | None = None
    until: date | None = None
    without: Ground = Ground.PRACTICE  # what it is where no article is told

    @property
    def ground(self) -> Ground:
        return Ground.LAW if self.article else self.without

    @property
    def words(self) -> str:
        """As papers say it: what it is, and from when it holds."""
        since = f"（{self.since}起施行）" if self.since else ""
        return f"{self.ground}：{self.title}{self.article}{since}"

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on the day. `until` is its last."""
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@dataclass(frozen=True)
class Case:
    """Rows, and which of them the rule hits: the values of its key. Columns left out say what is ordinary.

    Identifiers are aliases ("甲", "C1"): each planted copy of the case gets its own. `also` names other rules that
    rightly hit the same rows, with their keys. `is_edge` is said by `edge(Case(…))`: the case stands right at the
    threshold, on one side or the other; of a rule without one it is the nearest row that is lawful.
    """

    words: str
    rows: Mapping[str, tuple[Row, ...]]
    hits: tuple[tuple[str, ...], ...] = ()
    also: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    is_edge: bool = False

    @property
    def kind(self) -> str:
        """What the case shows: a plain hit, a plain miss, or the threshold from within or without."""
        return (EDGE_IN if self.hits else EDGE_OUT) if self.is_edge else (TRUE if self.hits else FALSE)


def edge(case: Case) -> Case:
    """The case as one that stands right at the threshold."""
    return replace(case, is_edge=True)


class Given:
    """The tables and parameters that an expression is built from: `g.contract`, `g.p.grace_days`, `g.on`."""

    def __init__(self, found: Mapping[str, Expr], params: Mapping[str, Any], on: date) -> None:
        self._found, self._params, self.on = found, params, on
        self.p = Params(params)

    def having(self, **tables: Expr) -> "Given":
        """The same, some tables narrower."""
        return Given({**self._found, **tables}, self._params, self.on)

    def __getattr__(self, name: str) -> Expr:
        try:
            return self._found[name]
        except KeyError:
            raise AttributeError(name) from None


class Params:
    """Parameters by name."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.__dict__.update(values)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@dataclass(frozen=True)
class Rule:
    """One rule. `hits` returns the key columns, what the sentence names, and optionally `level` and `place`.

    `behind` says which rows of which table explain one hit: table to {its column: the hit's column}.
    """

    id: str
    name: str
    level: str
    tables: tuple[str, ...]
    key: tuple[str, ...]
    hits: Callable[[Given], Expr]
    sentence: str
    blind: str
    basis: tuple[Basis, ...]
    cases: tuple[Case, ...]
    version: int = 1
    params: Mapping[str, Param] = field(default_factory=dict)
    behind: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    needs: tuple[str, ...] = ()  # what decides it, of a rule that has no code (see decisive.py)
    told: str = ""  # the definition, of a rule that has no code of its own

    def values(self, changed: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Parameters as they count in a run. Raises Refused for one that the rule does not know or of another type."""
        values = {name: param.default for name, param in self.params.items()}
        for name, value in (changed or {}).items():
            if name not in values:
                raise Refused("param", "规则%(of)s没有参数%(name)s", of=self.id, name=name)
            values[name] = self._read(name, value)
        return values

    def expression(self, found: Mapping[str, Expr], on: date, changed: Mapping[str, Any] | None = None) -> Expr:
        """The hits: key columns, place, level, then what the sentence names, each hit once."""
        hits = self.hits(Given(found, self.values(changed), on))
        if "level" not in hits.columns:
            hits = hits.mutate(level=_literal(self.level))
        if "place" not in hits.columns:
            hits = hits.mutate(place=_literal(""))
        said = [name for name in self.shown if name not in {*self.key, "level", "place"}]
        return hits.select(*self.key, "place", "level", *said)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns that the sentence and the rows behind a hit name, in order, each once."""
        named = [name for _, name, _, _ in Formatter().parse(self.sentence) if name]
        named += [hit for columns in self.behind.values() for hit in columns.values()]
        return tuple(dict.fromkeys(named))

    def explain(self, hit: Mapping[str, Any]) -> str:
        """The sentence about one hit: money in yuan, dates as they are written."""
        return self.sentence.format_map({name: said(name, value) for name, value in hit.items()})

    @property
    def has_threshold(self) -> bool:
        """Whether a parameter is a number: then there is a row that is just hit and one that is just not."""
        return any(not isinstance(each.default, str) for each in self.params.values())

    def basis_on(self, on: date) -> tuple[Basis, ...]:
        """What of the basis is in force on the day; what has no day is practice, and always is."""
        return tuple(each for each in self.basis if each.is_in_force(on))

    def lacks_article(self, on: date | None = None) -> bool:
        """Whether no article holds, on the day or at all: then the rule rests on practice, and has to say so."""
        return all(each.ground != Ground.LAW for each in (self.basis if on is None else self.basis_on(on)))

    def with_changed(self, changed: Mapping[str, Any]) -> "Rule":
        """The same rule with other defaults."""
        values = self.values(changed)
        return replace(self, params={name: replace(each, default=values[name]) for name, each in self.params.items()})

    def _read(self, name: str, value: Any) -> Any:
        kind = type(self.params[name].default)
        try:
            return kind(value)
        except (TypeError, ValueError):
            raise Refused(
                "param", "规则%(of)s的参数%(name)s应是数：%(value)s", of=self.id, name=name, value=value
            ) from None


def rests_on(rule: Rule, on: date | None = None) -> list[str]:
    """What the rule rests on, in Chinese as papers and commands say it. Where no article is, or was, it says so first."""
    told = [each.words for each in (rule.basis if on is None else rule.basis_on(on))]
    if rule.lacks_article(on):
        told.insert(0, "无条文" if rule.lacks_article() else "当时没有施行的条文")
    return told


def said(name: str, value: Any) -> str:
    """A value in a sentence: `…_fen` in yuan, a month as 2024年6月, a whole float without its zero."""
    if value is None:
        return "（空）"
    if name.endswith("_fen"):
        return f"{value / 100:,.2f}元"
    if isinstance(value, date) and name.endswith("month"):
        return f"{value.year}年{value.month}月"
    return f"{value:g}" if isinstance(value, float) else str(value)


def check(rule: Rule) -> None:
    """That a rule is whole: it names tables that there are, and has a case that it hits and one that it must not."""
    for name in (*rule.tables, *rule.behind):
        tables.named(name)
    if rule.level not in LEVELS or not rule.basis or not rule.blind or not rule.sentence:
        raise ValueError(f"{rule.id}: level, basis, sentence and what it cannot see are part of a rule")
    _check_basis(rule)
    _check_cases(rule)


def _check_basis(rule: Rule) -> None:
    """An article has its effective date; what is practice has neither."""
    for each in rule.basis:
        if (each.ground == Ground.LAW) != (each.since is not None):
            raise ValueError(f"{rule.id}: {each.title}{each.article}: an article goes with the day from which it holds")


def _check_cases(rule: Rule) -> None:
    """A plain hit, a plain miss, and the threshold: from without, and where a number says how far, from within too."""
    wanted = {TRUE, FALSE, EDGE_OUT} | ({EDGE_IN} if rule.has_threshold else set())
    lacks = wanted - {case.kind for case in rule.cases}
    if lacks:
        raise ValueError(f"{rule.id}: lacks cases: {', '.join(sorted(lacks))}")


def _literal(value: str) -> Expr:
    import ibis  # noqa: PLC0415 -- slow import

    return ibis.literal(value)
