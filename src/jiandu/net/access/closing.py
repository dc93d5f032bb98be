"""Where an office or a unit closes, or somebody leaves: records are handed over first, rights end on the same day."""

from contextvars import ContextVar
from datetime import date, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet, UniqueConstraint
from django.db.transaction import atomic
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jiandu.base.audit.services import record
from jiandu.base.core import guard, places
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.handing import Handed, follow_all, told_of
from jiandu.net.access.models import Assignment, Grant, Level, Owned
from jiandu.net.overseers.models import Office, Officer, Supervision
from jiandu.net.overseers.services import close_office
from jiandu.net.subjects.endings import end_all, when_ended
from jiandu.net.subjects.models import Organisation, in_force
from jiandu.net.subjects.services import close_organisation

SHOWN = 5


@atomic
def retire_office(*, office: Office, until: date, by: Viewer, to: Office | None = None) -> Office:
    """撤销室组: everything goes to the office that takes over, then it closes, with all rights in it.

    Without `to` it is refused while something is open, naming it.
    """
    if to is not None:
        hand_over(office=office, to=to, by=by)
    return close_office(office=office, until=until, by=by)


@atomic
def hand_over(*, office: Office, to: Office, by: Viewer) -> dict[str, int]:
    """What the office owns, what was opened or given to it, the units it watches: the other office's from now on.

    The settled too, for look-backs. Gives rows a kind. Refused where both use the same number for different records.
    """
    if not guard.allow(by, "edit", Office):
        raise Refused("not-allowed", _("您没有维护监督机构的权限"))
    if to.pk == office.pk or to.until is not None:
        raise Refused("hand-over-to", _("请选择另一个没有撤销的机构"))
    places.hold()
    to = Office.objects.get(pk=to.pk)
    moved: dict[str, int] = {}
    with guard.acting(guard.system("office handed over")):
        for model in owned_models():
            _check_numbers(model, model.objects.filter(owner_office=office), to)
        moved |= follow_all(Handed(office, to, by))
        for model in owned_models():
            count = model.objects.filter(owner_office=office).update(owner_office=to, owner_path=to.path)
            if count:
                moved[model._meta.label_lower] = count
    opened = Assignment.objects.filter(in_force(today()), office=office)
    for row in opened:
        Assignment.objects.get_or_create(thing_uid=row.thing_uid, office=to, since=row.since)
    moved["assignment"] = end_all(opened, today() - timedelta(days=1))
    moved["supervision"] = _watch_on(office, to)
    moved = {name: count for name, count in moved.items() if count}
    record(by, "office.hand_over", office, payload={"to": str(to.uid), "name": to.name, "records": moved})
    return moved


def _watch_on(office: Office, to: Office) -> int:
    """The units that the office watches today are watched by the other one from today on, if it does not already."""
    day = today()
    watched = list(Supervision.objects.filter(in_force(day), office=office).values_list("organisation_id", flat=True))
    known = set(
        Supervision.objects.filter(Q(until__isnull=True) | Q(until__gte=day), office=to).values_list(
            "organisation_id", flat=True
        )
    )
    fresh = [Supervision(office=to, organisation_id=key, since=day) for key in watched if key not in known]
    return len(Supervision.objects.bulk_create(fresh))


_staying: ContextVar[str] = ContextVar("records_stay", default="")


@atomic
def retire_unit(  # noqa: PLR0913 -- the last day, and what becomes of what is open
    *,
    organisation: Organisation,
    until: date,
    by: Viewer,
    into: Organisation | None = None,
    document: str = "",
    to: Organisation | None = None,
    note: str = "",
) -> Organisation:
    """撤销单位: what is open about it goes on under the unit `to`, or stays with it for the reason in `note`; then it closes.

    With neither it is refused while something is open, naming it.
    """
    if not guard.allow(by, "edit", Organisation):
        raise Refused("not-allowed", _("您没有维护单位目录的权限"))
    note = note.strip()
    if to is not None and (to.pk == organisation.pk or to.until is not None):
        raise Refused("merged-into", _("请选择另一个没有撤销的单位"))
    if to is not None or note:
        _hand_unit_over(organisation, to, by, note)
    held = _staying.set(note)
    try:
        return close_organisation(organisation=organisation, until=until, by=by, into=into, document=document)
    finally:
        _staying.reset(held)


def _hand_unit_over(unit: Organisation, to: Organisation | None, by: Viewer, note: str) -> None:
    """What is settled stays the old unit's: it is its history."""
    places.hold()
    with guard.acting(guard.system("unit handed over")):
        moved = follow_all(Handed(unit, to, by, note))
        for model in owned_models() if to is not None else []:
            rows = model.objects.filter(model.still_open, subject=unit) if model.still_open else None
            if rows is not None and to is not None and (count := rows.update(subject=to, subject_path=to.path)):
                moved[model._meta.label_lower] = count
    payload = {"to": str(to.uid) if to else None, "note": note, "records": moved}
    record(by, "organisation.hand_over", unit, payload=payload)


def owned_models() -> list[Any]:
    """Every kind of protected record, whatever floor it is on."""
    return [model for model in apps.get_models() if issubclass(model, Owned)]


def open_records(thing: Office | Organisation) -> list[str]:
    """What is not finished of an office or about a unit, a phrase a kind: 问题2件(WT2022-3-00001、…).

    Numbers of sensitive records are left out.
    """
    phrases = []
    mine = {"owner_office": thing} if isinstance(thing, Office) else {"subject": thing}
    with guard.acting(guard.system("what is open")):
        for model in owned_models():
            rows = model.objects.filter(model.still_open, **mine) if model.still_open else None
            if rows is not None and (count := rows.count()):
                phrases.append(_phrase(model, rows, count))
        return phrases + told_of(thing)


def hangs_on(office: Office) -> list[str]:
    """Everything that an office hands over, a phrase a kind: what is open, what is settled, what it shares and watches."""
    phrases = open_records(office)
    with guard.acting(guard.system("what is settled")):
        settled = sum(
            model.objects.filter(owner_office=office).exclude(model.still_open or Q(pk__in=[])).count()
            for model in owned_models()
        )
    opened = Assignment.objects.filter(in_force(today()), office=office).count()
    watched = Supervision.objects.filter(in_force(today()), office=office).count()
    more = (
        (_("已办结记录%(count)d件"), settled),
        (_("共同承办%(count)d件"), opened),
        (_("监督单位%(count)d个"), watched),
    )
    return phrases + [str(words) % {"count": count} for words, count in more if count]


def _phrase(model: Any, rows: QuerySet[Any], count: int) -> str:
    told = rows.filter(level__lte=Level.INTERNAL).order_by("pk")[:SHOWN]
    codes = "、".join(str(row.code) for row in told if getattr(row, "code", ""))
    words = gettext("%(kind)s%(count)d件(%(codes)s)") if codes else gettext("%(kind)s%(count)d件")
    more = "…" if codes and count > SHOWN else ""
    return words % {"kind": model._meta.verbose_name, "count": count, "codes": codes + more}


def _check_numbers(model: Any, rows: QuerySet[Any], to: Office) -> None:
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint) and "owner_office" in constraint.fields:
            others = [name for name in constraint.fields if name != "owner_office"]
            same = model.objects.filter(owner_office=to, **{name: OuterRef(name) for name in others})
            clash = rows.filter(Exists(same)).order_by("pk").first()
            if clash is not None:
                words = _("两个机构都有“%(record)s”,编号重复,应先更正编号")
                raise Refused("hand-over-number", words, record=getattr(clash, "code", "") or str(clash))


def _office_ends(office: Office, until: date, by: Viewer) -> None:
    """Nothing open may be left behind; grants in the office and what was opened to it end with it."""
    phrases = open_records(office)
    if phrases:
        words = _("“%(name)s”还有未办结事项,应先移交其他室组:%(what)s")
        raise Refused("office-has-open-records", words, name=office.name, what="；".join(phrases))
    ended = _end_grants(Grant.objects.filter(office=office), until, by)
    opened = end_all(Assignment.objects.filter(office=office), until)
    record(by, "office.rights_end", office, payload={"grants": ended, "assignments": opened, "on": until.isoformat()})


def _service_ends(officer: Officer, until: date, by: Viewer) -> None:
    """Whoever leaves an office loses the roles held there, and the records of the office opened to him by name."""
    if officer.user_id is None:
        return
    ended = _end_grants(Grant.objects.filter(user_id=officer.user_id, office_id=officer.office_id), until, by)
    things: set[Any] = set()
    with guard.acting(guard.system("service ends")):
        named = Assignment.objects.filter(user_id=officer.user_id).values("thing_uid")
        for model in owned_models():
            held = model.objects.filter(owner_office_id=officer.office_id, uid__in=named)
            things.update(held.values_list("uid", flat=True))
    opened = end_all(Assignment.objects.filter(user_id=officer.user_id, thing_uid__in=things), until)
    record(by, "officer.rights_end", officer, payload={"grants": ended, "assignments": opened, "on": until.isoformat()})


def _unit_ends(unit: Organisation, until: date, by: Viewer) -> None:
    """What is open about it has been settled, or stays for a reason; its operators act for it no longer."""
    phrases = [] if _staying.get() else open_records(unit)
    if phrases:
        words = _("“%(name)s”还有未办结事项，应选择承接单位，或注明保留在原单位名下的原因：%(what)s")
        raise Refused("unit-has-open-records", words, name=unit.name, what="；".join(phrases))
    ended = _end_grants(Grant.objects.filter(organisation=unit), until, by)
    if ended:
        record(by, "organisation.rights_end", unit, payload={"grants": ended, "on": until.isoformat()})


def _end_grants(grants: QuerySet[Grant], until: date, by: Viewer) -> int:
    """Ends what would hold longer. Each is an entry of its own, so that the log shows when a right went and why."""
    later = list(grants.filter(Q(until__isnull=True) | Q(until__gt=until)).select_related("user").order_by("pk"))
    end_all(grants, until)
    for grant in later:
        record(by, "grant.end", grant, payload={"user": grant.user.username, "role": grant.role})
    return len(later)


def follow_endings() -> None:
    """Called once, when the models are ready."""
    when_ended(Office, _office_ends)
    when_ended(Officer, _service_ends)
    when_ended(Organisation, _unit_ends)
