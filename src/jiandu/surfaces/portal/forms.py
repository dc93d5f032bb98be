"""The portal's three forms. They keep nothing: what is typed is sealed, or shown again to who typed it."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.intake.models import Rank
from jiandu.base.intake.services.cleaning import Wish
from jiandu.base.intake.services.filing import LONGEST
from jiandu.base.intake.services.keys import Receiver
from jiandu.base.sealing.receipts import Receipt, read_receipt
from jiandu.surfaces.door.answers import words_of

QUIET = {"autocomplete": "off", "spellcheck": "false"}


def _line(label: Any, *, most: int = 100, required: bool = False, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=most,
        required=required,
        help_text=help_text,
        widget=forms.TextInput(attrs=QUIET),
    )


def _text(label: Any, rows: int, help_text: Any = "") -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows, **QUIET})
    return forms.CharField(label=label, max_length=LONGEST, help_text=help_text, widget=box)


class WholeForm(forms.Form):
    """What was broken off on the way lacks its last field: it is not taken for the whole, whatever came of it."""

    def clean(self) -> dict[str, Any] | None:
        if not self.data.get("whole"):
            raise forms.ValidationError(_("提交中断，没有收全，请重新提交"))
        return super().clean()


class ReportForm(WholeForm):
    """Whom it is about decides whose key it is sealed to; what happened; who tells it, if he wants to."""

    office = forms.ChoiceField(label=_("受理机关"))
    is_own = forms.BooleanField(
        label=_("反映的是该机关的领导或者工作人员"),
        required=False,
        help_text=_("勾选后只有上级机关能打开，该机关看不到内容"),
    )
    person = _line(_("被反映人姓名"))
    rank = forms.ChoiceField(
        label=_("职级"), choices=Rank.choices, initial=Rank.OTHER, help_text=_("决定由哪一级机关受理")
    )
    unit = _line(_("被反映人单位"))
    post = _line(_("职务"))
    summary = _text(_("反映内容"), 10, _("写清时间、地点、经过和依据；不想暴露身份的，不要写只有您知道的细节"))
    cleaning = forms.ChoiceField(
        label=_("附件里的来源信息"),
        choices=Wish.choices,
        initial=Wish.ALL,
        required=False,
        widget=forms.RadioSelect,
        help_text=_(
            "拍摄地点和时间、设备、作者等，能暴露是谁提供的。清除后画面和文字不变，颜色可能略有差别，原件不保留；拍摄地点和时间本身就是证据的，请原样提交。"
            "AVI视频、BMP和TIFF图片、压缩包、邮件和doc、xls、ppt、WPS、OFD文件清除不了"
        ),
    )
    name = _line(_("您的姓名"), most=64)
    contact = _line(_("联系方式"), help_text=_("不填即为匿名；匿名举报也受理，凭查询码查看答复"))

    def __init__(self, *args: Any, offices: list[Receiver], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = [(str(each.office), each.name) for each in offices]  # type: ignore[attr-defined]

    def clean_cleaning(self) -> str:
        return self.cleaned_data["cleaning"] or Wish.ALL

    @property
    def chosen(self) -> UUID:
        """The office."""
        return UUID(self.cleaned_data["office"])

    @property
    def said(self) -> dict[str, str]:
        """What is for the office."""
        return {name: self.cleaned_data[name].strip() for name in ("summary", "person", "post", "unit")}

    @property
    def sender(self) -> dict[str, str] | None:
        """What is for the custodians alone; None: anonymous."""
        given = {name: self.cleaned_data[name].strip() for name in ("name", "contact")}
        return given if any(given.values()) else None


class AskForm(WholeForm):
    """The receipt, as it was written down."""

    receipt = _line(_("查询码"), most=60, required=True, help_text=_("26个字符，大小写、空格和横线都可以不管"))

    def clean_receipt(self) -> Receipt:
        try:
            return read_receipt(self.cleaned_data["receipt"])
        except Refused as refused:
            raise forms.ValidationError(words_of(refused)) from None


class MessageForm(AskForm):
    """A further word; the receipt comes along unseen."""

    receipt = forms.CharField(max_length=60, widget=forms.HiddenInput)
    text = _text(_("补充内容"), 5)
