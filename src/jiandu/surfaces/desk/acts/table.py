"""All acts, and which of them a viewer may do now."""

from typing import Any

from jiandu.loop.findings.models import Finding
from jiandu.surfaces.desk.acts.act import Act
from jiandu.surfaces.desk.acts.moving import MOVES
from jiandu.surfaces.desk.acts.parts import OF_PARTS, WORK

ACTS = (*MOVES, *WORK, *OF_PARTS)
BY_KEY = {act.key: act for act in ACTS}


def open_to(finding: Finding, may: frozenset[str]) -> list[Act]:
    """The acts on the finding itself that are legal now and permitted to the viewer."""
    return [act for act in (*MOVES, *WORK) if act.permission in may and finding.state in act.when and act.fits(finding)]


def open_on(part: str, row: Any, may: frozenset[str]) -> list[Act]:
    """The acts on one of its parts that are legal now and permitted. `may` holds the words for the kind of the part."""
    return [act for act in OF_PARTS if act.part == part and act.permission in may and act.fits(row)]
