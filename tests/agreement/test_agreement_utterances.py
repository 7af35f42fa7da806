"""Two raters on the same utterances: what is said in words is what the coefficient counted."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import workbench.agreement as agreement
from workbench.agreement import ALL_CODES, NOTHING, Comparison, RaterCoding, Study
from workbench.model.coding import Event
from workbench.model.span import TimeSpan

LENGTH_MS = 1500
CODES = ("reflection", "question", "advice")


def coded(rater: str, said: dict[int, list[str]], n: int = 40, moved: frozenset[int] = frozenset()) -> RaterCoding:
    """`said`: the codes of each utterance; at the boundaries `moved` this rater begins an utterance 200 ms earlier."""
    starts = [LENGTH_MS * i - (200 if i in moved else 0) for i in range(n + 1)]
    events = [
        Event(f"{rater}{i}{n}{c}", c, starts[i], starts[i + 1]) for i, cs in said.items() for n, c in enumerate(cs)
    ]
    return RaterCoding(
        "s",
        rater,
        tuple(events),
        windows=(TimeSpan(0, LENGTH_MS * n),),
        utterances=tuple(TimeSpan(starts[i], starts[i + 1]) for i in range(n)),
    )


def compared(a: RaterCoding, b: RaterCoding) -> tuple[Study, Comparison]:
    study = Study((a, b))
    return study, agreement.compare(study, "anna", "ben", by_utterance=True)


def test_raters_who_never_coded_the_same_utterance_agree_on_nothing_however_short_it_is() -> None:
    study, found = compared(
        coded("anna", {i: ["reflection"] for i in range(0, 40, 2)}),
        coded("ben", {i: ["reflection"] for i in range(1, 40, 2)}),
    )
    assert agreement.compute("cohen_kappa", agreement.units(study, "utterances", "reflection")).value == -1.0
    assert found.in_words().startswith("You agree on 0 of 40.")


def test_an_utterance_coded_differently_is_one_confusion_at_its_beginning() -> None:
    _, found = compared(coded("anna", {3: ["advice"]}), coded("ben", {3: ["question"]}))
    [only] = found.disagreements
    assert (only.at_ms, only.code_a, only.code_b) == (4500, "advice", "question")


def test_the_same_code_twice_in_an_utterance_counts_once() -> None:
    _, found = compared(coded("anna", {3: ["advice", "advice"]}), coded("ben", {3: ["advice"]}))
    assert (found.hits, found.total) == (1, 1)


def test_a_session_without_utterances_has_nothing_to_match_and_says_how_much_that_leaves_out() -> None:
    bare = [RaterCoding("s", r, (Event(r, "advice", 5),), windows=(TimeSpan(0, 60_000),)) for r in ("anna", "ben")]
    found = agreement.compare(Study(tuple(bare)), "anna", "ben", by_utterance=True)
    assert (found.total, found.left_out) == (0, 2)


said = st.dictionaries(st.integers(0, 9), st.lists(st.sampled_from(CODES), min_size=1, max_size=3), max_size=10)
boundaries = st.frozensets(st.integers(1, 9), max_size=3)


@settings(max_examples=200, deadline=None)
@given(a=said, b=said, moved=boundaries)
@pytest.mark.parametrize("code", CODES)
def test_words_count_what_the_coefficients_units_hold(
    code: str, a: dict[int, list[str]], b: dict[int, list[str]], moved: frozenset[int]
) -> None:
    study, found = compared(coded("anna", a, 10), coded("ben", b, 10, moved))
    data = agreement.units(study, "utterances", code)
    here = {(x, y): int(((data.values[0] == x) & (data.values[1] == y)).sum()) for x in (0, 1) for y in (0, 1)}
    assert sum(x.code == code for m in found.matchings.values() for x, _ in m.matched) == here[1, 1]
    assert sum(d.code_a == code for d in found.disagreements) == here[1, 0]
    assert sum(d.code_b == code for d in found.disagreements) == here[0, 1]


@settings(max_examples=200, deadline=None)
@given(
    a=st.dictionaries(st.integers(0, 9), st.sampled_from(CODES), max_size=10),
    b=st.dictionaries(st.integers(0, 9), st.sampled_from(CODES), max_size=10),
)
def test_with_one_code_for_each_utterance_the_confusions_are_those_of_all_codes_at_once(
    a: dict[int, str], b: dict[int, str]
) -> None:
    study, found = compared(
        coded("anna", {i: [c] for i, c in a.items()}, 10), coded("ben", {i: [c] for i, c in b.items()}, 10)
    )
    data = agreement.units(study, "utterances", ALL_CODES)
    labels = data.labels or ()
    pairs = [(labels[int(x)], labels[int(y)]) for x, y in data.values.T.tolist()]
    off = Counter(pair for pair in pairs if pair[0] != pair[1])
    assert Counter((d.code_a or NOTHING, d.code_b or NOTHING) for d in found.disagreements) == off
    assert found.hits == sum(x == y != NOTHING for x, y in pairs)
