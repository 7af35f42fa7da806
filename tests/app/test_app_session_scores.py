"""What a session's page says under a derived score: its level, what it rests on, what was left out."""

from __future__ import annotations

import pytest

from workbench.alliance import ScoreValue
from workbench.app.parts.session_scores import shown
from workbench.app.parts.table import Cell
from workbench.model.scheme import DerivedScore, ScoreKind
from workbench.model.score_units import EVENTS, PERCENT, POINTS, RATIO


def value(kind: ScoreKind, number: float | None, unit: str, **more: object) -> ScoreValue:
    return ScoreValue(DerivedScore("s", "S", kind), number, unit=unit, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("found", "text", "under"),
    [
        (value(ScoreKind.COUNT, 3, EVENTS, n_events=3), "3", ""),
        (value(ScoreKind.RATIO, 1, RATIO, n_events=2, level="Fair"), "1", "Fair; 2 events"),
        (value(ScoreKind.SHARE, 33.3, PERCENT, n_events=3, level="below Fair"), "33.3 %", "below Fair; 3 events"),
        (
            value(ScoreKind.TIME, 12, PERCENT, n_events=1, left_out=1, left_out_why="1 never ended"),
            "12 %",
            "left out: 1 never ended",
        ),
        (value(ScoreKind.MEAN, 4.5, POINTS, n_ratings=3, n_asked=4), "4.50", "3 of 4 ratings"),
        (value(ScoreKind.MEAN, 50, PERCENT, n_events=4), "50 %", "4 events"),
        (value(ScoreKind.MEAN, 4, POINTS, n_ratings=8, n_asked=8, n_segments=2), "4", "8 ratings in 2 segments"),
        (
            value(ScoreKind.MEAN, None, POINTS, n_ratings=0, n_asked=1, reason="Aim: no evidence"),
            "–",
            "Aim: no evidence",
        ),
    ],
)
def test_under_a_score_stands_what_it_rests_on(found: ScoreValue, text: str, under: str) -> None:
    assert shown([found]) == [Cell(text, under, strong=found.value is not None)]
