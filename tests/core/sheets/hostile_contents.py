"""Files that must be refused by what stands in them: XML, links, macros, cells, CSV."""

import zlib

from tests.core.sheets.forge import (
    MAIN,
    MIB,
    SHEET,
    Cases,
    around,
    big_entry,
    book,
    hard_to_pack,
    relations,
    sheet,
    types,
    with_part,
    with_sheet,
    workbook,
)

CONTENTS = Cases()
LOL = '<!DOCTYPE lolz [<!ENTITY a "lol">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefghi", "bcdefghij", strict=True)
)
CALL = '<row r="1"><c r="A1" t="str"><v>&j;&x;</v></c></row>'
XXE = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


CONTENTS.add(
    "long_cell",
    string_of_60_mib_of_noise=lambda: with_sheet(hard_to_pack(60)),
    cell_of_32768=lambda: book(f"<row r='1'><c r='A1' t='str'><v>{'字' * 32_768}</v></c></row>"),
    shared_string_of_32768=lambda: book("", strings=f"<sst {MAIN}><si><t>{'x' * 32_768}</t></si></sst>"),
    csv_field_of_40000=lambda: ("a," + "x" * 40_000).encode(),
)
CONTENTS.add(
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
CONTENTS.add(
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
CONTENTS.add(
    "macros",
    xlsm_renamed=lambda: with_part("xl/vbaProject.bin"),
    macros_by_type=lambda: book("", content=types("application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    macros_by_relation=lambda: with_part(LINKED, relations(("vbaProject", "evil.dat", ""))),
    macro_sheet=lambda: with_part("xl/macrosheets/sheet1.xml", "<a/>"),
)
CONTENTS.add(
    "embedded",
    ole_object=lambda: with_part("xl/embeddings/oleObject1.bin"),
    active_x=lambda: with_part("xl/activeX/activeX1.xml", "<a/>"),
    ole_by_relation=lambda: with_part(LINKED, relations(("oleObject", "x.dat", ""))),
)
CONTENTS.add(
    "too_many_columns",
    sparse=lambda: book('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    column_201=lambda: book('<row r="1"><c r="GS1"><v>1</v></c></row>'),
    csv_of_300_columns=lambda: ("x," * 300).encode(),
)
CONTENTS.add(
    "too_many_rows",
    rows_21000=lambda: book("".join(f'<row r="{at}"><c r="A{at}"><v>1</v></c></row>' for at in range(1, 21_001))),
    csv_rows_21000=lambda: b"x\n" * 21_000,
)
CONTENTS.add(
    "too_many_sheets",
    ten_thousand_sheets=lambda: book(
        "", workbook=workbook("".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(10_000)))
    ),
)
CONTENTS.add("long_row", long_row=lambda: ("x" * 4000 + "\t").encode() * 60)
CONTENTS.add(
    "encoding", csv_with_nul=lambda: b"a,b\n1,\x00" + b"2" * 100, csv_undecodable=lambda: b"a,b\n\xff\xff,\x80\x80"
)
CONTENTS.add("bad_csv", csv_with_open_quote=lambda: b'a,b\n1,"2\n3,4\n')
CONTENTS.add(
    "too_slow too_much_memory damaged bomb",
    million_levels=lambda: with_sheet(
        big_entry(SHEET, around(f"<worksheet {MAIN}>", b"<a>" * 1000, 3000, ""), strategy=zlib.Z_HUFFMAN_ONLY)
    ),
)
CONTENTS.add(
    "damaged",
    token_that_never_ends=lambda: with_sheet(
        big_entry(SHEET, around(f"<worksheet {MAIN}><!--", b"A" * MIB, 40, "-->"), strategy=zlib.Z_HUFFMAN_ONLY)
    ),
)
