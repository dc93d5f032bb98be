"""Reads a QR back out of its picture, by the standard and not by the library that drew it: byte mode, no damage mended.

Only what our codes use: versions 1 to 8 of level M (blocks as in ISO/IEC 18004, table 9), one byte segment.
"""

import struct
import zlib

#: Version → codewords of data in each block, level M.
BLOCKS = {1: [16], 2: [28], 3: [44], 4: [32] * 2, 5: [43] * 2, 6: [27] * 4, 7: [31] * 4, 8: [38] * 2 + [39] * 2}
TURNED = {
    0: lambda r, c: (r + c) % 2,
    1: lambda r, _c: r % 2,
    2: lambda _r, c: c % 3,
    3: lambda r, c: (r + c) % 3,
    4: lambda r, c: (r // 2 + c // 3) % 2,
    5: lambda r, c: r * c % 2 + r * c % 3,
    6: lambda r, c: (r * c % 2 + r * c % 3) % 2,
    7: lambda r, c: ((r + c) % 2 + r * c % 3) % 2,
}


def modules(png: bytes) -> list[list[bool]]:
    """The dark modules of a PNG of one bit a pixel, without the white around them."""
    width, height = struct.unpack(">II", png[16:24])
    at, packed = 8, b""
    while at < len(png):
        size = struct.unpack(">I", png[at : at + 4])[0]
        packed += png[at + 8 : at + 8 + size] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + size
    rows, stride = zlib.decompress(packed), (width + 7) // 8 + 1
    dark = [[not rows[y * stride + 1 + x // 8] >> (7 - x % 8) & 1 for x in range(width)] for y in range(height)]
    first = next(y for y, line in enumerate(dark) if any(line))
    dot = dark[first].index(False, first) - first
    assert dot % 7 == 0, "a finder pattern is seven modules wide"
    step = dot // 7
    return [line[first : width - first : step] for line in dark[first : height - first : step]]


def read(png: bytes) -> str:
    """What it says."""
    grid = modules(png)
    size = len(grid)
    version = (size - 17) // 4
    mask = [grid[8][c] for c in (2, 3, 4)]
    level = [grid[8][c] for c in (0, 1)]
    said = int("".join("01"[bit] for bit in (*level, *mask)), 2) ^ 0b10101
    assert said >> 3 == 0b00, "level M"
    turned = TURNED[said & 0b111]
    bits = "".join("01"[grid[r][c] ^ (not turned(r, c))] for r, c in _path(size, version))
    words = [int(bits[i : i + 8], 2) for i in range(0, len(bits) // 8 * 8, 8)]
    data = "".join(f"{word:08b}" for word in _in_order(words, BLOCKS[version]))
    assert data[:4] == "0100", "byte mode"
    count = int(data[4:12], 2)
    return bytes(int(data[12 + 8 * i : 20 + 8 * i], 2) for i in range(count)).decode("ascii")


def _path(size: int, version: int) -> list[tuple[int, int]]:
    """Modules of data in the order in which they are written: in pairs of columns from the right, up and down."""
    found, up = [], True
    for right in [*range(size - 1, 6, -2), *range(5, 0, -2)]:
        for row in range(size - 1, -1, -1) if up else range(size):
            found += [(row, col) for col in (right, right - 1) if not _is_fixed(row, col, size, version)]
        up = not up
    return found


def _is_fixed(r: int, c: int, size: int, version: int) -> bool:
    """Finders with format, timing, alignment and (from version 7) the version."""
    if (r < 9 and (c < 9 or c >= size - 8)) or (r >= size - 8 and c < 9) or 6 in (r, c):
        return True
    if version >= 7 and ((r < 6 and c >= size - 11) or (c < 6 and r >= size - 11)):
        return True
    places = [] if version == 1 else [6, size - 7] if version < 7 else [6, (size - 7 + 6) // 2, size - 7]
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    return any(
        abs(r - y) <= 2 and abs(c - x) <= 2 for y in places for x in places if (y, x) not in corners
    )  # fmt: skip


def _in_order(words: list[int], blocks: list[int]) -> list[int]:
    """The blocks one after the other: they are written a word of each in turn, the longer ones last."""
    found: list[list[int]] = [[] for _ in blocks]
    given = iter(words)
    for place in range(max(blocks)):
        for block, length in zip(found, blocks, strict=True):
            if place < length:
                block.append(next(given))
    return [word for block in found for word in block]
