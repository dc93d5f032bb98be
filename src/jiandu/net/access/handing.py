"""What changes hands when an office or a unit closes: the floors above say what hangs on it, and write what they must."""

from collections.abc import Callable
from dataclasses import dataclass

from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation


@dataclass(frozen=True)
class Handed:
    """An office's records, or those about a unit, go to another one; `to` None: they stay, for the reason in `note`."""

    of: Office | Organisation
    to: Office | Organisation | None
    by: Viewer
    note: str = ""


Follow = Callable[[Handed], dict[str, int]]
Told = Callable[[Office | Organisation], list[str]]
_followers: list[tuple[Follow, Told]] = []


def when_handed(follow: Follow, told: Told) -> None:
    """`follow` runs as the system before the records move and gives what it wrote; `told` names what hangs on a thing."""
    if (follow, told) not in _followers:
        _followers.append((follow, told))


def follow_all(handed: Handed) -> dict[str, int]:
    """Everybody writes what the handing over means to him. Gives how many rows of each kind."""
    done: dict[str, int] = {}
    for follow, _ in _followers:
        done |= follow(handed)
    return done


def told_of(thing: Office | Organisation) -> list[str]:
    """What else hangs on it, a phrase a kind."""
    return [phrase for _, told in _followers for phrase in told(thing)]
