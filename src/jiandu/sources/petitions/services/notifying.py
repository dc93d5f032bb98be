"""通报案管: case supervision is told of a first item of our own competence when it goes to a room (Rules 2020, art. 14)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.models import Level
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.sources.petitions import rules
from jiandu.sources.petitions.models import CaseNotice, HandOff, Petition
from jiandu.sources.petitions.offices import offices_of_cases
from jiandu.sources.petitions.recipients import recipient
from jiandu.sources.petitions.services.steps import Done, lock, permission, standing, write
from jiandu.sources.petitions.states import HANDED_ON, State, Verb, regime_of

AT_ONCE = 200  # notices signed for together


@dataclass(frozen=True)
class Notice:
    """When case supervision was told, at which office, and who took it there."""

    on: date
    office: Office | None = None
    receiver: str = ""


def lacks_notice(petition: Petition) -> bool:
    """Whether case supervision has to be told of it and was not."""
    inside = petition.handler_id is not None and petition.handler_id != petition.owner_office_id
    must = rules.must_notify(
        kind=petition.kind,
        competence=petition.competence,
        is_repeat=petition.is_repeat,
        is_handed_inside=inside and State(petition.state) in HANDED_ON,
    )
    return must and petition.notified_on is None and petition.withdrawn_on is None


def would_lack_notice(hand_off: HandOff) -> bool:
    """Whether case supervision has to be told once this hand-off is confirmed."""
    one = hand_off.petition
    inside = hand_off.office_id is not None and hand_off.office_id != one.owner_office_id
    return one.notified_on is None and rules.must_notify(
        kind=one.kind, competence=one.competence, is_repeat=one.is_repeat, is_handed_inside=inside
    )


@atomic
def notify_cases(*, petition: Petition, by: Viewer, new: Notice) -> Petition:
    """通报案管: that a first report went to a room, on its day; entered later too, but not before it went.

    Raises Refused: not-allowed, not-legal, other-regime, notice-needless, step-date.
    """
    petition = lock(petition)
    if not guard.allow(by, permission(Verb.NOTIFY), petition):
        raise Refused("not-allowed", "您没有“%(verb)s”的权限", verb=Verb.NOTIFY.label)
    rules.check_legal(Verb.NOTIFY, State(petition.state), regime_of(petition.kind))
    if not lacks_notice(petition):
        raise Refused("notice-needless", "只有本级管辖、首次转给本机关部门的件须通报案管，且只通报一次")
    went = standing(petition).filter(verb=Verb.ROUTE).order_by("seq").first()
    rules.check_day(new.on, went.on if went else petition.received_on)
    return notified(petition, by, new)


def notified(petition: Petition, by: Viewer, new: Notice) -> Petition:
    """The step, and what the case office has of it. The caller holds the petition locked and has asked whether it may."""
    office = new.office or next(iter(offices_of_cases(by)), None)
    petition.notified_on = new.on
    petition = write(petition, Verb.NOTIFY, by, Done(new.on, new.receiver, office=office), ("notified_on",))
    if office is not None and not _serves_there(office, petition):
        _hand_to(office, petition, by, new)
    return petition


def _serves_there(office: Office, petition: Petition) -> bool:
    """Whether somebody of the office belongs to the unit reported: then the notice goes by hand, to who does not."""
    paths = recipient(office, "").unit_paths
    return bool(petition.subject_path) and any(path.startswith(petition.subject_path) for path in paths)


def _hand_to(office: Office, petition: Petition, by: Viewer, new: Notice) -> None:
    """The notice in the case office's own register: the clerk has no reach there, the system writes it for him."""
    went = standing(petition).filter(verb=Verb.ROUTE).first()
    row = CaseNotice(
        petition_code=petition.code,
        kind=petition.kind,
        received_on=petition.received_on,
        routed_on=went.on if went else petition.received_on,
        handler_id=petition.handler_id or petition.owner_office_id,
        on=new.on,
        told_by=by.name[:64],
        source_uid=petition.uid,
        owner_office=office,
        owner_path=office.path,
        level=Level.SENSITIVE,
    )
    with guard.acting(guard.system("通报案管")):
        row.save(force_insert=True)


@atomic
def take_notice(*, notice: CaseNotice, by: Viewer, on: date) -> CaseNotice:
    """签收 by case supervision. Raises Refused: not-allowed, notice-taken, step-date."""
    mine = by.standing.office_ids if isinstance(by.standing, Standing) else ()
    if not guard.allow(by, "handle", notice) or notice.owner_office_id not in mine:  # a room sees it, and is not told
        raise Refused("not-allowed", "您没有签收该通报的权限")
    row: CaseNotice = CaseNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.taken_on is not None:
        raise Refused("notice-taken", "该通报已签收")
    rules.check_day(on, row.on)
    row.taken_on, row.taken_by = on, by.name[:64]
    row.save(update_fields=["taken_on", "taken_by"])
    record(by, "case_notice.take", row, payload={"on": on.isoformat()})
    return row


@atomic
def take_notices(*, uids: Sequence[UUID], by: Viewer, on: date) -> int:
    """签收 of several at once; those signed for meanwhile are left. Gives how many. Raises Refused: notice-none, as take_notice."""
    waiting = list(CaseNotice.objects.filter(uid__in=list(uids)[:AT_ONCE], taken_on__isnull=True).order_by("pk"))
    if not waiting:
        raise Refused("notice-none", "请勾选待签收的通报")
    for row in waiting:
        take_notice(notice=row, by=by, on=on)
    return len(waiting)
