"""Of the cells that differ from a record: which a changed ledger may write, and why each other one is left.

What is dated is never changed; what needs an approval is asked for on the desk. The reasons say the way.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext_noop

from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.history import told_steps
from jiandu.loop.findings.states import WORKING, State
from jiandu.loop.workbooks.columns import TITLES
from jiandu.loop.workbooks.places import Places
from jiandu.loop.workbooks.reading import BODIES, Line
from jiandu.loop.workbooks.telling import told_history
from jiandu.loop.workbooks.told import Told, bodies_of, measures_text, plain

PLACED = gettext_noop("登记后不更改；确系录错的，在问题页申请“撤销”后以新编号登记")
DATED = gettext_noop("已录入的日期和办理情况不更改；确系录错的，在问题页申请“撤销”后以新编号登记")
CONCLUDED = gettext_noop("阶段性销号转为销号须经批准，在问题页申请“正式销号”")
EXTENDED = gettext_noop("已定的整改时限须经批准才能改变，在问题页申请“延期”")
OVER = gettext_noop("问题已办结，整改时限不再改变")
KEPT = gettext_noop("表中空白，已登记的内容保留")
MEASURES = gettext_noop("已登记的整改措施不更改；新增的措施请在原有措施之后另起一行，或在问题页“报方案”")
RULES = gettext_noop("已登记的制度不因台账删去；登记有误的，在建章立制台账中撤回")
MONEY = gettext_noop("已登记的挽回金额不更改；新到账的在问题页“登记挽回金额”，多记的在问题页“冲销”")
LONG = gettext_noop("连同已登记的其他发现人超过128个字，在问题页“补充、更正”中填写")
ORDER = gettext_noop("与已录入的办理步骤不一致，在问题页办理")
UNSETTLED = gettext_noop("没有销号日期：核验、审批和回头看情况随销号一并写入")
LOOKED = gettext_noop("没有回头看结论：日期和结论须一并填写")
NOT_PROJECT = gettext_noop("来源不是项目化监督，项目编号和名称不写入")
NAMED = gettext_noop("项目名称以已登记的为准，在项目页更改")

SETTLING = ("applied_on", "closed_on", "verifier", "method", "conclusion", "approver")
LOOKING = ("looked_on", "look_result")
#: Columns whose change may add steps; only where all recorded steps are still told.
STEPPING = frozenset({*SETTLING, *LOOKING, "measures"})
GOING_ON = STEPPING | {"rectification", "rectifier"}


@dataclass(frozen=True, slots=True)
class Record:
    """A record with what it says, and what the sheet's words mean."""

    finding: Finding
    said: Told
    places: Places


@dataclass(slots=True)
class Parted:
    """The keys of the cells that are written, those that are left with the reason, and the row as it will be told."""

    written: set[str]
    left: dict[str, str]
    told: Line
    goes_on: bool


def part(line: Line, record: Record, changed: Mapping[str, tuple[str, str]]) -> Parted:
    """Parts the changed cells of a row whose record nobody has worked on."""
    left = {key: KEPT if is_blank(line, key) else why for key in changed if (why := _why(line, record, key))}
    told = _told(line, record, left.keys())
    steps = [step.verb for step in told_steps(told_history(told, record.places))]
    follows = steps[: len(record.said.verbs)] == record.said.verbs
    if not follows:
        left = {key: ORDER for key in changed if key in STEPPING} | left
        told = _told(line, record, left.keys())
    written = set(changed) - left.keys()
    if told.rules:
        written.add("rules")
    return Parted(written, left, told, follows and bool(written & GOING_ON))


def premature(line: Line, said: Told, places: Places) -> Iterator[tuple[str, str]]:
    """Cells that say what no record can hold yet, with the reason."""
    method = places.methods.get(line.text("method"), "")
    if line.on("closed_on") is None and said.closed_on is None:
        words = {"verifier": (line.text("verifier"), said.verifier), "method": (method, said.method)}
        words |= {"approver": (line.text("approver"), said.approver)}
        words |= {"conclusion": (line.conclusion, said.conclusion)}
        yield from ((key, UNSETTLED) for key, (new, old) in words.items() if new and new != old)
        if said.looked_on is None:
            yield from ((key, UNSETTLED) for key in LOOKING if not is_blank(line, key))
    elif said.looked_on is None and line.on("looked_on") and not line.look_result:
        yield "looked_on", LOOKED
    yield from _of_project(line, places)


def _of_project(line: Line, places: Places) -> Iterator[tuple[str, str]]:
    code, name = places.project_of(line), line.text("project_name")
    if not code:
        yield from ((key, NOT_PROJECT) for key in ("project_code", "project_name") if line.text(key))
    elif code in places.projects and name and name != places.projects[code].name:
        yield "project_name", NAMED


def is_looked(line: Line) -> bool:
    """The row tells of a look-back: both when and with what result."""
    return bool(line.on("looked_on") and line.look_result)


def is_blank(line: Line, key: str) -> bool:
    """The cell says nothing."""
    return not (line.text(key) or line.on(key) or getattr(line, _ATTRIBUTES.get(key, key), None))


_ATTRIBUTES = {"amount": "amount_fen", "recovered": "recovered_fen"}


def added(old: str, new: str) -> str:
    """The measures that are written below those of the record; nothing where those are not told word for word."""
    if not old:
        return new
    return new.removeprefix(f"{old}\n").strip("\n") if new.startswith(f"{old}\n") else ""


def found_by(line: Line, finding: Finding, places: Places) -> str:
    """Who found it: the offices as the sheet names them, then the other names of the record."""
    return "、".join([*line.bodies, *bodies_of(finding, places.office_names)[1]])


def plain_rule(title: str) -> str:
    """A rule's title without its marks."""
    return title.strip("《》")


def _fresh(line: Line, said: Told) -> tuple[str, ...]:
    """The rules that the record does not have yet."""
    known = {plain_rule(title) for title in said.rules}
    return tuple(title for title in line.rules if title not in known)


def _why(line: Line, record: Record, key: str) -> str:
    """Why the cell is left; nothing where it is written."""
    return _WHY[key](line, record) if key in _WHY else ""


def _due(line: Line, record: Record) -> str:
    if record.finding.first_due_on is None:
        return ""
    return EXTENDED if record.finding.state in WORKING else OVER


def _measures(line: Line, record: Record) -> str:
    raw, new = measures_text(record.said), plain(line.text("measures"))
    extra = added(plain(raw), new)
    return "" if extra and plain(f"{raw}\n{extra}") == new else MEASURES


def _rules(line: Line, record: Record) -> str:
    return RULES if {plain_rule(title) for title in record.said.rules} - set(line.rules) else ""


def _concluded(line: Line, record: Record) -> str:
    if record.said.closed_on is None:
        return ""
    return CONCLUDED if record.finding.state == State.STAGED else DATED


_WHY: dict[str, Callable[[Line, Record], str]] = {
    **dict.fromkeys(("subject", "source", "project_code", "registered_on"), lambda line, record: PLACED),
    **dict.fromkeys(SETTLING, lambda line, record: DATED if record.said.closed_on else ""),
    **dict.fromkeys(LOOKING, lambda line, record: DATED if record.said.looked_on else ""),
    "applied_on": lambda line, record: DATED if record.said.applied_on else "",
    "conclusion": _concluded,
    "rectification": lambda line, record: "" if line.rectification else KEPT,
    "due_on": _due,
    "measures": _measures,
    "rules": _rules,
    "recovered": lambda line, record: MONEY if record.said.has_money else "",
    "bodies": lambda line, record: LONG if len(found_by(line, record.finding, record.places)) > BODIES else "",
}


def _told(line: Line, record: Record, left: Collection[str]) -> Line:
    """The row with the record's words in the cells that are left and in the columns that the sheet does not have."""
    kept = {key for key in TITLES if key in left or key not in line.columns}
    finding, said = record.finding, record.said
    office = line.text("office")  # of whom a sheet names nobody
    texts = {
        "subject": str(finding.subject),
        "rectifier": finding.rectifier_name,
        "measures": measures_text(said),
        "verifier": said.verifier if said.verifier != office else "",
        "approver": said.approver if said.approver != office else "",
    }
    dates = {
        "registered_on": finding.registered_on,
        "due_on": finding.first_due_on,
        "applied_on": said.applied_on,
        "closed_on": said.closed_on,
        "looked_on": said.looked_on,
    }
    return replace(
        line,
        texts=line.texts | {key: value for key, value in texts.items() if key in kept},
        dates=line.dates | {key: value for key, value in dates.items() if key in kept},
        rules=_fresh(line, said),
        recovered_fen=None if "recovered" in kept else line.recovered_fen,
        rectification=finding.rectification if "rectification" in kept else line.rectification,
        conclusion=said.conclusion if "conclusion" in kept else line.conclusion,
        look_result=said.look_result if "look_result" in kept else line.look_result,
    )
