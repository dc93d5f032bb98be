"""公开稿: two persons before the public reads it, two before it no longer does; what was published is frozen."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from tests.core.test_personal import card, identity
from tests.publications.publishing import ROOM, SAID, asked, does, drafted, published, recalled, refusal
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.published.models import Notice
from jiandu.base.published.services import take_over, told
from jiandu.loop.outcomes.models import PersonTalked
from jiandu.loop.outcomes.services import record_talked
from jiandu.results.publications import selectors, services
from jiandu.results.publications.models import Publication, PublicationStep
from jiandu.results.publications.services import Words
from jiandu.results.publications.states import MOVES, State, Verb

PLACE = "/desk/publications/"


def notice_of(row: Publication) -> Notice:
    return Notice.objects.get(uid=row.uid)


def test_a_second_person_publishes_and_the_copy_is_the_words(world: World) -> None:
    row = published(world)
    copy = notice_of(row)
    assert (row.state, row.number, row.published_on) == ("published", f"〔{today().year}〕1号", today())
    assert (copy.title, copy.text, copy.issuer, copy.kind) == (SAID["title"], SAID["text"], SAID["issuer"], "cases")
    with as_(SYSTEM) as by:
        steps = [(step.verb, step.after, step.by_name) for step in selectors.steps_of(by, row)]
    assert steps == [
        ("draft", "drafted", "干部甲"),
        ("ask", "asked", "干部甲"),
        ("publish", "published", "主任甲"),
    ]
    verbs = Entry.objects.filter(verb__startswith="publication.").order_by("seq").values_list("verb", flat=True)
    assert [*verbs] == ["publication.draft", "publication.ask", "publication.publish"]


def test_who_wrote_or_asked_confirms_nothing(world: World) -> None:
    row = does(world, "主任甲", drafted(world), services.rewrite, words=Words(**SAID | {"title": "改过的标题"}))
    row = does(world, "干部甲", row, services.ask)
    with refusal("two-persons"):  # he changed the words
        does(world, "主任甲", row, services.publish)
    with refusal("not-allowed"):
        does(world, "干部甲", row, services.publish)
    assert not Notice.objects.exists()
    assert does(world, "书记", row, services.publish).state == State.PUBLISHED  # control
    other = does(world, "主任甲", drafted(world), services.ask)
    with refusal("two-persons"):  # he asked
        does(world, "主任甲", other, services.publish)


def test_who_drafted_confirms_nothing_though_another_wrote_last(world: World) -> None:
    """The head drafts, an officer changes a word and asks: the head's own words are not for the head to confirm."""
    row = does(world, "干部甲", drafted(world, "主任甲"), services.rewrite, words=Words(**SAID | {"title": "改一字"}))
    row = does(world, "干部甲", row, services.ask)
    with as_(world.viewer("主任甲")) as by:
        assert row.pk not in {each.pk for each in selectors.to_confirm(by)}
    with refusal("two-persons"):
        does(world, "主任甲", row, services.publish)
    asked_once = does(world, "主任甲", drafted(world), services.ask)
    asked_once = does(world, "书记", asked_once, services.send_back, reason="改")
    asked_once = does(world, "干部甲", asked_once, services.ask)
    with refusal("two-persons"):  # he asked the first time
        does(world, "主任甲", asked_once, services.publish)
    assert does(world, "书记", asked_once, services.publish).state == State.PUBLISHED  # control: he only sent it back


def seen_on(client: Client, place: str) -> str:
    """What the open form says that was looked at."""
    found = re.search(r'name="seen" value="([0-9]+)"', client.get(place).content.decode())
    assert found
    return found[1]


def test_a_text_that_changed_while_the_form_stood_open_is_not_published(world: World) -> None:
    row = asked(world, text="甲版。")
    head, place = client_of(world, "主任甲"), f"{PLACE}{row.uid}/"
    seen = seen_on(head, f"{place}?act=publish")
    does(world, "书记", row, services.send_back, reason="改")
    does(world, "干部甲", row, services.rewrite, words=Words(**SAID | {"text": "乙版，无人看过。"}))
    does(world, "干部甲", row, services.ask)
    for stale in ({"seen": seen}, {}, {"seen": "x"}):
        answer = head.post(f"{place}publish/", stale)
        assert answer.status_code == 422, stale
        assert not Notice.objects.exists()
    assert "内容已变，请重新查看" in head.post(f"{place}publish/", {"seen": seen}).content.decode()
    seen = seen_on(head, f"{place}?act=publish")
    assert head.post(f"{place}publish/", {"seen": seen}).status_code == 303  # control
    does(world, "干部甲", row, services.ask_recall, reason="内容有误")
    assert head.post(f"{place}recall/", {"seen": seen}).status_code == 422
    assert notice_of(row).withdrawn_on is None
    assert head.post(f"{place}recall/", {"seen": seen_on(head, f"{place}?act=recall")}).status_code == 303
    assert notice_of(row).withdrawn_on == today()


def test_the_table_itself_refuses_one_person_in_both_roles(world: World) -> None:
    row = published(world)
    with as_(SYSTEM):
        one = Publication.objects.get(pk=row.pk)
        for both in ({"written_by": one.confirmed_by}, {"asked_by": one.confirmed_by}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Publication.objects.filter(pk=row.pk).update(**both)
        Publication.objects.filter(pk=row.pk).update(asked_by=world.users["书记"])  # control


def test_a_withdrawal_is_by_two_and_leaves_a_tombstone(world: World) -> None:
    row = published(world)
    with refusal("reason-needed"):
        does(world, "干部甲", row, services.ask_recall, reason=" ")
    row = does(world, "主任甲", row, services.ask_recall, reason="内容有误")
    with refusal("two-persons"):
        does(world, "主任甲", row, services.recall)
    row = does(world, "书记", row, services.keep, reason="无误")
    assert (row.state, row.recall_for, notice_of(row).title) == (State.PUBLISHED, "", SAID["title"])
    row = does(world, "主任甲", row, services.ask_recall, reason="内容有误")
    row = does(world, "书记", row, services.recall)
    copy = notice_of(row)
    assert (copy.title, copy.text, copy.issuer, copy.withdrawn_on) == ("", "", "", today())
    assert (str(copy), row.text, row.recall_for) == (
        row.number,
        SAID["text"],
        "内容有误",
    )  # the house keeps what it said


def test_what_is_published_is_frozen(world: World) -> None:
    row = published(world)
    for verb, act, more in (
        ("edit", services.rewrite, {"words": Words(**SAID)}),
        ("ask", services.ask, {}),
        ("drop", services.drop, {"reason": "不要了"}),
    ):
        with refusal("already-decided"):
            does(world, "干部甲", row, act, **more)
        assert verb
    with as_(SYSTEM):
        for changed in ({"text": "改"}, {"title": "改"}, {"number": "改"}):
            with pytest.raises(IntegrityError), transaction.atomic():
                Publication.objects.filter(pk=row.pk).update(**changed)
        with pytest.raises(IntegrityError), transaction.atomic():
            PublicationStep.objects.filter(publication=row).update(by_name="他人")
    for changed in ({"text": "改"}, {"number": 9}, {"on": "2020-01-01"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(uid=row.uid).update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(uid=row.uid).delete()
    row = recalled(world, row)
    words = {"title": "又来", "text": "又来", "issuer": "某", "withdrawn_on": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(uid=row.uid).update(**words)


def test_numbers_run_without_gaps_through_the_house(world: World) -> None:
    first, second = published(world), published(world)
    recalled(world, first)
    assert [each.number for each in (first, second, published(world))] == [
        f"〔{today().year}〕{n}号" for n in (1, 2, 3)
    ]


@pytest.mark.parametrize("make", [identity, card])
def test_identity_and_card_numbers_never_go_out(world: World, make: Any) -> None:
    row = drafted(world, text=f"第一段。\n本人证件或账号{make()}，已核。")
    with refusal("personal-data") as refused:
        does(world, "干部甲", row, services.ask, explanation="已经同意")
    assert "正文第2段第8字" in str(refused.value)


def test_what_is_personal_stays_only_with_a_reason_and_the_second_person_sees_it(world: World) -> None:
    row = drafted(world, text="举报电话13812345678，市一中张某受处分。")
    with refusal("explain-personal") as refused:
        does(world, "干部甲", row, services.ask)
    assert "138****5678" in str(refused.value)
    row = does(world, "干部甲", row, services.ask, explanation="举报电话依法公开")
    assert row.explained == [["mobile", "13812345678"]]
    page = client_of(world, "主任甲").get(f"{PLACE}{row.uid}/?act=publish")
    assert ("138****5678" in page.content.decode(), "举报电话依法公开" in page.content.decode()) == (True, True)
    assert does(world, "主任甲", row, services.publish).state == State.PUBLISHED
    row = does(world, "干部甲", drafted(world), services.rewrite, words=Words(**SAID))
    assert row.explained == []


def test_a_name_of_the_directory_is_told(world: World) -> None:
    world.person("林一鸣", "市教育局")
    row = drafted(world, text="林一鸣受到处分。")
    with refusal("explain-personal") as refused:
        does(world, "干部甲", row, services.ask)
    assert "林一鸣" in str(refused.value)


def test_a_name_of_the_units_records_is_told_though_the_directory_knows_none(world: World) -> None:
    finding = world.rectifying(office=ROOM, unit="市教育局", problem="食堂采购")
    with as_(SYSTEM) as by:
        record_talked(finding=finding, by=by, row=PersonTalked(kind="talk", name="欧阳某华", on=today()))
    with as_(world.viewer("干部甲")) as by:
        words = Words(**SAID | {"text": "欧 阳某华已被约谈。"})
        about = services.draft(office=world.offices[ROOM], words=words, by=by, subject=world.units["市教育局"])
        other = services.draft(office=world.offices[ROOM], words=words, by=by, subject=world.units["市财政局"])
    with refusal("explain-personal") as refused:
        does(world, "干部甲", about, services.ask)
    assert "正文第1段第1字，姓名 欧阳某华" in str(refused.value)
    assert (
        does(world, "干部甲", other, services.ask).state == State.ASKED
    )  # control: another unit's record is none of its


def test_a_name_that_came_to_be_known_meanwhile_stops_the_second_person(world: World) -> None:
    row = asked(world, text="林一鸣受到处分。")
    world.person("林一鸣", "市教育局")
    with refusal("explain-personal"):
        does(world, "主任甲", row, services.publish)
    back = does(world, "主任甲", row, services.send_back, reason="请说明姓名")
    assert back.state == State.DRAFTED


def test_who_issues_it_is_looked_through_as_its_words_are(world: World) -> None:
    row = drafted(world, issuer=f"王小明 {identity()}")
    with refusal("personal-data") as refused:
        does(world, "干部甲", row, services.ask, explanation="已经同意")
    assert "发布单位第5字，身份证号" in str(refused.value)
    row = drafted(world, issuer="举报人：王小明")
    with refusal("explain-personal") as refused:
        does(world, "干部甲", row, services.ask)
    assert "发布单位第5字，姓名 王小明" in str(refused.value)
    with refusal("classified"):
        drafted(world, issuer="机密★")
    assert does(world, "干部甲", drafted(world), services.ask).state == State.ASKED  # control


@pytest.mark.parametrize("text", ["秘密★1年\n正文", "第一段\n\n机密★\n正文"])
def test_what_is_marked_as_a_state_secret_is_not_drafted(world: World, text: str) -> None:
    with refusal("classified"):
        drafted(world, text=text)


def test_verbs_are_legal_in_their_states_alone(world: World) -> None:
    acts = {
        Verb.REWRITE: (services.rewrite, "干部甲", {"words": Words(**SAID)}), Verb.ASK: (services.ask, "干部甲", {}),
        Verb.RETURN: (services.send_back, "主任甲", {"reason": "改"}), Verb.PUBLISH: (services.publish, "主任甲", {}),
        Verb.DROP: (services.drop, "干部甲", {"reason": "改"}), Verb.ASK_RECALL: (services.ask_recall, "干部甲", {"reason": "误"}),
        Verb.KEEP: (services.keep, "主任甲", {"reason": "无误"}), Verb.RECALL: (services.recall, "主任甲", {}),
    }  # fmt: skip
    made = {
        State.DRAFTED: drafted(world),
        State.ASKED: asked(world),
        State.PUBLISHED: published(world),
        State.RECALL_ASKED: does(world, "干部甲", published(world), services.ask_recall, reason="误"),
        State.RECALLED: recalled(world, published(world)),
        State.DROPPED: does(world, "干部甲", drafted(world), services.drop, reason="不用"),
    }
    assert set(acts) == set(Verb)
    for state, row in made.items():
        for verb, (act, who, more) in acts.items():
            with transaction.atomic():
                if MOVES[verb].before == state:
                    assert does(world, who, row, act, **more).state == MOVES[verb].after, (state, verb)
                else:
                    with refusal("already-decided"):
                        does(world, who, row, act, **more)
                transaction.set_rollback(True)


def test_another_office_and_the_unit_see_no_draft(world: World) -> None:
    row = drafted(world)
    with as_(world.viewer("干部乙")) as by:
        assert selectors.by_uid(by, row.uid) is None
    with as_(world.viewer("主任甲")) as by:
        assert selectors.by_uid(by, row.uid) == row  # control
    assert client_of(world, "经办人丁").get(f"{PLACE}{row.uid}/").status_code == 404


def test_it_waits_on_the_desk_of_who_may_confirm_and_had_no_hand_in_it(world: World) -> None:
    row = asked(world)
    seen = {}
    for who in ("干部甲", "主任甲", "书记"):
        with as_(world.viewer(who)) as by:
            seen[who] = [each.pk for each in selectors.to_confirm(by)]
    assert seen == {"干部甲": [], "主任甲": [row.pk], "书记": [row.pk]}
    assert row.title in client_of(world, "主任甲").get("/desk/").content.decode()
    assert row.title not in client_of(world, "干部甲").get("/desk/").content.decode()


def test_pages_draft_ask_and_publish(world: World) -> None:
    officer, head = client_of(world, "干部甲"), client_of(world, "主任甲")
    said = {**SAID, "office": world.offices[ROOM].pk, "unit": ""}
    assert officer.post(f"{PLACE}draft/", said).status_code == 303
    with as_(SYSTEM):
        row = Publication.objects.get()
    place = f"{PLACE}{row.uid}/"
    assert officer.post(f"{place}rewrite/", SAID | {"title": "改过的标题"}).status_code == 303
    assert officer.post(f"{place}ask/", {}).status_code == 303
    assert officer.post(f"{place}publish/", {}).status_code == 404
    assert head.post(f"{place}publish/", {"seen": seen_on(head, f"{place}?act=publish")}).status_code == 303
    assert notice_of(row).title == "改过的标题"
    stranger = Client()
    listed = stranger.get("/portal/notices/").content.decode()
    page = stranger.get(f"/portal/notices/{row.uid}/")
    assert ("改过的标题" in listed, page.status_code, "第二段。" in page.content.decode()) == (True, 200, True)
    assert "/portal/notices/" in stranger.get("/portal/").content.decode()
    recalled(world, row)
    gone = stranger.get(f"/portal/notices/{row.uid}/")
    assert (gone.status_code, "改过的标题" in gone.content.decode(), "已撤下" in gone.content.decode()) == (
        410,
        False,
        True,
    )
    assert "改过的标题" not in stranger.get("/portal/notices/").content.decode()
    assert stranger.get(f"/portal/notices/{uuid4()}/").status_code == 404


def test_who_publishes_or_withdraws_proves_who_is_at_the_keyboard(world: World) -> None:
    row = asked(world)
    place = f"{PLACE}{row.uid}/"
    stale = client_of(world, "主任甲", proved=False)
    answer = stale.post(f"{place}publish/", {})
    assert (answer.status_code, "/account/confirm/" in answer["Location"], Notice.objects.count()) == (303, True, 0)
    does(world, "主任甲", row, services.publish)
    does(world, "干部甲", row, services.ask_recall, reason="内容有误")
    answer = stale.post(f"{place}recall/", {})
    assert ("/account/confirm/" in answer["Location"], notice_of(row).title) == (True, SAID["title"])
    head = client_of(world, "主任甲")
    said = {"seen": seen_on(head, f"{place}?act=recall")}
    assert head.post(f"{place}recall/", said).status_code == 303  # control
    assert notice_of(row).title == ""


def test_forged_columns_and_foreign_rows_change_nothing(world: World) -> None:
    row = drafted(world)
    client = client_of(world, "干部甲")
    forged = {
        **SAID, "state": "published", "number": "〔2022〕9号", "published_on": "2022-01-01", "confirmed_by": world.users["主任甲"].pk,
        "explained": '[["identity","1"]]', "explanation": "伪造", "owner_office": world.offices["第二监督检查室"].pk, "level": "0",
        "uid": str(uuid4()), "written_by": world.users["主任甲"].pk, "code": "GK0",
    }  # fmt: skip
    with as_(SYSTEM):
        before = Publication.objects.filter(pk=row.pk).values().get()
    assert client.post(f"{PLACE}{row.uid}/rewrite/", forged).status_code == 303
    with as_(SYSTEM):
        assert Publication.objects.filter(pk=row.pk).values().get() == before
    stranger = client_of(world, "干部乙")
    for act in ("rewrite", "ask", "publish", "drop"):
        assert stranger.post(f"{PLACE}{row.uid}/{act}/", SAID | {"reason": "x"}).status_code == 404
    assert client.post(f"{PLACE}draft/", {**SAID, "office": world.offices["第二监督检查室"].pk}).status_code == 422
    assert not Notice.objects.exists()


def test_pages_ask_no_more_for_more_rows(world: World) -> None:
    pages = [PLACE, f"{PLACE}{asked(world).uid}/", "/desk/"]
    published(world)
    few = questions(client_of(world, "主任甲"), pages), questions(Client(), ["/portal/notices/"])
    for _ in range(3):
        published(world)
        asked(world)
    many = questions(client_of(world, "主任甲"), pages), questions(Client(), ["/portal/notices/"])
    assert [grown(before, after) for before, after in zip(few, many, strict=True)] == [{}, {}]


def test_what_is_told_to_another_side_is_whole_in_any_order_and_twice(world: World) -> None:
    """Bundles of three days: before, with a notice, with its withdrawal; in every order the tombstone stays one."""
    kept, gone = published(world), published(world, title="将撤下")
    early = told()
    recalled(world, gone)
    late = told()
    here = {str(kept.uid), str(gone.uid)}
    outside = [{**each, "uid": each["uid"].replace(each["uid"][:4], "ffff"), "year": 2001} for each in early]
    later = [{**each, "uid": each["uid"].replace(each["uid"][:4], "ffff"), "year": 2001} for each in late]
    assert take_over(told=later) == 2
    assert (take_over(told=outside), take_over(told=later)) == (0, 0)
    rows = Notice.objects.exclude(uid__in=here)
    assert sorted((row.title, row.withdrawn_on is None) for row in rows) == [("", False), (SAID["title"], True)]
    assert "将撤下" not in str(later)  # nothing of what was withdrawn travels any more


def test_a_number_that_another_house_gave_is_refused_with_all_that_came_beside_it(world: World) -> None:
    published(world)
    (mine,) = told()
    other, free = {**mine, "uid": str(uuid4())}, {**mine, "uid": str(uuid4()), "number": 2}
    with refusal("number-taken"):
        take_over(told=[free, other])
    assert Notice.objects.count() == 1
    assert take_over(told=[free]) == 1  # control


def test_a_notice_from_elsewhere_with_our_next_numbers_stops_nothing(world: World) -> None:
    published(world)
    (mine,) = told()
    for number in (2, 3, 5, 2**31 - 1):
        take_over(told=[{**mine, "uid": str(uuid4()), "number": number}])
    year = today().year
    assert [published(world).number for _ in range(3)] == [f"〔{year}〕{number}号" for number in (4, 6, 7)]


def test_the_list_of_the_portal_has_pages_and_kinds(world: World) -> None:
    row = {"text": "正文", "issuer": "某", "on": "2022-03-01", "withdrawn_on": None, "year": 2022}
    rows = [
        {**row, "uid": str(uuid4()), "number": n, "title": f"第{n}份", "kind": "result" if n == 7 else "cases"}
        for n in range(1, 23)
    ]
    take_over(told=rows)

    def titles(query: str) -> list[str]:
        page = Client().get(f"/portal/notices/{query}").content.decode()
        return re.findall(r"第([0-9]+)份", page)

    assert titles("") == [str(n) for n in range(22, 2, -1)]
    assert (titles("?page=2"), titles("?page=99"), titles("?page=x&kind=x")[0]) == (["2", "1"], ["2", "1"], "22")
    assert (titles("?kind=result"), titles("?kind=notice")) == (["7"], [])
    page = Client().get("/portal/notices/?kind=cases&lang=en").content.decode()
    assert "?page=2&amp;kind=cases&amp;lang=en" in page
