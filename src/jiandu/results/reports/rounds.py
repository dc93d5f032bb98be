"""The report of a round as Word, drafted from the records: no number is typed, each leads to what it counts."""

from datetime import UTC, datetime, time

from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import (
    Anchor,
    Appendix,
    Block,
    Column,
    Document,
    Field,
    Form,
    Heading,
    Note,
    Number,
    Paragraph,
    Signature,
    Table,
    Title,
    Words,
)
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.findings.models import Finding
from jiandu.net.access.models import Level
from jiandu.results.analysis.rounds import FIGURES, Told, round_told
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.word import period_in_words

PROBLEMS = (
    Column("序号", 0.6, "center"),
    Column("责任单位", 1.5),
    Column("问题", 3),
    Column("问题编号", 1.5),
    Column("整改", 0.9, "center"),
)
UNITS = (
    Column("责任单位", 3.4),
    Column("问题数", 1, "right"),
    Column("已销号", 1, "right"),
    Column("未销号", 1, "right"),
)
COUNTED = (
    Column("序号", 0.6, "center"),
    Column("统计指标", 1.3),
    Column("数值", 0.9, "right"),
    Column("口径", 3.6),
)


def round_docx(viewer: Viewer, activity: Activity, *, mark: str = "") -> bytes:
    """轮次报告. Until it is approved it says 草稿 on top and takes today's figures; then those of its approval."""
    told = round_told(viewer, activity)
    blocks: list[Block] = [
        Title(f"“{activity.name}”\n委领导挂钩监督情况报告", under=f"统计截止日：{day_in_words(told.ask.as_of)}"),
        Heading("基本情况"),
        Paragraph(_work(activity, told)),
        *_points(activity),
        Heading("发现的主要问题"),
        Paragraph(_problems(told)),
        *_aspects(told),
        Heading("问题分布和整改情况"),
        Paragraph(_rectified(told)),
        *_units(told),
        Heading("下一步工作"),
        Paragraph("对未销号的问题逐项跟踪督办，按时限核验；对已销号的问题适时开展回头看。"),
        Signature(str(activity.owner_office), told.reported.on if told.reported else None),
        Appendix("报告审签和统计口径"),
        _signed(told),
        _appendix(told),
        Note("数字由记录生成，为下载人权限范围内的记录。报告审定后，数字固定为审定时的数字。"),
    ]
    at = datetime.combine(told.ask.as_of, time(), tzinfo=UTC)
    mark = mark if told.approved else "　".join(filter(None, ["草稿", mark]))
    title = f"{activity.name}委领导挂钩监督情况报告"
    return to_docx(Document(title=title, author=str(activity.owner_office), at=at, blocks=tuple(blocks), mark=mark))


def _n(told: Told, key: str) -> Number:
    return Number(str(told.values[key]), to=key)


def _work(activity: Activity, told: Told) -> Words:
    began = told.started.on if told.started else activity.approved_on
    begin = f"本轮挂钩监督以“{activity.name}”为主题，{day_in_words(began)}启动，设" if began else "本轮挂钩监督设"
    if period := period_in_words(activity):
        begin = begin.replace("本轮挂钩监督", f"本轮挂钩监督{period}，", 1)
    return (
        begin, _n(told, "teams"), "个监督组，由委领导带队，挂钩", _n(told, "units"), "家单位。已走访", _n(told, "visited"),
        "家、", _n(told, "visits"), "家次，约谈关键少数", _n(told, "talked"), "人。", _finished(told),
    )  # fmt: skip


def _finished(told: Told) -> str:
    """When the round ended, and what is said of it."""
    if told.finished is None:
        return ""
    note = " ".join(told.finished.note.split()).rstrip("。")
    return f"本轮于{day_in_words(told.finished.on)}结束{f'，{note}' if note else ''}。"


def _points(activity: Activity) -> list[Block]:
    if not activity.points:
        return []
    points = "；".join(text.strip().rstrip("。；") for text in activity.points)
    return [Paragraph(f"监督要点：{points}。")]


def _problems(told: Told) -> Words:
    if not told.findings:
        return ("本轮尚未登记问题（", _n(told, "findings"), "个）。")
    found = ("共发现问题", _n(told, "findings"), "个，涉及", _n(told, "found_units"), "家单位、")
    return (*found, _n(told, "aspects"), "个方面。")


def _aspects(told: Told) -> list[Block]:
    """One aspect after another with its problems; what is of level 2 and above is counted, and not told."""
    blocks: list[Block] = []
    for name, findings in told.by_aspect():
        blocks.append(Heading(f"{name or '未分类'}（{len(findings)}个）", 2))
        shown = [one for one in findings if one.level <= Level.INTERNAL]
        rows = tuple(_problem(told, place, one) for place, one in enumerate(shown, 1))
        blocks += [Table(PROBLEMS, rows)] if rows else []
        if hidden := len(findings) - len(shown):
            blocks.append(Paragraph(f"另有{hidden}个问题按工作敏感事项管理，不在本报告中列出。"))
    return blocks


def _problem(told: Told, place: int, one: Finding) -> tuple[str, ...]:
    state = "已销号" if one.pk in told.settled else "未销号"
    return (str(place), str(one.subject or "未明确"), one.problem, one.code, state)


def _rectified(told: Told) -> Words:
    return (
        "统计截止日，已销号", _n(told, "settled"), "个，未销号", _n(told, "open"), "个。",
    )  # fmt: skip


def _units(told: Told) -> list[Block]:
    if not told.findings:
        return []
    rows = [(str(unit or "未明确"), str(n), str(done), str(n - done)) for unit, n, done in told.by_unit()]
    total = ("合计", *(str(told.values[key]) for key in ("findings", "settled", "open")))
    return [Table(UNITS, (*rows, total))]


def _signed(told: Told) -> Form:
    sent, done = told.reported, told.approved
    return Form(
        (
            (
                Field("报送日期", day_in_words(sent.on if sent else None)),
                Field("报 送 人", sent.by_name if sent else ""),
            ),
            (
                Field("审定日期", day_in_words(done.on if done else None)),
                Field("审 定 人", done.by_name if done else ""),
            ),
            (Field("审定意见", done.note if done else "", 20),),
        )
    )


def _appendix(told: Told) -> Table:
    rows = tuple(
        (Anchor(str(place), name=key), label, f"{told.values[key]}{unit}", definition)
        for place, (key, (label, unit, definition)) in enumerate(FIGURES.items(), 1)
    )
    return Table(COUNTED, rows)
