"""Another id for a code, rating, score, modifier or answer of a draft, wherever the draft speaks of it."""

from __future__ import annotations

from typing import Any

from workbench.schemes.draft_lineage import lines_followed
from workbench.schemes.scheme_draft import Path, entries_at, value_at, with_value
from workbench.schemes.yaml_text import Plain, is_nothing

# what holds words of its own, or ids of something else
_NO_NAMES = frozenset({"id", "label", "definition", "sentence", "rating", "who", "whom", "modifiers", "as", "each"})


def with_name(tree: dict[str, Any], path: Path, new: str) -> dict[str, Any]:
    """The tree with another id of a code, rating, score, modifier or answer, wherever rules and scores speak of it."""
    old = value_at(tree, (*path, "id"))
    changed = with_value(tree, (*path, "id"), new)
    if not isinstance(old, str) or not old or not new:
        return changed
    if "modifiers" in path:
        changed = lines_followed(changed, tree)
        return with_value(changed, ("scores",), _with_answers_of(changed, tree, path) or None)
    changed = with_lineage(changed, path[0], old, new, False)
    for part in ("rules", "scores"):
        if part in changed:
            changed[part] = _renamed(changed[part], old, new, path[0] == "ratings")
    return changed


def with_lineage(tree: dict[str, Any], part: str | int, old: str, new: str, saved: bool) -> dict[str, Any]:
    """The tree that says under `from_version` what a code or rating of the version before is called now.

    `saved`: that version knows it as `old`. What it knows by another name goes on under `new`. What has no equal there
    still has none: a new entry only had its name.
    """
    known = value_at(tree, ("from_version", part), {})
    if part not in ("codes", "ratings") or "from_version" not in tree or not isinstance(known, dict):
        return tree
    became = {earlier: new if later == old else later for earlier, later in known.items()}
    if saved and not is_nothing(became.get(old)):
        became[old] = new
    return with_value(tree, ("from_version", part), {e: later for e, later in became.items() if e != later})


def _with_answers_of(changed: dict[str, Any], before: dict[str, Any], path: Path) -> Any:
    """The scores, where events of the code at `path` are chosen by its answers (`set:option`), with their new names."""
    new = dict(zip(_answers(before, path[:2]), _answers(changed, path[:2]), strict=True))
    code = value_at(changed, (*path[:2], "id"))

    def renamed(part: Any) -> Any:
        if isinstance(part, list):
            return [renamed(item) for item in part]
        if not isinstance(part, dict):
            return part
        mine = code in entries if isinstance(entries := part.get("codes"), list) else False
        answers = part.get("modifiers")
        if mine and isinstance(answers, list):
            part = {**part, "modifiers": [new.get(a, a) if isinstance(a, str) else a for a in answers]}
        return {key: renamed(value) for key, value in part.items()}

    return renamed(changed.get("scores", []))


def _answers(tree: dict[str, Any], code: Path) -> list[str]:
    """Every answer of a code's modifiers, as formulas name it."""
    sets = entries_at(tree, (*code, "modifiers"))
    return [
        f"{modifier.get('id')}:{option.get('id')}"
        for n, modifier in enumerate(sets)
        for option in entries_at(tree, (*code, "modifiers", n, "options"))
    ]


def _renamed(part: Any, old: str, new: str, rating: bool) -> Any:
    """Rules and scores with another name for a code or score (or for a `rating`)."""
    if isinstance(part, dict):
        return {
            key: new
            if key == "rating" and rating and value == old
            else value
            if key in _NO_NAMES
            else _renamed(value, old, new, rating)
            for key, value in part.items()
        }
    if isinstance(part, list):
        return [_renamed(item, old, new, rating) for item in part]
    return new if part == old and not isinstance(part, Plain) else part
