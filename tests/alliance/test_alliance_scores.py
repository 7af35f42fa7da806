"""Perspective scores, composite and discrepancies, by example and against slow, obvious arithmetic."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.alliance import (
    PerspectiveScore,
    discrepancies,
    missing,
    of_form,
    of_observers,
    pomp,
    score_form,
    score_observers,
    session_composite,
)
from workbench.model.coding import Rating
from workbench.model.instrument import Instrument, Item, Perspective, Subscale
from workbench.model.scheme import RatingScale
from workbench.schemes import shipped_instruments, shipped_schemes

PATIENT = shipped_instruments()["session_alliance_patient"]
PROVIDER = shipped_instruments()["session_alliance_provider"]
SCHEME = shipped_schemes()["alliance_behaviours"]
TURNED = {i.id for i in PATIENT.items if i.reversed}


def answers(value: int, instrument: Instrument = PATIENT) -> dict[str, float | None]:
    """The same opinion on every item: reversed items get the mirrored number."""
    return {i.id: 8 - value if i.reversed else value for i in instrument.items}


def rate(bond: float | None, goals: float | None, tasks: float | None) -> list[Rating]:
    """None stands for "no evidence"."""
    return [
        Rating(scale, 0, v, no_evidence=v is None) for scale, v in (("bond", bond), ("goals", goals), ("tasks", tasks))
    ]


def score(perspective: Perspective, value: float | None, form: str = "session_alliance") -> PerspectiveScore:
    return replace(missing(perspective, "" if value is not None else "none"), value=value, parallel_form=form)


# forms


@pytest.mark.parametrize(("opinion", "raw", "percent"), [(1, 12, 0), (4, 48, 50), (7, 84, 100)])
def test_the_ends_and_the_middle_of_the_form_are_0_50_and_100(opinion: int, raw: int, percent: int) -> None:
    total = score_form(PATIENT, answers(opinion)).total
    assert (total.raw, total.value, total.raw_low, total.raw_high) == (raw, percent, 12, 84)
    assert (total.n_items, total.n_answered, total.prorated, total.reason) == (12, 12, False, "")


def test_a_reversed_item_counts_the_other_way_round() -> None:
    form = answers(4) | {next(iter(TURNED)): 7}
    assert score_form(PATIENT, form).total.raw == 48 - 3


def test_three_of_four_items_are_prorated_and_it_shows() -> None:
    form = answers(5) | {"bond_care": None, "bond_safe": 7}
    bond = score_form(PATIENT, form).subscales[2]
    assert (bond.id, bond.n_answered, bond.prorated) == ("bond", 3, True)
    assert bond.raw == pytest.approx((5 + 5 + 7) / 3 * 4)
    assert of_form(PATIENT, form).notes == ("Bond: prorated from 3 of 4 items",)
    assert of_form(PATIENT, form).prorated


def test_two_of_four_items_give_no_score_and_the_reason() -> None:
    form = answers(5)
    del form["bond_care"], form["bond_safe"]
    result = of_form(PATIENT, form)
    assert result.value is None and result.raw is None
    assert result.reason == "Bond: 2 of 4 items are answered; at least 75 % are needed."
    assert [s.value is None for s in result.form.subscales] == [False, False, True]  # type: ignore[union-attr]


def test_an_empty_form_has_no_score() -> None:
    result = of_form(PATIENT, {})
    assert result.value is None
    assert result.reason.startswith("Goals: none of 4 items is answered.")


@pytest.mark.parametrize(
    ("responses", "sentence"),
    [({"bond_car": 3}, "has no item bond_car"), ({"bond_care": 8}, "item bond_care is 8, expected 1 to 7"),
     ({"bond_care": float("nan")}, "item bond_care is nan")],
)  # fmt: skip
def test_a_response_that_cannot_be_is_refused(responses: dict[str, float | None], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        score_form(PATIENT, responses)


def test_an_unconfirmed_key_is_said() -> None:
    assert of_form(replace(PATIENT, key_confirmed=False), answers(3)).notes == ("key unconfirmed",)


@st.composite
def instruments(draw: st.DrawFn) -> tuple[Instrument, dict[str, float | None]]:
    low = draw(st.integers(-3, 1))
    high = low + draw(st.integers(1, 10))
    subscales = [f"s{n}" for n in range(draw(st.integers(0, 3)))]
    items = [
        Item(f"i{n}", f"Item {n}", subscales[n % len(subscales)] if subscales else "", draw(st.booleans()))
        for n in range(draw(st.integers(max(1, len(subscales)), 12)))
    ]
    instrument = replace(
        PATIENT,
        low=low,
        high=high,
        subscales=tuple(Subscale(s, s) for s in subscales),
        items=tuple(items),
        minimum_answered=draw(st.sampled_from([0.5, 0.75, 0.8, 1.0])),
    )
    responses = {i.id: draw(st.one_of(st.none(), st.integers(low, high))) for i in items}
    return instrument, responses


def slow_total(instrument: Instrument, responses: dict[str, float | None]) -> Fraction | None:
    """Percent of maximum possible in exact fractions, step by step as the rule reads."""
    percent_sum, n = Fraction(0), 0
    for subscale in [s.id for s in instrument.subscales] or [""]:
        items = [i for i in instrument.items if i.subscale == subscale]
        given = []
        for item in items:
            value = responses[item.id]
            if value is not None:
                given.append(instrument.high - Fraction(value) if item.reversed else Fraction(value) - instrument.low)
        if not given or Fraction(len(given), len(items)) < Fraction(str(instrument.minimum_answered)):
            return None
        percent_sum += sum(given) / len(given) * len(items)
        n += len(items)
    return 100 * percent_sum / (n * (instrument.high - instrument.low))


@given(instruments())
def test_totals_equal_the_slow_way(case: tuple[Instrument, dict[str, float | None]]) -> None:
    instrument, responses = case
    total, expected = score_form(instrument, responses).total, slow_total(instrument, responses)
    if expected is None:
        assert total.value is None and total.raw is None and total.reason
    else:
        assert total.value == pytest.approx(float(expected), abs=1e-9)
        assert total.raw_low <= total.raw <= total.raw_high  # type: ignore[operator]


@given(st.floats(0, 1), st.floats(-50, 50), st.floats(0.01, 200))
def test_pomp_maps_the_scale_onto_0_to_100(share: float, low: float, width: float) -> None:
    assert pomp(low + share * width, low, low + width) == pytest.approx(100 * share, abs=1e-6)


@pytest.mark.parametrize("case", [(0.9, 1, 7), (7.1, 1, 7), (1, 7, 7), (3, 7, 1)])
def test_pomp_refuses_what_lies_off_the_scale(case: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="scale"):
        pomp(*case)


# observers


def test_observers_are_averaged_before_anything_else() -> None:
    result = of_observers(SCHEME, {"A": rate(6, 5, 4), "B": rate(4, 5, 7)})
    assert result.raw == pytest.approx((5 + 5 + 5.5) / 3)
    assert result.value == pytest.approx(100 * ((5 + 5 + 5.5) / 3 - 1) / 6)
    assert (result.n_observers, result.n_items, result.n_answered) == (2, 3, 3)


def test_unscored_ratings_are_shown_but_do_not_count() -> None:
    strained = [*rate(6, 6, 6), Rating("rupture_significance", 0, 7), Rating("repair_success", 0, None, True)]
    plain, with_rupture = of_observers(SCHEME, {"A": rate(6, 6, 6)}), of_observers(SCHEME, {"A": strained})
    assert plain.value == with_rupture.value == pytest.approx(100 * 5 / 6)
    assert with_rupture.observers.scales[3].mean == 7  # type: ignore[union-attr]


def test_no_evidence_is_left_out_and_named_while_a_missing_rating_costs_the_score() -> None:
    result = of_observers(SCHEME, {"A": rate(6, None, 4)})
    assert result.value == pytest.approx(100 * 4 / 6)
    assert result.notes == ("left out, no evidence: Agreement on goals",)
    gap = of_observers(SCHEME, {"A": [Rating("bond", 0, 6), Rating("tasks", 0, 4)]})
    assert gap.value is None
    assert gap.reason == "2 of 3 scored ratings have a value; at least 75 % are needed."


def test_a_scale_on_which_one_observer_saw_evidence_counts_with_that_one() -> None:
    result = score_observers(SCHEME, {"A": rate(4, None, 4), "B": rate(4, 7, 4)})
    goals = result.scales[1]
    assert (goals.mean, goals.n_values, goals.n_no_evidence) == (7, 1, 1)
    assert result.left_out == ()


def test_without_observers_or_evidence_there_is_no_score() -> None:
    assert of_observers(SCHEME, {}).reason == "No observer has submitted ratings."
    nothing = of_observers(SCHEME, {"A": [Rating("goals", 0, None, True), Rating("tasks", 0, None, True)]})
    assert nothing.value is None
    with pytest.raises(ValueError, match="bond is 9"):
        of_observers(SCHEME, {"A": [Rating("bond", 0, 9)]})


def test_of_several_persons_an_observer_s_rating_is_the_mean_of_those_who_have_a_value() -> None:
    safety = RatingScale("safety", "Safety", -3, 3, "", start=0, no_evidence=True, of=("patient", "family"))
    scheme = replace(SCHEME, ratings=(safety,))
    ada = [Rating("safety", 0, 3, person="patient"), Rating("safety", 0, -1, person="family-1")]
    bo = [Rating("safety", 0, None, True, "patient"), Rating("safety", 0, None, True, "family-1")]
    silent = [Rating("safety", 0, None, True, "family-2")]
    [seen] = score_observers(scheme, {"Ada": [*ada, *silent], "Bo": bo}).scales
    assert (seen.by_rater, seen.mean) == ({"Ada": 1, "Bo": None}, 1)
    assert (seen.n_values, seen.n_no_evidence) == (1, 1)


def test_a_reversed_rating_is_turned_round() -> None:
    strain = replace(SCHEME.rating("bond"), id="strain", reversed=True)
    scheme = replace(SCHEME, ratings=(strain,))
    assert of_observers(scheme, {"A": [Rating("strain", 0, 2)]}).value == pytest.approx(100 * 5 / 6)


@given(
    st.dictionaries(
        st.sampled_from("ABCDE"), st.tuples(*[st.one_of(st.none(), st.integers(1, 7))] * 3), min_size=1, max_size=5
    )
)
def test_the_observer_score_equals_the_slow_way(given_ratings: dict[str, tuple[int | None, ...]]) -> None:
    result = score_observers(SCHEME, {rater: rate(*values) for rater, values in given_ratings.items()})
    percents = []
    for column in range(3):
        values = [v[column] for v in given_ratings.values() if v[column] is not None]
        if values:
            percents.append(100 * (Fraction(sum(values), len(values)) - 1) / 6)  # type: ignore[arg-type]
    if percents:
        assert result.value == pytest.approx(float(sum(percents) / len(percents)))
    else:
        assert result.value is None
        assert result.reason == "No observer saw evidence on any scored rating."
    assert result.n_observers == sum(any(v is not None for v in values) for values in given_ratings.values())


# composite


def test_a_composite_of_three_has_its_range_and_sd() -> None:
    composite = session_composite(
        [score(Perspective.PATIENT, 60), score(Perspective.PROVIDER, 80), score(Perspective.OBSERVER, 70)]
    )
    assert (composite.value, composite.low, composite.high, composite.sd, composite.n) == (70, 60, 80, 10, 3)
    assert composite.complete
    assert composite.note == "descriptive"


def test_a_composite_of_two_is_marked_incomplete_and_says_who_is_absent() -> None:
    composite = session_composite([score(Perspective.PATIENT, 60), score(Perspective.PROVIDER, None)])
    assert composite.value is None
    assert composite.reason == "At least two perspectives are needed; only the patient's score is there."
    two = session_composite([score(Perspective.PATIENT, 60), score(Perspective.OBSERVER, 70)])
    assert (two.value, two.complete, two.absent) == (65, False, (Perspective.PROVIDER,))
    assert two.note == "descriptive; incomplete, without the provider"
    assert session_composite([]).reason == "At least two perspectives are needed; no score is there."


def test_two_scores_of_one_perspective_are_refused() -> None:
    twice = [score(Perspective.PATIENT, 60), score(Perspective.PATIENT, 61)]
    with pytest.raises(ValueError, match="two scores of the patient"):
        session_composite(twice)
    with pytest.raises(ValueError, match="two scores of the patient"):
        discrepancies(twice)


@given(st.lists(st.one_of(st.none(), st.floats(0, 100)), min_size=3, max_size=3))
def test_the_composite_equals_the_slow_way(values: list[float | None]) -> None:
    composite = session_composite([score(p, v) for p, v in zip(Perspective, values, strict=True)])
    known = [Fraction(v) for v in values if v is not None]
    if len(known) < 2:
        assert composite.value is None and composite.reason
        return
    mean = sum(known) / len(known)
    assert composite.value == pytest.approx(float(mean), abs=1e-9)
    variance = sum((v - mean) ** 2 for v in known) / (len(known) - 1)
    assert composite.sd == pytest.approx(float(variance) ** 0.5, abs=1e-6)


# discrepancies


def test_the_sign_is_said_in_words() -> None:
    higher, _, _ = discrepancies([score(Perspective.PATIENT, 60.2), score(Perspective.PROVIDER, 72)])
    assert higher.label == "T−P"
    assert higher.value == pytest.approx(11.8)
    assert higher.words == "the provider rates the alliance 12 points higher than the patient"
    lower, _, _ = discrepancies([score(Perspective.PATIENT, 61), score(Perspective.PROVIDER, 60)])
    assert lower.words == "the provider rates the alliance 1 point lower than the patient"
    same, _, _ = discrepancies([score(Perspective.PATIENT, 60), score(Perspective.PROVIDER, 60.3)])
    assert same.words == "the provider and the patient rate the alliance equally, to within one point"
    all_three = discrepancies([score(p, 50) for p in Perspective])
    assert [d.label for d in all_three] == ["T−P", "O−P", "O−T"]
    assert all_three[2].words == "the observers and the provider rate the alliance equally"


def test_observers_on_their_own_scheme_are_not_subtracted_from_a_form() -> None:
    scores = [of_form(PATIENT, answers(5)), of_form(PROVIDER, answers(6)), of_observers(SCHEME, {"A": rate(4, 4, 4)})]
    provider_patient, observer_patient, observer_provider = discrepancies(scores)
    assert provider_patient.value == pytest.approx(100 / 6)
    for suppressed in (observer_patient, observer_provider):
        assert suppressed.value is None and suppressed.words == ""
        assert suppressed.reason.startswith("Suppressed: Alliance Behaviours and Session Alliance, ")


def test_two_unnamed_forms_are_not_parallel() -> None:
    result = discrepancies([score(Perspective.PATIENT, 60, ""), score(Perspective.PROVIDER, 72, "")])
    assert result[0].value is None and "not parallel forms" in result[0].reason


def test_a_missing_side_is_the_reason() -> None:
    result = discrepancies([score(Perspective.PATIENT, 60)])
    assert [d.reason for d in result] == [
        "There is no score of the provider.",
        "There is no score of the observers.",
        "There is no score of the observers.",
    ]
