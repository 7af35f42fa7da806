"""The pieces that JSON Schemas are made of: ids, lines, texts, mappings with exactly these keys."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.model.people import ParticipantKind
from workbench.schemes.fields import ANY_BOUNDS, LABEL, PARAGRAPH

Schema = dict[str, Any]
DRAFT = "http://json-schema.org/draft-07/schema#"  # what editors' YAML servers read


def _like(pattern: str, words: str, **more: Any) -> Schema:
    """Text of a form; `words` are what VS Code says of other text (no keyword of JSON Schema: others pass it over)."""
    return {"type": "string", "pattern": pattern, "patternErrorMessage": f"Expected {words}.", **more}


_WORD = "small letters a-z, digits and _ beginning with"
ID: Schema = _like("^[a-z][a-z0-9_]{0,47}$", f"{_WORD} a letter, at most 48 characters")
NUMBERED_ID: Schema = _like(
    "^[a-z0-9][a-z0-9_]{0,47}$", f"{_WORD} a letter or digit, at most 48 characters", type=["string", "integer"]
)
ANSWER: Schema = _like(
    "^[a-z][a-z0-9_]{0,47}:[a-z0-9][a-z0-9_]{0,47}$", "a modifier and one of its options, as set:option"
)
LINE: Schema = _like(r"^\s*\S[^\n]*\s*$", "words on one line", maxLength=LABEL)
TEXT: Schema = _like(r"\S", "words", maxLength=PARAGRAPH)
FLAG: Schema = {"type": "boolean"}
WHOLE: Schema = {"type": "integer", "minimum": ANY_BOUNDS[0], "maximum": ANY_BOUNDS[1]}
KEY: Schema = _like(
    r"^[^A-Z\x00-/:-@\[-`{-\x7f]$", "one small letter or digit", type=["string", "integer"], minimum=0, maximum=9
)
VERSION: Schema = _like(
    r"^\s*\S[^\n]*\s*$", "a number or words on one line", type=["string", "number"], maxLength=LABEL
)
WORDS: Schema = {
    "type": "object",
    "patternProperties": {"^[+-]?(0|[1-9][0-9]{0,8})$": LINE},
    "additionalProperties": False,
}
WHOSE = tuple(ParticipantKind)


def document(title: str, schema: Schema) -> Schema:
    """A schema of its own, as an editor opens it."""
    return {"$schema": DRAFT, "title": title, **schema}


def mapping(keys: Iterable[str], of: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """A mapping with exactly these keys. Raises KeyError for a key that is not described."""
    made: Schema = {"type": "object", "properties": {str(key): of[key] for key in keys}, "additionalProperties": False}
    return made | ({"required": list(required)} if required else {})


def said(schema: Schema, description: str, **more: Any) -> Schema:
    """The schema with what an editor shows beside the key."""
    return {**schema, "description": description, **more}


def sequence(of: Schema, description: str = "", *, least: int = 0, once: bool = False) -> Schema:
    """A list, of `least` entries or more, each at most `once`."""
    made: Schema = {"type": "array", "items": of} | ({"uniqueItems": True} if once else {})
    return made | ({"minItems": least} if least else {}) | ({"description": description} if description else {})


def one_of(words: Iterable[str], description: str, default: str | None = None) -> Schema:
    """One of these words."""
    made: Schema = {"enum": [str(word) for word in words], "description": description}
    return made if default is None else made | {"default": default}


def number(low: float, high: float, description: str, default: float | None = None) -> Schema:
    """A number from `low` to `high`."""
    made: Schema = {"type": "number", "minimum": low, "maximum": high, "description": description}
    return made if default is None else made | {"default": default}


# what a scheme and an instrument both say of themselves
ABOUT = {
    "title": said(LINE, "The name that people read."),
    "version": said(VERSION, "Counted by its authors; put it in quotes."),
    "source": said(TEXT, "After whom it is made."),
    "rights": said(TEXT, "Who may use it."),
    "language": said(
        _like("^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", "a code such as en, ar or pt-BR"),
        "Of the words: en, ar, pt-BR.",
        default="en",
    ),
    "parallel_form": said(ID, "What has the same one may be subtracted from each other."),
}
