"""Pages of sheets and letters: the two registers, one sheet with its course."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments import report_sheet, selectors
from jiandu.loop.instruments.ahead import ahead
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import Delivery, Instrument, InstrumentInstruction, Reply, SignOff, Turn
from jiandu.loop.instruments.services.answering import open_points
from jiandu.loop.instruments.sheet import BOOK, rows_of
from jiandu.loop.instruments.states import TONES, Stage, is_late, stage_of
from jiandu.loop.outcomes.selectors import rules_of_instrument
from jiandu.net.subjects.models import Organisation
from jiandu.results.alarms.letters import KINDS as OF_ALARMS
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.selectors import alarm_of
from jiandu.surfaces.desk.activity_pages import href_of
from jiandu.surfaces.desk.registers import Columns, Links, Listed, Row, Section, Told, fact, headed, many_papers
from jiandu.surfaces.desk.sheeted import Out
from jiandu.surfaces.desk.told import instructing
from jiandu.surfaces.desk.told.approving import scan_of
from jiandu.surfaces.desk.told.rules import made as made_rules
from jiandu.surfaces.desk.wording import said

Kind = Instrument.Kind
FIRST = ((gettext_lazy("编号"), "code"), (gettext_lazy("事由"), "main"))
LAST = (
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("送达日期"), "date"),
    (gettext_lazy("反馈期限"), "date"),
    (gettext_lazy("承办室组"), ""),
)
SHEETS = (*FIRST, (gettext_lazy("被抄报单位"), ""), (gettext_lazy("领导批示"), ""), *LAST)
LETTERS = (*FIRST, (gettext_lazy("文种"), ""), (gettext_lazy("主送单位"), ""), *LAST)
MADE = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("事由"), "main"),
    (gettext_lazy("文种"), ""),
    (gettext_lazy("主送单位"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("送达日期"), "date"),
    (gettext_lazy("反馈期限"), "date"),
)


def copy_reports(viewer: Viewer, year: int | None, tab: str) -> Listed:
    """问题抄报: newest first. A leader's column says what he did, never that he is late."""
    rows = selectors.instruments(viewer, [Kind.COPY_REPORT], year=year, where=tab)
    year_ = {"name": "year", "label": _("年度"), "type": "number", "value": year or ""}
    empty = _("还没有问题抄报单")
    return Listed(_("问题抄报"), SHEETS, rows, _sheet, filters=[year_], tabs=_tabs(tab, year), links=[_other("desk:letters", _("建议书和函件"))], empty=empty, out=Out(report_sheet.BOOK, report_sheet.rows_of), intake="copy-reports-sheet")  # fmt: skip


def _tabs(tab: str, year: int | None) -> list[Row]:
    """All, and what waits: for a signature, for the unit. No tab waits for a leader."""
    more = f"&year={year}" if year else ""
    named = (("", _("全部")), ("waiting", _("待签批")), ("unanswered", _("待反馈")), ("late", _("逾期未反馈")))
    return [{"label": label, "href": f"?tab={key}{more}", "current": key == tab} for key, label in named]


def _other(url: str, label: str) -> Row:
    return {"label": label, "href": reverse(url)}


def _worded_by(viewer: Viewer) -> list[Row]:
    return [_other("desk:wordings", _("文书用语"))] if guard.allow(viewer, "word", Instrument) else []


def letters(viewer: Viewer, kind: str, year: int | None, tab: str) -> Listed:
    """Proposals and letters, newest first."""
    kinds = [kind] if kind in Instrument.LETTERS else Instrument.LETTERS
    return Listed(
        title=_("建议书和函件"),
        columns=LETTERS,
        rows=selectors.instruments(viewer, kinds, year=year, where=tab),
        row=_letter,
        tabs=_tabs(tab, year),
        links=[_other("desk:copy-reports", _("问题抄报")), many_papers("letter", _("批量文书")), *_worded_by(viewer)],
        filters=[
            {"name": "kind", "label": _("文种"), "type": "select", "value": kind, "options": KINDS},
            {"name": "year", "label": _("年度"), "type": "number", "value": year or ""},
        ],
        empty=_("还没有建议书和函件"),
        out=Out(BOOK, rows_of),
        intake="letters-sheet",
    )


KINDS = [("", "—"), *((kind.value, kind.label) for kind in Instrument.LETTERS)]


def made(rows: Iterable[Any]) -> Section:
    """The sheets and letters of a campaign or project."""
    told = []
    for row in rows:
        code = {"text": row.number or row.code, "href": page_of(row)}
        days = [iso(row.delivered_on), due(row, row.reply_due_on)]
        told.append({"cells": [code, row.title, row.get_kind_display(), str(row.subject), badge(row), *days]})
    return Section(_("文书"), MADE, told, empty=_("还没有制发文书"))


def to_sign(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """What waits for the viewer's signature, for the table of his desk; nothing where none of the `count` is left."""
    if not count:
        return {}
    rows = with_course(selectors.to_sign(viewer)).select_related("owner_office", "subject")
    return {"count": count, "columns": headed(LETTERS), "rows": [_letter(one) for one in rows[:most]]}


def of_unit(viewer: Viewer, unit: Organisation, most: int, *, is_below: bool) -> dict[str, Any]:
    """The sheets and letters to a unit, for its file; nothing for whom they are closed."""
    if not guard.allow(viewer, "view", Instrument):
        return {}
    found = selectors.of_unit(viewer, unit, is_below=is_below)
    rows = list(found[:most])
    count = len(rows) if len(rows) < most else found.count()
    return {"count": count, "columns": headed(LETTERS), "rows": [_letter(one) for one in rows]}


def _sheet(one: Any) -> Row:
    seen = _endorsement(one) if one.delivered_on else ""
    return {"href": page_of(one), "cells": [one.number or one.code, one.title, str(one.subject), seen, *_ends(one)]}


def _letter(one: Any) -> Row:
    cells = [one.number or one.code, one.title, one.get_kind_display(), str(one.subject)]
    return {"href": page_of(one), "cells": [*cells, *_ends(one)]}


def _ends(one: Any) -> list[Any]:
    return [badge(one), iso(one.delivered_on), due(one, one.reply_due_on), str(one.owner_office)]


def page_of(one: Any) -> str:
    return reverse("desk:instrument", args=[one.uid])


def badge(one: Any) -> Row:
    """The stage as a mark."""
    stage = stage_of(one)
    return {"text": str(stage.label), "tone": TONES[stage]}


def due(one: Any, on: date | None) -> Any:
    """The unit's term; red where it has not answered in time."""
    return {"text": iso(on), "tone": "danger", "title": _("逾期未反馈")} if is_late(one, today()) else iso(on)


def _endorsement(one: Any) -> str:
    return str(Turn.Verb(one.endorsed).label) if one.endorsed else _("未批示")


SIGNED = (
    (gettext_lazy("提请日期"), "date"),
    (gettext_lazy("提请人"), ""),
    (gettext_lazy("结果"), "state"),
    (gettext_lazy("签批人"), ""),
    (gettext_lazy("签批日期"), "date"),
    (gettext_lazy("签批意见"), "main"),
    (gettext_lazy("扫描件"), "wrap"),
)
FINDINGS = ((gettext_lazy("问题编号"), "code"), (gettext_lazy("问题表现"), "main"), (gettext_lazy("现在状态"), "state"))
SUGGESTED = (
    (gettext_lazy("建议"), "main"),
    (gettext_lazy("反馈类型"), "state"),
    (gettext_lazy("反馈日期"), "date"),
    (gettext_lazy("采纳和落实情况"), "wrap"),
    (gettext_lazy("核验"), ""),
)
SERVED = (
    (gettext_lazy("对象"), ""),
    (gettext_lazy("接收人"), "main"),
    (gettext_lazy("送达当日职务"), ""),
    (gettext_lazy("送达日期"), "date"),
    (gettext_lazy("批示、圈阅"), "wrap"),
)
REPLIES = (
    (gettext_lazy("反馈日期"), "date"),
    (gettext_lazy("整改措施"), "main"),
    (gettext_lazy("整改结果"), "wrap"),
    (gettext_lazy("签字"), ""),
    (gettext_lazy("扫描件"), "wrap"),
)
TURNS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("事项"), ""),
    (gettext_lazy("内容"), "main"),
    (gettext_lazy("办理人"), ""),
)


def instrument(viewer: Viewer, one: Any, link: Links) -> Told:
    """One sheet: what it says, who signed it, to whom it went, what was answered, what still stands open."""
    whole = selectors.whole(viewer, one)
    stage = stage_of(one)
    prose = [(_("监督调查情况"), one.facts), (_("主要问题及其产生的原因"), one.causes), (_("工作建议"), one.advice)]
    prose.append((_("反馈要求"), one.reply_ask))
    is_open = stage in {Stage.DELIVERED, Stage.REPLIED}
    rules = [] if one.is_copy_report else list(rules_of_instrument(viewer, one))
    missing = open_points(viewer, whole) if is_open else []
    paper = reverse("desk:instrument-word", args=[one.uid])
    return Told(
        title=one.title,
        lede=f"{one.get_kind_display()} {one.number or one.code}",
        badge=(str(stage.label), TONES[stage]),
        back=_back(one),
        links=[*_alarm(viewer, one), {"label": "Word", "href": paper, "icon": "download"}, {"label": "PDF", "href": f"{paper}?format=pdf", "icon": "download"}],
        facts=_facts(one),
        ahead=ahead(whole, missing, viewer, today()),
        sections=[
            *([Section(_("销号前还需"), words="\n".join(missing))] if missing else []),
            *([Section(_("所列问题"), FINDINGS, [_listed(row, finding, link) for row, finding in whole.findings])] if whole.findings or one.is_copy_report else []),
            *[Section(title, words=text) for title, text in prose if text],
            *([] if one.is_copy_report else [Section(_("整改建议"), SUGGESTED, [_suggested(row, answer, link, stage) for row, answer in whole.suggestions])]),
            *([] if whole.sign_offs is None else [Section(_("签批"), SIGNED, [_signed(one, row, link) for row in whole.sign_offs], empty=_("还没有送签"))]),
            Section(_("送达"), SERVED, [_served(row, turns, link) for row, turns in whole.deliveries], empty=_("还没有送达")),
            Section(_("反馈"), REPLIES, [_reply(one, row, link, is_open=is_open) for row in whole.replies], empty=_("还没有反馈")),
            *instructing.section(viewer, one, InstrumentInstruction, link),
            *([made_rules(_("推动建章立制"), rules)] if rules else []),
            *([Section(_("办理情况"), TURNS, [_turn(row, link) for row in whole.turns])] if whole.turns else []),
        ],
    )  # fmt: skip


def _alarm(viewer: Viewer, one: Any) -> list[Row]:
    """To the warning that a letter came of, for whoever may see it."""
    may = one.kind in OF_ALARMS and guard.allow(viewer, "view", Alarm)
    alarm = alarm_of(viewer, one) if may else None
    return [{"label": _("苗头预警"), "href": reverse("desk:alarm", args=[alarm.uid])}] if alarm else []


def _back(one: Any) -> tuple[str, str]:
    if one.is_copy_report:
        return _("问题抄报"), reverse("desk:copy-reports")
    return _("建议书和函件"), reverse("desk:letters")


def _facts(one: Any) -> list[Row]:
    facts = [
        fact(_("内部编号"), one.code),
        fact(_("文号"), one.number),
        fact(_("被抄报单位") if one.is_copy_report else _("主送单位"), str(one.subject)),
        fact(_("发文机关"), one.issuer),
        fact(_("承办室组"), str(one.owner_office)),
        fact(_("拟稿日期"), iso(one.drafted_on)),
        fact(_("问题来源"), one.source),
        _reply_due(one),
    ]
    if one.is_copy_report:
        facts += [
            fact(_("研究部署期限"), iso(one.study_due_on)),
            fact(_("领导批示"), _endorsement(one) if one.delivered_on else ""),
            fact(_("问题性质"), said(one.nature)),
        ]
    facts += [fact(_("抄送机关"), one.copies_to)] if one.copies_to else []
    facts += [fact(_("保管期限"), one.retention)] if one.retention else []
    facts += [fact(_("文书用语"), _("第%(version)d版") % {"version": one.wording.version})] if one.wording else []
    facts += [fact(_("撤下原因"), one.withdrawn_for)] if one.withdrawn_on else []
    if one.activity_uid:
        facts.append(
            fact(_("监督活动"), one.activity_name, href=href_of(one.activity_kind, one.activity_uid), wide=True)
        )
    return facts


def _reply_due(one: Any) -> Row:
    late = {"tone": "danger", "sub": _("逾期未反馈")} if is_late(one, today()) else {}
    return fact(_("反馈期限"), iso(one.reply_due_on), **late)


def _listed(row: Any, finding: Finding | None, link: Links) -> Row:
    if finding is None:
        return {"cells": ["", _("不在本人范围内"), ""]}
    state = {"text": finding.get_state_display(), "tone": finding.state}
    code = {"text": finding.code, "href": reverse("desk:finding", args=[finding.uid])}
    return {"cells": [code, finding.listed, state], "acts": link(row, "drop-finding")}


def _suggested(row: Any, answer: Any, link: Links, stage: Stage) -> Row:
    if answer is None:
        acts = link(row, "answer") if stage in {Stage.DELIVERED, Stage.REPLIED} else link(row, "drop-suggestion")
        return {"cells": [row.text, "", "", "", ""], "acts": acts if stage in OPEN_TO_ACTS else []}
    kind = {"text": answer.get_kind_display(), "tone": ANSWERED[answer.kind]}
    checked = f"{iso(answer.verified_on)} {answer.verified_by}" if answer.verified_on else ""
    acts = [] if answer.verified_on else [*link(row, "answer"), *link(answer, "verify")]
    return {"cells": [row.text, kind, iso(answer.on), answer.text, checked], "acts": acts}


ANSWERED = {"adopted": "done", "partly": "warn", "reasoned": "neutral"}
OPEN_TO_ACTS = {Stage.DRAFT, Stage.DELIVERED, Stage.REPLIED}
GRANT = SignOff.Status
TONE_OF_GRANT = {GRANT.GRANTED: "done", GRANT.REFUSED: "danger", GRANT.LAPSED: "neutral"}


def _aside(text: str, more: str) -> str:
    """Words with what is added in brackets, if anything is."""
    return _("%(text)s（%(sub)s）") % {"text": text, "sub": more} if more else text


def _signed(one: Any, row: SignOff, link: Links) -> Row:
    status = {"text": row.get_status_display(), "tone": TONE_OF_GRANT.get(GRANT(row.status), "warn")}
    signer = _aside(row.signer_name, _("纸质") if row.is_paper else _("线上")) if row.signer_name else ""
    cells = [iso(row.asked_on), row.asked_by_name, status, signer, iso(row.signed_on), row.opinion, _scan(one, row)]
    slugs = ["confirm-paper"] if row.status == GRANT.ON_PAPER else []
    slugs += ["withdraw-scan" if row.scan_name else "scan"] if row.is_paper and one.withdrawn_on is None else []
    return {"cells": cells, "acts": link(row, *slugs)}


def _scan(one: Any, row: SignOff | Reply) -> Any:
    """The scan of a paper as a link, with its hash."""
    return scan_of(row, reverse("desk:instrument-scan-file", args=[one.uid, row.uid]))


def _served(row: Delivery, turns: list[Turn], link: Links) -> Row:
    name = _aside(str(row.person or row.organisation), row.receiver)
    seen = "；".join(f"{iso(turn.on)} {turn.get_verb_display()} {turn.note}".strip() for turn in turns)
    if row.to == Delivery.To.LEADER and not turns:
        seen = _("未批示")
    slugs = ("withdraw-delivery",) if row.to == Delivery.To.UNIT else ("endorse", "withdraw-delivery")
    return {"cells": [row.get_to_display(), name, row.post, iso(row.on), seen], "acts": link(row, *slugs)}


def _reply(one: Any, row: Reply, link: Links, *, is_open: bool) -> Row:
    signed = "、".join(filter(None, [row.unit_signer, row.leader_signer]))
    result = " ".join(filter(None, [row.result, row.proof]))
    slugs = ["withdraw-scan-reply" if row.scan_name else "scan-reply"] if one.withdrawn_on is None else []
    slugs += ["withdraw-reply"] if is_open else []
    return {"cells": [iso(row.on), row.measures, result, signed, _scan(one, row)], "acts": link(row, *slugs)}


def _turn(row: Turn, link: Links) -> Row:
    gone = _("已撤下：%(reason)s") % {"reason": row.withdrawn_for} if row.withdrawn_on else ""
    cells = [
        iso(row.on),
        row.get_verb_display(),
        {"text": row.note or gone, "sub": gone if row.note else ""},
        row.by_name,
    ]
    return {"cells": cells, "acts": [] if gone else link(row, "withdraw-turn")}


ABOUT: Columns = (
    (gettext_lazy("编号"), "code"),
    (gettext_lazy("文种"), ""),
    (gettext_lazy("状态"), "state"),
    (gettext_lazy("送达日期"), "date"),
    (gettext_lazy("反馈期限"), "date"),
    (gettext_lazy("领导批示"), ""),
)


def about_finding(viewer: Viewer, finding: Finding) -> Section | None:
    """文书 that list a finding, with the clock that each runs beside the finding's own; nothing where there is none."""
    rows = [_about(one) for one in selectors.about_finding(viewer, finding)]
    return Section(_("所列文书"), ABOUT, rows) if rows else None


def _about(one: Any) -> Row:
    code = {"text": one.number or one.code, "href": page_of(one)}
    seen = _endorsement(one) if one.is_copy_report and one.delivered_on else ""
    days = [iso(one.delivered_on), due(one, one.reply_due_on)]
    return {"cells": [code, one.get_kind_display(), badge(one), *days, seen]}
