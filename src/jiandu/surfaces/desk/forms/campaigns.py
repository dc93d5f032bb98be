"""Forms of 专项整治: the campaign, a unit's self-check, a spot-check, a rule that came of it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices
from jiandu.surfaces.desk.wording import said


class NewCampaignForm(RoomForm):
    """A campaign: number, name, field, office in charge, plan."""

    code = line(_("编号"), required=True, most=32)
    name = line(_("专项名称"), required=True, most=200)
    field = forms.ChoiceField(label=_("领域"), required=False)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    office = forms.ChoiceField(label=_("承办室组"))
    approved_on = day(_("立项日期"))
    plan = words(_("方案"), rows=4)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        fields = items(viewer, "field", today().year)
        self.choices("field", [("", "—"), *((item.pk, said(item)) for item in fields)])
        self.choices("office", own_offices(viewer))
        self.begin(year=today().year)


class SelfCheckForm(RoomForm):
    """What a unit found by itself."""

    organisation = UnitField(label=_("自查单位"))
    on = day(_("自查日期"))
    found_count = forms.IntegerField(label=_("自查发现问题"), min_value=0, max_value=100_000)
    fixed_count = forms.IntegerField(label=_("已自纠"), min_value=0, max_value=100_000)
    note = words(_("自查情况"))


class SpotCheckForm(RoomForm):
    """Where the commission itself went to see."""

    organisation = UnitField(label=_("抽查单位"))
    on = day(_("抽查日期"))
    place = line(_("地点"))
    members = line(_("参加人员"), most=300)
    attendees = line(_("单位参加人员"), most=300)
    note = words(_("了解到的情况"))
