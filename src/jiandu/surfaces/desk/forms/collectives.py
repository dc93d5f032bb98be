"""Forms of rural collectives."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.sources.ledgers.collectives import Collective
from jiandu.surfaces.desk.forms.fields import line
from jiandu.surfaces.desk.forms.rooms import RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class DescribedForm(RoomForm):
    """What it is called and where it is."""

    name = line(_("集体经济组织名称"), required=True)
    credit_code = line(_("统一社会信用代码"), most=18)
    place = RegionField(
        label=_("镇(街道)或区"), max_length=64, required=False, help_text=_("填写名称或代码；同名的请填代码")
    )

    def prepare(self) -> None:
        if isinstance(self.thing, Collective):
            held: Any = self.thing.street or self.thing.district
            place = held.code if held else ""
            self.begin(name=self.thing.name, credit_code=self.thing.credit_code, place=place)


class CollectiveForm(DescribedForm):
    """A new one."""

    village = UnitField(label=_("村(社区)"))
    office = forms.ChoiceField(label=_("承办室组"))
    field_order = ("name", "village", "office", "credit_code", "place")

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
