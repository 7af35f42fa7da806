"""Utterances of the transcript: coded with the code, or not.

An event belongs to the utterance that contains its onset; where two speakers overlap, to the one
that began last. Events in the gaps between utterances are counted as left out. An utterance is
taken out when it does not lie within the window that all raters share, or touches a stretch that
somebody could not observe.

Utterances of one session hang together, so intervals resample sessions. A session whose raters
worked on different utterances (another transcript version, moved boundaries) has no common units
and is left out, and counted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter

import numpy as np

from workbench.agreement.data import Level, ReliabilityData
from workbench.agreement.study import Study, dark, shared_window
from workbench.agreement.units import Way, counted
from workbench.agreement.units.bins import NO_WINDOW, OUTSIDE
from workbench.model.span import TimeSpan, clock

NO_UTTERANCES = "sessions without utterances"
DIFFERENT = "sessions whose raters worked on different utterances"
GAP = "events in gaps between utterances"
BEYOND = "utterances not within the observation window"
DARK = "utterances that touch a not observable stretch"
IN_DARK = "events in utterances that were taken out"


def build(study: Study, what: str) -> ReliabilityData:
    """Whether the code `what` was given to each utterance (1) or not (0), by rater."""
    excluded: Counter[str] = Counter()
    columns: list[np.ndarray[tuple[int, int], np.dtype[np.float64]]] = []
    names: list[str] = []
    sessions: list[str] = []
    for session in study.sessions:
        codings = study.of(session)
        window, holes = shared_window(codings), dark(codings)
        versions = {tuple(sorted(set(c.utterances))) for c in codings}
        if not window:
            excluded[NO_WINDOW] += 1
            continue
        if len(versions) > 1:
            excluded[DIFFERENT] += 1
            continue
        utterances = [u for u in next(iter(versions)) if u.length_ms]
        if not utterances:
            excluded[NO_UTTERANCES] += 1
            continue
        within = np.array([any(w.start_ms <= u.start_ms and u.end_ms <= w.end_ms for w in window) for u in utterances])
        light = np.array([not any(u.overlap_ms(hole) for hole in holes) for u in utterances])
        excluded[BEYOND] += int((~within).sum())
        excluded[DARK] += int((within & ~light).sum())
        keep = within & light
        table = np.full((len(study.raters), len(utterances)), np.nan)
        for coding in codings:
            row = np.zeros(len(utterances))
            for event in coding.events:
                if event.code != what:
                    continue
                at = _utterance_of(event.start_ms, utterances)
                if not any(w.contains(event.start_ms) for w in window):
                    excluded[OUTSIDE] += 1
                elif at is None:
                    excluded[GAP] += 1
                elif not keep[at]:
                    excluded[IN_DARK] += 1
                else:
                    row[at] = 1.0
            table[study.raters.index(coding.rater)] = row
        columns.append(table[:, keep])
        kept = [u for u, k in zip(utterances, keep, strict=True) if k]
        names += [f"{session} {clock(u.start_ms)}.{u.start_ms % 1000:03d}–{u.end_ms}" for u in kept]
        sessions += [session] * len(kept)
    return ReliabilityData(
        values=np.concatenate(columns, axis=1) if columns else np.empty((len(study.raters), 0)),
        raters=study.raters,
        units=tuple(names),
        sessions=tuple(sessions),
        level=Level.NOMINAL,
        labels=(f"not {what}", what),
        categories=(f"not {what}", what),
        resample="sessions",
        excluded=counted(excluded),
    )


def _utterance_of(ms: int, utterances: list[TimeSpan]) -> int | None:
    """The utterance, of those sorted by start, that contains the instant and began last."""
    for at in range(bisect_right(utterances, ms, key=lambda u: u.start_ms) - 1, -1, -1):
        if utterances[at].contains(ms):
            return at
    return None


WAY = Way("utterances", "utterances of the transcript", "code", (), build)
