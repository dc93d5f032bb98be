"""Verbs of contact points: invite one, prolong its term, let it go, put its facts right."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Person, Region
from jiandu.sources.contactpoints.models import ContactPoint, PointTurn
from jiandu.sources.contactpoints.services.naming import may, next_code, not_later


@dataclass(frozen=True)
class NewPoint:
    """An enterprise or association: its name, our office and officer who keep contact, its term."""

    name: str
    office: Office
    since: date
    until: date | None = None
    kind: str = ContactPoint.Kind.ENTERPRISE
    tier: str = ContactPoint.Tier.CITY
    short_name: str = ""
    district: Region | None = None
    industry: Item | None = None
    officer: Person | None = None
    liaison: str = ""
    code: str = ""


@atomic
def invite(*, new: NewPoint, by: Viewer) -> ContactPoint:
    """设立联系点. Raises Refused: not-allowed, name-needed, period-in-order, point-twice."""
    may(by, "create", ContactPoint)
    name = new.name.strip()
    if not name:
        raise Refused("name-needed", "请填写企业（商协会）名称")
    if new.until is not None and new.until < new.since:
        raise Refused("period-in-order", "结束日期不能早于起始日期")
    here = ContactPoint.objects.filter(name=name, tier=new.tier, withdrawn_on__isnull=True, left_on__isnull=True)
    if here.exists():
        raise Refused("point-twice", "%(name)s已是联系点", name=name)
    point = ContactPoint(
        code=new.code.strip() or next_code(ContactPoint, "LXD", new.office),
        name=name[:128],
        short_name=new.short_name.strip()[:64],
        kind=ContactPoint.Kind(new.kind),
        tier=ContactPoint.Tier(new.tier),
        district=new.district,
        industry=new.industry,
        officer=new.officer,
        liaison=new.liaison.strip()[:64],
        since=new.since,
        until=new.until,
        owner_office=new.office,
        owner_path=new.office.path,
    )
    point.save(force_insert=True)
    record(by, "contact_point.invite", point, payload={"code": point.code, "since": new.since.isoformat()})
    return point


@dataclass(frozen=True)
class PointFacts:
    """What may be put right: not the term, which only turns change."""

    name: str
    short_name: str = ""
    kind: str = ContactPoint.Kind.ENTERPRISE
    district: Region | None = None
    industry: Item | None = None
    officer: Person | None = None
    liaison: str = ""


@atomic
def amend_point(*, point: ContactPoint, by: Viewer, facts: PointFacts) -> ContactPoint:
    """更正. Raises Refused (name-needed). Names stand in no log."""
    may(by, "edit", point)
    if not facts.name.strip():
        raise Refused("name-needed", "请填写企业（商协会）名称")
    changed = sorted(key for key, value in vars(facts).items() if getattr(point, key) != value)
    for key in changed:
        setattr(point, key, getattr(facts, key))
    if changed:
        point.save(update_fields=changed)
        record(by, "contact_point.amend", point, payload={"changed": changed})
    return point


@atomic
def prolong(*, point: ContactPoint, by: Viewer, on: date, until: date, note: str = "") -> PointTurn:
    """续聘 up to and including a day. Raises Refused (step-date, period-in-order, point-left)."""
    point = _begin(point, by, on)
    if until < on:
        raise Refused("period-in-order", "结束日期不能早于起始日期")
    return _turn(point, by, PointTurn(verb=PointTurn.Verb.PROLONG, on=on, until=until, note=note.strip()[:200]))


@atomic
def leave(*, point: ContactPoint, by: Viewer, on: date, note: str) -> PointTurn:
    """退出: from that day on it is a contact point no more. Raises Refused (step-date, note-needed, point-left)."""
    point = _begin(point, by, on)
    if not note.strip():
        raise Refused("note-needed", "请写明退出原因")
    turn = _turn(point, by, PointTurn(verb=PointTurn.Verb.LEAVE, on=on, note=note.strip()[:200]))
    point.left_on = on
    point.save(update_fields=["left_on"])
    return turn


@atomic
def withdraw_turn(*, turn: PointTurn, by: Viewer, reason: str, on: date | None = None) -> PointTurn:
    """撤下 a turn that was entered by mistake."""
    may(by, "edit", turn.point)
    take_back(turn, reason, on)
    if turn.verb == PointTurn.Verb.LEAVE:
        turn.point.left_on = None
        turn.point.save(update_fields=["left_on"])
    record(by, "contact_point.withdraw_turn", turn.point, payload={"turn": str(turn.uid), "reason": reason})
    return turn


@atomic
def withdraw_point(*, point: ContactPoint, by: Viewer, reason: str, on: date | None = None) -> ContactPoint:
    """撤下 a point that was entered by mistake. What it told stays."""
    may(by, "edit", point)
    take_back(point, reason, on)
    record(by, "contact_point.withdraw", point, payload={"reason": reason})
    return point


def _begin(point: ContactPoint, by: Viewer, on: date) -> ContactPoint:
    may(by, "edit", point)
    point = ContactPoint.objects.select_for_update(of=("self",)).get(pk=point.pk)
    not_later(on)
    if on < point.since:
        raise Refused("step-date", "日期不能早于任期开始：%(on)s", on=point.since.isoformat())
    if point.left_on is not None or point.withdrawn_on is not None:
        raise Refused("point-left", "该联系点已退出")
    return point


def _turn(point: ContactPoint, by: Viewer, turn: PointTurn) -> PointTurn:
    turn.point, turn.by_name = point, by.name[:64]
    turn.save(force_insert=True)
    record(by, f"contact_point.{turn.verb}", point, payload={"on": turn.on.isoformat()})
    return turn
