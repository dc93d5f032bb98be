"""The fields that forms share: a date, a few sentences, a line, a file."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.text import parse_money_fen, split_term


def day(label: object, *, required: bool = True, now: bool = True) -> forms.DateField:
    """A date; today unless `now` is off."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, initial=today if now else None, widget=widget)  # type: ignore[arg-type]


def words(label: object, *, required: bool = False, rows: int = 3, most: int = 4000) -> forms.CharField:
    """A few sentences, as many as the column holds."""
    return forms.CharField(label=label, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))  # type: ignore[arg-type]


def line(label: object, *, required: bool = False, most: int = 128) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most)  # type: ignore[arg-type]


def attached(label: object, *, required: bool = False) -> forms.FileField:
    """A file for the store, under a name that its row can hold."""
    return forms.FileField(label=label, required=required, max_length=200)  # type: ignore[arg-type]


class Measures(forms.CharField):
    """Measures, one a line, as (text, term): the date that stands apart at the end of a line is its term, else None.

    A sheet's two columns pasted are such lines.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": 5}), **kwargs)

    def clean(self, value: Any) -> list[tuple[str, date | None]]:
        """Raises ValidationError for a line that is a date alone."""
        said = super().clean(value)
        return [_measure(text.strip()) for text in said.splitlines() if text.strip()]


def _measure(line: str) -> tuple[str, date | None]:
    text, term = split_term(line)
    if not text:
        raise forms.ValidationError(_("请填写整改措施：%(line)s"), params={"line": line})
    return text, term


class Amount(forms.Field):
    """An amount in yuan, understood as a sheet's would be (3,700 · 0.37万元), given in fen; nothing for nothing."""

    widget = forms.TextInput(attrs={"maxlength": "32", "inputmode": "decimal"})

    def to_python(self, value: Any) -> int | None:
        """Raises ValidationError with the reason."""
        try:
            return parse_money_fen(str(value or "")[:64])
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Fen as yuan; what was typed as it was."""
        return f"{value / 100:.2f}" if isinstance(value, int) else value
