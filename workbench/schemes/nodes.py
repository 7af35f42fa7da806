"""YAML text → positioned nodes, or the problems that keep it from being read.

PyYAML only parses here; nothing is constructed, so a file can neither run code nor grow by aliases.
Scalars keep their raw text: `version: 1.10` stays "1.10", and `no` is recognised as the YAML trap
that it is instead of becoming False.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from yaml import events as ev
from yaml.resolver import Resolver

MAX_BYTES = 256 * 1024
MAX_DEPTH = 12


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a user's file. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.message}"


class SchemeProblems(ValueError):
    """A scheme or instrument that cannot be used; `problems` are all of them, in the order of lines."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(p) for p in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value. `kind` is what YAML takes it for: str, int, float, bool, null, timestamp …"""

    line: int
    column: int
    text: str
    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    line: int
    column: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    line: int
    column: int
    entries: tuple[tuple[Scalar, Node], ...]


Node = Scalar | Sequence | Mapping

_RESOLVER = Resolver()
_CORE = "tag:yaml.org,2002:"
_ODD_BREAK = re.compile("[\u0085\u2028\u2029]")
# What is a number in YAML 1.2, as editors read it, and text in YAML 1.1, as PyYAML does.
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|0o[0-7]+")


class _Stop(Exception):
    """Parsing cannot go on; carries the position and the sentence."""

    def __init__(self, line: int, column: int, message: str) -> None:
        super().__init__(message)
        self.line, self.column, self.message = line, column, message


def read(path: Path) -> Node:
    """The one document of the file as nodes. Raises SchemeProblems."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise SchemeProblems([Problem(path.name, 1, 1, "this is not a file")])
        if size > MAX_BYTES:
            message = f"the file has {size:,} bytes, at most {MAX_BYTES:,} are read"
            raise SchemeProblems([Problem(path.name, 1, 1, message)])
        data = path.read_bytes()[: MAX_BYTES + 1]
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise SchemeProblems([Problem(path.name, 1, 1, f"the file cannot be read: {reason}")]) from None
    return parse(data, path.name)


def parse(data: bytes, file: str) -> Node:
    """The one document in `data` as nodes; `file` is the name used in problems. Raises SchemeProblems."""
    if len(data) > MAX_BYTES:
        message = f"the file has {len(data):,} bytes, at most {MAX_BYTES:,} are read"
        raise SchemeProblems([Problem(file, 1, 1, message)])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8; save the file as UTF-8"
        raise SchemeProblems([Problem(file, line, 1, message)]) from None
    try:
        _one_kind_of_lines(text)
        return _document(text)
    except _Stop as stop:
        raise SchemeProblems([Problem(file, stop.line, stop.column, stop.message)]) from None


def _one_kind_of_lines(text: str) -> None:
    """Raises _Stop for what YAML takes for the end of a line and editors do not: all line numbers would be others."""
    if odd := _ODD_BREAK.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        column = odd.start() - text.rfind("\n", 0, odd.start())
        code = f"U+{ord(odd[0]):04X}"
        raise _Stop(line, column, f"character {code} ends a line for some programs only; write a space or a new line")


def _document(text: str) -> Node:
    loader: yaml.SafeLoader | None = None
    try:
        loader = yaml.SafeLoader(text)
        return _compose(iter(loader.get_event, None))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        code = error.character if isinstance(error.character, int) else ord(error.character)
        raise _Stop(line, 1, f"character U+{code:04X} is not allowed in text") from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _Stop(line, column, f"this is not YAML: {what}") from None
    except (ValueError, OverflowError, yaml.YAMLError):
        # PyYAML lets some through, e.g. "\UFFFFFFFF" (chr() out of range)
        mark = loader.get_mark() if loader is not None else None
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise _Stop(line, column, "this is not YAML: a character escape or number is out of range") from None


def _compose(events: Iterator[ev.Event]) -> Node:
    root: Node | None = None
    for event in events:
        if isinstance(event, ev.StreamEndEvent):
            break
        if isinstance(event, ev.StreamStartEvent | ev.DocumentStartEvent | ev.DocumentEndEvent):
            continue
        if root is not None:
            raise _Stop(*_at(event), "a second document begins here (---); a file holds one")
        root = _node(event, events, 1)
    if root is None:
        raise _Stop(1, 1, "the file is empty")
    return root


def _node(event: ev.Event, events: Iterator[ev.Event], depth: int) -> Node:
    line, column = _at(event)
    if isinstance(event, ev.AliasEvent):
        raise _Stop(line, column, f"aliases (*{event.anchor}) are not allowed; write the value out")
    if not isinstance(event, ev.ScalarEvent | ev.CollectionStartEvent):
        raise _Stop(line, column, "this is not YAML: a value was expected here")
    if event.anchor:
        raise _Stop(line, column, f"anchors (&{event.anchor}) are not allowed; write the value out")
    if event.tag:
        raise _Stop(line, column, f"tags ({event.tag}) are not allowed; leave it out")
    if depth > MAX_DEPTH:
        raise _Stop(line, column, f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(event, ev.ScalarEvent):
        return _scalar(event, line, column)
    if isinstance(event, ev.SequenceStartEvent):
        items = []
        while not isinstance(inner := next(events), ev.SequenceEndEvent):
            items.append(_node(inner, events, depth + 1))
        return Sequence(line, column, tuple(items))
    entries = []
    while not isinstance(inner := next(events), ev.MappingEndEvent):
        key = _node(inner, events, depth + 1)
        if not isinstance(key, Scalar):
            raise _Stop(key.line, key.column, "a key must be a single word")
        entries.append((key, _node(next(events), events, depth + 1)))
    return Mapping(line, column, tuple(entries))


def _scalar(event: ev.ScalarEvent, line: int, column: int) -> Scalar:
    for char in event.value:
        if char not in "\n\t" and unicodedata.category(char) in ("Cc", "Cs"):
            raise _Stop(line, column, f"character U+{ord(char):04X} is not allowed in text")
    return Scalar(line, column, event.value, read_as(event.value, event.implicit))


def read_as(text: str, implicit: tuple[bool, bool] = (True, False)) -> str:
    """What YAML takes a scalar for, here one without quotes: str, int, float, bool, null, timestamp …"""
    resolve: Any = _RESOLVER.resolve
    tag: str = resolve(yaml.ScalarNode, text, implicit)
    kind = tag.removeprefix(_CORE)
    if kind == "str" and implicit[0] and _NUMBER.fullmatch(text):
        return "float" if any(char in ".eE" for char in text) else "int"
    return kind


def _at(event: ev.Event) -> tuple[int, int]:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)
