"""Words and speaker turns become utterances of named speakers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workbench.model.transcript import SpeakerTurn, Transcript, transcript_from_dict
from workbench.speech.engine import HeardWord
from workbench.speech.join import clamp, join, tidy

MINUTE = 60_000


def said(text: str, start_ms: int = 0, each_ms: int = 200, segment: int = 0) -> list[HeardWord]:
    """Words of equal length, one right after the other."""
    return [
        HeardWord(start_ms + i * each_ms, start_ms + (i + 1) * each_ms, f" {word}", 0.9, segment)
        for i, word in enumerate(text.split())
    ]


def joined(words: list[HeardWord], turns: list[tuple[int, int, int]]) -> Transcript:
    return join(words, turns, duration_ms=MINUTE, language="en", models={}, settings={})


def lines(transcript: Transcript) -> list[str]:
    return [f"{u.speaker}: {u.text}" for u in transcript.utterances]


def test_a_word_goes_to_the_speaker_who_overlaps_it_most() -> None:
    made = joined(said("how are you fine thanks", each_ms=1000), [(0, 3200, 7), (2900, 5000, 4)])
    assert lines(made) == ["S1: how are you", "S2: fine thanks"]


def test_speakers_are_named_by_first_appearance() -> None:
    made = joined(said("a b", each_ms=1000), [(1000, 2000, 0), (0, 1000, 5)])
    assert made.speakers == ("S1", "S2")
    assert [w.speaker for w in made.words] == ["S1", "S2"]


def test_a_word_in_a_gap_of_the_diarization_goes_to_the_speaker_of_its_stretch() -> None:
    words = said("one two three", each_ms=1000)
    made = joined(words, [(0, 900, 0), (2000, 3000, 0), (5000, 9000, 1)])
    assert [w.speaker for w in made.words] == ["S1", "S1", "S1"]


def test_a_word_near_nobody_has_no_speaker() -> None:
    made = joined(said("hello", start_ms=30_000), [(0, 9000, 0)])
    assert made.words[0].speaker is None and lines(made) == ["None: hello"]


def test_where_two_speak_at_once_the_one_who_takes_the_floor_has_the_word() -> None:
    words = said("but wait", start_ms=2000, each_ms=300)
    assert [w.speaker for w in joined(words, [(0, 3000, 0), (1900, 6000, 1)]).words] == ["S2", "S2"]


def test_a_backchannel_does_not_take_the_words_of_the_one_who_goes_on() -> None:
    words = said("and then I left", start_ms=2000, each_ms=300)
    assert {w.speaker for w in joined(words, [(0, 6000, 0), (1900, 3500, 1)]).words} == {"S1"}


def test_utterances_end_with_sentences_pauses_and_speakers() -> None:
    words = [
        *said("I was late. I am sorry about that.", 0),
        *said("You were late? Yes.", 2000),
        *said("well", 6000),
        *said("anyway", 8000),
    ]
    made = joined(words, [(0, 1900, 0), (2000, 2800, 1), (6000, 8400, 0)])
    assert lines(made) == [
        "S1: I was late.",
        "S1: I am sorry about that.",
        "S2: You were late?",
        "S2: Yes.",
        "S1: well",
        "S1: anyway",
    ]
    assert [u.id for u in made.utterances] == [f"u{n:04d}" for n in range(1, 7)]


def test_a_short_sentence_runs_on_into_what_follows_at_once() -> None:
    assert lines(joined(said("Yeah. I can hear you."), [(0, 2000, 0)])) == ["S1: Yeah. I can hear you."]
    apart = [*said("Yeah.", 0), *said("I can hear you.", 900)]
    assert lines(joined(apart, [(0, 2000, 0)])) == ["S1: Yeah.", "S1: I can hear you."]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert lines(joined(said("I saw Dr. Smith on Monday."), [(0, 2000, 0)])) == ["S1: I saw Dr. Smith on Monday."]


def test_words_without_spaces_between_them_stay_together() -> None:
    words = [HeardWord(0, 300, "你", 0.9, 0), HeardWord(300, 600, "好。", 0.9, 0)]
    assert lines(joined(words, [(0, 600, 0)])) == ["S1: 你好。"]


def test_a_word_before_a_silence_is_cut_to_a_believable_length() -> None:
    assert clamp(HeardWord(1000, 5000, " so", 0.9, 0)).end_ms == 2000
    assert clamp(HeardWord(1000, 1900, " so", 0.9, 0)).end_ms == 1900


def test_a_long_word_that_is_spoken_at_its_end_keeps_its_end() -> None:
    made = joined([HeardWord(1000, 6000, " so", 0.9, 0)], [(5200, 6000, 0)])
    assert (made.words[0].start_ms, made.words[0].end_ms, made.words[0].speaker) == (5000, 6000, "S1")


def test_a_backchannel_that_was_not_written_is_speech_without_words() -> None:
    words = said("and then she told me everything", each_ms=1000)
    made = joined(words, [(0, 6000, 0), (2000, 2400, 1)])
    assert made.speech_without_words == (SpeakerTurn(2000, 2400, "S2"),)


def test_a_passage_that_is_missing_from_the_text_is_speech_without_words() -> None:
    words = [*said("first", 0, 500), *said("last", 9500, 500)]
    made = joined(words, [(0, 10_000, 0)])
    assert made.speech_without_words == (SpeakerTurn(750, 9250, "S1"),)


def test_flicker_between_two_voices_is_closed_and_dropped() -> None:
    assert tidy([(0, 500, 0), (560, 1000, 0), (505, 540, 1), (2000, 2300, 1)]) == [(0, 1000, 0), (2000, 2300, 1)]


_TURNS = st.lists(
    st.tuples(st.integers(0, 50_000), st.integers(100, 9000), st.integers(0, 3)).map(
        lambda t: (t[0], t[0] + t[1], t[2])
    ),
    max_size=12,
)
_WORDS = st.lists(st.tuples(st.integers(0, 800), st.integers(0, 5000), st.sampled_from([" yes.", " so", " Why?"])))


@given(_WORDS, _TURNS)
def test_every_word_is_in_exactly_one_utterance_of_its_speaker(
    spoken: list[tuple[int, int, str]], turns: list[tuple[int, int, int]]
) -> None:
    words, at = [], 0
    for number, (gap, length, text) in enumerate(spoken):
        words.append(HeardWord(at + gap, at + gap + length, text, 0.5, number // 3))
        at += gap + length
    made = joined(words, turns)
    assert [w.text for w in made.words] == [w.text.strip() for w in words]
    assert [i for u in made.utterances for i in range(u.first_word, u.end_word)] == list(range(len(words)))
    for utterance in made.utterances:
        members = made.words[utterance.first_word : utterance.end_word]
        assert {w.speaker for w in members} == {utterance.speaker}
        assert utterance.text == " ".join(w.text for w in members)
        assert utterance.start_ms <= utterance.end_ms <= MINUTE
    assert all(w.start_ms <= w.end_ms for w in made.words)
    assert transcript_from_dict(made.to_dict()) == made
