"""What the dated rows of a sheet say of its course, in the statement that fetches it."""

from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.instruments.models import STANDS, Answer, Delivery, Instrument, Reply, SignOff, Suggestion, Turn

Grant = SignOff.Status


def with_course(rows: "QuerySet[Instrument]") -> "QuerySet[Any]":
    """Each with `is_waiting`, `is_typed` (paper to be confirmed), `signed_on`, `delivered_on`, `endorsed` (the leader's latest verb), `replied_on`."""
    asked = parts_of_row(SignOff).filter(status__in=[Grant.WAITING, Grant.ON_PAPER])
    turns = parts_of_row(Turn).filter(STANDS)
    leaders = parts_of_row(Delivery, depth=2).filter(to=Delivery.To.LEADER)
    return rows.annotate(
        is_waiting=Exists(asked),
        is_typed=Exists(asked.filter(status=Grant.ON_PAPER)),
        signed_on=_first(parts_of_row(SignOff).filter(status=Grant.GRANTED), "signed_on"),
        delivered_on=_first(parts_of_row(Delivery).filter(STANDS).exclude(to=Delivery.To.COPY), "on"),
        endorsed=Subquery(
            turns.filter(verb__in=Turn.ENDORSING, delivery__in=leaders.values("pk"))
            .order_by("-on", "-pk")
            .values("verb")[:1]
        ),
        replied_on=Coalesce(_first(parts_of_row(Reply).filter(STANDS), "on"), _all_answered()),
    )


def _all_answered() -> Case:
    """The day of the last answer, where no suggestion is without one: then the letter is replied to without a sheet."""
    given = parts_of_row(Answer, depth=2).filter(STANDS, suggestion=OuterRef("pk"))
    silent = parts_of_row(Suggestion).filter(STANDS).exclude(Exists(given))
    last = Subquery(parts_of_row(Answer).filter(STANDS).order_by("-on").values("on")[:1])
    return Case(When(~Exists(silent), then=last), default=None)


def _first(rows: "QuerySet[Any]", column: str) -> Subquery:
    return Subquery(rows.order_by(column).values(column)[:1])


def at(rows: "QuerySet[Any]", where: str, on: date) -> "QuerySet[Any]":
    """Of rows with their course, those that wait for a signature, for an answer of the unit, or for one that is late."""
    unanswered = Q(delivered_on__isnull=False, replied_on__isnull=True, closed_on__isnull=True)
    late = unanswered & Q(reply_due_on__lt=on)
    known = {"waiting": Q(is_waiting=True), "unanswered": unanswered & Q(reply_due_on__isnull=False), "late": late}
    return rows.filter(known[where]) if where in known else rows
