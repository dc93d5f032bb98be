"""The waiting throttle: five failures, waits that double to a quarter hour, and nobody is kept out by somebody else."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection, connections
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiandu.base.accounts import throttle
from jiandu.base.accounts.models import Failure
from jiandu.base.core.errors import Refused

pytestmark = pytest.mark.django_db

START = datetime(2022, 9, 30, 4, tzinfo=UTC)
OFFICE, HOME, ELSEWHERE = "10.0.0.1", "10.0.0.2", "10.9.9.9"
QUARTER = timedelta(minutes=15)
ROOT = Path(__file__).resolve().parents[2]
seconds = st.integers(0, 1200)
several = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def attempt(
    clock: time_machine.Traveller,
    *,
    right: bool = False,
    username: str = "zhang",
    source: str = ELSEWHERE,
    device: str = "",
) -> float | None:
    """One try. None when it was let through, else the seconds to wait that were said."""
    meters = throttle.password_meters(username=username, source=source, device=device)
    try:
        let_through = throttle.begin(meters)
    except Refused as refused:
        return float(refused.details.get("seconds", 0)) or float(refused.details["minutes"]) * 60
    if right:
        throttle.passed(let_through)
    return None


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_the_sixth_attempt_waits(clock) -> None:
    assert [attempt(clock) for _ in range(7)] == [None] * 5 + [30.0, 30.0]


def test_waits_double_to_a_quarter_hour(clock) -> None:
    for _ in range(4):
        attempt(clock)
    said = []
    for _ in range(8):
        assert attempt(clock) is None
        said.append(attempt(clock))
        clock.shift(said[-1])
    assert said == [30, 60, 120, 240, 480, 900, 900, 900]


@pytest.mark.parametrize(
    ("failures", "wait"),
    [(0, 0), (4, 0), (5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (1000, 900)],
)
def test_length_of_the_wait(failures: int, wait: int) -> None:
    assert throttle.wait_after(failures) == timedelta(seconds=wait)


def test_the_wait_ends_to_the_second(clock) -> None:
    for _ in range(5):
        attempt(clock)
    clock.move_to(START + timedelta(seconds=29.999))
    assert attempt(clock, right=True) == 1
    clock.move_to(START + timedelta(seconds=30))
    assert attempt(clock, right=True) is None


def test_a_refused_attempt_prolongs_nothing(clock) -> None:
    for _ in range(5):
        attempt(clock)
    for _ in range(29):
        clock.shift(1)
        assert attempt(clock) is not None
    clock.shift(1)
    assert attempt(clock, right=True) is None


def test_a_right_answer_resets_the_account(clock) -> None:
    for _ in range(4):
        attempt(clock, source=HOME)
    assert attempt(clock, right=True, source=HOME) is None
    assert Failure.objects.get(key=throttle.key("account", "zhang")).count == 0
    assert Failure.objects.get(key=throttle.key("source", HOME)).count == 4


def test_one_source_waits_for_all_its_accounts(clock) -> None:
    said = [attempt(clock, username=f"user{number}") for number in range(7)]
    assert said == [None] * 5 + [30.0, 30.0]


def test_an_own_account_does_not_buy_guesses(clock) -> None:
    """Right sign-ins in between do not wash a source clean."""
    let = 0
    for number in range(200):
        attempt(clock, username="mallory", right=True)
        let += attempt(clock, username=f"victim{number % 3}") is None
    assert let == 5


def test_guesses_from_many_sources_raise_the_price_of_each(clock) -> None:
    for number in range(10):
        assert attempt(clock, source=f"10.9.9.{number}") is None
    assert attempt(clock, source="10.9.9.9") == 900.0


def test_message_is_the_same_for_an_account_that_does_not_exist(clock) -> None:
    texts = []
    for username in ("zhang", "nobody-of-this-name"):
        for _ in range(5):
            attempt(clock, username=username, source=username)
        with pytest.raises(Refused) as caught:
            throttle.begin(throttle.password_meters(username=username, source=username))
        texts.append(str(caught.value))
    assert texts == ["尝试次数过多，请在 30 秒后再试"] * 2


def test_rows_hold_no_name_and_no_address(clock) -> None:
    attempt(clock, username="zhang", source=HOME)
    stored = " ".join(Failure.objects.values_list("key", flat=True))
    assert "zhang" not in stored
    assert HOME not in stored


def test_rows_are_forgotten_after_an_hour(clock) -> None:
    for number in range(3):
        attempt(clock, username=f"user{number}", source=f"10.0.1.{number}")
    clock.shift(timedelta(hours=1, seconds=1))
    attempt(clock, username="other", source="10.0.2.1")
    assert Failure.objects.count() == 3
    clock.shift(timedelta(hours=1, seconds=1))
    assert (throttle.forget_expired(), Failure.objects.count()) == (3, 0)


def test_an_expired_count_begins_anew(clock) -> None:
    for _ in range(4):
        attempt(clock)
    clock.shift(timedelta(hours=1, seconds=1))
    assert [attempt(clock) for _ in range(6)] == [None] * 5 + [30.0]


enemy = st.tuples(seconds, st.sampled_from(["10.9.9.1", "10.9.9.2", "10.9.9.3", "10.9.9.4"]), st.booleans())


@several
@given(moves=st.lists(enemy, max_size=40), pause=seconds, own=st.integers(0, 6))
def test_an_attacker_cannot_keep_the_owner_out_for_over_a_quarter_hour(moves, pause: int, own: int) -> None:
    """Whatever others do from other places, the owner waits at most fifteen minutes from the owner's own last failure."""
    Failure.objects.all().delete()
    with time_machine.travel(START, tick=False) as clock:
        for gap, source, right in moves[::2]:
            clock.shift(gap)
            attempt(clock, source=source, right=right and source.endswith("4"), username="zhang")
        for _ in range(own):
            attempt(clock, source=HOME)
        last = datetime.now(UTC)
        for gap, source, _ in moves[1::2]:
            clock.shift(gap)
            attempt(clock, source=source)
        clock.shift(pause)
        wait = attempt(clock, source=HOME, right=True)
        if own == 0 or datetime.now(UTC) >= last + QUARTER:
            assert wait is None
        assert (wait or 0) <= 900
        assert datetime.now(UTC) + timedelta(seconds=wait or 0) <= last + QUARTER + timedelta(minutes=1) or wait is None


@several
@given(moves=st.lists(seconds, max_size=30))
def test_a_known_browser_is_not_kept_out_by_the_office_around_it(moves: list[int]) -> None:
    """An attacker behind the same address, at every moment: the owner's own browser is let in at once."""
    Failure.objects.all().delete()
    with time_machine.travel(START, tick=False) as clock:
        for gap in moves:
            clock.shift(gap)
            attempt(clock, source=OFFICE)
            assert attempt(clock, source=OFFICE, device="mark", right=True) is None


@several
@given(gaps=st.lists(st.integers(0, 400), min_size=1, max_size=60))
def test_guesses_from_one_place_are_few(gaps: list[int]) -> None:
    """Within any hour one source has at most fourteen guesses at one account: nine up to the longest wait, then four."""
    Failure.objects.all().delete()
    let: list[datetime] = []
    with time_machine.travel(START, tick=False) as clock:
        for gap in gaps:
            clock.shift(gap)
            if attempt(clock) is None:
                let.append(datetime.now(UTC))
    for moment in let:
        assert sum(moment <= other < moment + timedelta(hours=1) for other in let) <= 14


@several
@given(gaps=st.lists(st.integers(0, 400), min_size=1, max_size=40), device=st.sampled_from(["", "mark"]))
def test_codes_are_guessed_even_less(gaps: list[int], device: str) -> None:
    """The second factor has one count whatever the source: at most fourteen guesses an hour, of a million codes."""
    Failure.objects.all().delete()
    let = 0
    with time_machine.travel(START, tick=False) as clock:
        for gap in gaps:
            clock.shift(gap)
            try:
                throttle.begin(throttle.factor_meters(user_id=7, device=device))
                let += 1
            except Refused:
                continue
    assert let <= 9 + sum(gaps) / 900 + 1


def _let_through(number: int) -> int:
    try:
        throttle.begin(throttle.password_meters(username="zhang", source=ELSEWHERE))
    except Refused:
        return 0
    finally:
        connections.close_all()
    return 1


def test_parallel_guesses_are_counted_one_by_one(tmp_path: Path) -> None:
    if connection.vendor == "postgresql":
        with ThreadPoolExecutor(8) as pool:  # each thread has a connection of its own, outside the test's transaction
            try:
                assert sum(pool.map(_let_through, range(40))) == 5
            finally:
                pool.submit(_clean).result()
    else:
        assert parallel_on_sqlite(tmp_path) == 5


def _clean() -> None:
    Failure.objects.all().delete()
    connections.close_all()


WORKER = """
import django; django.setup()
from jiandu.base.accounts import throttle
from jiandu.base.core.errors import Refused
let = 0
for _ in range(10):
    try:
        throttle.begin(throttle.password_meters(username="zhang", source="10.9.9.9")); let += 1
    except Refused: pass
print(let)
"""
TABLE = """
import django; django.setup()
from django.db import connection
from jiandu.base.accounts.models import Failure
with connection.schema_editor() as editor: editor.create_model(Failure)
"""


def parallel_on_sqlite(folder: Path) -> int:
    """Four processes on one file, ten guesses each: how many were let through."""
    told = os.environ | {"JIANDU_DATA": str(folder), "PYTHONPATH": str(ROOT / "src"), "JIANDU_DATABASE": ""}
    subprocess.run([sys.executable, "-c", TABLE], env=told, check=True)
    workers = [subprocess.Popen([sys.executable, "-c", WORKER], env=told, stdout=subprocess.PIPE) for _ in range(4)]
    return sum(int(worker.communicate()[0]) for worker in workers)
