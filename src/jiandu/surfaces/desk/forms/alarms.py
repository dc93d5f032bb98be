"""Forms of alarms: which week to look at, what is made of one."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.series import monday
from jiandu.surfaces.desk.forms.fields import day, words
from jiandu.surfaces.desk.forms.rooms import RoomForm
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
    reason = forms.ChoiceField(label=_("排除原因"), choices=Alarm.Reason.choices)
    note = words(_("研判意见"), most=300)
