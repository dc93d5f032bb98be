"""Papers of a petition as Word: 拟办单, 转办函, 交办函, 接访登记表, 实名受理告知记录, 送阅登记.

No paper says who reported: where the form has a place for the name, it is left to be written by hand. What was reported
stands on a paper only where the session's keys opened it; else its place is blank.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from django.utils.translation import override

from jiandu.base.core.clock import today
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Block, Column, Document, Field, Form, Note, Paragraph, Signature, Table, Title
from jiandu.base.documents.signature import day_in_words
from jiandu.base.documents.word import to_docx
from jiandu.base.lexicon import terms
from jiandu.base.lexicon.statutes import cite
from jiandu.sources.petitions.models import HandOff, Petition
from jiandu.sources.petitions.natures import detail_called
from jiandu.sources.petitions.states import Nature, Verb, Way
from jiandu.sources.petitions.terms import Clock
from jiandu.sources.petitions.vault import Content, Read

TALL, HIGH, LOW = 60.0, 30.0, 16.0  # millimetres
WORDS, OPINION = 44, 26  # of the proposal: it stays on one page also where rows above have two lines
ROOM, SOME = 46.0, 24.0  # where more is to be written by hand: a form is one sheet
READERS = 12


@dataclass(frozen=True)
class Printed:
    """What a paper is written of: the item, what it says where a key is open, its clocks, the hand-off that goes."""

    petition: Petition
    content: Content | None
    clocks: list[Clock]
    done: dict[str, date]  # verb → the day on which it was last done
    hand_off: HandOff | None = None
    extract: str = ""
    notes: Mapping[str, str] = field(default_factory=dict)  # verb → what was said when it was last done
    readings: tuple[Read, ...] = ()


def proposal(said: Printed) -> Document:
    """拟办（阅批）单: what came, the office's proposal, the leaders' words."""
    one = said.petition
    form = Form(
        (
            (Field("信访编号", one.code), Field("收件日期", day_in_words(one.received_on))),
            (Field("信访方式", _word(one.get_way_display())), Field("信访类别", _kind(one))),
            (Field("署名情况", _named(one)), Field("人　　数", str(one.people))),
            (Field("被反映人", _person(said)), Field("职级管辖", _rank(one))),
            (Field("问题性质", _natures(one)), Field("管理权限", _managed(one))),
            (Field("反映问题", said.content.summary if said.content else "", WORDS),),
            (Field("拟办意见", said.notes.get(Verb.PROPOSE, ""), OPINION),),
            (Field("领导批示", said.notes.get(Verb.APPROVE, ""), WORDS),),
            (Field("拟 办 人", ""), Field("拟办日期", day_in_words(said.done.get(Verb.PROPOSE)))),
        )
    )
    return _document("信访举报拟办（阅批）单", one, [Title("信访举报拟办（阅批）单"), form, Note(_terms(said.clocks))])


def transfer(said: Printed) -> Document:
    """转办函 to the office or organ that the second officer has confirmed."""
    return _letter(said, "转办函", "现将反映问题转你单位，请按照有关规定办理。", "")


def assignment(said: Printed) -> Document:
    """交办函: as 转办函, with the term of an assigned report and by whom it may be extended."""
    start = said.done.get(Verb.ROUTE, today())
    due_on = terms.due_on("assigned-report", start=start)
    asked = f"现将反映问题交你单位办理，请于{day_in_words(due_on)}前办结并报告结果。"
    more = "需要延期的，首次由你机关主要负责人批准并向我机关报告；再次延期须经我机关批准。"
    return _letter(said, "交办函", asked, more)


def visit(said: Printed) -> Document:
    """接访登记表: the visitor's own data are written by hand and go to the custodian in an envelope."""
    one = said.petition
    form = Form(
        (
            (Field("信访编号", one.code), Field("来访日期", day_in_words(one.received_on))),
            (Field("来访人数", str(one.people)), Field("代表人数", "（不超过5人）")),
            (Field("来 访 人\n基本情况", "", SOME),),
            (Field("反映问题", said.content.summary if said.content else "", ROOM),),
            (Field("接谈情况", "", ROOM),),
            (Field("处理意见", "", SOME),),
            (Field("来访人签字", "", LOW), Field("接访人签字", "", LOW)),
        )
    )
    note = "来访人基本情况由接访人手写，原件密封交举报人信息保管员，本系统不打印举报人信息。"
    return _document("接访登记表", one, [Title("接访登记表"), form, Note(note)])


def told(said: Printed) -> Document:
    """检举举报受理告知记录单: the telephone call or talk by which a verified reporter is told of acceptance."""
    one = said.petition
    clock = next((each for each in said.clocks if each.key == "acceptance-told"), None)
    form = Form(
        (
            (Field("信访编号", one.code), Field("收件日期", day_in_words(one.received_on))),
            (
                Field("告知时限", day_in_words(clock.due_on if clock else None)),
                Field("告知日期", day_in_words(said.done.get(Verb.TELL_ACCEPTED))),
            ),
            (Field("核实身份", "□ 本人举报　□ 非本人举报（冒名）　□ 号码打不通　□ 拒绝说明"),),
            (Field("核实情况", "", HIGH),),
            (Field("告知方式", "□ 电话　□ 当面　□ 书面"),),
            (Field("告知内容", "告知受理情况；不对办理结果作任何承诺。", HIGH),),
            (Field("对方意见", "", HIGH),),
            (Field("告知人签字", "", LOW), Field("记录人签字", "", LOW)),
        )
    )
    basis = cite(clock.articles) if clock else ""
    return _document(
        "检举举报受理告知记录单",
        one,
        [Title("检举举报受理告知记录单"), form, Note(f"依据：{basis}。" if basis else "")],
    )


def reading(said: Printed) -> Document:
    """送阅登记: who had the papers in hand, from when to when."""
    one = said.petition
    columns = (
        Column("序号", 0.5, "center"),
        Column("送阅对象", 1),
        Column("送阅材料", 1.2),
        Column("送阅日期", 1, "center"),
        Column("退回日期", 1, "center"),
        Column("批　　示", 1.6),
        Column("阅件人签字", 1),
        Column("经手人", 0.8),
    )
    standing = [each for each in reversed(said.readings) if each.reading.withdrawn_on is None]
    filled = [_reading(number, each) for number, each in enumerate(standing, 1)]
    blank = [(str(number), *[""] * (len(columns) - 1)) for number in range(len(filled) + 1, READERS + 1)]
    rows = (*filled, *blank)
    note = "送阅材料须经本机关主要负责人批准，可能暴露举报人身份的部分须遮盖；不得复制、摘抄、私自留存。"
    blocks: list[Block] = [
        Title("信访举报材料送阅登记表"),
        Paragraph(f"信访编号：{one.code}", indent=False),
        Table(columns, rows),
        Note(note),
    ]
    return _document("信访举报材料送阅登记表", one, blocks)


def _reading(number: int, read: Read) -> tuple[str, ...]:
    row = read.reading
    paper = f"{_word(row.get_paper_display())}{row.copies}份"
    back = row.returned_on.isoformat() if row.returned_on else ""
    return str(number), row.reader, paper, row.on.isoformat(), back, read.words, "", row.given_by


#: slug → (its name, how it is written)
PAPERS: dict[str, tuple[str, Callable[[Printed], Document]]] = {
    "proposal": ("拟办（阅批）单", proposal),
    "transfer": ("转办函", transfer),
    "assignment": ("交办函", assignment),
    "visit": ("接访登记表", visit),
    "told": ("受理告知记录单", told),
    "reading": ("送阅登记表", reading),
}


def papers_of(petition: Petition, hand_off: HandOff | None) -> list[str]:
    """Which papers there are of it now."""
    if petition.withdrawn_on is not None:
        return []
    found = ["proposal", "reading"]
    found += ["transfer", "assignment"] if hand_off is not None else []
    found += ["visit"] if petition.way == Way.VISIT else []
    return found + (["told"] if petition.named == "verified" and not petition.is_repeat else [])


def paper_docx(slug: str, said: Printed, *, mark: str = "") -> bytes:
    """The paper as a file. Raises KeyError for one that there is not."""
    with override("zh-hans"):  # an official paper is Chinese, whoever prints it
        return to_docx(replace(PAPERS[slug][1](said), mark=mark))


def _letter(said: Printed, name: str, asked: str, more: str) -> Document:
    one, hand_off = said.petition, said.hand_off
    to = str(hand_off) if hand_off else ""
    confirmed = hand_off.confirmed_on if hand_off else None
    extract = said.extract or (said.content.summary if said.content and hand_off and hand_off.scope == "full" else "")
    blocks: list[Block] = [
        Title(f"信访举报{name}"),
        Paragraph(f"{to}：", indent=False),
        Paragraph(f"{asked}办理情况请书面反馈。{more}"),
        Paragraph(f"信访编号：{one.code}"),
        Paragraph(f"反映问题摘要：{extract}" if extract else "反映问题摘要："),
        Paragraph(
            "请严格保密：不得向被反映单位和被反映人透露本函及其内容，不得查找、打听举报人；"
            "答复举报人的信函不得使用显示纪检监察机关名称的信封。"
        ),
        Signature(str(one.owner_office), confirmed),
    ]
    return _document(f"信访举报{name}", one, blocks)


def _word(text: object) -> str:
    return as_recorded(text)


def _kind(one: Petition) -> str:
    return _word(one.get_kind_display()) + ("（重复件）" if one.is_repeat else "")


def _named(one: Petition) -> str:
    return _word(one.get_named_display())


def _rank(one: Petition) -> str:
    parts = [_word(one.get_rank_display()) if one.rank else "", _word(one.get_competence_display())]
    return "，".join(filter(None, [*parts, "一把手" if one.is_head else ""]))


def _natures(one: Petition) -> str:
    """The main one first, with its second level; marks after it."""
    words = [_word(Nature(code).label) for code in (one.nature, *one.further_natures) if code]
    if words and one.nature_detail:
        words[0] += f"（{detail_called(one.nature_detail)}）"
    return "、".join(words)


def _managed(one: Petition) -> str:
    return "，".join(filter(None, [_word(one.get_authority_display()) if one.authority else "", one.managed_by]))


def _person(said: Printed) -> str:
    """Name, unit and post where a key is open; else the unit alone."""
    unit = str(said.petition.subject or "")
    if said.content is None:
        return unit
    return " ".join(filter(None, (said.content.person, said.content.unit or unit, said.content.post)))


def _terms(clocks: list[Clock]) -> str:
    """The clocks that run, with their articles."""
    running = [
        f"{each.zh}：{day_in_words(each.due_on)}前（{cite(each.articles)}）" for each in clocks if each.ended_on is None
    ]
    return "办理期限——" + "；".join(running) + "。" if running else ""


def _document(name: str, one: Petition, blocks: list[Block]) -> Document:
    at = datetime.combine(one.received_on, time(), tzinfo=UTC)
    kept = [block for block in blocks if not (isinstance(block, Note) and not block.words)]
    return Document(title=f"{name}_{one.code}", author=str(one.owner_office), at=at, blocks=tuple(kept))
