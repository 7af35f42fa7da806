"""Coding schemes, as checked objects. Reading YAML is `workbench.schemes`."""

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


class Each(StrEnum):
    """What one rating is given for: the session, a segment of it, one person in it, or those people together."""

    SESSION = "session"
    SEGMENT = "segment"
    PERSON = "person"
    FAMILY = "family"


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

    Where persons are rated, those that the person did. `at_most` None sets no limit. `sentence` says the
    contradiction to the rater.
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
    """A rating of the whole session, or of what `each` says: integers `low` to `high`.

    `each_segment`: rated for each segment of the window instead of once. `of`: kinds of participant, each
    person of whom is rated, or all of them as one (`together`). `start` is the value a scheme
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
    of: tuple[str, ...] = ()
    together: bool = False

    @property
    def each(self) -> Each:
        if self.of:
            return Each.FAMILY if self.together else Each.PERSON
        return Each.SEGMENT if self.each_segment else Each.SESSION


@dataclass(frozen=True, slots=True)
class Selection:
    """Events of any of `codes` that carry all of `modifiers` ("set:option" each), done by one of `who` to one of
    `whom`: kinds of person, as `session_people` names them ("patient", "family"). What is empty asks for nothing."""

    codes: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    whom: tuple[str, ...] = ()


class ScoreKind(StrEnum):
    """What a derived score is made of: of events (the first four), or of ratings, counts and other scores."""

    COUNT = "count"
    RATE = "rate"
    TIME = "time"
    SEQUENCE = "sequence"
    SUM = "sum"
    MEAN = "mean"
    DIFFERENCE = "difference"
    RATIO = "ratio"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Level:
    """A level of competence: values from `at_least` on have it, up to the next level."""

    label: str
    at_least: float


@dataclass(frozen=True, slots=True)
class DerivedScore:
    """A score that follows from a coding. What each `kind` computes is said in `workbench.alliance.derived`.

    `events`: what is counted, or what a sequence begins with; `then`: what follows it within `within_ms`
    (`counted`: how often, instead of how many of them in percent). `of`, `to`: ids of codes (their count),
    of ratings, or of scores above this one; in a ratio, share or difference `of` stands before, `to` after
    the sign; a rate is of `events` or of `of`, for `per_minutes` of observed time. `levels` rise.
    `minimum_answered`: the share of what a mean is of that must have a value. `needs`: ratings without which it
    means nothing. `each_segment`: computed in each segment by itself, then averaged over the segments.
    """

    id: str
    label: str
    kind: ScoreKind
    definition: str = ""
    events: Selection = Selection()
    then: Selection = Selection()
    within_ms: int = 0
    counted: bool = False
    of: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    per_minutes: float = 60.0
    levels: tuple[Level, ...] = ()
    minimum_answered: float = 1.0
    needs: tuple[str, ...] = ()
    each_segment: bool = False


class DataKind(StrEnum):
    """What agreement is about: what was coded, what was rated, or how much of something there was in a session."""

    CODES = "codes"
    RATINGS = "ratings"
    TOTALS = "totals"


@dataclass(frozen=True, slots=True)
class Reported:
    """The coefficients that a scheme asks for on one kind of data, by id; the first is the one to report."""

    of: DataKind
    coefficients: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Limit:
    """What a rater must reach against criterion codings: the lower end of the interval of `measure` (a form of the
    agreement with a criterion) on codes or ratings."""

    of: DataKind
    measure: str
    at_least: float


@dataclass(frozen=True, slots=True)
class Certification:
    """When a trainee may code for a study: on so many sessions with a criterion, and within all `limits`."""

    sessions: int
    limits: tuple[Limit, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class EarlierVersion:
    """The version that a scheme was made from: which of its codes and ratings became which. What kept its id is
    not named. None: it has no equal; what is gone and not named is not decided.

    `modifiers`, by the code's id there: what became of a modifier ("depth": "reach"), whose answers keep their ids, or
    of one answer ("depth:slight": "reach:some")."""

    version: str
    codes: Mapping[str, str | None] = field(default_factory=dict)
    ratings: Mapping[str, str | None] = field(default_factory=dict)
    modifiers: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CodingScheme:
    """A coding scheme. `hash` is the SHA-256 of its canonical JSON: its identity once used.

    `parallel_form` names the instruments whose scores the ratings may be subtracted from; it is
    empty for a scheme that has no counterpart among the questionnaires. `unit` "utterance": every
    utterance of `units_of` (kinds of participant; empty: of everybody) is to have a code. `passes`
    empty asks for no order. `segment_ms`: length of a rating segment. `reasons`: the scheme's own
    one-key answers to a contradiction with `rules`. `scores` follow from a coding, each from what stands
    above it. `agreement`: the coefficients to report; empty leaves it to the program. `earlier`: what it was made from.
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
    scores: tuple[DerivedScore, ...] = ()
    agreement: tuple[Reported, ...] = ()
    certification: Certification | None = None
    earlier: EarlierVersion | None = None
    hash: str = ""

    def reported(self, of: DataKind) -> Reported | None:
        """The coefficients that the scheme asks for on one kind of data; None leaves it to the program."""
        return next((each for each in self.agreement if each.of is of), None)

    def code(self, code_id: str) -> Code:
        """The code of that id. Raises KeyError when the scheme has none."""
        for code in self.codes:
            if code.id == code_id:
                return code
        raise KeyError(code_id)

    def is_of_units(self, code: Code) -> bool:
        """Whether a code is said of a coding unit of the transcript, and not of an instant or a stretch."""
        return code.kind is CodeKind.UTTERANCE or (code.kind is CodeKind.POINT and self.unit == "utterance")

    def rating(self, scale_id: str) -> RatingScale:
        """The rating scale of that id. Raises KeyError when the scheme has none."""
        for scale in self.ratings:
            if scale.id == scale_id:
                return scale
        raise KeyError(scale_id)
