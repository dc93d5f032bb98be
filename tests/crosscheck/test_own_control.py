"""The control against faults of mapping: a run over the own ledgers in which each rule has a row to hit, and lawful ones that it must leave."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.crosscheck import villages
from tests.crosscheck.test_own_ledgers import LAWFUL, resource
from tests.ledgers import collectives as ledgers
from tests.ledgers.collectives import LedgerKind, asset, contract, due, fund, receipt, row, told
from tests.world import SYSTEM, World, as_

from jiandu.base.core.ids import credit_code_check
from jiandu.base.core.persons import numbered
from jiandu.base.lexicon.selectors import find
from jiandu.base.lexicon.services import load_defaults
from jiandu.net.subjects.divisions import load_divisions
from jiandu.net.subjects.models import Region
from jiandu.sources.crosscheck import own_ledgers, rules
from jiandu.sources.crosscheck.jobs import WORK
from jiandu.sources.crosscheck.models import Alert, RuleRun
from jiandu.sources.crosscheck.planting import person
from jiandu.sources.crosscheck.rules.a01_digits import spread
from jiandu.sources.crosscheck.services.runs import How
from jiandu.sources.ledgers.collectives import Collective
from jiandu.sources.ledgers.models import Estate
from jiandu.sources.ledgers.services import publishing
from jiandu.sources.ledgers.services.estates import NewEstate, register_estate

DAY, TOWN = date(2022, 12, 31), "筼筜街道"
BAD, GOOD, DIGITS, ROUND, NEAR = "坏村", "好村", "数字村", "整数村", "贴近村"
CADRE = numbered(person(9))
LONG_AGO = date(2020, 6, 30)


def code(number: int) -> str:
    body = f"91350200MA{number:06d}X"
    return body + credit_code_check(body)


BODY, OTHER = code(1), code(2)


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    with as_(SYSTEM) as by:
        load_divisions(by=by)
        load_defaults(by=by)
    return world


def line(number: str, fen: int, on: date = date(2022, 5, 10), /, **values: Any) -> Any:
    """A payment out that nothing is wrong with; payee and invoice are its own."""
    said = {"summary": "付款", "booked_on": on, "outlay_fen": fen, "payee": f"第{number}建材公司", "trade": "建材"}
    lawful = {"invoice_no": f"9{number}7", "is_cash": False, "has_invoice": True, "project": f"事项{number}"}
    return row(LedgerKind.JOURNAL, f"RJ-{number}", **(said | lawful | values))


def lease(number: str, /, **values: Any) -> Any:
    """A lawful contract of a workshop, of the village's own kind of rent."""
    term = {"start_on": date(2021, 1, 1), "end_on": date(2023, 12, 31), "area_mu": 10, "lessee": "某某厂"}
    said = {"thing_code": f"ZC-{number}", "thing": f"{number}号厂房", "signed_on": date(2020, 12, 20)}
    made = {"decision_on": date(2020, 12, 1), "appraised_fen": 30_000_00, "lessee_no": OTHER}
    return contract(f"HT-{number}", **(LAWFUL | said | term | made | values))


def workshop(number: str, /, **values: Any) -> Any:
    return asset(f"ZC-{number}", **({"name": f"{number}号厂房", "user_name": "某某厂", "user_no": OTHER} | values))


#: Rule → what hits it in the bad village, by the ledger's own code.
WRONG_CONTRACTS: dict[str, tuple[str, dict[str, Any]]] = {
    "SZ-01": ("到期", {"end_on": date(2022, 3, 1)}),
    "SZ-03": ("超长", {"end_on": date(2041, 1, 1)}),
    "SZ-04": ("协议", {"mode": "agreed"}),
    "SZ-05": ("低价", {"rent_fen": 20_000_00}),
    "SZ-06": ("一次", {"lump_sum": True}),
    "SZ-07": ("条款", {"text": "期满后由村里折价补偿"}),
    "SZ-11": ("先签", {"decision_on": date(2020, 12, 21)}),
    "SZ-12": ("关联", {"lessee": "李某", "lessee_no": CADRE.shown, "lessee_mark": CADRE.mark}),
}


def wrong_village(city: World) -> Collective:
    one = ledgers.collective(city, BAD)
    let = {number: workshop(number) for number, _ in WRONG_CONTRACTS.values()}
    let["关联"] = workshop("关联", user_name="李某", user_no=CADRE.shown, user_mark=CADRE.mark)
    things = [
        workshop("无约"),
        workshop("转租", user_name="另一家厂", user_no=BODY),
        workshop("占用", status="occupied"),
        workshop("收回", status="occupied"),
    ]
    told(one, LedgerKind.ASSET, asset("ZC-闲置", name="旧校舍", status="idle"), on=LONG_AGO)
    told(one, LedgerKind.ASSET, *let.values(), *things)
    pond = {"name": "北山鱼塘", "kind": "water", "area_mu": 12}
    told(one, LedgerKind.RESOURCE, resource("ZY-塘", status="idle", **pond), on=LONG_AGO)
    told(one, LedgerKind.RESOURCE, resource("ZY-占", status="occupied", **pond), resource("ZY-无约", **pond))
    written = [lease(number, **values) for number, values in WRONG_CONTRACTS.values()]
    person_long = {"end_on": date(2026, 12, 31), "lessee": "王某", "lessee_no": CADRE.shown, "lessee_mark": "f" * 64}
    told(
        one,
        LedgerKind.CONTRACT,
        *written,
        lease("转租"),
        lease("收回", status="ended", end_on=date(2021, 12, 31)),
        lease("个人", thing_code="", thing="9号店面", **person_long),
    )
    told(
        one,
        LedgerKind.DUE,
        due("逾期", contract_code="HT-协议"),
        due("减免", contract_code="HT-转租", reduced_fen=18_000_00),
    )
    told(
        one,
        LedgerKind.RECEIPT,
        receipt("个人户", contract_code="HT-转租", due_code="", account_holder="张三", banked_on=date(2022, 1, 9)),
        receipt("晚入账", contract_code="HT-转租", due_code="", banked_on=date(2022, 1, 30)),
        *(receipt(f"断{n}", contract_code="HT-转租", due_code="", banked_on=date(2022, 1, 9), receipt_no=f"甲00{n}") for n in (12, 13, 15)),
    )  # fmt: skip
    told(one, LedgerKind.JOURNAL, *wrong_payments())
    told(one, LedgerKind.FUND, fund("尾号6217", holder="张三丰"), fund("尾号6218", actual_fen=90_00))
    road = {
        "name": "村道",
        "kind": "works",
        "status": "running",
        "contract_fen": 100_000_00,
        "started_on": date(2022, 2, 1),
    }
    told(one, LedgerKind.WORKS, row(LedgerKind.WORKS, "GC-1", contractor="某某公司", contractor_no=BODY, **road))
    shown = {"period_on": date(2022, 9, 30), "posted_on": date(2022, 10, 9), "is_detailed": False}
    told(one, LedgerKind.DISCLOSURE, row(LedgerKind.DISCLOSURE, "GK-1", **shown), on=date(2022, 10, 31))
    return one


def wrong_payments() -> list[Any]:
    split = {"project": "修路", "payee": "某某路桥公司"}
    twice = {"payee": "某某电器公司", "project": ""}
    return [
        line("01", 150_000_03, date(2022, 3, 1), **split),
        line("02", 150_000_07, date(2022, 4, 1), **split),
        line("03", 150_000_09, date(2022, 5, 1), **split),
        line("04", 3_000_13, is_cash=True),
        line("05", 2_000_17, has_invoice=False, invoice_no=""),
        *(line(f"0{n}", 1_100_19 + n, invoice_no="55550001", payee="某某家具公司") for n in (6, 7)),
        *(line(f"1{n}", 1_300_29 + n, payee="某某商行有限公司", invoice_no=f"6666000{n}") for n in (1, 2, 3)),
        line("20", 1_400_31, date(2022, 1, 25), trade="", payee="某某酒楼"),
        line("21", 12_345_67, date(2022, 6, 1), **twice),
        line("22", 12_345_67, date(2022, 6, 4), **twice),
        *(line(f"3{n}", 1_500_37 + 7 * n, book="支出凭证", voucher=f"000{n}") for n in (1, 2, 4)),
    ]


def lawful_village(city: World) -> Collective:
    """Everything that the bad one has, done as it should be; three hundred payments as they come."""
    one = ledgers.collective(city, GOOD)
    numbers = [f"好{n}" for n in range(6)]
    told(one, LedgerKind.ASSET, *(workshop(number) for number in numbers), asset("ZC-自用", status="in_use"))
    ponds = {"name": "南山鱼塘", "kind": "water", "status": "leased", "area_mu": 12, "user_name": "陈某", "user_no": "", "user_mark": "e" * 64}  # fmt: skip
    told(one, LedgerKind.RESOURCE, resource("ZY-1", **ponds), resource("ZY-2", status="idle", name="后山", kind="forest"), on=date(2022, 9, 30))  # fmt: skip
    pond = {"thing_code": "ZY-1", "thing": "南山鱼塘", "lessee": "陈某", "lessee_no": "", "lessee_mark": "e" * 64}
    told(one, LedgerKind.CONTRACT, *(lease(number) for number in numbers), lease("塘", **pond))
    let_off = {"reduced_fen": 9_000_00, "resolved_on": date(2022, 1, 5), "resolution": ""}
    told(one, LedgerKind.DUE, due(contract_code="HT-好0"), due("D2", contract_code="HT-好1", **let_off))
    paid = {"amount_fen": 18_000_00, "banked_on": date(2022, 1, 10), "account_holder": f"{GOOD}股份经济合作社"}
    told(
        one,
        LedgerKind.RECEIPT,
        receipt(contract_code="HT-好0", receipt_no="乙0001", **paid),
        receipt("S2", contract_code="HT-好1", due_code="", receipt_no="乙0002", **paid | {"amount_fen": 9_000_00}),
    )
    told(one, LedgerKind.JOURNAL, *_payments(GOOD, spread(300, 0)), *lawful_payments())
    kept = fund("尾号6219", holder=f"{GOOD}股份经济合作社")
    told(one, LedgerKind.FUND, kept, fund("尾号6220", actual_fen=90_00, reason="未达账项"))
    shown = {"period_on": date(2022, 9, 30), "posted_on": date(2022, 10, 9), "is_detailed": True}
    told(one, LedgerKind.DISCLOSURE, row(LedgerKind.DISCLOSURE, "GK-1", **shown), on=date(2022, 10, 31))
    return one


def lawful_payments() -> list[Any]:
    """What looks like a payment to be hit and is none: from bank to cash, vouchers whose numbers income has between them."""
    inner = {"summary": "提取备用金", "is_cash": True, "has_invoice": None, "invoice_no": "", "payee": "", "trade": ""}
    income = {"income_fen": 90_000_00, "outlay_fen": None, "summary": "收租金", "book": "记", "voucher": "0002"}
    return [
        line("800", 50_000_00, **inner),
        line("801", 50_000_00, **(inner | {"summary": "其他", "act": "transfer"})),
        line("802", 1_611_41, book="记", voucher="0001"),
        line("803", 0, **income),
        line("804", 1_711_43, book="记", voucher="0003"),
        line("805", 1_811_47, date(2022, 1, 26), trade="", payee="某某建筑劳务公司"),
    ]


def _payments(village: str, amounts: list[int]) -> Iterator[Any]:
    """A payment each, on days and for matters of their own."""
    for n, fen in enumerate(amounts):
        day = date(2022, 2, 3) + timedelta(days=n % 300)
        yield line(f"5{n:03d}", fen, day, payee=f"{village}第{n}建材公司", invoice_no=f"{7_000_000 + 13 * n}")


def of_estates(city: World) -> None:
    """An estate with everything wrong, a lawful one, and nine beside them with as much a household."""
    with as_(SYSTEM) as by:
        place = Region.objects.get(code="350203009")
        kinds = {
            kind: {code: find(by, kind, 2022, code) for code in codes}
            for kind, codes in (("revenue_item", ("advertising", "parking", "other_income", "base_station")), ("cost_item", ("operation", "repair")))
        }  # fmt: skip
    known = {"has_lift_ads": True, "has_base_station": True, "cost_cap": 30, "body_code": BODY}
    bad, *others = [
        _estate(city, f"X{n}", "坏小区" if n == 0 else f"小区{n}", place, known if n < 2 else {}) for n in range(11)
    ]
    income, cost = kinds["revenue_item"], kinds["cost_item"]
    _state(bad, date(2021, 9, 30), 60_000_00, (), account="公共收益基本户")
    _state(
        bad,
        date(2022, 9, 30),
        20_000_00,
        (
            publishing.Line("income", income["other_income"], 10_000_00),
            publishing.Line(
                "income", income["parking"], 10_000_00, party="某某停车公司", party_code=BODY, is_cash=True
            ),
            publishing.Line("expense", cost["operation"], 8_000_00),
        ),
        account="公共收益基本户",
        off=-500_00,
        bank_off=100,
    )
    _post(bad, date(2022, 9, 30), date(2022, 10, 9), until=date(2022, 10, 15), is_detailed=False)
    for number, one in enumerate(others):
        lines: tuple[Any, ...] = ()
        if number == 0:
            party = {"party": "某某广告公司", "party_code": OTHER}
            lines = (
                publishing.Line("income", income["advertising"], 60_000_11, **party),
                publishing.Line("income", income["base_station"], 40_000_12, **party),
                publishing.Line("expense", cost["repair"], 8_000_00, resolution="业委会第3次会议", is_cash=False),
            )
        _state(one, date(2022, 9, 30), 100_000_23, lines, account="公共收益专户")
        for period in (date(2022, 9, 30), date(2022, 6, 30), date(2022, 3, 31), date(2021, 12, 31)):
            _post(one, period, period + timedelta(days=9), until=None, is_detailed=True)


def _estate(city: World, number: str, name: str, place: Region, known: dict[str, Any]) -> Estate:
    with as_(SYSTEM) as by:
        new = NewEstate(number, name, place, city.offices[ledgers.OFFICE], date(2019, 1, 1), households=500, **known)
        return register_estate(new=new, by=by)


def _state(one: Estate, period: date, income: int, lines: Any, *, account: str, off: int = 0, bank_off: int = 0) -> None:  # fmt: skip
    spent = sum(each.amount_fen for each in lines if each.side == "expense")
    closing = 1_000_00 + income - spent + off
    with as_(SYSTEM) as by:
        sums = publishing.Sums(1_000_00, income, spent, closing, account, closing + bank_off)
        publishing.state(estate=one, by=by, period=period, sums=sums, lines=lines)


def _post(one: Estate, period: date, on: date, **more: Any) -> None:
    with as_(SYSTEM) as by:
        publishing.post(estate=one, by=by, new=publishing.NewPosting(period, "online", on, **more))


def beside() -> None:
    """Who is a cadre of the bad village, and who is behind the firms."""
    held = {"id_no": person(9), "village": BAD, "post": "村主任", "start_on": date(2019, 1, 1), "is_party": True}
    firms = [{"uscc": BODY, "legal_rep": person(9)}, {"uscc": OTHER, "legal_rep": person(21)}]
    villages.write("名册", {"cadre": [held], "kin": [], "company": firms, "shareholder": []})


def ran(city: World, *only: str) -> dict[str, set[tuple[str, str]]]:
    """Rule → (place, key of the hit) of a run of all rules or some, as the worker does it."""
    beside()
    said = {"dataset": own_ledgers.NAME, "rules": only, "on": DAY, "how": How(beside="名册")}
    with as_(city.viewer("区纪委书记")) as by:
        job = villages.ask_run(office=city.offices[ledgers.OFFICE], by=by, **said)
        assert villages.jobs.perform(job, by, WORK), job.reason
        found: dict[str, set[tuple[str, str]]] = {}
        for alert in Alert.objects.all():
            found.setdefault(alert.rule, set()).add((alert.place, _key(alert)))
        return found


def _key(alert: Alert) -> str:
    return alert.key.replace("股份经济合作社", "")


ESTATE = "坏小区（X0）"
AUTUMN = f"{ESTATE} · 2022-09-30"
POSTED = f"{ESTATE}/2022-09-30/线上/2022-10-09"
STARS = "*" * 12  # of an account its last four
#: What each rule must find in the bad village, by the ledger's own code, and nothing else.
OF_VILLAGE = {
    **{rule: {f"{BAD}/HT-{number}"} for rule, (number, _) in WRONG_CONTRACTS.items()},
    "SZ-02": {f"{BAD}/HT-协议"},
    "SZ-03": {f"{BAD}/HT-超长", f"{BAD}/HT-个人"},
    "SZ-08": {f"{BAD}/ZC-无约", f"{BAD}/ZY-无约"},
    "SZ-09": {f"{BAD}/ZC-转租 · {BAD}/HT-转租"},
    "SZ-10": {f"{BAD}/ZC-占用", f"{BAD}/ZC-收回", f"{BAD}/ZY-占"},
    "SZ-12-2": {f"{BAD}/GC-1"},
    "SZ-13": {f"{BAD} · 某某路桥公司 · 修路"},
    "SZ-14-1": {f"{BAD}/RJ-04"},
    "SZ-14-2": {f"{BAD}/RJ-05"},
    "SZ-14-3": {"无代码（某某家具公司） · 55550001"},
    "SZ-14-4": {f"{BAD} · 某某商行有限公司"},
    "SZ-14-5": {f"{BAD}/RJ-20"},
    "SZ-15-1": {f"{BAD}/个人户"},
    "SZ-15-3": {f"{BAD}/晚入账"},
    "SZ-15-4": {f"{STARS}6217 · 2022-06-30"},
    "SZ-15-5": {f"{STARS}6218 · 2022-06-30"},
    "SZ-16": {f"{BAD}/ZC-闲置", f"{BAD}/ZY-塘"},
    "SZ-17": {f"{BAD}/减免"},
    "SZ-18": {BAD},
    "A02-1": {f"{BAD}/RJ-22"},
    "A03-1": {f"{BAD} · 支出凭证 2022年5月 · 4"},
    "A03-3": {f"{BAD} · 甲 · 15"},
}
OF_SUMS = {"A01-1": {DIGITS}, "A04-1": {ROUND}, "A05-1": {NEAR}}
OF_ESTATE = {
    "M18-1": {f"{ESTATE} · {period}" for period in ("2021-12-31", "2022-03-31", "2022-06-30")},
    **dict.fromkeys(("M18-2", "M18-3"), {POSTED}),
    **dict.fromkeys(("M18-4", "M18-7", "M18-8"), {ESTATE}),
    **dict.fromkeys(("M18-9", "M18-10", "M18-12", "M18-13", "M18-14", "M18-16"), {AUTUMN}),
    **{rule: {f"{ESTATE}/2022-09-30/{number}"} for rule, number in (("M18-5", 1), ("M18-6", 2), ("M18-11", 3), ("M18-15", 2))},
}  # fmt: skip
#: Rules that no row of ours can hit: nothing in the ledgers says it.
UNTOLD = {"SZ-15-2"}


def test_every_rule_has_its_hit_over_the_own_ledgers_and_no_lawful_row_is_one(city: World) -> None:
    wrong_village(city)
    lawful_village(city)
    for name, amounts in ((DIGITS, spread(300, 90)), (ROUND, [100_000 * (30 + n) for n in range(60)]), (NEAR, [4_999_900 - 101 * n for n in range(9)])):  # fmt: skip
        told(ledgers.collective(city, name), LedgerKind.JOURNAL, *_payments(name, amounts))
    of_estates(city)
    found = ran(city)
    wanted = OF_VILLAGE | OF_SUMS | OF_ESTATE
    assert {rule: {key for _, key in hits} for rule, hits in found.items()} == wanted
    places = {rule: {place for place, _ in hits} for rule, hits in found.items()}
    assert places == dict.fromkeys(OF_VILLAGE, {BAD}) | OF_SUMS | dict.fromkeys(OF_ESTATE, {TOWN})
    of_ours = {rule for rule in rules.known() if rule.startswith(("SZ-", "A0", "M18-"))}
    assert of_ours - wanted.keys() == UNTOLD | {rule for rule in of_ours if "reception" in rules.known()[rule].tables}


def test_what_no_village_tells_is_not_run(city: World) -> None:
    told(ledgers.collective(city, BAD), LedgerKind.ASSET, workshop("占用", status="occupied"))
    assert set(ran(city, "SZ-01", "SZ-10", "SZ-13", "SZ-18", "M18-4")) == {"SZ-10"}
    with as_(city.viewer("区纪委书记")):
        said = {each["id"]: each["missing"] for each in RuleRun.objects.get().rules}
    assert (said["SZ-13"], said["SZ-18"], said["M18-4"]) == (["outlay"], ["village", "publication"], ["estate"])
    assert said["SZ-01"] == []  # the control: a table that is there, without a row


def test_who_was_paid_is_not_named(city: World) -> None:
    one = ledgers.collective(city, BAD)
    paid = {"project": "误工", "payee": ledgers.HOLDER, "trade": ""}
    numbered_ = {"payee_no": CADRE.shown, "payee_mark": CADRE.mark}
    days = [date(2022, month, 1) for month in (3, 4, 5)]
    told(one, LedgerKind.JOURNAL, *(line(f"0{n}", 150_000_00 + n, on, **paid) for n, on in enumerate(days)), *(line(f"1{n}", 150_100_00 + n, on, **paid | numbered_) for n, on in enumerate(days)))  # fmt: skip
    found = ran(city, "SZ-13")["SZ-13"]
    assert len(found) == 2  # the same name twice: one with a number, one without
    with as_(city.viewer("区纪委书记")):
        alerts = Alert.objects.filter(rule="SZ-13")
        texts = [str([each.sentence, each.values, each.behind, each.key]) for each in alerts]
        assert [(ledgers.HOLDER in text, "标识" in text) for text in texts] == [(False, True)] * 2


def test_an_invoice_number_without_a_code_is_of_whoever_wrote_it(city: World) -> None:
    one = ledgers.collective(city, BAD)
    short = [line(f"0{n}", 2_000_11 + n, invoice_no="12345678") for n in (1, 2)]
    long = [line(f"1{n}", 2_100_11 + n, invoice_no="2" * 20) for n in (1, 2)]
    coded = [line(f"2{n}", 2_200_11 + n, invoice_no="87654321", invoice_code="3500") for n in (1, 2)]
    told(one, LedgerKind.JOURNAL, *short, *long, *coded)
    assert {key for _, key in ran(city, "SZ-14-3")["SZ-14-3"]} == {f" · {'2' * 20}", "3500 · 87654321"}
