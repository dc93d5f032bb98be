"""The command line as a stranger runs it: real processes, JSON on request, exit 2 with where and why, nothing half done."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from tests.filling.forms import by_months
from tests.workbooks.books import book, line

from jiandu.__main__ import REGISTERS as COMMANDS
from jiandu.base.books.known import REGISTERS
from jiandu.base.core.sheets import fill_form
from jiandu.results.filling.bindings import Binding, packed

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty installation."""
    folder = tmp_path_factory.mktemp("data")
    code, said = run(folder, "init", "--json")
    assert (code, said["dictionary_items"] > 0) == (0, True)
    return folder


def run(folder: Path, *words: str) -> tuple[int, Any]:
    """Exit code and what was printed: JSON where it was asked for, else (stdout, stderr)."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("JIANDU_")}
    env |= {"JIANDU_DATA": str(folder), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "jiandu", *words]
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout) if "--json" in words else (done.stdout, done.stderr)


def ledger(folder: Path, *lines: dict[str, Any]) -> str:
    path = folder / "ledger.xlsx"
    path.write_bytes(book(*lines))
    return str(path)


def test_import_errors_name_sheet_row_column_value_and_reason(data: Path) -> None:
    file = ledger(data, line(1), line(2, 登记日期="三月二日"), line(3, **{"涉及金额(元)": "若干"}))
    code, said = run(data, "import", "ledger", file, "--create-missing", "--commit", "--json")
    assert code == 2
    assert [(each["sheet"], each["row"], each["column"], each["value"]) for each in said["errors"]] == [
        ("台账", 4, "B", "三月二日"),
        ("台账", 5, "L", "若干"),
    ]
    assert all(" · " in each["reason"] for each in said["errors"])
    code, said = run(data, "import", "ledger", ledger(data, line(1)), "--create-missing", "--json")
    assert (code, said["create"], said["committed"]) == (0, 1, False)  # nothing had stayed


def test_unknown_names_are_told_and_created_only_when_asked(data: Path) -> None:
    file = ledger(data, line(11, 责任单位="市新设局", 牵头监督检查室="第九监督检查室"))
    code, said = run(data, "import", "ledger", file, "--json")
    assert (code, said["missing"]["units"], said["missing"]["offices"]) == (0, ["市新设局"], ["第九监督检查室"])
    code, said = run(data, "import", "ledger", file, "--commit", "--json")
    assert (code, sorted(each["value"] for each in said["errors"])) == (2, ["市新设局", "第九监督检查室"])
    code, said = run(data, "import", "ledger", file, "--commit", "--create-missing", "--json")
    assert (code, said["committed"], said["create"]) == (0, True, 1)
    code, said = run(data, "import", "ledger", file, "--commit", "--json")
    assert (code, said["create"], said["unchanged"]) == (0, 0, 1)


def test_a_register_comes_in_by_sheet_whole_or_not_at_all(data: Path) -> None:
    path = data / "units.csv"
    path.write_text("单位名称,性质,成立日期\n市新设局,怪,\n市设新局,机关,昨天\n", encoding="utf-8")
    code, said = run(data, "import", "units", str(path), "--commit", "--json")
    assert (code, [(each["row"], each["column"], each["value"]) for each in said["errors"]]) == (
        2,
        [(2, "B", "怪"), (3, "C", "昨天")],
    )
    assert all(" · " in each["reason"] for each in said["errors"])
    path.write_text("单位名称,性质,成立日期\n登记一局,机关,2021年3月1日\n", encoding="utf-8")
    looked = run(data, "import", "units", str(path), "--json")[1]
    assert (looked["counts"]["create"], looked["committed"]) == (1, False)
    taken = run(data, "import", "units", str(path), "--commit", "--json")[1]
    assert (taken["counts"]["create"], taken["committed"]) == (1, True)
    again = run(data, "import", "units", str(path), "--commit", "--json")[1]
    assert (again["counts"]["create"], again["counts"]["unchanged"]) == (0, 1)


def test_every_register_has_a_command() -> None:
    assert COMMANDS.keys() == REGISTERS.keys()


def units(folder: Path, *pages: tuple[str, ...]) -> str:
    """A workbook with the register on every page, each row one unit, below a title and above a total."""
    made = Workbook()
    for number, names in enumerate(pages):
        page = made.create_sheet(f"第{number + 1}页")
        for row in (["单位名册"], ["单位名称", "性质"], *([name, "机关"] for name in names), ["合计", len(names)]):
            page.append(row)
    del made["Sheet"]
    made.save(folder / "pages.xlsx")
    return str(folder / "pages.xlsx")


def test_nothing_of_a_workbook_is_left_out_in_silence(data: Path) -> None:
    code, said = run(data, "import", "units", units(data, ("分页一局",), ("分页二局",)), "--commit", "--json")
    assert (code, said["errors"][0]["rule"], "第2页" in said["errors"][0]["reason"]) == (2, "sheets-several", True)
    twice = load_workbook(ledger(data, line(1)))
    twice.copy_worksheet(twice.worksheets[0]).title = "去年"
    twice.save(data / "twice.xlsx")
    code, said = run(data, "import", "ledger", str(data / "twice.xlsx"), "--json")
    assert (code, said["errors"][0]["rule"], "去年" in said["errors"][0]["reason"]) == (2, "sheets-several", True)
    code, said = run(data, "import", "units", units(data, ("分页一局", "分页二局")), "--json")
    assert (code, said["rows"], said["counts"]["create"], said["skipped"]) == (0, 2, 2, [5])


REFUSED = [
    ("import", "talks", "nowhere.xlsx"),
    ("import", "ledger", "nowhere.xlsx"),
    ("measure", "no_such_measure", "--period", "2022", "--as-of", "2022-12-31"),
    ("measure", "project_findings", "--period", "twenty", "--as-of", "2022-12-31"),
    ("measure", "project_findings", "--period", "2022", "--as-of", "31.12.2022"),
    ("review", "2022", "--as-of", "gestern"),
]


@pytest.mark.parametrize("words", REFUSED, ids=[" ".join(each) for each in REFUSED])
def test_a_refusal_exits_2_and_says_why_in_json_and_in_words(data: Path, words: tuple[str, ...]) -> None:
    code, said = run(data, *words, "--json")
    assert (code, list(said), bool(said["errors"][0]["reason"])) == (2, ["errors"], True)
    code, (out, complaint) = run(data, *words)
    assert (code, out, said["errors"][0]["reason"] in complaint) == (2, "", True)


def test_a_refusal_says_why_in_both_languages(data: Path) -> None:
    folder = data / "none"
    code, said = run(data, "crosscheck", "run", "--data", str(folder), "--json")
    assert (code, said["errors"]) == (
        2,
        [{"rule": "data", "reason": f"没有这个文件夹：{folder} · no such folder: {folder}"}],
    )
    path = data / "petitions.csv"
    path.write_text("编号,内容\n1,路灯坏了\n", encoding="utf-8")
    code, said = run(data, "import", "petitions", str(path), "--json")
    assert (code, [" · " in each["reason"] for each in said["errors"]]) == (2, [True])


def test_what_was_never_made_asks_for_init(tmp_path: Path) -> None:
    path = tmp_path / "petitions.csv"
    path.write_text("编号,主题,时间,详情\n1,路灯,2024-01-05,路灯坏了\n", encoding="utf-8")
    code, said = run(tmp_path, "import", "petitions", str(path), "--json")
    assert (code, said["errors"][0]["rule"], "./jiandu init" in said["errors"][0]["reason"]) == (2, "not-made", True)


def test_a_reader_who_has_gone_is_no_error_of_the_program(data: Path) -> None:
    path = data / "many.csv"
    path.write_text(
        "id,text\n" + "".join(f"{n},村里的路灯坏了三个月没有人来修\n" for n in range(3000)), encoding="utf-8"
    )
    env = os.environ | {"JIANDU_DATA": str(data), "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-m", "jiandu", "repeats", str(path)]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as made:
        assert made.stdout is not None
        assert made.stderr is not None
        made.stdout.readline()
        made.stdout.close()
        assert (made.stderr.read(), made.wait()) == ("", 141)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 nonsense", b"a,b\r\n1,2\r\n"], ids=["empty", "damaged", "other"])
def test_a_file_that_is_no_ledger_is_refused(data: Path, content: bytes) -> None:
    path = data / "other.xlsx"
    path.write_bytes(content)
    code, said = run(data, "import", "ledger", str(path), "--commit", "--json")
    assert (code, said["errors"][0]["rule"]) == (2, "sheet-refused")


def test_figures_and_log_answer_in_json(data: Path) -> None:
    code, said = run(
        data, "measure", "project_findings", "--period", "2022", "--as-of", "2022-12-31", "--rows", "--json"
    )
    assert (code, said["value"], said["rows"], said["items"]) == (0, 0, 0, [])
    code, said = run(data, "review", "2022", "--as-of", "2022-12-31", "--json")
    assert (code, said["as_of"], said["figures"]["project_findings"]["value"]) == (0, "2022-12-31", 0)
    assert run(data, "review", "2022", "--json")[1]["as_of"] == "2022-12-31"
    assert run(data, "audit", "verify", "--json")[0] == 0


def test_fill_binds_by_heads_fills_and_fills_again(data: Path) -> None:
    blank, first, again = (data / name for name in ("空表.xlsx", "11月.xlsx", "10月.xlsx"))
    blank.write_bytes(by_months("2022年项目发现问题分月统计表", ["合计", "其他"]))
    words = ("--propose", "--period", "2022-11", "--out", str(first), "--json")
    code, said = run(data, "fill", str(blank), *words)
    assert (code, len(said["proposed"]), len(said["filled"]), len(said["later"])) == (0, 12, 11, 1)
    assert (said["as_of"], said["scope"], said["filled"][0]["value"]) == ("2022-11-30", "全市", 0)
    assert [one["cell"] for one in said["left"]] == [f"{letter}4" for letter in "BCDEFGHIJKLM"]
    code, said = run(data, "fill", str(first), "--period", "2022-10", "--out", str(again), "--json")
    assert (code, len(said["filled"]), len(said["later"]), again.exists()) == (0, 10, 2, True)


def test_fill_says_where_and_why(data: Path) -> None:
    blank, out = data / "未绑定.xlsx", data / "无.xlsx"
    blank.write_bytes(by_months("分月统计表", ["合计"]))
    code, said = run(data, "fill", str(blank), "--period", "2022-11", "--out", str(out), "--json")
    assert (code, said["errors"][0]["rule"], out.exists()) == (2, "unbound", False)
    wrong = Binding("分月", (3, 14), "project_findings", "month")
    blank.write_bytes(fill_form(blank.read_bytes(), [], kept=packed([wrong])).content)
    code, said = run(data, "fill", str(blank), "--period", "2022-11", "--out", str(out), "--json")
    (error,) = said["errors"]
    assert (code, error["sheet"], error["row"], error["column"], error["value"]) == (
        2,
        "分月",
        3,
        "N",
        "project_findings",
    )
    assert (error["reason"], out.exists()) == ("此格是文字或公式，不能填数，请取消绑定", False)
    blank.write_bytes(b"PK\x03\x04 no workbook")
    code, said = run(data, "fill", str(blank), "--period", "2022-11", "--out", str(out), "--json")
    assert (code, said["errors"][0]["rule"], "·" in said["errors"][0]["reason"]) == (2, "damaged", True)
