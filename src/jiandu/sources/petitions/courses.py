"""A petition with its steps as the clocks look at it."""

from collections.abc import Iterable

from jiandu.sources.petitions.models import Petition, PetitionStep
from jiandu.sources.petitions.terms import Course


def course_of(petition: Petition, steps: Iterable[PetitionStep]) -> Course:
    """The course of one petition; `steps` are those that hold, in order."""
    return Course(
        received_on=petition.received_on,
        kind=petition.kind,
        named=petition.named,
        origin=petition.origin,
        competence=petition.competence,
        is_repeat=petition.is_repeat,
        steps=tuple(steps),
    )
