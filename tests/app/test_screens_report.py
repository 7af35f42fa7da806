"""The button that offers the agreement report."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.test_screens_exchange import submit_ada
from workbench.workflows import export

Screen = Callable[..., AppTest]


def buttons(at: AppTest) -> list[str]:
    return [e.proto.label for e in at.get("download_button")]


def test_the_agreement_screen_offers_the_report(screen: Screen, house: House) -> None:
    submit_ada(house)
    at = screen("carla", "agreement")
    assert not at.exception and "Make the report" in buttons(at)


def test_the_screen_says_whether_raters_are_named_in_the_report(screen: Screen, house: House) -> None:
    submit_ada(house)
    at = screen("carla", "agreement")
    assert any("login names in every file" in c.value for c in at.caption)
    at.checkbox("agreement-report-numbered").check().run()
    assert any("Who is who is written nowhere" in c.value for c in at.caption)


def test_without_consent_to_sharing_there_is_no_report_and_the_screen_says_why(
    screen: Screen, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit_ada(house)
    monkeypatch.setattr(export, "shareable", lambda workspace, chosen: [])
    at = screen("carla", "agreement")
    assert "Make the report" not in buttons(at)
    assert any("no session has consent to sharing" in c.value for c in at.caption)
