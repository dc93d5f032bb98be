"""Whatever comes in, the answer is a refusal: no other exception leaves a parser of ours."""

from contextlib import suppress

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.sealing.keys import SUITES, TEXT, pairs

from jiandu.base.core.errors import Refused
from jiandu.base.sealing.envelope import exchange, new_item_key, open_envelope, recipients, rewrap, seal
from jiandu.base.sealing.errors import Missing, Unopenable
from jiandu.base.sealing.padding import unpad
from jiandu.base.sealing.receipts import read_receipt
from jiandu.base.sealing.shares import read_share
from jiandu.base.sealing.streams import decrypt
from jiandu.base.sealing.suites import PublicKey

KEY, OTHER = pairs(2)
GOOD = seal(b"text", to=[KEY.public, OTHER.public], context=TEXT)
#: Answers that are refusals: Missing only where suite 2 is named and its library is not here.
REFUSALS = (Unopenable, Refused, ValueError, *(() if len(SUITES) > 1 else (Missing,)))


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """An envelope with some stretches written over, so that the parser gets further than with noise."""
    data = bytearray(GOOD)
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, 400) | st.integers(0, len(data) - 1))
        piece = draw(st.binary(min_size=1, max_size=20))
        data[at : at + len(piece)] = piece
    return bytes(data[: len(GOOD)])


@settings(max_examples=600, deadline=None)
@given(st.binary(max_size=200) | st.binary(min_size=4096, max_size=4096) | altered())
@example(b"")
@example(GOOD[:1024])
@example(bytes([1, 1, 200]) + bytes(4093))
def test_no_envelope_breaks_the_reader(data: bytes) -> None:
    if data == GOOD:
        return
    with pytest.raises(REFUSALS):
        open_envelope(data, key=KEY, context=TEXT)
    with suppress(*REFUSALS):
        assert all(len(key_id) == 16 for key_id in recipients(data))
    if data[:1024] == GOOD[:1024] and len(data) == len(GOOD):
        return  # only the body is altered: it goes along, and does not open
    for act in (
        lambda: rewrap(data, key=KEY, to=[OTHER.public], context=TEXT),
        lambda: exchange(data, key=KEY, to=OTHER.public, context=TEXT),
    ):
        with pytest.raises(REFUSALS):
            act()


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.lists(st.integers(1, 50), max_size=5))
def test_no_stream_breaks_the_reader(data: bytes, sizes: list[int]) -> None:
    chunks = [data[sum(sizes[:at]) : sum(sizes[: at + 1])] for at in range(len(sizes))] + [data[sum(sizes) :]]
    with pytest.raises(REFUSALS):
        list(decrypt(chunks, item_key=new_item_key(), context=TEXT))


@settings(max_examples=500, deadline=None)
@given(st.text(max_size=80) | st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ -", min_size=20, max_size=70))
def test_no_receipt_share_or_key_breaks_the_reader(typed: str) -> None:
    for read in (read_receipt, read_share, PublicKey.read):
        try:
            read(typed)
        except REFUSALS:
            continue


@given(st.binary(max_size=64))
def test_no_padding_breaks_the_reader(data: bytes) -> None:
    try:
        assert len(unpad(data)) <= len(data)
    except Unopenable:
        return
