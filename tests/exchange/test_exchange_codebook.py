"""Codebooks: two sheets for a shipped scheme, everything that a rater needs on them, and every word only a word."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from workbench import schemes
from workbench.exchange.codebook import Codebook, codebook_of
from workbench.exchange.codebook.html import html
from workbench.exchange.codebook.pdf import SETTINGS, Paper, pdf, setting_for, sheets
from workbench.model.ruling import CodebookRuling
from workbench.model.scheme import Certification, CodingScheme, DataKind, Limit, Reported

SHIPPED = schemes.shipped_schemes()
ARABIC = schemes.load_scheme(Path(__file__).parents[1] / "fixtures" / "arabic_scheme.yaml")
NASTY = "=cmd() </p><script>alert(1)</script><img src=x onerror=y> \"' & #panic() \x00\ud800"


class Page(HTMLParser):
    """The text of a page, its tags, and the direction that each word has been given."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, str | None] = {}
        self.words: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "html":
            self.attributes = dict(attrs)

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def _words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("paper", get_args(Paper))
@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scheme_has_a_codebook_of_two_sheets_in_letters_one_can_read(name: str, paper: Paper) -> None:
    book = codebook_of(SHIPPED[name])
    assert sheets(book, paper) <= 2
    assert setting_for(book, paper).size >= 8.5


@pytest.mark.parametrize("name", SHIPPED)
def test_everything_that_a_scheme_says_to_a_rater_stands_in_its_codebook(name: str) -> None:
    scheme = SHIPPED[name]
    text = Page(html(codebook_of(scheme))).text
    said = [scheme.title, scheme.description, scheme.source, scheme.rights, scheme.hash[:12], *scheme.authors]
    for code in scheme.codes:
        said += [code.label, code.key, code.definition, code.example, code.near_miss]
        said += [word for m in code.modifiers for word in (m.label, *(o.label for o in m.options))]
    for scale in scheme.ratings:
        said += [scale.label, scale.definition, *scale.anchors.values()]
    said += [rule.sentence for rule in scheme.rules] + list(scheme.reasons)
    said += [word for score in scheme.scores for word in (score.label, score.definition)]
    assert [word for word in said if _words(word) not in text] == []


def test_a_scheme_too_long_for_two_sheets_gets_more_and_larger_letters() -> None:
    scheme = SHIPPED["telehealth_alliance"]
    long = replace(scheme, codes=tuple(replace(c, definition=c.definition * 2) for c in scheme.codes))
    book = codebook_of(long)
    assert sheets(book) > 2
    assert setting_for(book).size > SETTINGS[-1].size


def test_letter_paper_is_letter_paper() -> None:
    book = codebook_of(SHIPPED["segmented_alliance"])
    assert b"/MediaBox[0 0 612 792]" in pdf(book, "us-letter")
    assert b"/MediaBox[0 0 595.2756 841.8898]" in pdf(book)


def test_the_same_scheme_gives_the_same_files() -> None:
    book = codebook_of(SHIPPED["segmented_alliance"])
    assert (pdf(book), html(book)) == (pdf(book), html(book))


def test_codes_stand_under_what_they_bear_on_in_the_schemes_order() -> None:
    groups = codebook_of(SHIPPED["mi_integrity"]).groups
    assert [group.title for group in groups] == ["Evoking", "Listening", "Partnership", "Informing", "Other"]
    assert [code.label for code in groups[1].codes] == ["Simple reflection", "Complex reflection"]


def test_the_keys_lie_as_on_a_keyboard_with_those_that_code_at_once() -> None:
    rows = codebook_of(SHIPPED["mi_integrity"]).keys
    assert ["".join(key.key for key in row) for row in rows] == ["12345", "qwert", "asdfg", "zxcvb"]
    said = {key.key: key.says for row in rows for key in row}
    assert (said["q"], said["3"], said["z"]) == ("Question", "Complex reflection: Talk for change", "")


def test_keys_that_no_latin_keyboard_has_are_listed() -> None:
    (row,) = codebook_of(ARABIC).keys
    assert [key.key for key in row] == ["ت", "ا", "م", "1"]


def test_a_scheme_of_ratings_alone_has_no_keys_and_no_codes() -> None:
    book = codebook_of(SHIPPED["segmented_alliance"])
    assert (book.keys, book.groups) == ((), ())
    assert "Keys" not in Page(html(book)).text


@pytest.mark.parametrize(("scheme", "direction"), [(ARABIC, "rtl"), (SHIPPED["rupture_repair"], "ltr")])
def test_the_page_runs_as_the_schemes_language_does(scheme: CodingScheme, direction: str) -> None:
    page = Page(html(codebook_of(scheme)))
    assert (page.attributes["lang"], page.attributes["dir"]) == (scheme.language, direction)


def test_a_name_in_arabic_keeps_its_direction_within_an_english_sentence() -> None:
    ways = codebook_of(ARABIC).ways
    assert "At any moment at most one of these is on: \u2068الانسحاب\u2069 or \u2068المواجهة\u2069." in ways
    assert "\u2068" not in "".join(codebook_of(SHIPPED["rupture_repair"]).ways)


def test_it_is_said_which_words_are_in_which_language() -> None:
    said = "The scheme’s own words are in Arabic; headings and what the program adds are in English."
    assert codebook_of(ARABIC).languages == said and said in Page(html(codebook_of(ARABIC))).text
    assert codebook_of(SHIPPED["rupture_repair"]).languages == ""
    assert "the language “sw”" in codebook_of(replace(ARABIC, language="sw")).languages


def test_a_ruling_in_another_language_than_its_scheme_runs_its_own_way() -> None:
    ruled = CodebookRuling(
        ARABIC.codes[0].id, date(2026, 3, 9), "Does a nod count?", "لا.", "session S-001, 0:04–0:09", "mm-hm"
    )
    page = html(codebook_of(ARABIC, [ruled])).decode()
    assert "<bdi>Does a nod count?</bdi> <b><bdi>لا.</bdi></b>" in page
    assert '<span lang="en" dir="ltr" class="reference">session S-001, 0:04–0:09</span>' in page
    assert '<bdi class="reference">“mm-hm”</bdi>' in page
    assert pdf(codebook_of(ARABIC, [ruled])).startswith(b"%PDF")


def test_the_pdf_of_an_arabic_scheme_has_arabic_letters_of_its_own() -> None:
    fonts = set(re.findall(rb"/BaseFont/[A-Z]{6}\+(\w+)-", pdf(codebook_of(ARABIC))))
    assert fonts == {b"Inter", b"Vazirmatn"}


def test_rulings_stand_under_their_code_and_rating_the_oldest_first() -> None:
    scheme = SHIPPED["mi_integrity"]
    rulings = [
        CodebookRuling(
            "question", date(2026, 3, 9), "And tags?", "A tag is no question.", "session S-004, 12:30–12:44"
        ),
        CodebookRuling("question", date(2026, 3, 2), "Rising voice?", "Only where an answer is awaited."),
        CodebookRuling("empathy", date(2026, 3, 2), "By tone alone?", "Yes.", rating=True),
    ]
    book = codebook_of(scheme, rulings)
    (question,) = [code for group in book.groups for code in group.codes if code.label == "Question"]
    assert [ruling.on for ruling in question.rulings] == ["2026-03-02", "2026-03-09"]
    text = Page(html(book)).text
    assert "And tags? A tag is no question. session S-004, 12:30–12:44" in text
    assert "By tone alone?" in text
    assert len(pdf(book)) > len(pdf(codebook_of(scheme)))


def test_an_answer_that_two_codes_word_differently_is_the_one_or_the_other() -> None:
    said = {score.label: score.formula for score in codebook_of(SHIPPED["rupture_repair"]).scores}
    assert said["Strong ruptures in an hour"] == (
        "Withdrawal or Confrontation (Strong: contact is lost or Strong: the work is in question) in an observed hour"
    )


def test_a_value_below_nought_has_a_minus_sign() -> None:
    first = codebook_of(SHIPPED["family_alliance"]).ratings[0].scales[0]
    assert first.about.startswith("−3 to 3 · begins at 0")
    assert [value for value, _ in first.anchors] == ["−3", "−2", "−1", "0", "1", "2", "3"]


def test_rulings_of_one_entry_take_as_many_sheets_as_they_fill() -> None:
    scheme = SHIPPED["rupture_repair"]
    words = "Does a short answer that comes after a long pause count as the first sign? " * 3

    def many(entry: str, n: int) -> int:
        ruling = CodebookRuling(entry, date(2026, 3, 2), words, "Yes.", rating=entry == "rupture_weight")
        return sheets(codebook_of(scheme, [ruling] * n))

    for entry in ("withdrawal", "rupture_weight"):
        assert many(entry, 20) < many(entry, 60) < many(entry, 100), f"{entry}: printed past the end of a sheet"


def test_an_entry_longer_than_a_column_goes_on_in_the_next() -> None:
    words = "word " * 790
    assert sheets(_full_of(words, SHIPPED["mi_integrity"])) > 35, "over 200,000 characters, under 7000 on a sheet"


def test_how_well_raters_must_agree_stands_in_it_where_the_scheme_says_so() -> None:
    scheme = replace(
        SHIPPED["mi_integrity"],
        agreement=(Reported(DataKind.CODES, ("krippendorff_alpha", "gwet_ac1"), "Any number of raters."),),
        certification=Certification(5, (Limit(DataKind.CODES, "kappa", 0.6),), "Enough for our question."),
    )
    book = codebook_of(scheme)
    text = Page(html(book)).text
    assert "5 sessions with a criterion coding" in text
    assert "begins at its limit or above: Cohen’s κ on codes at 0.6. Enough for our question." in text
    assert "Reported for codes: Krippendorff’s α and Gwet’s AC1. Any number of raters." in text
    assert pdf(book) != pdf(codebook_of(SHIPPED["mi_integrity"]))


def _full_of(words: str, scheme: CodingScheme) -> Codebook:
    """The codebook of a scheme in which everything that a team writes is `words`."""
    codes = tuple(
        replace(
            c,
            label=words,
            definition=words,
            example=words,
            near_miss=words,
            modifiers=tuple(
                replace(m, label=words, options=tuple(replace(o, label=words) for o in m.options)) for m in c.modifiers
            ),
        )
        for c in scheme.codes
    )
    ratings = tuple(
        replace(r, label=words, definition=words, anchors=dict.fromkeys(r.anchors, words)) for r in scheme.ratings
    )
    scores = tuple(replace(s, label=words, definition=words) for s in scheme.scores)
    rules = tuple(replace(r, sentence=words) for r in scheme.rules)
    made = replace(
        scheme,
        title=words,
        version=words,
        description=words,
        source=words,
        rights=words,
        authors=(words,),
        codes=codes,
        ratings=ratings,
        scores=scores,
        rules=rules,
        reasons=(words,),
    )
    rulings = [CodebookRuling(scheme.codes[0].id, date(2026, 3, 2), words, words, words, words)]
    return codebook_of(made, rulings)


def test_words_that_look_like_markup_stay_words() -> None:
    book = _full_of(NASTY, SHIPPED["mi_integrity"])
    page = Page(html(book))
    assert {"script", "img"}.isdisjoint(page.tags)
    assert page.text.count("<script>alert(1)</script>") > 50
    assert pdf(book).startswith(b"%PDF")


def test_words_without_a_blank_stay_on_the_sheet() -> None:
    assert sheets(_full_of("x" * 120, SHIPPED["mi_integrity"])) < 12


def test_the_page_loads_and_runs_nothing() -> None:
    data = html(codebook_of(SHIPPED["mi_integrity"]))
    assert b"default-src 'none'" in data
    assert re.findall(rb"https?://|url\(|<link|<script|@import", data) == []
