"""What an import asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.net.overseers.rosters.books import BOOKS


class UploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(label=_("台账文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


class RosterForm(forms.Form):
    """A roster sheet: of which kind it is, and the workbook."""

    book = forms.ChoiceField(label=_("名册"), choices=[(book.key, book.label) for book in BOOKS.values()])
    file = forms.FileField(label=_("名册文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


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
