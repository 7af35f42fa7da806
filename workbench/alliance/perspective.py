"""What one side says about the alliance of one session: combined score 1, the perspective score."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workbench.alliance.observation import ObserverScore, score_observers
from workbench.alliance.questionnaire import FormScore, score_form
from workbench.model.coding import Rating
from workbench.model.instrument import Instrument, Perspective
from workbench.model.scheme import CodingScheme


@dataclass(frozen=True, slots=True)
class PerspectiveScore:
    """One perspective on one session.

    `value` is 0 to 100 (percent of maximum possible), or None, and then `reason` is one sentence.
    `raw` lies between `raw_low` and `raw_high`: the sum of a form, the mean rating of observers.
    `n_items` are the items of the form or the scored ratings of the scheme, `n_answered` those with
    a value; `notes` say what else a reader must know (prorated, left out, key unconfirmed).
    """

    perspective: Perspective
    value: float | None
    reason: str
    raw: float | None
    raw_low: float | None
    raw_high: float | None
    instrument: str
    title: str
    version: str
    parallel_form: str
    n_items: int
    n_answered: int
    n_observers: int = 0
    prorated: bool = False
    notes: tuple[str, ...] = ()
    form: FormScore | None = None
    observers: ObserverScore | None = None


def of_form(instrument: Instrument, responses: Mapping[str, float | None]) -> PerspectiveScore:
    """The score of a filled-in form. Raises ValueError as `score_form` does."""
    form = score_form(instrument, responses)
    total = form.total
    notes = [f"{s.label}: prorated from {s.n_answered} of {s.n_items} items" for s in form.subscales if s.prorated]
    if total.prorated and not form.subscales:
        notes.append(f"prorated from {total.n_answered} of {total.n_items} items")
    if not instrument.key_confirmed:
        notes.append("key unconfirmed")
    return PerspectiveScore(
        perspective=instrument.perspective,
        value=total.value,
        reason=total.reason,
        raw=total.raw,
        raw_low=total.raw_low,
        raw_high=total.raw_high,
        instrument=instrument.name,
        title=instrument.title,
        version=instrument.version,
        parallel_form=instrument.parallel_form,
        n_items=total.n_items,
        n_answered=total.n_answered,
        prorated=total.prorated,
        notes=tuple(notes),
        form=form,
    )


def of_observers(scheme: CodingScheme, ratings: Mapping[str, Iterable[Rating]]) -> PerspectiveScore:
    """The observers' score from each rater's ratings. Raises KeyError, ValueError as `score_observers` does."""
    score = score_observers(scheme, ratings)
    scored = [s for s in score.scales if s.scored]
    notes = (f"left out, no evidence: {', '.join(score.left_out)}",) if score.left_out else ()
    return PerspectiveScore(
        perspective=Perspective.OBSERVER,
        value=score.value,
        reason=score.reason,
        raw=score.raw,
        raw_low=score.raw_low,
        raw_high=score.raw_high,
        instrument=scheme.name,
        title=scheme.title,
        version=scheme.version,
        parallel_form=scheme.parallel_form,
        n_items=len(scored),
        n_answered=sum(s.value is not None for s in scored),
        n_observers=score.n_observers,
        notes=notes,
        observers=score,
    )


def missing(perspective: Perspective, reason: str) -> PerspectiveScore:
    """A perspective from which nothing has come: no form filled in, no coding submitted."""
    return PerspectiveScore(perspective, None, reason, None, None, None, "", "", "", "", 0, 0)
