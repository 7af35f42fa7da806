"""The agreement screen on a scheme of ratings alone, and on one with codes that nobody used."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.screen_words import said, view
from workbench import schemes
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.span import TimeSpan
from workbench.workflows import add_session, import_study, keep_definition, record_consent

Screen = Callable[..., AppTest]
VIEWS = ("Moments", "Codes", "Ratings", "Raters", "Over time")
FEBRUARY = 1_770_000_000_000


def rated(house: House, name: str, n_sessions: int = 4) -> None:
    """Ada and Ben hand in ratings of a scheme, and no event."""
    shipped = schemes.shipped_schemes()[name]
    scheme = keep_definition.keep_scheme(house.workspace, None, shipped)
    both = [house.provider_id, house.patient_id]
    study = add_session.add_study(house.workspace, None, "Ratings")
    segments = range(3 if scheme.segment_ms else 1)
    windows = [TimeSpan(0, (scheme.segment_ms or 60_000) * len(segments))]
    for n in range(n_sessions):
        session = add_session.add_session(house.workspace, None, study.id, f"R-{n}", both)
        for ident in both:
            record_consent.record_consent(
                house.workspace, None, session.id, ident, set(Scope), record_consent.STATEMENT
            )
        for shift, rater in enumerate(("ada", "ben")):
            given = [
                {
                    "scale": scale.id,
                    "value": scale.low + (n + k + place + shift * (k % 2)) % int(scale.high - scale.low + 1),
                    "no_evidence": False,
                    "segment": place,
                }
                for k, scale in enumerate(scheme.ratings)
                for place in segments
            ]
            with house.workspace.changing(None, "assignment.add", "session", session.id) as connection:
                import_study.add_coding(
                    connection,
                    session,
                    house.people[rater].id,
                    scheme,
                    windows,
                    {"events": [], "ratings": given},
                    FEBRUARY + n * 86_400_000 * 20 + shift,
                    Purpose.STUDY,
                )


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_of_a_scheme_of_ratings_alone_says_something_true(screen: Screen, house: House, name: str) -> None:
    rated(house, "segmented_alliance")
    at = screen("carla", "agreement")
    assert "ICC" in said(at)  # arrives at the ratings
    text = said(view(at, name))
    assert "Two raters rated the same thing" in text
    for false in ("Neither coded", "Nobody coded", "coded every moment", "No disagreement"):
        assert false not in text
    if name in ("Moments", "Codes"):
        assert "This scheme has no codes" in text and "stands under Ratings" in text
    assert [b.proto.label for b in at.get("download_button")].count("Make the report") <= 1


def test_where_nobody_coded_an_event_the_ratings_are_what_the_screen_speaks_of(screen: Screen, house: House) -> None:
    rated(house, "alliance_behaviours")
    text = said(screen("carla", "agreement"))
    assert "Nobody coded an event." in text and "Two raters rated the same thing" in text
    assert "Nothing to lay side by side" in text and "coded no event in the sessions" in text
    assert "No disagreement" not in text
