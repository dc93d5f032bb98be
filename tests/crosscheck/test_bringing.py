"""带入数据表: files become tables of a data set, all or none; what was wrong is told where; nothing else is kept."""

import io
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from openpyxl import Workbook
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NUMBER, OFFICE, UNIT
from tests.world import World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.engine.scratch import PREFIX, own_folder
from jiandu.sources.crosscheck import folders, reading_child, tables
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.sources.crosscheck.services import bringing
from jiandu.sources.crosscheck.services.bringing import ARRIVING, File, NewTables, Taken, bring_tables, drop_dataset
from jiandu.surfaces.console.ticking import PERIODIC

NAME = "三资数据"
ASSETS = f"""资产编号,村居,名称,类别,使用状态,状态起始,使用人,使用人证件,备注
XB-001,{UNIT},厂房,经营性,他人占用,2021-06-01,某人,{NUMBER},邻居说的
XB-002,{UNIT},仓库,经营性,自用,2021-06-01,,,
"""
CONTRACTS = f"""合同编号,村居,标的编号,起始日期,终止日期,年租金(元),状态
HT-1,{UNIT},XB-009,2020-01-01,2021-12-31,24000,履行中
"""


@pytest.fixture
def city(world: World, tmp_path: Path, settings: Any) -> World:
    settings.CROSSCHECK, settings.KEYRING = str(tmp_path / "crosscheck"), str(tmp_path / "fields.keys")
    world.unit(UNIT)
    return world


def refusal(rule: str) -> Any:
    return pytest.raises(Refused, check=lambda refused: refused.rule == rule)


def file(name: str, text: str | bytes) -> File:
    return File(name, io.BytesIO(text if isinstance(text, bytes) else text.encode()))


def brought(
    city: World, *files: File, who: str = "干部甲", name: str = NAME, day: date = DAY, **more: Any
) -> list[Taken]:
    with as_(city.viewer(who)) as by:
        new = NewTables(city.offices[OFFICE], name, day, list(files), **more)
        return bring_tables(new=new, by=by)


def rows(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folders.root() / NAME / f"{table}.parquet").to_pylist()
    return found


def test_files_become_tables_and_a_run_finds_what_is_in_them(city: World) -> None:
    taken = brought(city, file("集体资产.csv", ASSETS), file("contract_2022.csv", CONTRACTS.encode("gb18030")))
    assert [(one.table.name, one.rows, one.unknown) for one in taken] == [("asset", 2, ["备注"]), ("contract", 1, [])]
    run = villages.ran(city, dataset=NAME)
    assert (run.on, {each["id"]: each["hits"] for each in run.rules}) == (DAY, {"SZ-01": 1, "SZ-10": 1})
    assert [held.came["file"] for held in folders.held(folders.root() / NAME)] == ["集体资产.csv", "contract_2022.csv"]


def test_a_workbook_whose_name_says_nothing_is_the_table_that_was_chosen(city: World) -> None:
    book, out = Workbook(), io.BytesIO()
    for line in ASSETS.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    with refusal("which-table"):
        brought(city, file("汇总.xlsx", out.getvalue()))
    brought(city, file("汇总.xlsx", out.getvalue()), table="asset")
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-002"]
    with refusal("one-table"):
        brought(city, file("甲.csv", ASSETS), file("乙.csv", ASSETS), table="asset", replaces=True)


def test_one_wrong_cell_keeps_every_file_out_and_is_told_with_its_place(city: World) -> None:
    wrong = CONTRACTS.replace("2021-12-31", "年底")
    with pytest.raises(Refused) as refused:
        brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", wrong))
    assert refused.value.rule == "data"
    assert "集体合同.csv 第2行 终止日期：应为日期" in refused.value.message
    assert folders.names() == []
    assert not list(folders.root().rglob("*.csv"))  # not a copy of it is left


def test_what_nobody_asked_for_is_not_kept(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    kept = b"".join(path.read_bytes() for path in folders.root().rglob("*") if path.is_file())
    assert "邻居说的".encode() not in kept
    assert set(rows("asset")[0]) == set(tables.named("asset").schema)
    assert NUMBER in {row["user_id"] for row in rows("asset")}  # the control: what a rule reads is there


def test_a_table_that_is_there_is_replaced_only_when_that_is_said(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    other = ASSETS.replace("XB-002", "XB-003")
    with refusal("there"):
        brought(city, file("集体资产.csv", other))
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-002"]
    (folders.root() / NAME / "集体资产.csv").write_text(ASSETS)  # as an administrator lays it there
    brought(city, file("asset.csv", other), replaces=True)
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-003"]
    assert not (folders.root() / NAME / "集体资产.csv").exists()


def test_one_data_set_has_one_day(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    with refusal("dataset-day"):
        brought(city, file("集体合同.csv", CONTRACTS), day=DAY + timedelta(days=1))
    with refusal("step-date"):
        brought(city, file("集体合同.csv", CONTRACTS), name="另一数据集", day=today() + timedelta(days=1))
    brought(city, file("集体合同.csv", CONTRACTS))
    assert json.loads((folders.root() / NAME / "dataset.json").read_text())["as_of"] == DAY.isoformat()


@pytest.mark.parametrize("name", ["../外面", ".ledgers", "a/b", "本系统村集体台账", "三", "", "数" * 41])
def test_no_name_leads_out_of_the_folder(city: World, name: str, tmp_path: Path) -> None:
    with refusal("dataset-name"):
        brought(city, file("集体资产.csv", ASSETS), name=name)
    assert not list(tmp_path.rglob("asset*"))


@pytest.mark.parametrize("name", ["集体资产.exe", "集体资产.xls", "集体资产"])
def test_another_kind_of_file_is_refused(city: World, name: str) -> None:
    with refusal("file-kind"):
        brought(city, file(name, ASSETS))


def test_two_files_of_one_table_are_refused(city: World) -> None:
    with refusal("table-twice"):
        brought(city, file("集体资产.csv", ASSETS), file("asset-2.csv", ASSETS))


def test_who_runs_nothing_brings_nothing_and_drops_nothing(city: World) -> None:
    with refusal("not-allowed"):
        brought(city, file("集体资产.csv", ASSETS), who="书记")
    brought(city, file("集体资产.csv", ASSETS))
    with as_(city.viewer("书记")) as by, refusal("not-allowed"):
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)
    assert folders.names() == [NAME]


def test_what_is_dropped_is_gone_from_the_disk_and_its_alerts_stay(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))
    villages.ran(city, dataset=NAME)
    with as_(city.viewer("干部甲")) as by:
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)
        assert RuleRun.objects.count() == 1
    assert (folders.names(), len(villages.alerts(city))) == ([], 2)
    assert not any(NUMBER.encode() in path.read_bytes() for path in folders.root().rglob("*") if path.is_file())
    verbs = list(Entry.objects.filter(verb__startswith="dataset.").order_by("seq").values_list("verb", "actor_name"))
    assert verbs == [("dataset.bring", "干部甲"), ("dataset.drop", "干部甲")]
    with as_(city.viewer("干部甲")) as by, refusal("dataset"):
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)


def test_what_an_administrator_laid_there_only_he_takes_away(city: World) -> None:
    villages.write()
    with as_(city.viewer("干部甲")) as by, refusal("laid-there"):
        drop_dataset(office=city.offices[OFFICE], dataset="三资台账", by=by)
    assert folders.names() == ["三资台账"]


@pytest.mark.parametrize("content", [b"PAR1" + b"\xff" * 3000 + b"PAR1", b"PAR1", b"", b"\0" * 5000])
def test_what_is_no_parquet_is_refused(city: World, content: bytes) -> None:
    with refusal("data"):
        brought(city, file("asset.parquet", content))
    assert folders.names() == []


def test_a_reading_that_does_not_end_is_ended_and_leaves_nothing(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_child, "MOST_SECONDS", 0.01)
    with refusal("unread"):
        brought(city, file("集体资产.csv", ASSETS))
    assert not any(path.is_file() for path in folders.root().rglob("*.*"))


def test_a_reader_that_dies_is_told_and_leaves_nothing(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_child, "HOME", Path("/nowhere"))  # its package is not there: it dies at once
    with refusal("unread"):
        brought(city, file("集体资产.csv", ASSETS))
    assert folders.names() == []


def test_who_brings_holds_off_the_others_and_no_transaction(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    real, seen = bringing.read_all, []

    def slowly(*args: Any, **more: Any) -> Any:
        seen.append(len(connection.savepoint_ids))
        with refusal("bringing"):
            brought(city, file("集体合同.csv", CONTRACTS), who="干部丙")
        with as_(city.viewer("干部丙")) as by, refusal("bringing"):
            drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)
        return real(*args, **more)

    monkeypatch.setattr(bringing, "read_all", slowly)
    with as_(city.viewer("干部甲")) as by:
        held = len(connection.savepoint_ids)
        bring_tables(new=NewTables(city.offices[OFFICE], NAME, DAY, [file("集体资产.csv", ASSETS)]), by=by)
    assert seen == [held]  # none more than the test's own
    monkeypatch.setattr(bringing, "read_all", real)
    brought(city, file("集体合同.csv", CONTRACTS), who="干部丙")  # the control: afterwards he may


def test_another_offices_data_set_is_neither_changed_nor_dropped(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    other = city.offices["第二监督检查室"]
    with as_(city.viewer("干部乙")) as by:
        with refusal("dataset-office"):
            new = NewTables(other, NAME, DAY, [file("集体资产.csv", ASSETS)], replaces=True)
            bring_tables(new=new, by=by)
        with refusal("dataset-office"):
            drop_dataset(office=other, dataset=NAME, by=by)
        bring_tables(new=NewTables(other, "二室", DAY, [file("集体资产.csv", ASSETS)]), by=by)  # the control
    assert folders.brought({other.pk}) == ["二室"]


def test_no_number_stands_among_the_headings_that_were_left_out(city: World) -> None:
    head = ASSETS.replace("备注", NUMBER)
    assert brought(city, file("集体资产.csv", head))[0].unknown == [NUMBER]
    kept = (folders.root() / NAME / "dataset.json").read_text()
    assert (NUMBER in kept, "…" in kept) == (False, True)


def test_what_would_fill_the_disk_is_refused(city: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Cells that are short in the file and long once they are read: 60 KB of it, bounded to a few MB of disk."""
    wide = pa.table({"asset_id": pa.array([f"A{n}" for n in range(200_000)]), **{name: pa.array(["x" * 900] * 200_000).dictionary_encode() for name in ("village", "status", "name", "place")}})  # fmt: skip
    pq.write_table(wide, tmp_path / "w.parquet", compression="zstd")
    content = (tmp_path / "w.parquet").read_bytes()
    assert len(content) < 2**21
    real = bringing.read_all
    monkeypatch.setattr(bringing, "MEMORY", "120MB")
    monkeypatch.setattr(bringing, "read_all", lambda *args, **more: real(*args, **more, spill="1MB"))
    with refusal("data"):
        brought(city, file("asset.parquet", content))
    assert folders.names() == []


def test_files_that_no_rule_knows_keep_a_data_set_from_being_dropped(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    (folders.root() / NAME / "人口库_原始.csv").write_text("x")  # as an administrator lays it there
    (folders.root() / "人口库").mkdir()
    (folders.root() / "人口库" / "raw.csv").write_text("x")
    assert folders.brought({city.offices[OFFICE].pk}) == []
    for name in (NAME, "人口库"):
        with as_(city.viewer("干部甲")) as by, refusal("laid-there"):
            drop_dataset(office=city.offices[OFFICE], dataset=name, by=by)
    assert folders.names() == sorted([NAME, "人口库"])


def test_what_a_killed_reading_left_goes_with_the_tick(city: World) -> None:
    left = folders.root() / ARRIVING / f"{PREFIX}dead"
    left.mkdir(parents=True)
    (left / "asset.csv").write_text(ASSETS)
    [job] = [job for job in PERIODIC if job.name == "crosscheck-arriving"]
    with own_folder(folders.root() / ARRIVING) as living:
        job.do()
        assert (left.exists(), living.exists()) == (False, True)  # the control: what somebody still reads stays
