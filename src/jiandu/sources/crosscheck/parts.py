"""What several rules say alike: a list in a parameter, a period that holds on a day, relatives in both directions."""

from datetime import date

from jiandu.base.engine.columns import together
from jiandu.base.engine.engines import Expr
from jiandu.sources.crosscheck.rule import Basis, Ground

#: Keys that a case hits, and those of a case that it must not.
Hits = tuple[tuple[str, ...], ...]
NONE: Hits = ()
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
