"""Identifiers: the standards' own examples, one slip at a time, and the algebra of check digits."""

from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from jiandu.base.core.ids import (
    CREDIT_SYMBOLS,
    Code,
    birth_date,
    credit_code_check,
    credit_code_problem,
    identity_number_18,
    identity_number_check,
    identity_number_problem,
    new_uid,
    plain_code,
    read_code,
)

credit_bodies = st.tuples(
    st.text(CREDIT_SYMBOLS, min_size=2, max_size=2),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(CREDIT_SYMBOLS, min_size=9, max_size=9),
).map("".join)
births = st.dates(date(1900, 1, 1), date(2026, 12, 31))
identity_bodies = st.builds(
    lambda division, born, order: f"{division}{born:%Y%m%d}{order:03d}",
    st.integers(110000, 659999),
    births,
    st.integers(0, 999),
)


def test_new_uid_is_random_and_of_version_4():
    first, second = new_uid(), new_uid()
    assert (first == second, first.version, second.version) == (False, 4, 4)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("\uff13\uff15\uff10\uff12\uff10\uff13\uff38", "350203X"),
        (" 350203 1990x\n", "3502031990X"),
        ("\u202d13800138000\u202c", "13800138000"),  # direction marks come along from address books
        ("\u300012\u300034", "1234"),
    ],
)
def test_plain_code_folds_what_people_type(text, plain):
    assert plain_code(text) == plain


@given(st.text())
@example("U¨")  # a space and an accent: without the space they are one letter
def test_plain_code_twice_is_once(text):
    assert plain_code(plain_code(text)) == plain_code(text)


@pytest.mark.parametrize("text", ["WT-2022-0037", "wt-2022-0037", " WT\uff0d2022\uff0d0037", "WT—2022—0037"])
def test_read_code_in_any_spelling(text):
    assert read_code(text) == Code("WT", 2022, 37)


@given(st.text("ABCXYZ", min_size=1, max_size=8), st.integers(0, 9999), st.integers(0, 999_999_999))
def test_read_code_undoes_str(register, year, number):
    code = Code(register, year, number)
    assert read_code(str(code)) == code


@pytest.mark.parametrize("text", ["", "WT-22-0037", "WT-2022-37", "2022-0037", "WT-2022-0037-1", "问题-2022-0037"])
def test_read_code_refuses_another_form(text):
    with pytest.raises(ValueError, match="编号格式应为“类别-年份-序号”，如 WT-2022-0037"):
        read_code(text)


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("91350100M000100Y43", None),  # the example of GB 32100-2015
        ("91350100m000100y43", None),
        ("\uff19\uff11350100M000100Y43", None),
        ("91350100M000100Y44", "统一社会信用代码校验位不符，末位应为“3”"),
        ("91350100M000100Y4", "统一社会信用代码应为18位，现为17位"),
        ("", "统一社会信用代码应为18位，现为0位"),
        ("91350100I000100Y43", "统一社会信用代码不应含有“I”（不使用 I、O、S、V、Z）"),
        ("913501厦0M000100Y43", "统一社会信用代码不应含有“厦”（不使用 I、O、S、V、Z）"),
        ("9135010AM000100Y43", "统一社会信用代码第3至8位应为数字（登记机关行政区划码）"),
    ],
)
def test_credit_code_problem_names_the_reason(code, problem):
    assert credit_code_problem(code) == problem


def test_credit_code_check_wraps_31_to_0():
    # 9·1 + … with a sum divisible by 31: the formula as widely copied gives 31 here and finds no symbol
    body = "0" * 17
    assert (credit_code_check(body), credit_code_problem(body + "0")) == ("0", None)


@given(credit_bodies)
def test_credit_code_with_its_check_is_sound(body):
    assert credit_code_problem(body + credit_code_check(body)) is None


@given(credit_bodies, st.integers(0, 16), st.sampled_from(CREDIT_SYMBOLS))
def test_credit_code_notices_any_one_changed_symbol(body, place, symbol):
    assume(body[place] != symbol)
    changed = body[:place] + symbol + body[place + 1 :]
    assert credit_code_check(changed) != credit_code_check(body)


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("11010519491231002X", None),  # the examples of GB 11643-1999
        ("440524188001010014", None),
        ("11010519491231002x", None),
        ("110105491231002", None),
        ("110105194912310021", "身份证号校验位不符，末位应为“X”"),
        ("11010519490231002X", "身份证号中的出生日期不存在"),
        ("110105490231002", "身份证号中的出生日期不存在"),
        ("1101051949123100", "身份证号应为18位（末位可为X）或15位数字，现为16位或含有其他字符"),
        ("01010519491231002X", "身份证号应为18位（末位可为X）或15位数字，现为18位或含有其他字符"),
        ("", "身份证号应为18位（末位可为X）或15位数字，现为0位或含有其他字符"),
    ],
)
def test_identity_number_problem_names_the_reason(number, problem):
    assert identity_number_problem(number) == problem


def test_identity_number_problem_on_a_day_refuses_a_later_birth():
    number = "11010519491231002X"
    assert identity_number_problem(number, on=date(1949, 12, 31)) is None
    assert identity_number_problem(number, on=date(1949, 12, 30)) == "身份证号中的出生日期晚于当日"


@given(identity_bodies)
def test_identity_number_with_its_check_is_sound(body):
    number = body + identity_number_check(body)
    assert (identity_number_problem(number), identity_number_18(number)) == (None, number)


@given(identity_bodies, st.integers(0, 16), st.sampled_from("0123456789"))
def test_identity_number_notices_any_one_changed_digit(body, place, digit):
    assume(body[place] != digit)
    changed = body[:place] + digit + body[place + 1 :]
    assert identity_number_check(changed) != identity_number_check(body)


@given(identity_bodies, st.integers(0, 15))
def test_identity_number_notices_swapped_neighbours(body, place):
    assume(body[place] != body[place + 1])
    swapped = body[:place] + body[place + 1] + body[place] + body[place + 2 :]
    assert identity_number_check(swapped) != identity_number_check(body)


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("110105491231002", "11010519491231002X"),
        ("440524800101999", "440524188001019991"),  # order numbers 996 to 999: born before 1900
    ],
)
def test_identity_number_18_lengthens_the_first_generation(short, long):
    assert (identity_number_18(short), identity_number_problem(long)) == (long, None)


def test_identity_number_18_refuses_a_wrong_number():
    with pytest.raises(ValueError, match="身份证号校验位不符，末位应为“X”"):
        identity_number_18("110105194912310021")


@given(identity_bodies)
def test_birth_date_reads_the_number(body):
    number = body + identity_number_check(body)
    assert f"{birth_date(number):%Y%m%d}" == number[6:14]
