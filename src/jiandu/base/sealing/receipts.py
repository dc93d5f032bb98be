"""The receipt of whoever reports: 120 random bits as 24 letters, two that tell a typing error, and all that follows from it.

It is shown once and stored nowhere. 120 bits stand above the line where a guess needs an expensive derivation to be
hopeless (ASVS 6.5.2: 112), so a plain HKDF gives what the inside keeps: a lookup id, and the public key for replies.
"""

import secrets
import unicodedata
from dataclasses import dataclass, field

from jiandu.base.core.errors import Refused
from jiandu.base.sealing.suites import INTERNATIONAL, PrivateKey, suite

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
MISREAD = str.maketrans("OIL", "011")
SIZE, CHECKS, GROUP = 24, 2, 4
MODULUS = 1021  # the largest prime below 32²: finds every wrong letter and every two that changed places
BITS = 5


@dataclass(frozen=True)
class Receipt:
    """A receipt as it was given or typed. Shows itself to nobody who did not ask for its text."""

    number: int = field(repr=False)
    suite: int = INTERNATIONAL

    @property
    def text(self) -> str:
        """In groups of four, to be written down."""
        body = spelled(self.number, SIZE)
        return grouped(body + check_of(body))

    @property
    def lookup(self) -> bytes:
        """32 bytes that the inside finds the report by; nobody comes from them to the receipt."""
        return suite(self.suite).derive(self._secret, b"jiandu receipt lookup", 32)

    @property
    def reply_key(self) -> PrivateKey:
        """The reporter's key: replies are sealed to its public half, which the report carries."""
        seed = suite(self.suite).derive(self._secret, b"jiandu receipt reply", 48)
        return PrivateKey.derived(self.suite, seed)

    @property
    def _secret(self) -> bytes:
        return self.number.to_bytes(SIZE * BITS // 8, "big")


def new_receipt(number: int = INTERNATIONAL) -> Receipt:
    """A random one, for that suite."""
    return Receipt(secrets.randbits(SIZE * BITS), number)


def read_receipt(typed: str, number: int = INTERNATIONAL) -> Receipt:
    """The receipt that somebody typed, in any width and case, with or without dashes, O for 0, I or L for 1.

    Raises Refused: receipt-length, receipt-letters, receipt-mistyped.
    """
    code = plain(typed)
    if len(code) != SIZE + CHECKS:
        raise Refused(
            "receipt-length", "查询码应为%(size)d个字符，现为%(given)d个", size=SIZE + CHECKS, given=len(code)
        )
    wrong = next((letter for letter in code if letter not in LETTERS), None)
    if wrong is not None:
        raise Refused("receipt-letters", "查询码中没有“%(letter)s”这个字符", letter=wrong)
    body, check = code[:SIZE], code[SIZE:]
    if check != check_of(body):
        raise Refused("receipt-mistyped", "查询码有误，请对照原件逐组核对")
    return Receipt(value_of(body), number)


def plain(typed: str) -> str:
    """Half-width capitals without blanks and dashes, misread letters put right."""
    folded = unicodedata.normalize("NFKC", typed).upper()
    return "".join(
        char for char in folded if unicodedata.category(char)[0] not in {"Z", "P", "C"} and char != "−"
    ).translate(MISREAD)


def spelled(number: int, size: int) -> str:
    """A number in so many letters."""
    return "".join(LETTERS[number >> BITS * place & 31] for place in range(size - 1, -1, -1))


def value_of(code: str) -> int:
    """The number that the letters spell."""
    number = 0
    for letter in code:
        number = number << BITS | LETTERS.index(letter)
    return number


def check_of(body: str) -> str:
    """The two letters after it."""
    return spelled(value_of(body) % MODULUS, CHECKS)


def grouped(code: str) -> str:
    """In groups of four."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
