"""PDF files: keys are kept by list, photos are cleaned however they are wrapped; forms in XML and pictures that hide are refused."""

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)
from tests.core.sheets import made_of
from tests.core.sheets.made_of import WORD
from tests.core.sheets.test_cleaning import copied

from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.profiles import without_makers

Change = Callable[[PdfWriter], None]
RECT = "/Rect"


def of(value: Any) -> Any:
    """Plain values as PDF has them; what begins with a slash is a name."""
    if isinstance(value, dict):
        return DictionaryObject({NameObject(key): of(each) for key, each in value.items()})
    if isinstance(value, list):
        return ArrayObject(of(each) for each in value)
    if isinstance(value, int):
        return NumberObject(value)
    if isinstance(value, bytes):
        return ByteStringObject(value)
    return (
        (NameObject(value) if value.startswith("/") else TextStringObject(value)) if isinstance(value, str) else value
    )


def stream(content: bytes, **said: Any) -> StreamObject:
    made = StreamObject()
    made._data = content
    made.update(of({f"/{key}": value for key, value in said.items()}))
    return made


def written(change: Change) -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.add_blank_page(72, 72)
    change(writer)
    writer.write(out)
    return out.getvalue()


def holds(content: bytes) -> bool:
    """Whether the word stands anywhere in it, unpacked too."""
    reader, found = PdfReader(io.BytesIO(content)), [content]
    for number in range(1, 40):
        one = reader.get_object(number)
        data = getattr(one, "_data", b"")
        found += [data, zlib.decompress(data) if data[:1] == b"x" else b""]
    said = WORD.encode()
    return any(each in b"".join(found) for each in (said, WORD.encode("utf-16-be"), said.hex().encode()))


def page(key: str, value: Any) -> Change:
    return lambda writer: writer.pages[0].__setitem__(NameObject(key), of(value))


def root(key: str, value: Any) -> Change:
    return lambda writer: writer._root_object.__setitem__(NameObject(key), of(value))


def note(**said: Any) -> Change:
    return page(
        "/Annots",
        [{"/Subtype": "/Text", RECT: [0, 0, 9, 9], "/Contents": "hi"} | {f"/{k}": v for k, v in said.items()}],
    )


def photo(filters: Any, content: bytes) -> Change:
    def change(writer: PdfWriter) -> None:
        listed = writer._add_object(of(filters))
        image = stream(
            content, Subtype="/Image", Width=120, Height=80, ColorSpace="/DeviceRGB", BitsPerComponent=8, Filter=listed
        )
        writer.pages[0][NameObject("/Resources")] = of({"/XObject": {"/I": writer._add_object(image)}})

    return change


def drawn(orders: bytes) -> Change:
    return lambda writer: page("/Contents", writer._add_object(stream(orders)))(writer)


PHOTO = made_of.jpeg()
TOLD: dict[str, Change] = {
    "photo": photo("/DCTDecode", PHOTO),
    "photo, packed": photo(["/FlateDecode", "/DCTDecode"], zlib.compress(PHOTO)),
    "id": lambda writer: setattr(writer, "_ID", of([WORD.encode(), WORD.encode()])),
    "signature": page("/Annots", [{"/Subtype": "/Widget", "/FT": "/Sig", "/T": "s", RECT: [0, 0, 0, 0], "/V": {"/Name": WORD}}]),
    **{key: note(**{key: WORD}) for key in ("T", "M", "NM", "CreationDate", "Subj", "RC", "Acme")},
    "file": note(A={"/S": "/URI", "/URI": f"file:///C:/Users/{WORD}/x"}),
    "other": note(A={"/S": "/GoToR", "/F": f"C:/Users/{WORD}/x.pdf"}),
    "next": note(A={"/S": "/URI", "/URI": "https://x.cn", "/Next": {"/S": "/Launch", "/F": WORD}}),
    "layer": root("/OCProperties", {"/OCGs": [{"/Type": "/OCG", "/Name": "l", "/Usage": {"/CreatorInfo": {"/Creator": WORD}}}]}),
    "layers": root("/OCProperties", {"/OCGs": [], "/D": {"/Creator": WORD}}),
    "place": page("/VP", [{"/Measure": {"/GPTS": WORD}}]),
    "catalog": root("/Custom", WORD),
    "page": page("/AcmeUser", WORD),
    "script": root("/Names", {"/JavaScript": {"/Names": [WORD, {"/S": "/JavaScript", "/JS": "x"}]}}),
    "opened": root("/OpenAction", {"/S": "/JavaScript", "/JS": WORD}),
    "structure": root("/StructTreeRoot", {"/K": {"/T": WORD}}),
    "marked": page("/Resources", {"/Properties": {"/P0": {"/Title": WORD}}}),
}  # fmt: skip


@pytest.mark.parametrize("kind", TOLD)
def test_what_names_a_person_or_a_place_goes(kind: str) -> None:
    """The control: the same search finds it before."""
    content = written(TOLD[kind])
    assert holds(content) or kind.endswith("packed")
    cleaned = copied(content)
    assert not holds(cleaned)
    assert len(PdfReader(io.BytesIO(cleaned)).pages) == 1


def test_a_packed_photo_is_the_same_photo() -> None:
    plain, packed = (
        PdfReader(io.BytesIO(copied(written(TOLD[kind])))).pages[0]["/Resources"]["/XObject"]["/I"]._data
        for kind in ("photo", "photo, packed")
    )
    assert plain == packed
    assert plain.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (root("/AcroForm", {"/XFA": "x"}), "stranger_part"),
        (photo("/JPXDecode", b"jp2"), "stranger_picture"),
        (photo(["/DCTDecode", "/FlateDecode"], PHOTO), "stranger_picture"),
        (page("/Annots", [{"/Subtype": "/Movie", RECT: [0, 0, 1, 1]}]), "stranger_picture"),
        (drawn(b"q BI /W 1 /H 1 /F /DCT ID x EI Q"), "stranger_picture"),
    ],
)
def test_what_we_cannot_look_into_is_refused(change: Change, why: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        copied(written(change))
    assert refused.value.code == why


def test_what_leads_through_a_document_stays() -> None:
    def change(writer: PdfWriter) -> None:
        writer.add_outline_item(title="第一章", page_number=0)
        note(A={"/S": "/URI", "/URI": "https://x.cn/a"})(writer)

    reader = PdfReader(io.BytesIO(copied(written(change))))
    assert [each.title for each in reader.outline] == ["第一章"]
    said = reader.pages[0]["/Annots"][0].get_object()
    assert (said["/Contents"], said["/A"]["/URI"]) == ("hi", "https://x.cn/a")


def test_a_file_of_libreoffice_is_cleaned_and_reads_the_same() -> None:
    content = (Path(__file__).parent / "office" / "printed.pdf").read_bytes()
    before, after = PdfReader(io.BytesIO(content)), PdfReader(io.BytesIO(copied(content)))
    assert before.metadata
    assert after.metadata is None
    assert [each.extract_text() for each in after.pages] == [each.extract_text() for each in before.pages]
    assert [len(each.images) for each in after.pages] == [len(each.images) for each in before.pages]


def test_of_a_profile_of_colour_the_colours_stay_and_the_names_go() -> None:
    colours, said = b"XYZ " + bytes(range(16)), b"desc" + WORD.encode().ljust(32, b"\x00")
    rows = [(b"rXYZ", 156, len(colours)), (b"desc", 156 + len(colours), len(said))]
    listed = len(rows).to_bytes(4, "big") + b"".join(
        kind + at.to_bytes(4, "big") + size.to_bytes(4, "big") for kind, at, size in rows
    )
    head = WORD.encode().ljust(128, b"\x01")
    cleaned = without_makers(head + listed + colours + said + WORD.encode())
    assert (cleaned[128:156], cleaned[156:176], cleaned[176:]) == (listed, colours, b"desc" + bytes(32 + len(WORD)))
    assert cleaned[4:8] + cleaned[80:100] == bytes(24)
    assert without_makers(said) == bytes(len(said))
