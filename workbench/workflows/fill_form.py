"""Forms of patients and providers: giving out a one-time link, opening it, answering once.

The link's secret is stored hashed, ends after seven days, and ends with the answer. Who answers
signs in nowhere; a provider with an account also finds their own open forms there.
"""

from __future__ import annotations

import hashlib
import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.model.access import Action
from workbench.model.form import Administration
from workbench.model.ids import now_ms
from workbench.model.instrument import Instrument, Perspective
from workbench.model.people import ParticipantKind, Person, Role
from workbench.model.session import Session
from workbench.store import forms, sessions
from workbench.store.workspace import Connection, Workspace
from workbench.workflows.keep_definition import instrument as kept_instrument
from workbench.workflows.refusal import Refused, demand

VALID_MS = 7 * 24 * 60 * 60 * 1000
_USED = "This link was used already, was replaced by a newer one, or is not complete. Ask your clinic for a new link."
_EXPIRED = "This link has expired. Links are good for seven days: ask your clinic for a new one."


@dataclass(frozen=True, slots=True)
class Issued:
    """A form that waits for its answer. `token` goes into the link and is never shown again."""

    administration_id: str
    token: str
    expires_at: int


@dataclass(frozen=True, slots=True)
class OpenForm:
    """What the page shows: the questions, and nothing about who answers."""

    administration_id: str
    instrument: Instrument


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A form of a session: who is to answer it, and since when. `completed_at` None: not answered yet."""

    administration: Administration
    session: Session
    participant_code: str
    title: str
    expired: bool


def issue(
    workspace: Workspace,
    actor: Person | None,
    session_id: str,
    participant_id: str,
    instrument_hash: str,
    *,
    at: int | None = None,
) -> Issued:
    """A one-time link for a participant of a session; one that is open already gets a new link.

    Raises Refused when the participant is not of this session, the form is not for them, or it was
    answered already.
    """
    if actor is not None:
        demand(workspace, actor, Action.ISSUE_FORM)
    now = now_ms() if at is None else at
    instrument = kept_instrument(workspace, instrument_hash)
    with workspace.reading() as connection:
        session = _session(connection, session_id)
    member = next((p for p in session.participants if p.participant_id == participant_id), None)
    if member is None:
        raise Refused(f"This person does not take part in session {session.code}.")
    fits = ParticipantKind.PROVIDER if instrument.perspective is Perspective.PROVIDER else ParticipantKind.PATIENT
    if instrument.perspective is Perspective.OBSERVER or (member.kind is ParticipantKind.PROVIDER) != (
        fits is ParticipantKind.PROVIDER
    ):
        raise Refused(f"“{instrument.title}” is not for a {member.kind.value}.")
    token, expires_at = secrets.token_urlsafe(24), now + VALID_MS
    actor_id = actor.id if actor else None
    detail: dict[str, object] = {"participant": participant_id, "instrument": instrument.name}
    with workspace.changing(actor_id, "form.issue", "session", session_id, detail) as connection:
        there = forms.administrations(connection, session_ids=[session_id])
        same = [a for a in there if (a.participant_id, a.instrument_hash) == (participant_id, instrument_hash)]
        if any(a.completed_at for a in same):
            raise Refused(f"{member.code} has answered “{instrument.title}” for this session already.")
        if same:
            administration_id = same[0].id
            forms.renew(connection, administration_id, _hashed(token), expires_at)
        else:
            administration_id = forms.issue(
                connection,
                session_id,
                participant_id,
                instrument.perspective,
                instrument_hash,
                token_hash=_hashed(token),
                expires_at=expires_at,
                created_by=actor_id,
            )
        detail["administration"] = administration_id
    return Issued(administration_id, token, expires_at)


def open_form(workspace: Workspace, token: str, *, at: int | None = None) -> OpenForm:
    """The form behind a one-time link. Opening does not use it up. Raises Refused."""
    found = _by_token(workspace, token, now_ms() if at is None else at)
    return OpenForm(found.id, kept_instrument(workspace, found.instrument_hash))


def answer(workspace: Workspace, token: str, responses: Mapping[str, int], *, at: int | None = None) -> None:
    """Hand in the form behind a one-time link, which ends with it. Raises Refused."""
    now = now_ms() if at is None else at
    found = _by_token(workspace, token, now)
    _hand_in(workspace, None, found, responses, now)


def open_own_form(workspace: Workspace, actor: Person, administration_id: str) -> OpenForm:
    """A signed-in provider's own open form. Raises Refused."""
    found = _own(workspace, actor, administration_id)
    return OpenForm(found.id, kept_instrument(workspace, found.instrument_hash))


def answer_own_form(
    workspace: Workspace, actor: Person, administration_id: str, responses: Mapping[str, int], *, at: int | None = None
) -> None:
    """Hand in a signed-in provider's own form. Raises Refused."""
    found = _own(workspace, actor, administration_id)
    _hand_in(workspace, actor, found, responses, now_ms() if at is None else at)


def own_open_forms(workspace: Workspace, actor: Person) -> list[Outstanding]:
    """Forms that wait for a signed-in provider, oldest first."""
    if not actor.has(Role.PROVIDER):
        return []
    with workspace.reading() as connection:
        mine = {p.id for p in sessions.participants(connection, ParticipantKind.PROVIDER) if p.person_id == actor.id}
        found = [a for a in forms.administrations(connection, participant_ids=mine) if not a.completed_at]
    return _described(workspace, found)


def forms_given_out(workspace: Workspace, actor: Person, session_id: str | None = None) -> list[Outstanding]:
    """Forms of a session, or of all, oldest first: whether they are answered, never what was answered."""
    demand(workspace, actor, Action.ISSUE_FORM)
    with workspace.reading() as connection:
        found = forms.administrations(connection, session_ids=None if session_id is None else [session_id])
    return _described(workspace, found)


def missing_items(instrument: Instrument, responses: Mapping[str, int]) -> tuple[str, ...]:
    """Ids of the items without an answer, in the order of the form."""
    return tuple(i.id for i in instrument.items if i.id not in responses)


def enough_answered(instrument: Instrument, responses: Mapping[str, int]) -> bool:
    """Whether every subscale has the share of answers from which a score can be worked out."""
    for subscale in instrument.subscales:
        items = [i.id for i in instrument.items if i.subscale == subscale.id]
        if sum(i in responses for i in items) < math.ceil(instrument.minimum_answered * len(items) - 1e-9):
            return False
    return True


def _session(connection: Connection, session_id: str) -> Session:
    try:
        return sessions.get_session(connection, session_id)
    except KeyError:
        raise Refused("There is no such session.", kind="missing") from None


def _by_token(workspace: Workspace, token: str, now: int) -> Administration:
    with workspace.reading() as connection:
        found = forms.by_token(connection, _hashed(token))
    if found is None or found.completed_at is not None:
        raise Refused(_USED, kind="missing")
    if found.expires_at is not None and now >= found.expires_at:
        raise Refused(_EXPIRED, kind="missing")
    return found


def _own(workspace: Workspace, actor: Person, administration_id: str) -> Administration:
    for outstanding in own_open_forms(workspace, actor):
        if outstanding.administration.id == administration_id:
            return outstanding.administration
    raise Refused("This form is not waiting for you.", kind="missing")


def _hand_in(
    workspace: Workspace, actor: Person | None, form: Administration, responses: Mapping[str, int], now: int
) -> None:
    instrument = kept_instrument(workspace, form.instrument_hash)
    known = {i.id for i in instrument.items}
    if unknown := sorted(set(responses) - known):
        raise Refused(f"“{instrument.title}” has no item {', '.join(unknown)}.")
    if any(
        isinstance(v, bool) or not isinstance(v, int) or not instrument.low <= v <= instrument.high
        for v in responses.values()
    ):
        raise Refused(f"Answers go from {instrument.low} to {instrument.high}.")
    if not responses:
        raise Refused("Nothing is answered yet.")
    detail = {"answered": len(responses), "items": len(known)}
    actor_id = actor.id if actor else None
    with workspace.changing(actor_id, "form.answer", "administration", form.id, detail) as connection:
        if not forms.answer(connection, form.id, dict(responses), now):
            raise Refused(_USED, kind="missing")


def _described(workspace: Workspace, found: list[Administration]) -> list[Outstanding]:
    now = now_ms()
    instruments = {h: kept_instrument(workspace, h) for h in {a.instrument_hash for a in found}}
    with workspace.reading() as connection:
        known = {s.id: s for s in sessions.sessions(connection, ids={a.session_id for a in found})}
    return [
        Outstanding(
            administration=a,
            session=known[a.session_id],
            participant_code=next(
                (p.code for p in known[a.session_id].participants if p.participant_id == a.participant_id), "?"
            ),
            title=instruments[a.instrument_hash].title,
            expired=a.completed_at is None and a.expires_at is not None and now >= a.expires_at,
        )
        for a in found
    ]


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
