"""What a shipped scheme asks of its raters can be computed from codings on it, and reached by those who code well."""

from __future__ import annotations

from typing import Any

import pytest

from tests.trainees import practice
from workbench import agreement
from workbench.agreement import ALL_CODES, CRITERION, Result, Study
from workbench.agreement.certified import Standing, standings
from workbench.agreement.coefficients import own_way
from workbench.agreement.usual import usual_units
from workbench.model.scheme import CodingScheme, DataKind
from workbench.schemes import shipped_schemes

every_scheme = pytest.mark.parametrize("scheme", shipped_schemes().values(), ids=lambda s: s.name)
# As many sessions as a trainee codes in a few weeks; training programmes ask for ten and more.
MOST_SESSIONS = 12


def reported_on(scheme: CodingScheme, study: Study) -> list[Result]:
    """Each coefficient that the scheme names, on the units that it is made for."""
    found = []
    for asked in scheme.agreement:
        for id in asked.coefficients:
            for what, way, settings in subjects(scheme, study, asked.of, id):
                data = agreement.units(study, way, what, **settings)
                found.append(agreement.compute(id, data, replicates=50))
    return found


def subjects(scheme: CodingScheme, study: Study, of: DataKind, id: str) -> list[tuple[str, str, dict[str, Any]]]:
    if of is DataKind.RATINGS:
        return [(scale.id, "ratings", {}) for scale in scheme.ratings]
    if of is DataKind.TOTALS:
        return [(code.id, "totals", {}) for code in scheme.codes]
    way = own_way(agreement.coefficient(id))
    usual, settings = usual_units(scheme, study)
    return [(ALL_CODES, way, {}) if way else (ALL_CODES, usual, settings)]


@every_scheme
def test_a_shipped_scheme_names_coefficients_that_its_codings_can_have(scheme: CodingScheme) -> None:
    expected = {DataKind.RATINGS} | ({DataKind.CODES, DataKind.TOTALS} if scheme.codes else set())
    assert {asked.of for asked in scheme.agreement} == expected
    study = practice(scheme, 6, accuracy=0.8, within=0.9)
    results = reported_on(scheme, study)
    assert [(r.title, r.settings["what"], r.reason) for r in results if r.value is None] == []
    assert all(r.n_sessions == 6 for r in results)


@every_scheme
def test_what_a_shipped_scheme_puts_first_is_what_the_program_recommends(scheme: CodingScheme) -> None:
    study = practice(scheme, 4, accuracy=0.8, within=0.9)
    way, settings = usual_units(scheme, study)
    if codes := scheme.reported(DataKind.CODES):
        assert codes.coefficients[0] == agreement.recommended(agreement.units(study, way, ALL_CODES, **settings))[0]
    ratings = scheme.reported(DataKind.RATINGS)
    assert ratings is not None
    assert ratings.coefficients[0] == agreement.recommended(agreement.units(study, "ratings", scheme.ratings[0].id))[0]


@every_scheme
def test_moments_of_a_shipped_scheme_are_the_same_event_within_a_reaction_and_not_a_bin(scheme: CodingScheme) -> None:
    assert 1000 <= scheme.tolerance_ms < scheme.bin_ms


def held(scheme: CodingScheme, sessions: int, *, accuracy: float, within: float, seed: int = 1) -> list[Standing]:
    """Every limit of the scheme, for a trainee of this accuracy after so many sessions."""
    assert scheme.certification is not None
    study = practice(scheme, sessions, accuracy=accuracy, within=within, seed=seed)
    way, settings = usual_units(scheme, study)
    results = []
    for limit in scheme.certification.limits:
        of_codes = limit.of is DataKind.CODES
        for what in [ALL_CODES] if of_codes else [scale.id for scale in scheme.ratings]:
            how, more = (way, settings) if of_codes else ("ratings", {})
            data = agreement.units(study, how, what, criterion=CRITERION, **more)
            results.append(agreement.compute("criterion", data, variant=limit.measure, replicates=50))
    return standings(scheme.certification, results)


@every_scheme
def test_a_trainee_who_codes_well_is_certified_on_the_sessions_that_the_scheme_asks_for(scheme: CodingScheme) -> None:
    asked = scheme.certification
    assert asked is not None and 8 <= asked.sessions <= MOST_SESSIONS
    assert {limit.of for limit in asked.limits} == {DataKind.RATINGS} | ({DataKind.CODES} if scheme.codes else set())
    for within in (0.99, 1.0):  # one who is never off, too
        found = held(scheme, asked.sessions, accuracy=0.8, within=within)
        assert len(found) == bool(scheme.codes) + len(scheme.ratings)
        assert [s.words for s in found if not s.reached] == []
    before = held(scheme, asked.sessions - 1, accuracy=0.8, within=1.0)
    assert all(s.words.startswith(f"not yet: {asked.sessions - 1} of {asked.sessions}") for s in before)


@every_scheme
def test_a_trainee_who_misses_half_or_is_often_off_is_not_certified(scheme: CodingScheme) -> None:
    assert scheme.certification is not None
    for seed in range(3):
        found = held(scheme, scheme.certification.sessions, accuracy=0.5, within=0.75, seed=seed)
        assert not any(s.reached for s in found if s.limit.of is DataKind.CODES)
        assert not all(s.reached for s in found if s.limit.of is DataKind.RATINGS)


@every_scheme
def test_who_finds_seven_of_ten_reaches_the_limit_of_codes_as_the_scheme_says(scheme: CodingScheme) -> None:
    assert scheme.certification is not None
    for seed in range(3):
        found = held(scheme, scheme.certification.sessions, accuracy=0.7, within=0.9, seed=seed)
        assert all(s.reached for s in found if s.limit.of is DataKind.CODES)
