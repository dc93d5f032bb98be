"""Dictionaries by year: what the choices of a form are called."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from jiandu.base.core.clock import today
from jiandu.base.lexicon import selectors, services
from jiandu.surfaces.desk.forms.offices import ItemForm
from jiandu.surfaces.door.answers import done, page, perform


def dictionaries(request: HttpRequest) -> HttpResponse:
    """Every kind of dictionary."""
    return page(request, "desk/offices/dictionaries.html", {"kinds": selectors.kinds(request.viewer)})  # type: ignore[attr-defined]


def dictionary(request: HttpRequest, kind: str) -> HttpResponseBase:
    """One dictionary, and a new item."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if kind not in {one.kind for one in selectors.kinds(viewer)}:
        raise Http404
    form = ItemForm(request.POST or None)
    if request.method == "POST" and perform(
        form, lambda: services.add_item(new=services.NewItem(kind=kind, **form.cleaned_data), by=viewer)
    ):
        return done(request, _("已保存"), "desk:dictionary", kind)
    context = {"kind": kind, "items": selectors.every_item(viewer, kind, None), "form": form}
    return page(request, "desk/offices/dictionary.html", context)


def retire(request: HttpRequest, kind: str, uid: UUID) -> HttpResponseBase:
    """An item is no longer chosen from tomorrow on; records keep it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    item = selectors.every_item(viewer, kind, None).filter(uid=uid).first()
    if item is None:
        raise Http404
    services.retire_item(item=item, until=today(), by=viewer)
    return done(request, _("已停用"), "desk:dictionary", kind)
