"""到期清除: what nobody has run for so long goes with what was worked out of it; what people made of it stays."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from tests.crosscheck import villages
from tests.crosscheck.test_bringing import ASSETS, CONTRACTS, NAME, brought, file
from tests.crosscheck.test_versions import holding
from tests.crosscheck.villages import DAY, UNIT
from tests.surfaces.desk.test_accounts import client_of
from tests.world import World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.sources.crosscheck import arriving, folders
from jiandu.sources.crosscheck.models import AlertStep, RuleRun
from jiandu.sources.crosscheck.services import triage
from jiandu.sources.crosscheck.services.ending import end_unused, ends_on
from jiandu.surfaces.console.ticking import PERIODIC

DAYS = 180
BEGUN = datetime(2026, 3, 2, 2, tzinfo=UTC)


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    settings.CROSSCHECK_DAYS = DAYS
    world.unit(UNIT)
    return world


def after(days: int) -> Any:
    return time_machine.travel(BEGUN + timedelta(days=days), tick=False)


def due() -> int:
    """What the clockwork does."""
    [job] = [job for job in PERIODIC if job.name == "crosscheck-ends"]
    count = job.do()
    assert isinstance(count, int)
    return count


def test_what_nobody_ran_for_so_long_goes_and_what_was_made_of_it_stays(city: World) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))
        villages.ran(city, dataset=NAME)
        [alert] = villages.alerts(city, rule="SZ-10")
        with as_(city.viewer("干部甲")) as by:
            triage.dispose(alert=alert, by=by, verb="rectify", on=DAY, note="已腾退")
    with after(DAYS - 1):
        assert (due(), folders.names(), holding()) == (0, [NAME], {NAME, ".versions"})  # the control
    with after(DAYS):
        assert (due(), due()) == (1, 0)
    assert (folders.names(), holding(), list((folders.root() / ".versions").iterdir())) == ([], set(), [])
    with as_(city.viewer("干部甲")):
        assert (RuleRun.objects.count(), AlertStep.objects.filter(verb="rectify").count()) == (1, 1)
    [entry] = Entry.objects.filter(verb="dataset.expire")
    assert (entry.actor_name, '"dataset":"三资数据"' in entry.payload.body) == ("crosscheck", True)


@pytest.mark.parametrize("is_done", [False, True])
def test_a_run_puts_it_off_and_so_does_one_that_still_waits(city: World, is_done: bool) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))
    with after(100):
        (villages.ran if is_done else villages.asked)(city, dataset=NAME)
        assert ends_on(NAME) == today() + timedelta(days=DAYS)
    for days, names in ((100 + DAYS - 1, [NAME]), (100 + DAYS, [])):
        with after(days):
            due()
            assert folders.names() == names


def test_tables_that_come_anew_put_it_off(city: World) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS))
    with after(100):
        brought(city, file("集体合同.csv", CONTRACTS))
        assert ends_on(NAME) == today() + timedelta(days=DAYS)


def test_what_an_administrator_laid_there_stays_without_what_runs_made_of_it(city: World) -> None:
    villages.write("放入的")
    brought(city, file("集体资产.csv", ASSETS))
    (folders.root() / NAME / "subsidy.parquet").write_bytes((folders.root() / NAME / "asset.parquet").read_bytes())
    villages.ran(city, dataset="放入的")
    (folders.root() / NAME / ".jiandu").mkdir()  # as the command leaves it
    later = datetime.now(UTC) + timedelta(days=DAYS + 1)
    with time_machine.travel(later, tick=False):
        assert (due(), due()) == (2, 0)
    assert sorted(path.name for path in (folders.root() / NAME).iterdir()) == ["dataset.json", "subsidy.parquet"]
    assert folders.day_of(folders.root() / NAME) == DAY
    assert folders.office_of(folders.root() / NAME) is None
    assert holding() == {"放入的", NAME}  # its tables, the one laid beside what was brought
    assert len(list((folders.root() / "放入的").iterdir())) == len(villages.rows()) + 1


def test_a_folder_beside_a_brought_table_and_a_set_that_is_a_link_end_too(city: World, tmp_path: Path) -> None:
    """Once, and with what was brought: no tick fails at them, nothing stays where the link pointed to."""
    with after(0):
        for name in (NAME, "移走的"):
            brought(city, file("集体资产.csv", ASSETS), name=name)
    beside = folders.root() / NAME / "asset"
    beside.mkdir()
    (folders.root() / NAME / "asset.parquet").rename(beside / "1.parquet")
    (folders.root() / NAME / "note.txt").write_text("x")  # as an administrator lays it there
    (folders.root() / "移走的").rename(tmp_path / "elsewhere")
    (folders.root() / "移走的").symlink_to(tmp_path / "elsewhere")
    with after(DAYS):
        assert (due(), due()) == (2, 0)
    assert sorted(path.name for path in (folders.root() / NAME).iterdir()) == ["dataset.json", "note.txt"]
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["dataset.json"]
    assert Entry.objects.filter(verb="dataset.expire").count() == 2


def test_what_the_command_runs_over_is_in_use(city: World) -> None:
    """An administrator's runs leave their mark in the folder: what they work out does not go from under them."""
    folder = villages.write("放入的")
    results = folder / ".jiandu" / "results"
    results.mkdir(parents=True)
    old = time.time() - (DAYS + 1) * 86_400
    for path in [*folder.glob("*.parquet"), folder / ".jiandu"]:
        os.utime(path, (old, old))
    assert (due(), results.exists()) == (0, True)
    os.utime(results, (old, old))  # the control: nobody has run it for so long
    assert (due(), results.exists()) == (1, False)


def test_where_sets_have_no_end_none_ends(city: World, settings: Any) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS))
    settings.CROSSCHECK_DAYS = 0
    with after(10_000):
        assert (ends_on(NAME), due(), folders.names()) == (None, 0, [NAME])
        settings.CROSSCHECK_DAYS = DAYS
        assert due() == 1  # the control


def test_it_waits_for_its_turn_while_somebody_brings_tables(city: World) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS))
    with after(DAYS):
        with arriving.alone():
            assert (end_unused(), folders.names()) == (0, [NAME])
        assert (end_unused(), folders.names()) == (1, [])


def test_copies_of_runs_go_too(city: World) -> None:
    """Filled copies that an older program left, and an office's own ledgers that nobody runs."""
    of = {name: folders.root() / name / "1" for name in (".linked", ".ledgers")}
    fresh = folders.root() / ".ledgers" / "2"
    for place in (*of.values(), fresh):
        place.mkdir(parents=True)
        (place / "asset.parquet").write_text("x")
    old = time.time() - (DAYS + 1) * 86_400
    for path in (of[".ledgers"] / "asset.parquet", of[".ledgers"]):
        os.utime(path, (old, old))
    due()
    assert [place.exists() for place in (*of.values(), fresh)] == [False, False, True]


def test_the_page_says_when_a_set_ends(city: World, settings: Any) -> None:
    with after(0):
        brought(city, file("集体资产.csv", ASSETS))
        end = (today() + timedelta(days=DAYS)).isoformat()
        villages.write("放入的")
        client, place = client_of(city, "干部甲"), "/desk/crosscheck/tables/"
        page = client.get(place).content.decode()
        assert (f"将于{end}清除" in page, "带入后180天没有比对即自动清除" in page, "请管理员清除" in page) == (
            True,
            True,
            False,
        )
        settings.CROSSCHECK_DAYS = 0
        assert "清除）" not in client.get(place).content.decode()
    settings.CROSSCHECK_DAYS = DAYS
    with time_machine.travel(datetime.now(UTC) + timedelta(days=DAYS + 1), tick=False):
        page = client_of(city, "干部甲").get(place).content.decode()
        assert "长期没有比对，请管理员清除" in page
