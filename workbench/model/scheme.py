"""Coding schemes and instruments, as checked objects. Reading YAML is `workbench.schemes`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class CodeKind(StrEnum):
    """A moment; a stretch with an end; or something said of a whole coding unit of the transcript."""

    POINT = "point"
    STATE = "state"
    UTTERANCE = "utterance"


class CodingPass(StrEnum):
    """What a scheme can ask for in order: hear all of it once, settle the units, code, rate."""

    LISTEN = "listen"
    UNITIZE = "unitize"
    CODE = "code"
    RATE = "rate"


class Perspective(StrEnum):
    PATIENT = "patient"
    PROVIDER = "provider"
    OBSERVER = "observer"


@dataclass(frozen=True, slots=True)
class ModifierOption:
    """One answer of a modifier. `key` chooses it after a code; `direct` codes it in one keystroke."""

    id: str
    label: str
    key: str
    direct: str = ""


@dataclass(frozen=True, slots=True)
class Modifier:
    """What is said of an event beyond its code, such as its intensity. `several`: more than one option holds."""

    id: str
    label: str
    options: tuple[ModifierOption, ...]
    required: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """What a rating on `scale` from `low` to `high` expects: so many events of `codes`, in its segment.

    `at_most` None sets no limit. `sentence` says the contradiction to the rater.
    """

    id: str
    scale: str
    low: int
    high: int
    codes: tuple[str, ...]
    sentence: str
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Code:
    """One observable behaviour. `group` names codes of which only one can be open at a time.

    `modifiers` are its own (an option's `direct` key codes this code with it); `ask` lists what of
    "who" and "whom" the rater is asked where several people could be meant.
    """

    id: str
    label: str
    kind: CodeKind
    key: str
    definition: str
    example: str = ""
    near_miss: str = ""
    dimension: str = ""
    valence: int = 0
    who: str = ""
    group: str | None = None
    colour: str = "#5b6b7f"
    modifiers: tuple[Modifier, ...] = ()
    ask: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatingScale:
    """A rating of the whole session (or a segment): integers `low` to `high`.

    `each_segment`: rated for each segment of the window instead of once. `start` is the value a scheme
    prescribes before any evidence; `no_evidence` allows the answer
    "no evidence", which is not a missing rating. `reversed` turns the value round for the score;
    `scored` False keeps the rating out of the observer's alliance score.
    """

    id: str
    label: str
    low: int
    high: int
    definition: str
    anchors: Mapping[int, str] = field(default_factory=dict)
    start: int | None = None
    no_evidence: bool = False
    dimension: str = ""
    reversed: bool = False
    scored: bool = True
    each_segment: bool = False


@dataclass(frozen=True, slots=True)
class CodingScheme:
    """A coding scheme. `hash` is the SHA-256 of its canonical JSON: its identity once used.

    `parallel_form` names the instruments whose scores the ratings may be subtracted from; it is
    empty for a scheme that has no counterpart among the questionnaires. `unit` "utterance": every
    utterance of `units_of` (kinds of participant; empty: of everybody) is to have a code. `passes`
    empty asks for no order. `segment_ms`: length of a rating segment. `reasons`: the scheme's own
    one-key answers to a contradiction with `rules`.
    """

    name: str
    title: str
    version: str
    description: str
    source: str
    rights: str
    authors: tuple[str, ...]
    codes: tuple[Code, ...]
    ratings: tuple[RatingScale, ...]
    unit: str = "event"
    show_transcript: bool = True
    speed_cap: float = 3.0
    bin_ms: int = 5000
    tolerance_ms: int = 2000
    language: str = "en"
    parallel_form: str = ""
    passes: tuple[CodingPass, ...] = ()
    segment_ms: int | None = None
    units_of: tuple[str, ...] = ()
    rules: tuple[EvidenceRule, ...] = ()
    check_evidence: bool = True
    reasons: tuple[str, ...] = ()
    hash: str = ""

    def code(self, code_id: str) -> Code:
        """The code of that id. Raises KeyError when the scheme has none."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    def rating(self, scale_id: str) -> RatingScale:
        """The rating scale of that id. Raises KeyError when the scheme has none."""
        for scale in self.ratings:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    text: str
    subscale: str
    reversed: bool = False


@dataclass(frozen=True, slots=True)
class Subscale:
    id: str
    label: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire of one perspective. Instruments with equal `parallel_form` can be subtracted."""

    name: str
    title: str
    version: str
    perspective: Perspective
    parallel_form: str
    instructions: str
    low: int
    high: int
    labels: Mapping[int, str]
    subscales: tuple[Subscale, ...]
    items: tuple[Item, ...]
    minimum_answered: float = 0.75
    source: str = ""
    rights: str = ""
    key_confirmed: bool = True
    language: str = "en"
    hash: str = ""
