"""What a scheme asks of its raters, and what it says of its earlier version: read, or refused with its line."""

from __future__ import annotations

import jsonschema
import pytest
import yaml

from workbench.agreement.coefficients import found, takes
from workbench.agreement.data import Level
from workbench.model.scheme import Certification, DataKind, EarlierVersion, Limit, Reported
from workbench.schemes import SchemeProblems, from_json, parse_scheme, to_json, write_scheme
from workbench.schemes.json_schema import scheme_schema
from workbench.schemes.scheme_agreement import COEFFICIENTS, MEASURES

HEAD = """scheme: s
title: S
version: "2"
description: D.
codes:
  - {id: warm, label: Warm, kind: point, key: w, definition: D.}
"""
RATED = "ratings:\n  - {id: bond, label: Bond, low: 1, high: 5, definition: D.}\n"


def problems(more: str, head: str = HEAD) -> list[tuple[int, str]]:
    try:
        parse_scheme((head + more).encode(), "s.yaml")
    except SchemeProblems as error:
        return [(p.line, p.message) for p in error.problems]
    return []


def test_what_is_asked_of_raters_is_read_and_kept() -> None:
    scheme = parse_scheme(
        (
            HEAD
            + RATED
            + "agreement:\n  codes: {coefficients: [gwet_ac1, cohen_kappa], reason: Rare codes.}\n"
            + "  ratings: {coefficients: [icc], reason: Averaged.}\n"
            + "certification:\n  sessions: 10\n  ratings: {measure: within_one, at_least: 0.9}\n  reason: Ours.\n"
            + 'from_version:\n  version: "1"\n  codes: {kind: warm}\n'
        ).encode(),
        "s.yaml",
    )
    assert scheme.reported(DataKind.CODES) == Reported(DataKind.CODES, ("gwet_ac1", "cohen_kappa"), "Rare codes.")
    assert scheme.reported(DataKind.TOTALS) is None
    assert scheme.certification == Certification(10, (Limit(DataKind.RATINGS, "within_one", 0.9),), "Ours.")
    assert scheme.earlier == EarlierVersion("1", {"kind": "warm"})
    assert from_json(to_json(scheme)) == scheme
    assert parse_scheme(HEAD.encode(), "s.yaml").hash != scheme.hash


@pytest.mark.parametrize(
    ("more", "line", "said"),
    [
        ("agreement: {}\n", 7, "agreement names no kind of data"),
        ("agreement: kappa\n", 7, "must be a list of `key: value` lines"),
        ("agreement:\n  events: {coefficients: [icc], reason: R.}\n", 8, "unknown key 'events'"),
        ("agreement:\n  codes: {coefficients: [icc], reason: R.}\n", 8, "coefficients has 'icc', which is not known"),
        ("agreement:\n  codes: {coefficients: [cohens_kappa], reason: R.}\n", 8, "did you mean 'cohen_kappa'"),
        ("agreement:\n  codes: {coefficients: [], reason: R.}\n", 8, "coefficients is an empty list"),
        ("agreement:\n  codes: {coefficients: [pabak]}\n", 8, "reason is missing"),
        ("agreement:\n  ratings: {coefficients: [icc], reason: R.}\n", 8, "the scheme has no ratings"),
        ("certification:\n  sessions: 3\n  reason: R.\n", 8, "certification sets no limit"),
        ("certification:\n  codes: {measure: kappa, at_least: 0.6}\n  reason: R.\n", 8, "sessions is missing"),
        (
            "certification:\n  sessions: 3\n  reason: R.\n  codes: {measure: icc, at_least: 0.6}\n",
            10,
            "measure is 'icc', expected kappa or exact",
        ),
        (
            "certification:\n  sessions: 3\n  reason: R.\n  codes: {measure: kappa, at_least: 60}\n",
            10,
            "at_least is 60, expected 0 to 1",
        ),
        ("certification:\n  sessions: 3\n  reason: R.\n  codes: {measure: kappa}\n", 10, "at_least is missing"),
        (
            "certification:\n  sessions: 3\n  reason: R.\n  ratings: {measure: icc, at_least: 0.6}\n",
            10,
            "the scheme has no ratings",
        ),
        ("from_version: {}\n", 7, "version is missing"),
        ('from_version: {version: "2"}\n', 7, "version '2' is that of this scheme itself"),
        ("from_version: {version: '1', codes: [warm]}\n", 7, "codes must be lines such as"),
        ("from_version: {version: '1', codes: {a: cold}}\n", 7, "codes has 'cold', which this version has not"),
        ("from_version: {version: '1', codes: {warm: warm}}\n", 7, "'warm' kept its id"),
        ("from_version: {version: '1', codes: {a: warm, a: warm}}\n", 7, "codes has 'a' twice"),
        ("from_version: {version: '1', ratings: {a: warm}}\n", 7, "ratings has 'warm', which this version has not"),
        ("from_version: {version: '1', codes: {a: [warm]}}\n", 7, "codes has a list, which this version has not"),
        (
            "from_version: {version: '1', codes: {a: ~}}\n",
            7,
            "has nothing, which this version has not; the word null says",
        ),
        (
            "from_version: {version: '1', codes: {a: }}\n",
            7,
            "has nothing, which this version has not; the word null says",
        ),
        ("from_version: {version: '1', codes: {warm: null}}\n", 7, "'warm' has no equal, but is here by its id"),
        (
            "from_version: {version: '1', codes: {a: null}, modifiers: {a: {b: c}}}\n",
            7,
            "modifiers has 'a', which has no equal here",
        ),
        ("from_version: {version: '1', modifiers: [warm]}\n", 7, "modifiers must be earlier codes with lines below"),
        ("from_version: {version: '1', modifiers: {cold: {a: b}}}\n", 7, "has 'cold', which became no code of this"),
        ("from_version: {version: '1', modifiers: {warm: {a: b}}}\n", 7, "'b', which 'warm' has not"),
    ],
)
def test_what_does_not_fit_is_said_with_its_line(more: str, line: int, said: str) -> None:
    found = problems(more)
    assert any(at == line and said in message for at, message in found), found


WITH_MODIFIERS = HEAD.replace(
    "definition: D.}",
    "definition: D., modifiers: [{id: strength, label: S, options: [{id: some, label: S, key: s}, "
    "{id: plain, label: P, key: p}]}, {id: seen, label: Seen, several: true, options: [{id: voice, label: V, key: v}, "
    "{id: face, label: F, key: f}]}]}",
)


def mapped(*lines: str) -> list[tuple[int, str]]:
    """The problems of these lines below the earlier code `kind`, counted from the first of them."""
    below = "".join(f"      {line}\n" for line in lines)
    head = "from_version:\n  version: '1'\n  codes: {kind: warm}\n  modifiers:\n    kind:\n"
    return [(line - 11, message) for line, message in problems(head + below, WITH_MODIFIERS)]


def test_modifiers_and_answers_that_got_other_ids_are_read_and_kept() -> None:
    more = "from_version:\n  version: '1'\n  codes: {kind: warm}\n  modifiers:\n    kind: {force: strength, "
    text = WITH_MODIFIERS + more + "force:slight: strength:some, 'look:sad': 'seen:face', 'sound:sad': 'seen:voice'}\n"
    scheme = parse_scheme(text.encode(), "s.yaml")
    lines = {"force": "strength", "force:slight": "strength:some", "look:sad": "seen:face", "sound:sad": "seen:voice"}
    assert scheme.earlier == EarlierVersion("1", {"kind": "warm"}, modifiers={"kind": lines})
    assert from_json(to_json(scheme)) == scheme
    assert parse_scheme(write_scheme(scheme).encode(), "s.yaml").hash == scheme.hash
    assert list(jsonschema.Draft7Validator(scheme_schema()).iter_errors(yaml.safe_load(text))) == []


def test_what_has_no_equal_is_read_and_kept() -> None:
    more = "from_version:\n  version: '1'\n  codes: {kind: warm, dull: null}\n  ratings: {ease: null}\n"
    more += "  modifiers:\n    kind: {look: null, force: strength, 'force:plain': null}\n"
    text = WITH_MODIFIERS + more
    scheme = parse_scheme(text.encode(), "s.yaml")
    lines = {"look": None, "force": "strength", "force:plain": None}
    assert scheme.earlier == EarlierVersion("1", {"kind": "warm", "dull": None}, {"ease": None}, {"kind": lines})
    assert from_json(to_json(scheme)) == scheme
    assert "dull: null" in write_scheme(scheme)
    assert parse_scheme(write_scheme(scheme).encode(), "s.yaml").hash == scheme.hash
    assert parse_scheme(text.replace(", dull: null", "").encode(), "s.yaml").hash != scheme.hash
    assert list(jsonschema.Draft7Validator(scheme_schema()).iter_errors(yaml.safe_load(text))) == []


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (("force: ~",), 1, "has nothing, which 'warm' has not; the word null says that there is no equal"),
        (("strength: null",), 1, "'strength' has no equal, but is here by its id"),
        (("strength:some: null",), 1, "'strength:some' has no equal, but is here by its id"),
        (("force: strenght",), 1, "has 'strenght', which 'warm' has not; did you mean 'strength'?"),
        (("force:slight: strength:odd",), 1, "has 'strength:odd', which 'warm' has not"),
        (("force: strength:some",), 1, "has 'force', a modifier, become 'strength:some', an answer"),
        (("force:slight: strength",), 1, "has 'force:slight', an answer, become 'strength', a modifier"),
        (("force: strength", "force: seen"), 2, "has 'force' twice"),
        (("strength: strength",), 1, "'strength' kept its id"),
        (("strength:some: strength:some",), 1, "'strength:some' kept its id"),
        (("force: strength", "depth: strength"), 2, "'force' and 'depth' became one modifier 'strength', which takes"),
        (("force: strength", "depth:a: strength:some"), 2, "'force' and 'depth' became one modifier 'strength'"),
        (("force: [strength]",), 1, "has a list, which 'warm' has not"),
        (("- force",), 1, "must be lines such as"),
    ],
)
def test_a_mapping_of_modifiers_that_cannot_be_is_said_with_its_line(
    lines: tuple[str, ...], line: int, said: str
) -> None:
    found = mapped(*lines)
    assert any(at == line and said in message for at, message in found), found


def test_answers_that_became_one_and_an_answer_that_stayed_behind_are_no_problem() -> None:
    assert mapped("force:slight: strength:some", "force:hardly: strength:some") == []
    assert mapped("strength: seen", "strength:some: strength:some") == []  # one answer stays, the others go elsewhere
    assert mapped("look: seen", "sound: seen") == []  # which takes several answers


def test_the_coefficients_of_codes_and_numbers_are_those_that_fit_them() -> None:
    """The lists stand below the coefficients; what these say of themselves decides."""
    others = {"criterion", "drift", "generalizability"}  # facets of one's own: no coefficient of a scheme's data
    every = {id: each for id, each in found().items() if id not in others}
    numbers = {id for id, each in every.items() if Level.INTERVAL in each.levels and takes(each) == "units"}
    codes = {id for id, each in every.items() if Level.NOMINAL in each.levels or takes(each) == "continua"}
    assert set(COEFFICIENTS[DataKind.RATINGS]) == set(COEFFICIENTS[DataKind.TOTALS])
    assert set(COEFFICIENTS[DataKind.RATINGS]) <= numbers
    assert set(COEFFICIENTS[DataKind.CODES]) - {"gwet_ac2"} <= codes
    assert set(COEFFICIENTS[DataKind.CODES]) | set(COEFFICIENTS[DataKind.RATINGS]) == set(every)
    measures = {measure for some in MEASURES.values() for measure in some}
    assert measures == set(found()["criterion"].variants) - {"bias"}  # a bias has no lower end to reach
