"""What rules ask of a row of our own ledgers that the ledger says in other words: whose account, which book, whether resolved.

Nothing is guessed: what the words do not say is None, and rules take it as not known.
"""

import re
from collections.abc import Callable
from typing import Any

from jiandu.base.linkage.surnames import DOUBLE
from jiandu.base.texts.scoring import ENDINGS, SURNAMES
from jiandu.sources.crosscheck.tables import UNNAMED_BOOK

Row = dict[str, Any]
PERSON, COLLECTIVE = "个人", "集体"
#: Words of an account that is a person's own.
OWN = ("个人", "私人", "私户", "本人")
#: Words of accounts that a collective, its village or the town keeps.
KEPT = (
    *("集体", "三资", "代理中心", "经管", "农经", "财政所", "村民委员会", "村委会", "居委会", "居民委员会"),
    *("经济合作社", "经济联合社", "专户", "公账", "对公"),
)
#: Signs that no name of a person has where an account is named.
NO_NAME = set(ENDINGS) | set("户账款金行社库厝岛港城公现银")
HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
RECEIPT_NO = re.compile(r"(?P<book>.*?)(?P<number>[0-9]{1,15})", re.DOTALL)
BETWEEN = " 　-－—_.．:：#＃/第"
#: What people write where there is nothing.
NONE = {"无", "没有", "无决议", "未决议", "否", "-", "—", "/"}


def holder_kind(row: Row) -> str | None:
    """个人 where the account says so or is called like a person, 集体 where it is the collective's; else not known."""
    said = "".join(str(row.get("account_holder") or "").split())
    if not said:
        return None
    if any(word in said for word in OWN) and "非个人" not in said:
        return PERSON
    names = [str(row.get(name) or "") for name in ("collective_name", "village", "town", "district")]
    if any(word in said for word in KEPT) or any(name and (name in said or said in name) for name in names):
        return COLLECTIVE
    return PERSON if _is_name(said) else None


def _is_name(said: str) -> bool:
    if HAN.fullmatch(said) is None or NO_NAME & set(said):
        return False
    return 3 <= len(said) <= 4 if said[:2] in DOUBLE else len(said) <= 3 and said[0] in SURNAMES


def book_and_number(said: str) -> tuple[str | None, int | None]:
    """甲0012 → 甲, 12; 0012 → a book without a name, 12; what does not end in digits is in no book."""
    found = RECEIPT_NO.fullmatch(said.strip())
    if found is None:
        return None, None
    return found["book"].strip(BETWEEN) or UNNAMED_BOOK, int(found["number"])


def _receipt(row: Row) -> Row:
    book, number = book_and_number(str(row.get("receipt_no") or ""))
    return {"holder_kind": holder_kind(row), "book": book, "number": number}


def _due(row: Row) -> Row:
    said = str(row.get("resolution") or "").strip()
    return {"resolved": (said not in NONE) if said else None}


#: By table, what a row says besides.
DERIVED: dict[str, Callable[[Row], Row]] = {"receipt": _receipt, "due": _due}
