"""What 校数 asks: the draft, pasted or as a file, and of which year and day it tells."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.results.proofing.drafts import LIMITS, LONGEST


class ProofForm(forms.Form):
    """One of the two; year and day where the draft does not say them itself."""

    text = forms.CharField(
        label=_("粘贴文稿"),
        required=False,
        max_length=LONGEST,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )
    file = forms.FileField(
        label=_("或上传文稿(.docx 或 .txt)"),
        required=False,
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".docx,.txt"}),
    )
    year = forms.IntegerField(
        label=_("年度"), min_value=1990, max_value=2100, required=False, help_text=_("不填则按文中所写")
    )
    as_of = forms.DateField(
        label=_("统计截止日"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        file = said.get("file")
        if not self.errors and not file and not said.get("text", "").strip():
            raise forms.ValidationError(_("请粘贴文稿，或选择文件"))
        if file and file.size > LIMITS.file_bytes:
            self.add_error("file", _("文件过大，请删除图片后再校"))
        return said
