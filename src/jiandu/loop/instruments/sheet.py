"""建议书和函件登记表 in and out: a row a letter; drafted, corrected, brought as far as signature, number and delivery allow."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import CellRefused, Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer, allow
from jiandu.base.core.sheets import Column, OutValue
from jiandu.loop.findings.rules import Who
from jiandu.loop.findings.services.signing import Signature
from jiandu.loop.instruments.course import with_course
from jiandu.loop.instruments.models import STANDS, Delivery, Instrument, SignOff, Suggestion
from jiandu.loop.instruments.services import serving, signing
from jiandu.loop.instruments.services.drafting import NewInstrument, amend, draft, suggest
from jiandu.loop.instruments.states import Stage, stage_of
from jiandu.net.access.cells import needed, own_office, unit_of
from jiandu.net.overseers.models import Office
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import any_activity

NUMBER = re.compile(r"^(.{1,32}?)\s*[〔\[(（【]\s*(\d{4})\s*[〕\])）】]\s*(?:第\s*)?(\d{1,6})\s*号$")
TERM = re.compile(r"^(\d{1,3})\s*[日天]?$")
KINDS = {str(Instrument.Kind(kind).label): str(kind) for kind in Instrument.LETTERS}
#: Why a number or a delivery is left out, and what to do instead.
LATER = _("尚未签批确认；确认以后再导入同一份表，即行写入")
NOT_YOURS = _("您没有编文号的权限；请内勤等有此权限的人员在文书页编文号，或由其导入同一份表。本行请将文号留空")
LATER_NOT_YOURS = _(
    "尚未签批确认，且您没有编文号的权限；确认以后请内勤等有此权限的人员编文号，或由其导入同一份表。本行请将文号留空"
)
GIVEN_ONCE = _("文号编定以后不再更改；表中文号有误的请改正，系统中有误的请撤下该文书后重新制发")
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
    number, days = _number(line), _days(line)
    one = _known(line, office, number)
    if one is None:
        made = draft(new=_new(line, office, days, by), by=by)
        _sign(line, _read(made), by)
        return Taken("create", left=_further(line, _read(made), number, by)[1])
    fixed = _fixed(line, one, number, by)
    if fixed:
        return Taken("conflict", fixed, tuple((key, str(GIVEN_ONCE)) for key, *_said in fixed if key == "number"))
    cells, conflicts = _worded(line, one, days, by)
    if conflicts:
        return Taken("conflict", tuple(conflicts))
    cells += _sign(line, _read(one), by)
    further, left = _further(line, _read(one), number, by)
    if cells or further:
        return Taken("update", (*cells, *further), left)
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
        suggestions=_texts(line.text("suggestions")),
        **words,
    )


def _number(line: Line) -> tuple[str, int, int] | None:
    said = line.text("number")
    found = NUMBER.match(said)
    if said and found is None:
        raise CellRefused("number", Refused("number-form", _("应写作“厦纪建〔2022〕3号”")), line)
    return (found[1].strip(), int(found[2]), int(found[3])) if found else None


def _days(line: Line) -> int | None:
    said = line.text("reply_days")
    found = TERM.match(said)
    if said and (found is None or int(found[1]) < 1):
        raise CellRefused("reply_days", Refused("term-form", _("应为日数，如30")), line)
    return int(found[1]) if found else None


def _texts(text: str) -> list[str]:
    return [each.strip() for each in text.splitlines() if each.strip()]


def _plain(text: str) -> str:
    """Words as a cell holds them: what a browser sent ends its lines otherwise."""
    return "\n".join(text.splitlines()).strip()


def _activity(line: Line, by: Viewer) -> Activity | None:
    said = line.text("activity")
    if not said:
        return None
    found = any_activity(by, said)
    if found is None:
        with at("activity", line):
            raise Refused("no-activity", _("没有编号或名称为“%(name)s”的监督活动，或有几个"), name=said)
    return found


def _known(line: Line, office: Office, number: tuple[str, int, int] | None) -> Any:
    """The letter with this internal or official number; else that of the kind, day, matter and unit."""
    own = Instrument.objects.filter(owner_office=office, kind__in=Instrument.LETTERS).order_by("withdrawn_on", "-pk")
    if line.text("code"):
        return _first(own.filter(code=line.text("code")), line)
    if number is not None:
        word, year, serial = number
        found = own.filter(number_word=word, number_year=year, number_serial=serial).first()
        if found is not None:
            return _read(found)
    return _read(
        own.filter(
            kind=line.text("kind"),
            drafted_on=line.day("on"),
            title=line.text("title"),
            subject__name=line.text("unit"),
        ).first()
    )


def _first(rows: Any, line: Line) -> Any:
    """The letter of an internal number. Numbers are given here, so one that nobody has is a mistake."""
    found = rows.first()
    if found is None:
        raise CellRefused(
            "code", Refused("unknown-code", _("没有这个内部编号的文书；新的文书请留空，由系统编号")), line
        )
    return _read(found)


def _read(one: Instrument | None) -> Any:
    """As it is now, with its course."""
    if one is None:
        return None
    rows = with_course(Instrument.objects.filter(pk=one.pk))
    return rows.select_related("owner_office", "subject").first()


def _fixed(line: Line, one: Any, number: tuple[str, int, int] | None, by: Viewer) -> tuple[tuple[str, str, str], ...]:
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


Cells = list[tuple[str, str, str]]


def _worded(line: Line, one: Any, days: int | None, by: Viewer) -> tuple[Cells, Cells]:
    """What the sheet words otherwise: corrected in a draft, in conflict with one that somebody has been asked to sign."""
    words: dict[str, Any] = {
        name: line.text(name) for name in SAID if _plain(line.text(name)) not in {"", _plain(getattr(one, name))}
    }
    if days not in {None, one.reply_days}:
        words["reply_days"] = days
    cells = [(name, str(getattr(one, name) or ""), str(said)) for name, said in words.items()]
    held, asked = _held(one), _texts(line.text("suggestions"))
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
    return [each for row in rows for each in _texts(row.text)]


def _sign(line: Line, one: Any, by: Viewer) -> Cells:
    """The paper's signature, typed: it waits for a second person. Nothing where it has been typed or decided before."""
    day = line.on("signed")
    if day is None or stage_of(one) != Stage.DRAFT:
        return []
    needed(line, "signer")
    with at("signed", line):
        row = signing.submit(instrument=one, by=by, on=day)
        paper = Signature(is_granted=True, on=day, signer=Who(line.text("signer")[:64]))
        signing.sign_on_paper(sign_off=row, by=by, signature=paper)
    return [("signed", "", str(day))]


Left = tuple[tuple[str, str], ...]


def _further(line: Line, one: Any, number: tuple[str, int, int] | None, by: Viewer) -> tuple[Cells, Left]:
    """Number and delivery, once it is signed; what cannot be done yet, or not by the viewer, is left with its reason."""
    done: Cells = []
    left: list[tuple[str, str]] = []
    is_signed = stage_of(one) in serving.SERVED
    if number is not None and not one.number:
        may = allow(by, "number", one)
        if may and is_signed:
            word, year, serial = number
            with at("number", line):
                signing.give_number(instrument=one, by=by, word=word, year=year, serial=serial)
            done.append(("number", "", line.text("number")))
        else:
            left.append(("number", str(LATER if may else NOT_YOURS if is_signed else LATER_NOT_YOURS)))
    day = line.on("delivered")
    if day is not None and one.delivered_on is None and is_signed:
        with at("delivered", line):
            serving.deliver_to_unit(instrument=one, by=by, on=day, receiver=line.text("receiver"))
        done.append(("delivered", "", str(day)))
    elif day is not None and one.delivered_on is None:
        left.append(("delivered", str(LATER)))
    return done, tuple(left)


def rows_of(_viewer: Viewer, letters: Iterable[Any]) -> Iterator[tuple[OutValue, ...]]:
    """The letters, with their course, as rows of the sheet."""
    held = list(letters)
    texts: dict[int, list[str]] = {}
    for row in Suggestion.objects.filter(STANDS, instrument__in=held).order_by("pk"):
        texts.setdefault(row.instrument_id, []).extend(_texts(row.text))
    signers: dict[int, str] = {}
    granted = SignOff.objects.filter(instrument__in=held, status=SignOff.Status.GRANTED)
    for sign in granted.order_by("pk"):
        signers[sign.instrument_id] = sign.signer_name
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
    made = (one.owner_office.name, one.issuer, activity, one.source, *map(_plain, (one.facts, one.causes, one.advice)))
    asked = ("\n".join(texts), _plain(one.reply_ask), str(one.reply_days or ""), one.copies_to, one.retention)
    return (*head, *made, *asked, one.signed_on, signers.get(one.pk, ""), one.delivered_on, receivers.get(one.pk, ""))


LETTERS = Register(BOOK, Instrument, singly(take_letter), "title", "instrument", denied=_("您没有“起草文书”的权限"))
