"""具体问题: the second level of 问题性质, a code of the dictionary "nature", whose first level are the natures that count."""

from functools import cache

from jiandu.base.core.text import normal
from jiandu.base.lexicon.categories import LEVELS, Category, categories
from jiandu.sources.petitions.states import Nature

KIND, TOP = "nature", LEVELS["nature"][0]
#: The dictionary's codes of the first level, in the order in which natures are listed.
CODES = dict(zip(Nature, ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "N9"), strict=True))
NATURE_OF = {code: nature for nature, code in CODES.items()}


def details(nature: str) -> list[Category]:
    """The items below a nature, in order."""
    above = CODES[Nature(nature)]
    return [one for one in categories(KIND).values() if one.above == above]


def nature_of(detail: str) -> str:
    """The nature that a detail stands below; empty for what the dictionary does not have."""
    known = categories(KIND).get(detail)
    return NATURE_OF[known.above].value if known is not None and known.above else ""


def detail_called(detail: str, *, english: bool = False) -> str:
    """What it is called; a code that the dictionary no longer has stays a code."""
    known = categories(KIND).get(detail)
    return detail if known is None else known.english if english else known.label


@cache
def by_words() -> dict[str, str]:
    """What lists call the details → code: by their labels, which are told apart."""
    return {normal(one.label).replace(" ", ""): code for code, one in categories(KIND).items() if one.above}
