"""What is sealed anew when a key of an office changes. Each context that keeps envelopes registers how they are found."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jiandu.base.core import guard
from jiandu.base.sealing.envelope import Context, exchange
from jiandu.base.sealing.suites import PrivateKey, PublicKey


@dataclass(frozen=True)
class Stored:
    """An envelope where it lies: its context, and what writes it back."""

    envelope: bytes
    context: Context
    put: Callable[[bytes], object]


Resealer = Callable[[bytes], Iterable[Stored]]  # the id of the key that goes → every envelope that is sealed to it
_resealers: dict[str, Resealer] = {}


def register_resealer(name: str, find: Resealer) -> None:
    """Called by a context when it is ready; the same name again replaces."""
    _resealers[name] = find


def reseal(old: PrivateKey, new: PublicKey) -> int:
    """Every envelope under the old key goes over to the new one, its body untouched; gives their number.

    Raises Unopenable where one was altered: then nothing has changed, for it runs in the transaction of the rotation.
    """
    count = 0
    with guard.acting(guard.system("重新密封")):
        for find in list(_resealers.values()):
            for stored in find(old.public.id):
                stored.put(exchange(stored.envelope, key=old, to=new, context=stored.context))
                count += 1
    return count
