"""`check-bulletin` as a stranger runs it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]
WRONG = "表,行,列,数\n业务,业务内,本期,401\n业务,业务内,上年同期,687\n业务,业务内,增减,-268\n"


def run(folder: Path, content: bytes, *words: str) -> tuple[int, Any]:
    (folder / "bulletin.csv").write_bytes(content)
    env = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")}
    env |= {"JIANDU_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "jiandu", "check-bulletin", "bulletin.csv", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if "--json" in words else (done.stdout, done.stderr)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_pair_that_does_not_add_up_is_named_and_answers_one(tmp_path: Path, encoding: str) -> None:
    code, said = run(tmp_path, WRONG.encode(encoding), "--json")
    (fault,) = said["faults"]
    assert (code, fault["table"], fault["rule"], fault["said"], fault["should"]) == (
        1,
        "业务",
        "change",
        "-268",
        "-286",
    )
    assert [(cell["row"], cell["column"], cell["figure"], cell["line"]) for cell in fault["cells"]] == [
        ("业务内", "增减", "-268", 4),
        ("业务内", "本期", "401", 2),
        ("业务内", "上年同期", "687", 3),
    ]
    assert said["summary"] == {"compared": 1, "wrong": 1, "rounding": 0, "unchecked": 0}


def test_words_are_in_both_languages(tmp_path: Path) -> None:
    code, (said, errors) = run(tmp_path, WRONG.encode())
    first, closing = said.splitlines()
    assert (code, errors) == (1, "")
    assert first == (
        "不符 wrong  业务 第4行 line 4  “业务内·增减”写-268，687到401应为-286 · “业务内·增减” says -268, from 687 to 401 it is -286"
    )
    assert closing.startswith("核对1组，1组不符")


def test_what_adds_up_answers_nought(tmp_path: Path) -> None:
    code, said = run(tmp_path, WRONG.replace("-268", "-286").encode(), "--json")
    assert (code, said["faults"]) == (0, [])


def test_what_cannot_be_read_answers_two(tmp_path: Path) -> None:
    code, said = run(tmp_path, "行,列,数\n甲,本期,多\n".encode(), "--json")
    assert (code, [(each["row"], each["column"], each["value"]) for each in said["errors"]]) == (2, [(2, "C", "多")])
    code, (printed, errors) = run(tmp_path, b"")
    assert (code, printed, " · " in errors) == (2, "", True)
