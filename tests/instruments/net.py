"""What the tests of sheets begin with: leaders in charge, a sheet brought as far as is asked, through services only."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import instrument_by_uid
from jiandu.loop.instruments.services import serving, signing
from jiandu.loop.instruments.services.drafting import NewInstrument, draft
from jiandu.net.access.deciding import Signature
from jiandu.net.subjects.models import Person
from jiandu.net.subjects.services import NewPost, appoint, put_in_charge, register_person
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure

DAY, SIGNED, SERVED = date(2022, 5, 5), date(2022, 5, 6), date(2022, 5, 9)
END = Ask(2022, date(2022, 12, 31))


def rule_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.rule


def value(key: str, ask: Ask = END) -> object:
    with as_(SYSTEM) as by:
        return figure(by, key, ask).value


def leader(world: World, name: str, *units: str, since: date = date(2021, 1, 1), title: str = "副市长") -> Person:
    """A leader of the city in charge of the units since a day."""
    if "市政府" not in world.units:
        world.unit("市政府")
    with as_(SYSTEM) as by:
        person = world.persons.setdefault(name, register_person(name=name, by=by))
        appoint(new=NewPost(person=person, organisation=world.units["市政府"], title=title, since=since), by=by)
        for unit in units:
            put_in_charge(leader=person, organisation=world.units[unit], since=since, by=by)
    return person


def sheet(world: World, kind: str = "copy_report", **more: Any) -> Instrument:
    """A draft: a copy-report lists a finding of its unit, a letter makes two suggestions."""
    unit = more.pop("unit", "市教育局")
    if kind == Instrument.Kind.COPY_REPORT:
        more["findings"] = [world.finding(unit=unit)] if more.get("findings") is None else more["findings"]
    else:
        more.setdefault("suggestions", ["健全制度", "加强监管"])
    said = {"title": f"{unit}有关问题", "office": world.offices["第一监督检查室"], "drafted_on": DAY}
    new = NewInstrument(kind=kind, subject=world.units[unit], **{**said, **more})
    with as_(world.viewer("干部甲")) as by:
        return draft(new=new, by=by)


def signed(world: World, kind: str = "copy_report", *, on: date = SIGNED, **more: Any) -> Instrument:
    """Signed by the principal."""
    one = sheet(world, kind, **more)
    with as_(world.viewer("干部甲")) as by:
        row = signing.submit(instrument=one, by=by, on=min(on, DAY) if on < DAY else DAY)
    with as_(world.viewer("书记")) as by:
        signing.decide(sign_off=row, by=by, signature=Signature(True, on, "同意"))
    return one


def served(world: World, kind: str = "copy_report", *, on: date = SERVED, **more: Any) -> Instrument:
    """Delivered: a copy-report to every leader in charge of its unit on the day, a letter to the unit."""
    one = signed(world, kind, **more)
    with as_(world.viewer("干部甲")) as by:
        if kind != Instrument.Kind.COPY_REPORT:
            serving.deliver_to_unit(instrument=one, by=by, on=on, receiver="办公室")
            return one
        for person in serving.leaders_in_charge(by, one.subject, on):
            serving.deliver_to_leader(instrument=one, by=by, on=on, leader=person)
    return one


def seen(world: World, one: Instrument, by: str = "干部甲") -> Any:
    """The sheet as that person's page has it."""
    with as_(world.viewer(by)) as viewer:
        return instrument_by_uid(viewer, one.uid)
