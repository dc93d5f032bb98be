"""Acts that the tests put into the log."""

from typing import Any
from uuid import UUID

from django.db import transaction

from jiandu.base.audit.models import Entry, Head
from jiandu.base.audit.services import erase_payload, record
from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer

OFFICER = Viewer(key="user:7", name="王小明", user_id=7)
SYSTEM = guard.system("tests")
UID = UUID("12345678-1234-4234-8234-1234567890ab")


def act(verb: str = "finding.verify", payload: dict[str, Any] | None = None, **more: Any) -> Entry:
    """One entry in a transaction of its own."""
    with transaction.atomic():
        return record(OFFICER, verb, more.pop("thing", None), payload, **more)


def acts(count: int) -> None:
    """`count` more entries: every fourth says nothing; the seventh (or the last) erases the fifth (or the first)."""
    written: list[Entry] = []
    for number in range(1, count + 1):
        if number == min(7, count):
            written.append(erase_payload(SYSTEM, written[4 if number > 5 else 0], reason="个人信息"))
        else:
            said = None if number % 4 == 0 else {"说": f"第{number}次", "n": number}
            written.append(act(f"act.{number % 3}", said, level=number % 3))


def head() -> tuple[int, str]:
    return Head.objects.values_list("seq", "hash").get()
