"""A sheet or letter → a document in official layout, in the words of its kind (data/kinds.json)."""

from dataclasses import replace
from datetime import UTC, datetime, time

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.words import as_recorded
from jiandu.base.documents.blocks import Block, Colophon, Document, Heading, Paragraph, RedHead, Signature, Title
from jiandu.base.documents.word import to_docx as write_docx
from jiandu.loop.instruments.kinds import PLACE, Kind, Part, cited, kind_of, term_words
from jiandu.loop.instruments.models import Delivery, Instrument, Wording
from jiandu.loop.instruments.selectors import Whole, recipients
from jiandu.loop.instruments.wording import PIECES, PLACES, worded
from jiandu.net.access.models import Level

SAMPLE = "样张"
NOT_KNOWN = "　　　　"  # room to write by hand


def to_docx(viewer: Viewer, whole: Whole, *, mark: str = "") -> bytes:
    """The sheet as a Word file, `mark` on each page; the same sheet gives the same bytes. Raises Refused (no-basis)."""
    return write_docx(replace(document(viewer, whole), mark=mark))


def document(viewer: Viewer, whole: Whole) -> Document:
    """The sheet as blocks. What is not known yet (number, date of signing) is left free."""
    one = whole.instrument
    kind = in_words(kind_of(one.kind), one.wording)
    said = _said(viewer, whole, kind)
    title = _filled(kind.title, said)
    blocks: list[Block] = [
        RedHead(one.issuer, one.number),
        Title(title),
        *_marked(one),
        Paragraph(f"{_filled(kind.to, said)}：", indent=False),
    ]
    for part in kind.parts:
        blocks += _passage(whole, part, said)
    blocks.append(Signature(one.issuer, one.signed_on))
    blocks.append(Colophon(_copies(whole), str(one.owner_office), one.signed_on))
    day = one.signed_on or one.drafted_on
    return Document(title=title, author=one.issuer, at=datetime.combine(day, time(), tzinfo=UTC), blocks=tuple(blocks))


def in_words(kind: Kind, wording: Wording | None) -> Kind:
    """The kind in a version of an office's words; in those shipped where there is none."""
    return kind if wording is None else worded(kind, title=wording.title, to=wording.to, text=wording.text)


def sample(kind: Kind, issuer: str) -> bytes:
    """How the words of a kind look on paper: each place and each piece by what it is called."""
    said = {name: f"〔{word}〕" for name, word in PLACES.items()}
    title = _filled(kind.title, said)
    blocks: list[Block] = [RedHead(issuer, ""), Title(title), Paragraph(f"{_filled(kind.to, said)}：", indent=False)]
    for part in kind.parts:
        blocks += [Heading(_filled(part.heading, said))] if part.heading else []
        blocks += [Paragraph(_filled(part.text, said))] if part.text else []
        blocks += [Paragraph(f"〔{PIECES[part.of]}〕")] if part.of else []
    blocks += [Signature(issuer, None), Colophon("", issuer, None)]
    at = datetime.combine(today(), time(), tzinfo=UTC)
    return write_docx(Document(title=title, author=issuer, at=at, blocks=tuple(blocks), mark=SAMPLE))


def _marked(one: Instrument) -> list[Block]:
    """Of a copy-report its number in the house, how long it is kept, and its level where it is above the usual."""
    if not one.is_copy_report:
        return []
    level = as_recorded(one.get_level_display()) if one.level > Level.INTERNAL else ""
    said = (("编号", one.code), ("保管期限", one.retention), ("级别", level))
    return [Paragraph("　　".join(f"{name}：{value}" for name, value in said if value), indent=False)]


def _said(viewer: Viewer, whole: Whole, kind: Kind) -> dict[str, str]:
    """What each placeholder stands for, as of the document's date."""
    one = whole.instrument
    day = one.signed_on or one.drafted_on
    leaders = [row.person.name for row, _turns in whole.deliveries if row.to == Delivery.To.LEADER and row.person]
    if one.is_copy_report and not leaders:
        leaders = [person.name for person in recipients(viewer, one.subject, day)]
    return {
        "unit": str(one.subject),
        "title": one.title,
        "source": one.source or "日常监督",
        "nature": str(one.nature or ""),
        "study": term_words(kind.study_term, day) if kind.study_term else "",
        "term": term_words(kind.reply_term, day, one.reply_days),
        "leader": "、".join(leaders) or NOT_KNOWN,
        "code": one.code,
        "retention": one.retention,
        **cited(kind, day),
    }


def _filled(text: str, said: dict[str, str]) -> str:
    return PLACE.sub(lambda place: said[place[1]], text)


def _passage(whole: Whole, part: Part, said: dict[str, str]) -> list[Block]:
    """The heading, the sentence and what it is made of; nothing where that is empty."""
    lines = _lines(whole, part.of) if part.of else []
    if part.of and not lines:
        return []
    head: list[Block] = [Heading(_filled(part.heading, said))] if part.heading else []
    lead = [Paragraph(_filled(part.text, said))] if part.text else []
    return [*head, *lead, *(Paragraph(line) for line in lines)]


def _lines(whole: Whole, of: str) -> list[str]:
    """The paragraphs of a part; several findings or suggestions are numbered."""
    if of == "suggestions":
        return _numbered([row.text for row, _answer in whole.suggestions])
    if of == "findings":
        found = [finding for _row, finding in whole.findings if finding is not None]
        return _numbered([_sentence(f"{one.problem}。{one.facts}") for one in found])
    return [line.strip() for line in str(getattr(whole.instrument, of) or "").splitlines() if line.strip()]


def _numbered(texts: list[str]) -> list[str]:
    flat = [" ".join(text.split()) for text in texts]
    return [f"{place}.{text}" for place, text in enumerate(flat, 1)] if len(flat) > 1 else flat


def _sentence(text: str) -> str:
    """One full stop, not two."""
    text = text.strip().replace("。。", "。")
    return text if text.endswith("。") else f"{text}。"


def _copies(whole: Whole) -> str:
    """抄送: the organs named, and whoever the sheet was handed to in copy."""
    handed = [row.person.name for row, _turns in whole.deliveries if row.to == Delivery.To.COPY and row.person]
    return "，".join(filter(None, [whole.instrument.copies_to.rstrip("。"), *handed]))
