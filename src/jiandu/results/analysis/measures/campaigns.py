"""Figures of 专项整治 by field: which campaigns are of a field is data (a dictionary item that the campaign carries)."""

from functools import partial

from django.db.models import Exists, Q, QuerySet

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.selectors.as_of import counted
from jiandu.loop.instruments.models import Delivery, Instrument, SignOff
from jiandu.loop.outcomes.models import RuleMade, RuleOrigin
from jiandu.results.analysis.measures.copies import delivered
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE, BY_UNIT
from jiandu.sources.activities.models import Activity

of_campaigns = partial(measure, mechanism=Mechanism.CAMPAIGN)


def campaigns(field: str, ask: Ask) -> QuerySet[Activity]:
    """The campaigns of a field; an item merged into it counts as it."""
    of_field = Q(field__code=field) | Q(field__replaced_by__code=field)
    return known(Activity.objects.filter(of_field, kind=Activity.Kind.CAMPAIGN), ask)


def proposals(field: str, ask: Ask) -> QuerySet[Instrument]:
    """Of the three legal kinds, made in a campaign of the field, signed, and delivered to the unit in the year."""
    handed = delivered(parts_of_row(Delivery), Delivery.To.UNIT, ask)
    signed = known(parts_of_row(SignOff).filter(status=SignOff.Status.GRANTED, signed_on__lte=ask.end), ask)
    made = Instrument.objects.filter(kind__in=Instrument.PROPOSALS, activity__in=campaigns(field, ask).values("pk"))
    return known(made.filter(stands(ask), Exists(handed), Exists(signed)), ask)


def rules_made(field: str, ask: Ask) -> QuerySet[RuleMade]:
    """Rules issued in the year that a campaign of the field, or a counted finding of one, led to; each once."""
    within = campaigns(field, ask).values("pk")
    found = Finding.objects.filter(counted(as_of=ask.as_of, as_known=ask.as_known), activity__in=within)
    led = Q(activity__in=within) | Q(finding__in=known(found, ask).values("pk"))
    issued = RuleMade.objects.filter(
        stands(ask),
        Exists(known(parts_of_row(RuleOrigin).filter(led), ask)),
        issued_on__range=(ask.start, ask.end),
    )
    return known(issued, ask)


@of_campaigns(
    key="grain_proposals",
    label="粮食购销专项制发纪检监察建议书",
    unit="份",
    basis=Basis.FLOW,
    definition="粮食购销领域专项整治中本年送达、已签批的纪律检查建议书、监察建议书、纪检监察建议书；函件和未签批、未送达的不计；撤下的不计",
    splits=(BY_UNIT, BY_OFFICE, Split("kind", "文种", "kind", "kind")),
)
def grain_proposals(ask: Ask) -> QuerySet[Instrument]:
    """Proposals of the campaigns whose field is grain."""
    return proposals("grain", ask)


@of_campaigns(
    key="grain_rules_made",
    label="粮食购销专项推动建章立制",
    unit="项",
    basis=Basis.FLOW,
    definition="由粮食购销领域专项整治或其发现的问题推动、本年正式印发(新建或修订)的制度；一项制度计一次；草案和转发的通知不计",
    splits=(
        BY_OFFICE,
        Split("issuer", "制发机关", "issuer", "issuer"),
        Split("month", "印发月份", "issued_on", is_month=True),
    ),
)
def grain_rules_made(ask: Ask) -> QuerySet[RuleMade]:
    """Rules that came of the campaigns whose field is grain."""
    return rules_made("grain", ask)
