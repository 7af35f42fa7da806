"""Uploads that come in slices: they go on where they stopped, and belong to one person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.media import consented_session, speech, withdraw, write_medium
from workbench.model.people import Person, Role
from workbench.model.session import Session
from workbench.store import recordings
from workbench.store.workspace import Workspace
from workbench.workflows import open_recording, open_workspace, upload
from workbench.workflows.refusal import Refused

SLICE = 200_000


@pytest.fixture
def session(workspace: Workspace) -> Session:
    return consented_session(workspace)


@pytest.fixture
def sue(person_of: Callable[..., Person]) -> Person:
    return person_of("sue", Role.SUPERVISOR)


@pytest.fixture
def data(tmp_path: Path) -> bytes:
    return write_medium(tmp_path / "a.wav", speech(6)).read_bytes()  # 576 kB


def send(workspace: Workspace, person: Person, ticket: str, data: bytes, offset: int, until: int) -> int:
    while offset < until:
        offset = upload.append(workspace, person, ticket, offset, data[offset : offset + SLICE]).offset
    return offset


def vault_files(workspace: Workspace) -> list[Path]:
    return [f for f in (workspace.folder / "vault").rglob("*") if f.is_file()]


def test_an_upload_goes_on_where_it_stopped_after_the_server_was_gone(
    workspace: Workspace, session: Session, sue: Person, data: bytes
) -> None:
    begun = upload.begin(workspace, sue, session.id, size=len(data))
    assert (begun.offset, begun.size) == (0, len(data))
    send(workspace, sue, begun.ticket, data, 0, 2 * SLICE)

    again = open_workspace.open_(workspace.settings)
    try:
        stands = upload.resume(again, sue, begun.ticket)
        assert stands.offset == 2 * SLICE
        with pytest.raises(upload.OutOfStep, match=f"goes on at byte {2 * SLICE}") as out:
            upload.append(again, sue, begun.ticket, SLICE, data[SLICE : SLICE + 10])
        assert out.value.expected == 2 * SLICE
        with pytest.raises(upload.OutOfStep):
            upload.finish(again, sue, begun.ticket, name="a.wav")
        send(again, sue, begun.ticket, data, stands.offset, len(data))
        made = upload.finish(again, sue, begun.ticket, name="a.wav", offset_ms=40)
        assert again.vault.read(made.id, open_recording.MEDIA) == data
        assert made.offset_ms == 40 and not again.keys.uploads()
        with again.reading() as connection:
            assert recordings.of_session(connection, session.id) == [made]
        with pytest.raises(Refused, match="not known here"):
            upload.append(again, sue, begun.ticket, len(data), b"")
    finally:
        again.close()


def test_nobody_else_goes_on_with_an_upload(
    workspace: Workspace, session: Session, sue: Person, data: bytes, person_of: Callable[..., Person]
) -> None:
    ticket = upload.begin(workspace, sue, session.id, size=len(data)).ticket
    other = person_of("rob", Role.RESEARCHER)
    upload_id, session_id, size, seal = ticket.split(".")
    forged = [
        f"{upload_id}.{consented_session(workspace, 'S002').id}.{size}.{seal}",
        f"{upload_id}.{session_id}.{int(size) + 1}.{seal}",
        f"{upload_id}.{session_id}.{size}.{'0' * len(seal)}",
        "x.y.z",
        "",
    ]
    for person, presented in [(other, ticket), *((sue, f) for f in forged)]:
        for ask in (upload.resume, upload.cancel):
            with pytest.raises(Refused, match="not known here"):
                ask(workspace, person, presented)
        with pytest.raises(Refused, match="not known here"):
            upload.append(workspace, person, presented, 0, data[:10])
        with pytest.raises(Refused, match="not known here"):
            upload.finish(workspace, person, presented, name="a.wav")
    assert upload.resume(workspace, sue, ticket).offset == 0


def test_an_upload_begins_only_with_consent_and_ends_when_it_is_withdrawn(
    workspace: Workspace, session: Session, sue: Person, data: bytes
) -> None:
    with pytest.raises(Refused, match="Consent to recording is missing"):
        upload.begin(workspace, sue, consented_session(workspace, "S003", ()).id, size=10)
    ticket = upload.begin(workspace, sue, session.id, size=len(data)).ticket
    send(workspace, sue, ticket, data, 0, len(data))
    withdraw(workspace, session)
    with pytest.raises(Refused, match="Consent to recording is missing"):
        upload.finish(workspace, sue, ticket, name="a.wav")
    assert vault_files(workspace) == [] and not workspace.keys.uploads()


def test_an_upload_that_is_no_medium_leaves_nothing(workspace: Workspace, session: Session, sue: Person) -> None:
    text = b"not a film at all " * 100
    ticket = upload.begin(workspace, sue, session.id, size=len(text)).ticket
    send(workspace, sue, ticket, text, 0, len(text))
    with pytest.raises(Refused, match=r"^film\.mp4: This is no audio or video"):
        upload.finish(workspace, sue, ticket, name="film.mp4")
    assert vault_files(workspace) == [] and not workspace.keys.uploads()


def test_sizes_that_do_not_fit_are_refused(workspace: Workspace, session: Session, sue: Person) -> None:
    with pytest.raises(Refused, match="empty"):
        upload.begin(workspace, sue, session.id, size=0)
    with pytest.raises(Refused, match="no room for this file"):
        upload.begin(workspace, sue, session.id, size=1 << 60)
    ticket = upload.begin(workspace, sue, session.id, size=100).ticket
    with pytest.raises(Refused, match="said to have 100 bytes; this slice ends at 101"):
        upload.append(workspace, sue, ticket, 0, bytes(101))
    upload.cancel(workspace, sue, ticket)
    with pytest.raises(Refused, match="not known here"):
        upload.resume(workspace, sue, ticket)
    assert not workspace.keys.uploads()
