"""Figures of 问题抄报: sheets delivered, the leaders in charge to whom they went, the findings on them."""

from functools import partial

from django.db.models import Exists, QuerySet

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.models import Delivery, Instrument, Matter
from jiandu.net.subjects.models import Person
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT, OF_FINDINGS

of_copies = partial(measure, mechanism=Mechanism.COPY_REPORT)


def delivered(rows: "QuerySet[Delivery]", to: str, ask: Ask) -> "QuerySet[Delivery]":
    """Of deliveries, those to such recipients in the year that stood on the as-of date."""
    return known(rows.filter(stands(ask), to=to, on__range=(ask.start, ask.end)), ask)


@of_copies(
    key="copy_reports",
    label="问题抄报单",
    unit="份",
    basis=Basis.FLOW,
    definition="本年送达分管领导的问题抄报单；一份送两位领导的计一份；撤下的不计",
    splits=(BY_UNIT, BY_OFFICE),
)
def copy_reports(ask: Ask) -> QuerySet[Instrument]:
    """Sheets that reached a leader in charge in the year."""
    handed = delivered(parts_of_row(Delivery), Delivery.To.LEADER, ask)
    kind = Instrument.Kind.COPY_REPORT
    return known(Instrument.objects.filter(stands(ask), Exists(handed), kind=kind), ask)


@of_copies(
    key="copy_report_recipients",
    label="问题抄报分管市领导",
    unit="位",
    basis=Basis.FLOW,
    definition="本年问题抄报单送达的分管领导(以送达当日分管关系和职务为准)；一人一年计一次；抄送的领导不计；撤下的不计",
    within="copy_reports",
)
def copy_report_recipients(ask: Ask) -> QuerySet[Person]:
    """Leaders in charge to whom a sheet was delivered, each once."""
    sheets = copy_reports(ask).values("pk")
    handed = delivered(Delivery.objects.filter(instrument__in=sheets), Delivery.To.LEADER, ask)
    return Person.objects.filter(pk__in=handed.values("person_id"))


@of_copies(
    key="copy_report_findings",
    label="抄报典型问题",
    unit="个",
    basis=Basis.FLOW,
    definition="本年送达的问题抄报单所列的问题；同一问题抄报两位领导的计一个；撤下的抄报单不计",
    splits=OF_FINDINGS,
)
def copy_report_findings(ask: Ask) -> QuerySet[Finding]:
    """Findings on delivered sheets, each once."""
    listed = Matter.objects.filter(stands(ask), instrument__in=copy_reports(ask).values("pk"))
    return known(Finding.objects.filter(pk__in=known(listed, ask).values("finding_id")), ask)
