"""Figures of 小区公共收益: which estates owe the latest due period, and which show its details on the day."""

from functools import partial

from django.db.models import Q, QuerySet

from jiandu.net.subjects.models import in_force
from jiandu.results.analysis.measures.registry import Ask, Basis, Mechanism, Rate, Split, known, measure, register_rate
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Estate, Posting

BY_PLACE = (
    Split("district", "区", "district_id", "district__name"),
    Split("street", "镇(街道)", "street_id", "street__name"),
)
Channel = Posting.Channel


def _there(ask: Ask) -> QuerySet[Estate]:
    """The estates that are there on the day, whether they owe anything yet or not."""
    return known(Estate.objects.filter(duty.there(ask.as_of, ask.as_known)), ask)


of_estates = partial(measure, mechanism=Mechanism.ESTATES, unit="个", basis=Basis.STATE, base=_there, splits=BY_PLACE)


@of_estates(
    key="estates_disclosing",
    label="实现公共收益明细公示的小区",
    definition="统计截止日时，最近一个应公示周期的公共收益明细(非仅总额)在线上或线下公示着的小区；已到期撤下的不计",
    within="estates_due",
)
def estates_disclosing(ask: Ask) -> Q:
    """Estates that owe the latest due period and whose details are up on line or on site."""
    return estates_due(ask) & _shown(ask)


@of_estates(
    key="estates_due",
    label="应公示公共收益的小区",
    definition="统计截止日时在册，且最近一个应公示周期届满时已在册的小区",
)
def estates_due(ask: Ask) -> Q:
    """The denominator: estates that were there when the latest due period ended."""
    return in_force(duty.latest_due(ask.as_of))


@of_estates(
    key="estates_not_due",
    label="尚无公示义务的小区",
    definition="统计截止日时在册，但最近一个应公示周期届满时尚未在册的小区",
)
def estates_not_due(ask: Ask) -> Q:
    """What the denominator leaves out."""
    return ~estates_due(ask)


@of_estates(
    key="estates_disclosing_both_ways",
    label="线上线下均公示明细的小区",
    definition="实现公共收益明细公示的小区中，统计截止日时线上、线下都公示着明细的",
    within="estates_disclosing",
)
def estates_disclosing_both_ways(ask: Ask) -> Q:
    """Of estates_disclosing: the details are up on line and on site."""
    return estates_due(ask) & _shown(ask, channel=Channel.ONLINE) & _shown(ask, channel=Channel.ON_SITE)


@of_estates(
    key="estates_totals_only",
    label="仅公示总额的小区",
    definition="应公示的小区中，统计截止日时只公示着总额、没有公示明细的",
    within="estates_due",
)
def estates_totals_only(ask: Ask) -> Q:
    """Of estates_due: something is up, and no details."""
    up = duty.shown(duty.latest_due(ask.as_of), ask.as_of, ask.as_known)
    return estates_due(ask) & up & ~_shown(ask)


def _shown(ask: Ask, **how: object) -> Q:
    return duty.shown(duty.latest_due(ask.as_of), ask.as_of, ask.as_known, is_detailed=True, **how)


register_rate(
    Rate(
        key="estates_disclosing_rate",
        label="公共收益明细公示率",
        numerator="estates_disclosing",
        denominator="estates_due",
        excluded="estates_not_due",
        definition="实现公共收益明细公示的小区 ÷ 应公示公共收益的小区；尚无公示义务的不在分母",
    )
)
