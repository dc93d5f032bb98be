"""Somebody leaves: in the talks that are still to be held, his successor talks or records in his place."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.net.access.leaving import Leaver
from jiandu.sources.talks.models import TalkPlan

FEWEST = 2


def _mine(leaver: Leaver) -> list[TalkPlan]:
    """The open plans of his offices that name him."""
    rows = TalkPlan.objects.filter(TalkPlan.still_open, owner_office_id__in=leaver.office_ids).order_by("pk")
    return [row for row in rows if leaver.user.name in (*row.officers, row.recorder)]


def told(leaver: Leaver) -> list[str]:
    """How many talks are planned with him."""
    count = len(_mine(leaver))
    said = {"kind": TalkPlan._meta.verbose_name, "count": count}
    return [gettext("%(kind)s%(count)d件") % said] if count else []


def follow(leaver: Leaver) -> dict[str, list[str]]:
    """Whoever talks already with him takes no second seat. Raises Refused (two-officers) where one would be left alone."""
    rows, to = _mine(leaver), leaver.to.name if leaver.to else ""
    for row in rows:
        named = [to if name == leaver.user.name else name for name in row.officers]
        row.officers = list(dict.fromkeys(named))
        if len(row.officers) < FEWEST:
            raise Refused(
                "two-officers", _("“%(name)s”已是同一谈话的约谈人，约谈人不得少于两人，请另选承接人"), name=to
            )
        row.recorder = to if row.recorder == leaver.user.name else row.recorder
        row.save(update_fields=["officers", "recorder"])
    return {"talk_plan": [str(row.uid) for row in rows]}
