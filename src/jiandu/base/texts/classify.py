"""Which category a text is proposed for, with the words that speak for it; learns from what clerks choose.

Three kinds of evidence: words that a dictionary gives each category, from the first day; grams of one to three characters
(TF-IDF) with a logistic regression on the texts that clerks have put into a category; and, where a language model is at hand,
what the text means as a vector, learnt from the same choices. How much the dictionary's words count beside what was learnt is
learnt too.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from jiandu.base.texts.normal import normal

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

BUCKETS = 1 << 15
PENALTY = 0.02
#: What a word of the dictionary weighs before anybody has chosen.
TRUST = 1.5
#: A category's own words for more than one text of each are not needed to see what speaks for it.
SHOWN = 5
LONGEST_GRAM = 3
#: How much a vector weighs beside a text's row of grams, which is of length one: of 1 to 8 the best where the dictionary
#: speaks as well (docs/categories.md).
MEANING = 3.0


@dataclass(frozen=True)
class Proposal:
    """A category with its chance of being meant and the words of the text that speak for it."""

    code: str
    chance: float
    words: tuple[str, ...]


@dataclass
class Learnt:
    """What was learnt: which grams are known, how rare they are, what each says for each category."""

    rare: "Array"
    weights: "Array"
    bias: "Array"
    trust: float
    middle: "Array"  # of the vectors: they all point much the same way, what sets them apart is what is left
    means: "Array"  # what each direction of meaning says for each category


@dataclass
class Classifier:
    """`described`: for each code the words that speak for it. Empty of choices it goes by these alone."""

    described: Mapping[str, Sequence[str]]
    texts: list[str] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    vectors: list["Array | None"] = field(default_factory=list)
    learnt: Learnt | None = None

    def __post_init__(self) -> None:
        self.codes = tuple(self.described)
        spoken = Counter(word for words in self.described.values() for word in {normal(word) for word in words})
        self.words = [
            {normal(word): math.log((1 + len(self.codes)) / spoken[normal(word)]) for word in words}
            for words in self.described.values()
        ]

    def learn(
        self, texts: Sequence[str], codes: Iterable[str], vectors: "Sequence[Array | None] | None" = None
    ) -> None:
        """Takes what clerks have chosen, all at once or one by one, and fits anew; `vectors` say what each text means.

        ValueError: a code that is not described.
        """
        for text, code, vector in zip(texts, codes, vectors or [None] * len(texts), strict=True):
            self.chosen.append(self.codes.index(code))
            self.texts.append(normal(text))
            self.vectors.append(vector)
        if self.texts:
            counts = [_grams(text) for text in self.texts]
            self.learnt = _fit(counts, self._spoken(self.texts), self.vectors, self.chosen)

    def propose(self, text: str, most: int = 3, vector: "Array | None" = None) -> list[Proposal]:
        """The likeliest categories, the likeliest first; none where nothing speaks for any."""
        said = normal(text)
        odds = self._odds([said], [vector])[0]
        if not odds.any():
            return []
        chances = _softmax(odds[None, :])[0]
        order = sorted(range(len(self.codes)), key=lambda k: (-chances[k], k))[:most]
        return [Proposal(self.codes[k], round(float(chances[k]), 4), self._why(said, k)) for k in order]

    def codes_of(self, texts: Sequence[str], vectors: "Sequence[Array | None] | None" = None) -> list[str]:
        """The likeliest category of each text."""
        odds = self._odds([normal(text) for text in texts], vectors or [None] * len(texts))
        return [self.codes[k] for k in odds.argmax(axis=1).tolist()]

    def _odds(self, said: Sequence[str], vectors: "Sequence[Array | None]") -> "Array":
        spoken = self._spoken(said)
        if self.learnt is None:
            return TRUST * spoken
        learnt = self.learnt
        written = _rows([_grams(text) for text in said], learnt.rare) @ learnt.weights
        meant = _apart(vectors, learnt.middle) @ learnt.means
        return written + meant + learnt.bias + learnt.trust * spoken

    def _spoken(self, said: Sequence[str]) -> "Array":
        """How strongly the dictionary's words in each text speak for each category."""
        import numpy as np  # noqa: PLC0415 -- slow import

        found = [
            [sum(weight for word, weight in words.items() if word in text) for words in self.words] for text in said
        ]
        return np.log1p(np.array(found, dtype=np.float64).reshape(len(said), len(self.codes)))

    def _why(self, said: str, category: int) -> tuple[str, ...]:
        """Words of the dictionary that stand in the text, then grams that were learnt to speak for the category."""
        known = sorted((word for word in self.words[category] if word in said), key=lambda word: -len(word))
        if self.learnt is None:
            return tuple(known[:SHOWN])
        weights = self.learnt.weights[:, category] - self.learnt.weights.mean(axis=1)
        says = {
            gram: float(weights[_bucket(gram)] * self.learnt.rare[_bucket(gram)])
            for gram in set(_cut(said))
            if len(gram) > 1
        }
        for gram in sorted(says, key=lambda gram: (-says[gram], gram)):
            if len(known) >= SHOWN or says[gram] <= 0:
                break
            if not any(gram in word or word in gram for word in known):
                known.append(gram)
        return tuple(known[:SHOWN])


def _cut(said: str) -> list[str]:
    return [said[k : k + size] for size in range(1, LONGEST_GRAM + 1) for k in range(len(said) - size + 1)]


def _bucket(gram: str) -> int:
    """A place for a gram that is the same in every process."""
    place = 0
    for char in gram:
        place = (place * 1_000_003 + ord(char) + 1) & 0x7FFFFFFF
    return (place ^ (place >> 15)) % BUCKETS


def _grams(said: str) -> Counter[int]:
    return Counter(_bucket(gram) for gram in _cut(said))


def _rows(counts: Sequence[Counter[int]], rare: "Array") -> Any:
    """Sparse rows of length one: 1 + ln(count), by rarity."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.sparse import csr_matrix  # noqa: PLC0415 -- slow import

    places = [np.array(sorted(one), dtype=np.int64) for one in counts]
    values = [
        (1 + np.log([one[k] for k in at.tolist()])) * rare[at] if at.size else np.zeros(0)
        for one, at in zip(counts, places, strict=True)
    ]
    values = [row / (np.linalg.norm(row) or 1) for row in values]
    ends = np.concatenate(([0], np.cumsum([at.size for at in places])))
    return csr_matrix((np.concatenate(values), np.concatenate(places), ends), shape=(len(counts), BUCKETS))


def _middle(vectors: "Sequence[Array | None]") -> "Array":
    """Of those that there are; without one there are no directions."""
    import numpy as np  # noqa: PLC0415 -- slow import

    known = [vector for vector in vectors if vector is not None]
    return np.mean(known, axis=0) if known else np.zeros(0)


def _apart(vectors: "Sequence[Array | None]", middle: "Array") -> "Array":
    """A row each: what sets it apart from the middle; zeros where a text has no vector."""
    import numpy as np  # noqa: PLC0415 -- slow import

    none = np.zeros(middle.size)
    rows = [none if vector is None or not middle.size else MEANING * (vector - middle) for vector in vectors]
    return np.array(rows, dtype=np.float64).reshape(len(vectors), middle.size)


def _softmax(odds: "Array") -> "Array":
    import numpy as np  # noqa: PLC0415 -- slow import

    lifted = np.exp(odds - odds.max(axis=1, keepdims=True))
    return lifted / lifted.sum(axis=1, keepdims=True)


def _fit(
    counts: Sequence[Counter[int]], spoken: "Array", vectors: "Sequence[Array | None]", chosen: Sequence[int]
) -> Learnt:
    """Multinomial logistic regression by L-BFGS; the trust in the dictionary's words is one of its weights."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.sparse import csr_matrix, hstack  # noqa: PLC0415 -- slow import

    held = np.zeros(BUCKETS)
    for one in counts:
        held[list(one)] += 1
    rare = np.where(held > 0, np.log((1 + len(counts)) / (1 + held)) + 1, 0)
    used, middle = np.flatnonzero(held), _middle(vectors)
    rows = hstack([_rows(counts, rare)[:, used], csr_matrix(_apart(vectors, middle))], format="csr")
    said, bias, trust = _regressed(rows, spoken, chosen)
    weights = np.zeros((BUCKETS, spoken.shape[1]))
    weights[used] = said[: used.size]
    return Learnt(rare, weights, bias, trust, middle, said[used.size :])


def _regressed(rows: Any, spoken: "Array", chosen: Sequence[int]) -> tuple["Array", "Array", float]:
    """(what each column says for each category, what each category has beforehand, the trust in the dictionary)."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    (count, columns), classes = rows.shape, spoken.shape[1]
    size = columns * classes
    true = np.zeros((count, classes))
    true[np.arange(count), list(chosen)] = 1

    def loss(at: "Array") -> tuple[float, "Array"]:
        weights, bias, trust = at[:size].reshape(columns, classes), at[size:-1], at[-1]
        chances = _softmax(rows @ weights + bias + trust * spoken)
        wrong = (chances - true) / count
        said = -np.log(np.maximum(chances[true > 0], 1e-12)).mean()
        said += PENALTY * ((weights**2).sum() / count + (trust - TRUST) ** 2) / 2
        slope = rows.T @ wrong + PENALTY * weights / count
        own = (wrong * spoken).sum() + PENALTY * (trust - TRUST)
        return said, np.concatenate((slope.ravel(), wrong.sum(axis=0), [own]))

    start = np.concatenate((np.zeros(size + classes), [TRUST]))
    at = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).x
    return at[:size].reshape(columns, classes), at[size:-1], float(at[-1])
