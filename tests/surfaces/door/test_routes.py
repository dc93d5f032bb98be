"""Declared routes: who acts, in which transaction, what the menu shows, and that nothing undeclared starts."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import include, path
from tests.world import World

from jiandu.base.accounts.models import User
from jiandu.base.audit.models import Entry
from jiandu.base.core import guard
from jiandu.surfaces.door.context import chrome
from jiandu.surfaces.door.routes import Open, P, Signed, declared


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def test_a_bare_path_below_others_is_refused_by_name() -> None:
    rooms = [Open("a/", view, name="a"), path("b/", include([path("bare/", view)]))]
    with pytest.raises(ImproperlyConfigured, match="bare/"):
        declared(rooms)


def test_a_name_that_two_routes_have_is_refused() -> None:
    rooms = [Open("a/", view, name="a"), Signed("a/word/", view, name="a")]
    with pytest.raises(ImproperlyConfigured, match="two routes are named a"):
        declared(rooms)


def test_declared_paths_pass() -> None:
    rooms = [Open("a/", view, name="a"), path("b/", include([Signed("c/", view, name="c")]))]
    assert declared(rooms) == rooms


def test_a_view_runs_as_its_viewer_and_so_does_its_template(client: Client, world: World) -> None:
    client.force_login(world.users["干部甲"])
    assert client.get("/desk/who/").content.decode() == "干部甲"
    assert guard.actor() is None


def test_a_refusal_takes_back_what_the_request_wrote(signed: Client) -> None:
    before = Entry.objects.count()
    assert signed.post("/desk/write/").status_code == 409
    assert Entry.objects.count() == before


def test_a_nul_names_nothing(signed: Client) -> None:
    assert [signed.post("/desk/write/", {"q": q}).status_code for q in ("\x00", "a")] == [404, 409]
    assert [signed.get("/desk/", {"q": q}).status_code for q in ("a\x00", "a")] == [404, 200]


def test_the_menu_shows_the_rooms_one_may_enter(client: Client, world: World) -> None:
    shown = {}
    for name in ("安全管理员", "干部甲"):
        client.force_login(world.users[name])
        context = client.get("/desk/").context
        shown[name] = [(room["label"], room["key"], room["current"]) for room in context["chrome"]["menu"]]
    assert shown == {
        "安全管理员": [("工作台", "h", True), ("用户与授权", "a", False)],
        "干部甲": [("工作台", "h", True)],
    }


def test_the_shell_knows_its_person(client: Client, world: World) -> None:
    client.force_login(world.users["干部甲"])
    shell = client.get("/desk/").context["chrome"]
    assert (shell["user_name"], shell["office_name"], shell["roles"]) == (
        "干部甲",
        "第一监督检查室",
        ["监督检查室干部"],
    )
    assert [link["href"] for link in shell["account_links"]] == ["/account/factors/"]  # no room of jobs here
    assert (shell["signout_url"], shell["language_url"], shell["text_url"]) == (
        "/account/sign-out/",
        "/language/",
        "/text/",
    )


def test_a_stranger_sees_no_menu() -> None:
    shell = chrome(RequestFactory().get("/account/sign-in/"))["chrome"]
    assert (shell["menu"], shell["user_name"], shell["account_links"]) == ([], "", [])


def test_p_declares_verb_and_model() -> None:
    said = P("x/", view, "edit", User, name="x", methods=("POST",), quiet=True).callback.declared
    assert (said.verb, said.model, said.methods, said.is_quiet) == ("edit", User, ("POST",), True)
