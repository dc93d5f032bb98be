"""Reports of the portal: taken in unopened, opened by the same keys, answered; what is the superior's is counted and nothing else."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from tests.core.sheets import made_of
from tests.intake.reports import TEXT, Desk, file, matured, sealed
from tests.petitions import city as cities
from tests.petitions.city import DISTRICT_OFFICE, OFFICE
from tests.petitions.test_vault import keyed, opened, secret  # noqa: F401 -- a fixture
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry, Payload
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused
from jiandu.base.intake.models import Message, Report, Side
from jiandu.base.intake.selectors import read_dialogue
from jiandu.base.intake.services.cleaning import clean_files
from jiandu.base.intake.services.filing import add_message
from jiandu.base.intake.services.keys import NewKeys, publish_keys
from jiandu.base.sealing.receipts import Receipt
from jiandu.net.vaults.models import Compartment
from jiandu.net.vaults.selectors import sealing_keys
from jiandu.net.vaults.services import remove
from jiandu.sources.petitions import intake, vault
from jiandu.sources.petitions.models import Petition, PetitionStep, Sealed, SuperiorReceipt
from jiandu.surfaces.console.ticking import PERIODIC

SUPERIOR = Desk(Side.SUPERIOR, "省纪委监委信访室")


@pytest.fixture
def city(world: World) -> World:
    return cities.furnish(world)


@pytest.fixture
def desk(keyed: World) -> Desk:
    office = keyed.offices[OFFICE]
    public = {one: tuple(key.text for key in sealing_keys(office, one)) for one in Compartment}
    own = NewKeys(office.uid, office.name, Side.OWN, public[Compartment.CONTENT], public[Compartment.IDENTITY])
    publish_keys(keys=[own, SUPERIOR.keys()])
    return replace(Desk(), office=office.uid)


def taken(desk: Desk, **more: Any) -> tuple[Receipt, Petition]:
    receipt = file(desk, **more)
    assert intake.take_in_all() == 1
    with as_(SYSTEM):
        return receipt, Petition.objects.latest("pk")


def test_a_report_becomes_a_petition_unopened_and_its_office_opens_it(keyed: World, desk: Desk) -> None:
    before = file(desk, sender={"name": "陈举报", "contact": "13812345678"})
    envelope = bytes(Report.objects.get().content)
    assert (intake.take_in_all(), intake.take_in_all()) == (1, 0)
    report = Report.objects.get()
    with as_(SYSTEM):
        petition = Petition.objects.get()
        kept = Sealed.objects.get(petition=petition, compartment="content")
        assert bytes(kept.envelope) == envelope, "to the byte"
    assert (petition.uid, petition.way, petition.named, petition.level) == (report.uid, "web", "unverified", 2)
    assert (bytes(report.content), report.identity, report.state) == (b"", None, "carried")
    assert read_dialogue(before).is_carried  # type: ignore[union-attr]
    for name, sees in (("信访甲", (TEXT, None)), ("保管员", (None, "陈举报")), ("干部甲", (None, None))):
        unlocked = opened(keyed, name)
        with as_(SYSTEM):
            content, sender = vault.content_of(petition, unlocked), vault.sender_of(petition, unlocked)
        assert (content and content.summary, sender and sender.name) == sees, name


def test_an_anonymous_report_is_an_anonymous_petition(desk: Desk) -> None:
    assert taken(desk)[1].named == "anonymous"


def test_the_office_answers_and_reads_what_was_added(keyed: World, desk: Desk) -> None:
    receipt, petition = taken(desk)
    with as_(keyed.viewer("信访甲")) as by:
        intake.reply(petition=petition, text="请说明合同签订日期", by=by)
    add_message(receipt=receipt, text="二〇二一年三月", ticket=matured("message"))
    dialogue = read_dialogue(receipt)
    assert dialogue
    assert [word.text for word in dialogue.words] == ["请说明合同签订日期", ""]
    with as_(keyed.viewer("信访甲")):
        assert [said.text for said in intake.dialogue_of(petition, None)] == [None, None]
    unlocked = opened(keyed, "信访甲")
    with as_(keyed.viewer("信访甲")):
        assert [said.text for said in intake.dialogue_of(petition, unlocked)] == [None, "二〇二一年三月"]
    intake.take_in_all()
    assert set(Message.objects.filter(is_answer=False).values_list("state", flat=True)) == {"carried"}


def test_messages_go_over_to_the_new_key_and_who_left_opens_none(keyed: World, desk: Desk) -> None:
    receipt, petition = taken(desk)
    add_message(receipt=receipt, text="二〇二一年三月", ticket=matured("message"))
    gone = opened(keyed, "信访乙")
    unlocked = opened(keyed, "信访甲")
    with as_(keyed.viewer("信访甲")) as by:
        office, leaver = keyed.offices[OFFICE], keyed.users["信访乙"]
        remove(user=leaver, office=office, compartment="content", unlocked=unlocked, by=by)
    unlocked = opened(keyed, "信访甲")
    with as_(SYSTEM):
        assert [said.text for said in intake.dialogue_of(petition, gone)] == [None]
        assert [said.text for said in intake.dialogue_of(petition, unlocked)] == ["二〇二一年三月"]


def test_with_one_holder_left_nobody_who_reports_is_turned_away(keyed: World, desk: Desk, settings: Any) -> None:
    """The desk seals nothing more to the office; the portal goes on with the key that was published, and who stayed opens it."""
    with as_(keyed.viewer("信访甲")) as by:
        office, leaver = keyed.offices[OFFICE], keyed.users["信访乙"]
        remove(user=leaver, office=office, compartment="content", unlocked=opened(keyed, "信访甲"), by=by)
    settings.DEMO = False
    monitor = pytest.raises(Refused)
    with monitor as refused:
        sealing_keys(office, Compartment.CONTENT)
    assert refused.value.rule in ("no-escrow", "too-few-members")
    settings.DEMO = True
    _, petition = taken(desk)
    with as_(SYSTEM):
        content = vault.content_of(petition, opened(keyed, "信访甲"))
    assert content
    assert content.summary == TEXT


def test_only_who_tells_may_answer_and_only_what_came_online(keyed: World, desk: Desk) -> None:
    _, petition = taken(desk)
    with as_(keyed.viewer("区信访")) as by, pytest.raises(Petition.DoesNotExist):
        intake.reply(petition=petition, text="一", by=by)
    letter = cities.registered(keyed)
    with as_(SYSTEM) as by, pytest.raises(Refused) as refused:
        intake.reply(petition=letter, text="一", by=by)
    assert refused.value.rule == "no-dialogue"


def test_what_is_the_superiors_is_counted_and_not_taken_in(keyed: World, desk: Desk) -> None:
    file(desk, is_own=True, sender={"name": "陈举报"})
    assert (intake.take_in_all(), intake.take_in_all()) == (1, 0)
    report = Report.objects.get()
    with as_(SYSTEM):
        assert not Petition.objects.exists()
        receipt = SuperiorReceipt.objects.get()
    assert (receipt.envelope, receipt.owner_office.name, receipt.way) == (
        f"W-{report.uid.hex[:16].upper()}",
        OFFICE,
        "web",
    )
    assert (report.state, bool(report.content)) == ("waiting", True), "it waits to go up"
    for name in ("信访甲", "信访乙", "保管员"):
        assert opened(keyed, name).key_for(bytes(report.content)) is None


def test_a_report_for_an_office_elsewhere_waits(keyed: World, desk: Desk) -> None:
    other = Desk()
    publish_keys(keys=[other.keys(), SUPERIOR.keys()])
    file(other)
    assert (intake.take_in_all(), Report.objects.get().state) == (0, "waiting")
    assert keyed.offices[DISTRICT_OFFICE].uid != other.office


def test_the_clockwork_takes_in() -> None:
    assert [job.do for job in PERIODIC if job.name == "take-in-reports"] == [intake.take_in_due]


def test_the_moment_of_a_report_stands_nowhere(keyed: World, desk: Desk, settings: Any) -> None:
    """The clockwork takes it in the day after: no step and no entry of the log dates it closer than its day. The control: at once."""
    settings.DEMO = False
    noon = (now() + timedelta(days=1)).replace(hour=12)
    with time_machine.travel(noon, tick=False):
        file(desk)
        file(desk, is_own=True)
        assert intake.take_in_due() == 0
    with time_machine.travel(noon + timedelta(hours=23), tick=False):
        assert intake.take_in_due() == 2
    with as_(SYSTEM):
        stamps = [
            *Entry.objects.values_list("at", flat=True),
            *PetitionStep.objects.values_list("created_at", flat=True),
        ]
    of_reports = [each for each in stamps if each >= noon - timedelta(minutes=1)]
    assert of_reports
    assert min(of_reports) >= noon + timedelta(hours=22)
    with time_machine.travel(noon + timedelta(days=3), tick=False):
        file(desk)
        assert intake.take_in_all() == 1
    assert Entry.objects.filter(at__date=(noon + timedelta(days=3)).date()).exists(), "the control"


def test_on_the_page_of_the_item_the_officer_reads_answers_and_takes_the_files(keyed: World, desk: Desk) -> None:
    """Only with the key open; the file leaves under a neutral name, as no type that a browser would run."""
    receipt, petition = taken(desk, files=[sealed("我家的合同.pdf", b"%PDF-1.7 contract")])
    place = f"/desk/petitions/{petition.uid}/"
    clerk = client_of(keyed, "信访甲")
    locked = clerk.get(place).content.decode()
    assert ("网上对话" in locked, TEXT in locked, "附件1" in locked) == (True, False, False)
    assert clerk.post("/desk/keys/", {"passphrase": secret("信访甲")}).status_code == 303
    shown = clerk.get(place).content.decode()
    [link] = re.findall(rf'href="({place}files/[0-9a-f-]+/)"', shown)
    answer = clerk.get(link)
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 contract"
    assert (answer["Content-Type"], "sandbox" in answer["Content-Security-Policy"]) == (
        "application/octet-stream",
        True,
    )
    assert "合同" not in unquote(answer["Content-Disposition"])
    assert clerk.post(f"{place}reply/", {"text": "请说明合同签订日期"}).status_code == 303
    dialogue = read_dialogue(receipt)
    assert dialogue
    assert [word.text for word in dialogue.words] == ["请说明合同签订日期"]
    add_message(receipt=receipt, text="二〇二一年三月", ticket=matured("message"))
    page = clerk.get(place).content.decode()
    assert ("二〇二一年三月" in page, "已密封给举报人" in page, "请说明合同签订日期" in page) == (True, True, False)
    assert client_of(keyed, "干部甲").get(link).status_code == 404
    assert Entry.objects.filter(verb="petition.file").count() == 1


def test_the_officer_sees_which_file_its_sender_had_cleaned_and_reads_no_place_in_it(keyed: World, desk: Desk) -> None:
    """That a file is not as it was made bears on what it proves. The control: the place stands in the one that came as it was."""
    sent = [sealed("IMG_20260102.jpg", made_of.jpeg()), sealed("合同.pdf", made_of.pdf())]
    cleaned = [each.file for each in clean_files(files=sent, ticket=matured())]
    _, petition = taken(desk, files=[*cleaned, sealed("原样.jpg", made_of.jpeg())])
    clerk = client_of(keyed, "信访甲")
    assert clerk.post("/desk/keys/", {"passphrase": secret("信访甲")}).status_code == 303
    page = clerk.get(f"/desk/petitions/{petition.uid}/").content.decode()
    assert re.findall("举报人提交时已清除|原样提交", page) == ["举报人提交时已清除"] * 2 + ["原样提交"]
    links = re.findall(r'href="([^"]+/files/[0-9a-f-]+/)"', page)
    contents = [b"".join(clerk.get(link).streaming_content) for link in links]
    assert [made_of.WORD.encode() in each for each in contents] == [False, False, True]


def test_a_copy_to_hand_on_is_cleaned_and_the_original_stays(keyed: World, desk: Desk) -> None:
    """The log says which of the two was taken; what cannot be cleaned is refused with the reason, never handed out as it is."""
    photo = made_of.jpeg()
    _, petition = taken(desk, files=[sealed("现场.jpg", photo), sealed("录音.avi", b"sound"), sealed("损坏.png", b"x")])
    clerk = client_of(keyed, "信访甲")
    assert clerk.post("/desk/keys/", {"passphrase": secret("信访甲")}).status_code == 303
    page = clerk.get(f"/desk/petitions/{petition.uid}/").content.decode()
    links = re.findall(r'href="([^"]+/files/[0-9a-f-]+/)"', page)
    copies = re.findall(r'href="([^"]+/files/[0-9a-f-]+/\?copy=1)"', page)
    assert (len(links), copies) == (3, [f"{links[0]}?copy=1", f"{links[2]}?copy=1"])
    copy = clerk.get(copies[0])
    content = b"".join(copy.streaming_content)
    assert (made_of.WORD.encode() in photo, made_of.WORD.encode() in content) == (True, False)
    assert "副本" in unquote(copy["Content-Disposition"])
    assert b"".join(clerk.get(links[0]).streaming_content) == photo
    refused = clerk.get(copies[1])
    assert (refused.status_code, "改用纸件" in refused.content.decode()) == (409, True)
    said = Payload.objects.filter(entry__verb="petition.file").order_by("pk").values_list("body", flat=True)
    assert [json.loads(each)["is_cleaned"] for each in said] == [True, False]
