"""Declared URLs. A route says which verb on which kind of record it needs; a bare path() fails start-up.

`P` runs the view as its viewer: right refused and record absent are the same 404. One unit of work a request: a write
is one transaction; a read is one where row-level security needs it.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models, transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.urls import URLPattern, URLResolver, path, reverse

from jiandu.base.accounts.factors import has_factor
from jiandu.base.accounts.fresh import is_fresh
from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.net.access.standing import viewer_of
from jiandu.surfaces.door.answers import is_fragment, refused_page
from jiandu.surfaces.door.proving import Asked, to_confirm

View = Callable[..., HttpResponseBase]
READ = ("GET", "HEAD")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True)
class Declared:
    """What a route asks: the verb and kind of record; `is_open` needs no sign-in; both None: any signed-in user.

    `is_quiet`: asked by the page itself (polls), so it does not count as somebody being there.
    `is_early`: for an account that is still to be set up, without second factor or with a password somebody else chose.
    `is_apart`: what it writes it commits by itself, for it takes long, or a refusal must not undo it.
    `proves`: what is done here, in words, where who does it must have proved within five minutes who he is.
    """

    verb: str | None = None
    model: type[models.Model] | None = None
    is_open: bool = False
    methods: tuple[str, ...] = READ
    is_quiet: bool = False
    is_early: bool = False
    is_apart: bool = False
    proves: Any = ""


def P(  # noqa: N802, PLR0913 -- reads like path()
    route: str,
    view: View,
    verb: str,
    model: type[models.Model],
    *,
    name: str,
    methods: Iterable[str] = READ,
    quiet: bool = False,
    apart: bool = False,
    proves: Any = "",
) -> URLPattern:
    """A route for those who may do `verb` to this kind of record; the view itself asks for the single record."""
    said = Declared(verb, model, methods=tuple(methods), is_quiet=quiet, is_apart=apart, proves=proves)
    return _route(route, view, said, name)


def Signed(  # noqa: N802, PLR0913 -- as P
    route: str,
    view: View,
    *,
    name: str,
    methods: Iterable[str] = READ,
    quiet: bool = False,
    early: bool = False,
    proves: Any = "",
) -> URLPattern:
    """A route for every signed-in user: one's own desk, own settings."""
    return _route(route, view, Declared(methods=tuple(methods), is_quiet=quiet, is_early=early, proves=proves), name)


def Open(route: str, view: View, *, name: str, methods: Iterable[str] = READ) -> URLPattern:  # noqa: N802 -- as P
    """A route without sign-in: the sign-in pages themselves."""
    return _route(route, view, Declared(is_open=True, methods=tuple(methods)), name)


def declared(patterns: list[URLPattern | URLResolver]) -> list[URLPattern | URLResolver]:
    """The patterns, all declared, each under a name of its own. Raises ImproperlyConfigured naming a bare path() or a name said twice.

    `reverse` takes the last of two routes of one name: the form of the other would go to a page that takes no form.
    """
    names = Counter(pattern.name for pattern in patterns if isinstance(pattern, URLPattern) and pattern.name)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ImproperlyConfigured(f"two routes are named {twice[0]}")
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
        if _names_nothing(request):
            raise Http404
        if said.is_open:
            return view(request, *args, **kwargs)
        user = request.user
        if not isinstance(user, User):
            return _to_sign_in(request)
        unfinished = "" if said.is_early else unfinished_step(user)
        if unfinished:
            return _go(request, reverse(unfinished))
        return _as_viewer(view, said, request, viewer_of(user), args, kwargs)

    enter.declared = said  # type: ignore[attr-defined]
    return enter


def _names_nothing(request: HttpRequest) -> bool:
    """No text of ours holds a NUL, and PostgreSQL refuses to look for one."""
    return any(
        "\x00" in value for said in (request.GET, request.POST) for _, values in said.lists() for value in values
    )


def unfinished_step(user: User) -> str:
    """The name of the page that sets the account up, "" when nothing is missing. The demo asks for nothing."""
    if user.has_temporary_password and not settings.DEMO:
        return "account_change_password"
    return "mfa_index" if settings.MFA_REQUIRED and not has_factor(user) else ""


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """The sign-in page, and back afterwards to what can be asked for again."""
    target = reverse(settings.LOGIN_URL)
    page = urlsplit(request.headers.get("HX-Current-URL", "")).path if is_fragment(request) else request.get_full_path()
    if page and (request.method in SAFE or is_fragment(request)):
        target += "?" + urlencode({"next": page}, safe="/")
    return _go(request, target)


def _go(request: HttpRequest, target: str) -> HttpResponseBase:
    """Another page: for a fragment the whole page moves."""
    if is_fragment(request):
        return HttpResponse(headers={"HX-Redirect": target})
    return HttpResponseRedirect(target)


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
    if said.proves and not is_fresh(request):
        has_form = {"GET", "POST"} <= {*said.methods}
        return to_confirm(request, Asked(said.proves, reads_address=has_form, is_download="POST" not in said.methods))
    try:
        is_read = request.method in SAFE
        if (is_read and connection.vendor != "postgresql") or (said.is_apart and not is_read):
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
