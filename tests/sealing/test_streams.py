"""Attachments: constant memory, sizes of the set, nothing cut, reordered, prolonged or altered."""

import random
import tracemalloc
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sealing.keys import ONE, OTHER, SUITES, flipped

from jiandu.base.core.errors import Refused
from jiandu.base.sealing import padding
from jiandu.base.sealing.envelope import Context, new_item_key
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.streams import BLOCK, decrypt, encrypt

FILE = Context("petition.file", ONE)
KEY = new_item_key()


def sealed_of(plain: bytes, number: int = 1, *, chunk: int = 10_000) -> bytes:
    parts = (plain[start : start + chunk] for start in range(0, len(plain), chunk))
    return b"".join(encrypt(parts, item_key=KEY, context=FILE, number=number))


def opened(data: bytes, *, key: bytes = KEY, context: Context = FILE, chunk: int = 7_777) -> bytes | None:
    parts = (data[start : start + chunk] for start in range(0, len(data), chunk))
    try:
        return b"".join(decrypt(parts, item_key=key, context=context))
    except Unopenable:
        return None


@pytest.mark.parametrize("number", SUITES)
@settings(max_examples=60, deadline=None)
@given(size=st.integers(0, 400_000), into=st.integers(1, 100_000), out=st.integers(1, 100_000))
def test_what_goes_in_comes_out(number: int, size: int, into: int, out: int) -> None:
    plain = random.Random(size).randbytes(size)
    sealed = sealed_of(plain, number, chunk=into)
    assert padding.is_size(len(sealed))
    assert opened(sealed, chunk=out) == plain


@pytest.mark.parametrize("edge", [0, 1, 4096 - 47, 4096 - 46, 65536 - 47, 65536 - 46, BLOCK, 2 * BLOCK - 68, 2**20])
def test_edges_of_blocks_and_sizes_come_out(edge: int) -> None:
    for size in range(max(edge - 2, 0), edge + 3):
        plain = bytes([7]) * size
        sealed = sealed_of(plain)
        assert padding.is_size(len(sealed))
        assert opened(sealed) == plain


@pytest.mark.parametrize("number", SUITES)
def test_ten_thousand_altered_bits_of_a_stream_are_refused(number: int) -> None:
    sealed = sealed_of(b"scan" * 700, number)
    assert len(sealed) == 4096
    choice = random.Random(3)
    bits = {8 * byte + choice.randrange(8) for byte in range(4096)}
    bits |= set(choice.sample(range(8 * 4096), 10_000))
    assert len(bits) >= 10_000
    assert [bit for bit in bits if opened(flipped(sealed, bit), chunk=4096) is not None] == []


def test_blocks_cut_dropped_swapped_repeated_or_added_are_refused() -> None:
    plain = random.Random(5).randbytes(3 * BLOCK)
    sealed = sealed_of(plain)
    head, blocks = (
        sealed[:26],
        [sealed[26:BLOCK], *(sealed[at : at + BLOCK] for at in range(BLOCK, len(sealed), BLOCK))],
    )
    assert len(blocks) == 4
    assert opened(head + b"".join(blocks)) == plain
    first, second, third, last = blocks
    tampered = [
        [first, second, third],
        [first],
        [],
        [first, third, second, last],
        [first, second, second, third, last],
        [second, third, last],
        [first, last],
        [*blocks, last],
        [*blocks, b"\x00"],
        [*blocks, bytes(BLOCK)],
    ]
    assert [opened(head + b"".join(parts)) for parts in tampered] == [None] * len(tampered)


def test_every_cut_is_refused() -> None:
    sealed = sealed_of(bytes(70_000))
    cuts = {*range(40), *random.Random(9).sample(range(len(sealed)), 200)}
    assert [cut for cut in cuts if opened(sealed[:cut]) is not None] == []


def test_another_key_or_place_does_not_open_it() -> None:
    sealed = sealed_of(b"text")
    assert opened(sealed, key=new_item_key()) is None
    assert opened(sealed, context=Context("petition.file", OTHER)) is None
    assert opened(sealed, context=Context("petition.text", ONE)) is None


def test_a_stream_takes_the_memory_of_a_few_blocks() -> None:
    def file() -> Iterator[bytes]:
        for _ in range(320):
            yield bytes(2**16)

    list(encrypt([b""], item_key=KEY, context=FILE))  # what is loaded once is not counted
    tracemalloc.start()
    size = sum(len(part) for part in decrypt(encrypt(file(), item_key=KEY, context=FILE), item_key=KEY, context=FILE))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size == 20 * 2**20
    assert peak < 2**20


def test_more_than_fifty_mebibytes_are_refused_at_the_chunk_that_is_too_much() -> None:
    taken = 0

    def file() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(2**20)

    with pytest.raises(Refused) as refused:
        for _ in encrypt(file(), item_key=KEY, context=FILE):
            pass
    assert refused.value.rule == "file-too-large"
    assert taken == 51
