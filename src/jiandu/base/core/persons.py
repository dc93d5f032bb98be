"""Whose number it is without saying it: what a register keeps of an identity number that a sheet brought.

The number itself is not kept. `shown` hides its middle; `person_mark` is the same for the same person in every table of
this installation, and nobody without the installation's key can tell a number from it. A new key makes new marks: sheets
then have to be taken in again before two of them can be matched by it.
"""

import re
from typing import NamedTuple

from django.utils.crypto import salted_hmac

from jiandu.base.core.ids import credit_code_problem, identity_number_18, identity_number_problem, plain_code
from jiandu.base.core.text import HAN, mask_identity_number, mask_name

SALT = "jiandu.person"
NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
#: How names of bodies end, or what stands in them: anything else of up to four characters is taken for a person's.
BODY = re.compile("公司|厂|店|社$|村|组$|部$|中心|学校|医院|银行|合作|局$|所$|站$|会$|企业|农场|超市|商行")
PERSON = re.compile(f"[{HAN}]{{2,4}}|[{HAN}]{{1,10}}·[{HAN}·]{{1,12}}")


class Numbered(NamedTuple):
    """Who it is by number: `shown` is a credit code, or a person's number with its middle hidden; `mark` is a person's."""

    shown: str = ""
    mark: str = ""


def person_mark(number: str) -> str:
    """The mark of an identity number in any writing (15 digits as 18). Raises ValueError with the reason in Chinese."""
    return salted_hmac(SALT, identity_number_18(number), algorithm="sha256").hexdigest()


def numbered(text: str) -> Numbered:
    """What is kept of a credit code or an identity number. Raises ValueError with the reason in Chinese."""
    code = plain_code(text)
    if not code:
        return Numbered()
    if _is_body(code) and credit_code_problem(code) is None:
        return Numbered(code)
    problem = credit_code_problem(code) if _is_body(code) else identity_number_problem(code)
    if problem is not None:
        raise ValueError(problem)
    number = identity_number_18(code)
    return Numbered(mask_identity_number(number), person_mark(number))


def _is_body(code: str) -> bool:
    """A credit code has letters or begins with 9, as those of enterprises and cooperatives do."""
    return len(code) == 18 and (code[0] == "9" or not code[:17].isdigit())


def holds_number(text: str) -> bool:
    """Whether an identity number stands among the words."""
    return any(identity_number_problem(found[0]) is None for found in NUMBER.finditer(text))


def is_person(name: str, mark: str = "") -> bool:
    """Whether the name is taken for a person's: its number was one, or it reads like one."""
    return bool(mark) or bool(PERSON.fullmatch(name) and not BODY.search(name))


def shown_name(name: str, mark: str = "") -> str:
    """The name as a list or a sheet shows it: a person's with its first character, a body's whole."""
    return mask_name(name) if is_person(name, mark) else name
