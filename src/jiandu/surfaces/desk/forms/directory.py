"""Forms of the directory: units, persons and posts, offices and who serves in them."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.net.access.closing import hangs_on, open_records
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Post
from jiandu.surfaces.desk.forms.fields import day, line
from jiandu.surfaces.desk.forms.rooms import OfficeField, RegionField, RoomForm, SinceForm, UnitField, document

NAMESAKE = _("同名的另一人")


class FactsForm(RoomForm):
    """What a unit is, apart from its name and place."""

    kind = forms.ChoiceField(label=_("性质"), choices=Organisation.Kind.choices)
    authority = forms.ChoiceField(label=_("管理权限"), choices=Organisation.Authority.choices)
    region = RegionField(label=_("属地"), required=False, help_text=_("区划名称或代码"))
    credit_code = line(_("统一社会信用代码"), most=24)

    def prepare(self) -> None:
        if isinstance(self.thing, Organisation):
            unit = self.thing
            region = unit.region.code if unit.region else ""
            self.begin(kind=unit.kind, authority=unit.authority, region=region, credit_code=unit.credit_code)


class NewUnitForm(FactsForm):
    """A new unit."""

    name = line(_("单位名称"), required=True)
    parent = UnitField(label=_("上级单位"), required=False)
    since = day(_("成立日期"), required=False, now=False)
    field_order = ("name", "parent", "kind", "authority", "credit_code", "region", "since")


class RenameForm(RoomForm):
    """What a unit is called from a day on."""

    name = line(_("新名称"), required=True)
    on = day(_("更名日期"))
    document = document()


class MoveForm(RoomForm):
    """Under which unit it stands from a day on."""

    parent = UnitField(label=_("上级单位"), required=False, help_text=_("不填即为顶层单位"))
    on = day(_("划转日期"))
    document = document()


class CloseForm(RoomForm):
    """A unit's last day."""

    until = day(_("撤销日期"))
    into = UnitField(label=_("并入单位"), required=False)
    document = document()
    to = UnitField(label=_("未办结事项的承接单位"), required=False)
    note = line(_("保留在原单位名下的原因"), most=200)

    def prepare(self) -> None:
        """What is open is said before; where nothing is, nothing more is asked."""
        self.told = open_records(self.thing)
        if not self.told:
            del self.fields["to"], self.fields["note"]
        else:
            self.about = _("该单位还有未办结事项，请选择承接单位，或注明保留在原单位名下的原因")


class PostForm(RoomForm):
    """Who takes up which post of the unit."""

    name = line(_("姓名"), required=True, most=64)
    title = line(_("职务"), required=True)
    kind = forms.ChoiceField(label=_("类别"), choices=Post.Kind.choices)
    since = day(_("任职日期"))
    is_another = forms.BooleanField(label=NAMESAKE, required=False)


class LeaderForm(RoomForm):
    """Which leader, from when."""

    name = line(_("领导姓名"), required=True, most=64)
    since = day(_("起"))
    is_another = forms.BooleanField(label=NAMESAKE, required=False)


class WatchedByForm(RoomForm):
    """Which office watches the unit, from when."""

    office = OfficeField(label=_("监督机构"))
    since = day(_("起"))


class PersonForm(RoomForm):
    """A person's name."""

    name = line(_("姓名"), required=True, most=64)

    def prepare(self) -> None:
        if self.thing is not None:
            self.begin(name=self.thing.name)


class PostOfPersonForm(RoomForm):
    """Which post the person takes up."""

    organisation = UnitField(label=_("单位"))
    title = line(_("职务"), required=True)
    kind = forms.ChoiceField(label=_("类别"), choices=Post.Kind.choices)
    since = day(_("任职日期"))


class UnitSinceForm(SinceForm):
    """Which unit, from when."""

    organisation = UnitField(label=_("单位"))
    field_order = ("organisation", "since")


class ServiceForm(RoomForm):
    """In which office the person serves."""

    office = OfficeField(label=_("机构"))
    duty = line(_("职务"), most=64)
    since = day(_("起"))


class NewOfficeForm(RoomForm):
    """A new body of the net."""

    name = line(_("机构名称"), required=True)
    kind = forms.ChoiceField(label=_("类别"), choices=Office.Kind.choices)
    parent = OfficeField(label=_("上级机构"), required=False)
    since = day(_("设立日期"), required=False, now=False)


class OfficeNameForm(RoomForm):
    """What the office is called from now on."""

    name = line(_("机构名称"), required=True)

    def prepare(self) -> None:
        self.begin(name=self.thing.name)


class OfficeMoveForm(RoomForm):
    """Under which office it hangs."""

    parent = OfficeField(label=_("上级机构"), required=False, help_text=_("不填即为顶层机构"))


class OfficeCloseForm(RoomForm):
    """The office's last day, and who takes its records over."""

    until = day(_("撤销日期"))
    to = OfficeField(label=_("承接机构"), required=False, help_text=_("清单所列全部移交给承接机构"))
    is_sure = forms.BooleanField(label=_("已核对移交清单"), required=False)

    def prepare(self) -> None:
        """What will be handed over is said before; it is looked at, and that is ticked."""
        self.told = hangs_on(self.thing)
        if not self.told:
            del self.fields["is_sure"]
        else:
            self.about = _("撤销前移交以下事项")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.pop("is_sure", True) is False and said.get("to"):
            self.add_error("is_sure", _("请核对移交清单后勾选"))
        return said


class OfficerForm(RoomForm):
    """Who serves in the office."""

    name = line(_("姓名"), required=True, most=64)
    duty = line(_("职务"), most=64)
    since = day(_("起"))
    is_another = forms.BooleanField(label=NAMESAKE, required=False)


class OfficerAccountForm(RoomForm):
    """The account with which the officer signs in."""

    username = line(_("登录名"), required=True, most=64)


class AsOfForm(forms.Form):
    """A day to look back to."""

    on = day(_("日期"), required=False, now=False)
