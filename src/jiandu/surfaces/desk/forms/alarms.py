"""Forms of alarms: which week to look at, what is made of one."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.results.alarms.letters import KINDS, facts_of, matter_of
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.series import monday
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class LookForm(RoomForm):
    """A week that is over: last week, unless another is said."""

    week = day(_("检测哪一周（填其中任一天）"), now=False)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.begin(week=monday(today()) - timedelta(days=7))
        self.choices("office", own_offices(guard.require_actor()))


class ConfirmForm(RoomForm):
    on = day(_("研判日期"))
    note = words(_("研判意见"), required=True, most=300)


class DismissForm(RoomForm):
    on = day(_("研判日期"))
    reason = forms.ChoiceField(label=_("排除原因"), choices=[("", "—"), *Alarm.Reason.choices])
    note = words(_("研判意见"), most=300)


class LetterForm(RoomForm):
    """文书 to the unit, begun with the facts of the alarm."""

    heed = _("发往被反映单位：只写数量和问题方面，不写信访件、举报人和被反映人。")

    kind = forms.ChoiceField(label=_("文种"), choices=[(kind.value, kind.label) for kind in KINDS])
    unit = UnitField(label=_("主送单位"))
    title = line(_("事由"), required=True, most=200)
    drafted_on = day(_("拟稿日期"))
    facts = words(_("信访反映的情况"), required=True, rows=4)
    suggestions = words(_("工作建议（每行一条）"), rows=4)
    reply_days = forms.IntegerField(label=_("反馈期限(日)"), required=False, min_value=1, max_value=365, initial=30)

    def prepare(self) -> None:
        if isinstance(self.thing, Alarm):
            about = matter_of(self.thing) or str(self.thing.subject or "")
            title = _("%(about)s信访反映问题") % {"about": about}
            self.begin(unit=str(self.thing.subject or ""), title=title, facts=facts_of(self.thing))


class ProposeForm(RoomForm):
    """A topic of the week, found again by its place and its first item: the word itself stands in no address."""

    heed: Any = _("提出后在“苗头预警”中研判确认或排除。关键词密封保存，只对持有本室密钥的人显示。")

    week = forms.DateField(widget=forms.HiddenInput())
    item = forms.UUIDField(widget=forms.HiddenInput())

    def prepare(self) -> None:
        self.heed = f"{self.thing}：{self.heed}"
