"""台账核对 on the spot: a row a thing of the ledger, three marks to choose from, and room for what is not as recorded."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from jiandu.base.core.errors import Refused
from jiandu.loop.grassroots.models import LedgerTick
from jiandu.loop.grassroots.services.ticking import NewTick
from jiandu.loop.grassroots.ticks import Ticked
from jiandu.surfaces.door.answers import words_of


class TicksForm(forms.Form):
    """Rows without a mark are left out."""

    def __init__(self, *args: Any, rows: list[Ticked], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = rows
        for row in rows:
            self._add(row)

    def _add(self, row: Ticked) -> None:
        """The fields of a row; whoever hears the page hears its number with each."""
        said = [
            _("第%(number)d行%(what)s") % {"number": row.number, "what": what} for what in (_("核对结果"), _("情况"))
        ]
        results = LedgerTick.Result.choices
        mark = forms.ChoiceField(choices=results, required=False, widget=forms.RadioSelect, label=said[0])
        note = forms.CharField(max_length=500, required=False, label=said[1])
        note.widget.attrs.update({"aria-label": said[1], "placeholder": _("不符之处")})
        self.fields[_name(row, "result")], self.fields[_name(row, "note")] = mark, note
        if row.tick is not None:
            self.initial.update({_name(row, "result"): row.tick.result, _name(row, "note"): row.tick.note})
            mark.disabled = note.disabled = row.tick.finding_id is not None

    def lines(self) -> list[tuple[Ticked, dict[str, forms.BoundField]]]:
        """Each row with its fields, for the page."""
        return [(row, {part: self[_name(row, part)] for part in ("result", "note")}) for row in self.asked]

    def told(self) -> list[NewTick]:
        """The rows that have a mark and are not yet a finding."""
        rows = [row for row in self.asked if row.tick is None or row.tick.finding_id is None]
        said = [
            (row, self.cleaned_data.get(_name(row, "result")), self.cleaned_data.get(_name(row, "note")))
            for row in rows
        ]
        return [NewTick(row.thing.code, result, note or "") for row, result, note in said if result]

    def blame(self, refused: Refused) -> bool:
        """Whether the refusal could be told at its row."""
        for row in self.asked:
            if refused.details.get("code") == row.thing.code:
                self.add_error(_name(row, "note"), words_of(refused))
                return True
        return False


def _name(row: Ticked, part: str) -> str:
    return f"r{row.number}-{part}"
