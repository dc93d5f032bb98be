"""A room: one thing with the acts on it, each a form that opens over its page and comes back with what was refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, reverse
from django.utils.translation import gettext as _

from jiandu.base.accounts.fresh import is_fresh
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Owned
from jiandu.net.access.selectors import look
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.door.answers import done, is_fragment, page, perform
from jiandu.surfaces.door.proving import Asked, to_confirm
from jiandu.surfaces.door.routes import P, View
from jiandu.surfaces.door.unlocking import unlocked

POST = ("POST",)
LOOK = "look"  # of the button that asks what else is planned, and does nothing
#: What an act does: (the thing, or the row of it that the act is about; what the form says; who does it).
Do = Callable[[Any, dict[str, Any], Viewer], Any]


@dataclass(frozen=True)
class Act:
    """`slug` ends the URL. An act about one row of the thing (a post of a unit) says how it is found by its key."""

    slug: str
    label: Any
    form: type[RoomForm]
    do: Do
    row: Callable[[Any, int], Any] | None = None
    is_sensitive: bool = False  # who does it has proved within five minutes who he is
    verb: str = ""  # the word on the model that it needs, where it is not that of the room
    fits: Callable[[Any], bool] = lambda _thing: True
    is_one_click: bool = False  # nothing is asked: its button does it
    away: str = ""  # where to, if by it the thing is shut to whoever has done it: the name of a route
    is_rare: bool = False  # it stands behind 更多: corrections, withdrawals
    told: Any = ""  # what is said when it has begun and is not done yet
    is_opening: bool = False  # it opens what is sealed: what it is told has the session's keys, as `unlocked`


@dataclass(frozen=True)
class Opened:
    """An act whose form stands open on the page."""

    act: Act
    form: RoomForm
    action: str
    back: str


@dataclass
class Room:
    """A page about one thing: how it is found by the key of its URL, its acts, and how it is shown."""

    url: str  # the name of its page's route
    find: Callable[..., Any]  # (viewer, and what the URL says)
    show: Callable[..., HttpResponse]  # (request, thing, opened, status)
    model: Any
    acts: tuple[Act, ...] = ()
    see: str = "view"
    keep: str = "edit"

    def keeps(self, viewer: Viewer, act: Act | None = None) -> bool:
        """Whether the viewer may do the acts, or this one: the word that their routes ask as well."""
        return guard.allow(viewer, self.needs(act), self.model)

    def needs(self, act: Act | None) -> str:
        """The word on the model that an act needs."""
        return (act.verb if act else "") or self.keep

    def found(self, request: HttpRequest, key: dict[str, Any]) -> Any:
        thing = self.find(request.viewer, **key)  # type: ignore[attr-defined]
        if thing is None:
            raise Http404
        return thing

    def page(self, request: HttpRequest, **key: Any) -> HttpResponseBase:
        """The thing; `?act=` opens a form, for htmx that form alone."""
        thing = self.found(request, key)
        if "act" not in request.GET:
            return self._shown(request, thing, None, 200)
        act = next((one for one in self.acts if one.slug == request.GET["act"] and one.fits(thing)), None)
        if act is None or not self.keeps(request.viewer, act):  # type: ignore[attr-defined]
            raise Http404
        if act.is_sensitive and not is_fresh(request):
            return to_confirm(request)
        opened = self._open(request, act, thing, key)
        if is_fragment(request):
            return page(request, "desk/offices/_act.html", {"opened": opened})
        return self._shown(request, thing, opened, 200)

    def _shown(self, request: HttpRequest, thing: Any, opened: Opened | None, status: int) -> HttpResponse:
        """The page of the thing; a look at what is of level ≥ 2 is logged before."""
        if isinstance(thing, Owned):
            look(request.viewer, thing, what=self.url.removeprefix("desk:"))  # type: ignore[attr-defined]
        return self.show(request, thing, opened, status)

    def _looked(self, request: HttpRequest, act: Act, thing: Any, key: dict[str, Any]) -> HttpResponse:
        """The form as far as it has been typed, with what else is planned; for htmx that alone. Nothing is done."""
        opened = self._open(request, act, thing, key, is_typed=True)
        opened.form.look()  # type: ignore[attr-defined]
        if is_fragment(request):
            return page(request, "desk/schedule/_clashes.html", {"form": opened.form})
        return self._shown(request, thing, opened, 200)

    def _open(
        self, request: HttpRequest, act: Act, thing: Any, key: dict[str, Any], *, is_typed: bool = False
    ) -> Opened:
        row = self._row(request, act, thing)
        given = (request.POST, request.FILES) if request.method == "POST" and not is_typed else ()
        names = set(act.form.base_fields) - ({"on"} if act.row else set())  # there `on` names the row, not the day
        begin = {name: request.GET[name] for name in names if name in request.GET}  # said by the link
        form = act.form(*given, thing=row, auto_id=f"{act.slug}-%s", initial=begin)
        if is_typed:
            form.begin(**request.POST.dict())
        on = f"?on={row.pk}" if act.row else ""
        return Opened(act, form, reverse(f"{self.url}-{act.slug}", kwargs=key) + on, reverse(self.url, kwargs=key))

    @staticmethod
    def _row(request: HttpRequest, act: Act, thing: Any) -> Any:
        if act.row is None:
            return thing
        text = request.GET.get("on", "")
        row = act.row(thing, int(text)) if text.isdigit() and len(text) < 19 else None
        if row is None:
            raise Http404
        return row

    def performs(self, act: Act) -> View:
        """The view that performs one act of the room."""

        def view(request: HttpRequest, **key: Any) -> HttpResponseBase:
            thing = self.found(request, key)
            if act.is_sensitive and not is_fresh(request):
                return to_confirm(request, Asked(act.label))
            if act.form.looks and LOOK in request.POST:
                return self._looked(request, act, thing, key)
            opened = self._open(request, act, thing, key)
            viewer, row = request.viewer, opened.form.thing  # type: ignore[attr-defined]
            keys = {"unlocked": unlocked(request)} if act.is_opening else {}
            if perform(opened.form, lambda: act.do(row, opened.form.cleaned_data | keys, viewer)):
                words = act.told or _("已办理：%(act)s") % {"act": act.label}
                if act.away and self.find(viewer, **key) is None:
                    return done(request, words, act.away)
                return done(request, words, self.url, **key)
            fresh = self.found(request, key)
            return self._shown(request, fresh, opened, 422)

        return view

    def routes(self, route: str) -> list[URLPattern]:
        """The page, and one address an act, each with the word on the model that it needs."""
        name = self.url.removeprefix("desk:")
        acts = [
            P(
                f"{route}{act.slug}/",
                self.performs(act),
                self.needs(act),
                self.model,
                name=f"{name}-{act.slug}",
                methods=POST,
            )
            for act in self.acts
        ]
        return [P(route, self.page, self.see, self.model, name=name), *acts]
