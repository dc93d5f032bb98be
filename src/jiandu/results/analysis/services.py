"""The verb of analysis: a figure is frozen."""

from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import Standing
from jiandu.results.analysis.frozen import as_stored, digest_of, keys_of, packed
from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.models import Snapshot
from jiandu.results.analysis.selectors import Figure, figure, shares


@atomic
def freeze_figure(*, key: str, ask: Ask, by: Viewer, published_in: UUID) -> Figure:
    """Fixes a figure as the freezing viewer sees it, as of `ask.as_of` and as known at `ask.as_known`. Gives the figure.

    The service that publishes it asks for the permission and records the act.
    """
    if ask.as_known is None:
        raise ValueError("a frozen figure needs the moment up to which entries count")
    found = figure(by, key, ask)
    rows = packed(keys_of(found.measure.rows(ask), found.measure.total))
    standing = by.standing if isinstance(by.standing, Standing) else Standing()
    parts = {split.key: shares(by, key, ask, by=split.key) for split in found.measure.splits}
    for split in found.measure.splits:
        if sum(part.value for part in parts[split.key]) != found.value:
            raise Refused("parts", "“%(label)s”按%(by)s的各类之和不等于总数", label=found.measure.label, by=split.label)
    Snapshot(
        key=key,
        year=ask.year,
        as_of=ask.as_of,
        as_known=ask.as_known,
        value=found.value,
        row_count=found.rows,
        rows=rows,
        rows_digest=digest_of(rows),
        shares={name: as_stored(those) for name, those in parts.items()},
        note=found.note,
        scope=standing.office_name or by.name,
        scope_path=standing.paths[0] if standing.paths else "",
        published_in=published_in,
        frozen_by=by.name,
    ).save(force_insert=True)
    return found
