"""Keys and places that the tests of sealing share."""

from importlib.util import find_spec
from uuid import UUID

from jiandu.base.sealing.envelope import Context
from jiandu.base.sealing.suites import GUOMI, INTERNATIONAL, PrivateKey

HAS_SM2 = find_spec("gmssl_pyx") is not None
SUITES = [INTERNATIONAL, *([GUOMI] if HAS_SM2 else [])]
ONE, OTHER = UUID(int=1, version=4), UUID(int=2, version=4)
TEXT = Context("petition.text", ONE)


def pairs(count: int, number: int = INTERNATIONAL) -> list[PrivateKey]:
    """So many fresh keys."""
    return [PrivateKey.new(number) for _ in range(count)]


def flipped(data: bytes, bit: int) -> bytes:
    """One bit altered."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
