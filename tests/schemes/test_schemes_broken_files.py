"""Thousands of broken files: always sentences, never a traceback, never accepted where a key is broken."""

from __future__ import annotations

import json
import random
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.registry import shipped_files
from workbench.schemes import (
    SchemeProblems,
    from_json,
    instrument_from_json,
    parse_instrument,
    parse_scheme,
    to_json,
)


def shortened(text: str) -> str:
    """A shipped file with the first two entries of each list, so that thousands take seconds."""
    kept, count = [], 0
    for line in text.splitlines():
        if not line.startswith(" "):
            count = 0
        if line.startswith("  - "):
            count += 1
        if count <= 2 and not line.lstrip().startswith("#"):
            kept.append(line)
    return "\n".join(kept) + "\n"


SHIPPED = {p.name: p.read_text(encoding="utf-8") for p in shipped_files("coding_schemes", "*/*.yaml")}
SHORT = {name: shortened(SHIPPED[name]) for name in ("alliance_behaviours.yaml", "session_alliance_patient.yaml")}
PAGE = (Path(__file__).parents[2] / "docs" / "schemes.md").read_text(encoding="utf-8")
# the page's larger example, which has every key of a scheme
SHORT["every_key.yaml"] = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)[1]
STRUCTURE = re.compile(r"^(|(?:  |      |          )- |(?:    ){1,3})([a-z_]+)(:)(.*)$")  # other lines are prose
LISTS = {"codes", "ratings", "items", "subscales", "labels", "anchors", "authors", "modifiers", "options", "rules"}
LISTS |= {"reasons", "scores", "levels", "count", "rate", "time", "sequence", "sum", "mean"}
LISTS |= {"difference", "ratio", "share", "after", "comes"}
LISTS |= {"agreement", "totals", "certification", "from_version"}
EARLIER = {"asks", "remark", "interest"}  # ids of an earlier version: only a workspace that keeps it knows them


def outcome(text: str | bytes) -> int:
    """How many problems there are. Whatever is accepted must come back unchanged from its JSON."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    instrument = re.match(rb"(?:\s|#.*\n)*instrument", data) is not None
    try:
        if instrument:
            form = parse_instrument(data, "fuzz.yaml")
            assert instrument_from_json(to_json(form)) == form
        else:
            scheme = parse_scheme(data, "fuzz.yaml")
            assert from_json(to_json(scheme)) == scheme
    except SchemeProblems as error:
        lines = data.count(b"\n") + 2
        assert error.problems
        for problem in error.problems:
            assert re.match(r"^fuzz\.yaml, line \d+: \S", str(problem))
            # Unicode line separators count as line breaks in YAML
            assert 1 <= problem.line <= lines + data.count(b"\xe2\x80") + data.count(b"\xc2\x85") + data.count(b"\r")
        return len(error.problems)
    return 0


def misspelt(word: str, chance: random.Random) -> str:
    i = chance.randrange(len(word))
    letter = chance.choice("abcdefghijklmnopqrstuvwxyz")
    return chance.choice(
        [word[:i] + word[i + 1 :], word[:i] + letter + word[i:], word[:i] + letter + word[i + 1 :], word.upper()]
    )


@pytest.mark.parametrize("name", sorted(SHORT))
def test_the_unbroken_short_files_are_accepted(name: str) -> None:
    assert outcome(SHORT[name]) == 0


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_the_shipped_files_are_accepted(name: str) -> None:
    assert outcome(SHIPPED[name]) == 0


@pytest.mark.parametrize("name", sorted(SHORT))
def test_a_misspelt_key_is_never_accepted(name: str) -> None:
    chance = random.Random(20)
    lines = SHORT[name].splitlines()
    places = [i for i, line in enumerate(lines) if STRUCTURE.match(line)]
    for n in range(500):
        i = places[n % len(places)]
        indent, key, colon, rest = STRUCTURE.match(lines[i]).groups()  # type: ignore[union-attr]
        wrong = misspelt(key, chance)
        if wrong == key or key in EARLIER:
            continue
        text = "\n".join([*lines[:i], indent + wrong + colon + rest, *lines[i + 1 :]])
        assert outcome(text) > 0, f"line {i + 1}: {key} → {wrong}"


@pytest.mark.parametrize("name", sorted(SHORT))
@pytest.mark.parametrize("value", ["", " [a, b]", " {a: b}", " ~", " yes", " 2024-01-01", " 0x1F", " &a b", " !t b"])
def test_a_value_of_the_wrong_kind_is_never_accepted(name: str, value: str) -> None:
    lines = SHORT[name].splitlines()
    for i, line in enumerate(lines):
        match = STRUCTURE.match(line)
        if not match or match[2] in LISTS:
            continue
        if match[2] == "version" and value in (" 2024-01-01", " 0x1F"):
            continue  # a version may look like anything
        rest = lines[i + 1 :]
        while rest and match[4].strip() == ">-" and rest[0].startswith(" " * (len(match[1]) + 2)):
            rest = rest[1:]
        assert outcome("\n".join([*lines[:i], match[1] + match[2] + ":" + value, *rest])) > 0, (line, value)


@pytest.mark.parametrize("name", sorted(SHORT))
def test_a_line_given_twice_or_a_needed_line_left_out_is_never_accepted(name: str) -> None:
    lines = SHORT[name].splitlines()
    needed = {"id", "label", "kind", "key", "definition", "low", "high", "title", "version", "text", "subscale"}
    needed |= {"segment_minutes", "rating", "from", "to", "sentence"}
    if "session" in name:
        needed -= {"definition"}  # a subscale can do without
    for i, line in enumerate(lines):
        match = STRUCTURE.match(line)
        if match and not match[1].endswith("- ") and match[4].strip() not in ("", ">-"):
            assert outcome("\n".join([*lines[: i + 1], line, *lines[i + 1 :]])) > 0, line
            if match[2] in needed:
                assert outcome("\n".join([*lines[:i], *lines[i + 1 :]])) > 0, line


@pytest.mark.parametrize("name", sorted(SHORT))
def test_bytes_lines_and_blocks_torn_about_give_sentences(name: str) -> None:
    chance = random.Random(7)
    noise = [b"\x00", b"\xff", b"\t", b"\r", b"\n", b": ", b"- ", b"&a ", b"*a", b"!!x ", b"{", b"]", b"'", b'"', b"|",
             b"%", b"\xe2\x80\xa8", b"\xc2\x85", b"?", b"#", b"---\n", b"...\n", b"<<: ", b"\\", b"0" * 30]  # fmt: skip
    refused = 0
    for _ in range(1000):
        data = bytearray(SHORT[name].encode())
        for _ in range(chance.randint(1, 4)):
            i, j = sorted(chance.sample(range(len(data)), 2))
            act = chance.randrange(5)
            if act == 0:
                del data[i : min(j, i + chance.randint(1, 40))]
            elif act == 1:
                data[i:i] = chance.choice(noise)
            elif act == 2:
                data[i] = chance.randrange(256)
            elif act == 3:
                data[i:i] = data[j : j + chance.randint(1, 60)]
            else:
                data = data[:j]
        refused += outcome(bytes(data)) > 0
    assert refused > 600


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200)))
def test_any_text_or_bytes_give_sentences(junk: str | bytes) -> None:
    assert outcome(junk) > 0


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_text_as_a_value_is_kept_or_refused_in_words(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SHORT)))
    text = SHORT[name]
    value = data.draw(st.text(max_size=60))
    spots = [m.span() for m in re.finditer(r"(?m)(?<=: )[^>\n]+$", text)]
    start, end = data.draw(st.sampled_from(spots))
    outcome(text[:start] + value + text[end:])


def test_a_file_at_the_size_limit_is_answered_soon() -> None:
    assert outcome(b"a: " + b"[" * 200_000) > 0
    assert outcome(b"- " * 100_000) > 0
    assert outcome(b'"' + b"a" * 250_000) > 0


HEAD = 'scheme: x\ntitle: X\nversion: "1"\ndescription: D.\n'
SOME = "codes:\n" + "".join(
    f"  - {{id: c{n}, label: C{n}, kind: point, key: {key}, definition: D.}}\n" for n, key in enumerate("abc")
)
MANY = "codes:\n" + "".join(f"  - {{id: c{n}, label: C{n}, kind: point, key: a, definition: D.}}\n" for n in range(900))


def test_a_share_of_sums_that_double_with_every_line_is_answered_soon() -> None:
    lines = ["  - {id: s0, label: S0, sum: [c0, c1]}", "  - {id: t0, label: T0, sum: [c0, c1]}"]
    for n in range(1, 60):
        lines += [f"  - {{id: {x}{n}, label: {x}{n}, sum: [s{n - 1}, t{n - 1}]}}" for x in "st"]
    share = "  - {id: z, label: Z, share: {of: [s59], in: [t59]}}"
    text = "\n".join([HEAD + SOME + "scores:", *lines, share])
    began = time.process_time()
    with pytest.raises(SchemeProblems) as refused:
        parse_scheme(text.encode(), "x.yaml")
    assert time.process_time() - began < 10
    assert [p.message for p in refused.value.problems if "at most 500 counts" in p.message]


def test_thousands_of_unknown_words_beside_hundreds_of_known_ones_are_answered_soon_and_briefly() -> None:
    unknown = ", ".join(f"xq{n}" for n in range(10_000))
    text = f"{HEAD}{MANY}scores:\n  - id: s\n    label: S\n    sum: [{unknown}]\n"
    began = time.process_time()
    with pytest.raises(SchemeProblems) as refused:
        parse_scheme(text.encode(), "x.yaml")
    assert time.process_time() - began < 10
    assert max(len(problem.message) for problem in refused.value.problems) < 1000


@pytest.mark.parametrize("unseen", ["\u200b", "\u200f", "\u3164", "\u00ad", "\u2800", "\u200e \ufeff"])
def test_a_name_of_which_nothing_is_seen_is_none(unseen: str) -> None:
    assert outcome(HEAD + SOME) == 0
    assert outcome((HEAD + SOME).replace("title: X", f'title: "{unseen}"')) == 1
    assert outcome((HEAD + SOME).replace("label: C1", f'label: "C0{unseen}"')) == 1, "it looks like another one"


@pytest.mark.parametrize("turning", ["\u202e", "\u202d", "\u2067", "\u202b", "\u2069"])
def test_a_name_that_turns_what_stands_after_it_is_refused(turning: str) -> None:
    assert outcome((HEAD + SOME).replace("title: X", f'title: "X{turning}"')) == 1


@pytest.mark.parametrize("fine", ["\u2067تعاطف\u2069 X", "می\u200cخواهد", "تعاطف\u200f!", "\u202bX\u202c"])
def test_words_of_right_to_left_languages_keep_their_marks(fine: str) -> None:
    scheme = parse_scheme((HEAD + SOME).replace("title: X", f'title: "{fine}"').encode(), "x.yaml")
    assert scheme.title == fine


@pytest.mark.parametrize("end", ["\u2028", "\u2029", "\u0085"])
def test_what_ends_a_line_for_yaml_and_for_no_editor_is_named_where_it_stands(end: str) -> None:
    text = (HEAD + SOME).replace("description: D.", f"description: D.{end}E.")
    with pytest.raises(SchemeProblems) as refused:
        parse_scheme(text.encode(), "x.yaml")
    assert [(p.line, p.column) for p in refused.value.problems] == [(4, 16)]


def test_items_can_be_numbered_with_a_leading_zero() -> None:
    text = SHORT["session_alliance_patient.yaml"]
    ids = re.findall(r"(?m)^  - id: (\w+)$", text[text.index("items:") :])
    assert len(ids) == 2
    assert outcome(text.replace(f"id: {ids[0]}\n", "id: 07\n").replace(f"id: {ids[1]}\n", "id: 08\n")) == 0


@pytest.mark.parametrize("value", ["1e3", ".5e2", "0o17", "1e400", "5e-1", "08"])
def test_what_editors_read_as_a_number_is_no_word(value: str) -> None:
    assert outcome((HEAD + SOME).replace("title: X", f"title: {value}")) == 1
    assert outcome((HEAD + SOME).replace("title: X", f"title: '{value}'")) == 0


@pytest.mark.parametrize(
    ("plain", "spaced"), [("id: c1", "id: 'c1 '"), ("key: b", "key: ' b'"), ("scheme: x", "scheme: 'x '")]
)
def test_ids_and_keys_are_taken_as_they_stand(plain: str, spaced: str) -> None:
    assert outcome((HEAD + SOME).replace(plain, spaced)) == 1


def test_a_scheme_written_as_json_is_one_too() -> None:
    rating = {"id": "r", "label": "R", "low": 1, "high": 5, "definition": "D.", "anchors": {"1": "no", "5": "yes"}}
    data = {"scheme": "x", "title": "X", "version": "1", "description": "D.", "ratings": [rating]}
    assert parse_scheme(json.dumps(data).encode(), "x.yaml").ratings[0].anchors == {1: "no", 5: "yes"}
