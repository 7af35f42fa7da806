"""Each transcript format, held against the reader that people use for it."""

import io
import json
import re
from pathlib import Path

import pysubs2
import pytest
import webvtt
from hypothesis import example, given
from hypothesis import strategies as st
from pyannote.database.util import load_rttm

from workbench.exchange import formats as exchange
from workbench.exchange import plain_text, rttm, stm, subrip, transcript_json
from workbench.exchange import webvtt as our_webvtt
from workbench.exchange.formats import Format, FormatError, Meta
from workbench.exchange.table_schema import TABLES
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance, Word
from workbench.registry import shipped

CONSENT = "Both of us agree to recording & coding -->\n\nuntil <2031>."
META = Meta("dev 1", CONSENT, "2025-01-31", "First session", {"S1": "Provider", "S2": "Patient"})

NASTY = [
    "a --> b, 1 < 2 && 3 > 2 <v Mallory>&amp;",
    "00:00:01,000 --> 00:00:02,000",
    "<i>no</i> {\\an8} <b",
    "مرحبا، كيف حالك؟",
    "one\ntwo\r\n\r\nthree\u2028four\x0cfive",
    "=cmd()|'/c calc'!A1",
    ";; not a comment",
    "<O> label-like",
    "NOTE this",
    "WEBVTT",
    "42",
]


def transcript_of(*texts, speakers=("S1", "S2")):
    """One utterance of two seconds for each text, the speakers in turn."""
    utterances, words = [], []
    for i, text in enumerate(texts):
        speaker = speakers[i % len(speakers)]
        words.append(Word(i * 2000, i * 2000 + 1500, text, speaker, 0.9))
        utterances.append(Utterance(f"u{i + 1}", i * 2000, i * 2000 + 1500, speaker, text, i, i + 1))
    turns = tuple(SpeakerTurn(u.start_ms, u.end_ms, u.speaker) for u in utterances if u.speaker)
    return Transcript(len(texts) * 2000, "en", tuple(words), tuple(utterances), turns, (), {"asr": "base"}, {"beam": 5})


def flat(text):
    """The words of a text, whatever separates them."""
    return re.sub(r"[\s\x00-\x1f\x7f\x85\ufffd\u200b]+", " ", text).strip()


def voices_of(vtt):
    """What webvtt-py reads: (voice, text) of each cue, character references resolved."""
    import html

    cues = webvtt.from_buffer(io.BytesIO(vtt), format="vtt", strict=True).captions
    return [(html.unescape(c.voice) if c.voice else None, html.unescape(c.text)) for c in cues]


def test_the_registry_finds_the_six_standard_formats():
    known = exchange.formats()
    assert set(exchange.STANDARD) <= set(known)
    assert all(known[name].suffix == name for name in exchange.STANDARD)


def test_an_installed_format_is_found_through_its_entry_point(monkeypatch):
    added = Format("eaf", "eaf", "ELAN", lambda t, m: b"")

    class Point:
        value, dist = "elsewhere:FORMAT", None

        def load(self):
            return added

    monkeypatch.setattr("workbench.registry.installed", lambda group: [Point()] if group == exchange.GROUP else [])
    assert exchange.formats()["eaf"] is added


@pytest.mark.parametrize("statement, date", [("", "2025-01-31"), ("  \n", "2025-01-31"), ("Yes.", " ")])
def test_nothing_can_be_written_without_a_dated_statement_of_consent(statement, date):
    with pytest.raises(ValueError, match="nothing of this recording is written"):
        Meta("x", statement, date)


@pytest.mark.parametrize("name", sorted(set(exchange.STANDARD)))
def test_the_consent_stands_in_every_format_that_says_so(name):
    found = exchange.formats()[name]
    written = found.write(transcript_of("Hello."), META).decode()
    assert ("until <2031>." in written) == found.keeps_consent
    assert ("2025-01-31" in written) == found.keeps_consent
    assert found.keeps_consent == (name not in ("srt", "rttm"))


# --- JSON


def test_json_gives_back_the_very_transcript_and_its_consent():
    transcript = transcript_of(*NASTY)
    written = transcript_json.write(transcript, META)
    assert transcript_json.read(written) == transcript
    assert transcript_json.read_meta(written) == META
    assert json.loads(written)["program"]["name"] == "alliance-workbench"


@pytest.mark.parametrize("data", [b"\xff", b"[]", b"{}", b'{"format": "alliance-workbench/transcript/1"}'])
def test_json_that_is_no_transcript_is_refused_in_a_sentence(data):
    with pytest.raises(FormatError, match=r"not JSON|expected|incomplete"):
        transcript_json.read(data)


# --- WebVTT


def test_webvtt_keeps_hostile_text_and_speakers_whole():
    meta = Meta("x", CONSENT, "2025-01-31", "", {"S1": "=cmd()", "S2": "Ann <b> & Co\n> all"})
    cues = voices_of(our_webvtt.write(transcript_of(*NASTY), meta))
    assert [text for _, text in cues] == [flat(t) for t in NASTY]
    assert [voice for voice, _ in cues[:2]] == ["=cmd()", "Ann <b> & Co > all"]


def test_webvtt_comment_holds_the_consent_and_cannot_break_out():
    written = our_webvtt.write(transcript_of("Hi."), META)
    note = webvtt.from_buffer(io.BytesIO(written), format="vtt", strict=True).header_comments
    assert note == [
        "Transcript: First session\nConsent (2025-01-31): Both of us agree to recording & coding →\nuntil <2031>."
    ]
    assert written.decode().count("-->") == 1


def test_webvtt_cues_stand_in_the_order_of_their_starts_and_last_at_least_a_millisecond():
    late, early = Utterance("u1", 5000, 5000, "S1", "late", 0, 1), Utterance("u2", 1000, 1000, None, "early", 0, 1)
    written = our_webvtt.write(Transcript(6000, "en", (), (late, early), ()), META).decode()
    assert re.findall(r"[\d:.]+ --> [\d:.]+", written) == [
        "00:00:01.000 --> 00:00:01.001",
        "00:00:05.000 --> 00:00:05.001",
    ]


def test_webvtt_past_the_first_hour_counts_hours():
    utterance = Utterance("u1", 3_725_004, 3_726_000, "S1", "x", 0, 1)
    written = our_webvtt.write(Transcript(4_000_000, "en", (), (utterance,), ()), META).decode()
    assert "01:02:05.004 --> 01:02:06.000" in written


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=20))
@example(["a\u0000b", "&lt;", "\ufeff", "\x85"], "x>y")
def test_webvtt_reads_back_as_written(texts, name):
    transcript = transcript_of(*texts)
    meta = Meta("x", "Yes.", "2025-01-31", "", {"S1": name or "A", "S2": "B"})
    written = our_webvtt.write(transcript, meta)
    wanted = [flat(t) for t in texts if flat(t) or "\ufffd" in t or "\u200b" in t]
    back = [flat(u.text) for u in our_webvtt.read(written).utterances]
    assert [t for t in back if t] == [t for t in wanted if t]
    assert len(voices_of(written)) == len(back)


@pytest.mark.parametrize(
    "text, said",
    [
        ("1\n00:00:01,000 --> 00:00:02,000\nx", "expected WEBVTT"),
        ("WEBVTT\n\n00:01 --> 00:02\nx", "not a cue"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", "ends before"),
    ],
)
def test_what_is_not_webvtt_is_refused_in_a_sentence(text, said):
    with pytest.raises(FormatError, match=said):
        our_webvtt.read(text.encode())


# --- SubRip


def test_subrip_is_read_by_pysubs2_with_the_text_a_person_sees():
    written = subrip.write(transcript_of(*NASTY), META).decode()
    subs = pysubs2.SSAFile.from_string(written, format_="srt")
    assert [(e.start, e.end) for e in subs] == [(i * 2000, i * 2000 + 1500) for i in range(len(NASTY))]
    names = ["Provider", "Patient"]
    seen = [flat(e.text.replace("\u200b", "")) for e in subs]
    assert seen == [flat(f"{names[i % 2]}: {t}") for i, t in enumerate(NASTY)]


@given(st.lists(st.text(alphabet=st.sampled_from("<>{}-: ,.0123\n\rabi/"), max_size=50), max_size=5))
def test_subrip_never_gains_or_loses_a_subtitle(texts):
    written = subrip.write(transcript_of(*texts, speakers=("S1", None)), META).decode()
    assert len(pysubs2.SSAFile.from_string(written, format_="srt")) == sum(bool(flat(t)) for t in texts)


# --- RTTM and STM


def test_pyannote_reads_the_turns_of_the_rttm():
    turns = (SpeakerTurn(1250, 4005, "S1"), SpeakerTurn(3900, 5000, "S2"), SpeakerTurn(6000, 6001, "S1"))
    meta = Meta('NA "x"\ty', "Yes.", "2025-01-31", "", {"S1": "Dr. Ann\tBerg", "S2": "null"})
    [annotation] = load_rttm(io.BytesIO(rttm.write(Transcript(7000, "en", (), (), turns), meta))).values()
    read = [(round(s.start, 3), round(s.end, 3), who) for s, _, who in annotation.itertracks(yield_label=True)]
    assert read == [(1.25, 4.005, "Dr._Ann_Berg"), (3.9, 5.0, "null_"), (6.0, 6.001, "Dr._Ann_Berg")]
    assert annotation.uri == "NA_x_y"


def test_two_speakers_whose_names_become_one_word_stay_two_and_one_name_stays_one():
    turns = tuple(SpeakerTurn(i * 1000, i * 1000 + 500, f"S{i + 1}") for i in range(3))
    meta = Meta("x", "Yes.", "2025-01-31", "", {"S1": "Ann B", "S2": "Ann  /B", "S3": "Ann B"})
    read = rttm.read(rttm.write(Transcript(3000, "en", (), (), turns), meta))
    assert [t.speaker for t in read.turns] == ["Ann_B", "Ann_B_S2", "Ann_B"]


def test_stm_keeps_one_line_for_each_utterance_under_the_consent():
    written = stm.write(transcript_of(*NASTY), META).decode()
    comments = [line for line in written.splitlines() if line.startswith(";;")]
    assert comments == [";; Consent (2025-01-31): Both of us agree to recording & coding -->", ";; until <2031>."]
    read = stm.read(written.encode())
    assert [u.text for u in read.utterances] == [flat(t) for t in NASTY]
    assert {u.speaker for u in read.utterances} == {"Provider", "Patient"}
    assert all(line.startswith("dev_1 1 ") for line in written.split("\n") if line and not line.startswith(";;"))


@pytest.mark.parametrize("name", ["dev1_rupture_repair", "dev2_goals", "dev3_homework"])
def test_the_true_transcripts_of_the_samples_come_back_from_stm_and_rttm(name):
    folder = shipped("sample_media")
    truth = json.loads((folder / f"{name}.json").read_text())["turns"]
    read = stm.read((folder / f"{name}.stm").read_bytes())
    assert [(u.start_ms, u.end_ms, u.speaker, u.text) for u in read.utterances] == [
        (round(t["start"] * 1000), round(t["end"] * 1000), t["speaker"], t["text"]) for t in truth
    ]
    meta = Meta(name, "Fictional.", "2025-01-31")
    without_comments = stm.write(read, meta).split(b"\n", 1)[1]
    assert without_comments == (folder / f"{name}.stm").read_bytes()
    turns = rttm.read((folder / f"{name}.rttm").read_bytes())
    assert rttm.read(rttm.write(turns, meta)) == turns


def test_broken_rttm_and_stm_lines_are_all_named():
    with pytest.raises(FormatError, match=r"line 1: .*\nline 3: ") as error:
        rttm.read(b"SPEAKER a 1 x 1.0 <NA> <NA> S1 <NA> <NA>\n;; fine\nSPEAKER a 1 -1 1 <NA> <NA> S1 <NA> <NA>\n")
    assert "line 2" not in str(error.value)
    with pytest.raises(FormatError, match=r"line 2: .*\nseveral recordings"):
        stm.read(b"a 1 S 0 1 hi\na 1 S 2 1 hi\nb 1 S 0 1 ho\n")


# --- reading text


def test_the_reading_text_shows_turns_with_clock_times_and_speech_without_words():
    utterances = (
        Utterance("u1", 1200, 3000, "S1", "How are you?", 0, 1),
        Utterance("u2", 3500, 4000, "S1", "Take your time.", 0, 1),
        Utterance("u3", 65_000, 66_000, "S2", "Fine.\nReally.", 0, 1),
        Utterance("u4", 80_000, 81_000, "S2", "And you?", 0, 1),
    )
    turns = (SpeakerTurn(1200, 4000, "S1"), SpeakerTurn(65_000, 66_000, "S2"))
    wordless = (SpeakerTurn(5000, 5300, "S2"),)
    written = plain_text.write(Transcript(90_000, "en", (), utterances, turns, wordless), META).decode()
    head, _, body = written.partition("\n\n")
    assert head.split("\n")[:3] == [
        "First session",
        "Consent (2025-01-31): Both of us agree to recording & coding -->",
        "until <2031>.",
    ]
    assert body.strip().split("\n\n") == [
        "[0:01] Provider: How are you? Take your time.",
        "[0:05] Patient: (speech without words)",
        "[1:05] Patient: Fine. Really.",
        "[1:20] Patient: And you?",
    ]


def test_an_empty_transcript_says_that_no_speech_was_found():
    empty = Transcript(5000, "en", (), (), ())
    assert "No speech was found." in plain_text.write(empty, META).decode()
    assert voices_of(our_webvtt.write(empty, META)) == []
    assert subrip.write(empty, META) == rttm.write(empty, META) == b""


def test_the_page_on_formats_names_every_format_and_every_table():
    page = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    assert [f.suffix for f in exchange.formats().values() if f"| `.{f.suffix}` |" not in page] == []
    assert [table for table in TABLES if f"| `{table}` |" not in page] == []
