"""建议书和函件登记表 in and out: a row a letter; drafted, corrected, brought as far as signature, number and delivery allow."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.loop.instruments.by_sheet import (
    GIVEN_ONCE,
    Cells,
    Number,
    as_it_is,
    further,
    number_of,
    of_code,
    plain,
    sign,
    texts_of,
)
from jiandu.loop.instruments.models import STANDS, Delivery, Instrument, SignOff, Suggestion
from jiandu.loop.instruments.services import serving
from jiandu.loop.instruments.services.drafting import NewInstrument, amend, draft, suggest
from jiandu.loop.instruments.states import Stage, stage_of
from jiandu.net.access.cells import own_office, unit_of
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import any_activity

TERM = re.compile(r"^(\d{1,3})\s*[日天]?$")
KINDS = {str(Instrument.Kind(kind).label): str(kind) for kind in Instrument.LETTERS}
SAID = ("title", "source", "facts", "causes", "advice", "reply_ask", "copies_to", "retention")
BOOK = Book(
    "letters",
    _("建议书和函件登记表"),
    (
        Column("code", ("内部编号", "编号")),
        Column("number", ("文号", "发文字号")),
        Column("kind", ("文种", "文书种类", "类型"), required=True),
        Column("title", ("事由", "标题", "文书名称"), required=True),
        Column("unit", ("主送单位", "被建议单位", "单位", "单位名称"), required=True),
        Column("on", ("拟稿日期", "日期"), required=True),
        Column("office", ("承办室组", "承办部门", "监督检查室")),
        Column("issuer", ("发文机关",)),
        Column("activity", ("监督活动", "监督项目")),
        Column("source", ("问题来源",)),
        Column("facts", ("监督调查情况",)),
        Column("causes", ("主要问题及其产生的原因", "问题及原因")),
        Column("advice", ("工作建议",)),
        Column("suggestions", ("整改建议", "监察建议", "建议内容")),
        Column("reply_ask", ("反馈要求",)),
        Column("reply_days", ("反馈期限(日)", "反馈期限")),
        Column("copies_to", ("抄送机关", "抄送")),
        Column("retention", ("保管期限",)),
        Column("signed", ("签批日期", "签发日期")),
        Column("signer", ("签批人", "签发人")),
        Column("delivered", ("送达日期",)),
        Column("receiver", ("签收人",)),
    ),
    ("", "", "提醒函", "采购管理有关问题", "市教育局", "2022-03-11", "第一监督检查室", "", "", "", "采购未公开", "")
    + ("", "健全采购制度\n公开采购结果", "", "30") + ("",) * 6,
    {"kind": KINDS},
    days=frozenset({"on", "signed", "delivered"}),
    past=frozenset({"on", "signed", "delivered"}),
    notes=(
        _("整改建议每条一行"),
        _("签批日期和签批人按纸质签批录入，由另一人确认后才算签批；文号和送达在确认以后再导入同一份表时补录"),
        _("文号由内勤等有编文号权限的人员编；其他人员请留空，填写的不写入"),
    ),
)  # fmt: skip


def take_letter(line: Line, by: Viewer) -> Taken:
    """A letter: drafted, or the known one corrected; then as far as paper, number and delivery let it go."""
    office = own_office(line, "office", by)
    number, days = number_of(line), _days(line)
    one = _known(line, office, number)
    if one is None:
        made = draft(new=_new(line, office, days, by), by=by)
        sign(line, as_it_is(made), by)
        return Taken("create", left=further(line, as_it_is(made), number, by, _deliver)[1])
    fixed = _fixed(line, one, number, by)
    if fixed:
        return Taken("conflict", fixed, tuple((key, str(GIVEN_ONCE)) for key, *_said in fixed if key == "number"))
    cells, conflicts = _worded(line, one, days, by)
    if conflicts:
        return Taken("conflict", tuple(conflicts))
    cells += sign(line, as_it_is(one), by)
    more, left = further(line, as_it_is(one), number, by, _deliver)
    if cells or more:
        return Taken("update", (*cells, *more), left)
    return Taken("conflict", left=left) if left else Taken("unchanged")


def _new(line: Line, office: Office, days: int | None, by: Viewer) -> NewInstrument:
    words: dict[str, Any] = {name: line.text(name) for name in SAID}
    return NewInstrument(
        kind=line.text("kind"),
        office=office,
        subject=unit_of(line, "unit", by, on=line.day("on")),
        drafted_on=line.day("on"),
        issuer=line.text("issuer"),
        activity=_activity(line, by),
        reply_days=days,
        suggestions=texts_of(line.text("suggestions")),
        **words,
    )


def _days(line: Line) -> int | None:
    said = line.text("reply_days")
    found = TERM.match(said)
    if said and (found is None or int(found[1]) < 1):
        raise CellRefused("reply_days", Refused("term-form", _("应为日数，如30")), line)
    return int(found[1]) if found else None


def _activity(line: Line, by: Viewer) -> Activity | None:
    said = line.text("activity")
    if not said:
        return None
    found = any_activity(by, said)
    if found is None:
        with at("activity", line):
            raise Refused("no-activity", _("没有编号或名称为“%(name)s”的监督活动，或有几个"), name=said)
    return found


def _known(line: Line, office: Office, number: Number) -> Any:
    """The letter with this internal or official number; else that of the kind, day, matter and unit."""
    own = Instrument.objects.filter(owner_office=office, kind__in=Instrument.LETTERS).order_by("withdrawn_on", "-pk")
    if line.text("code"):
        return of_code(own.filter(code=line.text("code")), line)
    if number is not None:
        word, year, serial = number
        found = own.filter(number_word=word, number_year=year, number_serial=serial).first()
        if found is not None:
            return as_it_is(found)
    return as_it_is(
        own.filter(
            kind=line.text("kind"),
            drafted_on=line.day("on"),
            title=line.text("title"),
            subject__name=line.text("unit"),
        ).first()
    )


def _fixed(line: Line, one: Any, number: Number, by: Viewer) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which a letter never changes, and of what has happened already."""
    if one.withdrawn_on is not None:
        return (("code", str(_("已撤下")), one.code),)
    activity, unit = _activity(line, by), unit_of(line, "unit", by, on=line.day("on"))
    held = Activity.objects.filter(pk=one.activity_id or 0).first()
    said = "{}〔{}〕{}号".format(*number) if number else ""
    pairs = [
        ("kind", one.get_kind_display(), BOOK.word("kind", line.text("kind"))),
        ("unit", one.subject.name, unit.name),
        ("on", str(one.drafted_on), str(line.on("on"))),
        ("issuer", one.issuer, line.text("issuer") or one.issuer),
        ("activity", held.code if held else "", activity.code if activity else ""),
        ("number", one.number, said if one.number else ""),
        ("signed", str(one.signed_on or ""), str(line.on("signed") or "") if one.signed_on else ""),
        ("delivered", str(one.delivered_on or ""), str(line.on("delivered") or "") if one.delivered_on else ""),
    ]
    return tuple((key, old, new) for key, old, new in pairs if new not in {"", old})


def _worded(line: Line, one: Any, days: int | None, by: Viewer) -> tuple[Cells, Cells]:
    """What the sheet words otherwise: corrected in a draft, in conflict with one that somebody has been asked to sign."""
    words: dict[str, Any] = {
        name: line.text(name) for name in SAID if plain(line.text(name)) not in {"", plain(getattr(one, name))}
    }
    if days not in {None, one.reply_days}:
        words["reply_days"] = days
    cells = [(name, str(getattr(one, name) or ""), str(said)) for name, said in words.items()]
    held, asked = _held(one), texts_of(line.text("suggestions"))
    new = [text for text in asked if text not in held]
    if asked and asked != held:
        cells.append(("suggestions", "\n".join(held), "\n".join(asked)))
    if cells and (stage_of(one) != Stage.DRAFT or (asked and asked != [*held, *new])):
        return [], cells
    if words:
        amend(instrument=one, by=by, **words)
    for text in new:
        suggest(instrument=one, by=by, text=text)
    return cells, []


def _held(one: Any) -> list[str]:
    rows = Suggestion.objects.filter(STANDS, instrument=one).order_by("pk")
    return [each for row in rows for each in texts_of(row.text)]


def _deliver(line: Line, one: Any, by: Viewer, day: date) -> None:
    serving.deliver_to_unit(instrument=one, by=by, on=day, receiver=line.text("receiver"))


def rows_of(_viewer: Viewer, letters: Iterable[Any]) -> Iterator[tuple[OutValue, ...]]:
    """The letters, with their course, as rows of the sheet."""
    held = list(letters)
    texts: dict[int, list[str]] = {}
    for asked in Suggestion.objects.filter(STANDS, instrument__in=held).order_by("pk"):
        texts.setdefault(asked.instrument_id, []).extend(texts_of(asked.text))
    signers: dict[int, str] = {}
    granted = SignOff.objects.filter(instrument__in=held, status=SignOff.Status.GRANTED)
    for row in granted.order_by("pk"):
        signers[row.instrument_id] = row.signer_name
    receivers = _receivers(held)
    activities = Activity.objects.filter(pk__in={one.activity_id for one in held if one.activity_id})
    codes: dict[int, str] = {row.pk: row.code for row in activities}
    for one in held:
        yield _row(one, codes.get(one.activity_id or 0, ""), texts.get(one.pk, []), signers, receivers)


def _receivers(held: list[Any]) -> dict[int, str]:
    rows = Delivery.objects.filter(STANDS, instrument__in=held, to=Delivery.To.UNIT)
    return {row.instrument_id: row.receiver for row in rows}


def _row(one: Any, activity: str, texts: list[str], signers: dict[int, str], receivers: dict[int, str]) -> Any:
    head = (one.code, one.number, BOOK.word("kind", one.kind), one.title, one.subject.name, one.drafted_on)
    made = (one.owner_office.name, one.issuer, activity, one.source, *map(plain, (one.facts, one.causes, one.advice)))
    asked = ("\n".join(texts), plain(one.reply_ask), str(one.reply_days or ""), one.copies_to, one.retention)
    return (*head, *made, *asked, one.signed_on, signers.get(one.pk, ""), one.delivered_on, receivers.get(one.pk, ""))


LETTERS = Register(BOOK, Instrument, singly(take_letter), "title", "instrument", denied=_("您没有“起草文书”的权限"))
