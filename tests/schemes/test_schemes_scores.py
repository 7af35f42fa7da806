"""The list `scores` of a scheme: what is read, and how each mistake is named."""

from __future__ import annotations

import re

import pytest

from workbench.model.scheme import CodingScheme, Level, ScoreKind, Selection
from workbench.schemes import SchemeProblems, from_json, parse_scheme, to_json

HEAD = """\
scheme: small
title: Small
version: "1"
description: Small.
segment_minutes: 5
codes:
  - {id: nods, label: Nods, kind: point, key: n, who: provider, ask: [who], definition: The provider nods.}
  - {id: laughs, label: Laughs, kind: point, key: l, ask: [who], definition: One laughs.}
  - {id: laugh, label: Laugh, kind: point, key: a, definition: They laugh.}
  - id: silence
    label: Silence
    kind: state
    key: s
    ask: [whom]
    definition: Nobody speaks.
    modifiers:
      - id: mood
        label: Mood
        options:
          - {id: calm, label: Calm, key: "1"}
          - {id: tense, label: Tense, key: "2"}
ratings:
  - {id: warmth, label: Warmth, low: 1, high: 5, definition: How warm.}
  - {id: drive, label: Drive, low: 1, high: 7, definition: How much is done.}
  - {id: pace, label: Pace, each: segment, low: 1, high: 5, definition: How fast.}
  - {id: hurry, label: Hurry, each: segment, low: 1, high: 5, definition: How hurried.}
  - {id: laugh, label: Humour, low: 1, high: 5, definition: How funny.}
scores:
"""


def read(scores: str) -> CodingScheme:
    return parse_scheme((HEAD + scores).encode(), "small.yaml")


def problems(scores: str) -> list[str]:
    with pytest.raises(SchemeProblems) as raised:
        read(scores)
    return [re.sub(r"^small\.yaml, line \d+: ", "", str(p)) for p in raised.value.problems]


def test_a_scheme_without_scores_keeps_the_identity_it_had() -> None:
    assert '"scores"' not in to_json(read("  []\n"))


def test_every_kind_is_read_and_comes_back_from_json() -> None:
    scheme = read(
        "  - {id: n, label: N, needs: [warmth],\n"
        "     count: {codes: [silence], modifiers: ['mood:tense'], whom: [patient]}}\n"
        "  - {id: r, label: R, rate: {codes: [laugh], per_minutes: 10}}\n"
        "  - {id: t, label: T, time: {codes: [silence]}}\n"
        "  - {id: q, label: Q, sequence: {after: {codes: [silence]}, comes: {codes: [laugh]}, within_seconds: 2.5}}\n"
        "  - {id: s, label: S, sum: [n, silence]}\n"
        "  - {id: m, label: M, mean: [pace, hurry], minimum_answered: 0.5, each: segment}\n"
        "  - {id: p, label: P, rate: {of: [n, laughs]}}\n"
        "  - {id: d, label: D, difference: {of: [s], minus: [n]}}\n"
        "  - {id: o, label: O, ratio: {of: [n], to: [silence]}}\n"
        "  - {id: h, label: H, share: {of: [n], in: [silence]}, levels: [{label: Good, at_least: 50}]}\n"
    )
    assert [s.kind for s in scheme.scores] == [
        ScoreKind.COUNT,
        ScoreKind.RATE,
        ScoreKind.TIME,
        ScoreKind.SEQUENCE,
        ScoreKind.SUM,
        ScoreKind.MEAN,
        ScoreKind.RATE,
        ScoreKind.DIFFERENCE,
        ScoreKind.RATIO,
        ScoreKind.SHARE,
    ]
    n, r, _, q, s, m, p, d, _, h = scheme.scores
    assert n.events == Selection(("silence",), ("mood:tense",), (), ("patient",))
    assert (r.per_minutes, q.within_ms, q.then) == (10, 2500, Selection(("laugh",)))
    assert (s.of, d.of, d.to, h.levels) == (("n", "silence"), ("s",), ("n",), (Level("Good", 50),))
    assert (n.needs, m.minimum_answered, m.each_segment, p.of) == (("warmth",), 0.5, True, ("n", "laughs"))
    assert from_json(to_json(scheme)) == scheme


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ("  - {id: x, label: X}\n", "score 'x': expected one of count, rate, time"),
        ("  - {id: x, label: X, sum: [silence], mean: [warmth]}\n", "found sum and mean"),
        ("  - {id: x, label: X, count: {codes: [silense]}}\n", "codes has 'silense', which is not known; did you mean"),
        ("  - {id: x, label: X, count: {code: [silence]}}\n", "unknown key 'code'; did you mean 'codes'?"),
        ("  - {id: x, label: X, count: {codes: []}}\n", "codes is an empty list"),
        ("  - {id: x, label: X, count: [silence]}\n", "must be a list of `key: value` lines"),
        ("  - {id: x, label: X, time: {codes: [laugh]}}\n", "'laugh' is no state and takes no time"),
        ("  - {id: x, label: X, count: {codes: [silence, laugh], modifiers: ['mood:calm']}}\n", "'laugh' has no"),
        ("  - {id: x, label: X, count: {codes: [laugh], who: [patient]}}\n", "does not ask who"),
        ("  - {id: x, label: X, count: {codes: [laugh], whom: [patient]}}\n", "does not ask whom"),
        ("  - {id: x, label: X, count: {codes: [silence], modifiers: ['mood:calm', 'mood:tense']}}\n", "at most"),
        ("  - {id: x, label: X, count: {codes: [nods], who: [patient]}}\n", "'nods' is that of provider"),
        ("  - {id: x, label: X, count: {codes: [laughs], whom: [patient]}}\n", "'laughs' does not ask whom"),
        ("  - {id: x, label: X, sum: [laughs, warmth]}\n", "events ('laughs') and scale points ('warmth')"),
        ("  - {id: x, label: X, mean: [warmth, drive]}\n", "ratings from 1 to 5 ('warmth') and 1 to 7 ('drive')"),
        ("  - {id: x, label: X, ratio: {of: [laughs, warmth], to: [silence]}}\n", "which have no common unit"),
        ("  - {id: x, label: X, difference: {of: [laughs], minus: [warmth]}}\n", "which have no common unit"),
        ("  - {id: x, label: X, mean: [warmth], minimum_answered: 0.4}\n", "expected 0.5 to 1"),
        ("  - {id: x, label: X, sum: [warmth], minimum_answered: 0.5}\n", "belongs to a mean, and this is a sum"),
        ("  - {id: x, label: X, sum: [warmth], needs: [silence]}\n", "needs has 'silence', which is not known"),
        ("  - {id: x, label: X, sum: [warmth], each: segment}\n", "'warmth' is no rating of segments"),
        ("  - {id: x, label: X, count: {codes: [laughs]}, each: segment}\n", "a count of events is for the session"),
        ("  - {id: x, label: X, rate: {of: [warmth]}}\n", "'warmth' is in scale points: a rate is of events"),
        ("  - {id: x, label: X, rate: {of: [laughs], codes: [laughs]}}\n", "codes goes with codes"),
        ("  - {id: x, label: X, rate: {per_minutes: 5}}\n", "codes is missing"),
        ("  - {id: x, label: X, sum: [y]}\n", "'y' is no code, no rating and no score above this one"),
        ("  - {id: x, label: X, sum: [x]}\n", "'x' is no code"),
        ("  - {id: x, label: X, sum: [laugh]}\n", "'laugh' is a code and a rating: give one of them another id"),
        ("  - {id: x, label: X, sum: [silence, silence]}\n", "sum has 'silence' twice"),
        ("  - {id: silence, label: X, sum: [warmth]}\n", "id 'silence' is also that of a code"),
        ("  - {id: warmth, label: X, sum: [silence]}\n", "id 'warmth' is also that of a rating"),
        ("  - {id: x, label: X, ratio: {of: [silence]}}\n", "to is missing"),
        ("  - {id: x, label: X, share: {of: [silence], to: [warmth]}}\n", "unknown key 'to'"),
        ("  - {id: x, label: X, share: {of: [silence], in: [laughs]}}\n", "'silence' is no part of what it is to be"),
        ("  - {id: x, label: X, share: {of: [warmth], in: [drive]}}\n", "a share is of counted events"),
        ("  - {id: x, label: X, sequence: {after: {codes: [silence]}}}\n", "within_seconds is missing"),
        ("  - {id: x, label: X, sum: [warmth], levels: [{label: A, at_least: 2}, {label: B, at_least: 1}]}\n", "rise"),
        ("  - {id: x, label: X, sum: [warmth], levels: [{label: A}]}\n", "at_least is missing"),
        ("  - {id: x, label: X, sum: [warmth]}\n  - {id: x, label: Y, sum: [warmth]}\n", "id 'x' is used twice"),
    ],
)
def test_a_mistake_is_named(scores: str, said: str) -> None:
    assert any(said in problem for problem in problems(scores)), problems(scores)


def test_a_forward_reference_names_what_stands_above() -> None:
    (problem,) = problems("  - {id: x, label: X, sum: [later]}\n  - {id: later, label: L, sum: [warmth]}\n")
    assert "'later' is no code, no rating and no score above this one" in problem


def test_a_score_that_names_itself_is_one_mistake_also_where_others_are_made_of_it() -> None:
    itself = "  - {id: x, label: X, sum: [x]}\n  - {id: y, label: Y, share: {of: [x], in: [silence]}}\n"
    (problem,) = problems(itself)
    assert "'x' is no code" in problem
    twice = "  - {id: x, label: X, sum: [silence]}\n  - {id: x, label: Z, sum: [x]}\n"
    (problem,) = problems(f"{twice}  - {{id: y, label: Y, share: {{of: [x], in: [silence]}}}}\n")
    assert "id 'x' is used twice" in problem


PARTS = """\
  - {id: calm, label: Calm, count: {codes: [silence], modifiers: ['mood:calm']}}
  - {id: tense, label: Tense, count: {codes: [silence], modifiers: ['mood:tense']}}
  - {id: to_patient, label: To patient, count: {codes: [silence], whom: [patient]}}
  - {id: not_tense, label: Not tense, difference: {of: [silence], minus: [tense]}}
  - {id: both, label: Both, sum: [silence, laughs]}
  - {id: met, label: Met, sequence: {after: {codes: [silence]}, comes: {codes: [laughs]}, within_seconds: 2, as: count}}
  - {id: rate, label: Rate, rate: {codes: [silence]}}
  - {id: time, label: Time, time: {codes: [silence]}}
  - {id: calm_time, label: Calm time, time: {codes: [silence], modifiers: ['mood:calm']}}
"""


@pytest.mark.parametrize(
    ("of", "whole", "said"),
    [
        ("calm", "silence", ""),
        ("calm, tense", "silence", ""),
        ("calm, to_patient", "silence", "'silence' is no part"),
        ("calm, to_patient", "silence, both", ""),
        ("silence, calm", "silence", "'silence' is no part"),
        ("silence", "calm", "'silence' is no part"),
        ("not_tense", "silence", ""),
        ("silence", "not_tense", "a share is of counted events"),
        ("laughs", "both", ""),
        ("both", "laughs", "'silence' is no part"),
        ("met", "silence", ""),
        ("silence", "met", "a share is of counted events"),
        ("rate", "silence", "a share is of counted events"),
        ("calm_time", "time", ""),
        ("time", "calm_time", "the time of 'time' is no part of that of 'calm_time'"),
        ("time", "silence", "a share is of counted events"),
    ],
)
def test_a_share_is_of_a_part(of: str, whole: str, said: str) -> None:
    scores = PARTS + f"  - {{id: x, label: X, share: {{of: [{of}], in: [{whole}]}}}}\n"
    if said:
        assert any(said in p for p in problems(scores)), problems(scores)
    else:
        assert read(scores).scores[-1].id == "x"
