"""What an attacker may try at the open addresses: receipts, tickets, marks of secrets, floods of each kind; each figure with its control."""

import random
import re
from base64 import urlsafe_b64encode
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.test import Client
from tests.figures import note
from tests.intake.reports import Desk, file, matured, opened

from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.files.marks import is_marked
from jiandu.base.intake.models import Report, SpentTicket, Tally
from jiandu.base.intake.selectors import read_dialogue
from jiandu.base.intake.services import caps
from jiandu.base.intake.services.filing import LONGEST, MOST_WAITING, add_message
from jiandu.base.intake.services.tickets import LIFE, SALT, Ticket, new_ticket, read_ticket
from jiandu.base.sealing.receipts import new_receipt

pytestmark = pytest.mark.django_db
THOUSAND = 1000


@pytest.mark.parametrize("count", [2 * THOUSAND, pytest.param(100 * THOUSAND, marks=pytest.mark.full)])
def test_guesses_of_receipts_find_nothing(count: int) -> None:
    """Among a thousand reports. The control: each of their own receipts finds its report."""
    own, _ = opened()
    reports = count // 100
    own_receipts = [file(own) for _ in range(reports)]
    assert sum(read_dialogue(new_receipt()) is not None for _ in range(count)) == 0
    assert sum(read_dialogue(receipt) is not None for receipt in own_receipts) == reports
    if count == 100 * THOUSAND:
        note("sealing", "receipt codes guessed", 0, "hits", note=f"{count:,} guesses among {reports:,} reports")


def forged(chance: random.Random) -> str:
    """One of the ways to make a ticket without having been given one."""
    good = new_ticket("report")
    way = chance.randrange(5)
    if way == 0:  # altered
        at = chance.randrange(len(good.text))
        other = chance.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_:")
        return good.text[:at] + other + good.text[at + 1 :] if good.text[at] != other else good.text[:-1]
    if way == 1:  # for another purpose
        return new_ticket(chance.choice(["ask", "message", "", "reports"])).text
    if way == 2:  # of another key
        return signing.Signer(key=f"other {chance.random()}", salt=SALT).sign_object(["report", good.id, good.issued])
    if way == 3:  # out of time, or from the future
        away = chance.choice([-1, 1]) * (LIFE.total_seconds() + chance.randint(5, 9_999_999))
        return Ticket("report", good.id, int(good.issued + away)).text
    return urlsafe_b64encode(chance.randbytes(chance.randint(0, 90))).decode()  # noise


def accepted(text: str) -> bool:
    try:
        read_ticket(text, "report")
    except Refused as refused:
        assert refused.rule == "ticket-invalid"
        return False
    return True


def test_ten_thousand_tickets_altered_expired_or_for_something_else_are_none() -> None:
    """The control: as many as were given out for it are taken."""
    chance = random.Random(20260101)
    assert sum(accepted(forged(chance)) for _ in range(10 * THOUSAND)) == 0
    assert all(accepted(new_ticket("report").text) for _ in range(THOUSAND))


GRADES, STARS = ("绝密", "机密", "秘密"), ("★", "☆", "*", "＊")
TERMS = ("1年", "10年", "3个月", "长期", "启用前", "二十年", "")


def marked(chance: random.Random) -> str:
    """A document of some grade, marked in one of the ways that offices do."""
    grade, star, term = chance.choice(GRADES), chance.choice(STARS), chance.choice(TERMS)
    spaced = chance.choice([grade, " ".join(grade), "　".join(grade)])
    mark = chance.choice(
        [
            f"{spaced}{star}{term}",
            f"{spaced} {star} {term}",
            f"密级：{spaced}",
            f"密 级: {grade}",
            f"【{spaced}】",
            f"（{spaced}）",
            f"编号{chance.randint(1, 999):03}\t{spaced}",
            f"份号：{chance.randint(1, 999999):06}      {spaced}{star}{term}",
            spaced,
        ]
    )
    body = f"关于某单位{chance.randint(1, 99)}项问题的报告\n{innocent(chance)}"
    return chance.choice([f"{mark}\n{body}", f"某县委办公室\n{mark}\n{body}"])


WHO = ("村支书", "乡财政所所长", "局办公室主任", "校长", "卫生院院长", "监理公司")
WHAT = (
    "把集体地租给了自己的弟弟", "虚报公里数套取补贴", "收了八万元现金", "用公车接送孩子", "违反保密规定把名单给了别人",
    "泄露国家秘密，被处分后仍在岗", "保密工作流于形式", "对机密文件管理不规范", "在群里转发内部资料", "占用扶贫款",
)  # fmt: skip
WHERE = ("清河村", "城东街道", "某县二中", "工业园区", "乡卫生院", "县医院")


def innocent(chance: random.Random) -> str:
    """What people write, talk about secrets among it."""
    told = [f"{chance.choice(WHERE)}的{chance.choice(WHO)}{chance.choice(WHAT)}" for _ in range(chance.randint(1, 4))]
    return "，".join(told) + f"。{chance.randint(2015, 2026)}年{chance.randint(1, 12)}月。"


def test_marked_documents_are_refused_and_others_taken() -> None:
    """200 marked ones: at least 99 of 100 refused, and what is refused is stored nowhere. 500 others: at most one of 100 refused."""
    own, _ = opened()
    chance = random.Random(4471)
    bad, good = [marked(chance) for _ in range(200)], [innocent(chance) for _ in range(500)]
    assert len({*bad}) > 190
    missed = [text for text in bad if not is_marked(text)]
    assert len(missed) <= 2, missed[:5]
    for text in bad[:20]:
        with pytest.raises(Refused, match="国家秘密"):
            file(own, text)
    assert (Report.objects.count(), SpentTicket.objects.count()) == (0, 0)
    assert sum(is_marked(text) for text in good) <= 5
    for text in good[:20]:
        file(own, text)
    assert Report.objects.count() == 20


# --- B14: what limits what -------------------------------------------------------------------------------------------

ACTION = re.compile(r'<form[^>]* action="([^"]+)"')


@pytest.fixture
def desk() -> Desk:
    return opened()[0]


def action(page: Any) -> str:
    found = ACTION.search(page.content.decode())
    assert found, page.content.decode()
    return unescape(found[1])


Way = Callable[[Desk, str, dict[str, str]], tuple[int, str]]


def report(desk: Desk, receipt: str, who: dict[str, str]) -> tuple[int, str]:
    said = {"office": str(desk.office), "rank": "rural", "summary": "一", "whole": "1"}
    return _posted("report", said, who)


def ask(desk: Desk, receipt: str, who: dict[str, str]) -> tuple[int, str]:
    return _posted("ask", {"receipt": receipt, "whole": "1"}, who)


def message(desk: Desk, receipt: str, who: dict[str, str]) -> tuple[int, str]:
    return _posted("message", {"receipt": receipt, "text": "一", "whole": "1"}, who)


def _posted(kind: str, said: dict[str, str], who: dict[str, str]) -> tuple[int, str]:
    ticket = matured(kind)
    answered = Client(**who).post(f"/portal/{kind}/?ticket={ticket.text}", said)  # type: ignore[arg-type]
    return answered.status_code, answered.content.decode()


#: Each limit: how it is tripped (one at a time), and the endpoints that it closes. Every other stays open.
LIMITS: dict[str, tuple[Callable[[Desk, Any], None], set[str], str]] = {
    "reports of a day": (lambda _, patch: patch.setitem(caps.CAPS, "reports", 1), {"report"}, "今日网上收件已满"),
    "messages of a day": (lambda _, patch: patch.setitem(caps.CAPS, "messages", 0), {"message"}, "今日网上收件已满"),
    "messages that wait": (lambda _, patch: None, {"message"}, "留言过多"),
    "bytes of a day": (lambda _, patch: patch.setitem(caps.CAPS, "bytes", 0), set(), "今日网上收件已满"),
}
ENDPOINTS: dict[str, Way] = {"report": report, "ask": ask, "message": message}
KNOWN = {"REMOTE_ADDR": "203.0.113.7", "HTTP_X_FORWARDED_FOR": "203.0.113.7"}


@pytest.mark.parametrize("who", [KNOWN, {}], ids=["address", "none"])
@pytest.mark.parametrize("limit", LIMITS)
def test_each_limit_closes_its_endpoints_and_no_others_whoever_asks(
    desk: Desk, limit: str, who: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The contract: endpoint × limit × address known or not, each tripped alone. The control: untripped, all answer."""
    trip, closes, words = LIMITS[limit]
    receipt = file(desk)
    assert {name for name, way in ENDPOINTS.items() if way(desk, receipt.text, who)[0] != 200} == set()
    if limit == "messages that wait":
        for _ in range(MOST_WAITING - 1):
            add_message(receipt=receipt, text="一", ticket=matured("message"))
    trip(desk, monkeypatch)
    found = {name: way(desk, receipt.text, who) for name, way in ENDPOINTS.items()}
    assert {name for name, (status, _) in found.items() if status != 200} == closes
    assert all((found[name][0], words in found[name][1]) == (422, True) for name in closes)


def test_the_bytes_of_a_day_close_reports_with_files_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    monkeypatch.setitem(caps.CAPS, "bytes", 5000)
    said = {"office": str(desk.office), "rank": "rural", "summary": "一", "cleaning": "none"}
    statuses = []
    for _ in range(2):
        sent = {**said, "files": SimpleUploadedFile("a.pdf", b"x"), "whole": "1"}
        statuses.append(Client().post(f"/portal/report/?ticket={matured('report').text}", sent).status_code)
    assert statuses == [200, 422]
    assert (report(desk, "", {})[0], Tally.objects.get(what="bytes").count) == (200, 4096)


def test_the_limits_are_those_that_are_declared() -> None:
    assert caps.CAPS == {"reports": 2_000, "messages": 5_000, "bytes": 20 * 2**30, "cleaning": 1_800_000}
    assert (MOST_WAITING, LONGEST) == (20, 20_000)


def test_a_ticket_is_one_question_whoever_asks(desk: Desk) -> None:
    """Guessing is throttled by the minute or the work of each ticket, not by who asks: an address is nobody's alone."""
    receipt = file(desk)
    ticket = matured("ask")
    asked = {"receipt": receipt.text, "whole": "1"}
    statuses = [Client(**who).post(f"/portal/ask/?ticket={ticket.text}", asked).status_code for who in ({}, KNOWN)]  # type: ignore[arg-type]
    assert statuses == [200, 422]
    young = Client().post(f"/portal/ask/?ticket={new_ticket('ask').text}", asked)
    assert (young.status_code, "秒后再提交" in young.content.decode()) == (422, True)
    with time_machine.travel(now() + LIFE * 2, tick=False):
        assert Client().post(f"/portal/ask/?ticket={ticket.text}", asked).status_code == 409
