"""The portal from outside: report, receipt, question, answer; no cookie, no trace of who asks, no file in clear."""

import logging
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.client import encode_multipart
from tests.intake.reports import TEXT, Desk, opened

from jiandu.base.core.clock import now
from jiandu.base.intake import files
from jiandu.base.intake.models import Attachment, Message, Rank, Report, SpentTicket
from jiandu.base.intake.services.filing import answer
from jiandu.surfaces.portal.hush import Hushed
from jiandu.surfaces.portal.quiet import QuietMiddleware

pytestmark = pytest.mark.django_db

MARKED = {
    "REMOTE_ADDR": "203.0.113.77",
    "HTTP_X_FORWARDED_FOR": "203.0.113.77",
    "HTTP_FORWARDED": "for=203.0.113.77",
    "HTTP_USER_AGENT": "Canary/77",
    "HTTP_REFERER": "https://canary.example/77",
    "HTTP_ACCEPT_LANGUAGE": "fr-77",
    "HTTP_SEC_CH_UA": "Canary77",
    "HTTP_COOKIE": "session=canary77; django_language=en",
}
ACTION = re.compile(r'<form[^>]* action="([^"]+)"')
RECEIPT = re.compile(r"<output>([^<]+)</output>")


@pytest.fixture
def desk() -> Desk:
    return opened()[0]


@pytest.fixture
def later() -> Iterator[Any]:
    """A clock that the test moves on by a minute."""
    with time_machine.travel(now(), tick=False) as traveller:
        yield lambda: traveller.shift(timedelta(seconds=61))


def action(page: Any) -> str:
    found = ACTION.search(page.content.decode())
    assert found, page.content.decode()
    return unescape(found[1])


def report_of(desk: Desk, **more: Any) -> dict[str, Any]:
    said = {"office": str(desk.office), "rank": Rank.RURAL, "summary": TEXT, "person": "被反映人甲"}
    said["cleaning"] = "none"  # what is asked for otherwise: test_cleaning.py
    return {**said, **more, "whole": more.get("whole", "1")}


def filed(desk: Desk, later: Any, client: Client | None = None, **more: Any) -> Any:
    browser = client or Client()
    page = browser.get("/portal/report/")
    later()
    return browser.post(action(page), report_of(desk, **more))


def test_report_receipt_question_answer(desk: Desk, later: Any) -> None:
    client = Client()
    answered = filed(desk, later, client, name="林一鸣")
    receipt = RECEIPT.search(answered.content.decode())
    assert answered.status_code == 200
    assert receipt
    assert len(receipt[1].replace("-", "")) == 26
    answer(report=Report.objects.get(), text="请说明合同签订日期")
    page = client.get("/portal/ask/")
    later()
    dialogue = client.post(action(page), {"receipt": receipt[1].lower().replace("-", " "), "whole": "1"})
    assert "请说明合同签订日期" in dialogue.content.decode()
    assert TEXT not in dialogue.content.decode()
    later()
    sent = client.post(action(dialogue), {"receipt": receipt[1], "text": "二〇二一年三月", "whole": "1"})
    assert (sent.status_code, Message.objects.count(), "已送出" in sent.content.decode()) == (200, 2, True)
    assert not client.cookies


def test_before_its_minute_a_form_comes_back_with_what_was_typed(desk: Desk, later: Any) -> None:
    client = Client()
    page = client.get("/portal/report/")
    early = client.post(action(page), report_of(desk))
    assert (early.status_code, TEXT in early.content.decode(), Report.objects.count()) == (422, True, 0)
    later()
    assert client.post(action(early), report_of(desk)).status_code == 200
    assert client.post(action(early), report_of(desk)).status_code == 422
    assert Report.objects.count() == 1


@pytest.mark.parametrize("path", ["report/", "ask/", "message/"])
def test_without_a_ticket_nothing_is_taken(desk: Desk, path: str) -> None:
    for query in ("", "?ticket=x", "?ticket=a:b:c", "?ticket=a:b&proof=x"):
        sent = Client().post(f"/portal/{path}{query}", report_of(desk, files=SimpleUploadedFile("a.pdf", b"x" * 1000)))
        assert sent.status_code == 409
    assert (Report.objects.count(), SpentTicket.objects.count()) == (0, 0)
    assert not list((files.folder() / "parts").glob("*"))


def test_a_ticket_of_another_form_is_none(desk: Desk, later: Any) -> None:
    page = Client().get("/portal/ask/")
    later()
    query = action(page).partition("?")[2]
    assert Client().post(f"/portal/report/?{query}", report_of(desk)).status_code == 409


def test_each_guess_costs_a_ticket_and_says_the_same(desk: Desk, later: Any) -> None:
    client = Client()
    page = client.get("/portal/ask/")
    later()
    guess = {"receipt": "0000-0000-0000-0000-0000-0000-00", "whole": "1"}
    assert "没有找到" in client.post(action(page), guess).content.decode()
    assert "没有找到" not in client.post(action(page), guess).content.decode(), "the ticket was spent"
    assert SpentTicket.objects.count() == 1


def test_who_asks_is_taken_off_before_anything_looks() -> None:
    seen: dict[str, Any] = {}

    def inner(request: Any) -> HttpResponse:
        seen.update(request.META)
        response = HttpResponse()
        response.set_cookie("a", "b")
        return response

    answered = QuietMiddleware(inner)(RequestFactory().get("/portal/", **MARKED))  # type: ignore[arg-type]
    assert not [value for value in seen.values() if isinstance(value, str) and "77" in value]
    assert not answered.cookies
    QuietMiddleware(inner)(RequestFactory().get("/desk/", **MARKED))  # type: ignore[arg-type]
    assert [value for value in seen.values() if isinstance(value, str) and "77" in value], "the control"


def test_nothing_of_who_asks_reaches_the_disk(desk: Desk, later: Any) -> None:
    filed(desk, later, Client(**MARKED))  # type: ignore[arg-type]
    rows = str([list(model.objects.values()) for model in (Report, SpentTicket, Message)]).encode()
    disk = connection.connection.serialize() if connection.vendor == "sqlite" else b""
    marks = [mark.encode() for mark in ("203.0.113.77", "Canary/77", "canary.example", "canary77", "fr-77")]
    assert [mark for mark in marks if mark in rows + disk] == []


def test_pages_carry_their_headers_and_the_language_of_the_address(desk: Desk) -> None:
    for path in ("", "report/", "ask/", "leave/", "none/"):
        page = Client(**MARKED).get(f"/portal/{path}")  # type: ignore[arg-type]
        assert (page["Cache-Control"], page["Referrer-Policy"], len(page.cookies)) == ("no-store", "no-referrer", 0)
        assert "default-src 'none'" in page["Content-Security-Policy"]
        assert 'lang="zh-hans"' in page.content.decode()
    assert 'lang="en"' in Client().get("/portal/?lang=en").content.decode()
    assert Client().get("/portal/leave/")["Clear-Site-Data"] == '"cache", "cookies", "storage"'


def test_titles_say_nothing(desk: Desk) -> None:
    titles = [
        re.findall("<title>(.*)</title>", Client().get(f"/portal/{path}").content.decode())
        for path in ("", "report/", "ask/", "leave/")
    ]
    assert titles == [["服务页面"]] * 4


def test_without_keys_it_says_so() -> None:
    for path in ("", "report/"):
        assert "尚未开通" in Client().get(f"/portal/{path}").content.decode()


def test_files_are_sealed_with_the_report(desk: Desk, later: Any) -> None:
    sent = filed(desk, later, files=[SimpleUploadedFile("合同.pdf", b"x" * 70_000), SimpleUploadedFile("b.jpg", b"y")])
    assert sent.status_code == 200
    assert sorted(Attachment.objects.values_list("size", flat=True)) == [4096, 262_144]
    assert not list((files.folder() / "parts").iterdir())


@pytest.mark.parametrize(
    "wrong",
    [
        {"summary": ""},
        {"files": SimpleUploadedFile("a.exe", b"x")},
        {"files": [SimpleUploadedFile(f"{number}.pdf", b"x") for number in range(11)]},
        {"summary": "机密★3年"},
        {"office": "00000000-0000-0000-0000-000000000000"},
        {"whole": ""},
    ],
)
def test_a_refused_report_leaves_no_file(desk: Desk, later: Any, wrong: dict[str, Any]) -> None:
    sent = filed(desk, later, **{"files": SimpleUploadedFile("a.pdf", b"x" * 100_000), **wrong})
    assert (sent.status_code, Report.objects.count(), Attachment.objects.count()) == (422, 0, 0)
    left = [path for path in files.folder().rglob("*") if path.is_file()]
    assert left == []


def test_a_file_in_a_field_of_its_own_is_not_kept(desk: Desk, later: Any) -> None:
    assert filed(desk, later, other=SimpleUploadedFile("a.pdf", b"x")).status_code == 200
    assert not [path for path in files.folder().rglob("*") if path.is_file()]


def test_a_form_that_was_cut_off_is_not_taken_for_a_shorter_one(desk: Desk, later: Any) -> None:
    """The connection ends between two fields, in a text, in a file: nothing is stored. The control: whole, it is."""
    page = Client().get("/portal/report/")
    later()
    said = report_of(desk, files=SimpleUploadedFile("a.pdf", b"x" * 9000))
    body = encode_multipart("b", said)
    marks = (b'name="summary"', TEXT.encode()[9:], b'name="files"', b"xxx", b'name="whole"')
    ends = [body.index(mark) for mark in marks]
    kind = "multipart/form-data; boundary=b"
    for end in ends:
        sent = Client().post(action(page), body[:end], content_type=kind)
        assert (sent.status_code, Report.objects.count()) == (422, 0)
    assert not [path for path in files.folder().rglob("*") if path.is_file()]
    assert Client().post(action(page), body, content_type=kind).status_code == 200


class Broken:
    """The body of a request whose sender hangs up."""

    def __init__(self, body: bytes) -> None:
        self.body = body

    def read(self, size: int = -1) -> bytes:
        given, self.body = self.body[:size], self.body[size:]
        if not given:
            raise OSError("gone")
        return given

    readline = read


CANARY = "村支书收了八万元-canary-4471"
HEAD = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n'


def spellings(text: str) -> list[bytes]:
    return [text.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]


def clear_in(*folders: Path) -> list[bytes]:
    found = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    return [way for way in spellings(CANARY) for content in found if way in content]


def test_a_broken_off_upload_leaves_nothing_and_was_never_in_clear(
    desk: Desk, later: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """100 uploads broken off in the middle. The control: Django's own handler writes the same bytes to its folder."""
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    body = HEAD + b"".join(spellings(CANARY)) * 3_000
    seen: list[bytes] = []
    end = files.SealedFile.push

    def pushed(self: Any, chunk: bytes) -> None:
        end(self, chunk)
        seen.extend(clear_in(Path(settings.DATA), tmp_path))

    monkeypatch.setattr(files.SealedFile, "push", pushed)
    for _ in range(100):
        address = action(Client().get("/portal/report/"))
        later()
        _send_half(address, body)
    assert seen == []
    assert clear_in(Path(settings.DATA), tmp_path) == []
    assert not [path for path in files.folder().rglob("*") if path.is_file()]
    handler = TemporaryFileUploadHandler()
    handler.new_file("files", "a.pdf", "application/pdf", 0)
    handler.receive_data_chunk(body, 0)
    handler.file.flush()
    assert clear_in(tmp_path)
    handler.file.close()


def _send_half(address: str, body: bytes) -> None:
    client = Client(raise_request_exception=False)
    answered = client.post(
        address,
        content_type="multipart/form-data; boundary=b",
        **{"wsgi.input": Broken(body), "CONTENT_LENGTH": str(len(body) + 10_000)},  # type: ignore[arg-type]
    )
    assert answered.status_code >= 400


def test_the_log_says_nothing_of_answered_requests_and_of_faults_the_place_alone() -> None:
    def record(level: int, path: str) -> logging.LogRecord:
        made = logging.LogRecord("django.request", level, "", 0, "%s: %s", ("Not Found", path), None)
        made.request = RequestFactory().get(path)
        return made

    assert not Hushed().filter(record(logging.WARNING, "/portal/x/"))
    assert Hushed().filter(record(logging.WARNING, "/desk/x/")), "the control"
    fault = record(logging.ERROR, "/portal/report/")
    try:
        int(CANARY)
    except ValueError as error:
        fault.exc_info = (ValueError, error, error.__traceback__)
    assert Hushed().filter(fault)
    said = logging.Formatter("%(message)s").format(fault)
    assert (CANARY in said, "ValueError" in said, "test_portal.py" in said) == (False, True, True)
