"""How fast agreement is, beside the libraries on the same data. How often its intervals cover:
`agreement_coverage.py`.

The row of γ needs the optional extra (`pip install "alliance-workbench[gamma]"`); without it the table says so.

python benchmarks/agreement.py               prints the table
python benchmarks/agreement.py --write DATE  also writes benchmarks/results/agreement.md
"""

from __future__ import annotations

import argparse
import logging
import os
import platform
import time
import tracemalloc
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import agreement_report
import krippendorff
import numpy as np
import pandas as pd
import pingouin
from statsmodels.stats.inter_rater import cohens_kappa

import workbench.agreement as agreement
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
    for units in (2_500, 5_000, 10_000, 20_000):
        said = rng.normal(size=units) + rng.normal(size=(20, units))
        data = agreement.reliability(said, level="interval")

        def run(data: agreement.ReliabilityData = data) -> object:
            return agreement.compute("krippendorff_alpha", data, replicates=REPLICATES)

        theirs = f"`krippendorff`: {8 * units * (20 * units) ** 2 / 1e12:,.0f} TB for one table of units × values²"
        rows.append(
            f"| interval α, continuous, 20 × {units}, {REPLICATES} replicates | {seconds(run):.2f} s, at most "
            f"{megabytes(run):.0f} MB | {theirs} | – |"
        )
    return rows


def megabytes(run: Callable[[], object]) -> float:
    """The most memory that a run holds at one time."""
    tracemalloc.start()
    run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def cost_by_units() -> list[str]:
    """Each with once, twice and four times the units: linear cost doubles and doubles again."""
    rows = []
    tables = [agreement.reliability(ordinal_table(units=n), level="ordinal") for n in (5_000, 10_000, 20_000)]
    alpha = [seconds(lambda d=d: agreement.compute("krippendorff_alpha", d, replicates=REPLICATES)) for d in tables]
    rows.append(_doubling(f"ordinal α, 20 raters, {REPLICATES} replicates, 5000 / 10000 / 20000 units", alpha))
    pairs = [agreement.reliability(ordinal_table(2, n), level="nominal") for n in (50_000, 100_000, 200_000)]
    kappa = [seconds(lambda d=d: agreement.compute("cohen_kappa", d)) for d in pairs]
    rows.append(_doubling("Cohen κ with SE, 50000 / 100000 / 200000 units", kappa))
    studies = [study(sessions=n, events=330 * n) for n in (30, 60, 120)]
    bins = [
        seconds(lambda s=s: agreement.per_code(s, "bins", coefficients=["krippendorff_alpha"], replicates=0), 1)
        for s in studies
    ]
    rows.append(_doubling("5 s bins of 12 codes and their α, 30 / 60 / 120 sessions of 50 minutes", bins))
    return rows


def many_names() -> list[str]:
    """Nominal data with as many values as free text has."""
    names = np.random.default_rng(1).permutation(60_000) % 40_000
    said = np.stack([names, np.where(np.arange(60_000) % 2 == 0, names, np.roll(names, 1))]).astype(float)
    data = agreement.reliability(said, level="nominal")
    taken = seconds(lambda: agreement.compute("krippendorff_alpha", data, replicates=REPLICATES))
    return [f"| nominal α, 40000 different values, 2 × 60000, {REPLICATES} replicates | {taken:.1f} s | – | – |"]


def every_pair() -> list[str]:
    """A table of one's own with many raters: each two of them, with a bootstrap of units for each."""
    data = agreement.reliability(ordinal_table(40, 300), level="nominal")
    taken = [seconds(lambda id=id: agreement.compute_all([id], data), 1) for id in ("cohen_kappa", "easydiag_kappa")]
    said = " / ".join(f"{t:.1f}" for t in taken)
    return [f"| Cohen κ / EasyDIAg’s κ of all 780 pairs of 40 raters, 300 units × 5 codes | {said} s | – | – |"]


def _doubling(what: str, taken: list[float]) -> str:
    return f"| {what} | {' / '.join(f'{1000 * t:.0f}' for t in taken)} ms | – | – |"


def gamma(raters: int = 3, units: int = 20) -> list[str]:
    """γ of one session with 30 random continua: ours lets the library align, and draws the random continua itself."""
    what = f"γ, {raters} raters × {units} units, 30 random continua"
    try:
        library = version("pygamma-agreement")
        import pygamma_agreement
        from pyannote.core import Segment
    except (PackageNotFoundError, ImportError):
        return [f"| {what} | – | `pygamma-agreement` is not installed here (extra `gamma`) | – |"]
    rng = np.random.default_rng(5)
    marked: dict[str, list[tuple[int, int, str]]] = {}
    true = np.cumsum(rng.integers(8_000, 20_000, units))
    codes = rng.choice(["bond", "goal", "task"], units)
    for r in range(raters):
        starts = true + rng.integers(-1_000, 1_000, units)
        ends = starts + 5_000 + rng.integers(-1_000, 1_000, units)
        said = np.where(rng.random(units) < 0.85, codes, rng.choice(["bond", "goal", "task"], units))
        marked[f"rater {r}"] = [(int(a), int(b), str(c)) for a, b, c in zip(starts, ends, said, strict=True)]
    data = agreement.continua(marked, length_ms=int(true[-1]) + 20_000)
    ours_value = agreement.compute("gamma", data, replicates=0).value  # the library compiles at its first alignment
    ours = seconds(lambda: agreement.compute("gamma", data, replicates=0, seed=7), 1)
    continuum = pygamma_agreement.Continuum()
    for rater, some in marked.items():
        for start, end, code in some:
            continuum.add(rater, Segment(start, end), code)
    measure = pygamma_agreement.CombinedCategoricalDissimilarity(alpha=1, beta=1, delta_empty=1)
    logging.disable(logging.WARNING)  # it names the solver at every alignment
    np.random.seed(2011)
    theirs_value = continuum.compute_gamma(measure, n_samples=30).gamma
    theirs = seconds(lambda: continuum.compute_gamma(measure, n_samples=30), 1)
    unitizing = seconds(lambda: agreement.compute("unitizing_alpha", data, replicates=REPLICATES))
    return [
        f"| {what} (value {ours_value:.2f}) | {ours:.1f} s | `pygamma-agreement` {library}: {theirs:.1f} s (value "
        f"{theirs_value:.2f}) | {theirs / ours:.1f} × |",
        f"| uα of the same units, {REPLICATES} replicates | {1000 * unitizing:.0f} ms | – | – |",
    ]


def whole_report() -> list[str]:
    _, said = agreement_report.timed(agreement_report.RATERS)
    what, _, how_long = said.partition(" in ")
    return [f"| a full report: {what} | {how_long.partition(';')[0]} | – | – |"]


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
        f"| α of each code with its interval over sessions: {what} | {alpha:.2f} s | – | – |",
        f"| the same with κ of all 15 pairs and percent agreement, tolerance 2 s | {pairs:.2f} s | – | – |",
        f"| events of two raters matched, all sessions | {match:.2f} s | – | – |",
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", metavar="DATE")
    asked = parser.parse_args()
    lines = ["| What | Ours | Beside it | Faster |", "| --- | --- | --- | --- |"]
    for part in (
        alpha_with_bootstrap,
        continuous,
        cost_by_units,
        many_names,
        every_pair,
        kappa_and_icc,
        gamma,
        whole_study,
        whole_report,
    ):
        lines += part()
    settings = (
        f"{os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}; best of 3 runs "
        f"(1 for those over a second); load average {os.getloadavg()[0]:.1f} at the end (above the number of cores "
        "other programs took part of them); seeds fixed in `benchmarks/agreement.py`."
    )
    text = "\n".join(lines)
    print(f"{settings}\n\n{text}")
    if asked.write:
        target = Path(__file__).parent / "results" / "agreement.md"
        target.parent.mkdir(exist_ok=True)
        command = f"python benchmarks/agreement.py --write {asked.write}"
        head = f"# Agreement: speed\n\n{asked.write}. {settings}\n\n`{command}`"
        target.write_text(f"{head}\n\n{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
