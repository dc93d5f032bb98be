"""Reports: opened by the office they are for and nobody else; what lies about says the day and the padded size, no more."""

import json
from pathlib import Path
from statistics import median
from time import perf_counter

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import DateTimeField
from tests.figures import note
from tests.intake.reports import TEXT, Desk, file, matured, opened, sealed

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.intake import files, models
from jiandu.base.intake.models import Attachment, Message, PublishedKey, Rank, Report, Side, SpentTicket
from jiandu.base.intake.selectors import Dialogue, Word, read_dialogue
from jiandu.base.intake.services.filing import MOST_WAITING, add_message, answer
from jiandu.base.intake.services.keys import NewKeys, publish_keys
from jiandu.base.sealing.envelope import Context, open_envelope
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.padding import is_size
from jiandu.base.sealing.receipts import new_receipt, read_receipt
from jiandu.base.sealing.streams import decrypt
from jiandu.sources.petitions.states import Rank as Known

pytestmark = pytest.mark.django_db


def content(report: Report, desk: Desk) -> dict[str, object]:
    plain = open_envelope(bytes(report.content), key=desk.content, context=Context("petition", report.uid, "content"))
    return dict(json.loads(plain))


def rule(act: object, *args: object, **kwargs: object) -> str:
    with pytest.raises(Refused) as refused:
        act(*args, **kwargs)  # type: ignore[operator]
    return refused.value.rule


def test_the_office_opens_what_was_told_and_its_custodian_who_told_it() -> None:
    own, superior = opened()
    file(own, said={"summary": TEXT, "unit": "清河村"}, sender={"name": "林一鸣", "contact": "13800138000"})
    report = Report.objects.get()
    assert (report.office, report.side, report.on) == (own.office, Side.OWN, today())
    assert content(report, own) == {"summary": TEXT, "unit": "清河村", "rank": "rural"}
    context = Context("petition", report.uid, "identity")
    assert json.loads(open_envelope(bytes(report.identity or b""), key=own.identity, context=context)) == {
        "name": "林一鸣",
        "contact": "13800138000",
    }
    for envelope, key in (
        (report.content, own.identity),
        (report.identity, own.content),
        (report.content, superior.content),
    ):
        for compartment in ("content", "identity"):
            with pytest.raises(Unopenable):
                open_envelope(bytes(envelope or b""), key=key, context=Context("petition", report.uid, compartment))


def test_an_anonymous_report_has_no_second_envelope() -> None:
    own, _ = opened()
    file(own)
    assert Report.objects.get().identity is None


@pytest.mark.parametrize(("rank", "is_own"), [(Rank.RURAL, True), (Rank.COUNTY, False), (Rank.BUREAU, True)])
def test_what_is_the_superiors_is_shut_to_the_office(rank: Rank, *, is_own: bool) -> None:
    """50 about its own leaders or for a superior: the lower office opens none, the superior each. The control: a clerk's."""
    own, superior = opened()
    for _ in range(50):
        file(own, rank=rank, is_own=is_own, sender={"name": "林一鸣"})
    reports = list(Report.objects.all())
    assert {(report.office, report.side) for report in reports} == {(superior.office, Side.SUPERIOR)}
    for report in reports:
        assert content(report, superior)["summary"] == TEXT
        for key in (own.content, own.identity):
            for envelope, compartment in ((report.content, "content"), (report.identity, "identity")):
                with pytest.raises(Unopenable):
                    open_envelope(bytes(envelope or b""), key=key, context=Context("petition", report.uid, compartment))
    file(own, rank=Rank.STAFF)
    assert content(Report.objects.get(office=own.office), own)["summary"] == TEXT


def test_without_a_superior_it_is_refused_and_not_sealed_to_the_office() -> None:
    own = Desk()
    publish_keys(keys=[own.keys()])
    assert rule(file, own, is_own=True) == "no-superior"
    assert not Report.objects.exists()


def test_keys_that_cannot_be_sealed_to_are_not_published() -> None:
    own, _ = opened()
    good = own.content.public.text
    for wrong, content_keys, identity_keys in (
        ("bad-key", ("1:abc",), (good,)),
        ("no-keys", (), (good,)),
        ("same-key", (good,), (good,)),
    ):
        new = NewKeys(own.office, own.name, Side.OWN, content_keys, identity_keys)
        assert rule(publish_keys, keys=[new]) == wrong
    assert rule(publish_keys, keys=[]) == "no-keys"
    assert PublishedKey.objects.count() == 4, "the published ones stay"


def test_the_dialogue_goes_both_ways_and_the_receipt_opens_the_answers_alone() -> None:
    own, _ = opened()
    receipt = file(own)
    report = Report.objects.get()
    said = add_message(receipt=receipt, text="还有一块地", ticket=matured("message"))
    answer(report=report, text="请说明合同签订日期")
    plain = open_envelope(bytes(said.envelope), key=own.content, context=Context("petition-message", said.uid))
    assert plain.decode() == "还有一块地"
    expected = [Word(today(), is_answer=False), Word(today(), is_answer=True, text="请说明合同签订日期")]
    assert read_dialogue(read_receipt(receipt.text)) == Dialogue(today(), False, expected)
    for message in Message.objects.all():
        key = own.content if message.is_answer else receipt.reply_key
        with pytest.raises(Unopenable):
            open_envelope(bytes(message.envelope), key=key, context=Context("petition-message", message.uid))


def test_a_guess_finds_nothing_and_costs_a_ticket() -> None:
    opened()
    assert all(read_dialogue(new_receipt()) is None for _ in range(500))
    assert rule(add_message, receipt=new_receipt(), text="一", ticket=matured("message")) == "no-report"
    assert SpentTicket.objects.count() == 1


def test_unfetched_messages_are_bounded() -> None:
    own, _ = opened()
    receipt = file(own)
    for _ in range(MOST_WAITING):
        add_message(receipt=receipt, text="补充", ticket=matured())
    assert rule(add_message, receipt=receipt, text="补充", ticket=matured()) == "message-cap"


@pytest.mark.full
def test_right_and_wrong_receipts_take_as_long() -> None:
    own, _ = opened()
    right = file(own)
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(4000):
        receipt = right if number % 2 else new_receipt()
        begun = perf_counter()
        read_dialogue(receipt)
        taken[bool(number % 2)].append(perf_counter() - begun)
    apart = abs(median(taken[True]) - median(taken[False]))
    assert apart <= 0.001
    said = f"{len(taken[True]):,} each; {median(taken[True]) * 1000:.2f} ms where there is a report"
    note("sealing", "right and wrong receipts: medians apart", f"{apart * 1000:.2f}", "ms", note=said)


@pytest.mark.parametrize("size", [0, 1, 3_000, 70_000, 1_500_000])
def test_a_file_is_opened_by_the_office_and_lies_padded(size: int) -> None:
    own, _ = opened()
    plain = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    file(own, files=[sealed("合同.pdf", *(plain[at : at + 65_536] for at in range(0, size, 65_536)))])
    attachment = Attachment.objects.get()
    path = files.folder() / attachment.place
    listed = content(Report.objects.get(), own)["files"]
    assert isinstance(listed, list)
    said = listed[0]
    assert (said["name"], said["size"], said["uid"]) == ("合同.pdf", size, str(attachment.uid))
    context = Context("petition-file", attachment.uid)
    stream = decrypt(iter([path.read_bytes()]), item_key=bytes.fromhex(said["key"]), context=context)
    assert b"".join(stream) == plain
    assert (path.stat().st_size, is_size(attachment.size)) == (attachment.size, True)
    assert path.stat().st_mtime == files.FIXED


def test_a_dropped_file_leaves_nothing() -> None:
    made = files.SealedFile("a.pdf")
    made.push(TEXT.encode() * 10_000)
    made.drop()
    assert not list((files.folder() / "parts").iterdir())
    assert rule(files.SealedFile, "a.exe") == "file-kind"
    assert rule(files.SealedFile, "a") == "file-kind"


def test_times_are_days_and_sizes_are_of_the_set() -> None:
    """Every column of the public side: no moment. The control: the rest of the platform has them."""
    for model in apps.get_app_config("intake").get_models():
        assert not [field for field in model._meta.fields if isinstance(field, DateTimeField)], model
    assert any(isinstance(field, DateTimeField) for field in apps.get_model("jobs.Job")._meta.fields)
    own, _ = opened()
    for size in (1, 500, 3_000, 15_000, 20_000):
        receipt = file(own, "地" * size, sender={"name": "林" * 20})
        add_message(receipt=receipt, text="一" * size, ticket=matured())
    stored = [bytes(row) for pair in Report.objects.values_list("content", "identity") for row in pair]
    stored += [bytes(row) for row in Message.objects.values_list("envelope", flat=True)]
    assert len(stored) == 15
    assert all(is_size(len(envelope)) for envelope in stored)


@pytest.mark.parametrize("text", ["机密★3年\n关于某事", "密级：秘密\n关于某事", "绝密\n会议纪要", "机 密 ★\n一"])
def test_what_bears_a_mark_of_state_secrets_is_not_taken(text: str) -> None:
    own, _ = opened()
    assert rule(file, own, text) == "classified"
    assert not Report.objects.exists()
    file(own, "他泄露国家秘密，保密工作不到位")


def spellings(text: str) -> list[bytes]:
    plain = [text.encode(name) for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    return [*plain, *(each.hex().encode() for each in plain), json.dumps(text)[1:-1].encode()]


@pytest.mark.once
def test_the_seized_public_side_holds_no_word_and_no_key() -> None:
    """All files and the whole database: no word, no name of a file, no private key, none of 60 reports opens."""
    own, superior = opened()
    receipts = []
    for number in range(60):
        attached = [sealed("举报材料合同.pdf", TEXT.encode("utf-16-le") * 50)] if number % 10 == 0 else []
        receipts.append(file(own, f"{TEXT}{number}", sender={"name": "林一鸣甲乙"}, files=attached))
    add_message(receipt=receipts[0], text="还有一块地没有说到", ticket=matured())
    answer(report=Report.objects.all()[0], text="请说明合同签订日期好吗")
    disk = connection.connection.serialize() + b"".join(
        path.read_bytes() for path in sorted(Path(settings.DATA).rglob("*")) if path.is_file()
    )
    secrets = [TEXT, "林一鸣甲乙", "举报材料合同.pdf", "还有一块地没有说到", "请说明合同签订日期好吗"]
    assert [word for word in secrets for way in spellings(word) if way in disk] == []
    held = [key.raw for desk in (own, superior) for key in (desk.content, desk.identity)]
    held += [receipt.reply_key.raw for receipt in receipts]
    assert not any(way in disk for raw in held for way in (raw, raw.hex().encode()))
    assert not any(receipt.text.encode() in disk for receipt in receipts)
    public = own.content.public.text.encode()
    assert public in disk, "the control: what is public is found by this search"


def test_the_ranks_are_those_of_petitions() -> None:
    assert [(rank.value, rank.label) for rank in Rank] == [(rank.value, rank.label) for rank in Known]
    assert models.Side.OWN == "own"
