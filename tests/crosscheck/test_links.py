"""关联认定: a number that is missing comes from who the row is by name and place; where linkage is not sure, a person says it once."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NAME, NUMBER, UNIT, unsure
from tests.world import World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.errors import Refused
from jiandu.sources.crosscheck.models import LinkPair
from jiandu.sources.crosscheck.services import links
from jiandu.sources.crosscheck.services.runs import How
from jiandu.sources.crosscheck.states import LINK_MOVES, LinkState, LinkVerb, may_say

RULES = ("SZ-12",)


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    world.unit(UNIT)
    return world


def ran(city: World, found: villages.Rows | None = None, *, link: bool = True) -> int:
    if found is not None:
        villages.write(found=found)
    return villages.ran(city, rules=RULES, how=How(link=link)).hits


def pairs(city: World) -> list[LinkPair]:
    with as_(city.viewer("干部甲")):
        return list(LinkPair.objects.order_by("-probability", "pk"))


def said(city: World, pair: LinkPair, verb: str, who: str = "干部甲") -> LinkPair:
    with as_(city.viewer(who)) as by:
        return links.decide(pair=pair, by=by, verb=verb, on=DAY, note="与户籍、合同原件核对")


def test_a_rule_over_numbers_finds_nothing_where_they_are_missing(city: World) -> None:
    assert ran(city, unsure(namesakes=0), link=False) == 0
    assert ran(city, unsure(number=NUMBER, namesakes=0), link=False) == 1  # the control


def test_what_linkage_is_sure_of_is_used_and_the_alert_says_so(city: World) -> None:
    assert ran(city, unsure(namesakes=0)) == 1
    [alert] = villages.alerts(city)
    [one] = alert.linked
    assert (one["table"], one["column"], one["pair"], one["score"] > 0.95) == ("集体合同", "承租方身份证号", "", True)
    assert pairs(city) == []


def test_a_table_that_is_a_folder_of_files_is_linked_like_a_file(city: World) -> None:
    folder = villages.write(found=unsure(namesakes=0))
    whole = pq.read_table(folder / "contract.parquet")
    (folder / "contract.parquet").unlink()
    (folder / "contract").mkdir()
    other = whole.to_pylist()[0] | {"contract_id": "HT-0", "lessee": "别处的人"}
    for name, rows in (("1", [other]), ("2", whole.to_pylist()), ("3", [other | {"contract_id": "HT-2"}])):
        pq.write_table(pa.Table.from_pylist(rows, schema=whole.schema), folder / "contract" / f"{name}.parquet")
    assert ran(city, link=False) == 0  # the control: the number is what was missing
    assert ran(city) == 1
    [alert] = villages.alerts(city)
    assert alert.key.startswith("HT-9")
    assert sorted(path.name for path in (folder / "contract").iterdir()) == ["1.parquet", "2.parquet", "3.parquet"]


def test_what_it_is_not_sure_of_waits_and_is_used_once_a_person_said_so(city: World) -> None:
    assert ran(city, unsure()) == 0
    waiting = pairs(city)
    assert [(each.state, each.place) for each in waiting] == [(LinkState.WAITING, UNIT)] * 2
    right = next(each for each in waiting if NUMBER in each.clear)
    said(city, right, LinkVerb.SAY_SAME)
    assert ran(city) == 1
    [alert] = villages.alerts(city)
    assert [each["pair"] for each in alert.linked] == [right.code]
    assert [each.state for each in pairs(city)].count(LinkState.SAME) == 1


def test_what_was_denied_is_denied_in_the_next_run_too(city: World) -> None:
    ran(city, unsure())
    for each in pairs(city):
        said(city, each, LinkVerb.SAY_ANOTHER)
    assert ran(city) == 0
    assert [each.state for each in pairs(city)] == [LinkState.ANOTHER] * 2


def test_nothing_but_the_sealed_column_names_the_two(city: World) -> None:
    ran(city, unsure())
    said(city, pairs(city)[0], LinkVerb.SAY_SAME)
    for pair in pairs(city):
        stored = dict(vars(pair))
        sealed = str(stored.pop("clear"))
        text = json.dumps(stored, default=str, ensure_ascii=False)
        assert (NAME in text, NUMBER in text, sealed[:3]) == (False, False, "f1:")
        assert NAME in pair.clear  # the control
    entries = [
        str(each.payload.body) for each in Entry.objects.filter(verb__startswith="link_pair").select_related("payload")
    ]
    assert [(NAME in each, NUMBER in each) for each in entries] == [(False, False)]


def test_a_row_is_one_person_and_what_is_decided_stays_until_it_is_taken_back(city: World) -> None:
    ran(city, unsure())
    one, other = pairs(city)
    said(city, one, LinkVerb.SAY_SAME)
    with refusal("link-other"):
        said(city, other, LinkVerb.SAY_SAME)
    with refusal("already-decided"):
        said(city, one, LinkVerb.SAY_ANOTHER)
    with refusal("not-legal"):
        said(city, other, LinkVerb.TAKE_BACK)
    with as_(city.viewer("干部甲")) as by:
        links.take_back(pair=one, by=by, on=DAY, note="认错了人")
    said(city, other, LinkVerb.SAY_SAME)
    assert [each.state for each in pairs(city)].count(LinkState.SAME) == 1


def test_who_may_not_dispose_of_alerts_decides_on_no_pair(city: World) -> None:
    ran(city, unsure())
    with refusal("not-allowed"):
        said(city, pairs(city)[0], LinkVerb.SAY_SAME, who="书记")
    with as_(city.viewer("书记")) as by, refusal("not-allowed"):
        links.reveal(pair=pairs(city)[0], by=by)
    with as_(city.viewer("干部甲")) as by:
        assert NUMBER in links.reveal(pair=next(each for each in pairs(city) if NUMBER in each.clear), by=by)
    assert Entry.objects.filter(verb="seen", actor_name="干部甲").count() == 1


def test_the_tables_that_came_stay_as_they_came(city: World) -> None:
    folder = villages.write(found=unsure(namesakes=0))
    before = (folder / "contract.parquet").read_bytes()
    assert ran(city) == 1
    assert (folder / "contract.parquet").read_bytes() == before


@given(st.lists(st.sampled_from(list(LinkVerb)), max_size=12))
def test_a_decision_is_changed_by_taking_it_back_alone(verbs: list[LinkVerb]) -> None:
    state = LinkState.WAITING
    for verb in verbs:
        if not may_say(verb, state):
            continue
        before, state = state, LINK_MOVES[verb][1]
        assert (before in {LinkState.SAME, LinkState.ANOTHER}) <= (verb == LinkVerb.TAKE_BACK)
        assert (state == LinkState.WAITING) == (verb == LinkVerb.TAKE_BACK)
