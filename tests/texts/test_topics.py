"""Topics: what was put into a week is what rises, once; what is usual does not."""

import random

from jiandu.base.texts.topics import LEAST, rising, terms_of

USUAL = (
    "反映村干部违规发放补贴", "反映工程招标存在围标", "反映执法人员饮酒上岗", "反映小区公共收益不公开",
    "反映医院收费不规范", "反映学校食堂采购不透明", "反映街道办事拖延",
)  # fmt: skip


def letters(count: int, seed: int) -> list[str]:
    chance = random.Random(seed)
    return [f"{chance.choice(USUAL)}，{chance.choice(USUAL)}。" for _ in range(count)]


def test_terms_stay_within_a_clause_and_begin_and_end_with_words():
    found = terms_of("校服采购的价格，过高")
    assert {"校服", "校服采购", "采购", "价格"} <= found
    assert not {term for term in found if "，" in term or term[0] in "的过" or term[-1] in "的"}


def test_what_was_put_into_a_week_rises_and_once():
    week = letters(40, 1) + ["反映校服采购价格虚高，指定商户"] * 6
    found = rising(week, letters(800, 2))
    assert (len(found), found[0].now, found[0].before) == (len({one.term for one in found}), 6, 0)
    assert sum("校服" in one.term for one in found) == 1
    assert found[0].texts == tuple(range(40, 46))
    assert all(any(part in "校服采购价格虚高指定商户" for part in (one.term[:2], one.term[-2:])) for one in found[:2])


def test_a_week_like_the_others_has_no_topic():
    for seed in range(3, 8):
        assert rising(letters(40, seed), letters(800, 2)) == []


def test_what_two_letters_say_or_one_says_often_is_no_topic():
    week = letters(40, 1) + ["反映彩票站点选址"] * (LEAST - 1)
    assert rising(week, letters(800, 2)) == []
    assert rising(week + ["反映彩票站点选址"] * 3, letters(800, 2)) != []  # control: three more
