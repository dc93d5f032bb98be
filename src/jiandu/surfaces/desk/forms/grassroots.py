"""Forms of grassroots supervision: checks, inspections, answers, assets, checklists, the grid, meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.loop.grassroots import selectors
from jiandu.loop.grassroots.models import Answer, AssetLookBack, Check, LedgerTick, Meeting
from jiandu.loop.grassroots.services.checklists import FIELDS, NewItem
from jiandu.loop.grassroots.services.ticking import problem_of
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices
from jiandu.surfaces.desk.wording import said


class OwnForm(RoomForm):
    """Something that one of the viewer's offices owns."""

    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class CheckForm(OwnForm):
    kind = forms.ChoiceField(label=_("检查类别"), choices=Check.Kind.choices)
    code = line(_("编号"), required=True, most=32)
    name = line(_("名称"), required=True, most=200)
    on = day(_("部署日期"))
    plan = words(_("方案"), rows=4)


class InspectionForm(RoomForm):
    organisation = UnitField(label=_("村居"))
    on = day(_("检查日期"))
    inspectors = line(_("检查人员"), required=True, most=200)
    note = words(_("检查情况"))


class AnswerForm(RoomForm):
    """One item: few taps, and a note where something is wrong."""

    result = forms.ChoiceField(label=_("检查结果"), choices=Answer.Result.choices, widget=forms.RadioSelect)
    note = words(_("情况"))


class TakeForm(RoomForm):
    on = day(_("登记日期"))
    problem = words(_("问题表现"), rows=3, most=500)

    def prepare(self) -> None:
        if isinstance(self.thing, Answer):
            self.begin(problem=f"{self.thing.item.matter}：{self.thing.note}")
        elif isinstance(self.thing, LedgerTick):
            self.begin(problem=problem_of(self.thing))


class LookForm(RoomForm):
    finding = forms.ChoiceField(label=_("问题"))
    asset = line(_("资产名称"), required=True, most=200)
    stage = forms.ChoiceField(label=_("环节"), choices=AssetLookBack.Stage.choices)
    on = day(_("日期"))
    result = forms.ChoiceField(label=_("结果"), choices=AssetLookBack.Result.choices)
    by_name = line(_("办理人"), required=True, most=64)
    note = words(_("情况"))

    def prepare(self) -> None:
        viewer = guard.require_actor()
        rows = selectors.findings_of(viewer, self.thing)[:200]
        self.choices("finding", [(str(row.uid), str(row)[:80]) for row in rows])
        self.begin(by_name=viewer.name)


WIDTH = len(FIELDS) + 1


class ChecklistForm(RoomForm):
    """A new version, one item a line: aspect, then the item's columns, parted by | (begins with the newest version)."""

    version = line(_("版本"), required=True, most=32)
    name = line(_("名称"), required=True)
    since = day(_("启用日期"))
    note = words(_("说明"))
    lines = forms.CharField(
        label=_("清单(每行：方面|监督事项|监督要点|方式|频次|责任主体|依据)"),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    def prepare(self) -> None:
        newest = selectors.checklists(guard.require_actor()).first()
        if newest is not None:
            rows = [
                "|".join([aspect.name, *(getattr(item, name) for name in FIELDS)])
                for aspect in selectors.whole(newest.pk)
                for item in aspect.items.all()
            ]
            self.begin(name=newest.name, lines="\n".join(rows))

    def clean_lines(self) -> tuple[tuple[str, tuple[NewItem, ...]], ...]:
        """Aspects in order, each with its items. Raises ValidationError with the number of each wrong line."""
        found: dict[str, list[NewItem]] = {}
        wrong = []
        for number, text in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            cells = [cell.strip() for cell in text.replace("｜", "|").split("|")]
            if not any(cells):
                continue
            if len(cells) != WIDTH or not (cells[0] and cells[1]):
                wrong.append(_("第%(number)d行：应有%(width)d栏，用竖线隔开") % {"number": number, "width": WIDTH})
                continue
            found.setdefault(cells[0], []).append(NewItem(*cells[1:]))
        if wrong:
            raise forms.ValidationError(wrong[:10])
        return tuple((name, tuple(rows)) for name, rows in found.items())


class CellForm(OwnForm):
    name = line(_("网格名称"), required=True)
    village = UnitField(label=_("村居"), required=False)
    region = RegionField(label=_("属地"), max_length=64, required=False)
    is_contact_point = forms.BooleanField(label=_("工作联系点"), required=False)
    since = day(_("设立日期"))


class WorkerForm(RoomForm):
    name = line(_("姓名"), required=True, most=64)
    kind = forms.TypedChoiceField(label=_("人员类别"), coerce=int)
    since = day(_("任期起"))
    until = day(_("任期止"), required=False, now=False)
    contact = line(_("联系方式"), most=64)

    def prepare(self) -> None:
        rows: Any = items(guard.require_actor(), "grid_worker", today().year)
        self.choices("kind", [(row.pk, said(row)) for row in rows])


class EndForm(RoomForm):
    until = day(_("最后一天"))


class MeetingForm(OwnForm):
    kind = forms.ChoiceField(label=_("类别"), choices=Meeting.Kind.choices)
    on = day(_("日期"))
    theme = line(_("主题"), required=True, most=200)
    people_count = forms.IntegerField(label=_("人次"), min_value=1, max_value=1_000_000)
    audience = line(_("对象"), most=200)
    place = line(_("地点"))
    note = words(_("交流材料、课程"))
