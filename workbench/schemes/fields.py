"""Takes typed values out of positioned nodes and notes every problem instead of stopping at the first.

A value that cannot be used is noted and replaced by a harmless one, so that reading goes on; the
caller asks the report at the end and throws the result away if there is any problem.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection

from workbench.schemes.nodes import Mapping, Node, Problem, Scalar, Sequence
from workbench.schemes.seen_text import as_seen, is_seen, turned

_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]{0,8})")
_DECIMAL = re.compile(r"[+-]?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?")
_ID = re.compile(r"[a-z][a-z0-9_]{0,47}")
_NUMBERED_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,47}")
LABEL, PARAGRAPH = 120, 4000
MAX_PROBLEMS = 200
MOST_NAMED = 60  # names that a problem lists at most, and among which a near one is looked for
ANY_BOUNDS = (-100, 100)  # the widest scale, also taken where a file's own bounds cannot be used


class Report:
    """Every problem found in one file so far; past `MAX_PROBLEMS` they are only counted."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._problems: dict[Problem, None] = {}

    def add(self, node: Node, message: str) -> None:
        self._problems[Problem(self.file, node.line, node.column, message)] = None

    @property
    def problems(self) -> list[Problem]:
        found = sorted(self._problems, key=lambda p: (p.line, p.column))
        if len(found) <= MAX_PROBLEMS:
            return found
        last = found[MAX_PROBLEMS - 1]
        more = f"and {len(found) - MAX_PROBLEMS:,} more problems from here on"
        return [*found[:MAX_PROBLEMS], Problem(self.file, last.line, last.column, more)]


class Fields:
    """The entries of one mapping, `what` it is in words ("code 'repair'"), and which keys it may have."""

    def __init__(self, node: Node, what: str, known: Collection[str], report: Report) -> None:
        self.node, self.what, self.report = node, what, report
        self._values: dict[str, Node] = {}
        if not isinstance(node, Mapping):
            report.add(node, f"{what} must be a list of `key: value` lines, found {describe(node)}")
            return
        first: dict[str, Scalar] = {}
        for key, value in node.entries:
            name = key.text
            if name in first:
                report.add(key, f"{what}: {name} is given twice (first in line {first[name].line})")
                continue
            first[name] = key
            if name not in known:
                report.add(key, f"{what}: unknown key {name!r}{did_you_mean(name, known)}")
                continue
            self._values[name] = value

    def has(self, name: str) -> bool:
        return name in self._values

    def at(self, name: str) -> Node:
        """The node of a value, or the whole mapping where it is missing: for the place of a problem."""
        return self._values.get(name, self.node)

    def note(self, name: str, message: str) -> None:
        self.report.add(self.at(name), f"{self.what}: {message}")

    def text(
        self, name: str, *, required: bool = False, limit: int = LABEL, raw: bool = False, exact: bool = False
    ) -> str:
        """Text up to `limit` characters, one line unless `limit` allows more than a label.

        `raw` also takes what YAML reads as a number or a date, as it is written; `exact` keeps the spaces around it,
        for what must be a certain word.
        """
        node = self._get(name, required)
        return "" if node is None else self._text(node, name, limit, raw=raw, exact=exact)

    def ident(self, name: str, *, numbered: bool = False, required: bool = True) -> str:
        """An identifier: small Latin letters, digits, underscores; it names columns in exports."""
        node = self._get(name, required)
        if node is None:
            return ""
        text = self._text(node, name, LABEL, raw=not (isinstance(node, Scalar) and node.kind == "float"), exact=True)
        if text and not (_NUMBERED_ID if numbered else _ID).fullmatch(text):
            start = "a letter or digit" if numbered else "a letter"
            self.note(
                name,
                f"{name} is {text!r}, expected small letters a-z, digits and _ beginning with {start},"
                " at most 48 characters",
            )
        return text

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A required whole number from `low` to `high`; None where it cannot be used."""
        node = self._get(name, True)
        if node is None:
            return None
        value = whole_number(node)
        if value is None:
            self.note(name, f"{name} is {describe(node)}, expected a whole number")
        elif not low <= value <= high:
            self.note(name, f"{name} is {value}, expected {low} to {high}")
            return None
        return value

    def number(self, name: str, low: float, high: float, *, default: float) -> float:
        node = self._get(name, False)
        if node is None:
            return default
        if not isinstance(node, Scalar) or node.kind not in ("int", "float") or not _DECIMAL.fullmatch(node.text):
            self.note(name, f"{name} is {describe(node)}, expected a number such as 2 or 0.5")
            return default
        value = float(node.text)
        if not low <= value <= high:
            self.note(name, f"{name} is {node.text}, expected {low:g} to {high:g}")
            return default
        return value

    def flag(self, name: str, *, default: bool) -> bool:
        node = self._get(name, False)
        if node is None:
            return default
        if isinstance(node, Scalar) and node.kind == "bool" and node.text in ("true", "false"):
            return node.text == "true"
        self.note(name, f"{name} is {describe(node)}, expected true or false")
        return default

    def choice(self, name: str, options: Collection[str], *, default: str | None = None) -> str:
        """One of `options`; required where there is no default."""
        node = self._get(name, default is None)
        fallback = next(iter(options)) if default is None else default
        if node is None:
            return fallback
        text = node.text if isinstance(node, Scalar) else ""
        if text in options:
            return text
        self.note(name, f"{name} is {describe(node)}, expected {' or '.join(options)}")
        return fallback

    def nodes(self, name: str, *, required: bool = False) -> tuple[Node, ...]:
        """The entries of a list (`- …` lines)."""
        node = self._get(name, required)
        if node is None:
            return ()
        if not isinstance(node, Sequence):
            self.note(name, f"{name} must be a list (lines that begin with -), found {describe(node)}")
            return ()
        if required and not node.items:
            self.note(name, f"{name} is an empty list")
        return node.items

    def part(self, name: str, known: Collection[str]) -> Fields:
        """The required mapping under `name`, whose keys are `known`; an empty one where it is missing."""
        node = self._get(name, True)
        if node is None:
            return Fields(Mapping(self.node.line, self.node.column, ()), self.what, known, Report(self.report.file))
        return Fields(node, f"{self.what}: {name}", known, self.report)

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(self._text(node, name, LABEL) for node in self.nodes(name))

    def choices(self, name: str, options: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """A list of words out of `options`, each at most once, in the order of the file."""
        chosen: dict[str, None] = {}
        for node in self.nodes(name, required=required):
            text = node.text if isinstance(node, Scalar) else ""
            if text not in options:
                hint = did_you_mean(text, options)
                self.report.add(node, f"{self.what}: {name} has {describe(node)}, which is not known{hint}")
            elif text in chosen:
                self.report.add(node, f"{self.what}: {name} has {text!r} twice")
            else:
                chosen[text] = None
        return tuple(chosen)

    def each_once(self, part: str, name: str) -> None:
        """Notes where two entries of the list `part` share the value of `name` (letter case ignored)."""
        place = part if self.what in ("the scheme", "the instrument") else f"{self.what}: {part}"
        seen: dict[str, int] = {}
        for entry in self.nodes(part):
            for key, value in entry.entries if isinstance(entry, Mapping) else ():
                if key.text != name or not isinstance(value, Scalar):
                    continue
                word = as_seen(unicodedata.normalize("NFC", value.text))
                if word and word in seen:
                    message = f"{place}: {name} {value.text!r} is used twice (first in line {seen[word]})"
                    self.report.add(value, message)
                else:
                    seen[word] = value.line

    def by_value(self, name: str, low: int, high: int, *, required: bool = False) -> dict[int, str]:
        """Texts by scale value, such as anchors, in rising order; both ends of the scale must be named."""
        node = self._get(name, required)
        if node is None:
            return {}
        if not isinstance(node, Mapping):
            self.note(name, f"{name} must be lines such as `{low}: not at all`, found {describe(node)}")
            return {}
        found: dict[int, str] = {}
        for key, value in node.entries:
            number = whole_number(Scalar(key.line, key.column, key.text, "int"))  # in quotes too, as JSON has keys
            if number is None or not low <= number <= high:
                self.report.add(key, f"{self.what}: {name} has {key.text!r}, expected a value from {low} to {high}")
            elif number in found:
                self.report.add(key, f"{self.what}: {name} has {number} twice")
            else:
                found[number] = self._text(value, f"{name} {number}", LABEL)
        if (low, high) != ANY_BOUNDS and (missing := [str(end) for end in (low, high) if end not in found]):
            self.note(name, f"{name} must name both ends of the scale; missing: {', '.join(missing)}")
        return dict(sorted(found.items()))

    def _get(self, name: str, required: bool) -> Node | None:
        node = self._values.get(name)
        if node is None and required and isinstance(self.node, Mapping):
            self.report.add(self.node, f"{self.what}: {name} is missing")
        return node

    def _text(self, node: Node, name: str, limit: int, *, raw: bool = False, exact: bool = False) -> str:
        place = f"{self.what}: {name}"
        if not isinstance(node, Scalar):
            self.report.add(node, f"{place} must be text, found {describe(node)}")
            return ""
        if node.kind == "null":
            self.report.add(node, f"{place} is empty")
            return ""
        if node.kind == "bool" or (node.kind != "str" and not raw):
            self.report.add(node, f"{place}: YAML reads {node.text} as {describe(node)}; put it in quotes")
            return ""
        text = unicodedata.normalize("NFC", node.text)
        text = text if exact and text.strip() else text.strip()
        if not text:
            self.report.add(node, f"{place} is empty")
        elif not is_seen(text):
            self.report.add(node, f"{place} is empty: it has only characters that show nothing ({_codes(text)})")
        elif turn := turned(text):
            self.report.add(node, f"{place}: {_codes(turn)} turns the letters after it round; take it out")
        elif len(text) > limit:
            self.report.add(node, f"{place} has {len(text):,} characters, at most {limit:,} fit")
        elif limit <= LABEL and any(char in text for char in "\n\u2028\u2029"):
            self.report.add(node, f"{place} must be one line")
        return text


def _codes(text: str) -> str:
    return ", ".join(f"U+{ord(char):04X}" for char in dict.fromkeys(text[:10]))


def whole_number(node: Node) -> int | None:
    if isinstance(node, Scalar) and node.kind == "int" and _WHOLE.fullmatch(node.text):
        return int(node.text)
    return None


def called(node: Node, n: int) -> str:
    """How a problem names an entry: by its id where it has one, else by its place in the list."""
    for key, value in node.entries if isinstance(node, Mapping) else ():
        if key.text == "id" and isinstance(value, Scalar) and value.text:
            return describe(Scalar(value.line, value.column, value.text, "str"))
    return f"number {n}"


def describe(node: Node) -> str:
    if isinstance(node, Mapping):
        return "`key: value` lines"
    if isinstance(node, Sequence):
        return "a list"
    if node.kind == "null":
        return "nothing"
    if node.kind == "bool":
        return f"the yes-or-no value {node.text}"
    text = node.text if len(node.text) <= 60 else node.text[:57] + "…"
    if node.kind in ("int", "float"):
        return f"the number {text}"
    if node.kind == "timestamp":
        return f"the date {text}"
    return repr(text)


def did_you_mean(name: str, known: Collection[str]) -> str:
    """The nearest of what is known, else all of it; of very much what begins alike is looked at, and some named."""
    named = [word for word in known if word]
    near = named if len(named) <= MOST_NAMED else [word for word in named if word[:1] == name[:1]][:MOST_NAMED]
    if close := difflib.get_close_matches(name, near, n=1, cutoff=0.6):
        return f"; did you mean {close[0]!r}?"
    if not named:
        return "; there is none"
    more = f" and {len(named) - MOST_NAMED:,} more" if len(named) > MOST_NAMED else ""
    return f"; there are: {', '.join(named[:MOST_NAMED])}{more}"
