"""The one table of what may be done with an alert, and how its colour steps down. No other module compares these words.

Its colour is the rule's, and comes down only when somebody who did not handle it has verified what was done (W76).
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """Where an alert stands."""

    WAITING = "waiting", pgettext_lazy("alert", "待核")
    EXCLUDED_RULE = "excluded_rule", _("排除（规则原因）")
    EXCLUDED_DATA = "excluded_data", _("排除（数据原因）")
    RECTIFIED = "rectified", _("属实已整改")
    TAKEN = "taken", pgettext_lazy("alert", "转入问题台账")
    CLUE = "clue", pgettext_lazy("alert", "移送问题线索")


class Verb(models.TextChoices):
    """What is done with one."""

    HIT = "hit", _("规则命中")
    AGAIN = "again", _("再次命中")
    EXCLUDE_RULE = "exclude_rule", _("排除（规则原因）")
    EXCLUDE_DATA = "exclude_data", _("排除（数据原因）")
    RECTIFY = "rectify", _("属实已整改")
    TAKE = "take", pgettext_lazy("alert", "转入问题台账")
    PASS_CLUE = "pass_clue", pgettext_lazy("alert", "移送问题线索")
    VERIFY = "verify", _("核实降级")
    SEND_BACK = "send_back", _("退回重核")


class Colour(models.TextChoices):
    """How urgent; `cleared` when there is nothing more to do."""

    RED = "red", _("红")
    YELLOW = "yellow", _("黄")
    GREEN = "green", _("绿")
    CLEARED = "cleared", _("已消除")


@dataclass(frozen=True)
class Move:
    """From which states; None: the state stays."""

    sources: frozenset[State]
    target: State | None


OPEN = frozenset({State.WAITING})
EXCLUDED = frozenset({State.EXCLUDED_RULE, State.EXCLUDED_DATA})
CONFIRMED = frozenset({State.RECTIFIED, State.TAKEN, State.CLUE})
MOVES = {
    Verb.EXCLUDE_RULE: Move(OPEN, State.EXCLUDED_RULE),
    Verb.EXCLUDE_DATA: Move(OPEN, State.EXCLUDED_DATA),
    Verb.RECTIFY: Move(OPEN, State.RECTIFIED),
    Verb.TAKE: Move(OPEN, State.TAKEN),
    Verb.PASS_CLUE: Move(OPEN, State.CLUE),
    Verb.VERIFY: Move(EXCLUDED | {State.RECTIFIED, State.TAKEN}, None),
    Verb.SEND_BACK: Move(EXCLUDED | {State.RECTIFIED}, State.WAITING),
}
DISPOSITIONS = (Verb.EXCLUDE_RULE, Verb.EXCLUDE_DATA, Verb.RECTIFY, Verb.TAKE, Verb.PASS_CLUE)
BY_BATCH = (Verb.EXCLUDE_RULE, Verb.EXCLUDE_DATA)
STEPS_DOWN = {Colour.RED: Colour.YELLOW, Colour.YELLOW: Colour.CLEARED, Colour.GREEN: Colour.CLEARED}


def is_legal(verb: Verb, state: State, colour: Colour) -> bool:
    """Whether the verb fits; what is cleared is not verified again."""
    return state in MOVES[verb].sources and (verb != Verb.VERIFY or colour != Colour.CLEARED)


def stepped(state: State, colour: Colour) -> Colour:
    """The colour after a verification: one step down; what was rightly excluded is cleared."""
    return Colour.CLEARED if state in EXCLUDED else STEPS_DOWN.get(colour, Colour.CLEARED)


@dataclass(frozen=True)
class Hit:
    """What a repeated hit knows of before and now."""

    state: State
    colour: Colour
    is_other_rule: bool  # another version or other parameters than when it was handled
    is_other_data: bool  # the row says something else than then


def comes_back(hit: Hit) -> bool:
    """Whether a repeated hit has to be looked at again: the reason why it was set aside no longer holds.

    Excluded for the rule: when the rule has changed. Excluded for the data: when the data have. Put right: when it was
    cleared and is there again. In the ledger or with the case supervisors it goes its way.
    """
    if hit.state == State.EXCLUDED_RULE:
        return hit.is_other_rule
    if hit.state == State.EXCLUDED_DATA:
        return hit.is_other_data
    return hit.state == State.RECTIFIED and hit.colour == Colour.CLEARED


def is_open(state: State) -> bool:
    """Whether nobody has decided on it yet."""
    return state in OPEN


class LinkState(models.TextChoices):
    """Whether two rows are of the same person or company: what somebody has said of it."""

    WAITING = "waiting", pgettext_lazy("link", "待认定")
    SAME = "same", pgettext_lazy("link", "同一")
    ANOTHER = "another", pgettext_lazy("link", "不是同一")
    UNKNOWN = "unknown", pgettext_lazy("link", "无法认定")


class LinkVerb(models.TextChoices):
    """What is said of a pair."""

    SAY_SAME = "same", pgettext_lazy("link", "同一")
    SAY_ANOTHER = "another", pgettext_lazy("link", "不是同一")
    SAY_UNKNOWN = "unknown", pgettext_lazy("link", "无法认定")
    TAKE_BACK = "take_back", _("撤回认定")


SAID = frozenset({LinkState.SAME, LinkState.ANOTHER, LinkState.UNKNOWN})
UNSETTLED = frozenset({LinkState.WAITING, LinkState.UNKNOWN})
LINK_MOVES = {
    LinkVerb.SAY_SAME: (UNSETTLED, LinkState.SAME),
    LinkVerb.SAY_ANOTHER: (UNSETTLED, LinkState.ANOTHER),
    LinkVerb.SAY_UNKNOWN: (frozenset({LinkState.WAITING}), LinkState.UNKNOWN),
    LinkVerb.TAKE_BACK: (SAID, LinkState.WAITING),
}
VERDICTS = (LinkVerb.SAY_SAME, LinkVerb.SAY_ANOTHER, LinkVerb.SAY_UNKNOWN)


def may_say(verb: LinkVerb, state: LinkState) -> bool:
    """Whether it may be said now: what is decided is decided, until it is taken back with a reason."""
    return state in LINK_MOVES[verb][0]


def says_same(state: LinkState) -> bool:
    """Whether somebody has said that both rows are the same."""
    return state == LinkState.SAME
