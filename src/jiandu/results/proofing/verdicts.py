"""What is said of one number of a draft."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from jiandu.results.analysis.measures.registry import Ask
from jiandu.results.analysis.selectors import Figure
from jiandu.results.proofing.reading import Number


class Verdict(StrEnum):
    """相符, what is wrong in which way, or 无出处: nothing that the system counts."""

    AGREES = "agrees"
    OTHER_BASIS = "other_basis"
    OTHER_TEXT = "other_text"
    SUM = "sum"
    DIFFERS = "differs"
    NO_SOURCE = "no_source"

    @property
    def label(self) -> Any:
        return LABELS[self]

    @property
    def is_wrong(self) -> bool:
        return self not in (Verdict.AGREES, Verdict.NO_SOURCE)


LABELS = {
    Verdict.AGREES: _("相符"),
    Verdict.OTHER_BASIS: _("口径不同"),
    Verdict.OTHER_TEXT: _("与上稿不一致"),
    Verdict.SUM: _("合计不符"),
    Verdict.DIFFERS: _("数不符"),
    Verdict.NO_SOURCE: _("无出处"),
}


@dataclass(frozen=True)
class Published:
    """A value of an earlier frozen review. `is_same_scope`: it counted whom the viewer's own figures count."""

    uid: UUID
    title: str
    figure: Figure
    is_same_scope: bool


@dataclass(frozen=True)
class Proof:
    """A number where it stands (paragraph and place, both from 0), the verdict and why; the figure that it was held against."""

    paragraph: int
    number: Number
    verdict: Verdict
    words: str
    figure: Figure | None = None
    ask: Ask | None = None
    published: Published | None = None

    @property
    def is_wrong(self) -> bool:
        return self.verdict.is_wrong
