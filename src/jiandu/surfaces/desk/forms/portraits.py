"""Forms of analyses of political ecology."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.results.portraits import selectors
from jiandu.results.portraits.models import Judgement, Portrait
from jiandu.surfaces.desk.forms.fields import day, line, words
from jiandu.surfaces.desk.forms.rooms import RegionField, RoomForm, UnitField
from jiandu.surfaces.desk.views.choices import own_offices


class PortraitForm(RoomForm):
    """A report: about a unit or a district, for a period, by the dimensions of a year."""

    unit = UnitField(label=_("分析单位"), required=False)
    district = RegionField(label=_("或分析地区"), max_length=64, required=False)
    period_from = day(_("分析期起"), now=False)
    period_to = day(_("分析期止"), now=False)
    year = forms.IntegerField(label=_("指标年度"), min_value=1990, max_value=2100)
    office = forms.ChoiceField(label=_("承办室组"))
    title = line(_("标题"), most=200)
    author = line(_("起草机构"))
    reviewers = line(_("审核人"), most=200)

    def prepare(self) -> None:
        self.choices("office", own_offices(guard.require_actor()))
        self.begin(year=today().year)


class JudgeForm(RoomForm):
    text = words(_("研判"), required=True, rows=8)
    petition_count = forms.IntegerField(label=_("信访件数"), min_value=0, max_value=1_000_000, required=False)

    def prepare(self) -> None:
        row = getattr(self.thing, "judgement", None)
        if isinstance(row, Judgement):
            self.begin(text=row.text, petition_count=row.petition_count)


class GroundForm(RoomForm):
    """A finding or a talk of the unit and the period."""

    ground = forms.ChoiceField(label=_("问题或谈话"))

    def prepare(self) -> None:
        if isinstance(self.thing, Judgement):
            viewer, portrait = guard.require_actor(), self.thing.portrait
            findings = [(f"finding:{row.uid}", str(row)[:80]) for row in selectors.findings_about(viewer, portrait)]
            talks = [
                (f"talk:{row.uid}", f"{row.on} {row.theme}"[:80]) for row in selectors.talks_about(viewer, portrait)
            ]
            self.choices("ground", [(_("问题"), findings), (_("谈话"), talks)])


class SummaryForm(RoomForm):
    summary = words(_("总体评价和建议"), rows=8)
    reviewers = line(_("审核人"), most=200)

    def prepare(self) -> None:
        if isinstance(self.thing, Portrait):
            self.begin(summary=self.thing.summary, reviewers=self.thing.reviewers)


class ReportForm(RoomForm):
    file = forms.FileField(label=_("报告文件"))


class ApproveForm(RoomForm):
    """Who approves is who enters it; what a leader signed on paper is entered as paper."""

    on = day(_("审定日期"))
