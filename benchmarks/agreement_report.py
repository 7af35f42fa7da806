"""How long a full agreement report takes: 30 sessions of 50 minutes, 6 raters, 10,000 events, 12 codes, 4 ratings.

python benchmarks/agreement_report.py          every session coded by all six (the most there is to compute)
python benchmarks/agreement_report.py 2        every session coded by two of the six
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from workbench import agreement, schemes
from workbench.model.coding import Event, Rating
from workbench.model.scheme import Code, CodeKind, RatingScale
from workbench.model.span import TimeSpan
from workbench.workflows.agree import Material
from workbench.workflows.report_agreement import Asked, report_of

SESSIONS, RATERS, EVENTS, CODES, SCALES = 30, 6, 10_000, 12, 4
LENGTH_MS = 3_000_000


def study(per_session: int) -> agreement.Study:
    """Raters who see four of five true events, most of them as what they are, within a second or two."""
    rng = np.random.default_rng(2011)
    share = np.arange(CODES, 0, -1) ** 1.2
    codings = []
    for s in range(SESSIONS):
        n = int(EVENTS / (SESSIONS * per_session) / 0.8) + 1
        at, true = np.sort(rng.integers(0, LENGTH_MS, n)), rng.choice(CODES, n, p=share / share.sum())
        quality = rng.normal(5, 1, SCALES)
        for r in range(per_session):
            events = []
            for i in np.flatnonzero(rng.random(n) < 0.8):
                code = true[i] if rng.random() < 0.85 else rng.integers(CODES)
                start = max(0, int(at[i] + rng.normal(0, 900)))
                events.append(Event(f"{s}-{r}-{i}", f"code_{code:02d}", start, start + 4000 if code % 2 else None))
            given = np.clip(np.round(quality + rng.normal(0, 0.7, SCALES)), 1, 7)
            ratings = tuple(Rating(f"scale_{j}", 0, float(v)) for j, v in enumerate(given))
            name = f"rater {'abcdef'[(s + r) % RATERS]}"
            codings.append(agreement.RaterCoding(f"S{s:02d}", name, tuple(events), ratings, (TimeSpan(0, LENGTH_MS),)))
    return agreement.Study(tuple(codings))


def timed(per_session: int) -> tuple[float, str]:
    """Seconds of a whole report, and what was in it."""
    scheme = replace(
        schemes.shipped_schemes()["alliance_behaviours"],
        codes=tuple(
            Code(f"code_{c:02d}", f"Code {c}", CodeKind.STATE if c % 2 else CodeKind.POINT, "", "")
            for c in range(CODES)
        ),
        ratings=tuple(RatingScale(f"scale_{j}", f"Scale {j}", 1, 7, "") for j in range(SCALES)),
    )
    made = study(per_session)
    material = Material(made, scheme, (), (), {}, {})
    start, cpu = time.perf_counter(), time.process_time()
    report = report_of(material, "Synthetic", 0, datetime.now(UTC), Asked())
    wall, cpu = time.perf_counter() - start, time.process_time() - cpu
    n_events = sum(len(c.events) for c in made.codings)
    said = (
        f"{SESSIONS} sessions, {RATERS} raters ({per_session} to a session), {n_events:,} events: {report.n_values:,} "
        f"values and {report.n_undefined} undefined in {wall:.1f} s ({cpu:.1f} s of processor time); "
    )
    sizes = (f"{name} {len(data) / 1e6:.1f} MB" for name, data in report.files.items() if "agreement." in name)
    return wall, said + ", ".join(sizes)


def main() -> None:
    print(timed(int(sys.argv[1]) if len(sys.argv) > 1 else RATERS)[1])


if __name__ == "__main__":
    main()
