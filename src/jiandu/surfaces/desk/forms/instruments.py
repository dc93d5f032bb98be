"""Forms of sheets and letters."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.base.ui.templatetags.ui import iso
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.reading import finding_by_code
from jiandu.loop.instruments.models import Answer, Instrument, Turn
from jiandu.loop.instruments.selectors import last_number, recipients
from jiandu.loop.instruments.services.signing import next_serial
from jiandu.net.access.signing import Signing
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import activities
from jiandu.surfaces.desk.forms.fields import attached, day, line, words
from jiandu.surfaces.desk.forms.rooms import PeopleField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices
from jiandu.surfaces.desk.wording import said

NONE = ("", "—")
LETTERS = [(kind.value, kind.label) for kind in Instrument.LETTERS]
SHOWN = 300  # activities offered


class FindingsField(forms.CharField):
    """Findings by their numbers, one a line."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def clean(self, value: Any) -> list[Finding]:
        codes = list(dict.fromkeys((super().clean(value) or "").split()))
        viewer = guard.require_actor()
        found = {code: finding_by_code(viewer, code) for code in codes}
        lost = [code for code, finding in found.items() if finding is None]
        if lost:
            raise forms.ValidationError(_("没有找到这个编号的问题:%(code)s"), params={"code": "、".join(lost)})
        return [finding for finding in found.values() if finding is not None]


class WordsForm(RoomForm):
    """What a sheet says."""

    title = line(_("事由"), required=True, most=200)
    source = line(_("问题来源"), most=200)
    facts = words(_("监督调查情况"), rows=4)
    reply_ask = words(_("反馈要求"))

    def prepare(self) -> None:
        if isinstance(self.thing, Instrument):
            self.begin(**{name: getattr(self.thing, name) for name in self.fields})


class EditSheetForm(WordsForm):
    advice = words(_("工作建议"))
    retention = line(_("保管期限"), most=16)


class EditLetterForm(WordsForm):
    causes = words(_("主要问题及其产生的原因"), rows=4)
    reply_days = forms.IntegerField(label=_("反馈期限(日)"), required=False, min_value=1, max_value=365)
    copies_to = line(_("抄送机关"), most=300)


class NewSheetForm(RoomForm):
    """A copy-report: the findings say which unit it is about, and so to whom it goes."""

    findings = FindingsField(label=_("问题编号(每行一个)"), help_text=_("默认一问题一抄报；可列入同一单位的几个问题"))
    title = line(_("事由"), most=200)
    office = forms.ChoiceField(label=_("承办室组"))
    drafted_on = day(_("拟稿日期"))
    source = line(_("问题来源"), most=200)
    nature = forms.ChoiceField(label=_("问题性质"), required=False)
    facts = words(_("有关情况"), rows=3)
    advice = words(_("工作建议"))
    retention = line(_("保管期限"), most=16)
    issuer = line(_("发文机关"), most=128)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        self.choices("office", own_offices(viewer))
        self.choices("nature", [NONE, *((item.pk, said(item)) for item in items(viewer, "nature", today().year))])


class NewLetterForm(RoomForm):
    """A proposal or letter to a unit."""

    kind = forms.ChoiceField(label=_("文种"), choices=LETTERS)
    unit = UnitField(label=_("主送单位"))
    title = line(_("事由"), required=True, most=200)
    office = forms.ChoiceField(label=_("承办室组"))
    drafted_on = day(_("拟稿日期"))
    activity = forms.ChoiceField(label=_("监督活动"), required=False)
    source = line(_("问题来源"), most=200)
    facts = words(_("监督调查情况"), rows=4)
    causes = words(_("主要问题及其产生的原因"), rows=4)
    suggestions = words(_("整改建议(每行一条)"), rows=4)
    findings = FindingsField(label=_("问题编号(每行一个)"), required=False, rows=2)
    reply_days = forms.IntegerField(label=_("反馈期限(日)"), required=False, min_value=1, max_value=365)
    copies_to = line(_("抄送机关"), most=300)
    issuer = line(_("发文机关"), most=128)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        kinds = (Activity.Kind.CAMPAIGN, Activity.Kind.PROJECT, Activity.Kind.ROUND, Activity.Kind.TOPIC)
        groups = [(str(kind.label), [(str(row.uid), str(row)) for row in activities(viewer, kind=kind)[:SHOWN]]) for kind in kinds]  # fmt: skip
        self.choices("activity", [NONE, *(group for group in groups if group[1])])
        self.choices("office", own_offices(viewer))


class ManyLettersForm(NewLetterForm):
    """The same letter to several units: each has its own number in the house."""

    units = words(_("主送单位(每行一家)"), required=True, rows=6)
    unit = None  # type: ignore[assignment]
    findings = None  # type: ignore[assignment]
    field_order = ("kind", "units", "title")


class ListForm(RoomForm):
    findings = FindingsField(label=_("问题编号(每行一个)"))


class SuggestForm(RoomForm):
    texts = words(_("整改建议(每行一条)"), required=True, rows=4)


class DecideForm(RoomForm):
    """The decision of who signs."""

    is_granted = forms.ChoiceField(label=_("签批意见"), choices=[("yes", _("同意")), ("no", _("不同意"))])
    on = day(_("签批日期"))
    opinion = words(_("签批意见"))


class PaperForm(DecideForm):
    """What was signed on paper."""

    signer = line(_("签批人"), required=True, most=64)
    scan = attached(_("签批件扫描(可选)"))


class ConfirmPaperForm(RoomForm):
    """What was typed of the paper stands above: the second person compares it with the paper or its scan."""

    about = _("请与纸质件或扫描件核对")

    def prepare(self) -> None:
        if isinstance(self.thing, Signing):
            row, yes = self.thing, _("同意")
            said = (
                (_("签批人"), row.signer_name),
                (_("签批日期"), iso(row.signed_on)),
                (_("签批意见"), yes if row.is_granted else _("不同意")),
                (_("意见内容"), row.opinion),
                (_("扫描件"), getattr(row, "scan_name", "")),
            )
            self.told = [_("%(name)s：%(value)s") % {"name": name, "value": value} for name, value in said if value]


class ScanForm(RoomForm):
    """The scan of a paper that was typed without one."""

    scan = attached(_("扫描件"), required=True)


class WithdrawScanForm(RoomForm):
    """Why the scan is taken down: it stays on the record, struck through, with this."""

    reason = forms.CharField(label=_("撤下原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class NumberForm(RoomForm):
    """文号: begins with the word used last and its next number."""

    word = line(_("机关代字"), required=True, most=32)
    year = forms.IntegerField(label=_("文号年份"), min_value=1990, max_value=2100)
    serial = forms.IntegerField(label=_("文号序号"), min_value=1)

    def prepare(self) -> None:
        year = (getattr(self.thing, "signed_on", None) or today()).year
        last = last_number(guard.require_actor(), self.thing) if isinstance(self.thing, Instrument) else ""
        self.begin(word=last, year=year, **({"serial": next_serial(last, year)} if last else {}))


class LeaderForm(RoomForm):
    """To which leader in charge: those of the day that is written are checked; those of today are offered."""

    on = day(_("送达日期"))
    leader = PeopleField(
        label=_("分管领导"), rows=1, required=False, help_text=_("以送达当日的分管关系为准；只有一位分管领导时可不填")
    )

    def prepare(self) -> None:
        if isinstance(self.thing, Instrument) and self.thing.subject:
            people = recipients(guard.require_actor(), self.thing.subject, today())
            self.begin(leader=people[0].name if len(people) == 1 else "")


class CopyForm(RoomForm):
    on = day(_("送达日期"))
    person = PeopleField(label=_("党委主要负责人(抄送)"), rows=1)


class DeliverForm(RoomForm):
    on = day(_("送达日期"))
    receiver = line(_("签收人"), most=64)


class EndorseForm(RoomForm):
    """批示 or 圈阅: nothing else is recorded of a leader."""

    verb = forms.ChoiceField(label=_("事项"), choices=[(verb.value, verb.label) for verb in Turn.ENDORSING])
    on = day(_("日期"))
    note = words(_("批示内容"))


class ReplyForm(RoomForm):
    """《整改情况反馈单》."""

    on = day(_("反馈日期"))
    measures = words(_("整改措施"), required=True, rows=4)
    result = words(_("整改结果"))
    proof = line(_("佐证材料"), most=300)
    unit_signer = line(_("单位主要负责人签字"), most=64)
    leader_signer = line(_("分管领导签字"), most=64)
    scan = attached(_("反馈单扫描（可选）"))


class AnswerForm(RoomForm):
    """What the unit says to a suggestion."""

    kind = forms.ChoiceField(label=_("反馈类型"), choices=Answer.Kind.choices)
    on = day(_("反馈日期"))
    text = words(_("采纳和落实情况"))


class VerifyForm(RoomForm):
    on = day(_("核验日期"))
    note = words(_("核验意见"))


class CloseForm(RoomForm):
    on = day(_("销号日期"))
    note = words(_("核验意见"), required=True)
