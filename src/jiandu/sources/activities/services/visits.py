"""What is written of a visit is put right; which unit was visited on which day is taken back and entered anew."""

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.sources.activities.models import Visit
from jiandu.sources.activities.services.events import may

TOLD = ("place", "members", "attendees", "note")
MOST = {"place": 128, "members": 300, "attendees": 300}


@atomic
def amend_visit(*, visit: Visit, by: Viewer, said: dict[str, str], reason: str) -> Visit:
    """更正 of place, people and what was learned; the old words stay in the log. Raises Refused: reason-needed, visit-withdrawn."""
    may(by, "edit", visit.activity)
    row = Visit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
    if not reason.strip():
        raise Refused("reason-needed", "请写明原因")
    if row.withdrawn_on is not None:
        raise Refused("visit-withdrawn", "该走访已撤下，不能更正")
    clean = {name: text.strip()[: MOST.get(name)] for name, text in said.items() if name in TOLD}
    changed = {name: text for name, text in clean.items() if text != getattr(row, name)}
    if not changed:
        return row
    before = {name: getattr(row, name) for name in changed}
    for name, text in changed.items():
        setattr(row, name, text)
    row.save(update_fields=list(changed))
    payload = {"visit": str(row.uid), "reason": reason.strip(), "before": before, "after": changed}
    record(by, "activity.amend_visit", row.activity, payload=payload)
    return row
