"""The child is confined, the parent is not bothered; and the control: a plain process dies of the same files."""

import io
import os
import subprocess
import sys
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from tests.core.sheets.forge import MAIN, SHEET, around, big_entry, book, with_sheet
from tests.core.sheets.hostile import HOSTILE
from tests.core.sheets.memory import Growth

from jiandu.base.core.sheets import LARGE, SMALL, Limits, SheetRefused, read_rows
from jiandu.base.core.sheets.process import Child
from jiandu.base.core.sheets.wire import decode, encode, refused

MANY = b"x" * 200 + b",1\n"


def _refusal(data: bytes, limits: Limits) -> str:
    with pytest.raises(SheetRefused) as caught, read_rows(data, limits=limits) as rows:
        for _ in rows:
            pass
    return caught.value.code


def _slow_sheet() -> bytes:
    start = f"<worksheet {MAIN}>"
    return with_sheet(
        big_entry(SHEET, around(start, b"<a/>" * 10_000, 1500, "</worksheet>"), strategy=zlib.Z_HUFFMAN_ONLY)
    )


def test_kills_a_reader_that_uses_up_its_cpu_time() -> None:
    assert _refusal(_slow_sheet(), replace(SMALL, cpu_seconds=1)) == "too_slow"


def test_kills_a_reader_that_keeps_the_parent_waiting() -> None:
    assert _refusal(_slow_sheet(), replace(SMALL, wall_seconds=1)) == "too_slow"


def test_refuses_a_file_that_needs_too_much_memory() -> None:
    strings = b"".join(b"<si><t>%032d</t></si>" % at for at in range(800_000))
    entry = big_entry("xl/sharedStrings.xml", [f"<sst {MAIN}>".encode(), strings, b"</sst>"])
    with_strings = with_sheet(big_entry(SHEET, [f"<worksheet {MAIN}/>".encode()]), strings=entry)
    assert _refusal(with_strings, replace(SMALL, memory_bytes=90 * 1024 * 1024)) == "too_much_memory"


def test_refuses_a_stream_longer_than_the_limit() -> None:
    stream = io.BytesIO(MANY * 20_000)
    with (
        pytest.raises(SheetRefused, match="file_too_big"),
        read_rows(stream, limits=replace(SMALL, file_bytes=1 << 20)),
    ):
        pass


def test_gives_the_consumer_all_the_time_it_wants() -> None:
    with read_rows(MANY * 20_000, limits=replace(SMALL, wall_seconds=1)) as rows:
        next(rows)
        time.sleep(1.5)
        assert sum(1 for _ in rows) == 19_999


def test_accepts_the_full_number_of_rows_and_no_more() -> None:
    limits = replace(SMALL, rows=100)
    with read_rows(b"x\n" * 130, limits=limits) as rows:
        assert sum(1 for _ in rows) == 130
    assert _refusal(b"x\n" * 131, limits) == "too_many_rows"


def test_keeps_the_parent_small_while_many_rows_pass() -> None:
    data = MANY * 100_000
    with Growth() as growth, read_rows(data, limits=LARGE) as rows:
        assert sum(1 for _ in rows) == 100_000
    assert growth.mebibytes <= 50


def test_confines_the_child() -> None:
    with read_rows(MANY * 20_000) as rows:
        next(rows)
        process = Path("/proc") / str(rows._child._process.pid)
        lines = process.joinpath("limits").read_text(encoding="ascii").splitlines()
        found = {line[:26].strip(): line[26:].split()[:2] for line in lines}
        environment = process.joinpath("environ").read_bytes()
        open_files = sorted(os.listdir(process / "fd"))
    assert found["Max open files"] == ["3", "3"]
    assert found["Max address space"] == [str(1536 * 1024 * 1024)] * 2
    assert found["Max cpu time"] == ["20", "20"]
    assert found["Max core file size"] == ["0", "0"]
    assert environment == b""
    assert open_files == ["0", "1", "2"]


def test_ends_the_child_when_the_reader_leaves_early() -> None:
    with read_rows(MANY * 20_000) as rows:
        next(rows)
        pid = rows._child._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_ends_the_child_when_the_consumer_fails() -> None:
    with pytest.raises(ZeroDivisionError), read_rows(MANY * 20_000) as rows:
        next(rows).number / 0
    with pytest.raises(ProcessLookupError):
        os.kill(rows._child._process.pid, 0)


@pytest.mark.parametrize("job", ["read", "mark"])
def test_reports_a_child_that_dies(job: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(MANY * 20_000)
    with path.open("rb") as file:
        child = Child({"job": job, "problems": 0, "folder": "/", "watermark": ""}, SMALL, file.fileno())
        child._process.kill()
        list(child.blocks())
        assert not child.succeeded()
        assert child.verdict().code == "too_slow"
        child.close()


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"[1,", b"\xff", b"[" * 5000])
def test_refuses_what_no_reader_writes(line: bytes) -> None:
    with pytest.raises((ValueError, RecursionError)):
        decode(line)


def test_takes_an_unknown_reason_for_a_crash() -> None:
    assert refused("evil").code == "crashed"
    assert refused("dtd", 1).code == "crashed"
    assert refused("dtd", ["sheet", "表"]).detail == {"sheet": "表"}
    assert decode(encode(["refused", "dtd", ["sheet", "表"]])) == ["refused", "dtd", ["sheet", "表"]]


PLAIN = """
import resource, sys, openpyxl
resource.setrlimit(resource.RLIMIT_AS, (500 << 20, 500 << 20))  # a machine with so much to spare
resource.setrlimit(resource.RLIMIT_CPU, (5, 5))  # an impatient server
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for sheet in openpyxl.load_workbook(sys.argv[1], read_only=sys.argv[2] == "stream", data_only=True):
    for row in sheet.iter_rows(values_only=True):
        pass
"""


def _plain(path: Path, how: str) -> int:
    command = [sys.executable, "-W", "ignore", "-c", PLAIN, str(path), how]
    return subprocess.run(command, capture_output=True, check=False, timeout=120).returncode


@pytest.mark.parametrize(("name", "how"), [("string_of_300_mib", "stream"), ("sparse", "whole")])
def test_control_kills_a_plain_process(name: str, how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(HOSTILE[name][0]())
    assert _plain(path, how) != 0
    assert _refusal(path.read_bytes(), replace(SMALL, memory_bytes=500 << 20, cpu_seconds=5)) in HOSTILE[name][1]


def test_control_plain_process_survives_an_honest_file(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(book('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert _plain(path, "stream") == _plain(path, "whole") == 0
