"""Forms of 上门安排 and 合并开展."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.ui.templatetags.ui import iso
from jiandu.sources.activities.arrangements import Arrangement
from jiandu.sources.activities.models import LinkedUnit
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.forms.watching import UnitsForm
from jiandu.surfaces.desk.schedule import Clash, clashes


class ArrangeForm(UnitsForm):
    """Which units, on which day, about what."""

    units = words(_("单位(每行一家)"), required=True, rows=4)
    on = day(_("计划日期"), now=False)
    note = line(_("内容"), most=200)
    is_unannounced = forms.BooleanField(
        label=_("不打招呼"), required=False, help_text=_("其他室组看不到这项安排，也不提示撞期")
    )


class RearrangeForm(RoomForm):
    new_day = day(_("改为"), now=False)

    def prepare(self) -> None:
        if isinstance(self.thing, Arrangement):
            self.begin(new_day=self.thing.on)


class JoinForm(RoomForm):
    """Which of the days near is joined: the plan goes to that day, the other office is asked."""

    about = _("计划日期改为所选日期，并请对方室组答复")
    theirs = forms.ChoiceField(label=_("与哪一项合并开展"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        found: list[Clash] = []
        if isinstance(self.thing, LinkedUnit | Arrangement):
            on = self.thing.planned_on if isinstance(self.thing, LinkedUnit) else self.thing.on
            planned = {self.thing.organisation: on} if on else {}
            found = clashes(guard.require_actor(), planned, besides=self.thing.activity.uid)
        options = [(clash.value, told(clash)) for clash in found if clash.value]
        nothing, free = _("本单位近期没有其他室组尚未开展的安排"), _("对方不便的，仍可各自开展")
        self.told = [str(free if options else nothing)]
        self.choices("theirs", options)


class DeclineForm(RoomForm):
    note = line(_("说明"), required=True, most=200)


class CancelForm(RoomForm):
    on = day(_("取消日期"))
    reason = line(_("取消原因"), required=True, most=200)


def told(clash: Clash) -> str:
    """Which day, what, by whom."""
    said: dict[str, Any] = {"on": iso(clash.entry.on), "kind": clash.entry.kind, "office": clash.entry.office.name}
    return str(_("%(on)s %(kind)s · %(office)s")) % said
