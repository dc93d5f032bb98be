"""Verbs of suggestions: take one in, with a problem or without, and adopt it as a reference for supervision."""

from dataclasses import dataclass
from datetime import date

from django.db.transaction import atomic

from jiandu.base.audit.services import record
from jiandu.base.core.errors import Refused
from jiandu.base.core.guard import Viewer
from jiandu.base.core.withdrawing import take_back
from jiandu.net.overseers.models import Office
from jiandu.sources.contactpoints.models import (
    Adoption,
    ContactPoint,
    ContactProblem,
    ContactSuggestion,
    Reflection,
)
from jiandu.sources.contactpoints.services.naming import (
    check_unnamed,
    may,
    next_alias,
    next_code,
    not_later,
    points_seen,
)


@dataclass(frozen=True)
class NewSuggestion:
    """What is suggested, on which day, by which point (if one did), beside which problem (if any)."""

    text: str
    raised_on: date
    office: Office
    point: ContactPoint | None = None
    problem: ContactProblem | None = None
    words: str = ""
    code: str = ""


@atomic
def suggest(*, new: NewSuggestion, by: Viewer) -> ContactSuggestion:
    """登记建议. Raises Refused: not-allowed, step-date, text-needed, names-enterprise."""
    may(by, "create", ContactSuggestion)
    not_later(new.raised_on)
    if not new.text.strip():
        raise Refused("text-needed", "请填写建议内容")
    told = [new.point] if new.point else []
    check_unnamed([*told, *(points_seen(new.problem) if new.problem else [])], new.text)
    row = ContactSuggestion(
        code=new.code.strip() or next_code(ContactSuggestion, f"JY{new.raised_on.year}", new.office),
        text=new.text.strip()[:500],
        raised_on=new.raised_on,
        problem=new.problem,
        owner_office=new.office,
        owner_path=new.office.path,
    )
    row.save(force_insert=True)
    if new.point is not None:
        may(by, "edit", new.point)
        alias = next_alias(row)
        Reflection(point=new.point, suggestion=row, alias=alias, on=new.raised_on, words=new.words.strip()).save(
            force_insert=True
        )
    record(by, "contact_suggestion.suggest", row, payload={"on": new.raised_on.isoformat()})
    return row


@atomic
def adopt(*, suggestion: ContactSuggestion, by: Viewer, on: date, used_for: str) -> Adoption:
    """纳入监督参考. Raises Refused: step-date, note-needed, already-decided."""
    may(by, "edit", suggestion)
    suggestion = ContactSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    not_later(on)
    if on < suggestion.raised_on:
        raise Refused("step-date", "纳入日期不能早于提出日期")
    if not used_for.strip():
        raise Refused("note-needed", "请写明纳入何项监督参考")
    if Adoption.objects.filter(suggestion=suggestion, withdrawn_on__isnull=True).exists():
        raise Refused("already-decided", "该建议已纳入，请刷新页面")
    check_unnamed(points_seen(suggestion), used_for)
    row = Adoption(suggestion=suggestion, on=on, used_for=used_for.strip()[:200], by_name=by.name[:64])
    row.save(force_insert=True)
    record(by, "contact_suggestion.adopt", suggestion, payload={"on": on.isoformat()})
    return row


@atomic
def withdraw_adoption(*, adoption: Adoption, by: Viewer, reason: str, on: date | None = None) -> Adoption:
    """撤下 an adoption that was entered by mistake."""
    may(by, "edit", adoption.suggestion)
    take_back(adoption, reason, on)
    record(by, "contact_suggestion.withdraw_adoption", adoption.suggestion, payload={"reason": reason})
    return adoption


@atomic
def withdraw_suggestion(
    *, suggestion: ContactSuggestion, by: Viewer, reason: str, on: date | None = None
) -> ContactSuggestion:
    """撤下 a suggestion that was entered by mistake: no figure after today counts it."""
    may(by, "edit", suggestion)
    take_back(suggestion, reason, on)
    record(by, "contact_suggestion.withdraw", suggestion, payload={"reason": reason})
    return suggestion
