"""Categories are proposed with the words that speak for them, from the first day, and learnt from what clerks choose."""

import numpy as np
import pytest
from benchmarks.letters.classifying import CODES, macro_f1, measured
from benchmarks.letters.first import FIRST
from hypothesis import given, settings
from hypothesis import strategies as st

from jiandu.base.lexicon.categories import LEVELS, categories, described
from jiandu.base.texts.classify import Classifier

LETTER = "反映村支书截留低保金，符合条件的困难户申请低保被拒绝"


def test_without_a_choice_the_words_of_the_dictionary_speak() -> None:
    first = Classifier(described("domain", 1)).propose(LETTER)[0]
    assert (first.code, "低保金" in first.words, "困难户" in first.words) == ("D06", True, True)
    third = Classifier(described("domain", 3)).propose(LETTER)[0]
    assert third.code.startswith("D06")
    assert Classifier(described("nature", 1)).propose("公款吃喝，收受红包礼金，大操大办")[0].code == "N3"


def test_nothing_is_proposed_where_nothing_speaks() -> None:
    classifier = Classifier(described("domain", 1))
    assert classifier.propose("") == []
    assert classifier.propose("您好") == []


def test_what_a_clerk_chooses_is_learnt() -> None:
    said = "共享单车堵在盲道上，没有人清理"
    classifier = Classifier({"甲": ("低保",), "乙": ("道路",)})
    assert classifier.propose(said) == []
    classifier.learn([said, "低保没有发"], ["乙", "甲"])
    first = classifier.propose("单车又堵在盲道上")[0]
    assert first.code == "乙"
    assert any("盲道" in word for word in first.words)
    before = first.chance
    classifier.learn(["单车乱停，盲道不通", "盲道被单车占了"], ["乙", "乙"])
    assert classifier.propose("单车又堵在盲道上")[0].chance > before
    with pytest.raises(ValueError, match="not in tuple"):
        classifier.learn(["无"], ["丙"])


def test_what_a_text_means_is_learnt_beside_its_words() -> None:
    money, road = np.eye(8)[0], np.eye(8)[1]
    texts, codes = ["钱被扣下", "钱没到手", "路面开裂", "路修得薄"], ["甲", "甲", "乙", "乙"]
    by_meaning, by_words = Classifier({"甲": (), "乙": ()}), Classifier({"甲": (), "乙": ()})
    by_meaning.learn(texts, codes, [money, money, road, road])
    by_words.learn(texts, codes)
    asked = "一个字也不同"
    assert [by_meaning.propose(asked, vector=each)[0].code for each in (money, road)] == ["甲", "乙"]
    assert by_meaning.codes_of([asked, asked], [money, road]) == ["甲", "乙"]
    assert by_words.propose(asked, vector=money) == by_words.propose(asked, vector=road)  # the control: learnt without


def test_some_texts_may_have_no_vector() -> None:
    money, road = np.eye(8)[0], np.eye(8)[1]
    some = Classifier({"甲": (), "乙": ()})
    some.learn(["钱被扣下", "路面开裂", "钱没有了", "道路不平"], ["甲", "乙", "甲", "乙"], [money, road, None, None])
    assert some.propose("钱")[0].code == "甲"
    assert some.propose("无关", vector=road)[0].code == "乙"


def test_one_by_one_is_all_at_once() -> None:
    texts, codes = ["低保金被截留", "道路开裂", "低保不给办", "修路偷工减料"], ["甲", "乙", "甲", "乙"]
    together, apart = Classifier({"甲": (), "乙": ()}), Classifier({"甲": (), "乙": ()})
    together.learn(texts, codes)
    for text, code in zip(texts, codes, strict=True):
        apart.learn([text], [code])
    assert together.propose("低保") == apart.propose("低保")


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=60))
def test_chances_are_shares(text: str) -> None:
    proposals = Classifier(described("domain", 1)).propose(text, most=13)
    assert sum(each.chance for each in proposals) == pytest.approx(1 if proposals else 0, abs=0.01)


def test_sentences_that_nobody_labelled_are_put_right() -> None:
    spoken = {code: described("domain", 1)[code] for code in CODES}
    with_words, without = measured(FIRST, CODES, 10, 1, spoken), measured(FIRST, CODES, 10, 1, dict.fromkeys(CODES, ()))
    assert with_words > 0.8
    assert without < with_words  # the control: labels alone know only wording that they have seen
    assert macro_f1(["a", "b"], ["a", "b"]) == 1


@pytest.mark.parametrize("kind", LEVELS)
def test_every_item_hangs_on_one_above_and_the_lowest_have_words(kind: str) -> None:
    items = categories(kind)
    above = {one.above for one in items.values()}
    assert all(not one.above or one.above in items for one in items.values())
    assert [one.code for one in items.values() if one.code not in above and not one.words] == []
    assert all(one.label and one.english for one in items.values())
    assert {one.level for one in items.values()} == set(range(1, len(LEVELS[kind]) + 1))


def test_the_nine_natures_are_those_of_the_register() -> None:
    first = [one.label for one in categories("nature").values() if one.level == 1]
    disciplines = [f"违反{word}纪律" for word in ("政治", "组织", "廉洁", "群众", "工作", "生活")]
    assert first == [*disciplines, "职务违法", "职务犯罪", "其他违法"]
