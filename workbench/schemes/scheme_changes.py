"""What differs between two schemes, in words: what was added, removed, changed, put elsewhere.

The two are compared as they stand in their files, key by key, so that nothing which differs is passed over:
`changes` is empty exactly where the two have the same identity.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.model.scheme import CodingScheme, EarlierVersion, ScoreKind
from workbench.schemes.changes_asked import of_agreement, of_certification, of_earlier
from workbench.schemes.scheme_yaml import scheme_tree
from workbench.schemes.yaml_text import Plain, Tree, write_tree

_ONE = {
    "codes": "Code",
    "modifiers": "modifier",
    "options": "answer",
    "ratings": "Rating",
    "rules": "Rule",
    "scores": "Score",
    "levels": "level",
}
_WORDS = {
    "scheme": "name in tables",
    "near_miss": "near-miss",
    "who": "whose behaviour it is",
    "whom": "to whom",
    "valence": "for or against the alliance",
    "ask": "what is asked of the rater",
    "direct": "direct key",
    "several": "more than one answer",
    "each": "what it is given for",
    "of": "who is rated",
    "needs": "ratings that it means nothing without",
    "minimum_answered": "share that must have a value",
    "low": "lowest value",
    "high": "highest value",
    "start": "value to begin from",
    "no_evidence": "“no evidence” as an answer",
    "scored": "counting into the alliance score",
    "reversed": "turning round for the score",
    "from": "lowest value of the rule",
    "to": "highest value of the rule",
    "unit": "unit that is coded",
    "units_of": "whose utterances are coded",
    "passes": "order of work",
    "segment_minutes": "length of a segment in minutes",
    "show_transcript": "showing the transcript",
    "speed_cap": "fastest playback",
    "bin_seconds": "width of the time bins in seconds",
    "tolerance_seconds": "tolerance in seconds",
    "check_evidence": "asking about contradictions",
    "reasons": "answers to contradictions",
    "parallel_form": "parallel form",
}
_FORMULAS = frozenset(kind.value for kind in ScoreKind)
_SAID = {"true": "yes", "false": "no"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `kind` is added, removed, changed or moved; `what` says of what it is, `sentence` all of it.

    `before` and `after` are the texts, where the two differ in one."""

    kind: str
    what: str
    sentence: str
    before: str = ""
    after: str = ""


def changes(earlier: CodingScheme, later: CodingScheme, coefficient_name: Callable[[str], str] = str) -> list[Change]:
    """Every difference, in the order of the file. `coefficient_name` gives what readers call the one of an id."""
    said = later.earlier if later.earlier and later.earlier.version == earlier.version else EarlierVersion("")
    one, other = scheme_tree(earlier), scheme_tree(later)
    asked = {
        "agreement": lambda old, new: of_agreement(old, new, coefficient_name),
        "certification": of_certification,
        "from_version": of_earlier,
    }
    found: list[Change] = []
    for key in [*other, *(k for k in one if k not in other)]:
        old, new = one.get(key, ""), other.get(key, "")
        if key not in asked:
            found += _of_mapping({key: old}, {key: new}, "The scheme", _became(said))
        elif old != new:
            found += [
                Change("changed", sentence.split(":")[0], sentence, *texts) for sentence, *texts in asked[key](old, new)
            ]
    return found


# What a mapping between versions says of the entries of one list: their earlier ids by key of the list and place
# (the earlier ids of what they are in), and the later id of each; None where it has no equal.
Became = Mapping[tuple[str, ...], Mapping[str, str | None]]


def _became(said: EarlierVersion) -> Became:
    found: dict[tuple[str, ...], Mapping[str, str | None]] = {("codes",): said.codes, ("ratings",): said.ratings}
    for code, lines in said.modifiers.items():
        found["codes", code, "modifiers"] = {old: new for old, new in lines.items() if ":" not in old}
        for (modifier, _, answer), new in ((old.partition(":"), new) for old, new in lines.items()):
            now, _, later = (new or "").partition(":")
            # else the answer went to another modifier
            if answer and (new is None or now == lines.get(modifier, modifier)):
                place = ("codes", code, "modifiers", modifier, "options")
                found[place] = {**found.get(place, {}), answer: later or None}
    return found


def _of_mapping(
    earlier: dict[str, Any], later: dict[str, Any], what: str, became: Became, at: tuple[str, ...] = ()
) -> Iterator[Change]:
    for key in [*later, *(k for k in earlier if k not in later)]:
        old, new = earlier.get(key, ""), later.get(key, "")
        if old == new:
            continue
        if key in _ONE and _has_ids(old, new, "label" if key == "levels" else "id"):
            yield from _of_entries(old or [], new or [], key, what, became, (*at, key))
        else:
            yield _of_value(key, old, new, what)


def _of_entries(
    earlier: list[Any], later: list[Any], key: str, what: str, became: Became, at: tuple[str, ...]
) -> Iterator[Change]:
    by = "label" if key == "levels" else "id"
    olds, after = ({entry[by]: entry for entry in entries} for entries in (earlier, later))
    said = became.get(at, {})
    no_equal = {name for name, now in said.items() if now is None}
    heirs = {name: name if name in no_equal else _known_later(name, entry, after, olds) for name, entry in olds.items()}
    names = {name: said.get(name) or heir for name, heir in heirs.items()}
    first = {now: name for name, now in reversed(names.items())}
    first |= {name: name for name in olds if names[name] == name}  # of several that became one, it was one already
    before = {now: olds[name] for name, now in names.items() if first[now] == name}
    outer = "" if what == "The scheme" else f"{what}, "
    for name, entry in olds.items():
        called = f"{outer}{_ONE[key]} “{_called(entry)}”"
        if names[name] not in after:
            how = "was removed, and has no equal" if name in no_equal else "was removed"
            yield Change("removed", called, f"{called} {how}.", before=_written(entry))
        elif first[names[name]] != name:
            into = _called(after[names[name]])
            yield Change("removed", called, f"{called} became part of “{into}”.", before=_written(entry))
    for name, entry in after.items():
        called = f"{outer}{_ONE[key]} “{_called(entry)}”"
        if name not in before:
            yield Change("added", called, f"{called} was added.", after=_written(entry))
        else:
            yield from _of_mapping(before[name], entry, called, became, (*at, first[name]))
    stayed = [name for name in before if name in after]
    if stayed != (now := [name for name in after if name in before]):
        listed = ", ".join(_called(after[name]) for name in now)
        where = f"{what}: the {key}" if outer else f"The {key}"
        yield Change("moved", where, f"{where} are in another order: {listed}.")


def _known_later(name: str, entry: dict[str, Any], after: dict[str, Any], before: dict[str, Any]) -> str:
    """Under which name an entry goes on: its own, or that of the one new entry with its label."""
    if name in after:
        return name
    heirs = [n for n, other in after.items() if n not in before and other.get("label") == entry.get("label")]
    return heirs[0] if len(heirs) == 1 and entry.get("label") else name


def _of_value(key: str, old: Tree, new: Tree, what: str) -> Change:
    name = _WORDS.get(key, "formula" if key in _FORMULAS else key.replace("_", " "))
    if not old:
        said = f": {_short(new)}" if _short(new) else ""
        return Change("changed", what, f"{what}: {name} added{said}.", after=_text(new))
    if not new:
        said = f" (was {_short(old)})" if _short(old) else ""
        return Change("changed", what, f"{what}: {name} taken out{said}.", before=_text(old))
    if _short(old) and _short(new):
        return Change("changed", what, f"{what}: {name}: {_short(old)} → {_short(new)}.", _text(old), _text(new))
    return Change("changed", what, f"{what}: {name} changed.", _text(old), _text(new))


def _has_ids(old: Tree, new: Tree, by: str) -> bool:
    return all(
        isinstance(entries, list) and all(isinstance(entry, dict) and by in entry for entry in entries)
        for entries in (old or [], new or [])
    )


def _called(entry: dict[str, Any]) -> str:
    return str(entry.get("label") or entry.get("id") or "")


def _short(value: Tree) -> str:
    """A value in a few words; empty where it takes more."""
    if isinstance(value, str):
        said = _SAID.get(value, value) if isinstance(value, Plain) else f"“{value}”"
    elif isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
        said = ", ".join(str(item) for item in value)
    else:
        return ""
    return said if len(said) <= 60 and "\n" not in said else ""


def _text(value: Tree) -> str:
    if isinstance(value, str):
        return _SAID.get(value, value) if isinstance(value, Plain) else value
    if isinstance(value, Sequence) and all(isinstance(item, str) for item in value):
        return "\n".join(str(item) for item in value)
    return _written(value)


def _written(value: Any) -> str:
    """A part as its file has it."""
    return write_tree(value if isinstance(value, dict) else {"": value}).strip()
