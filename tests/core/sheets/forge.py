"""Makes workbooks and zip files by hand, honest ones and those that no program would write."""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
WORKBOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SHEET = "xl/worksheets/sheet1.xml"
MIB = 1024 * 1024


def relations(*listed: tuple[str, str, str]) -> str:
    """A .rels part; each relation is (kind, target, mode)."""
    rows = (
        f'<Relationship Id="rId{at}" Type="{OFFICE}/{kind}" Target="{target}"{f" TargetMode={mode!r}" if mode else ""}/>'
        for at, (kind, target, mode) in enumerate(listed, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(rows)}</Relationships>'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """A worksheet part around `rows`."""
    return f"<worksheet {MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def workbook(listed: str = '<sheet name="表一" sheetId="1" r:id="rId1"/>', before: str = "") -> str:
    """The workbook part."""
    return f'<workbook {MAIN} xmlns:r="{OFFICE}">{before}<sheets>{listed}</sheets></workbook>'


def parts(rows: str = '<row r="1"><c r="A1"><v>1</v></c></row>', **changed: str | bytes) -> dict[str, str | bytes]:
    """A smallest workbook with these rows; `changed` names: sheet, workbook, strings, styles, rels, content."""
    named = {
        "content": ("[Content_Types].xml", types()),
        "root": ("_rels/.rels", relations(("officeDocument", "xl/workbook.xml", ""))),
        "workbook": ("xl/workbook.xml", workbook()),
        "rels": (
            "xl/_rels/workbook.xml.rels",
            relations(
                ("worksheet", "worksheets/sheet1.xml", ""),
                ("sharedStrings", "sharedStrings.xml", ""),
                ("styles", "styles.xml", ""),
            ),
        ),
        "strings": ("xl/sharedStrings.xml", f"<sst {MAIN}><si><t>甲</t></si></sst>"),
        "styles": ("xl/styles.xml", f"<styleSheet {MAIN}/>"),
        "sheet": (SHEET, sheet(rows)),
    }
    return {name: changed.get(key, text) for key, (name, text) in named.items()}


def types(main: str = WORKBOOK_TYPE) -> str:
    """[Content_Types].xml with the type of the workbook."""
    return (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{main}"/></Types>'
    )


def pack(members: Mapping[str, str | bytes]) -> bytes:
    """An honest zip of the parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def book(rows: str, **changed: str | bytes) -> bytes:
    """A workbook file with these rows."""
    return pack(parts(rows, **changed))


def with_part(name: str, content: str | bytes = "x") -> bytes:
    """A smallest workbook with one part more."""
    return pack({**parts(), name: content})


@dataclass
class Entry:
    """One member as it shall stand in the file; `size`, `crc`, `packed` may lie, `hidden` follows its data."""

    name: bytes
    data: bytes
    method: int = 8
    flags: int = 0
    mode: int = 0
    size: int | None = None
    crc: int | None = None
    packed: int | None = None
    hidden: bytes = b""
    repeat: int = 1


def entries(members: Mapping[str, str | bytes]) -> list[Entry]:
    """The members as entries to tamper with."""
    return [_entry(name, content) for name, content in members.items()]


def _entry(name: str, content: str | bytes) -> Entry:
    plain = content.encode() if isinstance(content, str) else content
    return Entry(name.encode(), deflate([plain])[0], size=len(plain), crc=zlib.crc32(plain))


def deflate(blocks: Iterable[bytes], *, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> tuple[bytes, int, int]:
    """Raw deflated data, plain size and checksum of `blocks`, without holding them together."""
    packer = zlib.compressobj(6, zlib.DEFLATED, -15, 9, strategy)
    out, size, crc = [], 0, 0
    for block in blocks:
        out.append(packer.compress(block))
        size, crc = size + len(block), zlib.crc32(block, crc)
    return b"".join((*out, packer.flush())), size, crc


def big_entry(name: str, blocks: Iterable[bytes], *, strategy: int = zlib.Z_DEFAULT_STRATEGY) -> Entry:
    """An honest member of any size."""
    data, size, crc = deflate(blocks, strategy=strategy)
    return Entry(name.encode(), data, size=size, crc=crc)


def around(start: str, middle: bytes, count: int, end: str) -> Iterator[bytes]:
    """`start`, `count` times `middle`, `end`."""
    yield start.encode()
    for _ in range(count):
        yield middle
    yield end.encode()


def raw_zip(members: Iterable[Entry], *, comment: bytes = b"", count: int | None = None, disk: int = 0) -> bytes:
    """A zip file exactly as told."""
    body, directory, total = b"", b"", 0
    for entry in members:
        packed = len(entry.data) if entry.packed is None else entry.packed
        size, crc = entry.size or 0, entry.crc or 0
        shared = struct.pack("<HHHHLLLHH", entry.flags, entry.method, 0, 33, crc, packed, size, len(entry.name), 0)
        central = struct.pack("<HHHLL", 0, 0, 0, entry.mode << 16, len(body)) + entry.name
        directory += (b"PK\x01\x02" + struct.pack("<HH", 20, 20) + shared + central) * entry.repeat
        body += b"PK\x03\x04" + struct.pack("<H", 20) + shared + entry.name + entry.data + entry.hidden
        total += entry.repeat
    told = total if count is None else count
    ending = struct.pack("<HHHHLLH", disk, disk, told, told, len(directory), len(body), len(comment))
    return body + directory + b"PK\x05\x06" + ending + comment


def tampered(**changes: object) -> bytes:
    """A smallest workbook whose sheet member is not what it says."""
    members = entries(parts())
    return raw_zip([*members[:-1], replace(members[-1], **changes)])


def named(name: bytes, **changes: object) -> bytes:
    """A smallest workbook with one member more, of this name."""
    return raw_zip([*entries(parts()), replace(Entry(name, b"x", method=0, size=1, crc=zlib.crc32(b"x")), **changes)])


def with_sheet(entry: Entry, *, strings: Entry | None = None) -> bytes:
    """A smallest workbook whose sheet is `entry`, and whose shared strings are `strings`."""
    members = {member.name: member for member in entries(parts())}
    replaced = [entry, strings] if strings else [entry]
    return raw_zip({**members, **{member.name: member for member in replaced}}.values())


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


class Cases(dict[str, tuple[Callable[[], bytes], tuple[str, ...]]]):
    """Files by name: how each is made, and the codes of which one must be given."""

    def add(self, codes: str, **makers: Callable[[], bytes]) -> None:
        """Several files for the same codes."""
        for name, maker in makers.items():
            self[name] = maker, tuple(codes.split())
