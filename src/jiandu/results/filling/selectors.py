"""What figures and their parts are called, as far as the viewer may know."""

from functools import partial

from jiandu.base.core.guard import Viewer
from jiandu.results.analysis.points import words_of
from jiandu.results.filling.proposing import Vocabulary


def vocabulary(viewer: Viewer) -> Vocabulary:
    """The words by which heads of a form are understood."""
    return Vocabulary(partial(words_of, viewer))
