"""Files that must be refused by their outside: zip structure, format, size."""

import stat
import struct
import zlib
from dataclasses import replace

from tests.core.sheets.forge import (
    MAIN,
    MIB,
    SHEET,
    Cases,
    Entry,
    around,
    big_entry,
    book,
    entries,
    long_text,
    named,
    pack,
    parts,
    raw_zip,
    relations,
    sheet,
    tampered,
    types,
    with_part,
    with_sheet,
)

ARCHIVES = Cases()


def overlapping() -> bytes:
    """Two members of which the second stands inside the stored data of the first."""
    inner = b"PK\x03\x04" + struct.pack("<HHHHHLLLHH", 20, 0, 0, 0, 33, zlib.crc32(b"x"), 1, 1, 1, 0) + b"bx"
    whole = raw_zip([Entry(b"a", inner, method=0, size=len(inner), crc=zlib.crc32(inner))])
    at, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    first = whole[at:end]
    second = bytearray(first)
    second[16:28] = struct.pack("<LLL", zlib.crc32(b"x"), 1, 1)
    second[42:46], second[-1:] = struct.pack("<L", 31), b"b"
    directory = first + bytes(second)
    return whole[:at] + directory + b"PK\x05\x06" + struct.pack("<HHHHLLH", 0, 0, 2, 2, len(directory), at, 0)


def ole(mark: bytes = b"") -> bytes:
    """A compound file, as .xls, .et and encrypted workbooks are."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + mark + bytes(4000)


ARCHIVES.add("empty", empty=lambda: b"")
ARCHIVES.add(
    "damaged",
    truncated=lambda: book("")[:700],
    only_magic=lambda: b"PK\x03\x04",
    wrong_crc=lambda: tampered(crc=1),
    size_too_small=lambda: tampered(size=10),
    size_too_large=lambda: tampered(size=100_000),
    zip64_size=lambda: tampered(size=0xFFFFFFFF),
    stored_with_other_size=lambda: named(b"a", size=2),
    hundred_mib_behind_a_small_size=lambda: with_sheet(replace(long_text(100), size=1000)),
    count_too_small=lambda: raw_zip(entries(parts()), count=3),
    several_disks=lambda: raw_zip(entries(parts()), disk=1),
    name_told_twice_differently=lambda: book("").replace(b"xl/styles.xml", b"xl/stylez.xml", 1),
    no_workbook=lambda: pack({"[Content_Types].xml": types()}),
    sheet_missing=lambda: pack({name: text for name, text in parts().items() if name != SHEET}),
    relation_missing=lambda: book("", rels=relations()),
    relation_upwards=lambda: book("", rels=relations(("worksheet", "../../../../etc/passwd", ""))),
    xml_cut=lambda: book("", sheet=sheet("<row>")[:60]),
    xml_crossed=lambda: book("<row r='1'><c></row></c>"),
    xml_control_character=lambda: book("<row r='1'><c r='A1' t='str'><v>\x01</v></c></row>"),
    xml_surrogate_reference=lambda: book("<row r='1'><c r='A1' t='str'><v>&#xD800;</v></c></row>"),
    xml_unknown_encoding=lambda: book("", sheet='<?xml version="1.0" encoding="utf-7"?>' + sheet("")),
    entity_without_declaration=lambda: book("<row r='1'><c r='A1' t='str'><v>&lol;</v></c></row>"),
    rows_backwards=lambda: book('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>'),
    row_beyond_excel=lambda: book('<row r="1048577"><c r="A1048577"><v>1</v></c></row>'),
    row_of_letters=lambda: book('<row r="x"/>'),
    cell_of_another_row=lambda: book('<row r="1"><c r="A2"><v>1</v></c></row>'),
    cell_beyond_xfd=lambda: book('<row r="1"><c r="XFE1"><v>1</v></c></row>'),
    cell_without_column=lambda: book('<row r="1"><c r="1"><v>1</v></c></row>'),
    cell_without_sense=lambda: book('<row r="1"><c r="$A$1;"><v>1</v></c></row>'),
    string_out_of_range=lambda: book('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'),
    string_negative=lambda: book('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'),
    style_of_words=lambda: book("", styles=f'<styleSheet {MAIN}><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>'),
)
ARCHIVES.add(
    "overlap",
    overlap=overlapping,
    directory_entry_repeated=lambda: raw_zip([replace(Entry(b"a", b"x", size=1), repeat=1900)]),
)
ARCHIVES.add(
    "too_many_parts",
    three_thousand_entries=lambda: raw_zip([replace(Entry(b"a", b"x", size=1), repeat=3000)]),
    ten_thousand_parts=lambda: pack({**parts(), **{f"xl/worksheets/s{at}.xml": "<a/>" for at in range(10_000)}}),
)
ARCHIVES.add(
    "duplicate_names",
    duplicate_names=lambda: raw_zip([*entries(parts()), entries(parts())[-1]]),
    duplicate_names_by_case=lambda: named(b"XL/Workbook.xml"),
)
ARCHIVES.add(
    "bad_names",
    absolute_name=lambda: named(b"/etc/passwd"),
    traversal=lambda: named(b"xl/../../../etc/passwd"),
    traversal_with_backslash=lambda: named(b"..\\..\\windows\\win.ini"),
    drive_letter=lambda: named(b"C:evil.dll"),
    nul_in_name=lambda: named(b"xl/a\x00.xml"),
    right_to_left_name=lambda: named("xl/\u202exslx.exe".encode(), flags=0x800),
    name_of_300_bytes=lambda: named(b"x" * 300),
    name_not_utf8=lambda: named(b"xl/\xff\xfe", flags=0x800),
)
ARCHIVES.add(
    "symlink",
    symlink=lambda: named(b"xl/link", mode=stat.S_IFLNK | 0o777),
    device=lambda: named(b"xl/device", mode=stat.S_IFCHR | 0o666),
)
ARCHIVES.add(
    "encrypted_part",
    zip_encryption=lambda: named(b"xl/a", flags=1),
    strong_encryption=lambda: named(b"xl/a", flags=0x40),
)
ARCHIVES.add("compression", bzip2=lambda: named(b"xl/a", method=12), lzma=lambda: named(b"xl/a", method=14))
ARCHIVES.add(
    "polyglot",
    data_behind=lambda: book("") + b"<script>alert(1)</script>",
    zip_comment=lambda: raw_zip(entries(parts()), comment=b"#!/bin/sh"),
    data_between=lambda: tampered(hidden=bytes(100_000)),
)
ARCHIVES.add(
    "not_a_sheet",
    pdf_with_workbook_behind=lambda: b"%PDF-1.7\n" + book(""),
    program_with_workbook_behind=lambda: b"MZ\x90\x00" + book(""),
    picture_with_workbook_behind=lambda: b"GIF89a" + book(""),
    page_named_xls=lambda: "<html><table><tr><td>姓名</td></tr></table></html>".encode(),
    xml_of_2003=lambda: b'\xef\xbb\xbf<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>',
    rich_text=lambda: b"{\\rtf1 hello}",
    gzip=lambda: b"\x1f\x8b" + bytes(50),
    rar=lambda: b"Rar!\x1a\x07",
    png=lambda: b"\x89PNG\r\n\x1a\n",
    junk=lambda: bytes(5000),
    utf16_without_mark=lambda: "a,b\n1,2\n".encode("utf-16-le"),
    word=lambda: pack({"[Content_Types].xml": types(), "word/document.xml": "<a/>"}),
    slides=lambda: pack({"[Content_Types].xml": types(), "ppt/presentation.xml": "<a/>"}),
    ods=lambda: pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
    xlsb=lambda: with_part("xl/workbook.bin"),
    plain_zip=lambda: pack({"readme.txt": "hello"}),
)
ARCHIVES.add("old_excel", xls=ole)
ARCHIVES.add("password", encrypted_workbook=lambda: ole("EncryptedPackage".encode("utf-16-le")))
ARCHIVES.add(
    "unpacked_too_big",
    string_of_300_mib=lambda: with_sheet(long_text(300)),
    thirty_nine_gib_told=lambda: raw_zip(
        [replace(Entry(b"a%d" % at, b"x" * 1000, size=0xF0000000), method=8) for at in range(10)]
    ),
)
ARCHIVES.add(
    "bomb",
    string_of_100_mib=lambda: with_sheet(long_text(100)),
    attribute_of_80_mib=lambda: with_sheet(big_entry(SHEET, around(f"<worksheet {MAIN} a='", b"A" * MIB, 80, "'/>"))),
)
