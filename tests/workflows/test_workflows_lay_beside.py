"""Two raters of a session: the Agreement screens and the coding room count the same agreements and disagreements.

The browser's half is `workbench/app/player/test/review-marks.test.mjs`; both read one sample.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clinic import Clinic
from workbench.app.parts.room_payload import room_payload
from workbench.app.parts.side_by_side import as_shown
from workbench.model.coding import NOT_OBSERVABLE
from workbench.model.ids import new_id
from workbench.model.people import Person
from workbench.model.scheme import CodeKind, CodingScheme
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript, Utterance, Word
from workbench.schemes.canonical import identified
from workbench.store import recordings
from workbench.workflows import agree, assign, code, compare_raters, keep_definition, lay_beside, open_recording, review

Make = Callable[..., dict[str, Any]]
SAMPLES = json.loads((Path(__file__).parents[1] / "fixtures" / "two_raters.json").read_text(encoding="utf-8"))
_ID = "00000000-0000-7000-8000-0000000000"


def transcribe(clinic: Clinic) -> None:
    """Four utterances of 20 s by provider and patient in turn, a word every two seconds."""
    words = tuple(Word(ms, ms + 1500, "…", f"S{ms // 20_000 % 2}", 1.0) for ms in range(0, 80_000, 2000))
    said = tuple(
        Utterance(f"u{n}", n * 20_000, (n + 1) * 20_000, f"S{n % 2}", "…", 10 * n, 10 * (n + 1)) for n in range(4)
    )
    transcript = Transcript(clinic.recording.duration_ms, "en", words, said, ())
    provider, patient = clinic.session.provider, clinic.session.patient
    assert provider and patient
    ident = new_id()
    name = open_recording.transcript_artefact(ident)
    clinic.workspace.vault.write(clinic.recording.id, name, json.dumps(transcript.to_dict()).encode())
    with clinic.workspace.changing(None, "transcript.add", "recording", clinic.recording.id) as connection:
        recordings.add_transcript(
            connection, clinic.recording.id, language="en", models={}, n_words=40, n_utterances=4, transcript_id=ident
        )
        recordings.map_speakers(connection, ident, {"S0": provider.participant_id, "S1": patient.participant_id})


def scheme_of(clinic: Clinic, sample: dict[str, Any]) -> tuple[CodingScheme, dict[str, str]]:
    """A scheme for the sample, and its point codes as A, B and C."""
    by_unit: dict[str, Any] = {"unit": "utterance", "units_of": ("patient",)} if sample["unit"] == "utterance" else {}
    made = identified(replace(clinic.scheme, name="sample", ratings=(), rules=(), **by_unit))
    points = [c.id for c in made.codes if c.kind is CodeKind.POINT][:3]
    return keep_definition.keep_scheme(clinic.workspace, None, made), dict(zip("ABC", points, strict=True))


def hand_in(
    clinic: Clinic, make: Make, rater: Person, said: dict[str, Any], scheme: CodingScheme, codes: dict[str, str]
) -> None:
    windows = [TimeSpan(1000 * start, 1000 * end) for start, end in said["windows"]]
    given = assign.assign(clinic.workspace, None, clinic.session.id, rater.id, scheme.hash, windows)
    coding = code.open_coding(clinic.workspace, rater, given.id).coding.id
    batch = []
    for name, letter, second, *unit in said["events"]:
        more = {"values": {"unit": unit[0]}, "end_ms": 1000 * second + 18_000} if unit else {}
        batch.append(make(event=_ID + name, code=codes[letter], start_ms=1000 * second, **more))
    for start, end in said.get("dark", ()):
        hidden = {"start_ms": 1000 * start, "end_ms": 1000 * end, "values": {"modifiers": ["reason:frozen"]}}
        batch.append(make(code=NOT_OBSERVABLE, **hidden))
    for unit, starts in said.get("boundaries", {}).items():
        batch.append(make("boundary", values={"unit": unit, "starts": starts}))
    written = code.write_operations(clinic.workspace, rater, coding, batch).result(10)
    assert not written.refused
    code.submit(clinic.workspace, rater, coding)


@pytest.mark.parametrize("sample", SAMPLES, ids=[s["name"] for s in SAMPLES])
def test_agreement_and_the_room_have_the_same_moments(clinic: Clinic, operation: Make, sample: dict[str, Any]) -> None:
    transcribe(clinic)
    scheme, codes = scheme_of(clinic, sample)
    # who began first is not who comes first
    for rater, said in ((clinic.second, sample["bo"]), (clinic.observer, sample["ada"])):
        hand_in(clinic, operation, rater, said, scheme, codes)
    chosen = agree.material(clinic.workspace, clinic.supervisor, agree.Choice())
    [pair] = compare_raters.seen_in_pairs(chosen)
    assert (pair.hits, pair.total, pair.comparison.left_out) == (
        sample["agree"],
        sample["total"],
        sample["not_counted"],
    )
    assert _short([d.events for d in compare_raters.differences(chosen, pair)]) == sample["differences"]

    found = review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert found.summary == f"Ada and Bo agree on {sample['agree']} of {sample['total']}"
    payload = room_payload(
        session=clinic.session,
        recording=clinic.recording,
        transcript=None,
        scheme=scheme,
        rater="Sue",
        csrf="",
        lanes=as_shown(found, scheme),
    )
    letters = {ident: letter for letter, ident in codes.items()}
    shown = [
        {
            "label": lane["label"],
            "events": [
                {
                    "id": e["id"][-2:],
                    "code": letters[e["code"]],
                    "start_ms": e["start_ms"],
                    "mark": e["mark"],
                    "pair": e["pair"] and e["pair"][-2:],
                }
                for e in lane["events"]
                if e["code"] != NOT_OBSERVABLE
            ],
        }
        for lane in payload["lanes"]
    ]
    assert shown == sample["lanes"]


def _short(ids: list[tuple[str, ...]]) -> list[list[str]]:
    return [[i[-2:] for i in pair] for pair in ids]


@pytest.mark.parametrize(
    ("sample", "event", "why"),
    [
        (SAMPLES[1], "a3", lay_beside.NOT_ASKED_OF_BOTH),
        (SAMPLES[1], "b3", lay_beside.NOT_SEEN_BY_BOTH),
        (SAMPLES[2], "b1", lay_beside.IN_NO_SHARED_UNIT),
    ],
    ids=["outside the window of one", "one could not look", "an utterance that the other does not have"],
)
def test_what_is_not_counted_says_why(
    clinic: Clinic, operation: Make, sample: dict[str, Any], event: str, why: str
) -> None:
    transcribe(clinic)
    scheme, codes = scheme_of(clinic, sample)
    for rater, said in ((clinic.observer, sample["ada"]), (clinic.second, sample["bo"])):
        hand_in(clinic, operation, rater, said, scheme, codes)
    found = review.side_by_side(clinic.workspace, clinic.supervisor, clinic.session.id)
    assert {m.event.id[-2:]: m.note for lane in found.lanes for m in lane.events}[event] == why
