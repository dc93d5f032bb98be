"""Forms of petitions: what the clerk enters, what the petition office decides, what whoever handles it does."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.lexicon.categories import categories
from jiandu.net.access.selectors import can_take, holders_of, recusals_of
from jiandu.sources.petitions import rules, selectors
from jiandu.sources.petitions.categories import KIND, named
from jiandu.sources.petitions.models import Meddling, Petition
from jiandu.sources.petitions.states import (
    Competence,
    Disposal,
    Kind,
    Named,
    Nature,
    Origin,
    Rank,
    Truth,
    Way,
)
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import ItemField, RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import NONE, all_offices, own_offices

OFFERED = 400
LEADER = "leader"
SEALED = _("密封保存，只有持有密钥的人员可以打开")
NO_CONTENT = _("不写姓名和反映内容")


def category_choices() -> list[tuple[str, Any]]:
    """The categories by field: the field itself, then those of the third level."""
    english, known = get_language() == "en", categories(KIND)
    groups = []
    for field in (one for one in known.values() if one.level == 1):
        below = [one for one in known.values() if one.level == 3 and one.code.startswith(field.code)]
        own = [(field.code, field.english if english else field.label)]
        groups.append((own[0][1], [*own, *((one.code, named(one.code, english=english)) for one in below)]))
    return groups


def yes(label: object) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)  # type: ignore[arg-type]


class TagsFields(RoomForm):
    """What is known without opening it: what bulletins count by."""

    columns = 2

    way = forms.ChoiceField(label=_("信访方式"), choices=Way.choices)
    origin = forms.ChoiceField(label=_("信访来源"), choices=Origin.choices)
    kind = forms.ChoiceField(label=_("信访类别"), choices=Kind.choices)
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=100_000, initial=1)
    competence = forms.ChoiceField(label=_("管辖"), choices=Competence.choices)
    subject = UnitField(label=_("被反映单位"), required=False)
    rank = forms.ChoiceField(label=_("被反映人职级"), choices=[NONE, *Rank.choices], required=False)
    is_head = yes(_("一把手"))
    nature = forms.ChoiceField(label=_("反映问题性质"), choices=[NONE, *Nature.choices], required=False)
    domain = ItemField("petition_domain", label=_("领域"))
    region = RegionField(label=_("属地"), required=False)
    is_over_level = yes(_("越级"))
    is_urgent = yes(_("紧急敏感"))


class RegisterForm(TagsFields):
    """A letter, visit, call or web item: its tags, what it says, and who sent it, where somebody said so."""

    heed = _("属上级管辖的件不得登记、复制、摘抄，请到“上级管辖件移交回执”登记密封件编号。")

    received_on = day(_("收件日期"))
    named = forms.ChoiceField(
        label=_("署名情况"), choices=[one for one in Named.choices if one[0] in {Named.ANONYMOUS, Named.UNVERIFIED}]
    )
    person = line(_("被反映人"), most=64)
    post = line(_("被反映人职务"))
    summary = words(_("反映内容"), required=True, rows=6, most=4000)
    keywords = line(_("关键词"))
    category = forms.ChoiceField(label=_("内容分类"), required=False)
    sender_name = line(_("举报人姓名或单位"), most=64)
    sender_contact = line(_("举报人联系方式"))
    sender_id = line(_("举报人证件号"), most=32)
    sender_address = line(_("举报人地址"), most=200)
    sender_asks = line(_("要求保密、保护的事项"), most=200)
    office = forms.ChoiceField(label=_("承办室组"))

    field_order = (
        *("received_on", "way", "kind", "origin", "named", "people", "competence"),
        *("subject", "person", "post", "rank", "is_head", "nature", "domain", "region", "is_over_level", "is_urgent"),
        *("summary", "keywords", "category"),
        *("sender_name", "sender_contact", "sender_id", "sender_address", "sender_asks", "office"),
    )

    def prepare(self) -> None:
        self.fields["summary"].help_text = self.fields["person"].help_text = SEALED
        self.fields["sender_name"].help_text = _("匿名件不填；密封给举报人信息保管员，其他人员不能打开")
        self.fields["category"].help_text = _("不选的由系统按内容建议，登记后确认")
        self.choices("category", [NONE, *category_choices()])
        self.choices("office", own_offices(guard.require_actor()))


class RecuseForm(RoomForm):
    """回避: oneself, or another, where one may; by which relation. Of a sealed reporter's relative nothing need be said."""

    heed = _("回避后立即看不到本件，也不再出现在其待办中；只有安全管理员可以解除。")
    user = forms.ChoiceField(label=_("回避人"))
    reason = forms.ChoiceField(label=_("回避情形"), choices=[NONE, *rules.RECUSED.items()], required=False)

    def prepare(self) -> None:
        by = guard.require_actor()
        people = [(by.user_id, by.name)]
        if isinstance(self.thing, Petition) and guard.allow(by, "recuse", self.thing):
            people = [(user.pk, user.name) for user in can_take(by, "petition")]
            gone = "、".join(row.user.name for row in recusals_of(by, self.thing))
            self.fields["user"].help_text = _("已回避：%(names)s") % {"names": gone} if gone else ""
        self.fields["reason"].help_text = _("是举报人的近亲属等不便写明的，可以不选")
        self.choices("user", people)
        self.begin(user=by.user_id)


class ClassifyForm(RoomForm):
    """归类: begins with what was proposed."""

    category = forms.ChoiceField(label=_("内容分类"))

    def prepare(self) -> None:
        self.choices("category", category_choices())
        if isinstance(self.thing, Petition):
            self.begin(category=self.thing.category or self.thing.proposed_category)


class AmendForm(TagsFields):
    """更正 of the tags."""

    reason = line(_("更正原因"), required=True, most=200)

    def prepare(self) -> None:
        if isinstance(self.thing, Petition):
            names = ("way", "origin", "kind", "people", "competence", "rank", "is_head", "nature")
            self.begin(**{name: getattr(self.thing, name) for name in (*names, "is_over_level", "is_urgent")})
            self.begin(subject=str(self.thing.subject or ""), domain=self.thing.domain_id)
            self.begin(region=self.thing.region.code if self.thing.region else "")


class StepForm(RoomForm):
    """An act: when, and a word on it that tells nothing of the content."""

    on = day(_("日期"))
    note = line(_("说明"), most=200)

    def prepare(self) -> None:
        self.fields["note"].help_text = NO_CONTENT


class NameForm(RoomForm):
    on = day(_("日期"))
    found = forms.ChoiceField(
        label=_("核实结果"),
        choices=[one for one in Named.choices if one[0] not in {Named.ANONYMOUS, Named.UNVERIFIED}],
    )


class ProposeForm(StepForm):
    leader = forms.ChoiceField(label=_("呈请批办的领导"), required=False)

    def prepare(self) -> None:
        super().prepare()
        self.fields["leader"].help_text = _("选定后只对该领导开放；在纸上批办的不选")
        self.choices("leader", [NONE, *((str(user.pk), user.name) for user in leaders())])


def leaders() -> list[User]:
    return holders_of(LEADER)


class ApproveForm(StepForm):
    granted_by = line(_("批办领导"), required=True, most=64)

    def prepare(self) -> None:
        super().prepare()
        self.begin(granted_by=guard.require_actor().name)


class DeclineForm(RoomForm):
    on = day(_("日期"))
    reason = forms.ChoiceField(label=_("不予受理的情形"), choices=list(rules.DECLINED.items()))


class RepeatForm(RoomForm):
    """Of which main item; none where that is not with us."""

    on = day(_("日期"))
    main = forms.ChoiceField(label=_("重复件主件"), required=False)
    note = line(_("说明"), most=200)

    def prepare(self) -> None:
        if isinstance(self.thing, Petition):
            rows = selectors.mains(guard.require_actor(), self.thing)[:OFFERED]
            options = [(str(row.uid), f"{row.code} · {row.received_on} · {row.get_way_display()}") for row in rows]
            self.choices("main", [("", _("主件不在本系统")), *options])


class HandOffForm(RoomForm):
    """To whom, and what goes. An extract is written here, never copied from the letter."""

    heed = _("转办件由另一人复核后才转出。被反映单位及其下属单位不能作为接收方。")

    on = day(_("日期"))
    office = forms.ChoiceField(label=_("接收部门"), required=False)
    body = line(_("其他机关名称"))
    is_full = yes(_("移交原件内容（限本机关部门，不含举报人信息）"))
    extract = words(_("摘要"), rows=5, most=2000)
    has_new = yes(_("重复件，但有新增内容"))

    def prepare(self) -> None:
        self.fields["extract"].help_text = _("不写举报人信息，不照抄原话")
        self.choices("office", [NONE, *all_offices(guard.require_actor())])


class OnForm(RoomForm):
    on = day(_("日期"))


class ReturnForm(RoomForm):
    on = day(_("日期"))
    reason = forms.ChoiceField(label=_("退回的情形"), choices=list(rules.RETURNED.items()))
    granted_by = line(_("批准的分管领导"), required=True, most=64)


class DisposeForm(StepForm):
    disposal = forms.ChoiceField(label=_("处置方式"), choices=Disposal.choices)


class ExtendForm(StepForm):
    until = day(_("延至"), now=False)
    granted_by = line(_("批准人"), required=True, most=64)


class ConcludeForm(StepForm):
    truth = forms.ChoiceField(label=_("属实情况"), choices=Truth.choices)


class ReplyForm(RoomForm):
    """To whoever reported online: sealed to the receipt, which nobody here has."""

    heed = _("答复密封给举报人的查询码，发出后本机关不能再打开；不写举报人信息。")

    text = words(_("答复内容"), required=True, rows=5, most=2000)


class ReceiptForm(RoomForm):
    """An envelope that belongs to a superior: its number and day, nothing else."""

    heed = _("属上级管辖的件不得复制、摘抄，不得录入：这里没有填写内容的地方。")

    received_on = day(_("收件日期"))
    envelope = line(_("密封件编号"), required=True, most=24)
    way = forms.ChoiceField(label=_("信访方式"), choices=Way.choices)
    is_own_principal = yes(_("涉及本机关主要负责人"))
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class HandUpForm(RoomForm):
    on = day(_("报送日期"))
    receiver = line(_("接收机关"), required=True)
    deliverer = line(_("送件人"), required=True, most=64)
    received_by = line(_("签收人"), most=64)

    def prepare(self) -> None:
        self.begin(deliverer=guard.require_actor().name)


class MeddlingForm(RoomForm):
    """Who asked or pleaded, about which petition where that is known."""

    on = day(_("发生日期"))
    manner = forms.ChoiceField(label=_("情形"), choices=Meddling.Manner.choices)
    who = line(_("打听、过问人"), required=True, most=64)
    post = line(_("单位职务"))
    note = words(_("情况"), most=500)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class ListForm(forms.Form):
    """A list of another platform."""

    file = forms.FileField(label=_("清单文件(.xlsx 或 .csv)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}))
