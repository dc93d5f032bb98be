"""Routing rules 0–5: competence, repeats, the hand-off by two, who can never receive; and the state machine as a whole."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.petitions import city as cities
from tests.petitions.city import (
    DAY,
    DISTRICT_OFFICE,
    OFFICE,
    ROOM,
    accepted,
    concluded,
    confirmed,
    done,
    drafted,
    named,
    registered,
    routed,
)
from tests.world import START, SYSTEM, World, as_

from jiandu.base.audit.models import Payload
from jiandu.base.core.errors import Refused
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.services import NewPost, appoint
from jiandu.sources.petitions import rules, selectors, vault
from jiandu.sources.petitions.models import HandOff, Petition, PetitionStep
from jiandu.sources.petitions.rules import Recipient, Reported, check_recipient, known_names
from jiandu.sources.petitions.services import deciding, handling
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import MOVES, Named, Regime, State, Verb, is_legal

LATER = DAY + timedelta(days=3)


def refusal(rule: str):
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


def fresh(petition: Petition) -> Petition:
    with as_(SYSTEM):
        return Petition.objects.get(pk=petition.pk)


# --- rule 1: our own, first → the room that supervises, opened to it alone ---


def test_a_confirmed_hand_off_opens_the_item_to_the_room_and_to_nobody_else(city: World):
    petition = routed(city)
    seen = set()
    for name in city.users:
        with as_(city.viewer(name)) as viewer:
            if selectors.by_uid(viewer, petition.uid) is not None:
                seen.add(name)
    assert seen == {"信访甲", "信访乙", "干部甲", "干部丙", "主任甲"}
    assert (fresh(petition).state, fresh(petition).handler) == ("routed", city.offices[ROOM])


def test_nothing_goes_before_the_second_officer_confirms(city: World):
    petition = registered(city)
    drafted(city, petition)
    with as_(city.viewer("干部甲")) as viewer:
        assert selectors.by_uid(viewer, petition.uid) is None
    assert fresh(petition).state == "registered"


def test_whoever_drafted_does_not_confirm(city: World):
    draft = drafted(city, registered(city))
    with refusal("confirm-other-person"):
        confirmed(city, draft, by="信访甲")


def test_a_hand_off_is_confirmed_once_and_not_after_it_was_taken_back(city: World):
    draft = drafted(city, registered(city))
    with as_(city.viewer("信访甲")) as by:
        deciding.withdraw_hand_off(hand_off=draft, by=by, reason="对象有误")
    with refusal("hand-off-done"):
        confirmed(city, draft)


def test_the_recipient_reads_the_extract_and_not_the_letter(city: World):
    petition = registered(city)
    draft = drafted(city, petition, extract="反映某科长收受礼金")
    confirmed(city, draft)
    with as_(city.viewer("干部甲")):
        row = HandOff.objects.get(pk=draft.pk)
        assert vault.extract_of(row, None) == "反映某科长收受礼金"
        assert row.scope == "extract"


def test_the_whole_content_goes_to_our_own_rooms_alone(city: World):
    petition = registered(city, competence="lower")
    with refusal("full-inside"):
        drafted(city, petition, office=DISTRICT_OFFICE, is_full=True)
    own = registered(city)
    confirmed(city, drafted(city, own, is_full=True, extract=""))
    with as_(city.viewer("干部甲")):
        assert vault.content_of(own, None).summary == cities.WORDS


def test_an_extract_is_needed_where_the_content_does_not_go(city: World):
    with refusal("extract-needed"):
        drafted(city, registered(city), extract=" ")


# --- rule 2: a repeat is kept, counted, not handled again ---


def repeat(city: World, petition: Petition, main: Petition | None, on: date = LATER) -> Petition:
    with as_(city.viewer("信访甲")) as by:
        return deciding.mark_repeat(petition=petition, by=by, on=on, main=main)


def test_a_repeat_is_kept_with_its_main_item_and_not_routed(city: World):
    main, again = registered(city), registered(city, on=LATER)
    repeat(city, again, main)
    row = fresh(again)
    assert (row.state, row.repeat_of_id, row.is_repeat) == ("kept", main.pk, True)
    with as_(city.viewer("信访甲")) as viewer:
        assert list(selectors.repeats_of(viewer, main)) == [row]
        assert selectors.clocks_of(viewer, row) == []
    with refusal("repeat-kept"):
        drafted(city, row, on=LATER)


def test_repeats_form_a_star_and_never_a_chain(city: World):
    main, second, third = registered(city), registered(city), registered(city)
    repeat(city, second, main)
    repeat(city, third, second)
    assert fresh(third).repeat_of_id == main.pk
    with refusal("repeat-main"):
        repeat(city, main, registered(city))


def test_a_repeat_may_not_be_earlier_than_its_main_item_nor_its_own(city: World):
    early, late = registered(city, on=DAY), registered(city, on=LATER)
    with refusal("repeat-later"):
        repeat(city, early, late)
    with refusal("repeat-main"):
        repeat(city, late, late)


# --- rules 3, 5, 6 ---


def test_a_lower_bodys_item_goes_to_its_petition_office_which_accepts(city: World):
    petition = routed(city, registered(city, competence="lower"), office=DISTRICT_OFFICE)
    with as_(city.viewer("区信访")) as by:
        assert [each.key for each in selectors.clocks_of(by, petition)] == ["forwarded-report"]
        handling.accept(petition=petition, by=by, done=Done(LATER))
        assert selectors.clocks_of(by, petition)[0].ended_on == LATER


def test_what_is_not_accepted_says_for_which_of_the_reasons_of_the_article(city: World):
    petition = registered(city)
    with as_(city.viewer("信访甲")) as by, refusal("decline-reason"):
        deciding.decline(petition=petition, by=by, on=DAY, reason="too busy")
    with as_(city.viewer("信访甲")) as by:
        deciding.decline(petition=petition, by=by, on=DAY, reason="litigation")
    assert fresh(petition).state == "declined"


def test_a_room_returns_an_item_with_the_leader_in_charge_approving(city: World):
    petition = routed(city)
    with as_(city.viewer("主任甲")) as by, refusal("granted-by"):
        handling.give_back(petition=petition, by=by, on=LATER, reason="competence", granted_by=" ")
    with as_(city.viewer("主任甲")) as by:
        handling.give_back(petition=petition, by=by, on=LATER, reason="competence", granted_by="分管副书记")
    assert (fresh(petition).state, fresh(petition).handler) == ("registered", None)
    for name in ("主任甲", "干部甲"):  # what it gave back is closed to it
        with as_(city.viewer(name)) as viewer:
            assert selectors.by_uid(viewer, petition.uid) is None
    again = routed(city, fresh(petition), office="第二监督检查室", on=LATER)
    with as_(city.viewer("主任乙")) as viewer:
        assert selectors.by_uid(viewer, again.uid) is not None


# --- art. 47: the unit reported never receives ---


def test_neither_the_unit_nor_what_stands_under_it_is_a_recipient(city: World):
    petition = registered(city, unit="市教育局", competence="organ")
    for body in ("市教育局", "市第一中学", "厦门市教育局机关党委市教育局", " 市教育局 "):
        with refusal("recipient-reported"):
            drafted(city, petition, body=body)
    drafted(city, petition, body="市公安局")


def test_an_earlier_name_of_the_unit_is_the_unit(city: World):
    from jiandu.net.subjects.services import rename_organisation

    with as_(SYSTEM) as by:
        rename_organisation(organisation=city.units["市教育局"], name="市教育和体育局", on=date(2022, 2, 1), by=by)
    petition = registered(city, unit="市教育局", competence="organ")
    with refusal("recipient-reported"):
        drafted(city, petition, body="市教育局")
    with refusal("recipient-reported"):
        drafted(city, petition, body="市教育和体育局")


def test_a_towns_office_whose_officers_serve_in_the_town_does_not_receive_what_is_about_the_town(city: World):
    """The case of 吴川覃巴镇 (2018): the town's own discipline secretary was handed the letter about the town's leader."""
    city.unit("筼筜街道办事处")
    with as_(SYSTEM) as by:
        post = NewPost(
            person=city.persons["街道干部"], organisation=city.units["筼筜街道办事处"], title="纪工委书记", since=START
        )
        appoint(new=post, by=by)
    about = registered(city, unit="筼筜街道办事处", competence="lower")
    with refusal("recipient-reported"):
        drafted(city, about, office="筼筜街道纪工委")
    other = registered(city, unit="市教育局", competence="lower")
    drafted(city, other, office="筼筜街道纪工委")


def test_a_unit_found_after_the_draft_stops_the_hand_off(city: World):
    petition = registered(city, competence="organ")
    draft = drafted(city, petition, body="市教育局")
    with as_(SYSTEM):
        unit = Organisation.objects.get(name="市教育局")
        Petition.objects.filter(pk=petition.pk).update(subject=unit, subject_path=unit.path)
    with refusal("recipient-reported"):
        confirmed(city, draft)


NAMES = st.sampled_from(["市教育局", "市财政局", "洪塘村委会", "洪塘村", "西滨社区居委会", "办公室", "市第一中学"])


@given(st.lists(NAMES, min_size=1, max_size=3), st.lists(NAMES, max_size=3), NAMES)
@settings(deadline=None)
def test_who_is_named_like_the_unit_is_never_a_recipient(own, below, body):
    reported = Reported("000001", known_names(own), known_names(below))
    is_refused = False
    try:
        check_recipient(reported, Recipient(body=body))
    except Refused:
        is_refused = True
    key = next(iter(known_names([body])))
    assert is_refused == (key in reported.names | reported.below or any(name in key for name in reported.names))


# --- handling, telling, extension ---


def test_a_report_is_concluded_only_after_an_opinion_on_its_disposal(city: World):
    petition = accepted(city)
    with as_(SYSTEM) as by, refusal("dispose-first"):
        handling.conclude(petition=petition, by=by, done=Done(DAY), truth="true")
    assert fresh(concluded(city)).truth == "partly"


def test_only_a_verified_reporter_is_told_and_of_acceptance_only_once(city: World):
    with refusal("tell-named"):
        done(registered(city), Verb.TELL_ACCEPTED, DAY)
    petition = done(named(city), Verb.TELL_ACCEPTED, DAY)
    with refusal("told-twice"):
        done(petition, Verb.TELL_ACCEPTED, DAY)


def test_an_impostor_is_handled_as_anonymous(city: World):
    petition = registered(city, named="unverified")
    with as_(city.viewer("信访甲")) as by:
        deciding.check_name(petition=petition, by=by, on=DAY, found=Named.IMPOSTOR)
    with refusal("tell-named"):
        done(petition, Verb.TELL_ACCEPTED, DAY)
    with as_(city.viewer("信访甲")) as by, refusal("name-found"):
        deciding.check_name(petition=registered(city), by=by, on=DAY, found=Named.VERIFIED)


def test_an_assigned_item_is_extended_as_far_as_the_article_lets_it(city: World):
    petition = accepted(city, registered(city, origin="assigned"))
    with as_(SYSTEM) as by, refusal("extend-until"):
        handling.extend(petition=petition, by=by, done=Done(DAY, until=date(2022, 9, 2), granted_by="书记"))
    with as_(SYSTEM) as by, refusal("granted-by"):
        handling.extend(petition=petition, by=by, done=Done(DAY, until=date(2022, 8, 1)))
    with as_(SYSTEM) as by:
        handling.extend(petition=petition, by=by, done=Done(DAY, until=date(2022, 9, 1), granted_by="书记"))
        handling.extend(petition=petition, by=by, done=Done(DAY, until=date(2023, 3, 1), granted_by="省纪委"))


def test_what_nobody_assigned_is_not_extended(city: World):
    petition = accepted(city)
    with as_(SYSTEM) as by, refusal("no-extension"):
        handling.extend(petition=petition, by=by, done=Done(DAY, until=date(2022, 9, 1), granted_by="书记"))


def test_an_answer_needs_its_question(city: World):
    petition = accepted(city)
    with refusal("not-before"):
        done(petition, Verb.INQUIRY_ANSWERED, DAY)
    done(done(petition, Verb.INQUIRE, DAY), Verb.INQUIRY_ANSWERED, LATER)


def test_accusation_rules_art_27_an_objection_to_the_result_is_recorded_with_what_was_explained(city: World):
    petition = concluded(city, named(city))
    with refusal("not-before"):
        done(petition, Verb.DISPUTE, LATER, note="不认可结论，已说明依据")  # nobody has told him the result
    petition = done(petition, Verb.TELL_RESULT, DAY)
    with refusal("dispute-note"):
        done(petition, Verb.DISPUTE, LATER)
    petition = done(petition, Verb.DISPUTE, LATER, note="不认可结论，已说明依据")
    with as_(SYSTEM):
        last = PetitionStep.objects.filter(petition=petition).order_by("-seq")[0]
        assert (last.verb, last.note, petition.state) == (Verb.DISPUTE, "不认可结论，已说明依据", "concluded")


def test_an_act_of_the_other_regime_is_refused_by_name(city: World):
    with refusal("other-regime"):
        done(concluded(city), Verb.ASK_REVIEW, DAY)
    advice = concluded(city, registered(city, kind="advice"))
    with refusal("other-regime"):
        done(advice, Verb.FEED_BACK, DAY)


def test_what_is_due_is_listed_with_the_office_that_holds_it(city: World):
    held = accepted(city, named(city))
    with as_(city.viewer("信访甲")) as viewer:
        found = [(each.clock.key, each.clock.due_on, each.office.name) for each in selectors.due(viewer, DAY)]
    assert found == [("acceptance-told", date(2022, 3, 22), ROOM), ("clue-opinion", date(2022, 4, 1), ROOM)]
    assert held.state == State.HANDLING


def test_the_log_tells_dates_and_states_and_no_word_of_it(city: World):
    concluded(city, named(city))
    bodies = " ".join(Payload.objects.values_list("body", flat=True))
    assert "收受" not in bodies
    assert "陈举报" not in bodies


# --- the table of moves as a whole ---


@given(
    st.lists(st.sampled_from([each for each in Verb if each != Verb.REGISTER]), max_size=30), st.sampled_from(Regime)
)
@settings(deadline=None)
def test_no_sequence_of_acts_leaves_the_table(verbs, regime):
    state = State.REGISTERED
    for verb in verbs:
        if is_legal(verb, state, regime):
            state = MOVES[verb].to or state
        else:
            with refusal("other-regime" if MOVES[verb].regime not in (None, regime) else "not-legal"):
                rules.check_legal(verb, state, regime)
    assert state in State


def test_state_is_the_target_of_the_last_step(city: World):
    concluded(city, named(city))
    repeat(city, registered(city), registered(city))
    with as_(SYSTEM):
        for petition in Petition.objects.all():
            last = PetitionStep.objects.filter(petition=petition).order_by("seq").last()
            assert petition.state == last.to_state


def test_the_petition_office_is_not_the_office_of_the_district(city: World):
    registered(city, office=OFFICE)
    with as_(city.viewer("区信访")) as viewer:
        assert selectors.petitions(viewer).count() == 0
