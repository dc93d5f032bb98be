"""The fictional petition office: what came in over fifteen months, how far it went, one envelope for the superior."""

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.lexicon.models import Item
from jiandu.net.subjects.models import Region
from jiandu.net.subjects.populations import NewPopulation, write_population
from jiandu.results.alarms.letters import NewLetter, draft_letter, facts_of
from jiandu.results.alarms.models import Alarm
from jiandu.results.alarms.services import confirm, dismiss, look_at_week
from jiandu.results.bulletins import drafting, sending
from jiandu.results.bulletins.jobs import draft_what_ended
from jiandu.results.bulletins.models import PetitionBulletin
from jiandu.results.bulletins.selectors import late_offices
from jiandu.sources.petitions.models import CaseNotice, Petition
from jiandu.sources.petitions.services import (
    beside,
    classifying,
    deciding,
    handling,
    notifying,
    opening,
    reading,
    registering,
)
from jiandu.sources.petitions.services.registering import NewPetition, NewTags
from jiandu.sources.petitions.services.steps import Done
from jiandu.sources.petitions.states import Disposal, Named, Truth, Verb
from jiandu.sources.petitions.vault import Content, Sender

if TYPE_CHECKING:
    from jiandu.demo.net import Net

SEED, COUNT, DAYS = 20220301, 90, 450
OFFICE, ROOM = "信访室", "第一监督检查室"
#: Domain, the unit, how it is reported; what is called 某 stays 某.
REPORTED = (
    ("education", "市教育局", "反映某校食堂采购由总务负责人指定供应商，多次收受购物卡。", "integrity"),
    ("works", "市住房局", "反映某安置房项目招标前与投标人私下见面，透露标底。", "crime"),
    ("relief", "市民政局", "反映低保审核人员为亲属违规办理低保。", "masses"),
    ("collective", "筼筜街道办事处", "反映社区集体店面长期低价出租给干部亲属。", "integrity"),
    ("medical", "市卫生健康局", "反映某医院设备科长收受回扣。", "crime"),
    ("conduct", "市交通运输局", "反映执法人员工作时间饮酒、公车私用。", "work"),
    ("business", "市财政局", "反映惠企资金拨付故意拖延，暗示送礼。", "masses"),
    ("collective", "市农业农村局", "反映某村高标准农田项目验收走过场。", "work"),
)
ORDINARY = (
    ("advice", "建议公开小区公共收益收支明细。"),
    ("outside", "反映邻里噪声扰民，请求处理。"),
    ("empty", "称有干部违纪，未写明任何事实。"),
)
WAYS = ("letter", "letter", "web", "web", "web", "visit", "call")
RANKS = ("county", "township", "township", "staff", "rural", "community")
#: Units whose cadres the district manages: taken up by the city, with the reason.
OF_A_DISTRICT = {"筼筜街道办事处": ("district", "own", "市纪委监委决定提级办理")}
#: 具体问题 below the natures of REPORTED.
DETAILS = {"integrity": "N31", "crime": "N82", "masses": "N43", "work": "N53"}
OTHER_CATEGORY = "D01"  # where the clerk did not follow the proposal
#: What letters are about this week, last week and in two weeks before: (days ago; from 7 on before Monday; domain; what is said).
TOPICS = (
    (0, "education", "某培训机构停业后校外培训退费无人受理，主管科室收受机构好处。"),
    (0, "education", "家长反映校外培训退费被拖延，经办人员与机构合伙。"),
    (1, "education", "机构预收学费后关门，校外培训退费登记被有关人员压下不报。"),
    (1, "education", "校外培训退费专班负责人违规为某机构说情。"),
    (2, "education", "校外培训退费名单由经办人自行增减。"),
    (2, "education", "校外培训退费只退给熟人，群众意见大。"),
    (3, "education", "校外培训退费窗口收取手续费，不开票据。"),
    (0, "works", "旧楼加装电梯补贴被包工头和社区干部截留。"),
    (1, "works", "反映加装电梯补贴评审收取好处，不交钱不予通过。"),
    (1, "works", "加装电梯补贴名单中有已搬离的亲友。"),
    (2, "works", "加装电梯补贴迟迟不发，经办人暗示送礼。"),
    (3, "works", "加装电梯补贴由社区干部亲属的公司代办。"),
    (7, "business", "沿街泊位收费外包给干部亲属，不开发票。"),
    (8, "business", "反映泊位收费员私收现金，收入去向不明。"),
    (8, "business", "泊位收费招标走过场，中标公司由干部亲属实际控制。"),
    (9, "business", "夜间泊位收费不公示，有人从中抽成。"),
    (9, "business", "泊位收费设备采购价高于市场价一倍。"),
    (29, "relief", "反映临时救助金由经办人代领，救助对象未收到。"),
    (29, "relief", "临时救助金发放名单中有村干部的亲属。"),
    (30, "relief", "申请临时救助金被要求先请吃饭。"),
    (31, "relief", "临时救助金发放金额与公示不一致。"),
    (32, "relief", "临时救助金审批拖延，熟人先办。"),
    (57, "conduct", "反映执法中队公车接送子女上学。"),
    (58, "conduct", "执法中队公车周末停放景区。"),
    (58, "conduct", "执法中队公车加油费明显偏高。"),
    (59, "conduct", "反映执法中队公车用于家庭出游。"),
    (60, "conduct", "执法中队公车派车单事后补填。"),
)


#: Topics that several units share, and those units.
SPREAD = ("works", "business")
SHARED = "D090201"  # 涉企乱收费
UNITS = ("市住房局", "市财政局", "筼筜街道办事处", "市民政局")
#: 第七次全国人口普查, by district.
CENSUS = date(2020, 11, 1)
POPULATIONS = {
    "思明区": 1_073_315, "湖里区": 1_036_974, "集美区": 1_036_987, "海沧区": 582_519, "同安区": 855_920, "翔安区": 578_255,
}  # fmt: skip


def tell_petitions(net: "Net", by: Viewer) -> None:
    """Everything that came in, the earliest first."""
    chance = random.Random(SEED)  # noqa: S311 -- the same demo each time
    story = _Story(net, by, chance)
    days = sorted(chance.randrange(DAYS) for _ in range(COUNT))
    for place, ago in enumerate(reversed(days)):
        story.tell(place, today() - timedelta(days=ago))
    story.tell(COUNT, today())  # one came in today: it waits for the clerk
    story.tell_topics()
    envelope = beside.NewReceipt(
        net.offices[OFFICE], f"密封〔{today().year}〕1号", today() - timedelta(days=2), "letter"
    )
    beside.take_for_superior(new=envelope, by=by)
    _tell_populations(net)
    _note_meddling(net)
    _sign_notices(net)
    _tell_bulletins(net)
    _tell_alarms(net)
    _ask_to_open(net)


def _tell_populations(net: "Net") -> None:
    clerk = net.viewer("petition_clerk")
    with guard.acting(clerk):
        for region in Region.objects.filter(name__in=POPULATIONS).order_by("code"):
            people = POPULATIONS[region.name]
            write_population(new=NewPopulation(region, CENSUS, people, "厦门市第七次全国人口普查公报"), by=clerk)


def _note_meddling(net: "Net") -> None:
    """Somebody asked about an item that is being handled: the clerk who was asked has noted it."""
    with guard.acting(guard.system("演示数据")):
        petition = Petition.objects.filter(state="handling", subject__isnull=False).order_by("-received_on").first()
    clerk = net.viewer("petition_clerk")
    asked = beside.NewMeddling(
        net.offices[OFFICE],
        today() - timedelta(days=6),
        "asking",
        "某局副局长",
        "市住房局",
        "电话询问是否收到有关其单位的来信，已当场拒绝并告知将登记。",
        petition,
    )
    with guard.acting(clerk):
        beside.note_meddling(new=asked, by=clerk)


def _sign_notices(net: "Net") -> None:
    """Case supervision signed for what is older than two months."""
    cases = net.viewer("case_supervisor")
    with guard.acting(cases):
        old = CaseNotice.objects.filter(on__lt=today() - timedelta(days=60)).order_by("pk")
        for row in list(old):
            notifying.take_notice(notice=row, by=cases, on=row.on + timedelta(days=1))


def _tell_alarms(net: "Net") -> None:
    """Three weeks in which something rose: the alarms of one were dismissed, of one confirmed, those of the last week wait."""
    clerk, office = net.viewer("petition_clerk"), net.offices[OFFICE]
    monday = today() - timedelta(days=today().weekday())
    with guard.acting(clerk):
        found = {back: look_at_week(office=office, week=monday - timedelta(weeks=back), by=clerk) for back in (8, 4, 1)}
        for alarm in found[8]:
            on = alarm.week + timedelta(days=8)
            dismiss(alarm=alarm, by=clerk, on=on, reason=Alarm.Reason.CAMPAIGN, note="同一批群发来信")
        for alarm in found[4]:
            on = alarm.week + timedelta(days=8)
            confirm(alarm=alarm, by=clerk, on=on, note="救助金发放环节反映集中，拟作专题分析")
        if found[4]:
            _write_letter(net, clerk, found[4][0])


def _write_letter(net: "Net", clerk: Viewer, alarm: Alarm) -> None:
    """信访监督建议书 to the unit in charge of relief."""
    unit = net.units["市民政局"]
    title, advice = "临时救助金发放信访反映集中", ("核查近三个月临时救助金发放台账", "公开救助对象、标准和发放时间")
    new = NewLetter("petition", unit, title, today(), facts_of(alarm), advice, 30)
    draft_letter(alarm=alarm, by=clerk, new=new)


def _ask_to_open(net: "Net") -> None:
    """A custodian has asked to open who sent a verified item: the other one finds it waiting."""
    with guard.acting(guard.system("演示数据")):
        petition = Petition.objects.filter(named=Named.VERIFIED, state="concluded").order_by("-received_on").first()
    custodian = net.viewer("identity_custodian")
    if petition is not None:
        new = opening.NewOpening(net.offices[OFFICE], petition.code, "tell", "向实名举报人反馈处理结果", "contact", 2)
        with guard.acting(custodian):
            opening.ask(new=new, by=custodian)


def _tell_bulletins(net: "Net") -> None:
    """What ended is drafted; last month's bulletin was kept, shown to a leader and sent to the room, which signed for it."""
    draft_what_ended()
    clerk, officer = net.viewer("petition_clerk"), net.viewer("supervision_officer")
    with guard.acting(clerk):
        office = net.offices[OFFICE]
        draft = PetitionBulletin.objects.filter(owner_office=office, span="month").order_by("-last_on").first()
        if draft is None:
            return
        drafting.write_remarks(bulletin=draft, by=clerk, text="反映集中在工程建设和集体资产领域，建议开展专项提醒。")
        kept = drafting.keep(bulletin=draft, by=clerk, on=today())
        drafting.show_to(bulletin=kept, by=clerk, leader=net.users["leader"])
        if kept.outer is None:
            return
        due_on = today() + timedelta(days=14)
        to = sending.NewAdvisory(today(), office=net.offices[ROOM], asked="请研究提醒措施并反馈。", due_on=due_on)
        advisory = sending.send(about=kept, by=clerk, new=to)
        late = [office for office, _count in late_offices(clerk, kept) if office == net.offices[ROOM]]
        if late:
            asked = "请逐件核实，抓紧办理，并书面说明超期原因。"
            sending.remind(bulletin=kept, by=clerk, new=sending.NewAdvisory(today(), office=late[0], asked=asked))
    with guard.acting(officer):
        sending.receive(advisory=advisory, by=officer, on=today())


class _Story:
    """What happens to each: the older, the further."""

    def __init__(self, net: "Net", by: Viewer, chance: random.Random) -> None:
        self.net, self.by, self.chance = net, by, chance
        self.clerk, self.officer = net.viewer("petition_clerk"), net.viewer("supervision_officer")
        self.mains: list[Petition] = []
        self.domains = {item.code: item for item in Item.objects.filter(kind="petition_domain")}
        self.regions = list(Region.objects.filter(kind=Region.Kind.DISTRICT).order_by("code"))

    def tell(self, place: int, on: date) -> None:
        is_report = place % 5 != 4
        petition = self._report(place, on) if is_report else self._ordinary(place, on)
        age = (today() - on).days
        if is_report and place % 11 == 7 and self.mains:
            self._done(deciding.mark_repeat, petition, on=on, main=self.mains[-1], has_new=place % 2 == 0)
        elif is_report and age > 10:
            self.mains.append(petition)
            self._handle(petition, place, on, age)

    def tell_topics(self) -> None:
        """What rose: on a Monday the whole week of it came in that day."""
        monday = today() - timedelta(days=today().weekday())
        for place, (ago, domain, words) in enumerate(TOPICS):
            on = today() - timedelta(days=ago)
            on = max(on, monday) if ago < 7 else monday - timedelta(days=ago - 6)
            unit = UNITS[place % len(UNITS)] if domain in SPREAD else ""  # what several units share
            tags = NewTags(
                WAYS[place % len(WAYS)],
                "accusation",
                authority="city",
                domain=self.domains[domain],
                region=self.regions[place % len(self.regions)],
                nature="masses",
                is_urgent=place % 7 == 0,
            )
            petition = self._register(on, tags, Content(words), None, unit)
            if domain == "business":
                self._done(classifying.classify, petition, category=SHARED)
            if ago > 10:
                self._handle(petition, place, on, ago)

    def _done(self, act: Any, petition: Petition, **said: Any) -> Any:
        with guard.acting(self.clerk):
            return act(petition=petition, by=self.clerk, **said)

    def _report(self, place: int, on: date) -> Petition:
        domain, unit, words, nature = REPORTED[place % len(REPORTED)]
        named = "unverified" if place % 3 == 0 else "anonymous"
        authority, competence, why = OF_A_DISTRICT.get(unit, ("", "", ""))
        tags = NewTags(
            way=self.chance.choice(WAYS),
            kind="accusation",
            origin="assigned" if place % 17 == 5 else "direct",
            named=named,
            people=self.chance.choice((1, 1, 1, 2, 6)),
            rank=self.chance.choice(RANKS),
            is_head=place % 6 == 0,
            authority=authority,
            competence=competence,
            competence_why=why,
            is_party_member=(True, True, None, False)[place % 4],
            is_supervisee=(True, None)[place % 2],
            is_typical=place % 19 == 4,
            nature=nature,
            nature_detail=DETAILS[nature] if place % 4 else "",
            further_natures=("duty",) if place % 7 == 2 and nature != "duty" else (),
            domain=self.domains[domain],
            region=self.chance.choice(self.regions),
            is_over_level=place % 13 == 0,
            is_urgent=place % 19 == 3,
        )
        sender = Sender(name="李某", contact="见原件") if named == "unverified" else None
        petition = self._register(on, tags, Content(words, person="王某", unit=unit), sender, unit)
        if named == "unverified" and place % 2 == 0:
            petition = self._done(deciding.check_name, petition, on=on, found=Named.VERIFIED)
        return petition

    def _ordinary(self, place: int, on: date) -> Petition:
        kind, words = ORDINARY[place % len(ORDINARY)]
        tags = NewTags(way=self.chance.choice(WAYS), kind=kind, domain=self.domains["estate"])
        petition = self._register(on, tags, Content(words), None, "")
        if kind == "empty":
            self._done(deciding.keep, petition, done=Done(on))
        elif (today() - on).days > 3:
            self._done(deciding.decline, petition, on=on + timedelta(days=3), reason="organ")
        return petition

    def _register(self, on: date, tags: NewTags, content: Content, sender: Sender | None, unit: str) -> Petition:
        office = self.net.offices[OFFICE]
        new = NewPetition(on, office, tags, content, sender, self.net.units.get(unit))
        with guard.acting(self.clerk):
            petition = registering.register(new=new, by=self.clerk)
            if on < today() and petition.proposed_category:
                category = OTHER_CATEGORY if petition.pk % 9 == 0 else petition.proposed_category
                return classifying.classify(petition=petition, by=self.clerk, category=category)
            return petition

    def _handle(self, petition: Petition, place: int, on: date, age: int) -> None:
        """拟办, 批办, 转办 to the room by two, 受理; later its disposal and end."""
        petition = self._done(deciding.propose, petition, done=Done(on, "拟转监督检查室"))
        petition = self._done(deciding.approve, petition, done=Done(on, "同意", granted_by="李书记"))
        new = deciding.NewHandOff(on, self.net.offices[ROOM], extract="反映有关人员涉嫌违纪问题，请依规处置。")
        draft = self._done(deciding.draft_hand_off, petition, new=new)
        checker = self.net.viewer("petition_clerk_2")
        with guard.acting(checker):
            petition = deciding.confirm_hand_off(
                hand_off=draft, by=checker, on=on + timedelta(days=1), is_notified=age > 40
            )
        if place % 6 == 1:
            self._read(petition, on + timedelta(days=1), age)
        if petition.named == Named.VERIFIED:
            self._done(handling.tell, petition, verb=Verb.TELL_ACCEPTED, done=Done(on + timedelta(days=4)))
        if age > 20:
            self._settle(petition, place, on, age)

    def _read(self, petition: Petition, on: date, age: int) -> None:
        """The proposal goes to the leader; what is old is back with his words, what is new still with him."""
        new = reading.NewReading(on, on + timedelta(days=3), "proposal", "李书记", "李书记")
        row = self._done(reading.give_to_read, petition, new=new)
        if age > 40:
            with guard.acting(self.clerk):
                words = "请第一监督检查室认真核查，注意保密。"
                reading.take_back_read(reading=row, by=self.clerk, on=on + timedelta(days=2), words=words)

    def _settle(self, petition: Petition, place: int, on: date, age: int) -> None:
        with guard.acting(self.officer):
            day = on + timedelta(days=6)
            petition = handling.accept(petition=petition, by=self.officer, done=Done(day))
            if age > 40:
                disposal = (Disposal.VERIFY, Disposal.TALK, Disposal.CLOSE)[place % 3]
                petition = handling.dispose(
                    petition=petition, by=self.officer, done=Done(day + timedelta(days=20)), disposal=disposal
                )
            if age > 100 and place % 4:
                truth = (Truth.TRUE, Truth.PARTLY, Truth.UNTRUE, Truth.UNTRUE)[place % 4]
                self._end(petition, on + timedelta(days=90), truth, age)

    def _end(self, petition: Petition, on: date, truth: str, age: int) -> None:
        """办结; the reporter is told, and the petition office at the end of the quarter, where that day has come."""
        petition = handling.conclude(petition=petition, by=self.officer, done=Done(on), truth=truth)
        if petition.named == Named.VERIFIED:
            petition = handling.tell(
                petition=petition, by=self.officer, verb=Verb.TELL_RESULT, done=Done(on + timedelta(days=9))
            )
        if age > 160:
            handling.do(petition=petition, by=self.officer, verb=Verb.FEED_BACK, done=Done(on + timedelta(days=60)))
