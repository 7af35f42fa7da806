"""Taking words out of a ruling for good: a name, or whatever else must not stand there. All else of it stays.

The words go from every version of the ruling, and from what the database's files still held of them. A further version
says that something was taken out, when, by whom and why; neither it nor the audit says what.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from workbench.model.access import Action
from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.model.ruling import TEXTS, Ruling
from workbench.model.scheme import CodingScheme
from workbench.model.taken_out import MARK, SHORTEST, Why, Words, bare
from workbench.store import erasure, rulings
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused, demand
from workbench.workflows.see_rulings import RulingShown, history, rulings_of

NOTHING_TAKEN = "Nothing was taken out."
FINAL = (
    "This cannot be undone: nobody gets the words back, not from the database either. Codebooks, exports and copies of "
    "the workspace that were made before still have them; make those anew, and delete the old ones."
)
NOT_SWEPT = (
    "The words are out of the ruling. The database's file may still hold remains of them, because it could not be "
    "written anew just now (it is in use, or the disk is full). This is tried again when the program next starts."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to take out: `words`, one a line, or whole `texts` (names out of `TEXTS`); and why.

    `inside`: the words also where they are part of longer ones."""

    words: str
    texts: frozenset[str]
    why: Why | None
    inside: bool = False

    @property
    def each(self) -> Words:
        lines = [" ".join(bare(line).split()) for line in self.words.splitlines()]
        return Words(tuple(dict.fromkeys(line for line in lines if line)), self.inside)


@dataclass(frozen=True, slots=True)
class Preview:
    """What would become of a ruling: its newest version as it would stand, how many `places` of how many `versions`
    would change, and `longer` words that have the words within and would stay."""

    after: Ruling
    places: int
    versions: int
    longer: tuple[str, ...]


def preview(workspace: Workspace, actor: Person, scheme: CodingScheme, ruling_id: str, wanted: Wanted) -> Preview:
    """What taking these words out would do, in what `actor` is shown of the ruling. Raises Refused."""
    demand(workspace, actor, Action.TAKE_OUT_WORDS)
    if problems := list(_problems(wanted)):
        raise Refused(NOTHING_TAKEN, problems)
    shown = [s.ruling for s in history(workspace, actor, scheme, ruling_id)]
    if not shown:
        raise Refused("There is no such ruling.", kind="missing")
    left = [_without(ruling, wanted) for ruling in shown]
    changed = [before for before, after in zip(shown, left, strict=True) if before != after]
    longer = () if wanted.inside or not wanted.each.each else _longer(left, wanted.each)
    return Preview(left[0], sum(_places(ruling, wanted) for ruling in shown), len(changed), longer)


def elsewhere(workspace: Workspace, actor: Person, scheme: CodingScheme, wanted: Wanted) -> list[RulingShown]:
    """Rulings of the scheme that still say these words, in the newest version that `actor` is shown."""
    words = wanted.each
    return [s for s in rulings_of(workspace, actor, scheme) if words.each and _found(s.ruling, words)]


def take_out_words(workspace: Workspace, actor: Person, ruling_id: str, version: int, wanted: Wanted) -> bool:
    """Take the words out of every version of a ruling. `version`: the newest that was looked at.

    True when the database's files hold nothing of them any more; False when that waits (`NOT_SWEPT`). Raises Refused.
    """
    demand(workspace, actor, Action.TAKE_OUT_WORDS)
    if problems := list(_problems(wanted)):
        raise Refused(NOTHING_TAKEN, problems)
    assert wanted.why is not None
    with workspace.reading() as connection:
        known = rulings.versions(connection, ruling_id)
    if not known:
        raise Refused("There is no such ruling.", kind="missing")
    detail: dict[str, object] = {"scheme": known[-1].scheme, "version": version + 1, "why": wanted.why.value}
    with workspace.changing(actor.id, "ruling.take_out", "ruling", ruling_id, detail) as connection:
        known = rulings.versions(connection, ruling_id)
        if known[-1].version != version:
            raise Refused("This ruling was changed meanwhile. Open it again; nothing was taken out.")
        left = [_without(ruling, wanted) for ruling in known]
        if left == known:
            raise Refused(NOTHING_TAKEN, ["No version of the ruling says this."])
        detail["texts"] = sorted({name for one, other in zip(known, left, strict=True) for name in _differ(one, other)})
        erasure.begin(connection)
        at = now_ms()
        marked = replace(left[-1], version=version + 1, taken_out=wanted.why.value, written_by=actor.id, written_at=at)
        rulings.take_out(connection, marked, left)
    return erasure.sweep(workspace.engine)


def _problems(wanted: Wanted) -> Iterator[str]:
    words = wanted.each.each
    if not words and not wanted.texts:
        yield "Write the words to take out, or choose a whole text."
    for word in words:
        if len(word) < SHORTEST:
            yield f"“{word}” is too short: it would go from within everything."
        elif MARK.casefold() in word.casefold() or word.casefold() in MARK.casefold():
            yield f"“{word}” is part of what stands where something was taken out."
    if unknown := wanted.texts - set(TEXTS):
        yield f"A ruling has no text {sorted(unknown)[0]!r}."
    if wanted.why is None:
        yield "Choose why."


def _without(ruling: Ruling, wanted: Wanted) -> Ruling:
    words = wanted.each
    left: dict[str, Any] = {}
    for name, text in _texts(ruling).items():
        if text and name in wanted.texts:
            left[name] = MARK
        elif words.each:
            left[name] = words.taken_from(text)
    return replace(ruling, **left)


def _texts(ruling: Ruling) -> dict[str, str]:
    return {name: getattr(ruling, name) for name in TEXTS}


def _differ(one: Ruling, other: Ruling) -> Collection[str]:
    return {name for name in TEXTS if getattr(one, name) != getattr(other, name)}


def _found(ruling: Ruling, words: Words) -> bool:
    return any(words.found_in(text) for text in _texts(ruling).values())


def _places(ruling: Ruling, wanted: Wanted) -> int:
    whole = sum(bool(text) and text != MARK for name, text in _texts(ruling).items() if name in wanted.texts)
    words = wanted.each
    rest = [text for name, text in _texts(ruling).items() if name not in wanted.texts]
    return whole + (sum(words.found_in(text) for text in rest) if words.each else 0)


def _longer(some: Sequence[Ruling], words: Words) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for r in some for text in _texts(r).values() for word in words.longer_in(text)))
