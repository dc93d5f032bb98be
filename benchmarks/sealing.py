"""Sealing: envelopes and streams a second, 10,000 items sealed anew and searched, one guess at a passphrase. No server.

Bare: the same primitives called directly, with no format, context, padding or mark; for what is stored, sqlite3 itself.
"""

import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import django
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from nacl import bindings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiandu.project.settings")
os.environ.setdefault("JIANDU_DATA", tempfile.mkdtemp(prefix="jiandu-benchmark-"))
django.setup()

from benchmarks.figures import Figure, keep, median  # noqa: E402
from jiandu.base.sealing.envelope import Context, exchange, new_item_key, open_envelope, recipients, seal  # noqa: E402
from jiandu.base.sealing.errors import Missing  # noqa: E402
from jiandu.base.sealing.streams import decrypt, encrypt  # noqa: E402
from jiandu.base.sealing.suites import GUOMI, INTERNATIONAL, PrivateKey, suite  # noqa: E402
from jiandu.net.vaults import passphrases, resealing  # noqa: E402

ITEMS, LETTER = 10_000, 4_500
FILE = 50 * 2**20


def seconds(act: Callable[[], Any], runs: int = 3) -> float:
    """The median of three."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        act()
        taken.append(time.perf_counter() - start)
    return median(taken)


def figures() -> Iterator[Figure]:
    yield from _envelopes(INTERNATIONAL, 2_000)
    try:
        suite(GUOMI)
        yield from _envelopes(GUOMI, 500)
    except Missing:
        pass
    yield from _streams()
    yield from _rotation()
    cost = passphrases.Cost(3, 256 * 2**20)
    took = seconds(lambda: passphrases.lock(PrivateKey.new(), "shan gao yue xiao", cost))
    yield Figure("sealing", "one guess at an unlock passphrase", took, "s", "", None, "Argon2id, 3 passes, 256 MiB")


def _envelopes(number: int, count: int) -> Iterator[Figure]:
    office, escrow = PrivateKey.new(number), PrivateKey.new(number)
    plain, context = secrets.token_bytes(LETTER), Context("bench.text", uuid4())
    to, used = [office.public, escrow.public], suite(number)
    made = [seal(plain, to=to, context=context) for _ in range(count)]

    def bare_seal() -> None:
        key, nonce = secrets.token_bytes(used.key_size), secrets.token_bytes(12)
        for one in to:
            used.wrap(key, one.raw)
        used.encrypt(key, nonce, plain, b"")

    key = secrets.token_bytes(used.key_size)
    lying = used.wrap(key, office.public.raw), used.encrypt(key, bytes(12), plain, b"")

    def bare_open() -> None:
        used.decrypt(used.unwrap(lying[0], office.raw, office.public.raw), bytes(12), lying[1], b"")

    name = {INTERNATIONAL: "", GUOMI: " · 国密"}[number]
    took = seconds(lambda: [seal(plain, to=to, context=context) for _ in range(count)]) / count
    bare = seconds(lambda: [bare_seal() for _ in range(count)]) / count
    yield Figure("sealing", f"letters of 4.5 kB sealed to two keys{name}", 1 / took, "a second", "", took / bare)
    took = seconds(lambda: [open_envelope(one, key=office, context=context) for one in made]) / count
    bare = seconds(lambda: [bare_open() for _ in range(count)]) / count
    yield Figure("sealing", f"letters of 4.5 kB opened{name}", 1 / took, "a second", "", took / bare)


def _streams() -> Iterator[Figure]:
    key, context, chunk = new_item_key(), Context("bench.file", uuid4()), secrets.token_bytes(2**16)
    chunks = [chunk] * (FILE // len(chunk))
    sealed = list(encrypt(chunks, item_key=key, context=context))

    def bare() -> tuple[bytes, list[bytes]]:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        head = bindings.crypto_secretstream_xchacha20poly1305_init_push(state, key)
        return head, [bindings.crypto_secretstream_xchacha20poly1305_push(state, one) for one in chunks]

    head, lying = bare()

    def bare_open() -> None:
        state = bindings.crypto_secretstream_xchacha20poly1305_state()
        bindings.crypto_secretstream_xchacha20poly1305_init_pull(state, head, key)
        for part in lying:
            bindings.crypto_secretstream_xchacha20poly1305_pull(state, part)

    size = FILE / 2**20
    took = seconds(lambda: list(encrypt(chunks, item_key=key, context=context)))
    yield Figure("sealing", "50 MiB encrypted as a stream", size / took, "MiB/s", "", took / seconds(bare))
    took = seconds(lambda: sum(1 for _ in decrypt(sealed, item_key=key, context=context)))
    yield Figure("sealing", "50 MiB decrypted", size / took, "MiB/s", "", took / seconds(bare_open))


def _rotation() -> Iterator[Figure]:
    """The items lie in a file of SQLite, synced as ours is."""
    office, escrow, fresh = PrivateKey.new(), PrivateKey.new(), PrivateKey.new()
    text = "某村集体资产出租未公开".encode() * (LETTER // 33)
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(Path(folder) / "items.sqlite3") as kept:
        kept.execute("PRAGMA journal_mode = WAL")
        kept.execute("PRAGMA synchronous = FULL")
        kept.execute("CREATE TABLE item (uid TEXT PRIMARY KEY, envelope BLOB NOT NULL)")
        for _ in range(ITEMS):
            uid = uuid4()
            envelope = seal(text, to=[office.public, escrow.public], context=_place(uid))
            kept.execute("INSERT INTO item VALUES (?, ?)", (str(uid), envelope))
        kept.commit()

        def find(key_id: bytes) -> Iterable[resealing.Stored]:
            for uid, envelope in kept.execute("SELECT uid, envelope FROM item").fetchall():
                if key_id in recipients(envelope):
                    yield resealing.Stored(envelope, _place(uid), lambda made, uid=uid: write(made, uid))

        def write(made: bytes, uid: str) -> None:
            kept.execute("UPDATE item SET envelope = ? WHERE uid = ?", (made, uid))

        def search() -> int:
            rows = kept.execute("SELECT uid, envelope FROM item").fetchall()
            return sum("出租" in open_envelope(one, key=office, context=_place(uid)).decode() for uid, one in rows)

        took = seconds(search)
        yield Figure(
            "sealing", "10,000 items opened and searched", took, "s", "", took / _unsealed(text), "bare: AES-GCM alone"
        )
        start = time.perf_counter()
        done = sum(1 for one in find(office.public.id) if one.put(_anew(one, office, fresh)) is None)
        kept.commit()
        took = time.perf_counter() - start
        bare = seconds(lambda: _touched(kept))
        note = f"{done:,} items, written; bare: the same rows written"
        yield Figure("sealing", "10,000 items sealed anew by a rotation", took, "s", "", took / bare, note, "<= 60")


def _anew(stored: resealing.Stored, old: PrivateKey, new: PrivateKey) -> bytes:
    """As `resealing.reseal` does with whatever the contexts have registered."""
    return exchange(stored.envelope, key=old, to=new.public, context=stored.context)


def _touched(kept: sqlite3.Connection) -> None:
    rows = kept.execute("SELECT envelope, uid FROM item").fetchall()
    kept.executemany("UPDATE item SET envelope = ? WHERE uid = ?", rows)
    kept.commit()


def _unsealed(text: bytes) -> float:
    cipher = AESGCM(secrets.token_bytes(32))
    lying = cipher.encrypt(bytes(12), text, b"")
    return seconds(lambda: [cipher.decrypt(bytes(12), lying, b"") for _ in range(ITEMS)])


def _place(uid: UUID | str) -> Context:
    return Context("bench.item", str(uid))


if __name__ == "__main__" and "JIANDU_DATABASE" not in os.environ:
    keep("sealing", "", figures())
