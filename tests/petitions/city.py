"""The small net with a petition office in the city and one in a district, and petitions in their states."""

from datetime import date
from typing import Any

from tests.world import SYSTEM, World, as_

from jiandu.base.core.guard import Viewer
from jiandu.sources.petitions.models import HandOff, Petition
from jiandu.sources.petitions.services import deciding, handling, registering
from jiandu.sources.petitions.services.registering import NewPetition, NewTags
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import Disposal, Named, Verb
from jiandu.sources.petitions.vault import Content, Sender

DAY = date(2022, 3, 1)
OFFICE, DISTRICT_OFFICE, ROOM = "市信访室", "思明区信访室", "第一监督检查室"
PEOPLE = (
    ("信访甲", "petition_clerk", OFFICE),
    ("信访乙", "petition_clerk", OFFICE),
    ("区信访", "petition_clerk", DISTRICT_OFFICE),
)
WORDS = "反映市教育局基建科长王某某在食堂采购中收受供应商礼金"


def furnish(world: World) -> World:
    """Petition offices and their clerks."""
    world.office(OFFICE, "department", "市纪委监委")
    world.office(DISTRICT_OFFICE, "department", "思明区纪委监委")
    for name, role, office in PEOPLE:
        world.user(name, role, office=office)
    return world


#: Competence → who manages, from which it follows at a city's commission.
MANAGED = {
    "own": {"authority": "city"},
    "lower": {"authority": "district"},
    "organ": {"authority": "city", "managed_by": "国家税务总局厦门市税务局党委"},
}


def tags(**more: Any) -> NewTags:
    """A report of the commission's own competence, unless another is said: then of one whom others manage."""
    managed = {} if "authority" in more else MANAGED[more.get("competence", "own")]
    said = {"way": "letter", "kind": "accusation", "rank": "township", "nature": "integrity"} | managed | more
    return NewTags(**said)


def new(world: World, *, on: date = DAY, office: str = OFFICE, unit: str = "", **more: Any) -> NewPetition:
    """A letter about nobody in particular, unless a unit is named."""
    content = more.pop("content", Content(WORDS, person="王某某", post="基建科长"))
    sender = more.pop("sender", None)
    subject = world.units[unit] if unit else None
    if office == DISTRICT_OFFICE:
        more = {"authority": "district"} | more
    return NewPetition(on, world.offices[office], tags(**more), content, sender, subject)


def registered(world: World, *, by: Viewer | None = None, **more: Any) -> Petition:
    with as_(by or SYSTEM) as viewer:
        return registering.register(new=new(world, **more), by=viewer)


def named(world: World, *, on: date = DAY, **more: Any) -> Petition:
    """A signed letter whose sender was verified the same day."""
    petition = registered(world, on=on, named="unverified", sender=Sender("陈举报", "13800000000"), **more)
    with as_(SYSTEM) as by:
        return deciding.check_name(petition=petition, by=by, on=on, found=Named.VERIFIED)


def drafted(world: World, petition: Petition, *, by: str = "信访甲", on: date = DAY, **more: Any) -> HandOff:
    """A hand-off that waits for the second officer."""
    if "body" not in more:
        more["office"] = world.offices[more.get("office", ROOM)]
    said = {"extract": "反映某科长在采购中收受礼金"} | more
    with as_(world.viewer(by)) as viewer:
        return deciding.draft_hand_off(petition=petition, by=viewer, new=deciding.NewHandOff(on=on, **said))


def confirmed(world: World, hand_off: HandOff, *, by: str = "信访乙", on: date = DAY) -> Petition:
    with as_(world.viewer(by)) as viewer:
        return deciding.confirm_hand_off(hand_off=hand_off, by=viewer, on=on)


def routed(world: World, petition: Petition | None = None, *, on: date = DAY, **more: Any) -> Petition:
    petition = petition or registered(world)
    return confirmed(world, drafted(world, petition, on=on, **more), on=on)


def accepted(world: World, petition: Petition | None = None, *, on: date = DAY, **more: Any) -> Petition:
    petition = routed(world, petition, **more)
    with as_(SYSTEM) as by:
        return handling.accept(petition=petition, by=by, done=Done(on))


def concluded(world: World, petition: Petition | None = None, *, on: date = DAY) -> Petition:
    petition = accepted(world, petition, on=DAY)
    with as_(SYSTEM) as by:
        if petition.kind == "accusation":
            petition = handling.dispose(petition=petition, by=by, done=Done(DAY), disposal=Disposal.VERIFY)
        return handling.conclude(petition=petition, by=by, done=Done(on), truth="partly")


def done(petition: Petition, verb: Verb, on: date, **more: Any) -> Petition:
    """One of the plain acts, or a telling."""
    with as_(SYSTEM) as by:
        if verb in handling.PLAIN:
            return handling.do(petition=petition, by=by, verb=verb, done=Done(on, **more))
        return handling.tell(petition=petition, by=by, verb=verb, done=Done(on, **more))
