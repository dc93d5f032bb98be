"""Child side: where cells, ranges and formulas stand once the rows of a table have become more or fewer.

Rows first … tail-1 become `count` rows, and what stands from `tail` on moves with them. A range that reaches into the
rows of the table reaches to their new end: a total keeps adding up all of them.
"""

import re
from dataclasses import dataclass

from .cells import letters
from .splice import bounds

_TOKEN = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # words
    r"|(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
    r"(?<![\w.$])(?P<c1>\$?[A-Z]{1,3})(?P<r1>\$?[1-9][0-9]{0,6})(?::(?P<c2>\$?[A-Z]{1,3})(?P<r2>\$?[1-9][0-9]{0,6}))?"
    r"(?![\w(.!])"
)


@dataclass(frozen=True, slots=True)
class Shift:
    """Rows `first` … `tail`-1 become `count`; `tail` None: the table is the last of its sheet."""

    sheet: str
    first: int
    tail: int | None
    count: int

    @property
    def by(self) -> int:
        """How far what stands below moves."""
        return 0 if self.tail is None else self.count - (self.tail - self.first)

    def is_kept(self, row: int) -> bool:
        """Whether the row stands above the table or below it."""
        return row < self.first or (self.tail is not None and row >= self.tail)

    def row(self, row: int) -> int:
        """Where a row that is kept stands."""
        return row + self.by if self.tail is not None and row >= self.tail else row

    def ends(self, top: int, bottom: int) -> tuple[int, int]:
        """Where a range of rows reaches."""
        if bottom < self.first:
            return top, bottom
        last = max(self.first + self.count - 1, self.first)
        low = top if top < self.first else self.first if self.tail is None or top < self.tail else self.row(top)
        return low, self.row(bottom) if self.tail is not None and bottom >= self.tail else last

    def range(self, reference: str) -> str:
        """A range such as A1:C2, or one cell."""
        top, left, bottom, right = bounds(reference.replace("$", ""))
        low, high = (self.row(top),) * 2 if ":" not in reference else self.ends(top, bottom)
        said = f"{letters(left)}{low}"
        return said if ":" not in reference else f"{said}:{letters(right)}{high}"

    def formula(self, text: str, *, is_here: bool) -> str:
        """A formula; `is_here`: it stands on the sheet of the table, and names its cells without the sheet."""

        def moved(match: "re.Match[str]") -> str:
            if not match["c1"]:
                return match[0]
            sheet = match["sheet"]
            named = sheet[1:-1].replace("''", "'") if sheet and sheet.startswith("'") else sheet
            if named != self.sheet if sheet else not is_here:
                return match[0]
            head = f"{sheet}!" if sheet else ""
            top, bottom = _number(match["r1"]), _number(match["r2"] or match["r1"])
            low, high = self.ends(top, bottom) if match["r2"] else (self.row(top),) * 2
            said = head + match["c1"] + _like(match["r1"], low)
            return said + (f":{match['c2']}{_like(match['r2'], high)}" if match["r2"] else "")

        return _TOKEN.sub(moved, text)


def _number(said: str) -> int:
    return int(said.lstrip("$"))


def _like(said: str, number: int) -> str:
    return f"${number}" if said.startswith("$") else str(number)
