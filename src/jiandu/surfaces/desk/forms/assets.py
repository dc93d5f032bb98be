"""The sheet of assets on the screen: its head once, then a row an asset in the order of the paper."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.selectors import AssetAsked
from jiandu.loop.grassroots.services.checks import NewLook
from jiandu.loop.grassroots.services.looking import Row
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.door.answers import words_of

PARTS = ("result", "asset", "on", "note")


class AssetsForm(forms.Form):
    """回访日期 and 办理人 hold for every row; a row may have a day of its own. Rows without a result are left out."""

    on = day(gettext_lazy("回访日期"))
    by_name = line(gettext_lazy("办理人"), required=True, most=64)

    def __init__(self, *args: Any, rows: list[AssetAsked], stage: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.stage = rows, stage
        self.initial.update(on=today(), by_name=guard.require_actor().name)
        for row in rows:
            self._add(row)
        if rows:
            self.fields[_name(rows[0], "result")].widget.attrs["autofocus"] = True

    def _add(self, row: AssetAsked) -> None:
        """The fields of a row; whoever hears the page hears its number with each."""
        choices = [("", "—"), *((str(n), f"{n} {one.label}") for n, one in enumerate(AssetLookBack.Result, 1))]
        fields: dict[str, forms.Field] = {
            "result": forms.ChoiceField(choices=choices, required=False),
            "asset": forms.CharField(max_length=200, required=False),
            "on": day(_("日期"), required=False, now=False),
            "note": forms.CharField(max_length=4000, required=False),
        }
        labels = {"result": _("结果"), "asset": _("资产名称"), "on": _("日期"), "note": _("情况")}
        for part, field in fields.items():
            field.label = _("第%(number)d行%(what)s") % {"number": row.number, "what": labels[part]}
            field.widget.attrs["aria-label"] = field.label
            self.fields[_name(row, part)] = field
        fields["result"].widget.attrs["data-digits"] = True
        if row.is_named:
            del self.fields[_name(row, "asset")]
        else:
            self.initial[_name(row, "asset")] = row.asset

    def lines(self) -> list[tuple[AssetAsked, dict[str, forms.BoundField]]]:
        """Each row with its fields, for the page."""
        names = [(row, [part for part in PARTS if _name(row, part) in self.fields]) for row in self.asked]
        return [(row, {part: self[_name(row, part)] for part in own}) for row, own in names]

    def told(self) -> list[Row]:
        """The rows that have a result."""
        return [row for row in map(self._row, self.asked) if row is not None]

    def _row(self, row: AssetAsked) -> Row | None:
        own = {part: self.cleaned_data.get(_name(row, part)) for part in PARTS}
        if not own["result"]:
            return None
        result = list(AssetLookBack.Result)[int(own["result"]) - 1]
        asset = row.asset if row.is_named else own["asset"]
        on, by_name = own["on"] or self.cleaned_data["on"], self.cleaned_data["by_name"]
        return Row(row.number, row.finding, NewLook(asset or "", self.stage, on, result, by_name, own["note"] or ""))

    def blame(self, wrong: dict[int, Refused]) -> None:
        """Each refused row says so at its result."""
        for row in self.asked:
            if row.number in wrong:
                self.add_error(_name(row, "result"), words_of(wrong[row.number]))


def _name(row: AssetAsked, part: str) -> str:
    return f"r{row.number}-{part}"
