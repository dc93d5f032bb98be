"""建议书和函件反馈表: what the unit answers, suggestion by suggestion, of letters whose answer is owed; comes in by its returned sheet.

Which suggestion a row is of, its row id says (`owed_id` of the workbook): the sheet is taken through the workbook alone.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column
from jiandu.loop.instruments.models import STANDS, Answer, Instrument, Reply, Suggestion
from jiandu.loop.instruments.services.answering import NewReply, answer, reply

KINDS = {str(kind.label): str(kind) for kind in Answer.Kind}
BOOK = Book(
    "letter-answers",
    _("建议书和函件反馈表"),
    (
        Column("of", ("文书标识",)),
        Column("number", ("文书编号",), required=True),
        Column("title", ("事由",)),
        Column("due", ("反馈期限",)),
        Column("suggestion", ("建议内容",)),
        Column("kind", ("采纳情况",)),
        Column("text", ("办理情况",), required=True),
        Column("on", ("填报日期",)),
        Column("people", ("填报人",)),
    ),
    ("",) * 9,
    {"kind": KINDS},
    days=frozenset({"on"}),
    past=frozenset({"on"}),
)


def take_answer(line: Line, by: Viewer) -> Taken:
    """The answer to a suggestion, or to a letter without any. What was verified is not answered anew."""
    uid = UUID(line.text("of"))
    suggestion = Suggestion.objects.filter(STANDS, uid=uid).first()
    if suggestion is not None:
        return _answered(line, suggestion, by)
    letter = Instrument.objects.filter(STANDS, uid=uid).first()
    if letter is None:
        raise CellRefused("number", Refused("not-there", _("该文书或建议已撤下，请删除此行")), line)
    text = line.text("text")
    if Reply.objects.filter(STANDS, instrument=letter, measures=text).exists():
        return Taken("unchanged")
    with at("text", line):
        reply(instrument=letter, by=by, new=NewReply(line.day("on"), text, unit_signer=line.text("people")))
    return Taken("create", (("text", "", text),))


def _answered(line: Line, suggestion: Suggestion, by: Viewer) -> Taken:
    kind, text = line.text("kind"), line.text("text")
    if not kind:
        raise CellRefused("kind", Refused("cell-needed", _("请选择采纳情况")), line)
    held = Answer.objects.filter(STANDS, suggestion=suggestion).first()
    cells = tuple(_differs(held, kind, text))
    if not cells:
        return Taken("unchanged")
    if held is not None and held.verified_on is not None:
        return Taken("conflict", cells)
    with at("kind", line):
        answer(suggestion=suggestion, by=by, kind=kind, on=line.day("on"), text=text)
    return Taken("update" if held else "create", cells)


def _differs(held: Any, kind: str, text: str) -> Iterator[tuple[str, str, str]]:
    was = (held.kind, held.text) if held else ("", "")
    if kind != was[0]:
        yield "kind", BOOK.word("kind", was[0]) if was[0] else "", BOOK.word("kind", kind)
    if text.split() != was[1].split():
        yield "text", was[1], text


ANSWERS = Register(
    BOOK, Instrument, singly(take_answer), "number", "instrument", verb="reply", denied=_("您没有“登记反馈”的权限")
)
