"""Files that say who made them, with what and where: photos, PDF, Word, Excel and PowerPoint files with a word in every such place."""

import io
import struct
import zipfile
import zlib
from base64 import b64decode
from functools import cache

import docx
import openpyxl
import vl_convert
from openpyxl.comments import Comment
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    DecodedStreamObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

WORD = "ZhangJubao4471"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="120" height="80"><rect width="60" height="80" fill="#c00"/></svg>'
WEBP = b64decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")  # one pixel


def exif(word: str = WORD, turned: int = 6, order: str = "<") -> bytes:
    """Orientation, artist and a place on the map (GPS: degrees as text), as a camera writes them."""
    artist = word.encode() + b"\x00"
    at = 8 + 2 + 3 * 12 + 4
    entries = [
        struct.pack(order + "HHLHH", 0x0112, 3, 1, turned, 0),
        struct.pack(order + "HHLL", 0x013B, 2, len(artist), at),
        struct.pack(order + "HHLL", 0x8825, 4, 1, at + len(artist)),
    ]
    gps = struct.pack(order + "H", 1) + struct.pack(order + "HHL4s", 0x0001, 2, 2, b"N\x00\x00\x00") + b"\x00" * 4
    head = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(order + "LH", 8, 3)
    return head + b"".join(entries) + b"\x00" * 4 + artist + gps


def _segment(marker: int, content: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content


@cache
def plain_jpeg() -> bytes:
    return bytes(vl_convert.svg_to_jpeg(SVG))


def jpeg(word: str = WORD, *, turned: int = 6, order: str = "<") -> bytes:
    """EXIF, XMP, IPTC, a profile, a comment; behind the picture a preview with EXIF of its own, as telephones append it."""
    said = word.encode()
    told = [
        _segment(0xE1, b"Exif\x00\x00" + exif(word, turned, order)),
        _segment(0xE1, b"http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>" + said),
        _segment(0xE2, b"ICC_PROFILE\x00\x01\x01" + said),
        _segment(0xED, b"Photoshop 3.0\x00" + said),
        _segment(0xFE, said),
    ]
    return plain_jpeg()[:2] + b"".join(told) + plain_jpeg()[2:] + plain_jpeg()[:2] + told[0] + said


@cache
def plain_png() -> bytes:
    return bytes(vl_convert.svg_to_png(SVG))


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">L", len(content)) + kind + content + struct.pack(">L", zlib.crc32(kind + content))


def png(word: str = WORD) -> bytes:
    """Texts plain and packed, EXIF, a time; something behind the end."""
    said = word.encode()
    told = [
        _chunk(b"tEXt", b"Author\x00" + said),
        _chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(said)),
        _chunk(b"iTXt", b"XML:com.adobe.xmp\x00\x00\x00\x00\x00" + said),
        _chunk(b"eXIf", exif(word)),
        _chunk(b"tIME", struct.pack(">HBBBBB", 2026, 1, 2, 3, 4, 5)),
    ]
    return plain_png()[:33] + b"".join(told) + plain_png()[33:] + said


def webp(word: str = WORD) -> bytes:
    said = word.encode() + b"\x00" * (len(word) % 2)
    extended = b"VP8X" + struct.pack("<L", 10) + bytes([0x2C]) + bytes(9)
    told = [kind + struct.pack("<L", len(said)) + said for kind in (b"EXIF", b"XMP ", b"ICCP", b"junk")]
    body = b"WEBP" + extended + WEBP[12:] + b"".join(told)
    return b"RIFF" + struct.pack("<L", len(body)) + body


def pdf(word: str = WORD, *, attached: bool = False, password: str = "") -> bytes:
    """Info, XMP of document and page, a comment with its author, a photo, and an earlier version beneath."""
    first = PdfWriter()
    page = first.add_blank_page(200, 200)
    first.add_metadata({"/Author": word, "/Creator": word})
    first.add_annotation(0, FreeText(text="note", rect=(10, 10, 60, 30)))
    note = page["/Annots"][0].get_object()
    note[NameObject("/T")] = TextStringObject(word)
    photo = StreamObject.initialize_from_dictionary(
        {
            NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(120), NameObject("/Height"): NumberObject(80),
            NameObject("/ColorSpace"): NameObject("/DeviceRGB"), NameObject("/BitsPerComponent"): NumberObject(8),
            NameObject("/Filter"): NameObject("/DCTDecode"), "__streamdata__": jpeg(word),
        }
    )  # fmt: skip
    images = DictionaryObject({NameObject("/Im0"): first._add_object(photo)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): images})
    draw = DecodedStreamObject()
    draw.set_data(b"q 120 0 0 80 20 60 cm /Im0 Do Q")
    page[NameObject("/Contents")] = first._add_object(draw)
    for place in (first._root_object, page):
        xmp = DecodedStreamObject()
        xmp.set_data(f"<x:xmpmeta>{word}</x:xmpmeta>".encode())
        place[NameObject("/Metadata")] = first._add_object(xmp)
    if attached:
        first.add_attachment("list.txt", word.encode())
    if password:
        first.encrypt(password)
    out = io.BytesIO()
    first.write(out)
    if attached or password:
        return out.getvalue()
    later = PdfWriter(io.BytesIO(out.getvalue()), incremental=True)
    later.add_metadata({"/Title": word})
    again = io.BytesIO()
    later.write(again)
    return again.getvalue()


def word(said: str = WORD) -> bytes:
    """Properties, a comment and a tracked change with their author, numbers of sessions, a template's path, a photo."""
    document = docx.Document()
    document.core_properties.author = document.core_properties.last_modified_by = said
    run = document.add_paragraph("合同第三页").add_run("见附图")
    document.add_comment(run, text="核对", author=said, initials=said[:2])
    document.add_picture(io.BytesIO(jpeg(said)))
    out = io.BytesIO()
    document.save(out)
    change = f'<w:ins w:id="9" w:author="{said}" w:date="2026-01-02T03:04:05Z"><w:r><w:t>增补</w:t></w:r></w:ins>'
    return rewritten(
        out.getvalue(),
        {
            "word/document.xml": [("</w:p>", f'{change}</w:p><w:p w:rsidR="00AB12CD"/>', 1)],
            "word/settings.xml": [
                ("</w:settings>", '<w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids></w:settings>', 1)
            ],
        },
        {"docProps/custom.xml": said, "customXml/item9.xml": said},
    )


def workbook(said: str = WORD) -> bytes:
    """Properties, a comment's author, the path where it lay, the printer."""
    book = openpyxl.Workbook()
    book.properties.creator = book.properties.lastModifiedBy = said
    book.active["A1"], book.active["A2"] = "收支明细", 80000
    book.active["A2"].comment = Comment("核对", said)
    out = io.BytesIO()
    book.save(out)
    path = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="x15">'
        f'<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" url="C:\\Users\\{said}\\"/>'
        "</mc:Choice></mc:AlternateContent>"
    )
    return rewritten(
        out.getvalue(),
        {"xl/workbook.xml": [("<sheets>", f"{path}<sheets>", 1)]},
        {
            "xl/printerSettings/printerSettings1.bin": said,
            "xl/pivotCache/pivotCacheDefinition1.xml": f'<pivotCacheDefinition refreshedBy="{said}" refreshedDate="46024.1"/>',
            "xl/revisions/userNames.xml": f'<users><userInfo name="{said}"/></users>',
        },
    )


def slides(said: str = WORD) -> bytes:
    """Properties, the authors of comments, a preview; one slide."""
    parts = {
        "[Content_Types].xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/ppt/presentation.xml" ContentType="application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>',
        "_rels/.rels": '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="ppt/presentation.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>',
        "ppt/presentation.xml": '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"/>',
        "ppt/commentAuthors.xml": f'<p:cmAuthorLst xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"><p:cmAuthor id="0" name="{said}" initials="{said}" lastIdx="1" clrIdx="0"/></p:cmAuthorLst>',
        "docProps/core.xml": f"<cp:coreProperties><dc:creator>{said}</dc:creator></cp:coreProperties>",
        "docProps/thumbnail.jpeg": said,
        "ppt/changesInfos/changesInfo1.xml": f'<pc:chgInfo xmlns:pc="x"><pc:docChgLst><pc:chgData name="{said}"/></pc:docChgLst></pc:chgInfo>',
        "ppt/slides/slide1.xml": f'<p:sld xmlns:p="x"><p:cNvPr id="4" name="{said}.JPG" descr="C:\\Users\\{said}\\a"/></p:sld>',
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def rewritten(content: bytes, changes: dict[str, list[tuple[str, str, int]]], more: dict[str, str]) -> bytes:
    """The archive with replacements in its parts, and further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            for before, after, count in changes.get(name, []):
                text = text.replace(before.encode(), after.encode(), count)
            new.writestr(name, text)
        for name, said in more.items():
            new.writestr(name, said)
    return out.getvalue()


def opened_pdf(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))
