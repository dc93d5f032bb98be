"""Forms of 委领导挂钩监督: the round, its points, teams, units, visits, papers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.services.visits import TOLD
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import LeaderField, RoomForm
from jiandu.surfaces.desk.forms.watching import UnitsForm
from jiandu.surfaces.desk.views.choices import own_offices


class NewRoundForm(RoomForm):
    """A round: number, theme, office in charge, when its work is to be done, plan."""

    code = line(_("编号"), required=True, most=32)
    name = line(_("监督主题"), required=True, most=200)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    office = forms.ChoiceField(label=_("承办室组"))
    period_from = day(_("监督时段自"), required=False, now=False)
    period_to = day(_("监督时段至"), required=False, now=False)
    plan = words(_("方案"), rows=4)

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
        self.begin(year=today().year)


class EventForm(RoomForm):
    """When it happened, and a note."""

    on = day(_("日期"))
    note = words(_("说明"))


class NoteForm(RoomForm):
    """Something worth keeping in the timeline."""

    on = day(_("日期"))
    note = words(_("内容"), required=True)


class ReasonForm(RoomForm):
    """Why and when a record is taken back."""

    on = day(_("撤下日期"))
    reason = line(_("撤下原因"), required=True, most=200)


class PointsForm(RoomForm):
    texts = words(_("监督要点(每行一条)"), rows=8)

    def prepare(self) -> None:
        if isinstance(self.thing, Activity):
            self.begin(texts="\n".join(self.thing.points))


class TeamForm(RoomForm):
    name = line(_("组别"), required=True, most=64)
    leader = LeaderField(label=_("带队委领导"))
    members = line(_("成员"), most=300)


class LinkForm(UnitsForm):
    """A unit for a team; several may be named, one a line."""

    day_name = "planned_on"
    watched = ("units", "planned_on")

    units = words(_("挂钩单位(每行一家)"), required=True, rows=5)
    planned_on = day(_("计划走访日期"), required=False, now=False)


class VisitForm(RoomForm):
    on = day(_("走访日期"))
    place = line(_("地点"))
    members = line(_("参加人员"), most=300)
    attendees = line(_("单位参加人员"), most=300)
    note = words(_("了解到的情况"))


class AmendVisitForm(RoomForm):
    """What is written of a visit, as it should read, and why."""

    place = line(_("地点"))
    members = line(_("参加人员"), most=300)
    attendees = line(_("单位参加人员"), most=300)
    note = words(_("了解到的情况"))
    reason = line(_("原因"), required=True, most=200)

    def prepare(self) -> None:
        self.begin(**{name: getattr(self.thing, name, "") for name in TOLD})


class MaterialForm(RoomForm):
    names = words(_("材料名称(每行一份)"), required=True, rows=5)
    on = day(_("调取日期"))


class ReceivedForm(RoomForm):
    on = day(_("收到日期"))


class CopyForm(RoomForm):
    """Which earlier round is copied."""

    source = forms.ChoiceField(label=_("复制哪一轮"))

    def prepare(self) -> None:
        rows = selectors.activities(guard.require_actor(), kind=Activity.Kind.ROUND)[:50]
        self.choices("source", [(str(row.uid), str(row)) for row in rows if row.pk != getattr(self.thing, "pk", None)])


class AmendForm(RoomForm):
    name = line(_("监督主题"), required=True, most=200)
    plan = words(_("方案"), rows=6)

    def prepare(self) -> None:
        if isinstance(self.thing, Activity):
            self.begin(name=self.thing.name, plan=self.thing.plan)


class AmendRoundForm(AmendForm):
    """A round in other words, and its period."""

    period_from = day(_("监督时段自"), required=False, now=False)
    period_to = day(_("监督时段至"), required=False, now=False)
    field_order = ("name", "period_from", "period_to", "plan")

    def prepare(self) -> None:
        super().prepare()
        if isinstance(self.thing, Activity):
            self.begin(period_from=self.thing.period_from, period_to=self.thing.period_to)


class FinishForm(EventForm):
    """The day on which the round ends; how many units were visited stands above."""

    about = _("结束前请核对")

    def prepare(self) -> None:
        if isinstance(self.thing, Activity):
            linked, visited = selectors.progress_of_rounds(guard.require_actor(), [self.thing])[self.thing.pk]
            counted = _("挂钩单位%(linked)d家，已走访%(visited)d家；有未走访的，请说明情况")
            self.told = [counted % {"linked": linked, "visited": visited}, str(_("还没有报送报告的，同日登记报送"))]
