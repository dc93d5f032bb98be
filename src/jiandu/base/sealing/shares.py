"""The escrow key in three papers, of which any two give it back and one says nothing (Shamir 1979, over GF(2⁸)).

Each byte of the secret is the value at 0 of a random polynomial of degree 1; a share is its value at 1, 2 or 3. The field
is that of AES (x⁸ + x⁴ + x³ + x + 1). A share is printed with a check of its own; that the two belong together shows
when the public key of what they give is the one that was registered.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from jiandu.base.core.errors import Refused
from jiandu.base.sealing.receipts import LETTERS, check_of, grouped, plain, spelled, value_of
from jiandu.base.sealing.suites import PrivateKey

NEEDED, MADE = 2, 3
BYTES, CODE = 32, 52  # 52 letters hold 260 bits


@dataclass(frozen=True)
class Share:
    """One of the papers: its number and 32 bytes."""

    suite: int
    number: int
    raw: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """As it is printed: number, then letters in groups of four, two that tell a typing error at the end."""
        head = f"{self.suite}{self.number}"
        body = head + spelled(int.from_bytes(self.raw, "big"), CODE)
        return f"{head}-{grouped(body[len(head) :] + check_of(body))}"


def split(key: PrivateKey) -> tuple[Share, ...]:
    """Three shares of a private key; any two give it back."""
    slopes = secrets.token_bytes(len(key.raw))
    return tuple(
        Share(
            key.suite,
            number,
            bytes(byte ^ multiply(slope, number) for byte, slope in zip(key.raw, slopes, strict=True)),
        )
        for number in range(1, MADE + 1)
    )


def join(shares: Sequence[Share]) -> PrivateKey:
    """The private key. Raises Refused for fewer than two different shares. Of shares that do not belong together it gives
    another key: compare its public half."""
    distinct = {share.number: share for share in shares}
    if len(distinct) < NEEDED or len({share.suite for share in shares}) != 1:
        raise Refused("shares-needed", "恢复密钥需要任意两份不同的分片")
    one, other = list(distinct.values())[:NEEDED]
    inverse = _inverse(one.number ^ other.number)
    left, right = multiply(other.number, inverse), multiply(one.number, inverse)  # Lagrange at 0
    pairs = zip(one.raw, other.raw, strict=True)
    return PrivateKey(one.suite, bytes(multiply(a, left) ^ multiply(b, right) for a, b in pairs))


def read_share(typed: str) -> Share:
    """The share that somebody typed from the paper. Raises Refused (share-mistyped)."""
    code = plain(typed)
    head, body, check = code[:2], code[2 : 2 + CODE], code[2 + CODE :]
    is_whole = len(code) == 2 + CODE + 2 and all(letter in LETTERS for letter in code)
    if not is_whole or head[1] not in "123" or check != check_of(head + body) or value_of(body) >> 8 * BYTES:
        raise Refused("share-mistyped", "密钥分片有误，请对照原件逐组核对")
    return Share(int(head[0]), int(head[1]), value_of(body).to_bytes(BYTES, "big"))


def multiply(one: int, other: int) -> int:
    """In GF(2⁸), without tables: the work does not depend on what is multiplied."""
    product = 0
    for bit in range(8):
        product ^= -(other >> bit & 1) & one
        one = one << 1 ^ (-(one >> 7) & 0x11B)
    return product


def _inverse(value: int) -> int:
    """value²⁵⁴."""
    result = 1
    for _ in range(254):
        result = multiply(result, value)
    return result
