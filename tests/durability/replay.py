"""A disk that loses power: what a process wrote, as strace saw it, with what was not yet synced dropped by sectors.

A write that a later sync of the same file covered is on the disk. Of the others each sector of 512 bytes is there with
some probability. An unlink holds at once. What is only shared memory (-shm) is gone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

SECTOR = 512
CALL = re.compile(r"^(?:\d+ +)?(\w+)\((.*)\) += (-?\d+)")
FILE = re.compile(r'^(?:AT_FDCWD<[^>]*>, )?(?:\d+<|")((?:\\x[0-9a-f]{2})*)[>"]')
TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"')


@dataclass(frozen=True)
class Event:
    """One call: `write` and `truncate` change a file, `sync` makes that last, `unlink` takes it away, `ack` is a promise."""

    kind: str
    name: str = ""
    at: int = 0  # offset, new length, or the number promised
    data: bytes = b""


def events_of(trace: Path, folder: Path) -> list[Event]:
    """The calls that concern files of the folder, and the promises, in order."""
    with trace.open(encoding="ascii", errors="replace") as lines:
        return [event for line in lines if (event := _event(line, folder)) is not None]


def _event(line: str, folder: Path) -> Event | None:
    call = CALL.match(line)
    if call is None or int(call[3]) < 0:
        return None
    name, said = call[1], call[2]
    if name == "write":
        text = TEXT.search(said)
        data = _bytes(text[1]) if text else b""
        return Event("ack", at=int(data.split()[1])) if data.startswith(b"ACK ") else None
    file = FILE.match(said)
    path = Path(_bytes(file[1]).decode()) if file else Path()
    if path.parent != folder or path.name.endswith("-shm"):
        return None
    if name == "pwrite64":
        text = TEXT.search(said)
        data = _bytes(text[1]) if text else b""
        if len(data) != int(call[3]):
            raise ValueError(f"strace cut a write short: {len(data)} of {call[3]} bytes")
        return Event("write", path.name, int(said.rsplit(",", 1)[1]), data)
    if name == "ftruncate":
        return Event("truncate", path.name, int(said.rsplit(",", 1)[1]))
    return Event("unlink" if name in {"unlink", "unlinkat"} else "sync", path.name)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass
class Disk:
    """What is certain to be on it, and what may be."""

    certain: dict[str, bytearray]
    pending: dict[str, list[Event]] = field(default_factory=dict)
    promised: int = 0

    def take(self, event: Event) -> None:
        if event.kind == "ack":
            self.promised = event.at
        elif event.kind == "unlink":
            self.certain.pop(event.name, None)
            self.pending.pop(event.name, None)
        elif event.kind == "sync":
            for each in self.pending.pop(event.name, []):
                _apply(self.certain.setdefault(event.name, bytearray()), each)
        else:
            self.pending.setdefault(event.name, []).append(event)

    def after_power_loss(self, chance: Random) -> dict[str, bytearray]:
        """The files that are found afterwards."""
        share = chance.choice([0.0, 0.5, 0.9])
        found = {name: bytearray(content) for name, content in self.certain.items()}
        for name, events in self.pending.items():
            for event in events:
                for part in _sectors(event):
                    if chance.random() < share:
                        _apply(found.setdefault(name, bytearray()), part)
        return found


def _sectors(event: Event) -> Iterator[Event]:
    """The parts of a write that reach the disk each on its own."""
    if event.kind != "write":
        yield event
        return
    start = event.at
    while start < event.at + len(event.data):
        end = min((start // SECTOR + 1) * SECTOR, event.at + len(event.data))
        yield Event("write", event.name, start, event.data[start - event.at : end - event.at])
        start = end


def _apply(content: bytearray, event: Event) -> None:
    if event.kind == "truncate":
        del content[event.at :]
        content.extend(bytes(event.at - len(content)))
        return
    content.extend(bytes(max(0, event.at - len(content))))
    content[event.at : event.at + len(event.data)] = event.data


def losses(before: dict[str, bytes], events: list[Event], cuts: int, chance: Random) -> Iterator[tuple[int, dict]]:
    """(the last promise, the files found) for as many moments at which the power goes, in order."""
    at = sorted(chance.randrange(len(events)) for _ in range(cuts))
    disk, done = Disk({name: bytearray(content) for name, content in before.items()}), 0
    for cut in at:
        for event in events[done:cut]:
            disk.take(event)
        done = cut
        yield disk.promised, disk.after_power_loss(chance)
