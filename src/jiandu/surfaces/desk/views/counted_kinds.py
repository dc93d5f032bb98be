"""What it takes to show the rows of one kind of record as a table."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

Row = dict[str, Any]
OWNER = (gettext_lazy("承办室组"), "")


@dataclass(frozen=True)
class Kind:
    """`columns`: label, kind of the cell. `load` fetches with few statements what `row` shows."""

    columns: tuple[tuple[Any, str], ...]
    load: Callable[["QuerySet[Any]"], "QuerySet[Any]"]
    row: Callable[[Any], Row]
