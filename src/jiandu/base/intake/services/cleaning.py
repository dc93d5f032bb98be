"""清除来源信息 of a report's files, as who reports wishes: after they were sealed on their way in, before they are sealed for good.

A file is opened with the key that is still in memory, its copy made in the confined child and sealed as it comes; the
original goes. In clear both are in memory alone. One report at a time in the whole installation, within bounds of its own
and of the day: a flood finds the place taken, and the rest of the server free.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic, sleep

from django.db.models import TextChoices
from django.db.transaction import atomic
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.sheets.cleaning import COPIES, cleaned_blocks, is_cleanable
from jiandu.base.core.sheets.errors import SheetRefused
from jiandu.base.core.sheets.limits import MIB
from jiandu.base.intake.files import SealedFile, folder
from jiandu.base.intake.models import Tally
from jiandu.base.intake.services import caps
from jiandu.base.intake.services.tickets import Ticket, spend

LIMITS = replace(COPIES, unpacked_bytes=100 * MIB, memory_bytes=768 * MIB, cpu_seconds=5, wall_seconds=8)
LONGEST = 15  # seconds of a report: a photo takes a tenth, 45 MiB of film half a second
WAIT, LOOK = (
    0.5,
    0.05,
)  # seconds for the place, and between two looks: who waits holds up the other of two web processes
KIND = "kind"  # of file: cannot be cleaned, whatever is in it


class Wish(TextChoices):
    """What who reports wants done with what his files say of their maker."""

    ALL = "all", _("清除后提交；有清除不了的，先告诉我，什么也不提交")
    SOME = "some", _("能清除的清除，清除不了的原样提交")
    NONE = "none", _("全部原样提交")


@dataclass(frozen=True)
class Outcome:
    """A file as it goes on, and as its sender calls it; `why` it is not cleaned: "kind", or a code of the reader."""

    name: str
    file: SealedFile
    why: str = ""


def clean_files(*, files: Sequence[SealedFile], ticket: Ticket, proof: str = "") -> list[Outcome]:
    """Each cleaned, or as it came with the reason. A ticket pays for it once, and for the report again.

    What was made is the caller's to keep or to drop. Raises Refused: cleaning-full, cleaning-busy, ticket-early, ticket-spent.
    """
    if not files:
        return []
    if Tally.objects.filter(on=today(), what="cleaning", count__gte=caps.CAPS["cleaning"]).exists():
        raise Refused(
            "cleaning-full",
            "今天清除来源信息的能力已用完，没有收下任何内容。请明日再试，或者自行清除后选“全部原样提交”",
        )
    with _place():
        spend(ticket, proof, on="cleaning")
        began, made = monotonic(), []
        try:
            for number, file in enumerate(files, 1):
                made.append(_outcome(file, number, began + LONGEST))
        except BaseException:
            _drop(made)
            raise
        finally:
            _count(monotonic() - began)
    return made


def _outcome(file: SealedFile, number: int, until: float) -> Outcome:
    if not is_cleanable(file.name):
        return Outcome(file.name, file, KIND)
    left = until - monotonic()
    if left <= 0:
        return Outcome(file.name, file, "too_slow")
    limits = replace(LIMITS, wall_seconds=max(1, min(LIMITS.wall_seconds, int(left))))
    # What a telephone calls a picture says when it was taken, and often who took it.
    copy = SealedFile(f"附件-{number}{Path(file.name).suffix.lower()}", is_cleaned=True)
    try:
        for block in cleaned_blocks(file.read(), name=file.name, limits=limits):
            copy.push(block)
        copy.end()
    except SheetRefused as refused:
        copy.drop()
        return Outcome(file.name, file, refused.code)
    except Refused:  # larger than what it was made of, and than what is taken
        copy.drop()
        return Outcome(file.name, file, "file_too_big")
    except BaseException:
        copy.drop()
        raise
    file.drop()
    return Outcome(file.name, copy)


def _drop(made: Sequence[Outcome]) -> None:
    for each in made:
        each.file.drop()


@contextmanager
def _place() -> Iterator[None]:
    """The one place, shared by all processes; whoever dies gives it back. Raises Refused (cleaning-busy)."""
    place = os.open(folder() / "parts", os.O_RDONLY)
    try:
        if not _taken(place):
            _wait_for(place)
        yield
    finally:
        os.close(place)


def _wait_for(place: int) -> None:
    """One may wait. A queue would take the server's threads, one for each who sends: the others are told at once."""
    turn = os.open(folder(), os.O_RDONLY)
    try:
        until = monotonic() + (WAIT if _taken(turn) else 0)
        while not _taken(place):
            if monotonic() >= until:
                raise Refused(
                    "cleaning-busy", "正在为别的举报清除附件的来源信息，没有收下任何内容。请过几分钟再提交一次"
                )
            sleep(LOOK)
    finally:
        os.close(turn)


def _taken(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@atomic
def _count(seconds: float) -> None:
    """Towards the day's bound, also beyond it: what was done was done."""
    try:
        caps.take("cleaning", max(1, int(seconds * 1000)))
    except Refused:
        Tally.objects.filter(on=today(), what="cleaning").update(count=caps.CAPS["cleaning"])
