"""Assigning, teams, several recordings and live coding, in the terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.running import Ran
from tests.media import RATE, speech, write_medium
from workbench.model.assignment import Assignment
from workbench.model.ids import new_id, now_ms
from workbench.settings import load
from workbench.store import assignments
from workbench.workflows import code, manage_people, open_workspace

Run = Callable[..., Ran]


@pytest.fixture
def session(run: Run) -> str:
    """A session with everybody's consent, and two raters."""
    assert run("init").status == 0
    assert run("study", "add", "Brief therapy").status == 0
    made = run("session", "add", "S001", "--study", "Brief therapy", "--patient", "P01", "--provider", "T01")
    assert made.status == 0
    assert run("consent", "record", "--session", "S001", "--scope", "all", "--statement", "I agree.").status == 0
    for login in ("ada", "bo"):
        assert run("user", "add", login, "--role", "observer").status == 0
    return "S001"


@pytest.fixture
def minute(tmp_path: Path) -> Path:
    return write_medium(tmp_path / "minute.flac", speech(60))


@pytest.fixture
def recorded(run: Run, session: str, minute: Path) -> str:
    assert run("intake", minute, "--session", session).status == 0
    return session


def given() -> list[Assignment]:
    workspace = open_workspace.open_(load())
    with workspace.reading() as connection:
        found = assignments.every(connection)
    workspace.close()
    return found


def windows(ran: Ran) -> list[list[list[int]]]:
    assert ran.status == 0, ran.err
    return [a["windows"] for a in ran.json]


def test_one_stretch_from_the_middle_is_the_same_for_all_raters(run: Run, recorded: str) -> None:
    ran = run("assign", "--session", recorded, "--rater", "ada,bo", "--middle", "0:20", "--json")
    assert windows(ran) == [[[20_000, 40_000]]] * 2
    assert {a.window_rule for a in given()} == {"0:20 from the middle"}


def test_slices_at_random_places_are_drawn_again_by_their_seed(run: Run, recorded: str) -> None:
    places = ("--slices", "2", "--each", "0:10", "--at-random")
    first = run("assign", "--session", recorded, "--rater", "ada", *places, "--json")
    seed = first.json[0]["seed"]
    again = run("assign", "--session", recorded, "--rater", "bo", *places, "--seed", seed, "--json")
    assert windows(first) == windows(again) and len(windows(first)[0]) in (1, 2)
    assert f"seed {seed}" in given()[0].window_rule


def test_stretches_and_a_due_day_are_taken_as_written(run: Run, recorded: str) -> None:
    observed = ("--window", "0:05-0:15,0:30-0:40", "--due", "2026-03-01")
    ran = run("assign", "--session", recorded, "--rater", "ada", *observed, "--json")
    assert windows(ran) == [[[5_000, 15_000], [30_000, 40_000]]]
    assert ran.json[0]["due_at"] % 1000 == 999
    listed = run("assignments", "--json").json
    assert (listed[0]["rater"], listed[0]["state"], listed[0]["overdue"]) == ("ada", None, True)
    assert "overdue" in run("assignments").out


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--from", "0:10", "--middle", "0:10"), 2, "two ways"),
        (("--at-random",), 2, "need --slices"),
        (("--slices", "2", "--each", "5:00"), 1, "2 slices of 5:00 need 10:00"),
        (("--window", "0:50-1:30"), 1, "after the recording's end"),
        (("--live",), 1, "recorded already"),
    ],
)
def test_a_window_that_cannot_be_is_refused_and_nothing_assigned(
    run: Run, recorded: str, options: tuple[str, ...], status: int, said: str
) -> None:
    ran = run("assign", "--session", recorded, "--rater", "ada", *options)
    assert ran.status == status and said in ran.err
    assert given() == []


def test_one_rater_who_has_it_already_stops_all(run: Run, recorded: str) -> None:
    assert run("assign", "--session", recorded, "--rater", "bo").status == 0
    ran = run("assign", "--session", recorded, "--rater", "ada,bo")
    assert ran.status == 1 and "Nothing was assigned: bo has" in ran.err and len(given()) == 1


def test_a_team_is_made_and_assigned_like_a_person(run: Run, recorded: str) -> None:
    made = run("team", "make", "Ada and Bo", "--member", "ada,bo", "--json")
    assert made.json == {"login": "team-ada-and-bo", "name": "Ada and Bo", "members": ["ada", "bo"]}
    assert run("team", "list", "--json").json == [made.json]
    assert run("assign", "--session", recorded, "--rater", "team-ada-and-bo").status == 0
    assert run("assignments", "--json").json[0]["rater"] == "Ada and Bo"
    assert run("team", "make", "Alone", "--member", "ada").status == 1


def test_a_further_recording_finds_its_place_from_the_sound(run: Run, recorded: str, tmp_path: Path) -> None:
    late = write_medium(tmp_path / "camera.webm", speech(60)[2 * RATE :])
    taken = run("intake", late, "--session", recorded, "--label", "camera", "--find-offset", "--json")
    assert taken.status == 0 and taken.json["sureness"] == "sure" and abs(taken.json["offset_ms"] - 2000) <= 20
    listed = run("recording", "list", "--session", recorded, "--json").json
    assert [(r["number"], r["label"], r["main"]) for r in listed] == [(1, "", True), (2, "camera", False)]
    moved = run("recording", "place", "--session", recorded, "--number", "2", "--offset-ms", "1500", "--json")
    assert moved.json["offset_ms"] == 1500
    found = run("recording", "place", "--session", recorded, "--number", "2", "--find", "--json")
    assert abs(found.json["offset_ms"] - 2000) <= 20
    chosen = run("recording", "place", "--session", recorded, "--number", "2", "--main", "--json")
    assert chosen.json["number"] == 1 and chosen.json["main"] is True
    assert run("recording", "place", "--session", recorded, "--number", "3", "--main").status == 1
    assert run("recording", "place", "--session", recorded, "--number", "1").status == 2


def test_a_place_that_is_not_sure_changes_nothing(run: Run, recorded: str, tone: Path) -> None:
    assert run("intake", tone, "--session", recorded).status == 0
    ran = run("recording", "place", "--session", recorded, "--number", "2", "--find")
    assert ran.status == 1 and "Nothing was changed" in ran.err
    assert run("recording", "list", "--session", recorded, "--json").json[1]["offset_ms"] == 0


def test_a_session_is_coded_live_and_aligned(run: Run, session: str, minute: Path) -> None:
    assert "--live" in run("assign", "--session", session, "--rater", "ada").err
    ran = run("assign", "--session", session, "--rater", "ada", "--live", "--json")
    assert ran.json[0]["live"] is True and ran.json[0]["windows"] is None
    assert run("align", "--session", session, "--rater", "ada", "--shift-ms", "0").status == 1
    workspace = open_workspace.open_(load())
    ada = manage_people.find_person(workspace, "ada")
    coding_id = code.open_coding(workspace, ada, given()[0].id).coding.id
    stopped = {"origin_at": now_ms() - 30_000, "stopped_ms": 30_000}
    clock = {"id": new_id(), "kind": "clock", "client_at": now_ms(), "values": stopped}
    assert code.write_operations(workspace, ada, coding_id, [clock]).result(10).refused == ()
    workspace.close()
    assert "no recording yet" in run("align", "--session", session, "--rater", "ada", "--shift-ms", "0").err
    assert run("intake", minute, "--session", session).status == 0
    assert run("align", "--session", session, "--rater", "ada", "--shift-ms", "2500").status == 0
    assert [(w.start_ms, w.end_ms) for w in given()[0].windows] == [(2_500, 32_500)]
    assert run("align", "--session", session, "--rater", "ada", "--undo").status == 0
    assert run("align", "--session", session, "--rater", "ada").status == 2
