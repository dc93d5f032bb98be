"""What a village's ledgers say on a day: arrears as money reached the account, what ends soon, what is held without a contract."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.ledgers.collectives import (
    HELD,
    HOLDER,
    JUNE,
    NAME,
    NOW,
    OFFICE,
    PERSON,
    SEPTEMBER,
    asset,
    collective,
    contract,
    due,
    filled,
    receipt,
    row,
    told,
)
from tests.ledgers.estates import rule_of
from tests.world import SYSTEM, World, as_

from jiandu.base.core.persons import holds_number, is_person, numbered, shown_name
from jiandu.sources.ledgers import places, villages
from jiandu.sources.ledgers.arrears import unpaid
from jiandu.sources.ledgers.collectives import Asset, Collective, Due, LedgerKind, Receipt, Works
from jiandu.sources.ledgers.course import course
from jiandu.sources.ledgers.reading import Told
from jiandu.sources.ledgers.selectors import collective_rows
from jiandu.sources.ledgers.services.collectives import (
    NewCollective,
    amend_collective,
    register_collective,
    withdraw_collective,
)


def owed(one: Collective, on: date) -> list[tuple[str, int]]:
    with as_(SYSTEM) as by:
        return [(row.due_code, row.fen) for row in villages.village(by, one, on).unpaid]


def test_money_counts_on_the_day_on_which_it_reaches_the_account(city: World) -> None:
    one = filled(city)
    assert owed(one, NOW) == [("D1", 9_000_00), ("D2", 18_000_00)]
    assert owed(one, date(2022, 12, 5)) == [("D2", 18_000_00)]  # a receipt that names no due pays the oldest
    assert owed(one, date(2022, 1, 11)) == []  # the ledger came in June: it said nothing then


def rows(*told_rows: object, model: type) -> list[object]:
    return [model(code=row.code, **row.values) for row in told_rows]  # type: ignore[attr-defined]


def test_a_reduction_is_not_owed_and_what_is_paid_ahead_waits(db: None) -> None:
    dues = rows(due(reduced_fen=18_000_00), due("D2", due_on=date(2022, 7, 10)), model=Due)
    paid = rows(receipt(due_code="", banked_on=date(2022, 1, 9), amount_fen=10_000_00), model=Receipt)
    assert unpaid(dues, paid, date(2022, 6, 1)) == []
    assert [row.fen for row in unpaid(dues, paid, date(2022, 7, 10))] == [8_000_00]
    assert [row.age(date(2022, 7, 10)) for row in unpaid(dues, paid, date(2022, 7, 10))] == [""]
    assert [row.age(date(2022, 8, 10)) for row in unpaid(dues, paid, date(2022, 8, 10))] == ["m3"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.lists(st.integers(1, 50_000), max_size=8),
    st.lists(st.tuples(st.integers(1, 50_000), st.integers(0, 8)), max_size=8),
)
def test_nothing_is_owed_twice_and_nothing_paid_is_lost(amounts: list[int], paid: list[tuple[int, int]]) -> None:
    day = date(2022, 1, 1)
    dues = [
        Due(code=f"D{n}", contract_code="A", due_on=day + timedelta(days=n), amount_fen=fen, reduced_fen=0)
        for n, fen in enumerate(amounts)
    ]
    receipts = [
        Receipt(code=str(n), contract_code="A", due_code=f"D{to}", amount_fen=fen, banked_on=day)
        for n, (fen, to) in enumerate(paid)
    ]
    left = sum(row.fen for row in unpaid(dues, receipts, day + timedelta(days=400)))
    assert left == max(0, sum(amounts) - sum(fen for fen, _to in paid))  # fmt: skip


def test_a_village_tells_what_needs_looking_at(city: World) -> None:
    one = filled(city)
    with as_(SYSTEM) as by:
        known = villages.village(by, one, NOW)
        assert [row.code for row in known.assets] == ["ZC-001", "ZC-002"]
        assert [row.code for row in known.bare] == ["ZC-002"]
        assert [row.code for row in known.ending] == ["HT-1"]
        assert [row.code for row in known.expired] == ["HT-2"]
        assert [row.off_fen for row in known.off] == [10_00]
        before = villages.village(by, one, JUNE)
        assert [(row.code, row.status) for row in before.assets] == [
            ("ZC-001", "leased"), ("ZC-002", "occupied"), ("ZC-003", "in_use"),
        ]  # fmt: skip
        assert villages.owed_by(by, [one], NOW) == {one.pk: 27_000_00}
        listed = villages.collectives(by, NOW).get()
        assert (listed.n_assets, listed.n_occupied, listed.n_contracts, listed.n_ending, listed.told_on) == (
            2, 1, 2, 1, SEPTEMBER,
        )  # fmt: skip
        towns = places.by_town(by, NOW)
        for rows, name in ((towns, "筼筜街道"), (places.by_district(towns), "思明区")):
            assert [(str(row.place), row.collectives, row.assets, row.occupied, row.owed_fen) for row in rows] == [
                (name, 1, 2, 1, 27_000_00)
            ]


def test_an_occupied_asset_with_a_contract_in_its_term_is_none_without(city: World) -> None:
    one = collective(city)
    told(one, LedgerKind.ASSET, asset(status="occupied", **HELD))
    told(one, LedgerKind.CONTRACT, contract(end_on=date(2022, 10, 1)))
    with as_(SYSTEM) as by:
        assert villages.village(by, one, date(2022, 9, 30)).bare == []
        assert [row.code for row in villages.village(by, one, date(2022, 10, 2)).bare] == ["ZC-001"]


def test_what_changed_between_two_days_is_told_by_thing(city: World) -> None:
    one = filled(city)
    with as_(SYSTEM) as by:
        moved = villages.changes(by, one, JUNE, SEPTEMBER)
        assert [(row.kind, row.code, row.act, row.keys) for row in moved] == [
            ("asset", "ZC-001", "changed", ["status"]),
            ("asset", "ZC-003", "gone", []),
        ]
        first = villages.changes(by, one, date(2022, 1, 1), JUNE)
        assert {row.act for row in first} == {"added"}
        assert [row.since for row in villages.history(by, one, "asset", "ZC-001")] == [SEPTEMBER, JUNE]


def test_a_course_says_of_each_day_what_the_ledgers_say_of_it(city: World) -> None:
    one = filled(city)
    days = [NOW, JUNE, SEPTEMBER, JUNE, date(2022, 1, 1)]
    with as_(SYSTEM) as by:
        found = course(by, one, days)
        said = [
            (
                day,
                Counter(row.status for row in villages.rows_on(by, one, "asset", day)),
                sum(row.fen for row in villages.village(by, one, day).unpaid),
            )
            for day in sorted(set(days))
        ]
        assert [(each.on, each.uses, each.owed_fen) for each in found] == said
        assert [each.owed_fen > 0 for each in found] == [
            False,
            True,
            True,
            True,
        ]  # the control: there is something to say
        assert found[0].uses == {}
        many = [date(2022, 1, 1) + timedelta(days=each) for each in range(40)]
        assert [each.on for each in course(by, one, many)] == many[-12:]


def test_a_correction_of_the_same_day_is_seen_in_the_history_alone(city: World) -> None:
    one = collective(city)
    told(one, LedgerKind.ASSET, asset(name="甲"))
    told(one, LedgerKind.ASSET, asset(name="乙"))
    with as_(SYSTEM) as by:
        assert [row.name for row in villages.rows_on(by, one, "asset", JUNE)] == ["乙"]
        assert [row.name for row in villages.history(by, one, "asset", "ZC-001")] == ["乙", "甲"]


def test_the_tables_for_rules_say_persons_by_their_mark(city: World) -> None:
    one = filled(city)
    with as_(SYSTEM) as by:
        tables = {name: list(found) for name, found in collective_rows(by, NOW).items()}
    assert {name: len(found) for name, found in tables.items()} == {
        "asset": 2, "resource": 0, "contract": 2, "due": 2, "receipt": 2, "fund": 1, "works": 0,
        "journal": 0, "disclosure": 0, "village": 0,
    }  # fmt: skip
    held = tables["asset"][1]
    assert (held["asset_id"], held["village"], held["status"], held["user_id"], held["kind"]) == (
        f"{NAME}/ZC-002", "西滨村", "他人占用", PERSON.mark, "经营性",
    )  # fmt: skip
    told_since = [(row["since"], row["status_since"]) for row in tables["asset"]]
    assert told_since == [(SEPTEMBER, SEPTEMBER), (JUNE, JUNE)]
    told(one, LedgerKind.ASSET, asset("ZC-002", status="occupied", note="换了名称", **HELD), on=date(2022, 10, 31))
    with as_(SYSTEM) as by:
        again = list(collective_rows(by, NOW)["asset"])[1]
    assert (again["since"], again["status_since"], again["user_id"]) == (date(2022, 10, 31), JUNE, PERSON.mark)
    first, second = tables["contract"]
    assert (first["asset_id"], first["mode"], first["lessee_id"]) == (f"{NAME}/ZC-001", "公开", None)
    assert (second["asset_id"], second["lessee_id"]) == (None, PERSON.mark)
    assert tables["receipt"][0]["contract_id"] == first["contract_id"]


def works(code: str = "GC-1", **values: Any) -> Told:
    begun = {"name": "村道硬化", "kind": "works", "contractor": "某某建设", "contractor_no": "91350100M000100Y43"}
    return row(LedgerKind.WORKS, code, **(begun | {"status": "running", "contract_fen": 100_000_00} | values))


DOUBTS: list[tuple[dict[str, Any], list[str]]] = [
    ({"paid_fen": 99_999_99, "budget_fen": 100_000_00, "changed_fen": None}, []),
    ({"paid_fen": 100_000_00}, ["unaccepted"]),
    ({"paid_fen": 100_000_00, "accepted_on": JUNE}, []),
    ({"paid_fen": 100_000_01, "accepted_on": JUNE}, ["over_paid"]),
    ({"paid_fen": 95_000_00, "settled_fen": 94_000_00, "accepted_on": JUNE}, ["over_paid"]),
    ({"changed_fen": 10_000_00}, []),
    ({"changed_fen": 10_000_01}, ["changed"]),
    ({"budget_fen": 99_000_00}, ["over_budget"]),
    ({"decision_on": JUNE, "signed_on": JUNE}, []),
    ({"decision_on": SEPTEMBER, "signed_on": JUNE}, ["late_decision"]),
    ({"contract_fen": None, "paid_fen": 5}, []),
]


@pytest.mark.parametrize(("values", "wanted"), DOUBTS)
def test_works_tell_what_speaks_against_something_else(values: dict[str, Any], wanted: list[str]) -> None:
    assert villages.doubts(Works(**works(**values).values)) == wanted


def test_works_with_a_contract_are_a_table_for_rules(city: World) -> None:
    one = collective(city)
    person = {"contractor": HOLDER, "contractor_no": PERSON.shown, "contractor_mark": PERSON.mark}
    told(
        one,
        LedgerKind.WORKS,
        works(changed_fen=5, paid_fen=7, accepted_on=JUNE),
        works("GC-2", **person),
        works("GC-3", contract_fen=None),
        works("CG-1", kind="goods"),
    )
    with as_(SYSTEM) as by:
        first, second = collective_rows(by, NOW)["works"]
    names = ("works_id", "village", "unit", "contractor", "contract_fen", "changed_fen", "paid_fen", "accepted_on")
    assert [first[name] for name in names] == [
        f"{NAME}/GC-1", "西滨村", NAME, "91350100M000100Y43", 100_000_00, 5, 7, JUNE,
    ]  # fmt: skip
    assert (second["contractor"], second["contractor_id"]) == (None, PERSON.mark)


def test_a_village_has_one_collective_and_a_sound_credit_code(city: World) -> None:
    one = collective(city)
    with as_(SYSTEM) as by:
        again = NewCollective("别名", city.units["西滨村"], city.offices[OFFICE])
        assert rule_of(lambda: register_collective(new=again, by=by)) == "collective-once"
        wrong = {"one": one, "by": by, "name": "新名", "place": None}
        assert rule_of(lambda: amend_collective(**wrong, credit_code="91350100M000100Y44")) == "credit-code"
        assert amend_collective(**wrong, credit_code="91350100M000100Y43").name == "新名"
        withdraw_collective(one=one, by=by, reason="重复登记")
        assert register_collective(new=again, by=by).pk != one.pk


def test_who_may_not_register_may_not_take_a_sheet(city: World) -> None:
    one = collective(city)
    with as_(city.viewer("书记")) as by:
        new = NewCollective("别村", city.units["西滨村"], city.offices[OFFICE])
        assert rule_of(lambda: register_collective(new=new, by=by)) == "not-allowed"
    with as_(city.viewer("干部甲")):
        assert Collective.objects.count() == 0  # of another office; the control: its own sees it
        assert Asset.objects.count() == 0
    told(one, LedgerKind.ASSET, asset())
    with as_(city.viewer("区纪委书记")):
        assert (Collective.objects.count(), Asset.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("name", "said"),
    [("张三丰", "张**"), ("某某机械加工厂", "某某机械加工厂"), ("欧阳锋", "欧**"), ("好运来店", "好运来店"), ("", "")],
)
def test_names_of_persons_are_shown_by_their_first_character(name: str, said: str) -> None:
    assert shown_name(name) == said


def test_a_number_is_masked_and_marked_alike_in_every_writing() -> None:
    forms = ("11010519491231002X", "11010519491231002x", "１１０１０５１９４９１２３１００２Ｘ", " 110105491231002 ")
    assert {numbered(form) for form in forms} == {PERSON}
    assert is_person("某某厂", PERSON.mark)
    assert not is_person("某某厂")
    assert holds_number("张三 11010519491231002X 店面")
    assert not holds_number("电话 059212345678901234")
    assert numbered("91350100M000100Y43") == ("91350100M000100Y43", "")
    assert numbered("") == ("", "")
