"""The process that opens hostile files. It confines itself first, then reads descriptor 0 and answers on descriptor 1.

Started by `process.Child` as `python -I -S -c …`: no site, no environment, no Django. While it reads, no descriptor is
left to open: whatever the file makes it do, it can open neither a file (XXE) nor a socket.
"""

import os
import sys
from contextlib import suppress
from typing import BinaryIO, TypedDict

from .cells import Value
from .confine import confine
from .errors import SheetRefused
from .intake import read
from .limits import Limits
from .wire import Line, encode, refusal


class Order(TypedDict):
    """What the parent asks for: "read", "bundle", "grid", "first", "words", "pdf", "clean", "mean"; "fill", "extend" and "comment" with a descriptor; "mark" with three more."""

    job: str
    limits: dict[str, int]
    problems: int
    folder: str
    watermark: str
    cells: int
    is_plain: bool


class Answer:
    """Standard output as lines: the sink of a reading child."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def send(self, line: Line) -> None:
        """Write one line."""
        self._out.write(encode(line))

    def sheet(self, title: str) -> None:
        """A sheet begins."""
        self.send(["sheet", title])

    def row(self, number: int, values: list[Value]) -> None:
        """A row of the current sheet."""
        self.send([number, values])

    def warning(self, text: str) -> None:
        """Something to tell the user."""
        self.send(["warning", text])


def main(order: Order) -> None:
    """Carry out `order`. Every outcome is a line, also a refusal, before the bytes of a filling; a failed marking is silent."""
    answer = Answer(sys.stdout.buffer)
    try:
        _JOBS[order["job"]](order, Limits(**order["limits"]), answer)
    except BrokenPipeError:  # the parent has lost interest
        os._exit(1)
    except SheetRefused as refused:
        last = refusal(refused)
    except MemoryError:
        last = refusal(SheetRefused("too_much_memory"))
    except Exception as error:  # whatever a hostile file provokes is a reason to refuse it
        last = refusal(SheetRefused("damaged", error=type(error).__name__))
    else:
        last = ["end"]
    with suppress(BrokenPipeError):
        if order["job"] not in ("mark", "fill", "extend", "comment", "clean", "mean") or last != ["end"]:
            answer.send(last)
        sys.stdout.buffer.flush()
    os._exit(0 if last == ["end"] else 1)  # nothing of the file's making runs at exit


def _read(_: Order, limits: Limits, answer: Answer) -> None:
    confine(limits, descriptors=3)
    read(0, limits, answer)


def _bundle(_: Order, limits: Limits, answer: Answer) -> None:
    from .bundled import send_members  # noqa: PLC0415 -- before the limits: afterwards no file can be opened

    confine(limits, descriptors=3)
    send_members(0, limits, answer.send)


def _pdf(_: Order, limits: Limits, answer: Answer) -> None:
    from .first_pdf import read_pdf  # noqa: PLC0415 -- pypdf, for these files alone

    confine(limits, descriptors=24)  # it imports while it reads
    read_pdf(0, answer)


def _first(_: Order, limits: Limits, answer: Answer) -> None:
    from .first import read_first  # noqa: PLC0415 -- before the limits: afterwards no file can be opened

    confine(limits, descriptors=3)
    read_first(0, limits, answer)


def _mean(_: Order, limits: Limits, answer: Answer) -> None:
    from .meant import loaded, meant  # noqa: PLC0415 -- before the limits: afterwards no file can be opened

    model = loaded()
    confine(limits, descriptors=3)
    sys.stdout.buffer.write(meant(0, model))


def _mark(order: Order, limits: Limits, answer: Answer) -> None:
    from .marking import mark  # noqa: PLC0415 -- slow import: openpyxl, which reading does without

    confine(limits, descriptors=24)
    marked = mark(limits, order["problems"], folder=order["folder"], watermark=order["watermark"])
    sys.stdout.buffer.write(marked)


def _form(order: Order, limits: Limits, answer: Answer) -> None:
    from . import extended, filled, grid  # noqa: PLC0415 -- before the limits: afterwards no file can be opened

    confine(limits, descriptors=3)
    if order["job"] == "grid":
        grid.read_grid(0, limits, answer)
        return
    if order["job"] == "extend":
        rows = extended.extend(0, order["cells"], limits)
        answer.send(["filled"])
        sys.stdout.buffer.write(rows)
        return
    content, left = filled.fill(0, order["cells"], limits)
    answer.send(["filled", left])
    sys.stdout.buffer.write(content)


def _copy(order: Order, limits: Limits, answer: Answer) -> None:
    from .cleaned import cleaned  # noqa: PLC0415 -- for copies of attachments alone

    confine(limits, descriptors=24)  # it imports while it reads
    content = cleaned(0, limits, is_plain=order["is_plain"])
    answer.send(["cleaned"])
    sys.stdout.buffer.write(content)


def _word(order: Order, limits: Limits, answer: Answer) -> None:
    from .wording import comment, read_words  # noqa: PLC0415 -- slow import: lxml and python-docx, for Word files alone

    confine(limits, descriptors=24)
    if order["job"] == "words":
        read_words(0, limits, answer)
        return
    sys.stdout.buffer.write(comment(limits, order["problems"]))


_JOBS = {
    "read": _read,
    "bundle": _bundle,
    "grid": _form,
    "fill": _form,
    "extend": _form,
    "pdf": _pdf,
    "first": _first,
    "words": _word,
    "comment": _word,
    "clean": _copy,
    "mean": _mean,
    "mark": _mark,
}
