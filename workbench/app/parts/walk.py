"""A walk through disagreements: what the agreement screen lists is played in the coding room, one after the other."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import streamlit as st

from workbench.app.parts import pages
from workbench.app.parts.texts import plain
from workbench.model.people import Person

# The recording is entered a little earlier, so that one hears what led to the moment.
LEAD_MS = 3_000
_KEY = "walk"
_ID = re.compile(r"[0-9A-Za-z-]{1,64}")
# What is chosen on the agreement screen and forgotten when it is left, unless it is put back.
_CHOSEN = ("study", "raters-", "sessions-", "period-", "view", "pair-", "dimensions-")


@dataclass(frozen=True, slots=True)
class Stop:
    """A disagreement that can be played. `place` is its place in the list, from 0; `events` are the ids of its codes,
    of one rater or of both."""

    place: int
    session_id: str
    at_ms: int
    said: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Walk:
    """`n_listed` disagreements of the raters `rater_ids` on a scheme, and of them those that can be played.
    `list_key`: where the agreement screen keeps how far it is in the list; `chosen`: what was chosen there. `turn`: how
    often somebody went on; `again`: whether the last turn was from the end of the list to its beginning."""

    person_id: str
    list_key: str
    scheme_hash: str
    rater_ids: tuple[str, ...]
    n_listed: int
    stops: tuple[Stop, ...]
    chosen: Mapping[str, Any]
    turn: int = 0
    again: bool = False

    def words(self, stop: Stop) -> str:
        """`Disagreement 4 of 18 · Rater 1: repair · Rater 2: nothing`"""
        again = ""
        if self.again:
            again = "That was the only one; once more. " if len(self.stops) == 1 else "The list begins again. "
        return f"{again}Disagreement {stop.place + 1} of {self.n_listed} · {stop.said}"


def address(
    session_id: str, scheme_hash: str, at_ms: int, rater_ids: Sequence[str] = (), events: Sequence[str] = ()
) -> dict[str, str]:
    """The coding room at a moment, with the lanes of this scheme and of these raters (none named: everybody's), and
    these codes of them chosen."""
    seconds = f"{max(0, at_ms - LEAD_MS) / 1000:.3f}"
    query = {"session": session_id, "scheme": scheme_hash, "t": seconds, "at": str(at_ms)}
    lists = {"raters": ",".join(rater_ids), "codes": ",".join(events)}
    return query | {name: some for name, some in lists.items() if some}


def begin(
    person: Person,
    list_key: str,
    scheme_hash: str,
    rater_ids: tuple[str, ...],
    n_listed: int,
    stops: Sequence[Stop],
    place: int,
) -> NoReturn:
    """Leave for the coding room, to the stop at `place` of the list."""
    chosen = {
        str(key): value
        for key, value in st.session_state.items()
        if any(str(key).startswith(f"agreement-{name}") for name in _CHOSEN)
    }
    walk = Walk(person.id, list_key, scheme_hash, rater_ids, n_listed, tuple(stops), chosen)
    _go(walk, next(n for n, stop in enumerate(walk.stops) if stop.place == place))


def left_at(list_key: str) -> tuple[int, int, bool]:
    """How often the list was begun anew, where it begins, and whether that one was played already."""
    found: tuple[int, int, bool] = st.session_state.get(list_key, (0, 0, False))
    return found


def go_to(list_key: str, place: int, *, played: bool) -> None:
    """The list begins at `place` when it is shown next."""
    st.session_state[list_key] = (left_at(list_key)[0] + 1, place, played)


def asked(person: Person) -> dict[str, Any] | None:
    """The moment that the address asks the coding room to play, for its payload; None where it asks for none.

    "at_ms" and "events" (ids of the codes that are meant) stand in the address. "step" is the place in this person's
    walk (-1 without one), "turn" another number whenever they went on, and "said" the stop in words.
    """
    query = st.query_params
    at = query.get("at", "")
    if not _number(at):
        return None
    events = [e for e in query.get("codes", "").split(",") if _ID.fullmatch(e)][:2]
    walk, step = _here(person) or (None, -1)
    told = {"step": step, "turn": walk.turn, "said": walk.words(walk.stops[step])} if walk else {"step": -1}
    return {"at_ms": int(at), "events": events, **told}


def raters() -> tuple[str, ...] | None:
    """The raters whose lanes the address asks for; None: everybody's."""
    return tuple(r for r in st.query_params.get("raters", "").split(",") if r) or None


def scheme() -> str | None:
    """The scheme whose lanes the address asks for."""
    return st.query_params.get("scheme")


def bar(person: Person) -> None:
    """Which disagreement is being played, the next one, and the way back to the list; nothing without a walk."""
    here = _here(person)
    if here is None:
        return
    walk, step = here
    with st.container(horizontal=True, vertical_alignment="center", key="walk"):
        st.caption(plain(walk.words(walk.stops[step])), width="stretch")
        label = "Next disagreement" if len(walk.stops) > 1 else "Once more"
        if st.button(label, key="walk-next", help="N"):
            following = (step + 1) % len(walk.stops)
            _go(replace(walk, again=following <= step), following)
        if st.button("Agreement", key="walk-back", help="Back to the list"):
            for key, value in walk.chosen.items():
                st.session_state[key] = value
            pages.go("agreement")


def _here(person: Person) -> tuple[Walk, int] | None:
    """This person's walk and where in it the address is."""
    walk: Walk | None = st.session_state.get(_KEY)
    step = st.query_params.get("step", "")
    if walk is None or walk.person_id != person.id or not _number(step) or int(step) >= len(walk.stops):
        return None
    stop = walk.stops[int(step)]
    if (stop.session_id, str(stop.at_ms)) != (st.query_params.get("session"), st.query_params.get("at")):
        return None  # the address of another walk
    return walk, int(step)


def _go(walk: Walk, step: int) -> NoReturn:
    stop = walk.stops[step]
    go_to(walk.list_key, stop.place, played=True)
    st.session_state[_KEY] = replace(walk, turn=walk.turn + 1)
    where = address(stop.session_id, walk.scheme_hash, stop.at_ms, walk.rater_ids, stop.events)
    pages.go("code", **where, step=str(step))


def _number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10
