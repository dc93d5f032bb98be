"""Pages of 信访件: the register, one item with its clocks and steps, what is due. What it says only where a key is open."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext, pgettext
from django.utils.translation import gettext as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.statutes import cite
from jiandu.base.ui.templatetags.ui import iso
from jiandu.net.subjects.models import Organisation
from jiandu.results.alarms.models import Alarm
from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.sources.petitions import selectors
from jiandu.sources.petitions.lists import PetitionList
from jiandu.sources.petitions.models import HandOff, Meddling, Petition, PetitionStep, SuperiorReceipt
from jiandu.sources.petitions.offices import is_of_cases
from jiandu.sources.petitions.selectors import Due, Wanted
from jiandu.sources.petitions.services.deciding import may_confirm
from jiandu.sources.petitions.states import BEFORE, OPEN, Kind, Regime, State, Way, regime_of
from jiandu.sources.petitions.terms import Clock
from jiandu.sources.petitions.waiting import Waiting, first_waiting
from jiandu.sources.petitions.word import papers_of
from jiandu.surfaces.desk.registers import Links, Listed, Row, Section, Told, headed, select
from jiandu.surfaces.desk.told.petition_content import Opened, content_sections, online_sections
from jiandu.surfaces.desk.told.petition_facts import facts_of
from jiandu.surfaces.desk.told.petition_notices import NOTICES, notice_rows, waiting_section
from jiandu.surfaces.desk.told.petition_readings import due_section, readings_section
from jiandu.surfaces.desk.wording import said

COLUMNS = (
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("信访方式"), ""),
    (gettext_lazy("信访类别"), ""),
    (gettext_lazy("署名情况"), ""),
    (gettext_lazy("被反映单位"), ""),
    (gettext_lazy("领域"), ""),
    (gettext_lazy("承办部门"), ""),
    (gettext_lazy("状态"), "state"),
)
CLOCKS = (
    (gettext_lazy("期限"), "main"),
    (gettext_lazy("起算"), "date"),
    (gettext_lazy("到期"), "date"),
    (gettext_lazy("完成"), "date"),
    (gettext_lazy("状态"), "state"),
)
DUE = (
    (gettext_lazy("到期"), "date"),
    (gettext_lazy("期限"), "main"),
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("承办部门"), ""),
    (gettext_lazy("状态"), "state"),
)
WAITING = (
    (gettext_lazy("到期"), "date"),
    (gettext_lazy("应办事项"), "main"),
    (gettext_lazy("信访编号"), "code"),
    (gettext_lazy("收件日期"), "date"),
    (gettext_lazy("状态"), "state"),
)
STEPS = (
    (gettext_lazy("日期"), "date"),
    (gettext_lazy("办理"), ""),
    (gettext_lazy("说明"), "main"),
    (gettext_lazy("办理人"), ""),
)
HAND_OFFS = (
    (gettext_lazy("拟稿日期"), "date"),
    (gettext_lazy("接收部门"), ""),
    (gettext_lazy("移交内容"), "main"),
    (gettext_lazy("拟稿人"), ""),
    (gettext_lazy("复核人"), ""),
    (gettext_lazy("状态"), "state"),
)
TONES = {State.CONCLUDED: "done", State.KEPT: "neutral", State.DECLINED: "neutral", State.REGISTERED: "warn"}
#: What an item waits for, where no clock says so.
NEXT_ACT = {
    State.REGISTERED: gettext_lazy("待拟办"),
    State.PROPOSED: gettext_lazy("待批办"),
    State.APPROVED: gettext_lazy("待转办"),
    State.ROUTED: gettext_lazy("待受理"),
}
NEXT = ("name", "propose", "approve", "hand-off", "notify", "accept", "dispose", "conclude")
MOST_LACKING = 100
SOON = 5  # days before the end when a clock is shown as near


def tabs(viewer: Viewer, current: str) -> list[Row]:
    """The registers side by side."""
    lists = (
        ("petitions", _("信访件"), Petition, "view"),
        ("petitions-due", _("到期提示"), Petition, "view"),
        ("petitions-bulletin", _("情况分析"), Petition, "view"),
        ("bulletins", _("情况分析稿"), PetitionBulletin, "view"),
        ("petitions-topics", _("本周话题"), Petition, "view"),
        ("petitions-categories", _("内容分类"), Petition, "view"),
        ("alarms", _("苗头预警"), Alarm, "view"),
        ("advisories", _("预警提示"), Advisory, "view"),
        ("petition-notices", _("案管通报"), Petition, "edit"),
        ("petition-readings", _("送阅登记"), Petition, "edit"),
        ("superior-receipts", _("上级管辖件移交回执"), SuperiorReceipt, "view"),
        ("meddlings", _("过问干预登记"), Meddling, "view"),
        ("petition-lists", _("平台清单"), PetitionList, "import"),
    )
    received = [("case-notices", _("收到的案管通报"))] if is_of_cases(viewer) else []
    known = [(url, label) for url, label, model, verb in lists if guard.allow(viewer, verb, model)]
    return [
        {"label": label, "href": reverse(f"desk:{url}"), "current": url == current}
        for url, label in [*known, *received]
    ]


def petitions(viewer: Viewer, wanted: Wanted) -> Listed:
    """The register, newest first."""
    return Listed(
        title=_("信访举报"),
        columns=COLUMNS,
        rows=selectors.petitions(viewer, wanted),
        row=_petition,
        tabs=tabs(viewer, "petitions"),
        filters=[
            {"name": "text", "label": _("编号"), "value": wanted.text},
            select("state", _("状态"), wanted.state, State.choices),
            select("kind", _("信访类别"), wanted.kind, Kind.choices),
            select("way", _("信访方式"), wanted.way, Way.choices),
            select("authority", _("管理权限"), wanted.authority, Organisation.Authority.choices),
            {"name": "year", "label": _("年度"), "type": "number", "value": wanted.year or ""},
        ],
        links=_by_list(viewer),
        note=_("清单只列登记要素；反映内容和举报人信息密封保存，打开须解锁并留痕。"),
        empty=_("没有可以查看的信访件"),
    )


def _by_list(viewer: Viewer) -> list[Row]:
    """The page where lists of platforms come in, for whoever may take them in."""
    if not guard.allow(viewer, "import", Petition):
        return []
    return [{"label": _("导入清单"), "href": reverse("desk:petition-import"), "icon": "upload"}]


def _petition(row: Petition) -> Row:
    kind = {"text": row.get_kind_display(), "sub": _("重复件") if row.is_repeat else ""}
    cells = [row.code, iso(row.received_on), row.get_way_display(), kind, row.get_named_display()]
    held = str(row.handler or row.owner_office)
    return {
        "href": reverse("desk:petition", args=[row.uid]),
        "cells": [*cells, str(row.subject or ""), said(row.domain), held, _standing(row)],
    }


def _standing(row: Petition) -> Row:
    if row.withdrawn_on:
        return {"text": _("已撤下"), "tone": "danger"}
    return {"text": row.get_state_display(), "tone": TONES.get(State(row.state), "progress")}


def due(viewer: Viewer) -> Told:
    """What is due and overdue, the earliest first, with its article: by duty and office, never by person. Then what
    case supervision has not been told of or (for itself) not signed for, and papers that readers still have.
    """
    rows = [_due(each) for each in selectors.due(viewer, today())]
    late = sum(each["cells"][4]["tone"] == "danger" for each in rows)
    lacking = list(selectors.notices(viewer, "lacks")[:MOST_LACKING])
    out = due_section(viewer)
    told = [waiting_section(viewer, MOST_LACKING)] if is_of_cases(viewer) else []
    return Told(
        title=_("到期提示"),
        tabs=tabs(viewer, "petitions-due"),
        stats=[
            {"label": _("在办期限"), "value": len(rows)},
            {"label": _("已超期"), "value": late},
            {
                "label": _("待通报案管"),
                "value": len(lacking),
                "href": f"{reverse('desk:petition-notices')}?which=lacks",
            },
            *({"label": one.title, "value": len(one.rows), "href": reverse("desk:case-notices")} for one in told),
            {
                "label": _("送阅未退回"),
                "value": len(out.rows),
                "href": f"{reverse('desk:petition-readings')}?which=out",
            },
        ],
        sections=[
            Section(_("到期提示"), DUE, rows, empty=_("没有在办的期限")),
            *([Section(_("待通报案管"), NOTICES, notice_rows(viewer, lacking))] if lacking else []),
            *(one for one in (*told, out) if one.rows),
        ],
    )


def on_desk(viewer: Viewer, most: int) -> dict[str, Any]:
    """What is due first at any office in scope, for the desk of whoever works on petitions alone."""
    found = selectors.due(viewer, today())
    return {"count": len(found), "columns": headed(DUE), "rows": [_due(each) for each in found[:most]]}


def to_act(viewer: Viewer, most: int, count: int) -> dict[str, Any]:
    """What waits for the viewer, for the table of his desk, due clocks first; nothing where none of the `count` is left."""
    if not count:
        return {}
    return {
        "count": count,
        "columns": headed(WAITING),
        "rows": [_waits(each) for each in first_waiting(viewer, today(), most)],
    }


def _waits(each: Waiting) -> Row:
    row, clock = each.petition, each.clock
    thing = {"text": row.code, "href": reverse("desk:petition", args=[row.uid])}
    if clock is None:
        act = NEXT_ACT.get(State(row.state), row.get_state_display())
        return {"cells": ["", act, thing, iso(row.received_on), _standing(row)]}
    duty = {"text": _named(clock), "sub": _basis(clock)}
    return {"cells": [iso(clock.due_on), duty, thing, iso(row.received_on), _lateness(clock)]}


def _due(each: Due) -> Row:
    place = "desk:petition" if isinstance(each.thing, Petition) else "desk:superior-receipt"
    thing = {"text": str(each.thing), "href": reverse(place, args=[each.thing.uid])}
    clock = each.clock
    duty = {"text": _named(clock), "sub": _basis(clock)}
    return {"cells": [iso(clock.due_on), duty, thing, str(each.office), _lateness(clock)]}


def _named(clock: Clock) -> str:
    return clock.en if get_language() == "en" else clock.zh


def _basis(clock: Clock) -> str:
    return cite(clock.articles, english=get_language() == "en")


def _lateness(clock: Clock) -> Row:
    """In words and colour: ended in time or late, running, near, overdue, or a right that lapsed."""
    late = clock.overdue(today())
    if clock.ended_on is not None:
        return (
            {"text": _("超期%(days)d天完成") % {"days": late}, "tone": "warn"}
            if late
            else {"text": _("按期"), "tone": "done"}
        )
    if clock.is_right:
        is_over = today() > clock.due_on
        return {"text": _("已过期限") if is_over else _("可以提出"), "tone": "neutral"}
    if late:
        return {"text": ngettext("超期%(days)d天", "超期%(days)d天", late) % {"days": late}, "tone": "danger"}
    left = (clock.due_on - today()).days
    words = ngettext("剩%(days)d天", "剩%(days)d天", left) % {"days": left} if left else _("今天到期")
    return {"text": words, "tone": "warn" if left <= SOON else "progress"}


def petition(viewer: Viewer, one: Petition, opened: Opened, link: Links) -> Told:
    """One item: tags, what it says where a key is open, clocks, hand-offs, steps, repeats."""
    steps, hand_offs = list(selectors.steps_of(viewer, one)), list(selectors.hand_offs_of(viewer, one))
    clocks = selectors.clocks_after(one, steps)
    sent = next((row for row in hand_offs if row.confirmed_on), None)
    keys = {
        "label": _("解锁"),
        "href": f"{reverse('desk:keys')}?next={reverse('desk:petition', args=[one.uid])}",
        "icon": "lock-open",
    }
    return Told(
        title=one.code,
        lede=_lede(one),
        badge=(str(_standing(one)["text"]), str(_standing(one)["tone"])),
        back=(_("信访举报"), reverse("desk:petitions")),
        links=[*_comparing(one), *([keys] if opened.content is None and opened.is_locked else []), *_papers(one, sent)],
        ahead=_ahead(viewer, one, hand_offs),
        facts=facts_of(viewer, one),
        sections=[
            *content_sections(opened),
            *online_sections(one, opened),
            Section(_("期限"), CLOCKS, [clock_row(each) for each in clocks], empty=_("没有期限")),
            Section(_("转办"), HAND_OFFS, [_hand_off(viewer, row, link) for row in hand_offs]),
            readings_section(opened.read, link),
            Section(_("办理过程"), STEPS, [_step(step) for step in steps]),
            *_repeats(viewer, one),
        ],
    )


def _ahead(viewer: Viewer, one: Petition, hand_offs: list[HandOff]) -> list[tuple[str, Any, str]]:
    drafts: list[tuple[str, Any, str]] = [("confirm", row, str(row)) for row in hand_offs if may_confirm(viewer, row)]
    return [*drafts, *((slug, None, "") for slug in (NEXT if one.state in OPEN else ("notify",)))]


def _comparing(one: Petition) -> list[Row]:
    """The door to what it may repeat, while that is open."""
    url = reverse("desk:petition-repeats", args=[one.uid])
    sort = {"label": _("建议分类"), "href": reverse("desk:petition-category", args=[one.uid]), "icon": "list-details"}
    return (
        [{"label": _("判重"), "href": url, "icon": "arrows-diff"}, *([] if one.category else [sort])]
        if one.state in BEFORE and not one.withdrawn_on
        else []
    )


def _lede(one: Petition) -> str:
    """The class, the set of clocks where it has another name, how it came."""
    regime = str(Regime(regime_of(one.kind)).label)
    return " · ".join(dict.fromkeys((str(one.get_kind_display()), regime, str(one.get_way_display()))))


def clock_row(clock: Clock) -> Row:
    grants = _("可以延期：%(who)s") % {"who": clock.grants} if clock.grants and clock.ended_on is None else ""
    extended = _("已延期%(times)d次") % {"times": clock.extended} if clock.extended else ""
    sub = " · ".join(filter(None, (_basis(clock), extended, grants)))
    due_on = {"text": iso(clock.due_on), "sub": _("暂按周末计算") if clock.is_provisional else ""}
    name = {"text": _named(clock), "sub": sub}
    return {"cells": [name, iso(clock.start), due_on, iso(clock.ended_on), _lateness(clock)]}


def _hand_off(viewer: Viewer, row: HandOff, link: Links) -> Row:
    acts: list[Row] = []
    if row.withdrawn_on:
        state = {"text": _("已撤回"), "tone": "danger"}
    elif row.confirmed_on:
        state = {"text": _("已转出"), "tone": "done"}
    else:
        state, acts = (
            {"text": _("待复核"), "tone": "warn"},
            link(row, *(("confirm",) if may_confirm(viewer, row) else ()), "withdraw-hand-off"),
        )
    cells = [iso(row.drafted_on), str(row), row.get_scope_display(), row.drafted_by, row.confirmed_by, state]
    return {"cells": cells, "acts": acts}


def _step(step: PetitionStep) -> Row:
    granted = pgettext("petition", "批准：%(who)s") % {"who": step.granted_by} if step.granted_by else ""
    until = _("延至%(on)s") % {"on": iso(step.until)} if step.until else ""
    more = [str(step.office or step.body), until, granted]
    sub = " · ".join(filter(None, more))
    note = {"text": step.note, "sub": sub} if step.note else sub
    return {"cells": [iso(step.on), step.get_verb_display(), note, step.by_name]}


def _repeats(viewer: Viewer, one: Petition) -> list[Section]:
    rows = [linked(row) for row in selectors.repeats_of(viewer, one)]
    title = _("重复件（%(count)d件）") % {"count": len(rows)}
    return [Section(title, COLUMNS, rows)] if rows else []


def linked(row: Petition) -> Row:
    """An item as a line of a section: its number leads to it."""
    told = _petition(row)
    return {"cells": [{"text": told["cells"][0], "href": told["href"]}, *told["cells"][1:]]}


def _papers(one: Petition, sent: HandOff | None) -> list[Row]:
    """What can be printed of it now."""
    names = {
        "proposal": _("拟办单"),
        "transfer": _("转办函"),
        "assignment": _("交办函"),
        "visit": _("接访登记表"),
        "told": _("受理告知记录"),
        "reading": _("送阅登记表"),
    }
    kinds = papers_of(one, sent)
    urls = {kind: reverse("desk:petition-paper", args=[one.uid, kind]) for kind in kinds}
    return [{"label": names[kind], "href": url, "icon": "download"} for kind, url in urls.items()]
