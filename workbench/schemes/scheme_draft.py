"""A scheme that is still being written: what its text holds, and every problem beside the field that it is about.

A draft is YAML text like any scheme file. The form on screen edits the tree that the text holds, by paths such as
`("codes", 2, "label")`; what the form does not know stays as it is. Problems are those of `check-scheme`, word for
word, but that "first in line 14" names the entry instead.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Mapping as Entries
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from workbench.model.scheme import CodingScheme, DataKind
from workbench.schemes.canonical import identified
from workbench.schemes.draft_lineage import lines_left
from workbench.schemes.fields import Report
from workbench.schemes.nodes import Mapping, Node, Problem, SchemeProblems, Sequence, parse, read_as
from workbench.schemes.scheme_agreement import CERTIFICATION, LIMIT, REPORTED
from workbench.schemes.scheme_codes import CODE, MODIFIER, OPTION
from workbench.schemes.scheme_earlier import EARLIER
from workbench.schemes.scheme_file import RATING, TOP, read_scheme
from workbench.schemes.scheme_rules import RULE
from workbench.schemes.scheme_scores import LEVEL, SCORE
from workbench.schemes.yaml_text import Plain, Tree, tree_of, write_tree

Path = tuple[str | int, ...]
HEAD = "# yaml-language-server: $schema=../scheme.schema.json\n"
FILE = "draft.yaml"
ONE_OF = {"codes": "code", "ratings": "rating", "rules": "rule", "scores": "score", "modifiers": "modifier"}
ONE_OF |= {"options": "option", "levels": "level"}
_ORDER = {"codes": CODE, "modifiers": MODIFIER, "options": OPTION, "ratings": RATING, "rules": RULE}
_ORDER |= {"scores": SCORE, "levels": LEVEL}
# Mappings that hold mappings: the usual order of the outer keys, and of the inner ones.
_ORDER_INSIDE: dict[str, tuple[list[str], list[str]]] = {
    "agreement": ([kind.value for kind in DataKind], REPORTED),
    "certification": (CERTIFICATION, LIMIT),
    "from_version": (EARLIER, []),
}
_FIRST_IN = re.compile(r" ?\(?first in line (\d+)\)?")
_MISSING = re.compile(r": (\w+) is missing")


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """One thing wrong with a draft. `path` says with which part; `line` is that of the text.

    Where two parts are the same and may not be, `first` is the other one, and `there` what is said of it.
    """

    path: Path
    line: int
    message: str
    first: Path = ()
    there: str = ""


@dataclass(frozen=True, slots=True)
class DraftRead:
    """A draft's text as far as it can be read.

    `tree` None: the text is no YAML, or gives a key twice, so that a form would lose some of it. `scheme`: the
    scheme as far as it can be read, to be looked at; only without `problems` is it one that can be used.
    """

    text: str
    tree: dict[str, Any] | None
    scheme: CodingScheme | None
    problems: tuple[DraftProblem, ...]

    def of(self, *path: str | int) -> list[str]:
        """The problems of one part and of nothing inside it."""
        return [p.message if p.path == path else p.there for p in self.problems if path in (p.path, p.first or None)]

    def inside(self, *path: str | int) -> list[str]:
        """The problems of one part and of everything inside it."""
        n = len(path)
        here = [p.message for p in self.problems if p.path[:n] == path]
        return here + [p.there for p in self.problems if p.first and p.first[:n] == path and p.path[:n] != path]


def read_draft(text: str) -> DraftRead:
    """What a draft's text holds. Never raises: what cannot be read is a problem of it."""
    try:
        root = parse(text.encode("utf-8", "surrogatepass"), FILE)
    except SchemeProblems as error:
        return DraftRead(text, None, None, tuple(DraftProblem((), p.line, p.message) for p in error.problems))
    report = Report(FILE)
    scheme = read_scheme(root, report)
    places = dict(reversed(list(_places(root, ()))))  # of two at one place the outer one, which comes first
    tree = tree_of(root)
    found = tuple(_placed(p, places, tree) for p in report.problems)
    if not isinstance(tree, dict):
        return DraftRead(text, None, None, found)
    return DraftRead(text, None if _twice(root) else tree, identified(scheme), found)


def written(tree: Entries[str, Any]) -> str:
    """The text of a draft whose tree was edited."""
    return HEAD + write_tree(tree)


# ---- editing: each returns another tree ----------------------------------------------------------


def value_at(tree: Any, path: Path, default: Any = "") -> Any:
    """What stands at a path; `default` where nothing does."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(tree, list) or not 0 <= step < len(tree):
                return default
            tree = tree[step]
        else:
            if not isinstance(tree, dict) or step not in tree:
                return default
            tree = tree[step]
    return tree


def entries_at(tree: Any, path: Path) -> list[dict[str, Any]]:
    """The entries of a list of mappings; what is none stands as an empty one, so that places stay the same."""
    found = value_at(tree, path, [])
    return [entry if isinstance(entry, dict) else {} for entry in found] if isinstance(found, list) else []


def with_value(tree: dict[str, Any], path: Path, value: Tree | None, *, stays: bool = False) -> dict[str, Any]:
    """The tree with a value at a path, keys in their usual order. None, nothing and an empty list take it away;
    with `stays` an empty list is kept, for what a list's absence would make into something else."""
    changed = deepcopy(tree)
    part: Any = changed
    for step, following in pairwise(path):
        kind = list if isinstance(following, int) else dict
        if isinstance(step, str) and not isinstance(part.get(step), kind):
            part[step] = kind()
        part = part[step]
    last = path[-1]
    if value is None or (not value and not isinstance(value, Plain) and not stays):
        part.pop(last, None) if isinstance(part, dict) else part.pop(last)
    elif isinstance(part, list) and last == len(part):
        part.append(value)
    else:
        part[last] = value
    return _ordered(changed)


def without_part(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    """The tree without what stands at a path, nor the mappings around it that then hold nothing."""
    changed = with_value(tree, path, None)
    while len(path) > 1 and value_at(changed, path[:-1]) == {}:
        path = path[:-1]
        changed = with_value(changed, path, None)
    return changed


def with_entry(tree: dict[str, Any], path: Path, index: int, entry: dict[str, Any]) -> dict[str, Any]:
    """The tree with an entry put into a list, before the one at `index`."""
    rows = [*_list_at(tree, path)]
    rows.insert(index, entry)
    return with_value(tree, path, rows)


def without_entry(tree: dict[str, Any], path: Path, index: int) -> dict[str, Any]:
    """The tree without an entry, and without what `from_version` says became of what goes."""
    rows = [*_list_at(tree, path)]
    gone = value_at(rows.pop(index), ("id",))
    changed = with_value(tree, path, rows)
    lineage: Path = ("from_version", *path)
    known = value_at(changed, lineage, {})
    still = any(entry.get("id") == gone for entry in entries_at(changed, path))
    if isinstance(known, dict) and gone in known.values() and not still:
        stay = {earlier: later for earlier, later in known.items() if later != gone}
        return with_value(lines_left(changed, tree), lineage, stay)
    return lines_left(changed, tree)


def with_entry_moved(tree: dict[str, Any], path: Path, index: int, to: int) -> dict[str, Any]:
    rows = [*_list_at(tree, path)]
    rows.insert(to, rows.pop(index))
    return with_value(tree, path, rows)


def number(text: str) -> str:
    """What somebody typed where a number belongs: a number if it is one, else text, which is then a problem."""
    text = text.strip()
    return Plain(text) if read_as(text) in ("int", "float") else text


def name_for(label: str, taken: Iterator[str] | list[str], fallback: str) -> str:
    """An id made of a label: small letters, digits and _, and not among those `taken`.

    >>> name_for("Names the strain!", [], "code"), name_for("تعاطف", ["code_1"], "code")
    ('names_the_strain', 'code_2')
    """
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")
    if name and not name[0].isalpha():
        name = f"{fallback}_{name}"
    used, first = set(taken), 2 if name else 1
    if name and name not in used:
        return name
    stem = name or fallback
    return next(made for n in range(first, len(used) + 3) if (made := f"{stem}_{n}") not in used)


# ---- where things are ----------------------------------------------------------------------------


def _list_at(tree: dict[str, Any], path: Path) -> list[Any]:
    found = value_at(tree, path, [])
    return found if isinstance(found, list) else []


def _places(node: Node, path: Path) -> Iterator[tuple[tuple[int, int], Path]]:
    yield (node.line, node.column), path
    if isinstance(node, Mapping):
        for key, value in node.entries:
            yield (key.line, key.column), (*path, key.text)
            yield from _places(value, (*path, key.text))
    elif isinstance(node, Sequence):
        for n, item in enumerate(node.items):
            yield from _places(item, (*path, n))


def _path_of(places: dict[tuple[int, int], Path], line: int, column: int, message: str) -> Path:
    path = places.get((line, column), ())
    missing = _MISSING.search(message)
    return (*path, missing[1]) if missing and (not path or path[-1] != missing[1]) else path


def _placed(problem: Problem, places: dict[tuple[int, int], Path], tree: Any) -> DraftProblem:
    """The problem at its part; for somebody who sees no lines, the entry instead of "first in line 14"."""
    path = _path_of(places, problem.line, problem.column, problem.message)
    match = _FIRST_IN.search(problem.message)
    if match is None:
        return DraftProblem(path, problem.line, problem.message)
    value = str(value_at(tree, path)).strip().casefold()
    at_line = [at for (line, _), at in places.items() if line == int(match[1])]
    first = next((at for at in at_line if str(value_at(tree, at)).strip().casefold() == value), ())

    def said(word: str, at: Path) -> str:
        entry = called(tree, at)
        return _FIRST_IN.sub(f" ({word} in {entry})" if entry else "", problem.message)

    return DraftProblem(path, problem.line, said("first", first), first, said("also", path))


def called(tree: Any, path: Path) -> str:
    """What a path leads to or into, in words: `code “Joke”`, `code “Joke”, answer 2`."""
    words = []
    for n, step in enumerate(path):
        if isinstance(step, int):
            label = value_at(tree, (*path[: n + 1], "label"))
            name = f"“{label}”" if isinstance(label, str) and label else str(step + 1)
            words.append(f"{ONE_OF.get(str(path[n - 1]), str(path[n - 1]))} {name}")
    return ", ".join(words)


def _twice(node: Node) -> bool:
    """Whether some mapping gives a key twice, which a tree cannot hold."""
    if isinstance(node, Mapping):
        keys = [key.text for key, _ in node.entries]
        return len(keys) != len(set(keys)) or any(_twice(value) for _, value in node.entries)
    return isinstance(node, Sequence) and any(map(_twice, node.items))


def _ordered(tree: dict[str, Any], keys: list[str] | None = None) -> dict[str, Any]:
    """The tree with the keys that are known in their usual order, those that are not after them."""
    known: list[str] = TOP if keys is None else keys
    names = [str(k) for k in known if k in tree] + [k for k in tree if k not in known]
    made: dict[str, Any] = {}
    for name in names:
        value = tree[name]
        if name in _ORDER and isinstance(value, list):
            value = [_ordered(entry, _ORDER[name]) if isinstance(entry, dict) else entry for entry in value]
        elif keys is None and name in _ORDER_INSIDE and isinstance(value, dict):
            outer, inner = _ORDER_INSIDE[name]
            parts = {key: _ordered(part, inner) if isinstance(part, dict) else part for key, part in value.items()}
            value = _ordered(parts, outer)
        made[name] = value
    return made
