"""Coding units: split, merged, and what is coded of them; the same sample the coding component is tested on."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.model.coding import Event
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript, Utterance, Word
from workbench.model.units import Unit, uncoded, unit_of_each, units, units_to_code

SAMPLE = json.loads((Path(__file__).parent.parent / "fixtures" / "units.json").read_text(encoding="utf-8"))


def transcript(name: str) -> Transcript:
    raw = SAMPLE["transcripts"][name]
    return Transcript(
        duration_ms=20_000,
        language="en",
        words=tuple(Word(ms, ms + 300, "word", None) for ms in raw["words"]),
        utterances=tuple(Utterance("", start, end, who, "", a, b) for who, start, end, a, b in raw["utterances"]),
        turns=(),
    )


def written(unit: Unit) -> str:
    spans = [f"{s.start_ms}-{s.end_ms}" for s in unit.spans]
    return " ".join(["+".join(p.id for p in unit.pieces), unit.speaker or "-", *spans])


def events(raw: list[dict[str, Any]]) -> list[Event]:
    return [Event(str(n), "code", e["start_ms"], unit=e["unit"]) for n, e in enumerate(raw)]


def named(cases: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", [pytest.param(c, id=c["name"]) for c in SAMPLE[cases]])


@named("units")
def test_units(case: dict[str, Any]) -> None:
    made = units(transcript(case["transcript"]), case["boundaries"])
    assert [written(u) for u in made] == case["units"]
    assert all(u.id == u.pieces[0].id for u in made)
    assert all(u.start_ms == min(p.start_ms for p in u.pieces) for u in made)
    assert all(u.end_ms == max(p.end_ms for p in u.pieces) for u in made)


@named("events")
def test_the_unit_of_an_event(case: dict[str, Any]) -> None:
    made = units(transcript(case["transcript"]), case["boundaries"])
    (found,) = unit_of_each(events([case["event"]]), made)
    assert (found.id if found else None) == case["unit"]


@named("to_code")
def test_units_to_code_and_uncoded(case: dict[str, Any]) -> None:
    made = units(transcript(case["transcript"]), case["boundaries"])
    to_code = units_to_code(
        made,
        windows=[TimeSpan(*w) for w in case.get("windows", ())],
        not_observable=[TimeSpan(*w) for w in case.get("not_observable", ())],
        kinds=case.get("kinds"),
        units_of=case.get("units_of", ()),
    )
    assert [u.id for u in to_code] == case["to_code"]
    assert [u.id for u in uncoded(to_code, events(case["events"]), made)] == case["uncoded"]


boundaries = st.dictionaries(
    st.one_of(
        st.builds("u{}".format, st.integers(0, 6)), st.builds("u{}w{}".format, st.integers(0, 6), st.integers(0, 18))
    ),
    st.booleans(),
    max_size=12,
)


@given(boundaries, st.sampled_from(["talk", "overlap", "nobody"]))
def test_no_word_is_lost_or_told_twice_and_no_speakers_mix(changed: dict[str, bool], name: str) -> None:
    whole = transcript(name)
    made = units(whole, changed)
    words = sorted(w for u in made for p in u.pieces for w in range(p.first_word, p.end_word))
    assert words == list(range(len(whole.words)))
    assert {p.utterance for u in made for p in u.pieces} == set(range(len(whole.utterances)))
    assert all(whole.utterances[p.utterance].speaker == u.speaker for u in made for p in u.pieces)
    for place, utterance in enumerate(whole.utterances):
        pieces = sorted((p for u in made for p in u.pieces if p.utterance == place), key=lambda p: p.first_word)
        assert pieces[0].start_ms == utterance.start_ms
        assert pieces[-1].end_ms == utterance.end_ms
        assert all(a.end_ms == b.start_ms for a, b in pairwise(pieces))


@given(boundaries, boundaries)
def test_a_coded_unit_is_found_again_whatever_is_split_and_merged(
    before: dict[str, bool], after: dict[str, bool]
) -> None:
    whole = transcript("talk")
    coded = units(whole, before)
    marks = [Event(u.id, "code", u.start_ms, unit=u.id) for u in coded]
    holders = unit_of_each(marks, units(whole, after))
    for unit, holder in zip(coded, holders, strict=True):
        assert holder is not None
        first = unit.pieces[0]
        assert any(p.utterance == first.utterance and p.start_ms <= first.start_ms for p in holder.pieces)
