"""建章立制台账: every rule once, with what led to it."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from jiandu.base.core.guard import Viewer
from jiandu.loop.outcomes import selectors
from jiandu.loop.outcomes.models import RuleMade
from jiandu.loop.outcomes.services import withdraw_rule
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms.rounds import ReasonForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import rules as told


def show_rules(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """Every rule in scope once."""
    listed = told.rules(viewer, registers.year_of(request), request.GET.get("text", "").strip()[:100])
    return registers.show_list(request, RULES_ROOM, listed, opened, status)


def show_rule(request: HttpRequest, one: RuleMade, opened: Opened | None, status: int) -> HttpResponse:
    """One rule."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, RULE_ROOM, one)
    return registers.show(request, told.rule(viewer, one), may, opened, status)


RULES_ROOM = Room("desk:rules", lambda viewer: viewer, show_rules, RuleMade)
RULE_ROOM = Room(
    "desk:rule",
    selectors.rule_by_uid,
    show_rule,
    RuleMade,
    (
        Act(
            "withdraw",
            gettext_lazy("撤下"),
            ReasonForm,
            lambda one, s, by: withdraw_rule(rule=one, by=by, **s),
            fits=lambda one: one.withdrawn_on is None,
        ),
    ),
    keep="create",
)
