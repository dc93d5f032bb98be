"""The reader of numbers: what is written in any form is read back; what counts nothing is not read."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiandu.results.proofing.quantities import Quantity
from jiandu.results.proofing.reading import Number, read

NUMERALS = "零一二三四五六七八九"


def one(written: str, before: str = "发现问题", after: str = "，正在整改。") -> Number:
    """The only number of a sentence."""
    found = read(f"{before}{written}{after}")
    assert len(found) == 1, (written, found)
    assert f"{before}{written}{after}"[found[0].start : found[0].end] == written
    return found[0]


def in_chinese(value: int) -> str:
    """120345 as 十二万零三百四十五: how officers write it."""
    if value >= 10_000:
        high, low = divmod(value, 10_000)
        gap = "零" if low and low < 1000 else ""
        return f"{in_chinese(high)}万{gap}{_below(low) if low else ''}"
    said = _below(value)
    return said.removeprefix("一") if 10 <= value < 20 else said


def _below(value: int) -> str:
    said, is_gap = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            said += ("零" if is_gap and said else "") + NUMERALS[digit] + name
        is_gap = not digit
    return said


def wide(text: str) -> str:
    return text.translate(str.maketrans("0123456789,.", "０１２３４５６７８９，．"))


@given(st.integers(min_value=0, max_value=999_999_999), st.sampled_from(["个", "件", "家次", "人", "份"]))
def test_arabic_is_read_back_plain_with_separators_and_in_full_width(value: int, unit: str) -> None:
    for written in (f"{value}", f"{value:,}", wide(f"{value}"), wide(f"{value:,}")):
        read_back = one(written + unit)
        assert (read_back.quantity.said, read_back.unit) == (value, unit)
        assert [read_back.quantity.fits(value + by) for by in (-1, 0, 1)] == [False, True, False]


@given(st.integers(min_value=10, max_value=99_999_999))
def test_chinese_numerals_are_read_back(value: int) -> None:
    number = one(f"{in_chinese(value)}件")
    assert (number.quantity.said, number.quantity.fits(value), number.is_soft) == (value, True, value == 10)


@given(st.integers(min_value=1, max_value=10**12), st.sampled_from([("万", 10**4), ("亿", 10**8)]), st.integers(0, 2))
def test_money_in_ten_thousands_holds_what_rounds_to_it_or_is_cut_to_it(
    fen: int, scale: tuple[str, int], places: int
) -> None:
    true = Decimal(fen) / 100
    shown = round(true / scale[1], places)
    number = one(f"{shown:,}{scale[0]}元", before="收回资金")
    assert number.unit == "元"
    assert number.quantity.fits(true)
    step = Decimal(scale[1]) / 10**places
    assert not number.quantity.fits(true + 2 * step)
    assert not number.quantity.fits(true - 2 * step)


@given(st.integers(min_value=1, max_value=99), st.sampled_from([10, 100]), st.sampled_from("余多"))
def test_what_goes_beyond_lies_above_and_below_the_next_of_its_last_place(head: int, place: int, word: str) -> None:
    said = head * place
    grain = place * (10 if head % 10 == 0 else 1)
    for written in (f"{said}{word}个", f"{in_chinese(said)}{word}个"):
        bounds = one(written).quantity
        assert [bounds.fits(value) for value in (said, said + 1, said + grain - 1, said + grain)] == [
            *(False, True, True, False)
        ]


@pytest.mark.parametrize(
    ("written", "inside", "outside"),
    [
        ("近100人", (90, 99), (89, 100, 101)),
        ("约50家次", (48, 50, 52), (47, 53)),
        ("50家左右", (48, 50, 52), (47, 53)),
        ("200名以上", (200, 900), (199,)),
        ("超过200名", (201, 900), (200,)),
        ("不少于30人", (30, 31), (29,)),
        ("不足30人", (29, 1), (30,)),
        ("百余名", (101, 199), (100, 200)),
        ("上百人", (100, 999), (99, 1000)),
        ("数十家", (20, 99), (19, 100)),
        ("十几家", (11, 19), (10, 20)),
        ("七八个", (7, 8), (6, 9)),
        ("20—30个", (20, 25, 30), (19, 31)),
        ("3至5万元", (30_000, 50_000), (20_000, 60_000)),
        ("950余万元", (9_500_001, 9_599_999), (9_500_000, 9_600_000)),
        ("3万余元", (30_001, 39_999), (30_000, 40_000)),
        ("3.2万元", (32_000, 31_999, 32_999), (33_000, 31_000)),
        ("57.7%", (Decimal("57.69"), Decimal("57.7")), (Decimal("57.9"), Decimal("57.6"))),
        ("百分之三十五点五", (Decimal("35.5"),), (Decimal("35.6"),)),
    ],
)
def test_approximations_have_their_lawful_bounds(
    written: str, inside: tuple[Decimal, ...], outside: tuple[Decimal, ...]
) -> None:
    bounds: Quantity = one(written, before="共计").quantity
    assert [value for value in inside if not bounds.fits(value)] == []
    assert [value for value in outside if bounds.fits(value)] == []


@pytest.mark.parametrize(
    "text",
    [
        "截至2022年12月31日，1—11月、11月底、2022-12-31、二〇二二年、上半年。",
        "厦纪〔2022〕15号文第十八条第三款、第12次全会。",
        "一是抓早抓小，二是一体推进，十分重视，一项目一方案，推行“四定”和“一肩挑”。",
        "近三年，三个月内，15个工作日，10:30，每季度2次，增长3个百分点。",
        "电话0592-1234567，手机13800138000，代码91350100M000100Y4X。",
        "千家万户，千方百计，《八项规定精神十条》，A3纸，1+X。",
        "1. 总体情况\n（2）整改情况",
    ],
)
def test_what_counts_nothing_is_not_read(text: str) -> None:
    assert [number for number in read(text) if not number.is_soft] == []


def test_the_numbers_of_a_sentence_come_in_order_with_their_units() -> None:
    text = "明确5个方面38项监督内容，走访企业31家（52家次），12名近邻监督员，整改率57.7%。"
    found = read(text, ("个方面",))
    said = [(number.text, number.unit) for number in found]
    assert said == [
        ("5个方面", "个方面"),
        ("38项", "项"),
        ("31家", "家"),
        ("52家次", "家次"),
        ("12名", "名"),
        ("57.7%", "%"),
    ]
    assert all(text[number.start : number.end] == number.text for number in found)
    assert found[-1].is_percent


def test_a_single_numeral_is_perhaps_no_figure() -> None:
    assert [(number.text, number.is_soft) for number in read("坚决做到两个维护，查处三件，二十三件。")] == [
        *(("两个", True), ("三件", True), ("二十三件", False))
    ]
