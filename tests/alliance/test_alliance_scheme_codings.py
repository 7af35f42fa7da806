"""Scripted codings of the shipped schemes (`sample_media/codings_of_schemes/SCHEME.SESSION.json`): each fits its
scheme and what is said in the session, and its derived scores come out as they were worked out by hand.

A coding is a sample coding (`sample_media/codings`), and more:

- an event may have `modifiers` ("set:option" each), `who` and `whom` ("patient", "provider", "family-1", "family"),
  and `unit`, a coding unit of the transcript, where utterances are coded; `boundaries`: where units were split and
  merged
- a rating of a segment has `segment`, from 1 on, one of a person `person`; `people` are those of the session, where
  they are more than a provider and a patient
- `not_coded`: where an example or near-miss of a code quotes the session and the coding has no such code there, the
  `code`, the `quote` and in `rationale` why
- `scores`: for every derived score its `value`, to two decimals or more, and in `by_hand` how it was reckoned; also
  the `reason` why there is none, the `level`, how many events were `left_out`

`SCHEME.imagined.json` is of no session: a made-up half hour that has what the sample sessions lack.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from workbench.alliance import ScoreValue, derived_scores
from workbench.model.checklist import checklist
from workbench.model.coding import CodingContent, Event, Rating
from workbench.model.observed import observed_ms
from workbench.model.people import ParticipantKind
from workbench.model.rated import ratings_asked
from workbench.model.scheme import CodeKind, CodingScheme, DerivedScore
from workbench.model.session_people import SessionPerson, kind_of
from workbench.model.span import TimeSpan
from workbench.model.transcript import transcript_from_dict
from workbench.model.units import Unit, units
from workbench.registry import shipped, shipped_files
from workbench.schemes import shipped_schemes

IMAGINED = "imagined"
FILES = list(shipped_files("sample_media", "codings_of_schemes/*.json"))
TALKING = {"provider": "T", "patient": "C", "family": "F"}
SCHEMES = shipped_schemes()
every_file = pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
every_coding = pytest.mark.parametrize("path", [f for f in FILES if IMAGINED not in f.stem], ids=lambda p: p.stem)
SAID = [*(f for f in FILES if IMAGINED not in f.stem), *shipped_files("sample_media", "codings/*.criterion.json")]
every_said = pytest.mark.parametrize("path", SAID, ids=lambda p: p.stem)
NEAR_MS = 4000
every_scheme = pytest.mark.parametrize("scheme", SCHEMES.values(), ids=lambda s: s.name)


def read(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def scheme_of(coding: dict[str, Any]) -> CodingScheme:
    return SCHEMES[coding["scheme"]]


def windows_of(coding: dict[str, Any]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(*window) for window in coding["windows"])


def content_of(coding: dict[str, Any]) -> CodingContent:
    events = tuple(
        Event(
            f"e{n}",
            e["code"],
            e["start_ms"],
            e["end_ms"],
            modifiers=tuple(e.get("modifiers", ())),
            who=e.get("who", ""),
            whom=e.get("whom", ""),
            unit=e.get("unit", ""),
        )
        for n, e in enumerate(coding["events"])
    )
    ratings = tuple(
        Rating(r["scale"], r.get("segment", 0), r["value"], r["no_evidence"], r.get("person", ""))
        for r in coding["ratings"]
    )
    return CodingContent(events, ratings, passes=scheme_of(coding).passes, boundaries=coding.get("boundaries", {}))


def people_of(coding: dict[str, Any]) -> tuple[SessionPerson, ...]:
    """Those of the session; the whole family where it has several members."""
    names = coding.get("people", ["provider", "patient"])
    several = any(name.startswith("family-") for name in names)
    return tuple(
        SessionPerson(name, name, ParticipantKind(kind_of(name)), None if several and name == "family" else name)
        for name in names
    )


def units_of(coding: dict[str, Any]) -> tuple[Unit, ...]:
    if scheme_of(coding).unit != "utterance" or coding["recording"] == IMAGINED:
        return ()
    said = read(shipped("sample_media") / f"{coding['recording']}.transcript.json")
    return units(transcript_from_dict(said), coding["boundaries"])


def scores_of(coding: dict[str, Any], scheme: CodingScheme) -> tuple[ScoreValue, ...]:
    return derived_scores(scheme, content_of(coding), windows_of(coding), units_of(coding))


def codings_of(scheme: CodingScheme) -> list[dict[str, Any]]:
    return [read(f) for f in FILES if f.stem.partition(".")[0] == scheme.name]


@every_coding
def test_a_scheme_s_coding_fits_the_scheme_and_the_session(path: Path) -> None:
    coding = read(path)
    scheme = scheme_of(coding)
    assert path.stem == f"{scheme.name}.{coding['recording']}"
    assert coding["scheme_version"] == scheme.version
    length = round(read(shipped("sample_media") / f"{coding['recording']}.json")["duration"] * 1000)
    assert all(0 <= start < end <= length for start, end in coding["windows"])
    assert [e["start_ms"] for e in coding["events"]] == sorted(e["start_ms"] for e in coding["events"])
    for event in coding["events"]:
        code = scheme.code(event["code"])
        assert (event["end_ms"] is None) == (code.kind is CodeKind.POINT), event
        span = TimeSpan(event["start_ms"], event["end_ms"] or event["start_ms"] + 1)
        assert any(w.start_ms <= span.start_ms and span.end_ms <= w.end_ms for w in windows_of(coding)), event
        assert event["rationale"].rstrip('"').endswith((".", "?")), event
        given = event.get("modifiers", [])
        assert set(given) <= {f"{m.id}:{o.id}" for m in code.modifiers for o in m.options}, event
        for modifier in code.modifiers:
            answers = sum(g.startswith(f"{modifier.id}:") for g in given)
            assert answers <= 1 or modifier.several, (event, modifier.id)


@every_coding
def test_what_a_scheme_s_coding_says_of_a_person_is_where_that_person_speaks_or_does_something(path: Path) -> None:
    coding = read(path)
    truth = read(shipped("sample_media") / f"{coding['recording']}.json")
    shown = truth.get("picture", [])
    for event in coding["events"]:
        code = scheme_of(coding).code(event["code"])
        who = TALKING.get(kind_of(event["who"]) if event.get("who") else code.who)
        at = event["start_ms"] / 1000
        near = {t["speaker"] for t in [*truth["turns"], *shown] if t["start"] - 0.5 <= at <= t["end"] + 0.5}
        assert who is None or who in near, event


@every_coding
def test_what_the_picture_shows_is_coded_as_long_as_it_is_shown(path: Path) -> None:
    """Eyes in the camera or off the call, and who leans in: a session that was drawn says when."""
    coding = read(path)
    codes = {code.id: code for code in scheme_of(coding).codes}
    shown = {
        (seen["shows"], round(1000 * seen["start"]), round(1000 * seen["end"]))
        for seen in read(shipped("sample_media") / f"{coding['recording']}.json").get("picture", ())
    }
    wanted = {(c, at, None if codes[c].kind is CodeKind.POINT else end) for c, at, end in shown if c in codes}
    of_picture = {c for c, _, _ in shown}
    assert {(e["code"], e["start_ms"], e["end_ms"]) for e in coding["events"] if e["code"] in of_picture} == wanted


@every_coding
def test_a_scheme_s_coding_could_be_handed_in(path: Path) -> None:
    """Every rating and required modifier is answered, no group is coded twice at once, no rule is broken."""
    coding = read(path)
    scheme, content, windows = scheme_of(coding), content_of(coding), windows_of(coding)
    kinds = {"S1": "provider", "S2": "patient"}
    assert checklist(scheme, content, windows, units=units_of(coding), kinds=kinds, people=people_of(coding)) == ()
    assert len({r.place for r in content.ratings}) == len(ratings_asked(scheme, content, windows))
    for given in coding["ratings"]:
        scale = scheme.rating(given["scale"])
        assert (given["value"] is None) == given["no_evidence"] <= scale.no_evidence, given
        assert given["value"] is None or scale.low <= given["value"] <= scale.high, given
        assert given["rationale"].rstrip('"').endswith((".", "?")), given


@every_file
def test_the_scores_of_a_scheme_s_coding_are_those_worked_out_by_hand(path: Path) -> None:
    coding = read(path)
    scheme = scheme_of(coding)
    assert coding["scheme_version"] == scheme.version
    assert sorted(coding["scores"]) == sorted(s.id for s in scheme.scores)
    for found in scores_of(coding, scheme):
        by_hand = coding["scores"][found.score.id]
        assert found.value == pytest.approx(by_hand["value"], abs=0.006), (found, by_hand)
        assert found.reason == by_hand.get("reason", ""), found
        assert found.level == by_hand.get("level", ""), found
        if "left_out" in by_hand:
            assert found.left_out == by_hand["left_out"], found
        assert by_hand["by_hand"].rstrip('"').endswith("."), found.score.id


@every_said
def test_an_example_quoted_from_a_session_has_its_code_there_or_the_coding_says_why_not(path: Path) -> None:
    coding = read(path)
    said_why = {(n["code"], plain(n["quote"])) for n in coding.get("not_coded", ())}
    wanting = set()
    for code in scheme_of(coding).codes:
        for quote, places in quoted_places(coding, code.example):
            if not any(coded_near(coding, code.id, place) for place in places):
                wanting.add((code.id, plain(quote)))
    assert wanting - said_why == set(), "code them, or say why not"
    assert said_why - wanting == set(), "coded after all, or not said"
    for told in coding.get("not_coded", ()):
        assert told["rationale"].endswith("."), told


def test_a_near_miss_quoted_from_a_session_is_not_coded_there() -> None:
    schemes_that_quote = set()
    for path in SAID:
        coding = read(path)
        for code in scheme_of(coding).codes:
            starts = [e["start_ms"] for e in coding["events"] if e["code"] == code.id]
            for quote, places in quoted_places(coding, code.near_miss):
                assert not any(place.contains(at) for place in places for at in starts), (path.stem, code.id, quote)
                schemes_that_quote.add(coding["scheme"])
    assert len(schemes_that_quote) > 3, "near-misses are taken from the sessions"


def quoted_places(coding: dict[str, Any], text: str) -> Iterator[tuple[str, list[TimeSpan]]]:
    """Each quotation of a text that is said in the windows of a coding's session, and where its sentences are."""
    for quote in re.findall(r'"([^"]+)"', text):
        places = [place for sentence in re.split(r"(?<=[.?!]) ", quote) for place in said_at(coding, sentence)]
        if places := [p for p in places if any(w.contains(p.start_ms) for w in windows_of(coding))]:
            yield quote, places


def said_at(coding: dict[str, Any], sentence: str) -> Iterator[TimeSpan]:
    """Where a sentence is said, of three words or more, or such a part of one of five: its part of the turn."""
    wanted = plain(sentence)
    words = len(wanted.split())
    for turn in read(shipped("sample_media") / f"{coding['recording']}.json")["turns"]:
        said = plain(turn["text"])
        at = f" {said} ".find(f" {wanted} ")
        whole = wanted in [plain(s) for s in re.split(r"(?<=[.?!]) ", turn["text"])]
        if at >= 0 and words >= (3 if whole else 5):
            a_letter = 1000 * (turn["end"] - turn["start"]) / len(said)
            start = round(1000 * turn["start"] + at * a_letter)
            yield TimeSpan(start, start + max(1, round(len(wanted) * a_letter)))


def coded_near(coding: dict[str, Any], code: str, place: TimeSpan) -> bool:
    spans = [(e["start_ms"], e["end_ms"] or e["start_ms"]) for e in coding["events"] if e["code"] == code]
    return any(start <= place.end_ms + NEAR_MS and end >= place.start_ms - NEAR_MS for start, end in spans)


def plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower().replace("’", "'")))


@every_scheme
def test_every_scheme_has_a_coding_of_a_sample_session_and_one_with_what_such_a_session_lacks(
    scheme: CodingScheme,
) -> None:
    names = {c["recording"] for c in codings_of(scheme)}
    assert IMAGINED in names and len(names) > 1, f"write sample_media/codings_of_schemes/{scheme.name}.….json"
    assert scheme.scores
    (imagined,) = (c for c in codings_of(scheme) if c["recording"] == IMAGINED)
    windows = windows_of(imagined)
    assert observed_ms(content_of(imagined), windows) < sum(w.length_ms for w in windows), "it has a dark stretch"
    seen = {e["code"] for c in codings_of(scheme) for e in c["events"]}
    assert {c.id for c in scheme.codes if c.valence < 0 and c.id in named(scheme)} <= seen


@every_scheme
def test_one_coding_of_a_sample_session_gives_every_derived_score_of_a_scheme_a_value(scheme: CodingScheme) -> None:
    without = {
        coding["recording"]: [found.score.id for found in scores_of(coding, scheme) if found.value is None]
        for coding in codings_of(scheme)
        if coding["recording"] != IMAGINED
    }
    assert [] in without.values(), without


def named(scheme: CodingScheme) -> set[str]:
    parts = [(*s.of, *s.to, *s.events.codes, *s.then.codes) for s in scheme.scores]
    return {name for part in parts for name in part}


def shortened(score: DerivedScore) -> Iterator[DerivedScore]:
    """The score with one part of its formula left out, each in turn."""
    for side in ("of", "to"):
        terms = getattr(score, side)
        for term in terms if len(terms) > 1 else ():
            yield replace(score, **{side: tuple(t for t in terms if t != term)})  # type: ignore[arg-type]
    for side in ("events", "then"):
        wanted = getattr(score, side)
        for code in wanted.codes if len(wanted.codes) > 1 else ():
            yield replace(score, **{side: replace(wanted, codes=tuple(c for c in wanted.codes if c != code))})  # type: ignore[arg-type]
        if wanted.modifiers:
            yield replace(score, **{side: replace(wanted, modifiers=())})  # type: ignore[arg-type]
    if score.needs:
        yield replace(score, needs=())


@every_scheme
def test_no_part_of_a_formula_could_be_missing_without_a_coding_that_shows_it(scheme: CodingScheme) -> None:
    codings = [(c, {v.score.id: v.value for v in scores_of(c, scheme)}) for c in codings_of(scheme)]
    for place, score in enumerate(scheme.scores):
        for other in shortened(score):
            scores = (*scheme.scores[:place], other, *scheme.scores[place + 1 :])
            wrong = replace(scheme, scores=scores)
            assert any(scores_of(c, wrong)[place].value != right[score.id] for c, right in codings), (score.id, other)
