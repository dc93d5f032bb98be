"""The security administrator's pages: accounts, roles with place and days, recusals; each act asks for a fresh proof."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from tests.accounts.people import PASSWORD
from tests.surfaces.counting import grown, questions
from tests.world import World

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.net.access.models import Grant, Recusal
from jiandu.net.access.roles import known_verbs, roles
from jiandu.surfaces.desk.keeping import ACCOUNT
from jiandu.surfaces.desk.rights import KINDS, REACHES, VERBS

KEEPER = "安全管理员"


def client_of(world: World, name: str, *, proved: bool = True) -> Client:
    """Signed in; `proved`: with a password given within five minutes."""
    user = User.objects.get(pk=world.users[name].pk)
    if not user.has_usable_password():
        user.set_password(PASSWORD)
        user.password_changed_at = "2022-01-01T00:00:00Z"
        user.save()
    client = Client()
    client.force_login(user)
    if proved:
        session = client.session
        session["account_authentication_methods_user"] = str(user.pk)
        session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
        session.save()
    return client


def post(world: World, path: str, by: str = KEEPER, /, **said: Any) -> HttpResponse:
    return client_of(world, by).post(f"/desk/accounts/{path}", said)  # type: ignore[return-value]


def at(world: World, name: str) -> str:
    return f"{world.users[name].pk}/"


def verbs(*prefixes: str) -> list[str]:
    rows = Entry.objects.order_by("seq").values_list("verb", flat=True)
    return [verb for verb in rows if verb.startswith(prefixes)]


def test_an_account_is_opened_reset_disabled_and_enabled(world: World) -> None:
    made = post(world, "open/", username="li-na", name="李娜", password=PASSWORD)
    assert made.status_code == 303
    user = User.objects.get(username="li-na")
    one = f"{user.pk}/"
    shown = client_of(world, KEEPER).get(f"/desk/accounts/{one}").content.decode()
    assert "初始密码" in shown
    assert post(world, f"{one}password/", password="correct horse battery staple 9").status_code == 303
    assert post(world, f"{one}factors/").status_code == 303
    assert post(world, f"{one}disable/").status_code == 303
    assert (User.objects.get(pk=user.pk).is_active, post(world, f"{one}enable/").status_code) == (False, 303)
    assert verbs("account.")[-5:] == [
        f"account.{verb}" for verb in ("open", "set_password", "reset_factors", "disable", "enable")
    ]
    weak = post(world, "open/", username="wang", name="王", password="123456789012")
    assert (weak.status_code, 'value="wang"' in weak.content.decode()) == (422, True)


def test_a_role_is_given_with_place_and_days_and_acts_on_the_next_request(world: World) -> None:
    world.finding(problem="二室问题", office="第二监督检查室")
    user = world.users["街道干部"]
    client = client_of(world, "街道干部")
    assert "二室问题" not in client.get("/desk/findings/").content.decode()
    given = post(
        world,
        f"{user.pk}/grant/",
        role="supervision_officer",
        office=world.offices["第二监督检查室"].pk,
        since=str(today()),
    )
    assert given.status_code == 303
    assert "二室问题" in client.get("/desk/findings/").content.decode()
    grant = Grant.objects.get(user=user, role="supervision_officer")
    again = post(
        world,
        f"{user.pk}/grant/",
        role="supervision_officer",
        office=world.offices["第二监督检查室"].pk,
        since=str(today()),
    )
    assert (again.status_code, "同一时期已登记过" in again.content.decode()) == (422, True)
    asked = client_of(world, KEEPER).get(f"/desk/accounts/{user.pk}/?act=end-grant&on={grant.pk}").content.decode()
    assert "<li>监督检查室干部 · 第二监督检查室</li>" in asked  # what is taken back is said before
    assert post(world, f"{user.pk}/end-grant/?on={grant.pk}").status_code == 303
    assert "二室问题" not in client.get("/desk/findings/").content.decode()
    assert verbs("grant.")[-2:] == ["grant.give", "grant.end"]
    late = post(world, f"{user.pk}/end-grant/?on={grant.pk}")
    assert (late.status_code, "已于" in late.content.decode()) == (422, True)
    foreign = Grant.objects.get(user=world.users["干部甲"])
    assert post(world, f"{user.pk}/end-grant/?on={foreign.pk}").status_code == 404


REFUSED = (
    ("系统管理员", {"role": "supervision_officer", "office": "第一监督检查室"}, "相互独立"),
    ("干部甲", {"role": "audit_admin"}, "相互独立"),
    ("干部甲", {"role": "office_head"}, "须指定机构或单位"),
    ("干部甲", {"role": "unit_operator"}, "须指定机构或单位"),
    ("干部甲", {"role": "secretary", "office": "市纪委监委"}, "请选择代为办理的领导"),
    ("干部甲", {"role": "secretary", "office": "市纪委监委", "acts_for": "主任乙"}, "选择一个有效的选项"),
    ("干部甲", {"role": "office_head", "office": "第一监督检查室", "acts_for": "书记"}, "不代他人办理"),
    ("干部甲", {"role": "office_head", "office": "第一监督检查室", "until": "2000-01-01"}, "结束日期不能早于起始日期"),
)


@pytest.mark.parametrize(("name", "said", "words"), REFUSED)
def test_grants_that_are_refused_say_why_and_keep_the_form(
    world: World, name: str, said: dict[str, str], words: str
) -> None:
    before = Grant.objects.count()
    sent = {**said, "since": str(today())}
    if "office" in said:
        sent["office"] = str(world.offices[said["office"]].pk)
    if "acts_for" in said:
        sent["acts_for"] = str(world.users[said["acts_for"]].pk)
    answer = post(world, f"{at(world, name)}grant/", **sent)
    assert (answer.status_code, words in answer.content.decode(), Grant.objects.count()) == (422, True, before)


def test_a_secretary_acts_for_a_leader(world: World) -> None:
    Grant.objects.filter(user=world.users["干部丙"]).update(until="2021-01-01")
    given = post(world, f"{at(world, '干部丙')}grant/", role="secretary", office=world.offices["市纪委监委"].pk,
                 acts_for=world.users["书记"].pk, since=str(today()))  # fmt: skip
    assert given.status_code == 303
    assert [hold.acts_for for hold in world.viewer("干部丙").standing.holds] == ["书记"]
    assert "书记" in client_of(world, KEEPER).get(f"/desk/accounts/{at(world, '干部丙')}").content.decode()


def test_nobody_keeps_ones_own_account(world: World) -> None:
    own = at(world, KEEPER)
    shown = client_of(world, KEEPER).get(f"/desk/accounts/{own}").content.decode()
    assert ("本人的账号由另一位安全管理员管理" in shown, "?act=" in shown) == (True, False)
    grant = Grant.objects.get(user=world.users[KEEPER])
    acts = ({"slug": "disable"}, {"slug": "factors"}, {"slug": "password", "password": "correct horse battery staple 9"},
            {"slug": "grant", "role": "audit_admin", "since": str(today())}, {"slug": f"end-grant/?on={grant.pk}"})  # fmt: skip
    for said in acts:
        slug = said.pop("slug")
        answer = post(world, f"{own}{slug}" if "?" in slug else f"{own}{slug}/", **said)
        assert answer.status_code == 422, slug
    assert User.objects.get(pk=world.users[KEEPER].pk).is_active
    assert Grant.objects.get(pk=grant.pk).until is None


def test_a_recusal_from_a_unit_hides_it_from_the_next_request_on(world: World) -> None:
    world.finding(problem="中学问题", unit="市第一中学", office="第一监督检查室")
    client = client_of(world, "干部甲")
    assert "中学问题" in client.get("/desk/findings/").content.decode()
    assert post(world, f"{at(world, '干部甲')}recuse/", organisation="市教育局", reason="亲属任职").status_code == 303
    assert "中学问题" not in client.get("/desk/findings/").content.decode()
    assert "亲属任职" in client_of(world, KEEPER).get(f"/desk/accounts/{at(world, '干部甲')}").content.decode()
    row = Recusal.objects.get()
    assert post(world, f"{at(world, '干部甲')}end-recusal/?on={row.pk}").status_code == 303
    assert "中学问题" in client.get("/desk/findings/").content.decode()
    assert verbs("recusal.") == ["recusal.give_unit", "recusal.end"]


def test_others_find_no_such_pages(world: World) -> None:
    before = Entry.objects.filter(verb__startswith="grant").count()
    for name in ("主任甲", "书记", "系统管理员", "审计管理员", "经办人丁"):
        client = client_of(world, name)
        for path in ("", at(world, "干部甲"), f"{at(world, '干部甲')}?act=grant"):
            assert client.get(f"/desk/accounts/{path}").status_code == 404
        assert client.get("/desk/roles/").status_code == 404
        for act in ACCOUNT:
            answer = client.post(f"/desk/accounts/{at(world, '干部甲')}{act.slug}/", {"role": "leader"})
            assert answer.status_code == 404
    assert Entry.objects.filter(verb__startswith="grant").count() == before


def test_without_a_fresh_proof_one_proves_oneself_first(world: World) -> None:
    stale = client_of(world, KEEPER, proved=False)
    page = f"/desk/accounts/{at(world, '干部甲')}"
    assert stale.get(page).status_code == 200
    asked = stale.get(f"{page}?act=grant")
    assert (asked.status_code, "/account/confirm/" in asked["Location"]) == (302, True)
    fragment = stale.get(f"{page}?act=grant", headers={"HX-Request": "true"})
    assert "/account/confirm/" in fragment["HX-Redirect"]
    sent = stale.post(f"{page}disable/")
    assert (sent.status_code, "/account/confirm/" in sent["Location"]) == (303, True)
    assert User.objects.get(pk=world.users["干部甲"].pk).is_active
    assert client_of(world, KEEPER).get(f"{page}?act=grant").status_code == 200  # the control


def test_every_right_has_a_word_and_the_matrix_says_what_the_file_says(world: World) -> None:
    assert {name.split(":")[0] for name in known_verbs()} - KINDS.keys() == set()
    assert {name.split(":")[1] for name in known_verbs()} - VERBS.keys() == set()
    assert {role.reach for role in roles().values()} == REACHES.keys()
    shown = client_of(world, KEEPER).get("/desk/roles/").content.decode()
    assert shown.count("✓") == sum(len(role.verbs) for role in roles().values())


def test_the_number_of_queries_does_not_grow(world: World) -> None:
    one, client = at(world, "干部甲"), client_of(world, KEEPER)
    few = questions(client, [f"/desk/accounts/{path}" for path in ("", "?q=干部", one, f"{one}?act=grant")])
    for number in range(4):
        world.user(f"干部{number}", "supervision_officer", office="第一监督检查室")
        Grant.objects.create(user=world.users["干部甲"], role="office_clerk", office=world.offices["第一监督检查室"],
                             since=today() - timedelta(days=9), until=today() - timedelta(days=number))  # fmt: skip
    assert grown(few, questions(client, few)) == {}
