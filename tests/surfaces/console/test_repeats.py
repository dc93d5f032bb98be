"""`jiandu repeats` as a stranger runs it on a table of his own."""

from pathlib import Path

import pytest
from tests.surfaces.console.test_commands import run
from tests.texts.test_repeats import EDITS, LETTER, OTHERS

NOBODY = "反映城管局窗口早早关门，群众办事白跑一趟，希望改进作风。"


def csv_of(*rows: tuple[str, ...]) -> str:
    return "".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)


def test_pairs_come_with_score_and_label_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = [("id", "text"), ("B9", NOBODY), ("A2", LETTER), ("A1", OTHERS), ("A0", EDITS["a slip in the name"])]
    (tmp_path / "t.csv").write_text(csv_of(*rows), encoding="utf-8")
    code, said = run(tmp_path, "repeats", "t.csv", "--json")
    assert code == 0
    assert [(pair["a"], pair["b"], pair["label"]) for pair in said["pairs"]] == [
        ("A2", "A1", "同类"),
        ("A2", "A0", "重复"),
        ("A1", "A0", "同类"),
    ]
    assert {key: said["summary"][key] for key in ("texts", "pairs", "repeats", "alike", "attached", "main_items")} == {
        "texts": 4,
        "pairs": 3,
        "repeats": 1,
        "alike": 2,
        "attached": 1,
        "main_items": 1,
    }
    code, (out, _) = run(tmp_path, "repeats", "t.csv", "--min-score", "0.95")
    assert (code, "重复 repeat" in out, "a person decides" in out) == (0, True, True)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_titles_in_chinese_in_any_order_and_any_encoding(tmp_path: Path, encoding: str) -> None:
    rows = [
        ("收件日期", "反映内容", "属地", "编号"),
        ("2021年3月5日", LETTER.replace("，", "，\r\n\t"), "同安区", "甲"),
        ("2022-01-02", LETTER, "", "乙"),
    ]
    (tmp_path / "t.csv").write_bytes(csv_of(*rows).encode(encoding))
    code, said = run(tmp_path, "repeats", "t.csv", "--json")
    assert (code, [(pair["a"], pair["b"], pair["label"]) for pair in said["pairs"]]) == (0, [("甲", "乙", "重复")])
    code, said = run(tmp_path, "repeats", "t.csv", "--json", "--months", "6")
    assert (code, said["pairs"]) == (0, [])


def test_a_text_gives_the_terminal_no_orders(tmp_path: Path) -> None:
    evil = "\x1b[2J\x07" + LETTER
    (tmp_path / "t.csv").write_text(csv_of(("id", "text"), ("1\x1b]0;x", evil), ("2", evil)), encoding="utf-8")
    code, (out, _) = run(tmp_path, "repeats", "t.csv")
    assert (code, "重复 repeat" in out, "\x1b" in out, "\x07" in out) == (0, True, False, False)


def test_another_place_is_evidence_against(tmp_path: Path) -> None:
    short = "群众反映王建国乱收费"
    rows = [("id", "text", "place"), ("1", short, "湖里区"), ("2", short, "同安区"), ("3", short, "湖里区殿前街道")]
    (tmp_path / "t.csv").write_text(csv_of(*rows), encoding="utf-8")
    _, said = run(tmp_path, "repeats", "t.csv", "--json", "--min-score", "0.01")
    score = {(pair["a"], pair["b"]): pair["score"] for pair in said["pairs"]}
    assert score["1", "2"] < score["1", "3"]


def test_wrong_rows_are_all_told_and_nothing_else(tmp_path: Path) -> None:
    table = 'id,text,date\n1,"两行\n内容",2021-01-01\n,没有编号,\n1,编号重复,\n4,,\n5\n6,日期不对,昨天\n'
    (tmp_path / "t.csv").write_text(table, encoding="utf-8")
    code, said = run(tmp_path, "repeats", "t.csv", "--json")
    assert code == 2
    assert [(each["row"], each["line"], each["column"], each["value"]) for each in said["errors"]] == [
        (3, 4, "A", ""),
        (4, 5, "A", "1"),
        (5, 6, "B", ""),
        (6, 7, "B", "1"),
        (7, 8, "C", "昨天"),
    ]
    assert all(" · " in each["reason"] for each in said["errors"])
    code, (out, err) = run(tmp_path, "repeats", "t.csv")
    assert (code, out, len(err.splitlines())) == (2, "", 5)


@pytest.mark.parametrize(
    ("content", "chinese"),
    [
        ("编号,日期\n1,2021-01-01\n".encode(), "首行缺少栏目"),
        ("id,text,text\n1,路灯坏了,水管坏了\n".encode(), "首行的栏目重复"),
        (b"", "首行缺少栏目"),
        ('id,text\n1,"没有关上\n2,再来'.encode(), "引号不配对"),
        (b"id,text\n1,\xff\xff\xff", "不是 UTF-8"),
        (b"id,text\n1," + b"a" * 110_000, "单元格过长"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, chinese: str) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    code, said = run(tmp_path, "repeats", "t.csv", "--json")
    assert (code, len(said["errors"])) == (2, 1)
    assert chinese in said["errors"][0]["reason"]


def test_a_missing_file_and_a_score_out_of_range_are_refused(tmp_path: Path) -> None:
    code, said = run(tmp_path, "repeats", "none.csv", "--json")
    assert (code, "没有这个文件" in said["errors"][0]["reason"]) == (2, True)
    (tmp_path / "t.csv").write_text("id,text\n", encoding="utf-8")
    assert run(tmp_path, "repeats", "t.csv", "--json", "--min-score", "7")[0] == 2
    assert run(tmp_path, "repeats", "t.csv", "--json", "--months", "0")[0] == 2
    code, said = run(tmp_path, "repeats", "t.csv", "--json")
    assert (code, said["pairs"]) == (0, [])
