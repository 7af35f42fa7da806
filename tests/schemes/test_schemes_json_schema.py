"""The JSON Schemas for editors: they take what the program takes, and their files are what the program makes."""

from __future__ import annotations

import json
import math
import random
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.schemes.test_schemes_broken_files import SHORT, STRUCTURE, misspelt, outcome
from workbench.registry import shipped_files
from workbench.schemes.json_schema import instrument_schema, scheme_schema

FOLDER = Path(__file__).parents[2] / "coding_schemes"
SCHEMAS = {"scheme.schema.json": scheme_schema(), "instrument.schema.json": instrument_schema()}


def validator(text: str) -> jsonschema.Draft7Validator:
    name = "instrument.schema.json" if text.lstrip().startswith("instrument") else "scheme.schema.json"
    return jsonschema.Draft7Validator(SCHEMAS[name])


class AsEditorsRead(yaml.SafeLoader):
    """YAML 1.2, in which `no` and `12:30` are words and `1e3` is a number."""


AsEditorsRead.yaml_implicit_resolvers = {}
for tag, form in (
    ("bool", "true|True|TRUE|false|False|FALSE"),
    ("null", "~|null|Null|NULL|"),
    ("int", "[-+]?[0-9]+"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)"),
):
    AsEditorsRead.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{form})$"), None)
AsEditorsRead.add_constructor(
    "tag:yaml.org,2002:int",
    lambda loader, node: int(loader.construct_scalar(node)),  # 05 is five
)
AsEditorsRead.add_constructor(
    "tag:yaml.org,2002:float", lambda loader, node: float(re.sub(r"\.(?=[a-zA-Z])", "", loader.construct_scalar(node)))
)


def loaded(text: str) -> Any:
    data = yaml.load(text, AsEditorsRead)
    return json.loads(json.dumps(data))  # editors take every key for text


def test_editors_read_as_it_is_said_here() -> None:
    assert loaded("[no, 12:30, 1e3, 05, .inf, ~, True, '7']") == ["no", "12:30", 1000.0, 5, math.inf, None, True, "7"]


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schema_beside_the_schemes_is_what_the_program_makes(name: str) -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMAS[name])
    assert json.loads((FOLDER / name).read_text(encoding="utf-8")) == SCHEMAS[name], (
        f"write it anew: workbench check-scheme --json-schema {name.split('.')[0]} > coding_schemes/{name}"
    )


@pytest.mark.parametrize("path", list(shipped_files("coding_schemes", "*/*.yaml")), ids=lambda p: p.name)
def test_every_shipped_file_names_its_schema_and_fits_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kind = "instrument" if path.parent.name == "instruments" else "scheme"
    assert text.startswith(f"# yaml-language-server: $schema=../{kind}.schema.json\n")
    body = text.split("\n", 1)[1]
    assert [error.message for error in validator(body).iter_errors(loaded(body))] == []


@pytest.mark.parametrize("name", sorted(SHORT))
def test_an_editor_marks_every_misspelt_key(name: str) -> None:
    chance = random.Random(3)
    lines = SHORT[name].splitlines()
    places = [i for i, line in enumerate(lines) if STRUCTURE.match(line)]
    assert not list(validator(SHORT[name]).iter_errors(loaded(SHORT[name])))
    for i in places:
        indent, key, colon, rest = STRUCTURE.match(lines[i]).groups()  # type: ignore[union-attr]
        # the last three are no keys of the language but ids of an earlier version
        if key in ("scheme", "instrument", "asks", "remark", "interest") or (wrong := misspelt(key, chance)) == key:
            continue
        text = "\n".join([*lines[:i], indent + wrong + colon + rest, *lines[i + 1 :]])
        assert list(validator(text).iter_errors(loaded(text))), f"line {i + 1}: {key} → {wrong}"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("codes: [question], per_minutes", "codes: [question, question], per_minutes"),
        ("key: q", "key: '!'"),
        ("title: Questions", "title: ' '"),
        ("title: Questions", 'title: "a\\nb"'),
        ('version: "1.0"', "version: ''"),
        ("modifiers: [form:open]", "modifiers: ['form: open']"),
        ("      1: not at all", "      '١': not at all"),
    ],
)
def test_an_editor_marks_what_no_file_can_say(was: str, now: str) -> None:
    text = SHORT["every_key.yaml"]
    assert text.count(was) >= 1
    broken = text.replace(was, now, 1)
    assert outcome(broken) > 0
    assert list(validator(broken).iter_errors(loaded(broken)))


@pytest.mark.parametrize("name", sorted(SHORT))
def test_what_an_editor_marks_the_program_refuses(name: str) -> None:
    """The schema may say less than the program, and never more."""
    chance = random.Random(5)
    lines = SHORT[name].splitlines()
    values = ["", " [a, b]", " {a: b}", " ~", " yes", " 7", " 'x'", " -3", " 2.5", " [1]", " Umlaut ä"]
    values += [" 'open '", " 1e3", " 1e400", " ' '", ' "a\\nb"', " '!'", " 05", " [a, a]", " 0o17", " ' q'"]
    n_marked = 0
    for i, line in enumerate(lines):
        match = STRUCTURE.match(line)
        if not match or match[4].strip() == ">-":
            continue
        for value in chance.sample(values, 3):
            text = "\n".join([*lines[:i], match[1] + match[2] + ":" + value, *lines[i + 1 :]])
            try:
                marked = [e.message for e in validator(text).iter_errors(loaded(text))]
            except yaml.YAMLError:
                continue
            assert not marked or outcome(text) > 0, (line, value, marked)
            n_marked += bool(marked)
    assert n_marked > len(lines) / 4
