"""From codings to session totals, rates and instrument scores."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from agreement_pictures import coding
from agreement_pictures import study as drawn

import workbench.agreement as agreement
from workbench.agreement import RaterCoding, Study
from workbench.alliance.observation import score_observers
from workbench.alliance.questionnaire import score_form
from workbench.model.coding import Event, Rating
from workbench.model.scheme import CodingScheme
from workbench.model.span import TimeSpan
from workbench.schemes import load_instrument, load_scheme

SHIPPED = Path(__file__).parents[2] / "coding_schemes"


def of(line: str, session: str, rater: str) -> RaterCoding:
    return coding(rater, line, session)


TWO_SESSIONS = Study(
    (
        of("r..r......r.....p...", "s1", "a"),
        of("r..r............p...", "s1", "b"),
        of("r.......p.", "s2", "a"),
        of("rr..r...p.", "s2", "b"),
    )
)


def test_a_rate_is_per_minute_of_the_observed_window() -> None:
    data = agreement.units(TWO_SESSIONS, "totals", "rupture")
    assert data.units == ("s1", "s2")
    assert data.values.tolist() == [[9, 6], [6, 18]]
    assert (data.level, data.resample, data.settings["window_ms"]) == ("interval", "units", 30_000)


def test_counts_of_sessions_of_unequal_length_come_with_a_warning() -> None:
    data = agreement.units(TWO_SESSIONS, "totals", "rupture", measure="count")
    assert data.values.tolist() == [[3, 1], [2, 3]]
    assert "observed for 0.2 to 0.3 minutes" in data.notes[0]
    assert agreement.units(TWO_SESSIONS, "totals", "rupture").notes == ()


def test_all_codes_together_are_counted_once_each() -> None:
    data = agreement.units(TWO_SESSIONS, "totals", agreement.ALL_CODES, measure="count")
    assert data.values.tolist() == [[4, 2], [3, 4]]


def test_what_one_rater_could_not_observe_is_taken_from_both() -> None:
    data = agreement.units(drawn("r..r..r...", "r..####..."), "totals", "rupture")
    assert data.values.tolist() == [[10], [10]]  # one rupture in six seconds each
    assert data.excluded == {
        "events in stretches that somebody could not observe": 2,
        "seconds that somebody could not observe": 4,
    }


def test_events_beyond_the_shared_window_are_counted_as_left_out() -> None:
    short = RaterCoding("s1", "b", (Event("x", "rupture", 1000),), windows=(TimeSpan(0, 5000),))
    data = agreement.units(Study((of("r......r..", "s1", "a"), short)), "totals", "rupture", measure="count")
    assert data.values.tolist() == [[1], [1]]
    assert data.excluded == {
        "events outside the observation window": 1,
        "seconds that not every rater was to observe": 5,
    }


def test_states_have_a_share_of_the_time_with_overlaps_counted_once() -> None:
    states = (Event("1", "rupture", 0, 4000), Event("2", "rupture", 2000, 5000), Event("3", "rupture", 9000, 12_000))
    study = Study(
        (
            RaterCoding("s1", "a", states, windows=(TimeSpan(0, 10_000),)),
            RaterCoding("s1", "b", (Event("4", "rupture", 3000),), windows=(TimeSpan(0, 10_000),)),
        )
    )
    assert agreement.units(study, "totals", "rupture", measure="share").values.tolist() == [[0.6], [0]]
    seconds = agreement.units(study, "totals", "rupture", measure="seconds")
    assert seconds.values.tolist() == [[6], [0]]
    assert seconds.excluded == {"events without an end, which have no time": 1}


def test_a_session_that_a_rater_did_not_code_is_a_hole_not_a_zero() -> None:
    study = Study((*TWO_SESSIONS.codings, of("r.........", "s3", "a")))
    data = agreement.units(study, "totals", "rupture")
    assert np.isnan(data.values[1, 2]) and data.values[0, 2] == 6


def test_unknown_measures_and_levels_are_listed() -> None:
    with pytest.raises(agreement.InputProblems) as error:
        agreement.units(TWO_SESSIONS, "totals", "rupture", measure="per_hour", level="nominal")
    assert len(error.value.problems) == 2
    assert "per_minute, count, share, seconds" in str(error.value)


def many(seed: int = 1) -> Study:
    rng = np.random.default_rng(seed)
    codings = []
    for s in range(12):
        busy = rng.gamma(3, 2)
        for rater in "abc":
            onsets = sorted(int(t) for t in rng.integers(0, 600_000, rng.poisson(busy)))
            events = tuple(Event(f"{i}", "rupture", t) for i, t in enumerate(onsets))
            codings.append(RaterCoding(f"s{s:02}", rater, events, windows=(TimeSpan(0, 600_000),)))
    return Study(tuple(codings))


def run(lines: str) -> agreement.Result:
    *before, last = lines.strip().splitlines()
    names: dict[str, object] = {}
    exec("\n".join(before), names)
    return eval(last, names)  # type: ignore[no-any-return]


def test_rates_have_an_icc_and_the_same_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study = many()
    agreement.events_frame(study).to_csv(tmp_path / "events.csv", index=False)
    monkeypatch.chdir(tmp_path)
    results = agreement.per_code(study, "totals")
    assert {r.id for r in results} == {"icc", "bland_altman", "lin_ccc", "krippendorff_alpha"}
    assert next(r for r in results if r.id == "icc").interval_method.startswith("F distribution")
    for result in results:
        again = run(agreement.same_in_python(result))
        assert (again.value, again.low, again.high) == (result.value, result.low, result.high)


# Instruments


def scheme() -> CodingScheme:
    return load_scheme(SHIPPED / "observer" / "alliance_behaviours.yaml")


def rated(seed: int, n: int = 10) -> tuple[Study, CodingScheme]:
    """Ratings of every scale of the scheme by two raters, some missing, some without evidence."""
    rng, of_scheme = np.random.default_rng(seed), scheme()
    codings = []
    for s in range(n):
        for rater in ("anna", "ben"):
            given = []
            for r in of_scheme.ratings:
                chance = rng.random()
                if chance < 0.1:
                    continue
                none = chance < 0.2
                value = None if none else float(rng.integers(r.low, r.high + 1))
                given.append(Rating(r.id, 0, value, none))
            codings.append(RaterCoding(f"s{s}", rater, ratings=tuple(given)))
    return Study(tuple(codings)), of_scheme


def test_the_total_of_a_scheme_is_the_observer_score_of_each_rater() -> None:
    study, of_scheme = rated(1, 25)
    data = agreement.units(study, "instrument", "total", **agreement.score_keys(of_scheme)["total"])
    for u, session in enumerate(data.units):
        theirs = score_observers(of_scheme, {c.rater: c.ratings for c in study.of(session)}).by_rater
        for r, rater in enumerate(data.raters):
            own = data.values[r, u]
            assert (None if np.isnan(own) else own) == pytest.approx(theirs[rater])


def test_the_scores_of_an_instrument_are_those_of_its_form() -> None:
    instrument = load_instrument(SHIPPED / "instruments" / "session_alliance_patient.yaml")
    rng = np.random.default_rng(2)
    keys = agreement.score_keys(instrument)
    assert list(keys) == [*(s.id for s in instrument.subscales), "total"]
    for _ in range(20):
        answers = {
            i.id: float(rng.integers(instrument.low, instrument.high + 1))
            for i in instrument.items
            if rng.random() < 0.9
        }
        form = score_form(instrument, answers)
        ratings = tuple(Rating(item, 0, value) for item, value in answers.items())
        study = Study((RaterCoding("s1", "anna", ratings=ratings),))
        for scale in (*form.subscales, form.total):
            own = agreement.units(study, "instrument", scale.id, **keys[scale.id]).values[0, 0]
            assert (None if np.isnan(own) else own) == pytest.approx(scale.raw)


KEY = {"items": [[("warm", 1, 5, False), ("cold", 1, 5, True)]], "score": "mean"}


def one(*ratings: Rating) -> agreement.ReliabilityData:
    return agreement.units(Study((RaterCoding("s1", "anna", ratings=ratings),)), "instrument", "warmth", **KEY)


def test_reversed_items_are_turned_round_before_they_are_put_together() -> None:
    assert one(Rating("warm", 0, 4), Rating("cold", 0, 1)).values.tolist() == [[4.5]]


def test_no_evidence_leaves_an_item_out_and_a_missing_one_does_not() -> None:
    assert one(Rating("warm", 0, 4), Rating("cold", 0, None, True)).values.tolist() == [[4]]
    too_few = one(Rating("warm", 0, 4))
    assert np.isnan(too_few.values).all()
    assert too_few.excluded == {"scores with too few items answered": 1}


def test_values_off_their_scale_and_keys_that_cannot_be_used_are_listed() -> None:
    with pytest.raises(agreement.InputProblems, match="session s1, rater anna: warm is 9, expected 1 to 5"):
        one(Rating("warm", 0, 9))
    with pytest.raises(agreement.InputProblems) as error:
        agreement.units(
            Study(()), "instrument", "x", items=[[("a", 1, 5, False), ("a", 5, 1, False)]], score="median", minimum=2
        )
    assert len(error.value.problems) == 4


def test_scores_have_an_icc_and_the_same_in_python(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    study, of_scheme = rated(3, 20)
    agreement.ratings_frame(study).to_csv(tmp_path / "ratings.csv", index=False)
    monkeypatch.chdir(tmp_path)
    results = agreement.per_score(study, agreement.score_keys(of_scheme))
    assert [r.settings["what"] for r in results if r.variant == "ICC(2,1)"] == list(agreement.score_keys(of_scheme))
    assert any(r.defined for r in results)
    for result in results:
        again = run(agreement.same_in_python(result))
        assert (again.value, again.low, again.high) == (result.value, result.low, result.high)


def test_problems_of_a_table_of_ratings_are_listed_with_their_rows(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(
        "session,rater,scale,value\ns1,anna,bond,4\ns1,anna,bond,5\ns1,,bond,2\ns1,ben,bond,four\ns1,ben,goal,\n"
    )
    with pytest.raises(agreement.InputProblems) as error:
        agreement.ratings_from_csv(file)
    assert [p.split(":")[0] for p in error.value.problems] == ["row 3", "row 4", "row 5"]


@pytest.mark.parametrize("way", ["ratings", "instrument"])
def test_ratings_are_not_nominal(way: str) -> None:
    study = Study((RaterCoding("s1", "anna", ratings=(Rating("warm", 0, 4),)),))
    with pytest.raises(agreement.InputProblems, match="not nominal"):
        agreement.units(study, way, "warm", level="nominal", **(KEY if way == "instrument" else {}))


def test_a_segment_or_value_that_is_no_number_is_a_problem_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    rows = ["s1,anna,bond,4,1.0", "s1,ben,bond,4,1.5", "s1,cleo,bond,nan,1", "s1,dora,bond,inf,1", "s1,eve,bond,1_0,1",
            "s1,fay,bond,4,-1", "s1,gil,bond,4,"]  # fmt: skip
    file.write_text("\n".join(["session,rater,scale,value,segment", *rows]))
    with pytest.raises(agreement.InputProblems) as error:
        agreement.ratings_from_csv(file)
    assert [p.split(" holds")[0] for p in error.value.problems] == [
        "row 3: column segment",
        "row 4: column value",
        "row 5: column value",
        "row 6: column value",
        "row 7: column segment",
    ]


def test_dyads_and_days_come_back_with_the_ratings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    codings = [
        RaterCoding(
            f"s{s}", r, ratings=(Rating("warm", 0, s // 2 + 1.0 + s * k % 3 % 2), Rating("cold", 0, s % 4 + 1.0)),
            dyad=f"d{s // 2}", coded_at=1_700_000_000_123 + s,
        )
        for s in range(8)
        for k, r in enumerate(("anna", "ben"), start=1)
    ]  # fmt: skip
    study = Study(tuple(codings))
    agreement.ratings_frame(study).to_csv(tmp_path / "ratings.csv", index=False)
    assert agreement.ratings_from_csv(tmp_path / "ratings.csv") == study
    monkeypatch.chdir(tmp_path)
    data = agreement.units(study, "instrument", "warmth", **KEY)
    found = agreement.compute("generalizability", data, variant="between dyads(1)", replicates=0)
    assert found.defined and run(agreement.same_in_python(found)).value == found.value
    file = tmp_path / "two.csv"
    file.write_text("session,rater,scale,value,dyad,coded_at\ns1,a,x,1,d1,soon\ns1,b,x,1,d2,2026-03-01\n")
    with pytest.raises(agreement.InputProblems) as error:
        agreement.ratings_from_csv(file)
    assert [p.split(":")[0] for p in error.value.problems] == ["row 2", "row 3"]
