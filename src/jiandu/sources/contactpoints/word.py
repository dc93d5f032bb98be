"""Papers of contact points as Word: the sheet by which a problem is handed on, the answer to the enterprise, the list.

The first is written for the department and reads nothing that could tell who told; the second is for one enterprise
alone and is made only for whoever sees that point.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from django.db.models import QuerySet

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import (
    Block,
    Column,
    Document,
    Field,
    Form,
    Landscape,
    Note,
    Paragraph,
    Table,
    Title,
)
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ProblemStep, Reflection
from jiandu.sources.contactpoints.selectors import problem_by_pk, steps_of, valid_on
from jiandu.sources.contactpoints.services.naming import check_names_no_other
from jiandu.sources.contactpoints.states import Result, Satisfaction, Verb

LIST = (
    Column("序号", 0.65, "center"),
    Column("联系点编号", 1.4),
    Column("企业（商协会）名称", 2.4),
    Column("类别", 1.05, "center"),
    Column("级别", 0.7, "center"),
    Column("所在区", 0.85, "center"),
    Column("行业", 1, "center"),
    Column("联系人", 0.9, "center"),
    Column("联络员", 1.2, "center"),
    Column("任期", 1.9, "center"),
)
ASKED = (Satisfaction.SATISFIED, Satisfaction.FAIRLY, Satisfaction.NOT_SATISFIED)
TALL, HIGH = 50.0, 28.0  # millimetres


def handing_docx(viewer: Viewer, problem: ContactProblem, *, mark: str = "") -> bytes:
    """问题交办单 as a file."""
    return to_docx(replace(handing(viewer, problem), mark=mark))


def handing(viewer: Viewer, problem: ContactProblem) -> Document:
    """问题交办单 (转办单, where that is what became of it) to the department, with the answer's half left free."""
    steps = _standing(viewer, problem)
    kind = "转办" if problem.result == Result.HANDED_ON else "交办"
    assigned = _last(steps, Verb.ASSIGN)
    given_on = assigned.on if assigned else None
    form = Form(
        (
            (Field("问题编号", problem.code), Field("登记日期", day_in_words(problem.registered_on))),
            (
                Field("反映方面", problem.aspect.label_zh if problem.aspect else ""),
                Field("研判类别", as_recorded(problem.get_nature_display())),
            ),
            (Field("反映问题", problem.problem),),
            (Field("具体情况", problem.facts, HIGH),),
            (Field("责任单位", str(problem.subject or "")), Field("答复时限", day_in_words(problem.due_on))),
            (Field(f"{kind}意见", assigned.note if assigned else "", HIGH),),
            (Field("办理情况\n和 答 复", "", TALL),),
            (Field("单位主要\n负责人签字", "", 16), Field("答复日期", day_in_words(None))),
            (Field(f"{kind}室组", str(problem.owner_office)), Field(f"{kind}日期", day_in_words(given_on))),
        )
    )
    blocks: list[Block] = [
        Title(f"营商环境监督联系点反映问题{kind}单", Code(Opens.CONTACT_PROBLEM, problem.uid)),
        form,
        Note("请在答复时限内办理并书面答复。反映人的身份不公开，不得以任何方式查找、打听反映人。"),
    ]
    return _document(f"{problem.code}问题{kind}单", problem, given_on, blocks, "")


def reply_docx(viewer: Viewer, problem: ContactProblem, told: Reflection, *, mark: str = "") -> bytes:
    """答复和满意度反馈单 for the enterprise that told it, and for no other. Raises Refused (names-other).

    Of a problem that went into another the answer is that of the other.
    """
    main = problem_by_pk(viewer, problem.merged_into_id) or problem
    steps = _standing(viewer, main)
    answer, settled = _last(steps, Verb.ANSWER), _last(steps, Verb.SETTLE, Verb.RETURN)
    check_names_no_other(told, problem, answer.note if answer else "", problem.problem)
    check_names_no_other(told, main, answer.note if answer else "")
    result = as_recorded(main.get_result_display())
    form = Form(
        (
            (Field("问题编号", problem.code), Field("反映日期", day_in_words(told.on))),
            (Field("反映问题", problem.problem),),
            (Field("责任单位", str(main.subject or "")), Field("办理结果", result)),
            (Field("答复内容", answer.note if answer else "", TALL),),
            (Field("答复室组", str(problem.owner_office)), Field("答复日期", day_in_words(None))),
            (Field("满意度\n评　价", _boxes(settled)),),
            (Field("意见建议", "", HIGH),),
            (Field("企业签字\n（盖章）", "", 18), Field("评价日期", day_in_words(None))),
        )
    )
    blocks: list[Block] = [
        Title("营商环境监督联系点反映问题答复反馈单", Code(Opens.CONTACT_REPLY, main.uid)),
        Paragraph(f"{told.point.name}：", indent=False),
        Paragraph("你单位反映的问题已经办理，现将办理情况答复如下，请评价并反馈意见。"),
        form,
        Note("请直接交回指定联系人。评价为不满意的，将退回责任单位重新办理。"),
    ]
    return _written(f"{problem.code}答复反馈单", problem, answer.on if answer else None, blocks, mark)


def list_docx(viewer: Viewer, points: "QuerySet[ContactPoint]", *, mark: str = "") -> bytes:
    """联系点名单: the points that the viewer sees that are within their term today."""
    on = today()
    rows = points.filter(valid_on(on))
    told = tuple(_point(place, row) for place, row in enumerate(rows, 1))
    upright = (
        Title("营商环境监督联系点名单", under=f"截至{day_in_words(on)}，共{len(told)}家"),
        Table(LIST, told),
        Note("企业名称只对联系该企业的室组公开，不得向责任单位和其他单位提供。"),
    )
    at = datetime.combine(on, time(), tzinfo=UTC)
    document = Document(title="营商环境监督联系点名单", author="监督网", at=at, blocks=(Landscape(upright),), mark=mark)
    return to_docx(document)


def _point(place: int, row: ContactPoint) -> tuple[str, ...]:
    term = f"{row.since.isoformat()}至{row.until.isoformat() if row.until else '今'}"
    kind, tier = (as_recorded(label) for label in (row.get_kind_display(), row.get_tier_display()))
    industry = row.industry.label_zh if row.industry else ""
    return (
        str(place), row.code, row.name, kind, tier, str(row.district or ""), industry, str(row.officer or ""),
        row.liaison, term,
    )  # fmt: skip


def _boxes(settled: ProblemStep | None) -> str:
    """☑ before what the enterprise said, once it has."""
    said = settled.satisfaction if settled else ""
    return "　　".join(f"{'☑' if one == said else '□'}{as_recorded(one.label)}" for one in ASKED)


def _standing(viewer: Viewer, problem: ContactProblem) -> list[ProblemStep]:
    return [step for step in steps_of(viewer, problem) if step.withdrawn_on is None]


def _last(steps: list[ProblemStep], *verbs: Verb) -> ProblemStep | None:
    return next((step for step in reversed(steps) if step.verb in verbs), None)


def _written(title: str, problem: ContactProblem, day: date | None, blocks: list[Block], mark: str) -> bytes:
    return to_docx(_document(title, problem, day, blocks, mark))


def _document(title: str, problem: ContactProblem, day: date | None, blocks: list[Block], mark: str) -> Document:
    at = datetime.combine(day or problem.registered_on, time(), tzinfo=UTC)
    return Document(title=title, author=str(problem.owner_office), at=at, blocks=tuple(blocks), mark=mark)
