"""Sets of modifiers in a BORIS project as modifiers of a code, and back."""

from __future__ import annotations

import re
from typing import Any

from workbench.exchange.scheme_files._boris_values import in_order, word
from workbench.exchange.scheme_files._making import Making, ident_of, idents
from workbench.exchange.scheme_files._said import lines, split
from workbench.model.scheme import Modifier, ModifierOption

_SINGLE, _SEVERAL = 0, 1
_FORBIDDEN = re.compile(r"[(|),`~]")
_KEY = re.compile(r" \((.)\)$")


def modifiers_of(sets: Any, label: str, making: Making) -> tuple[Modifier, ...]:
    """The sets of a list of values; numbers and values of a data file have no place in a scheme."""
    if isinstance(sets, str):  # before format 4: sets between |, values between commas
        sets = {str(n): {"type": _SINGLE, "values": part.split(",")} for n, part in enumerate(sets.split("|"))}
    if not isinstance(sets, dict):
        return ()
    rows: list[tuple[str, bool, list[str], str]] = []
    for _, found in in_order(sets):
        row = found if isinstance(found, dict) else {}
        listed = row.get("values")
        values = [text for v in (listed if isinstance(listed, list) else ()) if (text := word(v))]
        kind = row.get("type", _SINGLE)
        title = word(row.get("name")) or f"Modifier {len(rows) + 1}"
        if kind not in (_SINGLE, _SEVERAL):
            what = "is a number" if kind == 2 else "comes from a data file"
            making.note(f"{label}: {title[:60]} {what}, which no scheme can ask; left out.")
        elif values:
            rows.append((title, kind == _SEVERAL, values, word(row.get("description"))))
    taken: set[str] = set()
    titles = [making.label(title, taken) for title, *_ in rows]
    wanted = [(_KEY.sub("", v).strip() or v, m[1] if (m := _KEY.search(v)) else "") for *_, vs, _ in rows for v in vs]
    keys = iter(making.keys(wanted, of=label, first="1234567890"))
    said = [_named(description).get("Id", "") for *_, description in rows]
    named_ids = idents(list(zip(said, titles, strict=True)), "modifier")
    made = []
    for (_, several, values, description), title, ident in zip(rows, titles, named_ids, strict=True):
        words = dict(line.split(" = ", 1) for line in description.splitlines() if " = " in line)
        plain = [_KEY.sub("", value).strip() or value for value in values]
        there: set[str] = set()
        labels = [making.label(words.get(value, value), there) for value in plain]
        ids = idents(
            [(v if v in words else "", of) for v, of in zip(plain, labels, strict=True)], "option", numbered=True
        )
        options = tuple(ModifierOption(i, of, next(keys)) for i, of in zip(ids, labels, strict=True))
        made.append(Modifier(ident, title, options, several=several))
    return tuple(made)


def set_of(modifier: Modifier) -> dict[str, Any]:
    """A set; a value is the option's label, or its id where the label leads back to another or cannot stand there."""
    values, words = [], []
    for option in modifier.options:
        plain = option.label
        if _FORBIDDEN.search(plain) or ident_of(plain) != option.id:
            plain = option.id
            words.append(f"{option.id} = {option.label}")
        values.append(f"{plain} ({option.key})")
    return {
        "name": modifier.label,
        "description": lines("\n".join(words), {"Id": "" if ident_of(modifier.label) == modifier.id else modifier.id}),
        "type": _SEVERAL if modifier.several else _SINGLE,
        "ask at stop": False,
        "values": values,
    }


def _named(description: str) -> dict[str, str]:
    """What has a name among the lines of a set's description, the first line too."""
    return split(f"\n{description}", ("Id",))[1]
