"""The scores of a coding's events: how many, how many in so many minutes, how much of the time, and what follows.

What each kind computes is said in `derived`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from workbench.alliance.counts import counted_events, is_inside, time_on
from workbench.alliance.found import Found, told
from workbench.model.coding import CodingContent, Event
from workbench.model.observed import observed_spans
from workbench.model.people import ParticipantKind
from workbench.model.scheme import Code, CodeKind, CodingScheme, DerivedScore, ScoreKind, Selection
from workbench.model.session_people import kind_of
from workbench.model.span import TimeSpan
from workbench.model.units import Unit

MINUTE_MS = 60_000
NOT_OBSERVED = "nothing of the window could be observed"
NO_TRANSCRIPT = "utterances were merged, and the transcript that says which cannot be read"
TOO_SHORT = "not observed long enough"
NEVER_ENDED = "never ended"
NOT_SAID = "without an answer to who or to whom"


class ObservedEvents:
    """The events of one coding, as they count and where it could observe them.

    `codes`: those of the scheme, by id. `observed`: the spans that could be observed, in all `observed_ms` long.
    """

    def __init__(
        self, scheme: CodingScheme, content: CodingContent, windows: tuple[TimeSpan, ...], units: Sequence[Unit]
    ) -> None:
        self.observed = observed_spans(content, windows)
        self.observed_ms = sum(span.length_ms for span in self.observed)
        self._scheme = scheme
        self.codes: Mapping[str, Code] = {code.id: code for code in scheme.codes}
        counted = counted_events(scheme, content.codes, units)
        self._events = [e for e in counted if is_inside(e, self.codes[e.code].kind, self.observed)]
        self._units_unknown = not units and False in content.boundaries.values()

    def score(self, score: DerivedScore) -> Found:
        """A count, a share of time, a sequence, or a rate of events."""
        if score.kind is ScoreKind.SEQUENCE:
            return self._sequence(score)
        return self._amount(score)

    def of_code(self, code: str) -> Found:
        """How many events of a code there are."""
        if why := self._not_counted(Selection((code,))):
            return Found(reason=why)
        events = frozenset(e.id for e in self._events if e.code == code)
        return Found(float(len(events)), events=events)

    def _amount(self, score: DerivedScore) -> Found:
        if why := self._not_counted(score.events):
            return Found(reason=why)
        events, left_out = self._selected(score.events)
        asks = bool(score.events.who or score.events.whom)
        if score.kind is ScoreKind.TIME:
            left_out |= {e.id: NEVER_ENDED for e in events if e.end_ms is None}
            events = [e for e in events if e.end_ms is not None]
            value = 100 * time_on(events, self.observed) / self.observed_ms
        elif score.kind is ScoreKind.RATE:
            value = len(events) * score.per_minutes * MINUTE_MS / self.observed_ms
        else:
            value = float(len(events))
        counted_out = left_out if asks or score.kind is ScoreKind.TIME else None
        return Found(value, events=frozenset(e.id for e in events), left_out=counted_out)

    def _sequence(self, score: DerivedScore) -> Found:
        if why := self._not_counted(score.events) or self._not_counted(score.then):
            return Found(reason=why)
        (first, unknown), (then, not_said) = self._selected(score.events), self._selected(score.then)
        left_out = unknown | not_said
        used, answered = [], 0
        for event in first:
            state = self.codes[event.code].kind is CodeKind.STATE
            if state and event.end_ms is None:
                left_out[event.id] = NEVER_ENDED
                continue
            until = max(event.start_ms, event.end_ms or 0) + score.within_ms
            whole = any(span.start_ms <= event.start_ms and until <= span.end_ms for span in self.observed)
            if not whole and not score.counted:
                left_out[event.id] = TOO_SHORT
                continue
            used.append(event.id)
            answered += any(e.id != event.id and event.start_ms <= e.start_ms <= until for e in then)
        events = frozenset(used)
        if score.counted:
            return Found(float(answered), events=events, left_out=left_out)
        if not used:
            what = " or ".join(self.codes[code].label for code in score.events.codes)
            all_left_out = Counter(left_out[e.id] for e in first) or Counter(unknown.values())
            reason = f"{what}: {told(all_left_out)}" if all_left_out else f"{what} was not seen"
            return Found(None, reason, events, left_out=left_out)
        return Found(100 * answered / len(used), events=events, left_out=left_out)

    def _not_counted(self, wanted: Selection) -> str:
        """Why events of these codes cannot be counted at all; empty where they can."""
        if not self.observed_ms:
            return NOT_OBSERVED
        on_units = {e.code for e in self._events if e.unit and self._scheme.is_of_units(self.codes[e.code])}
        return NO_TRANSCRIPT if self._units_unknown and on_units & set(wanted.codes) else ""

    def _selected(self, wanted: Selection) -> tuple[list[Event], dict[str, str]]:
        """The events that are wanted; and those of which it is not known, by id, with why."""
        chosen, unknown = [], {}
        for event in self._events:
            if event.code not in wanted.codes or not set(wanted.modifiers) <= set(event.modifiers):
                continue
            code = self.codes[event.code]
            # who did it is asked of the rater only where several could be meant; else the code says it
            did = kind_of(event.who) if event.who else code.who if code.who in tuple(ParticipantKind) else ""
            asked = [(wanted.who, did), (wanted.whom, kind_of(event.whom))]
            if all(not kinds or kind in kinds for kinds, kind in asked):
                chosen.append(event)
            elif all(not kinds or kind in kinds or not kind for kinds, kind in asked):
                unknown[event.id] = NOT_SAID
        return chosen, unknown
