"""The files that must be refused, by name: how each is made, and the reasons that count as the right one."""

import random
import stat
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace

from tests.core.sheets.forge import (
    MAIN,
    SHEET,
    Entry,
    around,
    big_entry,
    book,
    entries,
    pack,
    parts,
    raw_zip,
    relations,
    sheet,
    types,
    with_part,
    workbook,
)

Made = bytes
HOSTILE: dict[str, tuple[Callable[[], Made], tuple[str, ...]]] = {}
MIB = 1024 * 1024


def case(name: str, *codes: str) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
    """Register a maker under its name, with the codes of which one must be given."""

    def register(maker: Callable[[], Made]) -> Callable[[], Made]:
        HOSTILE[name] = maker, codes
        return maker

    return register


def simple(codes: str, **made: Callable[[], Made]) -> None:
    """Register several makers at once for the same codes."""
    for name, maker in made.items():
        HOSTILE[name] = maker, tuple(codes.split())


def tampered(**changes: object) -> Made:
    """A smallest workbook whose sheet member is not what it says."""
    members = entries(parts())
    return raw_zip([*members[:-1], replace(members[-1], **changes)])


def named(name: bytes, **changes: object) -> Made:
    """A smallest workbook with one member more, of this name."""
    return raw_zip([*entries(parts()), replace(Entry(name, b"x", method=0, size=1, crc=zlib.crc32(b"x")), **changes)])


def with_sheet(entry: Entry) -> Made:
    """A smallest workbook whose sheet is `entry`."""
    return raw_zip([*entries(parts())[:-1], entry])


def long_text(mebibytes: int) -> Entry:
    """A sheet with one inline string of so many MiB."""
    start = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    return big_entry(SHEET, around(start, b"A" * MIB, mebibytes, "</t></is></c></row></sheetData></worksheet>"))


def hard_to_pack(mebibytes: int) -> Entry:
    """The same from characters that hardly compress, so that no ratio gives it away."""
    noise = random.Random(1).randbytes(MIB // 2).hex().encode()
    start = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>'
    ending = "</t></is></c></row></sheetData></worksheet>"
    return big_entry(SHEET, around(start, noise, mebibytes, ending), strategy=zlib.Z_HUFFMAN_ONLY)


LOL = '<!DOCTYPE lolz [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
CALL = '<row r="1"><c r="A1" t="str"><v>&j;&x;</v></c></row>'
XXE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


def overlapping() -> Made:
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


def ole(mark: bytes = b"") -> Made:
    """A compound file, as .xls, .et and encrypted workbooks are."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + mark + bytes(4000)


simple("empty", empty=lambda: b"")
simple(
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
    token_of_80_mib=lambda: with_sheet(big_entry(SHEET, around(f"<worksheet {MAIN} a='", b"A" * MIB, 80, "'/>"))),
    style_of_words=lambda: book("", styles=f'<styleSheet {MAIN}><cellXfs><xf numFmtId="x"/></cellXfs></styleSheet>'),
)
# The attribute of 80 MiB is refused by its ratio before anyone reads it; both are right.
HOSTILE["token_of_80_mib"] = HOSTILE["token_of_80_mib"][0], ("bomb",)
simple(
    "overlap",
    overlap=overlapping,
    directory_entry_repeated=lambda: raw_zip([replace(Entry(b"a", b"x", size=1), repeat=1900)]),
)
simple(
    "too_many_parts",
    three_thousand_entries=lambda: raw_zip([replace(Entry(b"a", b"x", size=1), repeat=3000)]),
    ten_thousand_parts=lambda: pack({**parts(), **{f"xl/worksheets/s{at}.xml": "<a/>" for at in range(10_000)}}),
)
simple(
    "duplicate_names",
    duplicate_names=lambda: raw_zip([*entries(parts()), entries(parts())[-1]]),
    duplicate_names_by_case=lambda: named(b"XL/Workbook.xml"),
)
simple(
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
simple(
    "symlink",
    symlink=lambda: named(b"xl/link", mode=stat.S_IFLNK | 0o777),
    device=lambda: named(b"xl/device", mode=stat.S_IFCHR | 0o666),
)
simple(
    "encrypted_part",
    zip_encryption=lambda: named(b"xl/a", flags=1),
    strong_encryption=lambda: named(b"xl/a", flags=0x40),
)
simple("compression", bzip2=lambda: named(b"xl/a", method=12), lzma=lambda: named(b"xl/a", method=14))
simple(
    "polyglot",
    data_behind=lambda: book("") + b"<script>alert(1)</script>",
    zip_comment=lambda: raw_zip(entries(parts()), comment=b"#!/bin/sh"),
    data_between=lambda: tampered(hidden=bytes(100_000)),
)
simple(
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
simple("old_excel", xls=ole)
simple("password", encrypted_workbook=lambda: ole("EncryptedPackage".encode("utf-16-le")))
simple(
    "unpacked_too_big",
    string_of_300_mib=lambda: with_sheet(long_text(300)),
    thirty_nine_gib_told=lambda: raw_zip(
        [replace(Entry(b"a%d" % at, b"x" * 1000, size=0xF0000000), method=8) for at in range(10)]
    ),
)
simple("bomb", string_of_100_mib=lambda: with_sheet(long_text(100)))
simple(
    "long_cell",
    string_of_60_mib_of_noise=lambda: with_sheet(hard_to_pack(60)),
    cell_of_32768=lambda: book(f"<row r='1'><c r='A1' t='str'><v>{'字' * 32_768}</v></c></row>"),
    shared_string_of_32768=lambda: book("", strings=f"<sst {MAIN}><si><t>{'x' * 32_768}</t></si></sst>"),
    csv_field_of_40000=lambda: ("a," + "x" * 40_000).encode(),
)
simple(
    "dtd",
    lol_in_sheet=lambda: book("", sheet=f"{LOL}]>{sheet(CALL)}"),
    lol_in_strings=lambda: book("", strings=f"{LOL}]><sst {MAIN}><si><t>&j;</t></si></sst>"),
    xxe_in_sheet=lambda: book("", sheet=XXE + sheet(CALL)),
    xxe_in_workbook=lambda: book("", workbook=XXE + workbook()),
    xxe_in_relations=lambda: book("", rels=XXE + relations()),
    xxe_in_content_types=lambda: book("", content=XXE + types()),
    dtd_in_part_nobody_reads=lambda: with_part("docProps/core.xml", f"{XXE}<a/>"),
    dtd_of_another_host=lambda: book("", sheet='<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">' + sheet("")),
    parameter_entity=lambda: book("", sheet='<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:9/">%p;]>' + sheet("")),
    dtd_in_utf16=lambda: book("", sheet=('<?xml version="1.0" encoding="utf-16"?>' + XXE + sheet("")).encode("utf-16")),
)
LINKED = "xl/worksheets/_rels/sheet1.xml.rels"
simple(
    "external_link",
    external_link=lambda: with_part("xl/externalLinks/externalLink1.xml", "<externalLink/>"),
    dde_link=lambda: with_part("xl/externalLinks/externalLink1.xml", '<ddeLink ddeService="cmd" ddeTopic="/c calc"/>'),
    dde_formula=lambda: book("<row r='1'><c r='A1'><f>cmd|'/c calc'!A0</f><v>1</v></c></row>"),
    link_by_relation=lambda: with_part(LINKED, relations(("externalLinkPath", "file://host/a.xlsx", "External"))),
    picture_from_outside=lambda: with_part(LINKED, relations(("image", "http://127.0.0.1:9/a.png", "External"))),
    template_from_outside=lambda: with_part(LINKED, relations(("attachedTemplate", "http://127.0.0.1:9/", "External"))),
    connections=lambda: with_part("xl/connections.xml", "<connections/>"),
    query_table=lambda: with_part("xl/queryTables/queryTable1.xml", "<queryTable/>"),
)
simple(
    "macros",
    xlsm_renamed=lambda: with_part("xl/vbaProject.bin"),
    macros_by_type=lambda: book("", content=types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    macros_by_relation=lambda: with_part(LINKED, relations(("vbaProject", "evil.dat", ""))),
    macro_sheet=lambda: with_part("xl/macrosheets/sheet1.xml", "<a/>"),
)
simple(
    "embedded",
    ole_object=lambda: with_part("xl/embeddings/oleObject1.bin"),
    active_x=lambda: with_part("xl/activeX/activeX1.xml", "<a/>"),
    ole_by_relation=lambda: with_part(LINKED, relations(("oleObject", "x.dat", ""))),
)
simple(
    "too_many_columns",
    sparse=lambda: book(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    column_201=lambda: book('<row r="1"><c r="GS1"><v>1</v></c></row>'),
    csv_of_300_columns=lambda: ("x," * 300).encode(),
)
simple(
    "too_many_rows",
    rows_21000=lambda: book("".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 21_001))),
    csv_rows_21000=lambda: b"x\n" * 21_000,
)
simple(
    "too_many_sheets",
    ten_thousand_sheets=lambda: book(
        "", workbook=workbook("".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(10_000)))
    ),
)
simple("long_row", long_row=lambda: ("x" * 32_000 + "\t").encode() * 7)
simple("encoding", csv_with_nul=lambda: b"a,b\n1,\x00" + b"2" * 100, csv_undecodable=lambda: b"a,b\n\xff\xff,\x80\x80")
simple("bad_csv", csv_with_open_quote=lambda: b'a,b\n1,"2\n3,4\n')
simple(
    "too_slow too_much_memory damaged bomb",
    million_levels=lambda: with_sheet(
        big_entry(SHEET, around(f"<worksheet {MAIN}>", b"<a>" * 1000, 3000, ""), strategy=zlib.Z_HUFFMAN_ONLY)
    ),
)
simple(
    "damaged",
    token_that_never_ends=lambda: with_sheet(
        big_entry(SHEET, around(f"<worksheet {MAIN}><!--", b"A" * MIB, 40, "-->"), strategy=zlib.Z_HUFFMAN_ONLY)
    ),
)
