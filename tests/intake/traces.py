"""A search for words that must lie nowhere: in every spelling, in files whole or packed."""

import gzip
import json
import re
import zipfile
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
PACKED = re.compile(rb"\x1f\x8b\x08|PK\x03\x04|\x78[\x01\x5e\x9c\xda]")
FIRST, MOST = 2**16, 2**26  # bytes that are unpacked at first, and of what unpacks
LOCAL = 30  # bytes of a zip's local header before the name


def spellings(word: str) -> dict[str, bytes]:
    """How it could lie about: four encodings, each plain, hexadecimal, and base64 whatever stands before it; and in JSON."""
    found = {"json": json.dumps(word)[1:-1].encode()}
    for name in ENCODINGS:
        plain = word.encode(name)
        found |= {name: plain, f"{name} hex": plain.hex().encode(), f"{name} HEX": plain.hex().upper().encode()}
        for before in range(3):
            first, last = (before * 8 + 5) // 6, (before + len(plain)) * 8 // 6
            for kind, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
                found[f"{name} {kind} {before}"] = encode(bytes(before) + plain)[first:last]
    return found


@dataclass
class Search:
    """`hits` are (where, which word, how it is spelt); `read` counts bytes, also unpacked ones."""

    words: tuple[str, ...]
    read: int = 0
    hits: list[tuple[str, str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._ways = [(word, how, way) for word in self.words for how, way in spellings(word).items()]

    def of(self, content: bytes, where: str) -> None:
        """Looks through these bytes, and through what they hold packed."""
        for place, piece in ((where, content), *((f"{where}, unpacked", each) for each in unpacked(content))):
            self.read += len(piece)
            self.hits += [(place, word, how) for word, how, way in self._ways if way in piece]

    def through(self, *folders: Path) -> "Search":
        """Looks through every file below, as it is now."""
        for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
            try:
                self.of(path.read_bytes(), str(path))
            except FileNotFoundError:  # moved or removed meanwhile
                continue
        return self

    def open_files(self, pids: Iterable[int]) -> None:
        """Looks through what these processes hold open without a name, or with one."""
        for pid in pids:
            for link in _links(pid):
                try:
                    if link.is_file():
                        self.of(link.read_bytes(), f"{link} {link.readlink()}")
                except OSError:
                    continue


def _links(pid: int) -> list[Path]:
    try:
        return list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return []


def unpacked(content: bytes) -> Iterator[bytes]:
    """Every stretch that unpacks: gzip, zlib, members of zip files."""
    for found in PACKED.finditer(content):
        at = found.start()
        kind, begin = 15, at
        if found[0][:2] == b"\x1f\x8b":
            kind = 31
        elif found[0][:2] == b"PK":
            sizes = (
                int.from_bytes(content[each : each + 2], "little") for each in (at + 26, at + 28)
            )  # name, extra field
            kind, begin = -15, at + LOCAL + sum(sizes)
        piece = _inflated(content, begin, kind)
        if piece:
            yield piece


def _inflated(content: bytes, at: int, kind: int) -> bytes:
    engine = zlib.decompressobj(kind)
    try:
        begun = engine.decompress(content[at : at + FIRST], FIRST)
        return begun + engine.decompress(engine.unconsumed_tail + content[at + FIRST : at + MOST], MOST)
    except zlib.error:
        return b""


def planted(word: str) -> dict[str, bytes]:
    """Clear copies of a word in all its spellings, and packed in three ways: what a search must find."""
    plain = b"before " + word.encode() + b" after"
    box = BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a long name.txt", plain)
    packed = {"gzip": gzip.compress(plain), "zlib": zlib.compress(plain), "zip": box.getvalue()}
    return {how: b"\x00\x01" + way + b"\x02" for how, way in {**spellings(word), **packed}.items()}
