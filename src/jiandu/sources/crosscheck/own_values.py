"""What rules ask of a row of our own ledgers that the ledger says in other words: whose account, which book, whether resolved.

Nothing is guessed: what the words do not say is None, and rules take it as not known.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any

from django.utils.crypto import salted_hmac

from jiandu.base.core.ids import credit_code_problem
from jiandu.base.core.persons import is_person
from jiandu.base.linkage.surnames import DOUBLE
from jiandu.base.texts.scoring import ENDINGS, SURNAMES
from jiandu.sources.crosscheck import marks
from jiandu.sources.crosscheck.tables import UNNAMED_BOOK

Row = dict[str, Any]
PERSON, COLLECTIVE, BODY = "个人", "集体", "企业"
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


def holder_kind(row: Row, column: str = "account_holder") -> str | None:
    """个人 where the account says so or is called like a person, 集体 where it is the collective's; else not known."""
    said = "".join(str(row.get(column) or "").split())
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


def _contract(row: Row) -> Row:
    """Who leases is a person where the ledger has a person's mark, a body where it has a credit code."""
    who = str(row.get("lessee_id") or "")
    kind = PERSON if marks.is_mark(who) else BODY if who and credit_code_problem(who) is None else None
    return {"lessee_kind": kind}


def _fund(row: Row) -> Row:
    """The drawer is the village's own; of an account its holder says whose it is."""
    return {"holder_kind": COLLECTIVE if row.get("kind") == "库存现金" else holder_kind(row, "holder")}


#: What a payee trades in, where his trade or his name says it: the words of rules.
TRADES = {
    "餐饮": ("餐饮", "餐馆", "餐厅", "饭店", "酒楼", "酒家", "食府", "大排档", "农家乐"),
    "烟酒": ("烟酒", "名烟", "名酒", "烟草", "酒业", "酒行"),
}


def outlays(rows: Iterable[Row]) -> Iterator[Row]:
    """Of the lines of journals, village by village, the payments out; a person by his sign, not by his name.

    A voucher's number is told where its book (of the month, after which numbers begin anew) has payments out alone: in
    others the numbers between belong to income and transfers, which are no outlays, and would look like missing ones.
    """
    for _name, own in groupby(rows, key=lambda row: row["collective_name"]):
        told = [(row, *_booked(row)) for row in own]
        mixed = {book for row, book, _number in told if not row["is_outlay"]}
        for row, book, number in told:
            if row["is_outlay"]:
                known = (book, number) if number is not None and book not in mixed else (None, None)
                yield row | _outlay(row) | dict(zip(("book", "number"), known, strict=True))


def _booked(row: Row) -> tuple[str, int | None]:
    book, number = book_and_number(str(row.get("voucher") or ""))
    day = row["booked_on"]
    return f"{row.get('book') or book or UNNAMED_BOOK} {day.year}年{day.month}月", number


WHOLE_NUMBER = 20  # digits of an invoice's number that needs no code beside it


def _outlay(row: Row) -> Row:
    invoiced, number = row.get("has_invoice"), str(row.get("invoice_no") or "")
    payee = _payee(row)
    return {
        "payee": payee,
        # a short number means an invoice together with its code, or with whoever wrote it
        "invoice_code": row.get("invoice_code") or (f"无代码（{payee}）" if 0 < len(number) < WHOLE_NUMBER else None),
        "payee_kind": _trade(str(row.get("trade") or "")) or _trade(str(row.get("payee") or "")) or row.get("trade"),
        "has_invoice": True if invoiced is None and row.get("invoice_no") else invoiced,
    }


def _payee(row: Row) -> str | None:
    name, mark = str(row.get("payee") or "").strip(), str(row.get("payee_id") or "")
    if marks.is_mark(mark):
        return marks.shown(mark)
    if not is_person(name):
        return name or None
    return marks.shown(salted_hmac("jiandu.payee", f"{row['collective_name']}/{name}", algorithm="sha256").hexdigest())


def _trade(said: str) -> str | None:
    return next((kind for kind, words in TRADES.items() if any(word in said for word in words)), None)


#: What kind of account an estate's is: the words of rules, by the words of statements.
ACCOUNTS = {"专户": ("专户", "专用账户", "专门账户"), "基本户": ("基本户", "基本账户", "基本存款账户")}


def _estate(row: Row) -> Row:
    said = str(row.get("account") or "")
    kind = next((kind for kind, words in ACCOUNTS.items() if any(word in said for word in words)), None)
    head = {"account_holder": said, "collective_name": "", "village": "", "town": "", "district": ""}
    is_own = kind is None and holder_kind(head) == PERSON
    return {"account_kind": PERSON if is_own else kind, "body": row.get("body_code")}


#: Items of our dictionaries → how rules call them, where they call them otherwise.
ITEMS = {"base_station": "通信基站", "other_income": "其他", "other_cost": "其他"}
OTHER_ADS = ("楼道", "道闸", "外墙", "屋面", "宣传栏")


def _item(row: Row) -> str:
    """Advertising is one item with us: of an estate that has some in its lifts it is that, unless it says where else."""
    code, where = row.get("item_code"), f"{row.get('note') or ''}{row.get('party_name') or ''}"
    if code == "advertising" and row.get("has_lift_ads") and not any(word in where for word in OTHER_ADS):
        return "电梯广告"
    return ITEMS.get(str(code), str(row["item"]))


def _estate_line(row: Row) -> Row:
    """Where the line names neither party nor resolution, its note may; where there is none, there is neither."""
    note, party = str(row.get("note") or ""), str(row.get("party_name") or "").strip()
    resolution = str(row.get("resolution") or "").strip()
    return {
        "item": _item(row),
        "party": row.get("party_code"),
        "has_party": (party not in NONE) if party else None if note else False,
        "resolved": (resolution not in NONE) if resolution else None if note else False,
    }


#: By ledger, what a row says besides.
DERIVED: dict[str, Callable[[Row], Row]] = {
    "receipt": _receipt,
    "due": _due,
    "contract": _contract,
    "fund": _fund,
    "estate": _estate,
    "estate_line": _estate_line,
}
