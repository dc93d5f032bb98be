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


MOST_FILES = 50


class ManyFiles(forms.FileInput):
    """Several files chosen at once."""

    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return list(files.getlist(name)) if hasattr(files, "getlist") else [files[name]] if name in files else []


class FilesField(forms.FileField):
    """One file or several: the list of them."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        found = list(data or [None])
        if len(found) > MOST_FILES:
            raise forms.ValidationError(_("一次最多上传%(most)s个文件"), params={"most": MOST_FILES})
        return [super(FilesField, self).clean(one, initial) for one in found]


class SinceForm(forms.Form):
    """From which day on a unit's report counts as its answer."""

    since = forms.DateField(label=_("起始日期"))


class ReturnForm(forms.Form):
    """Units' sheets, one or many; who answered and when, where a sheet does not say."""

    file = FilesField(
        label=_("单位发回的反馈表(.xlsx，可一次选择多个，或打成一个.zip包)"),
        widget=ManyFiles(attrs={"accept": ".xlsx,.csv,.zip"}),
    )
    people = forms.CharField(label=_("填报人（表中已填的不必再填）"), max_length=64, required=False)
    on = forms.DateField(
        label=_("填报日期（表中已填的不必再填）"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
