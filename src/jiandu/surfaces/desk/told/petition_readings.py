"""送阅登记: on the page of an item, in what is due, and as a register of all that is in readers' hands."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.models import Petition, Reading
from jiandu.sources.petitions.vault import Read
from jiandu.surfaces.desk.registers import Links, Row, Section

READINGS = (
    (gettext_lazy("送阅对象"), "main"),
    (gettext_lazy("送阅材料"), ""),
    (gettext_lazy("送阅日期"), "date"),
    (gettext_lazy("应退日期"), "date"),
    (gettext_lazy("退回日期"), "date"),
    (gettext_lazy("批准人"), ""),
    (gettext_lazy("经手人"), ""),
    (gettext_lazy("批示"), "wrap"),
    (gettext_lazy("状态"), "state"),
)
REGISTER = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("送阅对象"), ""),
    (gettext_lazy("送阅材料"), ""),
    (gettext_lazy("送阅日期"), "date"),
    (gettext_lazy("应退日期"), "date"),
    (gettext_lazy("退回日期"), "date"),
    (gettext_lazy("批准人"), ""),
    (gettext_lazy("经手人"), ""),
    (gettext_lazy("状态"), "state"),
)
MOST_DUE = 100


def readings_section(read: tuple[Read, ...], link: Links) -> Section:
    """Who had the papers of an item, with what they wrote where a key is open."""
    return Section(_("送阅登记"), READINGS, [_reading(each, link) for each in read])


def _reading(each: Read, link: Links) -> Row:
    row = each.reading
    words = each.words or (_("密封中") if row.envelope else "")
    cells = [row.reader, _paper(row), iso(row.on), iso(row.due_on), iso(row.returned_on)]
    acts = link(row, "read-back", "withdraw-read") if row.is_out else []
    return {"cells": [*cells, row.granted_by, row.given_by, words, standing(row)], "acts": acts}


def _paper(row: Reading) -> Row:
    sub = ngettext("%(count)d份", "%(count)d份", row.copies) % {"count": row.copies} if row.copies > 1 else ""
    return {"text": row.get_paper_display(), "sub": sub}


def standing(row: Reading) -> Row:
    """In words and colour: back, out, near, overdue."""
    if row.withdrawn_on:
        return {"text": _("已撤下"), "tone": "danger"}
    if row.returned_on:
        late = (row.returned_on - row.due_on).days
        words = ngettext("超期%(days)d天退回", "超期%(days)d天退回", late) % {"days": late}
        return {"text": words, "tone": "warn"} if late > 0 else {"text": _("已退回"), "tone": "done"}
    late = (today() - row.due_on).days
    if late > 0:
        return {"text": ngettext("超期%(days)d天未退", "超期%(days)d天未退", late) % {"days": late}, "tone": "danger"}
    return {"text": _("送阅中"), "tone": "progress" if late else "warn"}


def listed(row: Reading, petitions: dict[int, Petition]) -> Row:
    """A line of the register; its number leads to the item."""
    one = petitions.get(row.petition_id)
    cells: list[Any] = [one.code if one else "", row.reader, _paper(row), iso(row.on), iso(row.due_on)]
    more = [iso(row.returned_on), row.granted_by, row.given_by, standing(row)]
    told: Row = {"cells": [*cells, *more]}
    return told | {"href": reverse("desk:petition", args=[one.uid])} if one else told


def due_section(viewer: Viewer) -> Section:
    """Papers that readers still have, the first due first."""
    rows = list(selectors.readings(viewer, "out")[:MOST_DUE])
    petitions = selectors.by_keys(viewer, [row.petition_id for row in rows])
    told = [listed(row, petitions) for row in rows]
    lines = [{"cells": [{"text": one["cells"][0], "href": one.get("href", "")}, *one["cells"][1:]]} for one in told]
    return Section(_("送阅未退回"), REGISTER, lines)
