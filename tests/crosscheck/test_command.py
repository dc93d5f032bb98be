"""The commands, as somebody at a terminal meets them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from jiandu.sources.crosscheck import rules, sql_text
from jiandu.sources.crosscheck.planting import Planted
from jiandu.sources.crosscheck.rule import CASE_DAY

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.once


def jiandu(*words: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "jiandu", *words],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "src"), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_made_data_is_the_same_for_a_seed_and_every_rule_finds_its_answers(tmp_path: Path) -> None:
    for name in ("one", "two"):
        jiandu("crosscheck", "make-data", "--rows", "100000", "--seed", "3", "--out", str(tmp_path / name), "--quiet")
    data = tmp_path / "one"
    made = sorted(path.name for path in data.iterdir() if path.is_file())
    assert "contract.parquet" in made
    assert [name for name in made if (data / name).read_bytes() != (tmp_path / "two" / name).read_bytes()] == []
    told = json.loads(
        jiandu("crosscheck", "run", "--data", str(data), "--answers", str(data / "answers.json"), "--json", "--quiet")
    )
    assert told["on"] == "2024-12-31"
    assert {name: (each["missed"], each["extra"]) for name, each in told["answers"].items()} == {
        name: ([], []) for name in told["answers"]
    }
    assert all(each["planted"] for each in told["answers"].values())
    assert not any(each["kept"] for each in told["rules"])
    again = json.loads(jiandu("crosscheck", "run", "SZ-01", "--data", str(data), "--json", "--quiet"))
    assert [each["kept"] for each in again["rules"]] == [True], "a second run keeps what was found"


@pytest.fixture
def data(tmp_path: Path, all_cases: tuple[Path, Planted]) -> Path:
    """The cases of all rules with their answers: a copy, for a run keeps its results beside the tables."""
    return Path(shutil.copytree(all_cases[0], tmp_path / "data"))


def test_a_wrong_answer_key_is_noticed(tmp_path: Path, data: Path) -> None:
    right = ("crosscheck", "run", "SZ-01", "--data", str(data), "--quiet", "--answers")
    jiandu(*right, str(data / "answers.json"))
    answers = json.loads((data / "answers.json").read_text())
    answers["rules"]["SZ-01"][0] = ["nobody"]
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(answers))
    said = jiandu("crosscheck", "run", "SZ-01", "--data", str(data), "--answers", str(wrong), "--quiet", code=1)
    assert "SZ-01：漏 missed 1，多 extra 1" in said


def test_rules_told_in_json_run_beside_the_others(tmp_path: Path, data: Path) -> None:
    file = tmp_path / "rules.json"
    told = {
        "id": "Z-1",
        "name": "变更过大",
        "level": "yellow",
        "shape": "compare",
        "table": "works",
        "where": [{"column": "changed_fen", "is": ">", "to": "contract_fen", "percent": 10}],
        "sentence": "工程{works_id}合同价{contract_fen}，变更{changed_fen}。",
        "blind": "看不见结算里的增量。",
        "basis": [{"title": "做法"}],
        "cases": [
            {"words": "多一分", "rows": {"works": [{"works_id": "W1", "changed_fen": 5_000_001}]}, "hits": [["W1"]]}
        ],
    }
    file.write_text(json.dumps(told), "utf-8")
    words = ("crosscheck", "run", "Z", "M17-1", "--rules-file", str(file), "--data", str(data), "--quiet", "--json")
    mine, ours = json.loads(jiandu(*words))["rules"]
    assert (mine["id"], mine["hits"]) == ("Z-1", ours["hits"])
    assert ours["hits"] > 0
    assert "CHANGED_FEN" in jiandu("crosscheck", "sql", "Z-1", "--rules-file", str(file)).upper()
    told["where"][0]["to"] = "started_on"
    file.write_text(json.dumps([told]), "utf-8")
    (wrong,) = json.loads(jiandu(*words, code=2))["errors"]
    assert (wrong["file"], wrong["of"], wrong["field"]) == ("rules.json", "Z-1", "where[0].to")
    told["where"][0] |= {"to": "contract_fen", "percent": 11}
    file.write_text(json.dumps([told]), "utf-8")
    (wrong,) = json.loads(jiandu(*words, code=2))["errors"]
    assert wrong["field"] == "cases[0]"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("run", "--data", "nowhere"), "没有这个文件夹"),
        (("run", "XX-99", "--data", "."), "没有这条规则"),
        (("run", "--data", "tests"), "没有规则要用的数据表"),
        (("run", "SZ-01", "--data", ".", "--on", "2024"), "应为日期"),
        (("run", "SZ-01", "--data", ".", "--param", "SZ-01"), "规则.参数=值"),
        (("sql", "SZ-01", "--dialect", "latin"), "没有这种 SQL 方言"),
        (("make-data", "--rows", "5"), "至少要"),
    ],
)
def test_what_cannot_be_done_says_why(words: tuple[str, ...], reason: str) -> None:
    told = json.loads(jiandu("crosscheck", *words, "--json", code=2))
    assert reason in told["errors"][0]["reason"]


def test_an_auditor_reads_a_rule_in_another_dialect() -> None:
    assert "`contract_id`" in jiandu("crosscheck", "sql", "SZ-01", "--dialect", "spark")
    (rule,) = rules.named(["SZ-01"])
    for dialect, sign in (("duckdb", "DATE_DIFF"), ("spark", "`contract_id`"), ("postgres", '"contract_id"')):
        assert sign in sql_text.of(rule, dialect, CASE_DAY)
