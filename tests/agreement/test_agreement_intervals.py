from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import special

import workbench.agreement as agreement
from workbench.agreement.bayesian_bootstrap import exponential
from workbench.agreement.bootstrap import block_length
from workbench.agreement.coefficients._disagreement import disagreement
from workbench.agreement.interval import Options
from workbench.agreement.statistic import Additive


def binary(sessions: int, units: int = 60, seed: int = 0, raters: int = 2) -> agreement.ReliabilityData:
    rng = np.random.default_rng(seed)
    true = rng.random((sessions, units)) < rng.beta(2, 6, size=(sessions, 1))
    said = np.where(rng.random((raters, sessions, units)) < 0.1, ~true, true).reshape(raters, -1)
    names = [f"s{s:02d}" for s in range(sessions) for _ in range(units)]
    return agreement.reliability(said.astype(float), level="nominal", sessions=names)


@pytest.mark.parametrize("id", ["krippendorff_alpha", "cohen_kappa", "percent_agreement"])
@pytest.mark.parametrize(
    ("sessions", "scope", "method"),
    [
        (1, "within this session only", "circular block bootstrap"),
        (2, "within these 2 sessions only", "circular block bootstrap"),
        (6, "over sessions", "delete-one-session jackknife"),
        (39, "over sessions", "delete-one-session jackknife"),
        (45, "over sessions", "bootstrap of sessions"),
    ],
)
def test_the_interval_fits_the_number_of_sessions_and_says_what_it_speaks_of(
    id: str, sessions: int, scope: str, method: str
) -> None:
    result = agreement.compute(id, binary(sessions), replicates=200)
    assert result.interval_scope == scope
    assert method in result.interval_method
    assert result.value is not None and result.low is not None and result.high is not None
    assert result.low < result.value < result.high <= 1


@pytest.mark.parametrize(
    ("sessions", "said"), [(19, False), (34, False), (35, True), (39, True), (40, True), (45, False)]
)
def test_where_one_session_more_or_less_changes_the_way_to_the_interval_it_says_so(sessions: int, said: bool) -> None:
    notes = " ".join(agreement.compute("krippendorff_alpha", binary(sessions), replicates=200).notes)
    assert ("With 40 sessions or more these are bootstrapped, with fewer each is left out in turn" in notes) == said
    assert (f"{sessions} sessions are few" in notes) == (sessions < 20)


def test_the_interval_hardly_changes_where_the_way_to_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    data = binary(40)
    drawn = agreement.compute("krippendorff_alpha", data)
    monkeypatch.setattr("workbench.agreement.resampling.ENOUGH_SESSIONS", 41)
    left_out = agreement.compute("krippendorff_alpha", data)
    assert "jackknife" in left_out.interval_method and "bootstrap" in drawn.interval_method
    assert (left_out.low, left_out.high) == pytest.approx((drawn.low, drawn.high), abs=0.01)


def test_the_jackknife_over_few_sessions_worked_apart() -> None:
    """Percent agreement of two raters, 20 units in each of four sessions: 19, 18, 15 and 12 agree."""
    agreeing = [19, 18, 15, 12]
    said = np.zeros((2, 80))
    for s, n in enumerate(agreeing):
        said[1, 20 * s + n : 20 * (s + 1)] = 1
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 20}" for u in range(80)])
    result = agreement.compute("percent_agreement", data)
    left = [special.logit((sum(agreeing) - n) / 60) for n in agreeing]
    error = np.sqrt(3 / 4 * sum((x - np.mean(left)) ** 2 for x in left))
    centre, t = special.logit(64 / 80), 3.182446  # t(3), 97.5 %
    expected = [special.expit(centre + side * t * error) for side in (-1, 1)]
    assert (result.low, result.high) == pytest.approx(expected, abs=1e-6)
    assert result.interval_method == "delete-one-session jackknife on logits, t(3)"


@pytest.mark.parametrize(
    ("id", "least"),
    [("percent_agreement", 0), ("criterion", 0), ("pabak", -1), ("brennan_prediger", -1), ("gwet_ac1", -1)]
    + [(id, -1) for id in ("cohen_kappa", "krippendorff_alpha", "fleiss_kappa", "scott_pi", "time_unit_kappa")],
)
def test_an_interval_keeps_within_what_the_coefficient_can_be(id: str, least: float) -> None:
    """Three sessions of eight units, in which 8, 0 and 4 were agreed on: all that is known is that little is."""
    said = [[1, 2] * 12, [1, 2] * 4 + [2, 1] * 4 + [1, 2, 2, 1] * 2]
    data = agreement.reliability(
        said, level="nominal", sessions=[f"s{u // 8}" for u in range(24)], criterion="rater 1", categories=[1, 2]
    )
    result = agreement.compute(id, data)
    assert result.value is not None and result.low is not None and result.high is not None
    assert least <= result.low < result.value < result.high <= 1


def test_pabak_has_the_interval_of_the_agreement_it_is_made_of() -> None:
    for sessions in (None, 6, 25):
        said = binary(sessions or 6)
        data = said if sessions else agreement.reliability(said.values, level="nominal")
        share, pabak = (agreement.compute(id, data) for id in ("percent_agreement", "pabak"))
        assert share.low is not None and share.high is not None
        assert (pabak.low, pabak.high) == pytest.approx((2 * share.low - 1, 2 * share.high - 1), abs=1e-9)


@pytest.mark.parametrize("form", ["ICC(1,1)", "ICC(2,1)", "ICC(3,1)"])
def test_the_icc_of_a_single_rater_keeps_above_the_least_it_can_be(form: str) -> None:
    rng = np.random.default_rng(1)
    said = rng.normal(size=(3, 12))
    data = agreement.reliability(said, level="interval", sessions=[f"s{u // 3}" for u in range(12)])
    result = agreement.compute("icc", data, variant=form)
    assert result.value is not None and result.low is not None
    assert min(-1 / 2, result.value) <= result.low


def test_a_session_that_alone_holds_all_disagreement_leaves_the_interval_rough_and_below_one() -> None:
    said = np.tile([1.0, 2.0], (2, 20))
    said[1, :4] = said[0, 3::-1]
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 8}" for u in range(40)])
    for id in ("percent_agreement", "krippendorff_alpha"):
        result = agreement.compute(id, data)
        assert result.high == 1 and "jackknife, t(4)" in result.interval_method
        assert any("One session alone" in note for note in result.notes)


def test_bins_are_never_taken_for_independent_units() -> None:
    """The same bins, spread over 30 sessions that each have their own rate, give a wider interval."""
    data = binary(30, seed=3)
    clustered = agreement.compute("krippendorff_alpha", data)
    loose = agreement.compute("krippendorff_alpha", agreement.reliability(data.values, level="nominal"))
    assert clustered.value == loose.value
    assert clustered.high - clustered.low > loose.high - loose.low  # type: ignore[operator]


def test_the_same_seed_gives_the_same_interval_and_another_one_agrees_within_its_error() -> None:
    data = binary(45)
    one, same, other = (agreement.compute("krippendorff_alpha", data, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, abs=0.02)


def test_probabilities_of_missing_krippendorff_s_limits_come_with_alpha() -> None:
    details = agreement.compute("krippendorff_alpha", binary(45)).details
    assert 0 <= details["p_below_0.667"] <= details["p_below_0.800"] <= 1


def test_without_any_disagreement_there_is_no_interval_rather_than_one_of_no_width() -> None:
    result = agreement.compute("krippendorff_alpha", agreement.reliability([[1, 2, 3], [1, 2, 3]], level="nominal"))
    assert (result.value, result.low) == (1.0, None)
    assert "no disagreement was seen" in str(result.interval_reason)


def test_replicates_without_a_value_are_counted() -> None:
    said = np.zeros((2, 120))
    said[:, 0] = 1
    said[0, 1:3] = 1
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 3:02d}" for u in range(120)])
    result = agreement.compute("krippendorff_alpha", data, replicates=500)
    assert result.undefined_replicates == pytest.approx(500 * (39 / 40) ** 40, abs=30)
    assert any("had no value" in note for note in result.notes)


def test_a_wider_confidence_gives_a_wider_interval() -> None:
    for id in ("krippendorff_alpha", "cohen_kappa", "percent_agreement"):
        narrow, wide = (agreement.compute(id, binary(6), confidence=c) for c in (0.8, 0.99))
        assert wide.low < narrow.low and wide.high > narrow.high  # type: ignore[operator]


def test_exact_interval_of_percent_agreement() -> None:
    """Clopper & Pearson (1934): 9 of 10 gives .555 to .9975."""
    said = [[1] * 10, [1] * 9 + [2]]
    result = agreement.compute("percent_agreement", agreement.reliability(said, level="nominal"))
    assert (result.low, result.high) == pytest.approx((0.5550, 0.9975), abs=0.0001)


def test_no_replicates_no_interval() -> None:
    result = agreement.compute("krippendorff_alpha", binary(45), replicates=0)
    assert result.interval_reason == "no replicates were asked for"
    over_units = agreement.compute(
        "krippendorff_alpha", agreement.reliability(binary(2).values, level="nominal"), replicates=0
    )
    assert over_units.low is None and over_units.interval_reason == "no replicates were asked for"


def test_without_replicates_what_needs_none_has_its_interval() -> None:
    rng = np.random.default_rng(2)
    scores = rng.normal(size=12) + rng.normal(scale=0.5, size=(3, 12))
    rated = agreement.reliability(scores, level="interval", groups=[f"d{u // 2}" for u in range(12)])
    for id, data in [
        ("krippendorff_alpha", binary(6)),
        ("percent_agreement", binary(6)),
        ("generalizability", rated),
    ]:
        bare, drawn = (agreement.compute(id, data, replicates=n) for n in (0, 2000))
        assert bare.low is not None and (bare.low, bare.high) == (drawn.low, drawn.high)


def test_a_negative_seed_is_refused_in_our_words() -> None:
    with pytest.raises(ValueError, match="seed is -1, expected a whole number from 0 on"):
        agreement.compute("krippendorff_alpha", binary(45), seed=-1)


@pytest.mark.parametrize("options", [{"confidence": 0}, {"confidence": 95}, {"replicates": -1}])
def test_options_out_of_range_are_refused(options: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Options(**options)  # type: ignore[arg-type]


def test_blocks_grow_with_the_cube_root_of_the_units() -> None:
    assert [block_length(n) for n in (1, 8, 27, 120, 1000)] == [2, 2, 3, 5, 10]


@pytest.mark.parametrize("units", [5, 8, 25, 60])
def test_the_interval_over_units_is_of_one_kind_and_keeps_between_the_limits_however_few_they_are(units: int) -> None:
    rng = np.random.default_rng(3)
    said = rng.normal(size=units) + rng.normal(scale=0.5, size=(3, units))
    for id, level in (
        ("krippendorff_alpha", "interval"),
        ("krippendorff_alpha", "ordinal"),
        ("percent_agreement", "nominal"),
    ):
        data = agreement.reliability(np.round(said) if level == "nominal" else said, level=level)
        result = agreement.compute(id, data)
        assert result.interval_method == "Bayesian bootstrap of units, corrected for bias and skewness"
        assert (-0.5 if id == "krippendorff_alpha" else 0) <= result.low < result.value < result.high < 1
        assert (result.replicates, result.seed) == (2000, 2011)
        assert any("the interval is rough there" in note for note in result.notes) == (units < 20)


def test_a_confidence_that_leaves_nearly_everything_open_has_an_interval_too() -> None:
    """Three sessions, one nearly perfect: t with 2 degrees of freedom reaches beyond what a float can hold."""
    said = np.tile([1.0, 2.0], (2, 3000))
    said[1, [0, 2001, 2002, 2003, *range(4000, 5000)]] = 1.5
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 2000}" for u in range(6000)])
    result = agreement.compute("krippendorff_alpha", data, confidence=0.999999999)
    assert (result.low, result.high) == (-1, 1)


@pytest.mark.parametrize("disputed", [1, 2, 3, 20])
def test_where_raters_agree_on_one_value_alone_there_is_no_interval_of_alpha(disputed: int) -> None:
    """Each saw the rare code where the other did not: how often both would see it, no replicate can show."""
    said = np.zeros((2, 60))
    said[np.arange(disputed) % 2, np.arange(disputed)] = 1
    result = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="nominal"))
    assert result.value is not None and result.low is None
    assert "the units that are agreed on hardly differ from one another" in str(result.interval_reason)
    said[:, -1] = 1
    once = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="nominal"))
    assert once.low is not None and once.high is not None and once.low < 0 < once.high


def test_text_of_many_kinds_has_its_interval_too() -> None:
    rng = np.random.default_rng(0)
    true = rng.integers(0, 150, 400)
    said = np.where(rng.random((2, 400)) < 0.2, rng.integers(0, 150, (2, 400)), true)
    for units in (400, 100):  # more than the sums of each unit, and fewer
        result = agreement.compute("krippendorff_alpha", agreement.reliability(said[:, :units], level="nominal"))
        error = np.sqrt(result.value * (1 - result.value) / units)  # α is nearly the share of units agreed on
        assert result.high - result.low == pytest.approx(3.92 * error, rel=0.2)  # type: ignore[operator]


def test_alpha_of_one_unit_says_that_it_is_zero_whatever_the_disagreement() -> None:
    for said in ([[1], [2]], [[1], [5]], [[1, None], [9, 3]]):
        result = agreement.compute("krippendorff_alpha", agreement.reliability(said, level="interval"))
        assert result.value == 0 and any("whatever the disagreement" in note for note in result.notes)


@pytest.mark.parametrize(
    ("data", "how"),
    [
        (binary(6), "t distribution of the jackknife"),
        (binary(45), "share of the bootstrap replicates"),
        (binary(1), "share of the bootstrap replicates"),
    ],
)
def test_how_the_probability_below_a_limit_was_found_stands_beside_it(
    data: agreement.ReliabilityData, how: str
) -> None:
    assert agreement.compute("krippendorff_alpha", data, replicates=100).details["p_below_by"] == how


def test_units_of_time_have_no_interval_where_their_session_is_not_known() -> None:
    data = binary(1)
    bare = agreement.compute("time_unit_kappa", agreement.reliability(data.values, level="nominal"))
    assert bare.value is not None and bare.low is None
    assert "no independent observations" in str(bare.interval_reason)
    assert agreement.compute("time_unit_kappa", data, replicates=100).low is not None


def test_blocks_are_of_neighbours_in_time_whatever_the_order_of_the_rows() -> None:
    """One session of 40 units in runs; the same rows shuffled draw the same blocks where they say when they begin."""
    true = np.repeat([0.0, 1.0], 20)
    said = np.array([true, np.where(np.arange(40) % 10 < 3, 1 - true, true)])
    data = agreement.reliability(said, level="nominal", sessions=["s"] * 40)
    timed = replace(data, starts=tuple(1000 * u for u in range(40)))
    shuffled = timed.at(np.random.default_rng(3).permutation(40).tolist())
    for id in ("cohen_kappa", "krippendorff_alpha", "percent_agreement"):
        one, other, plain = (agreement.compute(id, d) for d in (timed, shuffled, data))
        assert (one.low, one.high) == (other.low, other.high) == (plain.low, plain.high)
        assert not any("in the order in which they were given" in note for note in one.notes)
        assert any("in the order in which they were given" in note for note in plain.notes)


def test_a_rater_of_one_session_does_not_take_the_interval_from_all() -> None:
    rng = np.random.default_rng(3)
    said = rng.integers(0, 2, (3, 60)).astype(float)
    said[1] = np.where(rng.random(60) < 0.7, said[0], said[1])
    said[2, 6:] = np.nan
    data = agreement.reliability(said, level="nominal", sessions=[f"s{u // 6}" for u in range(60)])
    conger, fleiss = (agreement.compute(id, data) for id in ("conger_kappa", "fleiss_kappa"))
    assert (conger.low, conger.high) == pytest.approx((fleiss.low, fleiss.high), abs=0.05)


def test_a_rater_whose_units_nobody_else_rated_is_named_by_conger() -> None:
    said = [[1, 2, 1, 2, None], [1, 2, 2, 2, None], [None, None, None, None, 1]]
    result = agreement.compute("conger_kappa", agreement.reliability(said, level="nominal"))
    assert any("Without a unit that another rated" in note and "rater 3" in note for note in result.notes)


def test_a_mean_difference_has_one_interval_whoever_asks_for_it() -> None:
    rng = np.random.default_rng(4)
    said = rng.normal(size=120) + rng.normal(scale=0.5, size=(2, 120))
    for sessions in (1, 2, 6, 24):
        names = [f"s{u * sessions // 120:02d}" for u in range(120)]
        data = agreement.reliability(said, level="interval", sessions=names, criterion="rater 1")
        bias = agreement.compute("criterion", data, variant="bias")
        limits = agreement.compute("bland_altman", data, variant="bias")
        assert bias.low is not None
        assert (bias.value, bias.low, bias.high) == (limits.value, limits.low, limits.high)


def test_the_direction_of_a_bias_of_zero_does_not_depend_on_who_comes_first() -> None:
    difference = np.r_[np.full(20, 1.0), np.full(4, -5.0)]
    height = np.arange(24.0)
    found = [
        agreement.compute("bland_altman", agreement.reliability(said, level="interval", sessions=map(str, range(24))))
        for said in ([height + difference, height], [height, height + difference])
    ]
    assert found[0].value == found[1].value == 0
    assert (found[0].low, found[0].high) == (found[1].low, found[1].high)
    assert found[0].settings["difference"] == "rater 1 − rater 2" and found[1].settings["difference"][:7] == "rater 2"


@pytest.mark.parametrize("id", ["cohen_kappa", "pabak", "gwet_ac1", "fleiss_kappa", "light_kappa", "scott_pi"])
def test_a_standard_error_of_zero_is_not_stated_beside_no_interval(id: str) -> None:
    data = agreement.reliability([[1, 2, 2, 1, 3]] * 2, level="nominal")
    assert agreement.compute(id, data).details["standard_error"] is None


@pytest.mark.parametrize("units", [6, 7, 900])
@pytest.mark.parametrize("seed", [1, 2011])
def test_weights_that_are_kept_are_those_of_their_units_and_seed_and_nobody_can_alter_them(
    units: int, seed: int
) -> None:
    for replicates in (30, 1500):  # 1500 of 900 units are more than one piece
        options = Options(replicates=replicates, seed=seed)
        for _ in range(2):
            drawn = list(exponential(units, options))
            anew = np.random.default_rng(seed).standard_exponential((replicates, units))
            assert np.array_equal(np.concatenate(drawn), anew * (units / anew.sum(axis=1))[:, None])
            if len(drawn) == 1:
                with pytest.raises(ValueError, match="read-only"):
                    drawn[0][0, 0] = 5.0
    assert list(exponential(units, Options(replicates=0))) == []


@pytest.mark.parametrize("units", [90, 400])
def test_of_many_nominal_values_what_a_unit_does_is_the_same_by_the_short_way_and_by_the_long(units: int) -> None:
    rng = np.random.default_rng(5)
    said = np.where(rng.random((3, units)) < 0.6, rng.integers(0, 150, units), rng.integers(0, 150, (3, units)))
    data = agreement.reliability(np.where(rng.random((3, units)) < 0.1, np.nan, said), level="nominal")
    short = disagreement(data).statistic()
    assert isinstance(short, Additive) and type(short) is not Additive
    long = Additive(short.sums, short.value_of)
    assert (short.sums.shape[0] > short.sums.shape[1]) == (units == 400)
    assert short.without() == pytest.approx(long.without(), rel=1e-13)
    assert short.influence() == pytest.approx(long.influence(), abs=1e-9)
    assert np.ptp(long.influence()) > 1
