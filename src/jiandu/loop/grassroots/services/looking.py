"""A sheet of assets that came back on paper is typed in at once: every row that has a result, or none of them."""

from dataclasses import dataclass

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.loop.findings.models import Finding
from jiandu.loop.grassroots.models import AssetLookBack
from jiandu.loop.grassroots.services.checks import NewLook, look_at_asset


@dataclass(frozen=True)
class Row:
    """A row of the paper by its number there: of which problem, and what it says."""

    number: int
    finding: Finding
    new: NewLook


@atomic
def look_at_assets(*, rows: list[Row], by: Viewer) -> list[AssetLookBack]:
    """资产回头看, a sheet at once. Raises Refused: looks-empty, looks-refused (`rows`: why, by number)."""
    if not rows:
        raise Refused("looks-empty", "还没有填写任何一行的结果")
    made: list[AssetLookBack] = []
    wrong: dict[int, Refused] = {}
    for row in rows:
        try:
            made.append(look_at_asset(finding=row.finding, by=by, new=row.new))
        except Refused as refused:
            wrong[row.number] = refused
    if wrong:
        raise Refused("looks-refused", "有%(count)d行不能登记，整张表都没有登记", count=len(wrong), rows=wrong)
    return made
