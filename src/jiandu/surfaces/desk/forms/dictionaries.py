"""Forms of the dictionaries and of the working calendar."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.lexicon.calendar import Holiday
from jiandu.base.lexicon.selectors import every_item
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.forms.rooms import RoomForm

LINE = re.compile(r"\s+")


class ItemForm(RoomForm):
    """A new choice of a dictionary."""

    code = line(_("代码"), required=True, most=32)
    label_zh = line(_("名称"), required=True, most=64)
    label_en = line(_("英文名称"), required=True, most=96)
    since = day(_("启用日期"), required=False, now=False)


class LabelForm(RoomForm):
    """What a choice is called from now on."""

    label_zh = line(_("名称"), required=True, most=64)
    label_en = line(_("英文名称"), required=True, most=96)

    def prepare(self) -> None:
        self.begin(label_zh=self.thing.label_zh, label_en=self.thing.label_en)


class PlaceForm(RoomForm):
    """Where it stands in the list."""

    place = forms.IntegerField(label=_("排在第几位"), min_value=1, max_value=999)

    def prepare(self) -> None:
        self.begin(place=self.thing.order)


class RetireForm(RoomForm):
    """The last day on which it is chosen."""

    until = day(_("最后使用日期"))


class MergeForm(RoomForm):
    """Which item replaces it, from when."""

    into = forms.ChoiceField(label=_("并入"))
    on = day(_("起"))

    def prepare(self) -> None:
        rows = every_item(guard.require_actor(), self.thing.kind, self.thing.year).exclude(pk=self.thing.pk)
        self.choices("into", [(row.pk, row.label_zh) for row in rows if row.until is None])


class CopyForm(RoomForm):
    """Which list the year begins with."""

    from_year = forms.ChoiceField(label=_("复制自"), required=False)

    def prepare(self) -> None:
        self.choices("from_year", [*((year, year) for year in self.thing.years), ("", _("通用"))])


class NoticeForm(RoomForm):
    """A year's notice, line by line."""

    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    notice = line(_("通知文号"))
    holidays = forms.CharField(
        label=_("放假安排"),
        widget=forms.Textarea(attrs={"rows": 8, "placeholder": "春节 2027-02-05 2027-02-11 2027-01-31 2027-02-14"}),
        help_text=_("每行一个节日:名称 放假首日 放假末日 调休上班日(可多个),以空格分开"),
    )

    def prepare(self) -> None:
        self.begin(year=self.thing)

    def clean_holidays(self) -> list[Holiday]:
        lines = [text.strip() for text in self.cleaned_data["holidays"].splitlines()]
        return [self._holiday(number, text) for number, text in enumerate(lines, start=1) if text]

    @staticmethod
    def _holiday(number: int, text: str) -> Holiday:
        name, *days = LINE.split(text)
        try:
            first, last, *worked = [date.fromisoformat(one) for one in days]
        except ValueError as error:
            words: Any = _("第%(number)d行有误:%(text)s")
            raise forms.ValidationError(words, params={"number": number, "text": text}) from error
        return Holiday(name, first, last, tuple(worked))
