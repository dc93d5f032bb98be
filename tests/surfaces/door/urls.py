"""The door with a few rooms behind it, so that what the door promises can be seen without the desk."""

from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.urls import URLPattern, URLResolver, include, path

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.surfaces.door import answers
from jiandu.surfaces.door.routes import Open, P, Signed, declared

handler400, handler403 = answers.malformed, answers.denied
handler404, handler500 = answers.missing, answers.failed


def home(request: HttpRequest) -> HttpResponse:
    return answers.page(request, "door/keys.html", {"authenticators": []})


def room(request: HttpRequest, uid: str) -> HttpResponse:
    raise Http404


def refuse(request: HttpRequest) -> HttpResponse:
    raise Refused("test-rule", "已超过 %(days)d 天", days=3)


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("fault")


def sensitive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("sealed")


def cached(request: HttpRequest) -> HttpResponse:
    return HttpResponse("rows", headers={"Cache-Control": "public, max-age=600"})


def poll(request: HttpRequest) -> HttpResponse:
    return HttpResponse("6")


def who(request: HttpRequest) -> HttpResponse:
    """Who acts, inside and lazily."""
    return SimpleTemplateResponse(Lazily(), {})


class Lazily:
    """A template that asks who acts when it is rendered."""

    def render(self, context: Any, request: Any = None) -> str:
        return guard.require_actor().name


def write_then_refuse(request: HttpRequest) -> HttpResponse:
    with transaction.atomic():
        record(request.viewer, "test.write", None)  # type: ignore[attr-defined]
    raise Refused("test-rule", "不予办理")


FORM = ("GET", "POST")
desk: list[URLPattern | URLResolver] = [
    Signed("", home, name="home"),
    Signed("records/<str:uid>/", room, name="record"),
    P("accounts/", home, "edit", User, name="accounts"),
    P("accounts/<str:uid>/", room, "edit", User, name="account"),
    Signed("refuse/", refuse, name="refuse", methods=FORM),
    Signed("fail/", fail, name="fail"),
    Signed("sensitive/", sensitive, name="sensitive", proves="办理", methods=FORM),
    Signed("cached/", cached, name="cached"),
    Signed("poll/", poll, name="poll", quiet=True),
    Signed("who/", who, name="who"),
    Signed("write/", write_then_refuse, name="write", methods=("POST",)),
]
rooms: list[Any] = [
    path("", include("jiandu.surfaces.door.urls")),
    path("desk/", include((desk, "desk"))),
    Open("open/fail/", fail, name="open-fail"),
]
urlpatterns = declared(rooms)
