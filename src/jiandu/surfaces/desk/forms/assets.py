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
from jiandu.loop.grassroots.services.instalments import NewInstalment, PackLine
from jiandu.loop.grassroots.services.looking import Row
from jiandu.surfaces.desk.forms.fields import Amount, day, line
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


PARTS_OF_MONEY = ("amount", "received", "paid", "receipt")
MOST_PAID = 3  # parts of a row on a sheet; more come with the next sheet or by Excel


class PackForm(AssetsForm):
    """The same with what was paid back, part by part; a row may have money and no result."""

    def _add(self, row: AssetAsked) -> None:
        super()._add(row)
        for turn in range(1, MOST_PAID + 1):
            labels = {
                "amount": _("收回金额(元)"),
                "received": _("到账日期"),
                "paid": _("缴款日期"),
                "receipt": _("收据号"),
            }
            fields: dict[str, forms.Field] = {
                "amount": Amount(required=False),
                "received": day("", required=False, now=False),
                "paid": day("", required=False, now=False),
                "receipt": line("", most=40),
            }
            for part, field in fields.items():
                field.label = labels[part]
                said = {"number": row.number, "turn": turn, "what": labels[part]}
                field.widget.attrs["aria-label"] = _("第%(number)d行第%(turn)d笔%(what)s") % said
                self.fields[_paid(row, turn, part)] = field

    def clean(self) -> dict[str, Any]:
        """A part says how much and when it reached the account, or nothing."""
        said = super().clean() or self.cleaned_data
        for row in self.asked:
            for turn in range(1, MOST_PAID + 1):
                own = {part: said.get(_paid(row, turn, part)) for part in PARTS_OF_MONEY}
                if own["amount"] and not own["received"]:
                    self.add_error(_paid(row, turn, "received"), _("尚未到账的不登记，到账后再填"))
                elif any(own.values()) and not own["amount"] and _paid(row, turn, "amount") not in self.errors:
                    self.add_error(_paid(row, turn, "amount"), _("请填写收回金额"))
        return said

    def money(self, row: AssetAsked) -> list[tuple[bool, list[forms.BoundField]]]:
        """The parts of a row for the page: whether something stands in it, and its fields."""
        parts = [[self[_paid(row, turn, part)] for part in PARTS_OF_MONEY] for turn in range(1, MOST_PAID + 1)]
        return [(any(field.value() or field.errors for field in own), own) for own in parts]

    def packed(self) -> list[PackLine]:
        """The rows that say something."""
        looks = {row.number: row.new for row in self.told()}
        lines = [
            PackLine(row.number, row.finding, row.asset, looks.get(row.number), self._parts(row)) for row in self.asked
        ]
        return [line for line in lines if line.look or line.paid]

    def _parts(self, row: AssetAsked) -> tuple[NewInstalment, ...]:
        said = [
            [self.cleaned_data.get(_paid(row, turn, part)) for part in PARTS_OF_MONEY]
            for turn in range(1, MOST_PAID + 1)
        ]
        return tuple(
            NewInstalment(amount, received, paid, receipt or "")
            for amount, received, paid, receipt in said
            if amount and received
        )


def _paid(row: AssetAsked, turn: int, part: str) -> str:
    return f"r{row.number}-p{turn}-{part}"


def _name(row: AssetAsked, part: str) -> str:
    return f"r{row.number}-{part}"
