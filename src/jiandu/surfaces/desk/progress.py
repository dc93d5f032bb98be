"""Where a finding stands on its way: the stages of the loop, out of its steps."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import pgettext

from jiandu.loop.findings.models import Finding, Step
from jiandu.loop.findings.states import SETTLED, State

WAY = (State.REGISTERED, State.ASSIGNED, State.RECTIFYING, State.TO_VERIFY, State.TO_APPROVE, State.CLOSED)


def stages(finding: Finding, steps: Iterable[Step]) -> list[dict[str, Any]]:
    """label, state (done, current, todo, skipped), on — for the component that draws the line. Side exits end the line."""
    state = State(finding.state)
    moved = (step for step in sorted(steps, key=lambda step: step.seq) if step.from_state != step.to_state)
    reached = {State(step.to_state): step for step in moved}
    words = [
        pgettext("stage", "登记"), pgettext("stage", "交办"), pgettext("stage", "整改"),
        pgettext("stage", "核验"), pgettext("stage", "审批"), pgettext("stage", "销号"),
    ]  # fmt: skip
    place = WAY.index(state) if state in WAY else len(WAY) if state in SETTLED else _furthest(reached)
    items = []
    for number, (stage, word) in enumerate(zip(WAY, words, strict=True)):
        is_here = number == place and state not in SETTLED
        mark = "current" if is_here and state in WAY else "done" if number <= place else "todo"
        step = reached.get(stage) if number <= place else None
        items.append({"label": word, "state": mark, "on": step.on.isoformat() if step else ""})
    if state not in WAY:
        items[-1 if state in SETTLED else place + 1 :] = [{"label": str(state.label), "state": "current", "on": ""}]
    return items


def _furthest(reached: dict[State, Step]) -> int:
    """The last stage on the way that was reached before it left the way."""
    return max((number for number, stage in enumerate(WAY[:-1]) if stage in reached), default=0)
