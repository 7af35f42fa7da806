"""Six files or none: what lies in the folder after success, refusal and a full disk."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.exchange.formats import Meta, write_all
from workbench.model.transcript import SpeakerTurn, Transcript, Utterance
from workbench.registry import UnknownName

META = Meta("session one", "I agree.", "2025-01-31")
TRANSCRIPT = Transcript(
    2000, "en", (), (Utterance("u1", 0, 1500, "S1", "Hello.", 0, 0),), (SpeakerTurn(0, 1500, "S1"),)
)
NAMES = {f"talk.{suffix}" for suffix in ("json", "vtt", "srt", "txt", "rttm", "stm")}


def test_six_files_lie_in_a_folder_that_was_not_there(tmp_path):
    written = write_all(TRANSCRIPT, META, tmp_path / "new" / "out", "talk")
    assert {p.name for p in written} == NAMES == {p.name for p in (tmp_path / "new" / "out").iterdir()}


def test_the_json_carries_the_consent_for_the_files_beside_it_and_knows_them_by_their_content(tmp_path):
    write_all(TRANSCRIPT, META, tmp_path, "talk")
    consent = json.loads((tmp_path / "talk.json").read_text())["consent"]
    assert consent["statement"] == "I agree." and consent["date"] == "2025-01-31"
    assert consent["covers"] == {
        name: hashlib.sha256((tmp_path / name).read_bytes()).hexdigest() for name in NAMES - {"talk.json"}
    }


def test_files_in_the_way_are_named_and_nothing_is_written(tmp_path):
    (tmp_path / "talk.vtt").write_text("mine")
    (tmp_path / "talk.stm").write_text("mine too")
    with pytest.raises(FileExistsError, match=r"talk\.stm, talk\.vtt; nothing was written"):
        write_all(TRANSCRIPT, META, tmp_path, "talk")
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"talk.vtt": "mine", "talk.stm": "mine too"}


def test_overwriting_replaces_all_and_leaves_no_other_file(tmp_path):
    (tmp_path / "talk.vtt").write_text("old")
    write_all(TRANSCRIPT, META, tmp_path, "talk", overwrite=True)
    assert {p.name for p in tmp_path.iterdir()} == NAMES
    assert (tmp_path / "talk.vtt").read_text().startswith("WEBVTT")


def test_when_the_last_rename_fails_the_old_files_are_back(tmp_path, monkeypatch):
    (tmp_path / "talk.json").write_text("old")
    (tmp_path / "talk.stm").write_text("old too")
    rename = Path.replace

    def failing(self, target):
        if str(target).endswith("talk.stm") and ".new." in self.name:
            raise OSError("the disk is gone")
        return rename(self, target)

    monkeypatch.setattr(Path, "replace", failing)
    with pytest.raises(OSError, match="the disk is gone"):
        write_all(TRANSCRIPT, META, tmp_path, "talk", overwrite=True)
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {"talk.json": "old", "talk.stm": "old too"}


def test_a_folder_in_the_way_is_never_replaced(tmp_path):
    (tmp_path / "talk.stm").mkdir()
    with pytest.raises(FileExistsError, match=r"folders named talk\.stm"):
        write_all(TRANSCRIPT, META, tmp_path, "talk", overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["talk.stm"]


@pytest.mark.parametrize("before", [(), ("talk.json", "talk.vtt")])
def test_a_file_system_that_takes_no_more_bytes_leaves_the_folder_as_it_was(tmp_path, before):
    for name in before:
        (tmp_path / name).write_text("old")
    code = f"""
import resource, sys
from workbench.exchange.formats import Meta, write_all
from workbench.model.transcript import Transcript, Utterance
words = "x" * 5000
t = Transcript(1, "en", (), (Utterance("u", 0, 1, "S1", words, 0, 0),), ())
resource.setrlimit(resource.RLIMIT_FSIZE, (5200, 5200))
try:
    write_all(t, Meta("r", "Yes.", "2025-01-31"), {str(tmp_path)!r}, "talk", overwrite=True)
except OSError as error:
    sys.exit(7)
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == 7
    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == dict.fromkeys(before, "old")


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "con", "x:y", "a\nb", " a"])
def test_a_name_that_is_no_file_name_is_refused(tmp_path, name):
    with pytest.raises(ValueError, match="cannot be a file name"):
        write_all(TRANSCRIPT, META, tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_an_unknown_format_lists_what_there_is(tmp_path):
    with pytest.raises(UnknownName, match="rttm, srt, stm, txt, vtt"):
        write_all(TRANSCRIPT, META, tmp_path, "talk", only=["docx"])


def test_formats_without_room_for_the_consent_do_not_go_out_alone(tmp_path):
    with pytest.raises(ValueError, match="write json beside it"):
        write_all(TRANSCRIPT, META, tmp_path, "talk", only=["srt", "vtt"])
    assert not list(tmp_path.iterdir())
