"""What is asked of a number: the year and the as-of date."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today


class AskForm(forms.Form):
    """Year and 统计截止日; both default to now."""

    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100, required=False)
    as_of = forms.DateField(label=_("统计截止日"), required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def asked(self) -> tuple[int, date]:
        """(year, as-of date): as given, else this year and today."""
        said = self.cleaned_data if self.is_valid() else {}
        day = said.get("as_of") or today()
        return said.get("year") or day.year, day


class SectionForm(forms.Form):
    """A section of a review: heading and sentences, one a line; {key} stands for a measure."""

    title = forms.CharField(label=_("小标题"), max_length=100)
    text = forms.CharField(label=_("正文(每行一句,{指标} 处自动填数)"), widget=forms.Textarea(attrs={"rows": 8}))
