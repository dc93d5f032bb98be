"""What one record more, less or on another day must do to the published figures: an act, and by how much each figure moves.

A figure that an act does not name must not move. The table is the definitions of the figures said again, by hand.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tests.instruments.net import served, signed
from tests.ledgers.estates import estate, shown
from tests.stories.small import ITEM, NEXT, SPRING, SUMMER, WINTER, Year, do

from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import NewItem as NewWord
from jiandu.base.lexicon.services import add_item, retire_item
from jiandu.loop.findings.services.moves import reopen
from jiandu.loop.grassroots.services.checklists import NewChecklist, publish_checklist
from jiandu.loop.instruments.services.drafting import withdraw
from jiandu.loop.instruments.services.serving import copy_to, withdraw_delivery
from jiandu.loop.outcomes.services import NewRule, amend_rule, reverse_recovery, withdraw_rule
from jiandu.results.portraits.services import revise, withdraw_portrait
from jiandu.sources.activities.models import Event
from jiandu.sources.activities.services.deciding import end_activity, merge_activity
from jiandu.sources.activities.services.events import tell, withdraw_event
from jiandu.sources.activities.services.planning import join
from jiandu.sources.activities.services.rounds import withdraw_visit
from jiandu.sources.contactpoints.models import Adoption, ContactProblem
from jiandu.sources.contactpoints.services.points import leave, withdraw_point
from jiandu.sources.contactpoints.services.problems import Act as Step
from jiandu.sources.contactpoints.services.problems import give_back, merge, withdraw_problem
from jiandu.sources.contactpoints.services.problems import join as join_in
from jiandu.sources.contactpoints.services.suggestions import withdraw_adoption
from jiandu.sources.ledgers.services.estates import end_estate
from jiandu.sources.ledgers.services.publishing import withdraw_posting
from jiandu.sources.talks.models import Attendee
from jiandu.sources.talks.services import drop_attendee, withdraw_talk
from jiandu.sources.topics.services.telling import NewCount, count_month

UNIT, OTHER = "市教育局", "市财政局"
WHY = "登记有误"


@dataclass(frozen=True)
class Move:
    """An act on the small year, what it is called, and the figures that it moves."""

    name: str
    act: Callable[[Year], object]
    moves: dict[str, int]


def move(name: str, act: Callable[[Year], object], **moves: int) -> Move:
    return Move(name, act, moves)


def _event(year: Year, of: str, verb: str) -> Event:
    return Event.objects.get(activity=year[of], verb=verb)


def _seat(year: Year, talk: str, name: str) -> Attendee:
    return Attendee.objects.get(talk=year[talk], person=year.world.persons[name])


def _problem(year: Year, name: str) -> ContactProblem:
    return ContactProblem.objects.get(pk=year[name].pk)


LINKED = [
    move("a round is planned", lambda y: y.world.round(started_on=None)),
    move("a round starts", lambda y: y.world.round(started_on=WINTER), linked_rounds=1),
    move("a round starts in January", lambda y: y.world.round(started_on=NEXT)),
    move("another unit is visited", lambda y: y.visited("思明区教育局", SUMMER), linked_units_visited=1),
    move("a unit is visited again", lambda y: y.visited(OTHER, SUMMER)),
    move("in another round, too", lambda y: y.visited(UNIT, WINTER, "later_round")),
    move("a unit is visited in January", lambda y: y.visited("思明区教育局", NEXT)),
    move(
        "the only visit of a unit is taken back",
        lambda y: do(withdraw_visit, visit=y[f"visit_{OTHER}_3"], reason=WHY, on=SUMMER),
        linked_units_visited=-1,
    ),
    move(
        "… only in January",
        lambda y: do(withdraw_visit, visit=y[f"visit_{OTHER}_3"], reason=WHY, on=NEXT),
    ),
    move("one of two visits", lambda y: do(withdraw_visit, visit=y[f"visit_{UNIT}_3"], reason=WHY, on=SUMMER)),
    move(
        "the start is taken back: the round never was",
        lambda y: do(withdraw_event, event=_event(y, "round", "start"), reason=WHY, on=SUMMER),
        linked_rounds=-1,
        linked_units_visited=-2,
        linked_key_people_talked=-1,
        linked_findings=-2,
        linked_finding_aspects=-2,
    ),
    move(
        "the report is approved",
        lambda y: do(tell, activity=y["later_round"], verb="approve_report", on=WINTER),
        linked_findings=1,
        linked_finding_aspects=1,
    ),
    move("… in January", lambda y: do(tell, activity=y["later_round"], verb="approve_report", on=NEXT)),
    move(
        "another finding of the same aspect",
        lambda y: y.world.finding(activity=y["round"], on=SPRING, aspect=y["aspects"][0]),
        linked_findings=1,
    ),
    move(
        "a finding of another aspect",
        lambda y: y.world.finding(activity=y["round"], on=SPRING, aspect=y["aspects"][2]),
        linked_findings=1,
        linked_finding_aspects=1,
    ),
    move(
        "a finding is not recognised",
        lambda y: y.leaves(y["round_finding"], "refuse", SUMMER),
        linked_findings=-1,
        linked_finding_aspects=-1,
    ),
    move("… only in January", lambda y: y.leaves(y["round_finding"], "refuse", NEXT)),
]

TALKS = [
    move("a head is talked to", lambda y: y.talk("李局"), proactive_talks=1),
    move("a group is, a clerk among them", lambda y: y.talk("张局", "李局", "王科", "小陈"), proactive_talks=3),
    move("a clerk alone is", lambda y: y.talk("小陈")),
    move("a talk of another kind", lambda y: y.talk("李局", kind="integrity")),
    move("a talk in January", lambda y: y.talk("李局", on=NEXT)),
    move(
        "a head is talked to in the round",
        lambda y: y.talk("李局", of="round"),
        proactive_talks=1,
        linked_key_people_talked=1,
    ),
    move("the same head in the round again", lambda y: y.talk("张局", of="round"), proactive_talks=1),
    move("the holder of a key post in the round", lambda y: y.talk("王科", of="round"), proactive_talks=1),
    move(
        "a talk is taken back", lambda y: do(withdraw_talk, talk=y["talk"], reason=WHY, on=WINTER), proactive_talks=-2
    ),
    move("… in January", lambda y: do(withdraw_talk, talk=y["talk"], reason=WHY, on=NEXT)),
    move(
        "the talk in the round is",
        lambda y: do(withdraw_talk, talk=y["talk_in_round"], reason=WHY, on=WINTER),
        proactive_talks=-1,
        linked_key_people_talked=-1,
    ),
    move(
        "who was not there is struck off",
        lambda y: do(drop_attendee, attendee=_seat(y, "talk", "王科"), reason=WHY, on=WINTER),
        proactive_talks=-1,
    ),
]

PROJECTS = [
    move("a project is approved", lambda y: y.world.project(), projects=1),
    move("a project is proposed", lambda y: y.world.project(approved_on=None)),
    move("a project of the next year", lambda y: y.world.project(year=2023)),
    move("a joint one", lambda y: y.world.project(members=("驻市教育局纪检监察组",)), projects=1),
    move(
        "with another body",
        lambda y: y.world.project(members=("驻市财政局纪检监察组",)),
        projects=1,
        project_bodies=1,
    ),
    move(
        "a body joins later",
        lambda y: do(join, activity=y["project"], office=y.world.offices["驻市财政局纪检监察组"], since=WINTER),
        project_bodies=1,
    ),
    move(
        "… in January",
        lambda y: do(join, activity=y["project"], office=y.world.offices["驻市财政局纪检监察组"], since=NEXT),
    ),
    move(
        "a project is merged",
        lambda y: do(merge_activity, activity=y["spare_project"], into=y["project"], reason="重复", on=SUMMER),
        projects=-1,
    ),
    move("a project ends", lambda y: do(end_activity, activity=y["spare_project"], on=SUMMER, note="同意结项")),
    move("a problem is found", lambda y: y.world.finding(activity=y["project"], on=WINTER), project_findings=1),
    move("… in January", lambda y: y.world.finding(activity=y["project"], on=NEXT)),
    move(
        "found and closed",
        lambda y: y.world.closed(activity=y["project"], on=SPRING, closed_on=WINTER),
        project_findings=1,
        project_findings_rectified=1,
    ),
    move("closing is approved", lambda y: y.close(y["open"], WINTER), project_findings_rectified=1),
    move("… in January", lambda y: y.close(y["open"], NEXT)),
    move(
        "a closed one is taken up again",
        lambda y: do(reopen, finding=y["closed"], on=WINTER, note="反弹"),
        project_findings_rectified=-1,
    ),
    move("… in January", lambda y: do(reopen, finding=y["closed"], on=NEXT, note="反弹")),
    move("a problem is withdrawn", lambda y: y.leaves(y["open"], "withdraw", WINTER), project_findings=-1),
    move("… in January", lambda y: y.leaves(y["open"], "withdraw", NEXT)),
    move("a problem is merged", lambda y: y.leaves(y["open"], "merge", WINTER, into=y["closed"]), project_findings=-1),
    move("a rule comes of a problem", lambda y: y.rule(y["open"]), project_rules_made=1),
    move("a rule comes of the project", lambda y: y.rule(y["project"]), project_rules_made=1),
    move("the same rule comes of another problem", lambda y: y.rule(y["open"], "校园采购办法")),
    move("a rule issued in January", lambda y: y.rule(y["open"], on=NEXT)),
    move(
        "a rule is taken back",
        lambda y: do(withdraw_rule, rule=y["rule"], reason=WHY, on=WINTER),
        project_rules_made=-1,
    ),
]

COPIES = [
    move("another problem to the same leader", lambda y: served(y.world, findings=[y["open"]]), copy_report_findings=1),
    move("the same problem again", lambda y: served(y.world, findings=[y["closed"]])),
    move(
        "a problem to another leader",
        lambda y: served(y.world, unit=OTHER, findings=[y.world.finding(unit=OTHER, activity=y["grain"], on=SPRING)]),
        copy_report_findings=1,
        copy_report_recipients=1,
    ),
    move("a sheet is signed, not delivered", lambda y: signed(y.world, findings=[y["open"]])),
    move("a sheet is delivered in January", lambda y: served(y.world, findings=[y["open"]], on=NEXT)),
    move(
        "a copy goes to the committee",
        lambda y: do(copy_to, instrument=y["sheet"], on=SUMMER, person=y.world.persons["张局"]),
    ),
    move(
        "a sheet is taken back",
        lambda y: do(withdraw, instrument=y["sheet"], reason=WHY, on=WINTER),
        copy_report_findings=-1,
        copy_report_recipients=-1,
    ),
    move(
        "its delivery is",
        lambda y: do(withdraw_delivery, delivery=y["sheet"].deliveries.get(), reason=WHY, on=WINTER),
        copy_report_findings=-1,
        copy_report_recipients=-1,
    ),
]

CAMPAIGNS = [
    move("a proposal is delivered", lambda y: y.letter("supervision", SUMMER), grain_proposals=1),
    move("… in January", lambda y: y.letter("supervision", NEXT)),
    move("a proposal of another field", lambda y: y.letter("joint", SUMMER, "tenders")),
    move("a letter of another kind", lambda y: y.letter("notice", SUMMER)),
    move("a proposal is signed only", lambda y: signed(y.world, "joint", activity=y["grain"])),
    move(
        "a proposal is taken back",
        lambda y: do(withdraw, instrument=y["proposal"], reason=WHY, on=WINTER),
        grain_proposals=-1,
    ),
    move("a rule of the campaign", lambda y: y.rule(y["grain"]), grain_rules_made=1),
    move("a rule of another field", lambda y: y.rule(y["tenders"])),
    move("a rule of the campaign in January", lambda y: y.rule(y["grain"], on=NEXT)),
    move(
        "a rule of what the campaign found",
        lambda y: y.rule(y.world.finding(activity=y["grain"], on=SPRING)),
        grain_rules_made=1,
    ),
    move(
        "the campaign's rule comes of a finding, too",
        lambda y: y.rule(y.world.finding(activity=y["grain"], on=SPRING), "粮食轮换办法"),
    ),
    move(
        "… and of a project",
        lambda y: y.rule(y["closed"], "粮食轮换办法"),
        project_rules_made=1,
    ),
]

PORTRAITS = [
    move("a report is approved", lambda y: y.report(OTHER, SUMMER, half=2), portrait_reports=1),
    move("… in January", lambda y: y.report(OTHER, NEXT, half=2)),
    move("a report is drafted", lambda y: y.report(OTHER, None, half=2)),
    move("a report is revised", lambda y: do(revise, portrait=y["report"])),
    move(
        "a report is taken back",
        lambda y: do(withdraw_portrait, portrait=y["report"], reason=WHY, on=WINTER),
        portrait_reports=-1,
    ),
    move("… in January", lambda y: do(withdraw_portrait, portrait=y["report"], reason=WHY, on=NEXT)),
    move(
        "a dimension is added",
        lambda y: do(add_item, new=NewWord("dimension", None, "more", "其他方面", "Other")),
        portrait_dimensions=1,
    ),
    move(
        "a dimension is retired",
        lambda y: do(retire_item, item=_dimension(), until=SUMMER),
        portrait_dimensions=-1,
    ),
    move("… in January", lambda y: do(retire_item, item=_dimension(), until=NEXT)),
]


def _dimension() -> Item:
    return Item.objects.filter(kind="dimension").order_by("pk")[0]


CONTACT = [
    move("a point is invited", lambda y: y.world.point(), contact_points=1),
    move("a point of next year", lambda y: y.world.point(since=NEXT)),
    move("a point of a district", lambda y: y.world.point(office="思明区纪委监委", tier="district")),
    move("a point leaves", lambda y: do(leave, point=y["point"], on=SUMMER, note="外迁"), contact_points=-1),
    move("… in January", lambda y: do(leave, point=y["point"], on=NEXT, note="外迁")),
    move(
        "a point is taken back",
        lambda y: do(withdraw_point, point=y["other_point"], reason=WHY, on=SUMMER),
        contact_points=-1,
    ),
    move("a problem is told", lambda y: y.world.told(y["point"]), contact_problems=1),
    move("… in January", lambda y: y.world.told(y["point"], on=NEXT)),
    move(
        "told by several: merged",
        lambda y: do(
            merge, problem=_problem(y, "answered"), into=_problem(y, "resolved"), act=Step(WINTER, "同一事项")
        ),
        contact_problems=-1,
    ),
    move(
        "another point joins",
        lambda y: do(join_in, problem=_problem(y, "answered"), point=y["point"], on=WINTER),
    ),
    move("a problem is resolved", lambda y: y.settled(y["answered"], WINTER), contact_problems_resolved=1),
    move("… in January", lambda y: y.settled(y["answered"], NEXT)),
    move("a problem is explained", lambda y: y.settled(y["answered"], WINTER, "explained")),
    move(
        "the enterprise is not satisfied",
        lambda y: do(give_back, problem=_problem(y, "resolved"), act=Step(WINTER, "问题仍在")),
        contact_problems_resolved=-1,
    ),
    move("… in January", lambda y: do(give_back, problem=_problem(y, "resolved"), act=Step(NEXT, "问题仍在"))),
    move(
        "a problem is taken back",
        lambda y: do(withdraw_problem, problem=_problem(y, "answered"), reason=WHY, on=WINTER),
        contact_problems=-1,
    ),
    move("a rule comes of a problem", lambda y: y.rule(_problem(y, "answered")), contact_rules_made=1),
    move("the same rule of another", lambda y: y.rule(_problem(y, "answered"), "涉企检查办法")),
    move("a rule issued in January", lambda y: y.rule(_problem(y, "answered"), on=NEXT)),
    move("a suggestion is adopted", lambda y: y.suggestion(adopted=SUMMER), contact_suggestions_adopted=1),
    move("… in January", lambda y: y.suggestion(adopted=NEXT)),
    move("a suggestion is made", lambda y: y.suggestion()),
    move(
        "an adoption is taken back",
        lambda y: do(withdraw_adoption, adoption=Adoption.objects.get(), reason=WHY, on=WINTER),
        contact_suggestions_adopted=-1,
    ),
]

TOPICS = [
    move(
        "a problem is found and closed",
        lambda y: y.world.closed(activity=y["topic"], on=SPRING, closed_on=WINTER),
        topic_problems_resolved=1,
    ),
    move("a problem is closed", lambda y: y.close(y["topic_open"], WINTER), topic_problems_resolved=1),
    move("… in January", lambda y: y.close(y["topic_open"], NEXT)),
    move(
        "a closed one is taken up again",
        lambda y: do(reopen, finding=y["topic_closed"], on=WINTER, note="反弹"),
        topic_problems_resolved=-1,
    ),
    move("… in January", lambda y: do(reopen, finding=y["topic_closed"], on=NEXT, note="反弹")),
    move(
        "messages of the public",
        lambda y: do(count_month, activity=y["topic"], new=NewCount("messages", date(2022, 6, 1), 30, 29)),
    ),
    move("a rule of the topic is no project's", lambda y: y.rule(y["topic"])),
]

ESTATES = [
    move("another estate shows its details", lambda y: shown(y["silent"]), estates_disclosing=1),
    move("the same estate on site, too", lambda y: shown(y["estate"], "on_site")),
    move("totals only", lambda y: shown(y["silent"], is_detailed=False)),
    move("after the day", lambda y: shown(y["silent"], on=date(2022, 12, 5))),
    move("lapsed before the day", lambda y: shown(y["silent"], until=date(2022, 11, 20))),
    move("of an earlier quarter", lambda y: shown(y["silent"], on=date(2022, 7, 9), period=date(2022, 6, 30))),
    move(
        "an estate that owes nothing yet",
        lambda y: shown(estate(y.world, since=date(2022, 10, 20)), on=date(2022, 11, 1)),
    ),
    move(
        "a posting is taken back",
        lambda y: do(withdraw_posting, posting=y["posting"], reason=WHY, on=date(2022, 11, 1)),
        estates_disclosing=-1,
    ),
    move("… after the day", lambda y: do(withdraw_posting, posting=y["posting"], reason=WHY, on=WINTER)),
    move(
        "an estate ends",
        lambda y: do(end_estate, estate=y["estate"], until=date(2022, 11, 15)),
        estates_disclosing=-1,
    ),
]

MONEY, RECTIFIED = "grassroots_money_recovered", "grassroots_findings_rectified"
ASSETS = [
    move("a problem is closed", lambda y: y.close(y["asset_open"], WINTER, "区纪委书记"), **{RECTIFIED: 1}),
    move("… in January", lambda y: y.close(y["asset_open"], NEXT, "区纪委书记")),
    move(
        "registered last year, closed in this",
        lambda y: y.world.closed(
            approver="区纪委书记", closed_on=SPRING, **y.of_check(date(2021, 11, 1), of="earlier_check")
        ),
        **{RECTIFIED: 1},
    ),
    move(
        "a closed one is taken up again",
        lambda y: do(reopen, finding=y["asset_closed"], on=WINTER, note="反弹"),
        **{RECTIFIED: -1},
    ),
    move("rent comes back", lambda y: y.money(1_000_000), **{MONEY: 10_000}),
    move("collective money does", lambda y: y.money(1_000_000, kind="collective"), **{MONEY: 10_000}),
    move("a fine", lambda y: y.money(1_000_000, kind="fine")),
    move("a new rent", lambda y: y.money(1_000_000, kind="new_rent")),
    move("into another account", lambda y: y.money(1_000_000, account="finance")),
    move("in January", lambda y: y.money(1_000_000, on=NEXT)),
    move(
        "a sum was booked twice",
        lambda y: do(reverse_recovery, money=y["money"], on=WINTER, amount_fen=3_900_000, proof="更正"),
        **{MONEY: -39_000},
    ),
    move(
        "… corrected in January",
        lambda y: do(reverse_recovery, money=y["money"], on=NEXT, amount_fen=3_900_000, proof="更正"),
    ),
    move(
        "the problem is withdrawn, with what came of it",
        lambda y: y.leaves(y["asset_closed"], "withdraw", WINTER),
        **{RECTIFIED: -1, MONEY: -239_000},
    ),
]

LONGER = tuple((f"方面{number}", (ITEM, ITEM)) for number in range(3))
VILLAGE = [
    move(
        "a longer version of the checklist",
        lambda y: do(publish_checklist, new=NewChecklist("市版", "清单", WINTER, LONGER)),
        village_checklist_aspects=1,
        village_checklist_items=2,
    ),
    move(
        "another version of the checklist",
        lambda y: do(publish_checklist, new=NewChecklist("市版", "清单", WINTER, (("方面", (ITEM, ITEM, ITEM)),))),
        village_checklist_aspects=-1,
        village_checklist_items=-1,
    ),
    move(
        "… from January",
        lambda y: do(publish_checklist, new=NewChecklist("市版", "清单", NEXT, (("方面", (ITEM, ITEM, ITEM)),))),
    ),
]


def _redated(year: Year, rule: str, on: date) -> None:
    said = year[rule]
    do(amend_rule, rule=said, new=NewRule(said.title, said.issuer, on, said.number), reason=WHY)


#: 建章立制: one register for all mechanisms. A rule counts once in each that led to it, on the day that it was issued.
RULES = [
    move("a rule was issued in January only", lambda y: _redated(y, "rule", NEXT), project_rules_made=-1),
    move("… that of a contact point's problem", lambda y: _redated(y, "contact_rule", NEXT), contact_rules_made=-1),
    move("… that of the campaign", lambda y: _redated(y, "grain_rule", NEXT), grain_rules_made=-1),
    move("… earlier in the year", lambda y: _redated(y, "grain_rule", SPRING)),
    move(
        "… the year before: the campaign's",
        lambda y: _redated(y, "grain_rule", date(2021, 12, 30)),
        grain_rules_made=-1,
    ),
    move(
        "a project's rule comes of a contact point's problem, too",
        lambda y: y.rule(_problem(y, "answered"), "校园采购办法"),
        contact_rules_made=1,
    ),
    move(
        "a contact point's rule comes of the campaign, too",
        lambda y: y.rule(y["grain"], "涉企检查办法"),
        grain_rules_made=1,
    ),
    move("a rule comes of the campaign's proposal", lambda y: y.rule(y["proposal"]), grain_rules_made=1),
    move("a rule comes of a topic", lambda y: y.rule(y["topic"])),
    move("a rule comes of a check", lambda y: y.rule(y["asset_closed"])),
    move(
        "a contact point's rule is taken back",
        lambda y: do(withdraw_rule, rule=y["contact_rule"], reason=WHY, on=WINTER),
        contact_rules_made=-1,
    ),
    move("… in January", lambda y: do(withdraw_rule, rule=y["contact_rule"], reason=WHY, on=NEXT)),
]

MECHANISMS = {
    "linked": LINKED,
    "copies": COPIES,
    "projects": PROJECTS,
    "portraits": PORTRAITS,
    "talks": TALKS,
    "contact": CONTACT,
    "topics": TOPICS,
    "estates": ESTATES,
    "campaigns": CAMPAIGNS,
    "assets": ASSETS,
    "village": VILLAGE,
    "rules": RULES,
}
