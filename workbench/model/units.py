"""Coding units: the utterances of a transcript, as a rater split and merged them for coding.

The transcript is never touched. A rater's boundaries say where a unit begins or does not:

- `u5` is the utterance at place 5 of the transcript (the first is `u0`); a unit begins there unless
  the boundary `u5: False` merges it into the unit of the same speaker that came last, whatever others
  said between. The pieces stay where they are and share a unit.
- `u5w312` is word 312 of the transcript, inside utterance 5. The boundary `u5w312: True` splits there,
  `u5w312: False` takes the split back. At the first word of an utterance nothing can be split.

A boundary that does not fit the transcript, and the merging of a speaker's first words, change nothing.
A unit is called after the place where it begins. An event stays with the words at which the unit began
that was coded: when that unit is split, with the piece that holds its start; when it is merged, it goes
with it into the larger unit, and comes back when the merge is taken back.

The browser's coding component makes the same units (`player/src/units.js`); both are tested on the
same sample in `tests/fixtures/units.json`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from workbench.model.coding import Event
from workbench.model.span import TimeSpan, merged
from workbench.model.transcript import Transcript

_ID = re.compile(r"u(0|[1-9]\d{0,8})(?:w(0|[1-9]\d{0,8}))?")


@dataclass(frozen=True, slots=True)
class Piece:
    """An utterance, or a part of one. `utterance` is its place; the words are a half-open index range."""

    id: str
    utterance: int
    first_word: int
    end_word: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Unit:
    """What is coded as one: pieces of one speaker, in the order of the transcript.

    `id` is that of its first piece; `start_ms` to `end_ms` reaches over all of them and over what
    others said between, `spans` does not.
    """

    id: str
    pieces: tuple[Piece, ...]
    speaker: str | None
    start_ms: int
    end_ms: int

    @property
    def spans(self) -> tuple[TimeSpan, ...]:
        """The time of its pieces; pieces that touch are one span."""
        return merged(TimeSpan(p.start_ms, p.end_ms) for p in self.pieces)


def units(transcript: Transcript, boundaries: Mapping[str, bool] | None = None) -> tuple[Unit, ...]:
    """The coding units of a transcript, in the order in which they begin there.

    >>> from workbench.model.transcript import Utterance
    >>> said = [Utterance("", 0, 900, "S1", "So?", 0, 0), Utterance("", 900, 1200, "S2", "Mhm.", 0, 0),
    ...         Utterance("", 1200, 3000, "S1", "How was it?", 0, 0)]
    >>> transcript = Transcript(3000, "en", (), tuple(said), ())
    >>> [(u.id, u.start_ms, u.end_ms, len(u.spans)) for u in units(transcript, {"u2": False})]
    [('u0', 0, 3000, 2), ('u1', 900, 1200, 1)]
    """
    boundaries = boundaries or {}
    cuts = _cuts(transcript, boundaries)
    grouped: list[list[Piece]] = []
    last: dict[str | None, list[Piece]] = {}
    for place, utterance in enumerate(transcript.utterances):
        for piece in _pieces(transcript, place, cuts.get(place, ())):
            before = last.get(utterance.speaker)
            if before is not None and boundaries.get(piece.id, True) is False:
                before.append(piece)
            else:
                last[utterance.speaker] = [piece]
                grouped.append(last[utterance.speaker])
    return tuple(
        Unit(
            id=pieces[0].id,
            pieces=tuple(pieces),
            speaker=transcript.utterances[pieces[0].utterance].speaker,
            start_ms=min(p.start_ms for p in pieces),
            end_ms=max(p.end_ms for p in pieces),
        )
        for pieces in grouped
    )


def unit_of_each(events: Iterable[Event], among: Sequence[Unit]) -> tuple[Unit | None, ...]:
    """For each event the unit it belongs to: the one that now holds the words where the coded unit
    began; for an event without unit the one that is being spoken where it begins, of several the one
    that began to speak last. None: nobody spoke, or the event's unit names no place of the transcript.
    """
    held, spoken = _by_utterance(among), _Spoken(among)
    return tuple(_held(e.unit, held) if e.unit else spoken.at(e.start_ms) for e in events)


def units_to_code(
    among: Iterable[Unit],
    *,
    windows: Iterable[TimeSpan] = (),
    not_observable: Iterable[TimeSpan] = (),
    kinds: Mapping[str, str] | None = None,
    units_of: Iterable[str] = (),
) -> tuple[Unit, ...]:
    """Units that are to have a code: those that begin in a window (no windows: anywhere) and not in a
    stretch that could not be observed.

    `units_of` keeps to kinds of participant ("provider"), `kinds` says which kind each diarized
    speaker is; a speaker whom nobody has named is of no kind. Empty `units_of`: everybody's.
    """
    observed, dark, wanted = tuple(windows), tuple(not_observable), frozenset(units_of)
    known = kinds or {}
    return tuple(
        unit
        for unit in among
        if (not observed or any(w.contains(unit.start_ms) for w in observed))
        and not any(hole.contains(unit.start_ms) for hole in dark)
        and (not wanted or known.get(unit.speaker or "") in wanted)
    )


def uncoded(to_code: Iterable[Unit], events: Iterable[Event], among: Sequence[Unit]) -> tuple[Unit, ...]:
    """Those of `to_code` without a code. Only codes that were given to a unit count, not what
    happened to begin in its time. `events` are the scheme's codes (`CodingContent.codes`)."""
    held = _by_utterance(among)
    coded = {unit.id for e in events if e.unit and (unit := _held(e.unit, held))}
    return tuple(unit for unit in to_code if unit.id not in coded)


def _by_utterance(among: Iterable[Unit]) -> dict[int, list[tuple[Piece, Unit]]]:
    found: dict[int, list[tuple[Piece, Unit]]] = {}
    for unit in among:
        for piece in unit.pieces:
            found.setdefault(piece.utterance, []).append((piece, unit))
    return found


def _held(unit_id: str, by_utterance: Mapping[int, Sequence[tuple[Piece, Unit]]]) -> Unit | None:
    """The unit that now holds the place where `unit_id` begins."""
    where = place_of(unit_id)
    if where is None:
        return None
    utterance, word = where
    for piece, unit in by_utterance.get(utterance, ()):
        if piece.id == unit_id if word is None else piece.first_word <= word < piece.end_word:
            return unit
    return None


class _Spoken:
    """Finds the unit that is being spoken."""

    def __init__(self, among: Iterable[Unit]) -> None:
        self._pieces = sorted(
            ((piece, unit) for unit in among for piece in unit.pieces), key=lambda x: (x[0].start_ms, x[0].utterance)
        )
        self._starts = [piece.start_ms for piece, _ in self._pieces]
        self._latest_end = list(accumulate((piece.end_ms for piece, _ in self._pieces), max))

    def at(self, ms: int) -> Unit | None:
        for n in range(bisect_right(self._starts, ms) - 1, -1, -1):
            if self._pieces[n][0].end_ms > ms:
                return self._pieces[n][1]
            if self._latest_end[n] <= ms:
                return None
        return None


def place_of(unit_id: str) -> tuple[int, int | None] | None:
    """(utterance, word or None) of a unit's id; None when it is none."""
    found = _ID.fullmatch(unit_id)
    if found is None:
        return None
    return int(found[1]), None if found[2] is None else int(found[2])


def _cuts(transcript: Transcript, boundaries: Mapping[str, bool]) -> dict[int, tuple[int, ...]]:
    """utterance → words at which it is split, in order."""
    cuts: dict[int, list[int]] = {}
    for unit_id, starts in boundaries.items():
        where = place_of(unit_id)
        if not starts or where is None or where[1] is None or where[0] >= len(transcript.utterances):
            continue
        utterance = transcript.utterances[where[0]]
        if utterance.first_word < where[1] < utterance.end_word:
            cuts.setdefault(where[0], []).append(where[1])
    return {place: tuple(sorted(words)) for place, words in cuts.items()}


def _pieces(transcript: Transcript, place: int, cuts: Sequence[int]) -> Iterable[Piece]:
    """An utterance cut before the words `cuts`. Its pieces cover its time without a gap."""
    utterance = transcript.utterances[place]
    words = [utterance.first_word, *cuts, utterance.end_word]
    times = [utterance.start_ms]
    for word in cuts:
        times.append(min(max(transcript.words[word].start_ms, times[-1]), utterance.end_ms))
    times.append(max(utterance.end_ms, times[0]))
    for n in range(len(words) - 1):
        ident = f"u{place}w{words[n]}" if n else f"u{place}"
        yield Piece(ident, place, words[n], words[n + 1], times[n], times[n + 1])
