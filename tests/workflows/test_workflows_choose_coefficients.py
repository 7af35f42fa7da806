"""What a team is told when it says how well its raters must agree."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workbench.model.scheme import CodingScheme, DataKind, Limit
from workbench.schemes import shipped_schemes
from workbench.workflows.choose_coefficients import offers, sessions_it_takes

SCHEMES = shipped_schemes()
BY_SESSION: CodingScheme = SCHEMES["alliance_behaviours"]
BY_SEGMENT: CodingScheme = SCHEMES["segmented_alliance"]


@pytest.mark.parametrize("kind", DataKind)
def test_every_coefficient_is_offered_by_name_with_when_to_use_it(kind: DataKind) -> None:
    found = offers(kind)
    assert len(found) >= 4
    for offer in found:
        assert offer.name != offer.id
        assert offer.when.endswith(".") and len(offer.when) < 120, offer
    assert len({offer.when for offer in found}) == len(found)


@pytest.mark.parametrize(
    ("scheme", "limit", "asked", "said"),
    [
        (BY_SESSION, Limit(DataKind.RATINGS, "within_one", 0.9), 36, "takes 36 sessions where a trainee is never off"),
        (BY_SESSION, Limit(DataKind.RATINGS, "within_one", 0.9), 35, "On 35 nobody can show it yet."),
        (BY_SESSION, Limit(DataKind.RATINGS, "icc", 0.6), 10, "comes out at 0.8"),
        (BY_SESSION, Limit(DataKind.RATINGS, "icc", 1), 10, "No number of sessions"),
        (BY_SESSION, Limit(DataKind.RATINGS, "exact", 0.9999999), 10, "No number of sessions"),
        (BY_SESSION, Limit(DataKind.RATINGS, "icc", 0.999999), 10, "sessions"),
        (BY_SESSION, Limit(DataKind.CODES, "kappa", 0.6), 10, "how often the codes occur"),
        (BY_SEGMENT, Limit(DataKind.RATINGS, "icc", 0.6), 10, "several values of one session hang together"),
        (BY_SESSION, Limit(DataKind.RATINGS, "exact", 0), 1, "takes 1 session where"),
    ],
)
def test_on_how_many_sessions_a_limit_can_be_shown(scheme: CodingScheme, limit: Limit, asked: int, said: str) -> None:
    assert said in sessions_it_takes(scheme, limit, asked)


def test_enough_sessions_are_not_called_too_few() -> None:
    limit = Limit(DataKind.RATINGS, "within_one", 0.9)
    assert "nobody" not in sessions_it_takes(replace(BY_SESSION), limit, 36)
