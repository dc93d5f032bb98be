"""专项整治: the campaigns; one with its self-checks, spot-checks, findings, proposals and rules."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.selectors import item_by_key
from jiandu.loop.outcomes.services import NewRule, record_rule_of
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity, ActivityInstruction, Event
from jiandu.sources.activities.services import campaigns, deciding, events, planning, rounds
from jiandu.surfaces.desk import registers
from jiandu.surfaces.desk.forms import campaigns as forms
from jiandu.surfaces.desk.forms.rounds import AmendForm, EventForm, NoteForm, ReasonForm
from jiandu.surfaces.desk.forms.rules import RuleForm
from jiandu.surfaces.desk.rooms import Act, Opened, Room
from jiandu.surfaces.desk.told import campaigns as told
from jiandu.surfaces.desk.views.approving import paper_acts
from jiandu.surfaces.desk.views.instructing import instruction_acts

CAMPAIGN = Activity.Kind.CAMPAIGN
Said = dict[str, Any]


def show_campaigns(request: HttpRequest, viewer: Viewer, opened: Opened | None, status: int) -> HttpResponse:
    """The campaigns, newest year first."""
    listed = told.campaigns(viewer, registers.year_of(request))
    return registers.show_list(request, CAMPAIGNS_ROOM, listed, opened, status)


def show_campaign(request: HttpRequest, one: Activity, opened: Opened | None, status: int) -> HttpResponse:
    """One campaign."""
    viewer = request.viewer  # type: ignore[attr-defined]
    may = registers.doors(viewer, CAMPAIGN_ROOM, one)
    return registers.show(request, told.campaign(viewer, one, may), may, opened, status)


def _open(_viewer: Viewer, said: Said, by: Viewer) -> Activity:
    office, field = office_by_pk(int(said.pop("office"))), said.pop("field")
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    item = item_by_key(by, int(field)) if field else None
    return planning.open_activity(new=planning.NewActivity(kind=CAMPAIGN, lead=office, field=item, **said), by=by)


def _self_check(one: Activity, said: Said, by: Viewer) -> Any:
    return campaigns.self_check(activity=one, by=by, new=campaigns.NewSelfCheck(**said))


def _spot_check(one: Activity, said: Said, by: Viewer) -> Any:
    return rounds.visit(activity=one, by=by, new=rounds.NewVisit(**said))


def _rule(one: Activity, said: Said, by: Viewer) -> Any:
    return record_rule_of(origin=one, by=by, new=NewRule(**said))


def _row(name: str) -> Any:
    """A row of the campaign's own list by key, while it stands."""
    return lambda one, key: getattr(one, name).filter(pk=key, withdrawn_on__isnull=True).first()


def _goes_on(one: Activity) -> bool:
    return one.ended_on is None


def _found(viewer: Viewer, uid: UUID) -> Activity | None:
    one = selectors.activity_by_uid(viewer, uid)
    return one if one is not None and one.kind == CAMPAIGN else None


CAMPAIGNS_ROOM = Room(
    "desk:campaigns",
    lambda viewer: viewer,
    show_campaigns,
    Activity,
    (Act("open", gettext_lazy("新建专项"), forms.NewCampaignForm, _open),),
    keep="create",
)
CAMPAIGN_ROOM = Room(
    "desk:campaign",
    _found,
    show_campaign,
    Activity,
    (
        Act("self-check", gettext_lazy("登记自查自纠"), forms.SelfCheckForm, _self_check, fits=_goes_on),
        Act("spot-check", gettext_lazy("登记抽查"), forms.SpotCheckForm, _spot_check, fits=_goes_on),
        Act("rule", gettext_lazy("登记制度"), RuleForm, _rule),
        Act("note", pgettext_lazy("act", "记事"), NoteForm, lambda one, s, by: events.tell(activity=one, by=by, verb=Event.Verb.NOTE, **s)),
        Act("edit", gettext_lazy("编辑"), AmendForm, lambda one, s, by: planning.amend_activity(activity=one, by=by, **s)),
        Act("end", gettext_lazy("结项"), EventForm, lambda one, s, by: deciding.end_activity(activity=one, by=by, **s), verb="approve", fits=_goes_on),
        *paper_acts(),
        *instruction_acts(ActivityInstruction),
        Act("withdraw-self-check", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: campaigns.withdraw_self_check(row=row, by=by, **s), _row("self_checks")),
        Act("withdraw-visit", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: rounds.withdraw_visit(visit=row, by=by, **s), _row("visits")),
        Act("withdraw-event", gettext_lazy("撤下"), ReasonForm, lambda row, s, by: events.withdraw_event(event=row, by=by, **s), _row("events")),
    ),
)  # fmt: skip
