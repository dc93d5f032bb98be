"""Papers of a talk as Word: the outline that is taken along, and the record, blank where nothing has been written yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time

from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Block, Document, Field, Form, Heading, Paragraph, Title
from jiandu.base.documents.codes import Code, Opens
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.talks.models import Seat, Talk, TalkPlan
from jiandu.sources.talks.selectors import Whole, invited_to, whole

#: What is asked where nobody wrote an outline. No clue: that goes by another register.
QUESTIONS = (
    "落实全面从严治党主体责任情况",
    "执行“三重一大”和民主集中制情况",
    "落实中央八项规定精神、改进作风情况",
    "重点岗位、重点环节廉政风险及防控情况",
    "工作中的困难和需要协调解决的事项",
    "对监督工作的意见建议",
)
TALL, HIGH, LOW = 46.0, 26.0, 14.0  # millimetres


def outline_docx(viewer: Viewer, talk: Talk | TalkPlan, *, mark: str = "") -> bytes:
    """谈话提纲 as a file."""
    return to_docx(replace(outline(viewer, talk), mark=mark))


def outline(viewer: Viewer, talk: Talk | TalkPlan) -> Document:
    """谈话提纲: with whom, about what, the questions; for a talk of a round its points where nothing else is written.

    Of a talk that was held, or of one that is planned: taken along before.
    """
    people: Sequence[Seat]
    if isinstance(talk, TalkPlan):
        opens, head, people = Opens.TALK_PLAN, _planned(talk), invited_to(viewer, [talk])[talk.pk]
    else:
        said = whole(viewer, talk)
        opens, head, people = Opens.TALK, _head(said), said.attendees
    blocks: list[Block] = [
        Title("谈话提纲", Code(opens, talk.uid)),
        Form((*head, (Field("谈话对象", _people(people)),))),
        Heading("谈话内容"),
        *(Paragraph(line) for line in _questions(viewer, talk)),
        Heading("注意事项"),
        Paragraph(
            "谈话由两人以上进行，说明来意，听取情况，如实记录，由谈话对象阅后签字。发现问题线索的，另按程序移交，不写入本提纲和谈话记录。"
        ),
    ]
    return _document("谈话提纲", talk, blocks)


def record_docx(viewer: Viewer, talk: Talk, *, mark: str = "") -> bytes:
    """谈话记录表 as a file."""
    return to_docx(replace(record_form(viewer, talk), mark=mark))


def record_form(viewer: Viewer, talk: Talk) -> Document:
    """谈话记录表 of one talk, to be signed by hand."""
    said = whole(viewer, talk)
    promises = "\n".join(f"{row.person.name}：{row.promise}" for row in said.attendees if row.promise)
    follow_ups = "\n".join(f"{day_in_words(row.on)}，{row.by_name}：{row.note}" for row in said.follow_ups)
    due = f"应于{day_in_words(talk.follow_up_due_on)}前回访" if talk.follow_up_due_on else "不需回访"
    form = Form(
        (
            (Field("编　　号", talk.code), Field("形　　式", "集体" if len(said.attendees) > 1 else "个别")),
            *_head(said),
            (Field("谈话对象", _people(said.attendees)),),
            (Field("提　　纲", talk.outline),),
            (Field("了解到的\n情　　况", talk.learned, TALL),),
            (Field("指出的\n问　题", talk.pointed_out, HIGH),),
            (Field("要求和\n承　诺", promises, HIGH),),
            (Field("对象签字", "", LOW), Field("记录人\n签　字", "", LOW)),
            (Field("回　　访", "\n".join(filter(None, [due, follow_ups]))),),
        )
    )
    return _document("谈话记录表", talk, [Title("谈话记录表", Code(Opens.TALK, talk.uid)), form])


def _head(said: Whole) -> tuple[tuple[Field, ...], ...]:
    recorders = [row.name for row in said.talkers if row.is_recorder]
    return _lines(said.talk, [row.name for row in said.talkers if not row.is_recorder], recorders)


def _planned(plan: TalkPlan) -> tuple[tuple[Field, ...], ...]:
    recorders = [plan.recorder] if plan.recorder else []
    return _lines(plan, [name for name in plan.officers if name not in recorders], recorders)


def _lines(talk: Talk | TalkPlan, talkers: list[str], recorders: list[str]) -> tuple[tuple[Field, ...], ...]:
    return (
        (Field("主　　题", talk.theme),),
        (Field("谈话种类", as_recorded(talk.get_kind_display())), Field("谈话日期", day_in_words(talk.on))),
        (Field("地　　点", talk.place), Field("承办室组", str(talk.owner_office))),
        (Field("谈 话 人", "、".join(talkers)), Field("记 录 人", "、".join(recorders))),
    )


def _people(seats: Sequence[Seat]) -> str:
    return "\n".join(
        f"{row.person.name}　{row.organisation.name}{row.title}（{as_recorded(row.get_category_display())}）"
        for row in seats
    )


def _questions(viewer: Viewer, talk: Talk | TalkPlan) -> list[str]:
    written = [line.strip() for line in talk.outline.splitlines() if line.strip()]
    if written:
        return written
    activity = activity_by_uid(viewer, talk.source_uid) if talk.source_uid else None
    asked = activity.points if activity and activity.points else QUESTIONS
    return [f"{place}. {' '.join(text.split()).rstrip('。')}。" for place, text in enumerate(asked, 1)]


def _document(name: str, talk: Talk | TalkPlan, blocks: list[Block]) -> Document:
    at = datetime.combine(talk.on, time(), tzinfo=UTC)
    title = f"{talk.theme if isinstance(talk, TalkPlan) else talk.code}{name}"
    return Document(title=title, author=str(talk.owner_office), at=at, blocks=tuple(blocks))
