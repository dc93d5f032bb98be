"""内容分类 of three levels: proposed by the dictionary's words, and by what the office's clerks chose before where a key is open.

The field (first level) is learnt from choices; within it the words of the dictionary decide. What was learnt is kept nowhere.
With the extra `model` what a text means is evidence as well: its vector is made when an item is put into a category, and sealed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jiandu.base.core import guard
from jiandu.base.core.guard import Viewer
from jiandu.base.core.sheets import SheetRefused, meaning
from jiandu.base.lexicon.categories import LEVELS, categories, described
from jiandu.base.texts.classify import Classifier
from jiandu.net.vaults.holding import Unlocked
from jiandu.sources.petitions import vault
from jiandu.sources.petitions.models import Petition

if TYPE_CHECKING:
    import numpy as np

    Vector = np.ndarray[Any, Any] | None

KIND, FIELD = "domain", LEVELS["domain"][0]
LEARNT_FROM, PROPOSED, LEAST = 300, 3, 0.02


@dataclass(frozen=True)
class Suggestion:
    """A category with the chance of its field and the words that speak for it."""

    code: str
    chance: float
    words: tuple[str, ...]


@dataclass(frozen=True)
class Chosen:
    """What clerks put where before: texts, categories, and what each text means where that is known."""

    texts: Sequence[str] = ()
    codes: Sequence[str] = ()
    vectors: "Sequence[Vector]" = ()


def suggest(text: str, before: Chosen = Chosen(), vector: "Vector" = None) -> list[Suggestion]:
    """The likeliest categories, one of each field, the likeliest first."""
    fields = Classifier(described(KIND, 1))
    if before.texts:
        fields.learn(before.texts, [code[:FIELD] for code in before.codes], before.vectors or None)
    found = []
    for field in (one for one in fields.propose(text, PROPOSED, vector) if one.chance >= LEAST):
        below = {code: words for code, words in described(KIND, 3).items() if code.startswith(field.code)}
        one = next(iter(Classifier(below).propose(text, most=1)), None) if below else None
        words = tuple(dict.fromkeys([*(one.words if one else ()), *field.words]))
        found.append(Suggestion(one.code if one else field.code, field.chance, words))
    return found


def first(text: str) -> str:
    """The likeliest by the dictionary alone; empty where nothing speaks for any."""
    return next((one.code for one in suggest(text)), "")


def suggestions(viewer: Viewer, petition: Petition, unlocked: Unlocked | None) -> list[Suggestion] | None:
    """For one item, learnt from the office's last choices; None where its words do not open. The caller logs the look."""
    guard.check_is_actor(viewer)
    mine = vault.content_of(petition, unlocked)
    if mine is None:
        return None
    rows = Petition.objects.filter(owner_office=petition.owner_office_id, withdrawn_on__isnull=True)
    chosen = {row.pk: row for row in rows.exclude(category="").exclude(pk=petition.pk).order_by("-pk")[:LEARNT_FROM]}
    read = vault.contents_of(chosen.values(), unlocked)
    means = vault.meanings_of(chosen.values(), unlocked) if meaning.is_installed() else {}
    before = Chosen(
        [read[key].summary for key in read],
        [chosen[key].category for key in read],
        [_numbers(means.get(key)) for key in read],
    )
    return suggest(mine.summary, before, _numbers(vector_of(mine.summary)) if means else None)


def vector_of(text: str) -> bytes | None:
    """What the text means; None without the extra, and where the model fails at it: a proposal is none the less possible."""
    try:
        return meaning.vectors([text])[0] if meaning.is_installed() else None
    except SheetRefused:
        return None


def _numbers(kept: bytes | None) -> "Vector":
    import numpy as np  # noqa: PLC0415 -- slow import

    return np.frombuffer(kept, dtype=np.float16).astype(np.float64) if kept else None


def named(code: str, *, english: bool = False) -> str:
    """The labels from the field down; a code that the dictionary no longer has stays a code."""
    known = categories(KIND)
    sizes = [size for size in LEVELS[KIND] if size <= len(code)]
    parts = [known[code[:size]] for size in sizes if code[:size] in known]
    return " · ".join(part.english if english else part.label for part in parts) or code


@dataclass(frozen=True)
class Hits:
    """Of a field: items put into it, how many had been proposed so in all levels, and in the field alone."""

    code: str
    chosen: int
    proposed: int
    exact: int
    field: int


def hits(viewer: Viewer) -> list[Hits]:
    """Each field in which something stands in the viewer's scope, with how often what was proposed is what was chosen."""
    guard.check_is_actor(viewer)
    rows = Petition.objects.filter(withdrawn_on__isnull=True).exclude(category="").order_by()
    counted: dict[str, Counter[str]] = {}
    for chosen, said in rows.values_list("category", "proposed_category"):
        of = counted.setdefault(chosen[:FIELD], Counter())
        is_right = {"proposed": bool(said), "exact": said == chosen, "field": said[:FIELD] == chosen[:FIELD]}
        of.update(["chosen", *(name for name, is_so in is_right.items() if said and is_so)])
    return [Hits(code, of["chosen"], of["proposed"], of["exact"], of["field"]) for code, of in sorted(counted.items())]
