"""Repeats among 100,000 and 1,000,000 made letters of the second generator, on which nothing was chosen: how many are found, how
fast, how much memory; the curve over the score; what the facts guard does by itself. No database.

Bare: reading the texts once and counting their grams in compiled code, which any comparison has to do.
"""

import os
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from benchmarks.figures import Figure, keep, median, p95
from benchmarks.letters.first import FIRST
from benchmarks.letters.judging import Judged, Truth
from benchmarks.letters.making import Ways, make
from benchmarks.letters.second import SECOND
from jiandu.base.texts import facts
from jiandu.base.texts.compiled import parts
from jiandu.base.texts.index import Index
from jiandu.base.texts.normal import codes
from jiandu.base.texts.pairs import Pair, ask, repeats, told
from jiandu.base.texts.scoring import MIN_SCORE, REPEAT, logits

VENDOR = ""
GIB = 1 << 20
CURVE = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
MIXES = {
    "second generator": (SECOND, Ways(like=True)),
    "second, slots drawn a sentence": (SECOND, Ways(like=True, fresh=True)),
    "second, 400 persons, 60 places": (SECOND, Ways(like=True, names=400, places=60)),
    "second, others differ in one to three facts": (SECOND, Ways(like=True, others=("pvm", "pv", "pm", "vm", "p"))),
    "first generator (fitted on its kind)": (FIRST, Ways()),
}


def keys(pairs: list[Pair], least: float) -> list[tuple[int, int]]:
    return [(pair.a, pair.b) for pair in pairs if pair.label == REPEAT and pair.score >= least]


def note(judged: Judged) -> str:
    kinds = ", ".join(f"{kind} {share:.3f}" for kind, share in judged.by_kind.items())
    return f"R {judged.recall:.3f}; {kinds}; twins taken {judged.twins_taken} of {judged.twins}"


def quality(count: int) -> Iterator[Figure]:
    for name, (words, ways) in MIXES.items():
        rows = make(words, count, 4242, ways)
        judged = Truth(rows).judge(keys(repeats(Index.build([row.text for row in rows])), MIN_SCORE))
        yield Figure(
            "repeats", f"P, {count:,}, {name}", 100 * judged.precision, "%", VENDOR, None, note(judged), ">= 95"
        )
        yield Figure("repeats", f"R, {count:,}, {name}", 100 * judged.recall, "%", VENDOR, None, "", ">= 85")
        yield Figure(
            "repeats", f"R of edited copies, {count:,}, {name}", 100 * judged.edited, "%", VENDOR, None, "", ">= 95"
        )


def curve(count: int) -> Iterator[Figure]:
    rows = make(SECOND, count, 4242, Ways(like=True))
    truth, pairs = Truth(rows), repeats(Index.build([row.text for row in rows]), least=CURVE[0])
    for least in CURVE:
        judged = truth.judge(keys(pairs, least))
        yield Figure(
            "repeats", f"P at score {least}, {count:,}", 100 * judged.precision, "%", VENDOR, None, note(judged)
        )


def guards(count: int) -> Iterator[Figure]:
    """The trial's own rule (weighted Jaccard 0.3) with and without a guard; the score with its contradictions taken out."""
    rows = make(SECOND, count, 4242, Ways(like=True))
    index, truth = Index.build([row.text for row in rows]), Truth(rows)
    left, right = index.candidates()
    features = told(index, left, right)
    pairs = list(zip(left.tolist(), right.tolist(), strict=True))
    shared = features[:, 0] >= 0.3
    named = {n: facts.facts_of(rows[n].text) for k in np.flatnonzero(shared).tolist() for n in pairs[k]}
    apart = np.array([bool(s and facts.disjoint(named[a], named[b])) for s, (a, b) in zip(shared, pairs, strict=True)])
    sure = np.log(MIN_SCORE / (1 - MIN_SCORE))
    ways = {
        "weighted Jaccard 0.3 alone": shared,
        "the same with the guard of named facts": shared & ~apart,
        "score without contradictions": logits(features, guarded=False) >= sure,
        "score": logits(features) >= sure,
    }
    for name, taken in ways.items():
        judged = truth.judge(pairs[k] for k in np.flatnonzero(taken).tolist())
        yield Figure("repeats", f"P, {count:,}: {name}", 100 * judged.precision, "%", VENDOR, None, note(judged))


def bare(texts: list[str]) -> float:
    kernels, _ = parts()
    start = time.perf_counter()
    said, at = codes(texts)
    trios, twos = np.zeros(1 << 25, np.int32), np.zeros(1 << 22, np.int32)
    kernels.count_grams(said, at, 0, 25, trios, twos)
    return time.perf_counter() - start


def big(count: int) -> Iterator[Figure]:
    rows = make(SECOND, count, 900, Ways(like=True))
    texts = [row.text for row in rows]
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    ground = bare(texts)
    start, worked = time.perf_counter(), time.process_time()
    index = Index.build(texts)
    built = time.perf_counter() - start
    pairs = repeats(index)
    whole, cpu = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB
    yield Figure("repeats", f"{count:,} letters: index", built, "s", VENDOR, built / ground, "")
    yield Figure(
        "repeats",
        f"{count:,} letters: index and all pairs",
        whole,
        "s",
        VENDOR,
        whole / ground,
        f"own processor time {cpu:.0f} s",
        "<= 90",
    )
    yield Figure(
        "repeats",
        f"{count:,} letters: peak memory",
        peak,
        "GiB",
        VENDOR,
        None,
        f"of it {held:.1f} the made letters",
        "<= 4",
    )
    yield from asked(index, texts, count)
    judged = Truth(rows).judge(keys(pairs, MIN_SCORE))
    yield Figure("repeats", f"P, {count:,}", 100 * judged.precision, "%", VENDOR, None, note(judged), ">= 95")
    yield Figure("repeats", f"R, {count:,}", 100 * judged.recall, "%", VENDOR, None, "", ">= 85")
    yield Figure("repeats", f"R of edited copies, {count:,}", 100 * judged.edited, "%", VENDOR, None, "", ">= 95")


def asked(index: Index, texts: list[str], count: int) -> Iterator[Figure]:
    taken = []
    for text in texts[:: max(1, len(texts) // 500)]:
        start = time.perf_counter()
        ask(index, f"{text}再次反映")
        taken.append((time.perf_counter() - start) * 1000)
    said = f"median {median(taken):.1f}, worst {max(taken):.1f} of {len(taken)}"
    yield Figure("repeats", f"{count:,} letters: asked for one, 95 %", p95(taken), "ms", VENDOR, None, said, "<= 50")


def run(what: str, count: int) -> list[Figure]:
    """In a process of its own, so that memory is its own."""
    return list({"quality": quality, "curve": curve, "guards": guards, "big": big}[what](count))


def figures() -> Iterator[Figure]:
    start = time.perf_counter()
    repeats(Index.build(["第一次要编译", "第一次要编译"]))
    yield Figure(
        "repeats", "first call of a process", time.perf_counter() - start, "s", VENDOR, None, "compiles once a machine"
    )
    most = int(os.environ.get("BENCHMARK_LETTERS", "1000000"))
    for what, count in (
        ("quality", most // 10),
        ("curve", most // 10),
        ("guards", most // 10),
        ("big", most // 10),
        ("big", most),
    ):
        with ProcessPoolExecutor(1) as pool:
            yield from pool.submit(run, what, count).result()


if __name__ == "__main__":
    keep("repeats", VENDOR, figures())
