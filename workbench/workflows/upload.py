"""A recording that comes from a browser slice by slice, and goes on where it stopped.

An upload is known by its ticket. The ticket names the upload, the session and the size, and carries a
seal over them and the person, made with the workspace's keys: nobody else can go on with an upload,
and nothing about it has to be stored until it is a recording.
"""

from __future__ import annotations

import hmac
import shutil
from dataclasses import dataclass

from workbench.model.ids import is_id, new_id
from workbench.model.people import Person
from workbench.model.session import Recording
from workbench.store.vault import SLICE, WrongOffset
from workbench.store.workspace import Workspace
from workbench.workflows import intake
from workbench.workflows.refusal import Refused

SLICE_BYTES = SLICE
LARGEST_SLICE = 2 * SLICE
# While the slices are joined both they and the whole lie on the disk.
_ROOM = 2.1
_EXPIRED = "This upload is not known here: it was finished, cancelled, or began more than a day ago. Begin again."


class OutOfStep(Refused):
    """A slice that does not continue the upload; `expected` is the byte at which to go on."""

    def __init__(self, expected: int) -> None:
        super().__init__(f"The upload goes on at byte {expected}.")
        self.expected = expected


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an upload stands. Send the next slice, best `slice_bytes` long, from `offset`."""

    ticket: str
    offset: int
    size: int
    slice_bytes: int = SLICE_BYTES


@dataclass(frozen=True, slots=True)
class _Ticket:
    upload_id: str
    session_id: str
    size: int


def begin(workspace: Workspace, actor: Person, session_id: str, *, size: int) -> Standing:
    """Begin the upload of a file of `size` bytes. Raises Refused without consent, role or room."""
    intake.check(workspace, actor, session_id)
    if size <= 0:
        raise Refused("The file is empty.")
    free = shutil.disk_usage(workspace.folder).free
    if size * _ROOM > free:
        raise Refused(
            f"The disk of the workspace has no room for this file: it needs {_megabytes(int(size * _ROOM))} "
            f"while it is taken in, and {_megabytes(free)} are free."
        )
    asked = _Ticket(new_id(), session_id, size)
    with intake.as_refusals():
        offset = workspace.vault.begin_upload(asked.upload_id)
    ticket = f"{asked.upload_id}.{session_id}.{size}.{_seal(workspace, actor, asked)}"
    return Standing(ticket, offset, size)


def resume(workspace: Workspace, actor: Person, ticket: str) -> Standing:
    """Where an upload stands, after a lost connection or a restart. Raises Refused."""
    known = _known(workspace, actor, ticket)
    with intake.as_refusals():
        return Standing(ticket, workspace.vault.upload_offset(known.upload_id), known.size)


def append(workspace: Workspace, actor: Person, ticket: str, offset: int, data: bytes) -> Standing:
    """Store the next slice; when this returns it is safe on the disk. Raises OutOfStep, Refused."""
    known = _known(workspace, actor, ticket)
    if len(data) > LARGEST_SLICE:
        raise Refused(f"A slice has at most {LARGEST_SLICE} bytes; found {len(data)}.")
    if offset + len(data) > known.size:
        raise Refused(f"The file was said to have {known.size} bytes; this slice ends at {offset + len(data)}.")
    with intake.as_refusals():
        try:
            return Standing(ticket, workspace.vault.append(known.upload_id, offset, data), known.size)
        except WrongOffset as error:
            raise OutOfStep(error.expected) from None


def finish(
    workspace: Workspace, actor: Person, ticket: str, *, name: str, offset_ms: int = 0, label: str = ""
) -> Recording:
    """Make a recording of an upload that is complete. Raises Refused, and then nothing of it is kept;
    only an upload that is not complete yet stays as it is."""
    known = _known(workspace, actor, ticket)
    with intake.as_refusals():
        here = workspace.vault.upload_offset(known.upload_id)
    if here != known.size:
        raise OutOfStep(here)
    with intake.kept_or_gone(workspace, known.upload_id):
        return intake.settle(
            workspace, actor, known.session_id, known.upload_id, name=name, offset_ms=offset_ms, label=label
        )


def cancel(workspace: Workspace, actor: Person, ticket: str) -> None:
    """Forget an upload. Raises Refused when it is not `actor`'s."""
    known = _read(workspace, actor, ticket)
    with intake.as_refusals():
        workspace.vault.cancel_upload(known.upload_id)


def _known(workspace: Workspace, actor: Person, ticket: str) -> _Ticket:
    """The ticket, when it is `actor`'s and they may still add a recording to its session."""
    known = _read(workspace, actor, ticket)
    try:
        intake.check(workspace, actor, known.session_id)
    except Refused:
        workspace.vault.cancel_upload(known.upload_id)
        raise
    if known.upload_id not in workspace.keys.uploads():
        raise Refused(_EXPIRED, kind="missing")
    return known


def _read(workspace: Workspace, actor: Person, ticket: str) -> _Ticket:
    parts = ticket.split(".")
    if len(parts) == 4 and is_id(parts[0]) and is_id(parts[1]) and parts[2].isascii() and parts[2].isdigit():
        known = _Ticket(parts[0], parts[1], int(parts[2]))
        if hmac.compare_digest(parts[3].encode(), _seal(workspace, actor, known).encode()):
            return known
    raise Refused(_EXPIRED, kind="missing")


def _seal(workspace: Workspace, actor: Person, ticket: _Ticket) -> str:
    return workspace.keys.name_of(ticket.upload_id, f"upload ticket:{actor.id}:{ticket.session_id}:{ticket.size}")


def _megabytes(count: int) -> str:
    return f"{count / 1_000_000:,.0f} MB"
