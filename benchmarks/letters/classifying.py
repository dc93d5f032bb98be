"""python -m benchmarks.letters.classifying: macro-F1 of proposed categories on sentences that nobody has labelled.

With the extra `model` also what its vectors add. Five of nine sentences a category are learnt from, letters of the other four are asked for; three draws of 600 letters.
"""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from benchmarks.letters.first import FIRST
from benchmarks.letters.making import Maker, Ways, Words
from benchmarks.letters.second import SECOND
from jiandu.base.core.sheets import meaning
from jiandu.base.lexicon.categories import described
from jiandu.base.texts.classify import Classifier

CODES = ("D06", "D07", "D02", "D05", "D03", "D04", "D08", "D10", "D13", "D01", "D11", "D12")
#: The fields of the twelve categories of each generator, in order.
FIELDS = {
    "first": (FIRST, CODES),
    "second": (SECOND, CODES),
}
LABELS = (0, 10, 30, 100)
ASKED = 600
AT_ONCE = 50
KNOWN: dict[str, bytes] = {}


def letters(
    maker: Maker, sentences: Sequence[Sequence[str]], codes: Sequence[str], each: int
) -> tuple[list[str], list[str]]:
    """`each` letters of every category, made of these of its sentences."""
    texts, meant = [], []
    for code, own in zip(codes, sentences, strict=True):
        for _ in range(each):
            parts = [
                maker.draw.choice(maker.words.openers),
                *maker.draw.sample(list(own), 2),
                maker.draw.choice(maker.words.closers),
            ]
            slot = maker.slot()
            texts.append(maker.text([part.format(**slot) for part in parts]))
            meant.append(code)
    return texts, meant


def macro_f1(meant: Sequence[str], said: Sequence[str]) -> float:
    shares = []
    for code in set(meant):
        hit = sum(a == b == code for a, b in zip(meant, said, strict=True))
        shares.append(2 * hit / max(1, meant.count(code) + list(said).count(code)))
    return sum(shares) / len(shares)


def measured(
    words: Words,
    codes: Sequence[str],
    labels: int,
    seed: int,
    spoken: Mapping[str, Sequence[str]],
    *,
    means: bool = False,
) -> float:
    draw = random.Random(seed)
    order = [draw.sample(range(9), 9) for _ in codes]
    learnt = [[own[k] for k in at[:5]] for own, at in zip(words.sentences, order, strict=True)]
    unseen = [[own[k] for k in at[5:]] for own, at in zip(words.sentences, order, strict=True)]
    maker = Maker(words, Ways(), seed)
    classifier = Classifier(spoken)
    known, chosen = letters(maker, learnt, codes, labels)
    classifier.learn(known, chosen, vectors(known) if means else None)
    texts, meant = letters(maker, unseen, codes, ASKED // len(codes))
    return macro_f1(meant, classifier.codes_of(texts, vectors(texts) if means else None))


def vectors(texts: Sequence[str]) -> list[Any]:
    """What each text means, some in one child; asked once of each."""
    new = [text for text in dict.fromkeys(texts) if text not in KNOWN]
    for at in range(0, len(new), AT_ONCE):
        part = new[at : at + AT_ONCE]
        KNOWN.update(zip(part, meaning.vectors(part), strict=True))
    return [np.frombuffer(KNOWN[text], dtype=np.float16).astype(float) for text in texts]


def main() -> None:
    words_of = described("domain", 1)
    heads = " | ".join(f"{labels} labels a category" for labels in LABELS)
    print(f"| letters | words of the dictionary | model | {heads} |")
    kinds = (False, True) if meaning.is_installed() else (False,)
    for name, (words, codes) in FIELDS.items():
        for told, spoken in (("yes", {code: words_of[code] for code in codes}), ("no", dict.fromkeys(codes, ()))):
            for means in kinds:
                each = [mean(words, codes, labels, spoken, means=means and labels > 0) for labels in LABELS]
                shares = " | ".join(f"{share:.2f}" for share in each)
                print(f"| {name} | {told} | {'yes' if means else 'no'} | {shares} |", flush=True)


def mean(words: Words, codes: Sequence[str], labels: int, spoken: Mapping[str, Sequence[str]], *, means: bool) -> float:
    """Of three draws."""
    return sum(measured(words, codes, labels, seed, spoken, means=means) for seed in range(3)) / 3


if __name__ == "__main__":
    main()
