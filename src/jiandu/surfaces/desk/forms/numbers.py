"""What is asked of a number: the year and the as-of date."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.net.overseers.models import Office
from jiandu.results.analysis.measures.registry import MECHANISMS, Ask, all_measures
from jiandu.results.reports.states import Verdict
from jiandu.surfaces.desk.forms.fields import day, line, words


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


class AnswerForm(forms.Form):
    """What the office says to a figure of the 核数单: to the rows that it was shown (`seen`)."""

    seen = forms.CharField(max_length=64, widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=_("答复"),
        choices=[(one.value, one.label) for one in (Verdict.AGREE, Verdict.OBJECT)],
        widget=forms.RadioSelect,
        initial=Verdict.AGREE,
    )
    reason = words(_("理由（有异议的必填）"))
    on = day(_("答复日期"))
    signer = line(_("纸质签批人（线上答复的不填）"), most=64)


class ReasonForm(forms.Form):
    """注明理由定稿: why the text is not to wait for the answers; for one figure, or for all that are not settled."""

    key = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    reason = words(_("不待答复即定稿的理由"), required=True)


class OwnerForm(forms.Form):
    """Which office answers for a measure, or for all of a mechanism, from a year on."""

    year = forms.IntegerField(label=_("起始年度"), min_value=1990, max_value=2100)
    about = forms.ChoiceField(label=_("统计指标或监督机制"))
    office = forms.ChoiceField(label=_("归口室组"), required=False)

    def __init__(self, *args: object, offices: Iterable[Office], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        measures = [(key, say(one.label)) for key, one in all_measures().items()]
        mechanisms = [(one.value, say(label)) for one, label in MECHANISMS.items()]
        self.offices = {str(one.uid): one for one in offices}
        self.fields["about"].choices = [(_("监督机制"), mechanisms), (_("统计指标"), measures)]  # type: ignore[attr-defined]
        named = [(uid, one.name) for uid, one in self.offices.items()]
        self.fields["office"].choices = [("", _("按牵头室组（不另定）")), *named]  # type: ignore[attr-defined]

    def owner(self) -> Office | None:
        """The office chosen; none: as by default."""
        return self.offices.get(self.cleaned_data["office"])
