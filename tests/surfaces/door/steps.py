"""What tests of the door do in a browser."""

from typing import Any

from django.test import Client
from tests.accounts.people import PASSWORD

NOON = 1_664_510_400


def sign_in(client: Client, username: str = "zhangming", password: str = PASSWORD, **more: str) -> Any:
    return client.post("/account/sign-in/", {"login": username, "password": password, **more})


def is_in(client: Client) -> bool:
    """Whether the next request is served as somebody."""
    return client.get("/desk/cached/").status_code == 200
