"""问题归类 asks which aspect the ticked findings are given, and why."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.surfaces.desk.forms.fields import line


class SortForm(forms.Form):
    """归入 an aspect; the reason stands in the steps of all of them."""

    aspect = forms.ChoiceField(label=_("归入"))
    note = line(_("理由"), required=True, most=200)

    def __init__(self, *args: Any, aspects: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["aspect"].choices = aspects  # type: ignore[attr-defined]
