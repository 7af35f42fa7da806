"""The keys of the recordings: made, opened, forgotten."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading

import keyring
import keyring.backend
import keyring.errors
import pytest

from workbench.store.keys import (
    Erased,
    KeyExists,
    KeyFile,
    KeyRing,
    KeyStoreError,
    NoKey,
    OsKeyring,
    Passphrase,
    Tombstone,
    WrongKey,
)

FAST = {"time_cost": 1, "memory_kib": 64, "lanes": 1}


@pytest.fixture
def source(tmp_path):
    return KeyFile(tmp_path / "apart" / "master.key")


@pytest.fixture
def ring(tmp_path, source):
    return KeyRing.create(tmp_path / "keys", source)


def on_disk(folder) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


def wrapped_key(folder, recording_id) -> bytes:
    with sqlite3.connect(folder / "keys.db") as connection:
        return connection.execute("SELECT wrapped FROM data_key WHERE recording_id = ?", (recording_id,)).fetchone()[0]


def test_a_data_key_is_the_same_after_reopening(tmp_path, ring, source):
    key = ring.new_data_key("r1")
    again = KeyRing.open(tmp_path / "keys", source)
    assert again.data_key("r1") == key and len(key) == 32
    assert again.new_data_key("r2") != key
    assert again.name_of("r1", "medium") == ring.name_of("r1", "medium")
    assert again.fingerprint(b"x" * 32) == ring.fingerprint(b"x" * 32)


def test_a_recording_has_one_key(ring):
    ring.new_data_key("r1")
    with pytest.raises(KeyExists, match="r1 has a key already"):
        ring.new_data_key("r1")
    with pytest.raises(NoKey, match="no key of r2"):
        ring.data_key("r2")


def test_keys_never_lie_open_on_the_disk(tmp_path, ring):
    key = ring.new_data_key("r1")
    assert key not in on_disk(tmp_path)
    assert key.hex().encode() not in on_disk(tmp_path)


def test_names_tell_recordings_and_artefacts_apart_and_say_nothing(tmp_path, ring):
    names = {ring.name_of(r, a) for r in ("r1", "r2", "r1m") for a in ("", "m", "medium", "edium")}
    assert len(names) == 12 and all(len(n) == 64 for n in names)
    other = KeyRing.create(tmp_path / "other", KeyFile(tmp_path / "other.key"))
    assert other.name_of("r1", "m") not in names
    assert other.fingerprint(b"x" * 32) != ring.fingerprint(b"x" * 32)


def test_creating_again_keeps_the_keys_that_are_there(tmp_path, ring, source):
    key = ring.new_data_key("r1")
    with pytest.raises(KeyExists, match="exists already"):
        KeyRing.create(tmp_path / "keys", source)
    assert ring.data_key("r1") == key


def test_a_creation_that_was_interrupted_can_be_repeated(tmp_path, source):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "keys.db").touch()
    with pytest.raises(KeyStoreError):
        KeyRing.open(tmp_path / "keys", source)
    KeyRing.create(tmp_path / "keys", source).new_data_key("r1")


def test_moving_a_wrapped_key_to_another_recording_is_noticed(tmp_path, ring):
    ring.new_data_key("r1")
    ring.new_data_key("r2")
    with sqlite3.connect(tmp_path / "keys" / "keys.db") as connection:
        connection.execute(
            "UPDATE data_key SET wrapped = (SELECT wrapped FROM data_key WHERE recording_id = 'r1')"
            " WHERE recording_id = 'r2'"
        )
    with pytest.raises(KeyStoreError, match=r"key of r2 .* was altered"):
        ring.data_key("r2")


# --- erasure


def test_an_erased_key_is_in_no_byte_of_the_database_or_its_journal(tmp_path, ring):
    folder = tmp_path / "keys"
    for i in range(60):
        ring.new_data_key(f"r{i}")
    gone = [wrapped_key(folder, f"r{i}") for i in range(0, 60, 7)]
    assert all(key in on_disk(folder) for key in gone)
    for i in range(0, 60, 7):
        ring.erase(f"r{i}")
    assert not any(key in on_disk(folder) or key[12:44] in on_disk(folder) for key in gone)
    assert wrapped_key(folder, "r1") in on_disk(folder)


def test_an_erasure_that_a_kill_interrupted_is_finished_at_the_next_opening(tmp_path, ring, source):
    folder = tmp_path / "keys"
    ring.new_data_key("r1")
    gone = wrapped_key(folder, "r1")
    child = (
        "import os, pathlib, sys\n"
        "from workbench.store.keys import KeyFile, KeyRing\n"
        "ring = KeyRing.open(pathlib.Path(sys.argv[1]), KeyFile(pathlib.Path(sys.argv[2])))\n"
        "ring._forget = lambda: os.kill(os.getpid(), 9)\n"
        "ring.erase('r1')\n"
    )
    assert subprocess.run([sys.executable, "-c", child, folder, source.path]).returncode == -9
    assert gone in on_disk(folder), "the journal should still hold the page here"
    with pytest.raises(Erased):
        KeyRing.open(folder, source).data_key("r1")
    assert gone not in on_disk(folder)


def test_an_erased_recording_gets_no_key_again(ring):
    ring.new_data_key("r1")
    ring.erase("r1")
    ring.erase("r1")
    assert not ring.has("r1")
    for ask in (ring.data_key, ring.new_data_key, ring.key_for_writing):
        with pytest.raises(Erased, match="r1 was erased"):
            ask("r1")
    ring.new_data_key("u1", upload=True)
    with pytest.raises(Erased):
        ring.hand_over("u1", "r1")
    assert ring.has("u1")


def test_an_id_can_be_refused_before_it_ever_had_a_key(ring):
    ring.erase("r9")
    with pytest.raises(Erased):
        ring.new_data_key("r9")


def test_tombstones_applied_to_restored_keys_erase_again(tmp_path, ring, source):
    folder, backup = tmp_path / "keys", tmp_path / "backup"
    ring.new_data_key("r1")
    kept = ring.new_data_key("r2")
    backup.mkdir()
    (backup / "keys.db").write_bytes((folder / "keys.db").read_bytes())
    ring.erase("r1")

    restored = KeyRing.open(backup, source)
    old = wrapped_key(backup, "r1")
    assert restored.has("r1")
    assert restored.apply_tombstones(ring.erased()) == 1
    assert restored.apply_tombstones(ring.erased()) == 0
    with pytest.raises(Erased):
        restored.data_key("r1")
    assert restored.data_key("r2") == kept
    assert old not in on_disk(backup)
    assert restored.erased() == ring.erased() and isinstance(ring.erased()[0], Tombstone)


def test_erasing_beside_other_processes_that_write_loses_nothing(tmp_path, ring, source):
    """Overwriting the journal must not touch one that another connection is using."""
    rings = [ring, *(KeyRing.open(tmp_path / "keys", source) for _ in range(3))]
    failed = []

    def work(k: int) -> None:
        try:
            for i in range(15):
                rings[k].new_data_key(f"{k}-{i}")
                if i % 3 == 0:
                    rings[k].erase(f"{k}-{i}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert failed == []
    assert [ring.has(f"{k}-{i}") for k in range(4) for i in range(15)] == [
        i % 3 != 0 for _ in range(4) for i in range(15)
    ]
    with sqlite3.connect(tmp_path / "keys" / "keys.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_journal_in_use_is_not_overwritten(tmp_path, ring):
    journal = tmp_path / "keys" / "keys.db-journal"
    ring.new_data_key("r1")
    other = sqlite3.connect(tmp_path / "keys" / "keys.db", isolation_level=None)
    other.execute("PRAGMA journal_mode = PERSIST")
    other.execute("BEGIN IMMEDIATE")
    other.execute("UPDATE data_key SET made_at = 0")
    in_use = journal.read_bytes()
    assert any(in_use)
    forgetting = threading.Thread(target=ring._forget)
    forgetting.start()
    forgetting.join(0.3)
    assert forgetting.is_alive() and journal.read_bytes() == in_use
    other.execute("ROLLBACK")
    other.close()
    forgetting.join(5)
    assert not any(journal.read_bytes())


# --- uploads become recordings


def test_the_key_of_an_upload_becomes_the_key_of_a_recording_once(ring):
    key = ring.new_data_key("u1", upload=True)
    assert list(ring.uploads()) == ["u1"]
    ring.hand_over("u1", "r1")
    ring.hand_over("u1", "r1")
    assert ring.data_key("r1") == key and not ring.has("u1") and ring.uploads() == {}
    ring.new_data_key("u2", upload=True)
    with pytest.raises(KeyExists):
        ring.hand_over("u2", "r1")
    with pytest.raises(NoKey, match="no upload u3"):
        ring.hand_over("u3", "r3")


def test_dropping_an_upload_never_drops_a_recording(ring):
    key = ring.new_data_key("r1")
    ring.new_data_key("u1", upload=True)
    ring.drop_upload("r1")
    ring.drop_upload("u1")
    assert ring.data_key("r1") == key and not ring.has("u1")


# --- where the master key comes from


def test_the_key_file_is_for_its_owner_alone(tmp_path, ring, source):
    assert stat.S_IMODE(source.path.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "keys" / "keys.db").stat().st_mode) == 0o600
    source.path.chmod(0o644)
    with pytest.raises(KeyStoreError, match=r"can be read by others \(mode 0644, expected 0600\)"):
        KeyRing.open(tmp_path / "keys", source)


def test_a_missing_a_damaged_and_a_foreign_key_file_each_get_their_sentence(tmp_path, ring, source):
    text = source.path.read_bytes()
    source.path.unlink()
    with pytest.raises(KeyStoreError, match="is not there"):
        KeyRing.open(tmp_path / "keys", source)
    KeyFile(source.path).make()
    with pytest.raises(WrongKey, match="key file does not open"):
        KeyRing.open(tmp_path / "keys", source)
    source.path.write_bytes(text[:-9])
    with pytest.raises(KeyStoreError, match="is damaged: expected 32 bytes"):
        KeyRing.open(tmp_path / "keys", source)
    source.path.write_bytes(text)
    KeyRing.open(tmp_path / "keys", source)


def test_a_passphrase_opens_and_a_wrong_one_gets_a_sentence(tmp_path):
    ring = KeyRing.create(tmp_path, Passphrase("correct horse", FAST))
    key = ring.new_data_key("r1")
    assert KeyRing.open(tmp_path, Passphrase("correct horse")).data_key("r1") == key
    with pytest.raises(WrongKey, match="This passphrase does not open the keys in"):
        KeyRing.open(tmp_path, Passphrase("correct hose"))
    assert KeyRing.kind_of(tmp_path) == "passphrase"
    with pytest.raises(WrongKey, match="opens with a passphrase, not with a key file"):
        KeyRing.open(tmp_path, KeyFile(tmp_path / "x"))


def test_a_passphrase_costs_64_mib_by_default_and_stays_out_of_logs():
    source = Passphrase("correct horse")
    _, stored = source.make()
    assert (stored["memory_kib"], stored["time_cost"], stored["lanes"]) == (65_536, 3, 4)
    assert len(bytes.fromhex(stored["salt"])) == 16
    assert "horse" not in repr(source)
    with pytest.raises(KeyStoreError, match="empty"):
        Passphrase("").make()


def test_an_altered_cost_cannot_exhaust_the_memory():
    with pytest.raises(KeyStoreError, match="asks for 999999999 KiB"):
        Passphrase("x").key({"salt": "00" * 16, "time_cost": 1, "memory_kib": 999_999_999, "lanes": 1})


def test_after_a_new_passphrase_only_the_new_one_opens(tmp_path):
    ring = KeyRing.create(tmp_path, Passphrase("old", FAST))
    key = ring.new_data_key("r1")
    with sqlite3.connect(tmp_path / "keys.db") as connection:
        former = connection.execute("SELECT wrapped FROM master").fetchone()[0]
    ring.rewrap(Passphrase("new", FAST))
    again = KeyRing.open(tmp_path, Passphrase("new"))
    assert again.data_key("r1") == key and again.name_of("r1") == ring.name_of("r1")
    with pytest.raises(WrongKey):
        KeyRing.open(tmp_path, Passphrase("old"))
    assert former not in on_disk(tmp_path)
    ring.rewrap(KeyFile(tmp_path / "apart" / "key"))
    assert KeyRing.open(tmp_path, KeyFile(tmp_path / "apart" / "key")).data_key("r1") == key


class FileKeyring(keyring.backend.KeyringBackend):
    """A keyring whose entries are files, as on a machine without a desktop."""

    priority = 1
    folder = None

    def set_password(self, service, username, password):
        (self.folder / f"{service}.{username}").write_text(password)

    def get_password(self, service, username):
        file = self.folder / f"{service}.{username}"
        return file.read_text() if file.exists() else None

    def delete_password(self, service, username):
        (self.folder / f"{service}.{username}").unlink()


@pytest.fixture
def system_keyring(tmp_path):
    before = keyring.get_keyring()
    backend = FileKeyring()
    backend.folder = tmp_path / "system"
    backend.folder.mkdir()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_the_systems_keyring_opens_the_keys(tmp_path, system_keyring):
    key = KeyRing.create(tmp_path / "keys", OsKeyring()).new_data_key("r1")
    assert KeyRing.open(tmp_path / "keys", OsKeyring()).data_key("r1") == key
    entry = next(system_keyring.folder.iterdir())
    entry.write_text("not a key")
    with pytest.raises(KeyStoreError, match="is damaged"):
        KeyRing.open(tmp_path / "keys", OsKeyring())
    entry.unlink()
    with pytest.raises(KeyStoreError, match="has no entry"):
        KeyRing.open(tmp_path / "keys", OsKeyring())


def test_a_machine_without_keyring_says_what_to_use_instead(tmp_path):
    import keyring.backends.fail

    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    try:
        with pytest.raises(KeyStoreError, match="Use a key file or a passphrase"):
            KeyRing.create(tmp_path / "keys", OsKeyring())
    finally:
        keyring.set_keyring(before)
    # nothing was made that would stand in the way of the next try
    KeyRing.create(tmp_path / "keys", KeyFile(tmp_path / "key"))


def test_a_file_that_is_no_key_database_gets_a_sentence(tmp_path, source):
    (tmp_path / "keys.db").write_bytes(os.urandom(5000))
    with pytest.raises(KeyStoreError, match="cannot be used"):
        KeyRing.open(tmp_path, source)
    with pytest.raises(NoKey, match="There are no keys at"):
        KeyRing.open(tmp_path / "nowhere", source)
