"""The scores of a pair's sessions as a table: raw scores, where they come from, and why one is missing."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.app.parts import times
from workbench.app.parts.numbers import NONE, number
from workbench.app.parts.table import Cell, Column, table
from workbench.app.parts.texts import count
from workbench.model.instrument import Perspective
from workbench.workflows.score import GAP, PerspectiveScore, SessionScores


def scores_table(scored: Sequence[SessionScores]) -> None:
    """One line for each session."""
    table(
        [
            Column("Session", width="11%"),
            Column("Patient", width="17%"),
            Column("Provider", width="13%"),
            Column("Observers", width="19%"),
            Column("Composite", width="19%"),
            Column("Provider minus patient"),
        ],
        [
            [
                Cell(str(s.session.number), times.day(s.session.held_at)),
                *(_score(s.of(p)) for p in Perspective),
                _composite(s),
                _gap(s),
            ]
            for s in scored
        ],
    )


def instruments_of(scored: Sequence[SessionScores]) -> str:
    """What the scores were made with, once: `Patient: Session Alliance … 1.0`."""
    found = dict.fromkeys(
        f"{x.perspective.value.capitalize()}: {x.title} {x.version}" for s in scored for x in s.scores if x.title
    )
    return "; ".join(found)


def suppressed_in(scored: Sequence[SessionScores]) -> str:
    """Why differences are not shown where both scores are there, each reason once."""
    return " ".join(
        dict.fromkeys(
            d.reason
            for s in scored
            for d in s.discrepancies
            if d.value is None and s.of(d.first).value is not None and s.of(d.second).value is not None
        )
    )


def _score(score: PerspectiveScore) -> Cell:
    if score.value is None:
        return Cell(NONE, score.reason)
    under = []
    if score.raw is not None and score.raw_low is not None and score.raw_high is not None:
        under.append(
            f"{number(score.raw, 0 if score.raw == int(score.raw) else 1)} of {score.raw_low:g} to {score.raw_high:g}"
        )
    if score.n_observers:
        under.append(count(score.n_observers, "observer"))
    return Cell(number(score.value, 0), "; ".join((*under, *score.notes)), strong=True)


def _composite(s: SessionScores) -> Cell:
    c = s.composite
    if c.value is None:
        return Cell(NONE, c.reason)
    reach = f"{number(c.low, 0)} to {number(c.high, 0)}, SD {number(c.sd, 1)}"
    which = f"of {c.n}" if c.complete else f"of {c.n}, without the {' and '.join(p.value for p in c.absent)}"
    return Cell(number(c.value, 0), f"{which}; {reach}", strong=c.complete)


def _gap(s: SessionScores) -> Cell:
    gap = next(d for d in s.discrepancies if d.label == GAP)
    if gap.value is None:
        return Cell(NONE, gap.reason)
    sign = "+" if gap.value > 0.5 else ""
    return Cell(
        f"{sign}{number(gap.value, 0)}",
        gap.words.removeprefix("the provider rates the alliance ").removesuffix(" than the patient"),
    )
