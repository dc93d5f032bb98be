"""The waiting throttle of staff sign-in: five failures, then a wait that doubles from half a minute to a quarter hour.

How long the wait is depends on the failures at the account and on those of the source; *whose* wait it is does not: it
runs from the last failure of this source at this account. So an attacker raises the price of guessing for everybody who
guesses, and cannot keep the owner out: a right password is taken at the latest fifteen minutes after the owner's own
last failure, whatever others do. A browser that the owner has signed in with before (`devices`) is counted by itself,
apart from the office behind the same address. The price: N addresses have N guesses at an account instead of one.

An attempt is counted before the password is looked at and given back when it was right, so that parallel guesses are
counted one by one. No address is stored, only keyed hashes; rows are forgotten an hour after the last failure.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.transaction import atomic
from django.utils.crypto import salted_hmac

from jiandu.base.accounts.models import Failure
from jiandu.base.core.clock import now
from jiandu.base.core.errors import Refused

FREE = 5
FIRST, LONGEST = timedelta(seconds=30), timedelta(minutes=15)
KEPT = timedelta(hours=1)
ALARMING = 10  # failures at which the wait has reached its most
MINUTE = 60


@dataclass(frozen=True)
class Meter:
    """What an attempt counts against: `count` is the row that counts failures, `clock` the row that waits."""

    count: str
    clock: str
    resets: bool = True  # a right answer wipes the count; otherwise it only gives its own attempt back


@dataclass(frozen=True)
class Attempt:
    """An attempt that was let through and counted: what `passed` takes back."""

    meters: tuple[Meter, ...]
    waits: dict[str, datetime | None]
    failures: int  # of the account, this attempt counted


def password_meters(*, username: str, source: str, device: str = "") -> tuple[Meter, ...]:
    """For a password: `source` is the client's address, `device` the mark of a browser known for this account, or ""."""
    if device:
        own = key("device", device)
        return (Meter(own, own),)
    account, place = key("account", username), key("source", source)
    return (Meter(account, key("pair", f"{account}{place}")), Meter(place, place, resets=False))


def factor_meters(*, user_id: int, device: str = "") -> tuple[Meter, ...]:
    """For a code of a second factor. Six digits are few: whoever knows the password shares one count with the owner."""
    own = key("factor", device or str(user_id))
    return (Meter(own, own),)


def wait_after(failures: int) -> timedelta:
    """0 below five failures, then 30 seconds, 1, 2, 4, 8 minutes, and 15 ever after."""
    return min(FIRST * 2 ** min(failures - FREE, 10), LONGEST) if failures >= FREE else timedelta(0)


@atomic
def begin(meters: tuple[Meter, ...]) -> Attempt:
    """Counts an attempt. Raises Refused (wait) while waiting; a refused attempt counts nothing and prolongs nothing."""
    moment = now()
    rows = _locked(meters, moment)
    left = max((row.wait_until - moment for row in rows.values() if row.wait_until), default=timedelta(0))
    if left > timedelta(0):
        raise waiting(left)
    waits: dict[str, datetime | None] = {}
    for meter in meters:
        rows[meter.count].count += 1
        wait = wait_after(rows[meter.count].count)
        waits[meter.clock] = rows[meter.clock].wait_until = moment + wait if wait else None
    _save(rows.values())
    return Attempt(meters, waits, failures=rows[meters[0].count].count)


@atomic
def passed(attempt: Attempt) -> None:
    """The answer was right: the account's count is wiped, the source has its attempt back."""
    rows = _locked(attempt.meters, now())
    for meter in attempt.meters:
        count, clock = rows[meter.count], rows[meter.clock]
        count.count = 0 if meter.resets else max(count.count - 1, 0)
        if meter.resets or clock.wait_until == attempt.waits[meter.clock]:
            clock.wait_until = None
    _save(rows.values())


def forget_expired() -> int:
    """Deletes rows whose last failure is over an hour ago; gives their number. The tick calls it, and every new row."""
    return Failure.objects.filter(updated_at__lt=now() - KEPT).delete()[0]


def waiting(left: timedelta) -> Refused:
    """The same words whether or not the account exists."""
    seconds = max(1, -(-int(left.total_seconds() * 1000) // 1000))
    if seconds <= MINUTE:
        return Refused("wait", "尝试次数过多，请在 %(seconds)d 秒后再试", seconds=seconds)
    return Refused("wait", "尝试次数过多，请在 %(minutes)d 分钟后再试", minutes=-(-seconds // MINUTE))


def key(kind: str, value: str) -> str:
    """What a row is found by: nobody reads a name or an address out of it without the installation's secret."""
    return salted_hmac(f"jiandu.throttle.{kind}", value, algorithm="sha256").hexdigest()


def _locked(meters: tuple[Meter, ...], moment: datetime) -> dict[str, Failure]:
    """The rows, locked in the order of their keys; missing ones made, expired ones as good as new."""
    keys = sorted({name for meter in meters for name in (meter.count, meter.clock)})
    if Failure.objects.filter(key__in=keys).count() < len(keys):
        forget_expired()
        Failure.objects.bulk_create([Failure(key=name) for name in keys], ignore_conflicts=True)
    rows = {row.key: row for row in Failure.objects.select_for_update().filter(key__in=keys).order_by("key")}
    for row in rows.values():
        if moment - row.updated_at > KEPT:
            row.count, row.wait_until = 0, None
    return rows


def _save(rows: Iterable[Failure]) -> None:
    for row in rows:
        row.save(update_fields=["count", "wait_until", "updated_at"])
