"""What a coding can say: the codes, times, people and units that an event may have."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from workbench.model.coding import NOT_OBSERVABLE, Event
from workbench.model.scheme import Code, CodeKind, CodingScheme
from workbench.model.session_people import SessionPerson
from workbench.model.span import TimeSpan, clock
from workbench.model.units import place_of

LATEST_MS = 48 * 3600 * 1000
NOT_OBSERVABLE_LABEL = "Not observable"
NOT_OBSERVABLE_REASONS = {"reason:inaudible", "reason:off_camera", "reason:frozen"}
EVERYTHING = frozenset(("code", "start_ms", "end_ms", "modifiers", "unit"))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the operations of a coding are held against.

    `people`: those whom a code can name; `segments`: how many rating segments there are.
    `n_utterances`, `n_words`: of the frozen transcript. `on_clock`: a live coding that is not aligned yet;
    its times are those of its clock, and no window binds them.
    """

    scheme: CodingScheme
    windows: tuple[TimeSpan, ...]
    people: tuple[SessionPerson, ...] = ()
    segments: int = 0
    n_utterances: int = 0
    n_words: int = 0
    on_clock: bool = False

    @property
    def codes_utterances(self) -> bool:
        return self.scheme.unit == "utterance" or any(c.kind is CodeKind.UTTERANCE for c in self.scheme.codes)


def misfit(event: Event, changed: Collection[str] = EVERYTHING, *, bounds: Bounds) -> str | None:
    """One sentence why an event cannot stand, looking at the fields that were `changed`; None when it can.

    What a rater did not touch is left alone, so that an event of an earlier version can be commented.
    """
    touched = set(changed)
    label, code = NOT_OBSERVABLE_LABEL, None
    if event.code != NOT_OBSERVABLE:
        code = code_of(event.code, bounds)
        label = code.label
    if touched & {"start_ms", "end_ms"} and (sentence := _out_of_time(event, bounds)):
        return sentence
    if touched & {"code", "end_ms", "unit"}:
        if code and code.kind is CodeKind.POINT and event.end_ms is not None and not event.unit:
            return f"“{label}” is a moment; it has no end."
        if code and code.kind is CodeKind.UTTERANCE and not event.unit:
            return f"“{label}” is said of an utterance, and needs to know of which."
    if touched & {"code", "modifiers"}:
        return _wrong_modifiers(code, label, event.modifiers)
    return None


def code_of(code_id: object, bounds: Bounds) -> Code:
    """The code of that id. Raises ValueError with one sentence."""
    for code in bounds.scheme.codes:
        if code.id == code_id:
            return code
    raise ValueError(f"The scheme {bounds.scheme.name} {bounds.scheme.version} has no code {code_id!r}.")


def is_unit(text: object, bounds: Bounds) -> bool:
    """Whether `text` names an utterance of the transcript ("u3") or a word in it ("u3w12")."""
    where = place_of(text) if isinstance(text, str) else None
    if where is None:
        return False
    utterance, word = where
    return utterance < bounds.n_utterances and (word is None or word < bounds.n_words)


def _out_of_time(event: Event, bounds: Bounds) -> str | None:
    start, end = event.start_ms, event.end_ms
    if end is not None and end < start:
        return "An event cannot end before it starts."
    if bounds.on_clock:
        return None
    if event.unit and end is not None:
        # an utterance may begin before the window, or end after it
        said = TimeSpan(start, max(end, start + 1))
        return None if any(w.overlap_ms(said) for w in bounds.windows) else _outside(start)
    window = next((w for w in bounds.windows if w.contains(start)), None)
    if window is None:
        return _outside(start)
    return _outside(end) if end is not None and end > window.end_ms else None


def _outside(ms: int) -> str:
    return f"{clock(ms)} is outside the observation window."


def _wrong_modifiers(code: Code | None, label: str, modifiers: tuple[str, ...]) -> str | None:
    if code is None:
        if len(modifiers) == 1 and modifiers[0] in NOT_OBSERVABLE_REASONS:
            return None
        return "A stretch that is not observable has one reason: inaudible, off camera or a frozen picture."
    sets = {m.id: m for m in code.modifiers}
    chosen: dict[str, set[str]] = {}
    for modifier in modifiers:
        name, _, option = modifier.partition(":")
        if name not in sets or option not in {o.id for o in sets[name].options}:
            return f"“{label}” has no modifier {modifier!r}."
        if option in chosen.setdefault(name, set()):
            return f"“{label}” has the modifier {modifier!r} twice."
        if chosen[name] and not sets[name].several:
            return f"“{label}” takes one answer to “{sets[name].label}”."
        chosen[name].add(option)
    return None
