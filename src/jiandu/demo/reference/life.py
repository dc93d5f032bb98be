"""What fills the pages of the reference year beside its figures: a few records of each kind that no figure of it counts."""

import struct
import zlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.base.files.store import keep
from jiandu.base.lexicon.selectors import items
from jiandu.demo.reference.papers import serve
from jiandu.demo.reference.places import YEAR, Places
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.services.drafting import NewInstrument
from jiandu.net.subjects.models import Organisation
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.services import rest_on
from jiandu.sources.activities.models import Activity, LinkedUnit, Party
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.plans import NewLine, add_line, finish_line
from jiandu.sources.activities.services.proposing import NewClosing, evaluate
from jiandu.sources.activities.services.rounds import ask_material, copy_round, receive_material
from jiandu.sources.activities.services.urging import answer_urge, urge
from jiandu.sources.ledgers.models import Estate, Posting, SpotCheck
from jiandu.sources.ledgers.services.publishing import (
    Line,
    NewPosting,
    Sums,
    answer,
    object_to,
    post,
    spot_check,
    state,
)
from jiandu.sources.talks.models import Attendee, Talk
from jiandu.sources.talks.services import follow_up, note_promise
from jiandu.sources.topics.models import LeadDepartment
from jiandu.sources.topics.services.telling import achieve, reach, report_month
from jiandu.sources.topics.services.topics import NewTarget, name_department, set_target
from jiandu.surfaces.desk.forms.projects import counted

DAY = timedelta(days=1)
As = Callable[[str], Viewer]
#: Of the topics in their order: what is counted, its unit, how much of it.
TARGETS = (
    ("动态核查低收入人口", "户", 12000),
    ("核查外卖平台入驻店家", "家", 9500),
    ("工伤认定事项减少跑动", "项", 8),
    ("规范工资专户在建项目", "个", 640),
    ("公示公共收益明细小区", "个", 1290),
)
MATERIALS = ("“三重一大”事项会议记录", "廉政风险排查表")
QUARTER, LAST = date(YEAR, 9, 30), date(YEAR, 12, 31)
SEEN = (
    (SpotCheck.Result.AS_TOLD, ""),
    (SpotCheck.Result.AS_TOLD, "公示栏位于小区北门，内容与报送一致"),
    (SpotCheck.Result.TOTALS, "公示栏仅列总额，已请主管部门督促补齐明细"),
)


#: The plan of a project: its list, what is to be done, by whom, by which month; of a target how much of what.
PLAN = (
    NewLine("target", "走访重点单位和服务对象", due_on=date(YEAR, 6, 30), planned=12, unit="家"),
    NewLine("target", "推动主管部门完善制度", due_on=date(YEAR, 11, 30), planned=2, unit="项"),
    NewLine("step", "调阅台账，梳理面上问题", "牵头室组", date(YEAR, 3, 31)),
    NewLine("step", "实地走访，交办问题", "各参与派驻机构", date(YEAR, 6, 30)),
    NewLine("problem", "政策知晓率不高，兑现流程长", due_on=date(YEAR, 5, 31)),
    NewLine("task", "督促责任单位逐项制定整改措施", "承办干部", date(YEAR, 8, 31)),
    NewLine("duty", "整改情况由牵头室组逐件核验", "牵头室组", date(YEAR, 11, 30)),
)


def run_life(places: Places, by: Viewer, as_: As) -> None:
    """Mechanism by mechanism."""
    _topics(places, by)
    _estates(by)
    _talks(by)
    _rounds(places, by)
    _projects(by, as_)
    _grounds(by)
    _petitions(places, by, as_)


def _of_year(kind: str) -> list[Activity]:
    return list(Activity.objects.filter(kind=kind, year=YEAR, merged_on__isnull=True).order_by("pk"))


def _topics(places: Places, by: Viewer) -> None:
    """Several departments answer for a topic; a target is told as it is reached, the months in words."""
    for number, (topic, (name, unit, planned)) in enumerate(zip(_of_year("topic"), TARGETS, strict=True)):
        roles = (LeadDepartment.Role.LEAD, LeadDepartment.Role.LEAD, LeadDepartment.Role.MEMBER)
        for place, role in enumerate(roles):
            department = places.departments[(number * 3 + place) % len(places.departments)]
            name_department(activity=topic, by=by, organisation=department, role=role)
        target = set_target(activity=topic, by=by, new=NewTarget(name, unit, planned, date(YEAR, 12, 15)))
        for month, share in ((6, 45), (9, 80), (12, 102)):
            reach(target=target, by=by, on=date(YEAR, month, 10), amount=planned * share // 100)
        report_month(activity=topic, by=by, month=date(YEAR, 6, 1), text="完成第一轮排查，建立问题清单并逐项交办。")
        report_month(activity=topic, by=by, month=date(YEAR, 9, 1), text="组织“回头看”，重点问题已落实整改责任。")
        achieve(activity=topic, by=by, on=date(YEAR, 12, 20), text=f"{name}目标如期完成，形成长效机制。")


def _estates(by: Viewer) -> None:
    """Statements with their lines, one that does not add up; the next quarter with a photo; what was seen on the spot."""
    income, expense = (items(by, kind, YEAR).first() for kind in ("revenue_item", "cost_item"))
    for number, estate in enumerate(Estate.objects.order_by("pk")[: len(SEEN)]):
        came, went = 3_600_000 + number * 450_000, 2_150_000 + number * 90_000
        lines = (Line("income", income, came), Line("expense", expense, went)) if income and expense else ()
        off = 10_000 if number == 2 else 0
        sums = Sums(8_000_000, came, went, 8_000_000 + came - went - off, "业主大会共有资金账户")
        state(estate=estate, by=by, period=QUARTER, sums=sums, lines=lines)
        shown = NewPosting(LAST, Posting.Channel.ON_SITE, date(YEAR + 1, 1, 15), place="小区北门公示栏", photo=_photo())
        post(estate=estate, by=by, new=shown)
        result, note = SEEN[number]
        spot_check(estate=estate, by=by, period=QUARTER, on=date(YEAR, 11, 24), result=result, note=note)
    asked = object_to(estate=estate, by=by, raised_on=date(YEAR, 11, 8), text="电梯广告收入未列入明细。")
    answer(objection=asked, by=by, on=date(YEAR, 11, 18), text="已核对合同并补列该项收入。")


def _photo() -> Any:
    """A plain sheet of grey, of the size of a small photo."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    wide, high = 320, 240
    rows = zlib.compress((b"\0" + b"\xc8" * wide) * high, 9)
    head = struct.pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    return keep([b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")])


def _talks(by: Viewer) -> None:
    """Promises, some of them signed, and visits afterwards."""
    held = Talk.objects.filter(kind=Talk.Kind.PROACTIVE, on__year=YEAR, withdrawn_on__isnull=True).order_by("pk")
    for number, talk in enumerate(held[3:9]):
        seat = Attendee.objects.filter(talk=talk).order_by("pk")[0]
        promise = "针对提醒事项逐项制定措施，一个月内报告落实情况。"
        note_promise(attendee=seat, by=by, promise=promise, has_signed=number % 2 == 0)
        follow_up(talk=talk, by=by, on=talk.on + 45 * DAY, note="措施已落实，相关制度已修订。", by_name="约谈人甲")


def _rounds(places: Places, by: Viewer) -> None:
    """Materials asked for, some still missing; the first round of the next year is divided as the last one was."""
    *_, latest = rounds = _of_year("round")
    linked = LinkedUnit.objects.filter(activity=rounds[0], withdrawn_on__isnull=True).select_related("organisation")
    for number, one in enumerate(linked.order_by("pk")[:3]):
        for name in MATERIALS:
            row = ask_material(activity=rounds[0], by=by, organisation=one.organisation, name=name, on=date(YEAR, 3, 4))
            if number < 2:
                receive_material(material=row, by=by, on=date(YEAR, 3, 9 + number))
    new = NewActivity(
        kind=Activity.Kind.ROUND,
        year=YEAR + 1,
        code=f"GG{YEAR + 1}-1",
        name="推动优化营商环境政策落实",
        lead=places.supervision[0],
    )
    copy_round(source=latest, target=open_activity(new=new, by=by), by=by, on=date(YEAR + 1, 3, 1))


def _projects(by: Viewer, as_: As) -> None:
    """The plan line by line, follow-ups, a month without change, a 催报, a letter to the unit; one is evaluated at its end."""
    projects = _of_year("project")[1:4]
    for number, project in enumerate(projects):
        for month, note in ((5, "完成走访调研，问题已交办。"), (8, "对整改滞后的问题开展现场督导。")):
            tell(activity=project, by=by, verb="follow_up", on=date(YEAR, month, 20), note=note)
        tell(activity=project, by=by, verb="no_change", on=date(YEAR, 9, 20 + number))
        for row in [add_line(activity=project, by=by, new=line) for line in PLAN]:
            finish_line(row=row, by=by, on=row.due_on or LAST, result="按期完成。")
        party = Party.objects.filter(activity=project, role=Party.Role.MEMBER).order_by("pk")[0]
        asked = urge(activity=project, by=by, office=party.office, on=date(YEAR, 7, 5), note="请报二季度推进情况。")
        if number < 2:
            answer_urge(row=asked, by=by, note="已补登本季度发现问题，正在督促整改。")
        found = Finding.objects.filter(activity=project).select_related("subject").order_by("pk")[0]
        new = NewInstrument(
            kind=Instrument.Kind.REMINDER,
            title="关于加快整改进度的提醒",
            office=project.owner_office,
            subject=found.subject,
            drafted_on=date(YEAR, 9, 5),
            issuer="市纪委监委",
            activity=project,
            source=project.name,
            facts="部分问题整改进度滞后。",
            suggestions=["对照整改时限倒排工期，按月报告进展。"],
        )
        serve(by, as_, new, date(YEAR, 9, 14))
    _evaluate(projects[0], by)


def _evaluate(project: Activity, by: Viewer) -> None:
    """结项评价, put to the leader with what it proposes."""
    counts: dict[str, Any] = counted(by, project)
    new = NewClosing(
        on=date(YEAR, 12, 26),
        targets="yes",
        findings="yes",
        rules="yes",
        materials="yes",
        proposes="end",
        note="目标任务完成，发现的问题均已整改到位，建议同意结项。",
        findings_note="逐件核验，均已销号。",
        **counts,
    )
    evaluate(activity=project, by=by, new=new)


def _grounds(by: Viewer) -> None:
    """The report still being written names what its judgements rest on."""
    draft = Portrait.objects.filter(approved_on__isnull=True, withdrawn_on__isnull=True).order_by("pk").last()
    if draft is None:
        return
    first, second = draft.judgements.order_by("pk")[:2]
    finding = Finding.objects.filter(subject=draft.subject).order_by("pk").first()
    if finding is not None:
        rest_on(judgement=first, by=by, finding=finding)
    seats = Attendee.objects.filter(organisation=draft.subject, withdrawn_on__isnull=True)
    talk = Talk.objects.filter(pk__in=seats.values("talk_id")).order_by("pk").first()
    if talk is not None:
        rest_on(judgement=second, by=by, talk=talk)


def _petitions(places: Places, by: Viewer, as_: As) -> None:
    """One 信访监督建议书, which is none of the three legal kinds."""
    unit: Organisation = places.departments[9]
    new = NewInstrument(
        kind=Instrument.Kind.PETITION,
        title="关于规范窗口服务、化解重复信访的建议",
        office=places.supervision[1],
        subject=unit,
        drafted_on=date(YEAR, 10, 9),
        issuer="市纪委监委",
        source="信访举报分析",
        facts="同一事项重复来信较多，反映办理时限和答复质量问题。",
        causes="首办责任落实不到位，答复释法说理不够。",
        suggestions=["落实首办负责制。", "定期分析重复信访并公开答复时限。"],
    )
    serve(by, as_, new, date(YEAR, 10, 18))
