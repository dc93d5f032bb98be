"""单位情况一页通 as Word in official layout: a sheet of boxes whose lines are counted, so that it stays one page."""

from datetime import UTC, date, datetime, time
from typing import Any

from jiandu.base.charts.labels import shorten
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Document, Field, Form, Note, Title
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.of_unit import Again
from jiandu.loop.findings.states import State
from jiandu.net.subjects.models import Organisation
from jiandu.results.reports.unit_page import Part, Tie, UnitPage, answered_on, is_late, late_days, settled_on, unit_page
from jiandu.sources.talks.models import Talk

LINE = 66  # half characters in a line of a box
TITLE = "单位情况一页通"
NONE = "没有登记"


def unit_docx(viewer: Viewer, unit: Organisation, day: date, *, mark: str = "") -> bytes:
    """The unit on one A4 page, as of the day, as far as the viewer sees."""
    page = unit_page(viewer, unit, day)
    rows = (
        Field("单　　位", shorten(_unit(page), 2 * LINE)),
        Field(_label("班子和岗位", page.posts, "人"), shorten(_posts(page), 4 * LINE)),
        Field(_label("分管和挂钩", page.leaders, "人"), shorten(_leaders(page), 2 * LINE)),
        Field(_label("问　　题", page.problems, "件"), _lines([_counts(page), *(_problem(row, day) for row in page.problems.rows)])),
        Field(_label("三年内同类", page.repeats, "类"), _lines([_repeat(group, day) for group in page.repeats.rows])),
        Field(_label("近期谈话", page.talks, "人次"), _lines([_talk(row) for row in page.talks.rows], 2)),
        Field(_label("文书和反馈", page.letters, "件"), _lines([_letter(row, day) for row in page.letters.rows])),
        Field(_label("建章立制", page.rules, "项"), _lines([_rule(row) for row in page.rules.rows])),
    )  # fmt: skip
    note = Note("按提取人的权限列示，不含工作敏感以上的内容；超期指责任单位超过整改时限。")
    at = datetime.combine(day, time(), tzinfo=UTC)
    blocks = (Title(TITLE), Form(tuple((row,) for row in rows), small=True), note)
    return to_docx(Document(title=f"{page.name}情况一页通", author="监督网", at=at, blocks=blocks, mark=mark))


def _label(name: str, part: Part, unit: str) -> str:
    return f"{name}\n其余{part.rest}{unit}" if part.rest > 0 else name


def _lines(texts: list[str], deep: int = 1) -> str:
    """One line each, or `deep` lines; what is too long is cut."""
    return "\n".join(shorten(" ".join(text.split()), deep * LINE) for text in texts) or NONE


def _unit(page: UnitPage) -> str:
    said = [as_recorded(page.unit.get_kind_display()), as_recorded(page.unit.get_authority_display())]
    said += [f"上级单位：{page.parent.name}"] if page.parent else []
    return f"{page.name}（{'，'.join(said)}）截至{day_in_words(page.day)}"


def _posts(page: UnitPage) -> str:
    if not page.posts.rows:
        return NONE
    held = (f"{as_recorded(row.get_kind_display())} {row.person.name} {row.title}" for row in page.posts.rows)
    return f"关键少数{page.key_few}人。{'；'.join(held)}"


def _leaders(page: UnitPage) -> str:
    return "；".join(map(_tie, page.leaders.rows)) or NONE


def _tie(tie: Tie) -> str:
    since = f"（{tie.since.isoformat()}起）" if tie.since else ""
    return f"{'挂钩' if tie.is_linked else '分管'} {tie.name}{since}"


def _counts(page: UnitPage) -> str:
    said = page.counts
    return f"登记{said.total}件，未销号{said.open}件（超期{said.overdue}件），已销号{said.settled}件。"


def _state(finding: Any) -> str:
    return as_recorded(State(finding.state_then).label)


def _problem(finding: Any, day: date) -> str:
    due = f"时限{finding.due_then.isoformat()}" if finding.due_then else "未定时限"
    late = late_days(finding, day)
    ends = " ".join(filter(None, [_state(finding), due, f"超期{late}天" if late else ""]))
    return f"{shorten(finding.problem, LINE - 2 * len(ends))} {ends}"


def _repeat(group: Again, day: date) -> str:
    latest: Finding = group.latest
    kind = latest.aspect.label_zh if latest.aspect else latest.problem
    ends = "、".join(f"{row.registered_on.isoformat()} {_concluded(row, day)}" for row in group.findings[:2])
    return f"{shorten(kind, 20)} {len(group.findings)}次：{ends}"


def _concluded(finding: Any, day: date) -> str:
    on = settled_on(finding, day)
    return f"{_state(finding)}（{on.isoformat()}）" if on else _state(finding)


def _talk(row: Any) -> str:
    kind = as_recorded(Talk.Kind(row.talk_kind).label)
    promise = f"。承诺：{row.promise}" if row.promise else ""
    return f"{row.on.isoformat()} {kind} {row.person.name}：{row.talk_theme}{promise}"


def _letter(one: Any, day: date) -> str:
    answer = _answer(one, day)
    head = f"{one.delivered_on.isoformat()} {as_recorded(one.get_kind_display())} "
    return f"{shorten(head + one.title, LINE - 2 * len(answer) - 2)} {answer}".strip()


def _answer(one: Any, day: date) -> str:
    """What the unit answered, or owes by when: some letters ask for no answer."""
    on = answered_on(one, day)
    if on:
        return f"{on.isoformat()}已反馈"
    if one.reply_due_on is None:
        return ""
    return f"{'逾期未反馈' if is_late(one, day) else '待反馈'}，反馈期限{one.reply_due_on.isoformat()}"


def _rule(one: Any) -> str:
    return f"{one.issued_on.isoformat()} {one.named} {one.issuer}"
