"""核数单: what becomes of a figure that was put to the office that owns it. One table; nothing else compares these words.

An answer holds for the rows that it saw: where the figure counts others now, it has lapsed and is asked again.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where a figure of a 核数单 stands."""

    ASKED = "asked", _("待核")
    ON_PAPER = "on_paper", _("纸质答复待确认")
    AGREED = "agreed", _("已确认")
    OBJECTED = "objected", _("有异议")
    LAPSED = "lapsed", _("数字已变，待重核")
    DECIDED = "decided", _("注明理由定稿")
    LEFT = "left", _("已不在文稿中")


class Verdict(models.TextChoices):
    """What is said to a figure: by the office that owns it, or (注明定稿) by the general office instead."""

    AGREE = "agree", _("确认")
    OBJECT = "object", _("有异议")
    DECIDE = "decide", _("注明理由定稿")


@dataclass(frozen=True)
class Said:
    """The last answer: what it says, of which rows, and whether it still waits for a second person (paper)."""

    verdict: str
    digest: str
    waits: bool = False


#: What an answer that holds leads to.
LEADS_TO = {Verdict.AGREE: State.AGREED, Verdict.OBJECT: State.OBJECTED, Verdict.DECIDE: State.DECIDED}
#: A text may be frozen on these.
SETTLED = (State.AGREED, State.DECIDED)
#: The owner must say something to these.
TO_ANSWER = (State.ASKED, State.LAPSED)
#: What the general office may decide instead of the owner.
UNSETTLED = (State.ASKED, State.LAPSED, State.ON_PAPER, State.OBJECTED)


def state_of(last: Said | None, digest: str) -> State:
    """The state of a figure that counts the rows of `digest`, given its last answer."""
    if last is None:
        return State.ASKED
    if last.digest != digest:
        return State.LAPSED
    return State.ON_PAPER if last.waits else LEADS_TO[Verdict(last.verdict)]
