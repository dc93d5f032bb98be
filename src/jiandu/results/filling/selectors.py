"""The office's forms, one form opened with its bindings, and what figures and their parts are called, as far as one may know."""

from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.db.models import QuerySet

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import FormRead, read_form, reference
from jiandu.base.files import store
from jiandu.results.analysis.points import words_of
from jiandu.results.filling.answering import open_cells
from jiandu.results.filling.bindings import Binding, Cell, unpacked
from jiandu.results.filling.models import SuperiorForm
from jiandu.results.filling.proposing import Unread, Vocabulary, Why, blocks, wants_number
from jiandu.results.filling.words import plain


def vocabulary(viewer: Viewer) -> Vocabulary:
    """The words by which heads of a form are understood."""
    return Vocabulary(partial(words_of, viewer))


def superior_forms(viewer: Viewer) -> QuerySet[SuperiorForm]:
    """The forms in scope that are in use, the latest first."""
    guard.check_is_actor(viewer)
    rows = SuperiorForm.objects.filter(withdrawn_on__isnull=True)
    return rows.select_related("owner_office").order_by("-created_at", "-pk")


def form_by_uid(viewer: Viewer, uid: UUID) -> SuperiorForm | None:
    """The form, if it is in scope."""
    guard.check_is_actor(viewer)
    return SuperiorForm.objects.select_related("owner_office").filter(uid=uid).first()


@dataclass(frozen=True)
class Opened:
    """A form as it lies in the store: its sheets, what is bound, which cells want a number and have none."""

    read: FormRead
    bindings: dict[Cell, Binding]
    left: list[Cell]


def opened(form: SuperiorForm) -> Opened:
    """The form's workbook. Raises SheetRefused, Refused."""
    read = read_form(store.read(form.sha256))
    bindings = unpacked(read.kept)
    return Opened(read, bindings, open_cells(read, bindings) if bindings else _wanting(read))


def _wanting(read: FormRead) -> list[Cell]:
    """Where nothing is bound yet: every cell that wants a number."""
    return [
        (block.sheet.title, at) for block in blocks(read) for at, heads in block.cells.items() if wants_number(heads)
    ]


def key_of(cell: Cell) -> str:
    """A cell as the record names it: 月报!B6."""
    return f"{cell[0]}!{reference(cell[1])}"


def why_left(form: SuperiorForm, cell: Cell) -> Unread | None:
    """Why nothing was proposed for the cell; nothing where it was, and the binding was taken off."""
    said = form.unread.get(key_of(cell))
    return Unread(Why(said[0]), said[1]) if said else None


def measures_called(text: str) -> list[str]:
    """The keys of the measures that a name may mean: those called so, else those whose label holds it.

    The name of a mechanism before it chooses among several.
    """
    word, words = plain(text), Vocabulary(lambda _one, _split: ())
    if text in words.measures:
        return [text]
    for name, kind in words.mechanisms.items():
        rest = word.removeprefix(name)
        if rest != word and (
            found := [key for key in words.names.get(rest, ()) if words.measures[key].mechanism == kind]
        ):
            return found
    return words.names.get(word, []) or [
        key for key, one in words.measures.items() if word and word in plain(one.label)
    ]
