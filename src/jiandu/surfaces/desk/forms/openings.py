"""Forms of the custodians: which sender is to be opened and why; whether another consents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.sources.petitions.models import SenderOpening
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.views.choices import own_offices

HOURS = ((1, _("1小时")), (4, _("4小时")), (24, _("24小时")))


class AskForm(RoomForm):
    """A number, a reason, how far, for how long."""

    heed = _("启封须由另一名保管员同意；申请、同意和每次查看都记入审计日志。")

    petition_code = line(_("信访编号"), required=True, most=32)
    why = forms.ChoiceField(label=_("启封事由"), choices=SenderOpening.Why.choices)
    note = line(_("依据和说明"), required=True, most=200)
    extent = forms.ChoiceField(label=_("启封范围"), choices=SenderOpening.Extent.choices)
    hours = forms.TypedChoiceField(label=_("有效时间"), choices=HOURS, coerce=int, initial=1)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.fields["note"].help_text = _("不写举报人姓名和反映内容")
        self.choices("office", own_offices(guard.require_actor()))


class DecideForm(RoomForm):
    on = day(_("决定日期"))
