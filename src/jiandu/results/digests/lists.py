"""两清单 of a month: 投诉举报问题清单 and 专项监督领域问题清单, items without who sent them or whom they are about.

They are read of the register when they are looked at, within the reader's scope; outside the office their counts alone go.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guard import Viewer
from jiandu.base.documents.blocks import Block, Column, Heading, Note, Paragraph, Table
from jiandu.base.lexicon.selectors import labels_of
from jiandu.results.digests.counting import Theme, standing
from jiandu.results.digests.periods import Kind, Period
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import SPECIAL
from jiandu.sources.petitions.states import Kind as Class

MOST = 500  # lines of a list on paper
COLUMNS = (
    Column("信访编号", 2.6),
    Column("收件日期", 1.5),
    Column("被反映单位", 1.7),
    Column("反映问题性质", 1.8),
    Column("领域", 1.5),
    Column("状态", 1.1),
)


@dataclass(frozen=True)
class ProblemList:
    """A list: its title, its items, and how the register is asked for all of them."""

    title: Any
    rows: QuerySet[Petition]
    asked: dict[str, str]


def problem_lists(viewer: Viewer, period: Period, theme: Theme | None = None) -> tuple[ProblemList, ...]:
    """Of a month both lists, by domain and day; of another period none."""
    if period.kind is not Kind.MONTH:
        return ()
    came = standing(viewer, theme).filter(received_on__range=(period.first, period.last)).select_related("subject")
    reports = came.filter(Q(kind=Class.ACCUSATION)).order_by("received_on", "pk")
    special = came.filter(SPECIAL).order_by("domain__order", "domain_id", "received_on", "pk")
    return (
        ProblemList(_("投诉举报问题清单"), reports, {"kind": Class.ACCUSATION.value}),
        ProblemList(_("专项监督领域问题清单"), special, {"column": "special", "value": "yes"}),
    )


def blocks(lists: tuple[ProblemList, ...]) -> list[Block]:
    """As they stand on the paper: a table each, at most MOST lines."""
    found: list[Block] = [Heading("问题清单")] if lists else []
    for one in lists:
        rows = list(one.rows[: MOST + 1])
        domains = labels_of({row.domain_id for row in rows if row.domain_id}, english=False)
        lines = tuple(_line(row, domains.get(row.domain_id or 0, "")) for row in rows[:MOST])
        if not lines:
            found.append(Paragraph(f"{one.title}：本月没有。"))
            continue
        found.append(Table(COLUMNS, lines, caption=str(one.title)))
        if len(rows) > MOST:
            found.append(Note(f"只列前{MOST}件，其余见登记簿。"))
    return found


def _line(row: Petition, domain: str) -> tuple[str, ...]:
    unit, nature = str(row.subject or ""), row.get_nature_display()
    day = f"{row.received_on.month}月{row.received_on.day}日"  # the year is the title's
    return (row.code, day, unit, str(nature), domain, str(row.get_state_display()))
