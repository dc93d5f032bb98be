"""Which cryptography: a suite by its number, and keys that know theirs. All suites that can run stay readable for ever.

1 international, 2 国密, 3 kept for an adapter to a cryptographic device. A suite answers its known vectors before its
first use in a process, or it is not used.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any, NoReturn, Protocol

from jiandu.base.sealing.errors import Missing, Unopenable

INTERNATIONAL, GUOMI, DEVICE = 1, 2, 3
ID_SIZE = 16  # bytes


class Writer(Protocol):
    """The writing end of a stream."""

    head: bytes

    def push(self, plain: bytes, said: bytes, *, is_last: bool) -> bytes: ...


class Reader(Protocol):
    """The reading end of a stream."""

    def pull(self, data: bytes, said: bytes) -> tuple[bytes, bool]: ...


class Suite(Protocol):
    """What every suite can do; `International` says how each is meant."""

    id: int
    name: str
    key_size: int
    block_overhead: int

    @property
    def head_size(self) -> int: ...
    def new_private(self) -> bytes: ...
    def private_from(self, seed: bytes) -> bytes: ...
    def public_of(self, private: bytes) -> bytes: ...
    def wrap(self, secret: bytes, public: bytes) -> bytes: ...
    def unwrap(self, wrap: bytes, private: bytes, public: bytes) -> bytes: ...
    def encrypt(self, key: bytes, nonce: bytes, plain: bytes, said: bytes) -> bytes: ...
    def decrypt(self, key: bytes, nonce: bytes, data: bytes, said: bytes) -> bytes: ...
    def derive(self, secret: bytes, said: bytes, size: int = 32) -> bytes: ...
    def mac(self, key: bytes, text: bytes) -> bytes: ...
    def digest(self, text: bytes) -> bytes: ...
    def sign(self, private: bytes, text: bytes) -> bytes: ...
    def verify(self, public: bytes, text: bytes, signature: bytes) -> bool: ...
    def writer(self, key: bytes) -> Writer: ...
    def reader(self, key: bytes, head: bytes) -> Reader: ...


@cache
def suite(number: int) -> Suite:
    """The suite, once its known answers have come out. Raises Missing: unknown, reserved, no library, or wrong answers."""
    from jiandu.base.sealing import vectors  # noqa: PLC0415 -- slow import: what never seals loads no cryptography

    if number == DEVICE:
        raise Missing(
            "算法套件3留给密码设备，本系统尚未接入 · suite 3 is kept for a cryptographic device: none is attached"
        )
    made = vectors.SUITES.get(number)
    if made is None:
        raise Missing(f"没有这个算法套件：{number} · there is no suite {number}")
    vectors.self_test(number)
    return made


def known_suite(number: int) -> Suite:
    """The suite that something sealed names. Raises Unopenable where no such thing was ever made, Missing without its library."""
    if number not in {INTERNATIONAL, GUOMI}:
        raise Unopenable
    return suite(number)


@dataclass(frozen=True)
class PublicKey:
    """A key to seal to."""

    suite: int
    raw: bytes

    @cached_property
    def id(self) -> bytes:
        """16 bytes by which envelopes name it. The hash is SHA-256 in every suite: a name, not a protection."""
        from hashlib import sha256  # noqa: PLC0415 -- beside its only use

        return sha256(b"jiandu key\x00" + bytes([self.suite]) + self.raw).digest()[:ID_SIZE]

    @property
    def fingerprint(self) -> str:
        """Its name for people: eight groups of four, to be compared by two of them."""
        text = self.id.hex().upper()
        return " ".join(text[start : start + 4] for start in range(0, len(text), 4))

    @property
    def text(self) -> str:
        """One line, as kept in a file or a column: "1:…"."""
        return f"{self.suite}:{urlsafe_b64encode(self.raw).decode()}"

    @classmethod
    def of_text(cls, number: str, raw: str) -> "PublicKey":
        """What `text` wrote, out of our own table."""
        return cls(int(number), urlsafe_b64decode(raw))

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """What `text` wrote. Raises ValueError, Missing without the library of its suite."""
        number, _, raw = text.strip().partition(":")
        try:
            key = cls(int(number), urlsafe_b64decode(raw))
            known_suite(key.suite).wrap(b"\x00" * 32, key.raw)
        except ValueError as error:
            raise ValueError(f"不是公钥：{text[:20]} · not a public key") from error
        return key


@dataclass(frozen=True)
class PrivateKey:
    """A key that opens. It shows itself to nobody: not in repr, not by pickle."""

    suite: int
    raw: bytes = field(repr=False)

    @classmethod
    def new(cls, number: int = INTERNATIONAL) -> "PrivateKey":
        """A random one."""
        return cls(number, suite(number).new_private())

    @classmethod
    def derived(cls, number: int, seed: bytes) -> "PrivateKey":
        """The one that 48 derived bytes stand for."""
        return cls(number, suite(number).private_from(seed))

    @cached_property
    def public(self) -> PublicKey:
        """Its public half."""
        return PublicKey(self.suite, suite(self.suite).public_of(self.raw))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a private key is not pickled")

    def __deepcopy__(self, memo: dict[int, Any]) -> "PrivateKey":
        return self


def wrap(secret: bytes, to: PublicKey) -> bytes:
    """A secret of at most 255 bytes sealed to one key."""
    return suite(to.suite).wrap(secret, to.raw)


def unwrap(wrapped: bytes, key: PrivateKey) -> bytes:
    """The secret. Raises Unopenable."""
    return suite(key.suite).unwrap(wrapped, key.raw, key.public.raw)
