"""Forms of 本单位模板: the workbook, and what its columns hold."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.loop.workbooks.models import LedgerTemplate
from jiandu.loop.workbooks.templates import choices
from jiandu.surfaces.desk.forms.fields import attached, line
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.views.choices import own_offices


class TemplateForm(RoomForm):
    """The office's own workbook: with its title, header and print set-up; rows that are in it are not kept."""

    office = forms.ChoiceField(label=_("室组"))
    name = line(_("模板名称"), required=True, most=64)
    file = attached(_("工作簿（.xlsx）"), required=True)

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
        self.about = _("上传平时使用的台账")
        self.told = [
            str(_("标题、栏目、次序、列宽、字体和打印设置（A3横向等）照原样保留；已有的数据行不保存。")),
            str(_("栏目按导入时的同义词识别，认不出的留空（黄底），可以在模板页另行指定。")),
        ]


class BindForm(RoomForm):
    """What each column holds: named by its letter and title."""

    def prepare(self) -> None:
        if isinstance(self.thing, LedgerTemplate):
            options = choices()
            for letter, title, key in self.thing.columns:
                label = format_html('{} <span translate="no">{}</span>', letter, title)  # words of the office's own
                field: Any = forms.ChoiceField(label=label, choices=options, required=False, initial=key)
                self.fields[f"column_{letter}"] = field

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        keys = {name.removeprefix("column_"): said.pop(name) for name in list(said) if name.startswith("column_")}
        return {"keys": keys, **said}
