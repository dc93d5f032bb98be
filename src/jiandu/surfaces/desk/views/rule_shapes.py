"""新建规则: the shape first, then its columns; the rule is tried as a definition before it is kept. The same form mends one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.crosscheck import selectors
from jiandu.sources.crosscheck.services.tuning import make_rule
from jiandu.surfaces.desk.forms.rule_shapes import DefinitionForm, ShapeForm, begun
from jiandu.surfaces.desk.views.choices import own_offices
from jiandu.surfaces.door.answers import done, page, perform


def make(request: HttpRequest) -> HttpResponseBase:
    """Both steps have one address: what was chosen in the first stands in it, as does the rule that is mended."""
    viewer = request.viewer  # type: ignore[attr-defined]
    values = _mended(viewer, request.GET["rule"]) if request.GET.get("rule") else None
    chosen = ShapeForm(values or (request.GET if "shape" in request.GET else None))
    form = None
    if chosen.is_bound and chosen.is_valid():
        initial = values or {"id": _next(viewer)}
        form = DefinitionForm(request.POST or None, initial=initial, **chosen.cleaned_data)
        if request.method == "POST" and perform(form, lambda: _make(form, viewer)):
            return done(request, _("规则已保存"), "desk:rule-run", form.cleaned_data["id"])
    back = reverse("desk:rule-run", args=[values["id"]]) if values else reverse("desk:rules-run")
    context = {"chosen": chosen, "form": form, "back": back, "mended": values}
    is_wrong = bool((form or chosen).errors) and (request.method == "POST" or form is None)
    return page(request, "desk/crosscheck/rule.html", context, status=422 if is_wrong else 200)


def _make(form: DefinitionForm, by: Viewer) -> Any:
    office = office_by_pk(int(form.cleaned_data["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return make_rule(office=office, definition=form.definition, note=form.cleaned_data["note"], by=by)


def _made(viewer: Viewer) -> dict[str, dict[str, Any]]:
    """Rules made by form in the viewer's own office: number → definition."""
    mine = own_offices(viewer)
    return selectors.made_rules(viewer, office_by_pk(int(mine[0][0])) if mine else None)


def _mended(viewer: Viewer, rule: str) -> dict[str, Any]:
    found = _made(viewer).get(rule)
    if found is None:
        raise Http404
    return begun(found)


def _next(viewer: Viewer) -> str:
    """A number that no rule of the office has."""
    known = _made(viewer)
    return next(each for number in range(1, len(known) + 2) if (each := f"Z-{number}") not in known)
