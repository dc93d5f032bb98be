"""粘贴录入 asks for the text; the rest is set by the room from which the page was opened, and may be changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.surfaces.desk.forms.fields import day, line


class PasteForm(forms.Form):
    """The room, then what is pasted. `seen` says which text has been previewed."""

    source = forms.ChoiceField(label=_("来源"))
    office = forms.ChoiceField(label=_("承办室组"))
    subject = line(_("责任单位"))
    registered_on = day(_("登记日期"))
    text = forms.CharField(
        label=_("粘贴的内容"),
        max_length=4_000_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
        help_text=_(
            "从 Excel 复制表格，或从 Word 复制问题，每行一个；没有表头的依次是责任单位、问题表现、具体事实、方面、涉及金额、"
            "责任人、登记日期；表中没有填的责任单位和登记日期按上面的填写。最多5000行。"
        ),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]
        self.fields["subject"].widget.attrs.update(list="units", autocomplete="off")
