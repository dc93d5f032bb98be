"""Anchor files: whole lines, synced, once each; what is no anchor file is never taken for one."""

import json
import os
import threading

import pytest
from tests.audit.acts import act, acts, head

from jiandu.base.audit import anchors
from jiandu.base.audit.anchors import Anchor, Unreadable, append, read
from jiandu.base.audit.services import drop_anchor

ONE, TWO = Anchor(1, "a" * 64, "2022-03-22 01:02:03.000000"), Anchor(2, "b" * 64, "2022-03-22 02:02:03.000000")


def test_anchors_are_read_in_the_order_they_were_written(tmp_path):
    path = tmp_path / "on" / "another" / "disk.jsonl"
    assert [append(path, ONE), append(path, TWO), read(path)] == [True, True, ([ONE, TWO], False)]


def test_the_same_anchor_is_written_once(tmp_path):
    path = tmp_path / "a.jsonl"
    later = Anchor(ONE.seq, ONE.hash, TWO.at)
    assert [append(path, ONE), append(path, later), read(path)[0]] == [True, False, [ONE]]


def test_another_hash_at_the_same_number_is_written_too(tmp_path):
    path = tmp_path / "a.jsonl"
    other = Anchor(ONE.seq, TWO.hash, TWO.at)
    assert [append(path, ONE), append(path, other), read(path)[0]] == [True, True, [ONE, other]]


@pytest.mark.parametrize("length", range(1, 60, 7))
def test_a_torn_line_is_left_out_and_cut_off_by_the_next(tmp_path, length):
    path = tmp_path / "a.jsonl"
    append(path, ONE)
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:length])
    assert read(path) == ([ONE], True)
    append(path, TWO)
    assert read(path) == ([ONE, TWO], False)


def test_a_torn_only_line_is_no_anchor_and_is_cut_off(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text('{"seq": 1')
    with pytest.raises(Unreadable):
        read(path)
    append(path, ONE)
    assert read(path) == ([ONE], False)


def test_anchoring_goes_on_behind_a_line_that_is_no_anchor(tmp_path):
    path = tmp_path / "a.jsonl"
    path.write_text("nonsense\n")
    assert append(path, ONE)
    assert path.read_text().splitlines()[1:] == [json.dumps({"seq": 1, "hash": ONE.hash, "at": ONE.at})]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "nonsense\n",
        "[]\n",
        '{"seq": 1}\n',
        '{"seq": "1", "hash": "a", "at": "b"}\n',
        '{"seq": true, "hash": "a", "at": "b"}\n',
        '{"seq": 0, "hash": "a", "at": "b"}\n',
        '{"seq": 1, "hash": null, "at": "b"}\n',
        '{"seq": 1, "hash": "a", "at": "b", "more": 1}\n',
        "\udcff\n",
    ],
)
def test_what_holds_no_anchors_is_unreadable(tmp_path, text):
    path = tmp_path / "a.jsonl"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(Unreadable):
        read(path)


def test_missing_file_is_unreadable(tmp_path):
    with pytest.raises(Unreadable):
        read(tmp_path / "a.jsonl")


def test_writers_at_the_same_moment_write_whole_lines(tmp_path):
    path = tmp_path / "a.jsonl"
    many = [Anchor(number, f"{number:064x}", ONE.at) for number in range(1, 41)]
    threads = [threading.Thread(target=append, args=(path, anchor)) for anchor in many]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read(path)[0], key=lambda each: each.seq) == many


def test_file_is_for_its_owner_only(tmp_path):
    append(tmp_path / "a.jsonl", ONE)
    assert oct(os.stat(tmp_path / "a.jsonl").st_mode & 0o777) == "0o600"


@pytest.mark.usefixtures("log")
def test_dropped_anchor_is_the_head_in_both_files(settings, tmp_path):
    settings.DATA, settings.AUDIT_ANCHOR = tmp_path / "data", str(tmp_path / "far" / "b.jsonl")
    acts(3)
    assert drop_anchor() == 3
    found = [[(each.seq, each.hash) for each in read(path)[0]] for path in anchors.files()]
    assert found == [[head()], [head()]]


@pytest.mark.usefixtures("log")
def test_empty_log_drops_no_anchor(settings, tmp_path):
    settings.DATA, settings.AUDIT_ANCHOR = tmp_path, ""
    assert (drop_anchor(), list(tmp_path.iterdir())) == (0, [])


@pytest.mark.usefixtures("log")
def test_a_file_that_cannot_be_written_does_not_keep_the_other_from_it(tmp_path):
    act()
    (tmp_path / "file").write_text("")
    lost, kept = tmp_path / "file" / "a.jsonl", tmp_path / "b.jsonl"
    with pytest.raises(OSError, match="file"):
        drop_anchor([lost, kept])
    assert read(kept)[0][0].seq == 1
