"""批示 on the page of a letter or an activity: who wrote what, to whom it was given, by when, what came of it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import days_left, iso
from jiandu.net.access.models import Owned
from jiandu.net.access.selectors import instructions_on
from jiandu.surfaces.desk.registers import Columns, Links, Row, Section

COLUMNS: Columns = (
    (gettext_lazy("批示领导"), "code"),
    (gettext_lazy("批示日期"), "date"),
    (gettext_lazy("批示内容"), "main"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("办理时限"), "date"),
    (gettext_lazy("办理结果"), "wrap"),
)


def section(viewer: Viewer, one: Owned, table: Any, link: Links) -> list[Section]:
    """The section of a record's page, with what may be answered; none before anything was written."""
    known = instructions_on(viewer, one, table) if getattr(one, "is_instructed", True) else []
    rows = [_written(row, link) for row in known]
    return [Section(_("批示"), COLUMNS, rows)] if rows else []


def _written(row: Any, link: Links) -> Row:
    term: Any = iso(row.due_on)
    if row.due_on and row.answered_on is None:
        late = {"tone": "danger"} if row.due_on < today() else {}
        term = {"text": term, "title": days_left(row.due_on, today()), **late}
    result = {"text": row.answer, "sub": iso(row.answered_on)} if row.answered_on else ""
    acts = [] if row.answered_on else link(row, "answer-instruction")
    return {"cells": [row.leader, iso(row.on), row.text, str(row.given_to), term, result], "acts": acts}
