"""Somebody leaves: in the talks that are still to be held, his successor talks or records in his place."""

from django.utils.translation import gettext_lazy as _

from jiandu.base.core.errors import Refused
from jiandu.base.core.words import as_recorded
from jiandu.net.access.hands import Hands, Held, Leaver
from jiandu.sources.talks.models import TalkPlan

FEWEST = 2


def _mine(leaver: Leaver) -> list[TalkPlan]:
    """The open plans of his offices that name him."""
    rows = TalkPlan.objects.filter(TalkPlan.still_open, owner_office_id__in=leaver.office_ids)
    rows = rows.select_related("subject").order_by("pk")
    return [row for row in rows if leaver.user.name in (*row.officers, row.recorder)]


def _list(leaver: Leaver) -> list[Held]:
    return [_held(row) for row in _mine(leaver)]


def _held(row: TalkPlan) -> Held:
    unit = row.subject.name if row.subject else ""
    title, state = as_recorded(row.listed_as(row.theme)), as_recorded(row.get_kind_display())
    return Held("talk_plan", as_recorded(PLANS.label), row.uid, title=title, unit=unit, state=state, next_on=row.on)


def _give(leaver: Leaver) -> list[str]:
    """Whoever talks already with him takes no second seat. Raises Refused (two-officers) where one would be left alone."""
    rows, to = [row for row in _mine(leaver) if leaver.gives(row.uid)], leaver.to.name if leaver.to else ""
    for row in rows:
        named = [to if name == leaver.user.name else name for name in row.officers]
        row.officers = list(dict.fromkeys(named))
        if len(row.officers) < FEWEST:
            words = _("“%(name)s”已是同一谈话的约谈人，约谈人不得少于两人，请另选承接人")
            raise Refused("two-officers", words, name=to)
        row.recorder = to if row.recorder == leaver.user.name else row.recorder
        row.save(update_fields=["officers", "recorder"])
    return [str(row.uid) for row in rows]


PLANS = Hands("talk_plan", _("谈话计划"), _list, _give)
