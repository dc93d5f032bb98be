"""Envelopes: they open with a recipient's key, in their place, whole; else not at all."""

import os
import random

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sealing.keys import HAS_SM2, ONE, OTHER, SUITES, TEXT, flipped, pairs

from jiandu.base.sealing import envelope as envelopes
from jiandu.base.sealing import padding
from jiandu.base.sealing.envelope import Context, open_envelope, recipients, rewrap, seal
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import GUOMI, INTERNATIONAL, PrivateKey

FLIPS = 10_000
MIXED = pytest.mark.skipif(not HAS_SM2, reason="needs the extra gm")


def opens(sealed: bytes, key: PrivateKey, context: Context = TEXT) -> bool:
    try:
        open_envelope(sealed, key=key, context=context)
    except Unopenable:
        return False
    return True


@pytest.mark.parametrize("number", SUITES)
@settings(max_examples=40, deadline=None)
@given(plain=st.binary(max_size=20_000), people=st.integers(1, 4))
def test_every_recipient_opens_it_and_nobody_else(number: int, plain: bytes, people: int) -> None:
    keys, stranger = pairs(people, number), PrivateKey.new(number)
    sealed = seal(plain, to=[key.public for key in keys], context=TEXT)
    assert [open_envelope(sealed, key=key, context=TEXT) for key in keys] == [plain] * people
    assert recipients(sealed) == [key.public.id for key in keys]
    assert not opens(sealed, stranger)


@settings(max_examples=60, deadline=None)
@given(size=st.integers(0, 3 * padding.MIB))
def test_stored_sizes_are_of_the_set(size: int) -> None:
    (key,) = pairs(1)
    sealed = seal(bytes(size), to=[key.public], context=TEXT)
    assert padding.is_size(len(sealed))
    assert len(sealed) == padding.size_for(size + envelopes.BEFORE + envelopes.TAG + padding.LENGTH)


@pytest.mark.parametrize("edge", [*padding.SMALL, padding.MIB, 2 * padding.MIB])
def test_the_largest_content_of_a_size_fills_it_and_one_byte_more_takes_the_next(edge: int) -> None:
    (key,) = pairs(1)
    most = edge - envelopes.BEFORE - envelopes.TAG - padding.LENGTH
    assert len(seal(bytes(most), to=[key.public], context=TEXT)) == edge
    assert len(seal(bytes(most + 1), to=[key.public], context=TEXT)) == padding.size_for(edge + 1) > edge


def test_the_set_is_the_one_that_was_promised() -> None:
    kib, mib = 2**10, 2**20
    sizes = sorted({padding.size_for(size) for size in range(1, 4 * mib, 511)})
    assert sizes == [4 * kib, 16 * kib, 64 * kib, 256 * kib, mib, 2 * mib, 3 * mib, 4 * mib]


def test_ten_thousand_altered_bits_are_refused() -> None:
    keys = pairs(2)
    sealed = seal("某村支书侵占集体资金".encode(), to=[key.public for key in keys], context=TEXT)
    bits = [*range(3 * 8), *spread(len(sealed), FLIPS)]
    assert {bit // 8 for bit in bits} == set(range(len(sealed)))  # every byte
    assert sum(opens(flipped(sealed, bit), keys[0]) for bit in bits) == 0
    assert opens(sealed, keys[0])


def test_the_same_flips_pass_an_unauthenticated_cipher() -> None:
    """The control: where nothing is authenticated, altered content opens."""
    key, nonce, plain = os.urandom(32), os.urandom(16), bytes(4096)
    sealed = Cipher(algorithms.AES(key), modes.CTR(nonce)).encryptor().update(plain)
    opened = [
        Cipher(algorithms.AES(key), modes.CTR(nonce)).decryptor().update(flipped(sealed, bit)) for bit in range(100)
    ]
    assert sum(text != plain for text in opened) == 100


@MIXED
def test_altered_bits_of_a_guomi_envelope_are_refused() -> None:
    (key,) = pairs(1, GUOMI)
    sealed = seal(b"text", to=[key.public], context=TEXT)
    assert sum(opens(flipped(sealed, bit), key) for bit in spread(len(sealed), 4096)) == 0


@pytest.mark.parametrize("number", SUITES)
def test_swapped_rows_fields_and_compartments_are_refused(number: int) -> None:
    (key,) = pairs(1, number)
    places = [
        Context(kind, uid, compartment)
        for kind in ("petition.text", "petition.title", "reporter.name")
        for uid in (ONE, OTHER)
        for compartment in ("content", "identity")
    ]
    sealed = {place: seal(b"same", to=[key.public], context=place) for place in places}
    opened = {(put, asked) for put in places for asked in places if opens(sealed[put], key, asked)}
    assert opened == {(place, place) for place in places}


def test_contexts_are_told_apart_however_their_parts_run_together() -> None:
    assert Context("ab", "c").encoded != Context("a", "bc").encoded
    assert Context("a", "b", "c").encoded != Context("a", "bc", "").encoded


def test_parts_of_two_envelopes_do_not_make_a_third() -> None:
    (key,) = pairs(1)
    one, other = (seal(text, to=[key.public], context=TEXT) for text in (b"one", b"other"))
    assert not opens(one[: envelopes.HEAD] + other[envelopes.HEAD :], key)
    assert not opens(other[: envelopes.HEAD] + one[envelopes.HEAD :], key)


def test_a_wrap_is_neither_added_nor_taken_away_unseen() -> None:
    """A head put together by somebody who holds the wraps but not the item key."""
    first, second = pairs(2)
    both = seal(b"text", to=[first.public, second.public], context=TEXT)
    alone = seal(b"text", to=[first.public], context=TEXT)
    start = 3 + 2 * 16
    wrapped = both[start : start + 83]
    shorn = (bytes([1, 1, 1]) + first.public.id + wrapped).ljust(envelopes.HEAD - 32, b"\x00") + both[992:]
    assert recipients(shorn) == recipients(alone) == [first.public.id]
    assert not opens(shorn, first)


@pytest.mark.parametrize("number", SUITES)
def test_rewrapping_changes_who_opens_it_and_not_the_body(number: int) -> None:
    old, new, escrow = pairs(3, number)
    sealed = seal(b"text", to=[old.public, escrow.public], context=TEXT)
    again = rewrap(sealed, key=old, to=[new.public, escrow.public], context=TEXT)
    assert again[envelopes.HEAD :] == sealed[envelopes.HEAD :]
    assert len(again) == len(sealed)
    assert open_envelope(again, key=new, context=TEXT) == open_envelope(again, key=escrow, context=TEXT) == b"text"
    assert not opens(again, old)
    with pytest.raises(Unopenable):
        rewrap(sealed, key=new, to=[new.public], context=TEXT)
    with pytest.raises(Unopenable):
        rewrap(sealed, key=old, to=[new.public], context=Context("petition.text", OTHER))


@MIXED
def test_an_old_envelope_is_rewrapped_for_a_key_of_the_other_suite() -> None:
    old, new = PrivateKey.new(INTERNATIONAL), PrivateKey.new(GUOMI)
    sealed = seal(b"text", to=[old.public], context=TEXT)
    again = rewrap(sealed, key=old, to=[new.public], context=TEXT)
    assert open_envelope(again, key=new, context=TEXT) == b"text"
    assert again[1] == INTERNATIONAL


def test_what_is_no_envelope_is_refused_alike() -> None:
    (key,) = pairs(1)
    sealed = seal(b"text", to=[key.public], context=TEXT)
    noise = random.Random(1)  # the same cases each time
    wrong = [b"", b"\x01", sealed[:-1], sealed + b"\x00", sealed[:4000], bytes(4096), bytes([1, 1, 255]) + bytes(4093)]
    wrong += [noise.randbytes(4096) for _ in range(200)]
    wrong += [sealed[:2] + noise.randbytes(4094) for _ in range(200)]
    said = set()
    for data in wrong:
        with pytest.raises(Unopenable) as refused:
            open_envelope(data, key=key, context=TEXT)
        said.add(str(refused.value))
    assert len(said) == 1


def test_seal_refuses_what_cannot_be_opened_later() -> None:
    (key,) = pairs(1)
    for to in ([], [key.public, key.public], [one.public for one in pairs(40)]):
        with pytest.raises(ValueError, match="recipient"):
            seal(b"text", to=to, context=TEXT)
    with pytest.raises(ValueError, match="stream"):
        seal(bytes(envelopes.LARGEST + 1), to=[key.public], context=TEXT)


def test_no_nonce_and_no_item_key_comes_twice() -> None:
    (key,) = pairs(1)
    made = [seal(b"", to=[key.public], context=TEXT) for _ in range(2_000)]
    assert len({one[envelopes.HEAD : envelopes.BEFORE] for one in made}) == 2_000
    assert len({one[envelopes.BEFORE :] for one in made}) == 2_000


@pytest.mark.full
def test_a_million_envelopes_repeat_no_nonce() -> None:
    (key,) = pairs(1)
    nonces = set()
    for _ in range(1_000_000):
        nonces.add(seal(b"", to=[key.public], context=TEXT)[envelopes.HEAD : envelopes.BEFORE])
    assert len(nonces) == 1_000_000


def spread(size: int, count: int) -> list[int]:
    """So many bits, of every byte at least one where there are enough, the same each time."""
    choice = random.Random(7)
    bits = [8 * byte + choice.randrange(8) for byte in range(size)]
    rest = [bit for bit in range(8 * size) if bit not in set(bits)]
    return (bits + choice.sample(rest, count - len(bits))) if count > size else choice.sample(bits, count)
