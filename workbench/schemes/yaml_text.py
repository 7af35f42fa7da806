"""A tree of texts → YAML that people like to read: long texts folded, short lists on one line, few quotes.

The tree is what a file holds, not yet judged: mappings, lists, text, and `Plain`, a value that YAML is to read as a
number, true or false. Nothing of it is lost: reading the written text gives the same tree.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping as Entries
from collections.abc import Sequence as Items

from workbench.schemes.nodes import Mapping, Node, Sequence, read_as

WIDTH = 100
_LONGEST_LINE = 116  # of what is not folded


class Plain(str):
    """A number, true, false or nothing, as it stands in the file without quotes."""

    __slots__ = ()


NOTHING = Plain("null")

Tree = str | Items["Tree"] | Entries[str, "Tree"]

_ONE_LINE_EACH = frozenset({"options", "levels"})  # lists whose entries stand on one line each, where they fit
_ON_ONE_LINE = frozenset(
    {"count", "rate", "time", "sum", "mean", "difference", "ratio", "share", "after", "comes"}
)  # parts that stand on one line, where they fit
_UNDER_EACH_OTHER = frozenset({"reasons"})  # lists of sentences
_SET_APART = frozenset({"codes", "ratings", "rules", "scores"})  # an empty line stands before these
_INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@` ")
_ODD = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def write_tree(tree: Entries[str, Tree]) -> str:
    """YAML of a whole file. `tree_of` reads it back."""
    lines: list[str] = []
    for key, value in tree.items():
        if key in _SET_APART and lines:
            lines.append("")
        lines += _entry(key, value, 0)
    return "\n".join(lines) + "\n"


def tree_of(node: Node) -> Tree:
    """What a file's node holds, without positions. A key that is given twice keeps its last value."""
    if isinstance(node, Mapping):
        return {key.text: tree_of(value) for key, value in node.entries}
    if isinstance(node, Sequence):
        return [tree_of(item) for item in node.items]
    return node.text if node.kind == "str" else Plain(node.text)


def is_nothing(value: object) -> bool:
    """Whether a value of a tree is `null`, and not the text "null"."""
    return isinstance(value, Plain) and value == NOTHING


def _entry(key: str, value: Tree, indent: int) -> list[str]:
    """The lines of `key: value`."""
    head = f"{' ' * indent}{_key(key)}:"
    if isinstance(value, str):
        return _text(head, value, indent + 2)
    if isinstance(value, Entries):
        short = key in _ON_ONE_LINE or not value
        below = [line for name, part in value.items() for line in _entry(name, part, indent + 2)]
    else:
        short = not value or (key not in _UNDER_EACH_OTHER and all(isinstance(item, str) for item in value))
        below = [line for item in value for line in _item(item, indent + 2, short=key in _ONE_LINE_EACH)]
    return [f"{head} {_flow(value)}"] if short and _fits(head, value) else [head, *below]


def _item(item: Tree, indent: int, *, short: bool) -> list[str]:
    """The lines of `- item`, on one line where it is to be `short` and fits."""
    head = f"{' ' * indent}-"
    if isinstance(item, str):
        return _text(head, item, indent + 2)
    if not isinstance(item, Entries) or not item or (short and _fits(head, item)):
        return [f"{head} {_flow(item)}"]
    lines = [line for name, part in item.items() for line in _entry(name, part, indent + 2)]
    return [f"{head} {lines[0].lstrip()}", *lines[1:]]


def _fits(head: str, value: Tree) -> bool:
    return len(head) + 1 + len(_flow(value)) <= _LONGEST_LINE


def _flow(value: Tree) -> str:
    """The value on one line."""
    if isinstance(value, str):
        return _scalar(value, flow=True)
    if isinstance(value, Entries):
        return "{" + ", ".join(f"{_key(key)}: {_flow(part)}" for key, part in value.items()) + "}"
    return "[" + ", ".join(map(_flow, value)) + "]"


def _text(head: str, text: str, indent: int) -> list[str]:
    if not isinstance(text, Plain):
        lines = text.split("\n")
        if len(lines) > 1 and all(map(_stands_alone, lines)):
            return [f"{head} |-", *(f"{' ' * indent}{line}" if line else "" for line in lines)]
        long = len(head) + 1 + len(text) > WIDTH or (" " in text and _scalar(text).startswith('"'))
        if len(lines) == 1 and long and _folds(text):
            return [f"{head} >-", *_folded(text, indent)]
    return [f"{head} {_scalar(text)}"]


def _stands_alone(line: str) -> bool:
    """Whether a line keeps its every character in a block of lines."""
    return line == line.strip() and not _has_odd(line)


def _folds(text: str) -> bool:
    """Whether a text comes back the same when its lines are joined by single spaces."""
    return text == text.strip() and "  " not in text and not _has_odd(text)


def _folded(text: str, indent: int) -> list[str]:
    lines, words = [], text.split(" ")
    line = words[0]
    for word in words[1:]:
        if indent + len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}"
    return [f"{' ' * indent}{each}" for each in [*lines, line]]


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_+-][\w+-]*", key) and not key.startswith("---") else _quoted(key)


def _scalar(text: str, *, flow: bool = False) -> str:
    if isinstance(text, Plain):
        return str(text) or "~"
    if _is_plain(text) and not (flow and any(c in ",[]{}?" for c in text)):
        return text
    if '"' in text and "'" not in text and not _has_odd(text):
        return f"'{text}'"
    return _quoted(text)


def _is_plain(text: str) -> bool:
    """Whether YAML reads the bare text as this text."""
    if not text or text != text.strip() or text[0] in _INDICATORS or text.startswith(("---", "...")):
        return False
    if ": " in text or " #" in text or text.endswith(":") or _has_odd(text):
        return False
    return read_as(text) == "str"


def _quoted(text: str) -> str:
    return '"' + "".join(_escaped(char) for char in text) + '"'


def _escaped(char: str) -> str:
    if char in '"\\':
        return f"\\{char}"
    if char == "\n":
        return "\\n"
    if char == "\t":
        return "\\t"
    if not _has_odd(char):
        return char
    point = ord(char)
    return f"\\x{point:02X}" if point < 0x100 else f"\\u{point:04X}" if point < 0x10000 else f"\\U{point:08X}"


def _has_odd(text: str) -> bool:
    """Whether a text has characters that are not seen or break lines, and are better written as escapes."""
    return any(char == "\ufeff" or unicodedata.category(char) in _ODD for char in text)
