"""Whoever holds the database may do anything to the log: with anchors all of it is found, at the very entry.

Without anchors a rewrite and a rolled-back tail are not found, and the verdict says that it could not.
"""

from random import Random

import pytest
from django.db import connection, transaction
from tests.audit.acts import acts
from tests.audit.attacks import ATTACKS, Attacker, roll_back_tail

from jiandu.base.audit.anchors import Anchor, append
from jiandu.base.audit.chain import NO_ANCHORS, report, verify_chain
from jiandu.base.audit.models import Entry

ENTRIES = 24
TAMPERINGS = 312  # twelve of each kind


@pytest.fixture
def anchored(owned_log, tmp_path):
    """A log with an anchor after each entry."""
    acts(ENTRIES)
    path = tmp_path / "anchors.jsonl"
    for seq, hash_, at in Entry.objects.order_by("seq").values_list("seq", "hash", "at"):
        append(path, Anchor(seq, hash_, str(at)))
    return path


def judged(attack, seed, path):
    """(what the attack says, verdict with anchors, verdict without); everything is undone afterwards."""
    with transaction.atomic():
        said = attack(Attacker(Random(seed)))
        verdicts = verify_chain(anchors=path), verify_chain()
        transaction.set_rollback(True)
    return said, *verdicts


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda each: each.__name__)
def test_tampering_is_found_at_the_very_entry(attack, anchored):
    for seed in range(TAMPERINGS // len(ATTACKS)):
        (first_bad, blind), sharp, without = judged(attack, seed, anchored)
        assert (seed, sharp.status, sharp.first_bad_seq, report(sharp)[0]) == (seed, "broken", first_bad, 1)
        assert (seed, without.status, without.first_bad_seq) == (seed, "intact" if blind is None else "broken", blind)
        if blind is None:
            assert (NO_ANCHORS[0] in without.reason_zh, NO_ANCHORS[1] in without.reason_en) == (True, True)
    assert verify_chain(anchors=anchored).status == "intact"


def test_rolled_back_log_that_grew_again_is_found(anchored):
    with transaction.atomic():
        first_bad, _ = roll_back_tail(Attacker(Random(3)))
        acts(ENTRIES + 5)
        verdict = verify_chain(anchors=anchored)
        transaction.set_rollback(True)
    assert (verdict.status, verdict.first_bad_seq) == ("broken", first_bad)


def test_a_log_wiped_whole_is_found_with_and_without_anchors(anchored):
    with transaction.atomic():
        by = Attacker(Random(1))
        by.remove(1, ENTRIES)
        verdicts = [verify_chain(), verify_chain(anchors=anchored)]
        by.set_head()
        verdicts.append(verify_chain(anchors=anchored))
        transaction.set_rollback(True)
    assert [(each.status, each.first_bad_seq) for each in verdicts] == [("broken", 1)] * 3


@pytest.mark.parametrize("value", ["x'6162'", "2.5", "'3'", "x'ff'"])
def test_what_sqlite_lets_stand_in_any_column_is_found(anchored, value):
    if connection.vendor != "sqlite":
        value = "'3'"  # PostgreSQL keeps to its types
    with transaction.atomic():
        Attacker(Random(1))
        with connection.cursor() as cursor:
            cursor.execute(f"UPDATE audit_entry SET org = {value} WHERE seq = 7")
        verdict = verify_chain(anchors=anchored)
        transaction.set_rollback(True)
    assert (verdict.status, verdict.first_bad_seq) == ("broken", 7)


def test_text_that_is_not_utf8_makes_it_unreadable_not_intact(anchored):
    with transaction.atomic():
        Attacker(Random(1))
        with connection.cursor() as cursor:
            broken = "CAST(x'ff' AS text)" if connection.vendor == "sqlite" else "repeat('x', 100)"
            cursor.execute(f"UPDATE audit_entry SET org = {broken} WHERE seq = 7")
        verdict = verify_chain(anchors=anchored)
        transaction.set_rollback(True)
    assert verdict.status == ("unknown" if connection.vendor == "sqlite" else "broken")
