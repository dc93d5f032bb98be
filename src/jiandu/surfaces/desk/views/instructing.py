"""The acts of 批示 on the page of a letter or an activity."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from jiandu.net.access.instructing import NewInstruction, answer_instruction, instruct
from jiandu.surfaces.desk.forms import instructing as forms
from jiandu.surfaces.desk.rooms import Act


def instruction_acts(table: Any, fits: Callable[[Any], bool] = lambda _one: True) -> tuple[Act, ...]:
    """Writing one down, where the record takes any (`fits`), and what came of one."""
    return (
        Act("instruct", pgettext_lazy("act", "批示"), forms.InstructForm, lambda one, s, by: instruct(row=table(**{table.root_field: one}), by=by, new=NewInstruction(**s)), verb="instruct", fits=fits),
        Act("answer-instruction", gettext_lazy("办结批示"), forms.AnswerInstructionForm, lambda row, s, by: answer_instruction(row=row, by=by, **s), lambda one, key: one.instructions.filter(pk=key, answered_on__isnull=True).first()),
    )  # fmt: skip
