"""Recording: one entry an act, in the act's transaction; looks before they are shown; erasure."""

import re
import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, connection, transaction
from tests.audit.acts import OFFICER, SYSTEM, UID, act, acts, head

from jiandu.base.audit.chain import verify_chain
from jiandu.base.audit.hashes import COLUMNS
from jiandu.base.audit.models import GENESIS, Entry, Head, Payload
from jiandu.base.audit.services import during, erase_payload, name_of, record, seen
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.vendor import triggers


def thing(**fields):
    """Something with the names that a record would have."""
    return SimpleNamespace(_meta=SimpleNamespace(label_lower="findings.finding"), pk=9, **fields)


@pytest.mark.usefixtures("log")
@time_machine.travel(datetime(2022, 3, 22, 1, 2, 3, 456789, tzinfo=UTC), tick=False)
def test_record_writes_who_did_what_when():
    viewer = Viewer(key="user:7", name="王小明", user_id=7, standing=SimpleNamespace(office_name="第二监督检查室"))
    with transaction.atomic(), during("r-17"):
        entry = record(viewer, "finding.verify", thing(uid=UID, level=2), {"on": date(2022, 3, 22), "通过": True})
    kept = Entry.objects.get()
    assert tuple(getattr(kept, name) for name in COLUMNS[:10]) == (
        1,
        datetime(2022, 3, 22, 1, 2, 3, 456789, tzinfo=UTC),
        "user:7",
        "王小明",
        "finding.verify",
        f"findings.finding:{UID}",
        "第二监督检查室",
        2,
        "done",
        "r-17",
    )
    assert (kept.prev, kept.hash, kept.payload.body) == (GENESIS, entry.hash, '{"on":"2022-03-22","通过":true}')
    assert head() == (1, entry.hash)


@pytest.mark.usefixtures("log")
def test_record_without_payload_keeps_no_payload_row():
    entry = act()
    assert (entry.payload_hash, Payload.objects.count(), verify_chain().status) == ("", 0, "intact")


@pytest.mark.usefixtures("log")
def test_record_follows_the_entry_before():
    first, second = act(), act()
    assert (first.seq, second.seq, second.prev) == (1, 2, first.hash)


@pytest.mark.usefixtures("log")
def test_record_outside_a_transaction_raises():
    with pytest.raises(RuntimeError, match="transaction of the act"):
        record(OFFICER, "finding.verify", None)
    assert Entry.objects.count() == 0


@pytest.mark.usefixtures("log")
def test_record_goes_with_the_act_when_it_is_rolled_back():
    act()
    with transaction.atomic():
        record(OFFICER, "finding.verify", None, {"a": 1})
        transaction.set_rollback(True)
    assert (Entry.objects.count(), head()[0], verify_chain().status) == (1, 1, "intact")


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("payload", [{"a": object()}, {"a": float("nan")}, {"a": "\ud800"}, {1: 1, "a": 2}])
def test_record_refuses_what_cannot_be_written_down_and_spoils_the_act(payload):
    with transaction.atomic():
        Entry.objects.create(seq=0, at=datetime.now(UTC))  # stands for the business write
        try:
            with transaction.atomic():
                record(OFFICER, "finding.verify", None, payload)
        except (TypeError, ValueError):
            transaction.set_rollback(True)
    assert Entry.objects.count() == 0


@pytest.mark.usefixtures("log")
def test_record_that_fails_leaves_nothing_of_the_act_even_when_the_error_is_swallowed():
    def service():
        with transaction.atomic():
            Entry.objects.create(seq=0, at=datetime.now(UTC))  # stands for the business write
            try:
                record(OFFICER, "x" * 65 if connection.vendor == "postgresql" else "x", None, {"a": object()})
            except (TypeError, ValueError):
                return

    service()
    assert Entry.objects.count() == 0


@pytest.mark.usefixtures("log")
def test_long_names_are_cut_and_verify():
    with transaction.atomic():
        record(Viewer(key="k" * 300, name="名" * 300, standing=SimpleNamespace(office_name="室" * 300)), "v", None)
    kept = Entry.objects.get()
    assert ([len(kept.actor), len(kept.actor_name), len(kept.org)], verify_chain().status) == ([128] * 3, "intact")


@pytest.mark.parametrize(
    ("what", "name"),
    [
        (None, ""),
        (thing(uid=UID), f"findings.finding:{UID}"),
        (thing(), "findings.finding:9"),
        (Entry(seq=4), "audit.entry:4"),
    ],
)
def test_things_are_named_by_kind_and_uid(what, name):
    assert name_of(what) == name


@pytest.mark.usefixtures("log")
def test_seen_is_written_at_once_outside_a_transaction():
    seen(OFFICER, thing(uid=UID, level=2), what="正文")
    kept = Entry.objects.get()
    assert (kept.verb, kept.level, kept.payload.body) == ("seen", 2, '{"what":"正文"}')


def refuse_entries(connection):
    with connection.schema_editor() as editor:
        triggers.refuse(editor, "audit_entry", "INSERT", "broken_log", "TRUE", "the log is broken")


def test_nothing_is_shown_when_the_log_cannot_be_written(owned_log):
    refuse_entries(owned_log)
    shown = []

    def view():
        seen(OFFICER, thing(uid=UID, level=2), what="正文")
        shown.append("正文")

    for _ in range(3):
        with pytest.raises(IntegrityError, match="the log is broken"):
            view()
    with pytest.raises(IntegrityError, match="the log is broken"), transaction.atomic():
        view()
    assert (shown, Entry.objects.count()) == ([], 0)


def test_nothing_is_done_when_the_log_cannot_be_written(owned_log):
    act()
    refuse_entries(owned_log)
    with transaction.atomic():
        try:
            with transaction.atomic():
                Head.objects.filter(pk=1).update(seq=2, hash="b" * 64)  # stands for the business write
                record(OFFICER, "finding.verify", None, {"a": 1})
        except IntegrityError:
            pass
    assert (Entry.objects.count(), head()[0], verify_chain().status) == (1, 1, "intact")


@pytest.mark.usefixtures("log")
def test_writers_at_the_same_moment_make_one_chain():
    failures = []

    def write():
        try:
            for _ in range(20):
                act(payload={"线程": threading.get_ident()})
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    verdict = verify_chain()
    assert (failures, verdict.status, verdict.entries, head()[0]) == ([], "intact", 160, 160)


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_order_holds_when_the_clock_jumps(days):
    act()
    with time_machine.travel(datetime.now(UTC).timestamp() + days * 86400):
        act()
    assert (verify_chain().status, [entry.seq for entry in Entry.objects.order_by("seq")]) == ("intact", [1, 2])


@pytest.mark.usefixtures("log")
def test_erased_payload_is_gone_with_its_salt_and_the_chain_holds():
    entry = act(payload={"电话": "13900000000"})
    record_of_it = erase_payload(SYSTEM, entry, reason="个人信息")
    kept = Payload.objects.get(pk=entry.pk)
    assert (kept.salt, kept.body, record_of_it.obj, record_of_it.payload.body) == (
        "",
        "",
        f"audit.entry:{entry.pk}",
        '{"reason":"个人信息"}',
    )
    assert verify_chain().status == "intact"


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize("count", [100, pytest.param(1000, marks=pytest.mark.full)])
def test_many_erased_payloads_leave_the_chain_valid(count):
    with transaction.atomic():
        entries = [record(OFFICER, "act", None, {"n": number}) for number in range(count)]
        for entry in entries:
            erase_payload(SYSTEM, entry, reason="到期")
    verdict = verify_chain()
    assert (verdict.status, verdict.entries) == ("intact", 2 * count)
    assert verdict.notes[0] == f"{count}条的内容已依规清除 · payloads erased on record: {count}"


@pytest.mark.usefixtures("log")
@pytest.mark.parametrize(
    ("viewer", "reason", "rule"),
    [(OFFICER, "个人信息", "not-allowed"), (SYSTEM, " ", "reason-needed")],
)
def test_erasing_is_refused_and_nothing_changes(viewer, reason, rule):
    entry = act(payload={"a": 1})
    with pytest.raises(Refused) as refusal:
        erase_payload(viewer, entry, reason=reason)
    assert (refusal.value.rule, Payload.objects.get().body, Entry.objects.count()) == (rule, '{"a":1}', 1)


@pytest.mark.usefixtures("log")
def test_erasing_twice_or_nothing_is_refused():
    entry, silent = act(payload={"a": 1}), act()
    erase_payload(SYSTEM, entry, reason="个人信息")
    rules = []
    for target in (entry, silent):
        with pytest.raises(Refused) as refusal:
            erase_payload(SYSTEM, target, reason="个人信息")
        rules.append(refusal.value.rule)
    assert rules == ["nothing-to-erase"] * 2


CHANGES = [
    "UPDATE audit_entry SET verb = 'x'",
    "UPDATE audit_entry SET hash = hash",
    "DELETE FROM audit_entry",
    "DELETE FROM audit_payload",
    "UPDATE audit_payload SET body = 'x'",
    "UPDATE audit_payload SET body = ''",
    "UPDATE audit_payload SET salt = ''",
    "UPDATE audit_payload SET entry_id = 2, body = '', salt = ''",
    "UPDATE audit_head SET seq = 0",
    "UPDATE audit_head SET seq = seq",
    "UPDATE audit_head SET seq = seq + 2",
    "DELETE FROM audit_head",
    "INSERT INTO audit_head (id, seq, hash) VALUES (2, 0, '')",
]
CHANGES_OF = {
    "sqlite": [
        "REPLACE INTO audit_entry SELECT * FROM audit_entry",
        "REPLACE INTO audit_payload SELECT * FROM audit_payload",
    ],
    "postgresql": [
        "TRUNCATE audit_entry CASCADE",
        "TRUNCATE audit_payload",
        "SET session_replication_role = replica; DELETE FROM audit_entry",
    ],
}


REFUSAL = re.compile("append-only|only be emptied|forward by one|audit_head stays|head_is_one_row|denied|must be owner")


def refusal_of(database, statement):
    """What the database says to it; "" where it lets it pass."""
    try:
        with transaction.atomic(), database.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("role", ["log", "owned_log"])
def test_the_database_refuses_every_change(role, request):
    database = request.getfixturevalue(role)
    acts(6)
    before = [list(model.objects.order_by("pk").values_list()) for model in (Entry, Payload, Head)]
    said = {statement: refusal_of(database, statement) for statement in CHANGES + CHANGES_OF[database.vendor]}
    after = [list(model.objects.order_by("pk").values_list()) for model in (Entry, Payload, Head)]
    assert ([statement for statement, words in said.items() if not REFUSAL.search(words)], after) == ([], before)
