"""带入数据表: files become tables of a data set, all or none; what was wrong is told where; nothing else is kept."""

import io
import json
import os
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.db import connection
from openpyxl import Workbook, load_workbook
from tests.crosscheck import villages
from tests.crosscheck.villages import DAY, NUMBER, OFFICE, UNIT
from tests.world import SYSTEM, World, as_

from jiandu.base.audit.models import Entry
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.engine.scratch import PREFIX, own_folder
from jiandu.base.jobs import folder as job_folder
from jiandu.base.jobs.models import Job
from jiandu.base.jobs.services import ATTEMPTS
from jiandu.sources.crosscheck import arriving, folders, jobs, reading_child, tables
from jiandu.sources.crosscheck.models import RuleRun
from jiandu.sources.crosscheck.services import bringing
from jiandu.sources.crosscheck.services.bringing import File, NewTables, ask_bring, drop_dataset
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


def asked(city: World, *files: File, who: str = "干部甲", name: str = NAME, day: date = DAY, **more: Any) -> Job:
    """What was handed in and waits."""
    with as_(city.viewer(who)) as by:
        return ask_bring(new=NewTables(city.offices[OFFICE], name, day, list(files), **more), by=by)


def worked(job: Job) -> Job:
    """The job as the worker leaves it."""
    jobs.bring_tables.call(job.pk)
    with as_(SYSTEM):
        return Job.objects.get(pk=job.pk)


def brought(city: World, *files: File, **more: Any) -> dict[str, Any]:
    """What came of tables that were handed in and read: nothing wrong."""
    job = worked(asked(city, *files, **more))
    assert (job.status, job.reason, job.said.get("errors")) == ("done", "", None)
    said: dict[str, Any] = job.said
    return said


def wrong(city: World, *files: File, **more: Any) -> list[str]:
    """The places of what is wrong, and that nothing of what was handed in is left."""
    job = worked(asked(city, *files, **more))
    assert job.status == "done", job.reason
    assert not left()
    return [f"{one['file']} {one['row']} {one['column']} {one['reason']}" for one in job.said["errors"]]


def left() -> list[Path]:
    """Files on their way: sealed, in clear, ready."""
    return [path for path in arriving.place().rglob("*") if path.is_file() and path.name != "lock"]


def rows(table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folders.root() / NAME / f"{table}.parquet").to_pylist()
    return found


def test_files_become_tables_and_a_run_finds_what_is_in_them(city: World) -> None:
    said = brought(city, file("集体资产.csv", ASSETS), file("contract_2022.csv", CONTRACTS.encode("gb18030")))
    told = [(name, one["rows"], one["unknown"]) for name, one in said["came"].items()]
    assert told == [("asset", 2, ["备注"]), ("contract", 1, [])]
    run = villages.ran(city, dataset=NAME)
    assert (run.on, {each["id"]: each["hits"] for each in run.rules}) == (DAY, {"SZ-01": 1, "SZ-10": 1})
    assert [held.came["file"] for held in folders.held(folders.root() / NAME)] == ["集体资产.csv", "contract_2022.csv"]


def test_a_workbook_whose_name_says_nothing_is_the_table_that_was_chosen(city: World) -> None:
    book, out = Workbook(), io.BytesIO()
    for line in ASSETS.splitlines():
        book.active.append(line.split(","))
    book.save(out)
    with refusal("which-table"):
        asked(city, file("汇总.xlsx", out.getvalue()))
    brought(city, file("汇总.xlsx", out.getvalue()), table="asset")
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-002"]
    with refusal("one-table"):
        asked(city, file("甲.csv", ASSETS), file("乙.csv", ASSETS), table="asset", replaces=True)


def test_one_wrong_cell_keeps_every_file_out_and_is_told_with_its_place(city: World) -> None:
    bad = CONTRACTS.replace("2021-12-31", "年底")
    told = wrong(city, file("集体资产.csv", ASSETS), file("集体合同.csv", bad))
    assert told == ["集体合同.csv 2 终止日期 应为日期 · a date is wanted"]
    assert folders.names() == []
    outcomes = Entry.objects.filter(verb="dataset.bring").values_list("outcome", flat=True)
    assert list(outcomes) == ["refused"]
    brought(city, file("集体资产.csv", ASSETS), file("集体合同.csv", CONTRACTS))  # the control
    assert folders.names() == [NAME]


def test_every_place_stands_in_a_sheet_and_what_stands_there_does_not(city: World) -> None:
    bad = ASSETS.splitlines()[0] + "\n" + "".join(f"XB-{n},{UNIT},厂房,经营性,自用,{NUMBER},,,\n" for n in range(40))
    job = worked(asked(city, file("集体资产.csv", bad)))
    rows = list(load_workbook(io.BytesIO(job_folder.result(job).read_bytes())).active.values)
    listed = [row for row in rows if row[0] == "集体资产.csv"]
    assert (job.said["total"], len(job.said["errors"]), len(listed)) == (40, bringing.TOLD, 40)
    assert listed[-1] == ("集体资产.csv", 41, "状态起始", "应为日期 · a date is wanted")
    assert NUMBER not in str(rows)
    assert NUMBER in bad  # the control
    assert not left()


def test_cells_that_cannot_be_right_are_told_when_the_table_comes(city: World) -> None:
    said = brought(city, file("集体资产.csv", ASSETS.replace(NUMBER, NUMBER[:-1] + "0")))
    assert [(table, one["kind"], one["rows"]) for table, one in said["faults"]] == [("asset", "invalid", 1)]
    assert brought(city, file("集体资产.csv", ASSETS), replaces=True)["faults"] == []  # the control


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
        asked(city, file("集体资产.csv", other))
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-002"]
    (folders.root() / NAME / "集体资产.csv").write_text(ASSETS)  # as an administrator lays it there
    brought(city, file("asset.csv", other), replaces=True)
    assert [row["asset_id"] for row in rows("asset")] == ["XB-001", "XB-003"]
    assert not (folders.root() / NAME / "集体资产.csv").exists()


def test_one_data_set_has_one_day(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    with refusal("dataset-day"):
        asked(city, file("集体合同.csv", CONTRACTS), day=DAY + timedelta(days=1))
    with refusal("step-date"):
        asked(city, file("集体合同.csv", CONTRACTS), name="另一数据集", day=today() + timedelta(days=1))
    brought(city, file("集体合同.csv", CONTRACTS))
    assert json.loads((folders.root() / NAME / "dataset.json").read_text())["as_of"] == DAY.isoformat()


@pytest.mark.parametrize("name", ["../外面", ".ledgers", "a/b", "本系统村集体台账", "三", "", "数" * 41])
def test_no_name_leads_out_of_the_folder(city: World, name: str, tmp_path: Path) -> None:
    with refusal("dataset-name"):
        asked(city, file("集体资产.csv", ASSETS), name=name)
    assert not list(tmp_path.rglob("asset*"))


@pytest.mark.parametrize("name", ["集体资产.exe", "集体资产.xls", "集体资产"])
def test_another_kind_of_file_is_refused(city: World, name: str) -> None:
    with refusal("file-kind"):
        asked(city, file(name, ASSETS))


def test_two_files_of_one_table_are_refused(city: World) -> None:
    with refusal("table-twice"):
        asked(city, file("集体资产.csv", ASSETS), file("asset-2.csv", ASSETS))


def test_who_runs_nothing_brings_nothing_and_drops_nothing(city: World) -> None:
    with refusal("not-allowed"):
        asked(city, file("集体资产.csv", ASSETS), who="书记")
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
    assert verbs == [(f"dataset.{verb}", "干部甲") for verb in ("ask", "bring", "drop")]
    with as_(city.viewer("干部甲")) as by, refusal("dataset"):
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)


def test_what_an_administrator_laid_there_only_he_takes_away(city: World) -> None:
    villages.write()
    with as_(city.viewer("干部甲")) as by, refusal("laid-there"):
        drop_dataset(office=city.offices[OFFICE], dataset="三资台账", by=by)
    assert folders.names() == ["三资台账"]


@pytest.mark.parametrize("content", [b"PAR1" + b"\xff" * 3000 + b"PAR1", b"PAR1", b"", b"\0" * 5000])
def test_what_is_no_parquet_is_refused(city: World, content: bytes) -> None:
    assert len(wrong(city, file("asset.parquet", content))) == 1
    assert folders.names() == []


def test_a_reading_that_does_not_end_is_ended_and_leaves_nothing(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_child, "MOST_SECONDS", 0.01)
    job = worked(asked(city, file("集体资产.csv", ASSETS)))
    assert (job.status, "没有读成" in job.reason, left(), folders.names()) == ("failed", True, [], [])


def test_a_reader_that_dies_is_told_and_leaves_nothing(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_child, "HOME", Path("/nowhere"))  # its package is not there: it dies at once
    job = worked(asked(city, file("集体资产.csv", ASSETS)))
    assert (job.status, "没有读成" in job.reason, left(), folders.names()) == ("failed", True, [], [])


def test_who_brings_holds_off_the_others_and_on_sqlite_no_transaction(
    city: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, seen = bringing.read_all, []

    def slowly(*args: Any, **more: Any) -> Any:
        seen.append(len(connection.savepoint_ids))
        with as_(city.viewer("干部丙")) as by, refusal("bringing"):
            drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)
        return real(*args, **more)

    job = asked(city, file("集体资产.csv", ASSETS))
    monkeypatch.setattr(bringing, "read_all", slowly)
    held = len(connection.savepoint_ids)
    worked(job)
    assert seen == [held + (connection.vendor == "postgresql")]  # there row-level security needs one to read
    with as_(city.viewer("干部丙")) as by:
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)  # the control: afterwards he may


def test_what_waits_is_sealed_and_a_second_upload_of_the_office_is_told_to_wait(city: World) -> None:
    job = asked(city, file("集体资产.csv", ASSETS))
    on_disk = b"".join(path.read_bytes() for path in folders.root().rglob("*") if path.is_file())
    assert (NUMBER.encode() in on_disk, "某人".encode() in on_disk) == (False, False)
    assert sorted(path.name for path in left()) == ["asset.csv", "key"]
    with refusal("bringing-waits"):
        asked(city, file("集体合同.csv", CONTRACTS), who="干部丙")
    other = NewTables(city.offices["第二监督检查室"], "二室", DAY, [file("集体合同.csv", CONTRACTS)])
    with as_(city.viewer("干部乙")) as by:
        ask_bring(new=other, by=by)  # another office need not
    worked(job)
    assert NUMBER in {row["user_id"] for row in rows("asset")}  # the control: it was what was sealed
    asked(city, file("集体合同.csv", CONTRACTS), who="干部丙")


def test_uploads_that_wait_have_a_bound(city: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bringing, "MOST_WAITING", 1)
    asked(city, file("集体资产.csv", ASSETS))
    new = NewTables(city.offices["第二监督检查室"], "二室", DAY, [file("集体合同.csv", CONTRACTS)])
    with as_(city.viewer("干部乙")) as by:
        with refusal("bringing"):
            ask_bring(new=new, by=by)
        monkeypatch.setattr(bringing, "MOST_WAITING", 2)
        ask_bring(new=new, by=by)  # the control


def test_what_was_asked_is_asked_again_when_it_is_read(city: World) -> None:
    """A right that was taken, a table that came meanwhile by an administrator: it is refused as it would be at once."""
    job = asked(city, file("集体资产.csv", ASSETS))
    villages.write(NAME)
    done = worked(job)
    assert (done.status, "由管理员放入数据文件夹" in done.reason, left()) == ("failed", True, [])


@pytest.mark.parametrize("altered", [False, True])
def test_an_upload_that_was_altered_on_the_disk_is_not_read(city: World, altered: bool) -> None:
    job = asked(city, file("集体资产.csv", ASSETS))
    if altered:
        [sealed] = [path for path in left() if path.name == "asset.csv"]
        content = bytearray(sealed.read_bytes())
        content[len(content) // 2] ^= 1
        sealed.write_bytes(content)
    done = worked(job)
    assert (done.status, "重新带入" in done.reason) == (("failed", True) if altered else ("done", False))
    assert left() == []


def test_another_offices_data_set_is_neither_changed_nor_dropped(city: World) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    other = city.offices["第二监督检查室"]
    with as_(city.viewer("干部乙")) as by:
        with refusal("dataset-office"):
            new = NewTables(other, NAME, DAY, [file("集体资产.csv", ASSETS)], replaces=True)
            ask_bring(new=new, by=by)
        with refusal("dataset-office"):
            drop_dataset(office=other, dataset=NAME, by=by)
        job = ask_bring(new=NewTables(other, "二室", DAY, [file("集体资产.csv", ASSETS)]), by=by)
    worked(job)  # the control
    assert folders.brought({other.pk}) == ["二室"]


def test_no_number_stands_among_the_headings_that_were_left_out(city: World) -> None:
    head = ASSETS.replace("备注", NUMBER)
    said = brought(city, file("集体资产.csv", head), file(f"{NUMBER} 的合同/contract.csv", CONTRACTS))
    assert (said["came"]["asset"]["unknown"], said["came"]["contract"]["file"]) == (["…"], "…")
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
    [told] = wrong(city, file("asset.parquet", content))
    assert "内存" in told or "磁盘" in told
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
    left = arriving.place() / f"{PREFIX}dead"
    left.mkdir(parents=True)
    (left / "asset.csv").write_text(ASSETS)
    [job] = [job for job in PERIODIC if job.name == "crosscheck-arriving"]
    with own_folder(arriving.place()) as living:
        job.do()
        assert (left.exists(), living.exists()) == (False, True)  # the control: what somebody still reads stays


def test_a_job_that_killed_its_workers_is_given_up_and_leaves_nothing(city: World) -> None:
    job = asked(city, file("集体资产.csv", ASSETS))
    with as_(SYSTEM):
        Job.objects.filter(pk=job.pk).update(status=Job.Status.RUNNING, attempts=ATTEMPTS)
    done = worked(job)
    assert (done.status, left(), folders.names()) == ("failed", [], [])
    brought(city, file("集体资产.csv", ASSETS))  # the control: the office may bring again


def test_what_no_worker_reads_for_a_day_goes_and_the_office_may_bring_again(city: World) -> None:
    job = asked(city, file("集体资产.csv", ASSETS))
    arriving.sweep()
    assert left()  # the control: it waits
    day_ago = time.time() - arriving.KEEP_SECONDS
    [sealed] = (arriving.place() / "sealed").iterdir()
    os.utime(sealed, (day_ago, day_ago))
    arriving.sweep()
    assert left() == []
    done = worked(job)
    assert (done.status, "重新带入" in done.reason) == ("failed", True)
    brought(city, file("集体资产.csv", ASSETS))


def test_what_is_ready_waits_for_the_word_that_its_job_is_done(city: World) -> None:
    """A refusal after the tables were made ready, or no word at all: they go, and the set stays as it was."""
    job = asked(city, file("集体资产.csv", ASSETS))
    made = arriving.place() / "made"
    for status, names in (("running", []), ("failed", []), ("done", [NAME])):
        made.mkdir()
        (made / "asset.parquet").write_bytes(b"x")
        said = {"as_of": DAY.isoformat(), "office": 1, "came": {"asset": {}}}
        arriving.make_ready(job.uid, made, {"dataset": NAME, "tables": ["asset"], "said": said})
        with as_(SYSTEM):
            Job.objects.filter(pk=job.pk).update(status=status)
        arriving.settle()
        assert (folders.names(), len(left()) > 2) == (names, status == "running")


def test_a_worker_killed_while_it_clears_what_is_done_stops_nobody(city: World) -> None:
    """All has moved and the plan is gone, the folder is not: the next one clears it, and goes on."""
    job = asked(city, file("集体资产.csv", ASSETS))
    empty = arriving.place() / "ready" / str(job.uid)
    empty.mkdir(parents=True)
    with as_(SYSTEM):
        Job.objects.filter(pk=job.pk).update(status=Job.Status.DONE)
    arriving.sweep()
    assert (empty.exists(), left()) == (False, [])
    brought(city, file("集体合同.csv", CONTRACTS))


def test_folders_on_the_way_are_for_the_service_alone(city: World) -> None:
    before = os.umask(0o022)
    try:
        job = asked(city, file("集体资产.csv", ASSETS))
        sealed = arriving.place() / "sealed" / str(job.uid)
        modes = [path.stat().st_mode & 0o777 for path in (sealed, *list(sealed.parents)[:3])]
        assert (sealed.parents[2], modes) == (folders.root(), [0o700] * 4)
        assert worked(job).status == "done"
        assert (arriving.place() / "ready").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_the_name_of_a_set_holds_nobodys_number(city: World) -> None:
    with refusal("dataset-number"):
        asked(city, file("集体资产.csv", ASSETS), name=f"核查{NUMBER}")
    with as_(SYSTEM):
        assert (left(), Job.objects.filter(name__contains=NUMBER).exists()) == ([], False)
    assert asked(city, file("集体资产.csv", ASSETS), name=f"核查{NUMBER[:-1]}").name  # the control: some other figures


def test_a_set_that_is_a_link_to_elsewhere_is_the_administrators(city: World, tmp_path: Path) -> None:
    """Nothing moves to another disk in one step, and what lies there would outlive the link."""
    brought(city, file("集体资产.csv", ASSETS))
    (folders.root() / NAME).rename(tmp_path / "elsewhere")
    (folders.root() / NAME).symlink_to(tmp_path / "elsewhere")
    with refusal("laid-there"):
        asked(city, file("集体合同.csv", CONTRACTS))
    with as_(city.viewer("干部甲")) as by, refusal("laid-there"):
        drop_dataset(office=city.offices[OFFICE], dataset=NAME, by=by)
    (folders.root() / NAME).unlink()
    (tmp_path / "elsewhere").rename(folders.root() / NAME)
    brought(city, file("集体合同.csv", CONTRACTS))  # the control


def test_a_link_laid_beside_a_table_that_was_brought_gives_way_and_stops_nobody(city: World, tmp_path: Path) -> None:
    brought(city, file("集体资产.csv", ASSETS))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.parquet").write_bytes(b"x")
    (folders.root() / NAME / "asset").symlink_to(tmp_path / "elsewhere")
    brought(city, file("集体资产.csv", ASSETS), replaces=True)
    arriving.settle()
    assert [path.name for path in folders.paths_of(folders.root() / NAME, tables.named("asset"))] == ["asset.parquet"]
    assert (tmp_path / "elsewhere" / "1.parquet").exists()  # what it pointed to is not ours
