"""What a scheme says of a code, as the one free text that another program has for it, and read back from there.

The definition comes first; then a line each for what has a name: `Example:`, `Near-miss:`, `Who:`. A line of the
definition itself that begins so is set in by a space.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from workbench.model.scheme import Code

NAMES = ("Example", "Near-miss", "Who", "Asks", "Valence", "Label", "Id")
_VALENCE = {1: "positive", -1: "negative", 0: ""}
VALENCE = {word: value for value, word in _VALENCE.items() if word}


def code_in_words(code: Code, *, label: bool = False, ident: bool = False) -> str:
    """The text. `label` and `ident` add the code's own, where its name in the other program does not lead back."""
    named = {
        "Example": code.example,
        "Near-miss": code.near_miss,
        "Who": "" if code.who in ("", "both") else code.who,
        "Asks": ", ".join(code.ask),
        "Valence": _VALENCE[code.valence],
        "Label": code.label if label else "",
        "Id": code.id if ident else "",
    }
    return lines(code.definition, named)


def lines(first: str, named: Mapping[str, str]) -> str:
    """`first`, then a line for each name that has a text; such a text is one line."""
    begins = _begins_with(named)
    own = [f" {line}" if n and begins.match(line) else line for n, line in enumerate(first.strip().split("\n"))]
    return "\n".join([*own, *(f"{k}: {one_line(v)}" for k, v in named.items() if v)])


def one_line(text: str) -> str:
    return " ".join(text.split())


def split(text: str, names: tuple[str, ...] = NAMES) -> tuple[str, dict[str, str]]:
    """The first part of a text, and what stands behind each name at the beginning of a later line."""
    begins = _begins_with(names)
    first: list[str] = []
    found: dict[str, str] = {}
    for n, line in enumerate(text.split("\n")):
        name, colon, rest = line.partition(":")
        if n and colon and name in names and name not in found:
            found[name] = rest.strip()
        else:
            first.append(line.removeprefix(" ") if n and begins.match(line) else line)
    return "\n".join(first).strip(), found


def _begins_with(names: Collection[str]) -> re.Pattern[str]:
    return re.compile(rf" *(?:{'|'.join(map(re.escape, names))}):")
