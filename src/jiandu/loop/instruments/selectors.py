"""Reads of sheets and letters: the registers, one with everything on it, those about a finding or of an activity."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from jiandu.base.core import guard
from jiandu.base.core.clock import today
from jiandu.base.core.guard import Viewer
from jiandu.base.core.guarded import parts_of_row
from jiandu.base.core.tree import subtree_q
from jiandu.loop.findings.models import Finding
from jiandu.loop.instruments.course import at, with_course
from jiandu.loop.instruments.kinds import kind_of
from jiandu.loop.instruments.models import (
    STANDS,
    Answer,
    Delivery,
    Instrument,
    InstrumentInstruction,
    Matter,
    Reply,
    SignOff,
    Suggestion,
    Turn,
    Wording,
)
from jiandu.net.access.models import Level
from jiandu.net.access.selectors import look, of_queue
from jiandu.net.access.standing import Standing
from jiandu.net.overseers.models import Office
from jiandu.net.subjects.models import Organisation, Person
from jiandu.net.subjects.selectors import leaders_in_charge
from jiandu.sources.activities.models import Activity

NUMBER = re.compile(r"(\D{1,32})[〔\[［(（【]([0-9]{4})[〕\]］)）】]([0-9]{1,6})号?")


def instruments(viewer: Viewer, kinds: Iterable[str], *, year: int | None = None, where: str = "") -> "QuerySet[Any]":
    """Those of the kinds in scope that stand, newest first, each with its course; `where` as in `course.at`."""
    guard.check_is_actor(viewer)
    rows = Instrument.objects.filter(STANDS, kind__in=list(kinds))
    rows = rows.filter(drafted_on__year=year) if year is not None else rows
    return (
        at(with_course(rows), where, today()).select_related("owner_office", "subject").order_by("-drafted_on", "-pk")
    )


def owed(viewer: Viewer) -> "list[tuple[Any, list[Suggestion]]]":
    """Letters in scope of level ≤ 1 whose unit has not answered, each with the suggestions that are still without an answer."""
    rows = instruments(viewer, Instrument.LETTERS, where="unanswered").filter(level__lte=Level.INTERNAL)
    found = list(rows.order_by("subject_path", "reply_due_on", "pk"))
    answered = set(Answer.objects.filter(STANDS, instrument__in=found).values_list("suggestion_id", flat=True))
    asked: dict[int, list[Suggestion]] = {}
    for row in Suggestion.objects.filter(STANDS, instrument__in=found).order_by("pk"):
        if row.pk not in answered:
            asked.setdefault(row.instrument_id, []).append(row)
    return [(one, asked.get(one.pk, [])) for one in found]


def to_sign(viewer: Viewer) -> "QuerySet[Any]":
    """What waits for this viewer's signature: the kinds that he signs, the longest waiting first."""
    guard.check_is_actor(viewer)
    kinds = [kind for kind in Instrument.Kind if guard.allow(viewer, kind_of(kind).signed_by, Instrument)]
    waiting = parts_of_row(SignOff).filter(status=SignOff.Status.WAITING)
    rows = Instrument.objects.filter(STANDS, Exists(waiting), kind__in=kinds)
    return rows.order_by("drafted_on", "pk")


def instruments_numbered(viewer: Viewer, number: str) -> list[Instrument]:
    """Those in scope with this 文号 (厦纪建〔2022〕3号, with any brackets); there is one at most."""
    guard.check_is_actor(viewer)
    said = NUMBER.fullmatch(number)
    if said is None:
        return []
    word, year, serial = said[1], int(said[2]), int(said[3])
    rows = Instrument.objects.filter(number_word=word, number_year=year, number_serial=serial)
    return list(rows.select_related("owner_office"))


def instrument_by_uid(viewer: Viewer, uid: UUID) -> Any:
    """The sheet with its course, if it is in scope; of its activity uid, name and kind, where that is in scope.

    `has_matters`, `is_instructed`: whether it lists findings, and whether a leader wrote on it.
    """
    guard.check_is_actor(viewer)
    rows = with_course(Instrument.objects.filter(uid=uid)).select_related(
        "owner_office", "subject", "nature", "wording"
    )
    source = Activity.objects.filter(pk=OuterRef("activity_id"))
    named = {f"activity_{column}": Subquery(source.values(column)[:1]) for column in ("uid", "name", "kind")}
    has = {
        "has_matters": Exists(parts_of_row(Matter).filter(STANDS)),
        "is_instructed": Exists(parts_of_row(InstrumentInstruction)),
    }
    return rows.annotate(**named, **has).first()


@dataclass(frozen=True)
class Whole:
    """One sheet with everything on it, each list in its order; what was taken back only among the turns."""

    instrument: Any
    findings: list[tuple[Matter, Finding | None]]
    suggestions: list[tuple[Suggestion, Answer | None]]
    sign_offs: list[SignOff] | None  # None: closed to the viewer
    deliveries: list[tuple[Delivery, list[Turn]]]  # with what the leader said
    replies: list[Reply]
    turns: list[Turn]


def whole(viewer: Viewer, one: Any) -> Whole:
    """Everything about one sheet: a statement a list."""
    guard.check_is_actor(viewer)
    listed = Matter.objects.filter(STANDS, instrument=one).prefetch_related("finding").order_by("pk")
    matters = listed if getattr(one, "has_matters", True) else []
    suggestions = [] if one.is_copy_report else list(Suggestion.objects.filter(STANDS, instrument=one).order_by("pk"))
    given = Answer.objects.filter(STANDS, instrument=one) if suggestions else []
    answers = {row.suggestion_id: row for row in given}
    turns = list(Turn.objects.filter(instrument=one).order_by("on", "pk"))
    served = Delivery.objects.filter(STANDS, instrument=one).select_related("person", "organisation")
    signing = _signing(viewer, one)
    return Whole(
        instrument=one,
        findings=[(row, row.finding) for row in matters],
        suggestions=[(row, answers.get(row.pk)) for row in suggestions],
        sign_offs=None if signing is None else list(signing.select_related("typed_by", "confirmed_by").order_by("pk")),
        deliveries=[
            (row, [turn for turn in turns if turn.delivery_id == row.pk and turn.withdrawn_on is None])
            for row in served.order_by("on", "pk")
        ],
        replies=list(Reply.objects.filter(STANDS, instrument=one).order_by("on", "pk")),
        turns=[turn for turn in turns if turn.delivery_id is None],
    )


def _signing(viewer: Viewer, one: Instrument) -> "QuerySet[SignOff] | None":
    """签批 with opinions and scans: the net's own matter, closed to the unit that the sheet went to."""
    if isinstance(viewer.standing, Standing) and viewer.standing.is_of_unit_alone:
        return None
    return SignOff.objects.filter(instrument=one)


def scanned(viewer: Viewer, one: Instrument, uid: UUID) -> SignOff | Reply | None:
    """The 签批 or the standing reply of a sheet with this uid, if its scan is kept. A look at level ≥ 2 is logged."""
    look(viewer, one, what="scan")
    papers = (_signing(viewer, one), Reply.objects.filter(STANDS, instrument=one))
    found = (rows.filter(uid=uid).exclude(scan_sha256="").first() for rows in papers if rows is not None)
    return next((row for row in found if row is not None), None)


def about_finding(viewer: Viewer, finding: Finding) -> "QuerySet[Any]":
    """The sheets that list a finding and stand, oldest first, each with its course."""
    guard.check_is_actor(viewer)
    listed = Matter.objects.filter(STANDS, finding=finding)
    return with_course(Instrument.objects.filter(STANDS, pk__in=listed.values("instrument_id"))).order_by(
        "drafted_on", "pk"
    )


def of_activity(viewer: Viewer, activity: Activity) -> "QuerySet[Any]":
    """The sheets made in an activity that stand, oldest first, each with its course."""
    guard.check_is_actor(viewer)
    rows = with_course(Instrument.objects.filter(STANDS, activity=activity))
    return rows.select_related("subject").order_by("drafted_on", "pk")


def under(viewer: Viewer, activity: Activity) -> "QuerySet[Any]":
    """The sheets made in an activity or about its findings that stand, oldest first, each with its course."""
    guard.check_is_actor(viewer)
    findings = Finding.objects.filter(activity=activity).values("pk")
    listed = Matter.objects.filter(STANDS, finding_id__in=findings).values("instrument_id")
    rows = with_course(Instrument.objects.filter(STANDS, Q(activity=activity) | Q(pk__in=listed)))
    return rows.select_related("subject").order_by("drafted_on", "pk")


def of_unit(viewer: Viewer, unit: Organisation, *, is_below: bool = False) -> "QuerySet[Any]":
    """The sheets and letters to or about a unit that stand (`is_below`: and the units below it), newest first, each with its course."""
    guard.check_is_actor(viewer)
    about = subtree_q("subject_path", unit.path) if is_below else Q(subject=unit)
    rows = with_course(Instrument.objects.filter(STANDS, about))
    return rows.select_related("owner_office", "subject").order_by("-drafted_on", "-pk")


def recipients(viewer: Viewer, unit: Organisation, on: date) -> list[Person]:
    """To whom a copy-report on the unit goes on that day."""
    return list(leaders_in_charge(viewer, unit, on))


def last_number(viewer: Viewer, one: Instrument) -> str:
    """The 机关代字 that the office used last for this kind, if it has."""
    guard.check_is_actor(viewer)
    given = Instrument.objects.filter(kind=one.kind, owner_office_id=one.owner_office_id, number_serial__isnull=False)
    return given.order_by("-pk").values_list("number_word", flat=True).first() or ""


def wordings(viewer: Viewer, kind: str, office: Office) -> list[Wording]:
    """The versions of an office's words for the kind, newest first."""
    guard.check_is_actor(viewer)
    return list(Wording.objects.filter(kind=kind, office=office).select_related("office").order_by("-version"))


def sign_offs(viewer: Viewer, which: str) -> QuerySet[SignOff]:
    """The signatures on sheets and letters: "all" that wait, "done", or "mine": those that he signs, papers to confirm."""
    rows = SignOff.objects.filter(Exists(Instrument.objects.filter(STANDS, pk=OuterRef("instrument_id"))))
    if which != "mine":
        return of_queue(viewer, rows, which, Instrument)
    signed = Exists(to_sign(viewer).order_by().filter(pk=OuterRef("instrument_id")))
    mine = Q(status=SignOff.Status.WAITING) & signed & ~Q(asked_by_id=viewer.user_id)
    if guard.allow(viewer, "confirm_paper", Instrument):
        mine |= Q(status=SignOff.Status.ON_PAPER) & ~Q(typed_by_id=viewer.user_id)
    return of_queue(viewer, rows, "all", Instrument).filter(mine)


def instruments_of(viewer: Viewer, keys: list[int]) -> QuerySet[Instrument]:
    """The sheets and letters with these keys, as far as they are in scope."""
    guard.check_is_actor(viewer)
    return Instrument.objects.filter(pk__in=keys).select_related("subject")
