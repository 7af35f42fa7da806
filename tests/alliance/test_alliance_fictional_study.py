"""The fictional study: made again byte for byte, sound, and its numbers near what was built in."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import runpy
import statistics
from pathlib import Path
from typing import Any

import krippendorff
import numpy as np
import pytest

from workbench.alliance import PerspectiveScore, discrepancies, of_form, of_observers, session_composite
from workbench.model.coding import Rating
from workbench.model.instrument import Perspective
from workbench.model.scheme import CodeKind
from workbench.registry import shipped
from workbench.schemes import shipped_instruments, shipped_schemes

FOLDER = shipped("sample_media") / "fictional_study"
STUDY = json.loads((FOLDER / "study.json").read_text(encoding="utf-8"))
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
SESSIONS: list[dict[str, Any]] = STUDY["sessions"]
TRUE_EVENTS = {s["code"]: s["events"] for s in TRUTH["sessions"]}
SCHEME = shipped_schemes()[STUDY["study"]["scheme"]]
FORMS = {side: shipped_instruments()[name] for side, name in STUDY["study"]["instruments"].items()}
STRAIN = {"rupture_withdrawal", "rupture_confrontation", "repair"}


def scores(session: dict[str, Any]) -> dict[Perspective, PerspectiveScore]:
    found = [of_form(FORMS[side], filled) for side, filled in session["responses"].items()]
    found.append(
        of_observers(
            SCHEME,
            {
                c["rater"]: [Rating(r["scale"], 0, r["value"], r["no_evidence"]) for r in c["ratings"]]
                for c in session["codings"]
            },
        )
    )
    return {s.perspective: s for s in found}


def test_the_script_writes_the_same_bytes_again() -> None:
    script = runpy.run_path(str(FOLDER / "make_study.py"))
    for name, data in zip(("study.json", "truth.json"), script["make"](), strict=True):
        assert script["as_text"](data).encode() == (FOLDER / name).read_bytes(), name
    assert (FOLDER / "study.json").stat().st_size < 1_500_000


def test_it_is_marked_fictional_and_large_enough() -> None:
    assert STUDY["study"]["fictional"] is True
    assert "no such people" in STUDY["study"]["description"]
    assert len(SESSIONS) >= 24
    assert len({s["patient"] for s in SESSIONS}) == 6
    assert {c["rater"] for s in SESSIONS for c in s["codings"]} == {r["code"] for r in STUDY["study"]["raters"]}
    for provider in STUDY["providers"]:
        assert sum(p["provider"] == provider["code"] for p in STUDY["patients"]) == 2
    for patient in STUDY["patients"]:
        own = [s for s in SESSIONS if s["patient"] == patient["code"]]
        assert [s["number"] for s in own] == list(range(1, len(own) + 1))
        assert [s["held_on"] for s in own] == sorted({s["held_on"] for s in own})
        assert {s["provider"] for s in own} == {patient["provider"]}


@pytest.mark.parametrize("session", SESSIONS, ids=lambda s: s["code"])
def test_every_coding_fits_the_scheme_and_its_window(session: dict[str, Any]) -> None:
    assert 20 * 60_000 <= sum(end - start for start, end in session["windows"]) <= 50 * 60_000
    assert all(0 <= start < end <= session["duration_ms"] for start, end in session["windows"])
    assert 2 <= len(session["codings"]) <= 3
    for coding in session["codings"]:
        assert dt.datetime.fromisoformat(coding["submitted_at"]).date() > dt.date.fromisoformat(session["held_on"])
        for event in coding["events"]:
            state = SCHEME.code(event["code"]).kind is CodeKind.STATE
            assert (event["end_ms"] is not None) == state
            start, end = event["start_ms"], event["end_ms"] or event["start_ms"] + 1
            assert any(a <= start < end <= b for a, b in session["windows"]), event
        ruptures = [e for e in coding["events"] if SCHEME.code(e["code"]).group == "rupture"]
        assert all(one["end_ms"] <= other["start_ms"] for one, other in itertools.pairwise(ruptures))
        for rating in coding["ratings"]:
            scale = SCHEME.rating(rating["scale"])
            assert (rating["value"] is None) == rating["no_evidence"]
            assert scale.no_evidence if rating["value"] is None else scale.low <= rating["value"] <= scale.high
        assert [r["scale"] for r in coding["ratings"]] == [r.id for r in SCHEME.ratings]


def test_each_rater_is_about_as_accurate_as_built() -> None:
    for rater, built in TRUTH["raters"].items():
        assert accuracy(rater, SESSIONS) == pytest.approx(built["accuracy"], abs=0.03)
    assert [TRUTH["raters"][r]["accuracy"] for r in ("R1", "R2", "R3")] == [0.92, 0.85, 0.72]


def test_the_second_rater_and_no_other_drifts_over_the_calendar() -> None:
    early, late = SESSIONS[: len(SESSIONS) // 2], SESSIONS[len(SESSIONS) // 2 :]
    fall = {r: accuracy(r, early) - accuracy(r, late) for r in TRUTH["raters"]}
    assert fall["R2"] > 0.06
    assert abs(fall["R1"]) < 0.04 and abs(fall["R3"]) < 0.04
    rise = {r: lenience(r, late) - lenience(r, early) for r in TRUTH["raters"]}
    assert rise["R2"] > 0.3
    assert max(rise["R1"], rise["R3"]) < 0.15


def test_raters_agree_least_on_rupture_and_repair() -> None:
    alpha = {code.id: krippendorff.alpha(bins(code.id), level_of_measurement="nominal") for code in SCHEME.codes}
    assert set(sorted(alpha, key=lambda code: alpha[code])[:3]) == STRAIN
    assert max(alpha[c] for c in STRAIN) < 0.55 < min(a for c, a in alpha.items() if c not in STRAIN)


def test_one_pair_falls_at_the_rupture_and_is_mended_after_it() -> None:
    own = [session_composite(scores(s).values()).value for s in SESSIONS if s["patient"] == TRUTH["dip"]["patient"]]
    before, rupture, repair, after = own[1], own[2], own[3], own[4]
    assert rupture < before - 15 and rupture < min(own[0], repair) - 15  # type: ignore[operator]
    assert after > own[0] + 10  # type: ignore[operator]


def test_one_provider_overrates_and_the_others_do_not() -> None:
    by_provider: dict[str, list[float]] = {p["code"]: [] for p in STUDY["providers"]}
    for session in SESSIONS:
        difference = discrepancies(scores(session).values())[0].value
        if difference is not None:
            by_provider[session["provider"]].append(difference)
    for provider, found in by_provider.items():
        built = TRUTH["providers"][provider]["rates_above_patient"]
        assert statistics.mean(found) == pytest.approx(built, abs=6), provider
    assert statistics.mean(by_provider["FPR3"]) > 12


def test_missing_forms_and_items_leave_honest_gaps() -> None:
    by_code = {s["code"]: scores(s) for s in SESSIONS}
    for code, side in TRUTH["forms_missing"]:
        assert Perspective(side) not in by_code[code]
        assert not session_composite(by_code[code].values()).complete
    assert any(s.prorated for own in by_code.values() for s in own.values())
    unscored = [s for own in by_code.values() for s in own.values() if s.value is None]
    assert [s.reason for s in unscored] == ["Goals: 2 of 4 items are answered; at least 75 % are needed."]


def test_the_scores_follow_the_true_alliance() -> None:
    true = {s["code"]: s["alliance"] for s in TRUTH["sessions"]}
    for side in (Perspective.PATIENT, Perspective.OBSERVER):
        pairs = [(true[s["code"]], own[side].value) for s in SESSIONS if side in (own := scores(s)) and own[side].value]
        assert np.corrcoef(np.array(pairs).T)[0, 1] > 0.75, side


def accuracy(rater: str, sessions: list[dict[str, Any]]) -> float:
    """Share of the true events that the rater has, of the same code and at about the same time."""
    hit = total = 0
    for session in sessions:
        for coding in session["codings"]:
            if coding["rater"] == rater:
                for event in TRUE_EVENTS[session["code"]]:
                    near = 2500 if event["end_ms"] is None else 12_000
                    total += 1
                    hit += any(
                        e["code"] == event["code"] and abs(e["start_ms"] - event["start_ms"]) <= near
                        for e in coding["events"]
                    )
    return hit / total


def lenience(rater: str, sessions: list[dict[str, Any]]) -> float:
    """How far the rater's alliance ratings lie above the other raters' of the same session, on average."""
    differences = []
    for session in sessions:
        means = {
            c["rater"]: statistics.mean(r["value"] for r in c["ratings"][:3] if r["value"] is not None)
            for c in session["codings"]
        }
        if rater in means:
            differences.append(means[rater] - statistics.mean(m for r, m in means.items() if r != rater))
    return statistics.mean(differences)


def bins(code: str) -> np.ndarray:
    """Raters × 5-second bins of every session: 1 where the code stands, NaN where a rater did not code."""
    raters = list(TRUTH["raters"])
    columns = []
    for session in SESSIONS:
        length = session["duration_ms"] // SCHEME.bin_ms
        inside = np.zeros(length, bool)
        for start, end in session["windows"]:
            inside[start // SCHEME.bin_ms : end // SCHEME.bin_ms] = True
        table = np.full((len(raters), length), np.nan)
        for coding in session["codings"]:
            row = table[raters.index(coding["rater"])]
            row[:] = 0
            for event in coding["events"]:
                if event["code"] == code:
                    last = event["start_ms"] if event["end_ms"] is None else event["end_ms"] - 1
                    row[event["start_ms"] // SCHEME.bin_ms : last // SCHEME.bin_ms + 1] = 1
        columns.append(table[:, inside])
    return np.hstack(columns)


def test_the_folder_holds_nothing_else() -> None:
    names = {p.name for p in Path(FOLDER).iterdir() if p.is_file()}
    assert names == {"make_study.py", "study.json", "truth.json"}
