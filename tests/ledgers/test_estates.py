"""小区公共收益: the duty by its calendar, what counts as shown on a day, statements, objections, spot checks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.ledgers.estates import ASK, NOVEMBER, OFFICE, Q2, Q3, estate, new, rule_of, shown, value
from tests.world import SYSTEM, World, as_

from jiandu.base.core.clock import today
from jiandu.base.lexicon.selectors import items
from jiandu.net.subjects.models import Region
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import figure, ratios, rows_of, shares
from jiandu.sources.ledgers import duty
from jiandu.sources.ledgers.models import Statement, StatementLine
from jiandu.sources.ledgers.selectors import whole
from jiandu.sources.ledgers.services.estates import (
    Described,
    amend_estate,
    end_estate,
    register_estate,
    withdraw_estate,
)
from jiandu.sources.ledgers.services.publishing import (
    Line,
    NewPosting,
    Sums,
    answer,
    object_to,
    post,
    spot_check,
    state,
    take_down,
    withdraw_posting,
)


def test_the_period_that_is_due_follows_the_calendar() -> None:
    ends = [duty.period_of(date(2022, month, 15)) for month in (1, 3, 4, 12)]
    assert ends == [date(2022, 3, 31), date(2022, 3, 31), Q2, date(2022, 12, 31)]
    assert duty.due_on(Q3) == date(2022, 10, 31)  # the thirtieth day is a Sunday
    assert [duty.latest_due(date(2022, 10, day)) for day in (30, 31)] == [Q2, Q3]
    assert duty.periods(NOVEMBER, 3) == [Q3, Q2, date(2022, 3, 31)]
    assert (duty.words(Q3), duty.days_to_stay(NOVEMBER)) == ("2022年第三季度", 30)


def test_another_calendar_is_a_local_term(tmp_path: Path) -> None:
    said = '{"terms": [{"key": "estate-period", "amount": 1, "unit": "month", "from": "2022-07-01"}]}'
    (tmp_path / "terms.json").write_text(said, encoding="utf-8")
    assert [duty.period_of(date(2022, month, 15)) for month in (8, 6)] == [date(2022, 8, 31), Q2]
    assert duty.period_before(date(2022, 8, 31)) == date(2022, 7, 31)
    assert duty.latest_due(NOVEMBER) == date(2022, 10, 31)
    assert duty.words(date(2022, 8, 31)) == "截至2022年8月的一期"


@pytest.mark.parametrize(
    ("counts", "posting"),
    [
        (1, {}),
        (1, {"channel": "on_site"}),
        (1, {"on": NOVEMBER}),
        (1, {"until": NOVEMBER}),
        (0, {"is_detailed": False}),
        (0, {"on": NOVEMBER + timedelta(days=1)}),
        (0, {"until": NOVEMBER - timedelta(days=1)}),  # it lapsed
        (0, {"period": Q2, "on": date(2022, 7, 20)}),  # of an earlier period
    ],
)
def test_an_estate_counts_while_the_details_of_the_latest_due_period_are_up(
    city: World, counts: int, posting: dict[str, Any]
) -> None:
    one = estate(city)
    shown(one, **posting)
    assert (value(), value("estates_due")) == (counts, 1)
    with as_(SYSTEM) as by:
        assert list(rows_of(by, "estates_disclosing", ASK)) == [one][:counts]


def test_on_another_day_another_period_is_due(city: World) -> None:
    one = estate(city)
    shown(one, period=Q2, on=date(2022, 7, 20))
    shown(one, on=date(2022, 10, 31), until=date(2022, 12, 1))
    days = (date(2022, 10, 30), date(2022, 10, 31), date(2022, 12, 1), date(2022, 12, 2), date(2023, 3, 31))
    assert [value(ask=Ask(2022, day)) for day in days] == [1, 1, 1, 0, 0]


KEYS = ("estates_disclosing", "estates_due", "estates_not_due", "estates_disclosing_both_ways", "estates_totals_only")


def test_what_is_owed_and_what_is_shown_both_ways(city: World) -> None:
    both, line, totals, nothing = (estate(city) for _ in range(4))
    estate(city, since=date(2022, 10, 1))  # not there when the period ended
    shown(both)
    shown(both, "on_site")
    shown(line)
    shown(line, "on_site", is_detailed=False)
    shown(totals, is_detailed=False)
    with as_(SYSTEM) as by:
        end_estate(estate=estate(city), by=by, until=date(2022, 11, 29))
    assert [value(key) for key in KEYS] == [2, 4, 1, 1, 1]
    with as_(SYSTEM) as by:
        withdraw_estate(estate=nothing, by=by, reason="重复登记")
        rate = next(one for one in ratios(by, ASK) if one.rate.key == "estates_disclosing_rate")
        parts = shares(by, "estates_due", ASK, by="district")
    assert [value(key) for key in KEYS] == [2, 4, 1, 1, 1]  # taken back today: on that day it stood
    assert value("estates_due", Ask(2022, today())) == 4  # the new one owes by now, the taken back one no more
    assert (rate.numerator.value, rate.denominator.value, rate.excluded.value) == (2, 4, 1)
    assert [(part.name, part.value) for part in parts] == [("思明区", 4)]


def test_a_posting_taken_back_or_down_counts_no_more(city: World) -> None:
    first, second = estate(city), estate(city)
    with as_(SYSTEM) as by:
        withdraw_posting(posting=shown(first), by=by, reason="抽查未见公示")
        take_down(posting=shown(second), by=by, until=date(2022, 11, 20))
    assert value() == 1  # the withdrawn one stood on that day
    shown(second, on=date(2022, 11, 25))
    assert value() == 2
    assert value(ask=Ask(2022, date(2022, 11, 22))) == 1


WRONG = [
    (NewPosting(date(2022, 9, 29), "online", NOVEMBER), "period"),
    (NewPosting(date(2099, 9, 30), "online", NOVEMBER), "period"),
    (NewPosting(Q3, "online", date(2022, 9, 30)), "posting-order"),
    (NewPosting(Q3, "online", NOVEMBER, date(2022, 11, 29)), "posting-order"),
    (NewPosting(Q3, "online", date(2099, 1, 1)), "step-date"),
]


def test_refusals_say_what_is_wrong(city: World) -> None:
    one = estate(city, "XQ")
    with as_(SYSTEM) as by:
        assert rule_of(lambda: register_estate(new=new(city, "XQ"), by=by)) == "estate-code"
        assert rule_of(lambda: register_estate(new=new(city, " "), by=by)) == "name-needed"
        whole_city = replace(new(city, "XQ2"), place=Region.objects.get(kind="city"))
        assert rule_of(lambda: register_estate(new=whole_city, by=by)) == "estate-place"
        acts: list[tuple[Callable[[], object], str]] = [
            (lambda said=said: post(estate=one, by=by, new=said), rule)  # type: ignore[misc]
            for said, rule in WRONG
        ]
        assert [rule_of(act) for act, _ in acts] == [rule for _, rule in acts]
        post(estate=one, by=by, new=NewPosting(Q3, "online", NOVEMBER))
        assert rule_of(lambda: post(estate=one, by=by, new=NewPosting(Q3, "online", NOVEMBER))) == "posting-once"
        late = {"estate": one, "by": by, "period": Q3, "on": NOVEMBER}
        assert rule_of(lambda: spot_check(result="not_shown", **late)) == "note-needed"
        assert rule_of(lambda: spot_check(result="as_told", **late | {"on": Q3})) == "check-order"
    with as_(city.viewer("系统管理员")) as by:
        assert rule_of(lambda: register_estate(new=new(city, "XQ3"), by=by)) == "not-allowed"


def test_a_statement_that_does_not_add_up_is_kept_and_shown(city: World) -> None:
    one = estate(city)
    with as_(SYSTEM) as by:
        income, cost = items(by, "revenue_item", 2022)[0], items(by, "cost_item", 2022)[0]
        lines = (Line("income", income, 500_00, "电梯广告"), Line("expense", cost, 200_00))
        row = state(estate=one, by=by, period=Q3, sums=Sums(1_000_00, 500_00, 200_00, 1_300_00), lines=lines)
        assert row.off_fen == 0
        again = state(estate=one, by=by, period=Q3, sums=Sums(1_000_00, 500_00, 200_00, 1_250_00))
        assert again.off_fen == 50_00
        found = whole(by, one)
        assert ([each.pk for each in found.statements], Statement.objects.count()) == ([again.pk], 2)
        assert StatementLine.objects.count() == 2
        assert rule_of(lambda: state(estate=one, by=by, period=Q3, sums=Sums(0, -1, 0, 0))) == "amounts"


def test_objections_are_answered_once(city: World) -> None:
    one = estate(city)
    with as_(SYSTEM) as by:
        row = object_to(estate=one, by=by, raised_on=date(2022, 11, 1), text="停车收入与实际不符")
        assert rule_of(lambda: answer(objection=row, by=by, on=date(2022, 10, 31), text="已核对")) == "objection"
        answer(objection=row, by=by, on=date(2022, 11, 9), text="已补登10月收入")
        assert rule_of(lambda: answer(objection=row, by=by, on=date(2022, 11, 9), text="再答")) == "already-decided"
        spot_check(estate=one, by=by, period=Q3, on=NOVEMBER, result="as_told")
        amend_estate(estate=one, by=by, said=Described("新名", "某物业", "property", 320))
        found = whole(by, one)
    assert ([each.answer for each in found.objections], len(found.checks), one.name) == (["已补登10月收入"], 1, "新名")


def test_another_office_sees_none_of_it(city: World) -> None:
    shown(estate(city))
    seen = {}
    for name in ("书记", "区纪委书记", "干部甲", "驻教干部"):
        with as_(city.viewer(name)) as by:
            seen[name] = figure(by, "estates_disclosing", ASK).value
    assert seen == {"书记": 1, "区纪委书记": 1, "干部甲": 0, "驻教干部": 0}
    assert city.offices[OFFICE]
