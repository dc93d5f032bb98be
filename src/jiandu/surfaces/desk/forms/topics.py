"""Forms of 点题整治: the topic, its year, 四定, months, evaluation, results, where it goes."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.sources.topics.models import LeadDepartment, MonthlyCount, Topic, TopicYear
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class MonthField(forms.DateField):
    """A month, as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(attrs={"type": "month"}, format="%Y-%m")
        super().__init__(widget=widget, input_formats=["%Y-%m", "%Y-%m-%d"], **kwargs)


class RateField(forms.DecimalField):
    """A per cent with two decimals, given in hundredths of a per cent."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=0, max_value=100, decimal_places=2, **kwargs)

    def clean(self, value: Any) -> int:
        rate: Decimal = super().clean(value)
        return int(rate * 100)


class TopicForm(RoomForm):
    """What the public named."""

    code = line(_("编号"), required=True, most=32)
    name = line(_("点题事项"), required=True, most=200)
    tier = forms.ChoiceField(label=_("层级"), choices=Topic.Tier.choices, initial=Topic.Tier.CITY)
    chosen_by = line(_("选题来源"), most=200)
    office = forms.ChoiceField(label=_("承办室组"))

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))


class YearForm(RoomForm):
    """A year's work on a topic."""

    year = forms.IntegerField(label=_("年度"), min_value=1990, max_value=2100)
    code = line(_("编号"), required=True, most=32)
    approved_on = day(_("立题日期"))
    plan = words(_("方案"), rows=4)
    measures = words(_("定措施"))
    schedule = words(_("定进度"))

    def prepare(self) -> None:
        self.begin(year=today().year)


class PlanForm(RoomForm):
    measures = words(_("定措施"), rows=4)
    schedule = words(_("定进度"), rows=4)

    def prepare(self) -> None:
        row = getattr(self.thing, "topic_year", None)
        if isinstance(row, TopicYear):
            self.begin(measures=row.measures, schedule=row.schedule)


class DepartmentForm(RoomForm):
    organisation = UnitField(label=_("部门"))
    role = forms.ChoiceField(label=_("分工"), choices=LeadDepartment.Role.choices)


class TargetForm(RoomForm):
    name = line(_("目标"), required=True, most=200)
    planned = forms.IntegerField(label=_("目标值"), min_value=1)
    unit = line(_("单位"), required=True, most=16)
    due_on = day(_("完成时限"), required=False, now=False)


class ReachedForm(RoomForm):
    on = day(_("截至"))
    amount = forms.IntegerField(label=_("累计完成值"), min_value=0)


class ProgressForm(RoomForm):
    month = MonthField(label=_("月份"))
    text = words(_("进展"), required=True, rows=4)


class CountForm(RoomForm):
    kind = forms.ChoiceField(label=_("类别"), choices=MonthlyCount.Kind.choices)
    month = MonthField(label=_("月份"))
    received = forms.IntegerField(label=_("本月受理"), min_value=0)
    closed = forms.IntegerField(label=_("本月办结"), min_value=0)


class EvaluationForm(RoomForm):
    """Rates in per cent, as the evaluator gives them."""

    on = day(_("评价日期"))
    evaluator = line(_("评价单位"), required=True)
    sample = forms.IntegerField(label=_("样本量"), min_value=1)
    known = RateField(label=_("知晓率（%）"))
    satisfied = RateField(label=_("满意率（%）"))
    supported = RateField(label=_("支持率（%）"))


class AchievementForm(RoomForm):
    on = day(_("日期"))
    text = line(_("成果"), required=True, most=300)


class CarryOnForm(RoomForm):
    """深化推进: with a number for the next year that year is opened at once."""

    on = day(_("日期"))
    note = words(_("说明"))
    code = line(_("下一年度编号"), most=32)
