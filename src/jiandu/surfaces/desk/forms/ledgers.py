"""What an import asks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.surfaces.desk.intakes import Intake


class UploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(label=_("台账文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


class BookForm(forms.Form):
    """A sheet of a register: of which kind it is where there are several, and the workbook."""

    book = forms.ChoiceField(label=_("登记表种类"))
    file = forms.FileField(label=_("登记表文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))

    def __init__(self, *args: Any, intake: Intake, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        books = [register.book for register in intake.registers]
        kinds = [(book.key, book.label) for book in books]
        widget = forms.Select if len(kinds) > 1 else forms.HiddenInput  # nothing to choose
        self.fields["book"] = forms.ChoiceField(label=_("登记表种类"), choices=kinds, widget=widget)


class CommitForm(forms.Form):
    """Whether what is missing is to be created."""

    create_missing = forms.BooleanField(label=_("同时建立上面列出的名称"), required=False)


class ReturnForm(forms.Form):
    """A unit's sheet; who answered and when, where the sheet does not say."""

    file = forms.FileField(label=_("单位发回的反馈表(.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
    people = forms.CharField(label=_("填报人（表中已填的不必再填）"), max_length=64, required=False)
    on = forms.DateField(
        label=_("填报日期（表中已填的不必再填）"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
