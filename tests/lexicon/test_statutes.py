"""Statutes by date of force, and how articles are cited."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiandu.base.lexicon.statutes import Statute, article, basis, cite, numeral, provisions, statutes


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (
            date(2022, 6, 1),
            "《中华人民共和国监察法》第十一条第三项、第四十五条第一款第五项、"
            "《中华人民共和国监察法实施条例》第三十六条、第二百零五条",
        ),
        (
            date(2025, 5, 31),
            "《中华人民共和国监察法》第十一条第三项、第四十五条第一款第五项、"
            "《中华人民共和国监察法实施条例》第三十六条、第二百零五条",
        ),
        (
            date(2025, 6, 1),
            "《中华人民共和国监察法》第十一条第三项、第五十二条第一款第五项、"
            "《中华人民共和国监察法实施条例》第二百三十五条",
        ),
        (date(2018, 3, 19), ""),
    ],
)
def test_basis_follows_the_numbering_of_the_day(on, words):
    assert cite(basis("supervision-proposal", on=on)) == words


def test_basis_of_a_refused_proposal_moves_from_62_to_71():
    days = (date(2022, 1, 1), date(2026, 1, 1))
    assert [one.key for day in days for one in basis("proposal-refused", on=day)] == [
        "supervision-law-2018:62",
        "supervision-law-2024:71",
    ]


def test_cite_in_english_names_a_statute_once():
    articles = basis("supervision-proposal", on=date(2022, 6, 1))
    assert cite(articles, english=True) == (
        "Supervision Law, art. 11(3), art. 45(1)(5), "
        "Regulations for Implementing the Supervision Law, art. 36, art. 205"
    )


def test_article_reads_article_paragraph_and_item():
    one = article("supervision-law-2024:52.1(5)")
    assert (one.number, one.paragraph, one.item) == (52, 1, 5)
    assert (one.zh, one.en) == (
        "《中华人民共和国监察法》第五十二条第一款第五项",
        "Supervision Law (amended 2024), art. 52(1)(5)",
    )


@pytest.mark.parametrize("key", ["", "supervision-law-2018", "no-such-law:1", "supervision-law-2018:0", "x:1.(2)"])
def test_article_refuses_an_unknown_key(key):
    with pytest.raises(LookupError):
        article(key)


def test_basis_refuses_an_unknown_matter():
    with pytest.raises(LookupError, match="no such provision"):
        basis("nothing", on=date(2022, 1, 1))


@pytest.mark.parametrize("matter", list(provisions()))
def test_each_provision_has_articles_that_exist_and_a_basis_today(matter):
    assert all(provisions()[matter])
    assert len(basis(matter, on=date(2026, 1, 1))) > 0


def test_versions_of_a_family_follow_without_gap_or_overlap():
    families: dict[str, list[Statute]] = {}
    for one in statutes().values():
        families.setdefault(one.family, []).append(one)
    for texts in families.values():
        texts.sort(key=lambda one: one.effective_from)
        ends = [one.effective_to for one in texts]
        assert ends[-1] is None
        assert [(later.effective_from - end).days for end, later in zip(ends, texts[1:], strict=False)] == [1] * (
            len(texts) - 1
        )
        assert all(one.issued_on <= one.effective_from for one in texts)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (45, "四十五"),
        (100, "一百"),
        (105, "一百零五"),
        (110, "一百一十"),
        (112, "一百一十二"),
        (235, "二百三十五"),
        (327, "三百二十七"),
    ],
)
def test_numeral_writes_as_documents_do(number, words):
    assert numeral(number) == words


@given(st.integers(1, 999))
def test_numeral_differs_for_each_number(number):
    digits = {char: place for place, char in enumerate("零一二三四五六七八九")}
    hundreds, _, rest = numeral(number).rpartition("百")
    tens, mark, ones = rest.rpartition("十")
    value = 100 * digits.get(hundreds, 0) + 10 * (digits[tens] if tens else bool(mark)) + digits.get(ones[-1:], 0)
    assert value == number
