"""Signing in and out: local accounts with Argon2id, opaque tokens stored hashed, lock-out in the database."""

from __future__ import annotations

import hashlib
import secrets
import threading
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workbench.model.ids import now_ms
from workbench.model.people import Person
from workbench.store import people
from workbench.store.workspace import Workspace
from workbench.workflows.refusal import Refused

ATTEMPTS = 5
LOCK_MS = 15 * 60_000
MINUTE_MS = 60_000
_TOUCH_MS = 30_000
_WRONG = "This name and password do not fit together."
_hasher = PasswordHasher()
_decoy = _hasher.hash(secrets.token_urlsafe(16))
# A check takes 64 MiB and a good part of a second: no more than two at a time.
_checks = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, and the word that goes with every change the browser asks for."""

    person: Person
    csrf: str


def hash_password(password: str) -> str:
    """The Argon2id hash of a new password. Raises Refused when it is shorter than 8 characters."""
    if len(password) < 8:
        raise Refused("A password needs at least 8 characters.")
    if len(password) > 1024:
        raise Refused("A password has at most 1,024 characters.")
    return _hasher.hash(password)


def sign_in(workspace: Workspace, login_name: str, password: str, at: int | None = None) -> str:
    """Open a sign-in and return its token. Raises Refused, in the same words and the same time
    whether the name or the password is wrong; after 5 failures the account waits 15 minutes."""
    now = now_ms() if at is None else at
    with _checks:  # up to the note of a failure: guesses that wait here find the lock they brought about
        with workspace.reading() as connection:
            known = people.credentials(connection, login_name)
        if known is not None and (waits := _locked(known, now)):
            workspace.note(None, "login.fail", "person", known.person_id, {"why": "locked"})
            raise waits
        fits = _fits(known.password_hash if known else _decoy, password)
        if known is None or known.disabled or not fits:
            _note_failure(workspace, known, now)
            raise Refused(_WRONG, kind="forbidden")
    token = secrets.token_urlsafe(32)
    expires = now + workspace.settings.login_hours * 60 * MINUTE_MS
    with workspace.changing(known.person_id, "login.open", "person", known.person_id) as connection:
        # Again, now that nobody else can write: the account may be locked, closed or changed meanwhile.
        again = people.credentials_of(connection, known.person_id)
        if again.disabled or again.password_hash != known.password_hash:
            raise Refused(_WRONG, kind="forbidden")
        if waits := _locked(again, now):
            raise waits
        people.purge_logins(connection, now)
        people.open_login(connection, _hashed(token), known.person_id, secrets.token_urlsafe(16), now, expires)
    return token


def _locked(known: people.Credentials, now: int) -> Refused | None:
    """What to tell somebody whose account waits after too many wrong passwords."""
    if known.locked_until is None or now >= known.locked_until:
        return None
    minutes = -(-(known.locked_until - now) // MINUTE_MS)
    return Refused(
        f"Too many wrong passwords. Try again in {minutes} minute{'s' * (minutes != 1)}, "
        "or ask an administrator for a new password.",
        kind="forbidden",
    )


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _hasher.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _note_failure(workspace: Workspace, known: people.Credentials | None, now: int) -> None:
    if known is None:
        workspace.note(None, "login.fail", "person", None, {"why": "unknown name"})
        return
    with workspace.changing(None, "login.fail", "person", known.person_id) as connection:
        again = people.credentials_of(connection, known.person_id)
        expired = again.locked_until is not None and again.locked_until <= now
        failures = 1 if expired else again.failures + 1
        people.note_failure(connection, known.person_id, failures, now + LOCK_MS if failures >= ATTEMPTS else None)


def who_is(workspace: Workspace, token: str | None, at: int | None = None, *, touch: bool = True) -> SignedIn | None:
    """Who a token belongs to; None when it is unknown, idle too long or expired."""
    if not token:
        return None
    now = now_ms() if at is None else at
    with workspace.reading() as connection:
        found = people.find_login(connection, _hashed(token))
    if found is None or now >= found.expires_at:
        return None
    if now - found.seen_at > workspace.settings.login_idle_minutes * MINUTE_MS:
        return None
    if touch and now - found.seen_at > _TOUCH_MS:
        workspace.housekeeping(lambda connection: people.touch_login(connection, _hashed(token), now))
    return SignedIn(found.person, found.csrf)


def sign_out(workspace: Workspace, token: str | None) -> None:
    """End a sign-in; one that is unknown is ended already."""
    if not token:
        return
    found = who_is(workspace, token, touch=False)
    person_id = found.person.id if found else None
    with workspace.changing(person_id, "login.close", "person", person_id) as connection:
        people.close_login(connection, _hashed(token))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
