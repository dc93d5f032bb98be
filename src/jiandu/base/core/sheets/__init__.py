"""Excel rows in and out. (docstring later)"""

from .errors import CellProblem, SheetRefused
from .limits import LARGE, SMALL, Limits
from .reader import RawRow, read_rows
