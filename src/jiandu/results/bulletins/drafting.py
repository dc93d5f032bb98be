"""Verbs of a bulletin: drafted for a period, the office's words on it, kept with its figures, shown to a leader, taken back."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.accounts.models import User
from jiandu.base.audit.services import record
from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.base.lexicon.models import Item
from jiandu.net.access.models import Level
from jiandu.net.access.numbering import next_code
from jiandu.net.access.services import assign_record
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation
from jiandu.results.bulletins.models import PetitionBulletin
from jiandu.results.bulletins.selectors import period_of, theme_of
from jiandu.results.bulletins.states import State, Verb, is_legal
from jiandu.results.digests.counting import bulletin as counted
from jiandu.results.digests.freezing import as_kept
from jiandu.results.digests.periods import Period

WORD = "QK"


@dataclass(frozen=True)
class NewBulletin:
    """Of which office, for which period; 专题 with a domain or a unit."""

    office: Office
    period: Period
    domain: Item | None = None
    subject: Organisation | None = None


@atomic
def draft(*, new: NewBulletin, by: Viewer) -> PetitionBulletin:
    """起草. No figure is written: a draft is counted whenever it is looked at.

    Raises Refused: not-allowed, period-ahead, bulletin-twice.
    """
    if not guard.allow(by, "create", PetitionBulletin):
        raise Refused("not-allowed", "您没有起草情况分析的权限")
    if new.period.first > today():
        raise Refused("period-ahead", "该周期尚未开始")
    same = {"span": new.period.kind.value, "year": new.period.year, "number": new.period.number}
    code = next_code(PetitionBulletin, new.office, WORD, new.period.year)  # holds the office's row
    rows = PetitionBulletin.objects.filter(owner_office=new.office, withdrawn_on__isnull=True, **same)
    if rows.filter(domain=new.domain, subject=new.subject).exists():
        raise Refused("bulletin-twice", "该周期的情况分析已经起草")
    row = PetitionBulletin(
        code=code,
        **same,
        last_on=new.period.last,
        domain=new.domain,
        subject=new.subject,
        subject_path=new.subject.path if new.subject else "",
        owner_office=new.office,
        owner_path=new.office.path,
        level=Level.SENSITIVE,
    )
    row.save(force_insert=True)
    record(by, "petition_bulletin.draft", row, payload={"period": [*same.values()]})
    return row


@atomic
def write_remarks(*, bulletin: PetitionBulletin, by: Viewer, text: str) -> PetitionBulletin:
    """特点和建议, in the office's own words, while it is a draft. Raises Refused: not-allowed, bulletin-kept."""
    row = _drafted(bulletin, by)
    row.remarks = text.strip()
    row.save(update_fields=["remarks"])
    record(by, "petition_bulletin.write", row)
    return row


@atomic
def keep(*, bulletin: PetitionBulletin, by: Viewer, on: date) -> PetitionBulletin:
    """定稿: its figures are counted once more, within and for outside, and stay as they are on that day.

    Raises Refused: not-allowed, bulletin-kept, step-date (the period is not over, or a day to come).
    """
    row = _drafted(bulletin, by)
    if not row.last_on < on <= today():
        raise Refused("step-date", "周期结束后才能定稿，日期不晚于今天")
    period, theme = period_of(row), theme_of(row)
    row.inner = as_kept(counted(by, period, theme=theme))
    row.outer = _for_outside(row, by)
    row.state, row.kept_on, row.kept_by = State.KEPT, on, by.name[:64]
    row.save(update_fields=["inner", "outer", "state", "kept_on", "kept_by"])
    record(by, "petition_bulletin.keep", row, payload={"on": on.isoformat(), "total": row.inner["total"]})
    return row


def _for_outside(row: PetitionBulletin, by: Viewer) -> dict[str, object] | None:
    """The version that may leave the office; none where it would tell of one or two items alone."""
    try:
        return as_kept(counted(by, period_of(row), theme=theme_of(row), for_outside=True))
    except Refused:
        return None


@atomic
def show_to(*, bulletin: PetitionBulletin, by: Viewer, leader: User) -> PetitionBulletin:
    """送阅: a kept bulletin is opened to a leader by name, and to nobody above him. Raises Refused: not-allowed, keep-first, …"""
    row = _kept(bulletin, by)
    assign_record(thing=row, by=guard.system("bulletin shown"), user=leader)
    record(by, "petition_bulletin.show", row, payload={"to": leader.username})
    return row


@atomic
def withdraw(*, bulletin: PetitionBulletin, by: Viewer, reason: str, on: date | None = None) -> PetitionBulletin:
    """撤下 what was made by mistake; what was sent of it stays with whom it was sent to."""
    row = _locked(bulletin, by)
    take_back(row, reason, on)
    record(by, "petition_bulletin.withdraw", row, payload={"reason": reason.strip()[:200]})
    return row


def _locked(bulletin: PetitionBulletin, by: Viewer) -> PetitionBulletin:
    row: PetitionBulletin = PetitionBulletin.objects.select_for_update(of=("self",)).get(pk=bulletin.pk)
    if not guard.allow(by, "draft", row):
        raise Refused("not-allowed", "您没有办理该情况分析的权限")
    if row.withdrawn_on is not None:
        raise Refused("already-decided", "该记录已撤下，请刷新页面")
    return row


def _drafted(bulletin: PetitionBulletin, by: Viewer) -> PetitionBulletin:
    row = _locked(bulletin, by)
    if not is_legal(Verb.WRITE, row.state):
        raise Refused("bulletin-kept", "该情况分析已定稿")
    return row


def _kept(bulletin: PetitionBulletin, by: Viewer) -> PetitionBulletin:
    row = _locked(bulletin, by)
    if not is_legal(Verb.SHOW, row.state):
        raise Refused("keep-first", "请先定稿")
    return row
