"""新建规则: the shape first, then its columns; the rule is tried as a definition before it is kept."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.crosscheck.services.tuning import make_rule
from jiandu.surfaces.desk.forms.rule_shapes import DefinitionForm, ShapeForm
from jiandu.surfaces.door.answers import done, page, perform


def make(request: HttpRequest) -> HttpResponseBase:
    """Both steps have one address: what was chosen in the first stands in it."""
    chosen = ShapeForm(request.GET if "shape" in request.GET else None)
    form = None
    if chosen.is_bound and chosen.is_valid():
        form = DefinitionForm(request.POST or None, **chosen.cleaned_data)
        if request.method == "POST" and perform(form, lambda: _make(form, request.viewer)):  # type: ignore[attr-defined]
            return done(request, _("规则已保存"), "desk:rule-run", form.cleaned_data["id"])
    context = {"chosen": chosen, "form": form, "back": reverse("desk:rules-run")}
    is_wrong = bool((form or chosen).errors) and (request.method == "POST" or form is None)
    return page(request, "desk/crosscheck/rule.html", context, status=422 if is_wrong else 200)


def _make(form: DefinitionForm, by: Viewer) -> Any:
    office = office_by_pk(int(form.cleaned_data["office"]))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    try:
        definition = form.definition
    except (ValueError, KeyError) as wrong:
        raise Refused("definition", "规则不成立：%(faults)s", faults=str(wrong)) from wrong
    return make_rule(office=office, definition=definition, note=form.cleaned_data["note"], by=by)
