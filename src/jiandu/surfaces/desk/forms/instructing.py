"""Forms of 批示 on letters and activities."""

from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.net.access.instructing import leader_first
from jiandu.net.access.models import Owned
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import OfficeField, RoomForm


class InstructForm(RoomForm):
    """Who wrote what, given to which office, by when."""

    leader = line(_("批示领导"), required=True, most=64)
    on = day(_("批示日期"))
    text = words(_("批示内容"), required=True)
    given_to = OfficeField(label=_("承办室组"))
    due_on = day(_("办理时限"), required=False, now=False)

    def prepare(self) -> None:
        if isinstance(self.thing, Owned):
            self.begin(leader=leader_first(guard.require_actor(), self.thing))


class AnswerInstructionForm(RoomForm):
    """What came of it."""

    on = day(_("办结日期"))
    answer = words(_("办理结果"), required=True)
