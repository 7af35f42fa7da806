"""The agreement screen where sessions have criterion codings: raters, and who practised, beside the one that counts."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.house import House
from tests.app.screen_words import said, view
from tests.app.study_house import STUDY, fill_study
from workbench.app import current
from workbench.model.assignment import Purpose
from workbench.model.span import TimeSpan
from workbench.settings import Settings
from workbench.store import assignments, sessions
from workbench.workflows import import_study, open_workspace

Screen = Callable[..., AppTest]
WINDOW = TimeSpan(900_000, 2_580_000)


@pytest.fixture
def filled(filled_study: House) -> House:
    """What the house is a copy of."""
    return filled_study


@pytest.fixture(scope="module")
def practising(tmp_path_factory: pytest.TempPathFactory) -> House:
    """The study before anybody coded."""
    study = json.loads(STUDY.read_text(encoding="utf-8"))
    for session in study["sessions"]:
        session["codings"] = []
    folder = tmp_path_factory.mktemp("practising")
    path = folder / "study.json"
    path.write_text(json.dumps(study), encoding="utf-8")
    made = fill_study(open_workspace.create(Settings(workspace=folder / "workspace")), path)
    made.workspace.close()
    return made


@pytest.fixture
def house(filled: House, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(filled.workspace.folder, tmp_path / "workspace")
    workspace = open_workspace.open_(Settings(workspace=tmp_path / "workspace"))
    current.use(workspace)
    yield replace(filled, workspace=workspace)
    current.use(None)
    workspace.close()


def session_of(house: House) -> str:
    with house.workspace.reading() as connection:
        return next(s.id for s in sessions.sessions(connection) if s.code == "F1-2")


def add(house: House, name: str, purpose: Purpose, codes: list[str], submitted_at: int) -> None:
    """A coding of the session with one code each minute."""
    with house.workspace.reading() as connection:
        session = sessions.get_session(connection, session_of(house))
    events = [{"code": c, "start_ms": 920_000 + 60_000 * n, "end_ms": None} for n, c in enumerate(codes)]
    ratings = [{"scale": r.id, "value": r.low, "no_evidence": False} for r in house.scheme.ratings]
    coded = {"events": events, "ratings": ratings}
    with house.workspace.changing(None, "assignment.add", "session", session.id) as connection:
        import_study.add_coding(
            connection, session, house.people[name].id, house.scheme, [WINDOW], coded, submitted_at, purpose
        )


def line_of(text: str, first: str) -> list[str]:
    """The further cells of the line that begins so."""
    row = re.search(rf"<td>{first}</td>(.*?)</tr>", text)
    assert row is not None, first
    return re.findall(r"<td[^>]*>(.*?)</td>", row[1])


PRACTISED = "Ada<small>practice</small>"


def test_each_rater_stands_beside_the_criterion_that_was_handed_in_last(screen: Screen, house: House) -> None:
    at = view(screen("carla", "agreement"), "Raters")
    assert "None of these sessions has a criterion coding on this scheme that you may see." in said(at)

    one, other = (c.id for c in house.scheme.codes[:2])
    add(house, "imre", Purpose.CRITERION, [one, other, other], 2)
    add(house, "carla", Purpose.CRITERION, [one], 1)
    add(house, "ada", Purpose.PRACTICE, [one, other], 3)
    at = view(screen("carla", "agreement"), "Raters")
    text = said(at)
    assert "1 session with a criterion coding." in text
    assert "the one handed in last counts, as in feedback and report; 1 further does not." in text
    # sessions, hits, missed, extra, found, right
    assert line_of(text, PRACTISED)[:6] == ["1", "2", "1", "0", "67 %", "100 %"]
    assert len(line_of(text, "Rater 1")) == len(line_of(text, PRACTISED)) == 9  # and exact agreement, κ and the limits
    at = at.selectbox(key="agreement-raters-by").set_value(f"bins:{one}").run()
    assert line_of(said(at), PRACTISED)[:4] == ["1", "1", "0", "0"]
    at = at.selectbox(key="agreement-criterion-in-full").set_value(0).run()
    assert "criterion='criterion'" in said(at) and "criterion_events.csv" in said(at)
    rating = house.scheme.ratings[0]
    at = at.selectbox(key="agreement-raters-by").set_value(f"ratings:{rating.id}").run()
    assert "Within one" in said(at) and "Bias" in said(at)

    # whoever has still to code that session reads no criterion of it
    with house.workspace.changing(None, "assignment.add", "session", session_of(house)) as connection:
        assignments.add(connection, session_of(house), house.people["blind"].id, house.scheme.hash, [WINDOW])
    text = said(view(screen("blind", "agreement"), "Raters"))
    assert "None of these sessions has a criterion coding" in text and "practice" not in text


def test_a_limit_is_named_and_held_in_the_usual_units_only(screen: Screen, house: House) -> None:
    one, other = (c.id for c in house.scheme.codes[:2])
    add(house, "imre", Purpose.CRITERION, [one, other, other], 1)
    add(house, "ada", Purpose.PRACTICE, [one, other], 2)
    at = view(screen("carla", "agreement"), "Raters")
    text = said(at)
    assert "Limit: κ from 0.5" in text and line_of(text, PRACTISED)[-1].endswith("1 of 12 sessions")
    assert "all of its limits, those of all codes at once and those of each rating" in text
    rating = house.scheme.ratings[0]
    at = at.selectbox(key="agreement-raters-by").set_value(f"ratings:{rating.id}").run()
    assert "Limit: Within one from 0.5" in said(at)

    # somebody widens the units under Codes: more agrees in them, and that certifies nobody
    at = view(at, "Codes")
    (tolerance,) = [n for n in at.number_input if n.label == "Tolerance, s"]
    at = view(tolerance.set_value(30.0).run(), "Raters")
    at = at.selectbox(key="agreement-raters-by").set_value("").run()
    text = said(at)
    assert "tolerance 30 s" in text and "Limit: κ" not in text
    assert "The scheme’s limit for codes is on all codes at once (bin 5 s, tolerance 0 s)" in text


class TestOfAClinicThatOnlyPractises:
    @pytest.fixture
    def filled(self, practising: House) -> House:
        return practising

    def test_says_what_can_be_compared_while_there_is_nothing(self, screen: Screen, house: House) -> None:
        text = said(screen("carla", "agreement"))
        assert "There is nothing to compare yet" in text and "practise on a session that has a criterion" in text
        add(house, "imre", Purpose.CRITERION, [house.scheme.codes[0].id], 1)
        assert "There is nothing to compare yet" in said(screen("carla", "agreement"))

    def test_plans_its_study_while_there_is_nothing(self, screen: Screen, house: House) -> None:
        at = screen("carla", "agreement")
        for key, value in (("icc", 0.85), ("raters", 4), ("width", 0.2), ("wanted", 0.9)):
            at = at.number_input(key=f"planning-{key}").set_value(value).run()
        text = said(at)  # Bonett (2002): 20 sessions of four raters
        assert "20 sessions, each rated by all 4 raters, give a 95 % interval about 0.20 wide" in text
        assert "The mean of 2 raters has a reliability of 0.92." in text
        assert "planning.sessions_for_width(0.85, raters=4, width=0.2)" in text

    def test_its_raters_stand_beside_the_criterion(self, screen: Screen, house: House) -> None:
        one, other = (c.id for c in house.scheme.codes[:2])
        add(house, "imre", Purpose.CRITERION, [one, other, other], 1)
        add(house, "ada", Purpose.PRACTICE, [one, other], 2)
        at = screen("carla", "agreement")
        text = said(at)
        assert "Of these raters no two have coded the same session for the study." in text
        assert "1 session with a criterion coding." in text
        assert line_of(text, PRACTISED)[:6] == ["1", "2", "1", "0", "67 %", "100 %"]
        at = at.selectbox(key="agreement-criterion-by").set_value(f"bins:{one}").run()
        assert line_of(said(at), PRACTISED)[:4] == ["1", "1", "0", "0"]
        rating = house.scheme.ratings[0]
        at = at.selectbox(key="agreement-criterion-by").set_value(f"ratings:{rating.id}").run()
        assert "Within one" in said(at)

    def test_whoever_has_still_to_code_the_session_sees_nothing_of_it(self, screen: Screen, house: House) -> None:
        add(house, "imre", Purpose.CRITERION, [house.scheme.codes[0].id], 1)
        add(house, "ada", Purpose.PRACTICE, [house.scheme.codes[0].id], 2)
        with house.workspace.changing(None, "assignment.add", "session", session_of(house)) as connection:
            assignments.add(connection, session_of(house), house.people["blind"].id, house.scheme.hash, [WINDOW])
        assert "There is nothing to compare yet" in said(screen("blind", "agreement"))
