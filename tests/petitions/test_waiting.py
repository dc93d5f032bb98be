"""What waits for an officer: his office's items, the clock that ends first before the others; nobody else's."""

from datetime import date

import pytest
from tests.petitions import city as cities
from tests.petitions.city import DAY, accepted, concluded, done, drafted, named, registered, routed
from tests.surfaces.counting import grown, questions
from tests.surfaces.desk.test_accounts import client_of
from tests.world import SYSTEM, World, as_

from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services import deciding
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import Verb
from jiandu.sources.petitions.waiting import first_waiting, waiting


@pytest.fixture
def city(world: World) -> World:
    return cities.furnish(world)


def waits(city: World, who: str) -> list[Petition]:
    with as_(city.viewer(who)) as viewer:
        return list(waiting(viewer))


def test_an_item_waits_for_the_clerk_then_for_the_room_then_for_nobody(city: World):
    petition = registered(city)
    assert (waits(city, "信访甲"), waits(city, "干部甲"), waits(city, "区信访")) == ([petition], [], [])
    routed(city, petition)
    assert (waits(city, "信访甲"), waits(city, "干部甲"), waits(city, "干部乙")) == ([], [petition], [])
    with as_(SYSTEM) as by:
        other = registered(city)
        deciding.keep(petition=other, by=by, done=Done(DAY))
    assert waits(city, "信访甲") == []


def test_a_result_waits_until_the_reporter_and_the_petition_office_know_it(city: World):
    told, anonymous = concluded(city, named(city)), concluded(city)
    assert waits(city, "干部甲") == [told, anonymous]
    done(told, Verb.TELL_RESULT, DAY)
    done(told, Verb.FEED_BACK, DAY)
    assert waits(city, "干部甲") == [anonymous]
    done(anonymous, Verb.FEED_BACK, DAY)
    assert waits(city, "干部甲") == []


def test_a_proposal_waits_for_the_leader_to_whom_it_was_put_by_name(city: World):
    petition, other = registered(city), registered(city)
    with as_(city.viewer("信访甲")) as by:
        deciding.propose(petition=petition, by=by, done=Done(DAY), leader=city.users["书记"])
        deciding.propose(petition=other, by=by, done=Done(DAY))  # on paper: opened to nobody
    assert waits(city, "书记") == [petition]


def test_the_clock_that_ends_first_stands_first_and_what_has_none_last(city: World):
    late = accepted(city, registered(city, on=date(2022, 2, 1)), on=date(2022, 3, 4))
    soon = accepted(city, on=date(2022, 3, 1))
    none = routed(city, registered(city, on=date(2022, 1, 4)))
    with as_(city.viewer("干部甲")) as viewer:
        found = first_waiting(viewer, date(2022, 3, 5), 10)
    assert [each.petition for each in found] == [soon, late, none]
    days = [each.clock.due_on if each.clock else None for each in found]
    assert days == [date(2022, 4, 1), date(2022, 4, 6), None]


def test_the_desk_shows_what_waits_and_the_menu_counts_it(city: World):
    petition = routed(city)
    room, other, clerk = (client_of(city, name) for name in ("干部甲", "干部乙", "信访甲"))
    room.get("/desk/")  # the counts travel in a cookie
    desk = room.get("/desk/").content.decode()
    assert (petition.code in desk, 'id="tally-petitions">1<' in desk.replace("\n", "")) == (True, True)
    assert petition.code not in other.get("/desk/").content.decode()
    waiting_at_clerk = registered(city)
    desk = clerk.get("/desk/").content.decode()
    assert (waiting_at_clerk.code in desk, petition.code in desk) == (True, False)
    assert clerk.get("/desk/todo/").status_code in {200, 204}


def test_the_desk_asks_no_more_for_more_that_waits(city: World):
    room, clerk = client_of(city, "干部甲"), client_of(city, "信访甲")
    for who, more in ((room, lambda: routed(city)), (clerk, lambda: drafted(city, registered(city)))):
        more()
        few = questions(who, ["/desk/"])
        more()
        more()
        assert grown(few, questions(who, ["/desk/"])) == {}
