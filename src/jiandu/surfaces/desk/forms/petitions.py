"""Forms of petitions: what the petition office decides, what whoever handles it does. Entering: forms.petition_entry."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.accounts.models import User
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.net.access.selectors import can_take, holders_of, recusals_of
from jiandu.sources.petitions import rules, selectors
from jiandu.sources.petitions.models import HandOff, Meddling, Petition, Reading
from jiandu.sources.petitions.offices import offices_of_cases
from jiandu.sources.petitions.services.notifying import would_lack_notice
from jiandu.sources.petitions.states import Disposal, Named, Truth, Way
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.petition_entry import category_choices, known, yes
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.views.choices import NONE, all_offices, own_offices

OFFERED = 400
LEADER = "leader"
READ_DAYS = 3  # after how many days papers are asked back, where nobody says otherwise
NO_CONTENT = _("不写姓名和反映内容")


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
    has_new = known(_("有新增内容"))
    note = line(_("说明"), most=200)

    def prepare(self) -> None:
        self.fields["has_new"].help_text = _("有新增内容的可以再转办；没有的留存备查，定期通报")
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
        if isinstance(self.thing, Petition) and not self.thing.is_repeat:
            del self.fields["has_new"]
        elif isinstance(self.thing, Petition):
            self.begin(has_new=bool(self.thing.has_new))
        self.choices("office", [NONE, *all_offices(guard.require_actor())])


class ConfirmForm(RoomForm):
    """The second officer's day; with it, where it has to be, that case supervision was told at once."""

    on = day(_("日期"))
    is_notified = yes(_("同时通报案管（首次转本机关部门的件）"))

    def prepare(self) -> None:
        if isinstance(self.thing, HandOff) and would_lack_notice(self.thing):
            self.begin(is_notified=True)
        else:
            del self.fields["is_notified"]


class OnForm(RoomForm):
    on = day(_("日期"))


class NotifyForm(RoomForm):
    """通报案管: when, at which office, who took it there."""

    on = day(_("通报案管日期"))
    office = forms.ChoiceField(label=_("案管部门"), required=False)
    receiver = line(_("接收人"), most=64)

    def prepare(self) -> None:
        found = [(office.pk, office.name) for office in offices_of_cases(guard.require_actor())]
        self.fields["office"].help_text = "" if found else _("没有登记案件监督管理室干部的授权，只记日期和接收人")
        self.choices("office", [*found, NONE])
        self.begin(office=found[0][0] if found else "")


class ReadingForm(RoomForm):
    """送阅: what goes, to whom, until when, who approved it."""

    heed = _("送阅须经本机关主要负责人批准，可能暴露举报人身份的部分须遮盖；不得复制、摘抄、私自留存。")
    columns = 2

    reader = line(_("送阅对象"), required=True, most=64)
    granted_by = line(_("批准人"), required=True, most=64)
    paper = forms.ChoiceField(label=_("送阅材料"), choices=Reading.Paper.choices)
    copies = forms.IntegerField(label=_("份数"), min_value=1, max_value=99, initial=1)
    on = day(_("送阅日期"))
    due_on = day(_("应退日期"), now=False)

    def prepare(self) -> None:
        self.begin(due_on=today() + timedelta(days=READ_DAYS))


class ReadBackForm(RoomForm):
    """收回: the day, and what the reader wrote."""

    on = day(_("退回日期"))
    words = words(_("批示"), most=2000)

    def prepare(self) -> None:
        self.fields["words"].help_text = _("照录批示；保存后即密封，只有持有本室组密钥的人员可以打开")


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
