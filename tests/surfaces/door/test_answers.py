"""What every answer carries: headers everywhere, one 404, refusals with their reason, two languages, two sizes."""

import re
from itertools import product

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import URLPattern, get_resolver
from pytest_django.fixtures import Settings
from tests.surfaces.door.steps import sign_in
from tests.world import World

from jiandu.base.accounts.models import User
from jiandu.surfaces.door.routes import Declared

HEADERS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Cache-Control",
}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")


def patterns(entries, prefix: str = "") -> list[tuple[str, Declared]]:
    found = []
    for entry in entries:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append(("/" + re.sub(r"<(int|str|uuid):\w+>", "7", here), entry.callback.declared))
        else:
            found.extend(patterns(entry.url_patterns, here))
    return found


def all_routes() -> list[tuple[str, Declared]]:
    return patterns(get_resolver("tests.surfaces.door.urls").url_patterns)


@pytest.mark.parametrize("signed_in", [False, True])
def test_headers_on_every_answer_of_every_route(zhang: User, signed_in: bool) -> None:
    lacking, seen = [], set()
    browser = Client(raise_request_exception=False)
    for (route, _), method in product(all_routes(), METHODS):
        browser.cookies.clear()
        if signed_in:
            browser.force_login(zhang)
        answer = browser.generic(method, route)
        seen.add(answer.status_code)
        if HEADERS - set(answer.headers) or "no-store" not in answer["Cache-Control"]:
            lacking.append((method, route, answer.status_code))
    assert lacking == []
    assert seen >= ({200, 302, 303, 404, 405, 409, 500} if signed_in else {200, 302, 303, 404, 405, 500})


@pytest.mark.parametrize(
    "path", ["/static/ui/theme.css", "/static/door/passkey.js", "/static/kit/icons.svg", "/static/no"]
)
def test_headers_on_static_files(client: Client, db: None, path: str) -> None:
    answer = client.get(path)
    answer.close()
    assert set(answer.headers) >= HEADERS


def test_headers_on_a_foreign_host_and_a_missing_slash(client: Client, db: None) -> None:
    assert set(client.get("/desk/", headers={"host": "evil.example"}).headers) >= HEADERS - {"Referrer-Policy"}
    assert set(client.get("/desk").headers) >= HEADERS - {"Referrer-Policy"}


def test_what_the_headers_say(client: Client, db: None) -> None:
    answer = client.get("/account/sign-in/")
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["style-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (answer["X-Frame-Options"], answer["X-Content-Type-Options"]) == ("DENY", "nosniff")
    powers = dict(part.strip().split("=") for part in answer["Permissions-Policy"].split(","))
    assert {name for name, allowed in powers.items() if allowed != "()"} == {
        "publickey-credentials-create",
        "publickey-credentials-get",
    }


def test_nothing_is_told_to_other_sites_and_own_forms_work(client: Client, db: None) -> None:
    """no-referrer would make browsers send `Origin: null` with our own forms (see test_browser)."""
    assert client.get("/account/sign-in/")["Referrer-Policy"] == "same-origin"


def test_encryption_is_demanded_where_there_is_one(client: Client, db: None, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in client.get("/account/sign-in/")
    settings.SECURE_HSTS_SECONDS = 31_536_000
    fresh = Client()
    assert fresh.get("/account/sign-in/", secure=True)["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_for_somebody_is_never_kept(signed: Client) -> None:
    assert signed.get("/desk/cached/")["Cache-Control"] == "no-store"


def test_no_page_has_an_inline_script_or_style(zhang: User) -> None:
    found = []
    browser = Client(raise_request_exception=False)
    for route, declared in all_routes():
        if "GET" in declared.methods:
            sign_in(browser)
            page = browser.get(route).content.decode()
            scripts = re.findall(r"<script(?![^>]*\ssrc=)[^>]*>", page)
            inline = re.findall(r"\s(?:style|on[a-z]+)=\"", page)
            found.extend((route, each) for each in scripts + inline)
    assert found == []


# --- 404, 403, 500, refusals ---


def bare(page: bytes) -> bytes:
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def test_not_yours_and_not_there_are_the_same_bytes(world: World) -> None:
    """Asked by an officer and by the administrator, through a page refused, a record refused, one absent, no route."""
    pages = set()
    for name in ("干部甲", "安全管理员"):
        browser = Client()
        browser.force_login(world.users[name])
        for path in ("/desk/accounts/7/", "/desk/accounts/8/", "/desk/records/9/", "/no/such/route/", "/desk/%00/"):
            answer = browser.get(path)
            pages.add((answer.status_code, bare(answer.content), tuple(sorted(answer.headers.items()))))
    refused = Client()
    refused.force_login(world.users["干部甲"])
    answer = refused.get("/desk/accounts/")
    pages.add((answer.status_code, bare(answer.content), tuple(sorted(answer.headers.items()))))
    assert len(pages) == 1
    assert next(iter(pages))[0] == 404


def test_a_stranger_is_sent_to_sign_in_and_learns_nothing(client: Client, db: None) -> None:
    answers = [client.get(path) for path in ("/desk/accounts/7/", "/desk/records/9/", "/desk/accounts/")]
    assert {answer.status_code for answer in answers} == {302}


def test_the_missing_page_keeps_language_and_size(client: Client, db: None) -> None:
    client.cookies["text"] = "large"
    client.cookies["django_language"] = "en"
    page = client.get("/no/such/route/").content.decode()
    assert ('data-text="large"' in page, 'lang="en"' in page, "No such page" in page) == (True, True, True)


def test_a_fault_shows_no_trace(signed: Client) -> None:
    signed.raise_request_exception = False
    answer = signed.get("/desk/fail/")
    assert answer.status_code == 500
    assert "系统出错" in answer.content.decode()
    assert "RuntimeError" not in answer.content.decode()


def test_a_refusal_says_why_and_leads_back(signed: Client) -> None:
    answer = signed.get("/desk/refuse/", headers={"referer": "http://testserver/desk/records/7/?a=1"})
    assert answer.status_code == 409
    assert "已超过 3 天" in answer.content.decode()
    assert 'href="/desk/records/7/?a=1"' in answer.content.decode()


@pytest.mark.parametrize(
    "referer", ["https://evil.example/x", "", "http://testserver/desk/refuse/", "javascript:alert(1)"]
)
def test_a_refusal_leads_to_no_other_site_and_not_in_circles(signed: Client, referer: str) -> None:
    page = signed.get("/desk/refuse/", headers={"referer": referer}).content.decode()
    assert '<a class="btn btn-primary" href="/desk/">' in page


def test_a_refused_fragment_says_so_on_the_page(signed: Client) -> None:
    answer = signed.get("/desk/refuse/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Trigger"] == r'{"toast": {"text": "\u5df2\u8d85\u8fc7 3 \u5929", "tone": "error"}}'


def test_an_undeclared_method_is_not_allowed(signed: Client) -> None:
    assert signed.post("/desk/cached/").status_code == 405
    assert signed.get("/language/").status_code == 405


# --- language and size ---


def test_the_language_is_kept_and_leads_back(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/account/sign-in/?next=/desk/"})
    assert (answer.status_code, answer["Location"]) == (303, "/account/sign-in/?next=/desk/")
    assert "Sign in with a passkey" in client.get("/account/sign-in/").content.decode()
    client.post("/language/", {"language": "zh-hans"})
    assert "用通行密钥登录" in client.get("/account/sign-in/").content.decode()


@pytest.mark.parametrize(("route", "field"), [("/language/", "language"), ("/text/", "text")])
@pytest.mark.parametrize("value", ["", "fr", "en; path=/x", "<script>", "large\r\nX: y"])
def test_an_unknown_choice_changes_nothing(client: Client, route: str, field: str, value: str) -> None:
    assert client.post(route, {field: value}).cookies == {}


def test_large_text_is_kept(client: Client, db: None) -> None:
    client.post("/text/", {"text": "large"})
    assert 'data-text="large"' in client.get("/account/sign-in/").content.decode()
    client.post("/text/", {"text": "normal"})
    assert "data-text" not in client.get("/account/sign-in/").content.decode()


def test_the_watermark_names_who_looks(client: Client, world: World) -> None:
    client.force_login(world.users["干部甲"])
    answer = client.get("/watermark.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert "干部甲 第一监督检查室" in answer.content.decode()


def test_a_name_cannot_break_the_watermark(client: Client, zhang: User) -> None:
    zhang.name = "<script>alert(1)</script>"
    zhang.save()
    client.force_login(zhang)
    assert "<script>" not in client.get("/watermark.svg").content.decode()


def test_a_database_that_is_away_is_said_so_and_asked_again_later(client: Client, zhang: User) -> None:
    client.force_login(zhang)
    client.raise_request_exception = False

    def away(*_: object) -> None:
        raise OperationalError("the connection was lost")

    with connection.execute_wrapper(away):
        answer = client.get("/desk/cached/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "系统暂时不可用" in answer.content.decode()
