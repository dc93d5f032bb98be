"""The mark that a file carries out of the house: who took it, when, under which number. The log holds the same number."""

from jiandu.base.core.clock import now
from jiandu.base.core.guard import Viewer


def mark_of(viewer: Viewer, identity: str) -> str:
    """The watermark: who, when, which export."""
    return f"{viewer.name} {now():%Y-%m-%d %H:%M} 导出编号 {identity}"
