"""Figures of 主动约谈. Kinds of talk never merge: another kind is another figure, and there is none of their sum."""

from functools import partial

from django.db.models import QuerySet

from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE
from jiandu.sources.talks.models import Attendee, ClueHandover, Talk

of_talks = partial(measure, mechanism=Mechanism.PROACTIVE)


def _held(ask: Ask) -> QuerySet[Talk]:
    held = Talk.objects.filter(stands(ask), kind=Talk.Kind.PROACTIVE, on__range=(ask.start, ask.end))
    return known(held, ask)


@of_talks(
    key="proactive_talks",
    label="主动约谈关键少数及重点岗位人员",
    unit="次",
    basis=Basis.FLOW,
    definition="全市各级本年主动约谈的关键少数和重点岗位人员，按对象计：一人一次谈话计一次，集体约谈按符合条件的对象计；轮次中的约谈计入；其他种类的谈话不计",
    splits=(
        Split("category", "对象类别", "category", "category"),
        Split("unit", "单位", "organisation_id", "organisation__name"),
        Split("month", "谈话月份", "on", is_month=True),
    ),
)
def proactive_talks(ask: Ask) -> QuerySet[Attendee]:
    """Attendees of the year's 主动约谈 who held a key post on the day: one person once a talk."""
    seats = Attendee.objects.filter(stands(ask), category__in=Attendee.KEY, talk__in=_held(ask).values("pk"))
    return known(seats, ask)


@of_talks(
    key="proactive_sessions",
    label="主动约谈场次",
    unit="场",
    basis=Basis.FLOW,
    definition="全市各级本年主动约谈的场次；集体约谈计一场",
    splits=(BY_OFFICE, Split("month", "谈话月份", "on", is_month=True)),
)
def proactive_sessions(ask: Ask) -> QuerySet[Talk]:
    """The year's 主动约谈, a group talk once."""
    return _held(ask)


@of_talks(
    key="talk_clues_handed_over",
    label="谈话中线索密封移交",
    unit="件",
    basis=Basis.FLOW,
    definition="本年谈话中发现、已密封移交案件监督管理部门的线索件数；撤下的不计；只统计有权知悉的移交，不登记线索内容",
    splits=(BY_OFFICE,),
)
def talk_clues_handed_over(ask: Ask) -> QuerySet[ClueHandover]:
    """The year's sealed hand-overs, as far as the viewer may know of them."""
    rows = ClueHandover.objects.filter(stands(ask), talk__isnull=False, on__range=(ask.start, ask.end))
    return known(rows, ask)
