"""Builders of estates, and the days that the tests look at."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.net.subjects.models import Region
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure
from jiandu.sources.ledgers.models import Estate, Posting
from jiandu.sources.ledgers.services.estates import NewEstate, register_estate
from jiandu.sources.ledgers.services.publishing import NewPosting, post

NOVEMBER, Q2, Q3 = date(2022, 11, 30), date(2022, 6, 30), date(2022, 9, 30)
ASK = Ask(2022, NOVEMBER)
OFFICE = "思明区纪委监委"


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str = "estates_disclosing", ask: Ask = ASK) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


def street() -> Region:
    """筼筜街道 as the shipped divisions write it."""
    return Region.objects.get(code="350203009")


def new(world: World, code: str, *, since: date = date(2021, 1, 1)) -> NewEstate:
    return NewEstate(code=code, name=f"小区{code}", place=street(), office=world.offices[OFFICE], since=since)


def estate(world: World, code: str = "", **more: Any) -> Estate:
    with as_(SYSTEM) as by:
        return register_estate(new=new(world, code or f"XQ{world.number()}", **more), by=by)


def shown(one: Estate, channel: str = "online", on: date = date(2022, 10, 20), **more: Any) -> Posting:
    with as_(SYSTEM) as by:
        return post(estate=one, by=by, new=NewPosting(more.pop("period", Q3), channel, on, **more))
