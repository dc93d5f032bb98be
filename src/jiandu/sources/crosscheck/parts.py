"""What several rules say alike: a list in a parameter, a period that holds on a day, relatives in both directions."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from jiandu.base.engine.columns import together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import Basis, Given, Ground

#: Keys that a case hits, and those of a case that it must not.
Hits = tuple[tuple[str, ...], ...]
NONE: Hits = ()
COLLECTIVE, STATE = "集体", "国资"
#: What several rules rest on.
SPLIT = Basis("招标投标法", "第四条（不得化整为零规避招标）", date(2000, 1, 1))


def of_cadres(article: str) -> Basis:
    """农村基层干部廉洁履行职责若干规定（试行）."""
    return Basis("农村基层干部廉洁履行职责若干规定（试行）", article, date(2011, 5, 23))


def practice(said: str) -> Basis:
    """Where an inspection does it so and no article says it."""
    return Basis(said)


def audit(said: str) -> Basis:
    """Where it is a method of auditors."""
    return Basis(said, without=Ground.AUDIT)


def of(owner: str, hits: Callable[[Given], Expr], what: str) -> Callable[[Given], Expr]:
    """The same question about what one owner has: the state's own, or the collective's, which is all that says no other.

    `what` is the table that is narrowed; a due is of whom its contract is. The question stays in its own module.
    """

    @wraps(hits)
    def asked(g: Given) -> Expr:
        if what == "due":
            states = _of(STATE, g.contract).select("contract_id")
            joined = g.due.semi_join if owner == STATE else g.due.anti_join
            return hits(g.having(due=joined(states, "contract_id")))
        return hits(g.having(**{what: _of(owner, getattr(g, what))}))

    return asked


def _of(owner: str, table: Expr) -> Expr:
    states = (table.owner_kind == STATE).fill_null(False)  # noqa: FBT003 -- Ibis' own
    return table.filter(states if owner == STATE else ~states)


def listed(text: str) -> list[str]:
    """The words of a parameter that is a list: commas, 、 or blanks between them."""
    return text.replace("，", ",").replace("、", ",").replace(" ", ",").strip(",").split(",")


def paired(text: str) -> list[str]:
    """A list of pairs a+b, each in both orders."""
    pairs = [each.split("+") for each in listed(text)]
    return [f"{a}+{b}" for a, b in pairs] + [f"{b}+{a}" for a, b in pairs]


def holds(table: Expr, on: date) -> Expr:
    """Begun, and not ended before the day."""
    return (table.start_on <= on) & (table.end_on.isnull() | (table.end_on >= on))


def both_ways(kin: Expr) -> Expr:
    """Who is whose relative, in both directions: id_a, id_b, relation. A pair that is registered twice is there twice."""
    there = kin.select("id_a", "id_b", "relation")
    back = kin.select(id_a="id_b", id_b="id_a", relation="relation")
    return together(there, back)


def households(person: Expr) -> Expr:
    """Who lives in which household, where that is known."""
    return person.filter(person.household_id.notnull()).select("id_no", "household_id")


def placed(found: Expr, places: Expr, key: str) -> Expr:
    """Hits with the place that another table says (key, place); a hit that it does not know is nowhere."""
    both = found.left_join(places, key)
    return both.select(*(found[name] for name in found.columns), place=both.place.fill_null(""))


def titled(title: str) -> tuple[str, str]:
    """Id and name of a rule that are written as one."""
    number, _, name = title.partition(" ")
    return number, name
