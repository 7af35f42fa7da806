"""A scheme that is written as YAML and read again is the same scheme, whatever its words are."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.model.people import ParticipantKind
from workbench.model.scheme import (
    Certification,
    Code,
    CodeKind,
    CodingPass,
    CodingScheme,
    DataKind,
    DerivedScore,
    EarlierVersion,
    EvidenceRule,
    Level,
    Limit,
    Modifier,
    ModifierOption,
    RatingScale,
    Reported,
    ScoreKind,
    Selection,
)
from workbench.schemes import identity, parse_scheme, scheme_yaml, shipped_schemes
from workbench.schemes.nodes import parse
from workbench.schemes.scheme_agreement import COEFFICIENTS, MEASURES
from workbench.schemes.scheme_yaml import write_scheme
from workbench.schemes.seen_text import as_seen, is_seen
from workbench.schemes.yaml_text import Plain, tree_of, write_tree

PAGE = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text(encoding="utf-8")
EVERY_KEY = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]

HARD = [
    "well?",
    "a ?b",
    *("no", "Yes", "on", "~", "null", "1.10", "0x1F", "1_000", "2024-01-01", "12:30", "=", "<<", "? so", "-", "- so"),
    *("---", '"Shall we?"', "it's", '"It\'s fine," she says', "he said: no", "half #1", "a # b", "end:", "{a: 1}"),
    *("[x], y", "&a", "*b", "!tag", "%TAG", "@home", "`x`", "|", ">-", "back\\slash", "a, b", "لا: نعم", "«oui»"),
    *("👩\u200d👩\u200d👧 family", "a\u200fb", "tab\there", "two  spaces", "nbsp\u00a0here", "line\u2028break"),
    *("\ufefffront", "x" * 119, "word " * 23 + "end"),
]
T = TypeVar("T")


def _clean(text: str) -> str:
    """As the reader takes a text: composed, without outer blanks."""
    return unicodedata.normalize("NFC", text).strip()


_turning = "".join(map(chr, [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]))
_chars = st.characters(blacklist_categories=("Cc", "Cs"), blacklist_characters=_turning)
lines = st.one_of(st.sampled_from(HARD), st.text(_chars, max_size=40)).map(_clean).filter(bool).map(lambda t: t[:119])
lines = lines.map(_clean).filter(is_seen).filter(lambda t: not set(t) & set("\u2028\u2029"))
paragraphs = st.lists(st.one_of(lines, st.just(""), lines.map("  {}".format)), min_size=1, max_size=6)
texts = st.one_of(
    lines,
    st.sampled_from(HARD),
    paragraphs.map("\n".join).map(_clean).filter(bool),
    st.lists(lines, max_size=30).map(" ".join),
)
texts = texts.map(_clean).filter(is_seen)
ids = st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)
seconds = st.integers(1, 60_000)


def each_once(strategy: st.SearchStrategy[str], least: int = 0, most: int = 4) -> st.SearchStrategy[list[str]]:
    return st.lists(strategy, min_size=least, max_size=most, unique_by=as_seen)


def whole(of: type[T], /, **said: Any) -> T:
    """An instance for which every field was given a value, so that a field which nobody writes is noticed."""
    assert {f.name for f in dataclasses.fields(of)} - {"hash"} == set(said)  # type: ignore[arg-type]
    return of(**said)


@st.composite
def schemes(draw: st.DrawFn) -> CodingScheme:
    names = draw(each_once(ids.filter(lambda i: i != "not_observable"), 4, 12))
    labels = draw(each_once(lines, len(names), len(names)))
    keys = iter(draw(st.permutations("abcdefghijklmnopqrstuvwxyz0123456789سشصضطظعغفق")))
    number = draw(st.integers(1, max(1, min(4, len(names) - 2))))
    unit = draw(st.sampled_from(["event", "utterance"]))
    group = draw(st.sampled_from([None, "one_of"])) if number > 1 else None
    kind = CodeKind.UTTERANCE if unit == "utterance" else CodeKind.STATE

    def modifier(name: str) -> Modifier:
        options = draw(each_once(st.from_regex(r"[a-z0-9][a-z0-9_]{0,8}", fullmatch=True), 2, 3))
        said = draw(each_once(lines, len(options), len(options)))
        made = (
            whole(ModifierOption, id=o, label=w, key=next(keys), direct=draw(st.sampled_from(["", "y"])) and next(keys))
            for o, w in zip(options, said, strict=True)
        )
        flags = draw(st.tuples(st.booleans(), st.booleans()))
        return whole(
            Modifier,
            id=name,
            label=f"{draw(lines)[:100]} {name}",
            options=tuple(made),
            required=flags[0],
            several=flags[1],
        )

    codes = tuple(
        whole(
            Code,
            id=name,
            label=label,
            kind=kind if group else draw(st.sampled_from([CodeKind.POINT, CodeKind.STATE, kind])) if n else kind,
            key=next(keys),
            definition=draw(texts),
            example=draw(st.one_of(st.just(""), texts)),
            near_miss=draw(st.one_of(st.just(""), texts)),
            dimension=draw(st.one_of(st.just(""), ids)),
            valence=draw(st.sampled_from([1, 0, -1])),
            who=draw(st.sampled_from(["patient", "provider", "family", "clients", "both"])),
            group=group,
            colour=draw(st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)),
            modifiers=tuple(modifier(each) for each in (["how", "so"][: draw(st.integers(0, 2))])),
            ask=tuple(draw(st.permutations(["who", "whom"]))[: draw(st.integers(0, 2))]),
        )
        for n, (name, label) in enumerate(zip(names[:number], labels[:number], strict=True))
    )
    segment_ms = draw(st.one_of(st.none(), st.integers(1, 120).map(lambda halves: halves * 30_000)))

    def rating(name: str, label: str) -> RatingScale:
        low = draw(st.integers(-100, 99))
        high = draw(st.integers(low + 1, min(100, low + 12)))
        between = draw(st.dictionaries(st.integers(low, high), lines, max_size=3))
        # a rule holds a rating of persons against codes that say who it was
        persons = "who" in codes[0].ask and draw(st.booleans())
        together = not persons and draw(st.booleans())
        anchors = draw(st.sampled_from([{}, {low: draw(lines), high: draw(lines)} | between]))
        return whole(
            RatingScale,
            id=name,
            label=label,
            low=low,
            high=high,
            definition=draw(texts),
            anchors=dict(sorted(anchors.items())),
            start=draw(st.one_of(st.none(), st.integers(low, high))),
            no_evidence=draw(st.booleans()),
            dimension=draw(st.one_of(st.just(""), ids)),
            reversed=draw(st.booleans()),
            scored=draw(st.booleans()),
            each_segment=segment_ms is not None and not persons and not together and draw(st.booleans()),
            of=tuple(draw(st.permutations([k.value for k in ParticipantKind]))) if persons or together else (),
            together=together,
        )

    ratings = tuple(rating(n, w) for n, w in zip(names[number : number + 2], labels[number : number + 2], strict=True))
    rules = tuple(
        whole(
            EvidenceRule,
            id=f"rule_{n}",
            scale=scale.id,
            low=scale.low,
            high=scale.high,
            codes=(codes[0].id,),
            sentence=draw(texts),
            at_least=draw(st.integers(1, 3)) if n else 0,
            at_most=None if n else draw(st.integers(0, 9)),
        )
        for n, scale in enumerate(ratings)
    )
    kinds = draw(st.lists(st.sampled_from(ScoreKind), max_size=4))
    passes = draw(st.sampled_from([(), (CodingPass.LISTEN, CodingPass.CODE, CodingPass.RATE)]))
    return whole(
        CodingScheme,
        name=draw(ids),
        title=draw(lines),
        version=draw(lines),
        description=draw(texts),
        source=draw(st.one_of(st.just(""), texts)),
        rights=draw(st.one_of(st.just(""), texts)),
        authors=tuple(draw(st.lists(lines, max_size=3))),
        codes=codes,
        ratings=ratings,
        unit=unit,
        show_transcript=unit == "utterance" or any(c.kind is CodeKind.UTTERANCE for c in codes) or draw(st.booleans()),
        speed_cap=draw(st.integers(5, 30)) / 10,
        bin_ms=draw(st.integers(100, 600_000)),
        tolerance_ms=draw(st.integers(0, 60_000)),
        language=draw(st.sampled_from(["en", "ar", "pt-BR", "no"])),
        parallel_form=draw(st.one_of(st.just(""), ids)),
        passes=passes,
        segment_ms=segment_ms,
        units_of=tuple(draw(st.permutations(tuple(ParticipantKind)))[:2]) if unit == "utterance" else (),
        rules=rules,
        check_evidence=draw(st.booleans()),
        reasons=tuple(draw(each_once(lines, 0, 3))) if rules else (),
        scores=tuple(draw(score(n, codes, ratings, each)) for n, each in enumerate(kinds)),
        agreement=draw(reported(bool(ratings))),
        certification=draw(st.one_of(st.none(), certification(bool(ratings)))),
        earlier=draw(st.one_of(st.none(), earlier(codes, ratings))),
    )


@st.composite
def reported(draw: st.DrawFn, rated: bool) -> tuple[Reported, ...]:
    return tuple(
        whole(
            Reported,
            of=kind,
            coefficients=tuple(draw(st.permutations(COEFFICIENTS[kind]))[: draw(st.integers(1, 3))]),
            reason=draw(texts),
        )
        for kind in DataKind
        if (rated or kind is not DataKind.RATINGS) and draw(st.booleans())
    )


@st.composite
def certification(draw: st.DrawFn, rated: bool) -> Certification:
    limits = [
        whole(Limit, of=kind, measure=draw(st.sampled_from(MEASURES[kind])), at_least=draw(st.integers(0, 100)) / 100)
        for kind in MEASURES
        if rated or kind is not DataKind.RATINGS
    ]
    return whole(
        Certification,
        sessions=draw(st.integers(1, 1000)),
        limits=tuple(limits[: draw(st.integers(1, 2))]),
        reason=draw(texts),
    )


@st.composite
def earlier(draw: st.DrawFn, codes: tuple[Code, ...], ratings: tuple[RatingScale, ...]) -> EarlierVersion:
    def became(here: tuple[Any, ...]) -> dict[str, str | None]:
        """None, no equal, only of what is not here by its id."""
        olds, here_by_id = draw(each_once(ids, 0, 3)) if here else [], [each.id for each in here]
        later = [draw(st.sampled_from([*here_by_id, *([] if old in here_by_id else [None])])) for old in olds]
        return {old: new for old, new in zip(olds, later, strict=True) if old != new}

    def of_modifiers(code: Code) -> dict[str, str | None]:
        """Each modifier at most once, so that no two become one, and one of its answers apart."""
        said = {}
        for modifier, old in zip(code.modifiers, draw(each_once(ids, 2, 2)), strict=False):
            apart = f"{modifier.id}:{modifier.options[0].id}"
            later = draw(st.sampled_from([apart, None]))
            said |= {old: modifier.id, f"{old}:{draw(ids)}": later} if old != modifier.id else {}
        return said

    renamed = became(codes)
    said = {code.id: of_modifiers(code) for code in codes if code.id not in renamed}
    modifiers = {code: lines for code, lines in said.items() if lines}
    version = f"{draw(lines)[:100]} x"
    return whole(EarlierVersion, version=version, codes=renamed, ratings=became(ratings), modifiers=modifiers)


@st.composite
def score(
    draw: st.DrawFn, n: int, codes: tuple[Code, ...], ratings: tuple[RatingScale, ...], kind: ScoreKind
) -> DerivedScore:
    states = [c.id for c in codes if c.kind is CodeKind.STATE]
    kind = ScoreKind.COUNT if kind is ScoreKind.TIME and not states else kind
    of_terms = kind is ScoreKind.RATE and draw(st.booleans())
    of_events = kind in (ScoreKind.COUNT, ScoreKind.RATE, ScoreKind.TIME, ScoreKind.SEQUENCE) and not of_terms
    scale = ratings[0].id if ratings and kind is ScoreKind.MEAN and draw(st.booleans()) else ""
    first = next(c for c in codes if c.id == (states[0] if kind is ScoreKind.TIME else codes[0].id))
    option = [f"{m.id}:{o.id}" for m in first.modifiers for o in m.options][:1]
    whom = ("provider",) if "whom" in first.ask else ()
    anybody = ("patient", "family") if "who" in first.ask else ()
    who = anybody if first.who in ("clients", "both") else (first.who,)
    selection = whole(Selection, codes=(first.id,), modifiers=tuple(option), who=who, whom=whom)
    terms = (scale or codes[0].id,)
    two = kind in (ScoreKind.DIFFERENCE, ScoreKind.RATIO, ScoreKind.SHARE)
    rising = sorted({float(draw(st.integers(-1_000_000, 1_000_000))) / 4 for _ in range(draw(st.integers(0, 3)))})
    return whole(
        DerivedScore,
        id=f"score_{n}",
        label=f"{draw(lines)[:100]} {n}",
        kind=kind,
        definition=draw(st.one_of(st.just(""), texts)),
        events=selection if of_events else Selection(),
        then=selection if kind is ScoreKind.SEQUENCE else Selection(),
        within_ms=draw(st.integers(100, 3_600_000)) if kind is ScoreKind.SEQUENCE else 0,
        counted=kind is ScoreKind.SEQUENCE and draw(st.booleans()),
        of=() if of_events else terms,
        to=terms if two else (),
        per_minutes=draw(st.integers(1, 6000)) / 10 if kind is ScoreKind.RATE else 60.0,
        levels=tuple(whole(Level, label=f"{draw(lines)[:100]} {n}", at_least=v) for n, v in enumerate(rising)),
        minimum_answered=draw(st.integers(2, 4)) / 4 if kind is ScoreKind.MEAN else 1.0,
        needs=tuple(scale.id for scale in ratings) if draw(st.booleans()) else (),
        each_segment=bool(scale) and ratings[0].each_segment and draw(st.booleans()),
    )


def again(text: str) -> CodingScheme:
    return parse_scheme(text.encode("utf-8"), "again.yaml")


@pytest.mark.parametrize("name", sorted(shipped_schemes()))
def test_a_shipped_scheme_that_is_written_and_read_again_is_the_same(name: str) -> None:
    scheme = shipped_schemes()[name]
    assert again(write_scheme(scheme)) == scheme


@given(schemes())
@settings(max_examples=60, deadline=None)
def test_any_scheme_that_is_written_and_read_again_has_the_same_identity(scheme: CodingScheme) -> None:
    text = write_scheme(scheme)
    assert again(text).hash == identity(scheme)
    assert write_scheme(again(text)) == text


def test_every_key_that_a_scheme_can_have_is_written_in_the_order_of_the_documentation() -> None:
    # what stands at its default there is left out: it says nothing
    wanted = tree_of(parse(EVERY_KEY.encode(), "page.yaml"))
    found = tree_of(parse(write_scheme(again(EVERY_KEY)).encode(), "written.yaml"))
    left_out = {"check_evidence", "reversed", "as"}

    def keys(tree: Any) -> set[str]:
        if isinstance(tree, dict):
            return set(tree) | {key for part in tree.values() for key in keys(part)}
        return {key for part in tree for key in keys(part)} if isinstance(tree, list) else set()

    assert keys(wanted) - keys(found) <= left_out
    assert [key for key in found if key in wanted] == [key for key in wanted if key in found]


LISTS_OF_KEYS = ["TOP", "CODE", "MODIFIER", "OPTION", "RATING", "RULE", "SCORE", "RATE", "SEQUENCE", "EVENTS", "LEVEL"]


@pytest.mark.parametrize("of", LISTS_OF_KEYS)
def test_a_key_that_is_read_and_not_written_is_an_error(of: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheme_yaml, of, [*getattr(scheme_yaml, of), "new_key"])
    with pytest.raises(KeyError, match="new_key"):
        write_scheme(again(EVERY_KEY))


def test_the_written_file_is_one_that_people_like_to_read() -> None:
    text = write_scheme(shipped_schemes()["rupture_repair"])
    assert text.startswith(
        "# yaml-language-server: $schema=../scheme.schema.json\nscheme: rupture_repair\ntitle: Rupture"
    )
    assert "\ndescription: >-\n  Strain between" in text
    assert (
        "\n\ncodes:\n  - id: withdrawal\n    label: Withdrawal\n    kind: state\n    key: x\n    who: patient\n" in text
    )
    assert '          - {id: mild, label: "Mild: a hint, the work goes on", key: "1", direct: "1"}\n' in text
    assert "    example: '\"I remember that. So when I brought up" in text
    assert max(map(len, text.splitlines())) <= 116
    assert yaml.safe_load(text)["segment_minutes"] == 5


numbers = st.sampled_from(["3", "-0.5", "true", "~"]).map(Plain)
leaves = st.one_of(st.sampled_from(HARD), st.text(_chars | st.just("\n"), max_size=30), numbers)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["codes", "options", "count", "reasons", "a b", "no", "é"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(
    st.dictionaries(st.sampled_from(["scheme", "codes", "odd key:", "3", "reasons", "-x", "---"]), trees, min_size=1)
)
@settings(max_examples=300, deadline=None)
def test_any_tree_of_texts_is_written_without_losing_a_character(tree: dict[str, Any]) -> None:
    written = write_tree(tree)
    found = tree_of(parse(written.encode("utf-8"), "tree.yaml"))
    assert found == tree
    assert _plain(found) == _plain(tree)


def _plain(tree: Any) -> Any:
    """The same with every value's kind: whether YAML reads it as text."""
    if isinstance(tree, dict):
        return {key: _plain(part) for key, part in tree.items()}
    return [_plain(part) for part in tree] if isinstance(tree, list) else (str(tree), isinstance(tree, Plain))
