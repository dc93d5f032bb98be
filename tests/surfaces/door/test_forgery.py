"""Every unsafe route × no token, wrong token, foreign origin: refused, and the database is what it was."""

import hashlib
from itertools import product

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from tests.accounts.people import PASSWORD
from tests.surfaces.door.test_answers import all_routes
from tests.world import SYSTEM, World, as_

from jiandu.base.accounts.models import User
from jiandu.base.accounts.services import open_account
from jiandu.base.core import guard

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
FORGED = {
    "no token": {},
    "wrong token": {"data": {"csrfmiddlewaretoken": "x" * 64}},
    "foreign origin": {"headers": {"origin": "https://evil.example"}, "right_token": True},
    "no origin": {"headers": {"origin": "null"}, "right_token": True},
}
FORM = {
    "username": "demo-leader",
    "login": "zhangming",
    "password": PASSWORD,
    "oldpassword": PASSWORD,
    "password1": "一架红色的旧水车八十八斤",
    "password2": "一架红色的旧水车八十八斤",
    "code": "000000",
    "language": "en",
    "text": "large",
}


def fingerprint() -> str:
    """Everything in the database, table by table."""
    digest = hashlib.sha256()
    tables = sorted(model._meta.db_table for model in apps.get_models())
    with guard.unguarded("snapshot"), connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)} ORDER BY 1")
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


def browser(user: User | None) -> tuple[Client, str]:
    """A browser that checks tokens, and its right one."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if user is not None:
        client.force_login(user)
    client.get("/account/sign-out/" if user else "/account/sign-in/")
    return client, client.cookies["csrftoken"].value


def unsafe() -> list[tuple[str, str]]:
    return [(path, method) for path, said in all_routes() for method in UNSAFE if method in said.methods]


def test_there_are_unsafe_routes_to_forge() -> None:
    assert len(unsafe()) == 20


@pytest.mark.parametrize("signed_in", [False, True])
def test_forged_requests_are_refused_and_change_nothing(zhang: User, signed_in: bool) -> None:
    with as_(SYSTEM) as by:
        open_account(username="demo-leader", name="演示", password=None, by=by)
    client, token = browser(zhang if signed_in else None)
    before, let_in = fingerprint(), []
    for (path, _), (name, forged) in product(unsafe(), FORGED.items()):
        data = {**FORM, **forged.get("data", {})}
        if forged.get("right_token"):
            data["csrfmiddlewaretoken"] = token
        answer = client.post(path, data, headers=forged.get("headers", {}))
        if answer.status_code != 403:
            let_in.append((path, name, answer.status_code))
    assert let_in == []
    assert fingerprint() == before


def test_the_control_with_the_right_token_is_let_in(zhang: User) -> None:
    client, token = browser(zhang)
    before = fingerprint()
    form = {**FORM, "csrfmiddlewaretoken": token}
    assert client.post("/account/password/", form, headers={"origin": "http://testserver"}).status_code == 302
    assert fingerprint() != before


def test_over_encryption_a_foreign_referer_is_refused(zhang: User) -> None:
    client, token = browser(zhang)
    form = {**FORM, "csrfmiddlewaretoken": token}
    for headers in ({}, {"referer": "https://evil.example/"}):
        assert client.post("/account/password/", form, headers=headers, secure=True).status_code == 403


def test_the_refusal_says_what_to_do(client: Client, db: None) -> None:
    page = Client(enforce_csrf_checks=True).post("/account/sign-in/", FORM).content.decode()
    assert "页面已过期" in page


def test_the_token_changes_at_sign_in(zhang: User, world: World) -> None:
    client, token = browser(None)
    form = {**FORM, "csrfmiddlewaretoken": token}
    assert client.post("/account/sign-in/", form).status_code == 302
    assert client.cookies["csrftoken"].value != token
