"""按期率 as the database counts it equals the count of the steps, whatever was done and on whatever day it is counted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from tests.petitions.city import DAY, ROOM, confirmed, drafted, registered
from tests.world import SYSTEM, World, as_

from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.calendar import Holiday, local_file, with_year
from jiandu.sources.petitions import timeliness
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.selectors import Wanted, petitions
from jiandu.sources.petitions.services import deciding, handling, registering
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import Disposal, Named, Verb
from jiandu.sources.petitions.vault import Sender

Act = Callable[[World, Petition, date], Any]


def plain(verb: Verb) -> Act:
    def act(_world: World, petition: Petition, on: date) -> Any:
        with as_(SYSTEM) as by:
            if verb in handling.PLAIN:
                return handling.do(petition=petition, by=by, verb=verb, done=Done(on))
            return handling.tell(petition=petition, by=by, verb=verb, done=Done(on))

    return act


def by_system(do: Callable[..., Any], **more: Any) -> Act:
    def act(_world: World, petition: Petition, on: date) -> Any:
        with as_(SYSTEM) as by:
            said = (
                {"done": Done(on)}
                if do in {handling.accept, handling.dispose, handling.conclude, deciding.keep}
                else {"on": on}
            )
            return do(petition=petition, by=by, **said, **more)

    return act


def extended(_world: World, petition: Petition, on: date) -> Any:
    with as_(SYSTEM) as by:
        until = on + timedelta(days=20)
        return handling.extend(petition=petition, by=by, done=Done(on, until=until, granted_by="书记"))


def other_kind(_world: World, petition: Petition, _on: date) -> Any:
    with as_(SYSTEM) as by:
        tags = registering.NewTags(way="web", kind="appeal", authority="city", origin="forwarded", named=petition.named)
        return registering.amend_tags(petition=petition, by=by, tags=tags, subject=None, reason="更正")


def routed(world: World, petition: Petition, on: date) -> Any:
    return confirmed(world, drafted(world, petition, office=ROOM, on=on), on=on)


ACTS: dict[str, Act] = {
    "route": routed,
    "accept": by_system(handling.accept),
    "dispose": by_system(handling.dispose, disposal=Disposal.VERIFY),
    "conclude": by_system(handling.conclude, truth="partly"),
    "keep": by_system(deciding.keep),
    "name": by_system(deciding.check_name, found=Named.VERIFIED),
    "extend": extended,
    "kind": other_kind,
    **{verb.value: plain(verb) for verb in (Verb.TELL_ACCEPTED, Verb.TELL_RESULT, Verb.FEED_BACK, Verb.INQUIRE, Verb.INQUIRY_ANSWERED, Verb.REPORT_TALK, Verb.OBJECT)},
}  # fmt: skip
STORY = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["accusation", "accusation", "appeal", "advice"]),
        "origin": st.sampled_from(["direct", "forwarded", "assigned"]),
        "competence": st.sampled_from(["own", "lower"]),
        "named": st.sampled_from(["anonymous", "unverified"]),
    }
)
#: The order in which an item usually goes, with gaps of days; any of them may be left out.
USUAL = ("name", "kind", "route", "object", "accept", "tell_accepted", "dispose", "inquire", "inquiry_answered", "report_talk", "extend", "conclude", "tell_result", "feed_back", "keep")  # fmt: skip
STEPS = st.lists(st.tuples(st.sampled_from(USUAL), st.integers(0, 40)), max_size=8).map(
    lambda found: sorted(found, key=lambda one: USUAL.index(one[0]))
)


def told(world: World, story: dict[str, str], steps: list[tuple[str, int]]) -> Petition:
    """What the services let through of it."""
    sender = Sender("陈举报") if story["named"] == "unverified" else None
    petition, on = registered(world, sender=sender, **story), DAY
    for name, gap in steps:
        on += timedelta(days=gap)
        act = ACTS.get(name)
        try:
            if act is not None:
                act(world, petition, on)
        except Refused:
            continue
        with as_(SYSTEM):
            petition = Petition.objects.get(pk=petition.pk)
    return petition


def slow(on: date) -> dict[int, bool]:
    with as_(SYSTEM) as by:
        return timeliness.duties_met(by, Petition.objects.values(*timeliness.COLUMNS), on)


def fast(on: date) -> dict[int, bool]:
    """As `rated` has it, and as an aggregate has it: both the same."""
    with as_(SYSTEM) as by:
        rows = Petition.objects.order_by()
        due, good = (
            set(timeliness.rated(by, rows, value, on).values_list("pk", flat=True)) for value in ("due", "in_time")
        )
        counts = rows.aggregate(**timeliness.counts_in_time(timeliness.Q(pk__gt=0), on))
        more = timeliness.unnoted_in_time(by, rows, on)
        assert (counts["in_time"] + more[0], counts["due"] + more[1]) == (len(good), len(due))
        return {pk: pk in good for pk in due}


@hypothesis(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.tuples(STORY, STEPS), min_size=1, max_size=3), st.lists(st.integers(0, 900), min_size=4, max_size=4))
def test_the_database_counts_what_the_steps_say(city: World, stories: list[Any], days: list[int]):
    for story, steps in stories:
        told(city, story, steps)
    with as_(SYSTEM):
        last = max(DAY, *(step.on for row in Petition.objects.all() for step in row.steps.all()))
        assert not Petition.objects.filter(duties_by="").exists()
    for ahead in days:
        assert fast(last + timedelta(days=ahead)) == slow(last + timedelta(days=ahead))


def test_rows_kept_under_another_calendar_are_counted_of_their_steps_until_they_are_noted_anew(city: World):
    late, open_ = registered(city, origin="forwarded"), registered(city, origin="forwarded", on=DAY + timedelta(days=3))
    with as_(SYSTEM) as by:
        deciding.keep(petition=late, by=by, done=Done(date(2022, 3, 9)))  # the 8th was the last day
    on = date(2022, 3, 12)
    assert fast(on) == slow(on) == {late.pk: False, open_.pk: False}
    days = [Holiday("假", date(2022, 3, 7), date(2022, 3, 11))]
    local_file().write_text(with_year(2022, days, "试"), encoding="utf-8")
    try:
        assert fast(on) == slow(on) == {late.pk: True}
        with as_(SYSTEM) as by:
            assert set(petitions(by, Wanted(column="rate", value="due"))) == {late, open_}  # as of today
        assert (timeliness.renote_duties(), timeliness.renote_duties()) == (2, 0)
        assert fast(on) == slow(on) == {late.pk: True}
    finally:
        local_file().unlink()
    assert timeliness.renote_duties() == 2


def test_the_comparison_would_see_a_row_that_was_noted_wrongly(city: World):
    """The control: what is kept beside the steps is what is counted."""
    petition = registered(city, origin="forwarded")
    with as_(SYSTEM):
        Petition.objects.filter(pk=petition.pk).update(duties="in_time", duty_due_on=None)
    assert (fast(date(2022, 4, 1)), slow(date(2022, 4, 1))) == ({petition.pk: True}, {petition.pk: False})
