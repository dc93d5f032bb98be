"""Pages of analyses of political ecology: the register, one report by dimension. No score, no level, no ranking."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.results.portraits import selectors
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.sheet import BOOK, rows_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, fact
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told.approving import section
from jiandu.surfaces.desk.wording import said

COLUMNS = (
    (gettext_lazy("标题"), "main"),
    (gettext_lazy("单位或地区"), ""),
    (gettext_lazy("分析期"), ""),
    (gettext_lazy("起草机构"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("审定日期"), "date"),
)


def portraits(viewer: Viewer, year: int | None, status: str) -> Listed:
    """The reports, newest period first; of a year: approved in it, or not yet approved."""
    options = [("", "—"), ("approved", _("已审定")), ("draft", _("未审定"))]
    return Listed(
        title=_("政治生态分析报告"),
        columns=COLUMNS,
        rows=selectors.portraits(viewer, year=year, status=status),
        row=_portrait,
        filters=[
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
            {"name": "status", "label": _("状态"), "type": "select", "value": status, "options": options},
        ],
        empty=_("没有登记的报告"),
        out=Out(BOOK, rows_of),
        intake="portraits-sheet",
    )


def _portrait(row: Portrait) -> Row:
    label, tone = _status(row)
    cells = [row.title, row.about, _period(row), row.author, {"text": label, "tone": tone}, iso(row.approved_on)]
    return {"href": reverse("desk:portrait", args=[row.uid]), "cells": cells}


def _period(row: Portrait) -> str:
    return f"{iso(row.period_from)} – {iso(row.period_to)}"


def _status(row: Portrait) -> tuple[str, str]:
    if row.withdrawn_on:
        return _("已撤下：%(reason)s") % {"reason": row.withdrawn_for}, "neutral"
    label = (_("已审定"), "done") if row.approved_on else (_("起草中"), "progress")
    return (f"{label[0]}({_('修订')})", label[1]) if row.revises_id else label


DIMENSIONS = (
    (gettext_lazy("分析维度"), ""),
    (gettext_lazy("维度研判"), "main"),
    (gettext_lazy("信访件数"), "num"),
    (gettext_lazy("依据"), "num"),
)
GROUNDS = (
    (gettext_lazy("分析维度"), ""),
    (gettext_lazy("类别"), ""),
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("内容"), "main"),
)
REVISIONS = ((gettext_lazy("修订"), "main"), (gettext_lazy("状态"), "state"), (gettext_lazy("审定日期"), "date"))


def portrait(viewer: Viewer, one: Portrait, link: Links) -> Told:
    """One report."""
    judged = selectors.by_dimension(viewer, one)
    grounds = [row for each in judged for row in _grounds(each)]
    return Told(
        title=one.title,
        badge=_status(one),
        back=(_("政治生态分析报告"), reverse("desk:portraits")),
        links=_files(one),
        facts=_facts(one),
        sections=[
            Section(_("各维度分析"), DIMENSIONS, [_told_of(each, one, link) for each in judged]),
            Section(_("研判依据"), GROUNDS, grounds, empty=_("还没有关联问题或谈话")),
            Section(_("总体评价和建议"), words=one.summary, empty=_("还没有填写")),
            *section(selectors.approvals_of(viewer, one), link, partial(_scan, one)),
            *_revisions(viewer, one),
        ],
    )


def _facts(one: Portrait) -> list[Row]:
    about = reverse("desk:unit", args=[one.subject.uid]) if one.subject else ""
    facts = [
        fact(_("单位或地区"), one.about, href=about) if about else fact(_("单位或地区"), one.about),
        fact(_("分析期"), _period(one)),
        fact(_("指标年度"), one.year),
        fact(_("起草机构"), one.author),
        fact(_("审核人"), one.reviewers),
        fact(_("审定人"), " ".join(filter(None, [one.approved_by, iso(one.approved_on)]))),
        fact(_("报告文件"), one.file_name),
        fact(_("承办室组"), str(one.owner_office)),
    ]
    if one.revises is not None:
        facts.append(fact(_("修订"), one.revises.title, href=reverse("desk:portrait", args=[one.revises.uid])))
    return facts


def _scan(one: Portrait, row: Any) -> str:
    return reverse("desk:portrait-scan-file", args=[one.uid, row.uid])


def _files(one: Portrait) -> list[Row]:
    word = {"label": _("生成 Word"), "href": reverse("desk:portrait-word", args=[one.uid]), "icon": "download"}
    if not one.sha256:
        return [word]
    return [{"label": _("下载报告"), "href": reverse("desk:portrait-file", args=[one.uid]), "icon": "download"}, word]


def _told_of(each: selectors.Judged, one: Portrait, link: Links) -> Row:
    row, is_open = each.judgement, one.approved_on is None and one.withdrawn_on is None
    acts = link(each.dimension, "judge") if is_open else []
    acts += link(row, "ground") if row and is_open else []
    text: Any = row.text if row else {"text": _("未研判"), "tone": "warn"}
    petitions = "" if row is None or row.petition_count is None else row.petition_count
    return {"cells": [said(each.dimension), text, petitions, len(each.findings) + len(each.talks)], "acts": acts}


def _grounds(each: selectors.Judged) -> list[Row]:
    rows = []
    for finding in each.findings:
        code = {"text": finding.code, "href": reverse("desk:finding", args=[finding.uid])}
        rows.append([said(each.dimension), _("问题"), code, finding.listed])
    for talk in each.talks:
        code = {"text": talk.code, "href": reverse("desk:talk", args=[talk.uid])}
        rows.append([said(each.dimension), _("谈话"), code, talk.theme])
    return [{"cells": cells} for cells in rows]


def _revisions(viewer: Viewer, one: Portrait) -> list[Section]:
    rows = [] if one.revises_id or not one.approved_on else list(selectors.revisions_of(viewer, one))
    told = [
        {
            "cells": [
                {"text": row.title, "href": reverse("desk:portrait", args=[row.uid])},
                {"text": _status(row)[0], "tone": _status(row)[1]},
                iso(row.approved_on),
            ]
        }
        for row in rows
    ]
    return [Section(_("修订"), REVISIONS, told)] if told else []
