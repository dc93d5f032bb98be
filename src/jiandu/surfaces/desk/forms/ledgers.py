"""What an import asks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class UploadForm(forms.Form):
    """The workbook."""

    file = forms.FileField(label=_("台账文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))


class CommitForm(forms.Form):
    """Whether what is missing is to be created."""

    create_missing = forms.BooleanField(label=_("同时建立上面列出的名称"), required=False)
