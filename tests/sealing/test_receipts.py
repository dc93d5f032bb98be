"""Receipts and shares: forgiving about how they are written, never about what; each says nothing about another."""

import collections
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.sealing.keys import SUITES

from jiandu.base.core.errors import Refused
from jiandu.base.sealing import receipts, shares
from jiandu.base.sealing.receipts import LETTERS, new_receipt, read_receipt
from jiandu.base.sealing.shares import join, multiply, read_share, split
from jiandu.base.sealing.suites import PrivateKey

numbers = st.integers(0, 2**120 - 1)


def rule_of(typed: str) -> str:
    try:
        read_receipt(typed)
    except Refused as refused:
        return refused.rule
    return ""


@given(numbers)
def test_a_receipt_is_read_as_it_was_given_or_written(number: int) -> None:
    receipt = receipts.Receipt(number)
    text = receipt.text
    written = [
        text,
        text.lower(),
        text.replace("-", " "),
        text.replace("-", ""),
        text.replace("0", "O").replace("1", "l"),
        text.replace("0", "o").replace("1", "I"),
        "　".join(text.split("-")),
        text.replace("-", "—"),
        text.replace("-", "－"),
        "".join(chr(ord(char) + 0xFEE0) for char in text),
        f" {text}\n",
    ]
    assert [read_receipt(one) for one in written] == [receipt] * len(written)


def test_a_receipt_has_twenty_six_letters_in_groups_of_four() -> None:
    groups = new_receipt().text.split("-")
    assert [len(group) for group in groups] == [4, 4, 4, 4, 4, 4, 2]


@settings(max_examples=30)
@given(numbers)
def test_every_wrong_letter_and_every_two_that_changed_places_are_told(number: int) -> None:
    code = receipts.Receipt(number).text.replace("-", "")
    wrong = {code[:at] + letter + code[at + 1 :] for at in range(26) for letter in LETTERS} - {code}
    swapped = {code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in range(25)} - {code}
    assert {rule_of(one) for one in wrong | swapped} == {"receipt-mistyped"}
    assert len(wrong) == 26 * 31


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", "receipt-length"),
        ("ABCD", "receipt-length"),
        ("0" * 27, "receipt-length"),
        ("U" * 26, "receipt-letters"),
        ("密" * 26, "receipt-letters"),
        ("0" * 25 + "1", "receipt-mistyped"),
    ],
)
def test_what_is_no_receipt_says_why(typed: str, rule: str) -> None:
    assert rule_of(typed) == rule


@pytest.mark.parametrize("number", SUITES)
def test_lookup_and_reply_key_follow_from_the_receipt_alone(number: int) -> None:
    receipt = new_receipt(number)
    again = read_receipt(receipt.text, number)
    assert again.lookup == receipt.lookup
    assert again.reply_key == receipt.reply_key
    assert len(receipt.lookup) == 32
    assert len({new_receipt(number).lookup for _ in range(100)}) == 100
    assert receipt.lookup not in receipt.reply_key.raw


def test_a_receipt_shows_itself_only_when_asked() -> None:
    receipt = new_receipt()
    assert str(receipt.number) not in repr(receipt)
    assert receipt.text not in repr(receipt)


@pytest.mark.parametrize("number", SUITES)
def test_any_two_shares_give_the_key_back_and_one_does_not(number: int) -> None:
    key = PrivateKey.new(number)
    made = split(key)
    printed = [share.text for share in made]
    assert len(made) == 3
    for one, other in itertools.permutations(printed, 2):
        assert join([read_share(one), read_share(other)]) == key
    assert join([read_share(text) for text in printed]) == key
    for share in made:
        for given_shares in ([share], [share, share]):
            with pytest.raises(Refused, match="任意两份"):
                join(given_shares)


def test_one_share_says_nothing_about_the_key() -> None:
    """Over all slopes, a share of one secret byte takes every value once: whatever the byte is."""
    for secret, number in itertools.product((0, 1, 0x53, 255), (1, 2, 3)):
        taken = collections.Counter(secret ^ multiply(slope, number) for slope in range(256))
        assert set(taken.values()) == {1}
        assert len(taken) == 256
    key = PrivateKey.new()
    shared = [split(key)[0].raw for _ in range(300)]
    assert len(set(shared)) == 300
    assert key.raw not in shared


def test_shares_of_two_keys_give_neither() -> None:
    one, other = PrivateKey.new(), PrivateKey.new()
    mixed = join([split(one)[0], split(other)[1]])
    assert mixed not in (one, other)


def test_the_field_is_that_of_aes() -> None:
    assert multiply(0x57, 0x83) == 0xC1  # FIPS 197, 4.2
    assert all(multiply(value, shares._inverse(value)) == 1 for value in range(1, 256))
    noise = random.Random(2)
    for a, b, c in ((noise.randrange(256), noise.randrange(256), noise.randrange(256)) for _ in range(500)):
        assert multiply(a, b) == multiply(b, a)
        assert multiply(a, b ^ c) == multiply(a, b) ^ multiply(a, c)


def test_a_share_copied_wrongly_is_told() -> None:
    share = split(PrivateKey.new())[0]
    assert read_share(share.text.lower().replace("-", " ")) == share
    code = share.text.replace("-", "")
    told = 0
    for at in range(len(code)):
        wrong = code[:at] + ("2" if code[at] != "2" else "3") + code[at + 1 :]
        with pytest.raises(Refused, match="分片有误"):
            read_share(wrong)
        told += 1
    assert told == 56
    assert repr(share.raw) not in repr(share)
