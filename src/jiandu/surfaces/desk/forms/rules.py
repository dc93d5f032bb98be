"""Forms of 建章立制: a rule as issued, what led to it, its text."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.views.choices import own_offices


class RuleForm(RoomForm):
    """A rule that the record led to."""

    title = line(_("制度名称"), required=True, most=200)
    number = line(_("文号"), most=64)
    issuer = line(_("制发机关"), required=True, most=128)
    issued_on = day(_("印发日期"))


class RecordRuleForm(RuleForm):
    """A rule entered in the register itself: there what led to it is named by number."""

    led_by = line(_("来由编号"), required=True, most=300)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.fields["led_by"].help_text = _("推动它的问题、项目、轮次、联系点问题或文书的编号，几个用顿号分开")
        self.choices("office", own_offices(guard.require_actor()))


class AmendRuleForm(RuleForm):
    """What was recorded wrongly."""

    reason = line(_("更正原因"), required=True, most=200)

    def prepare(self) -> None:
        names = ("title", "number", "issuer", "issued_on")
        self.begin(**{name: getattr(self.thing, name) for name in names})


class TextForm(RoomForm):
    """The text as issued."""

    file = forms.FileField(label=_("制度文本"))
