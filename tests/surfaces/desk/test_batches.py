"""批量文书: many papers at once are the same papers; each record is asked for by itself, the refused are named."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import docx
import pytest
from django.test import Client
from docx.oxml.ns import qn
from tests.activities.test_papers import cells, planned, texts
from tests.instruments.net import seen, served
from tests.papers.test_codes import codes
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.documents.word import to_docx
from jiandu.base.jobs.models import Job
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.workbooks import batches
from jiandu.loop.workbooks.batches import BATCHES, make, may_leave
from jiandu.net.access.models import Level
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.word import notices_docx
from jiandu.sources.contactpoints.word import handing_docx

OWN, FOREIGN = "干部甲", "干部乙"


def client_of(world: World, who: str) -> Client:
    client = Client()
    client.force_login(world.users[who])
    return client


def units_of(activity: Activity) -> list[LinkedUnit]:
    with as_(SYSTEM):
        return list(activity.linked_units.select_related("organisation").order_by("planned_on", "organisation__path"))


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def ask(client: Client, kind: str, uids: list[Any], form: str, of: Activity | None = None) -> Any:
    place = f"/desk/papers/{kind}/" + (f"?of={of.uid}" if of else "")
    return client.post(place, {"uid": [str(uid) for uid in uids], "as": form})


def test_one_word_file_has_each_paper_as_it_is_alone(world: World) -> None:
    activity, client = planned(world), client_of(world, OWN)
    units = units_of(activity)
    shown = client.get(f"/desk/papers/notice/?of={activity.uid}").content.decode()
    assert [str(one.uid) in shown for one in units] == [True, True]
    answer = ask(client, "notice", [one.uid for one in units], "docx", activity)
    file = docx.Document(io.BytesIO(content_of(answer)))
    with as_(SYSTEM) as by:
        alone = [texts(docx.Document(io.BytesIO(notices_docx(by, activity, one)))) for one in units]
    assert texts(file) == [*alone[0], *alone[1]]  # headings are counted anew in the second
    starts = [one.find(qn("w:pgNumType")) for one in file.element.body.iter(qn("w:sectPr"))]
    assert [one is not None and one.get(qn("w:start")) for one in starts] == [False, "1"]
    with as_(SYSTEM):
        (entry,) = Entry.objects.filter(verb="activity.papers")
        told = json.loads(entry.payload.body)
    assert (told["paper"], told["count"], told["refused"]) == ("notice", 2, 0)


def test_turned_and_upright_papers_follow_each_other_without_an_empty_page(world: World) -> None:
    activity, client = planned(world), client_of(world, OWN)
    for unit in ("市教育局", "市财政局"):
        world.rectifying(office="第一监督检查室", unit=unit, activity=activity)
    for kind, turned in (("feedback", True), ("visit", False)):
        answer = ask(client, kind, [one.uid for one in units_of(activity)], "docx", activity)
        content = content_of(answer)
        file = docx.Document(io.BytesIO(content))
        assert [section.page_width > section.page_height for section in file.sections] == [turned, turned]
        assert len(codes(content)) == 2
    heads = [cells(table)[1][1] for table in file.tables]
    assert heads == ["市教育局", "市财政局"]


def test_a_zip_has_a_file_each_named_by_unit_and_serial_the_same_as_alone(world: World) -> None:
    told = [world.answered(world.told(facts="窗口少。")) for _ in range(2)]
    answer = ask(client_of(world, OWN), "handing", [one.uid for one in told], "zip")
    with zipfile.ZipFile(io.BytesIO(content_of(answer))) as archive:
        names = archive.namelist()
        files = [archive.read(name) for name in names]
    assert names == [
        f"{n:03d} 市教育局 联系点反映问题交办单 {one.code}.docx" for n, one in enumerate(told, 1)
    ]  # fmt: skip
    with as_(SYSTEM) as by:
        assert files == [handing_docx(by, BATCHES["handing"].find(by, one.uid)) for one in told]


def test_refused_ones_are_named_and_no_half_of_them_is_in_the_file(world: World) -> None:
    activity, client = planned(world), client_of(world, OWN)
    world.rectifying(office="第一监督检查室", unit="市教育局", activity=activity, problem="明语")
    hidden = world.round(office="第二监督检查室")
    with as_(SYSTEM):
        team = activity.linked_units.get(organisation=world.units["市财政局"])
    first = units_of(activity)[0]
    answer = ask(client, "feedback", [first.uid, team.uid, uuid4(), hidden.uid], "docx", activity)
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"]).content.decode()
    assert "已生成 1 份文书" in page
    assert f"市财政局 {activity.code}" in page
    assert "本轮没有可以反馈给市财政局的问题" in page
    assert page.count("该记录不存在，或不在您的权限内") == 2
    file = client.get(f"{answer.headers['Location']}file/", follow=True)
    said = texts(docx.Document(io.BytesIO(content_of(file)))) if file.status_code == 200 else []
    with as_(world.viewer(OWN)):
        job = Job.objects.latest("pk")
    assert job.said["papers"] == 1
    assert [which for which, _why, _details in job.said["refused"]] == [f"市财政局 {activity.code}", "3", "4"]
    assert "市财政局：" not in said


def test_what_is_of_level_two_is_made_on_its_own_page_alone(world: World) -> None:
    plain, secret = (served(world, Instrument.Kind.REMINDER, facts="未开展自查。") for _ in range(2))
    with as_(SYSTEM):
        Instrument.objects.filter(pk=secret.pk).update(level=Level.SENSITIVE)
    made = making(world, OWN, "letter", [plain.uid, secret.uid])
    assert made.keys == [str(plain.uid)]
    (refused,) = made.refused
    assert refused[0] == (secret.number or secret.code)  # neither its unit nor its matter
    with as_(SYSTEM) as by:
        alone = BATCHES["letter"].write(by, seen(world, plain))
    assert to_docx(made.papers[0][1]) == to_docx(alone)


def making(world: World, who: str, kind: str, uids: list[Any]) -> batches.Made:
    with as_(world.viewer(who)) as by:
        return make(by, kind, [str(uid) for uid in uids], tell=lambda _done, _total: None)


def test_a_file_leaves_only_while_all_of_it_is_in_scope(world: World) -> None:
    told = world.answered(world.told(facts="窗口少。"))
    uids = [str(told.uid)]
    for who, may in ((OWN, True), (FOREIGN, False)):
        with as_(world.viewer(who)) as by:
            assert may_leave(by, "handing", uids) is may
    client = client_of(world, OWN)
    assert content_of(ask(client, "handing", uids, "zip"))
    with as_(SYSTEM):
        job = Job.objects.latest("pk")
    assert client_of(world, FOREIGN).get(f"/desk/jobs/{job.uid}/file/").status_code == 404


def test_nothing_ticked_is_said_and_unknown_kinds_are_not_there(world: World) -> None:
    client, activity = client_of(world, OWN), planned(world)
    refused = client.post(f"/desk/papers/notice/?of={activity.uid}", {"as": "docx"})
    assert (refused.status_code, "请先勾选" in refused.content.decode()) == (422, True)
    for place in (
        "/desk/papers/else/",
        "/desk/papers/notice/",
        "/desk/papers/notice/?of=x",
        f"/desk/papers/notice/?of={uuid4()}",
    ):
        assert client.get(place).status_code == 404
    assert client_of(world, FOREIGN).get(f"/desk/papers/notice/?of={activity.uid}").status_code == 404


@pytest.mark.parametrize(("count", "is_one", "rule"), [(3, True, "papers-one-file"), (3, False, "")])
def test_one_file_has_its_limit(
    world: World, monkeypatch: pytest.MonkeyPatch, count: int, is_one: bool, rule: str
) -> None:
    monkeypatch.setattr(batches, "IN_ONE_FILE", 2)
    uids = [world.answered(world.told(facts="窗口少。")).uid for _ in range(count)]
    made = making(world, OWN, "handing", uids)
    with as_(world.viewer(OWN)) as by:
        write: Callable[[], str] = lambda: batches.write(by, "handing", made, io.BytesIO(), is_one=is_one, identity="E")  # noqa: E731
        if not rule:
            assert write().endswith(".zip")
            return
        with pytest.raises(batches.Refused) as refused:
            write()
    assert refused.value.rule == rule


def test_a_letter_is_drafted_to_many_units_each_with_its_own_number(world: World) -> None:
    client = client_of(world, OWN)
    said = {
        "kind": "reminder", "units": "市教育局\n市财政局\n市教育局", "title": "报送自查情况", "drafted_on": "2022-03-01",
        "office": world.offices["第一监督检查室"].pk, "suggestions": "月底前报送",
    }  # fmt: skip
    wrong = client.post("/desk/letters/draft-many/", said | {"units": "市教育局\n无此单位"})
    assert (wrong.status_code, "没有登记过这个单位：无此单位" in wrong.content.decode()) == (422, True)
    with as_(SYSTEM):
        assert Instrument.objects.count() == 0
    assert client.post("/desk/letters/draft-many/", said).status_code == 303
    with as_(SYSTEM):
        made = list(Instrument.objects.select_related("subject").order_by("pk"))
        assert [str(one.subject) for one in made] == ["市教育局", "市财政局"]
        assert len({one.code for one in made}) == 2
        assert {one.drafted_on for one in made} == {date(2022, 3, 1)}
        assert Entry.objects.filter(verb="instrument.draft").count() == 2
