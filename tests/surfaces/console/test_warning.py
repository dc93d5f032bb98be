"""`warn` as a stranger runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from jiandu.surfaces.console.warning import HEAD

ROOT = Path(__file__).parents[3]
DATA = ROOT / "tests" / "warnings" / "data"
AGONA: list[int] = json.loads((DATA / "series.json").read_text("utf-8"))["salmonella.agona"]
KEYS = ["series", "t", "count", "expected", "threshold", "alarm", "method"]


def run(folder: Path, content: bytes, *words: str) -> tuple[int, Any]:
    """Exit code and what was printed: JSON where it was asked for, else (stdout, stderr)."""
    (folder / "counts.csv").write_bytes(content)
    env = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")}
    env |= {"JIANDU_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "jiandu", "warn", "counts.csv", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if "--json" in words else (done.stdout, done.stderr)


def agona(now: int = 4) -> bytes:
    counts = [*AGONA[:-1], now]
    return "".join(["series,t,count\n", *(f"agona,{t},{y}\n" for t, y in enumerate(counts, start=1))]).encode()


def test_json_gives_each_week_with_the_numbers_of_the_reference(tmp_path: Path) -> None:
    code, said = run(tmp_path, agona(), "--from", "305", "--json")
    assert (code, list(said), list(said["rows"][0])[:7]) == (0, ["rows", "summary"], [*KEYS])
    assert [row["t"] for row in said["rows"]] == [str(week) for week in range(305, 313)]
    assert [round(row["expected"], 4) for row in said["rows"]] == [
        2.1813,
        2.1053,
        1.9182,
        1.6739,
        1.6659,
        1.5771,
        1.6020,
        1.7367,
    ]
    assert [row["threshold"] for row in said["rows"]] == [8, 8, 8, 8, 7, 7, 7, 7]
    assert said["summary"] == {
        "series": 1, "weeks": 8, "alarms": 0, "probable": 0, "unjudged": 0, "methods": {"farrington": 8},
    }  # fmt: skip


def test_words_are_a_table_in_both_languages(tmp_path: Path) -> None:
    code, (said, errors) = run(tmp_path, agona(now=12))
    head, row, closing = said.splitlines()
    assert (code, errors) == (0, "")
    assert head.split() == [word for name in HEAD for word in name.split()]
    assert row.split()[:8] == ["agona", "312", "12", "1.74", "7", "是", "yes", "farrington"]
    assert row.index("farrington") + 1 == head.index("方法") + 11  # below each other: a Chinese character is two wide
    assert closing.startswith("1个系列、1周：1条提示，其中1条很可能不是偶然")


def test_methods_and_levels_can_be_asked_for(tmp_path: Path) -> None:
    _code, said = run(tmp_path, agona(), "--method", "ears", "--alpha", "0.001", "--json")
    assert [(row["method"], row["alarm"]) for row in said["rows"]] == [("ears-c2", False)]
    _code, said = run(tmp_path, agona(), "--method", "farrington", "--years", "3", "--json")
    assert [(row["method"], row["years"]) for row in said["rows"]] == [("farrington", 3)]


def test_many_weeks_show_alarms_alone_and_say_so(tmp_path: Path) -> None:
    code, (said, _errors) = run(tmp_path, agona(), "--from", "1")
    rows = [line.split() for line in said.splitlines()[1:-2]]
    assert (code, {row[5] for row in rows}, "--json" in said) == (0, {"是"}, True)


@pytest.mark.parametrize(
    ("content", "words", "said"),
    [
        ("series,t,count\n甲,1,多\n".encode(), (), {"row": 2, "column": "count", "value": "多"}),
        ("系列,周,件数\n甲,1,多\n".encode("gb18030"), (), {"row": 2, "column": "count", "value": "多"}),
        (b"series,t,count\na,1,1\n", ("--from", "9"), {"column": "--from"}),
        (b"series,t,count\na,1,1\n", ("--alpha", "1"), {}),
        (b"series,t,count\na,1,1\n", ("--years", "0"), {}),
        (b"", (), {"row": 1}),
    ],
)
def test_what_cannot_be_used_is_refused_with_where_and_why(
    tmp_path: Path, content: bytes, words: tuple[str, ...], said: dict[str, object]
) -> None:
    code, answer = run(tmp_path, content, *words, "--json")
    assert (code, list(answer)) == (2, ["errors"])
    (error,) = answer["errors"]
    assert said.items() <= error.items()
    assert " · " in error["reason"]


def test_a_refusal_in_words_prints_nothing_half(tmp_path: Path) -> None:
    code, (printed, complaint) = run(tmp_path, agona() + b"agona,313,many\n")
    assert (code, printed) == (2, "")
    assert complaint.startswith("row=314 column=count value=many 件数应为")


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")} | {
        "JIANDU_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    command = [sys.executable, "-m", "jiandu", "warn", "none.csv"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, "none.csv" in done.stderr) == (2, "", True)
