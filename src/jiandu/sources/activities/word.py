"""Papers of a round of 委领导挂钩监督 as Word in official layout: the plan, the schedule, the notices, the record of a visit.

All of it is out of the records; what is not known yet is left free to be written by hand.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import (
    Appendix,
    Block,
    Column,
    Document,
    Field,
    Form,
    Heading,
    NewPaper,
    Paragraph,
    Signature,
    Table,
    Title,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.activities.models import Activity, Event, LinkedUnit, Visit
from jiandu.sources.activities.selectors import TeamOfRound, UnitOfRound, happened_on, teams_of

STEPS = (
    "制定方案。明确监督主题、监督要点和分工，印发走访通知，调取有关材料。",
    "走访约谈。由委领导带队到挂钩单位走访，约谈关键少数，查阅材料，填写走访记录表。",
    "反馈问题。对发现的问题逐一核实，登记问题台账，以问题反馈单交责任单位整改。",
    "形成报告。汇总各组情况，形成轮次报告，按程序报审。",
    "跟踪整改。督促责任单位按时限整改，核验后销号，适时开展回头看。",
)
SCHEDULE = (
    Column("序号", 0.6, "center"),
    Column("组别", 0.8, "center"),
    Column("带队委领导", 1.2, "center"),
    Column("走访单位", 2.6),
    Column("计划走访日期", 1.4, "center"),
    Column("实际走访日期", 1.4, "center"),
)
FREE = "　　　　　　"
TALL, HIGH = 70.0, 42.0  # millimetres


def plan_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """挂钩监督方案: theme, period, points, who goes where, the steps; the schedule is its appendix."""
    teams = teams_of(viewer, activity)
    started = happened_on(viewer, [activity], Event.Verb.START).get(activity.pk)
    blocks: list[Block] = [
        Title(f"“{activity.name}”\n委领导挂钩监督方案"),
        Heading("监督主题"),
        Paragraph(sentence(activity.name)),
        Heading("监督时间"),
        Paragraph(_period(activity, started or activity.approved_on, teams)),
        Heading("监督要点"),
        *numbered(activity.points),
        Heading("组织分工"),
        _division(teams),
        Heading("工作安排"),
        *(Paragraph(line.strip()) for line in activity.plan.splitlines() if line.strip()),
        *numbered(STEPS),
        Signature(str(activity.owner_office), started),
        Appendix("走访安排表"),
        Table(SCHEDULE, _schedule(teams)),
    ]
    return _written("委领导挂钩监督方案", activity, started or activity.approved_on, blocks, mark)


def schedule_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """走访安排表: every linked unit with its team, the day planned and the days when it was visited."""
    teams = teams_of(viewer, activity)
    blocks: list[Block] = [
        Title("走访安排表"),
        Paragraph(f"监督主题：{activity.name}", indent=False),
        Table(SCHEDULE, _schedule(teams)),
    ]
    return _written("走访安排表", activity, today(), blocks, mark)


def notices_docx(viewer: Viewer, activity: Activity, linked: LinkedUnit | None = None, *, mark: str = "") -> bytes:
    """走访通知 as a file."""
    return to_docx(replace(notices(viewer, activity, linked), mark=mark))


def notices(viewer: Viewer, activity: Activity, linked: LinkedUnit | None = None) -> Document:
    """走访通知 to one unit, or to all that are not visited yet, each a paper of its own."""
    blocks: list[Block] = []
    for team in teams_of(viewer, activity):
        for unit in team.units:
            wanted = not unit.visits if linked is None else unit.linked.pk == linked.pk
            if wanted:
                blocks += [*([NewPaper()] if blocks else []), *_notice(activity, team, unit)]
    if not blocks:
        blocks = [Paragraph("本轮没有待走访的单位。")]
    return document("走访通知", activity, today(), blocks, "")


def visit_docx(
    viewer: Viewer,
    activity: Activity,
    visit: Visit | None = None,
    *,
    linked: LinkedUnit | None = None,
    found: Sequence[str] = (),
    mark: str = "",
) -> bytes:
    """走访记录表 as a file."""
    return to_docx(replace(visit_form(viewer, activity, visit, linked=linked, found=found), mark=mark))


def visit_form(
    viewer: Viewer,
    activity: Activity,
    visit: Visit | None = None,
    *,
    linked: LinkedUnit | None = None,
    found: Sequence[str] = (),
) -> Document:
    """走访记录表: of one visit with what it found, of a unit that is to be visited, or blank for the pocket."""
    of = visit or linked
    team = of.team if of else None
    points = "\n".join(f"{place}. {text}" for place, text in enumerate(activity.points, 1))
    form = Form(
        (
            (Field("监督主题", activity.name),),
            (
                Field("走访单位", str(of.organisation) if of else ""),
                Field("走访日期", day_in_words(visit.on if visit else None)),
            ),
            (
                Field("监督组", str(team or "")),
                Field("带队委领导", str(team.leader) if team else ""),
            ),
            (Field("地　　点", visit.place if visit else ""), Field("参加人员", visit.members if visit else "")),
            (Field("单位\n参加人员", visit.attendees if visit else "", 14),),
            (Field("监督要点", points),),
            (Field("了解到的\n情　　况", visit.note if visit else "", TALL),),
            (Field("发现的\n问　题", "\n".join(f"{place}. {text}" for place, text in enumerate(found, 1)), HIGH),),
            (Field("记录人\n签　字", "", 14), Field("单位人员\n签　　字", "", 14)),
        )
    )
    blocks: list[Block] = [Title("挂钩监督走访记录表", _code(activity, visit, linked)), form]
    return document("走访记录表", activity, visit.on if visit else today(), blocks, "")


def _code(activity: Activity, visit: Visit | None, linked: LinkedUnit | None) -> Code:
    if visit:
        return Code(Opens.VISIT, visit.uid)
    return Code(Opens.UNIT_VISIT, linked.uid) if linked else Code(Opens.ROUND_VISIT, activity.uid)


def _notice(activity: Activity, team: TeamOfRound, unit: UnitOfRound) -> list[Block]:
    lead, members, on = team.team.leader, team.team.members, unit.linked.planned_on
    papers = [paper.name for paper in unit.materials if paper.received_on is None]
    asked = numbered(papers) if papers else [Paragraph("本次不需要另行准备材料，请备好日常工作资料供查阅。")]
    who = f"由{lead}同志带队，{team.team.name}成员参加"
    return [
        Title("关于开展挂钩监督走访的通知"),
        Paragraph(f"{unit.linked.organisation}：", indent=False),
        Paragraph(
            f"根据委领导挂钩监督工作安排，拟到你单位开展走访，监督主题为“{activity.name}”。现将有关事项通知如下。"
        ),
        Heading("走访时间"),
        Paragraph(f"{day_in_words(on)}。" if on else f"{day_in_words(None)}，具体时间另行联系。"),
        Heading("走访人员"),
        Paragraph(f"{who}（{members}）。" if members else f"{who}。"),
        Heading("监督要点"),
        *numbered(activity.points),
        Heading("请准备的材料"),
        *asked,
        Heading("有关要求"),
        Paragraph("请单位主要负责人参加，安排专人联络，如实提供情况和材料。走访轻车简从，不需要汇报会和陪同。"),
        Signature(str(activity.owner_office), None),
    ]


def _period(activity: Activity, begun: date | None, teams: list[TeamOfRound]) -> str:
    """From when to when the round goes, when it begins, and between which days the visits are planned."""
    planned = sorted(unit.linked.planned_on for team in teams for unit in team.units if unit.linked.planned_on)
    begin = f"{day_in_words(begun)}启动"
    if activity.period_from:
        begin = f"{period_in_words(activity)}，{begin}"
    if not planned:
        return f"{begin}，走访日期待定。"
    first, last = day_in_words(planned[0]), day_in_words(planned[-1])
    return f"{begin}，走访安排在{first}。" if first == last else f"{begin}，走访安排在{first}至{last}。"


def period_in_words(activity: Activity) -> str:
    """自…至…; empty where none is set."""
    if activity.period_from is None:
        return ""
    return f"自{day_in_words(activity.period_from)}至{day_in_words(activity.period_to)}"


def _division(teams: list[TeamOfRound]) -> Block:
    columns = (
        Column("组别", 0.8, "center"),
        Column("带队委领导", 1.15, "center"),
        Column("成员", 1.5),
        Column("挂钩单位", 3.2),
    )
    rows = tuple(
        (
            team.team.name,
            str(team.team.leader),
            team.team.members or "—",
            f"{'、'.join(str(unit.linked.organisation) for unit in team.units)}（{len(team.units)}家）"
            if team.units
            else "—",
        )
        for team in teams
    )
    return Table(columns, rows) if rows else Paragraph("监督组待定。")


def _schedule(teams: list[TeamOfRound]) -> tuple[tuple[str, ...], ...]:
    rows = [(team.team, unit) for team in teams for unit in team.units]
    return tuple(
        (
            str(place),
            team.name,
            str(team.leader),
            str(unit.linked.organisation),
            unit.linked.planned_on.isoformat() if unit.linked.planned_on else "待定",
            "\n".join(visit.on.isoformat() for visit in unit.visits) or "—",
        )
        for place, (team, unit) in enumerate(rows, 1)
    )


def numbered(texts: Iterable[str]) -> list[Block]:
    return [Paragraph(f"{place}. {sentence(text)}") for place, text in enumerate(texts, 1)] or [Paragraph(FREE)]


def sentence(text: str) -> str:
    """Closed by one full stop."""
    text = " ".join(text.split())
    return text if text.endswith(("。", "？", "！", "；")) else f"{text}。"


def document(name: str, activity: Activity, day: date | None, blocks: list[Block], mark: str) -> Document:
    """A paper of an activity, by its lead office, of that day (today)."""
    at = datetime.combine(day or today(), time(), tzinfo=UTC)
    author = str(activity.owner_office)
    return Document(title=f"{activity.name}{name}", author=author, at=at, blocks=tuple(blocks), mark=mark)


def _written(name: str, activity: Activity, day: date | None, blocks: list[Block], mark: str) -> bytes:
    return to_docx(document(name, activity, day, blocks, mark))
