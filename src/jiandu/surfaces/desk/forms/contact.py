"""Forms of 营商环境监督联系点: the point and its term, what it tells, each step, suggestions, rules."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.sources.contactpoints import selectors
from jiandu.sources.contactpoints.models import ContactPoint, ContactProblem
from jiandu.sources.contactpoints.states import Result, Satisfaction
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import ItemField, LeaderField, RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import NONE, all_offices, own_offices

OFFERED = 400
NO_NAME = _("责任单位可以看到，不要写企业名称")


class PointFields(RoomForm):
    """What is known of a point."""

    name = line(_("企业（商协会）名称"), required=True)
    short_name = line(_("简称"), most=64)
    kind = forms.ChoiceField(label=_("联系点类别"), choices=ContactPoint.Kind.choices)
    district = RegionField(label=_("所在区"), required=False)
    industry = ItemField("industry", label=_("行业"))
    officer = LeaderField(label=_("指定联系人"), required=False)
    liaison = line(_("企业联络员"), most=64)

    def prepare(self) -> None:
        if isinstance(self.thing, ContactPoint):
            names = ("name", "short_name", "kind", "liaison")
            self.begin(**{name: getattr(self.thing, name) for name in names})
            self.begin(district=str(self.thing.district or ""), officer=str(self.thing.officer or ""))
            self.begin(industry=self.thing.industry_id)


class NewPointForm(PointFields):
    """A new point: also its level, our office, its term."""

    tier = forms.ChoiceField(label=_("联系点级别"), choices=ContactPoint.Tier.choices)
    office = forms.ChoiceField(label=_("承办室组"))
    since = day(_("任期起"))
    until = day(_("任期止"), required=False, now=False)

    def prepare(self) -> None:
        super().prepare()
        self.choices("office", own_offices(guard.require_actor()))


class ProlongForm(RoomForm):
    on = day(_("日期"))
    until = day(_("续聘至"), now=False)
    note = line(_("说明"), most=200)


class LeaveForm(RoomForm):
    on = day(_("退出日期"))
    note = line(_("退出原因"), required=True, most=200)


class FromPointForm(RoomForm):
    """Something that a point tells."""

    point = forms.ChoiceField(label=_("联系点"))

    def prepare(self) -> None:
        rows = selectors.points(guard.require_actor()).filter(left_on__isnull=True)[:OFFERED]
        self.choices("point", [NONE, *((str(row.uid), str(row)) for row in rows)])  # nothing chosen by itself


class TakeInForm(FromPointForm):
    """A problem: in words that name nobody, and what the enterprise said, which stays with us."""

    registered_on = day(_("登记日期"))
    problem = words(_("反映问题"), required=True, rows=2, most=500)
    facts = words(_("具体情况"))
    quote = words(_("反映原话"))
    aspect = ItemField("contact_aspect", label=_("反映方面"))
    subject = UnitField(label=_("责任单位"), required=False)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        super().prepare()
        self.fields["problem"].help_text = self.fields["facts"].help_text = NO_NAME
        self.fields["quote"].help_text = _("只有联系该企业的室组可以看到")
        self.choices("office", own_offices(guard.require_actor()))


class JoinForm(FromPointForm):
    on = day(_("反映日期"))
    quote = words(_("反映原话"))


class StepForm(RoomForm):
    """A step: when, and what is said."""

    on = day(_("日期"))
    note = words(_("说明"))

    def prepare(self) -> None:
        self.fields["note"].help_text = NO_NAME


class StudyForm(StepForm):
    nature = forms.ChoiceField(label=_("研判类别"), choices=ContactProblem.Nature.choices)


class AssignForm(StepForm):
    subject = UnitField(label=_("责任单位"))
    office = forms.ChoiceField(label=_("跟进室组"), required=False)
    due_on = day(_("答复时限"), required=False, now=False)

    def prepare(self) -> None:
        super().prepare()
        self.choices("office", [NONE, *all_offices(guard.require_actor())])
        self.begin(subject=str(getattr(self.thing, "subject", "") or ""))


class SettleForm(StepForm):
    result = forms.ChoiceField(label=_("办理结果"), choices=Result.choices)
    satisfaction = forms.ChoiceField(
        label=_("企业评价"),
        choices=[one for one in Satisfaction.choices if one[0] != Satisfaction.NOT_SATISFIED],
    )


class MergeForm(StepForm):
    into = forms.ChoiceField(label=_("合并至"))

    def prepare(self) -> None:
        super().prepare()
        rows = selectors.problems(guard.require_actor()).filter(merged_into__isnull=True)[:OFFERED]
        mine = getattr(self.thing, "pk", None)
        self.choices("into", [NONE, *((str(row.uid), str(row)) for row in rows if row.pk != mine)])


class AmendProblemForm(RoomForm):
    said = words(_("反映问题"), required=True, rows=2, most=500)
    facts = words(_("具体情况"))
    aspect = ItemField("contact_aspect", label=_("反映方面"))

    def prepare(self) -> None:
        self.fields["said"].help_text = self.fields["facts"].help_text = NO_NAME
        if isinstance(self.thing, ContactProblem):
            self.begin(said=self.thing.problem, facts=self.thing.facts, aspect=self.thing.aspect_id)


class SuggestForm(RoomForm):
    text = words(_("建议内容"), required=True, rows=3, most=500)
    raised_on = day(_("提出日期"))
    point = forms.ChoiceField(label=_("联系点"), required=False)
    quote = words(_("反映原话"))
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        viewer = guard.require_actor()
        rows = selectors.points(viewer).filter(left_on__isnull=True)[:OFFERED]
        self.choices("point", [NONE, *((str(row.uid), str(row)) for row in rows)])
        self.choices("office", own_offices(viewer))


class AdoptForm(RoomForm):
    on = day(_("纳入日期"))
    used_for = line(_("纳入何项监督参考"), required=True, most=200)
