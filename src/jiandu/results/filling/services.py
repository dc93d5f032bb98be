"""A superior's workbook is bound by its heads, and filled for a period."""

from datetime import date

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Filled, fill_form, read_form
from jiandu.results.filling.answering import Told, puts, tell
from jiandu.results.filling.bindings import Binding, Period, packed, unpacked
from jiandu.results.filling.proposing import propose
from jiandu.results.filling.selectors import vocabulary


def proposed(viewer: Viewer, content: bytes) -> tuple[bytes, list[Binding]]:
    """A workbook that carries proposals for its cells. Raises SheetRefused."""
    found = propose(read_form(content), vocabulary(viewer))
    return fill_form(content, [], kept=packed(found)).content, found


def filled(viewer: Viewer, content: bytes, period: Period, as_of: date) -> tuple[Filled | None, Told]:
    """The workbook filled for a period; nothing where a cell's binding cannot be answered. Raises SheetRefused, Refused."""
    form = read_form(content)
    bindings = unpacked(form.kept)
    if not bindings:
        raise Refused("unbound", "这张表还没有绑定，请先提出绑定建议(--propose)")
    told = tell(viewer, form, bindings, period, as_of)
    return (None if told.problems else fill_form(content, puts(told))), told
