"""How far a sheet has come: read from its dated rows, stored nowhere."""

from datetime import date
from typing import Any

from django.db import models
from django.db.models import Exists, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from jiandu.base.core.guarded import parts_of_row
from jiandu.loop.instruments.models import STANDS, Delivery, Instrument, Reply, SignOff, Turn

Grant = SignOff.Status


class Stage(models.TextChoices):
    """Where it stands, in order."""

    DRAFT = "draft", _("拟稿")
    WAITING = "waiting", _("待签批")
    SIGNED = "signed", _("已签批")
    DELIVERED = "delivered", _("已送达")
    REPLIED = "replied", _("已反馈")
    CLOSED = "closed", _("已销号")
    WITHDRAWN = "withdrawn", _("已撤下")


#: Stage → the tone of its badge.
TONES = {
    Stage.DRAFT: "warn",
    Stage.WAITING: "warn",
    Stage.SIGNED: "progress",
    Stage.DELIVERED: "progress",
    Stage.REPLIED: "progress",
    Stage.CLOSED: "done",
    Stage.WITHDRAWN: "neutral",
}


def with_course(rows: "QuerySet[Instrument]") -> "QuerySet[Any]":
    """Each with `is_waiting`, `signed_on`, `delivered_on`, `endorsed` (the leader's latest verb), `replied_on`, `closed_on`."""
    asked = parts_of_row(SignOff).filter(status__in=[Grant.WAITING, Grant.ON_PAPER])
    turns = parts_of_row(Turn).filter(STANDS)
    return rows.annotate(
        is_waiting=Exists(asked),
        signed_on=_first(parts_of_row(SignOff).filter(status=Grant.GRANTED), "signed_on"),
        delivered_on=_first(parts_of_row(Delivery).filter(STANDS).exclude(to=Delivery.To.COPY), "on"),
        endorsed=Subquery(turns.filter(verb__in=Turn.ENDORSING).order_by("-on", "-pk").values("verb")[:1]),
        replied_on=_first(parts_of_row(Reply).filter(STANDS), "on"),
        closed_on=_first(turns.filter(verb=Turn.Verb.CLOSE), "on"),
    )


def _first(rows: "QuerySet[Any]", column: str) -> Subquery:
    return Subquery(rows.order_by(column).values(column)[:1])


def stage_of(one: Any) -> Stage:
    """The stage of a row that `with_course` gave."""
    reached = (
        (one.withdrawn_on is not None, Stage.WITHDRAWN),
        (one.closed_on is not None, Stage.CLOSED),
        (one.replied_on is not None, Stage.REPLIED),
        (one.delivered_on is not None, Stage.DELIVERED),
        (one.signed_on is not None, Stage.SIGNED),
        (one.is_waiting, Stage.WAITING),
    )
    return next((stage for holds, stage in reached if holds), Stage.DRAFT)


def is_late(one: Any, on: date) -> bool:
    """逾期未反馈: of the unit, never of a leader. The clock runs on the unit that has to answer."""
    answered = one.replied_on or one.closed_on
    return one.withdrawn_on is None and answered is None and one.reply_due_on is not None and one.reply_due_on < on
