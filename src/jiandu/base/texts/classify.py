"""Which category a text is proposed for, with the words that speak for it; learns from what clerks choose.

Two kinds of evidence: words that a dictionary gives each category, from the first day; and grams of one to three characters
(TF-IDF) with a logistic regression on the texts that clerks have put into a category. How much the dictionary's words count
beside what was learnt is learnt too.
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


@dataclass
class Classifier:
    """`described`: for each code the words that speak for it. Empty of choices it goes by these alone."""

    described: Mapping[str, Sequence[str]]
    texts: list[str] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    learnt: Learnt | None = None

    def __post_init__(self) -> None:
        self.codes = tuple(self.described)
        spoken = Counter(word for words in self.described.values() for word in {normal(word) for word in words})
        self.words = [
            {normal(word): math.log((1 + len(self.codes)) / spoken[normal(word)]) for word in words}
            for words in self.described.values()
        ]

    def learn(self, texts: Iterable[str], codes: Iterable[str]) -> None:
        """Takes what clerks have chosen, all at once or one by one, and fits anew. ValueError: a code that is not described."""
        for text, code in zip(texts, codes, strict=True):
            self.chosen.append(self.codes.index(code))
            self.texts.append(normal(text))
        self.learnt = (
            _fit([_grams(text) for text in self.texts], self._spoken(self.texts), self.chosen) if self.texts else None
        )

    def propose(self, text: str, most: int = 3) -> list[Proposal]:
        """The likeliest categories, the likeliest first; none where nothing speaks for any."""
        said = normal(text)
        odds = self._odds([said])[0]
        if not odds.any():
            return []
        chances = _softmax(odds[None, :])[0]
        order = sorted(range(len(self.codes)), key=lambda k: (-chances[k], k))[:most]
        return [Proposal(self.codes[k], round(float(chances[k]), 4), self._why(said, k)) for k in order]

    def codes_of(self, texts: Sequence[str]) -> list[str]:
        """The likeliest category of each text."""
        odds = self._odds([normal(text) for text in texts])
        return [self.codes[k] for k in odds.argmax(axis=1).tolist()]

    def _odds(self, said: Sequence[str]) -> "Array":
        spoken = self._spoken(said)
        if self.learnt is None:
            return TRUST * spoken
        learnt = self.learnt
        return (
            _rows([_grams(text) for text in said], learnt.rare) @ learnt.weights + learnt.bias + learnt.trust * spoken
        )

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


def _softmax(odds: "Array") -> "Array":
    import numpy as np  # noqa: PLC0415 -- slow import

    lifted = np.exp(odds - odds.max(axis=1, keepdims=True))
    return lifted / lifted.sum(axis=1, keepdims=True)


def _fit(counts: Sequence[Counter[int]], spoken: "Array", chosen: Sequence[int]) -> Learnt:
    """Multinomial logistic regression by L-BFGS; the trust in the dictionary's words is one of its weights."""
    import numpy as np  # noqa: PLC0415 -- slow import
    from scipy.optimize import minimize  # noqa: PLC0415 -- slow import

    held = np.zeros(BUCKETS)
    for one in counts:
        held[list(one)] += 1
    rare = np.where(held > 0, np.log((1 + len(counts)) / (1 + held)) + 1, 0)
    rows, classes = _rows(counts, rare), spoken.shape[1]
    true = np.zeros((len(counts), classes))
    true[np.arange(len(counts)), list(chosen)] = 1
    used = np.flatnonzero(held)
    kept = rows[:, used]
    size = used.size * classes

    def loss(at: "Array") -> tuple[float, "Array"]:
        weights, bias, trust = at[:size].reshape(used.size, classes), at[size:-1], at[-1]
        chances = _softmax(kept @ weights + bias + trust * spoken)
        wrong = (chances - true) / len(counts)
        said = -np.log(np.maximum(chances[true > 0], 1e-12)).mean()
        said += PENALTY * ((weights**2).sum() / len(counts) + (trust - TRUST) ** 2) / 2
        slope = kept.T @ wrong + PENALTY * weights / len(counts)
        own = (wrong * spoken).sum() + PENALTY * (trust - TRUST)
        return said, np.concatenate((slope.ravel(), wrong.sum(axis=0), [own]))

    at = minimize(
        loss, np.concatenate((np.zeros(size + classes), [TRUST])), jac=True, method="L-BFGS-B", options={"maxiter": 100}
    ).x
    weights = np.zeros((BUCKETS, classes))
    weights[used] = at[:size].reshape(used.size, classes)
    return Learnt(rare, weights, at[size:-1], float(at[-1]))
