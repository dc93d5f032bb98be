"""A run: quality before rules, results kept one by one, what a result depends on, what bad data does to every alert."""

import dataclasses
import importlib.util
import inspect
import linecache
import os
import shutil
import signal
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.crosscheck.conftest import write

from jiandu.base.core.errors import Refused
from jiandu.sources.crosscheck import reading, rules, running, tables
from jiandu.sources.crosscheck.planting import Planted
from jiandu.sources.crosscheck.rule import CASE_DAY

ROOT = Path(__file__).parents[2]
SOME = ["SZ-01", "SZ-04", "SZ-10"]


@pytest.fixture
def folder(tmp_path: Path, all_cases: tuple[Path, Planted]) -> Path:
    """A copy of the cases, so that nothing that a run keeps is shared."""
    return Path(shutil.copytree(all_cases[0], tmp_path / "data"))


def asked(folder: Path, names: list[str] = SOME, **more: object) -> running.Asked:
    return running.Asked(rules.named(names), folder, more.pop("on", CASE_DAY), memory="1GB", **more)  # type: ignore[arg-type]


def test_a_second_run_keeps_the_results_and_a_change_does_not(folder: Path) -> None:
    first = running.run(asked(folder))
    assert [each.kept for each in first.outcomes] == [False] * 3
    assert [each.kept for each in running.run(asked(folder)).outcomes] == [True] * 3
    other_day = running.run(asked(folder, on=date(2024, 6, 30)))
    assert [each.kept for each in other_day.outcomes] == [False] * 3
    changed = running.run(asked(folder, changed={"SZ-01": {"grace_days": "45"}}))
    assert [each.kept for each in changed.outcomes] == [False, True, True]
    assert changed.outcomes[0].hits < first.outcomes[0].hits
    rows = pq.read_table(folder / "asset.parquet")
    pq.write_table(rows.slice(0, rows.num_rows - 1), folder / "asset.parquet")
    assert [each.kept for each in running.run(asked(folder)).outcomes] == [True, True, False]


def test_an_edit_of_what_a_rule_rests_on_meets_no_old_result(folder: Path) -> None:
    """The function with the hits is the same; another of its module says something else."""
    module = folder / "edited_rule.py"
    named: dict[str, list[str]] = {}
    for late in ("0", "30", "0"):
        module.write_text(EDITED.replace("LATE", late), "utf-8")
        linecache.checkcache(str(module))
        spec = importlib.util.spec_from_file_location("edited_rule", module)
        assert spec is not None
        assert spec.loader is not None
        sys.modules["edited_rule"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules["edited_rule"])
        rule = dataclasses.replace(rules.known()["SZ-01"], hits=sys.modules["edited_rule"].hits)
        named.setdefault(late, []).append(running.digest(asked(folder), running.found(folder, rule.tables), rule))
    assert named["0"][0] == named["0"][1] != named["30"][0]


def test_a_rule_rests_on_the_modules_that_it_takes_from() -> None:
    """SZ-09 asks with a function of SZ-08: an edit there is an edit of both. The state's rules are the collective's."""
    found = rules.known()
    wanted = {"SZ-09": {"sz09_sublet", "sz08_unwritten"}, "SZ-04": {"sz04_negotiated"}, "M16-4": {"sz01_expired"}}
    for name, modules in wanted.items():
        own = inspect.getmodule(found[name].hits)
        assert own is not None
        assert {each.__name__.rpartition(".")[2] for each in running._rests_on(own)} == modules


EDITED = """
def late(contract):
    return contract.late > LATE


def hits(g):
    return g.contract.filter(late(g.contract))
"""


def test_results_are_ordered_by_key_and_written_whole(folder: Path) -> None:
    outcome = running.run(asked(folder, ["SZ-01"])).outcomes[0]
    assert outcome.file is not None
    keys = [running.key_of(outcome.rule, hit) for hit in running.hits(outcome)]
    assert keys == sorted(keys)
    assert keys
    assert not list(outcome.file.parent.glob("*.part"))


@pytest.mark.once
def test_a_run_that_is_killed_goes_on_where_it_stopped(folder: Path) -> None:
    """Killed after its first results; what they were is kept, and the end is the same as of a run that nobody cut off."""
    command = [sys.executable, "-m", "jiandu", "crosscheck", "run", "--data", str(folder)]
    env = {"PYTHONPATH": str(ROOT / "src"), "PATH": os.environ["PATH"]}
    started = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    results = folder / running.KEPT / "results"
    until = time.monotonic() + 120
    while len(list(results.glob("*.parquet"))) < 3 and started.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    started.send_signal(signal.SIGKILL)
    started.wait()
    before = {path: path.stat().st_mtime_ns for path in results.glob("*.parquet")}
    assert len(before) >= 3
    done = running.run(running.Asked(list(rules.known().values()), folder, CASE_DAY, memory="1GB"))
    kept = [each for each in done.outcomes if each.kept]
    assert {each.file for each in kept} == set(before), "each finished result was kept, no other"
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert not list(results.glob("*.part"))
    fresh = running.run(running.Asked(list(rules.known().values()), folder, CASE_DAY, memory="1GB", fresh=True))
    assert [running.hits(each) for each in done.outcomes] == [running.hits(each) for each in fresh.outcomes]


def test_a_table_that_is_not_there_leaves_its_rules_out_and_says_so(folder: Path) -> None:
    (folder / "asset.parquet").unlink()
    told = {each.rule.id: each for each in running.run(asked(folder)).outcomes}
    assert told["SZ-10"].missing == ("asset",)
    assert told["SZ-10"].file is None
    assert told["SZ-01"].hits, "rules of other tables still ran"


def test_bad_data_is_said_on_every_outcome_that_reads_it(tmp_path: Path) -> None:
    rows = Planted(
        rows={
            "contract": [
                {
                    "contract_id": "C1",
                    "village": "V",
                    "start_on": CASE_DAY,
                    "end_on": date(2024, 1, 1),
                    "status": "履行中",
                },
                {
                    "contract_id": "C1",
                    "village": "V",
                    "start_on": CASE_DAY,
                    "end_on": date(2024, 1, 1),
                    "status": "履行中",
                },
                {"contract_id": "C2", "village": None, "start_on": CASE_DAY, "end_on": CASE_DAY, "status": "履行中"},
            ],
            "asset": [{"asset_id": "A1", "village": "V", "status": "自用", "user_id": "11010519491231002X"}],
        }
    )
    write(tmp_path / "data", rows)
    done = running.run(asked(tmp_path / "data"))
    doubts = {each.rule.id: {(fault.column, fault.kind) for fault in each.doubts} for each in done.outcomes}
    assert doubts["SZ-01"] == {("village", "missing"), ("contract_id", "repeated")}
    assert doubts["SZ-10"] == doubts["SZ-01"]
    assert done.qualities["asset"].faults == ()
    assert done.qualities["contract"].span["end_on"] == ("2024-01-01", "2024-12-31")
    assert "contract.village未填1行，占33.33%" in done.qualities["contract"].faults[0].words


def test_numbers_that_cannot_be_are_counted_not_dropped(tmp_path: Path) -> None:
    good, bad = "11010519491231002X", "110105194912310021"
    write(
        tmp_path / "data",
        Planted(
            rows={
                "person": [{"id_no": good}, {"id_no": bad}, {"id_no": "1"}],
                "company": [{"uscc": "91350100M000100Y43"}, {"uscc": "91350100M000100Y44"}, {"uscc": "I" * 18}],
            }
        ),
    )
    sources = running.found(tmp_path / "data", ["person", "company"])
    assert set(sources) == {"person", "company"}
    from jiandu.base.engine.engines import open_engine
    from jiandu.sources.crosscheck import quality, tables

    with open_engine("duckdb", scratch=tmp_path / "s", memory="500MB") as engine:
        told = {
            name: quality.judge(engine, tables.named(name), engine.table(name, source.path))
            for name, source in sources.items()
        }
    assert {(name, each.column, each.rows, each.of) for name, one in told.items() for each in one.faults} == {
        ("person", "id_no", 2, 3),
        ("company", "uscc", 2, 3),
    }


def test_every_table_with_errors_is_told_before_any_rule_runs(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "contract.csv").write_text("contract_id,village,start_on,end_on,status\nC1,甲村,昨天,明天,履行中\n")
    (data / "集体资产.csv").write_text("asset_id,village\nA1,甲村\n")
    with pytest.raises(reading.Unreadable) as caught:
        running.run(asked(data))
    assert {(each["table"], each.get("row")) for each in caught.value.errors} == {("contract", 2), ("asset", 1)}
    assert not (data / running.KEPT / "results").exists()


def test_two_files_of_one_table_are_refused_but_what_was_brought_in_goes_before_its_source(tmp_path: Path) -> None:
    text = "合同编号,村居,起始日期,终止日期,状态\nC1,甲村,2020-01-01,2024-01-01,履行中\n"
    for name in ("contract.csv", "集体合同.csv"):
        (tmp_path / name).write_text(text, "utf-8")
    with pytest.raises(reading.Unreadable, match=r"contract\.csv、集体合同\.csv"):
        running.found(tmp_path, ["contract"])
    scratch = tmp_path / "scratch"
    reading.bring(tables.named("contract"), tmp_path / "contract.csv", tmp_path / "contract.parquet", scratch=scratch)
    assert running.found(tmp_path, ["contract"])["contract"].path == tmp_path / "contract.parquet"


def test_csv_is_read_once_and_again_only_when_it_changed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    text = "合同编号,村居,起始日期,终止日期,状态\nC1,甲村,2020-01-01,2024-01-01,履行中\n"
    (data / "集体合同.csv").write_text(text)
    said: list[str] = []
    assert running.run(asked(data, ["SZ-01"], say=said.append)).outcomes[0].hits == 1
    assert any("集体合同.csv：1行" in line for line in said)
    said.clear()
    running.run(asked(data, ["SZ-01"], say=said.append))
    assert not any("集体合同.csv" in line for line in said)
    (data / "集体合同.csv").write_text(text + "C2,甲村,2020-01-01,2024-01-01,履行中\n")
    assert running.run(asked(data, ["SZ-01"])).outcomes[0].hits == 2


def test_a_parameter_that_is_not_there_or_no_number(folder: Path) -> None:
    for changed, reason in (({"days": 3}, "没有参数"), ({"grace_days": "many"}, "应是数")):
        with pytest.raises(Refused, match=reason):
            running.run(asked(folder, ["SZ-01"], changed={"SZ-01": changed}))
