"""What a unit owes beside its problems, by register: letters to be answered, months of a topic, an estate's statement.

Each kind is a worksheet of the unit's workbook: what we know in grey, what it answers in open cells. It comes back through
the register's own `take`. A row's hidden id is ours and says which record it is of: grey cells are only compared.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.taking import Register
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets.cells import shown
from jiandu.base.core.sheets.plan import OutColumn, OutValue
from jiandu.base.core.words import as_recorded
from jiandu.loop.findings.selectors.ledger import Filters
from jiandu.loop.instruments import selectors as instruments
from jiandu.loop.instruments.answer_sheet import ANSWERS, KINDS
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.workbooks.row_ids import OwedId
from jiandu.net.access.models import Level
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.sources.activities.models import Activity
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers import selectors as ledgers
from jiandu.sources.ledgers.models import Estate
from jiandu.sources.ledgers.statement_sheet import STATEMENTS
from jiandu.sources.topics import selectors as topics
from jiandu.sources.topics.month_sheet import MONTHS


@dataclass(frozen=True)
class Due:
    """A row that a unit owes: of which record (its uid), what we know of it in the order of the grey columns, and until when."""

    unit: Organisation
    office: Office
    uid: UUID
    known: tuple[OutValue, ...]
    due_on: date | None = None
    of: UUID | None = None  # the part of the record that it is of

    @property
    def is_late(self) -> bool:
        return self.due_on is not None and self.due_on < today()


@dataclass(frozen=True)
class Owed:
    """A kind: its worksheet (`grey` and `asked` columns) and the register that it comes back into. `model`: of its records."""

    key: str
    label: Any
    register: Register
    model: Any
    grey: tuple[OutColumn, ...]
    asked: tuple[OutColumn, ...]
    rows: Callable[[Viewer, Filters], Iterator[Due]]
    notes: tuple[str, ...]

    @property
    def columns(self) -> tuple[OutColumn, ...]:
        return (*self.grey, *self.asked, OutColumn.row_id())

    @property
    def answers(self) -> frozenset[str]:
        """The keys of the columns that the unit fills in."""
        titles = {column.title for column in self.asked}
        return frozenset(column.key for column in self.register.book.columns if titles & set(column.titles))

    @property
    def known(self) -> tuple[str, ...]:
        """The keys of the grey columns, in their order."""
        keys = {title: column.key for column in self.register.book.columns for title in column.titles}
        return tuple(keys.get(column.title, column.title) for column in self.grey)

    def values(self, due: Due) -> tuple[OutValue, ...]:
        """A row: what is known, open cells, the id."""
        said = OwedId(self.key, due.of or due.uid, told(map(shown_as, due.known)))
        return (*due.known, *([""] * len(self.asked)), str(said))


def told(texts: Iterable[str]) -> str:
    """What grey cells say, to be compared."""
    return "|".join(text.strip() for text in texts)


def shown_as(value: OutValue) -> str:
    """As the reader gives it back."""
    return shown(value) if value is not None else ""


def _letters(viewer: Viewer, filters: Filters) -> Iterator[Due]:
    for one, suggestions in instruments.owed(viewer):
        if filters.activity not in {None, one.activity_id}:
            continue
        head = (one.number or one.code, one.title, one.reply_due_on)
        rows: list[Any] = [*suggestions] or [None]
        for asked in rows:
            known = (*head, asked.text if asked else "")
            yield Due(one.subject, one.owner_office, one.uid, known, one.reply_due_on, asked.uid if asked else None)


def _months(viewer: Viewer, filters: Filters) -> Iterator[Due]:
    for row in topics.months_owed(viewer, today()):
        if filters.activity in {None, row.activity.pk}:
            known = (row.activity.code, row.activity.name, f"{row.month:%Y-%m}")
            yield Due(row.department, row.activity.owner_office, row.activity.uid, known)


def _statements(viewer: Viewer, filters: Filters) -> Iterator[Due]:
    period = duty.latest_due(today())
    for row in ledgers.unstated(viewer, today()) if filters.activity is None else []:
        known = (row.code, row.name, period, row.owner_office.name)
        if row.subject is not None:
            yield Due(row.subject, row.owner_office, row.uid, known, duty.due_on(period))


LETTER = Owed(
    "letter", _("建议书和函件"), ANSWERS, Instrument,
    (OutColumn("文书编号", width=20), OutColumn("事由", width=28), OutColumn("反馈期限", "date", 11), OutColumn("建议内容", width=40)),
    (OutColumn("采纳情况", width=14, is_asked=True, choices=tuple(KINDS)), OutColumn("办理情况", width=50, is_asked=True)),
    _letters,
    ("“建议书和函件”表：逐条从列表中选择采纳情况，写明办理情况；部分采纳或未采纳的写明理由。没有列明建议的文书只写办理情况。",),
)  # fmt: skip
MONTH = Owed(
    "month", _("点题整治月报"), MONTHS, Activity,
    (OutColumn("立题编号", width=16), OutColumn("点题事项", width=30), OutColumn("月份", width=10)),
    (
        OutColumn("进展", width=50, is_asked=True),
        *(OutColumn(title, "number", 10, is_asked=True, most=9_999_999) for title in ("群众留言受理", "群众留言办结", "部门自查受理", "部门自查办结")),
    ),
    _months,
    ("“点题整治月报”表：一个月一行，写明进展；件数受理和办结都填，没有的填0。",),
)  # fmt: skip
STATEMENT = Owed(
    "statement", _("小区公共收益收支表"), STATEMENTS, Estate,
    (OutColumn("小区编号", width=14), OutColumn("小区名称", width=24), OutColumn("公示周期末日", "date", 13), OutColumn("承办室组", width=18)),
    (
        *(OutColumn(title, "money", 14, is_asked=True) for title in ("期初余额(元)", "本期收入(元)", "本期支出(元)", "期末余额(元)")),
        OutColumn("账户", width=24, is_asked=True),
    ),
    _statements,
    ("“小区公共收益收支表”表：四个金额都填，期初余额 + 本期收入 - 本期支出 = 期末余额；没有收支的填0。",),
)  # fmt: skip
KINDS_OWED = (LETTER, MONTH, STATEMENT)
OF_KEY = {one.key: one for one in KINDS_OWED}

#: Unit → kind → its rows.
ByUnit = dict[Organisation, dict[str, list[Due]]]


def owed_by_unit(viewer: Viewer, filters: Filters) -> ByUnit:
    """What units owe of every kind, as far as in scope; of one office where that is asked."""
    found: ByUnit = {}
    for kind in KINDS_OWED:
        rows = (row for row in kind.rows(viewer, filters) if filters.office in {None, row.office.pk})
        for unit, own in groupby(rows, key=lambda row: row.unit):
            found.setdefault(unit, {}).setdefault(kind.key, []).extend(own)
    return found


def title_of(kind: Owed) -> str:
    """The worksheet's name."""
    return as_recorded(kind.label)


def all_in_scope(viewer: Viewer, others: Iterable[list[str]]) -> bool:
    """Whether every record of a file is still within the viewer's scope, of no level above 1: asked again when it is fetched."""
    uids: dict[str, set[str]] = {}
    for key, uid in others:
        uids.setdefault(key, set()).add(uid)
    return all(_seen(viewer, OF_KEY[key].model, sorted(own)) for key, own in uids.items())


def _seen(viewer: Viewer, model: Any, uids: list[str]) -> bool:
    guard.check_is_actor(viewer)
    parts = (uids[start : start + 500] for start in range(0, len(uids), 500))
    return all(model.objects.filter(uid__in=part, level__lte=Level.INTERNAL).count() == len(part) for part in parts)
