"""A row of a list as a petition: its tags, what it says, the steps that the platform knows of. Asks no database."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from jiandu.base.books.lines import Line
from jiandu.base.core.text import normal
from jiandu.sources.petitions.natures import by_words, nature_of
from jiandu.sources.petitions.states import MOVES, OPEN, Kind, Regime, State, Verb, is_concluded, is_legal, regime_of
from jiandu.sources.petitions.vault import Content
from jiandu.sources.petitions.words import NATURES

MOST_PEOPLE = 100_000
#: The acts that a list may tell of, in their order, with the column of the day.
TOLD = (
    (Verb.ROUTE, "routed"),
    (Verb.DISPOSE, "disposed"),
    (Verb.CONCLUDE, "concluded"),
    (Verb.TELL_RESULT, "told"),
)


@dataclass(frozen=True)
class Told:
    """An act that the list tells of."""

    verb: Verb
    on: date
    from_: str
    to: State
    body: str = ""


@dataclass
class Listed:
    """A row of the list as it will stand."""

    code: str
    received_on: date
    values: dict[str, Any]
    content: Content
    is_repeat: bool
    main: str
    steps: list[Told] = field(default_factory=list)

    @property
    def state(self) -> State:
        return self.steps[-1].to

    def day(self, verb: Verb) -> date | None:
        """When that was done, by the list."""
        return next((step.on for step in self.steps if step.verb == verb), None)

    @property
    def concluded_on(self) -> date | None:
        """When it was concluded; nothing for one that was taken up again."""
        return self.day(Verb.CONCLUDE) if is_concluded(self.state) else None


def listed(line: Line) -> Listed:
    """The row; what is wrong with it stands in the line's `problems`."""
    kind = line.text("kind") or _kind(line)
    row = Listed(
        code=line.text("code"),
        received_on=line.day("on"),
        values=_values(line, kind),
        content=_content(line),
        is_repeat=line.text("repeat") == "yes" or bool(line.text("main")),
        main=line.text("main"),
    )
    row.steps = _steps(line, row, kind)
    _check(line, row)
    return row


def _kind(line: Line) -> str:
    """The class of a row that says none: a report where it is about a person's or a unit's breach, else no business of ours."""
    return Kind.ACCUSATION if line.text("nature") or _detail(line) or line.text("person") else Kind.OUTSIDE


def _values(line: Line, kind: str) -> dict[str, Any]:
    return {
        "way": line.text("way") or "web",
        "origin": line.text("origin") or "direct",
        "kind": kind,
        "named": line.text("named") or "anonymous",
        "people": _people(line),
        "authority": line.text("authority"),
        "managed_by": line.text("managed"),
        "competence": line.text("competence"),  # where it says none, it follows from who manages (sheet)
        "competence_why": line.text("why"),
        "is_over_level": line.text("over") == "yes",
        "is_urgent": line.text("urgent") == "yes",
        "rank": line.text("rank"),
        "is_head": line.text("head") == "yes",
        "is_party_member": _known(line, "party"),
        "is_supervisee": _known(line, "supervisee"),
        "is_typical": line.text("typical") == "yes",
        "has_new": _known(line, "fresh"),
        **_natures(line),
        "notified_on": line.on("notified") if regime_of(kind) == Regime.ACCUSATION else None,
        "disposal": line.text("disposal"),
        "truth": line.text("truth") if line.on("concluded") else "",
    }


def _known(line: Line, key: str) -> bool | None:
    """Yes, no, or nothing said; 无 alone in a cell, which elsewhere is an empty one, says no."""
    cell = line.row.cells.get(key)
    if cell is not None and cell.text == "无":
        return False
    return {"yes": True, "no": False}.get(line.text(key))


def _natures(line: Line) -> dict[str, Any]:
    """The first nature counts; what else stands in the cell, or in the column for it, are marks. A detail stands below the first."""
    codes: list[str] = []
    for key in ("nature", "further"):
        for word in filter(None, re.split(r"[、，,;；/\n]", normal(line.text(key)).replace(" ", ""))):
            if word not in NATURES:
                line.problems.append(line.row.problem(key, f"应为{'、'.join(NATURES)}之一 · not a nature of a problem"))
                return {"nature": "", "nature_detail": "", "further_natures": []}
            codes.append(NATURES[word])
    detail = _detail(line)
    if not codes and detail:
        codes.append(nature_of(detail))
    unique = list(dict.fromkeys(codes))
    main = unique[0] if unique else ""
    is_below = bool(detail) and nature_of(detail) == main
    return {"nature": main, "nature_detail": detail if is_below else "", "further_natures": unique[1:]}


def _detail(line: Line) -> str:
    """The code of the detail; empty for words that the dictionary does not have."""
    return by_words().get(normal(line.text("detail")).replace(" ", ""), "")


def _people(line: Line) -> int:
    text = line.text("people").removesuffix("人").removesuffix(".0")
    if not text:
        return 1
    if not text.isdecimal() or not 0 < int(text) <= MOST_PEOPLE:
        line.problems.append(line.row.problem("people", "人数应为正整数 · a whole number of people"))
        return 1
    return int(text)


def _content(line: Line) -> Content:
    said: dict[str, Any] = {
        key: line.text(key) for key in ("summary", "topic", "person", "post", "unit", "keywords", "reply")
    }
    if not said["summary"] and not said["topic"]:
        line.problems.append(line.row.problem("summary", "必填 · required"))
    return Content(**(said | {"summary": said["summary"] or said["topic"]}))


def _steps(line: Line, row: Listed, kind: str) -> list[Told]:
    """The acts in their order; what lies between two that are told, and cannot be left out, bears the day of the later."""
    steps = [Told(Verb.REGISTER, row.received_on, "", State.REGISTERED)]
    regime = regime_of(kind)

    def add(verb: Verb, on: date, body: str = "") -> None:
        before = steps[-1].to
        steps.append(Told(verb, on, before, MOVES[verb].to or before, body))

    if row.is_repeat:
        add(Verb.REPEAT, row.received_on)
        return steps
    for verb, key in TOLD:
        on = line.on(key)
        if on is None or (verb == Verb.DISPOSE and MOVES[verb].regime not in (None, regime)):
            continue
        if verb in {Verb.DISPOSE, Verb.CONCLUDE} and steps[-1].to in OPEN - {State.HANDLING}:
            add(Verb.ACCEPT, on)
        if is_legal(verb, steps[-1].to, regime):
            add(verb, on, line.text("body") if verb == Verb.ROUTE else "")
    return _with_notice(steps, row.values["notified_on"])


def _with_notice(steps: list[Told], on: date | None) -> list[Told]:
    """The steps with 通报案管 in its place by date, where there was something to tell by then: it changes no state."""
    before = [place for place, step in enumerate(steps) if on is not None and step.on <= on]
    if on is None or not before or not is_legal(Verb.NOTIFY, steps[before[-1]].to, Regime.ACCUSATION):
        return steps
    place, state = before[-1] + 1, steps[before[-1]].to
    return [*steps[:place], Told(Verb.NOTIFY, on, state, state), *steps[place:]]


def _check(line: Line, row: Listed) -> None:
    """Days in order. Where a list gives a day before the receipt, it is the day that is wrong, in its own cell."""
    for verb, key in (*TOLD, (Verb.NOTIFY, "notified")):
        on = line.on(key)
        if on is not None and on < row.received_on:
            line.problems.append(line.row.problem(key, "早于收件日期 · before the day of receipt"))
        elif on is not None and row.day(verb) is None and not row.is_repeat and verb == Verb.TELL_RESULT:
            line.problems.append(line.row.problem(key, "尚未办结，不能反馈结果 · not concluded yet"))
    days = [step.on for step in row.steps]
    if not line.problems and days != sorted(days):
        line.problems.append(line.row.problem("concluded", "各步日期前后颠倒 · the days of the steps are out of order"))
