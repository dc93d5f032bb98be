"""The fields that forms share: a date, a few sentences, a line."""

from django import forms

from jiandu.base.core.clock import today


def day(label: object, *, required: bool = True, now: bool = True) -> forms.DateField:
    """A date; today unless `now` is off."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, initial=today if now else None, widget=widget)  # type: ignore[arg-type]


def words(label: object, *, required: bool = False, rows: int = 3) -> forms.CharField:
    """A few sentences."""
    return forms.CharField(label=label, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}))  # type: ignore[arg-type]


def line(label: object, *, required: bool = False, most: int = 128) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most)  # type: ignore[arg-type]
