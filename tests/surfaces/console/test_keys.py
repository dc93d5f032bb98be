"""Keys by command: the escrow pair offline, the first key of an office, rotation and recovery; what lies in no argument."""

import io
import json
from argparse import Namespace
from typing import Any

import pytest
from tests.vaults.people import OFFICE, Store, context_of, enrolled, keyed, phrase, unlocked
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.services import disable_account
from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.sealing.fields import open_text, seal_text
from jiandu.base.sealing.shares import join, read_share
from jiandu.base.sealing.suites import PrivateKey, PublicKey
from jiandu.net.vaults.models import OfficeKey
from jiandu.net.vaults.services import enrol
from jiandu.surfaces.console import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command, typing these lines; gives its answer."""

    def run(command: Any, *typed: str, code: int = 0, **args: Any) -> dict[str, Any]:
        monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        assert command(Namespace(json=True, **args)) == code
        answer: dict[str, Any] = json.loads(capsys.readouterr().out)
        return answer

    return run


def names(world: World, *people: str) -> list[str]:
    return [world.users[name].username for name in people]


def test_an_escrow_pair_is_made_shown_and_registered(said: Any) -> None:
    made = said(keys.escrow, register=None)
    shares = [read_share(text) for text in made["shares"]]
    assert join(shares[1:]).public == PublicKey.read(made["public"])
    assert said(keys.escrow, register=made["public"])["key"] == PublicKey.read(made["public"]).id.hex()
    with pytest.raises(Refused, match="已登记"):
        keys.escrow(Namespace(json=True, register=made["public"]))
    with pytest.raises(Refused, match="不是公钥"):
        keys.escrow(Namespace(json=True, register="1:AAAA"))


def test_a_key_is_made_listed_and_rotated(world: World, said: Any) -> None:
    enrolled(world, "干部甲", "主任甲")
    place = {"office": OFFICE, "compartment": "content"}
    made = said(keys.make, members=names(world, "干部甲", "主任甲"), **place)
    (row,) = said(keys.listed)["keys"]
    assert (row["key"], row["is_logged"]) == (made["key"], True)
    assert sorted(row["holders"]) == sorted(names(world, "干部甲", "主任甲"))
    store = Store()
    uid = store.add(world, b"text")
    rotated = said(keys.rotate, phrase("主任甲"), by=names(world, "主任甲")[0], **place)
    assert rotated["sealed_anew"] == 1
    assert unlocked(world, "干部甲").open(store.rows[uid], context_of(uid)) == b"text"
    with pytest.raises(Refused, match="解锁口令不对"):
        said(keys.rotate, "不是这个口令不是这个口令", by=names(world, "主任甲")[0], **place)


def test_a_key_that_the_log_does_not_know_is_told(world: World, said: Any) -> None:
    keyed(world, "干部甲", "主任甲")
    stranger = PrivateKey.new().public
    OfficeKey.objects.update(public=stranger.text, key_id=stranger.id.hex())
    assert [row["is_logged"] for row in said(keys.listed, code=2)["keys"]] == [False]


def test_a_key_that_one_alone_can_open_is_told(world: World, said: Any, settings: Any) -> None:
    settings.DEMO = False
    keyed(world, "干部甲", "主任甲")
    assert [row["is_short"] for row in said(keys.listed)["keys"]] == [False]
    with as_(SYSTEM) as by:
        disable_account(user=world.users["干部甲"], by=by)
    assert [row["is_short"] for row in said(keys.listed, code=2)["keys"]] == [True]


def test_two_shares_bring_an_office_back(world: World, said: Any) -> None:
    made = said(keys.escrow, register=None)
    said(keys.escrow, register=made["public"])
    keyed(world, "干部甲", "主任甲")
    store = Store()
    uid = store.add(world, b"text")
    with as_(SYSTEM) as by:
        for name in ("干部甲", "主任甲"):
            enrol(user=world.users[name], passphrase=phrase("干部乙"), by=by, anew=True)
        enrol(user=world.users["干部丙"], passphrase=phrase("干部丙"), by=by)
    assert unlocked(world, "干部丙").held == {}
    place = {"office": OFFICE, "compartment": "content", "members": names(world, "干部丙")}
    with pytest.raises(Refused, match="任意两份"):
        said(keys.recover, made["shares"][0], made["shares"][0], **place)
    said(keys.recover, made["shares"][2], made["shares"][0].lower(), **place)
    assert unlocked(world, "干部丙").open(store.rows[uid], context_of(uid)) == b"text"


def test_the_keyring_of_columns_gets_a_key_and_the_log_says_so(said: Any) -> None:
    old = seal_text("张三", table="t", uid=1, column="c")
    assert said(keys.columns) == {"key": 2}
    assert open_text(old, table="t", uid=1, column="c") == "张三"
    assert seal_text("张三", table="t", uid=1, column="c").startswith("f1:2:")
    assert Entry.objects.filter(verb="key.columns").count() == 1


def test_commands_name_what_is_not_there(world: World, said: Any) -> None:
    place = {"compartment": "content", "members": ["nobody"]}
    with pytest.raises(Refused, match="没有这个账户"):
        said(keys.make, office=OFFICE, **place)
    with pytest.raises(Refused, match="没有这个机构"):
        said(keys.make, office="没有的室", **{**place, "members": names(world, "干部甲")})
