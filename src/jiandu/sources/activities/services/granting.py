"""The record of a decision about an activity that was taken online: who, when, in which words."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from jiandu.base.core.guard import Viewer
from jiandu.net.access.standing import viewer_as_person
from jiandu.sources.activities.models import Activity, ActivityApproval


@dataclass(frozen=True)
class Decided:
    """What is decided, on which day; what is said of it; of a merger, into which activity; of 延期结项, to which day."""

    verb: str
    on: date
    note: str = ""
    into: Activity | None = None
    until: date | None = None


def new_approval(activity: Activity, by: Viewer, said: Decided, **signed: Any) -> ActivityApproval:
    """The row, before anybody has signed, or `signed` already. The caller asks for the permission."""
    row = ActivityApproval(
        activity=activity,
        verb=said.verb,
        note=said.note.strip(),
        merge_into=said.into,
        until=said.until,
        asked_on=said.on,
        asked_by_id=by.user_id,
        asked_by_name=by.name[:64],
        **signed,
    )
    row.save(force_insert=True)
    return row


def grant_online(activity: Activity, by: Viewer, said: Decided) -> None:
    """Who decided is who entered it. What the system enters is history: nobody signed it here.

    What somebody else had put to him is decided by that.
    """
    if by.is_system:
        return
    who, status = viewer_as_person(by), ActivityApproval.Status
    signed = {"is_granted": True, "signed_on": said.on, "signer_name": who.name[:64], "signer_id": who.person_id}
    signed |= {"status": status.GRANTED, "opinion": said.note.strip()}
    asked = activity.approvals.filter(verb=said.verb, status=status.WAITING).first()
    if asked is None or asked.asked_by_id == by.user_id:
        new_approval(activity, by, said, **signed | {"opinion": ""})
        return
    for name, value in (signed | {"until": said.until, "merge_into": said.into}).items():
        setattr(asked, name, value)
    asked.save()
