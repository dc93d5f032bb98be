"""Copies to hand on: nothing of who made a file, with what and where; what the eye sees stays to the byte."""

import io
import random
import zipfile
import zlib
from collections.abc import Callable

import docx
import openpyxl
import pytest
from tests.core.sheets import made_of
from tests.core.sheets.made_of import SVG, WORD
from tests.intake.traces import Search

from jiandu.base.core.sheets.cleaned_pictures import clean_picture
from jiandu.base.core.sheets.cleaning import CLEANABLE, clean, is_cleanable
from jiandu.base.core.sheets.errors import SheetRefused

MADE: dict[str, Callable[[], bytes]] = {
    "jpeg": made_of.jpeg,
    "png": made_of.png,
    "webp": made_of.webp,
    "pdf": made_of.pdf,
    "docx": made_of.word,
    "xlsx": made_of.workbook,
    "pptx": made_of.slides,
}


def hits(content: bytes, word: str = WORD) -> list[tuple[str, str, str]]:
    search = Search((word,))
    search.of(content, "copy")
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                search.of(archive.read(name), name)
    return search.hits


def copied(content: bytes) -> bytes:
    return clean([content[at : at + 50_000] for at in range(0, len(content), 50_000)])


@pytest.mark.parametrize("kind", MADE)
def test_a_copy_says_nothing_of_its_maker(kind: str) -> None:
    """The control: the same search finds the word in the original, in several places."""
    content = MADE[kind]()
    assert hits(content)
    assert hits(copied(content)) == []


def test_two_hundred_pictures_of_all_sorts() -> None:
    chance = random.Random(4471)
    for number in range(200):
        word = f"{WORD}{number}"
        make = (made_of.jpeg, made_of.png, made_of.webp)[number % 3]
        more = {"turned": chance.randint(1, 8), "order": chance.choice("<>")} if number % 3 == 0 else {}
        content = make(word, **more)
        assert hits(content, word)
        assert hits(clean_picture(content), word) == []


def test_the_picture_itself_is_the_same_to_the_byte() -> None:
    cleaned = clean_picture(made_of.jpeg(turned=1))
    plain = made_of.plain_jpeg()
    assert cleaned[cleaned.index(b"\xff\xdb") :] == plain[plain.index(b"\xff\xdb") : plain.index(b"\xff\xd9") + 2]
    data = clean_picture(made_of.png())
    plain = made_of.plain_png()
    assert data[data.index(b"IDAT") :] == plain[plain.index(b"IDAT") : plain.index(b"IEND") + 8]
    assert clean_picture(made_of.webp())[-len(made_of.WEBP) + 12 :] == made_of.WEBP[12:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")


def segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + (len(content) + 2).to_bytes(2, "big") + content


SAID = WORD.encode()
JPEG, PNG, DATA = made_of.plain_jpeg(), made_of.plain_png(), made_of.plain_png().index(b"IDAT") - 4
HIDDEN = {
    **{f"jpeg {marker:X}": JPEG[:2] + segment(marker, SAID) + JPEG[2:] for marker in (0xF0, 0xF7, 0xFD, 0x02, 0xBF, 0xC8)},
    "jpeg height": JPEG[:2] + segment(0xDC, b"\x00\x50" + SAID) + JPEG[2:],
    "jpeg adobe": JPEG[:2] + segment(0xEE, b"Adobe\x00d\x00\x00\x00\x00\x00" + SAID) + JPEG[2:],
    "jpeg table": JPEG[:2] + segment(0xDB, b"\x00" + b"\x01" * 64 + SAID) + JPEG[2:],
    "png background": PNG[:DATA] + chunk(b"bKGD", SAID) + PNG[DATA:],
    "png shades": PNG[:DATA] + chunk(b"gAMA", b"\x00\x00\xb1\x8f" + SAID) + PNG[DATA:],
    "png end": PNG[:-12] + chunk(b"IEND", SAID),
    "png behind data": PNG[:-12] + chunk(b"IDAT", SAID) + PNG[-12:],
    "webp frame": made_of.webp()
    + b"ANMF" + (16 + 8 + len(SAID)).to_bytes(4, "little") + bytes(16) + b"EXIF" + len(SAID).to_bytes(4, "little") + SAID,
}  # fmt: skip
HIDDEN["webp frame"] = b"RIFF" + (len(HIDDEN["webp frame"]) - 8).to_bytes(4, "little") + HIDDEN["webp frame"][8:]


@pytest.mark.parametrize("kind", HIDDEN)
def test_what_hides_where_nothing_is_drawn_goes(kind: str) -> None:
    """The control: it is there before."""
    assert SAID in HIDDEN[kind]
    assert SAID not in clean_picture(HIDDEN[kind])


@pytest.mark.parametrize("order", "<>")
def test_how_a_telephone_was_held_stays(order: str) -> None:
    cleaned = clean_picture(made_of.jpeg(turned=6, order=order))
    at = cleaned.index(b"Exif\x00\x00")
    assert cleaned[at + 16 : at + 26] == b"\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00"
    assert b"Exif" not in clean_picture(made_of.jpeg(turned=1, order=order))


def test_documents_open_and_say_what_they_said() -> None:
    document = docx.Document(io.BytesIO(copied(made_of.word())))
    assert document.paragraphs[0].text == "合同第三页见附图"
    assert [(each.text, each.author) for each in document.comments] == [("核对", "")]
    assert len(document.inline_shapes) == 1
    book = openpyxl.load_workbook(io.BytesIO(copied(made_of.workbook())))
    assert [each[0].value for each in book.active.iter_rows()] == ["收支明细", 80000]
    assert book.active["A2"].comment.text == "核对"
    read = made_of.opened_pdf(copied(made_of.pdf()))
    assert (read.metadata, len(read.pages), "/Im0" in read.pages[0]["/Resources"]["/XObject"]) == (None, 1, True)
    assert read.pages[0]["/Annots"][0].get_object()["/Contents"] == "note"


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: made_of.pdf(password="secret"), "password"),
        (lambda: made_of.pdf(attached=True), "embedded"),
        (lambda: made_of.pdf()[:2000], "damaged"),
        (lambda: made_of.jpeg()[:600], "damaged"),
        (lambda: made_of.png()[:200], "damaged"),
        (lambda: b"\xff\xd8\xff", "damaged"),
        (lambda: b"", "damaged"),
        (lambda: SVG.encode(), "damaged"),
        (lambda: made_of.word()[:9000], "damaged"),
        (lambda: made_of.rewritten(made_of.word(), {}, {"word/media/a.tiff": WORD}), "stranger_picture"),
        (lambda: made_of.rewritten(made_of.word(), {}, {"word/embeddings/a.xlsx": WORD}), "embedded"),
    ],
)
def test_what_cannot_be_cleaned_is_refused_and_never_handed_out_as_it_is(make: Callable[[], bytes], why: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        copied(make())
    assert refused.value.code == why


def test_every_cut_and_a_thousand_altered_bytes_give_a_refusal_or_a_picture() -> None:
    chance = random.Random(7)
    for make in (made_of.jpeg, made_of.png, made_of.webp):
        content = make()
        for _ in range(350):
            wrong = bytearray(content[: chance.randint(12, len(content))])
            for _ in range(chance.randint(0, 5)):
                wrong[chance.randrange(12, len(wrong)) if len(wrong) > 12 else 0] = chance.randrange(256)
            try:
                clean_picture(bytes(wrong))
            except SheetRefused as refused:
                assert refused.code == "damaged"


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("size", [9, 90_000])
def test_mere_text_is_the_same_to_the_byte(coding: str, size: int) -> None:
    content = ("村支书\t收了八万\r\n" * size).encode(coding)
    assert clean([content], name="说明.TXT") == content
    with pytest.raises(SheetRefused):
        clean([content], name="说明.pdf")


@pytest.mark.parametrize(
    "content", [made_of.jpeg(), b"{\\rtf1 {\\author x}}", b"a\x00b" * 99, b"\x81\x20" * 40_000, b"MZ\x90\x00"]
)
def test_what_is_called_text_and_is_none_is_no_text(content: bytes) -> None:
    if content.startswith(b"\xff\xd8"):
        assert hits(clean([content], name="a.txt")) == []
        return
    with pytest.raises(SheetRefused) as refused:
        clean([content], name="a.txt")
    assert refused.value.code == "damaged"


def test_the_kinds_are_those_that_the_reporter_is_told_of() -> None:
    seen = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".heic", ".mp4", ".mov", ".3gp"}
    heard, read = {".m4a", ".mp3", ".wav", ".amr", ".aac"}, {".pdf", ".docx", ".xlsx", ".pptx", ".txt", ".csv"}
    assert seen | heard | read == CLEANABLE
    assert is_cleanable("合同.PDF")
    assert not is_cleanable("a.ofd")
