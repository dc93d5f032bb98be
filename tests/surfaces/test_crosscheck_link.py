"""`./jiandu crosscheck link`: two registers from files, answers in words and JSON, errors with their place."""

import json
from pathlib import Path

import pytest

from jiandu.__main__ import main

A = "编号,姓名,身份证号,出生日期,住址\n1,王晓明,350205198001051239,1980-01-05,东孚街道山边村12号\n2,李 秀英,,19620303,东孚街道山边村13号\n"
B = "id,name,id_no,birth,place\nx,王小明,,19800105,海沧区东孚街道山边村12号\ny,陈志强,35020519750101,旧历三月,\nz,王晓亮,,19800105,东孚街道山边村12号\n"


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    one, other = tmp_path / "a.csv", tmp_path / "b.csv"
    one.write_text(A, encoding="gb18030")
    other.write_text(B, encoding="utf-8-sig")
    return str(one), str(other)


def test_pairs_are_told_with_what_each_comparison_adds(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crosscheck", "link", *files, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    pairs = {(pair["id_a"], pair["id_b"]): pair for pair in said["pairs"]}
    assert set(pairs) == {("1", "x"), ("1", "z")}
    same, twin = pairs["1", "x"], pairs["1", "z"]
    assert (same["verdict"], same["reason"]) == ("同一", "")
    assert (twin["verdict"], twin["reason"]) == (
        "待人工确认",
        "姓名不同，无相同的身份证号 · the name differs and no number bears it out",
    )
    assert [share["level"].split(" · ")[0] for share in same["shares"]] == [
        "姓名同音",
        "身份证号缺",
        "出生日期相同",
        "住址相同",
    ]
    assert same["start"] + sum(share["weight"] for share in same["shares"]) == pytest.approx(same["weight"], abs=0.03)
    summary = said["summary"]
    assert (summary["kind"], summary["rows_a"], summary["rows_b"]) == ("persons", 2, 3)
    assert (summary["same"], summary["to_confirm"], summary["another"]) == (1, 1, 0)
    unusable = {
        (note["table"], note["reason"].split("，")[0]): (note["rows"], note["first"]) for note in summary["unusable"]
    }
    assert unusable == {
        ("A", "身份证号校验不符"): (1, "1"),
        ("B", "身份证号不是15位或18位号码"): (1, "y"),
        ("B", "出生日期无法识别"): (1, "y"),
    }


def test_words_name_the_verdict_and_the_shares(files: tuple[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["crosscheck", "link", *files, "--min", "0.5"]) == 0
    said = capsys.readouterr().out
    assert "1  x  同一 same" in said
    assert "姓名同音 +" in said
    assert "同一1对，待人工确认1对 · 1 the same, 1 to confirm" in said
    assert "自然人 persons：2 × 3" in said


def test_a_register_of_companies_is_known_by_its_titles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "units.csv"
    file.write_text(
        "单位名称,统一社会信用代码,法定代表人,地址\n厦门鑫盛建设有限公司,,林志强,湖里区金山路8号\n"
        "鑫盛建设有限公司,,林志强,金山路8号\n厦门鑫盛建设有限公司同安分公司,,林志强,金山路8号\n",
        encoding="utf-8",
    )
    assert main(["crosscheck", "link", str(file), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["summary"]["kind"] == "companies"
    assert said["summary"]["rows_b"] is None
    assert {(pair["id_a"], pair["id_b"]): pair["verdict"] for pair in said["pairs"]} == {
        ("2", "3"): "同一",
        ("2", "4"): "待人工确认",
        ("3", "4"): "待人工确认",
    }


WRONG = [
    ("编号,电话\n1,2\n", "row=1 line=1 value=编号,电话 首行缺少栏目：name（姓名） · the first row lacks name"),
    ("id,name\n1,王\n1,李\n", "row=3 line=3 column=A value=1 编号重复，已见于第2行 · the id stands in row 2 already"),
    ("id,name\n,王\n", "row=2 line=2 column=A 没有编号 · no id"),
    ("id,name,id_no\n1,王\n", "row=2 line=2 column=B value=2 本行栏数不足 · this row has too few cells"),
    ("id,name,id_no\n1,,\n", "row=2 line=2 column=B 没有可比对的内容 · nothing to compare"),
    ('id,name\n1,"王\n', "row=2 line=2 引号不配对或单元格过长"),
]


@pytest.mark.parametrize(("text", "reason"), WRONG)
def test_what_cannot_be_used_is_told_with_its_place(
    text: str, reason: str, files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text(text, encoding="utf-8")
    assert main(["crosscheck", "link", files[0], str(file)]) == 2
    assert capsys.readouterr().err.startswith(f"sheet=wrong.csv {reason}")


def test_options_and_files_that_are_none_are_told(
    files: tuple[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crosscheck", "link", str(tmp_path / "none.csv")]) == 2
    assert "没有这个文件 · no such file" in capsys.readouterr().err
    assert main(["crosscheck", "link", *files, "--min", "0", "--memory", "much", "--spill", str(tmp_path / "no")]) == 2
    said = capsys.readouterr().err
    assert [line.split()[0] for line in said.splitlines()] == ["column=--min", "column=--memory", "column=--spill"]
    (tmp_path / "binary.csv").write_bytes(b"id,name\n1,\xff\xff\xff\n")
    assert main(["crosscheck", "link", str(tmp_path / "binary.csv"), "--json"]) == 2
    assert "GB 18030" in json.loads(capsys.readouterr().out)["errors"][0]["reason"]


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "long.csv"
    with file.open("w", encoding="utf-8") as out:
        out.write("id,name\n1,")
        for _ in range(60):
            out.write("王" * 100_000)
    assert main(["crosscheck", "link", str(file)]) == 2
    assert "line longer than" in capsys.readouterr().err


def test_a_limit_of_memory_that_is_too_small_is_told(
    files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["crosscheck", "link", *files, "--memory", "1MB"]) == 2
    assert capsys.readouterr().err.startswith(
        "column=--memory value=1MB 内存上限1MB不足 · the limit of memory is too small"
    )
