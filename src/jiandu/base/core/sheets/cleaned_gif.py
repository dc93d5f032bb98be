"""Child side: GIF block by block (GIF89a specification): pictures, their timing and how often they repeat; no comments, no XMP."""

from collections.abc import Iterator

from .errors import SheetRefused

_PICTURE, _MORE, _END = 0x2C, 0x21, 0x3B
_TIMING, _PROGRAM = 0xF9, 0xFF
_REPEATS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


def clean_gif(content: bytes) -> Iterator[bytes]:
    """Its pieces. Raises `SheetRefused` (damaged), and IndexError where it ends too early."""
    at = 13 + _colours(content[10])
    yield content[:at]
    while content[at] != _END:
        if content[at] == _PICTURE:
            begin = at + 10 + _colours(content[at + 9]) + 1
            kept = True
        elif content[at] == _MORE:
            begin = at + 2
            kept = (content[at + 1] == _TIMING and content[at + 2] == 4) or _repeats(content, at)
        else:
            raise SheetRefused("damaged")
        end = _behind_blocks(content, begin)
        if kept and content[at] == _MORE and content[at + 1] == _TIMING:
            yield content[at : at + 7] + b"\x00"
        elif kept:
            yield content[at:end]
        at = end
    yield b"\x3b"


def _colours(flags: int) -> int:
    """Bytes of a table of colours."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _repeats(content: bytes, at: int) -> bool:
    """Whether it says how often the pictures repeat, and nothing else."""
    return (
        content[at + 1] == _PROGRAM
        and content[at + 3 : at + 14] in _REPEATS
        and content[at + 14 : at + 16] == b"\x03\x01"
        and content[at + 18] == 0
    )


def _behind_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1
