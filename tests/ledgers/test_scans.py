"""合同文本扫描: attached by whoever keeps the ledger, read with a trace, taken down with a reason, of no other kind than a scanner's."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.ledgers.collectives import filled, scanned
from tests.ledgers.estates import rule_of
from tests.surfaces.counting import MOST, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.sources.ledgers.collectives import Asset, Collective, Contract
from jiandu.sources.ledgers.scans import ContractScan
from jiandu.sources.ledgers.services.scanning import withdraw_scan

PDF = b"%PDF-1.4 the paper"


@pytest.fixture
def village(city: World) -> Collective:
    return filled(city)


@pytest.fixture
def contract(village: Collective) -> Contract:
    with as_(SYSTEM):
        return Contract.objects.get(code="HT-1", until__isnull=True)


@pytest.fixture
def here(village: Collective, contract: Contract) -> str:
    return f"/desk/collectives/{village.uid}/contract/{contract.uid}/"


def sent(client: Client, here: str, name: str, content: bytes = PDF) -> Any:
    return client.post(f"{here}attach-scan/", {"scan": SimpleUploadedFile(name, content)})


def entries(verb: str) -> int:
    with as_(SYSTEM):
        return Entry.objects.filter(verb=verb).count()


def test_a_scan_is_attached_read_with_a_trace_and_taken_down(
    world: World, village: Collective, contract: Contract, here: str
) -> None:
    client = client_of(world, "区纪委书记")
    assert sent(client, here, "厂房合同.pdf").status_code == 303
    with as_(SYSTEM):
        [kept] = ContractScan.objects.all()
    page = client.get(here).content.decode()
    assert "厂房合同.pdf" in page
    assert "1份，共2份合同" in client.get(f"/desk/collectives/{village.uid}/").content.decode()
    before = entries("seen")
    answer: Any = client.get(f"/desk/collectives/{village.uid}/scans/{kept.uid}/")
    assert (answer.content, answer["Content-Type"], entries("seen")) == (PDF, "application/octet-stream", before + 1)
    act = f"{here}withdraw-scan/?on={kept.pk}"
    assert client.post(act, {"reason": ""}).status_code == 422
    assert client.post(act, {"reason": "传错了", "on": today().isoformat()}).status_code == 303
    assert client.get(f"/desk/collectives/{village.uid}/scans/{kept.uid}/").status_code == 404
    assert "已撤下：传错了" in client.get(here).content.decode()
    assert (entries("collective.add_scan"), entries("collective.withdraw_scan")) == (1, 1)


def test_what_no_scanner_gives_is_refused(world: World, here: str) -> None:
    client = client_of(world, "区纪委书记")
    for name, content in (("合同.xlsx", PDF), ("合同.html", PDF), ("秘密★合同.pdf", PDF), ("合同.pdf", b"")):
        assert sent(client, here, name, content).status_code == 422, name
    assert sent(client, here, "合同.pdf").status_code == 303  # the control
    assert sent(client, here, "再传.pdf").status_code == 422  # the same content


def test_a_scan_stays_with_its_contract_whatever_sheets_come(world: World, contract: Contract, here: str) -> None:
    scanned(contract)
    with as_(SYSTEM):
        other = Contract.objects.get(code="HT-2", until__isnull=True)
    client = client_of(world, "区纪委书记")
    assert "合同.pdf" in client.get(here).content.decode()
    assert "合同.pdf" not in client.get(here.replace(str(contract.uid), str(other.uid))).content.decode()


def test_only_whoever_keeps_the_ledger_attaches_and_only_its_readers_read(
    world: World, village: Collective, contract: Contract, here: str
) -> None:
    kept = scanned(contract)
    stranger = client_of(world, "干部甲")
    place = f"/desk/collectives/{village.uid}/scans/{kept.uid}/"
    assert [stranger.get(here).status_code, stranger.get(place).status_code] == [404, 404]
    assert sent(stranger, here, "合同二.pdf").status_code == 404
    with as_(world.viewer("干部甲")) as by:
        assert rule_of(lambda: withdraw_scan(scan=kept, by=by, reason="不要了")) == "not-allowed"
    assert client_of(world, "区纪委书记").get(place).status_code == 200  # the control
    stale: Any = client_of(world, "区纪委书记", proved=False).get(place)  # the parties' numbers stand on it
    assert (stale.status_code, "/account/confirm/" in stale["Location"]) == (302, True)


def test_other_ledgers_take_no_scan_and_the_page_asks_few_statements(
    world: World, village: Collective, contract: Contract, here: str
) -> None:
    scanned(contract)
    with as_(SYSTEM):
        row = Asset.objects.get(code="ZC-002", until__isnull=True)
    client = client_of(world, "区纪委书记")
    asset = f"/desk/collectives/{village.uid}/asset/{row.uid}/"
    assert "合同文本扫描件" not in client.get(asset).content.decode()
    assert client.get(f"{asset}?act=attach-scan").status_code == 404
    assert sent(client, asset, "合同.pdf").status_code in {403, 404, 422}
    asked = questions(client, [here])
    assert {page: len(sql) for page, sql in asked.items() if len(sql) > MOST} == {}
