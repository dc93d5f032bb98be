"""登记 and 更正 of a petition: what a clerk enters sixty times a day, in groups, the rare behind a fold."""

from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.lexicon.categories import categories
from jiandu.net.subjects.models import Organisation
from jiandu.sources.petitions.categories import KIND, named
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.natures import details, nature_of
from jiandu.sources.petitions.states import Competence, Kind, Named, Nature, Origin, Rank, Way
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import Group, ItemField, RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import NONE, own_offices

SEALED = _("密封保存，只有持有密钥的人员可以打开")
ABOVE = "above"  # 中管 and 省管: nothing of such an item is entered
TOO_HIGH = (Organisation.Authority.CENTRAL, Organisation.Authority.PROVINCE)
AUTHORITIES = (
    ("", _("按被反映单位")),
    *((one.value, one.label) for one in Organisation.Authority if one not in TOO_HIGH),
    (ABOVE, _("中管、省管（不登记内容）")),
)


def category_choices() -> list[tuple[str, Any]]:
    """The categories by field: the field itself, then those of the third level."""
    english, known = get_language() == "en", categories(KIND)
    groups = []
    for field in (one for one in known.values() if one.level == 1):
        below = [one for one in known.values() if one.level == 3 and one.code.startswith(field.code)]
        own = [(field.code, field.english if english else field.label)]
        groups.append((own[0][1], [*own, *((one.code, named(one.code, english=english)) for one in below)]))
    return groups


def detail_choices() -> list[tuple[str, Any]]:
    """The second level of each nature, under it."""
    english = get_language() == "en"
    return [
        (str(nature.label), [(one.code, one.english if english else one.label) for one in details(nature)])
        for nature in Nature
    ]


def yes(label: object) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)  # type: ignore[arg-type]


def known(label: object) -> forms.TypedChoiceField:
    """Yes, no, or nobody knows: True, False, None."""
    options = [("", pgettext_lazy("answer", "不详")), ("yes", _("是")), ("no", _("否"))]
    return forms.TypedChoiceField(
        label=label,  # type: ignore[arg-type]
        choices=options,
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )


def as_known(value: bool | None) -> str:
    """What such a field begins with."""
    return "" if value is None else "yes" if value else "no"


class TagsFields(RoomForm):
    """What is known without opening it: what bulletins count by."""

    columns = 3

    way = forms.ChoiceField(label=_("信访方式"), choices=Way.choices)
    origin = forms.ChoiceField(label=_("信访来源"), choices=Origin.choices)
    kind = forms.ChoiceField(label=_("信访类别"), choices=Kind.choices)
    people = forms.IntegerField(label=_("人数"), min_value=1, max_value=100_000, initial=1)
    subject = UnitField(label=_("被反映单位"), required=False)
    rank = forms.ChoiceField(label=_("被反映人职级"), choices=[NONE, *Rank.choices], required=False)
    region = RegionField(label=_("属地"), required=False)
    is_head = yes(_("一把手"))
    nature = forms.ChoiceField(label=_("主要问题性质"), choices=[NONE, *Nature.choices], required=False)
    nature_detail = forms.ChoiceField(label=_("具体问题"), required=False)
    authority = forms.ChoiceField(label=_("管理权限"), choices=AUTHORITIES, required=False)
    is_party_member = known(_("中共党员"))
    is_supervisee = known(_("监察对象"))
    further_natures = forms.MultipleChoiceField(
        label=_("其他问题性质"), choices=Nature.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    managed_by = line(_("管理单位"))
    competence = forms.ChoiceField(
        label=_("管辖"), choices=[("", _("按管理权限")), *Competence.choices], required=False
    )
    competence_why = line(_("管辖说明"), most=200)
    domain = ItemField("petition_domain", label=_("领域"))
    is_over_level = yes(_("越级"))
    is_urgent = yes(_("紧急敏感"))
    is_typical = yes(_("典型"))

    reported = Group(
        _("性质和管辖"),
        ("nature", "nature_detail", "authority", "is_party_member", "is_supervisee", "is_head"),
        part="report",
    )
    rare = Group(
        _("还有其他问题性质，由主管部门管理，或管辖另有规定"),
        ("further_natures", "managed_by", "competence", "competence_why"),
        part="report",
        is_folded=True,
    )

    def prepare(self) -> None:
        helps = {
            "authority": _("由哪一级管理干部；管辖按它确定"),
            "nature_detail": _("可以只选这一项；没有合适的不选"),
            "further_natures": _("统计只按主要问题性质计一次，其他只作标记"),
            "managed_by": _("由主管部门管理的填写，如海关、税务、金融单位"),
            "competence_why": _("与管理权限不一致，或管理权限不明的必填；不密封保存，不写姓名和反映内容"),
        }
        for name, text in helps.items():
            self.fields[name].help_text = text
        self.choices("nature_detail", [NONE, *detail_choices()])

    def clean(self) -> dict[str, Any]:
        """A detail alone says its nature, too."""
        said = super().clean() or self.cleaned_data
        if said.get("nature_detail") and not said.get("nature"):
            said["nature"] = nature_of(said["nature_detail"])
        return said

    def clean_authority(self) -> str:
        """Raises ValidationError for who is managed above: nothing of it may stand here."""
        said = str(self.cleaned_data["authority"])
        if said == ABOVE:
            raise forms.ValidationError(
                _("属上级管辖：不得登记、复制、摘抄，请到“上级管辖件移交回执”登记密封件编号"), code="superior"
            )
        return said


class RegisterForm(TagsFields):
    """A letter, visit, call or web item: its tags, what it says, and who sent it, where somebody said so."""

    heed = _("属上级管辖的件不得登记、复制、摘抄，请到“上级管辖件移交回执”登记密封件编号。")

    received_on = day(_("收件日期"))
    named = forms.ChoiceField(
        label=_("署名情况"), choices=[one for one in Named.choices if one[0] in {Named.ANONYMOUS, Named.UNVERIFIED}]
    )
    person = line(_("被反映人"), most=64)
    post = line(_("被反映人职务"))
    summary = words(_("反映内容"), required=True, rows=5, most=4000)
    keywords = line(_("关键词"))
    category = forms.ChoiceField(label=_("内容分类"), required=False)
    sender_name = line(_("举报人姓名或单位"), most=64)
    sender_contact = line(_("举报人联系方式"))
    sender_id = line(_("举报人证件号"), most=32)
    sender_address = line(_("举报人地址"), most=200)
    sender_asks = line(_("要求保密、保护的事项"), most=200)
    representatives = words(_("联名、集体访的代表"), rows=2, most=500)
    office = forms.ChoiceField(label=_("承办室组"))

    groups = (
        Group(
            _("收件"),
            (
                *("received_on", "way", "origin", "kind", "named", "people", "office"),
                *("is_over_level", "is_urgent", "is_typical"),
            ),
        ),
        Group(_("被反映对象"), ("subject", "person", "post", "rank", "region", "domain")),
        TagsFields.reported,
        TagsFields.rare,
        Group(
            _("反映内容"),
            ("summary", "category", "keywords"),
            part="words",
        ),
        Group(
            _("举报人"),
            ("sender_name", "sender_contact", "sender_id", "sender_address", "sender_asks", "representatives"),
            part="sender",
        ),
    )

    def prepare(self) -> None:
        super().prepare()
        self.fields["summary"].help_text = self.fields["person"].help_text = SEALED
        self.fields["sender_name"].help_text = _("匿名件不填；密封给举报人信息保管员，其他人员不能打开")
        self.fields["representatives"].help_text = _("每行一人，不超过5人；与举报人信息一起密封")
        self.fields["category"].help_text = _("不选的由系统按内容建议，登记后确认")
        self.choices("category", [NONE, *category_choices()])
        mine = own_offices(guard.require_actor())
        self.choices("office", mine)
        if len(mine) == 1:
            self.fields["office"].widget = forms.HiddenInput()
            self.begin(office=mine[0][0])


class AmendForm(TagsFields):
    """更正 of the tags."""

    reason = line(_("更正原因"), required=True, most=200)

    groups = (
        Group(
            _("收件"),
            ("way", "origin", "kind", "people", "region", "domain", "is_over_level", "is_urgent", "is_typical"),
        ),
        Group(_("被反映对象"), ("subject", "rank")),
        TagsFields.reported,
        TagsFields.rare,
        Group(_("更正原因"), ("reason",)),
    )

    def prepare(self) -> None:
        super().prepare()
        one = self.thing
        if isinstance(one, Petition):
            names = (
                "way",
                "origin",
                "kind",
                "people",
                "rank",
                "is_head",
                "nature",
                "nature_detail",
                "authority",
                "managed_by",
            )
            more = ("is_over_level", "is_urgent", "is_typical", "further_natures", "competence_why")
            self.begin(**{name: getattr(one, name) for name in (*names, *more)})
            self.begin(is_party_member=as_known(one.is_party_member), is_supervisee=as_known(one.is_supervisee))
            is_said = bool(one.competence_why) or not one.authority
            self.begin(competence=one.competence if is_said else "")
            self.begin(subject=str(one.subject or ""), domain=one.domain_id)
            self.begin(region=one.region.code if one.region else "")
