"""Schemes from and for BORIS: what an ethogram can hold is kept, the rest is said, a wrong one is told."""

from __future__ import annotations

import copy
import gzip
import json
import random
import re
from dataclasses import replace
from typing import Any

import pytest

from tests.exchange.scheme_files import CODED, FORMATS, SHIPPED, boris, brought
from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import bring
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each


@pytest.mark.parametrize("name", CODED)
def test_boris_keeps_what_a_scheme_says_of_its_codes(name: str) -> None:
    scheme = CODED[name]
    again = brought(FORMATS["boris"].write(scheme).data, f"{name}.boris")

    def said(code: Code) -> tuple[object, ...]:
        kind = CodeKind.POINT if code.kind is CodeKind.UTTERANCE else code.kind
        modifiers = [(m.id, m.label, m.several, [(o.id, o.label, o.key) for o in m.options]) for m in code.modifiers]
        return (
            code.id, kind, code.key, code.definition, code.example, code.near_miss, code.dimension, code.valence,
            code.who, code.colour, code.ask, modifiers,
        )  # fmt: skip

    assert [said(code) for code in again.codes] == [said(code) for code in scheme.codes]
    assert (again.title, again.description) == (scheme.title, scheme.description)


@pytest.mark.parametrize("name", CODED)
def test_boris_keeps_ratings_of_the_session_with_their_anchors(name: str) -> None:
    scheme = CODED[name]
    again = brought(FORMATS["boris"].write(scheme).data, f"{name}.boris")
    assert again.ratings == tuple(r for r in scheme.ratings if r.each is Each.SESSION)


def test_boris_keeps_which_states_exclude_each_other() -> None:
    scheme = SHIPPED["telehealth_alliance"]
    again = brought(FORMATS["boris"].write(scheme).data, "x.boris")

    def together(of: CodingScheme) -> set[frozenset[str]]:
        groups = {c.group for c in of.codes if c.group and c.kind is CodeKind.STATE}
        return {frozenset(c.id for c in of.codes if c.group == group) for group in groups}

    assert together(again) == together(scheme)
    assert together(scheme)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (boris(*({"code": f"c{n}"} for n in range(10_000))), "the file has 10,000 codes, at most 500 are read"),
        (
            boris({"code": "a", "modifiers": {"0": {"name": "m", "type": 0, "values": [*map(str, range(5000))]}}}),
            "a has 5,000 answers, at most 500 are read",
        ),
    ],
)
def test_more_codes_than_anybody_has_keys_for_are_refused(data: bytes, problem: str) -> None:
    with pytest.raises(FormatError, match=problem):
        bring(data, "play.boris")


def test_a_state_that_excludes_itself_loses_nothing() -> None:
    rows = ({"code": "sits", "excluded": "sits,walks"}, {"code": "walks", "excluded": "sits"})
    brought = bring(boris(*rows), "play.boris")
    assert len({c.group for c in brought.scheme.codes}) == 1
    assert not any("Exclusions" in note for note in brought.notes)


def test_a_boris_ethogram_becomes_a_scheme() -> None:
    made = bring(
        boris(
            {"code": "Open door", "key": "o", "type": "Point event", "category": "bond", "color": "#AABBCC"},
            {
                "code": "Play",
                "key": "P",
                "description": "They play.",
                "modifiers": {
                    "0": {"name": "How", "type": 1, "values": ["calm (c)", "wild", "calm  "]},
                    "1": {"name": "Metres", "type": 2, "values": []},
                },
            },
            observations={"a": {}, "b": {}},
        ),
        "play.boris",
    )
    door, play = made.scheme.codes
    assert (door.id, door.kind, door.key, door.dimension, door.colour) == (
        "open_door", CodeKind.POINT, "o", "bond", "#aabbcc",
    )  # fmt: skip
    (how,) = play.modifiers
    assert (play.key, play.kind, play.definition) == ("p", CodeKind.STATE, "They play.")
    assert (how.several, [(o.label, o.key) for o in how.options]) == (
        True,
        [("calm", "c"), ("wild", "1"), ("calm 2", "2")],
    )
    notes = " ".join(made.notes)
    for said in ("Play p", "Metres is a number", "Without a definition: Open door", "not the 2 observations"):
        assert said in notes


def test_states_that_all_exclude_each_other_are_a_group_and_other_exclusions_are_noted() -> None:
    made = bring(
        boris(
            {"code": "a", "excluded": "b,c"},
            {"code": "b", "excluded": "a,c"},
            {"code": "c", "excluded": "a,b"},
            {"code": "d", "excluded": "e"},
            {"code": "e", "excluded": ""},
            {"code": "p", "type": "Point event", "excluded": "a"},
        ),
        "x.boris",
    )
    assert [c.group for c in made.scheme.codes] == ["group_1", "group_1", "group_1", None, None, None]
    assert any("left out: d ends e, p ends a." in note for note in made.notes)


def test_a_chain_of_exclusions_is_no_group() -> None:
    made = bring(
        boris({"code": "a", "excluded": "b"}, {"code": "b", "excluded": "a,c"}, {"code": "c", "excluded": "b"}),
        "x.boris",
    )
    assert [c.group for c in made.scheme.codes] == [None, None, None]
    assert any("a ends b" in note for note in made.notes)


def test_subjects_make_each_code_ask_who() -> None:
    subjects = {"0": {"name": "Ann", "key": "1"}, "1": {"name": "Bo", "key": "2"}}
    made = bring(boris({"code": "a", "description": "d"}, subjects_conf=subjects), "x.boris")
    assert made.scheme.codes[0].ask == ("who",)
    assert any("Ann, Bo" in note for note in made.notes)


def test_modifiers_of_an_early_boris_are_read() -> None:
    (code,) = brought(boris({"code": "a", "modifiers": "one,two|near,far"}), "x.boris").codes
    assert [[o.label for o in m.options] for m in code.modifiers] == [["one", "two"], ["near", "far"]]


def test_what_stands_by_number_is_read_in_the_order_of_numbers() -> None:
    sets = {str(n): {"name": f"set {n}", "type": 0, "values": ["a", "b"]} for n in (10, 2, 1)}
    rows = [{"code": f"c{n}", "type": "Point event"} for n in range(12)]
    made = brought(boris({**rows[0], "modifiers": sets}, *rows[1:]), "x.boris")
    assert [c.label for c in made.codes] == [f"c{n}" for n in range(12)]
    assert [m.label for m in made.codes[0].modifiers] == ["set 1", "set 2", "set 10"]


def test_a_name_that_boris_gives_a_meaning_comes_back() -> None:
    scheme = SHIPPED["rupture_repair"]
    first = replace(scheme.codes[0], label="Turns away, or goes | silent", definition="One.\n\nTwo: three.")
    again = brought(FORMATS["boris"].write(replace(scheme, codes=(first, *scheme.codes[1:]))).data, "x.boris")
    assert (again.codes[0].label, again.codes[0].definition) == (first.label, first.definition)
    assert again.codes[0].group == again.codes[1].group


def test_lines_of_a_definition_that_look_like_an_example_stay_in_the_definition() -> None:
    scheme = SHIPPED["rupture_repair"]
    text = "The patient asks.\nExample: not this one.\n Who: the provider\nId: none"
    first = replace(scheme.codes[0], definition=text, example="First line\nsecond line")
    scale = replace(SHIPPED["alliance_behaviours"].ratings[0], definition="How warm.\nRating: 1 to 2\nAnchors: none")
    written = FORMATS["boris"].write(replace(scheme, codes=(first, *scheme.codes[1:]), ratings=(scale,)))
    again = brought(written.data, "x.boris")
    assert (again.codes[0].definition, again.codes[0].example) == (text, "First line second line")
    assert again.ratings[0] == scale
    assert f"Examples and near-misses are one line there: {first.label}." in written.lost


def test_a_large_ethogram_has_a_key_for_each_code() -> None:
    made = bring(boris(*({"code": f"Behaviour {n}"} for n in range(150))), "x.boris")
    assert len({code.key for code in made.scheme.codes}) == 150
    assert any("more codes than Latin keys" in note for note in made.notes)


def test_a_packed_project_is_read_and_a_bomb_is_not() -> None:
    assert brought(gzip.compress(boris({"code": "a"})), "x.boris.gz").codes[0].label == "a"
    with pytest.raises(FormatError, match="unpacked, the file has more than 64 MB"):
        bring(gzip.compress(b" " * (70 * 1024**2)), "x.boris.gz")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"{", "line 1: this is not JSON"),
        (b"{}", "it has no behaviors_conf"),
        (b'{"behaviors_conf": []}', "behaviors_conf must hold behaviours by number"),
        (b'{"behaviors_conf": {}}', "the project has an empty ethogram"),
        (b'{"behaviors_conf": {"0": {"type": "Point event"}}}', "behaviour 0 has no code"),
        (b'{"behaviors_conf": {"0": {"code": "a", "type": "Wave"}}}', "behaviour 0 (a) has the type 'Wave'"),
        (b'{"behaviors_conf": ' + b"[" * 200_000, "nested too deeply"),
        (b'{"a": "\xff"}', "not text in UTF-8"),
        (b"\x1f\x8bnothing", "this gzip file is damaged"),
        (b"%PDF-1.7", "this is none of the files that are read"),
        (b"hello", "this is none of the files that are read"),
    ],
)
def test_what_is_no_boris_project_is_told(data: bytes, problem: str) -> None:
    with pytest.raises(FormatError, match=re.escape(problem)):
        bring(data, "ethogram.txt")


def test_every_problem_of_an_ethogram_is_told_at_once() -> None:
    with pytest.raises(FormatError) as error:
        bring(boris({"code": "a"}, {"code": "a"}, {"code": ""}), "x.boris")
    assert str(error.value).splitlines() == [
        "behaviour 1 (a) is there twice (first as behaviour 0)",
        "behaviour 2 has no code",
    ]


def test_nasty_names_stay_names() -> None:
    nasty = "=cmd() <script>\u0000\ud800 " + "x" * 200
    made = bring(boris({"code": nasty, "description": nasty * 40, "category": nasty, "color": "red;x"}), "x.boris")
    (code,) = made.scheme.codes
    assert code.label.startswith("=cmd() <script>")
    assert (len(code.label), code.colour) == (120, "#5b6b7f")
    assert any("is cut" in note for note in made.notes)
    assert any("are kept" in note for note in made.notes)


ODD: tuple[Any, ...] = (
    *(None, 0, -1, 1.5, True, 10**30, [], {}, [1, 2], {"a": 1}, ["x", None, {}], {"0": None}, {"0": {"values": 3}}),
    *("", "x" * 5000, "\ud800", "\x00", "a,b|c", "(", " = ", ":", "🙂", "Id: 9", "Id: not_observable"),
    *("a\nId: not_observable", "a\nRating: 999 to 1", "a\nRating: 1 to 5"),
)


def _places(value: Any, so_far: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [(*so_far, k) for k, _ in inner] + [p for k, v in inner for p in _places(v, (*so_far, k))]


@pytest.mark.parametrize("seed", range(4))
def test_a_broken_boris_project_is_told_or_makes_a_scheme_that_can_be_used(seed: int) -> None:
    project = json.loads(FORMATS["boris"].write(SHIPPED["rupture_repair"]).data)
    project["subjects_conf"] = {"0": {"name": "A"}, "1": {"name": "B"}}
    draw = random.Random(seed)
    refused = 0
    for _ in range(60):
        broken = copy.deepcopy(project)
        for _ in range(draw.choice((1, 1, 3))):
            *way, last = draw.choice(_places(broken))
            at = broken
            for step in way:
                at = at[step]
            at[last] = draw.choice(ODD)
        try:
            bring(json.dumps(broken).encode(), "broken.boris")  # checked as any scheme of ours
        except FormatError as error:
            refused += 1
            assert str(error)
    assert 0 < refused < 60
