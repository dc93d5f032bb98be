"""Declared URLs. A route says which verb on which kind of record it needs; a bare path() fails start-up.

`P` runs the view as its viewer: right refused and record absent are the same 404. One unit of work a request: a write
is one transaction; a read is one where row-level security needs it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.access.standing import viewer_of
from jiandu.surfaces.door.answers import refused_page

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Declared:
    """What a route asks: the verb and kind of record; `is_open` needs no sign-in; both None: any signed-in user."""

    verb: str | None = None
    model: type[models.Model] | None = None
    is_open: bool = False
    methods: tuple[str, ...] = READ


def P(  # noqa: N802 -- reads like path()
    route: str, view: View, verb: str, model: type[models.Model], *, name: str, methods: Iterable[str] = READ
) -> URLPattern:
    """A route for those who may do `verb` to this kind of record; the view itself asks for the single record."""
    return _route(route, view, Declared(verb, model, methods=tuple(methods)), name)


def Signed(route: str, view: View, *, name: str, methods: Iterable[str] = READ) -> URLPattern:  # noqa: N802 -- as P
    """A route for every signed-in user: one's own desk, own settings."""
    return _route(route, view, Declared(methods=tuple(methods)), name)


def Open(route: str, view: View, *, name: str, methods: Iterable[str] = READ) -> URLPattern:  # noqa: N802 -- as P
    """A route without sign-in: the sign-in pages themselves."""
    return _route(route, view, Declared(is_open=True, methods=tuple(methods)), name)


def declared(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The patterns, all declared. Raises ImproperlyConfigured naming a bare path()."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            declared(list(pattern.url_patterns))
        elif not isinstance(getattr(pattern.callback, "declared", None), Declared):
            raise ImproperlyConfigured(f"undeclared route {pattern.pattern}: use P, Signed or Open")
    return patterns


def _route(route: str, view: View, said: Declared, name: str) -> URLPattern:
    return path(route, _entered(view, said), name=name)


def _entered(view: View, said: Declared) -> View:
    @wraps(view)
    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in said.methods:
            return HttpResponseNotAllowed(said.methods)
        if said.is_open:
            return view(request, *args, **kwargs)
        user = request.user
        if not isinstance(user, User):
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return _as_viewer(view, said, request, viewer_of(user), args, kwargs)

    enter.declared = said  # type: ignore[attr-defined]
    return enter


def _as_viewer(
    view: View,
    said: Declared,
    request: HttpRequest,
    viewer: guard.Viewer,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> HttpResponseBase:
    request.viewer = viewer  # type: ignore[attr-defined]
    if said.verb and said.model and not guard.allow(viewer, said.verb, said.model):
        raise Http404
    try:
        if request.method in SAFE and connection.vendor != "postgresql":
            with guard.acting(viewer):
                return _rendered(view(request, *args, **kwargs))
        with transaction.atomic(), guard.acting(viewer):
            return _rendered(view(request, *args, **kwargs))
    except Refused as refused:
        return refused_page(request, refused)


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """A lazy template runs its queries here, while the viewer is acting."""
    render = getattr(response, "render", None)
    return render() if callable(render) and not getattr(response, "is_rendered", True) else response
