"""The machine is taken: the whole database and folder of an office that has petitions, without a passphrase. None opens."""

import zlib
from base64 import b64decode, urlsafe_b64decode
from binascii import Error
from collections.abc import Iterator
from pathlib import Path
from re import compile as pattern
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from nacl.bindings import crypto_scalarmult_base
from tests.figures import note
from tests.intake.reports import TEXT, Desk, file, sealed
from tests.petitions.test_intake import city, desk  # noqa: F401 -- fixtures
from tests.petitions.test_vault import HOLDERS, keyed, opened, secret  # noqa: F401 -- a fixture
from tests.world import SYSTEM, World, as_

from jiandu.base.intake import files
from jiandu.base.intake.models import Report
from jiandu.base.sealing.envelope import HEAD, Context, open_envelope, recipients
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.padding import is_size
from jiandu.base.sealing.suites import PrivateKey, PublicKey
from jiandu.net.vaults.models import MemberKey
from jiandu.net.vaults.services import open_member_key
from jiandu.sources.petitions import intake, vault
from jiandu.sources.petitions.models import Petition, Sealed

pytestmark = [pytest.mark.once, pytest.mark.django_db]

KEY = 32
WORDS = pattern(rb"[0-9a-fA-F]{64}|[0-9A-Za-z+/_-]{43}")
#: What somebody would try first.
GUESSES = ("", "123456", "password", "admin", "jiandu", "监督网监督网监督网", "清风徐来清风徐来清风徐来", "1" * 14)


def candidates(disk: bytes, *, every: int) -> Iterator[bytes]:
    """What could be a private key: stretches of the disk at each `every`-th place, and what is spelt in hexadecimal or base64."""
    for at in range(0, len(disk) - KEY + 1, every):
        yield disk[at : at + KEY]
    for found in WORDS.finditer(disk):
        word = found[0]
        try:
            yield bytes.fromhex(word.decode()) if len(word) == 64 else urlsafe_b64decode(word + b"=")
            yield b64decode(word + b"=")
        except (ValueError, Error):
            continue


def keys_among(pieces: Iterator[bytes], wanted: set[bytes]) -> list[PrivateKey]:
    """Those whose public half is one that an envelope names. What packs well is no key."""
    found = []
    for piece in pieces:
        if len(piece) != KEY or len(zlib.compress(piece, 1)) < KEY - 12:
            continue
        if PublicKey(1, crypto_scalarmult_base(piece)).id in wanted:
            found.append(PrivateKey(1, piece))
    return found


def taken(desk: Desk, count: int) -> bytes:
    """An office with so many petitions from the portal, each tenth with a file; all that lies on the disk but the files."""
    for number in range(count):
        given = [sealed("合同.pdf", TEXT.encode() * 40)] if number % 10 == 0 else []
        file(desk, f"{TEXT}{number}", sender={"name": "陈举报"}, files=given)
    assert intake.take_in_all() == count
    kept = [path for path in sorted(Path(settings.DATA).rglob("*")) if path.is_file() and path.parent != files.folder()]
    return bytes(connection.connection.serialize()) + b"".join(path.read_bytes() for path in kept)


def envelopes() -> list[tuple[bytes, Context]]:
    with as_(SYSTEM):
        uids = dict(Petition.objects.values_list("pk", "uid"))
        rows = list(Sealed.objects.values_list("petition_id", "compartment", "envelope"))
    return [(bytes(envelope), Context("petition", uids[pk], compartment)) for pk, compartment, envelope in rows]


def opens(key: PrivateKey, envelope: bytes, context: Context) -> bool:
    try:
        return bool(open_envelope(envelope, key=key, context=context))
    except Unopenable:
        return False


@pytest.mark.parametrize(("count", "every"), [(60, 64), pytest.param(1000, 1, marks=pytest.mark.full)])
def test_a_copied_disk_opens_none(keyed: World, desk: Desk, count: int, every: int) -> None:
    """Every stretch of 32 bytes is tried as a key, then what people choose as passphrases. The control: with one's own, all open."""
    disk = taken(desk, count)
    told = envelopes()
    wanted = {key_id for envelope, _ in told for key_id in recipients(envelope)}
    assert len(told) == 2 * count
    assert wanted
    assert keys_among(candidates(disk, every=every), wanted) == []
    held = [one.private.raw for name in HOLDERS for one in opened(keyed, name).held.values()]
    hidden = b"".join(b"\x00" * 7 + raw + raw.hex().encode() for raw in held)
    assert {key.raw for key in keys_among(candidates(hidden, every=1), wanted)} == {
        key.raw for key in keys_among(iter(held), wanted)
    }, "the control: a key that lies there is found, plain and spelt"
    with as_(SYSTEM):
        for row in MemberKey.objects.select_related("made_by"):  # away from the server nothing makes who guesses wait
            for guess in (*GUESSES, row.made_by.username, row.made_by.name):
                with pytest.raises(Unopenable):
                    open_member_key(row, guess)
            assert open_member_key(row, secret(row.made_by.name)).public.id.hex() == row.key_id, "the control"
    clerk, custodian = opened(keyed, "信访甲"), opened(keyed, "保管员")
    own = {one.private.public.id: one.private for each in (clerk, custodian) for one in each.held.values()}
    assert sum(any(opens(key, *each) for key in own.values()) for each in told) == 2 * count
    if every == 1:
        said = f"{count:,} petitions, {len(disk) // 2**20} MiB tried byte by byte as keys; with a passphrase {count:,} open"
        note("sealing", "seizure: petitions opened from a copied disk", 0, "petitions", note=said)


def test_without_a_key_the_program_itself_shows_nothing(keyed: World, desk: Desk) -> None:
    taken(desk, 5)
    with as_(SYSTEM):
        for petition in Petition.objects.all():
            assert (vault.content_of(petition, None), vault.sender_of(petition, None)) == (None, None)
            assert vault.content_of(petition, opened(keyed, "干部甲")) is None
            assert vault.content_of(petition, opened(keyed, "信访甲")) is not None


#: What is seen of a report without opening it, on either side; docs/sealing.md says so to the operator.
SEEN = {"uid", "lookup", "reply", "office", "through", "side", "on", "state"}


def test_what_is_seen_is_what_was_promised(desk: Desk) -> None:
    """Day, office, state and padded sizes; lookup and reply follow from the receipt. Two reports of one size differ in nothing else."""
    for number in range(20):
        file(desk, TEXT * (number % 4 + 1), sender={"name": "陈" * (number + 1)})
    columns = {field.name for field in Report._meta.fields}
    assert columns == SEEN | {"content", "identity"}
    rows: list[dict[str, Any]] = list(Report.objects.values())
    random_ones = {"uid", "lookup", "reply", "content", "identity"}
    assert len({tuple(str(row[name]) for name in sorted(columns - random_ones)) for row in rows}) == 1
    sizes = {len(bytes(row[name])) for row in rows for name in ("content", "identity")}
    assert all(is_size(size) for size in sizes)
    heads = {bytes(row["content"])[:3] for row in rows}
    assert len(heads) == 1, "version, suite, number of wraps"
    assert HEAD == 1024
