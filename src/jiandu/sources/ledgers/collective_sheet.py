"""The village's own sheets: a ledger a sheet, by whatever words and units it uses; every wrong cell told in place."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Line
from jiandu.base.books.reasons import both
from jiandu.base.books.taking import CellRefused, Register, Taken
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import plain_code
from jiandu.base.core.persons import shown_name
from jiandu.base.core.sheets import LARGE
from jiandu.net.access.cells import needed, own_office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.sources.ledgers.columns import LEDGERS, NAMES, Ledger
from jiandu.sources.ledgers.journals import Journal, expected
from jiandu.sources.ledgers.reading import Told, book_of, told
from jiandu.sources.ledgers.services.collectives import (
    Change,
    NewCollective,
    NewSheet,
    compared,
    drafted,
    open_rows,
    register_collective,
    take_ledger,
)

BODY = re.compile("(?:股份)?(?:经济)?(?:联合|合作)(?:联)?(?:总)?社$|村集体$|集体$")
SHOWN = 12  # codes that are named where more are meant


@dataclass
class Group:
    """The lines of one village: its collective, or what is to be registered as such."""

    lines: list[Line]
    collective: Collective | None
    new: NewCollective | None
    sheet: NewSheet
    rows: list[Told]


Do = Callable[[Group, Viewer], Change]


def _register(ledger: Ledger) -> Register:
    return Register(
        book_of(ledger),
        Collective,
        lambda lines, by: _take(ledger, lines, by, _do),
        "code",
        "collective",
        denied=_("您没有导入村集体台账的权限"),
        look=lambda lines, by: _take(ledger, lines, by, _look),
        limits=LARGE,
    )


def _look(group: Group, _by: Viewer) -> Change:
    return compared(collective=group.collective, new=group.sheet, rows=group.rows)


def _do(group: Group, by: Viewer) -> Change:
    one = group.collective or register_collective(new=group.new, by=by)  # type: ignore[arg-type]  # one of the two
    return take_ledger(collective=one, new=group.sheet, rows=group.rows, by=by)


def _take(ledger: Ledger, lines: list[Line], by: Viewer, do: Do) -> list[Taken]:
    """What came of each line. A line with something wrong carries it, and then nothing at all is done."""
    found: dict[int, Taken] = {}
    groups = list(_groups(ledger, lines, by))
    if any(line.problems for line in lines):
        return [Taken("unchanged")] * len(lines)
    for group in groups:
        try:
            change = do(group, by)
        except Refused as refused:
            group.lines[0].problems.append(group.lines[0].row.problem("as_of", _said(refused)))
            continue
        found |= {id(line): taken for line, taken in _told_of(ledger, group, change)}
    return [found.get(id(line), Taken("unchanged")) for line in lines]


def _groups(ledger: Ledger, lines: list[Line], by: Viewer) -> Iterable[Group]:
    """By village, each checked against what its ledgers say."""
    by_village: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        by_village.setdefault((line.text("village"), plain_code(line.text("credit"))), []).append(line)
    for own in by_village.values():
        try:
            group = _group(ledger, own, by)
        except CellRefused as refused:
            line = refused.line or own[0]
            line.problems.append(line.row.problem(refused.key, _said(refused)))
            continue
        _once(group)
        _known(ledger, group)
        yield group


def _said(refused: Refused) -> str:
    return str(refused.args[1]) % refused.details if refused.details else str(refused.args[1])


def _group(ledger: Ledger, lines: list[Line], by: Viewer) -> Group:
    first = lines[0]
    needed(first, "village", "as_of")
    one, new = _collective(first, by)
    sheet = NewSheet(ledger.kind, first.day("as_of"), first.text("sent_by"), first.text("whole") == "whole")
    for line in lines:
        for key, held in (("as_of", first.on("as_of")), ("whole", first.text("whole"))):
            if (line.on(key) or line.text(key)) != held:
                raise CellRefused(key, Refused("sheets-differ", _("同一村集体同一张表应相同")), line)
    return Group(lines, one, new, sheet, [told(ledger, line) for line in lines])


def _collective(line: Line, by: Viewer) -> tuple[Collective | None, NewCollective | None]:
    """The one by its credit code, its name or its village; else what is to be registered. Raises CellRefused."""
    said, code = line.text("village"), plain_code(line.text("credit"))
    office = own_office(line, "office", by)
    held = Collective.objects.filter(owner_office=office, withdrawn_on__isnull=True).select_related("subject")
    one = (held.filter(credit_code=code).first() if code else None) or held.filter(name=said).first()
    if one is not None:
        return one, None
    village = _village(line, said, by)
    one = held.filter(subject=village).first()
    if one is not None:
        return one, None
    new = NewCollective(said, village, office, None, code)
    try:
        drafted(new)
    except Refused as refused:
        raise CellRefused("credit" if code else "village", refused, line) from refused
    return None, new


def _village(line: Line, said: str, by: Viewer) -> Organisation:
    """The unit of that name, or of the name without what makes it a collective's."""
    for name in dict.fromkeys((said, BODY.sub("", said))):
        try:
            village = find_organisation(by, name, on=line.day("as_of")) if name else None
        except Refused as refused:
            raise CellRefused("village", refused, line) from refused
        if village is not None:
            return village
    raise CellRefused("village", Refused("no-unit", _("没有叫“%(name)s”的单位"), name=said), line)


def _once(group: Group) -> None:
    """A code once a sheet."""
    seen: set[str] = set()
    for line, row in zip(group.lines, group.rows, strict=True):
        if row.code in seen:
            line.problems.append(line.row.problem("code", both(f"本表中重复：{row.code}")))
        seen.add(row.code)


def _known(ledger: Ledger, group: Group) -> None:
    """What a row refers to stands in the other ledger."""
    for key, kinds in ledger.refers:
        asked = {row.values[key] for row in group.rows if row.values[key]}
        known = _codes(group.collective, kinds) if asked else set()
        labels = "或".join(str(LedgerKind(kind).label) for kind in kinds)
        for line, row in zip(group.lines, group.rows, strict=True):
            code = row.values[key]
            if code and code not in known:
                said = Refused("no-code", _("%(ledger)s台账中没有编号“%(code)s”，请先导入"), ledger=labels, code=code)
                line.problems.append(line.row.problem(key, _said(said)))


def _codes(collective: Collective | None, kinds: tuple[LedgerKind, ...]) -> set[str]:
    if collective is None:
        return set()
    return {code for kind in kinds for code in open_rows(LEDGERS[kind], collective).values_list("code", flat=True)}


def _told_of(ledger: Ledger, group: Group, change: Change) -> Iterable[tuple[Line, Taken]]:
    """What came of each line; the first tells what the sheet no longer names."""
    gone = [row.code for row in change.gone]
    then = _then(ledger, group, change)
    for number, (line, row) in enumerate(zip(group.lines, group.rows, strict=True)):
        cells = [
            (key, _shown(ledger, key, vars(change.before[row.code])), _shown(ledger, key, row.values))
            for key in change.differing[row.code]
            if not key.endswith("_mark")
        ]
        act = change.acts[row.code]
        if row.code in then and act != "unchanged":
            cells.append(
                (
                    "balance_fen",
                    str(_("按上一笔应为%s")) % f"{then[row.code] / 100:.2f}",
                    _shown(ledger, "balance_fen", row.values),
                )
            )
        if number == 0 and gone:
            more = "…" if len(gone) > SHOWN else ""
            cells.append(("code", "、".join(gone[:SHOWN]) + more, str(_("不再列入"))))
            act = "update" if act == "unchanged" else act
        yield line, Taken(act, tuple(cells))


def _then(ledger: Ledger, group: Group, change: Change) -> dict[str, int]:
    """Of a journal: code → the balance that would follow from the line before, of lines that say another."""
    if ledger.kind != LedgerKind.JOURNAL:
        return {}
    gone = {row.code for row in change.gone}
    held: list[Any] = [row for code, row in change.before.items() if code not in change.acts and code not in gone]
    return expected([*held, *(Journal(code=row.code, **row.values) for row in group.rows)])


def _shown(ledger: Ledger, key: str, values: dict[str, Any]) -> str:
    """A value as a list shows it."""
    value = values[key]
    if value is None or key.endswith("_fen"):
        return "" if value is None else f"{value / 100:.2f}"
    if key in NAMES:
        return shown_name(value, values[NAMES[key]])
    if isinstance(value, bool):
        return "是" if value else "否"
    labels = dict(ledger.model._meta.get_field(key).flatchoices or ())  # type: ignore[union-attr]
    return str(labels.get(value, value))


REGISTERS = tuple(_register(ledger) for ledger in LEDGERS.values())
