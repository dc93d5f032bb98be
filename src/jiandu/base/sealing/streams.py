"""Attachments: a stream of authenticated blocks in constant memory; cut, reordered or prolonged it does not open.

Format: version 1 ‖ suite 1 ‖ head of the suite ‖ blocks, the last one marked as such; the whole has a size of the padding
set. A block's content is the length of what is in it (4 bytes), that, and zeros. Blocks end at multiples of 64 KiB of
the stream; a stream of 4 or 16 KiB is one shorter block. The item key lies in an envelope of the record.
"""

from collections.abc import Iterable, Iterator

from jiandu.base.core.errors import Refused
from jiandu.base.sealing import padding
from jiandu.base.sealing.envelope import Context
from jiandu.base.sealing.errors import Unopenable
from jiandu.base.sealing.suites import INTERNATIONAL, Suite, Writer, known_suite, suite

VERSION = 1
BLOCK = 64 * padding.KIB
LENGTH = 4  # bytes before the content of a block
MOST = 50 * padding.MIB  # of content


class Encrypting:
    """The writing end for content that comes piece by piece: `head`, then what `push` gives for each, then `end`."""

    def __init__(self, *, item_key: bytes, context: Context, number: int = INTERNATIONAL, most: int = MOST) -> None:
        self._used, self._most = suite(number), most
        self._writer = self._used.writer(_key(self._used, item_key, context))
        self.head = bytes([VERSION, number]) + self._writer.head
        self._at, self._held, self.seen = _start(self._used), bytearray(), 0

    def push(self, chunk: bytes) -> Iterator[bytes]:
        """The blocks that are full now. Raises Refused (file-too-large) at the chunk that exceeds `most` bytes of content."""
        self.seen += len(chunk)
        if self.seen > self._most:
            raise Refused("file-too-large", "附件超过%(most)d兆字节", most=self._most // padding.MIB)
        self._held += chunk
        used = self._used
        while len(self._held) > (room := _room(used, self._at, _end(self._at))):  # more follows: this is not the last
            yield self._writer.push(_block(bytes(self._held[:room]), room), _said(used), is_last=False)
            del self._held[:room]
            self._at = _end(self._at)

    def end(self) -> Iterator[bytes]:
        """What is left, and blocks of nothing up to the size."""
        yield from _tail(self._used, self._writer, bytes(self._held), self._at)


def encrypt(
    chunks: Iterable[bytes], *, item_key: bytes, context: Context, number: int = INTERNATIONAL, most: int = MOST
) -> Iterator[bytes]:
    """The stream, block by block. Raises Refused (file-too-large) at the chunk that exceeds `most` bytes of content."""
    writing = Encrypting(item_key=item_key, context=context, number=number, most=most)
    yield writing.head
    for chunk in chunks:
        yield from writing.push(chunk)
    yield from writing.end()


def decrypt(chunks: Iterable[bytes], *, item_key: bytes, context: Context) -> Iterator[bytes]:
    """The content, as the blocks come; each is proved before it is given.

    Raises Unopenable at the first altered byte, and at the end of a stream that was cut: only when the iterator has
    ended without it is the content whole.
    """
    held, at, is_over = bytearray(), 0, False
    source = iter(chunks)
    used = _begun(held, source)
    reader = used.reader(_key(used, item_key, context), bytes(held[2 : _start(used)]))
    at = _start(used)
    del held[:at]
    while not is_over:
        _fill(held, source, _end(at) - at)
        block = bytes(held[: _end(at) - at])
        del held[: len(block)]
        content, is_over = reader.pull(block, _said(used))
        at += len(block)
        yield _content(content)
    if held or next(source, None) is not None or not padding.is_size(at):
        raise Unopenable


def _begun(held: bytearray, source: Iterator[bytes]) -> Suite:
    """The suite that the first bytes name; the head is in `held` now."""
    _fill(held, source, 2)
    if len(held) < 2 or held[0] != VERSION:
        raise Unopenable
    used = known_suite(held[1])
    _fill(held, source, _start(used))
    if len(held) < _start(used):
        raise Unopenable
    return used


def _fill(held: bytearray, source: Iterator[bytes], size: int) -> None:
    while len(held) < size:
        chunk = next(source, None)
        if chunk is None:
            return
        held += chunk


def _tail(used: Suite, writer: Writer, held: bytes, at: int) -> Iterator[bytes]:
    """What is left, and blocks of nothing up to the size."""
    whole = padding.size_for(at + LENGTH + used.block_overhead + len(held))
    while at < whole:
        end = min(_end(at), whole)
        room = _room(used, at, end)
        yield writer.push(_block(held[:room], room), _said(used), is_last=end == whole)
        held, at = held[room:], end


def _block(content: bytes, room: int) -> bytes:
    return len(content).to_bytes(LENGTH, "big") + content.ljust(room, b"\x00")


def _content(block: bytes) -> bytes:
    size = int.from_bytes(block[:LENGTH], "big")
    if len(block) < LENGTH + size:
        raise Unopenable
    return block[LENGTH : LENGTH + size]


def _start(used: Suite) -> int:
    return 2 + used.head_size


def _end(at: int) -> int:
    """Where the block ends that begins there."""
    return BLOCK * (at // BLOCK + 1)


def _room(used: Suite, at: int, end: int) -> int:
    return end - at - LENGTH - used.block_overhead


def _said(used: Suite) -> bytes:
    return bytes([VERSION, used.id])


def _key(used: Suite, item_key: bytes, context: Context) -> bytes:
    return used.derive(item_key, b"jiandu stream" + context.encoded, used.key_size)
