"""The canonical form: one text for one meaning, two texts for two meanings, readable with any JSON parser."""

import hashlib
import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from django.utils.translation import gettext_lazy
from hypothesis import given
from hypothesis import strategies as st
from tests.audit.acts import UID

from jiandu.base.audit.hashes import COLUMNS, canonical, canonical_body, hash_of, hash_of_entry, moment, payload_hash_of
from jiandu.base.audit.models import GENESIS, Entry

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
LEAF = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
VALUE = st.recursive(
    LEAF, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12
)
PAYLOAD = st.dictionaries(TEXT, VALUE, max_size=5)
ROW = st.tuples(*[st.integers() if name in {"seq", "level"} else TEXT for name in COLUMNS])


def shuffled(value, *, reverse):
    """The same value with its keys in another order."""
    if isinstance(value, dict):
        return {key: shuffled(value[key], reverse=reverse) for key in sorted(value, reverse=reverse)}
    return [shuffled(each, reverse=reverse) for each in value] if isinstance(value, list) else value


@given(PAYLOAD)
def test_body_reads_back_as_the_payload(payload):
    assert json.loads(canonical_body(payload)) == payload


@given(PAYLOAD)
def test_body_is_stable(payload):
    body = canonical_body(payload)
    assert [canonical_body(json.loads(body)), canonical_body(shuffled(payload, reverse=True))] == [body, body]


@given(PAYLOAD, PAYLOAD)
def test_two_payloads_have_two_bodies(one, other):
    assert (canonical_body(one) == canonical_body(other)) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )


@given(ROW, ROW)
def test_two_rows_have_two_texts(one, other):
    assert (canonical(one) == canonical(other)) == (one == other)


@given(ROW)
def test_row_is_a_json_list(row):
    assert tuple(json.loads(canonical(row).decode())) == row


@given(ROW, st.integers(0, len(COLUMNS) - 1), TEXT)
def test_each_column_is_in_the_hash(row, place, other):
    changed = (*row[:place], other, *row[place + 1 :])
    assert (hash_of(changed) == hash_of(row)) == (changed == row)


@given(st.datetimes().filter(lambda at: 1 < at.year < 9999), st.integers(-14 * 60, 14 * 60))
def test_moment_does_not_depend_on_the_zone(at, minutes):
    zone = timezone(timedelta(minutes=minutes))
    assert moment(at.replace(tzinfo=UTC).astimezone(zone)) == at.isoformat(sep=" ", timespec="microseconds")


def test_the_hash_can_be_made_with_other_tools():
    entry = Entry(
        seq=1, at=datetime(2022, 3, 22, 1, 2, 3, tzinfo=UTC), actor="user:7", actor_name="王小明", verb="finding.verify",
        obj=f"findings.finding:{UID}", org="第二监督检查室", level=2, outcome="done", request_id="r-17",
        payload_hash=payload_hash_of("ab" * 16, '{"a":1}'), prev=GENESIS,
    )  # fmt: skip
    text = (
        '[1,"2022-03-22 01:02:03.000000","user:7","王小明","finding.verify",'
        f'"findings.finding:{UID}","第二监督检查室",2,"done","r-17",'
        f'"{hashlib.sha256(("ab" * 16 + chr(123) + chr(34) + "a" + chr(34) + ":1}").encode()).hexdigest()}","{"0" * 64}"]'
    )
    assert hash_of_entry(entry) == hashlib.sha256(b"\x00" + text.encode()).hexdigest()


def test_dates_ids_decimals_and_lazy_words_are_written_as_text():
    payload = {
        "on": date(2022, 3, 22),
        "at": datetime(2022, 3, 22, 1, 2, 3, tzinfo=UTC),
        "uid": UID,
        "sum": Decimal("1.50"),
        "word": gettext_lazy("中文"),
    }
    assert canonical_body(payload) == (
        f'{{"at":"2022-03-22T01:02:03+00:00","on":"2022-03-22","sum":"1.50","uid":"{UID}","word":"中文"}}'
    )


@pytest.mark.parametrize("value", [object(), b"a", {1, 2}, math.nan, math.inf, "\udc00", {"a": {None: 1, "b": 2}}])
def test_what_cannot_be_written_down_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        canonical_body({"a": value})
