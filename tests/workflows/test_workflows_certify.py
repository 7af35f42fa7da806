"""What a scheme asks of its raters is gone by: its coefficients are reported, its limits held against the interval."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.clinic import Clinic
from tests.workflows.test_workflows_review import A, B, C, Times, coded
from workbench import schemes
from workbench.agreement import compute, reliability
from workbench.agreement.certified import Standing, standings
from workbench.model.assignment import Purpose
from workbench.model.consent import Scope
from workbench.model.ids import new_id
from workbench.model.scheme import Certification, CodingScheme, DataKind, EarlierVersion, Limit, Reported
from workbench.store import recordings
from workbench.workflows import add_session, agree, certify, keep_definition, measure_agreement, record_consent
from workbench.workflows.agree import Choice
from workbench.workflows.refusal import Refused

Operation = Callable[..., dict[str, Any]]
KAPPA = Limit(DataKind.CODES, "kappa", 0.6)


def on_a_scheme(clinic: Clinic, **more: Any) -> Clinic:
    """The clinic, on a version of its scheme that asks for this."""
    made = schemes.from_json(schemes.to_json(replace(clinic.scheme, **{"version": "asks", **more})))
    return replace(clinic, scheme=keep_definition.keep_scheme(clinic.workspace, None, made))


def asked(*limits: Limit, sessions: int = 1) -> Certification:
    return Certification(sessions, limits, "Decided by our team.")


def held(values: list[int], criterion: list[int], sessions: int) -> Any:
    data = reliability(
        [values, criterion],
        level="nominal",
        raters=["trainee", "criterion"],
        sessions=[f"s{n % sessions}" for n in range(len(values))],
        criterion="criterion",
    )
    return compute("criterion", data, variant="kappa", replicates=400)


SAME = [0, 1, 2, 0, 1, 2] * 10


@pytest.mark.parametrize(
    ("limit", "sessions", "of", "words"),
    [
        (0.6, 6, 6, "reached"),
        (0.6, 6, 10, "not yet: 6 of 10 sessions"),
        (0.9, 6, 6, "not yet: the interval begins at 0."),
    ],
)
def test_a_limit_is_reached_by_the_lower_end_on_enough_sessions(
    limit: float, sessions: int, of: int, words: str
) -> None:
    nearly = [*SAME[:-2], 2, 0]
    result = held(nearly, SAME, sessions)
    assert result.value > 0.9 > result.low > 0.6
    (found,) = standings(asked(replace(KAPPA, at_least=limit), sessions=of), [result])
    assert found.words.startswith(words) and found.reached is (words == "reached")


@pytest.mark.parametrize(
    ("with_evidence", "words"),
    [(9, "reached"), (5, "not yet: the interval begins at 0.48, below 0.6"), (0, "not yet: every value is missing")],
)
def test_a_session_without_evidence_for_a_rating_counts_as_practice_and_the_interval_does_the_rest(
    with_evidence: int, words: str
) -> None:
    """Twelve sessions; the patient's background came up in some of them only."""
    asks = asked(KAPPA, Limit(DataKind.RATINGS, "within_one", 0.6), sessions=12)
    nearly = [*SAME[:-2], 2, 0]
    values = [4.0 if n < with_evidence else None for n in range(12)]
    ratings = reliability(
        [values, values],
        level="interval",
        raters=["criterion", "trainee"],
        sessions=[f"s{n}" for n in range(12)],
        criterion="criterion",
    )
    given = compute("criterion", replace(ratings, settings={"way": "ratings"}), variant="within_one")
    assert given.n_sessions == with_evidence
    of_codes, of_ratings = standings(asks, [held(nearly, SAME, 12), given])
    assert of_codes.words == "reached" and of_ratings.words.startswith(words)
    (told,) = standings(replace(asks, limits=asks.limits[1:]), [given], {"trainee": 11})
    assert "11 of 12 sessions" in told.words


def test_without_an_interval_nothing_is_reached() -> None:
    result = replace(held(SAME, SAME, 6), low=None, high=None, interval_reason="all agree")
    assert Standing(KAPPA, result, 6, 1).words == "not yet: no interval: all agree"
    undefined = replace(result, value=None, reason="nothing was coded")
    assert Standing(KAPPA, undefined, 6, 1).words == "not yet: nothing was coded"


def test_practice_says_how_far_a_trainee_is(clinic: Clinic, operation: Operation) -> None:
    here = on_a_scheme(clinic, certification=asked(KAPPA, Limit(DataKind.RATINGS, "within_one", 0.8), sessions=2))
    times: Times = [(A, 10), (B, 20), (A, 30), (C, 50)]
    coded(here, operation, here.supervisor, Purpose.CRITERION, times)
    mine = coded(here, operation, here.observer, Purpose.PRACTICE, times)
    for person in (here.observer, here.supervisor):
        found = certify.progress(here.workspace, person, mine)
        assert found is not None and found.sessions == 1 and not found.certified
        first, *ratings = found.standings
        assert first.result.value == 1.0 and "1 of 2 sessions" in first.words
        assert [found.labels[str(s.result.settings["what"])] for s in ratings] == [r.label for r in here.scheme.ratings]
    with pytest.raises(Refused):
        certify.progress(here.workspace, here.outsider, mine)


def next_version(here: Clinic, version: str = "corrected", **more: Any) -> Clinic:
    """The clinic on a version that was made from its own."""
    made = replace(here.scheme, version=version, earlier=EarlierVersion(here.scheme.version), **more)
    made = schemes.from_json(schemes.to_json(made))
    return replace(here, scheme=keep_definition.keep_scheme(here.workspace, None, made))


def practised(here: Clinic, operation: Operation, times: Times) -> str:
    coded(here, operation, here.supervisor, Purpose.CRITERION, times)
    return coded(here, operation, here.observer, Purpose.PRACTICE, times)


def another_session(here: Clinic, code: str = "S002") -> Clinic:
    """The clinic with a further session of the same people, recorded as long."""
    ws, people = here.workspace, [p.participant_id for p in here.session.participants]
    made = add_session.add_session(ws, None, here.session.study_id, code, people)
    for participant in people:
        record_consent.record_consent(ws, None, made.id, participant, Scope, "I agree to all of it.")
    recording = replace(here.recording, id=new_id(), session_id=made.id)
    with ws.changing(None, "recording.add", "session", made.id) as connection:
        recordings.add(connection, recording, f"fingerprint of {code}")
    return replace(here, session=made, recording=recording)


TIMES: Times = [(A, 10), (B, 20), (A, 30), (C, 50)]


def test_practice_before_a_corrected_typo_counts_and_it_is_said(clinic: Clinic, operation: Operation) -> None:
    first = on_a_scheme(clinic, certification=asked(KAPPA, sessions=2))
    practised(first, operation, TIMES)
    warm = replace(first.scheme.code(A), id="warm", label="Warm", definition="In other words.")
    codes = tuple(warm if c.id == A else c for c in first.scheme.codes)
    made = EarlierVersion(first.scheme.version, {A: "warm"})
    renamed = replace(first.scheme, version="corrected", codes=codes, rules=(), scores=(), earlier=made)
    renamed = schemes.from_json(schemes.to_json(renamed))
    second = replace(another_session(first), scheme=keep_definition.keep_scheme(first.workspace, None, renamed))
    mine = practised(second, operation, [("warm", 10), (B, 20), ("warm", 30), (C, 50)])
    found = certify.progress(second.workspace, second.observer, mine)
    assert found is not None and (found.sessions, found.left_out) == (2, ())
    assert found.counted == (("corrected", 1), ("asks", 1))
    assert found.standings[0].result.value == 1.0 and found.standings[0].sessions == 2


def test_a_session_practised_on_two_versions_counts_once(clinic: Clinic, operation: Operation) -> None:
    first = on_a_scheme(clinic, certification=asked(KAPPA, sessions=2))
    practised(first, operation, [(A, 10)])
    second = next_version(first)
    mine = practised(second, operation, TIMES)
    found = certify.progress(second.workspace, second.supervisor, mine)
    assert found is not None and (found.sessions, found.counted) == (1, (("corrected", 1),))
    assert found.left_out == ("1 session on version asks: practised on a later version too.",)


def test_practice_on_what_measures_something_else_is_left_out_with_the_reason(
    clinic: Clinic, operation: Operation
) -> None:
    first = on_a_scheme(clinic, certification=asked(KAPPA, sessions=2))
    practised(first, operation, TIMES)
    gone = first.scheme.codes[-1]
    second = next_version(first, codes=first.scheme.codes[:-1], rules=(), scores=())
    third = next_version(another_session(second), "third")
    mine = practised(third, operation, [(A, 10), (B, 20)])
    found = certify.progress(third.workspace, third.observer, mine)
    assert found is not None and found.counted == (("third", 1),)
    why = f"in version corrected code “{gone.label}” is gone or of another kind"
    assert found.left_out == (f"1 session on version asks: {why}.",)
    alone = replace(first.scheme, version="alone", earlier=None, title="T")
    kept = keep_definition.keep_scheme(first.workspace, None, schemes.from_json(schemes.to_json(alone)))
    mine = practised(replace(another_session(first, "S003"), scheme=kept), operation, TIMES)
    found = certify.progress(first.workspace, first.observer, mine)
    assert found is not None and found.sessions == 1
    not_made = "version alone does not say that it was made from it"
    assert f"1 session on version asks: {not_made}." in found.left_out


def test_what_two_versions_measure_otherwise_is_said() -> None:
    first = schemes.shipped_schemes()["rupture_repair"]

    def otherwise(**more: Any) -> list[str]:
        made = replace(first, version="next", earlier=EarlierVersion(first.version), **more)
        return schemes.measured_otherwise(first, made)

    code, *others = first.codes
    (modifier, *_) = code.modifiers
    rating, *ratings = first.ratings
    assert otherwise(title="Other words", codes=(replace(code, definition="D.", key="y"), *others)) == []
    assert otherwise(codes=(*others,)) == [f"code “{code.label}” is gone or of another kind"]
    assert otherwise(codes=(*first.codes, replace(code, id="new", label="New"))) == ["code “New” is new"]
    changed = {
        "fewer": replace(modifier, options=modifier.options[:-1]),
        "more": replace(modifier, options=(*modifier.options, replace(modifier.options[0], id="more"))),
        "required": replace(modifier, required=not modifier.required),
        "several": replace(modifier, several=not modifier.several),
        "none": None,
    }
    for other in changed.values():
        asked_now = replace(code, modifiers=(other,) if other else ())
        assert otherwise(codes=(asked_now, *others)) == [f"code “{code.label}” has other answers"]
    high = replace(rating, high=rating.high + 1, anchors={})
    assert otherwise(ratings=(high, *ratings))[0] == f"rating “{rating.label}” is gone or of another kind"
    evidence = replace(rating, no_evidence=not rating.no_evidence)
    assert len(otherwise(ratings=(evidence, *ratings))) == 1
    assert otherwise(show_transcript=not first.show_transcript) != []
    assert first.segment_ms is not None
    assert "segments have another length" in otherwise(segment_ms=first.segment_ms * 2)
    two = next(c for c in others if c.kind is code.kind)
    none = replace(first, version="next", codes=tuple(others), earlier=EarlierVersion(first.version, {code.id: None}))
    assert schemes.measured_otherwise(first, none) == [f"code “{code.label}” has no equal"]
    into = EarlierVersion(first.version, {code.id: two.id})
    both = replace(first, version="next", codes=tuple(others), earlier=into)
    assert f"code “{two.label}” was made of 2" in schemes.measured_otherwise(first, both)


def test_there_is_nothing_to_say_without_limits_criterion_or_practice(clinic: Clinic, operation: Operation) -> None:
    unlimited = on_a_scheme(clinic, version="asks nothing", certification=None)
    plain = coded(unlimited, operation, unlimited.observer, Purpose.PRACTICE, [(A, 10)])
    assert certify.progress(unlimited.workspace, unlimited.observer, plain) is None
    here = on_a_scheme(clinic, certification=asked(KAPPA))
    study = coded(here, operation, here.observer, Purpose.STUDY, [(A, 10)])
    assert certify.progress(here.workspace, here.observer, study) is None
    alone = coded(here, operation, here.second, Purpose.PRACTICE, [(A, 10)])
    found = certify.progress(here.workspace, here.second, alone)
    assert found is not None and (found.sessions, found.standings, found.certified) == (0, (), False)


# --- the coefficients of the scheme


def measured(clinic: Clinic, operation: Operation, what: str, *reported: Reported) -> measure_agreement.Measured:
    here = on_a_scheme(clinic, agreement=reported)
    coded(here, operation, here.observer, Purpose.STUDY, [(A, 10), (B, 20), (A, 30)])
    coded(here, operation, here.second, Purpose.STUDY, [(A, 10), (C, 20), (A, 30)])
    chosen = agree.material(here.workspace, here.supervisor, Choice(scheme_hash=here.scheme.hash))
    subjects = [*measure_agreement.codes(chosen, measure_agreement.usual(chosen)), *measure_agreement.ratings(chosen)]
    return measure_agreement.measure(chosen, next(s for s in subjects if s.what == what))


def test_the_coefficient_that_a_scheme_names_is_the_one_to_report(clinic: Clinic, operation: Operation) -> None:
    names = Reported(DataKind.CODES, ("gwet_ac1", "percent_agreement", "krippendorff_alpha"), "Codes are rare.")
    found = measured(clinic, operation, A, names)
    assert found.recommended.id == "gwet_ac1" and found.why == "The scheme asks for it. Codes are rare."
    assert [r.id for r in found.asked] == ["percent_agreement", "krippendorff_alpha"]


def test_what_the_data_do_not_have_is_said_and_the_usual_one_reported(clinic: Clinic, operation: Operation) -> None:
    names = Reported(DataKind.CODES, ("alignment_kappa", "gwet_ac1"), "Order counts.")
    found = measured(clinic, operation, A, names)
    assert found.recommended.id == "krippendorff_alpha"
    assert found.why.startswith("The scheme asks for Alignment κ, which these data do not have (")
    assert [r.id for r in found.asked] == ["gwet_ac1"]


def test_other_units_keep_the_coefficient_that_is_made_for_them(clinic: Clinic, operation: Operation) -> None:
    names = Reported(DataKind.CODES, ("gwet_ac1", "alignment_kappa"), "Codes are rare.")
    here = on_a_scheme(clinic, agreement=(names,))
    for rater in (here.observer, here.second):
        coded(here, operation, rater, Purpose.STUDY, [(A, 10), (B, 20), (A, 30)])
    chosen = agree.material(here.workspace, here.supervisor, Choice(scheme_hash=here.scheme.hash))
    found = {}
    for way in ("linked", "aligned"):
        subject = measure_agreement.codes(chosen, measure_agreement.Units(way))[0]
        measured_so = measure_agreement.measure(chosen, subject)
        found[way] = (measured_so.recommended.id, measured_so.why.startswith("The scheme asks for it."))
    assert found == {"linked": ("easydiag_kappa", False), "aligned": ("alignment_kappa", True)}


def test_a_scheme_that_names_none_for_ratings_leaves_them_as_they_were(clinic: Clinic, operation: Operation) -> None:
    found = measured(clinic, operation, "bond", Reported(DataKind.CODES, ("gwet_ac1",), "Rare."))
    assert found.recommended.id == "icc" and "The scheme" not in found.why and found.asked == ()


def test_identity_counts_what_is_asked_of_raters(clinic: Clinic) -> None:
    plain: CodingScheme = replace(clinic.scheme, version="2")
    asks = replace(plain, certification=asked(KAPPA))
    assert schemes.identity(plain) != schemes.identity(asks)
