"""清除来源信息 as who reports wishes it: what the office opens, what he is told by name, what a flood can take, what lies on the disk meanwhile."""

import fcntl
import json
import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from html import unescape
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.core.sheets import made_of
from tests.core.sheets.made_of import WORD
from tests.intake.reports import TEXT, Desk, matured, opened
from tests.intake.traces import Search

from jiandu.base.core.clock import today
from jiandu.base.intake import files
from jiandu.base.intake.models import Attachment, Report, SpentTicket, Tally
from jiandu.base.intake.selectors import _blocks
from jiandu.base.intake.services import caps, cleaning
from jiandu.base.sealing.envelope import Context, open_envelope
from jiandu.base.sealing.streams import decrypt
from jiandu.surfaces.portal.taking import KINDS

pytestmark = pytest.mark.django_db

OUTCOME = re.compile(r'<li><span translate="no">([^<]*)</span><span class="quiet">([^<]*)</span></li>')
REASON = re.compile(r'<div class="note tone-danger.*?</ul>', re.DOTALL)
CLEANED, AS_IT_CAME, KEPT = "已清除来源信息，原件没有保留", "原样提交", "清除不了，原样提交"
VIDEO = b"\x00\x00\x00\x18JUNK" + WORD.encode() * 100
GOOD = {
    "张举报家门口.jpg": made_of.jpeg(),
    "合同.pdf": made_of.pdf(),
    "清单.docx": made_of.word(),
    "说明.txt": TEXT.encode(),
}


@pytest.fixture
def desk() -> Desk:
    return opened()[0]


def send(desk: Desk, given: dict[str, bytes], wish: str | None, ticket: str = "") -> Any:
    sent = {"office": str(desk.office), "rank": "rural", "summary": TEXT, "whole": "1"}
    sent |= {"cleaning": wish} if wish is not None else {}
    attached = [SimpleUploadedFile(name, content) for name, content in given.items()]
    return Client().post(f"/portal/report/?ticket={ticket or matured().text}", {**sent, "files": attached})


def said(page: Any) -> list[str]:
    found = REASON.search(page.content.decode())
    return re.findall(r"<li>(.*?)</li>", unescape(found[0])) if found else []


def told(page: Any) -> dict[str, str]:
    return {unescape(name): outcome for name, outcome in OUTCOME.findall(page.content.decode())}


def at_the_office(desk: Desk) -> dict[str, tuple[bytes, bool]]:
    """What its key opens: (content, is_cleaned) by the name in the envelope."""
    report = Report.objects.get()
    plain = open_envelope(bytes(report.content), key=desk.content, context=Context("petition", report.uid, "content"))
    found = {}
    for each in json.loads(plain)["files"]:
        place = Attachment.objects.get(pk=each["uid"]).place
        blocks = decrypt(
            _blocks(files.folder() / place),
            item_key=bytes.fromhex(each["key"]),
            context=Context(files.KIND, each["uid"]),
        )
        found[each["name"]] = (b"".join(blocks), each.get("is_cleaned", False))
    return found


def left() -> list[Path]:
    return [path for path in files.folder().rglob("*") if path.is_file()]


def hits(content: bytes) -> list[tuple[str, str, str]]:
    search = Search((WORD, "张举报"))
    search.of(content, "")
    return search.hits


@pytest.mark.parametrize("wish", ["all", "some", None])
def test_cleaned_is_what_the_office_gets_and_the_original_is_nowhere(desk: Desk, wish: str | None) -> None:
    """Also where the form does not say: nobody's files go uncleaned because a field was lost."""
    answered = send(desk, GOOD, wish)
    assert (answered.status_code, told(answered)) == (200, dict.fromkeys(GOOD, CLEANED))
    found = at_the_office(desk)
    assert {*found} == {"附件-1.jpg", "附件-2.pdf", "附件-3.docx", "附件-4.txt"}, (
        "what a telephone calls a picture says when"
    )
    for content, is_cleaned in found.values():
        assert (hits(content), is_cleaned) == ([], True)
    assert found["附件-4.txt"][0] == TEXT.encode()
    assert len(left()) == 4


def test_not_chosen_every_byte_is_as_it_came(desk: Desk) -> None:
    answered = send(desk, {**GOOD, "b.avi": VIDEO}, "none")
    assert told(answered) == dict.fromkeys([*GOOD, "b.avi"], AS_IT_CAME)
    found = at_the_office(desk)
    same = {name: (sha256(content).hexdigest(), False) for name, content in {**GOOD, "b.avi": VIDEO}.items()}
    assert {name: (sha256(content).hexdigest(), how) for name, (content, how) in found.items()} == same
    assert hits(found["张举报家门口.jpg"][0]), "the control: the search finds it where it is"
    assert not SpentTicket.objects.exclude(ticket__in=SpentTicket.objects.values("ticket")[:1]).exists()


def test_what_cannot_be_cleaned_is_told_by_name_and_nothing_is_taken(desk: Desk) -> None:
    given = {**GOOD, "b.avi": VIDEO, "坏<b>.png": b"\x89PNG\r\n\x1a\nxx", "锁.pdf": made_of.pdf(password="s")}
    answered = send(desk, given, "all")
    assert answered.status_code == 422
    first, *by_name = said(answered)
    assert "什么也没有提交" in first
    assert [each.partition("：")[0] for each in by_name] == ["b.avi", "坏<b>.png", "锁.pdf"]
    assert ("截取要紧的画面" in by_name[0], "去掉密码" in by_name[2]) == (True, True)
    assert (Report.objects.count(), Attachment.objects.count(), left()) == (0, 0, [])
    again = send(desk, given, "some")
    assert told(again) == {**dict.fromkeys(GOOD, CLEANED), **dict.fromkeys(["b.avi", "坏<b>.png", "锁.pdf"], KEPT)}
    found = at_the_office(desk)
    assert found["b.avi"] == (VIDEO, False)
    assert hits(found["附件-1.jpg"][0]) == []


def test_a_file_of_every_kind_that_is_taken_is_cleaned_or_told_what_to_do() -> None:
    for kind in files.ALLOWED:
        assert cleaning.is_cleanable(f"a{kind}") != (kind in KINDS), kind


def test_a_ticket_pays_for_one_cleaning(desk: Desk) -> None:
    """The form comes back with a new one. The control: what has no file to clean is not asked for it."""
    ticket = matured().text
    assert send(desk, {"b.avi": VIDEO}, "all", ticket).status_code == 422
    assert send(desk, {"b.avi": VIDEO}, "some", ticket).status_code == 422
    again = send(desk, {"b.avi": VIDEO}, "all", matured().text)
    other = re.search(r'action="[^"]*ticket=([^"&]+)', again.content.decode())
    assert other
    assert unescape(other[1]) not in (ticket, "")
    assert send(desk, {}, "all", ticket).status_code == 200


@contextmanager
def place_taken(name: str = "parts") -> Iterator[int]:
    """The place itself, or with "" the turn to wait for it."""
    (files.folder() / "parts").mkdir(parents=True, exist_ok=True)
    handle = os.open(files.folder() / name, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield handle
    finally:
        os.close(handle)


def test_one_report_is_cleaned_at_a_time_and_who_comes_meanwhile_keeps_his_ticket(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cleaning, "WAIT", 0.1)
    ticket = matured().text
    with place_taken():
        busy = send(desk, GOOD, "all", ticket)
        assert (busy.status_code, "正在为别的举报" in said(busy)[0], left()) == (422, True, [])
        assert send(desk, {"说明.txt": b"x"}, "none").status_code == 200, (
            "the control: nothing to clean, no place needed"
        )
    Attachment.objects.all().delete()
    Report.objects.all().delete()
    assert send(desk, GOOD, "all", ticket).status_code == 200


def test_one_may_wait_and_no_queue_forms(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: who has the turn waits, and gets the place."""
    monkeypatch.setattr(cleaning, "WAIT", 20)
    with place_taken(), place_taken(""):
        begun = monotonic()
        assert "正在为别的举报" in said(send(desk, GOOD, "all"))[0]
        assert monotonic() - begun < cleaning.WAIT / 4
    with place_taken() as place:
        leaving = threading.Timer(0.5, fcntl.flock, (place, fcntl.LOCK_UN))
        leaving.start()
        assert send(desk, GOOD, "all").status_code == 200
        leaving.join()


def test_the_day_has_a_bound_and_what_was_done_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert send(desk, GOOD, "all").status_code == 200
    used = Tally.objects.get(on=today(), what="cleaning").count
    assert 0 < used < 30_000
    monkeypatch.setitem(caps.CAPS, "cleaning", used + 1)
    assert send(desk, GOOD, "all").status_code == 200, "the last one goes beyond the bound"
    full = send(desk, GOOD, "all")
    assert (full.status_code, "今天清除来源信息的能力已用完" in said(full)[0]) == (422, True)
    assert send(desk, GOOD, "none").status_code == 200


def test_a_report_has_its_time_and_what_is_left_over_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "LONGEST", 0)
    slow = send(desk, {"合同.pdf": made_of.pdf()}, "all")
    assert (slow.status_code, left()) == (422, [])
    assert said(slow)[1].startswith("合同.pdf：文件太大或者太复杂")


def test_nothing_lies_in_clear_while_it_is_cleaned(desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Looked at with each block that the copy takes. The control: the same look finds a clear copy in the folder."""
    monkeypatch.setattr(settings, "FILE_UPLOAD_TEMP_DIR", str(tmp_path))
    looks: list[list[tuple[str, str, str]]] = []
    push = files.SealedFile.push

    def pushed(self: Any, chunk: bytes) -> None:
        push(self, chunk)
        if self.is_cleaned:
            looks.append(Search((WORD, TEXT)).through(Path(settings.DATA) / "intake", tmp_path).hits)

    monkeypatch.setattr(files.SealedFile, "push", pushed)
    assert send(desk, GOOD, "all").status_code == 200
    assert len(looks) >= 4
    assert [each for each in looks if each] == []
    (tmp_path / "clear").write_bytes(made_of.jpeg())
    assert Search((WORD,)).through(tmp_path).hits


def test_a_fault_while_it_is_cleaned_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    end, ended = files.SealedFile.end, []

    def fails(self: Any) -> None:
        end(self)
        ended.append(self)
        if len(ended) == 6:  # two copies are made, and half of the third
            raise OSError("disk")

    monkeypatch.setattr(files.SealedFile, "end", fails)
    with pytest.raises(OSError, match="disk"):
        send(desk, GOOD, "all")
    assert (len(ended), left(), Report.objects.count()) == (6, [], 0)
    with place_taken():
        pass
