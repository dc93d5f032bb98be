"""What 套表 asks: a superior's blank, once; for which cells what is changed."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from jiandu.results.analysis.measures.registry import MECHANISMS, all_measures
from jiandu.results.filling.bindings import SPANS
from jiandu.results.filling.selectors import measures_called
from jiandu.surfaces.desk.told.filling import span_words

SHOWN = 8  # measures that a name may mean, in the error


class NewFormForm(forms.Form):
    """The blank as it came."""

    file = forms.FileField(
        label=_("上级下发的空表(.xlsx)"),
        max_length=200,
        widget=forms.FileInput(attrs={"accept": ".xlsx", "autofocus": True}),
    )
    name = forms.CharField(label=_("名称"), required=False, max_length=200, help_text=_("不填则用文件名"))
    office = forms.ChoiceField(label=_("承办室组"))

    def __init__(self, *args: Any, offices: Sequence[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office"].choices = list(offices)  # type: ignore[attr-defined]


def measure_options() -> dict[str, str]:
    """What each measure is called in the list, and its key; of one label the mechanism stands before it."""
    labels = [say(one.label) for one in all_measures().values()]
    return {
        label if labels.count(label) == 1 else f"{say(MECHANISMS[one.mechanism])} · {label}": key
        for key, one in all_measures().items()
        for label in [say(one.label)]
    }


class BindForm(forms.Form):
    """For cells: a measure, the months, what it is narrowed by. Empty stays as it is."""

    sheet = forms.CharField(max_length=64, widget=forms.HiddenInput)
    at = forms.CharField(label=_("格"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    measure = forms.CharField(
        label=_("指标"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"list": "measures", "autocomplete": "off"}),
    )
    span = forms.ChoiceField(label=_("期间"), required=False)
    words = forms.CharField(
        label=_("分类"), required=False, max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.options = measure_options()
        spans = [(key, span_words(key)) for key in SPANS]
        self.fields["span"].choices = [("", "—"), *spans]  # type: ignore[attr-defined]

    def clean_measure(self) -> str:
        """The key of the one measure that is meant."""
        text = self.cleaned_data["measure"].strip()
        if not text:
            return ""
        keys = [self.options[text]] if text in self.options else measures_called(text)
        if len(keys) == 1:
            return keys[0]
        if not keys:
            raise forms.ValidationError(_("没有叫“%(name)s”的指标"), params={"name": text})
        names = [name for name, key in self.options.items() if key in keys][:SHOWN]
        raise forms.ValidationError(_("“%(name)s”可能是：%(names)s"), params={"name": text, "names": "、".join(names)})
