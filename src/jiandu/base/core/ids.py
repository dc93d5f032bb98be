"""Identifiers: random uids for URLs, codes that people read aloud, check digits of credit code and identity number.

Each `…_problem` gives the reason in Chinese, or None when the value is sound. All judge the value as `plain_code`
writes it, and that is the form to store.
"""

import re
import unicodedata
from datetime import date
from typing import NamedTuple
from uuid import UUID, uuid4

CREDIT_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
CREDIT_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
IDENTITY_WEIGHTS = tuple(pow(2, 17 - place, 11) for place in range(17))  # 7, 9, 10, 5, 8, 4, 2, 1, 6, …
IDENTITY_CHECKS = "10X98765432"
CENTENARIANS = "996"  # GB 11643-1989: order numbers 996–999 mark births before 1900
CODE = re.compile(r"([A-Z]{1,8})[-‐-―−]([0-9]{4})[-‐-―−]([0-9]{4,9})")  # any dash that a keyboard makes


def new_uid() -> UUID:
    """A random identifier (version 4): it says nothing about order or number."""
    return uuid4()


def plain_code(text: str) -> str:
    """Half-width, upper case, without white space or invisible marks: how codes and numbers are stored and compared."""
    wide = "".join(char for char in text if unicodedata.category(char) != "Cf")
    folded = "".join(unicodedata.normalize("NFKC", wide).upper().split())
    return unicodedata.normalize("NFKC", folded)  # an accent may meet its letter only now


class Code(NamedTuple):
    """A public code in its parts: WT-2022-0037 is register WT, year 2022, number 37."""

    register: str
    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.register}-{self.year:04d}-{self.number:04d}"


def read_code(text: str) -> Code:
    """The code that a person typed, in any width or case. Raises ValueError with the reason in Chinese."""
    match = CODE.fullmatch(plain_code(text))
    if match is None:
        raise ValueError("编号格式应为“类别-年份-序号”，如 WT-2022-0037")
    return Code(match[1], int(match[2]), int(match[3]))


def credit_code_problem(text: str) -> str | None:
    """What is wrong with a 统一社会信用代码 (GB 32100-2015), or None."""
    code = plain_code(text)
    if len(code) != 18:
        return f"统一社会信用代码应为18位，现为{len(code)}位"
    wrong = next((char for char in code if char not in CREDIT_SYMBOLS), None)
    if wrong is not None:
        return f"统一社会信用代码不应含有“{wrong}”（不使用 I、O、S、V、Z）"
    if not code[2:8].isdigit():
        return "统一社会信用代码第3至8位应为数字（登记机关行政区划码）"
    check = credit_code_check(code[:17])
    return None if code[17] == check else f"统一社会信用代码校验位不符，末位应为“{check}”"


def credit_code_check(body: str) -> str:
    """The 18th symbol for 17 valid ones. The remainder 0 gives 31 in the standard's formula and wraps to "0"."""
    total = sum(CREDIT_SYMBOLS.index(char) * weight for char, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return CREDIT_SYMBOLS[-total % 31]


def identity_number_problem(text: str, *, on: date | None = None) -> str | None:
    """What is wrong with a 公民身份号码 of 18 or 15 digits (GB 11643), or None. A birth after `on` is a problem too."""
    number = plain_code(text)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]|[1-9][0-9]{14}", number):
        return f"身份证号应为18位（末位可为X）或15位数字，现为{len(number)}位或含有其他字符"
    born = _born(number)
    if born is None:
        return "身份证号中的出生日期不存在"
    if on is not None and born > on:
        return "身份证号中的出生日期晚于当日"
    if len(number) == 15:
        return None
    check = identity_number_check(number[:17])
    return None if number[17] == check else f"身份证号校验位不符，末位应为“{check}”"


def identity_number_check(body: str) -> str:
    """The 18th character for 17 digits (ISO 7064 MOD 11-2)."""
    return IDENTITY_CHECKS[sum(int(char) * weight for char, weight in zip(body, IDENTITY_WEIGHTS, strict=True)) % 11]


def identity_number_18(text: str) -> str:
    """The number in 18 characters; 15 digits get their century and check digit. Raises ValueError with the reason."""
    problem = identity_number_problem(text)
    if problem is not None:
        raise ValueError(problem)
    number = plain_code(text)
    if len(number) == 18:
        return number
    body = number[:6] + _century(number) + number[6:]
    return body + identity_number_check(body)


def birth_date(text: str) -> date:
    """The date of birth in a valid identity number. Raises ValueError with the reason."""
    number = identity_number_18(text)
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def _century(short: str) -> str:
    return "18" if short[12:] >= CENTENARIANS else "19"


def _born(number: str) -> date | None:
    digits = number[6:14] if len(number) == 18 else _century(number) + number[6:12]
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return None
