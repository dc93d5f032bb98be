"""登记 and 更正: what the forms say, as what the services take."""

from typing import Any

from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.overseers.models import Office
from jiandu.net.overseers.selectors import office_by_pk
from jiandu.sources.petitions.models import Petition
from jiandu.sources.petitions.services import registering
from jiandu.sources.petitions.services.registering import NewPetition, NewTags
from jiandu.sources.petitions.vault import Content, Sender

Said = dict[str, Any]
TAGS = (
    *("way", "origin", "kind", "people", "authority", "managed_by", "competence", "competence_why"),
    *("is_over_level", "is_urgent", "is_typical", "rank", "is_head", "is_party_member", "is_supervisee", "nature"),
    "nature_detail",
    *("domain", "region"),
)


def office_of(said: Said) -> Office:
    """The office that the form names, taken out of what it says. Raises Refused (unknown-office)."""
    office = office_by_pk(int(said.pop("office")))
    if office is None:
        raise Refused("unknown-office", "请选择承办室组")
    return office


def _tags(said: Said, **more: Any) -> NewTags:
    return NewTags(**{name: said[name] for name in TAGS}, further_natures=tuple(said["further_natures"]), **more)


def register(_viewer: Viewer, said: Said, by: Viewer) -> Petition:
    """A new item, with what it says and who sent it."""
    unit = said["subject"]
    content = Content(
        said["summary"], person=said["person"], post=said["post"], unit=str(unit or ""), keywords=said["keywords"]
    )
    sender = Sender(
        name=said["sender_name"],
        contact=said["sender_contact"],
        id_number=said["sender_id"],
        address=said["sender_address"],
        asks=said["sender_asks"],
        representatives=said["representatives"],
    )
    new = NewPetition(
        received_on=said["received_on"],
        office=office_of(said),
        tags=_tags(said, named=said["named"]),
        content=content,
        sender=sender if sender != Sender() else None,
        subject=unit,
        category=said["category"],
    )
    return registering.register(new=new, by=by, unlocked=said["unlocked"])


def amend(one: Petition, said: Said, by: Viewer) -> Petition:
    """Other tags, with the reason."""
    tags = _tags(said, named=one.named)
    return registering.amend_tags(petition=one, by=by, tags=tags, subject=said["subject"], reason=said["reason"])
