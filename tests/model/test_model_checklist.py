"""What a checklist says, from codings drawn as small pictures.

One character is one minute. `R` a state of repair, `W` and `C` the exclusive states of a rupture, `b`
a point of the bond, `x` a stretch that could not be observed; `>` at the end: still open.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from workbench.model.checklist import Entry, EntryKind, blocking, checklist
from workbench.model.coding import NOT_OBSERVABLE, CodingContent, Event, Rating, Reason, event_order
from workbench.model.evidence import contradictions
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
from workbench.model.segments import segments_of
from workbench.model.span import TimeSpan
from workbench.model.transcript import Transcript, Utterance
from workbench.model.units import units

MINUTE = 60_000
HOUR = (TimeSpan(0, 60 * MINUTE),)
LETTERS = {"b": "bond", "R": "repair", "W": "withdrawal", "C": "confrontation", "x": NOT_OBSERVABLE}

SCHEME = CodingScheme(
    name="small",
    title="Small",
    version="1",
    description="",
    source="",
    rights="",
    authors=(),
    codes=(
        Code("bond", "Bond shows", CodeKind.POINT, "b", ""),
        Code("repair", "Repair", CodeKind.STATE, "r", ""),
        Code("withdrawal", "Withdrawal", CodeKind.STATE, "w", "", group="rupture"),
        Code("confrontation", "Confrontation", CodeKind.STATE, "c", "", group="rupture"),
    ),
    ratings=(RatingScale("bond", "Bond", 1, 7, "", no_evidence=True),),
)
RATED = (Rating("bond", 0, 4),)


def drawn(*lines: str) -> tuple[Event, ...]:
    """Events of a picture: a capital letter or x is a state as long as it goes on, b a moment."""
    events = []
    for n, line in enumerate(lines):
        place = 0
        while place < len(line):
            letter, end = line[place], place + 1
            if letter in LETTERS and letter != "b":
                while end < len(line) and line[end] == letter:
                    end += 1
                still_open = line[end : end + 1] == ">"
                known = ("reason:inaudible",) if letter == "x" else ()
                until = None if still_open else end * MINUTE
                events.append(Event(f"{n}{letter}{place}", LETTERS[letter], place * MINUTE, until, modifiers=known))
            elif letter == "b":
                events.append(Event(f"{n}b{place}", "bond", place * MINUTE))
            place = end
    return tuple(sorted(events, key=event_order))


def said(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.sentence for entry in entries]


def kinds(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.kind.value for entry in entries]


def test_a_coding_that_lacks_nothing_has_an_empty_checklist() -> None:
    assert checklist(SCHEME, CodingContent(drawn("..b.RR..WWCC..xx"), RATED), HOUR) == ()


def test_a_state_without_end_blocks_and_says_since_when() -> None:
    [entry] = checklist(SCHEME, CodingContent(drawn("...RRR>"), RATED), HOUR)
    assert entry.sentence == "“Repair” from 3:00 has no end yet." and entry.blocks
    assert (entry.kind, entry.event, entry.at_ms) == (EntryKind.OPEN, "0R3", 3 * MINUTE)


def test_a_stretch_not_observable_needs_an_end_and_a_reason_too() -> None:
    dark = replace(drawn("..xxx>")[0], modifiers=())
    assert said(checklist(SCHEME, CodingContent((dark,), RATED), HOUR)) == [
        "“Not observable” from 2:00 has no end yet.",
        "“Why” of “Not observable” at 2:00 is not answered yet.",
    ]


@pytest.mark.parametrize(
    ("picture", "at"),
    [
        pytest.param(["WWWW....", "..CC...."], ["2:00"], id="one begins inside the other"),
        pytest.param(["WWWWWWWW", ".CC.CC.."], ["1:00", "4:00"], id="a long one is held against each later one"),
        pytest.param(["WW......", "..CC...."], [], id="one ends where the other begins"),
        pytest.param(["WWWW....", "..RR...."], [], id="other groups may hold at once"),
        pytest.param(["WWWW....", "..WW...."], ["2:00"], id="the same state twice"),
    ],
)
def test_two_states_of_an_exclusive_group_at_once_are_found(picture: list[str], at: list[str]) -> None:
    entries = checklist(SCHEME, CodingContent(drawn(*picture), RATED), HOUR)
    assert kinds(entries) == ["overlap"] * len(at)
    assert [f"hold at once at {when};" in entry.sentence for entry, when in zip(entries, at, strict=True)] == [
        True for _ in at
    ]


def test_a_required_modifier_that_is_missing_is_named_with_its_code() -> None:
    strength = Modifier("strength", "Strength", (ModifierOption("weak", "Weak", "1"),), required=True)
    codes = (replace(SCHEME.codes[0], modifiers=(strength, replace(strength, id="tone", required=False))),)
    scheme = replace(SCHEME, codes=(*codes, *SCHEME.codes[1:]))
    without_it, with_it = drawn("b.b")
    content = CodingContent((without_it, replace(with_it, modifiers=("strength:weak",))), RATED)
    assert said(checklist(scheme, content, HOUR)) == ["“Strength” of “Bond shows” at 0:00 is not answered yet."]


def test_an_unsure_flag_is_listed_with_its_question_and_does_not_block() -> None:
    [event] = drawn("..W..")[:1]
    flagged = replace(event, unsure=True, second_choice="confrontation", question="Is silence enough?")
    entries = checklist(SCHEME, CodingContent((flagged,), RATED), HOUR)
    assert said(entries) == ["You were unsure about “Withdrawal” at 2:00; it could be “Confrontation”."]
    assert entries[0].detail == "Is silence enough?" and blocking(entries) == ()


# ---- ratings ----------------------------------------------------------------------------------

EACH = replace(SCHEME, ratings=(replace(SCHEME.ratings[0], each_segment=True),), segment_ms=5 * MINUTE)
QUARTER = (TimeSpan(0, 15 * MINUTE),)


@pytest.mark.parametrize(
    ("rating", "missing"),
    [
        pytest.param((), ["“Bond” is not rated yet."], id="no rating"),
        pytest.param((Rating("bond", 0, None),), ["“Bond” is not rated yet."], id="a rating taken away"),
        pytest.param((Rating("bond", 0, None, True),), [], id="no evidence is an answer"),
        pytest.param((Rating("bond", 3, 4),), ["“Bond” is not rated yet."], id="a segment is not the session"),
    ],
)
def test_a_scale_of_the_session_is_rated_once(rating: tuple[Rating, ...], missing: list[str]) -> None:
    assert said(checklist(SCHEME, CodingContent((), rating), HOUR)) == missing


def test_a_scale_of_segments_is_rated_in_each_of_them() -> None:
    entries = checklist(EACH, CodingContent((), (Rating("bond", 2, 4), Rating("bond", 0, 4))), QUARTER)
    assert said(entries) == ["“Bond” is not rated yet for 0:00 – 5:00.", "“Bond” is not rated yet for 10:00 – 15:00."]
    assert [(e.scale, e.segment, e.at_ms) for e in entries] == [("bond", 1, 0), ("bond", 3, 10 * MINUTE)]


def test_a_segment_of_which_nothing_could_be_observed_needs_no_rating() -> None:
    entries = checklist(EACH, CodingContent(drawn("....xxxxxx....."), (Rating("bond", 1, 4),)), QUARTER)
    assert [entry.segment for entry in entries] == [3]


# ---- ratings beside their evidence ------------------------------------------------------------


def rule(**changes: object) -> EvidenceRule:
    made = EvidenceRule("high_bond", "bond", 6, 7, ("bond",), "A high bond rests on two signs of it.", at_least=2)
    return replace(made, **changes)  # type: ignore[arg-type]


def ruled(scheme: CodingScheme = SCHEME, **changes: object) -> CodingScheme:
    return replace(scheme, rules=(rule(**changes),))


@pytest.mark.parametrize(
    ("picture", "value", "changes", "speaks_against"),
    [
        pytest.param("..b.b..", 6, {}, False, id="as much as the rule wants"),
        pytest.param("..b....", 6, {}, True, id="too little"),
        pytest.param("..b....", 5, {}, False, id="a value that the rule does not speak of"),
        pytest.param(".......", None, {}, False, id="no evidence contradicts nothing"),
        pytest.param("b.b.b..", 7, {"at_least": 0, "at_most": 2}, True, id="too much"),
        pytest.param("b.b....", 7, {"at_least": 0, "at_most": 2}, False, id="just not too much"),
        pytest.param("b.RR...", 7, {"codes": ("bond", "repair")}, False, id="several codes count together"),
        pytest.param("xxx.xxx", 7, {"codes": (NOT_OBSERVABLE,)}, True, id="what was not observed never counts"),
    ],
)
def test_a_rule_counts_its_codes(
    picture: str, value: int | None, changes: dict[str, Any], speaks_against: bool
) -> None:
    content = CodingContent(drawn(picture), (Rating("bond", 0, value, value is None),))
    assert bool(contradictions(ruled(**changes), content, ())) is speaks_against


#            segment 1 | segment 2 | segment 3
PICTURE = "....RR" + "....b.b" + ".."


def test_an_event_is_evidence_of_the_segment_in_which_it_starts() -> None:
    scheme = ruled(EACH, codes=("bond", "repair"), at_least=1)
    content = CodingContent(drawn(PICTURE), tuple(Rating("bond", n, 7) for n in (0, 1, 2, 3, 4)))
    assert [c.rating.segment for c in contradictions(scheme, content, segments_of(scheme, QUARTER))] == [2]


def test_a_scheme_can_switch_the_check_off() -> None:
    content = CodingContent((), (Rating("bond", 0, 7),))
    assert contradictions(replace(ruled(), check_evidence=False), content, ()) == ()


def test_a_contradiction_blocks_until_it_has_a_reason_and_then_shows_it() -> None:
    content = CodingContent(drawn("..b"), (Rating("bond", 0, 7),))
    [entry] = checklist(ruled(), content, HOUR)
    assert entry.sentence == "“Bond” is rated 7. A high bond rests on two signs of it. Counted: 1."
    assert (entry.blocks, entry.rule, entry.scale, entry.segment) == (True, "high_bond", "bond", 0)
    answered = replace(content, reasons=(Reason("high_bond", 0, "One strong sign"),))
    [entry] = checklist(ruled(), answered, HOUR)
    assert not entry.blocks and entry.detail == "One strong sign"
    elsewhere = replace(content, reasons=(Reason("high_bond", 2, "Of another segment"),))
    assert blocking(checklist(ruled(), elsewhere, HOUR))


def test_values_below_zero_keep_their_sign() -> None:
    scale = replace(SCHEME.ratings[0], low=-3, high=3)
    scheme = replace(ruled(low=-3, high=3), ratings=(scale,))
    for value, shown in ((-2, "−2"), (2, "+2"), (0, "0")):
        [entry] = checklist(scheme, CodingContent((), (Rating("bond", 0, value),)), HOUR)
        assert f"is rated {shown}. " in entry.sentence


# ---- passes and utterances --------------------------------------------------------------------


def test_every_pass_but_the_last_is_finished_by_the_rater() -> None:
    scheme = replace(SCHEME, passes=(CodingPass.LISTEN, CodingPass.CODE, CodingPass.RATE))
    content = CodingContent((), RATED, passes=("code",))
    [entry] = checklist(scheme, content, HOUR)
    assert entry.sentence == "Listening through once is not finished yet." and entry.blocks
    assert entry.coding_pass is CodingPass.LISTEN


#  0:00 P1   1:00 T1   2:00 P1   3:00 T1   4:00 nobody known
SPOKEN = Transcript(
    5 * MINUTE,
    "en",
    (),
    tuple(
        Utterance("", n * MINUTE, (n + 1) * MINUTE, who, "…", 0, 0) for n, who in enumerate(["P", "T", "P", "T", "?"])
    ),
    (),
)
WHO = {"P": "patient", "T": "provider"}


def missing_codes(scheme: CodingScheme, content: CodingContent) -> list[str]:
    cut = units(SPOKEN, content.boundaries)
    return said(checklist(scheme, replace(content, ratings=RATED), HOUR, cut, WHO))


def test_utterances_without_a_code_are_counted_and_the_first_is_named() -> None:
    scheme = replace(SCHEME, unit="utterance", units_of=("patient",))
    on = Event("e", "bond", 0, MINUTE, unit="u0")
    assert missing_codes(scheme, CodingContent()) == ["2 of 2 utterances have no code yet; the first is at 0:00."]
    assert missing_codes(scheme, CodingContent((on,))) == ["One utterance has no code yet; the first is at 2:00."]
    assert missing_codes(scheme, CodingContent((on,), boundaries={"u2": False})) == []
    assert missing_codes(scheme, CodingContent((on, *drawn("..x")))) == []
    assert missing_codes(replace(scheme, units_of=()), CodingContent((on,)))[0].startswith("4 of 5")
    assert missing_codes(replace(scheme, unit="event"), CodingContent()) == []


def test_codes_that_exclude_each_other_are_not_both_said_of_one_utterance() -> None:
    """As they are after two utterances that were coded differently became one."""
    either = [replace(SCHEME.codes[0], id=i, label=i, kind=CodeKind.UTTERANCE, group="act") for i in ("ask", "tell")]
    free = replace(SCHEME.codes[0], id="warm", label="warm", kind=CodeKind.UTTERANCE)
    scheme = replace(SCHEME, codes=(*either, free), unit="utterance", units_of=("patient",))
    codes = (("a", "ask", 0), ("b", "warm", 0), ("c", "tell", 2))
    events = tuple(Event(i, code, at * MINUTE, (at + 1) * MINUTE, unit=f"u{at}") for i, code, at in codes)
    assert missing_codes(scheme, CodingContent(events)) == []
    merged = CodingContent(events, boundaries={"u2": False})
    [sentence] = missing_codes(scheme, merged)
    assert sentence == "“ask” and “tell” are said of one utterance at 2:00; only one of them can."
