"""An office words its sheets: written, looked at, put to use; a sheet keeps its version; what is wrong is told with its line."""

import io
from typing import Any

import docx
import pytest
from django.test import Client
from tests.instruments.net import rule_of, seen, sheet
from tests.instruments.test_documents import texts, written
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import Instrument, Wording
from jiandu.loop.instruments.services import wording
from jiandu.loop.instruments.wording import as_text, as_words, worded

CLERK, OFFICE = "内勤甲", "第一监督检查室"
KIND = "reminder"
SAID = {"title": "关于{事由}的提示", "to": "{单位}党组", "text": "现就{事由}提示如下。\n\n# 有关情况\n【调查情况】\n\n【所列问题】\n\n请做好：\n【建议内容】\n\n【反馈要求】"}  # fmt: skip


def put(world: World, office: str = OFFICE, who: str = CLERK, **more: str) -> Wording:
    with as_(world.viewer(who)) as by:
        row = wording.write(kind=KIND, office=world.offices[office], by=by, **{**SAID, **more})
        return wording.put_to_use(wording=row, by=by)


@pytest.mark.parametrize("kind", Instrument.Kind.values)
def test_the_shipped_words_of_each_kind_are_read_back_as_they_are(kind: str) -> None:
    one = kind_of(kind)
    assert worded(one, title=as_words(one.title), to=as_words(one.to), text=as_text(one.parts)) == one


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": "关于{事项}的提示"}, "标题：没有“{事项}”这个占位；可用的有：{单位}、{事由}"),
        ({"to": "{单位"}, "主送：花括号不成对"),
        ({"text": "依据{法规依据}"}, "第1行：没有“{法规依据}”这个占位"),  # a reminder cites nothing
        ({"text": "请看【调查情况】。"}, "第1行：内容项应独占一行"),
        ({"text": "【没有此项】"}, "第1行：内容项应独占一行，并为其中之一：【问题性质】"),
        ({"text": "【调查情况】\n后文"}, "第2行：【】独占一段的最后一行"),
        ({"text": "引导语\n# 标题"}, "第2行：标题应为一段的第一行"),
        ({"text": "【调查情况】"}, "不能删去：【所列问题】、【建议内容】、【反馈要求】"),
        ({"text": SAID["text"] + "\n\n【调查情况】"}, "只能出现一次：【调查情况】"),
        ({"text": " "}, "都要填写"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(world: World, more: dict[str, str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        put(world, **more)
    said = str(refused.value.args[1]) % refused.value.details
    assert (refused.value.rule, words in said) == ("wording", True), said
    with as_(SYSTEM):
        assert Wording.objects.count() == 0


def test_a_proposal_keeps_what_the_rules_ask_for() -> None:
    one = kind_of("supervision")
    bare = as_text(one.parts).replace("{法规依据}", "有关规定")
    with pytest.raises(Refused) as refused:
        worded(one, title="建议", to="{单位}", text=bare)
    assert refused.value.details["gone"] == "{法规依据}"


def test_a_sheet_keeps_the_words_it_was_drafted_in(world: World) -> None:
    before = sheet(world, KIND)
    first = put(world)
    during = sheet(world, KIND, facts="采购未公开")
    with as_(world.viewer(CLERK)) as by:  # written, not put to use
        wording.write(kind=KIND, office=world.offices[OFFICE], by=by, **{**SAID, "title": "{事由}"})
    still = sheet(world, KIND)
    put(world, title="再提示：{事由}")
    after = sheet(world, KIND)
    with as_(SYSTEM):
        held = {row.pk: row.wording_id and row.wording.version for row in Instrument.objects.all()}  # type: ignore[union-attr]
    assert [held[one.pk] for one in (before, during, still, after)] == [None, 1, 1, 3]
    assert [texts(written(world, one))[1] for one in (before, during, still, after)] == [
        "关于市教育局有关问题的提醒函", "关于市教育局有关问题的提示", "关于市教育局有关问题的提示", "再提示：市教育局有关问题",
    ]  # fmt: skip
    said = texts(written(world, during))
    assert said[2:6] == ["市教育局党组：", "现就市教育局有关问题提示如下。", "一、有关情况", "采购未公开"]
    assert "请做好：" in said
    assert first.version == 1


def test_the_words_of_the_nearest_office_above_serve_and_those_of_another_do_not(world: World) -> None:
    with as_(SYSTEM) as by:
        for office, title in (("市纪委监委", "全市{事由}"), ("第二监督检查室", "二室{事由}")):
            row = wording.write(kind=KIND, office=world.offices[office], by=by, **{**SAID, "title": title})
            wording.put_to_use(wording=row, by=by)
    assert texts(written(world, sheet(world, KIND)))[1] == "全市市教育局有关问题"
    put(world)
    assert texts(written(world, sheet(world, KIND)))[1] == "关于市教育局有关问题的提示"


def test_only_the_offices_own_clerk_words_its_sheets(world: World) -> None:
    for who, office in (("干部甲", OFFICE), ("主任甲", OFFICE), (CLERK, "第二监督检查室"), (CLERK, "市纪委监委")):
        assert rule_of(lambda who=who, office=office: put(world, office, who)) == "not-allowed", (who, office)  # type: ignore[misc]
    row = put(world)
    with as_(world.viewer(CLERK)) as by:
        assert rule_of(lambda: wording.put_to_use(wording=row, by=by)) == "already-decided"
    with as_(SYSTEM):
        assert list(Entry.objects.filter(verb__endswith="word").values_list("verb", flat=True)) == ["instrument.word"]
        assert Entry.objects.filter(verb="instrument.use_words").count() == 1


def test_the_page_writes_shows_and_puts_to_use(world: World, django_assert_max_num_queries: Any) -> None:
    client, place = Client(), f"/desk/wordings/{KIND}/"
    client.force_login(world.users["干部甲"])
    assert client.get("/desk/wordings/").status_code == client.get(place).status_code == 404
    client.force_login(world.users[CLERK])
    assert "/desk/wordings/" in client.get("/desk/letters/").content.decode()
    with django_assert_max_num_queries(15):
        assert place in client.get("/desk/wordings/").content.decode()
    form = client.get(f"{place}?act=edit").context["opened"].form
    assert form["text"].value() == as_text(kind_of(KIND).parts)
    wrong = client.post(f"{place}edit/", {**SAID, "title": "{无}"})
    assert (wrong.status_code, "没有“{无}”这个占位" in wrong.content.decode()) == (422, True)
    assert client.post(f"{place}edit/", SAID).status_code == 303
    with as_(SYSTEM):
        row = Wording.objects.get()
    assert (row.version, row.used_on, row.by_name) == (1, None, CLERK)
    answer = client.get(f"{place}1/word/")
    shown = [one.text for one in docx.Document(io.BytesIO(answer.content)).paragraphs if one.text]
    assert shown[1:4] == ["关于〔事由〕的提示", "〔单位〕党组：", "现就〔事由〕提示如下。"]
    assert "〔所列问题〕" in shown
    assert (client.get(f"{place}0/word/").status_code, client.get(f"{place}2/word/").status_code) == (200, 404)
    assert client.get("/desk/wordings/no-such/").status_code == 404
    assert client.post(f"{place}use/?on={row.pk}").status_code == 303
    assert "现行" in client.get(place).content.decode()
    assert seen(world, sheet(world, KIND)).wording == row
