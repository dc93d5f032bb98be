"""The page of the full run's figures: one row a figure, shares added up, the same order always; nothing noted, nothing written."""

from pathlib import Path

import pytest
from tests import figures

from jiandu.project import testing

ROWS = """
## Access · 权限

| Figure 指标 | Database 数据库 | Value 实测值 | How 说明 |
| --- | --- | ---: | --- |
| leaks | SQLite | 0 answers | all |
| requests | PostgreSQL | 2,000 requests | all |
| requests | SQLite | 1,500 requests | all |

## Durability · 断电、强杀、并发、磁盘写满

| Figure 指标 | Database 数据库 | Value 实测值 | How 说明 |
| --- | --- | ---: | --- |
| slowest | SQLite | 1.25 s | – |
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(figures, "FOLDER", tmp_path / "full")
    return tmp_path / "full"


def test_fold_adds_shares_and_sorts(folder: Path, tmp_path: Path) -> None:
    figures.note("durability", "slowest", 1.25, "s", note="–")
    for value in (1000, 500):
        figures.note("access", "requests", value, "requests", note="all")
        figures.note("access", "leaks", 0, "answers", note="all")
    figures.note("access", "requests", 2000, "requests", note="all", database="PostgreSQL")
    assert figures.fold(folder, tmp_path / "page.md") == 0
    plain = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert figures.fold(folder, tmp_path / "page.md", said="one test was run again") == 0
    told = (tmp_path / "page.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in told if line not in plain.splitlines()] == ["one test was run again"]
    written = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert written.startswith(figures.HEAD)
    assert written.endswith(ROWS)


def test_fold_leaves_the_page_where_nothing_was_noted(folder: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("as it was", encoding="utf-8")
    figures.note("access", "requests", 1, "requests")
    figures.clear(folder)
    assert figures.fold(folder, page) == 1
    assert page.read_text(encoding="utf-8") == "as it was"


def test_an_area_without_a_heading_is_refused(folder: Path) -> None:
    with pytest.raises(KeyError):
        figures.note("elsewhere", "requests", 1, "requests")


@pytest.mark.parametrize(("codes", "last"), [((0, 0), "fold"), ((1, 0), "tests"), ((0, 1), "tests")])
def test_only_a_full_run_that_passed_writes_the_page(
    monkeypatch: pytest.MonkeyPatch, codes: tuple[int, int], last: str
) -> None:
    ran: list[list[str]] = []

    def call(command: list[str]) -> int:
        ran.append(command)
        return codes[1 if "tests.postgres" in command else 0] if "pytest" in command else 0

    monkeypatch.setattr(testing, "_prepare", lambda: True)
    monkeypatch.setattr(testing, "_call", call)
    assert testing.test(full=True) == int(any(codes))
    assert (ran[0][-1], ran[-1][-1]) == ("clear", last)
    ran.clear()
    testing.test(full=False)
    assert [command for command in ran if "tests.figures" in command] == []
