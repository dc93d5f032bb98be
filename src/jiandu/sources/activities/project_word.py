"""Papers of a project as Word in official layout: the plan with its three lists, and the sheet of its closing evaluation."""

from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import (
    Appendix,
    Block,
    Column,
    Field,
    Form,
    Heading,
    Paragraph,
    Signature,
    Table,
    Title,
)
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.activities.models import Activity, Party
from jiandu.sources.activities.project_parts import Closing, PlanLine
from jiandu.sources.activities.selectors import closings_of, members_of, plan_of
from jiandu.sources.activities.word import document, numbered

Kind = PlanLine.Kind
LISTS = (Kind.PROBLEM, Kind.TASK, Kind.DUTY)
LINES = (
    Column("序号", 0.6, "center"),
    Column("内容", 4),
    Column("责任室组(人)", 1.5),
    Column("完成时限", 1.4, "center"),
)
TALL, LOW = 20.0, 12.0  # millimetres


def plan_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """项目方案: targets, time, who shares it, steps; the three lists are its appendix."""
    lines = plan_of(viewer, [activity])[activity.pk]
    blocks: list[Block] = [
        Title(f"{activity.name}\n监督项目方案", under=f"项目编号：{activity.code}"),
        Heading("工作目标"),
        *numbered(_aim(row) for row in lines if row.kind == Kind.TARGET),
        Heading("时间安排"),
        Paragraph(_period(activity)),
        Heading("组织分工"),
        *_shared(viewer, activity),
        Heading("方法和要求"),
        *([Paragraph(text.strip()) for text in activity.plan.splitlines() if text.strip()] or numbered([])),
        Heading("工作步骤"),
        *numbered(_aim(row) for row in lines if row.kind == Kind.STEP),
        Signature(str(activity.owner_office), activity.approved_on),
        Appendix("问题清单、任务清单、责任清单"),
        *(_list(kind, [row for row in lines if row.kind == kind]) for kind in LISTS),
    ]
    return to_docx(document("监督项目方案", activity, activity.approved_on, blocks, mark))


def closing_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """结项评价表: of the latest evaluation, or blank to be filled in by hand; for the leader to sign."""
    row = closings_of(viewer, activity).last()
    counts = f"发现问题{row.found}个，已销号{row.settled}个。" if row else ""
    made = f"推动建章立制{row.rules_made}项。" if row else ""
    form = Form(
        (
            (Field("项目名称", activity.name),),
            (Field("项目编号", activity.code), Field("牵头室组", str(activity.owner_office))),
            (Field("参与机构", "、".join(_members(viewer, activity)) or "—"),),
            (
                Field("立项日期", day_in_words(activity.approved_on)),
                Field("计划结项", day_in_words(activity.due_on) if activity.due_on else "—"),
            ),
            (Field("工作目标\n是否达成", _answer(row, "targets"), TALL),),
            (Field("发现问题\n是否整改\n到　　位", _answer(row, "findings", counts), TALL),),
            (Field("制度机制\n是否健全", _answer(row, "rules", made), TALL),),
            (Field("材料是否\n归　　档", _answer(row, "materials"), TALL),),
            (Field("评价意见", _proposal(row), TALL),),
            (
                Field("评价人", row.by_name if row else "", LOW),
                Field("评价日期", day_in_words(row.on if row else None)),
            ),
            (Field("领导签批", "", TALL + LOW),),
        )
    )
    return to_docx(
        document("监督项目结项评价表", activity, row.on if row else None, [Title("监督项目结项评价表"), form], mark)
    )


def _aim(row: PlanLine) -> str:
    """A target or step in a sentence: what, how much, who, by when."""
    more = [row.who, f"{day_in_words(row.due_on)}前" if row.due_on else ""]
    return "，".join(filter(None, [row.aim.rstrip("。"), *more]))


def _period(activity: Activity) -> str:
    begun = f"{day_in_words(activity.approved_on)}立项"
    return f"{begun}，计划{day_in_words(activity.due_on)}结项。" if activity.due_on else f"{begun}。"


def _members(viewer: Viewer, activity: Activity) -> list[str]:
    shared = members_of(viewer, [activity.pk])[activity.pk]
    return [str(party.office) for party in shared if party.role == Party.Role.MEMBER]


def _shared(viewer: Viewer, activity: Activity) -> list[Block]:
    members = "、".join(_members(viewer, activity))
    lead = f"牵头室组：{activity.owner_office}。"
    return [Paragraph(lead), *([Paragraph(f"参与机构：{members}。")] if members else [])]


def _list(kind: PlanLine.Kind, rows: list[PlanLine]) -> Table:
    told = tuple(
        (str(place), row.text, row.who or "—", row.due_on.isoformat() if row.due_on else "—")
        for place, row in enumerate(rows, 1)
    )
    return Table(LINES, told or (("", "", "", ""),), caption=str(kind.label))


def _answer(row: Closing | None, name: str, counted: str = "") -> str:
    """The answer with what the records say and the words of whoever evaluated; free where nobody has."""
    if row is None:
        return "□是　□部分　□否"
    label = Closing.Answer(getattr(row, name)).label
    return "\n".join(filter(None, [f"{label}。{counted}", getattr(row, f"{name}_note")]))


def _proposal(row: Closing | None) -> str:
    if row is None:
        return "□同意结项　□延期结项至　　　　年　　月　　日　□终止"
    until = f"，延期至{day_in_words(row.until)}" if row.until else ""
    return f"{row.get_proposes_display()}{until}。\n{row.note}"
