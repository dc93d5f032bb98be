"""Figures of 建章立制: every rule of the register, whatever led to it. Those of one mechanism stand with the mechanism."""

from functools import partial

from django.db.models import Q, QuerySet

from jiandu.loop.outcomes.models import RuleMade
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Split, known, measure, stands
from jiandu.results.analysis.measures.splits import BY_OFFICE

of_rules = partial(measure, mechanism=Mechanism.RULES)


def _rules(ask: Ask) -> QuerySet[RuleMade]:
    """Rules that stood on the as-of date."""
    return known(RuleMade.objects.filter(stands(ask)), ask)


@of_rules(
    key="rules_made",
    label="出台制度",
    unit="项",
    basis=Basis.FLOW,
    definition="本年正式印发(新建或修订)、登记入建章立制台账的制度，不论由哪项监督推动；一项制度计一次；草案和转发的通知不计；撤下的不计",
    base=_rules,
    splits=(
        BY_OFFICE,
        Split("issuer", "制发机关", "issuer", "issuer"),
        Split("month", "印发月份", "issued_on", is_month=True),
    ),
)
def rules_made(ask: Ask) -> Q:
    """Rules issued in the period."""
    return Q(issued_on__range=(ask.start, ask.end))
