"""What forms of the rooms share: the thing they are about, and fields in which a unit or an office is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.selectors import item_by_key, items
from jiandu.net.overseers import selectors as overseers
from jiandu.net.subjects import selectors as subjects
from jiandu.net.subjects.models import Organisation, Person, Region
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.wording import said
from jiandu.surfaces.door.answers import words_of

OFFERED = 500  # names in the list under a field; any other may be typed


@dataclass(frozen=True)
class Group:
    """Fields of a long form that belong together, under a heading. `is_folded`: rare ones, behind it until asked for.

    `part`: what the style sheet hides while what was chosen elsewhere has no need of it; without one all is shown.
    """

    title: Any
    names: tuple[str, ...]
    part: str = ""
    is_folded: bool = False


class RoomForm(forms.Form):
    """A form about one thing. `prepare` sets its choices and what it begins with.

    `about` and `told`: a sentence and a list that stand above the fields, where there is something to know first; `heed`:
    a sentence that always does. `columns`: of the fields, on a wide screen.
    """

    about: Any = ""
    told: Sequence[str] = ()
    heed: Any = ""
    columns: int = 1
    groups: Sequence[Group] = ()
    looks: bool = False  # whether it tells, while typing, what else is planned (forms.schedule.Watching)

    def __init__(self, *args: Any, thing: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.thing = thing
        self.prepare()

    def prepare(self) -> None:
        """Nothing by default."""

    def begin(self, **values: Any) -> None:
        """What the fields say before anybody has typed."""
        self.initial.update(values)

    def choices(self, name: str, options: Any) -> None:
        self.fields[name].choices = options  # type: ignore[attr-defined]

    @property
    def grouped(self) -> list[dict[str, Any]]:
        """The groups with their fields; a fold is open where something was said or is wrong in it."""
        found = []
        for group in self.groups:
            fields = [self[name] for name in group.names if name in self.fields and not self[name].is_hidden]
            is_said = any(field.errors or field.value() not in (None, "", []) for field in fields)
            found.append({"group": group, "fields": fields, "is_open": is_said})
        return found

    @property
    def lists(self) -> dict[str, list[str]]:
        """The lists of names under the fields: id → names."""
        wanted = {field.widget.attrs.get("list") for field in self.fields.values()}
        if "units" not in wanted:
            return {}
        rows = subjects.organisations(guard.require_actor(), on=today())
        return {"units": list(rows.values_list("name", flat=True)[:OFFERED])}


class UnitField(forms.CharField):
    """A unit by its name, as the directory finds it."""

    def __init__(self, **kwargs: Any) -> None:
        listed = forms.TextInput(attrs={"list": "units", "autocomplete": "off"})
        super().__init__(max_length=200, widget=listed, **kwargs)

    def clean(self, value: Any) -> Organisation | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            unit = subjects.find_organisation(guard.require_actor(), text, on=today())
        except Refused as refused:
            raise forms.ValidationError(words_of(refused)) from refused
        if unit is None:
            raise forms.ValidationError(_("没有叫“%(name)s”的单位"), params={"name": text})
        return unit


class OfficeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An office that exists today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=None, empty_label="—", **kwargs)

    def __deepcopy__(self, memo: Any) -> "OfficeField":
        """Django copies the fields for each form: there the actor is known."""
        copy: OfficeField = super().__deepcopy__(memo)
        viewer = guard.actor()
        if viewer is not None:
            copy.queryset = overseers.offices(viewer, on=today())
        return copy


class RegionField(forms.CharField):
    """A division by its code or name."""

    def clean(self, value: Any) -> Region | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            region = subjects.find_region(guard.require_actor(), text)
        except Refused as refused:
            raise forms.ValidationError(words_of(refused)) from refused
        if region is None:
            raise forms.ValidationError(_("没有代码或名称为“%(name)s”的区划"), params={"name": text})
        return region


class ItemField(forms.ChoiceField):
    """One item of a dictionary, as it stands this year."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)
        self.kind = kind

    def __deepcopy__(self, memo: Any) -> "ItemField":
        """Django copies the fields for each form: there the actor is known."""
        copy: ItemField = super().__deepcopy__(memo)
        viewer = guard.actor()
        if viewer is not None:
            copy.choices = [("", "—"), *((str(item.pk), said(item)) for item in items(viewer, self.kind, today().year))]
        return copy

    def clean(self, value: Any) -> Item | None:
        key = super().clean(value)
        return item_by_key(guard.require_actor(), int(key)) if key else None


class SinceForm(RoomForm):
    """From when."""

    since = day(_("起"))


class UntilForm(RoomForm):
    """Up to and including which day."""

    until = day(_("止"))


class NothingForm(RoomForm):
    """Nothing is asked: the act is only confirmed."""


def document() -> forms.CharField:
    """The paper that a change rests on."""
    return line(_("依据文件"))


class LeaderField(forms.CharField):
    """A leader or officer by name, as he serves today."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)

    def clean(self, value: Any) -> Person | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            officer = overseers.find_officer(guard.require_actor(), text, office=None, on=today())
        except Refused as refused:
            raise forms.ValidationError(words_of(refused)) from refused
        if officer is None:
            raise forms.ValidationError(_("没有叫“%(name)s”的在任干部"), params={"name": text})
        return officer.person


class PeopleField(forms.CharField):
    """People, one a line: the name, then the unit where it is needed to tell namesakes apart (王某某 市教育局)."""

    def __init__(self, *, rows: int = 4, **kwargs: Any) -> None:
        super().__init__(max_length=20_000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> list[tuple[Person, Organisation | None]]:
        said = [each for each in (super().clean(value) or "").splitlines() if each.strip()]
        found, wrong = [], []
        for number, each in enumerate(said, 1):
            try:
                found.append(self.one(each))
            except Refused as refused:
                wrong.append(_("第%(number)d行：%(reason)s") % {"number": number, "reason": words_of(refused)})
        if wrong:
            raise forms.ValidationError(wrong)
        return found

    @staticmethod
    def one(said: str) -> tuple[Person, Organisation | None]:
        """The person that a line names, and the unit if it names one. Raises Refused."""
        name, _space, place = said.strip().partition(" ")
        viewer, unit = guard.require_actor(), None
        if place.strip():
            unit = subjects.find_organisation(viewer, place.strip(), on=today())
            if unit is None:
                raise Refused("unknown-unit", "没有登记过这个单位：%(name)s", name=place.strip())
        person = subjects.find_person(viewer, name, organisation=unit, on=today())
        if person is None:
            raise Refused("unknown-person", "没有登记过“%(name)s”，请先在单位档案登记任职", name=name)
        return person, unit
