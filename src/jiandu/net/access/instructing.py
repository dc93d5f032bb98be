"""批示: a leader's word on a record, given to an office by a term, and what came of it. Who may record whose."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.transaction import atomic
from django.utils.translation import gettext

from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.net.access.handing import Handed
from jiandu.net.access.instructed import Instructed
from jiandu.net.access.models import Owned
from jiandu.net.access.persons import same_name
from jiandu.net.access.policy import holds_for, kind_of
from jiandu.net.access.services import assign_to_office
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.net.subjects.names import person_name

ANY = Q()


@dataclass(frozen=True)
class NewInstruction:
    """A leader's 批示 as written: who, when, text, given to whom, by when."""

    leader: str
    on: date
    text: str
    given_to: Office
    due_on: date | None = None


@atomic
def instruct(*, row: Any, by: Viewer, new: NewInstruction) -> Any:
    """批示 on a record: `row` names it. The office that is given it reaches the record from now on. Raises Refused."""
    thing = _held(row, type(row).can_take)
    if not guard.allow(by, "instruct", thing):
        raise Refused("not-allowed", "您没有“登记批示”的权限")
    give(row, thing, by, new)
    said = {"leader": row.leader, "on": row.on.isoformat(), "text": row.text, "given_to": new.given_to.name}
    record(by, f"{kind_of(type(thing))}.instruct", thing, payload=said)
    return row


@atomic
def answer_instruction(*, row: Any, by: Viewer, on: date, answer: str) -> Any:
    """What came of it. Raises Refused, also when it has been answered before."""
    thing = _held(row)
    if not guard.allow(by, "edit", thing):
        raise Refused("not-allowed", "您没有“更正”的权限")
    fresh = type(row).objects.get(pk=row.pk)
    close(fresh, on, answer)
    said = {"instruction": str(fresh.uid), "on": on.isoformat()}
    record(by, f"{kind_of(type(thing))}.answer_instruction", thing, payload=said)
    return fresh


def give(row: Instructed, thing: Owned, by: Viewer, new: NewInstruction) -> None:
    """Writes the row; the caller holds the record and has asked for the permission.

    Raises Refused: instruction-needed, instruction-due, step-date, instruct-for.
    """
    if not new.text.strip() or not new.leader.strip():
        raise Refused("instruction-needed", "请填写批示领导和批示内容")
    if new.on > today():
        raise Refused("step-date", "日期不能晚于今天:%(on)s", on=new.on.isoformat())
    if new.due_on is not None and new.due_on < new.on:
        raise Refused("instruction-due", "办理时限不能早于批示日期")
    check_leader(by, thing, new.leader)
    row.leader, row.on, row.text = person_name(new.leader), new.on, new.text.strip()
    row.given_to, row.due_on = new.given_to, new.due_on
    row.save(force_insert=True)
    if new.given_to.pk != thing.owner_office_id:
        assign_to_office(thing_uid=thing.uid, office=new.given_to, since=today())


def close(row: Instructed, on: date, answer: str) -> None:
    """Writes what came of it. Raises Refused: already-decided, answer-needed."""
    if row.answered_on is not None:
        raise Refused("already-decided", "该事项已处理,请刷新页面")
    if not answer.strip() or not row.on <= on <= today():
        raise Refused("answer-needed", "请填写办理结果,办结日期不能早于批示日期,也不能晚于今天")
    row.answered_on, row.answer = on, answer
    row.save(update_fields=["answered_on", "answer"])


def _held(row: Any, condition: Q = ANY) -> Any:
    """The record that the 批示 is on, locked. Raises Refused (not-there) where it is not so, or left the scope."""
    link = row._meta.get_field(row.root_field)
    things = link.related_model.objects.select_for_update(of=("self",))
    thing = things.filter(condition, pk=getattr(row, link.attname)).first()
    if thing is None:
        raise Refused("not-there", "没有这条记录")
    return thing


def leaders_of(viewer: Viewer, thing: Owned) -> tuple[str, ...]:
    """Whose 批示 on the record the viewer may write down: as a secretary only those of his leaders. Empty: anybody's.

    A leader writes down his own, and those that come from above him.
    """
    holds = holds_for(viewer, "instruct", thing)
    if not holds or any(not hold.acts_for for hold in holds):
        return ()
    return tuple(dict.fromkeys(hold.acts_for for hold in holds))


def leader_first(viewer: Viewer, thing: Owned) -> str:
    """What the form begins with: the leader that the viewer acts for, else himself; nothing where he acts for several."""
    leaders = leaders_of(viewer, thing) or (viewer.name,)
    return leaders[0] if len(leaders) == 1 else ""


def check_leader(viewer: Viewer, thing: Owned, leader: str) -> None:
    """A secretary writes down no other leader's 批示. Raises Refused (instruct-for)."""
    leaders = leaders_of(viewer, thing)
    if leaders and not any(same_name(leader, one) for one in leaders):
        raise Refused(
            "instruct-for",
            "您只能登记“%(leaders)s”的批示，不能代“%(leader)s”登记",
            leaders="、".join(leaders),
            leader=leader,
        )


# --- an office closes ---


def waiting_for(table: Any, office: Office) -> QuerySet[Any]:
    """What of a table the office has not answered."""
    return table.objects.filter(given_to_id=office.pk, answered_on__isnull=True).order_by("pk")


def handed(table: Any) -> tuple[Callable[[Handed], dict[str, int]], Callable[[Office | Organisation], list[str]]]:
    """What `when_handed` takes: those of the table that a closing office has not answered go to who takes over."""

    def follow(handed: Handed) -> dict[str, int]:
        if not isinstance(handed.of, Office) or not handed.to:
            return {}
        count = waiting_for(table, handed.of).update(given_to=handed.to)
        return {table._meta.model_name: count} if count else {}

    def told(thing: Office | Organisation) -> list[str]:
        count = waiting_for(table, thing).count() if isinstance(thing, Office) else 0
        said = {"kind": table._meta.verbose_name, "count": count}
        return [gettext("%(kind)s%(count)d件") % said] if count else []

    return follow, told
