"""补充、更正 cell by cell, as a grid does it: a cell is written only where it still says what the officer saw.

Each cell by itself: one that somebody changed meanwhile, or that may not be changed, leaves the others as they are. A
finding has one step for all of its cells, the act one entry in the log.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.services.correcting import CORRECTABLE, check_correction, following, written
from jiandu.loop.findings.services.moving import Act, begin, said, write_step
from jiandu.loop.findings.services.repeats import propose_again, repeat_key
from jiandu.loop.findings.services.searching import index_finding, text_of
from jiandu.loop.findings.states import Verb
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who

NOTE, UNDONE = "台账表格中更正", "撤销台账表格中的更正"  # kept in the language of the records
#: The moves that set a column besides a correction: who changed a cell is sought among them.
SET_BY: dict[str, frozenset[Verb]] = {
    "rectification": frozenset({Verb.ASSIGN}),
    "due_on": frozenset({Verb.ASSIGN, Verb.EXTEND, Verb.RESUME, Verb.REOPEN}),
    "rectifier_name": frozenset({Verb.RECEIVE, Verb.APPLY}),
}


class Outcome(StrEnum):
    """What became of a cell."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True)
class Edit:
    """`value` for a column of a finding whose cell said `seen` (`cell_text`); of 责任人 the `Who`, of an aspect the item."""

    uid: UUID
    name: str
    seen: str
    value: Any


@dataclass(frozen=True)
class Result:
    """`now` is what the cell says after the act. Of a conflict `step` is who changed it; a refusal says why."""

    edit: Edit
    outcome: Outcome
    now: str = ""
    step: Step | None = None
    why: Refused | None = None


def cell_text(finding: Finding, name: str) -> str:
    """What a cell says: the same text for the same value, whoever looks; a day as 2022-03-01, money in yuan."""
    return said_as(name, getattr(finding, "aspect_id" if name == "aspect" else name))


def said_as(name: str, value: Any) -> str:
    """The text of a value of that column."""
    if value is None:
        return ""
    if name == "amount_fen":
        return f"{value / 100:.2f}"
    if isinstance(value, Who):
        return value.name
    if isinstance(value, date):
        return value.isoformat()
    return str(getattr(value, "pk", value)).replace("\r\n", "\n")


@atomic
def correct_cells(*, by: Viewer, edits: Sequence[Edit], note: str = "", is_undo: bool = False) -> list[Result]:
    """更正 of cells, a result for each in the order they came. Of an undo `value` is what the cell said before.

    A value that was filled in is taken back by whoever filled it in, as long as nothing has been done on it since.
    """
    of_finding: dict[UUID, list[int]] = defaultdict(list)
    for number, edit in enumerate(edits):
        of_finding[edit.uid].append(number)
    results = [Result(edit, Outcome.REFUSED, why=Refused("not-there", "没有这条记录")) for edit in edits]
    rows, act = [], Act(by=by, on=today(), note=note.strip() or (UNDONE if is_undo else NOTE))
    for finding in Finding.objects.filter(uid__in=of_finding).order_by("pk"):  # locks are taken in one order
        numbers = of_finding[finding.uid]
        row = _Row(finding, act, is_undo=is_undo)
        for number, result in zip(numbers, row.correct([edits[number] for number in numbers]), strict=True):
            results[number] = result
        rows += [row] if row.entry else []
    if rows:
        propose_again([row.finding for row in rows if row.is_other_problem])
        payload = {"undo": is_undo, "steps": [row.entry for row in rows]}
        record(by, "finding.cells", None, payload=payload, level=max(row.finding.level for row in rows))
    return results


@dataclass
class _Row:
    """The cells of one finding: judged one after the other, written together in one step."""

    finding: Finding
    act: Act
    is_undo: bool
    values: dict[str, Any] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    entry: dict[str, Any] | None = None
    is_other_problem: bool = False

    def correct(self, edits: list[Edit]) -> list[Result]:
        try:
            self._begin()
        except Refused as refused:
            return [Result(edit, Outcome.REFUSED, why=refused) for edit in edits]
        old_text = text_of(self.finding)
        results = [self._answer(edit) for edit in edits]
        if self.before:
            self._write(old_text)
        return results

    def _begin(self) -> None:
        """Locked, allowed, legal; what is kept to a few is corrected on its page, where each look is logged."""
        self.finding = begin(self.finding, Verb.CORRECT, self.act)
        if self.finding.level > Level.INTERNAL:
            raise Refused("on-its-page", _("知悉范围受限的问题，请在问题页面更正"))

    def _answer(self, edit: Edit) -> Result:
        if edit.name not in CORRECTABLE:
            why = Refused("not-correctable", "这些栏目不能直接更改:%(names)s", names=edit.name)
            return Result(edit, Outcome.REFUSED, why=why)
        now, wanted = cell_text(self.finding, edit.name), said_as(edit.name, edit.value)
        if now == wanted:
            return Result(edit, Outcome.UNCHANGED, now)
        if not still_says(now, edit.seen):
            return Result(edit, Outcome.CONFLICT, now, step=changed_by(self.finding, edit.name))
        try:
            self._take(edit, now)
        except Refused as refused:
            return Result(edit, Outcome.REFUSED, now, why=refused)
        return Result(edit, Outcome.WRITTEN, wanted)

    def _take(self, edit: Edit, now: str) -> None:
        """The value stands in the finding from here on, for the cells that follow. Raises Refused."""
        who = edit.value if isinstance(edit.value, Who) else None
        values = {edit.name: who.name if who else edit.value}
        if edit.name == "problem" and not str(edit.value).strip():
            raise Refused("problem-needed", "请填写问题表现")
        if not (self.is_undo and values[edit.name] in (None, "") and self._filled_in(edit.name)):
            check_correction(self.finding, values, who)
        values |= following(values, who)
        for name, value in values.items():
            setattr(self.finding, name, value)
        self.before.setdefault(edit.name, now)
        self.values |= values

    def _filled_in(self, name: str) -> bool:
        """Whether the last thing done on the finding was that this officer filled in the column."""
        last = Step.objects.filter(finding=self.finding, seq=self.finding.step_count).first()
        is_mine = last is not None and last.verb == Verb.CORRECT and last.entered_by_id == self.act.by.user_id
        return is_mine and last is not None and f"+{name}" in last.columns.split()

    def _write(self, old_text: str) -> None:
        finding, old_key = self.finding, self.finding.repeat_key
        finding.repeat_key = repeat_key(finding.subject_id, finding.aspect_id, finding.basis or finding.problem)
        self.is_other_problem = finding.repeat_key != old_key
        after = {name: cell_text(finding, name) for name in self.before}
        act = replace(self.act, columns=written(self.before), details={"before": self.before, "after": after})
        step = write_step(finding, Verb.CORRECT, act, changed=[*self.values, "repeat_key"])
        index_finding(finding, old_text)
        self.entry = {"finding": str(finding.uid), "code": finding.code, **said(step, act)}


def still_says(now: str, seen: str) -> bool:
    """Whether nobody has changed the cell since it was looked at."""
    return now == seen.replace("\r\n", "\n")


def check_seen(finding: Finding, names: Iterable[str], seen: Mapping[str, str]) -> None:
    """Raises Refused for a column that says something else than when it was shown: what it says, who wrote it, when."""
    for name in names:
        now = cell_text(finding, name)
        if still_says(now, seen.get(name, now)):
            continue
        step, label = changed_by(finding, name), getattr(Finding._meta.get_field(name), "verbose_name", name)
        said = str(finding.aspect or "") if name == "aspect" else now
        raise Refused(
            "changed-meanwhile",
            "“%(name)s”在打开表单后已由%(who)s改为“%(now)s”，请重新打开表单核对后再更正",
            name=label,
            who=step.by_name if step else "–",
            now=said,
        )


def changed_by(finding: Finding, name: str) -> Step | None:
    """The latest step that wrote the column; one of before the columns were kept may have. None for registration."""
    verbs = SET_BY.get(name, frozenset())
    for step in Step.objects.filter(finding=finding, verb__in=sorted({*verbs, Verb.CORRECT})).order_by("-seq"):
        columns = step.columns.replace("+", "").split()
        if step.verb in verbs or not columns or name in columns:
            return step
    return None
