"""Sizes that say little: everything sealed is 4, 16, 64 or 256 KiB, or whole MiB, to the byte."""

from jiandu.base.sealing.errors import Unopenable

KIB, MIB = 2**10, 2**20
SMALL = (4 * KIB, 16 * KIB, 64 * KIB, 256 * KIB)
LENGTH = 4  # bytes that say how long the content is


def size_for(size: int) -> int:
    """The least size of the set that holds so many bytes."""
    return next((step for step in SMALL if size <= step), -(-size // MIB) * MIB)


def is_size(size: int) -> bool:
    """Whether it is one of the set."""
    return size > 0 and size == size_for(size)


def pad(plain: bytes, *, beside: int) -> bytes:
    """The content with its length before it, so long that together with `beside` further bytes it has a size of the set."""
    whole = size_for(beside + LENGTH + len(plain))
    return len(plain).to_bytes(LENGTH, "big") + plain + bytes(whole - beside - LENGTH - len(plain))


def unpad(padded: bytes) -> bytes:
    """The content. Raises Unopenable for what `pad` did not make."""
    size = int.from_bytes(padded[:LENGTH], "big")
    if (
        len(padded) < LENGTH
        or size > len(padded) - LENGTH
        or padded.count(0, LENGTH + size) != len(padded) - LENGTH - size
    ):
        raise Unopenable
    return padded[LENGTH : LENGTH + size]
