"""Forms of bulletins and 预警提示: which period, the office's words, to whom it goes, what came back."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.net.subjects.populations import MOST
from jiandu.results.bulletins.models import Advisory, PetitionBulletin
from jiandu.results.bulletins.selectors import late_bodies, late_offices
from jiandu.results.digests.periods import Kind, Period
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.petitions import leaders
from jiandu.surfaces.desk.forms.rooms import ItemField, OfficeField, RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class DraftForm(RoomForm):
    """A period, and what it is about where it is 专题."""

    columns = 2

    span = forms.ChoiceField(label=_("周期"), choices=PetitionBulletin.Span.choices, initial="month")
    year = forms.IntegerField(label=_("年度"), min_value=2000, max_value=2100)
    number = forms.IntegerField(label=_("期次"), min_value=1, max_value=53, initial=1)
    domain = ItemField("petition_domain", label=_("领域"))
    unit = UnitField(label=_("单位"), required=False)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.begin(year=today().year, number=today().month)
        self.fields["number"].help_text = _("第几周、第几月、第几季度；年度填1")
        self.fields["domain"].help_text = self.fields["unit"].help_text = _("填写的为专题分析")
        self.choices("office", own_offices(guard.require_actor()))

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if {"span", "year", "number"} <= said.keys():
            try:
                said["period"] = Period(Kind(said["span"]), said["year"], said["number"])
            except ValueError:
                self.add_error("number", _("该年度没有这一期"))
        return said


class RemarksForm(RoomForm):
    """特点和建议."""

    heed = _("数字由系统从登记中计数，不在这里填写；不写举报人信息，不照抄原话。")

    text = words(_("特点和建议"), rows=8)

    def prepare(self) -> None:
        if isinstance(self.thing, PetitionBulletin):
            self.begin(text=self.thing.remarks)


class KeepForm(RoomForm):
    heed = _("定稿后数字固定在当日，不随以后的补录、更正变动。")

    on = day(_("定稿日期"))


class ShowForm(RoomForm):
    """送阅: by name."""

    heed = _("只对选定的领导开放。")

    leader = forms.ChoiceField(label=_("送阅领导"))

    def prepare(self) -> None:
        self.choices("leader", [(str(user.pk), user.name) for user in leaders()])


class SendForm(RoomForm):
    """分送: to an office, or a body on paper."""

    heed = _("分送的是对外稿：小数已隐去，不含信访件和举报人信息。被反映单位及其下属单位不能作为接收方。")

    on = day(_("分送日期"))
    office = OfficeField(label=_("接收部门"), required=False)
    body = line(_("其他机关名称"))
    asked = words(_("工作要求"), most=1000)
    asks_answer = forms.BooleanField(label=_("要求反馈"), required=False, initial=True)
    due_on = day(_("反馈期限"), required=False, now=False)

    def prepare(self) -> None:
        self.fields["body"].help_text = _("未列入室组的机关：下载Word或PDF送达；与接收部门填一项")


BODY = "body:"  # before the name of a body without an office here


class RemindForm(RoomForm):
    """工作提醒函: to an office, or on paper to a body without one here, with which items are overdue."""

    heed = _(
        "发给有超期件的承办部门或接收转送的机关，只写编号和应办事项，不含反映内容和举报人信息。"
        "未列入室组的机关：下载Word或PDF送达，签收和反馈由本室登记。"
    )

    to = forms.ChoiceField(label=_("接收部门或机关"))
    on = day(_("分送日期"))
    asked = words(_("工作要求"), most=1000)
    due_on = day(_("反馈期限"), required=False, now=False)

    def prepare(self) -> None:
        if isinstance(self.thing, PetitionBulletin):
            viewer, told = guard.require_actor(), _("%(name)s（超期%(count)s件）")
            late = [(str(one.pk), str(one), count) for one, count in late_offices(viewer, self.thing)]
            late += [(f"{BODY}{body}", body, count) for body, count in late_bodies(viewer, self.thing)]
            if not late:
                self.fields["to"].help_text = _("目前没有超期未办的信访件，不用提醒。")
            self.choices("to", [(key, told % {"name": name, "count": count}) for key, name, count in late])
        self.begin(asked=str(_("请逐件核实，抓紧办理，并书面说明超期原因。")))


class ReceiveForm(RoomForm):
    on = day(_("签收日期"))
    receiver = line(_("签收人"), most=64)

    def prepare(self) -> None:
        if isinstance(self.thing, Advisory) and self.thing.office_id:
            del self.fields["receiver"]  # who signs is who is signed in
        else:
            self.fields["receiver"].required = True


class AnswerForm(RoomForm):
    on = day(_("反馈日期"))
    text = words(pgettext_lazy("advisory", "反馈情况"), required=True)


class PopulationForm(RoomForm):
    """As published: of which place, on which day, by whom."""

    heed = _("照发布的数填写，不估算；来源写明发布机关和资料名称。")
    columns = 2

    region = RegionField(label=_("属地"), max_length=64)
    on = day(_("统计时点"), now=False)
    people = forms.IntegerField(label=_("常住人口"), min_value=1, max_value=MOST)
    source = line(_("数据来源"), required=True, most=200)


class FiguresForm(forms.Form):
    """The tables of a bulletin typed elsewhere, as they are copied."""

    text = forms.CharField(
        label=_("情况分析的表格"),
        max_length=400_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=_(
            "从Word或Excel复制表格，粘贴在这里：首行是列名，首列是行名；几张表之间空一行，表名单独一行。"
            "合计、其中、占比、上年同期、增减、同比、环比按列名、行名认。只核对，不保存。"
        ),
    )
