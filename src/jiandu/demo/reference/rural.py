"""农村集体三资 of a dozen villages: two quarters of their ledgers, with what a check should come upon. Days count from today."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, cast

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.ids import credit_code_check, identity_number_check
from jiandu.base.core.persons import numbered
from jiandu.demo.reference.places import DISTRICTS, GIVEN, START, SURNAMES, Places
from jiandu.loop.grassroots.models import LedgerTick
from jiandu.loop.grassroots.services.checks import (
    NewCheck,
    NewInspection,
    NewLook,
    inspect,
    look_at_asset,
    open_check,
)
from jiandu.loop.grassroots.services.ticking import NewTick, Sheet, take_tick, tick_ledger
from jiandu.loop.outcomes.models import MoneyRecovered
from jiandu.loop.outcomes.services import NewMoney, record_recovery
from jiandu.net.overseers.services import supervise
from jiandu.net.subjects.models import Organisation, Region
from jiandu.net.subjects.services import NewOrganisation, register_organisation
from jiandu.sources.ledgers.collectives import Collective, LedgerKind
from jiandu.sources.ledgers.columns import LEDGERS
from jiandu.sources.ledgers.reading import Told
from jiandu.sources.ledgers.services.collectives import NewCollective, NewSheet, register_collective, take_ledger

WEST, TOWN, DISTRICT = "西滨社区", "杏滨街道", "集美区"
NEAR, NEAR_TOWN, NEAR_DISTRICT = "南湖社区", "筼筜街道", "思明区"  # kept by the district, read by the town's commission
VILLAGES = 12
SHOPS, PONDS = 6, 3
TOLD = 20  # days after a quarter until the villages tell what they showed of it
HALF = 182  # days of an instalment
BUILT = date(2006, 5, 1)


@dataclass
class Books:
    """What one village's ledgers say: code → values, by ledger."""

    rows: dict[LedgerKind, dict[str, dict[str, Any]]] = field(default_factory=lambda: {kind: {} for kind in LedgerKind})

    def put(self, ledger: LedgerKind, code: str, /, **values: Any) -> None:
        """A row; what is not said is empty."""
        known = {name: _empty(ledger, name) for name in LEDGERS[ledger].fields}
        self.rows[ledger][code] = known | values

    def told(self, kind: LedgerKind) -> list[Told]:
        return [Told(code, dict(values)) for code, values in self.rows[kind].items()]


def _empty(kind: LedgerKind, name: str) -> Any:
    column = LEDGERS[kind].model._meta.get_field(name)
    return None if getattr(column, "null", False) else 0 if name == "reduced_fen" else ""


def run_rural(places: Places, by: Viewer) -> None:
    """The quarter before last as the villages told it, then the last one, with what changed."""
    quarters = _quarters()
    for number, one in enumerate(_collectives(places, by)):
        books = Books()
        _fill(books, one, number, quarters[0])
        _send(books, one, quarters[0], by, is_first=True)
        _change(books, number)
        _journal(books, number, quarters[1])
        _send(books, one, quarters[1], by)
        if number == 0:
            _check_on_the_spot(one, by)


def _quarters() -> tuple[date, date]:
    """The ends of the last two quarters."""
    now = today()
    first = date(now.year, (now.month - 1) // 3 * 3 + 1, 1)
    last = first - timedelta(days=1)
    return date(last.year, last.month - 2, 1) - timedelta(days=1), last


def _collectives(places: Places, by: Viewer) -> Iterator[Collective]:
    """西滨社区 of 杏滨街道 first; then two villages of each district, by the towns that it has; 南湖社区 last."""
    regions = list(Region.objects.filter(kind=Region.Kind.TOWN).order_by("code"))
    west = next(one for one in regions if one.name == TOWN)
    new = NewOrganisation(name=WEST, kind=Organisation.Kind.VILLAGE, authority=Organisation.Authority.VILLAGE)
    yield _collective(places, by, register_organisation(new=new, by=by), west, DISTRICT)
    found = Organisation.objects.filter(kind=Organisation.Kind.VILLAGE).exclude(name=WEST).order_by("pk")
    own = {name: [one for one in found if one.name.startswith(name)] for name in DISTRICTS}
    for number in range(VILLAGES - 1):
        name = DISTRICTS[number % len(DISTRICTS)]
        towns = [one for one in regions if str(one.parent) == name]
        turn = number // len(DISTRICTS)
        yield _collective(places, by, own[name][turn], towns[(3 + 2 * turn) % len(towns)], name)
    yield _near(places, by, next(one for one in regions if one.name == NEAR_TOWN))


def _near(places: Places, by: Viewer, region: Region) -> Collective:
    """A village whose town has a commission that watches the town: it reads what the district keeps."""
    town = NewOrganisation(
        name=NEAR_TOWN, kind=Organisation.Kind.TOWN, authority=Organisation.Authority.DISTRICT, region=region
    )
    unit = register_organisation(new=town, by=by)
    supervise(office=places.offices[f"{NEAR_TOWN}纪工委"], organisation=unit, since=START, by=by)
    new = NewOrganisation(
        name=NEAR, kind=Organisation.Kind.VILLAGE, authority=Organisation.Authority.VILLAGE, region=region
    )
    return _collective(places, by, register_organisation(new=new, by=by), region, NEAR_DISTRICT)


def _collective(places: Places, by: Viewer, village: Organisation, town: Region, district: str) -> Collective:
    office = next(one for one in places.districts if one.name == f"{district}纪委监委")
    body = f"N2{town.code[:6]}MF{village.pk % 10**6:06d}Y"
    new = NewCollective(f"{village.name}股份经济合作社", village, office, town, body + credit_code_check(body))
    return register_collective(new=new, by=by)


def _fill(books: Books, one: Collective, number: int, on: date) -> None:
    _assets(books, number)
    _resources(books, one, number)
    _contracts(books, one, number, on)
    _money(books, one, number, on)
    _works(books, number, on)
    _journal(books, number, on)


def _works(books: Books, number: int, on: date) -> None:
    """A road that is paid and settled, a well that was paid before it was accepted, a purchase; one was changed beyond measure."""
    signed, body = on - timedelta(days=300), f"91350200MA{number + 10:06d}X"
    firm = {"contractor": "某某建设有限公司", "contractor_no": body + credit_code_check(body)}
    decided = {"decision_on": signed - timedelta(days=25), "decision": "村民代表会议，应到31人，实到26人，同意25人"}
    changed = 96_000_00 if number % 4 == 0 else 12_000_00
    books.put(LedgerKind.WORKS, "GC-001", name="村道硬化工程", kind="works", budget_fen=520_000_00, way="open", signed_on=signed, contract_no=f"GCHT-{signed.year}-01", contract_fen=462_000_00, started_on=signed + timedelta(days=12), changes="加宽会车段", changed_fen=changed, accepted_on=signed + timedelta(days=130), acceptance="村务监督委员会参加，合格", settled_fen=462_000_00 + changed, paid_fen=462_000_00 + changed, status="settled", **decided, **firm)  # fmt: skip
    books.put(LedgerKind.WORKS, "GC-002", name="饮水井修缮", kind="works", budget_fen=90_000_00, way="compared", signed_on=signed + timedelta(days=150), contract_fen=86_000_00, started_on=signed + timedelta(days=160), paid_fen=86_000_00 if number % 3 == 0 else 40_000_00, status="running", **decided, **firm)  # fmt: skip
    books.put(LedgerKind.WORKS, "CG-001", name="老人活动中心桌椅", kind="goods", budget_fen=28_000_00, way="direct" if number % 2 else "compared", contractor="某某家具经营部", signed_on=signed + timedelta(days=90), contract_fen=26_800_00, accepted_on=signed + timedelta(days=101), settled_fen=26_800_00, paid_fen=26_800_00, status="settled", **(decided if number % 5 else decided | {"decision_on": signed + timedelta(days=99)}))  # fmt: skip


#: What a village pays in a quarter: summary, to whom, his trade, yuan, what for.
PAID = (
    ("付办公用品", "某某文具店", "文具", 486, "办公"),
    ("付村道路灯维修", "某某机电维修部", "维修", 4_860, "路灯维修"),
    ("付老人重阳慰问品", "某某食品商行", "食品", 6_320, "重阳慰问"),
    ("付环境卫生保洁", "某某保洁服务有限公司", "保洁", 12_500, "保洁"),
    ("付饮水井修缮首款", "某某建设有限公司", "建筑", 18_700, "饮水井修缮"),
    ("付会议用餐", "某某酒楼", "餐饮", 1_280, "会议"),
)


def _journal(books: Books, number: int, on: date) -> None:
    """A quarter of payments; in two villages a balance does not follow, one pays in cash without an invoice. Then it is shown."""
    left = 260_000_00 + number * 9_000_00
    first, quarter = on - timedelta(days=88), f"{on.year}{(on.month + 2) // 3}"
    paid = {"account": "尾号3321", "handler": "村报账员", "approver": "村主任", "group_seal": True, "is_cash": False}
    known = books.rows[LedgerKind.JOURNAL]
    if known:
        left = [row for row in known.values() if row["account"] == "尾号3321"][-1]["balance_fen"]
    books.put(LedgerKind.JOURNAL, f"RJ-{quarter}-01", booked_on=first, act="opening", summary="上期结转", balance_fen=left, account="尾号3321")  # fmt: skip
    for place, (summary, payee, trade, yuan, project) in enumerate(PAID, 2):
        fen = (yuan + number * 17) * 100 + place * 3
        left -= fen
        bare = place == 7 and number % 4 == 0
        if place == 5 and number in {0, 6}:
            left -= 2_000_00
        how = paid | ({"is_cash": True, "has_invoice": False, "group_seal": False} if bare else {"has_invoice": True})
        invoice = "" if bare else f"{71_000_000 + number * 1_000 + on.month * 10 + place * 7}"
        books.put(LedgerKind.JOURNAL, f"RJ-{quarter}-{place:02d}", booked_on=first + timedelta(days=place * 11), act="outlay", summary=summary, payee=payee, trade=trade, project=project, outlay_fen=fen, balance_fen=left, book="付", voucher=f"{place:04d}", invoice_no=invoice, **how)  # fmt: skip
    if number % 5 != 2:
        shown = min(on + timedelta(days=9 + number % 4), today())
        books.put(LedgerKind.DISCLOSURE, f"GK-{quarter}", period_on=on, content="财务收支", posted_on=shown, is_detailed=number % 6 != 1, place="村务公开栏")  # fmt: skip


def _person(number: int) -> dict[str, Any]:
    """Somebody who does not exist, by name and number."""
    name = SURNAMES[number % (len(SURNAMES) - 1)] + GIVEN[number * 7 % len(GIVEN)]
    body = f"350211{1960 + number % 40}{1 + number % 12:02d}{1 + number % 28:02d}{number % 1000:03d}"
    return {"name": name, "number": numbered(body + identity_number_check(body))}


def _assets(books: Books, number: int) -> None:
    fixed = (("村部办公楼", "other", "in_use", 4200_000_00), ("老人活动中心", "other", "in_use", 1600_000_00), ("文化广场", "other", "in_use", 800_000_00))  # fmt: skip
    for place, (name, kind, status, fen) in enumerate(fixed, 1):
        books.put(LedgerKind.ASSET, f"ZC-{place:03d}", name=name, kind=kind, status=status, original_fen=fen, net_fen=fen // 2, acquired_on=BUILT, quantity="1栋" if place < 3 else "1处", place=f"村中路{place}号", area_mu=Decimal("1.20") * place, custodian="村文书")  # fmt: skip
    for place in range(2):
        who = "某某机械加工厂" if place == 0 else "某某五金仓储部"
        occupied = place == 0 and number in {0, 4, 7}
        values = {"user_name": who, "status": "occupied" if occupied else "leased"}
        if occupied:
            person = _person(number * 31 + 5)
            values |= {
                "user_name": person["name"],
                "user_no": person["number"].shown,
                "user_mark": person["number"].mark,
            }
        books.put(LedgerKind.ASSET, f"ZC-{place + 10:03d}", name=f"{'一二'[place]}号厂房", kind="operating", original_fen=1860_000_00 + place * 300_000_00, net_fen=900_000_00, acquired_on=BUILT, quantity="1栋", place=f"工业路{place * 2 + 8}号", area_mu=Decimal("3.60") + place, title_no=f"厦集房{number:02d}{place:04d}号", custodian="村报账员", **values)  # fmt: skip
    for place in range(SHOPS):
        idle = place == SHOPS - 1 and number % 3 == 0
        person = _person(number * 31 + place + 11)
        values = {"status": "idle"} if idle else {"status": "leased", "user_name": person["name"], "user_no": person["number"].shown, "user_mark": person["number"].mark}  # fmt: skip
        books.put(LedgerKind.ASSET, f"ZC-{place + 20:03d}", name=f"集体店面{place + 1}号", kind="operating", original_fen=260_000_00, net_fen=120_000_00, acquired_on=BUILT, quantity="1间", place=f"村口商业街{place * 2 + 1}号", area_mu=Decimal("0.08"), custodian="村报账员", **values)  # fmt: skip


def _resources(books: Books, one: Collective, number: int) -> None:
    for place in range(PONDS):
        name, kind = (("北山鱼塘", "water"), ("溪边耕地", "cultivated"), ("后山林地", "forest"))[place]
        person = _person(number * 31 + place + 3)
        books.put(LedgerKind.RESOURCE, f"ZY-{place + 1:03d}", name=name, kind=kind, status="leased" if place < 2 else "in_use", area_mu=Decimal("18.50") * (place + 1), bounds="东至机耕路，西至水渠，南至山脚，北至农田", parcel_code=f"35021100400{number:02d}00{place:03d}", issuer=one.name, **({"user_name": person["name"], "user_no": person["number"].shown, "user_mark": person["number"].mark} if place < 2 else {}))  # fmt: skip


def _contracts(books: Books, one: Collective, number: int, on: date) -> None:
    """A contract a let thing; one ends soon, one has ended and runs on, the occupied workshop has none."""
    assets, resources = books.rows[LedgerKind.ASSET], books.rows[LedgerKind.RESOURCE]
    let = [(code, row) for code, row in (*assets.items(), *resources.items()) if row["status"] == "leased"]
    for place, (code, row) in enumerate(let):
        start = on - timedelta(days=900 - place * 20)
        end = start + timedelta(days=365 * 5)
        if place == 2:
            end = today() + timedelta(days=30 + number)
        if place == 3 and number % 2 == 0:
            end = today() - timedelta(days=40 + number)
        values = {"lessee": row["user_name"], "lessee_no": row["user_no"], "lessee_mark": row["user_mark"]}
        is_open = place != 4 or number % 4 != 1
        books.put(LedgerKind.CONTRACT, f"HT-{start.year}-{place + 1:03d}", thing_code=code, thing=row["name"], lessor=one.name, is_member=place % 3 != 0, area_mu=row["area_mu"], start_on=start, end_on=end, rent_fen=(96_000_00 if "厂房" in row["name"] else 24_000_00) + place * 600_00, increase="每两年递增5%", pay_way="转账", pay_cycle="半年", deposit_fen=6_000_00, decision_on=start - timedelta(days=20), entitled=31, present=26, agreed=24, signed_on=start - timedelta(days=5), mode="open" if is_open else "agreed", status="running", lump_sum=False, approval="镇街三资平台备案", township_approval=True if place % 3 == 0 else None, appraised_fen=(90_000_00 if "厂房" in row["name"] else 22_000_00), sublease="不得转租", **values)  # fmt: skip


def _money(books: Books, one: Collective, number: int, on: date) -> None:
    """Half-yearly instalments of two years, nearly all paid; some late to the bank, some not at all."""
    for place, (code, row) in enumerate(list(books.rows[LedgerKind.CONTRACT].items())):
        for term in range(4):
            due_on = on - timedelta(days=HALF * (3 - term) + 20)
            due = f"{code}-{term + 1}"
            books.put(LedgerKind.DUE, due, contract_code=code, due_on=due_on, amount_fen=row["rent_fen"] // 2)
            owing = (place == 1 and term >= 2 and number in {0, 3, 8}) or (place == 5 and term == 3 and number % 3 == 2)
            if owing and (number != 0 or term == 3):
                continue
            fen = row["rent_fen"] // 2 // (2 if owing else 1)
            paid = due_on + timedelta(days=4 + place)
            late = 16 if place == 4 and term == 2 else 3
            books.put(LedgerKind.RECEIPT, f"SK-{place + 1:02d}{term + 1}", contract_code=code, due_code=due, paid_on=paid, amount_fen=fen, banked_on=paid + timedelta(days=late), receipt_no=f"{number:02d}{place:02d}{term:04d}", account_holder=one.name)  # fmt: skip
    off = 12_600_00 if number in {0, 6} else 0
    books.put(LedgerKind.FUND, "尾号3321", kind="bank", holder=one.name, bank="农商银行营业部", book_fen=1_523_000_50 + number * 70_000_00, actual_fen=1_523_000_50 + number * 70_000_00 - off, reason="一笔租金收入未及时入账" if off else "", handler="村报账员", approver="村主任", group_seal=True)  # fmt: skip
    books.put(LedgerKind.FUND, "库存现金", kind="cash", book_fen=3_200_00, actual_fen=3_200_00, handler="村报账员", approver="村主任", group_seal=True)  # fmt: skip


def _change(books: Books, number: int) -> None:
    """What the next quarter says otherwise: an idle shop is let, a shop stands idle, one thing is no longer listed."""
    assets = books.rows[LedgerKind.ASSET]
    if number % 3 == 0:
        person = _person(number * 31 + 29)
        assets[f"ZC-{SHOPS + 19:03d}"] |= {"status": "leased", "user_name": person["name"], "user_no": person["number"].shown, "user_mark": person["number"].mark}  # fmt: skip
    else:
        assets["ZC-021"] |= {"status": "idle", "user_name": "", "user_no": "", "user_mark": ""}
    if number % 4 == 0:
        del assets["ZC-003"]
    for name in ("book_fen", "actual_fen"):
        books.rows[LedgerKind.FUND]["尾号3321"][name] += 86_500_00


def _check_on_the_spot(one: Collective, by: Viewer) -> None:
    """The first village is inspected: what others hold goes into the ledger of findings, is looked at again, pays a part."""
    now = today()
    district, village = str(one.district), cast("Organisation", one.subject)
    check = NewCheck("assets", f"JC{now.year}-TZ", f"{district}农村集体资产台账核对", now.year, one.owner_office, now - timedelta(days=70))  # fmt: skip
    activity = open_check(new=check, by=by).activity
    seen = NewInspection(village, now - timedelta(days=60), "镇街纪检干部、村务监督委员会成员")
    inspection = inspect(activity=activity, by=by, new=seen)
    ticks = [NewTick("ZC-001", "seen"), NewTick("ZC-002", "seen"), NewTick("ZC-011", "seen"), NewTick("ZC-010", "differs", "他人占用，没有合同，未收租金")]  # fmt: skip
    tick_ledger(sheet=Sheet(inspection, one), by=by, ticks=ticks)
    pond = [NewTick("ZY-001", "differs", "塘边新搭工棚，未在台账登记"), NewTick("ZY-002", "seen")]
    tick_ledger(sheet=Sheet(inspection, one, LedgerKind.RESOURCE), by=by, ticks=pond)
    tick = LedgerTick.objects.get(inspection=inspection, code="ZC-010")
    finding = take_tick(tick=tick, by=by, on=now - timedelta(days=58))
    look = NewLook("一号厂房", "town", now - timedelta(days=20), "partly", "镇街核实人", "已腾退一半，欠缴分三期缴纳")
    look_at_asset(finding=finding, by=by, new=look)
    account = MoneyRecovered.AccountKind.COLLECTIVE
    new = NewMoney(30_000_00, now - timedelta(days=18), "村集体账户", "银行回单", kind=MoneyRecovered.Kind.RENT, account_kind=account)  # fmt: skip
    record_recovery(finding=finding, by=by, new=new)


def _send(books: Books, one: Collective, on: date, by: Viewer, *, is_first: bool = False) -> None:
    for kind in LedgerKind:
        if is_first or kind in {LedgerKind.ASSET, LedgerKind.FUND, LedgerKind.JOURNAL, LedgerKind.DISCLOSURE}:
            day = min(on + timedelta(days=TOLD), today()) if kind == LedgerKind.DISCLOSURE else on
            new = NewSheet(kind, day, str(one.subject), is_whole=True)
            take_ledger(collective=one, new=new, rows=books.told(kind), by=by)
