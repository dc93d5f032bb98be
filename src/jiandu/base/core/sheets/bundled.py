"""Child side: the files of an archive of several, each under the name that its maker wrote."""

import base64
from collections.abc import Callable

from .errors import SheetRefused
from .limits import Limits
from .parts import Part, unpack
from .precheck import inspect, kind_of
from .wire import Line

MOST = 200


def send_members(fd: int, limits: Limits, send: Callable[[Line], None]) -> None:
    """Each file as its name and its bytes. Raises `SheetRefused` for an archive that cannot be trusted, or has nothing for us."""
    if kind_of(fd, limits) != "zip":
        raise SheetRefused("no_members")
    parts = [part for part in inspect(fd, limits).values() if not _is_ours_not(part.name)]
    if not parts:
        raise SheetRefused("no_members")
    if len(parts) > MOST:
        raise SheetRefused("too_many_members", limit=MOST)
    for part in parts:
        send(["member", _named(part)])
        for block in unpack(fd, part):
            send(["bytes", base64.b64encode(block).decode()])


def _is_ours_not(name: str) -> bool:
    """Folders, and what systems leave in archives by themselves."""
    bare = name.rsplit("/", 1)[-1]
    return not bare or name.startswith("__MACOSX/") or bare.startswith((".", "~$")) or bare.lower() == "thumbs.db"


def _named(part: Part) -> str:
    """The bare name: programs on Chinese systems write GBK without saying so."""
    bare = part.name.rsplit("/", 1)[-1]
    try:
        return bare.encode("cp437").decode("gb18030")
    except UnicodeError:  # it was UTF-8 and said so
        return bare
