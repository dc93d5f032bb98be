"""The verdict on a log that is as it was written, on anchors of every kind, and what the command answers."""

import json
import tracemalloc

import pytest
from django.db import transaction
from tests.audit.acts import OFFICER, act, acts, head

from jiandu.base.audit import chain
from jiandu.base.audit.anchors import Anchor, append
from jiandu.base.audit.chain import NO_ANCHORS, report, verify_chain
from jiandu.base.audit.models import Head
from jiandu.base.audit.services import drop_anchor, record


@pytest.mark.usefixtures("log")
def test_empty_log_is_intact():
    verdict = verify_chain()
    assert (verdict.status, verdict.entries, verdict.first_bad_seq) == ("intact", 0, None)


@pytest.mark.usefixtures("log")
def test_without_anchors_it_says_what_cannot_be_found():
    acts(9)
    code, said = report(verify_chain())
    assert (code, said["entries"], said["anchored_to"]) == (0, 9, None)
    assert (NO_ANCHORS[0] in said["reason_zh"], NO_ANCHORS[1] in said["reason_en"]) == (True, True)
    assert said["notes"] == ("1条的内容已依规清除 · payloads erased on record: 1", " · ".join(NO_ANCHORS))
    assert json.loads(json.dumps(said))["status"] == "intact"


@pytest.mark.usefixtures("log")
def test_with_anchors_it_holds_up_to_the_last(tmp_path):
    path = tmp_path / "a.jsonl"
    for _ in range(3):
        acts(4)
        drop_anchor([path])
    act()
    verdict = verify_chain(anchors=path)
    assert (report(verdict)[0], verdict.status, verdict.entries, verdict.anchored_to) == (0, "intact", 13, 12)
    assert (verdict.reason_zh, " · ".join(NO_ANCHORS) in verdict.notes) == ("链条完整,与锚点一致", False)


@pytest.mark.usefixtures("log")
def test_unusable_anchors_leave_it_unknown(tmp_path):
    act()
    (tmp_path / "b.jsonl").write_text("nonsense\n")
    for name in ("a.jsonl", "b.jsonl"):
        verdict = verify_chain(anchors=tmp_path / name)
        assert (report(verdict)[0], verdict.status, verdict.entries, verdict.anchored_to) == (2, "unknown", 1, None)
        assert (str(tmp_path / name) in verdict.reason_zh, " · ".join(NO_ANCHORS) in verdict.notes) == (True, True)


@pytest.mark.usefixtures("log")
def test_torn_last_line_is_named(tmp_path):
    path = tmp_path / "a.jsonl"
    act()
    drop_anchor([path])
    with path.open("a") as file:
        file.write('{"seq"')
    verdict = verify_chain(anchors=path)
    assert (verdict.status, verdict.notes[0][:8]) == ("intact", "锚点文件最后一行")


@pytest.mark.usefixtures("log")
def test_anchor_ahead_of_the_log_means_a_lost_tail(tmp_path):
    path = tmp_path / "a.jsonl"
    acts(3)
    append(path, Anchor(7, "a" * 64, ""))
    code, said = report(verify_chain(anchors=path))
    assert (code, said["first_bad_seq"], said["reason_zh"]) == (1, 4, "末尾缺失:应有7条,现有3条")


@pytest.mark.usefixtures("log")
def test_anchors_that_contradict_each_other_are_a_rewriting(tmp_path):
    path = tmp_path / "a.jsonl"
    acts(2)
    drop_anchor([path])
    acts(2)
    drop_anchor([path])
    append(path, Anchor(4, "a" * 64, ""))
    verdict = verify_chain(anchors=path)
    assert (verdict.status, verdict.first_bad_seq, verdict.anchored_to) == ("broken", 3, 2)


@pytest.mark.usefixtures("log")
def test_sparse_anchors_name_the_span_that_was_rewritten(tmp_path):
    path = tmp_path / "a.jsonl"
    acts(4)
    drop_anchor([path])
    acts(4)
    append(path, Anchor(8, "a" * 64, ""))
    verdict = verify_chain(anchors=path)
    assert (verdict.first_bad_seq, verdict.reason_zh) == (5, "第5条至第8条被重写:第8条与锚点不符")


@pytest.mark.usefixtures("log")
def test_the_log_is_read_in_parts(monkeypatch):
    monkeypatch.setattr(chain, "CHUNK", 3)
    for count in (2, 3, 4, 6, 7):
        acts(count)
    assert verify_chain().entries == 22


@pytest.mark.usefixtures("log")
def test_the_log_may_grow_while_it_is_read(monkeypatch):
    acts(6)
    rows = chain._rows

    def slow():
        for number, row in enumerate(rows(), start=1):
            yield row
            if number in {3, 6}:
                act(payload={"meanwhile": number})

    monkeypatch.setattr(chain, "_rows", slow)
    monkeypatch.setattr(chain, "CHUNK", 4)
    verdict = verify_chain()
    assert (verdict.status, verdict.entries >= 7, head()[0]) == ("intact", True, 8)


@pytest.mark.usefixtures("log")
def test_a_log_that_cannot_be_read_is_unknown(monkeypatch):
    act()
    monkeypatch.setattr(Head._meta, "db_table", "nowhere")
    with transaction.atomic():
        verdict = verify_chain()
        transaction.set_rollback(True)
    assert (report(verdict)[0], verdict.reason_zh) == (2, "读取日志失败")


def peak_of_verifying():
    """Bytes that Python holds at most while the log is read."""
    tracemalloc.start()
    try:
        assert verify_chain().status == "intact"
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.usefixtures("log")
def test_memory_does_not_grow_with_the_log(monkeypatch):
    monkeypatch.setattr(chain, "CHUNK", 50)
    peaks = []
    for count in (60, 120, 480):
        with transaction.atomic():
            for number in range(count):
                record(OFFICER, "act", None, {"n": number})
        peaks.append(peak_of_verifying())
    assert peaks[2] < 1.2 * peaks[1]
