"""Checks of the log that a person asks for: against every anchor file there is; that it was checked stands in the log."""

from dataclasses import dataclass
from pathlib import Path

from jiandu.base.audit import anchors
from jiandu.base.audit.chain import Verdict, verify_chain
from jiandu.base.audit.models import Entry
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer


@dataclass(frozen=True)
class Anchored:
    """An anchor file: its path, how many checkpoints it holds, the last one; `trouble` where it cannot be read."""

    path: Path
    count: int = 0
    last: anchors.Anchor | None = None
    trouble: str = ""


def anchor_files() -> list[Anchored]:
    """Every anchor file that the installation keeps."""
    rows = []
    for path in anchors.files():
        try:
            held, _is_torn = anchors.read(path)
        except anchors.Unreadable as error:
            rows.append(Anchored(path, trouble=str(error)))
            continue
        rows.append(Anchored(path, len(held), held[-1]))
    return rows


def check_log(viewer: Viewer) -> list[tuple[str, Verdict]]:
    """(anchor file, verdict) for each file, or one verdict without anchors. Raises Refused for others.

    The check goes into the log afterwards, so that it cannot be said later that nobody looked.
    """
    if not guard.allow(viewer, "audit", Entry):
        raise Refused("not-allowed", "您没有查看审计日志的权限")
    paths = [path for path in anchors.files() if path.exists()]
    verdicts = [(str(path), verify_chain(anchors=path)) for path in paths] or [("", verify_chain())]
    record(viewer, "log.verify", None, {"verdicts": [verdict.status for _path, verdict in verdicts]})
    return verdicts
