"""Identity numbers (GB 11643-1999) and credit codes (GB 32100-2015): the sign at the end, and whether a number can be."""

import re
import unicodedata
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
REMAINDERS = "10X98765432"
CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))


def identity_check(body: str) -> str:
    """The 18th sign of an identity number from its 17 digits (ISO 7064, MOD 11-2)."""
    return REMAINDERS[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def credit_check(body: str) -> str:
    """The 18th sign of a credit code from its 17. A remainder of 0 gives the sign 0: 31 − 0 would be no sign at all."""
    total = sum(CREDIT_SIGNS.index(sign) * weight for sign, weight in zip(body, CREDIT_WEIGHTS, strict=True))
    return CREDIT_SIGNS[(31 - total % 31) % 31]


def identity_number(text: str) -> str | None:
    """An identity number in its 18 places, however it was written (full width, spaces, 15 places), or None.

    What must hold: the check sign and a birthday that there was. The division is no proof: numbers keep old divisions.
    """
    plain = _plain(text)
    if re.fullmatch(r"\d{15}", plain):
        plain = plain[:6] + "19" + plain[6:]
        plain += identity_check(plain)
    if not re.fullmatch(r"\d{17}[\dX]", plain) or identity_check(plain[:17]) != plain[17]:
        return None
    return plain if born_on(plain) else None


def born_on(number: str) -> date | None:
    """The birthday in an 18-place identity number, or None where there was no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def credit_code(text: str) -> str | None:
    """A credit code in capitals and half width, or None where its signs or its check sign cannot be."""
    plain = _plain(text)
    if len(plain) != 18 or any(sign not in CREDIT_SIGNS for sign in plain):
        return None
    return plain if credit_check(plain[:17]) == plain[17] else None


def _plain(text: str) -> str:
    return re.sub(r"[\s\-'`]", "", unicodedata.normalize("NFKC", text)).upper()
