"""Two raters at a time: in words, moment by moment, and month by month."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workbench import agreement
from workbench.agreement import Comparison, Result
from workbench.model.session import Session
from workbench.workflows.agree import Dispute, Material, disputes, pairs

NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class PairSeen:
    """Two raters on the sessions that both coded. `words` says how far they agree and what most of the
    rest is; `disputes` are the dimensions they disagree on, the most disputed first."""

    a: str
    b: str
    name_a: str
    name_b: str
    hits: int
    total: int
    n_sessions: int
    words: str
    disputes: tuple[Dispute, ...]
    comparison: Comparison

    @property
    def names(self) -> str:
        return f"{self.name_a} and {self.name_b}"

    @property
    def share(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def most_disputed(self) -> str:
        """`Sue and Bo disagree most on rupture and repair.`; empty where they agree on everything."""
        most = " and ".join(d.dimension for d in self.disputes[:2])
        return f"{self.names} disagree most on {most}." if most else ""


@dataclass(frozen=True, slots=True)
class Difference:
    """One moment that two raters coded differently. `said_a`, `said_b`: the labels, or "nothing"; `events`: the ids
    of what they coded, of one of them or of both."""

    session: Session
    at_ms: int
    said_a: str
    said_b: str
    dimensions: frozenset[str]
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """Two raters on the sessions of which the later coding was handed in within one calendar month.

    `share` of the moments coded by either that both coded alike; `difference` is the mean of a's
    ratings minus b's over `n_ratings` ratings that both gave, in points of the scale. None where
    there is nothing to share or to subtract.
    """

    a: str
    b: str
    names: str
    month: str
    n_sessions: int
    agreed: int
    moments: int
    n_ratings: int
    difference: float | None

    @property
    def share(self) -> float | None:
        return self.agreed / self.moments if self.moments else None


def seen_in_pairs(chosen: Material, tolerance_ms: int | None = None) -> list[PairSeen]:
    """Every two raters who share sessions, those who agree least first."""
    out = []
    for comparison in pairs(chosen, tolerance_ms):
        name_a, name_b = chosen.rater_name(comparison.a), chosen.rater_name(comparison.b)
        words = agreement.in_words(
            comparison.hits, comparison.disagreements, chosen.code_labels, "They", (name_a, name_b)
        )
        out.append(
            PairSeen(
                comparison.a,
                comparison.b,
                name_a,
                name_b,
                comparison.hits,
                comparison.total,
                len(comparison.sessions),
                words,
                tuple(disputes(chosen, [comparison])),
                comparison,
            )
        )
    return sorted(out, key=lambda p: (p.share is None, p.share or 0.0, p.names))


def differences(chosen: Material, seen: PairSeen, dimensions: Iterable[str] | None = None) -> list[Difference]:
    """Every moment of disagreement of a pair, by session date and time; of some dimensions only, if given."""
    wanted = None if dimensions is None else set(dimensions)
    dimension = {c.id: c.dimension or c.label for c in chosen.scheme.codes}
    labels = chosen.code_labels
    by_code = {s.code: s for s in chosen.sessions}
    out = []
    for d in seen.comparison.disagreements:
        concerned = frozenset(dimension[c] for c in (d.code_a, d.code_b) if c is not None)
        if wanted is None or concerned & wanted:
            said_a, said_b = (NOTHING if c is None else labels[c] for c in (d.code_a, d.code_b))
            events = tuple(e for e in (d.event_a, d.event_b) if e is not None)
            out.append(Difference(by_code[d.session], d.at_ms, said_a, said_b, concerned, events))
    return sorted(out, key=lambda d: (d.session.held_at, d.session.code, d.at_ms))


def in_python(seen: PairSeen) -> str:
    """Lines of Python that give a pair's counts from the files of `export.agreement_files`."""
    compared = seen.comparison
    spoken = ", utterances='utterances.csv'" if compared.by_utterance else ""
    rule = "by_utterance=True" if compared.by_utterance else f"tolerance_ms={compared.tolerance_ms}"
    return (
        "import workbench.agreement as agreement\n"
        f"study = agreement.events_from_csv('events.csv'{spoken})\n"
        f"agreement.compare(study, {compared.a!r}, {compared.b!r}, {rule}).in_words()\n"
    )


def by_month(chosen: Material, seen: Sequence[PairSeen]) -> list[Month]:
    """Each pair month by month (UTC, by the later of the two submissions): how an agreement drifts."""
    out = []
    for pair in seen:
        months: dict[str, list[str]] = {}
        for session in pair.comparison.sessions:
            at = max(chosen.submitted_at[session, rater] for rater in (pair.a, pair.b))
            months.setdefault(f"{dt.datetime.fromtimestamp(at / 1000, dt.UTC):%Y-%m}", []).append(session)
        out += [_month(chosen, pair, month, sessions) for month, sessions in sorted(months.items())]
    return out


def _month(chosen: Material, pair: PairSeen, month: str, sessions: Sequence[str]) -> Month:
    agreed = sum(pair.comparison.matchings[s].hits for s in sessions)
    differ = sum(d.session in sessions for d in pair.comparison.disagreements)
    gaps = [gap for s in sessions for gap in _rating_gaps(chosen, s, pair.a, pair.b)]
    mean = math.fsum(gaps) / len(gaps) if gaps else None
    return Month(pair.a, pair.b, pair.names, month, len(sessions), agreed, agreed + differ, len(gaps), mean)


def _rating_gaps(chosen: Material, session: str, a: str, b: str) -> list[float]:
    given = []
    for rater in (a, b):
        coding = chosen.study.coding(session, rater)
        ratings = coding.ratings if coding else ()
        given.append({r.place: r.value for r in ratings if r.value is not None})
    return [given[0][k] - given[1][k] for k in sorted(given[0].keys() & given[1].keys())]


def ratings_in_words(chosen: Material, seen: Iterable[PairSeen]) -> str:
    """How often two raters gave the same rating, and nearly the same, in a sentence; empty where none gave any."""
    gaps = [gap for p in seen for s in p.comparison.sessions for gap in _rating_gaps(chosen, s, p.a, p.b)]
    if not gaps:
        return ""
    same, near = (sum(abs(gap) <= most for gap in gaps) for most in (0, 1))
    if len(gaps) == 1:
        how = "alike" if same else "within one point" if near else "more than one point apart"
        return f"Two raters rated the same thing once: {how}."
    nearly = f", {near - same:,} more within one point" if near > same else ""
    alike = "once" if same == 1 else f"{same:,} times"
    return f"Two raters rated the same thing {len(gaps):,} times: {alike} alike{nearly}."


def rests_on(scales: Sequence[Result]) -> str:
    """Which sessions ICC and α of ratings were computed on, and what was done about missing values, in a sentence."""
    used = sorted({s.n_sessions or 0 for s in scales})
    sessions = f"{used[0]} to {used[-1]} sessions" if len(used) > 1 else f"{used[0]} session{'s' * (used[0] != 1)}"
    raters = len(scales[0].raters)
    if not any(s.missing for s in scales):
        return f"ICC and α on the {sessions} that all {raters} raters rated."
    return (
        f"ICC and α on every rating there is; {sessions} were rated by two raters or more. Where not all {raters} "
        "raters rated a session, ICC comes from components of variance by restricted maximum likelihood (REML)."
    )


def pair_names(chosen: Material, result: Result) -> str:
    """The raters of a result by their names."""
    return " and ".join(chosen.rater_name(r) for r in result.raters)
