"""Repeats are found whatever was done to them; letters of the same wording about others are not taken for repeats."""

import random
import re

import numpy as np
import pytest
from benchmarks.letters.first import FIRST
from benchmarks.letters.making import KINDS, Maker, Row, Ways, make
from benchmarks.letters.second import SECOND
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.base.texts import facts
from jiandu.base.texts.index import Index
from jiandu.base.texts.normal import codes, normal
from jiandu.base.texts.pairs import Pair, ask, likeness, repeats, stars, told
from jiandu.base.texts.scoring import ALIKE, MIN_SCORE, REPEAT, judge, logits

LETTER = (
    "您好，我是洪塘村的普通居民，洪塘村支书王建国截留低保金12万元用于个人开支，"
    "鑫盛建设有限公司借用资质承接石井道路硬化工程，挂靠费3.5万元，2021年3月以来账目从未公示，请上级部门严肃查处。"
)
OTHERS = LETTER
for old, new in (
    ("洪塘", "后溪"),
    ("王建国", "李明辉"),
    ("12万元", "38万元"),
    ("鑫盛", "恒远"),
    ("石井", "马巷"),
    ("3.5", "7.2"),
    ("2021年3月", "2019年8月"),
):
    OTHERS = OTHERS.replace(old, new)
EDITS = {
    "exact": LETTER,
    "width and spaces": LETTER.replace("，", " ,\n").replace("12", "１ ２"),
    "sums and days written otherwise": LETTER.replace("12万元", "十二万元")
    .replace("3.5万元", "35,000元")
    .replace("2021年3月", "二〇二一年三月"),
    "a slip in the name": LETTER.replace("王建国", "王健国"),
    "a slip in the sum": LETTER.replace("12万元", "12万园"),
    "slips": LETTER.replace("截留", "载留").replace("承接", "承揽").replace("公示", "公式").replace("严肃", "严速"),
    "something added": LETTER + "再次反映，另外李会计还拿过5万元，至今没有回音。",
    "other order": "，".join(part for k in (0, 2, 3, 1, 4, 5) for part in [re.split("[，。]", LETTER)[k]]),
    "other words": LETTER.replace("截留", "侵吞").replace("个人开支", "自己花销").replace("从未公示", "一直不公开"),
}


def found_in(rows: list[Row], least: float = MIN_SCORE) -> dict[tuple[int, int], Pair]:
    pairs = repeats(Index.build([row.text for row in rows]), least=least)
    return {(pair.a, pair.b): pair for pair in pairs}


@pytest.mark.parametrize("edit", EDITS)
def test_each_edit_of_a_letter_is_a_repeat(edit: str) -> None:
    score, label = likeness(LETTER, EDITS[edit])
    assert (label, score >= MIN_SCORE) == (REPEAT, True), score


def test_the_same_wording_about_others_is_alike() -> None:
    score, label = likeness(LETTER, OTHERS)
    assert (label, score > 0.5) == (ALIKE, True)


def test_without_the_guard_the_same_wording_would_pass() -> None:
    """The control: what holds the letter about others back are its contradictions."""
    index = Index.build([LETTER, OTHERS])
    row = told(index, np.array([0], np.int32), np.array([1], np.int32))
    guarded, free = logits(row)[0], logits(row, guarded=False)[0]
    assert (guarded < 0, free > guarded + 3) == (True, True)
    assert facts.guard(LETTER, OTHERS) is False
    assert facts.guard(LETTER, EDITS["a slip in the name"]) is True


@pytest.mark.parametrize(
    ("words", "ways"), [(FIRST, Ways()), (SECOND, Ways(like=True, fresh=True))], ids=["first", "second"]
)
def test_made_letters_are_paired_as_they_were_made(words: object, ways: Ways) -> None:
    rows = make(words, 3_000, 7, ways)  # type: ignore[arg-type]
    pairs = {key for key, pair in found_in(rows).items() if pair.label == REPEAT}
    bases: dict[int, list[int]] = {}
    for number, row in enumerate(rows):
        bases.setdefault(row.base, []).append(number)
    truth = {(a, b) for group in bases.values() for k, a in enumerate(group) for b in group[k + 1 :]}
    edited = {
        (a, b)
        for a, b in truth
        if {rows[a].kind, rows[b].kind} & {"base"} and not {rows[a].kind, rows[b].kind} & {"rewrite"}
    }
    hit = len(pairs & truth)
    assert hit / len(pairs) >= 0.95
    assert hit / len(truth) >= 0.85
    assert len(pairs & edited) / len(edited) >= 0.95


def test_letters_of_the_same_wording_do_not_pass_for_repeats() -> None:
    rows = make(SECOND, 3_000, 11, Ways(others=("pvmbcjd",)))
    pairs = found_in(rows)
    at = {row.base: number for number, row in enumerate(rows) if row.kind in {"base", "twin"}}
    twins = [
        (min(n, at[row.twin]), max(n, at[row.twin]))
        for n, row in enumerate(rows)
        if row.kind == "twin" and row.twin in at
    ]
    taken = [pair for pair in twins if pair in pairs and pairs[pair].label == REPEAT]
    assert len(twins) > 50
    assert len(taken) <= len(twins) * 0.03


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(seed: int, order: random.Random) -> None:
    rows = make(FIRST, 80, seed)
    mixed = list(rows)
    order.shuffle(mixed)

    def said(of: list[Row]) -> set[tuple[frozenset[str], float, str]]:
        return {(frozenset((of[a].id, of[b].id)), pair.score, pair.label) for (a, b), pair in found_in(of).items()}

    assert said(rows) == said(mixed)


@settings(max_examples=30, deadline=None)
@given(one=st.text(max_size=120), other=st.text(max_size=120))
def test_likeness_is_the_same_both_ways(one: str, other: str) -> None:
    assert likeness(one, other) == likeness(other, one)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=30), max_size=6))
def test_texts_normalised_together_are_as_alone(texts: list[str]) -> None:
    together, at = codes(texts)
    alone = [codes([text])[0].tolist() for text in texts]
    assert [together[at[k] : at[k + 1]].tolist() for k in range(len(texts))] == alone


def test_asking_finds_what_pairing_finds() -> None:
    maker = Maker(FIRST, Ways(), 3)
    letters = [maker.letter() for _ in range(500)]
    index = Index.build([maker.text(letter.said()) for letter in letters])
    for kind in KINDS[:-1]:
        for number in (0, 123, 499):
            found = ask(index, maker.repeat(letters[number], kind), least=0.5)
            assert (found[0].number, found[0].label) == (number, REPEAT), kind
    assert ask(index, "今天天气很好，没有什么要说的。") == []


def test_adding_one_by_one_is_building() -> None:
    rows = make(FIRST, 300, 5)
    texts = [row.text for row in rows]
    built, grown = Index.build(texts), Index.build(texts[:120])
    assert [grown.add(text) for text in texts[120:]] == list(range(120, 300))
    assert repeats(grown) == repeats(built)
    assert ask(grown, texts[200]) == ask(built, texts[200])
    empty = Index.build([])
    assert (len(empty), repeats(empty), ask(empty, "甲")) == (0, [], [])
    for text in texts:
        empty.add(text)
    assert repeats(empty) == repeats(built)


def test_an_index_comes_back_from_its_bytes() -> None:
    texts = [row.text for row in make(SECOND, 200, 9)]
    built = Index.build(texts)
    again = Index.from_bytes(built.to_bytes())
    assert repeats(again) == repeats(built)
    assert again.add(texts[0]) == 200
    for broken in (b"", b"jiandu", built.to_bytes()[:-40], b"jiandu-texts-1\n" + b"PK"):
        with pytest.raises(ValueError, match="not an index"):
            Index.from_bytes(broken)


def test_rare_characters_tell_people_apart() -> None:
    sentence = "反映村民{}在2021年3月领取补助12万元的问题，请核实其家庭收入情况"
    assert likeness(sentence.format("䶮㛃"), sentence.format("䶮㛃"))[1] == REPEAT
    assert normal("𬭎㛃䶮，Ａ") == "𬭎㛃䶮a"
    assert codes(["𬭎"])[0].size == 1


def test_empty_and_short_texts_do_no_harm() -> None:
    texts = ["", "，。", "查", "查", "查处", "查处", LETTER]
    pairs = repeats(Index.build(texts), least=0.01)
    assert all(pair.a < pair.b for pair in pairs)
    assert not any({pair.a, pair.b} & {0, 1} for pair in pairs)
    assert ask(Index.build(texts), "") == []


def test_a_letter_that_a_crowd_sends_is_attached_to_the_first() -> None:
    others = [row.text for row in make(FIRST, 300, 2)]
    index = Index.build([*others, *[LETTER] * 3_000])
    assert [(each.number, each.label) for each in ask(index, LETTER)] == [(300, REPEAT)]
    pairs = repeats(index)
    mains = stars(pair for pair in pairs if pair.a >= 300)
    assert mains == dict.fromkeys(range(301, 3_300), 300)


def test_letters_of_one_character_take_no_longer_than_others() -> None:
    pairs = repeats(Index.build(["啊" * 50_000] * 40 + ["是的" * 9_000] * 40 + ["1" * 90_000] * 3))
    assert {pair.score for pair in pairs if pair.label == REPEAT} == {1.0}


def test_a_repeat_is_attached_to_the_earliest_and_never_along_a_chain() -> None:
    chain = [Pair(0, 1, 0.9, REPEAT), Pair(1, 2, 0.9, REPEAT), Pair(2, 3, 0.9, REPEAT)]
    assert stars(chain) == {1: 0, 3: 2}
    star = [Pair(0, 1, 0.9, REPEAT), Pair(0, 2, 0.9, REPEAT), Pair(1, 2, 0.8, REPEAT), Pair(0, 3, 0.9, ALIKE)]
    assert stars(star) == {1: 0, 2: 0}
    assert stars(star, order=[5, 1, 3]) == {2: 1, 0: 1}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("12,500元", "1.25万元"),
        ("一万二千五百元", "1.25万元"),
        ("三万余元", "3万元"),
        ("2万块钱", "2万元"),
        ("八百元", "800元"),
        ("二〇二一年三月五日", "2021年3月5日"),
        ("2021-03-05", "2021年3月5日"),
        ("２０２１年０３月", "2021年3月"),
        ("3.5 公里", "3.5公里"),
        ("完。", "完"),
    ],
)
def test_sums_and_days_have_one_form(said: str, meant: str) -> None:
    assert normal(said) == meant


def test_facts_are_named_by_kind() -> None:
    named = facts.facts_of("洪塘村支书王建国收受鑫盛建设有限公司12,500元，电话13900001111，车牌闽D12345，2021年3月5日")
    assert named.of("person") == ("王建国",)
    assert named.of("sum") == ("12500",)
    assert named.of("day") == ("2021年3月5日",)
    assert named.of("number") == ("13900001111", "闽d12345")
    assert named.of("company")[0].endswith("鑫盛建设有限公司")
    assert facts.same("王建国", "王健国")
    assert not facts.same("王建国", "李明辉")


def test_scores_are_shares() -> None:
    rows = make(FIRST, 300, 1)
    index = Index.build([row.text for row in rows])
    score, _repeat = judge(told(index, *index.candidates()))
    assert ((score >= 0) & (score <= 1)).all()
