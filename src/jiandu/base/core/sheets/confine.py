"""Child side: the process lowers its own limits, for good, before it looks at a hostile file."""

import codecs
import gc
import resource
import sys

from .limits import MIB, Limits

_CODECS = ("utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "ascii", "cp437")
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000  # unshare(2)


def confine(limits: Limits, *, descriptors: int) -> None:
    """Set the ceilings of setrlimit(2): no core dump, CPU, descriptors, size of any file written, address space."""
    for name in _CODECS:  # an import after this point may find no descriptor
        codecs.lookup(name)
    gc.disable()  # rows form no cycles
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_CPU, limits.cpu_seconds)
    _lower(resource.RLIMIT_NOFILE, descriptors)
    _lower(resource.RLIMIT_FSIZE, 256 * MIB)
    if sys.platform == "linux":  # macOS refuses this one
        _lower(resource.RLIMIT_AS, limits.memory_bytes)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (ceiling, ceiling))


def leave_network() -> None:
    """Move to an empty network where the kernel permits it; reading needs no such thing, as it can open no socket."""
    import ctypes  # noqa: PLC0415 -- only for a child that could open a socket: one that reads starts faster without

    if sys.platform == "linux":
        unshare = ctypes.CDLL(None).unshare
        _ = unshare(_NEW_NETWORK) and unshare(_NEW_NETWORK | _NEW_USER)
