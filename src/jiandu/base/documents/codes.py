"""The QR in the corner of a form: the address of this installation's door for one record, so that what came back on
paper is typed in where it belongs. It holds an address and nothing else: no words, no number of a level, no secret.
"""

import struct
import zlib
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from uuid import UUID

from django.conf import settings

QUIET = 4  # modules of white around it, as the standard asks
DOT = 4  # pixels a module: sharp in print, small in the file


class Opens(IntEnum):
    """Which form is opened, and of what. Paper lies in drawers: a number once printed never means another form."""

    ROUND_VISIT = 1
    UNIT_VISIT = 2
    VISIT = 3
    ROUND_FEEDBACK = 4
    UNIT_FEEDBACK = 5
    TALK = 6
    TALK_PLAN = 7
    CONTACT_PROBLEM = 8
    CONTACT_REPLY = 9
    INSPECTION = 10
    MEETING = 11
    ASSETS_TOWN = 12
    ASSETS_DISTRICT = 13
    HANDOVER = 14
    PACK_TOWN = 15
    PACK_DISTRICT = 16
    ALERT = 17


@dataclass(frozen=True, slots=True)
class Code:
    """Which form of which record it opens; `leaf` tells the sheets of one form apart."""

    opens: Opens
    of: UUID
    leaf: int = 0

    @property
    def path(self) -> str:
        """The door's path, as `surfaces/desk/views/scanned.py` reads it."""
        tail = f"{self.leaf}/" if self.leaf else ""
        return f"/desk/d/{self.opens}/{self.of}/{tail}"

    @property
    def address(self) -> str:
        """With the host, where this installation has told its own: a telephone's camera opens that."""
        return f"{settings.ADDRESS}{self.path}"

    @property
    def png(self) -> bytes:
        return drawn(self.address)


@lru_cache(maxsize=2048)
def drawn(text: str) -> bytes:
    """The text as QR (correction level M), a PNG of one bit a pixel. The same text gives the same bytes."""
    import qrcode  # noqa: PLC0415 -- slow import

    made = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, border=QUIET)
    made.add_data(text, optimize=0)
    made.make(fit=True)
    return _png([[not dark for dark in line for _ in range(DOT)] for line in made.get_matrix() for _ in range(DOT)])


def _png(lines: list[list[bool]]) -> bytes:
    """White where true."""
    rows = b"".join(b"\0" + _packed(line) for line in lines)
    head = struct.pack(">IIBBBBB", len(lines[0]), len(lines), 1, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def _packed(line: list[bool]) -> bytes:
    bits = "".join("1" if one else "0" for one in line)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _chunk(kind: bytes, said: bytes) -> bytes:
    return struct.pack(">I", len(said)) + kind + said + struct.pack(">I", zlib.crc32(kind + said))
