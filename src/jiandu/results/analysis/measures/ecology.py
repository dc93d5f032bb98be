"""Figures of 政治生态分析: reports approved in the year, and the dimensions of its scheme."""

from functools import partial

from django.db.models import Exists, OuterRef, Q, QuerySet

from jiandu.base.lexicon.models import Item
from jiandu.net.subjects.models import in_force
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT
from jiandu.results.portraits.models import Portrait

of_ecology = partial(measure, mechanism=Mechanism.ECOLOGY)


@of_ecology(
    key="portrait_reports",
    label="政治生态分析报告",
    unit="份",
    basis=Basis.FLOW,
    definition="本年审定的政治生态分析报告；一个单位(地区)一个分析期计一份；修订不计",
    splits=(BY_UNIT, BY_OFFICE, Split("month", "审定月份", "approved_on", is_month=True)),
)
def portrait_reports(ask: Ask) -> QuerySet[Portrait]:
    """Reports approved in the year; a revision does not count again."""
    rows = Portrait.objects.filter(stands(ask), revises__isnull=True, approved_on__range=(ask.start, ask.end))
    return known(rows, ask)


@of_ecology(
    key="portrait_dimensions",
    label="政治生态分析维度",
    unit="个维度",
    basis=Basis.STATE,
    definition="统计截止日时本年度分析指标的一级维度；已停用、已并入的不计",
)
def portrait_dimensions(ask: Ask) -> QuerySet[Item]:
    """The year's own dimensions, or those without a year; what was retired or merged by then is left out."""
    own = Item.objects.filter(kind=OuterRef("kind"), year=ask.year)
    of_year = Q(year=ask.year) | Q(year__isnull=True) & ~Exists(own)
    stays = Q(replaced_by__isnull=True) | Q(until__gt=ask.as_of)
    return known(Item.objects.filter(of_year, in_force(ask.as_of), stays, kind="dimension"), ask)
