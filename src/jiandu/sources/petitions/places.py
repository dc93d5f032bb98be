"""What names in the cells of a list mean: units by any name they ever bore, divisions, domains."""

from collections import Counter
from functools import cached_property
from typing import Any

from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.text import normal
from jiandu.base.lexicon.selectors import every_item
from jiandu.net.subjects.models import Organisation, OrganisationVersion, Region, in_force


class Places:
    """What names in the cells mean: units, divisions, domains. Asked once for a whole list."""

    def __init__(self, by: Viewer) -> None:
        self.by = by

    @cached_property
    def units(self) -> dict[str, Organisation]:
        """By any name that only one unit ever bore."""
        versions = OrganisationVersion.objects.select_related("organisation")
        found: dict[str, set[Organisation]] = {}
        for version in versions:
            found.setdefault(version.name_key, set()).add(version.organisation)
        return {key: next(iter(units)) for key, units in found.items() if len(units) == 1}

    @cached_property
    def regions(self) -> dict[str, Region]:
        rows = list(Region.objects.filter(in_force(today())))
        often = Counter(row.name for row in rows)
        return {row.code: row for row in rows} | {row.name: row for row in rows if often[row.name] == 1}

    @cached_property
    def domains(self) -> dict[str, Any]:
        rows = list(every_item(self.by, "petition_domain", None))
        return {normal(word): row for row in rows for word in (row.label_zh, *row.also_called)}
