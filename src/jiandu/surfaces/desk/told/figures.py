"""Of the desk: the figures of reviews that the viewer's office must answer for (核数单)."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.analysis.measures.registry import find
from jiandu.results.reports import asked
from jiandu.results.reports.models import FigureLine, Review
from jiandu.surfaces.desk.registers import Row, headed

FIGURES = (
    (gettext_lazy("统计指标"), "main"),
    (gettext_lazy("数值"), "num"),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("综述"), ""),
    (gettext_lazy("统计截止日"), "date"),
)


def queue(viewer: Viewer) -> dict[str, Any]:
    """What waits for an answer, as a queue; none for who answers for no figure."""
    return {"figures": asked.waiting(viewer)} if guard.allow(viewer, "answer", Review) else {}


def to_answer(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """The figures that the viewer's office must answer for; nothing where none of the `count` is left."""
    if not count:
        return {}
    lines = list(asked.waiting(viewer)[:most])
    all_of_them = reverse("desk:review-sheet", args=[lines[0].review.uid])
    return {
        "count": count,
        "columns": headed(FIGURES),
        "rows": [_row(one) for one in lines],
        "href": all_of_them,
    }


def _row(one: FigureLine) -> Row:
    measure = find(one.key)
    href = reverse("desk:review-line", args=[one.review.uid, one.key])
    state = {"text": one.get_state_display(), "tone": "warn" if one.state == "lapsed" else "neutral"}
    value = f"{one.number} {_(measure.unit)}"
    return {"href": href, "cells": [_(measure.label), value, state, one.review.title, iso(one.as_of)]}
