"""Forms of what is signed on paper about a project, round, topic or campaign."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.sources.activities.models import Activity, ActivityApproval
from jiandu.sources.activities.selectors import activity_by_code
from jiandu.sources.activities.services.deciding import awaits
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.instruments import ConfirmPaperForm, DecideForm, PaperForm
from jiandu.surfaces.desk.forms.rooms import RoomForm

Verb = ActivityApproval.Verb


class ActivityPaperForm(PaperForm):
    """What the paper decides, who signed it, when, in which words."""

    verb = forms.ChoiceField(label=_("事项"))
    note = words(_("说明"))
    code = line(_("并入的项目编号"), most=32)
    until = day(_("延期至"), required=False, now=False)
    field_order = ("verb", "is_granted", "signer", "on", "opinion", "note", "code", "until", "scan")

    def prepare(self) -> None:
        waiting = awaits(self.thing) if isinstance(self.thing, Activity) else ()
        self.choices("verb", [(verb.value, verb.label) for verb in waiting])
        if Verb.MERGE not in waiting:
            del self.fields["code"]
        if Verb.PUT_OFF not in waiting:
            del self.fields["until"]

    def clean(self) -> dict[str, object]:
        """The project that this one goes into, by its number."""
        said = super().clean() or {}
        code = said.pop("code", "")
        said["into"] = None
        if said.get("verb") == Verb.MERGE:
            said["into"] = activity_by_code(guard.require_actor(), Activity.Kind.PROJECT, code.strip())
            if said["into"] is None:
                self.add_error("code", str(Refused("merge-main", _("请选择另一个未并入的项目,并写明原因"))))
        return said


class ConfirmActivityPaperForm(ConfirmPaperForm):
    """What was typed stands above; of which matter, and what the paper says beside the decision."""

    def prepare(self) -> None:
        super().prepare()
        if isinstance(self.thing, ActivityApproval):
            row = self.thing
            into = str(row.merge_into) if row.merge_into else ""
            self.told = [*proposed(row, into), *self.told]


def proposed(row: ActivityApproval, into: str) -> list[str]:
    """What is put to the leader, line by line."""
    said = (
        (_("事项"), row.get_verb_display()),
        (_("说明"), row.note),
        (_("并入"), into),
        (_("延期至"), row.until.isoformat() if row.until else ""),
    )
    return [_("%(name)s：%(value)s") % {"name": name, "value": value} for name, value in said if value]


class DecideActivityForm(DecideForm):
    """签批 online of what was put to the leader: it stands above."""

    def prepare(self) -> None:
        super().prepare()
        if isinstance(self.thing, ActivityApproval):
            row = self.thing
            asked = _("提请人：%(name)s（%(on)s）") % {"name": row.asked_by_name, "on": row.asked_on.isoformat()}
            self.told = [*proposed(row, str(row.merge_into) if row.merge_into else ""), asked]


class TakeBackForm(RoomForm):
    reason = words(_("撤回原因"), required=True)


class ReturnPaperForm(RoomForm):
    reason = words(_("退回原因"), required=True)
