"""What a new version still has to say of the one before: only what has no counterpart by its id, and what fits it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from workbench.model.scheme import CodeKind, CodingScheme
from workbench.schemes import load_scheme, shipped_schemes
from workbench.schemes.carried_over import NO_EQUAL, gone, lines_alone
from workbench.schemes.yaml_text import NOTHING, Plain

BEFORE = shipped_schemes()["rupture_repair"]
ARABIC = load_scheme(Path(__file__).parents[1] / "fixtures" / "arabic_scheme.yaml")


def without(scheme: CodingScheme, *ids: str) -> CodingScheme:
    return replace(scheme, codes=tuple(code for code in scheme.codes if code.id not in ids))


def test_nothing_is_asked_where_every_id_is_here() -> None:
    reworded = replace(BEFORE, codes=tuple(replace(code, label=f"{code.label}, anew") for code in BEFORE.codes))
    assert gone(BEFORE, reworded, {"version": BEFORE.version}) == []


def test_a_code_can_become_only_one_of_its_kind_and_a_rating_one_of_its_values() -> None:
    moment, other = [code for code in BEFORE.codes if code.kind is CodeKind.POINT][:2]
    scale = BEFORE.ratings[0]
    later = without(BEFORE, moment.id)
    later = replace(later, ratings=(replace(BEFORE.ratings[1], high=BEFORE.ratings[1].high + 1), *BEFORE.ratings[2:]))
    code, rating = gone(BEFORE, later, {})
    assert (code.path, rating.path) == (("codes", moment.id), ("ratings", scale.id))
    assert set(code.options) == {c.id for c in later.codes if c.kind is CodeKind.POINT} and other.id in code.options
    assert BEFORE.ratings[1].id not in rating.options


def test_answers_are_asked_for_where_their_modifier_goes_on_under_another_id() -> None:
    code = next(c for c in BEFORE.codes if c.modifiers)
    modifier = code.modifiers[0]
    first, *others = modifier.options
    now = replace(modifier, id="force", options=(replace(first, id="slight"), *others))
    later = replace(
        BEFORE, codes=tuple(replace(c, modifiers=(now, *c.modifiers[1:])) if c == code else c for c in BEFORE.codes)
    )
    (asked,) = gone(BEFORE, later, {})
    assert asked.path == ("modifiers", code.id, modifier.id) and set(asked.options) >= {"force"}
    said = {"modifiers": {code.id: {modifier.id: "force"}}}
    line, answer = gone(BEFORE, later, said)
    assert line.now == "force"
    assert answer.path == ("modifiers", code.id, f"{modifier.id}:{first.id}")
    assert answer.options["force:slight"] == f"{modifier.label}: {first.label}"


def test_no_equal_is_a_decision_and_nothing_said_is_none() -> None:
    one, two = BEFORE.codes[:2]
    later = without(BEFORE, one.id, two.id)
    said = {"codes": {one.id: NOTHING}}
    assert [each.now for each in gone(BEFORE, later, said)] == [NO_EQUAL, ""]
    assert [each.now for each in lines_alone(later, said)] == [NO_EQUAL]
    half = {"codes": {one.id: Plain("")}}  # `joke:` with nothing after it
    assert [each.now for each in gone(BEFORE, later, half)] == ["", ""]


def test_the_other_answers_are_asked_for_where_one_of_a_modifier_that_is_gone_went_on() -> None:
    code = next(c for c in BEFORE.codes if c.modifiers)
    modifier = code.modifiers[0]
    first = modifier.options[0]
    force = replace(modifier, id="force")
    codes = tuple(replace(c, modifiers=(force, *c.modifiers[1:])) if c == code else c for c in BEFORE.codes)
    later = replace(BEFORE, codes=codes)
    names = [f"{modifier.id}:{option.id}" for option in modifier.options]
    lines = {names[0]: f"force:{first.id}"}
    asked = gone(BEFORE, later, {"modifiers": {code.id: lines}})
    assert {each.path[-1]: each.now for each in asked} == {name: lines.get(name, "") for name in names}
    (none,) = gone(BEFORE, later, {"modifiers": {code.id: {modifier.id: NOTHING}}})
    assert (none.path[-1], none.now) == (modifier.id, NO_EQUAL)  # nor is anything asked of its answers


def test_lines_on_what_is_not_there_are_shown_with_what_they_name() -> None:
    later = without(BEFORE, BEFORE.codes[0].id)
    said = {"codes": {"nobody": BEFORE.codes[1].id}, "ratings": ["odd"], "modifiers": {"x": 3}}
    stray = next(each for each in gone(BEFORE, later, said) if each.path == ("codes", "nobody"))
    assert (stray.what, stray.now) == ("Code “nobody”", BEFORE.codes[1].id)
    assert [each.path for each in lines_alone(later, said)] == [("codes", "nobody")]


def test_arabic_labels_stand_apart_in_english_sentences() -> None:
    code = ARABIC.codes[0]
    found = gone(ARABIC, without(ARABIC, code.id), {})
    assert found[0].what == f"Code “\u2068{code.label}\u2069”"
