"""Forms of talks."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import finding_by_code
from jiandu.loop.findings.selectors.talked import offered_to
from jiandu.net.subjects.models import Post
from jiandu.sources.activities import selectors
from jiandu.sources.activities.models import Activity
from jiandu.sources.talks.models import Talk, TalkPlan
from jiandu.sources.talks.selectors import clue_receivers, invited_to, whole
from jiandu.sources.talks.services import AMENDED
from jiandu.sources.talks.services.clues import REASONS
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import PeopleField, RoomForm
from jiandu.surfaces.desk.forms.watching import PeopleWatching
from jiandu.surfaces.desk.views.choices import own_offices


def without_clue(label: Any) -> forms.CharField:
    """A few sentences; a clue does not belong here."""
    field = words(label)
    field.help_text = _("不写问题线索；发现线索的，另行密封移交")
    return field


class TalkForm(RoomForm):
    """One talk: kind, day, theme, who talked (two at least), with whom."""

    kind = forms.ChoiceField(label=_("谈话种类"), choices=Talk.Kind.choices)
    on = day(_("谈话日期"))
    theme = line(_("主题"), required=True, most=200)
    office = forms.ChoiceField(label=_("承办室组"))
    officers = line(_("约谈人(不少于两人)"), required=True, most=200)
    recorder = forms.CharField(label=_("记录人"), max_length=64, required=False, help_text=_("约谈人之一"))
    people = PeopleField(label=_("谈话对象"), help_text=_("每行一人；同名的在姓名后空一格写单位"))
    activity = forms.ChoiceField(label=_("挂钩监督轮次"), required=False)
    place = line(_("地点"))
    outline = words(_("提纲"))
    learned = without_clue(_("了解到的情况"))
    pointed_out = without_clue(_("指出的问题"))
    follow_up_due_on = day(_("回访时限"), required=False, now=False)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        rows = selectors.activities(viewer, kind=Activity.Kind.ROUND)[:50]
        self.choices("activity", [("", "—"), *((str(row.uid), str(row)) for row in rows)])
        self.choices("office", own_offices(viewer))


class PlanForm(PeopleWatching):
    """A talk to be held: kind, day, theme, who is to talk (two at least), with whom, the outline."""

    kind = forms.ChoiceField(label=_("谈话种类"), choices=Talk.Kind.choices)
    on = day(_("计划日期"))
    theme = line(_("主题"), required=True, most=200)
    office = forms.ChoiceField(label=_("承办室组"))
    officers = line(_("约谈人(不少于两人)"), required=True, most=200)
    recorder = forms.CharField(label=_("记录人"), max_length=64, required=False, help_text=_("约谈人之一"))
    people = PeopleField(label=_("谈话对象"), help_text=_("每行一人；同名的在姓名后空一格写单位"))
    activity = forms.ChoiceField(label=_("挂钩监督轮次"), required=False)
    place = line(_("地点"))
    outline = words(_("提纲"), rows=8)

    prepare = TalkForm.prepare


class ReplanForm(PlanForm):
    """A plan put otherwise; its office stays."""

    office = None  # type: ignore[assignment]

    def prepare(self) -> None:
        viewer = guard.require_actor()
        rows = selectors.activities(viewer, kind=Activity.Kind.ROUND)[:50]
        self.choices("activity", [("", "—"), *((str(row.uid), str(row)) for row in rows)])
        if isinstance(self.thing, TalkPlan):
            names = ("kind", "on", "theme", "recorder", "place", "outline")
            self.begin(activity=str(self.thing.source_uid or ""), **{name: getattr(self.thing, name) for name in names})
            self.begin(**_told(self.thing))


class HeldForm(RoomForm):
    """The planned talk as it was held: the plan is filled in, what was said is added."""

    on = day(_("谈话日期"))
    officers = line(_("约谈人(不少于两人)"), required=True, most=200)
    recorder = forms.CharField(label=_("记录人"), max_length=64, required=False, help_text=_("约谈人之一"))
    people = PeopleField(label=_("谈话对象"), help_text=_("每行一人；没有到场的请删去"))
    place = line(_("地点"))
    learned = without_clue(_("了解到的情况"))
    pointed_out = without_clue(_("指出的问题"))
    follow_up_due_on = day(_("回访时限"), required=False, now=False)

    def prepare(self) -> None:
        if isinstance(self.thing, TalkPlan):
            on = min(self.thing.on, today())
            self.begin(on=on, recorder=self.thing.recorder, place=self.thing.place, **_told(self.thing))


class GiveUpForm(RoomForm):
    on = day(_("取消日期"))
    reason = line(_("取消原因"), required=True, most=200)


def _told(plan: TalkPlan) -> dict[str, str]:
    """Who is to talk and with whom, as the fields take it."""
    people = invited_to(guard.require_actor(), [plan])[plan.pk]
    lines = "\n".join(f"{row.person.name} {row.organisation.name}" for row in people)
    return {"officers": "、".join(plan.officers), "people": lines}


class AmendTalkForm(RoomForm):
    """What is written of a talk, as it should read, who took notes, and why it is corrected."""

    theme = line(_("主题"), required=True, most=200)
    place = line(_("地点"))
    recorder = forms.ChoiceField(label=_("记录人"), required=False)
    outline = words(_("提纲"))
    learned = without_clue(_("了解到的情况"))
    pointed_out = without_clue(_("指出的问题"))
    follow_up_due_on = day(_("回访时限"), required=False, now=False)
    reason = line(_("原因"), required=True, most=200)

    def prepare(self) -> None:
        if isinstance(self.thing, Talk):
            talkers = whole(guard.require_actor(), self.thing).talkers
            self.choices("recorder", [("", "—"), *((row.name, row.name) for row in talkers)])
            recorder = next((row.name for row in talkers if row.is_recorder), "")
            self.begin(recorder=recorder, **{name: getattr(self.thing, name) for name in AMENDED})


class HandOverForm(RoomForm):
    """A clue goes on sealed, on paper: that it did, and under which number. What it says is written nowhere here."""

    about = _("线索内容不得录入本系统")
    on = day(_("移交日期"))
    receiver = forms.ChoiceField(label=_("接收室组"))
    envelope = forms.CharField(label=_("密封件编号"), max_length=24, help_text=_("只写编号，如“密封〔2022〕3号”"))
    sha256 = forms.CharField(
        label=_("密封件校验值"), max_length=64, required=False, help_text=_("另有加密文件的，填其SHA-256值")
    )

    def prepare(self) -> None:
        self.told = [
            str(_("线索写在纸面上密封，当面移交；这里只登记移交一事")),
            str(_("只有本室组和接收室组的有关人员能看到这条登记")),
        ]
        self.choices("receiver", [(str(row.pk), row.name) for row in clue_receivers()])


class ReceivedClueForm(RoomForm):
    on = day(_("接收日期"))


class WithdrawHandoverForm(RoomForm):
    on = day(_("撤下日期"))
    reason = forms.ChoiceField(label=_("撤下原因"), choices=list(REASONS.items()))


class AttendeeForm(RoomForm):
    people = PeopleField(label=_("谈话对象"), rows=2)


class FindingsField(forms.CharField):
    """Findings by their numbers, one a line; what the list offers after the number is not read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> list[Finding]:
        codes = [line.split()[0] for line in (super().clean(value) or "").splitlines() if line.strip()]
        found = [(code, finding_by_code(guard.require_actor(), code)) for code in dict.fromkeys(codes)]
        missing = [code for code, finding in found if finding is None]
        if missing:
            wrong = _("没有编号为“%(codes)s”的问题，或不在本人范围内")
            raise forms.ValidationError(wrong, params={"codes": "、".join(missing)})
        return [finding for _code, finding in found if finding is not None]


class PointForm(RoomForm):
    """Which findings of the ledger the talk points to: one of the units that were talked to, or any by its number."""

    finding = forms.ChoiceField(label=_("谈话对象所在单位的问题"), required=False)
    codes = FindingsField(label=_("或问题编号"), required=False, help_text=_("每行一个问题编号"))

    def prepare(self) -> None:
        self.offered: dict[str, Finding] = {}
        if isinstance(self.thing, Talk):
            self.offered = {str(row.uid): row for row in offered_to(guard.require_actor(), self.thing)}
        self.choices("finding", [("", "—"), *((uid, str(row)[:80]) for uid, row in self.offered.items())])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        chosen = self.offered.get(said.get("finding", ""))
        named = [*([chosen] if chosen else []), *said.get("codes", [])]
        if not named and not self.errors:
            raise forms.ValidationError(_("请选择一个问题，或填写问题编号"))
        return {"findings": named}


class PromiseForm(RoomForm):
    promise = words(_("表态承诺"))
    has_signed = forms.BooleanField(label=_("对象已签字"), required=False)


class CorrectAttendeeForm(RoomForm):
    """What was noted of one who came, as it should read, and why."""

    title = line(_("职务"), most=128)
    category = forms.ChoiceField(label=_("类别"), choices=Post.Kind.choices)
    promise = words(_("表态承诺"))
    has_signed = forms.BooleanField(label=_("对象已签字"), required=False)
    reason = line(_("原因"), required=True, most=200)

    def prepare(self) -> None:
        names = ("title", "category", "promise", "has_signed")
        self.begin(**{name: getattr(self.thing, name, "") for name in names})


class FollowUpForm(RoomForm):
    on = day(_("回访日期"))
    by_name = line(_("回访人"), most=64)
    note = words(_("回访结果"), required=True)
