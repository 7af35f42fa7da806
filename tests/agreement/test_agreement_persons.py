"""Agreement on ratings of persons: a unit is a person in a session.

       s1 patient  s1 family-1  s2 patient  s2 family-1  s2 family-2
Ada         2          −1            0           3           −3
Bo          2           0            1           3      no evidence
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from workbench import agreement
from workbench.agreement.method_section import Design, method_section
from workbench.agreement.survey import survey
from workbench.agreement.units.ratings import NO_EVIDENCE
from workbench.model.coding import Rating
from workbench.model.scheme import CodingScheme, RatingScale

GIVEN = {
    "Ada": {
        "s1": {"patient": 2, "family-1": -1},
        "s2": {"patient": 0, "family-1": 3, "family-2": -3},
    },
    "Bo": {
        "s1": {"patient": 2, "family-1": 0},
        "s2": {"patient": 1, "family-1": 3, "family-2": None},
    },
}
SAFETY = RatingScale("safety", "Safety", -3, 3, "", start=0, no_evidence=True, of=("patient", "family"))
ENGAGEMENT = RatingScale("engagement", "Engagement", -3, 3, "", start=0, of=("patient", "family"), dimension="work")
PURPOSE = RatingScale("purpose", "Shared purpose", -3, 3, "", of=("patient", "family"), together=True, dimension="work")


def study() -> agreement.Study:
    codings = [
        agreement.RaterCoding(
            session,
            rater,
            ratings=(
                *(Rating("safety", 0, value, value is None, person) for person, value in people.items()),
                Rating("purpose", 0, len(people)),
            ),
        )
        for rater, sessions in GIVEN.items()
        for session, people in sessions.items()
    ]
    return agreement.Study(tuple(codings))


def test_each_person_of_each_session_is_a_unit_and_sessions_are_resampled() -> None:
    data = agreement.units(study(), "ratings", "safety")
    assert data.units == ("s1 family-1", "s1 patient", "s2 family-1", "s2 family-2", "s2 patient")
    assert data.sessions == ("s1", "s1", "s2", "s2", "s2")
    ada, bo = data.values.tolist()
    assert ada == [-1, 2, 3, -3, 0] and bo[:3] == [0, 2, 3] and bo[4] == 1 and bo[3] != bo[3]
    assert (data.resample, data.excluded) == ("sessions", {NO_EVIDENCE: 1})
    assert data.settings["persons"] and not data.settings["segments"]


def test_what_is_rated_of_the_family_as_one_has_a_unit_for_each_session() -> None:
    data = agreement.units(study(), "ratings", "purpose")
    assert (data.units, data.resample) == (("s1", "s2"), "units")
    assert "persons" not in data.settings


def test_persons_survive_a_file_and_the_lines_of_python_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    agreement.ratings_frame(study()).to_csv(tmp_path / "ratings.csv", index=False)
    monkeypatch.chdir(tmp_path)
    read = agreement.ratings_from_csv("ratings.csv")
    assert agreement.units(read, "ratings", "safety").units == agreement.units(study(), "ratings", "safety").units
    for scale in ("safety", "purpose"):
        result = agreement.compute("krippendorff_alpha", agreement.units(study(), "ratings", scale), replicates=0)
        *before, last = agreement.same_in_python(result).strip().splitlines()
        scope: dict[str, Any] = {}
        exec("\n".join(before), scope)
        again = eval(last, scope)
        assert (again.value, again.n_units) == (result.value, result.n_units)
    assert "person" not in agreement.ratings_frame(agreement.Study((agreement.RaterCoding("s1", "a"),))).columns


def test_one_person_rated_twice_in_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ratings.csv"
    file.write_text(
        "session,rater,scale,value,person\ns1,a,safety,1,patient\ns1,a,safety,2,family\ns1,a,safety,3,family\n"
    )
    with pytest.raises(agreement.InputProblems, match="row 4: rater a rated safety of family a second time"):
        agreement.ratings_from_csv(file)


def test_the_method_section_says_by_what_ratings_were_compared() -> None:
    def said(*scales: str) -> str:
        made = survey(study(), [], scales, replicates=0)
        return " ".join(method_section(study(), made, Design("A scheme", "1", 2, 1)))

    assert "Ratings were compared by person in a session (5 units)." in said("safety")
    assert "by person in a session and session (at most 5 units)" in said("safety", "purpose")


def test_components_of_variance_name_persons() -> None:
    result = agreement.compute("generalizability", agreement.units(study(), "ratings", "safety"), replicates=0)
    assert any("persons" in name for name in result.details["components"])
    assert not any("segments" in name for name in result.details["components"])
    assert result.settings["persons_averaged"] == pytest.approx(2.4) and "persons" in result.details["d_study"][0]


def test_ratings_of_persons_and_of_a_family_make_no_score_together() -> None:
    scheme = CodingScheme("f", "F", "1", "", "", "", (), (), (SAFETY, ENGAGEMENT, PURPOSE))
    assert agreement.score_keys(scheme) == {}
    persons = CodingScheme("f", "F", "1", "", "", "", (), (), (SAFETY, ENGAGEMENT))
    assert set(agreement.score_keys(persons)) == {"work", "total"}
    total = agreement.units(
        study(),
        "instrument",
        "total",
        **agreement.score_keys(persons)["total"],
    )
    assert total.resample == "sessions" and "s1 patient" in total.units
