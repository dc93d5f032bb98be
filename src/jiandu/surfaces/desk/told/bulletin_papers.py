"""Pages of 情况分析稿: the bulletins of offices as papers, drafted, kept, shown, sent out, with 批示."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.bulletins import selectors
from jiandu.results.bulletins.models import BulletinInstruction, PetitionBulletin
from jiandu.results.digests.tables import Bulletin
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact, select
from jiandu.surfaces.desk.told import advisories, instructing
from jiandu.surfaces.desk.told.bulletins import changes, heading, listed, sections, stats
from jiandu.surfaces.desk.told.petitions import tabs
from jiandu.surfaces.desk.wording import said as said_of


@dataclass(frozen=True)
class Version:
    """What the viewer is shown: the bulletin within or for outside (None: too few), whether he may choose between them.

    `now`: how many items the period has today, where that is not what was kept.
    """

    said: Bulletin | None
    for_outside: bool
    may_choose: bool
    now: int | None = None


LIST = (
    (gettext_lazy("分析编号"), "code"),
    (gettext_lazy("标题"), ""),
    (gettext_lazy("截止日期"), "date"),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("定稿日期"), "date"),
    (gettext_lazy("状态"), "state"),
)
TONES = {"drafted": "warn", "kept": "done"}


def bulletins(viewer: Viewer, state: str, span: str) -> Listed:
    """The drafts and kept bulletins, the latest period first."""
    return Listed(
        title=_("情况分析稿"),
        columns=LIST,
        rows=selectors.bulletins(viewer, state=state, span=span),
        row=_kept_row,
        tabs=tabs(viewer, "bulletins"),
        filters=[
            select("state", _("状态"), state, PetitionBulletin.State.choices),
            select("span", _("周期"), span, PetitionBulletin.Span.choices),
        ],
        note=_("每周、每月、每季、每年结束后自动起草；草稿的数字随登记变动，定稿后固定。"),
        empty=_("没有情况分析稿"),
    )


def named(row: PetitionBulletin) -> str:
    """Its title: the period, and what it is about."""
    return heading(selectors.period_of(row), "".join(filter(None, (str(row.subject or ""), said_of(row.domain)))))


def _state(row: PetitionBulletin) -> Row:
    if row.withdrawn_on:
        return {"text": _("已撤下"), "tone": "danger"}
    return {"text": row.get_state_display(), "tone": TONES[row.state]}


def _kept_row(row: PetitionBulletin) -> Row:
    cells = [row.code, named(row), iso(row.last_on), str(row.owner_office), iso(row.kept_on), _state(row)]
    return {"href": reverse("desk:bulletin", args=[row.uid]), "cells": cells}


def paper(viewer: Viewer, one: PetitionBulletin, version: Version, link: Links) -> Told:
    """A bulletin of an office: its figures in the version that the viewer may see, its words, 批示, whom it was sent to."""
    state, said = _state(one), version.said
    of = _of(one) if version.may_choose and not version.for_outside else {}
    none = Section(_("情况"), empty=_("件数过少，不能提供给本室以外"))
    first, *tables = sections(said, of) if said is not None else [none]
    return Told(
        title=named(one),
        lede=f"{_('情况分析稿')} {one.code}",
        badge=(str(state["text"]), str(state["tone"])),
        back=(_("情况分析稿"), reverse("desk:bulletins")),
        links=_links(one, version),
        ahead=[("keep", None, ""), ("send", None, "")],
        stats=stats(said, of) if said is not None else [],
        facts=_facts(one, version),
        sections=[
            first,
            *([Section(_("特点和建议"), words=one.remarks)] if one.remarks and not version.for_outside else []),
            *instructing.section(viewer, one, BulletinInstruction, link),
            *advisories.section(viewer, one),
            *tables,
            *(listed(said, selectors.lists_of(viewer, one), of) if said is not None and of else []),
        ],
    )


def _of(one: PetitionBulletin) -> dict[str, str]:
    """What it counts, as the register is asked for it."""
    said = {
        "office": str(one.owner_office.uid),
        "domain": one.domain.code if one.domain else "",
        "unit": str(one.subject.uid) if one.subject else "",
    }
    return {name: value for name, value in said.items() if value}


def _facts(one: PetitionBulletin, version: Version) -> list[Row]:
    kept = version.said.total if version.said else 0
    late = [] if version.now in (None, kept) else [fact(_("现在统计"), version.now, sub=_("定稿后有补录或更正"))]
    facts: list[Any] = [
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("截止日期"), iso(one.last_on)),
        fact(_("定稿日期"), iso(one.kept_on), sub=one.kept_by),
        fact(_("稿别"), _("对外稿") if version.for_outside else _("本室稿")),
        *(changes(version.said) if version.said else []),
        *late,
    ]
    return [each for each in facts if each["value"]]


def _links(one: PetitionBulletin, version: Version) -> list[Row]:
    """To the other version, where both may be seen; to Word."""
    page, word = (reverse(f"desk:{name}", args=[one.uid]) for name in ("bulletin", "bulletin-word"))
    here = "?outside=1" if version.for_outside and version.may_choose else ""
    other = (
        []
        if not version.may_choose
        else [
            {
                "label": _("本室稿") if version.for_outside else _("对外稿"),
                "href": page if version.for_outside else f"{page}?outside=1",
            }
        ]
    )
    paper = [{"label": "Word", "href": word + here, "icon": "download"}] if version.said is not None else []
    return [*other, *paper]
