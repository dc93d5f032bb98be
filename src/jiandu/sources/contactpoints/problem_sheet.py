"""联系点反映问题登记表 in and out: what points told and each dated step. What leaves names no point and quotes none."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import find
from jiandu.net.access.cells import needed, own_office, unit_of
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem, ProblemStep
from jiandu.sources.contactpoints.selectors import steps_that_hold, who_told
from jiandu.sources.contactpoints.services.problems import (
    Act,
    NewProblem,
    amend_problem,
    answer,
    assign,
    join,
    settle,
    study,
    take_in,
)
from jiandu.sources.contactpoints.states import Verb

NATURES = {"作风问题": "conduct", "政策问题": "policy", "涉法涉诉": "legal", "业务咨询": "advice"}
RESULTS = {
    "已推动解决": "resolved",
    "解释说明": "explained",
    "转办": "handed_on",
    "移送问题线索": "clue",
    "长期推动": "lasting",
}
SATISFIED = {"满意": "satisfied", "基本满意": "fairly", "未评价": "not_said"}
#: The day of each step, and the columns that say more of it: the first of them must say something.
STEPS = {
    "studied": ("nature",),
    "assigned": ("subject", "due"),
    "answered": ("answer",),
    "settled": ("result", "satisfaction"),
}
MORE = tuple(key for keys in STEPS.values() for key in keys)
WHERE = {"point-not-then": "on", "told-twice": "point"}  # the cell that a refusal is about, whatever was done
EXAMPLE = (
    *("", "LXD-1-0001", "2022-03-01", "办理许可证等候过久", "", "", "政务服务", "作风问题", "2022-03-02"),
    *("市行政审批局", "2022-03-03", "2022-03-31", "2022-03-20", "已增设窗口", "2022-04-01", "已推动解决", "满意", ""),
)
BOOK = Book(
    "contact-problems",
    _("联系点反映问题登记表"),
    (
        Column("code", ("问题编号", "编号")),
        Column("point", ("联系点编号", "联系点", "反映企业")),
        Column("on", ("反映日期", "登记日期", "日期"), required=True),
        Column("problem", ("反映问题", "问题", "问题内容"), required=True),
        Column("facts", ("具体情况", "情况说明")),
        Column("quote", ("反映原话", "原话")),
        Column("aspect", ("反映方面", "方面")),
        Column("nature", ("研判类别", "问题性质")),
        Column("studied", ("研判日期",)),
        Column("subject", ("责任单位", "交办单位")),
        Column("assigned", ("交办日期",)),
        Column("due", ("答复时限", "办理时限")),
        Column("answered", ("答复日期",)),
        Column("answer", ("答复内容", "办理情况")),
        Column("settled", ("办结日期", "认定办结日期")),
        Column("result", ("办理结果", "结果")),
        Column("satisfaction", ("企业评价", "满意度")),
        Column("office", ("承办室组", "承办部门")),
    ),
    EXAMPLE,
    {"nature": NATURES, "result": RESULTS, "satisfaction": SATISFIED},
    days=frozenset({"on", "due", *STEPS}),
    past=frozenset({"on", *STEPS}),
    notes=(
        _("反映问题、具体情况和答复内容责任单位可以看到，不要写企业名称；反映原话只有联系该企业的室组可以看到"),
        _("几个联系点反映同一问题的，各写一行，编号相同；没有编号时，日期和反映问题都相同的是同一问题"),
        _("导出的登记表不含联系点编号和原话，原样导回不产生改动"),
    ),
    most={"code": 32, "problem": 500},
)


Cells = list[tuple[str, str, str]]
Doing = tuple[date, Callable[[ContactProblem], Any]]  # an act, and its day


def take_problem(lines: list[Line], by: Viewer) -> list[Taken]:
    """A problem with all who told it: taken in with its steps, or compared with the one that is known."""
    head = lines[0]
    _check(lines)
    office = own_office(head, "office", by)
    tellers = [_point(line, office) for line in lines]
    known = _known(head, office)
    if known is not None:
        return _compared(lines, tellers, known, by)
    needed_points = [line for line, point in zip(lines, tellers, strict=True) if point is None]
    for line in needed_points:
        needed(line, "point")
    problem = _taken_in(head, tellers[0], office, by)
    joins = [_join(line, point, by) for line, point in zip(lines[1:], tellers[1:], strict=True)]
    _do(problem, joins, _steps(head, {}, by))
    return [Taken("create")] * len(lines)


def _check(lines: list[Line]) -> None:
    """A step has its day and what it says; the rows of one problem say the same of it, or nothing."""
    head = lines[0]
    for day, keys in STEPS.items():
        if any(head.says(key) for key in keys if key != "subject"):  # a unit may be named before it is asked
            needed(head, day)
        if head.says(day):
            needed(head, keys[0])
    for line in lines[1:]:
        for key in ("problem", "facts", "aspect", "office", *STEPS, *MORE):
            if line.says(key) and _said(line, key) != _said(head, key):
                raise CellRefused(key, Refused("rows-differ", _("与同一问题的上一行不同")), line)


def _said(line: Line, key: str) -> Any:
    return line.on(key) if key in BOOK.days else line.text(key)


def _point(line: Line, office: Office) -> ContactPoint | None:
    """The office's point with this number, else of this name or short name; none where the sheet names none."""
    said = line.text("point")
    here = ContactPoint.objects.filter(owner_office=office, withdrawn_on__isnull=True)
    for key in ("code", "name", "short_name") if said else ():
        found = list(here.filter(**{key: said})[:2])
        if len(found) == 1:
            return found[0]
    if said:
        raise CellRefused("point", Refused("unknown-point", _("本室组没有这个编号或名称的联系点，或有几个")), line)
    return None


def _known(head: Line, office: Office) -> ContactProblem | None:
    """The office's problem with this number; without one, the latest of the same day and words."""
    held = ContactProblem.objects.filter(owner_office=office).select_related("subject", "aspect", "owner_office")
    if head.text("code"):
        return held.filter(code=head.text("code")).first()
    return held.filter(registered_on=head.day("on"), problem=head.text("problem")).order_by("-pk").first()


@contextmanager
def _unnamed(key: str, line: Line) -> Iterator[None]:
    """A refusal is about this cell; where a text names the enterprise, the reason does not name it again."""
    try:
        yield
    except CellRefused:
        raise
    except Refused as refused:
        if refused.rule == "names-enterprise":
            refused = Refused(refused.rule, _("此处的文字责任单位可以看到，不能写企业名称，请用代号"))
        raise CellRefused(WHERE.get(refused.rule, key), refused, line) from None


def _taken_in(head: Line, point: Any, office: Office, by: Viewer) -> ContactProblem:
    new = NewProblem(
        point=point,
        office=office,
        problem=head.text("problem"),
        registered_on=head.day("on"),
        facts=head.text("facts"),
        words=head.text("quote"),
        aspect=_aspect(head, by),
        subject=_unit(head, by),
        code=head.text("code"),
    )
    with _unnamed("problem", head):
        return take_in(new=new, by=by)


def _aspect(line: Line, by: Viewer) -> Item | None:
    if not line.text("aspect"):
        return None
    with at("aspect", line):
        item = find(by, "contact_aspect", line.day("on").year, line.text("aspect"))
        if item is None:
            raise Refused("no-aspect", _("字典中没有这个反映方面"))
        return item


def _unit(line: Line, by: Viewer) -> Organisation | None:
    return unit_of(line, "subject", by, on=line.on("assigned") or line.day("on")) if line.text("subject") else None


def _join(line: Line, point: Any, by: Viewer) -> Doing:
    def act(problem: ContactProblem) -> None:
        with _unnamed("on", line):
            join(problem=problem, by=by, point=point, on=line.day("on"), words=line.text("quote"))

    return line.day("on"), act


def _steps(head: Line, held: dict[str, Any], by: Viewer) -> list[Doing]:
    """The steps that the sheet says and the record has not."""
    said = {day: Act(head.day(day), head.text("answer") if day == "answered" else "") for day in STEPS}
    acts: dict[str, Callable[[ContactProblem], Any]] = {
        "studied": lambda one: study(problem=one, by=by, act=said["studied"], nature=head.text("nature")),
        "assigned": lambda one: _assign(one, head, said["assigned"], by),
        "answered": lambda one: answer(problem=one, by=by, act=said["answered"]),
        "settled": lambda one: settle(problem=one, by=by, act=_settling(head, said["settled"])),
    }

    def told(day: str) -> Callable[[ContactProblem], Any]:
        def act(problem: ContactProblem) -> None:
            with _unnamed("answer" if day == "answered" else day, head):
                acts[day](problem)

        return act

    return [(head.day(day), told(day)) for day in STEPS if head.says(day) and not held.get(day)]


def _assign(problem: ContactProblem, head: Line, act: Act, by: Viewer) -> None:
    unit = unit_of(head, "subject", by, on=act.on)
    if head.says("due") and (head.on("due") or act.on) < act.on:
        raise CellRefused("due", Refused("step-date", _("答复时限不能早于交办日期")), head)
    assign(problem=problem, by=by, act=act, subject=unit, due_on=head.on("due"))


def _settling(head: Line, act: Act) -> Act:
    return replace(act, result=head.text("result"), satisfaction=head.text("satisfaction"))


def _do(problem: ContactProblem, joins: list[Doing], steps: list[Doing]) -> None:
    """The steps in their order, each after those who had told the same by then."""
    waiting = sorted(joins, key=lambda each: each[0])
    for day, act in steps:
        while waiting and waiting[0][0] <= day:
            waiting.pop(0)[1](problem)
        act(problem)
    for _day, act in waiting:
        act(problem)


def _compared(lines: list[Line], tellers: list[Any], problem: ContactProblem, by: Viewer) -> list[Taken]:
    if problem.withdrawn_on is not None:
        return [Taken("conflict", (("code", str(_("已撤下")), problem.code),))] * len(lines)
    head, held = lines[0], _facts(problem, steps_that_hold(by, [problem])[problem.pk])
    told = {row.point_id: row for row in who_told(by, problem)}
    fixed = [_fixed(head, held, by), *([] for _line in lines[1:])]
    joins = []
    for line, point, cells in zip(lines, tellers, fixed, strict=True):
        row = told.get(point.pk) if point else None
        if point and row is None:
            joins.append((line, point))
        elif row is not None:
            pairs = (("quote", row.words, line.text("quote")), ("on", row.on, line.on("on")))
            asked = pairs[:1] if line is head else pairs  # the day of the first is the problem's
            cells += [(key, str(fact), str(said)) for key, fact, said in asked if said and not _same(fact, said)]
    words, fresh = _words(head, held, by), _steps(head, held, by)
    if problem.merged_into_id is not None and (joins or fresh):
        fixed[0].append(("code", str(problem.get_state_display()), problem.code))
    if any(fixed):
        return [Taken("conflict", tuple(cells)) if cells else Taken("unchanged") for cells in fixed]
    _amend(problem, head, words, by)
    _do(problem, [_join(line, point, by) for line, point in joins], fresh)
    cells = [(key, _text(key, held[key]), _text(key, said)) for key, said in words.items()]
    cells += [(day, "", str(head.on(day))) for day in STEPS if head.says(day) and not held[day]]
    joined = [line for line, _point in joins]
    found = [Taken("create") if line in joined else Taken("unchanged") for line in lines]
    return [Taken("update", tuple(cells)), *found[1:]] if cells else found


def _facts(problem: ContactProblem, steps: dict[str, ProblemStep]) -> dict[str, Any]:
    """The problem in the columns of the sheet."""
    days = zip(STEPS, (Verb.STUDY, Verb.ASSIGN, Verb.ANSWER, Verb.SETTLE), strict=True)
    held = {day: steps[verb].on if verb in steps else None for day, verb in days}
    return {
        "on": problem.registered_on,
        "problem": problem.problem,
        "facts": problem.facts,
        "aspect": problem.aspect,
        "nature": problem.nature if held["studied"] else "",
        "subject": problem.subject,
        "due": problem.due_on if held["assigned"] else None,
        "answer": steps[Verb.ANSWER].note if held["answered"] else "",
        "result": steps[Verb.SETTLE].result if held["settled"] else "",
        "satisfaction": steps[Verb.SETTLE].satisfaction if held["settled"] else "",
        **held,
    }


def _fixed(head: Line, held: dict[str, Any], by: Viewer) -> Cells:
    """What differs of that which no sheet changes: the day, and every step that was done."""
    keys = ["on", *(key for day, more in STEPS.items() if held[day] for key in (day, *more))]
    if not held["assigned"] and not head.says("assigned"):
        keys.append("subject")  # a unit is named when the problem is taken in, or when it is asked
    cells = []
    for key in keys:
        said = _said(head, key)
        if key == "subject" and said and said != _text(key, held[key]):
            said = _unit(head, by)
        if said and not _same(held[key], said) and _text(key, held[key]) != said:
            cells.append((key, _text(key, held[key]), _text(key, said)))
    return cells


def _words(head: Line, held: dict[str, Any], by: Viewer) -> dict[str, Any]:
    """What the sheet says in other words: white space is not meant."""
    words: dict[str, Any] = {
        key: head.text(key) for key in ("problem", "facts") if head.text(key) and not _same(held[key], head.text(key))
    }
    if head.text("aspect") not in {"", _text("aspect", held["aspect"])} and _aspect(head, by) != held["aspect"]:
        words["aspect"] = _aspect(head, by)
    return words


def _amend(problem: ContactProblem, head: Line, words: dict[str, Any], by: Viewer) -> None:
    if words:
        said = {"problem": problem.problem, "facts": problem.facts, "aspect": problem.aspect, **words}
        with _unnamed("problem" if "problem" in words else "facts", head):
            amend_problem(problem=problem, by=by, said=said["problem"], facts=said["facts"], aspect=said["aspect"])


def _same(held: Any, said: Any) -> bool:
    return bool(held.split() == said.split() if isinstance(held, str) and isinstance(said, str) else held == said)


def _text(key: str, value: Any) -> str:
    if key in BOOK.words:
        return BOOK.word(key, str(value)) if value else ""
    return str(value or "")


def together(line: Line) -> Any:
    """What the rows of one problem have in common."""
    if line.text("code"):
        return line.text("office"), line.text("code")
    return line.text("office"), line.on("on"), line.text("problem")


def rows_of(viewer: Viewer, problems: Iterable[ContactProblem]) -> Iterator[tuple[OutValue, ...]]:
    """The problems as rows of the sheet, the same for whoever may read them: no point, no word of an enterprise."""
    listed = list(problems)
    steps = steps_that_hold(viewer, listed)
    for one in listed:
        held = _facts(one, steps[one.pk])
        told = {column.key: held.get(column.key) for column in BOOK.columns}
        told |= {"code": one.code, "office": one.owner_office.name}
        yield tuple(_out(key, value) for key, value in told.items())


def _out(key: str, value: Any) -> OutValue:
    return value if key in BOOK.days else "\n".join(_text(key, value).splitlines())


PROBLEMS = Register(
    BOOK,
    ContactProblem,
    take_problem,
    "problem",
    "contact_problem",
    together=together,
    denied=_("您没有登记联系点反映问题的权限"),
)
