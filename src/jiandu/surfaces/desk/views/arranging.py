"""上门安排: the page of what an activity plans at units, with what else is near and may be joined; one joint visit."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.net.subjects.selectors import find_organisation
from jiandu.sources.activities.arranged import joint_by_uid
from jiandu.sources.activities.arrangements import Arrangement, Joint
from jiandu.sources.activities.models import Activity, LinkedUnit
from jiandu.sources.activities.selectors import activity_by_uid
from jiandu.sources.activities.services import arranging, joining
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import schedule as forms
from jiandu.surfaces.desk.forms.rooms import NothingForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.schedule import theirs_of
from jiandu.surfaces.desk.told import schedule as told

Said = dict[str, Any]


def units_of(said: Said, by: Viewer) -> list[Any]:
    """The units that the form names, one a line. Raises Refused (unknown-unit)."""
    found = []
    for name in (line.strip() for line in said.pop("units").splitlines() if line.strip()):
        unit = find_organisation(by, name, on=today())
        if unit is None:
            raise Refused("unknown-unit", "没有登记过这个单位：%(name)s", name=name)
        found.append(unit)
    return found


def join_one(plans: list[Any], said: str, by: Viewer) -> None:
    """What the button beside a clash asked, of the plans just made: nothing where none was pressed."""
    named = theirs_of(said)
    plan = next((plan for plan in plans if named and plan.organisation_id == named[0]), None)
    if said and (named is None or plan is None):
        raise Refused("joint-gone", "对方的安排已变动，请刷新页面后再选")
    if named is not None and plan is not None:
        joining.join(plan=plan, by=by, theirs=named[1])


def day_of(said: str) -> date | None:
    """The day of the other one, for a plan that only goes to it (a talk: the other office is told nothing)."""
    named = theirs_of(said)
    return named[1].on if named else None


def _arrange(one: Activity, said: Said, by: Viewer) -> None:
    joins, units = said.pop("join"), units_of(said, by)
    made = [
        arranging.arrange(activity=one, by=by, new=arranging.NewArrangement(organisation=unit, **said))
        for unit in units
    ]
    join_one(made, joins, by)


def _join(plan: LinkedUnit | Arrangement, said: Said, by: Viewer) -> None:
    join_one([plan], said["theirs"], by)


def _open_arrangement(one: Activity, key: int) -> Arrangement | None:
    return one.arrangements.filter(Arrangement.still_open, pk=key).select_related("organisation").first()


def _plan(one: Activity, key: int) -> LinkedUnit | Arrangement | None:
    """A planned day of the activity: of a round, a linked unit."""
    if one.kind != Activity.Kind.ROUND:
        return _open_arrangement(one, key)
    return one.linked_units.filter(pk=key, withdrawn_on__isnull=True).select_related("organisation").first()


def _may_arrange(one: Activity) -> bool:
    return one.ended_on is None and one.kind != Activity.Kind.ROUND


def show_arrangements(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """What an activity plans at units, what else is near, what is carried out together."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, ARRANGEMENTS_ROOM, one)
    return registers.show(request, told.arrangements(viewer, one, may), may, opened, status)


ARRANGEMENTS_ROOM = Room(
    "desk:arrangements",
    activity_by_uid,
    show_arrangements,
    Activity,
    (
        Act("arrange", gettext_lazy("安排上门"), forms.ArrangeForm, _arrange, fits=_may_arrange),
        Act("rearrange", gettext_lazy("改期"), forms.RearrangeForm, lambda row, s, by: arranging.rearrange(row=row, by=by, on=s["new_day"]), _open_arrangement),
        Act("cancel", gettext_lazy("取消安排"), forms.CancelForm, lambda row, s, by: arranging.cancel(row=row, by=by, **s), _open_arrangement),
        Act("join", pgettext_lazy("act", "合并开展"), forms.JoinForm, _join, _plan),
    ),
)  # fmt: skip


def show_joint(request: HttpRequest, one: Joint, opened: Opened | None, status: int) -> HttpResponse:
    """One joint visit."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, JOINT_ROOM, one)
    return registers.show(request, told.joint(one), may, opened, status)


def _is_asked(one: Joint) -> bool:
    """Waits, and for an office of whoever looks."""
    standing = guard.require_actor().standing
    mine = standing.office_ids if isinstance(standing, Standing) else ()
    return one.withdrawn_on is None and one.answered_on is None and one.other_office_id in mine


def _answers(slug: str, label: Any, form: Any, answer: str) -> Act:
    return Act(
        slug, label, form, lambda one, s, by: joining.answer_joint(joint=one, by=by, answer=answer, **s), fits=_is_asked
    )


JOINT_ROOM = Room(
    "desk:joint",
    joint_by_uid,
    show_joint,
    Joint,
    (
        _answers("agree", gettext_lazy("同意合并"), NothingForm, Joint.Answer.AGREED),
        _answers("decline", gettext_lazy("不便合并"), forms.DeclineForm, Joint.Answer.DECLINED),
        Act(
            "cancel",
            gettext_lazy("取消合并"),
            forms.CancelForm,
            lambda one, s, by: joining.cancel_joint(joint=one, by=by, **s),
            fits=lambda one: one.withdrawn_on is None,
        ),
    ),
)
