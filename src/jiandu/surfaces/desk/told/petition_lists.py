"""Pages of 平台清单: which lists came in and how, and what of each was not taken, with its place and the reason."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.lists import PetitionList
from jiandu.surfaces.desk.registers import Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.told.petitions import tabs

COLUMNS = (
    (gettext_lazy("清单文件"), ""),
    (gettext_lazy("导入日期"), "date"),
    (gettext_lazy("导入方式"), ""),
    (gettext_lazy("新增"), "num"),
    (gettext_lazy("更新"), "num"),
    (gettext_lazy("不变"), "num"),
    (gettext_lazy("冲突"), "num"),
    (gettext_lazy("未导入的行"), "num"),
    (gettext_lazy("状态"), "state"),
)
REFUSED = (
    (gettext_lazy("工作表"), ""),
    (gettext_lazy("单元格"), "code"),
    (gettext_lazy("栏目"), ""),
    (gettext_lazy("原因"), "wrap"),
)
DIFFERING = ((gettext_lazy("行"), "num"), (gettext_lazy("清单与登记不同的栏目"), "wrap"))
TONES = {"taken": "done", "partly": "warn", "unchanged": "neutral", "refused": "danger"}
ACTS = ("create", "update", "unchanged", "conflict", "error")


def lists(viewer: Viewer) -> Listed:
    """What came in, the latest first."""
    return Listed(
        title=_("平台清单"),
        columns=COLUMNS,
        rows=selectors.lists(viewer),
        row=_list,
        tabs=tabs(viewer, "petition-lists"),
        links=[{"label": _("导入清单"), "href": reverse("desk:petition-import"), "icon": "upload"}],
        note=_("收件文件夹中的清单每分钟自动导入，同一份不重复导入。")
        if settings.PETITIONS_INBOX
        else _("没有设置收件文件夹，清单由信访干部上传。"),
        empty=_("还没有导入过清单"),
    )


def _list(row: PetitionList) -> Row:
    counts = [row.counts.get(act, "") for act in ACTS]
    cells = [row.name, iso(row.on), row.get_way_display(), *counts, _state(row)]
    return {"href": reverse("desk:petition-list", args=[row.uid]), "cells": cells}


def _state(row: PetitionList) -> Row:
    return {"text": row.get_state_display(), "tone": TONES[row.state]}


def one(row: PetitionList) -> Told:
    """A list: its counts, the rows that were not taken, those that differ from what was worked on here."""
    state, reason = _state(row), _(row.reason) if row.reason else ""
    facts: list[Any] = [
        fact(_("导入方式"), row.get_way_display()),
        fact(_("导入日期"), iso(row.on)),
        fact(_("导入人"), row.by_name if row.way == PetitionList.Way.DESK else ""),
        fact(_("承办室组"), str(row.owner_office)),
        fact(_("未导入的原因"), reason % row.details if row.details else reason, wide=True),
    ]
    labels = (_("新增"), _("更新"), _("不变"), _("冲突"), _("未导入的行"))
    rows = {"href": reverse("desk:petitions")}
    stats = [{"label": label, "value": row.counts.get(act, 0)} for label, act in zip(labels, ACTS, strict=True)]
    return Told(
        title=row.name,
        lede=_("平台清单"),
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("平台清单"), reverse("desk:petition-lists")),
        links=[{"label": _("查看信访件"), **rows}],
        stats=stats if row.counts else [],
        facts=[each for each in facts if each["value"]],
        sections=_sections(row),
    )


def _sections(row: PetitionList) -> list[Section]:
    refused = [{"cells": [sheet, cell, title, _said(zh, en)]} for sheet, cell, title, zh, en in row.refused]
    differing = [{"cells": [number, "、".join(titles)]} for number, titles in row.differing]
    found = []
    if refused:
        found.append(Section(_("未导入的行"), REFUSED, refused, words=""))
    if differing:
        found.append(Section(_("冲突，不更改"), DIFFERING, differing))
    return found


def _said(zh: str, en: str) -> str:
    return en if (get_language() or "").startswith("en") else zh
