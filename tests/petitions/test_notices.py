"""通报案管: of which items, once, by whom; what waits and what was told. 新增内容 of repeats, 代表, further natures."""

from datetime import date, timedelta

import pytest
from django.utils.translation import override
from tests.petitions import city as cities
from tests.petitions.city import DAY, ROOM, accepted, confirmed, drafted, named, registered, routed, tags
from tests.petitions.test_registering import refusal
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.base.lexicon.categories import categories
from jiandu.net.access.services import recuse
from jiandu.net.subjects.services import NewPost, appoint
from jiandu.results.digests.counting import bulletin
from jiandu.results.digests.periods import Kind as PeriodKind
from jiandu.results.digests.periods import Period
from jiandu.sources.petitions import natures, rules, selectors, vault
from jiandu.sources.petitions.models import CaseNotice, Petition, PetitionStep
from jiandu.sources.petitions.services import deciding, notifying, registering
from jiandu.sources.petitions.services.notifying import Notice, would_lack_notice
from jiandu.sources.petitions.services.steps import begin
from jiandu.sources.petitions.states import Verb
from jiandu.sources.petitions.vault import Sender

NEXT = DAY + timedelta(days=1)
CASES = "案件监督管理室"


@pytest.fixture
def cases(city: World) -> World:
    """With a case management office and its officer."""
    city.office(CASES, "department", "市纪委监委")
    city.user("案管甲", "case_supervisor", office=CASES)
    return city


def told(world: World, petition: Petition, on: date = NEXT, by: str = "信访甲", receiver: str = "案管甲") -> Petition:
    with as_(world.viewer(by)) as viewer:
        return notifying.notify_cases(petition=petition, by=viewer, new=Notice(on, receiver=receiver))


def listed(world: World, which: str, by: str = "信访甲") -> list[str]:
    with as_(world.viewer(by)) as viewer:
        return [row.code for row in selectors.notices(viewer, which)]


def test_a_first_item_that_went_to_a_room_is_told_with_its_day_and_to_whom(cases: World):
    petition = told(cases, routed(cases))
    with as_(SYSTEM):
        step = PetitionStep.objects.select_related("office").get(petition=petition, verb="notify")
    assert (petition.notified_on, petition.state) == (NEXT, "routed")
    assert (step.on, str(step.office), step.note, step.by_name) == (NEXT, CASES, "案管甲", "信访甲")
    assert Entry.objects.filter(verb="petition.notify").count() == 1


def test_whoever_confirms_the_hand_off_says_it_at_once(cases: World):
    draft = drafted(cases, registered(cases))
    with as_(cases.viewer("信访乙")) as by:
        assert would_lack_notice(draft)
        petition = deciding.confirm_hand_off(hand_off=draft, by=by, on=NEXT, is_notified=True)
    assert (petition.notified_on, petition.state) == (NEXT, "routed")
    assert routed(cases).notified_on is None  # nobody said so


def test_an_office_that_is_not_here_is_left_out(city: World):
    petition = told(city, routed(city), receiver="")
    with as_(SYSTEM):
        step = PetitionStep.objects.get(petition=petition, verb="notify")
    assert (step.office_id, step.note) == (None, "")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"competence": "lower"}, "notice-needless"),
        ({"competence": "organ", "body": "市税务局纪检组"}, "notice-needless"),
        ({"kind": "advice"}, "other-regime"),
    ],
)
def test_of_what_nobody_is_told(city: World, more, rule):
    body = {"body": more.pop("body")} if "body" in more else {}
    petition = routed(city, registered(city, **more), **body)
    with refusal(rule):
        told(city, petition)


def test_it_is_told_once_and_not_before_it_went(city: World):
    petition = registered(city)
    with refusal("not-legal"):
        told(city, petition)
    petition = confirmed(city, drafted(city, petition, on=NEXT), on=NEXT)
    with refusal("step-date"):
        told(city, petition, on=DAY)
    petition = told(city, petition, on=NEXT)
    with refusal("notice-needless"):
        told(city, petition)


def test_it_may_be_entered_later_with_its_own_day(city: World):
    petition = accepted(city, routed(city) and None, on=NEXT + timedelta(days=5))
    petition = told(city, petition, on=DAY)
    with as_(SYSTEM) as by:
        assert (petition.notified_on, petition.state) == (DAY, "handling")
        with refusal("step-date"):  # what follows still looks at the latest day
            begin(petition, Verb.NAME_CHECKED, by, DAY)


def test_a_repeat_with_something_new_is_no_first_item(city: World):
    main, other = registered(city), registered(city)
    with as_(city.viewer("信访甲")) as by:
        row = deciding.mark_repeat(petition=other, by=by, on=DAY, main=main, has_new=True)
    assert (row.has_new, rules.must_notify(kind=row.kind, competence="own", is_repeat=True, is_handed_inside=True)) == (
        True,
        False,
    )


def test_what_a_hand_off_says_of_a_repeat_stays_on_it(city: World):
    main, other = registered(city), registered(city)
    with as_(city.viewer("信访甲")) as by:
        row = deciding.mark_repeat(petition=other, by=by, on=DAY, main=main)
    assert row.has_new is None
    drafted(city, row, has_new=True)
    with as_(SYSTEM):
        assert Petition.objects.get(pk=row.pk).has_new is True


@pytest.mark.parametrize("name", ["干部甲", "案管甲", "书记"])
def test_only_the_petition_office_says_so(cases: World, name: str):
    petition = routed(cases)
    with pytest.raises((Petition.DoesNotExist, Refused)) as refused:  # it is not there for who does not see it
        told(cases, petition, by=name)
    assert getattr(refused.value, "rule", "not-allowed") == "not-allowed"
    with as_(SYSTEM):
        assert Petition.objects.get(pk=petition.pk).notified_on is None


def test_the_petition_office_sees_what_was_told_and_what_waits(cases: World):
    done = told(cases, routed(cases))
    waits = routed(cases, registered(cases, on=NEXT), on=NEXT)
    routed(cases, registered(cases, competence="lower"))
    registered(cases)
    assert (listed(cases, "lacks"), listed(cases, "told")) == ([waits.code], [done.code])
    assert listed(cases, "") == [waits.code, done.code]
    assert listed(cases, "", by="区信访") == []


def test_case_supervision_has_its_own_row_and_no_reach_to_the_item(cases: World):
    petition = told(cases, routed(cases))
    with as_(cases.viewer("案管甲")) as viewer:
        (row,) = selectors.case_notices(viewer)
        assert (selectors.by_uid(viewer, petition.uid), selectors.case_notice_by_uid(viewer, row.uid)) == (None, row)
    kept = (row.petition_code, row.received_on, row.routed_on, row.on, str(row.handler), row.told_by, row.level)
    assert kept == (petition.code, DAY, DAY, NEXT, ROOM, "信访甲", 2)
    assert (row.subject_id, row.source_uid) == (None, petition.uid)
    seen = {}
    for name in ("信访甲", "干部甲", "区信访", "书记"):
        with as_(cases.viewer(name)) as viewer:
            seen[name] = selectors.case_notices(viewer).count()
    assert seen == {"信访甲": 0, "干部甲": 1, "区信访": 0, "书记": 0}  # the room that handles it knows of it anyway


def test_who_is_recused_from_the_item_sees_no_notice_of_it(cases: World):
    petition = told(cases, routed(cases))
    cases.user("案管乙", "case_supervisor", office=CASES)
    with as_(SYSTEM) as by:
        recuse(user=cases.users["案管乙"], by=by, thing=petition, reason="relative")
    seen = {}
    for name in ("案管甲", "案管乙"):
        with as_(cases.viewer(name)) as viewer:
            seen[name] = selectors.case_notices(viewer).count()
    assert seen == {"案管甲": 1, "案管乙": 0}


def test_case_supervision_signs_for_it_once(cases: World):
    told(cases, routed(cases))
    with as_(cases.viewer("案管甲")) as by:
        (row,) = selectors.case_notices(by)
        with refusal("step-date"):
            notifying.take_notice(notice=row, by=by, on=DAY)
        taken = notifying.take_notice(notice=row, by=by, on=NEXT)
        assert (taken.taken_on, taken.taken_by) == (NEXT, "案管甲")
        with refusal("notice-taken"):
            notifying.take_notice(notice=row, by=by, on=NEXT)
    row = told_again(cases)
    for name in ("信访甲", "干部甲"):
        with as_(cases.viewer(name)) as by, refusal("not-allowed"):
            notifying.take_notice(notice=row, by=by, on=NEXT)


def test_several_are_signed_for_together_and_what_is_done_is_left(cases: World):
    rows = [told_again(cases) for _ in range(3)]
    with as_(cases.viewer("案管甲")) as by:
        notifying.take_notice(notice=rows[0], by=by, on=NEXT)
        assert notifying.take_notices(uids=[row.uid for row in rows], by=by, on=NEXT + timedelta(days=1)) == 2
        with refusal("notice-none"):
            notifying.take_notices(uids=[row.uid for row in rows], by=by, on=NEXT)
    with as_(SYSTEM):
        days = list(CaseNotice.objects.order_by("pk").values_list("taken_on", flat=True))
    assert days == [NEXT, NEXT + timedelta(days=1), NEXT + timedelta(days=1)]
    waits = told_again(cases)
    with as_(cases.viewer("干部甲")) as by, refusal("not-allowed"):
        notifying.take_notices(uids=[waits.uid], by=by, on=NEXT)


def told_again(cases: World) -> CaseNotice:
    """Another notice that waits for its signature."""
    petition = told(cases, routed(cases))
    with as_(SYSTEM):
        return CaseNotice.objects.get(source_uid=petition.uid)


def test_the_days_on_which_items_went(city: World):
    one, two = routed(city), routed(city, registered(city), on=NEXT)
    with as_(SYSTEM) as by:
        assert selectors.routed_days(by, [one, two]) == {one.pk: DAY, two.pk: NEXT}
        assert selectors.routed_days(by, []) == {}


@pytest.mark.parametrize(
    ("text", "people", "rule"),
    [
        ("甲\n乙\n丙\n丁\n戊\n己", 30, "representatives"),
        ("甲、乙、丙、丁、戊，己", 30, "representatives"),
        ("甲", 1, "representatives-people"),
        ("甲 乙\n丙\n丁", 2, "representatives-people"),
    ],
)
def test_at_most_five_speak_for_many(city: World, text: str, people: int, rule: str):
    sender = Sender("陈举报", representatives=text)
    with as_(SYSTEM) as by, refusal(rule):
        registering.register(new=cities.new(city, named="unverified", people=people, sender=sender), by=by)


def test_five_representatives_are_sealed_with_the_sender(city: World):
    sender = Sender("陈举报", "13800000000", representatives="甲\n乙\n丙\n丁\n戊\n")
    petition = registered(city, named="unverified", people=30, sender=sender)
    with as_(SYSTEM):
        opened = vault.sender_of(petition, None)
    assert opened is not None
    assert rules.representatives(opened.representatives) == ("甲", "乙", "丙", "丁", "戊")


@pytest.mark.parametrize("more", [{"nature": "", "further_natures": ("work",)}, {"further_natures": ("integrity",)}])
def test_further_natures_need_a_main_one_beside_them(city: World, more):
    with as_(SYSTEM) as by, refusal("main-nature"):
        registering.register(new=cities.new(city, **more), by=by)


def test_what_else_is_known_stands_on_the_item(city: World):
    more = {"is_party_member": True, "is_supervisee": False, "is_typical": True, "further_natures": ("work", "duty")}
    row = registered(city, **more)
    with as_(SYSTEM):
        kept = Petition.objects.get(pk=row.pk)
    assert {name: getattr(kept, name) for name in more} == more | {"further_natures": ["work", "duty"]}
    assert tags().is_party_member is None


def test_further_natures_are_in_no_figure(city: World):
    registered(city, further_natures=("work", "duty"))
    named(city)
    with as_(SYSTEM) as by:
        found = {
            value: selectors.petitions(by, selectors.Wanted(column="nature", value=value)).count()
            for value in ("integrity", "work", "duty")
        }
    assert found == {"integrity": 2, "work": 0, "duty": 0}


def test_an_office_in_which_somebody_belongs_to_the_unit_reported_has_no_notice_of_it(cases: World):
    unit = cases.unit("市水务局")
    with as_(SYSTEM) as by:
        new = NewPost(person=cases.persons["案管甲"], organisation=unit, title="科员", since=date(2021, 1, 1))
        appoint(new=new, by=by)
    about, other = routed(cases, registered(cases, unit="市水务局")), routed(cases)
    told(cases, about), told(cases, other)
    with as_(SYSTEM):
        assert [row.petition_code for row in CaseNotice.objects.all()] == [other.code]  # the other is the control
        assert Petition.objects.get(pk=about.pk).notified_on == NEXT  # told by hand


# --- the second level of 问题性质 ---


def test_the_dictionary_begins_with_the_natures_that_count():
    with override("zh-hans"):
        said = {code: categories("nature")[code].label for code in natures.CODES.values()}
        assert said == {code: str(nature.label) for nature, code in natures.CODES.items()}
    assert {one.above for one in categories("nature").values() if one.above} == set(natures.CODES.values())
    assert len(natures.by_words()) == sum(len(natures.details(nature)) for nature in natures.CODES)


@pytest.mark.parametrize("detail", ["N82", "N3", "N99", "x"])
def test_a_detail_stands_below_its_nature(city: World, detail: str):
    with as_(SYSTEM) as by, refusal("nature-detail"):
        registering.register(new=cities.new(city, nature="integrity", nature_detail=detail), by=by)
    row = registered(city, nature="integrity", nature_detail="N31")  # control
    assert natures.detail_called(row.nature_detail) == "收受礼品礼金"
    with as_(SYSTEM) as by, refusal("nature-detail"):
        tags = cities.tags(nature="crime", nature_detail="N31")
        registering.amend_tags(petition=row, by=by, tags=tags, subject=None, reason="更正")


def test_details_are_counted_below_their_nature_within_the_office_alone(city: World):
    for detail, many in (("N31", 3), ("N32", 2), ("", 1)):
        for _ in range(many):
            registered(city, nature_detail=detail)
    registered(city, nature="crime")
    with as_(SYSTEM) as by:
        for for_outside, below in ((False, [("N31", 3), ("N32", 2), ("—", 1)]), (True, [])):
            said = bulletin(by, Period(PeriodKind.MONTH, 2022, 3), for_outside=for_outside)
            table = next(one for one in said.tables if one.key == "nature")
            rows = {row.key: row for row in table.rows}
            assert [(part.key, part.count) for part in rows["integrity"].parts] == below
            assert rows["crime"].parts == ()
        for value, many in (("N31", 3), ("N32", 2), ("integrity", 6), ("crime", 1), ("—", 0)):
            assert (value, selectors.petitions(by, selectors.Wanted(column="nature", value=value)).count()) == (
                value,
                many,
            )
