"""python -m benchmarks.letters.fitting: fits src/jiandu/base/texts/weights.py on letters of the first generator, in many ways of making.

Pools of 40 to 100,000 letters; slots drawn once a letter or once a sentence; few and many persons and places; twins that differ
in all of person, place and sum or in some. Every way weighs by the root of its size.
"""

from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.letters.first import FIRST
from benchmarks.letters.judging import Truth
from benchmarks.letters.making import Ways, make
from jiandu.base.texts import weights
from jiandu.base.texts.index import Index
from jiandu.base.texts.pairs import told
from jiandu.base.texts.scoring import derived

OTHERS = ("pvm", "pvm", "pv", "pm", "vm", "pvbcjmd", "p")
#: How many letters, how they are made, how many times.
POOLS = (
    (100_000, Ways(), 1),
    (100_000, Ways(like=True, fresh=True, others=OTHERS), 1),
    (100_000, Ways(names=400, places=60, others=OTHERS), 1),
    (30_000, Ways(like=True, names=1500, places=150, fresh=True), 1),
    (10_000, Ways(others=OTHERS), 1),
    (3_000, Ways(like=True, fresh=True), 4),
    (400, Ways(), 8),
    (400, Ways(like=True, fresh=True, others=OTHERS), 8),
    (40, Ways(others=OTHERS), 40),
    (100_000, Ways(like=True, names=2500, places=120), 1),
)
PENALTY = 1e-6


def pool(count: int, ways: Ways, seed: int) -> tuple[Any, Any]:
    """Terms of the candidates of a pool, and whether each pair is a repeat."""
    rows = make(FIRST, count, seed, ways)
    index = Index.build([row.text for row in rows])
    left, right = index.candidates()
    pairs = Truth(rows).pairs
    true = np.array([pair in pairs for pair in zip(left.tolist(), right.tolist(), strict=True)], float)
    return derived(told(index, left, right)), true


def fit(terms: Any, true: Any, weight: Any) -> tuple[float, Any]:
    """Logistic regression with a small penalty on standardised terms: (constant, a weight a term)."""
    mean, spread = terms.mean(0), terms.std(0) + 1e-9
    scaled = (terms - mean) / spread
    weight = weight / weight.sum()

    def loss(at: Any) -> tuple[float, Any]:
        odds = scaled @ at[1:] + at[0]
        wrong = (1 / (1 + np.exp(-odds)) - true) * weight
        said = ((np.logaddexp(0, -odds) * true + np.logaddexp(0, odds) * (1 - true)) * weight).sum()
        return said + PENALTY * (at[1:] ** 2).sum(), np.r_[wrong.sum(), scaled.T @ wrong + 2 * PENALTY * at[1:]]

    at = minimize(loss, np.zeros(terms.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": 800}).x
    return at[0] - (at[1:] * mean / spread).sum(), at[1:] / spread


def main() -> None:
    """Fits and writes."""
    terms, true, weight = [], [], []
    for kind, (count, ways, times) in enumerate(POOLS):
        for seed in range(times):
            some, right = pool(count, ways, 100 + seed + kind * 10)
            terms.append(some)
            true.append(right)
            weight.append(np.full(right.size, min(max(count, 1_000), 20_000) ** 0.5 / right.size / times))
    constant, found = fit(np.concatenate(terms), np.concatenate(true), np.concatenate(weight))
    lines = "".join(f'    "{name}": {value:.4f},\n' for name, value in zip(weights.NAMES, found, strict=True))
    head = '"""Weights of the regression in `scoring`, in log odds: fitted by benchmarks/letters/fitting.py, not by hand."""'
    tail = 'NAMES = tuple(name for name in WEIGHTS if name != "constant")'
    text = f'{head}\n\nWEIGHTS = {{\n    "constant": {constant:.4f},\n{lines}}}\n{tail}\n'
    Path(weights.__file__).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
