"""What the audit administrator looks for, and why something said is erased."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.log_words import SUBJECTS


class LogForm(forms.Form):
    """Conditions on the log; what cannot be understood is left out."""

    actor = line(_("姓名或用户"), most=64)
    verb = forms.ChoiceField(label=_("动作"), required=False)
    obj = line(_("对象"), most=64)
    since = day(_("起"), required=False, now=False)
    until = day(_("止"), required=False, now=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dotted = {"seen", "sign_in", "sign_out"}
        options = [(key if key in dotted else f"{key}.", label) for key, label in SUBJECTS.items()]
        self.fields["verb"].choices = [("", "—"), *options]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """What is asked for, without empty and malformed values."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class EraseForm(RoomForm):
    """Why what was said is erased."""

    reason = words(_("清除原因"), required=True, rows=2)
