"""A small year: of each mechanism a few records, some of which must not count. Everything through services."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tests.instruments.net import leader, served
from tests.ledgers.estates import estate, shown
from tests.world import SYSTEM, World, as_

from jiandu.base.files.store import keep
from jiandu.base.lexicon.models import Item
from jiandu.base.lexicon.services import load_defaults
from jiandu.loop.findings.models import Finding
from jiandu.loop.findings.services import approvals
from jiandu.loop.findings.states import Verb
from jiandu.loop.grassroots.services.checklists import NewChecklist, NewItem, publish_checklist
from jiandu.loop.grassroots.services.checks import NewCheck, open_check
from jiandu.loop.outcomes.models import MoneyRecovered, RuleMade
from jiandu.loop.outcomes.services import NewMoney, NewRule, record_recovery, record_rule, record_rule_of
from jiandu.net.access.deciding import Signature
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Post
from jiandu.net.subjects.services import NewPost, appoint
from jiandu.results.portraits.approving import approve_portrait
from jiandu.results.portraits.models import Portrait
from jiandu.results.portraits.services import NewPortrait, attach, begin_portrait
from jiandu.sources.activities.models import Activity, Visit
from jiandu.sources.activities.services.events import tell
from jiandu.sources.activities.services.planning import NewActivity, open_activity
from jiandu.sources.activities.services.rounds import NewVisit, form_team, link_unit, visit
from jiandu.sources.contactpoints.models import ContactProblem
from jiandu.sources.contactpoints.services.problems import Act as Step
from jiandu.sources.contactpoints.services.problems import settle
from jiandu.sources.contactpoints.services.suggestions import NewSuggestion, adopt, suggest
from jiandu.sources.talks.models import Talk
from jiandu.sources.talks.services import Invited, NewTalk, hold_talk
from jiandu.sources.topics.services.topics import NewTopic, NewYear, begin_year, name_topic

ROOM, TOWN = "第一监督检查室", "筼筜街道纪工委"
ITEM = NewItem("事项", "要点", "走访", "每季度", "村“两委”", "依据")
SPRING, SUMMER, WINTER, NEXT = date(2022, 3, 10), date(2022, 6, 10), date(2022, 12, 10), date(2023, 1, 10)


def do(act: Any, /, **said: Any) -> Any:
    """One service, by the system."""
    with as_(SYSTEM) as by:
        return act(by=by, **said)


@dataclass
class Year:
    """The net, and what was recorded: by a short name each."""

    world: World
    kept: dict[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.kept[name]

    # --- short ways to record one more thing ---

    def visited(self, unit: str, on: date, of: str = "round") -> Visit:
        return do(visit, activity=self[of], new=NewVisit(self.world.units[unit], on, place=unit))  # type: ignore[no-any-return]

    def talk(self, *names: str, on: date = SUMMER, kind: str = "proactive", of: str = "") -> Talk:
        invited = [Invited(self.world.persons[name]) for name in names]
        new = NewTalk(kind, on, "履职情况", self.world.offices[ROOM], ["干部甲", "干部丙"], invited)
        if of:
            new = NewTalk(**{**vars(new), "activity": self[of]})
        return do(hold_talk, new=new)  # type: ignore[no-any-return]

    def leaves(self, finding: Finding, verb: str, on: date, into: Finding | None = None) -> None:
        """Withdrawn, not recognised or merged: asked for, and granted by the leader."""
        request = approvals.Request(Verb(verb), "登记有误", on, merge_into=into)
        approval = do(approvals.ask, finding=finding, request=request)
        with as_(self.world.viewer("书记")) as by:
            approvals.decide(approval=approval, by=by, signature=Signature(is_granted=True, on=on, opinion="同意"))

    def close(self, finding: Finding, on: date, by: str = "主任甲") -> None:
        """The closing of a verified finding is approved."""
        approval = finding.approvals.get(status="waiting")
        with as_(self.world.viewer(by)) as viewer:
            signature = Signature(is_granted=True, on=on, opinion="同意")
            approvals.decide(approval=approval, by=viewer, signature=signature)

    def rule(self, origin: Any, title: str = "", on: date = SUMMER) -> RuleMade:
        new = NewRule(title or f"管理办法{self.world.number()}", "市教育局", on)
        if isinstance(origin, Finding):
            return do(record_rule, finding=origin, new=new)  # type: ignore[no-any-return]
        return do(record_rule_of, origin=origin, new=new)  # type: ignore[no-any-return]

    def money(self, fen: int, on: date = SUMMER, kind: str = "rent", account: str = "collective") -> MoneyRecovered:
        new = NewMoney(fen, on, "集体账户", "回单", kind=kind, account_kind=account)
        return do(record_recovery, finding=self["asset_closed"], new=new)  # type: ignore[no-any-return]

    def suggestion(self, on: date = SPRING, adopted: date | None = None) -> Any:
        told = do(suggest, new=NewSuggestion("建议加强直达快享监督", on, self.world.offices[ROOM]))
        return do(adopt, suggestion=told, on=adopted, used_for="监督重点") if adopted else told

    def report(self, unit: str, approved: date | None, half: int = 1) -> Portrait:
        span = (date(2022, 1, 1), date(2022, 6, 30)) if half == 1 else (date(2021, 7, 1), date(2021, 12, 31))
        new = NewPortrait(self.world.offices[ROOM], 2022, *span, unit=self.world.units[unit])
        row = do(attach, portrait=do(begin_portrait, new=new), stored=keep([b"report"]), name="报告.docx")
        return do(approve_portrait, portrait=row, on=approved, approver="书记") if approved else row

    def campaign(self, item: Item) -> Activity:
        number = self.world.number()
        new = NewActivity(
            "campaign", 2022, f"ZX{number}", f"专项{number}", self.world.offices[ROOM], SPRING, field=item
        )
        return do(open_activity, new=new)  # type: ignore[no-any-return]

    def letter(self, kind: str, on: date, of: str = "grain") -> Any:
        return served(self.world, kind, on=on, activity=self[of])

    def settled(self, problem: ContactProblem, on: date, result: str = "resolved") -> ContactProblem:
        act = Step(on, "已办结", result, "satisfied")
        return do(settle, problem=problem, act=act)  # type: ignore[no-any-return]

    def of_check(self, on: date = SPRING, **more: Any) -> dict[str, Any]:
        return {"activity": self[more.pop("of", "check")], "unit": "西滨村", "office": TOWN, "on": on, **more}


def build(world: World) -> Year:
    """The year, in the order of its mechanisms."""
    do(load_defaults)
    do(load_divisions)
    aspects = (("履职", (ITEM, ITEM)), ("用权", (ITEM, ITEM)))
    do(publish_checklist, new=NewChecklist("首版", "监督清单", date(2022, 1, 1), aspects))
    year = Year(world)
    for name in ("西滨村", "后溪村"):
        world.unit(name)
    world.office("驻市财政局纪检监察组", "stationed", "市纪委监委")
    with as_(SYSTEM):
        year.kept["aspects"] = list(Item.objects.filter(kind="aspect")[:3])
        year.kept["fields"] = {item.code: item for item in Item.objects.filter(kind="field")}
    _people(year)
    for each in (_rounds, _projects, _papers, _contact, _topic, _estates, _grassroots):
        each(year)
    year.kept["report"] = year.report("市教育局", date(2022, 8, 1))
    year.report("市财政局", None)
    return year


def _people(year: Year) -> None:
    """Two heads, the holder of a key post, a clerk."""
    kinds = {"张局": "head", "李局": "head", "王科": "key", "小陈": "staff"}
    for name, kind in kinds.items():
        unit = "市财政局" if name == "李局" else "市教育局"
        person = year.world.person(name)
        post = NewPost(person, year.world.units[unit], name, date(2021, 1, 1), Post.Kind(kind))
        do(appoint, new=post)


def _rounds(year: Year) -> None:
    """One with an approved report, one without; a unit visited twice; a merged finding."""
    world, (first, second, third) = year.world, year["aspects"]
    year.kept["round"] = world.round(started_on=date(2022, 3, 1))
    year.kept["later_round"] = world.round(started_on=date(2022, 11, 1))
    for name in ("round", "later_round"):
        team = do(form_team, activity=year[name], name="第一组", leader=world.persons["书记"], members="干部甲")
        for unit in ("市教育局", "市财政局", "思明区教育局"):
            do(link_unit, team=team, organisation=world.units[unit])
    for unit, on in (("市教育局", SPRING), ("市教育局", SUMMER), ("市财政局", SPRING)):
        year.kept[f"visit_{unit}_{on.month}"] = year.visited(unit, on)
    year.kept["talk_in_round"] = year.talk("张局", "小陈", on=SPRING, of="round")
    year.kept["talk"] = year.talk("李局", "王科")
    year.talk("张局", kind="reminder")
    of_round = {"activity": year["round"], "on": SPRING}
    year.kept["round_finding"] = world.finding(aspect=first, **of_round)
    world.finding(aspect=second, **of_round)
    year.leaves(world.finding(aspect=third, **of_round), "merge", SUMMER, into=year["round_finding"])
    year.kept["later_finding"] = world.finding(aspect=third, activity=year["later_round"], on=date(2022, 11, 5))
    do(tell, activity=year["round"], verb="approve_report", on=date(2022, 5, 20))


def _projects(year: Year) -> None:
    world = year.world
    year.kept["project"] = world.project(members=("驻市教育局纪检监察组",))
    year.kept["spare_project"] = world.project()
    of_project = {"activity": year["project"], "on": SPRING}
    year.kept["closed"] = world.closed(closed_on=SUMMER, **of_project)
    year.kept["open"] = world.verified(**of_project)[0]
    year.leaves(world.finding(**of_project), "withdraw", SUMMER)
    year.kept["rule"] = year.rule(year["closed"], "校园采购办法")


def _papers(year: Year) -> None:
    leader(year.world, "副市长甲", "市教育局")
    leader(year.world, "副市长乙", "市财政局")
    year.kept["sheet"] = served(year.world, findings=[year["closed"]])
    for name in ("grain", "tenders"):
        year.kept[name] = year.campaign(year["fields"][name])
    year.kept["proposal"] = year.letter("joint", SUMMER)
    year.letter("reminder", SUMMER)
    year.kept["grain_rule"] = year.rule(year["grain"], "粮食轮换办法")


def _contact(year: Year) -> None:
    world = year.world
    year.kept["point"], year.kept["other_point"] = world.point(), world.point()
    year.kept["resolved"] = year.settled(world.answered(world.told(year["point"])), SUMMER)
    year.kept["answered"] = world.answered(world.told(year["other_point"]))
    year.kept["contact_rule"] = year.rule(year["resolved"], "涉企检查办法")
    year.kept["adoption"] = year.suggestion(adopted=SUMMER)
    year.kept["suggestion"] = year.suggestion()


def _topic(year: Year) -> None:
    topic = do(name_topic, new=NewTopic("DT1", "拖欠农民工工资", year.world.offices[ROOM]))
    year.kept["topic"] = do(begin_year, topic=topic, new=NewYear(2022, "DT2022-1", date(2022, 1, 10)))
    year.kept["topic_closed"] = year.world.closed(activity=year["topic"], on=SPRING, closed_on=SUMMER)
    year.kept["topic_open"] = year.world.verified(activity=year["topic"], on=SPRING)[0]


def _estates(year: Year) -> None:
    year.kept["estate"], year.kept["silent"] = estate(year.world), estate(year.world)
    year.kept["posting"] = shown(year["estate"])


def _grassroots(year: Year) -> None:
    """A check of this year and of the last one; money that reached the collective."""
    town = year.world.offices[TOWN]
    for name, when in (("check", 2022), ("earlier_check", 2021)):
        new = NewCheck("assets", f"JC{when}", f"{when}年检查", when, town, date(when, 2, 10))
        year.kept[name] = do(open_check, new=new).activity
    year.kept["asset_closed"] = year.world.closed(approver="区纪委书记", closed_on=SUMMER, **year.of_check())
    year.kept["asset_open"] = year.world.verified(**year.of_check())[0]
    year.kept["money"] = year.money(23_900_000)
