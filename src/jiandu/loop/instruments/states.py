"""How far a sheet has come, from its dated rows: stored nowhere. Pure: asks no database."""

from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


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
