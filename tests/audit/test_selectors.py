"""Reads: the audit administrator's page, and following."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from tests.audit.acts import OFFICER, SYSTEM, act, acts

from jiandu.base.audit.selectors import Wanted, entries, follow, found, page
from jiandu.base.core.errors import Refused

SOMEDAY = datetime(2022, 3, 22, 15, 59, 59, 999999, tzinfo=UTC)  # 23:59:59.999999 in Shanghai


def numbers(wanted):
    return [entry.seq for entry in found(SYSTEM, wanted)]


@pytest.mark.usefixtures("log")
def test_entries_are_refused_to_others():
    for ask in (lambda: entries(OFFICER), lambda: page(OFFICER, Wanted())):
        with pytest.raises(Refused) as refusal:
            ask()
        assert refusal.value.rule == "not-allowed"


@pytest.mark.usefixtures("log")
def test_entries_are_found_by_actor_verb_and_object():
    act("finding.open")
    acts(3)  # the last erases entry 2
    assert [
        numbers(Wanted(actor="小明")),
        numbers(Wanted(actor="user:7")),
        numbers(Wanted(actor="user:70")),
        numbers(Wanted(verb="finding.")),
        numbers(Wanted(obj="audit.entry:2")),
        numbers(Wanted(obj="audit.entry:20")),
        numbers(Wanted(obj="entry")),
        [entry.seq for entry in entries(SYSTEM, actor="小明", verb="act")],
    ] == [[3, 2, 1], [3, 2, 1], [], [1], [4], [], [4], [3, 2]]


@pytest.mark.usefixtures("log")
def test_entries_are_found_by_the_day_in_shanghai():
    for at in (SOMEDAY, datetime(2022, 3, 22, 16, 0, tzinfo=UTC)):
        with time_machine.travel(at, tick=False):
            act()
    assert [
        numbers(Wanted(since=date(2022, 3, 23))),
        numbers(Wanted(until=date(2022, 3, 22))),
        numbers(Wanted(since=date(2022, 3, 22), until=date(2022, 3, 23))),
    ] == [[2], [1], [2, 1]]


@pytest.mark.usefixtures("log")
def test_pages_go_by_key():
    acts(7)
    seen, before = [], None
    while True:
        shown = page(SYSTEM, Wanted(), before=before, size=3)
        seen.append([entry.seq for entry in shown.rows])
        act()  # newer ones do not move the older pages
        before = shown.older
        if before is None:
            break
    assert seen == [[7, 6, 5], [4, 3, 2], [1]]


@pytest.mark.usefixtures("log")
def test_followers_read_each_entry_once_in_order():
    acts(7)
    cursor, read = 0, []
    while part := follow(cursor, limit=3):
        read += [entry.seq for entry in part]
        cursor = part[-1].seq
    assert read == [1, 2, 3, 4, 5, 6, 7]
