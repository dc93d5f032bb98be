"""问题抄报登记表 in and out: a row a sheet with its findings; drafted, corrected, signed, delivered, with what the leader wrote."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, cast

from django.utils.translation import gettext_lazy as _

from jiandu.base.books.lines import Book, Line
from jiandu.base.books.taking import Register, Taken, at, singly
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import Column, OutValue
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import find
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import finding_by_code
from jiandu.loop.instruments.by_sheet import (
    GIVEN_ONCE,
    Cells,
    Left,
    Number,
    as_it_is,
    further,
    number_of,
    of_code,
    plain,
    sign,
)
from jiandu.loop.instruments.models import STANDS, Delivery, Instrument, Matter, SignOff, Turn
from jiandu.loop.instruments.services import serving
from jiandu.loop.instruments.services.drafting import NewInstrument, amend, draft, list_finding
from jiandu.loop.instruments.states import Stage, stage_of
from jiandu.net.access.cells import needed, own_office
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.net.subjects.selectors import leaders_in_charge

SAID = ("title", "source", "facts", "advice", "retention")
ENDORSED = {str(verb.label): str(verb) for verb in Turn.ENDORSING}
NOT_DELIVERED = _("尚未送达分管领导；送达以后再导入同一份表，即行写入")
BOOK = Book(
    "copy-reports",
    _("问题抄报登记表"),
    (
        Column("code", ("内部编号", "编号")),
        Column("number", ("文号", "发文字号")),
        Column("title", ("事由", "标题")),
        Column("findings", ("问题编号", "所列问题"), required=True),
        Column("on", ("拟稿日期", "日期"), required=True),
        Column("office", ("承办室组", "承办部门", "监督检查室")),
        Column("issuer", ("发文机关",)),
        Column("source", ("问题来源",)),
        Column("nature", ("问题性质", "性质", "类别")),
        Column("facts", ("有关情况", "问题概述")),
        Column("advice", ("工作建议",)),
        Column("retention", ("保管期限",)),
        Column("signed", ("签批日期", "签发日期")),
        Column("signer", ("签批人", "签发人")),
        Column("delivered", ("送达日期",)),
        Column("leader", ("抄报对象", "分管领导")),
        Column("endorsed", ("领导批示", "批示或圈阅")),
        Column("endorsed_on", ("批示日期", "圈阅日期")),
        Column("endorsement", ("批示内容",)),
    ),
    ("", "", "校外培训监管有关问题", "WT2022-0001", "2022-03-11", "第一监督检查室", "", "日常监督", "", "", "请专题研究", "10年")
    + ("",) * 7,
    {"endorsed": ENDORSED},
    days=frozenset({"on", "signed", "delivered", "endorsed_on"}),
    past=frozenset({"on", "signed", "delivered", "endorsed_on"}),
    notes=(
        _("一行一份抄报单；列入几个问题的，问题编号用顿号或换行分开，被抄报单位为问题的责任单位"),
        _("签批日期和签批人按纸质签批录入，由另一人确认后才算签批；文号、送达和批示在确认以后再导入同一份表时补录"),
        _("抄报对象以送达当日的分管关系为准，只有一位分管领导时可不填；对领导只登记批示或圈阅"),
    ),
)  # fmt: skip


def take_sheet(line: Line, by: Viewer) -> Taken:
    """A copy-report: drafted, or the known one corrected; then as far as paper, delivery and the leader's words let it go."""
    office, number, found = own_office(line, "office", by), number_of(line), _findings(line, by)
    one = _known(line, office, number, found)
    if one is None:
        made = as_it_is(draft(new=_new(line, office, found, by), by=by))
        sign(line, made, by)
        return Taken("create", left=_on(line, as_it_is(made), number, by)[1])
    fixed = _fixed(line, one, number, found)
    if fixed:
        return Taken("conflict", fixed, tuple((key, str(GIVEN_ONCE)) for key, *_said in fixed if key == "number"))
    cells, conflicts = _worded(line, one, found, by)
    if conflicts:
        return Taken("conflict", tuple(conflicts))
    cells += sign(line, as_it_is(one), by)
    more, left = _on(line, as_it_is(one), number, by)
    if cells or more:
        return Taken("update", (*cells, *more), left)
    return Taken("conflict", left=left) if left else Taken("unchanged")


def _findings(line: Line, by: Viewer) -> list[Finding]:
    """Those of the numbers in the cell. Raises CellRefused: no-finding, other-unit."""
    codes = [code for code in line.text("findings").replace("、", "\n").replace("；", "\n").split() if code]
    found = []
    with at("findings", line):
        for code in codes:
            finding = finding_by_code(by, code)
            if finding is None or finding.subject is None:
                raise Refused("no-finding", _("没有编号为“%(code)s”、有责任单位的问题"), code=code)
            found.append(finding)
    return found


def _new(line: Line, office: Office, found: list[Finding], by: Viewer) -> NewInstrument:
    first = found[0]
    words: dict[str, Any] = {name: line.text(name) for name in SAID if name != "title"}
    return NewInstrument(
        kind=Instrument.Kind.COPY_REPORT,
        title=line.text("title") or first.problem[:200],
        office=office,
        subject=cast("Organisation", first.subject),
        drafted_on=line.day("on"),
        issuer=line.text("issuer"),
        activity=first.activity,
        nature=_nature(line, by),
        findings=found,
        **words,
    )


def _nature(line: Line, by: Viewer) -> Item | None:
    said = line.text("nature")
    if not said:
        return None
    with at("nature", line):
        item = find(by, "nature", line.day("on").year, said, on=line.day("on"))
        if item is None:
            raise Refused("no-item", _("字典中没有“%(name)s”"), name=said)
        return item


def _known(line: Line, office: Office, number: Number, found: list[Finding]) -> Any:
    """The sheet with this internal or official number; else that of the day about the first finding."""
    kind = Instrument.Kind.COPY_REPORT
    own = Instrument.objects.filter(owner_office=office, kind=kind).order_by("withdrawn_on", "-pk")
    if line.text("code"):
        return of_code(own.filter(code=line.text("code")), line)
    if number is not None:
        word, year, serial = number
        numbered = own.filter(number_word=word, number_year=year, number_serial=serial).first()
        if numbered is not None:
            return as_it_is(numbered)
    listed = Matter.objects.filter(STANDS, finding=found[0]).values_list("instrument_id", flat=True)
    return as_it_is(own.filter(drafted_on=line.day("on"), pk__in=list(listed)).first())


def _fixed(line: Line, one: Any, number: Number, found: list[Finding]) -> tuple[tuple[str, str, str], ...]:
    """What differs of that which a sheet never changes, and of what has happened already."""
    if one.withdrawn_on is not None:
        return (("code", str(_("已撤下")), one.code),)
    said = "{}〔{}〕{}号".format(*number) if number else ""
    strange = "、".join(row.code for row in found if not row.subject_path.startswith(one.subject_path))
    pairs = [
        ("findings", str(one.subject), strange),
        ("on", str(one.drafted_on), str(line.on("on"))),
        ("issuer", one.issuer, line.text("issuer")),
        ("number", one.number, said if one.number else ""),
        ("signed", str(one.signed_on or ""), str(line.on("signed") or "") if one.signed_on else ""),
        ("delivered", str(one.delivered_on or ""), str(line.on("delivered") or "") if one.delivered_on else ""),
    ]
    return tuple((key, old, new) for key, old, new in pairs if new not in {"", old})


def _worded(line: Line, one: Any, found: list[Finding], by: Viewer) -> tuple[Cells, Cells]:
    """What the sheet words otherwise, findings it lists beside: corrected in a draft, else in conflict."""
    words: dict[str, Any] = {
        name: line.text(name) for name in SAID if plain(line.text(name)) not in {"", plain(getattr(one, name))}
    }
    cells = [(name, str(getattr(one, name)), str(said)) for name, said in words.items()]
    nature = _nature(line, by)
    if nature is not None and nature.pk != one.nature_id:
        cells.append(("nature", str(one.nature or ""), str(nature)))
        words["nature"] = nature
    held = _held(one)
    fresh = [row for row in found if row.code not in held]
    gone = [code for code in held if code not in {row.code for row in found}]
    if fresh or gone:
        cells.append(("findings", "、".join(held), "、".join(row.code for row in found)))
    if cells and (gone or stage_of(one) != Stage.DRAFT):
        return [], cells
    if words:
        amend(instrument=one, by=by, **words)
    for row in fresh:
        list_finding(instrument=one, by=by, finding=row)
    return cells, []


def _held(one: Any) -> list[str]:
    """The numbers of the findings listed, as far as they are in scope."""
    rows = Matter.objects.filter(STANDS, instrument=one).prefetch_related("finding").order_by("pk")
    return [row.finding.code for row in rows if row.finding is not None]


def _on(line: Line, one: Any, number: Number, by: Viewer) -> tuple[Cells, Left]:
    """Number, delivery and the leader's words, as far as they can be entered."""
    done, left = further(line, one, number, by, _deliver)
    more, waits = _endorse(line, as_it_is(one), by)
    return [*done, *more], (*left, *waits)


def _deliver(line: Line, one: Any, by: Viewer, day: date) -> None:
    """To whoever is named, all in charge on that day; else to the only one."""
    people = leaders_in_charge(by, one.subject, day)
    known: dict[str, Person] = {person.name: person for person in people}
    names = line.text("leader").replace("、", " ").split()
    with at("leader", line):
        if strange := [name for name in names if name not in known]:
            raise Refused("not-in-charge", _("%(on)s分管%(unit)s的领导中没有%(names)s"), on=day.isoformat(), unit=str(one.subject), names="、".join(strange))  # fmt: skip
        for leader in (known[name] for name in names) if names else (None,):
            serving.deliver_to_leader(instrument=one, by=by, on=day, leader=leader)


def _endorse(line: Line, one: Any, by: Viewer) -> tuple[Cells, Left]:
    """批示 or 圈阅, once; of several leaders the page asks who it was."""
    verb = line.text("endorsed")
    if not verb:
        return [], ()
    needed(line, "endorsed_on")
    day, note = line.day("endorsed_on"), line.text("endorsement")
    held = Turn.objects.filter(STANDS, instrument=one, verb=verb, on=day)
    if any(plain(row.note) == plain(note) or not note for row in held):
        return [], ()
    rows = list(Delivery.objects.filter(STANDS, instrument=one, to=Delivery.To.LEADER).order_by("pk"))
    if not rows:
        return [], (("endorsed", str(NOT_DELIVERED)),)
    with at("endorsed", line):
        if len(rows) > 1:
            raise Refused("several-leaders", _("送达了几位领导，请在抄报单页面登记是哪一位批示"))
        serving.endorse(delivery=rows[0], by=by, verb=verb, on=day, note=note)
    return [("endorsed", "", BOOK.word("endorsed", verb))], ()


def rows_of(_viewer: Viewer, sheets: Iterable[Any]) -> Iterator[tuple[OutValue, ...]]:
    """The copy-reports, with their course, as rows of the sheet; of findings and leaders what the viewer sees."""
    held = list(sheets)
    codes: dict[int, list[str]] = {}
    for row in Matter.objects.filter(STANDS, instrument__in=held).prefetch_related("finding").order_by("pk"):
        codes.setdefault(row.instrument_id, []).extend([row.finding.code] if row.finding else [])
    granted = SignOff.objects.filter(instrument__in=held, status=SignOff.Status.GRANTED).order_by("pk")
    signers = {row.instrument_id: row.signer_name for row in granted}
    leaders: dict[int, list[str]] = {}
    served = (
        Delivery.objects.filter(STANDS, instrument__in=held, to=Delivery.To.LEADER)
        .select_related("person")
        .order_by("pk")
    )
    for row in served:
        leaders.setdefault(row.instrument_id, []).append(str(row.person))
    turns = Turn.objects.filter(STANDS, delivery__in=list(served), verb__in=Turn.ENDORSING).order_by("on", "pk")
    said = {row.instrument_id: (BOOK.word("endorsed", row.verb), row.on, plain(row.note)) for row in turns}
    natures = Item.objects.in_bulk({one.nature_id for one in held if one.nature_id})
    for one in held:
        nature = natures[one.nature_id].label_zh if one.nature_id else ""
        head = (
            one.code,
            one.number,
            one.title,
            "、".join(codes.get(one.pk, [])),
            one.drafted_on,
            one.owner_office.name,
        )
        made = (one.issuer, one.source, nature, plain(one.facts), plain(one.advice), one.retention)
        sent = (one.signed_on, signers.get(one.pk, ""), one.delivered_on, "、".join(leaders.get(one.pk, [])))
        yield (*head, *made, *sent, *said.get(one.pk, ("", None, "")))


COPY_REPORTS = Register(BOOK, Instrument, singly(take_sheet), "title", "instrument", denied=_("您没有“起草文书”的权限"))
