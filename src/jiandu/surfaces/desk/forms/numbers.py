"""What is asked of a number: the year and the as-of date."""

from collections.abc import Callable, Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.results.analysis.measures.registry import Ask


class AskForm(forms.Form):
    """Year and 统计截止日."""

    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100, required=False)
    as_of = forms.DateField(
        label=_("统计截止日"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )

    @classmethod
    def read(cls, said: Mapping[str, str], latest: Callable[[date], int | None]) -> tuple["AskForm", Ask]:
        """The form of a page's address, showing what is asked; where nothing is, the latest year that has records."""
        form = cls(said)
        ask = form.asked()
        if not said.get("year") and not said.get("as_of"):
            ask = cls({"year": latest(today())}).asked()
        if form.errors:
            return form, ask
        return cls({"year": ask.year, "as_of": ask.as_of}), ask

    def asked(self) -> Ask:
        """As given, else this year and today. A past year is asked to its end."""
        given = self.cleaned_data if self.is_valid() else {}
        year, day = given.get("year"), given.get("as_of")
        if day is None:
            day = today() if year is None else min(today(), date(year, 12, 31))
        return Ask(year or day.year, day)


class SectionForm(forms.Form):
    """A section of a review: heading and sentences, one a line; {key} stands for a measure, {key, key / split} for a picture."""

    title = forms.CharField(label=_("小标题"), max_length=100)
    text = forms.CharField(label=_("正文(每行一句,{指标} 处自动填数)"), widget=forms.Textarea(attrs={"rows": 8}))
