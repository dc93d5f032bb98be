"""Scans of papers: of a 签批 and of a reply. Whoever sees the letter opens them, nobody else; the log has their hash."""

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.db.transaction import atomic
from tests.instruments.net import SERVED, SIGNED, rule_of, served, sheet
from tests.surfaces.desk.test_findings import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.files import store
from jiandu.base.files.store import Upload
from jiandu.loop.findings.services.filing import add_evidence
from jiandu.loop.instruments.models import Instrument, Reply, SignOff
from jiandu.loop.instruments.services import answering, scanning, serving, signing
from jiandu.loop.instruments.services.answering import NewReply
from jiandu.net.access.deciding import Signature
from jiandu.net.access.models import Level
from jiandu.net.access.persons import Who

Kind = Instrument.Kind
BYTES = b"%PDF-1.4 signed on paper"
HASH = hashlib.sha256(BYTES).hexdigest()
SIGN = {"is_granted": "yes", "on": SIGNED.isoformat(), "opinion": "同意", "signer": "书记"}


def pdf(name: str = "签批件.pdf", content: bytes = BYTES) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def kept(content: bytes = BYTES, name: str = "签批件.pdf") -> Upload:
    return Upload(store.keep([content]), name)


def submitted(world: World, kind: str = Kind.JOINT) -> tuple[Instrument, SignOff]:
    one = sheet(world, kind)
    with as_(world.viewer("干部甲")) as by:
        return one, signing.submit(instrument=one, by=by, on=one.drafted_on)


def on_paper(world: World, scan: Upload | None) -> tuple[Instrument, SignOff]:
    one, row = submitted(world)
    with as_(world.viewer("内勤甲")) as by:
        signature = Signature(True, SIGNED, "同意", Who("书记"), scan)
        return one, signing.sign_on_paper(sign_off=row, by=by, signature=signature)


def replied(world: World, scan: Upload | None) -> tuple[Instrument, Reply]:
    one = served(world, Kind.JOINT)
    with as_(world.viewer("经办人丁")) as by:
        return one, answering.reply(instrument=one, by=by, new=NewReply(SERVED, "已整改", scan=scan))


def place_of(one: Instrument, row: Any) -> str:
    return f"/desk/letters/{one.uid}/scans/{row.uid}/"


def said_of(verb: str) -> Any:
    with as_(SYSTEM):
        return json.loads(Entry.objects.get(verb=verb).payload.body)


def fresh(row: Any) -> Any:
    with as_(SYSTEM):
        return type(row).objects.get(pk=row.pk)


def test_a_paper_is_typed_with_its_scan_and_confirmed_by_a_second_person(world: World) -> None:
    one, row = submitted(world)
    place = f"/desk/letters/{one.uid}/"
    officer, clerk = client_of(world, "干部甲"), client_of(world, "内勤甲")
    form = officer.get(f"{place}?act=paper").content.decode()
    assert ('type="file"' in form, 'enctype="multipart/form-data"' in form) == (True, True)
    assert officer.post(f"{place}paper/", {**SIGN, "scan": pdf()}).status_code == 303
    assert (fresh(row).scan_name, fresh(row).scan_sha256) == ("签批件.pdf", HASH)
    assert said_of("instrument.sign_on_paper")["scan"] == HASH
    told = clerk.get(f"{place}?act=confirm-paper&on={row.pk}").content.decode()
    assert ("签批人：书记" in told, "扫描件：签批件.pdf" in told) == (True, True)
    assert clerk.post(f"{place}confirm-paper/?on={row.pk}").status_code == 303
    assert fresh(row).status == SignOff.Status.GRANTED
    assert (f'href="{place_of(one, row)}"' in clerk.get(place).content.decode()) is True


def test_a_unit_replies_with_the_scan_of_its_sheet(world: World) -> None:
    one = served(world, Kind.JOINT)
    said = {"on": SERVED.isoformat(), "measures": "已整改", "scan": pdf("反馈单.pdf")}
    unit = client_of(world, "经办人丁")
    assert unit.post(f"/desk/letters/{one.uid}/reply/", said).status_code == 303
    with as_(SYSTEM):
        row = Reply.objects.get()
    assert (row.scan_name, row.scan_sha256, said_of("instrument.reply")["scan"]) == ("反馈单.pdf", HASH, HASH)
    assert unit.get(place_of(one, row)).content == BYTES


@pytest.mark.parametrize("made", [on_paper, replied])
def test_a_scan_opens_for_who_sees_the_letter_and_is_not_there_for_others(world: World, made: Any) -> None:
    one, row = made(world, kept())
    answer = client_of(world, "干部甲").get(place_of(one, row))
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    other = client_of(world, "干部乙")
    refused, absent = other.get(place_of(one, row)), other.get(place_of(one, one))
    assert (refused.status_code, absent.status_code) == (404, 404)
    assert refused.content == absent.content


def test_who_signed_and_what_he_said_is_closed_to_the_unit(world: World) -> None:
    """The unit reads its letter, but not what the net decided among itself; the office beside it (the control) reads both."""
    one, row = submitted(world)
    with as_(world.viewer("内勤甲")) as by:
        said = Signature(True, SIGNED, "先约谈后发文", Who("书记"), kept())
        row = signing.sign_on_paper(sign_off=row, by=by, signature=said)
    with as_(world.viewer("主任甲")) as by:
        signing.confirm_paper(sign_off=row, by=by)
        serving.deliver_to_unit(instrument=one, by=by, on=SERVED)
    seen = {}
    for name in ("经办人丁", "干部甲"):
        client = client_of(world, name)
        shown = client.get(f"/desk/letters/{one.uid}/")
        words = shown.content.decode()
        scan = client.get(place_of(one, row)).status_code
        seen[name] = (shown.status_code, "签批意见" in words, "先约谈后发文" in words, scan)
    assert seen == {"经办人丁": (200, False, False, 404), "干部甲": (200, True, True, 200)}


def test_a_scan_is_found_under_its_own_letter_alone(world: World) -> None:
    one, row = on_paper(world, kept())
    other, bare = on_paper(world, None)
    client = client_of(world, "干部甲")
    found = [client.get(place_of(*pair)).status_code for pair in ((one, row), (other, row), (other, bare))]
    assert found == [200, 404, 404]


def test_the_scan_of_a_reply_that_was_taken_back_is_not_there(world: World) -> None:
    one, row = replied(world, kept())
    client = client_of(world, "干部甲")
    assert client.get(place_of(one, row)).status_code == 200
    with as_(world.viewer("干部甲")) as by:
        answering.withdraw_reply(reply=row, by=by, reason="录错")
    assert client.get(place_of(one, row)).status_code == 404


@pytest.mark.parametrize(("level", "looks"), [(Level.INTERNAL, []), (Level.SENSITIVE, ["instrument", "scan"])])
def test_a_look_at_a_sensitive_letter_and_its_scan_is_logged(world: World, level: int, looks: list[str]) -> None:
    one, row = on_paper(world, kept())
    with as_(SYSTEM):
        Instrument.objects.filter(pk=one.pk).update(level=level)
    client = client_of(world, "主任甲")
    assert client.get(f"/desk/letters/{one.uid}/").status_code == 200
    assert client.get(place_of(one, row)).content == BYTES
    entries = Entry.objects.filter(verb="seen").order_by("seq")
    assert [json.loads(entry.payload.body)["what"] for entry in entries] == looks


@pytest.mark.parametrize(("level", "looks"), [(Level.INTERNAL, []), (Level.SENSITIVE, ["evidence"])])
def test_a_look_at_the_evidence_of_a_sensitive_finding_is_logged(world: World, level: int, looks: list[str]) -> None:
    finding = world.finding(level=level, office="第一监督检查室")
    with as_(world.viewer("主任甲")) as by:
        row = add_evidence(finding=finding, by=by, stored=store.keep([BYTES]), name="材料.pdf")
    answer = client_of(world, "主任甲").get(f"/desk/findings/{finding.uid}/evidence/{row.uid}/")
    assert (answer.status_code, answer.content) == (200, BYTES)
    assert [json.loads(entry.payload.body)["what"] for entry in Entry.objects.filter(verb="seen")] == looks


@pytest.mark.parametrize(
    ("file", "reason"),
    [
        (pdf("签批件.exe"), "不支持的文件类型"),
        (pdf("机密★1年.pdf"), "国家秘密标志"),
        (pdf("签批件.txt", "机密★1年\n正文".encode()), "国家秘密标志"),
        (pdf("x" * 197 + ".pdf"), "200"),
    ],
)
def test_a_file_that_is_not_taken_leaves_the_paper_untyped(world: World, file: Any, reason: str) -> None:
    one, row = submitted(world)
    answer = client_of(world, "内勤甲").post(f"/desk/letters/{one.uid}/paper/", {**SIGN, "scan": file})
    assert (answer.status_code, reason in answer.content.decode()) == (422, True)
    assert (fresh(row).status, fresh(row).scan_name) == (SignOff.Status.WAITING, "")
    assert client_of(world, "内勤甲").post(f"/desk/letters/{one.uid}/paper/", SIGN).status_code == 303  # none is needed


@pytest.mark.parametrize(("made", "slug"), [(on_paper, "scan"), (replied, "scan-reply")])
def test_a_scan_may_follow_once(world: World, made: Any, slug: str) -> None:
    one, row = made(world, None)
    place = f"/desk/letters/{one.uid}/"
    client = client_of(world, "干部甲")
    assert f"?act={slug}&amp;on={row.pk}" in client.get(place).content.decode()
    assert client_of(world, "干部乙").post(f"{place}{slug}/?on={row.pk}", {"scan": pdf()}).status_code == 404
    assert client.post(f"{place}{slug}/?on={row.pk}", {"scan": pdf()}).status_code == 303
    assert (fresh(row).scan_sha256, said_of("instrument.add_scan")) == (HASH, {"code": one.code, "of": str(row.uid), "scan": HASH})  # fmt: skip
    assert f"?act={slug}&amp;on={row.pk}" not in client.get(place).content.decode()
    again = client.post(f"{place}{slug}/?on={row.pk}", {"scan": pdf(content=b"%PDF-1.4 other")})
    assert (again.status_code, fresh(row).scan_sha256) == (404, HASH)
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: scanning.add_scan(row=row, by=by, scan=kept())) == "scan-kept"


def test_what_was_signed_online_or_taken_back_has_no_scan_to_follow(world: World) -> None:
    one, back = replied(world, None)
    with as_(world.viewer("干部甲")) as by:
        signed = one.sign_offs.get()
        assert rule_of(lambda: scanning.add_scan(row=signed, by=by, scan=kept())) == "not-paper"
        answering.withdraw_reply(reply=back, by=by, reason="录错", on=date(2022, 5, 10))
        assert rule_of(lambda: scanning.add_scan(row=back, by=by, scan=kept())) == "not-there"
    with as_(world.viewer("干部乙")) as by:
        assert rule_of(lambda: scanning.add_scan(row=back, by=by, scan=kept())) == "not-there"
    with as_(SYSTEM), pytest.raises(IntegrityError, match="sign_off_scan_of_paper"), atomic():
        SignOff.objects.filter(pk=signed.pk).update(scan_name="签批件.pdf", scan_sha256=HASH)
    with as_(SYSTEM), pytest.raises(IntegrityError, match="reply_scan_whole"), atomic():
        Reply.objects.filter(pk=back.pk).update(scan_name="签批件.pdf")


@pytest.mark.parametrize(("made", "slug"), [(on_paper, "scan"), (replied, "scan-reply")])
def test_a_wrong_scan_is_taken_down_with_a_reason_and_the_right_one_comes(world: World, made: Any, slug: str) -> None:
    one, row = made(world, kept(name="别的文件.pdf"))
    place, client = f"/desk/letters/{one.uid}/", client_of(world, "内勤甲")
    assert f"act=withdraw-{slug}" in client.get(place).content.decode()
    assert client.post(f"{place}withdraw-{slug}/?on={row.pk}", {"reason": " "}).status_code == 422
    assert (
        client_of(world, "干部乙").post(f"{place}withdraw-{slug}/?on={row.pk}", {"reason": "误传"}).status_code == 404
    )
    assert fresh(row).scan_name == "别的文件.pdf"
    assert client.post(f"{place}withdraw-{slug}/?on={row.pk}", {"reason": "误传"}).status_code == 303
    assert client.post(f"{place}withdraw-{slug}/?on={row.pk}", {"reason": "误传"}).status_code in (404, 422)  # once
    (gone,) = fresh(row).past_scans
    assert (gone["name"], gone["sha256"], gone["by"], gone["reason"]) == ("别的文件.pdf", HASH, "内勤甲", "误传")
    assert said_of("instrument.withdraw_scan")["scan"] == gone
    assert client.get(place_of(one, row)).status_code == 404
    assert store.read(HASH) == BYTES  # nothing is deleted
    assert client.post(f"{place}{slug}/?on={row.pk}", {"scan": pdf("签批件.pdf", b"%PDF-1.4 right")}).status_code == 303
    shown = client.get(place).content.decode()
    assert ("签批件.pdf" in shown, "已撤下 别的文件.pdf：误传（内勤甲" in shown) == (True, True)
    assert client.get(place_of(one, row)).content == b"%PDF-1.4 right"
