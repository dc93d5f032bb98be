"""Pages of checks: the list, one check, one inspection with its checklist; the versions of the checklist."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.selectors import tallies
from jiandu.loop.findings.states import SETTLED
from jiandu.loop.grassroots import selectors
from jiandu.loop.grassroots.inspection_sheet import BOOK, rows_of
from jiandu.loop.grassroots.models import Answer, AssetLookBack, Check, Checklist, Inspection, LedgerTick
from jiandu.loop.grassroots.ticks import ticks_of
from jiandu.sources.activities.models import Activity, ActivityInstruction
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told import instructing, schedule

Kind = Check.Kind
COLUMNS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("检查类别"), ""),
    (gettext_lazy("承办室组"), ""),
    (gettext_lazy("部署日期"), "date"),
    (gettext_lazy("检查村居"), "num"),
    (gettext_lazy("发现问题"), "num"),
)


def checks(viewer: Viewer, kind: str, year: int | None) -> Listed:
    """The checks, newest first."""
    kind = kind if kind in Kind else ""
    return Listed(
        title=_("基层监督检查"),
        columns=COLUMNS,
        rows=selectors.checks(viewer, kind=kind, year=year),
        row=_check,
        filters=[
            {
                "name": "kind",
                "label": _("检查类别"),
                "type": "select",
                "value": kind,
                "options": [("", "—"), *Kind.choices],
            },
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("没有登记的检查"),
        out=Out(BOOK, rows_of),
        intake="inspections-sheet",
    )


def _check(row: Any) -> Row:
    kind = Kind(row.check_kind).label if row.check_kind else ""
    cells = [row.code, row.name, kind, str(row.owner_office), iso(row.approved_on), row.villages or 0]
    return {"href": reverse("desk:check", args=[row.uid]), "cells": [*cells, row.problems or 0]}


VILLAGES = (
    (gettext_lazy("检查日期"), "code"),
    (gettext_lazy("村居"), "main"),
    (gettext_lazy("检查人员"), ""),
    (gettext_lazy("已填事项"), "num"),
    (gettext_lazy("问题事项"), "num"),
    (gettext_lazy("检查情况"), "wrap"),
)
LOOKS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("资产名称"), "main"),
    (gettext_lazy("环节"), ""),
    (gettext_lazy("结果"), "state"),
    (gettext_lazy("办理人"), ""),
    (gettext_lazy("问题"), "wrap"),
)


def check(viewer: Viewer, one: Any, link: Links) -> Told:
    """One check: where it went, what it found, what became of the assets."""
    kind = selectors.check_of(viewer, one)
    rows = list(selectors.inspections_of(viewer, one))
    looks = [_look(row, link) for row in selectors.looks_of(viewer, one)]
    has_assets = bool(looks) or (kind is not None and kind.kind == Kind.ASSETS)
    new = f"{reverse('desk:finding-new')}?source=activity:{one.uid}"
    facts = [
        fact(_("检查类别"), kind.get_kind_display() if kind else ""),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("部署日期"), iso(one.approved_on)),
        fact(_("方案"), one.plan, wide=True),
    ]
    if kind and kind.checklist:
        href = reverse("desk:checklist", args=[kind.checklist.uid])
        facts.insert(1, fact(_("监督清单"), str(kind.checklist), href=href))
    return Told(
        title=one.name,
        lede=one.code,
        back=(_("基层监督检查"), reverse("desk:checks")),
        links=[
            schedule.door(one),
            {"label": _("登记问题"), "href": new, "icon": "plus"},
            *_sheet(viewer, one, is_shown=has_assets),
        ],
        stats=_stats(viewer, one, rows),
        facts=facts,
        sections=[
            Section(_("村居检查"), VILLAGES, [_inspection(one, row, link) for row in rows], empty=_("还没有登记检查")),
            Section(_("资产回头看"), LOOKS, looks, empty=_("没有资产回头看")),
            *instructing.section(viewer, one, ActivityInstruction, link),
        ],
    )


def _sheet(viewer: Viewer, one: Activity, *, is_shown: bool) -> list[Row]:
    """The sheet of assets, printed and typed in, for whoever may."""
    if not is_shown or not guard.allow(viewer, "create", AssetLookBack):
        return []
    href = reverse("desk:check-assets", args=[one.uid, AssetLookBack.Stage.TOWN])
    return [{"label": _("资产回头看表"), "href": href, "icon": "printer"}]


def _stats(viewer: Viewer, one: Activity, rows: list[Inspection]) -> list[Row]:
    states = tallies.by_state(viewer, one)
    settled = sum(count for state, count in states.items() if state in SETTLED)
    href = f"{reverse('desk:findings')}?activity={one.pk}"
    return [
        {"label": _("检查村居"), "value": len({row.organisation_id for row in rows})},
        {"label": _("发现问题"), "value": sum(states.values()), "href": href},
        {"label": _("已销号"), "value": settled},
    ]


def _inspection(one: Activity, row: Any, link: Links) -> Row:
    href = reverse("desk:inspection", args=[one.uid, row.uid])
    cells = [iso(row.on), {"text": row.organisation.name, "href": href}, row.inspectors]
    return {"cells": [*cells, row.n_answers or 0, row.n_problems or 0, row.note], "acts": link(row, "withdraw")}


def _look(row: AssetLookBack, link: Links) -> Row:
    tone = {"cleared": "done", "partly": "progress", "litigation": "warn"}.get(row.result, "danger")
    finding = {"text": row.finding.code, "href": reverse("desk:finding", args=[row.finding.uid])}
    result = {"text": row.get_result_display(), "tone": tone}
    cells = [iso(row.on), row.listed_as(row.asset), row.get_stage_display(), result, row.by_name, finding]
    return {"cells": cells, "acts": link(row, "withdraw-look")}


ITEMS = (
    (gettext_lazy("序号"), "num"),
    (gettext_lazy("监督事项"), ""),
    (gettext_lazy("监督要点"), "main wrap"),
    (gettext_lazy("方式"), ""),
    (gettext_lazy("频次"), ""),
    (gettext_lazy("检查结果"), "state"),
)
TONES = {Answer.Result.NORMAL: "done", Answer.Result.PROBLEM: "danger"}


def inspection(viewer: Viewer, row: Inspection, link: Links, doors: list[Row]) -> Told:
    """One inspection: what was seen of the ledger; the checklist by aspect, each item with its answer and the acts on it."""
    one, asked = row.activity, selectors.answers_of(viewer, row)
    word = reverse("desk:inspection-word", args=[one.uid, row.uid])
    answers = [each.answer for _aspect, items in asked for each in items if each.answer]
    problems = sum(answer.result == Answer.Result.PROBLEM for answer in answers)
    return Told(
        title=f"{row.organisation}",
        lede=iso(row.on),
        back=(one.name, reverse("desk:check", args=[one.uid])),
        back_is_name=True,
        links=[*doors, *([{"label": _("下载 Word"), "href": word, "icon": "download"}] if asked else [])],
        facts=[
            fact(_("检查人员"), row.inspectors),
            fact(_("已填事项"), f"{len(answers)}/{sum(len(items) for _aspect, items in asked)}" if asked else ""),
            fact(_("问题事项"), problems),
            fact(_("检查情况"), row.note, wide=True),
        ],
        sections=[
            *_ticked(ticks_of(viewer, row), link),
            *(Section(aspect.name, ITEMS, [_asked(each, link) for each in items]) for aspect, items in asked),
        ],
    )


TICKS = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("台账"), ""),
    (gettext_lazy("核对结果"), "state"),
    (gettext_lazy("情况"), "wrap"),
    (gettext_lazy("问题"), ""),
)


def _ticked(rows: list[LedgerTick], link: Links) -> list[Section]:
    """What was seen of the ledger, what differs first; nothing where nothing was ticked."""
    found = sorted(rows, key=lambda row: row.result == LedgerTick.Result.SEEN)
    return [Section(_("台账实地核对"), TICKS, [tick(row, link) for row in found])] if found else []


def tick(row: LedgerTick, link: Links | None = None) -> Row:
    """One thing as it was seen, and what became of what differs."""
    tone = {LedgerTick.Result.SEEN: "done", LedgerTick.Result.DIFFERS: "warn"}.get(
        LedgerTick.Result(row.result), "danger"
    )
    is_open = row.finding_id is None and row.result != LedgerTick.Result.SEEN
    finding: Any = ""
    if row.finding is not None:
        finding = {"text": row.finding.code, "href": reverse("desk:finding", args=[row.finding.uid])}
    cells = [
        row.code,
        row.name,
        row.get_kind_display(),
        {"text": row.get_result_display(), "tone": tone},
        row.note,
        finding,
    ]
    return {"cells": cells, "acts": link(row, "take-tick") if link and is_open else []}


def _asked(each: selectors.Asked, link: Links) -> Row:
    item, answer = each.item, each.answer
    result: Any = {"text": _("未填"), "tone": "neutral"}
    acts = link(item, "answer")
    if answer is not None:
        tone = TONES.get(Answer.Result(answer.result), "neutral")
        result = {"text": answer.get_result_display(), "tone": tone, "sub": answer.note}
        if answer.finding is not None:
            result = {"text": answer.finding.code, "href": reverse("desk:finding", args=[answer.finding.uid])}
            acts = []
        elif answer.result == Answer.Result.PROBLEM:
            acts = [*link(answer, "take"), *acts]
    return {"cells": [item.number, item.matter, item.point, item.method, item.frequency, result], "acts": acts}


VERSIONS = (
    (gettext_lazy("版本"), "code"),
    (gettext_lazy("名称"), "main"),
    (gettext_lazy("启用日期"), "date"),
    (gettext_lazy("止"), "date"),
    (gettext_lazy("方面数"), "num"),
    (gettext_lazy("事项数"), "num"),
)


def checklists(viewer: Viewer) -> Listed:
    """Every version of the checklist."""
    return Listed(
        title=_("一肩挑监督清单"),
        columns=VERSIONS,
        rows=selectors.checklists(viewer),
        row=_version,
        empty=_("还没有监督清单"),
    )


def _version(row: Any) -> Row:
    cells = [row.version, row.name, iso(row.since), iso(row.until), row.n_aspects, row.n_items]
    return {"href": reverse("desk:checklist", args=[row.uid]), "cells": cells}


WHOLE = (
    *ITEMS[:5],
    (gettext_lazy("责任主体"), ""),
    (gettext_lazy("依据"), "wrap"),
)


def checklist(one: Checklist) -> Told:
    """One version."""
    word = reverse("desk:checklist-word", args=[one.uid])
    sections = []
    for aspect in selectors.whole(one.pk):
        rows = [
            [row.number, row.matter, row.point, row.method, row.frequency, row.responsible, row.basis]
            for row in aspect.items.all()
        ]
        sections.append(Section(aspect.name, WHOLE, [{"cells": cells} for cells in rows]))
    return Told(
        title=one.name,
        lede=one.version,
        back=(_("一肩挑监督清单"), reverse("desk:checklists")),
        links=[{"label": _("下载空白表"), "href": word, "icon": "download"}],
        facts=[
            fact(_("启用日期"), iso(one.since)),
            fact(_("止"), iso(one.until)),
            fact(_("说明"), one.note, wide=True),
        ],
        sections=sections,
    )
