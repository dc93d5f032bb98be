"""登记: what the clerk enters of a letter, visit, call or web item. What it says and who sent it are sealed at once."""

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Region
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import rules, vault
from jiandu.sources.petitions.categories import first
from jiandu.sources.petitions.competence import Managed, settle
from jiandu.sources.petitions.models import Petition, Sealed
from jiandu.sources.petitions.offices import level_of
from jiandu.sources.petitions.services.classifying import check_category
from jiandu.sources.petitions.services.steps import Done, lock, write
from jiandu.sources.petitions.states import BEFORE, Named, Origin, State, Verb, regime_of
from jiandu.sources.petitions.timeliness import note_duties
from jiandu.sources.petitions.vault import Content, Sender

WORD = "XF"


@dataclass(frozen=True)
class NewTags:
    """What is known of it without opening it (models.Tags)."""

    way: str
    kind: str
    origin: str = Origin.DIRECT
    named: str = Named.ANONYMOUS
    people: int = 1
    authority: str = ""  # who manages the cadre (管理权限); empty: as the unit reported is managed
    managed_by: str = ""
    competence: str = ""  # empty: as it follows from who manages
    competence_why: str = ""
    is_over_level: bool = False
    is_urgent: bool = False
    rank: str = ""
    is_head: bool = False
    is_party_member: bool | None = None
    is_supervisee: bool | None = None
    is_typical: bool = False
    nature: str = ""
    nature_detail: str = ""  # a code of lexicon.categories "nature"
    further_natures: tuple[str, ...] = ()
    domain: Item | None = None
    region: Region | None = None


@dataclass(frozen=True)
class NewPetition:
    """A petition to register: its day, tags, the unit reported where it is known; what it says and who sent it, in clear."""

    received_on: date
    office: Office
    tags: NewTags
    content: Content
    sender: Sender | None = None
    subject: Organisation | None = None
    source_code: str = ""
    category: str = ""  # a code of lexicon.categories


@atomic
def register(*, new: NewPetition, by: Viewer, unlocked: Unlocked | None = None) -> Petition:
    """登记; with the office's key open, also the marks by which later letters on the same person, or by the same hand, are known.

    Raises Refused: not-allowed, step-date, people, competence, named-first, summary-needed, sender-anonymous, representatives,
    and as competence.settle."""
    if not guard.allow(by, "create", Petition):
        raise Refused("not-allowed", "您没有“登记信访件”的权限")
    new = replace(new, tags=_settled(new.tags, new.office, new.subject, has_person=bool(new.content.person.strip())))
    _check(new)
    person, hand = vault.marks_of(new.office, new.content, new.sender, unlocked)
    petition = Petition(
        person_mark=person,
        sender_mark=hand,
        category=new.category,
        proposed_category=first(new.content.summary),
        code=next_code(Petition, new.office, WORD, new.received_on.year),
        source_code=new.source_code.strip()[:64],
        received_on=new.received_on,
        owner_office=new.office,
        owner_path=new.office.path,
        subject=new.subject,
        subject_path=new.subject.path if new.subject else "",
        level=Level.SENSITIVE,
        **values_of(new.tags),
    )
    petition.save(force_insert=True)
    seal(petition, new.office, new.content, new.sender)
    return write(petition, Verb.REGISTER, by, Done(new.received_on))


def values_of(tags: NewTags) -> dict[str, Any]:
    """The tags as columns."""
    said = {field.name: getattr(tags, field.name) for field in fields(tags)}
    return said | {"further_natures": list(tags.further_natures), "managed_by": tags.managed_by.strip()[:128]}


def _settled(tags: NewTags, office: Office, subject: Organisation | None, *, has_person: bool) -> NewTags:
    """The tags with the competence that follows from who manages, or the one said with its reason."""
    known = (
        has_person or tags.rank or tags.is_head or tags.is_party_member is not None or tags.is_supervisee is not None
    )
    managed = Managed(
        authority=tags.authority or (subject.authority if subject is not None else ""),
        managed_by=tags.managed_by,
        unit=subject.name if subject is not None else "",
        is_unit_alone=subject is not None and not known,
    )
    found = settle(
        kind=tags.kind, level=level_of(office), managed=managed, said=tags.competence, why=tags.competence_why
    )
    return replace(tags, authority=found.authority, competence=found.competence, competence_why=found.why)


def _check(new: NewPetition) -> None:
    rules.check_day(new.received_on)
    rules.check_tags(new.tags.kind, new.tags.competence, new.tags.people, new.tags.named)
    rules.check_natures(new.tags.nature, new.tags.further_natures, new.tags.nature_detail)
    if new.category:
        check_category(new.category)
    if not new.content.summary.strip():
        raise Refused("summary-needed", "请填写反映内容")
    if new.sender is not None and new.tags.named == Named.ANONYMOUS:
        # Who did not say who he is stays unknown: no address, hand or telephone is kept (art. 29).
        raise Refused("sender-anonymous", "匿名件不登记举报人信息")
    if new.sender is not None:
        rules.check_representatives(new.sender.representatives, new.tags.people)


def seal(petition: Petition, office: Office, content: Content, sender: Sender | None) -> None:
    """The envelopes of a new petition: the content for the office, the sender for the custodian alone."""
    Sealed(
        petition=petition,
        compartment=Sealed.Compartment.CONTENT,
        envelope=vault.seal_content(petition.uid, office, content),
    ).save(force_insert=True)
    if sender is not None:
        Sealed(
            petition=petition,
            compartment=Sealed.Compartment.IDENTITY,
            envelope=vault.seal_sender(petition.uid, office, sender),
        ).save(force_insert=True)


@atomic
def amend_tags(*, petition: Petition, by: Viewer, tags: NewTags, subject: Organisation | None, reason: str) -> Petition:
    """更正 of tags and of the unit reported. The class stays within its regime once it was routed: clocks are not swapped.

    Raises Refused: not-allowed, reason-needed, other-regime, people, competence, main-nature, nature-detail, and as competence.settle.
    """
    petition = lock(petition)
    if not guard.allow(by, "edit", petition):
        raise Refused("not-allowed", "您没有更正该信访件的权限")
    if not reason.strip():
        raise Refused("reason-needed", "请写明更正原因")
    _check_regime(petition, tags.kind)
    tags = _settled(tags, petition.owner_office, subject, has_person=False)
    rules.check_tags(tags.kind, tags.competence, tags.people, Named.ANONYMOUS)
    rules.check_natures(tags.nature, tags.further_natures, tags.nature_detail)
    before = {name: _as_said(getattr(petition, name)) for name in values_of(tags)}
    for name, value in values_of(tags).items():
        if name != "named":  # the verification says that, never a correction
            setattr(petition, name, value)
    petition.subject, petition.subject_path = subject, subject.path if subject else ""
    note_duties(petition)
    petition.save()  # whole: the policy looks at where it stands now
    changed = {name: [old, new] for name, old in before.items() if (new := _as_said(getattr(petition, name))) != old}
    record(by, "petition.amend", petition, payload={"changed": changed, "reason": reason.strip()[:200]})
    return petition


def _check_regime(petition: Petition, kind: str) -> None:

    if State(petition.state) not in BEFORE and regime_of(kind) != regime_of(petition.kind):
        raise Refused("other-regime", "已转办的信访件不能在检举控告与普通信访之间改变类别，请退回后更正")


def _as_said(value: Any) -> Any:
    return str(value) if value is not None and not isinstance(value, (bool, int, str)) else value


@atomic
def withdraw(*, petition: Petition, by: Viewer, reason: str, on: date | None = None) -> Petition:
    """撤下 what was entered by mistake: no figure after that day counts it."""
    petition = lock(petition)
    if not guard.allow(by, "edit", petition):
        raise Refused("not-allowed", "您没有撤下该信访件的权限")
    take_back(petition, reason, on)
    record(by, "petition.withdraw", petition, payload={"reason": reason.strip()[:200]})
    return petition
