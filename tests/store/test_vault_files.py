"""The vault: what is stored, read, erased, and what its folder shows to somebody who looks."""

import io
import os
import re
import threading
import time

import pytest

from workbench.store.keys import Erased, KeyExists, KeyFile, KeyRing
from workbench.store.vault import DAY_MS, NotInVault, NotStored, Tampered, Vault, WrongOffset

WORDS = b"I felt that you did not hear me last week. " * 5000


@pytest.fixture
def ring(tmp_path):
    return KeyRing.create(tmp_path / "keys", KeyFile(tmp_path / "master.key"))


@pytest.fixture
def vault(tmp_path, ring):
    return Vault(tmp_path / "vault", ring)


def files(vault):
    return sorted(f for f in vault.folder.rglob("*") if f.is_file())


def upload(vault, data, upload_id="u1", slice_size=50_000):
    offset = vault.begin_upload(upload_id)
    for start in range(0, len(data), slice_size):
        offset = vault.append(upload_id, offset, data[start : start + slice_size])
    return offset


def test_an_artefact_is_read_back_whole_and_from_any_position(vault):
    assert vault.write("r1", "transcript", WORDS) == len(WORDS)
    assert vault.write("r1", "peaks", io.BytesIO(b"")) == 0
    assert vault.read("r1", "transcript") == WORDS and vault.read("r1", "peaks") == b""
    assert vault.size("r1", "transcript") == len(WORDS)
    with vault.open("r1", "transcript") as reader:
        assert reader.pread(100_000, 50) == WORDS[100_000:100_050]
    assert vault.has("r1", "transcript") and not vault.has("r1", "medium") and not vault.has("r2", "transcript")


def test_writing_again_replaces_and_an_open_reader_keeps_what_it_opened(vault):
    vault.write("r1", "transcript", WORDS)
    with vault.open("r1", "transcript") as before:
        vault.write("r1", "transcript", b"second")
        assert vault.read("r1", "transcript") == b"second"
        assert before.readall() == WORDS
    assert len(files(vault)) == 1


def test_the_folder_shows_neither_recordings_nor_artefacts_nor_words(vault):
    for recording in ("rec-one", "rec-two"):
        vault.write(recording, "transcript", WORDS)
        vault.write(recording, "medium", WORDS)
    for path in vault.folder.rglob("*"):
        assert re.fullmatch(r"objects|uploads|[0-9a-f]{64}", path.name), path
    everything = b"".join(f.read_bytes() + str(f).encode() for f in files(vault))
    for telling in (b"rec-one", b"rec-two", b"transcript", b"medium", WORDS[:40]):
        assert telling not in everything
    if os.name == "posix":
        assert all(p.stat().st_mode & 0o077 == 0 for p in vault.folder.iterdir())


def test_exchanged_files_do_not_open(vault):
    vault.write("r1", "transcript", b"one")
    vault.write("r1", "peaks", b"two")
    vault.write("r2", "transcript", b"three")
    one, peaks, other = (vault._place(*x) for x in (("r1", "transcript"), ("r1", "peaks"), ("r2", "transcript")))
    for wrong in (peaks, other):
        one.write_bytes(wrong.read_bytes())
        with pytest.raises(Tampered, match="transcript of r1"):
            vault.read("r1", "transcript")


def test_what_is_not_there_is_said(vault):
    vault.write("r1", "peaks", b"")
    for recording in ("r1", "r2"):
        with pytest.raises(NotInVault, match=f"no transcript of {recording}"):
            vault.open(recording, "transcript")


def test_one_artefact_can_be_removed_and_made_anew(vault):
    vault.write("r1", "transcript", WORDS)
    vault.write("r1", "medium", WORDS)
    vault.remove("r1", "transcript")
    vault.remove("r1", "transcript")
    assert not vault.has("r1", "transcript") and vault.has("r1", "medium")
    vault.write("r1", "transcript", b"anew")
    assert vault.read("r1", "transcript") == b"anew"


def test_an_erased_recording_is_gone_with_all_its_artefacts_and_its_copies(vault):
    vault.write("r1", "transcript", WORDS)
    vault.write("r1", "medium", WORDS)
    vault.write("r2", "medium", WORDS)
    copies = {f: f.read_bytes() for f in files(vault)}
    vault.delete("r1")
    vault.delete("r1")
    assert len(files(vault)) == 1 and vault.read("r2", "medium") == WORDS
    for file, data in copies.items():  # a backup of the files is put back
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    assert not vault.has("r1", "medium")
    with pytest.raises(Erased):
        vault.open("r1", "medium")
    with pytest.raises(Erased):
        vault.write("r1", "peaks", b"")
    vault.clean()
    assert len(files(vault)) == 1


def test_withdrawing_while_an_artefact_is_being_stored_leaves_nothing(vault, ring):
    def slowly():
        yield WORDS
        vault.delete("r1")
        yield WORDS

    class Source:
        chunks = slowly()

        def read(self, n):
            return next(self.chunks, b"")

    with pytest.raises(Erased, match="while transcript was being stored"):
        vault.write("r1", "transcript", Source())
    assert files(vault) == [] and not ring.has("r1")


def test_withdrawing_just_before_an_artefact_is_stored_leaves_nothing(vault, ring, monkeypatch):
    real = ring.key_for_writing

    def then_withdraw(recording_id):
        key = real(recording_id)
        vault.delete(recording_id)
        return key

    monkeypatch.setattr(ring, "key_for_writing", then_withdraw)
    with pytest.raises(Erased):
        vault.write("r1", "transcript", WORDS)
    assert files(vault) == []


def test_a_source_that_breaks_leaves_the_former_artefact(vault):
    class Source:
        def read(self, n):
            raise RuntimeError("decoder died")

    vault.write("r1", "transcript", WORDS)
    with pytest.raises(RuntimeError, match="decoder died"):
        vault.write("r1", "transcript", Source())
    assert vault.read("r1", "transcript") == WORDS and len(files(vault)) == 1


def test_a_folder_that_refuses_gets_a_sentence(vault):
    vault._objects.rmdir()
    vault._objects.write_bytes(b"a file in the way")
    with pytest.raises(NotStored, match=r"Not saved: .* nothing of transcript was kept"):
        vault.write("r1", "transcript", WORDS)


def test_a_file_is_on_the_disk_before_it_gets_its_name_and_the_name_before_it_is_acknowledged(vault, monkeypatch):
    place, seen, real = vault._place("r1", "transcript"), [], os.fsync

    def fsync(number):
        folder = os.path.samestat(os.fstat(number), os.stat(place.parent))  # noqa: PTH116
        seen.append((folder, place.exists(), os.fstat(number).st_size > len(WORDS)))
        real(number)

    monkeypatch.setattr(os, "fsync", fsync)
    vault.write("r1", "transcript", WORDS)
    assert (False, False, True) in seen, "the whole file, still without its name"
    assert seen[-1][:2] == (True, True), "then the folder, with the name in it"


# --- uploads


def test_an_upload_becomes_the_medium_of_a_recording(vault, ring):
    import hashlib

    data = os.urandom(300_001)
    assert upload(vault, data) == len(data)
    done = vault.finish("u1")
    with done.reader:
        assert (done.size, done.sha256) == (len(data), hashlib.sha256(data).digest())
        assert done.reader.read() == data
    assert vault.adopt("u1", "r1") == len(data)
    assert vault.read("r1", "medium") == data
    assert ring.uploads() == {} and list(vault._uploads.iterdir()) == []
    vault.write("r1", "transcript", WORDS)
    assert vault.read("r1", "medium") == data


@pytest.mark.parametrize("size", [0, 1, 65_480, 65_481])
def test_small_uploads_are_whole(vault, size):
    upload(vault, WORDS[:size])
    with vault.finish("u1").reader as reader:
        assert reader.read() == WORDS[:size]
    assert vault.adopt("u1", "r1") == size


def test_an_upload_goes_on_where_it_stopped_also_in_another_process(tmp_path, vault, ring):
    upload(vault, WORDS[:120_000])
    again = Vault(tmp_path / "vault", KeyRing.open(tmp_path / "keys", KeyFile(tmp_path / "master.key")))
    assert again.begin_upload("u1") == again.upload_offset("u1") == 120_000
    again.append("u1", 120_000, WORDS[120_000:])
    with again.finish("u1").reader as reader:
        assert reader.read() == WORDS


def test_a_slice_sent_twice_or_too_early_is_refused_with_the_offset_to_go_on(vault):
    upload(vault, WORDS[:100_000])
    for offset in (0, 50_000, 99_999, 100_001):
        with pytest.raises(WrongOffset, match="expected 100000") as refused:
            vault.append("u1", offset, WORDS[:10])
        assert refused.value.expected == 100_000
    assert vault.append("u1", 100_000, b"") == 100_000
    vault.finish("u1").reader.close()
    with pytest.raises(NotInVault, match="is finished and takes no more"):
        vault.append("u1", 100_000, b"late")


def test_two_senders_of_one_upload_cannot_mix_their_slices(vault):
    vault.begin_upload("u1")
    won = []

    def send(letter: bytes) -> None:
        try:
            vault.append("u1", 0, letter * 100_000)
            won.append(letter)
        except WrongOffset as error:
            assert error.expected == 100_000

    threads = [threading.Thread(target=send, args=(bytes([65 + k]),)) for k in range(6)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    with vault.finish("u1").reader as reader:
        assert [reader.read()] == [letter * 100_000 for letter in won]


def test_finishing_and_adopting_can_be_asked_again(vault):
    upload(vault, WORDS)
    first, second = vault.finish("u1"), vault.finish("u1")
    assert (first.sha256, first.size) == (second.sha256, second.size)
    first.reader.close()
    second.reader.close()
    assert vault.adopt("u1", "r1") == vault.adopt("u1", "r1") == len(WORDS)


def test_adopting_goes_on_after_a_crash_between_file_and_key(vault, ring, monkeypatch):
    upload(vault, WORDS)
    vault.finish("u1").reader.close()
    with monkeypatch.context() as patch:
        patch.setattr(ring, "hand_over", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            vault.adopt("u1", "r1")
    assert not vault.has("r1", "medium")
    assert vault.adopt("u1", "r1") == len(WORDS)
    assert vault.read("r1", "medium") == WORDS


def test_an_upload_never_takes_the_place_of_a_recording(vault):
    vault.write("r1", "medium", b"first")
    upload(vault, WORDS)
    vault.finish("u1").reader.close()
    with pytest.raises(KeyExists):
        vault.adopt("u1", "r1")
    with pytest.raises(KeyExists):
        vault.begin_upload("r1")
    assert vault.read("r1", "medium") == b"first"
    assert vault.adopt("u1", "r2") == len(WORDS)


def test_an_unfinished_or_unknown_upload_cannot_be_adopted(vault):
    upload(vault, WORDS)
    for upload_id in ("u1", "u2"):
        with pytest.raises(NotInVault, match=f"no finished upload {upload_id}"):
            vault.adopt(upload_id, "r1")
    for ask in (lambda: vault.append("u2", 0, b"x"), lambda: vault.finish("u2"), lambda: vault.upload_offset("u2")):
        with pytest.raises(NotInVault, match="no upload u2"):
            ask()


def test_an_altered_slice_is_noticed_at_the_end(vault):
    upload(vault, WORDS[:100_000])
    first, second = files(vault)
    first.write_bytes(second.read_bytes())
    with pytest.raises(Tampered):
        vault.finish("u1")


def test_no_plaintext_of_an_upload_touches_the_disk(vault):
    upload(vault, WORDS)
    during = b"".join(f.read_bytes() for f in files(vault))
    vault.finish("u1").reader.close()
    after = b"".join(f.read_bytes() for f in files(vault))
    assert len(during) > len(WORDS) and len(after) > len(WORDS)
    assert WORDS[:43] not in during + after


def test_uploads_are_forgotten_after_a_day_and_recordings_are_not(vault, ring):
    upload(vault, WORDS, "old")
    upload(vault, WORDS, "done")
    vault.finish("done").reader.close()
    vault.adopt("done", "r1")
    crashed = vault._objects / "left.tmp"
    crashed.write_bytes(b"half")
    assert vault.clean() == 0
    assert vault.upload_offset("old") == len(WORDS) and crashed.exists()
    assert vault.clean(now=int(time.time() * 1000) + DAY_MS + 1000) == 1
    assert ring.uploads() == {} and not ring.has("old") and not crashed.exists()
    assert vault.read("r1", "medium") == WORDS and len(files(vault)) == 1
    with pytest.raises(NotInVault):
        vault.append("old", len(WORDS), b"x")


def test_a_cancelled_upload_leaves_nothing(vault, ring):
    upload(vault, WORDS)
    vault.cancel_upload("u1")
    vault.cancel_upload("u1")
    assert files(vault) == [] and not ring.has("u1")
    assert vault.begin_upload("u1") == 0
