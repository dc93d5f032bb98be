"""The division of work of a round changes: another leader or other members, another team or day for a unit."""

from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.subjects.models import Person
from jiandu.sources.activities.models import LinkedUnit, Team, Visit
from jiandu.sources.activities.services.arranging import leave_joints
from jiandu.sources.activities.services.events import may
from jiandu.sources.activities.services.finishing import check_goes_on
from jiandu.sources.activities.services.rounds import link_unit


@atomic
def amend_team(*, team: Team, by: Viewer, leader: Person, members: str) -> Team:
    """Who leads the team and who goes with him; as it was before stays in the log."""
    activity = team.activity
    may(by, "edit", activity)
    before = {"leader": str(team.leader), "members": team.members}
    team.leader, team.members = leader, members.strip()[:300]
    team.save(update_fields=["leader", "members"])
    after = {"leader": str(leader), "members": team.members}
    record(by, "activity.amend_team", activity, payload={"team": team.name, "before": before, "after": after})
    return team


@atomic
def replan_unit(*, linked: LinkedUnit, by: Viewer, planned_on: date) -> LinkedUnit:
    """Another day planned for the visit; what was to be joined is no more. Raises Refused (round-finished)."""
    activity = linked.activity
    may(by, "edit", activity)
    check_goes_on(activity)
    before = linked.planned_on.isoformat() if linked.planned_on else ""
    linked.planned_on = planned_on
    linked.save(update_fields=["planned_on"])
    leave_joints(linked.uid)
    payload = {"unit": str(linked.organisation.uid), "before": before, "planned": planned_on.isoformat()}
    record(by, "activity.replan", activity, payload=payload)
    return linked


@atomic
def move_unit(*, linked: LinkedUnit, by: Viewer, team: Team, planned_on: date | None) -> LinkedUnit:
    """改由另一组挂钩; who was to go before stays on record. Raises Refused (unit-visited)."""
    activity = linked.activity
    may(by, "edit", activity)
    visits = Visit.objects.filter(activity=activity, organisation_id=linked.organisation_id, withdrawn_on__isnull=True)
    if visits.exists():
        raise Refused("unit-visited", "该单位本轮已走访，不能改由另一组挂钩")
    leave_joints(linked.uid)
    take_back(linked, f"改由{team.name}挂钩", today())
    record(by, "activity.unlink", activity, payload={"unit": linked.organisation_id, "reason": linked.withdrawn_for})
    return link_unit(team=team, by=by, organisation=linked.organisation, planned_on=planned_on or linked.planned_on)
