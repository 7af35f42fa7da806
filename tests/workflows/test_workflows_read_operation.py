"""What a browser sends is kept only as far as the scheme, the window and the people of the session allow."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest

from workbench.model.bounds import Bounds, misfit
from workbench.model.coding import NOT_OBSERVABLE, Event, Operation, OperationKind
from workbench.model.people import ParticipantKind
from workbench.model.scheme import (
    Code,
    CodeKind,
    CodingPass,
    CodingScheme,
    EvidenceRule,
    Modifier,
    ModifierOption,
    RatingScale,
)
from workbench.model.session_people import SessionPerson
from workbench.model.span import TimeSpan
from workbench.workflows.read_operation import MalformedOperation, read_operation

STRENGTH = Modifier("strength", "How strong", (ModifierOption("weak", "weak", "1"), ModifierOption("strong", "s", "2")))
SIGNS = Modifier(
    "signs", "Signs", (ModifierOption("voice", "voice", "v"), ModifierOption("face", "face", "f")), several=True
)
SCHEME = CodingScheme(
    "everything",
    "Everything",
    "1",
    "",
    "",
    "",
    (),
    (
        Code("opens", "Opens up", CodeKind.POINT, "o", "", modifiers=(STRENGTH, SIGNS)),
        Code("silence", "Silence", CodeKind.STATE, "s", ""),
        Code("question", "Question", CodeKind.UTTERANCE, "q", ""),
    ),
    (
        RatingScale("bond", "Bond", 1, 5, "", no_evidence=True),
        RatingScale("warmth", "Warmth", 1, 5, "", each_segment=True),
        RatingScale("safety", "Safety", -3, 3, "", start=0, of=("patient", "family")),
        RatingScale("purpose", "Purpose", -3, 3, "", start=0, of=("patient", "family"), together=True),
    ),
    unit="utterance",
    passes=(CodingPass.LISTEN, CodingPass.CODE),
    rules=(
        EvidenceRule("high", "bond", 4, 5, ("opens",), "A high bond shows."),
        EvidenceRule("safe", "safety", 2, 3, ("opens",), "Who is safe opens up.", 1),
    ),
)
#  0:00 ──── 1:00        2:00 ──── 3:00       two windows, four segments of half a minute
PEOPLE = tuple(
    SessionPerson(ident, label, ParticipantKind(ident.partition("-")[0]), None if label == "Whole family" else ident)
    for ident, label in (
        ("provider", "Provider"),
        ("patient", "Patient"),
        ("family-1", "Family member 1"),
        ("family-2", "Family member 2"),
        ("family", "Whole family"),
    )
)
BOUNDS = Bounds(
    SCHEME,
    (TimeSpan(0, 60_000), TimeSpan(120_000, 180_000)),
    people=PEOPLE,
    segments=4,
    n_utterances=40,
    n_words=300,
)
ALONE = replace(BOUNDS, people=PEOPLE[:2])
LIVE = replace(BOUNDS, windows=(), segments=0, on_clock=True)
ID = "159a8cbe-f5bc-43bd-a2ad-1c42ddb64f95"


def sent(kind: str, values: Any = None, **fields: Any) -> dict[str, Any]:
    raw = {"id": str(uuid.uuid4()), "kind": kind, "client_at": 1, "values": values or {}}
    if kind == "add":
        raw |= {"event": ID, "code": "opens", "start_ms": 1000, "end_ms": None}
    if kind == "amend":
        raw |= {"event": ID}
    return raw | fields


def refusal(raw: dict[str, Any], bounds: Bounds = BOUNDS) -> str:
    with pytest.raises(MalformedOperation) as refused:
        read_operation(raw, bounds)
    assert refused.value.operation_id == raw["id"] and str(refused.value).endswith(".")
    return str(refused.value)


KEPT = [
    sent("add"),
    sent("add", {"comment": "=1+1", "unsure": True, "second_choice": "silence", "question": "Is it?", "lag_ms": 400}),
    sent("add", {"modifiers": ["strength:weak", "signs:voice", "signs:face"], "who": "patient", "whom": "family-2"}),
    sent("add", code="silence", start_ms=59_999, end_ms=60_000),
    sent("add", {"unit": "u39w299"}, code="question", start_ms=59_000, end_ms=63_000),
    sent("add", {"unit": "u0"}, start_ms=118_000, end_ms=121_000),
    sent("add", {"modifiers": ["reason:frozen"]}, code=NOT_OBSERVABLE, end_ms=5000),
    sent("amend", {"start_ms": 5, "end_ms": None, "code": "silence", "deleted": False}),
    sent("amend", {"who": "", "whom": "", "unit": "", "second_choice": "", "question": ""}),
    sent("void", target=ID),
    sent("rate", {"scale": "bond", "segment": 0, "value": None, "no_evidence": True}),
    sent("rate", {"scale": "warmth", "segment": 4, "value": 5}),
    sent("rate", {"scale": "safety", "segment": 0, "person": "family-2", "value": -3}),
    sent("rate", {"scale": "purpose", "segment": 0, "value": 1}),
    sent("link", {"scale": "bond", "segment": 0, "event": ID}),
    sent("link", {"scale": "safety", "segment": 0, "person": "patient", "event": ID}),
    sent("reason", {"rule": "safe", "segment": 0, "person": "family-1", "reason": "It was in the face."}),
    sent("link", {"scale": "warmth", "segment": 2, "unit": "u3w12", "linked": False}),
    sent("note", {"note": ID, "at_ms": 90_000, "text": "between the windows"}),
    sent("boundary", {"unit": "u3w12", "starts": True}),
    sent("reason", {"rule": "high", "segment": 0, "reason": "Seen, not heard."}),
    sent("finish", {"pass": "listen", "done": True}),
]


@pytest.mark.parametrize("raw", KEPT, ids=lambda raw: f"{raw['kind']} {raw['values']}"[:60])
def test_what_fits_is_kept_as_it_was_sent(raw: dict[str, Any]) -> None:
    kept = read_operation(raw, BOUNDS)
    assert kept.kind.value == raw["kind"]
    assert raw["values"].items() <= dict(kept.values).items()


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (sent("add", code="nonsense"), "no code 'nonsense'"),
        (sent("add", start_ms=60_000), "1:00 is outside the observation window"),
        (sent("add", code="silence", start_ms=50_000, end_ms=130_000), "2:10 is outside the observation window"),
        (sent("add", {"unit": "u1"}, start_ms=70_000, end_ms=75_000), "1:10 is outside"),
        (sent("add", end_ms=2000), "“Opens up” is a moment; it has no end"),
        (sent("add", code="silence", end_ms=500), "cannot end before it starts"),
        (sent("add", code="question", end_ms=2000), "needs to know of which"),
        (sent("add", {"unit": "3"}), "no unit '3'"),
        (sent("add", {"unit": "u03"}), "no unit 'u03'"),
        (sent("add", {"unit": "u40"}), "no unit 'u40'"),
        (sent("add", {"unit": "u3w300"}), "no unit 'u3w300'"),
        (sent("add", {"unit": 3}), "no unit '3'"),
        (sent("add", {"modifiers": ["strength:weak", "strength:strong"]}), "takes one answer to “How strong”"),
        (sent("add", {"modifiers": ["signs:face", "signs:face"]}), "twice"),
        (sent("add", {"modifiers": ["strength:huge"]}), "no modifier 'strength:huge'"),
        (sent("add", {"modifiers": "strength:weak"}), "list of words"),
        (sent("add", {"modifiers": ["strength:weak"]}, code="silence"), "“Silence” has no modifier"),
        (sent("add", code=NOT_OBSERVABLE), "has one reason"),
        (sent("add", {"modifiers": ["reason:bored"]}, code=NOT_OBSERVABLE), "has one reason"),
        (sent("add", {"who": "P03"}), "no 'P03' among the people"),
        (sent("add", {"whom": ["patient"]}), "among the people"),
        (sent("add", {"second_choice": "nonsense"}), "no code 'nonsense'"),
        (sent("add", {"question": "x" * 4001}), "A question is text of at most 4000 characters"),
        (sent("add", {"question": "half \ud83d"}), "A question is text"),
        (sent("add", {"lag_ms": 5001}), "at most 5000 ms"),
        (sent("add", {"lag_ms": -1}), "whole number"),
        (sent("add", {"lag_ms": 0.5}), "whole number"),
        (sent("add", {"deleted": True}), "has no deleted"),
        (sent("amend", {"patient": "name"}), "has no patient"),
        (sent("amend", {"unsure": 1}), "unsure is yes or no"),
        (sent("rate", {"scale": "bond", "segment": 1, "value": 3}), "rated once for the session"),
        (sent("rate", {"scale": "warmth", "value": 3}), "segments 1 to 4; found 0"),
        (sent("rate", {"scale": "warmth", "segment": 5, "value": 3}), "segments 1 to 4; found 5"),
        (sent("rate", {"scale": "warmth", "segment": 1, "no_evidence": True}), "not one of its answers"),
        (sent("rate", {"scale": "bond", "value": 3, "mood": 1}), "has no mood"),
        (sent("rate", {"scale": "bond", "value": 3, "person": "patient"}), "not rated person by person"),
        (sent("rate", {"scale": "purpose", "value": 3, "person": "patient"}), "not rated person by person"),
        (sent("rate", {"scale": "safety", "value": 3}), "for Patient, Family member 1, Family member 2; found ''"),
        (sent("rate", {"scale": "safety", "value": 3, "person": "family"}), "found 'family'"),
        (sent("rate", {"scale": "safety", "value": 3, "person": "provider"}), "found 'provider'"),
        (sent("rate", {"scale": "safety", "value": 3, "person": ["patient"]}), "is rated for Patient"),
        (sent("rate", {"scale": "safety", "value": 3, "segment": 1, "person": "patient"}), "not for segment 1"),
        (sent("reason", {"rule": "safe", "reason": "x", "person": "P03"}), "found 'P03'"),
        (sent("rate", {"scale": "bond", "value": 3, "no_evidence": "no"}), "no_evidence is yes or no"),
        (sent("link", {"scale": "bond"}), "one of them"),
        (sent("link", {"scale": "bond", "event": ID, "unit": "u3"}), "one of them"),
        (sent("link", {"scale": "bond", "event": "e1"}), "id of its event"),
        (sent("link", {"scale": "mood", "event": ID}), "no rating 'mood'"),
        (sent("note", {"note": "n1", "at_ms": 0, "text": ""}), "needs an id"),
        (sent("note", {"note": ID, "at_ms": 0, "text": "x" * 4001}), "A note is text"),
        (sent("boundary", {"unit": "u3"}), "starts is yes or no"),
        (sent("reason", {"rule": "low", "reason": "x"}), "no rule 'low'"),
        (sent("reason", {"rule": "high", "reason": "  "}), "this one is empty"),
        (sent("finish", {"pass": "rate", "done": True}), "no pass 'rate'"),
        (sent("clock", {"origin_at": 1}), "while it happens"),
        (sent("align", {"shift_ms": 1}), "laid on its recording"),
        (sent("void"), "needs the id of what it undoes"),
        (sent("sing"), "found 'sing'"),
        (sent("note", values=[1]), "values must be an object"),
    ],
)
def test_what_does_not_fit_is_refused_with_one_sentence(raw: dict[str, Any], sentence: str) -> None:
    assert sentence in refusal(raw)


def test_where_nobody_else_is_there_nothing_is_rated_of_the_family() -> None:
    assert read_operation(sent("rate", {"scale": "safety", "person": "patient", "value": 0}), ALONE)
    assert "is rated for Patient; found 'family-1'" in refusal(
        sent("rate", {"scale": "safety", "person": "family-1", "value": 0}), ALONE
    )
    assert "of several people together" in refusal(sent("rate", {"scale": "purpose", "value": 0}), ALONE)


def test_without_units_in_the_scheme_nothing_has_one() -> None:
    plain = replace(BOUNDS, scheme=replace(SCHEME, unit="event", codes=SCHEME.codes[:2]))
    for raw in (sent("add", {"unit": "u3"}), sent("boundary", {"unit": "u3", "starts": False})):
        assert "does not code utterances" in refusal(raw, plain)


def test_an_utterance_is_evidence_also_where_the_scheme_codes_events() -> None:
    plain = replace(BOUNDS, scheme=replace(SCHEME, unit="event", codes=SCHEME.codes[:2]))
    read = read_operation(sent("link", {"scale": "bond", "segment": 0, "unit": "u3"}), plain)
    assert read.values == {"scale": "bond", "segment": 0, "unit": "u3", "linked": True}
    assert "no unit 'u40'" in refusal(sent("link", {"scale": "bond", "segment": 0, "unit": "u40"}), plain)


def test_a_live_coding_has_a_clock_and_no_window_binds_its_times() -> None:
    for raw in (
        sent("clock", {"origin_at": 1_700_000_000_000, "stopped_ms": None}),
        sent("clock", {"origin_at": 1_700_000_000_000, "stopped_ms": 3_000_000}),
        sent("add", start_ms=5_000_000),
        sent("rate", {"scale": "warmth", "segment": 12, "value": 3}),
    ):
        assert read_operation(raw, LIVE)
    assert "beyond any recording" in refusal(sent("add", start_ms=2**40), LIVE)
    assert "laid on its recording" in refusal(sent("align", {"shift_ms": -2500}), LIVE)


@pytest.mark.parametrize(
    ("event", "changed", "sentence"),
    [
        (Event("e", "opens", 1000, None, modifiers=("signs:voice",)), {"comment"}, None),
        (Event("e", "silence", 1000, None, modifiers=("signs:voice",)), {"code"}, "“Silence” has no modifier"),
        (Event("e", "opens", 1000, 2000), {"code"}, "is a moment"),
        (Event("e", "opens", 1000, 2000), {"comment"}, None),
        (Event("e", NOT_OBSERVABLE, 1000, 2000), {"code"}, "has one reason"),
        (Event("e", "silence", 50_000, 130_000), {"end_ms"}, "outside"),
        (Event("e", "silence", 900_000), {"unsure"}, None),
    ],
)
def test_an_amendment_is_held_against_the_event_it_makes(event: Event, changed: set[str], sentence: str | None) -> None:
    found = misfit(event, changed, bounds=BOUNDS)
    assert found is None if sentence is None else found is not None and sentence in found


def test_every_kind_of_operation_has_been_tried() -> None:
    assert {raw["kind"] for raw in KEPT} | {"clock", "align"} == {kind.value for kind in OperationKind}
    assert isinstance(read_operation(KEPT[0], BOUNDS), Operation)
