"""What the schemes make of a session's codings: derived scores, rater beside rater."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import streamlit as st

from workbench.app import current
from workbench.app.parts.numbers import NONE, number
from workbench.app.parts.says import said
from workbench.app.parts.table import Cell, Column, styled, table
from workbench.app.parts.texts import count, section
from workbench.model.assignment import Coding, Purpose
from workbench.model.people import Person
from workbench.model.scheme import ScoreKind
from workbench.model.score_units import IN_PERCENT, RATIO
from workbench.model.session_people import label_of
from workbench.model.titles import with_version
from workbench.workflows import derive_scores, see_session
from workbench.workflows.derive_scores import SchemeScores, ScoreValue
from workbench.workflows.see_session import SessionSeen


def show(seen: SessionSeen, person: Person, scored: Sequence[Coding]) -> None:
    """A table for each scheme; others' codings only when they are asked for, because that locks them. `scored` is
    what `derive_scores.with_scores` gave for this session."""
    others = [c for c in scored if c.rater_id not in person.raters]
    if others and not st.toggle("Show the scores of others’ codings", key="others-scores"):
        scored = [c for c in scored if c not in others]
        st.caption(
            f"{count(len(others), 'coding')} of others can be scored as well. Their raters can then no longer take "
            "them back, nor can you take back your own on the same scheme."
        )
    with said():
        found = derive_scores.derived(current.workspace(), person, scored)
        styled()
        names = see_session.people_by_id(current.workspace())
        for scores in found:
            _table(scores, [_name(person, c.coding, names) for c in scores.codings])


def _name(person: Person, coding: Coding, names: dict[str, Person]) -> str:
    rater = names.get(coding.rater_id)
    name = "You" if coding.rater_id == person.id else rater.display_name if rater else "A former colleague"
    return name if coding.purpose is Purpose.STUDY else f"{name} ({coding.purpose.value})"


def _table(scores: SchemeScores, names: list[str]) -> None:
    section(with_version(scores.scheme))
    table(
        [Column("Score", width="34%"), *(Column(name, numeric=True) for name in names)],
        [
            [Cell(score.label, score.definition), *shown([c.values[place] for c in scores.codings])]
            for place, score in enumerate(scores.scheme.scores)
        ],
    )


def shown(values: Sequence[ScoreValue]) -> list[Cell]:
    """One score of several codings, with as many digits as the row needs and what each value rests on."""
    percent = values[0].unit in IN_PERCENT
    whole = all(v.value is None or v.value == round(v.value) for v in values)
    digits = 0 if whole else 1 if percent else 2
    return [_cell(v, digits, " %" if percent else "") for v in values]


def _cell(value: ScoreValue, digits: int, sign: str) -> Cell:
    if value.value is None:
        return Cell(NONE, value.reason)
    left_out = f"left out: {value.left_out_why}" if value.left_out else ""
    persons = (f"{label_of(who)} {number(own, digits)}" for who, own in value.by_person.items())
    under = "; ".join(filter(None, (value.level, *persons, *_resting_on(value), left_out)))
    return Cell(number(value.value, digits) + sign, under, strong=True)


def _resting_on(value: ScoreValue) -> Iterator[str]:
    """How many events and ratings a value rests on, where it does not say so itself."""
    if value.n_events is not None and value.unit in (*IN_PERCENT, RATIO) and value.score.kind is not ScoreKind.TIME:
        yield count(value.n_events, "event")
    if value.n_ratings is not None and value.n_asked is not None:
        few = value.n_ratings < value.n_asked
        ratings = f"{value.n_ratings} of {count(value.n_asked, 'rating')}" if few else count(value.n_ratings, "rating")
        yield ratings + (f" in {count(value.n_segments, 'segment')}" if value.n_segments is not None else "")
