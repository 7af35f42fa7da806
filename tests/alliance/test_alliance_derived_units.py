"""Scores of what was coded on units of the transcript, as a rater split and merged them: said case by case, and held
against walking through the words one by one on random ones."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from small_scheme import SCHEME, events, one

from workbench.alliance import code_counts, derived_scores
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event
from workbench.model.scheme import DerivedScore, ScoreKind, Selection
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript, Utterance, Word
from workbench.model.units import units

#            0    1    2    3  s
#  provider  [u0 ][    ][u2 ]        u2 can be merged into u0, u0 split at its third word
#  patient        [u1 ]
SAID = Transcript(
    3000,
    "en",
    tuple(Word(n * 250, n * 250 + 250, f"w{n}", "P" if n // 4 == 1 else "T") for n in range(12)),
    tuple(
        Utterance(f"id{n}", n * 1000, (n + 1) * 1000, "P" if n == 1 else "T", "", n * 4, n * 4 + 4) for n in range(3)
    ),
    (),
)


def asked(**boundaries: bool) -> CodingContent:
    """u0 was coded as an open question about a, u2 as a closed one about b."""
    return CodingContent(
        (
            Event("1", "asks", 0, 1000, unit="u0", modifiers=("form:open", "about:a")),
            Event("2", "asks", 2000, 3000, unit="u2", modifiers=("form:closed", "about:b")),
        ),
        boundaries=boundaries,
    )


def count_of(said: CodingContent, *modifiers: str, begin: int = 0, end: int = 3000) -> float | None:
    score = DerivedScore("n", "N", ScoreKind.COUNT, events=Selection(("asks",), modifiers))
    cut = units(SAID, said.boundaries)
    return derived_scores(replace(SCHEME, scores=(score,)), said, (TimeSpan(begin, end),), cut)[0].value


def test_pieces_that_were_merged_are_one_unit_with_all_that_was_said_of_it() -> None:
    apart, together = asked(), asked(u2=False)
    assert (count_of(apart), count_of(together)) == (2, 1)
    assert [count_of(together, m) for m in ("form:open", "form:closed")] == [1, 0], "one answer: the earlier"
    assert [count_of(together, m) for m in ("about:a", "about:b")] == [1, 1], "several answers: all of them"


def test_a_split_unit_is_coded_piece_by_piece_and_a_split_taken_back_is_one_again() -> None:
    second = Event("3", "asks", 500, 1000, unit="u0w2")
    for boundaries, n in (({"u0w2": True}, 3), ({"u0w2": False}, 2)):
        assert count_of(replace(asked(**boundaries), events=(*asked().events, second))) == n


def test_an_act_is_of_a_unit_where_utterances_are_coded_and_of_its_moment_elsewhere() -> None:
    twice = CodingContent((Event("1", "repair", 0, 1000, unit="u0"), Event("2", "repair", 500, 1000, unit="u0")))
    count = DerivedScore("n", "N", ScoreKind.COUNT, events=events("repair"))
    for unit, n in (("utterance", 1), ("event", 2)):
        scheme = replace(SCHEME, unit=unit, scores=(count,))
        assert derived_scores(scheme, twice, (TimeSpan(0, 3000),), units(SAID))[0].value == n


def test_a_unit_belongs_to_the_window_in_which_it_begins() -> None:
    assert count_of(asked(), begin=500, end=2500) == 1, "the first reaches in, the last reaches out"
    assert count_of(asked(u2=False), begin=500) == 0, "merged into what began before"


def test_without_the_transcript_what_was_merged_is_not_counted_and_said() -> None:
    score = DerivedScore("n", "N", ScoreKind.COUNT, events=events("asks"))
    assert one(score, asked()).value == 2
    merged_unread = one(score, asked(u2=False))
    assert (merged_unread.value, "cannot be read" in merged_unread.reason) == (None, True)


SPOKEN = st.lists(st.sampled_from("TP"), min_size=1, max_size=8)  # who speaks, four words of a millisecond each
END = 60
moments = st.integers(0, END - 1)
WINDOWS = st.lists(st.tuples(moments, st.integers(1, 30)), min_size=1, max_size=3)
PLACES = st.tuples(st.integers(0, 7), st.integers(0, 3))
CUTS = st.dictionaries(PLACES, st.booleans(), max_size=8)


@settings(max_examples=400, deadline=None)
@given(SPOKEN, CUTS, st.lists(PLACES, max_size=8), WINDOWS, st.none() | moments)
def test_codes_of_utterances_are_those_of_walking_through_the_words_one_by_one(
    speakers: list[str],
    cuts: dict[tuple[int, int], bool],
    coded: list[tuple[int, int]],
    given_windows: list[tuple[int, int]],
    dark_from: int | None,
) -> None:
    def place(utterance: int, word: int) -> str:
        return f"u{utterance}w{utterance * 4 + word}" if word else f"u{utterance}"

    words = tuple(Word(n, n + 1, "", speakers[n // 4]) for n in range(4 * len(speakers)))
    said = tuple(Utterance("", 4 * n, 4 * n + 4, s, "", 4 * n, 4 * n + 4) for n, s in enumerate(speakers))
    spoken = Transcript(len(words), "en", words, said, ())
    boundaries = {place(*where): starts for where, starts in cuts.items()}
    given_codes = [(u, w) for u, w in coded if u < len(speakers)]
    dark = [] if dark_from is None else [Event("d", NOT_OBSERVABLE, dark_from, dark_from + 5)]
    content = CodingContent(
        (*(Event(f"e{n}", "asks", 0, unit=place(*where)) for n, where in enumerate(given_codes)), *dark),
        boundaries=boundaries,
    )
    windows = tuple(TimeSpan(at, at + long) for at, long in given_windows)

    unit_of: dict[tuple[int, int], int] = {}
    last: dict[str, int] = {}
    onset: list[int] = []
    for utterance, speaker in enumerate(speakers):
        for word in range(4):
            starts = cuts.get((utterance, word), word == 0)
            if starts if word else starts or speaker not in last:
                last[speaker] = len(onset)
                onset.append(4 * utterance + word)
            unit_of[utterance, word] = last[speaker]
    observed = {ms for w in windows for ms in range(w.start_ms, w.end_ms)}
    observed -= {ms for e in dark for ms in range(e.start_ms, e.end_ms or 0)}
    expected = len({unit_of[where] for where in given_codes if onset[unit_of[where]] in observed})

    count = DerivedScore("n", "N", ScoreKind.COUNT, events=events("asks"))
    cut = units(spoken, boundaries)
    (found,) = derived_scores(replace(SCHEME, scores=(count,)), content, windows, cut)
    assert found.value == (expected if observed else None)
    asks = next(
        c
        for c in code_counts(SCHEME, content.codes, windows, [TimeSpan(e.start_ms, e.end_ms or 0) for e in dark], cut)
        if c.code == "asks"
    )
    assert asks.count == expected
