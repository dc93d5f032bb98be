"""What a sheet to be written looks like, apart from its rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .cells import Value
from .errors import CellProblem

Kind = Literal["text", "date", "money", "number", "row_id"]
OutValue = Value | Decimal

ROW_ID_TITLE = "行标识(勿改)"
ERROR_SHEET = "错误清单"
NOTES_SHEET = "填表说明"
ERROR_TITLES = ("序号", "工作表", "行", "列", "栏目", "填写的值", "原因")
ERROR_WIDTHS = (6.0, 16.0, 8.0, 6.0, 20.0, 30.0, 60.0)
_WIDTHS: dict[Kind, float] = {"text": 18, "date": 12, "money": 14, "number": 10, "row_id": 4}


@dataclass(frozen=True, slots=True)
class OutColumn:
    """One column: its words, what it holds, its width in characters (0: by kind). "row_id" is hidden.

    `is_asked`: for the reader to fill in; its cells are open where the others of such a sheet are grey and locked. It
    offers `choices`; a number lies between 0 and `most`, a date is a date.
    """

    title: str
    kind: Kind = "text"
    width: float = 0
    is_asked: bool = False
    choices: tuple[str, ...] = ()
    most: int | None = None

    @classmethod
    def row_id(cls) -> "OutColumn":
        """The hidden column of stable row ids, which `find_table` recognises when the file comes back."""
        return cls(ROW_ID_TITLE, "row_id")

    @property
    def shown_width(self) -> float:
        """Width in characters."""
        return self.width or _WIDTHS[self.kind]


@dataclass(frozen=True, slots=True)
class Plan:
    """All of a table but its rows.

    `facts` stand above the header as 键:值 and are read back by `find_table`; `notes` become a second sheet 填表说明;
    `watermark` (name, time, export id) becomes the first row (水印:…) and the printed page header.
    `asks` are labels above the header, each with an open cell beside it, read back as facts too. Paper: A4, or A3.
    """

    title: str
    columns: Sequence[OutColumn]
    facts: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    watermark: str = ""
    asks: Sequence[str] = ()
    is_wide: bool = False
    sheet: str = ""  # what the worksheet is called, where not by its title

    @property
    def is_form(self) -> bool:
        """Whether there is something to fill in: all other cells are then locked, without a password, against slips."""
        return any(column.is_asked for column in self.columns)

    @property
    def above(self) -> tuple[str, str, str]:
        """The lines above the header: watermark, title, facts; empty ones are left out of the sheet."""
        return f"水印:{self.watermark}" if self.watermark else "", self.title, self.fact_line

    @property
    def fact_line(self) -> str:
        """The facts as one line; empty without facts."""
        return "    ".join(f"{key}:{value}" for key, value in self.facts)


def error_values(number: int, problem: CellProblem) -> tuple[int, str, int, str, str, str, str]:
    """One row of the error list, in the order of `ERROR_TITLES`."""
    shown = (problem.sheet, problem.row, problem.column, problem.title, problem.value, problem.reason)
    return (number, *shown)
