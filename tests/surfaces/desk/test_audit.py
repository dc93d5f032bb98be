"""The audit administrator's pages: the log filtered, each entry, checks against the anchors, export."""

import json
import re
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from tests.accounts.people import PASSWORD
from tests.surfaces.counting import grown, questions
from tests.world import SYSTEM, World, as_

import jiandu
from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry, Payload
from jiandu.base.audit.services import drop_anchor
from jiandu.base.core.clock import today
from jiandu.loop.findings.services.parts import NewInstruction, instruct
from jiandu.surfaces.desk.log_words import ACTS, OF, SUBJECTS, words_of

KEEPER = "审计管理员"


def client_of(world: World, name: str = KEEPER, *, proved: bool = False) -> Client:
    """Signed in; `proved`: with a password given within five minutes."""
    user = User.objects.get(pk=world.users[name].pk)
    client = Client()
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.password_changed_at = "2022-01-01T00:00:00Z"
        user.save()
    client.force_login(user)
    if proved:
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


def shown(world: World, path: str = "") -> str:
    response = client_of(world).get(f"/desk/audit/{path}")
    assert response.status_code == 200
    return response.content.decode()


def numbers(text: str) -> list[int]:
    """The entries that a page lists, in its order."""
    return [int(number) for number in re.findall(r'href="/desk/audit/(\d+)/">\1<', text)]


def test_the_log_is_filtered_by_who_what_when_and_on_what(world: World) -> None:
    finding = world.finding(problem="甲", by=world.viewer("干部甲"), activity=world.project())
    mine = Entry.objects.get(verb="finding.register", actor=f"user:{world.users['干部甲'].pk}")
    for query in (f"?obj=findings.finding:{finding.uid}", "?actor=干部甲&verb=finding.", f"?actor={mine.actor}"):
        assert numbers(shown(world, query)) == [mine.seq], query
    assert numbers(shown(world, f"?actor=干部甲&since={today()}&until={today()}")) == [mine.seq]
    assert numbers(shown(world, "?actor=干部甲&until=2020-01-01")) == []
    assert numbers(shown(world, "?actor=干部甲&verb=organisation.")) == []
    text = shown(world, "?actor=干部甲")
    assert ("问题 · 登记" in text, "finding.register" in text) == (True, True)
    assert (
        numbers(shown(world, "?since=not-a-day&before=x"))[0]
        == Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    )


def test_older_entries_follow_by_key(world: World) -> None:
    text = shown(world)
    first, older = numbers(text), re.search(r'rel="next" href="\?before=(\d+)"', text)
    assert older
    second = numbers(shown(world, f"?before={older[1]}"))
    assert (len(first), second[0] < first[-1]) == (50, True)


def test_reads_of_sensitive_records_are_shown_and_their_content_is_not(world: World) -> None:
    finding = world.finding(problem="敏感事项", level=2, office="第一监督检查室")
    client_of(world, "主任甲").get(f"/desk/findings/{finding.uid}/")
    seen = Entry.objects.get(verb="seen")
    assert numbers(shown(world, "?verb=seen")) == [seen.seq]
    page = shown(world, f"{seen.seq}/")
    assert ("内容不在此显示" in page, "finding page" in page) == (True, False)
    plain = Entry.objects.filter(verb="office.open").order_by("seq")[0]
    assert "内容不在此显示" not in shown(world, f"{plain.seq}/")
    assert client_of(world).get("/desk/audit/999999/").status_code == 404


def test_a_look_is_one_look_with_a_form_open_as_well(world: World) -> None:
    finding, client = world.finding(problem="敏感事项", level=2, office="第一监督检查室"), client_of(world, "主任甲")
    assert client.get(f"/desk/findings/{finding.uid}/?act=finding-correct").status_code == 200
    assert Entry.objects.filter(verb="seen").count() == 1


def test_the_log_is_checked_against_its_anchors_and_the_check_stands_in_it(world: World) -> None:
    client = client_of(world)
    alone = client.post("/desk/audit/verify/").content.decode()
    assert ("链条完整" in alone, "还没有锚点" in alone) == (True, True)
    drop_anchor()
    anchored = client.post("/desk/audit/verify/").content.decode()
    assert ("与锚点一致" in anchored, "audit-anchors.jsonl" in anchored) == (True, True)
    assert Entry.objects.filter(verb="log.verify").count() == 2


def test_a_log_that_was_changed_is_said_to_be_broken(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The triggers let nobody change an entry: what the reader computes is changed instead."""
    from jiandu.base.audit import chain

    monkeypatch.setattr(chain, "hash_of", lambda *given, **more: "0" * 64)
    said = client_of(world).post("/desk/audit/verify/").content.decode()
    assert ('class="note tone-danger"' in said, "首个异常" in said) == (True, True)


def test_the_log_is_exported_and_the_export_stands_in_it(world: World) -> None:
    world.finding(problem="甲", by=world.viewer("干部甲"), activity=world.project())
    stale = client_of(world).post("/desk/audit/export/", {"actor": "干部甲"})
    assert (stale.status_code, "/account/confirm/" in stale["Location"]) == (303, True)
    response = client_of(world, proved=True).post("/desk/audit/export/", {"actor": "干部甲"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    lines = text.splitlines()
    assert lines[0].startswith("水印:审计管理员")
    assert (len(lines), "finding.register" in lines[-1], lines[2].startswith("序号,时间,用户")) == (4, True, True)
    last = Entry.objects.select_related("payload").get(verb="log.export")
    said = json.loads(last.payload.body)
    assert UUID(said.pop("export"))
    assert said == {"filters": {"actor": "干部甲"}, "rows": 1}


def test_what_was_said_is_erased_with_a_reason_after_a_fresh_proof(world: World) -> None:
    world.finding(problem="甲")
    entry = Entry.objects.filter(verb="finding.register").order_by("-seq")[0]
    stale = client_of(world).post(f"/desk/audit/{entry.seq}/erase/", {"reason": "个人信息"})
    assert (stale.status_code, "/account/confirm/" in stale["Location"]) == (303, True)
    client = client_of(world, proved=True)
    assert client.post(f"/desk/audit/{entry.seq}/erase/", {"reason": " "}).status_code == 422
    assert Payload.objects.get(pk=entry.pk).body != ""
    assert client.post(f"/desk/audit/{entry.seq}/erase/", {"reason": "个人信息"}).status_code == 303
    assert Payload.objects.get(pk=entry.pk).body == ""
    page = client.get(f"/desk/audit/{entry.seq}/").content.decode()
    assert ("内容已清除" in page, "?act=erase" in page) == (True, False)
    assert "链条完整" in client.post("/desk/audit/verify/").content.decode()


def test_the_words_of_the_work_are_not_shown_and_those_of_accounts_are(world: World) -> None:
    """Three administrators apart: who keeps the log sees who did what to which record, and not what it says."""
    finding = world.rectifying(problem="QF7777Z")
    with as_(SYSTEM) as by:
        note = NewInstruction("书记", finding.registered_on, "QF7777Z请严查", world.offices["第二监督检查室"])
        instruct(finding=finding, by=by, new=note)
    of_work = Entry.objects.filter(verb="finding.instruct").get()
    assert "QF7777Z" in of_work.payload.body  # there is something that could be shown
    page = shown(world, f"{of_work.seq}/")
    assert ("QF7777Z" in page, "属于业务记录" in page, str(finding.uid) in page) == (False, True, True)
    of_accounts = Entry.objects.filter(verb="grant.give").order_by("seq")[0]
    page = shown(world, f"{of_accounts.seq}/")
    assert ("属于业务记录" in page, json.loads(of_accounts.payload.body)["role"] in page) == (False, True)


def test_others_find_no_such_pages(world: World) -> None:
    seq = Entry.objects.order_by("seq")[0].seq
    for name in ("主任甲", "书记", "系统管理员", "安全管理员", "经办人丁"):
        client = client_of(world, name)
        for path in ("", f"{seq}/", f"{seq}/?act=erase"):
            assert client.get(f"/desk/audit/{path}").status_code == 404
        for path in ("verify/", "export/", f"{seq}/erase/"):
            assert client.post(f"/desk/audit/{path}", {"reason": "x"}).status_code == 404
    assert Entry.objects.filter(verb__startswith="log.").count() == 0


def test_every_verb_that_is_logged_has_words() -> None:
    """Read from the source: what services record. A code in the log without words would stand bare on the page."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in Path(jiandu.__file__).parent.rglob("*.py"))
    said = set(re.findall(r'record\(\s*[\w.]+,\s*"([a-z_]+(?:\.[a-z_]+)?)"', source))
    assert len(said) > 60
    assert {verb for verb in said if verb.partition(".")[0] not in SUBJECTS} == set()
    named = {verb for verb in said if verb in OF or verb.partition(".")[2] in {"", *ACTS}}
    assert said - named == set()
    assert words_of("unheard.of") == "unheard · of"


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    client: Any = client_of(world)
    places = ("", "?actor=系统", f"{Entry.objects.order_by('seq')[0].seq}/")
    few = questions(client, [f"/desk/audit/{path}" for path in places])
    with as_(SYSTEM):
        world.finding()
    assert grown(few, questions(client, few)) == {}
