"""Every paper that the product makes, out of one small year: which function writes it, and of what."""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from tests.access.test_handovers import drafted
from tests.access.test_leaving import OLD, named, pointed, viewed
from tests.activities.test_papers import reported
from tests.crosscheck import villages
from tests.grassroots.test_checks import check, inspection
from tests.instruments.net import leader, seen, served
from tests.ledgers.collectives import HELD, asset, filled, told
from tests.petitions import city as cities
from tests.talks.test_talks import new as talk_of
from tests.world import SYSTEM, World, as_, settle_figures

import jiandu
from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.loop.findings.due_word import due_docx
from jiandu.loop.findings.word import feedback_docx
from jiandu.loop.grassroots.asset_word import assets_docx
from jiandu.loop.grassroots.grid_word import meeting_docx, roster_docx
from jiandu.loop.grassroots.models import Checklist
from jiandu.loop.grassroots.pack_word import pack_docx
from jiandu.loop.grassroots.services.checklists import load_checklists
from jiandu.loop.grassroots.services.checks import answer_all
from jiandu.loop.grassroots.services.grid import NewCell, NewMeeting, NewWorker, engage, hold_meeting, open_cell
from jiandu.loop.grassroots.word import blank_docx, filled_docx
from jiandu.loop.instruments import letters
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import Instrument
from jiandu.loop.instruments.selectors import whole
from jiandu.loop.outcomes.documents import results_of_topic
from jiandu.net.access.handover_word import handover_docx
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.bulletins.drafting import NewBulletin, keep
from jiandu.results.bulletins.drafting import draft as draft_bulletin
from jiandu.results.bulletins.models import Advisory
from jiandu.results.bulletins.sending import NewAdvisory, remind, send
from jiandu.results.bulletins.word import advisory_docx
from jiandu.results.digests.counting import bulletin
from jiandu.results.digests.lists import problem_lists
from jiandu.results.digests.periods import Kind, Period
from jiandu.results.digests.word import Beside, bulletin_docx
from jiandu.results.portraits.services import NewPortrait, begin_portrait
from jiandu.results.portraits.word import portrait_docx
from jiandu.results.proofing.drafts import with_comments
from jiandu.results.proofing.proving import prove
from jiandu.results.reports import word as review
from jiandu.results.reports.editions import Edition, edition_docx
from jiandu.results.reports.rounds import round_docx
from jiandu.results.reports.selectors import read_review
from jiandu.results.reports.services import draft_review, freeze
from jiandu.results.reports.unit_word import unit_docx
from jiandu.sources.activities import project_word
from jiandu.sources.activities.campaign_word import campaign_docx
from jiandu.sources.activities.models import Activity
from jiandu.sources.activities.selectors import teams_of
from jiandu.sources.activities.services.campaigns import NewSelfCheck, self_check
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.plans import NewLine, add_line
from jiandu.sources.activities.services.proposing import NewClosing, evaluate
from jiandu.sources.activities.word import notices_docx, plan_docx, schedule_docx, visit_docx
from jiandu.sources.contactpoints.models import ContactPoint
from jiandu.sources.contactpoints.selectors import who_told
from jiandu.sources.contactpoints.word import handing_docx, list_docx, reply_docx
from jiandu.sources.crosscheck.models import Alert
from jiandu.sources.crosscheck.word import check_docx
from jiandu.sources.ledgers.collectives import LedgerKind
from jiandu.sources.petitions.selectors import clocks_of, last_days, sent_off
from jiandu.sources.petitions.vault import content_of
from jiandu.sources.petitions.word import PAPERS as OF_PETITIONS
from jiandu.sources.petitions.word import Printed, paper_docx
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.services import hold_talk
from jiandu.sources.talks.word import outline_docx, record_docx
from jiandu.sources.topics.services import topics

SOURCE = Path(jiandu.__file__).parent
Writer = Callable[..., bytes | None]


@dataclass(frozen=True)
class Paper:
    """A paper: who writes it, and what of (given the world and the round of it)."""

    write: Writer
    of: Callable[[World, Any], tuple[Any, ...]]


def _talk(world: World, _round: Any) -> tuple[Talk]:
    found = Talk.objects.filter(theme="履行主体责任情况").first()
    if found is None:
        person = world.person("教育局长", "市教育局")
        said = {"outline": "1. 主体责任。\n2. 采购管理。", "learned": "制度不全。", "pointed_out": "采购未验收。"}
        found = hold_talk(new=talk_of(world, [person], **said), by=SYSTEM)
    return (found,)


def _told(world: World, _round: Any) -> tuple[Any, Any]:
    problem = world.answered(world.told(world.point(), facts="窗口少。"))
    return problem, next(iter(who_told(SYSTEM, problem)))


def _topic(world: World, _round: Any) -> tuple[Any]:
    named = topics.name_topic(new=topics.NewTopic("DT-1", "拖欠工资", world.offices["第一监督检查室"]), by=SYSTEM)
    return (topics.begin_year(topic=named, new=topics.NewYear(2022, "DT2022-1", date(2022, 1, 10)), by=SYSTEM),)


def _checklist(world: World, _round: Any) -> tuple[Any]:
    load_checklists(by=SYSTEM)
    return (Checklist.objects.first(),)


def _village(world: World) -> None:
    if "西滨村" not in world.units:
        world.unit("西滨村")


def _inspection(world: World, _round: Any) -> tuple[Any]:
    load_checklists(by=SYSTEM)
    _village(world)
    made = inspection(world, check(world))
    answer_all(inspection=made, by=SYSTEM, results={}, notes={})
    return (made,)


def _pack(world: World, _round: Any) -> tuple[Any, str]:
    """What a village's ledger has that is to be looked at again: more than a sheet takes."""
    one = filled(world)
    rows = [asset(f"ZD-{number:02d}", name=f"集体店面{number}号", status="occupied", **HELD) for number in range(12)]
    told(one, LedgerKind.ASSET, *rows, on=date(2022, 10, 1))
    return one, "town"


def _assets(world: World, _round: Any) -> tuple[Any, str]:
    """A check whose sheet goes on to a second page."""
    load_checklists(by=SYSTEM)
    _village(world)
    one, office = check(world, "assets"), "筼筜街道纪工委"
    for place in range(11):
        problem = f"集体店面{place}号被原租户占用，合同到期后既不腾退也不续签，租金连续两年没有收取入账"
        world.finding(activity=one, unit="西滨村", office=office, on=date(2022, 5, 10), problem=problem)
    return one, "town"


def _portrait(world: World, _round: Any) -> tuple[Any]:
    new = NewPortrait(
        world.offices["第一监督检查室"], 2022, date(2022, 1, 1), date(2022, 6, 30), unit=world.units["市教育局"]
    )
    return (begin_portrait(new=new, by=SYSTEM),)


def _handover(world: World, _round: Any) -> tuple[Any]:
    """Of a holder with something of each kind that goes over."""
    named(world, problem="采购未验收，合同台账缺三年")
    pointed(world)
    viewed(world, OLD)
    return (drafted(world),)


def _letter(kind: str) -> Callable[[World, Any], tuple[Any]]:
    def made(world: World, _round: Any) -> tuple[Any]:
        if kind == Instrument.Kind.COPY_REPORT:
            leader(world, "王副市长", "市教育局")
        facts = "未按期开展自查。" * 40 + "\n台账缺三年。"
        one = served(world, kind, facts=facts, causes="内控不严。", advice="请专题研究。", copies_to="市委办公厅")
        return (whole(SYSTEM, seen(world, one)),)

    return made


def _review(world: World, _round: Any) -> tuple[Any]:
    return (read_review(SYSTEM, draft_review(year=2022, as_of=date(2022, 12, 31), by=SYSTEM)),)


def _edition(edition: Edition) -> Callable[[World, Any], tuple[Any, Edition]]:
    def made(_world: World, _round: Any) -> tuple[Any, Edition]:
        one = settle_figures(draft_review(year=2022, as_of=date(2022, 12, 31), by=SYSTEM))
        return freeze(review=one, by=SYSTEM), edition

    return made


def _checked(_world: World, _round: Any) -> tuple[Any]:
    return (prove(SYSTEM, ["全年立项99个政治监督项目。", "走访单位5家。"], Ask(2022, date(2022, 12, 31))),)


def _first_visit(world: World, activity: Any) -> tuple[Any, Any]:
    return activity, teams_of(SYSTEM, activity)[0].units[0].visits[0]


def _campaign(world: World, _round: Any) -> tuple[Any]:
    said = {"code": "ZX-1", "name": "粮食购销", "year": 2022, "approved_on": date(2022, 1, 4), "plan": "自查。\n抽查。"}
    new = NewActivity(kind=Activity.Kind.CAMPAIGN, lead=world.offices["第一监督检查室"], **said)
    one = open_activity(new=new, by=SYSTEM)
    unit, on = world.units["市财政局"], date(2022, 3, 1)
    self_check(activity=one, by=SYSTEM, new=NewSelfCheck(unit, on, 3, 2, "账实不符。"))
    return (one,)


def _roster(world: World, _round: Any) -> tuple[()]:
    new = NewCell("第一网格", world.offices["筼筜街道纪工委"], date(2022, 1, 1))
    worker = NewWorker("甲", items(SYSTEM, "grid_worker", 2022)[0], date(2022, 1, 1))
    engage(cell=open_cell(new=new, by=SYSTEM), by=SYSTEM, new=worker)
    return ()


def _meeting(world: World, _round: Any) -> tuple[Any]:
    new = NewMeeting("training", date(2022, 4, 1), "送教下乡", world.offices["筼筜街道纪工委"], 40)
    return (hold_meeting(new=new, by=SYSTEM),)


def _project(world: World, _round: Any) -> tuple[Any]:
    one = world.project(plan="走访调研。\n查阅台账。", due_on=date(2022, 11, 30))
    for kind in ("target", "step", "problem", "task", "duty"):
        add_line(activity=one, by=SYSTEM, new=NewLine(kind, "查阅兑现台账", "第一监督检查室", date(2022, 5, 31)))
    return (one,)


def _ending(world: World, _round: Any) -> tuple[Any]:
    said = dict.fromkeys(["targets", "findings", "rules", "materials"], "yes") | {"note": "目标任务完成"}
    counts = {"found": 3, "settled": 2, "rules_made": 1}
    one = world.project()
    evaluate(activity=one, by=SYSTEM, new=NewClosing(on=date(2022, 11, 1), proposes="end", **said, **counts))
    return (one,)


def _petition(slug: str) -> Callable[[World, Any], tuple[str, Printed]]:
    """A verified reporter's visit that was handed to a room, with its content open."""

    def of(world: World, _round: Any) -> tuple[str, Printed]:
        if cities.OFFICE not in world.offices:
            cities.furnish(world)
        one = cities.accepted(world, cities.named(world, way="visit", unit="市教育局"))
        content, sent = content_of(one, None), sent_off(SYSTEM, one)
        return slug, Printed(one, content, clocks_of(SYSTEM, one), last_days(SYSTEM, one), sent, "反映某科长收受礼金")

    return of


def _bulletin(world: World, _round: Any) -> tuple[Any, str, Beside]:
    _petition("proposal")(world, _round)
    month = Period(Kind.MONTH, 2022, 3)
    return bulletin(SYSTEM, month), cities.OFFICE, Beside("集中在教育领域。", problem_lists(SYSTEM, month))


def _week(world: World, _round: Any) -> tuple[Any, str]:
    _petition("proposal")(world, _round)
    return bulletin(SYSTEM, Period(Kind.WEEK, 2022, 9)), cities.OFFICE


def _reminder(world: World, _round: Any) -> tuple[Advisory]:
    """工作提醒函 to the room with which an item is overdue."""
    if cities.OFFICE not in world.offices:
        cities.furnish(world)
    cities.accepted(world)
    new = NewBulletin(world.offices[cities.OFFICE], Period(Kind.MONTH, 2022, 2))
    kept = keep(bulletin=draft_bulletin(new=new, by=SYSTEM), by=SYSTEM, on=today())
    to = NewAdvisory(today(), office=world.offices[cities.ROOM], asked="请逐件核实", due_on=today())
    return (remind(bulletin=kept, by=SYSTEM, new=to),)


def _advisory(world: World, _round: Any) -> tuple[Advisory]:
    """The outside version of a month, sent to a body on paper."""
    if cities.OFFICE not in world.offices:
        cities.furnish(world)
    for _ in range(3):
        cities.registered(world)
    new = NewBulletin(world.offices[cities.OFFICE], Period(Kind.MONTH, 2022, 3))
    kept = keep(bulletin=draft_bulletin(new=new, by=SYSTEM), by=SYSTEM, on=today())
    return (send(about=kept, by=SYSTEM, new=NewAdvisory(today(), body="市委办公室", asked="请研究", due_on=today())),)


def _alert(world: World, _round: Any) -> tuple[Alert]:
    world.unit(villages.UNIT)
    villages.write()
    villages.ran(world)
    return (Alert.objects.filter(rule="SZ-01").get(),)


def _due(world: World, _round: Any) -> tuple[int]:
    world.rectifying()
    return (14,)


PAPERS = {
    "project-plan": Paper(project_word.plan_docx, _project),
    "project-closing": Paper(project_word.closing_docx, _ending),
    "campaign": Paper(campaign_docx, _campaign),
    "grid-roster": Paper(roster_docx, _roster),
    "meeting": Paper(meeting_docx, _meeting),
    "plan": Paper(plan_docx, lambda _world, activity: (activity,)),
    "schedule": Paper(schedule_docx, lambda _world, activity: (activity,)),
    "notice": Paper(notices_docx, lambda _world, activity: (activity, teams_of(SYSTEM, activity)[0].units[1].linked)),
    "visit": Paper(visit_docx, _first_visit),
    "visit-blank": Paper(visit_docx, lambda _world, activity: (activity,)),
    "feedback": Paper(feedback_docx, lambda world, activity: (activity, world.units["市教育局"])),
    "feedback-blank": Paper(feedback_docx, lambda _world, activity: (activity,)),
    "round-report": Paper(round_docx, lambda _world, activity: (activity,)),
    "talk-outline": Paper(outline_docx, _talk),
    "talk-record": Paper(record_docx, _talk),
    "contact-handing": Paper(handing_docx, lambda world, activity: _told(world, activity)[:1]),
    "contact-reply": Paper(reply_docx, _told),
    "contact-points": Paper(list_docx, lambda _world, _round: (ContactPoint.objects.order_by("pk"),)),
    "topic-results": Paper(results_of_topic, _topic),
    "checklist": Paper(blank_docx, _checklist),
    "inspection": Paper(filled_docx, _inspection),
    "handover": Paper(handover_docx, _handover),
    "alert-check": Paper(check_docx, _alert),
    "due-list": Paper(due_docx, _due),
    "unit": Paper(unit_docx, lambda world, _round: (world.units["市教育局"], date(2022, 12, 31))),
    "assets": Paper(assets_docx, _assets),
    "asset-pack": Paper(pack_docx, _pack),
    "portrait": Paper(portrait_docx, _portrait),
    **{f"letter-{kind}": Paper(letters.to_docx, _letter(kind)) for kind in Instrument.Kind.values},
    "wording": Paper(lambda _by, kind: letters.sample(kind, "市纪委监委"), lambda _world, _round: (kind_of("joint"),)),
    **{
        f"petition-{slug}": Paper(lambda _by, slug, said: paper_docx(slug, said), _petition(slug))
        for slug in OF_PETITIONS
    },
    "bulletin": Paper(bulletin_docx, _bulletin),
    "bulletin-week": Paper(bulletin_docx, _week),
    "advisory": Paper(advisory_docx, _advisory),
    "reminder": Paper(advisory_docx, _reminder),
    "checked": Paper(lambda _by, draft: with_comments(draft), _checked),
    **{f"review-{edition}": Paper(edition_docx, _edition(edition)) for edition in Edition},
    "review": Paper(lambda _by, drafted: review.to_docx(drafted), _review),
}

#: Those of them that ask for no viewer.
FOR_NOBODY = {
    "jiandu.results.reports.word.to_docx",
    "jiandu.loop.instruments.letters.sample",
    "jiandu.results.proofing.drafts.with_comments",
    "jiandu.sources.petitions.word.paper_docx",
}


def made_of(world: World) -> dict[str, bytes]:
    """Each paper's file."""
    activity = reported(world)
    found = {}
    with as_(SYSTEM) as by:
        for name, paper in PAPERS.items():
            content = paper.write(by, *paper.of(world, activity))
            assert content is not None, name
            found[name] = content
    return found


def writers() -> set[str]:
    """Public functions that give a file, in modules that write Word: `package.module.function`."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if "base/documents" in path.as_posix() or "jiandu.base.documents.blocks import" not in text:
            continue
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        for one in ast.parse(text).body:
            gives = isinstance(one, ast.FunctionDef) and one.returns and ast.unparse(one.returns).startswith("bytes")
            is_helper = gives and any(given.arg == "blocks" for given in one.args.args)  # its callers are papers
            if gives and not is_helper and not one.name.startswith("_"):
                found.add(f"{module}.{one.name}")
    return found
