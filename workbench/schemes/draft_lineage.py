"""What a draft's `from_version` says of modifiers: a line follows what it leads to, or goes with it."""

from __future__ import annotations

from typing import Any

Tree = dict[str, Any]


def lines_followed(changed: Tree, before: Tree) -> Tree:
    """`changed`, where one modifier or answer has another id than in `before`, with lines that lead to the new id."""
    places = {code: list(zip(_names(before, code), _names(changed, code), strict=False)) for code in _codes(changed)}
    new = {(code, old): now for code, pairs in places.items() for old, now in pairs}
    return _with_lines(changed, lambda code, later: new.get((code, later), later))


def lines_left(changed: Tree, before: Tree) -> Tree:
    """`changed`, from which an entry of `before` was taken, without lines that led to it."""
    was = {(code, name) for code in _codes(before) for name in _names(before, code)}
    here = {(code, name) for code in _codes(changed) for name in _names(changed, code)}
    return _with_lines(changed, lambda code, later: None if (code, later) in was - here else later)


def _with_lines(tree: Tree, becomes: Any) -> Tree:
    """The tree with each line's later side as `becomes(code, later)` says; a line goes where that is None."""
    said = tree.get("from_version")
    lines_of = said.get("modifiers") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(lines_of, dict):
        return tree
    codes = said.get("codes")
    renamed = codes if isinstance(codes, dict) else {}
    kept: dict[str, Any] = {}
    for code, lines in lines_of.items():
        if not isinstance(lines, dict):
            kept[code] = lines
            continue
        now = renamed.get(code, code)
        became = {old: becomes(now, later) if isinstance(later, str) else later for old, later in lines.items()}
        stays = {old for old, later in became.items() if later == old != lines[old]}  # has its first id again
        if left := {old: later for old, later in became.items() if later is not None and old not in stays}:
            kept[code] = left
    others = {key: part for key, part in said.items() if key != "modifiers"}
    return {**tree, "from_version": {**others, **({"modifiers": kept} if kept else {})}}


def _codes(tree: Tree) -> dict[str, Any]:
    entries = tree.get("codes")
    some = entries if isinstance(entries, list) else []
    return {str(code.get("id")): code for code in some if isinstance(code, dict)}


def _names(tree: Tree, code: str) -> list[str]:
    """Every modifier of a code, and each of its answers as modifier:answer, in order."""
    found: list[str] = []
    for modifier in _list(_codes(tree).get(code, {}), "modifiers"):
        name = str(modifier.get("id"))
        found += [name, *(f"{name}:{option.get('id')}" for option in _list(modifier, "options"))]
    return found


def _list(entry: Tree, key: str) -> list[Tree]:
    some = entry.get(key)
    return [each if isinstance(each, dict) else {} for each in some] if isinstance(some, list) else []
