"""The machine is taken while officers are signed in and unlocked: database, session rows, key files. None of it opens a thing."""

from base64 import b64encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from tests.vaults.people import CITY, OFFICE, Store, context_of, keyed, phrase, unlocked
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts import seeds
from jiandu.base.sealing.envelope import open_envelope
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.fields import seal_text
from jiandu.base.sealing.suites import PrivateKey
from jiandu.net.vaults.services import register_escrow

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # it reads the file of SQLite

TEXT = "村支书把三块集体地租给了自己的弟弟"
KEY = 32


@pytest.fixture
def taken(world: World) -> tuple[World, Store, list[UUID], bytes]:
    """An office at work, its key files made, two of its people unlocked; then all that lies on the disk."""
    with as_(SYSTEM) as by:
        register_escrow(public=PrivateKey.new().public, by=by)
    keyed(world, "干部甲", "主任甲")
    keyed(world, "书记", office=CITY)
    store = Store()
    uids = [store.add(world, f"{TEXT}{number}".encode()) for number in range(100)]
    for name in ("干部甲", "主任甲"):
        browser = Client()
        browser.force_login(world.users[name])
        assert browser.post("/desk/keys/", {"passphrase": phrase(name)}).status_code == 303
    seeds.seal("JBSWY3DPEHPK3PXP")
    seal_text("13800138000", table="t", uid="1", column="c")
    folder = Path(settings.DATA)
    (folder / "envelopes.bin").write_bytes(b"".join(store.rows.values()))
    disk = connection.connection.serialize() + settings.SECRET_KEY.encode()
    disk += b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())
    return world, store, uids, disk


def spellings(secret: bytes) -> Iterator[bytes]:
    """As it could lie about: plain, hexadecimal, base64 whatever stands before it."""
    yield secret
    yield secret.hex().encode()
    yield secret.hex().upper().encode()
    for before in range(3):
        for encode in (b64encode, urlsafe_b64encode):
            yield encode(bytes(before) + secret)[before + 1 : -4]


def test_no_secret_lies_on_the_disk(taken: tuple[World, Store, list[UUID], bytes]) -> None:
    world, _, _, disk = taken
    secrets = [TEXT.encode(), TEXT.encode("gb18030"), TEXT.encode("utf-16-le")]
    for name in ("干部甲", "主任甲", "书记"):
        mine = unlocked(world, name)
        secrets += [phrase(name).encode(), mine.member.raw]
        secrets += [part for one in mine.held.values() for part in (one.private.raw, one.blind)]
    assert [secret for secret in secrets if any(spelling in disk for spelling in spellings(secret))] == []
    (known,) = {key.raw for key in [unlocked(world, "干部甲").member]}
    assert all(spelling in disk + b"".join(spellings(known)) for spelling in spellings(known))  # the search sees
    assert world.users["干部甲"].username.encode() in disk


def test_nothing_on_the_disk_is_a_key_that_opens(taken: tuple[World, Store, list[UUID], bytes]) -> None:
    """Every 32 bytes of the key files, as they are and decoded, are tried on the envelopes; then a passphrase."""
    world, store, uids, _ = taken
    files = [file.read_bytes() for file in sorted((Path(settings.DATA) / "keys").iterdir())]
    files += [urlsafe_b64decode(word + b"==") for file in files for word in file.split() if len(word) % 4 == 0]
    tried = {raw[at : at + KEY] for raw in files for at in range(max(len(raw) - KEY + 1, 0))}
    assert len(tried) > 50
    opened = [raw for raw in tried if opens(PrivateKey(1, raw), store, uids[0])]
    assert opened == []
    mine = unlocked(world, "干部甲")
    assert [mine.open(store.rows[uid], context_of(uid)).decode() for uid in uids] == [f"{TEXT}{n}" for n in range(100)]
    assert [uid for uid in uids if unlocked(world, "书记").key_for(store.rows[uid])] == []


def opens(key: PrivateKey, store: Store, uid: UUID) -> bool:
    """A sealed box opens with no key but its recipient's, whose public half the envelope names."""
    try:
        open_envelope(store.rows[uid], key=key, context=context_of(uid))
    except Unopenable:
        return False
    return True


def test_what_is_seen_of_an_envelope_is_what_was_promised(taken: tuple[World, Store, list[UUID], bytes]) -> None:
    """Size class, suite, and to whom: nothing that differs with what is said."""
    world, store, uids, _ = taken
    assert {len(envelope) for envelope in store.rows.values()} == {4096}
    assert {envelope[:35] for envelope in store.rows.values()} == {store.rows[uids[0]][:35]}  # version, suite, key ids
    long = store.add(world, TEXT.encode() * 100, office=OFFICE)
    assert len(store.rows[long]) == 16384
