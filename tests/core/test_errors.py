import pickle

import pytest
from django.utils.functional import lazystr

from jiandu.base.core.errors import Refused


def test_refuse_with_details_fills_the_placeholders():
    refused = Refused("term-past", "期限应晚于%(on)s", on="2022-03-01")
    assert (refused.rule, refused.message, refused.details) == (
        "term-past",
        "期限应晚于2022-03-01",
        {"on": "2022-03-01"},
    )
    assert str(refused) == "期限应晚于2022-03-01"


def test_refuse_without_details_shows_the_sentence_as_it_stands():
    assert str(Refused("share", "占比不能超过100%")) == "占比不能超过100%"


def test_refuse_with_a_lazy_message_reads_it_when_shown():
    assert Refused("verify-independent", lazystr("不能核验%(unit)s"), unit="本单位").message == "不能核验本单位"


def test_refuse_with_a_missing_detail_raises():
    with pytest.raises(KeyError, match="on"):
        str(Refused("term-past", "期限应晚于%(on)s", off=1))


def test_refuse_survives_a_trip_between_processes():
    refused = pickle.loads(pickle.dumps(Refused("rule", "第%(n)d行", n=3)))  # noqa: S301 -- our own bytes
    assert (refused.rule, str(refused), refused.details) == ("rule", "第3行", {"n": 3})
