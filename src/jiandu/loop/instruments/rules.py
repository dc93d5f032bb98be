"""What is legal given how far a sheet has come. Pure: asks no database."""

from datetime import date

from jiandu.base.core.errors import Refused
from jiandu.loop.instruments.states import Stage

OPEN = (Stage.DELIVERED, Stage.REPLIED)


def check_stage(stage: Stage, *legal: Stage) -> None:
    """Raises Refused (sheet-stage) in words."""
    if stage not in legal:
        raise Refused("sheet-stage", "“%(stage)s”的文书不能这样办理，请刷新页面", stage=stage.label)


def check_day(on: date, earliest: date | None, now: date) -> None:
    """Not tomorrow, and not before what it follows. Raises Refused (step-date)."""
    if on > now:
        raise Refused("step-date", "日期不能晚于今天：%(on)s", on=on.isoformat())
    if earliest is not None and on < earliest:
        raise Refused(
            "step-date", "日期不能早于前一事项（%(first)s）：%(on)s", first=earliest.isoformat(), on=on.isoformat()
        )
