"""An envelope: content that opens with the key of any of its recipients, in its own place, unaltered; else not at all.

Format, all of it in a size of the padding set:

    version 1 ‖ suite 1 ‖ number of wraps 1 ‖ key ids 16 each ‖ wraps (suite 1 ‖ size 2 ‖ …) each
    ‖ zeros up to 992 ‖ mark 32 ‖ nonce 12 ‖ body

Each envelope has a 256-bit item key of its own, which the wraps hold, one sealed to each recipient. The body is
AEAD under a key derived from it, with version, suite and context beside it. The mark is a MAC under another such key over
the whole head and the context: so an altered bit in the wrap of somebody else is seen too, a wrap is neither added nor
taken away unseen, and every recipient opens the same content. `rewrap` writes a new head before the same body.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from uuid import UUID

from jiandu.base.sealing import padding
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import ID_SIZE, PrivateKey, PublicKey, Suite, known_suite, suite, unwrap, wrap

VERSION = 1
HEAD, MARK, NONCE, TAG = 1024, 32, 12, 16  # bytes
KEY = 32
BEFORE = HEAD + NONCE
LARGEST = 16 * padding.MIB  # what is larger is a stream


@dataclass(frozen=True)
class Context:
    """Where an envelope belongs: kind of record and column, the record's uid, the compartment. It opens nowhere else."""

    kind: str
    uid: UUID | str
    compartment: str = "content"

    @property
    def encoded(self) -> bytes:
        """Unambiguous: each part after its length."""
        parts = [part.encode() for part in (self.kind, str(self.uid), self.compartment)]
        return b"jiandu" + b"".join(len(part).to_bytes(2, "big") + part for part in parts)


@dataclass(frozen=True)
class _Head:
    suite: int
    wraps: dict[bytes, tuple[int, bytes]]  # key id → (suite of the key, wrap)
    unmarked: bytes
    mark: bytes


def new_item_key() -> bytes:
    """256 random bits, for one item."""
    return secrets.token_bytes(KEY)


def seal(plain: bytes, *, to: Sequence[PublicKey], context: Context) -> bytes:
    """The content, sealed to every one of these keys. Raises ValueError without a recipient, with too many, or too large."""
    if len(plain) > LARGEST:
        raise ValueError(f"an envelope holds at most {LARGEST} bytes: make it a stream")
    if not to:
        raise ValueError("an envelope needs a recipient")
    used, item_key, nonce = suite(to[0].suite), new_item_key(), secrets.token_bytes(NONCE)
    head = _head(used, item_key, to, context)
    padded = padding.pad(plain, beside=BEFORE + TAG)
    return head + nonce + used.encrypt(_key(used, item_key, b"body"), nonce, padded, _beside(used.id, context))


def open_envelope(envelope: bytes, *, key: PrivateKey, context: Context) -> bytes:
    """The content. Raises Unopenable for another key, another context, or any altered bit."""
    used, item_key = _opened(envelope, key, context)
    nonce, body = envelope[HEAD:BEFORE], envelope[BEFORE:]
    padded = used.decrypt(_key(used, item_key, b"body"), nonce, body, _beside(used.id, context))
    return padding.unpad(padded)


def recipients(envelope: bytes) -> list[bytes]:
    """The ids of the keys that open it. Raises Unopenable for what is no envelope."""
    return list(_read(envelope).wraps)


def rewrap(envelope: bytes, *, key: PrivateKey, to: Sequence[PublicKey], context: Context) -> bytes:
    """The same body under a head for these keys and no others. Raises Unopenable as `open_envelope`, ValueError as `seal`.

    Only the head is proved: an altered body goes along as it is, and is refused when it is opened.
    Who could open it before and kept a copy still can: what has been read cannot be taken back.
    """
    used, item_key = _opened(envelope, key, context)
    return _head(used, item_key, to, context) + envelope[HEAD:]


def exchange(envelope: bytes, *, key: PrivateKey, to: PublicKey, context: Context) -> bytes:
    """The same body and the same wraps, but the one of `key` is now one of `to`: when the key of an office is rotated.

    Nobody needs to know the other recipients. Raises Unopenable as `rewrap`.
    """
    used, item_key = _opened(envelope, key, context)
    wraps = _read(envelope).wraps
    new = {to.id: (to.suite, wrap(item_key, to))}
    kept = {key_id: made for key_id, made in wraps.items() if key_id not in {key.public.id, to.id}}
    return _written(used, item_key, {**new, **kept}, context) + envelope[HEAD:]


def _opened(envelope: bytes, key: PrivateKey, context: Context) -> tuple[Suite, bytes]:
    """(its suite, its item key), the head proved whole."""
    head = _read(envelope)
    number, wrapped = head.wraps.get(key.public.id, (0, b""))
    if number != key.suite:
        raise Unopenable
    used, item_key = known_suite(head.suite), unwrap(wrapped, key)
    if not compare_digest(head.mark, _mark(used, item_key, head.unmarked, context)):
        raise Unopenable
    return used, item_key


def _head(used: Suite, item_key: bytes, to: Sequence[PublicKey], context: Context) -> bytes:
    if len({key.id for key in to}) != len(to) or not to:
        raise ValueError("each recipient once, and at least one")
    return _written(used, item_key, {key.id: (key.suite, wrap(item_key, key)) for key in to}, context)


def _written(used: Suite, item_key: bytes, wraps: dict[bytes, tuple[int, bytes]], context: Context) -> bytes:
    said = bytes([VERSION, used.id, len(wraps)]) + b"".join(wraps)
    said += b"".join(bytes([number]) + len(made).to_bytes(2, "big") + made for number, made in wraps.values())
    if len(said) > HEAD - MARK:
        raise ValueError(f"too many recipients: {len(wraps)}")
    unmarked = said.ljust(HEAD - MARK, b"\x00")
    return unmarked + _mark(used, item_key, unmarked, context)


def _read(envelope: bytes) -> _Head:
    """Raises Unopenable unless every byte of the head is accounted for."""
    if not padding.is_size(len(envelope)) or envelope[0] != VERSION or not envelope[2]:
        raise Unopenable
    count, unmarked = envelope[2], envelope[: HEAD - MARK]
    at = 3 + count * ID_SIZE
    ids = [unmarked[start : start + ID_SIZE] for start in range(3, at, ID_SIZE)]
    wraps = {}
    for key_id in ids:
        size = int.from_bytes(unmarked[at + 1 : at + 3], "big")
        wraps[key_id] = (unmarked[at] if at < len(unmarked) else 0, unmarked[at + 3 : at + 3 + size])
        at += 3 + size
    if at > len(unmarked) or len(wraps) != count or any(unmarked[at:]):
        raise Unopenable
    return _Head(envelope[1], wraps, unmarked, envelope[HEAD - MARK : HEAD])


def _key(used: Suite, item_key: bytes, purpose: bytes) -> bytes:
    return used.derive(item_key, b"jiandu envelope " + purpose, used.key_size)


def _mark(used: Suite, item_key: bytes, unmarked: bytes, context: Context) -> bytes:
    return used.mac(used.derive(item_key, b"jiandu envelope head"), unmarked + context.encoded)


def _beside(number: int, context: Context) -> bytes:
    return bytes([VERSION, number]) + context.encoded
