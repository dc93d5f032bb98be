"""Projects: opened, put in other words, joined, approved, ended, merged."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.selectors.tallies import counts_by_source
from jiandu.loop.outcomes.selectors import of_activity
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.project_parts import Closing, PlanLine
from jiandu.sources.activities.services.deciding import awaits
from jiandu.sources.activities.services.proposing import CLOSING
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm
from jiandu.surfaces.desk.views.choices import bodies


def counted(viewer: Viewer, one: Activity) -> dict[str, int]:
    """What a project found, what of that is settled, to how many rules it led: as a closing evaluation keeps them."""
    found, settled = counts_by_source(viewer, [one.uid]).get(one.uid, (0, 0))
    return {"found": found, "settled": settled, "rules_made": of_activity(viewer, one)[0]}


class ChoosingForm(forms.Form):
    """Choices that hang on the viewer are handed over by field name."""

    def __init__(self, *args: Any, choices: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, options in choices.items():
            self.fields[name].choices = options  # type: ignore[attr-defined]


class ProjectForm(ChoosingForm):
    """A new project: number, name, lead office, bodies that take part. Without an approval date it is only proposed;
    who may not approve is not asked for one.
    """

    code = line(_("编号"), required=True, most=32)
    name = line(_("名称"), required=True, most=200)
    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    lead = forms.ChoiceField(label=_("牵头室组"))
    approved_on = day(_("立项日期"), required=False, now=False)
    due_on = day(_("计划结项日期"), required=False, now=False)
    plan = words(_("方案"), rows=4)
    members = forms.MultipleChoiceField(
        label=_("参与的派驻(派出)机构"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, may_approve: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_approve:
            del self.fields["approved_on"]


class AmendForm(RoomForm):
    """The name, the plan, and bodies that join from a date on; who takes part already is not offered again."""

    name = line(_("名称"), required=True, most=200)
    due_on = day(_("计划结项日期"), required=False, now=False)
    plan = words(_("方案"), rows=4)
    since = day(_("新增机构的参加日期"))
    members = forms.MultipleChoiceField(label=_("新增参与机构"), required=False, widget=forms.CheckboxSelectMultiple)

    def prepare(self) -> None:
        viewer = guard.require_actor()
        if isinstance(self.thing, Activity):
            inside = {party.office_id for party in self.thing.parties.all()}
            self.choices("members", [pair for pair in bodies(viewer) if pair[0] not in inside])
            self.begin(name=self.thing.name, plan=self.thing.plan, due_on=self.thing.due_on)


class ApproveForm(RoomForm):
    on = day(_("立项日期"))


class EndForm(RoomForm):
    on = day(_("结项日期"))
    note = words(_("结项说明"), required=True)


class PutOffForm(RoomForm):
    on = day(_("签批日期"))
    until = day(_("延期至"), now=False)
    note = words(_("理由"), required=True)


class DropForm(RoomForm):
    on = day(_("签批日期"))
    reason = words(_("事由"), required=True)


class ProposeForm(RoomForm):
    """What is put to the leader: of a proposed project 立项 or 不予立项; 并入 of any that goes on."""

    verb = forms.ChoiceField(label=_("提请事项"))
    reason = words(_("事由"), required=True)
    code = line(_("并入的项目编号"), most=32)

    def prepare(self) -> None:
        waiting = awaits(self.thing) if isinstance(self.thing, Activity) else ()
        self.choices("verb", [(verb.value, verb.label) for verb in waiting if verb not in CLOSING])


class ClosingForm(RoomForm):
    """结项评价: four questions with their words, and what is proposed. The counts stand above; they are not typed."""

    on = day(_("评价日期"))
    targets = forms.ChoiceField(label=_("工作目标是否达成"), choices=Closing.Answer.choices)
    targets_note = words(_("目标达成情况"), rows=2)
    findings = forms.ChoiceField(label=_("发现问题是否整改到位"), choices=Closing.Answer.choices)
    findings_note = words(_("问题整改情况"), rows=2)
    rules = forms.ChoiceField(label=_("制度机制是否健全"), choices=Closing.Answer.choices)
    rules_note = words(_("建章立制情况"), rows=2)
    materials = forms.ChoiceField(label=_("材料是否归档"), choices=Closing.Answer.choices)
    materials_note = words(_("材料归档情况"), rows=2)
    proposes = forms.ChoiceField(label=_("评价意见"), choices=Closing.Proposal.choices)
    until = day(_("延期至"), required=False, now=False)
    note = words(_("理由"), required=True)

    def prepare(self) -> None:
        if isinstance(self.thing, Activity):
            self.told = [
                _("发现问题%(found)d个，已销号%(settled)d个，推动建章立制%(rules_made)d项")
                % counted(guard.require_actor(), self.thing)
            ]


class FollowUpForm(RoomForm):
    on = day(_("日期"))
    note = words(_("进展或说明"), required=True)


class NoChangeForm(RoomForm):
    """One click says it of today; of an earlier month its day may be told."""

    on = day(_("日期"), required=False)


class LineForm(RoomForm):
    """A line of the plan; of a known one, as it stands."""

    kind = forms.ChoiceField(label=_("类别"), choices=PlanLine.Kind.choices)
    text = line(_("内容"), required=True, most=300)
    planned = forms.IntegerField(label=_("目标值(量化的工作目标)"), required=False, min_value=1)
    unit = line(_("单位"), most=16)
    who = line(_("责任室组(人)"), most=128)
    due_on = day(_("完成时限"), required=False, now=False)

    def prepare(self) -> None:
        if isinstance(self.thing, PlanLine):
            self.begin(**{name: getattr(self.thing, name) for name in self.fields})


class FinishForm(RoomForm):
    on = day(_("完成日期"))
    result = line(_("完成情况"), required=True, most=300)


class UrgeForm(RoomForm):
    """What a body is asked for."""

    on = day(_("催报日期"))
    note = line(_("催报内容"), required=True, most=300)

    def prepare(self) -> None:
        self.begin(note=_("请登记本月发现的问题和跟进情况；没有的，登记“本月无变化”"))


class AnswerUrgeForm(RoomForm):
    note = line(_("回复"), required=True, most=300)


class MergeForm(RoomForm):
    code = line(_("并入的项目编号"), required=True, most=32)
    on = day(_("并入日期"))
    reason = words(_("事由"), required=True)
