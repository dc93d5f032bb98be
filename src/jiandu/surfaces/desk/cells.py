"""The cells of the ledger's grid: what each says, and what is typed or pasted into it as a value of its column."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from jiandu.base.books.reasons import both
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import parse_date, parse_money_fen
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services.cells import cell_text
from jiandu.loop.workbooks.reading import RECTIFICATIONS
from jiandu.net.access.persons import Who
from jiandu.surfaces.desk.people import person_named
from jiandu.surfaces.desk.wording import said

LONGEST = 4000
MALFORMED = _("没有看懂要更正的内容，请刷新页面")


@dataclass(frozen=True)
class Column:
    """A column that may be corrected. `kind`: text (of several lines), choice, date, num; else a line."""

    key: str
    label: Any
    kind: str = ""


COLUMNS = (
    Column("problem", _("问题表现"), "text"),
    Column("rectifier_name", _("责任人")),
    Column("due_on", _("整改时限"), "date"),
    Column("rectification", _("整改类型"), "choice"),
    Column("aspect", _("问题类别(方面)"), "choice"),
    Column("lead_leader", _("牵头领导")),
    Column("found_by", _("发现人")),
    Column("basis", _("依据条款")),
    Column("amount_fen", _("涉及金额(元)"), "num"),
    Column("people_count", _("涉及人数"), "num"),
    Column("facts", _("具体事实"), "text"),
)
KNOWN = {column.key for column in COLUMNS}


def shown(finding: Finding, name: str) -> str:
    """What stands in the cell for the reader; `cell_text` is what it says."""
    if name == "aspect":
        return said(finding.aspect)
    if name == "rectification":
        return str(finding.get_rectification_display())
    return cell_text(finding, name)


@dataclass
class Typed:
    """What one officer types into cells: each word means something in the year of its finding, each name in its unit."""

    viewer: Viewer
    aspects: dict[int, dict[str, Item]] = field(default_factory=dict)
    people: dict[tuple[int | None, str], Who] = field(default_factory=dict)

    def value(self, finding: Finding, name: str, text: str) -> Any:
        """The value for the column. Raises Refused for what is none."""
        read = self._readers.get(name, self._line)
        tidy = text.replace("\r\n", "\n").strip()
        most = getattr(Finding._meta.get_field(name), "max_length", None) or LONGEST
        if name not in self._readers and len(tidy) > most:
            raise Refused("too-long", _("最多%(most)d个字"), most=most)
        return read(finding, tidy)

    @cached_property
    def _readers(self) -> dict[str, Callable[[Finding, str], Any]]:
        return {
            "due_on": self._day,
            "rectification": self._type,
            "aspect": self._aspect,
            "rectifier_name": self._who,
            "amount_fen": self._money,
            "people_count": self._count,
        }

    def _line(self, finding: Finding, text: str) -> str:
        return text

    def _day(self, finding: Finding, text: str) -> date | None:
        try:
            return parse_date(text) if text else None
        except ValueError as error:
            raise Refused("not-a-date", both(str(error))) from error

    def _money(self, finding: Finding, text: str) -> int | None:
        try:
            return parse_money_fen(text[:64])
        except ValueError as error:
            raise Refused("not-an-amount", both(str(error))) from error

    def _count(self, finding: Finding, text: str) -> int | None:
        plain = text.replace(",", "")
        if plain and not (plain.isascii() and plain.isdecimal() and len(plain) < 9):
            raise Refused("not-a-count", _("“%(text)s”不是人数"), text=text[:20])
        return int(plain) if plain else None

    def _type(self, finding: Finding, text: str) -> str:
        known = {word: code for code, label in Finding.Rectification.choices for word in (code, str(label))}
        if text and text not in known | RECTIFICATIONS:
            raise Refused("not-a-type", _("没有“%(text)s”这种整改类型"), text=text[:20])
        return str((known | RECTIFICATIONS)[text]) if text else ""

    def _aspect(self, finding: Finding, text: str) -> Item | None:
        year = finding.registered_on.year
        known = self.aspects.setdefault(year, {})
        if not known:
            for item in items(self.viewer, "aspect", year):
                known |= dict.fromkeys((str(item.pk), item.label_zh, item.label_en or item.label_zh), item)
        if text and text not in known:
            raise Refused("not-an-aspect", _("%(year)d年度没有“%(text)s”这个方面"), year=year, text=text[:20])
        return known[text] if text else None

    def _who(self, finding: Finding, text: str) -> Who:
        """Fills of one name ask once for each unit."""
        key = finding.subject_id, text
        if len(text) > 64:
            raise Refused("too-long", _("最多%(most)d个字"), most=64)
        if key not in self.people:
            self.people[key] = person_named(self.viewer, text, unit=finding.subject) if text else Who("")
        return self.people[key]


@dataclass(frozen=True)
class Wish:
    """A cell that is to say something else, as the page sends it."""

    uid: UUID
    name: str
    seen: str
    text: str


def wishes(sent: str, most: int) -> list[Wish]:
    """What the page sent. Raises Refused for what no page of ours sends."""
    try:
        found = [Wish(UUID(uid), str(name), str(seen), str(text)) for uid, name, seen, text in json.loads(sent)]
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused("malformed", MALFORMED) from error
    if any(wish.name not in KNOWN for wish in found):
        raise Refused("malformed", MALFORMED)
    if len(found) > most:
        raise Refused("too-many-cells", _("一次最多更正%(most)d格"), most=most)
    return found
