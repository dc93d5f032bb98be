"""Names in one form, and read as families read them."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jiandu.base.linkage.companies import company_parts, normal_company
from jiandu.base.linkage.names import Name, normal_name, split_name, toneless
from jiandu.base.linkage.surnames import DOUBLE, READINGS, VARIANTS

SAID = [
    ("单晓明", "shan xiao ming"),
    ("仇英", "qiu ying"),
    ("解缙", "xie jin"),
    ("曾国藩", "zeng guo fan"),
    ("区伯", "ou bo"),
    ("盖小丽", "ge xiao li"),
    ("查良镛", "zha liang yong"),
    ("任建国", "ren jian guo"),
    ("华罗庚", "hua luo geng"),
    ("朴树", "piao shu"),
    ("翟天明", "zhai tian ming"),
    ("缪斯", "miao si"),
    ("乐毅", "yue yi"),
    ("冼星海", "xian xing hai"),
    ("种师道", "chong shi dao"),
    ("召明", "shao ming"),
    ("尉迟敬德", "yu chi jing de"),
    ("万俟卨", "mo qi xie"),
    ("澹台灭明", "tan tai mie ming"),
    ("单于明", "chan yu ming"),
    ("长孙无忌", "zhang sun wu ji"),
    ("乐正绫", "yue zheng ling"),
    ("欧阳修", "ou yang xiu"),
    ("吕布", "lv bu"),
    ("王单", "wang dan"),
    ("李曾", "li ceng"),
    ("陈䶮", "chen yan"),
    ("林㛃", "lin jie"),
    ("黄𠅤", "huang xi"),
    ("林𬭎", "lin hong"),
]


@pytest.mark.parametrize(("name", "reading"), SAID)
def test_a_name_is_read_as_the_family_reads_it(name: str, reading: str) -> None:
    assert toneless(normal_name(name)) == reading


def test_the_common_reading_would_be_wrong() -> None:
    """The control: what pypinyin says by itself of the surnames that the table is for."""
    from pypinyin import lazy_pinyin

    assert ["".join(lazy_pinyin(name)) for name in "单仇解曾区盖查"] == [
        "dan",
        "chou",
        "jie",
        "ceng",
        "qu",
        "gai",
        "cha",
    ]
    differ = [name for name, reading in READINGS.items() if lazy_pinyin(name)[0] != reading]
    assert len(differ) > 35


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("張 小 明", "张小明"),
        ("張　小明（男）", "张小明"),
        ("陳　䶮", "陈䶮"),
        ("张三（小名阿三）", "张三"),
        ("买买提・吐尔逊", "买买提·吐尔逊"),
        ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("买买提 • 吐尔逊", "买买提·吐尔逊"),
        ("ＪＯＨＮ  smith", "JOHN SMITH"),
        ("\u200b王\ufeff伟", "王伟"),
        ("\ue864明", "\u9fbb明"),
        ("(男)", "(男)"),
        ("", ""),
        (" · ", ""),
    ],
)
def test_names_have_one_form(said: str, meant: str) -> None:
    assert normal_name(said) == meant


def test_a_double_surname_needs_a_given_name() -> None:
    assert split_name("欧阳修") == Name("欧阳", "修")
    assert split_name("欧阳") == Name("欧", "阳")
    assert split_name("买买提·吐尔逊") == Name("买买提", "吐尔逊")
    assert split_name("王") == Name("王", "")
    assert split_name("") == Name("", "")


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
@example("0·\x0b")
@example("·\u2028王")
def test_the_form_of_a_form_is_itself(text: str) -> None:
    once = normal_name(text)
    assert normal_name(once) == once
    assert unicodedata.normalize("NFKC", once) == once or set(text) & set("\ufe10\ufe11")
    assert normal_company(normal_company(text)) == normal_company(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=20))
def test_nothing_is_lost_in_splitting(text: str) -> None:
    name = normal_name(text)
    assert split_name(name).whole == name.replace("·", "", 1 if "·" in name else 0).replace(" ", "", 0) or " " in name
    assert toneless(name) == toneless(name).strip()


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("王李单仇明伟芳国䶮𬭎"), min_size=1, max_size=4),
    st.text(st.sampled_from(" \u3000\u200b\t"), max_size=3),
)
def test_spaces_between_characters_tell_nothing(name: str, space: str) -> None:
    assert normal_name(space.join(name)) == normal_name(name)
    assert toneless(normal_name(space.join(name))) == toneless(name)


def test_the_tables_are_whole() -> None:
    assert all(len(name) == 1 and reading.isascii() and reading.isalpha() for name, reading in READINGS.items())
    assert all(len(name) == 2 and len(reading.split("-")) == 2 for name, reading in DOUBLE.items())
    assert not set(VARIANTS) & set(VARIANTS.values())
    assert len(READINGS) + len(DOUBLE) > 60


@pytest.mark.parametrize(
    ("name", "core", "branch"),
    [
        ("厦门市海沧鑫盛建设有限公司", "鑫盛建设", ""),
        ("鑫盛建设有限责任公司", "鑫盛建设", ""),
        ("厦门鑫盛（集团）股份有限公司", "鑫盛", ""),
        ("厦门鑫盛建设有限公司同安分公司", "鑫盛建设", "同安分公司"),
        ("福建省厦门市鑫盛建设有限公司", "鑫盛建设", ""),
        ("中国农业银行厦门海沧支行", "农业银行", "厦门海沧支行"),
        ("厦门东孚果蔬专业合作社", "东孚果蔬专业合作社", ""),
        ("海沧", "海沧", ""),
    ],
)
def test_a_company_is_its_own_name_and_its_branch(name: str, core: str, branch: str) -> None:
    assert company_parts(normal_company(name)) == (core, branch)
