"""Persons by their keyed mark instead of their number: equal for the same number, so that rules join by it and no file holds the number.

Our own ledgers keep marks alone. A table that stands beside them in a run has its numbers marked by the same key while it is read.
"""

import re
from functools import lru_cache

from jiandu.base.core.persons import person_mark

SHAPE = "^[0-9a-f]{64}$"
_MARK = re.compile(SHAPE)
SHOWN = 6  # signs of a mark that tell two persons of one page apart


def is_mark(value: str) -> bool:
    """Whether it is a mark, and no number."""
    return bool(_MARK.match(value))


@lru_cache(maxsize=1 << 16)
def marked(number: str) -> str | None:
    """The mark of a number in any writing; a mark stays one; None for what is no number."""
    if is_mark(number):
        return number
    try:
        return person_mark(number)
    except ValueError:
        return None


def shown(mark: str) -> str:
    """A mark as pages say it: whose it is cannot be told from it, whether two are the same can."""
    return f"标识{mark[:SHOWN]}"
