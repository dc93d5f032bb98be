"""What an import and an export ask."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The workbook, and whether missing units, offices and projects are to be created."""

    file = forms.FileField(label=_("台账文件(.xlsx 或 .csv)"))
    create_missing = forms.BooleanField(label=_("建立表中新出现的单位、机构、项目"), required=False)


class CommitForm(forms.Form):
    """Which file was previewed (signed), and whether what is missing is to be created."""

    token = forms.CharField(widget=forms.HiddenInput)
    create_missing = forms.BooleanField(label=_("建立表中新出现的单位、机构、项目"), required=False)
