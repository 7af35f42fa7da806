"""How fast agreement is, beside the libraries on the same data; and how often its intervals cover.

python benchmarks/agreement.py               prints the table
python benchmarks/agreement.py --coverage    simulates coverage (minutes)
python benchmarks/agreement.py --write DATE  also writes benchmarks/results/agreement.md
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path

import krippendorff
import numpy as np
import pandas as pd
import pingouin
from statsmodels.stats.inter_rater import cohens_kappa

import workbench.agreement as agreement
from workbench.agreement.data import Level, ReliabilityData
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

REPLICATES = 2000
# The loop over the library is timed for this many replicates and scaled.
TIMED = 40


def seconds(run: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


def ordinal_table(raters: int = 20, units: int = 5000, codes: int = 5) -> np.ndarray:
    rng = np.random.default_rng(2011)
    true = rng.integers(0, codes, units)
    return np.clip(true + rng.integers(-1, 2, (raters, units)), 0, codes - 1).astype(float)


def alpha_with_bootstrap() -> list[str]:
    said = ordinal_table()
    data = agreement.reliability(said, level="ordinal")
    ours = seconds(lambda: agreement.compute("krippendorff_alpha", data, replicates=REPLICATES))
    counts = (said.T[..., None] == np.arange(5)).sum(axis=1)
    rng = np.random.default_rng(1)

    def loop(by_counts: bool) -> None:
        for _ in range(TIMED):
            drawn = rng.integers(0, len(counts), len(counts))
            if by_counts:
                krippendorff.alpha(value_counts=counts[drawn], level_of_measurement="ordinal")
            else:
                krippendorff.alpha(reliability_data=said[:, drawn], level_of_measurement="ordinal")

    what = f"ordinal α, 20 raters × 5000 units × 5 codes, {REPLICATES} replicates"
    rows = []
    for given, by_counts in (("the table", False), ("counts made beforehand", True)):
        theirs = seconds(lambda by_counts=by_counts: loop(by_counts)) * REPLICATES / TIMED
        how = f"loop over `krippendorff` on {given}: {theirs:.1f} s ({TIMED} replicates timed, scaled)"
        rows.append(f"| {what} | {ours:.2f} s | {how} | {theirs / ours:.0f} × |")
    return rows


def continuous() -> list[str]:
    rng = np.random.default_rng(1)
    rows = []
    for units in (2_500, 5_000, 10_000):
        said = rng.normal(size=units) + rng.normal(size=(20, units))
        data = agreement.reliability(said, level="interval")
        ours = seconds(lambda data=data: agreement.compute("krippendorff_alpha", data, replicates=REPLICATES), 1)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        rows.append(
            f"| interval α, continuous, 20 × {units}, {REPLICATES} replicates | {ours:.2f} s "
            f"(process peak {peak:.0f} MB) | `krippendorff`: needs units × values² numbers | – |"
        )
    return rows


def kappa_and_icc() -> list[str]:
    said = ordinal_table(2, 5000)
    data = agreement.reliability(said, level="nominal")
    ours = seconds(lambda: agreement.compute("cohen_kappa", data))
    table = agreement.compute("cohen_kappa", data).details["confusion"]
    theirs = seconds(lambda: cohens_kappa(np.array(table)))
    ratings = np.random.default_rng(3).normal(size=(6, 30))
    whole = agreement.reliability(ratings, level="interval")
    icc = seconds(lambda: agreement.compute_all(["icc"], whole))
    long = pd.DataFrame(ratings).melt(ignore_index=False).reset_index()
    long.columns = ["rater", "unit", "value"]
    other = seconds(lambda: pingouin.intraclass_corr(long, targets="unit", raters="rater", ratings="value"))
    return [
        f"| Cohen κ with SE, 5000 units (from the raw table) | {1000 * ours:.1f} ms | "
        f"`statsmodels` (from the finished 5 × 5 table): {1000 * theirs:.1f} ms | – |",
        f"| six ICC with intervals, 30 sessions × 6 raters | {1000 * icc:.1f} ms | "
        f"`pingouin`: {1000 * other:.1f} ms | {other / icc:.0f} × |",
    ]


def study(sessions: int = 30, raters: int = 6, events: int = 10_000, codes: int = 12) -> agreement.Study:
    rng = np.random.default_rng(4)
    codings = []
    for s in range(sessions):
        true = rng.integers(0, 3_000_000, events // sessions // raters + 10)
        which = rng.integers(0, codes, len(true))
        for r in range(raters):
            seen = rng.random(len(true)) < 0.85
            moved = np.clip(true + rng.integers(-1500, 1500, len(true)), 0, 2_999_999)
            some = tuple(Event(str(i), f"code {which[i]}", int(moved[i])) for i in np.flatnonzero(seen))
            codings.append(agreement.RaterCoding(f"s{s:02d}", f"r{r}", some, windows=(TimeSpan(0, 3_000_000),)))
    return agreement.Study(tuple(codings))


def whole_study() -> list[str]:
    whole = study()
    n = sum(len(c.events) for c in whole.codings)
    alpha = seconds(lambda: agreement.per_code(whole, "bins", coefficients=["krippendorff_alpha"]), 1)
    pairs = seconds(lambda: agreement.per_code(whole, "bins", tolerance_ms=2000), 1)
    match = seconds(lambda: agreement.compare(whole, "r0", "r1"), 1)
    what = f"30 sessions of 50 minutes, 6 raters, {n} events, 12 codes, 5 s bins"
    return [
        f"| α of each code with session bootstrap: {what} | {alpha:.2f} s | – | – |",
        f"| the same with κ of all 15 pairs and percent agreement, tolerance 2 s | {pairs:.2f} s | – | – |",
        f"| events of two raters matched, all sessions | {match:.2f} s | – | – |",
    ]


def sessions_table(rng: np.random.Generator, sessions: int, bins: int = 120, raters: int = 2) -> ReliabilityData:
    """Binary bins with runs; sessions differ in how often the code occurs and in how careful raters are."""
    rows = []
    for _ in range(sessions):
        rate, error = rng.beta(2, 10), rng.beta(2, 18)
        fresh = rng.random(bins) < rate
        stays = rng.random(bins) < 0.6
        last = np.maximum.accumulate(np.where(~stays | (np.arange(bins) == 0), np.arange(bins), 0))
        rows.append(np.where(rng.random((raters, bins)) < error, rng.random((raters, bins)) < rate, fresh[last]))
    said = np.concatenate(rows, axis=1).astype(float)
    return ReliabilityData(
        values=said,
        raters=tuple(f"r{i}" for i in range(raters)),
        units=tuple(map(str, range(said.shape[1]))),
        sessions=tuple(f"{s:05d}" for s in range(sessions) for _ in range(bins)),
        level=Level.NOMINAL,
        resample="sessions",
    )


def coverage(runs: int = 500) -> list[str]:
    """Share of simulated studies whose 95 % interval of α covers the α of 5000 sessions."""
    truth = agreement.compute("krippendorff_alpha", sessions_table(np.random.default_rng(0), 5000), replicates=0).value
    assert truth is not None
    rows = [f"True α {truth:.3f}; {runs} simulated studies each.", ""]
    rows += ["| sessions | covers | median width | method |", "| --- | --- | --- | --- |"]
    for sessions in (3, 4, 6, 10, 15, 20, 30):
        rng = np.random.default_rng(sessions)
        found = [
            agreement.compute("krippendorff_alpha", sessions_table(rng, sessions), replicates=500) for _ in range(runs)
        ]
        have = [(r.low, r.high) for r in found if r.low is not None and r.high is not None]
        hit = sum(low <= truth <= high for low, high in have) / len(have)
        width = float(np.median([high - low for low, high in have]))
        rows.append(f"| {sessions} | {100 * hit:.1f} % | {width:.2f} | {found[0].interval_method} |")
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--write", metavar="DATE")
    asked = parser.parse_args()
    lines = ["| What | Ours | Beside it | Faster |", "| --- | --- | --- | --- |"]
    for part in (alpha_with_bootstrap, continuous, kappa_and_icc, whole_study):
        lines += part()
    if asked.coverage:
        lines += ["", "## Coverage of the 95 % interval of α over sessions", "", *coverage()]
    settings = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}; best of 3 runs "
        "(1 for those over a second); seeds fixed in `benchmarks/agreement.py`."
    )
    text = "\n".join(lines)
    print(f"{settings}\n\n{text}")
    if asked.write:
        target = Path(__file__).parent / "results" / "agreement.md"
        target.parent.mkdir(exist_ok=True)
        command = f"python benchmarks/agreement.py{' --coverage' if asked.coverage else ''} --write {asked.write}"
        head = f"# Agreement: speed and coverage\n\n{asked.write}. {settings}\n\n`{command}`"
        target.write_text(f"{head}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
