"""What a rater prefers in the coding room: keys, reaction lag, where to go on, and how loud."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workbench.model.people import Person
from workbench.store import preferences
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused

CODING_ROOM = "coding-room"
USUAL: Mapping[str, Any] = {"keys": {}, "lag_ms": 0, "resume_earlier_ms": 3000, "hold": True, "volume_boost": 1}
_MOST_LAG_MS, _MOST_EARLIER_MS, _MOST_BOOST = 2000, 30_000, 6
_MOST_KEYS = 500  # in all: of every scheme that one person codes on
_LONGEST_KEY, _LONGEST_NAME = 32, 200


def preferred(workspace: Workspace, actor: Person) -> dict[str, Any]:
    """What `actor` prefers in the coding room, with what is usual for the rest."""
    with workspace.reading() as connection:
        kept = preferences.get(connection, actor.id, CODING_ROOM)
    return dict(USUAL) | {name: value for name, value in (kept or {}).items() if name in USUAL}


def prefer(workspace: Workspace, actor: Person, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Keep what `actor` prefers; what they do not name is as usual. Returns what is kept.

    Raises Refused with every problem of it.
    """
    problems = [f"The coding room has no setting {str(name)[:40]!r}." for name in wanted if name not in USUAL]
    chosen = dict(USUAL) | {name: value for name, value in wanted.items() if name in USUAL}
    problems += _keys_wrong(chosen["keys"])
    for name, label, most in (
        ("lag_ms", "The reaction lag", _MOST_LAG_MS),
        ("resume_earlier_ms", "The stretch that is heard again", _MOST_EARLIER_MS),
    ):
        if not _is_whole(chosen[name]) or not 0 <= chosen[name] <= most:
            problems.append(f"{label} is 0 to {most} ms; found {str(chosen[name])[:40]!r}.")
    boost = chosen["volume_boost"]
    if isinstance(boost, bool) or not isinstance(boost, int | float) or not 1 <= boost <= _MOST_BOOST:
        problems.append(f"The volume is raised 1 to {_MOST_BOOST} times; found {str(boost)[:40]!r}.")
    if not isinstance(chosen["hold"], bool):
        problems.append("Holding a key down to code a stretch is yes or no.")
    if problems:
        raise Refused("These settings cannot be kept.", problems)
    with workspace.changing(actor.id, "preference.set", "person", actor.id, {"of": CODING_ROOM}) as connection:
        preferences.keep(connection, actor.id, CODING_ROOM, chosen)
    return chosen


def _keys_wrong(keys: Any) -> list[str]:
    """What is wrong with own keys: scheme name ("" for acts) → id → key, where "" takes the key away."""
    if not isinstance(keys, Mapping) or not all(isinstance(of, Mapping) for of in keys.values()):
        return ["Keys are listed by scheme and code."]
    if sum(len(of) for of in keys.values()) > _MOST_KEYS or len(keys) > _MOST_KEYS:
        return [f"At most {_MOST_KEYS} keys of one's own are kept."]
    for scheme, of in keys.items():
        if not _is_text(scheme, _LONGEST_NAME) or not all(_is_text(name, _LONGEST_NAME) for name in of):
            return ["A key belongs to a code or an act, by its name."]
        if wrong := [key for key in of.values() if not _is_text(key, _LONGEST_KEY)]:
            return [f"{str(wrong[0])[:40]!r} is no key."]
    return []


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
