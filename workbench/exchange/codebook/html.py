"""A codebook as one HTML file: its style is in it, it loads nothing and runs nothing, and it prints as it looks.

The Content-Security-Policy in it forbids scripts and every request. What a team wrote keeps its own direction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from workbench.exchange.codebook import (
    Codebook,
    CodeEntry,
    Decided,
    KeyCap,
    Question,
    RatingEntry,
    ScoreEntry,
)
from workbench.exchange.document.drawing import printable

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE = """
:root { color-scheme: light; --ink: #1b2733; --quiet: #52616f; --hairline: #c9d2da; --accent: #1d5c8f; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink);
  font: 15px/1.45 Inter, Vazirmatn, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 36px 32px 56px; }
header { border-bottom: 3px solid var(--ink); margin-bottom: 20px; padding-bottom: 8px; }
h1 { font-size: 30px; line-height: 1.15; letter-spacing: -.01em; margin: 0; }
header p { color: var(--quiet); margin: 4px 0 0; }
.columns { columns: 2; column-gap: 32px; }
h2 { font-size: 17px; color: var(--accent); border-top: 2px solid var(--accent); margin: 24px 0 8px; padding-top: 4px;
  break-after: avoid; }
h3 { font-size: 15px; margin: 0; display: inline; }
p { margin: 2px 0; overflow-wrap: anywhere; }
.about, .formula, .reference { color: var(--quiet); font-size: 13px; }
.levels { color: var(--accent); font-size: 13px; }
.code { display: grid; grid-template-columns: 30px 1fr; column-gap: 10px; margin-bottom: 14px; break-inside: avoid; }
.rating, .score { margin-bottom: 14px; break-inside: avoid; }
kbd { font: inherit; font-size: 12px; font-weight: 600; border: 1px solid var(--quiet); border-radius: 3px;
  padding: 0 5px; }
.code > kbd { border: 2px solid var(--code); width: 28px; height: 28px; font-size: 15px; border-radius: 4px; padding: 0;
  display: grid; place-items: center; }
.yes, .no { display: grid; grid-template-columns: 17px 1fr; }
.yes > b { color: #1c7a46; } .no > b { color: #b3363f; }
ul, ol { margin: 4px 0; padding-inline-start: 20px; } li { margin-bottom: 3px; }
dl { display: grid; grid-template-columns: 26px 1fr; margin: 4px 0; } dt { font-weight: 600; } dd { margin: 0; }
.choices { display: inline; margin: 0; padding: 0; list-style: none; }
.choices li { display: inline; margin-inline-end: 10px; }
.ruling b::before { content: "→ "; } [dir=rtl] .ruling b::before { content: "← "; }
.ruling { background: #fff6dd; border-radius: 3px; padding: 4px 8px; margin-top: 6px; }
.origin dl { grid-template-columns: max-content 1fr; column-gap: 14px; font-size: 13px; }
.keys { break-inside: avoid; } .row { display: grid; gap: 6px; margin-bottom: 6px; }
.key { border: 1px solid var(--hairline); border-radius: 5px; min-height: 52px; padding: 3px 5px; font-size: 12px;
  line-height: 1.2; color: #8b98a5; overflow-wrap: anywhere; }
.key.used { border: 2px solid var(--code); color: var(--ink); } .key b { display: block; font-size: 13px; }
@media (max-width: 800px) { .columns { columns: 1; } main { padding: 24px 16px; } }
@page { margin: 11mm; }
@media print {
  body { font-size: 8.8pt; line-height: 1.3; } main { max-width: none; padding: 0; }
  .columns { columns: 2; column-gap: 7mm; } h1 { font-size: 18pt; } h2 { font-size: 10.5pt; margin: 9pt 0 4pt; }
  h3 { font-size: 9.2pt; } .about, .formula, .levels, .reference { font-size: 8pt; }
  .code, .rating, .score { margin-bottom: 6pt; } .key { min-height: 8mm; font-size: 7pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def html(book: Codebook) -> bytes:
    """The file, in UTF-8."""
    direction = "rtl" if book.right_to_left else "ltr"
    body = "".join(
        [
            f"<p>{_text(book.description)}</p>",
            _part("How to code", _points(book.ways)),
            *(_part(group.title or "Codes", "".join(map(_code, group.codes))) for group in book.groups),
            *(_part(group.title, "".join(map(_rating, group.scales))) for group in book.ratings),
            _part("What ratings should rest on", _rules(book)),
            _part("Scores", "".join(map(_score, book.scores))),
            _part("How well raters must agree", _points(book.agreement)),
            _part("Origin", _origin(book.origin)),
        ]
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{_text(book.language)}" dir="{direction}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(book.title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body><main>\n"
        f"<header><h1>{_text(book.title)}</h1><p>{_said(book.edition)}</p>"
        f"{f'<p>{_said(book.languages)}</p>' if book.languages else ''}</header>\n"
        f'<div class="columns">{body}</div>\n{_keyboard(book.keys)}\n</main></body>\n</html>\n'
    ).encode()


def _part(title: str, content: str) -> str:
    return f"\n<section><h2>{_said(title)}</h2>{content}</section>" if content else ""


def _code(code: CodeEntry) -> str:
    return (
        f'\n<article class="code" style="--code:{_text(code.colour)}"><kbd>{_text(code.key)}</kbd><div>'
        f"<h3>{_text(code.label)}</h3> {_said(code.about, 'about')}<p>{_text(code.definition)}</p>"
        f"{_marked('yes', '✓', 'Example', code.example)}{_marked('no', '✗', 'Near-miss', code.near_miss)}"
        f"{''.join(map(_question, code.questions))}{_decided(code.rulings)}</div></article>"
    )


def _marked(kind: str, mark: str, name: str, words: str) -> str:
    return (
        f'<p class="{kind}"><b role="img" aria-label="{name}">{mark}</b><span>{_text(words)}</span></p>'
        if words
        else ""
    )


def _question(question: Question) -> str:
    choices = "".join(
        f"<li><kbd>{_text(choice.key)}</kbd>"
        + (
            f" {_said('at once', 'about')} <kbd>{_text(choice.direct)}</kbd>"
            if choice.direct not in ("", choice.key)
            else ""
        )
        + f" {_text(choice.label)}</li>"
        for choice in question.choices
    )
    how = f" {_said(question.how, 'about')}" if question.how else ""
    return f'<div><b>{_text(question.label)}</b>{how} <ul class="choices">{choices}</ul></div>'


def _rating(scale: RatingEntry) -> str:
    anchors = "".join(f"<dt>{_said(value)}</dt><dd>{_text(words)}</dd>" for value, words in scale.anchors)
    return (
        f'\n<article class="rating"><h3>{_text(scale.label)}</h3> {_said(scale.about, "about")}'
        f"<p>{_text(scale.definition)}</p>{f'<dl>{anchors}</dl>' if anchors else ''}{_decided(scale.rulings)}</article>"
    )


def _decided(rulings: Sequence[Decided]) -> str:
    return "".join(
        f'<p class="ruling">{_said(f"Decided {ruling.on}", "about")} <bdi>{_text(ruling.question)}</bdi> '
        f"<b><bdi>{_text(ruling.decision)}</bdi></b>"
        + (f" {_said(ruling.place, 'reference')}" if ruling.place else "")
        + (f' <bdi class="reference">{_text(ruling.example)}</bdi>' if ruling.example else "")
        + "</p>"
        for ruling in rulings
    )


def _rules(book: Codebook) -> str:
    if not book.rules:
        return ""
    asked = (
        "Asked once, before submission: change the rating, or say why it stands."
        if book.rules_asked
        else "Not asked in the coding room."
    )
    rules = f"<ul>{''.join(f'<li>{_text(sentence)}</li>' for sentence in book.rules)}</ul>"
    reasons = "".join(f"<li>{_text(reason)}</li>" for reason in book.reasons)
    why = f"<p><b>{_said('Why it may stand')}</b></p><ol>{reasons}</ol>" if reasons else ""
    return f"<p>{_said(asked, 'about')}</p>{rules}{why}"


def _score(score: ScoreEntry) -> str:
    levels = f" {_said(score.levels, 'levels')}" if score.levels else ""
    definition = f"<p>{_text(score.definition)}</p>" if score.definition else ""
    return (
        f'\n<article class="score"><h3>{_text(score.label)}</h3> {_said(score.formula, "formula")}{levels}'
        f"{definition}</article>"
    )


def _origin(origin: Iterable[tuple[str, str]]) -> str:
    entries = "".join(f"<dt>{_said(name)}</dt><dd>{_text(words)}</dd>" for name, words in origin)
    return f'<div class="origin"><dl>{entries}</dl></div>' if entries else ""


def _keyboard(rows: Sequence[Sequence[KeyCap]]) -> str:
    if not rows:
        return ""
    laid = ' dir="ltr"' if len(rows) > 1 else ""  # a keyboard lies as it lies; a list begins where the language does
    across = 5 if len(rows) == 1 else max(len(row) for row in rows)
    lines = "".join(
        f'<div class="row" style="grid-template-columns:repeat({across},1fr);margin-left:{n * 14}px">'
        f"{''.join(map(_key, row))}</div>"
        for n, row in enumerate(rows)
    )
    return f'<section class="keys"><h2>{_said("Keys")}</h2><div{laid}>{lines}</div></section>'


def _key(key: KeyCap) -> str:
    if not key.says:
        return f'<div class="key"><b>{_text(key.key)}</b></div>'
    return (
        f'<div class="key used" style="--code:{_text(key.colour)}"><b>{_text(key.key)}</b>'
        f'<span dir="auto">{_text(key.says)}</span></div>'
    )


def _points(sentences: Iterable[str]) -> str:
    items = "".join(f"<li>{_text(sentence)}</li>" for sentence in sentences)
    return f'<ul lang="en" dir="ltr">{items}</ul>' if items else ""


def _said(words: str, kind: str = "") -> str:
    """What the program says, in English, within a codebook of any language."""
    named = f' class="{kind}"' if kind else ""
    return f'<span lang="en" dir="ltr"{named}>{_text(words)}</span>'


def _text(words: str) -> str:
    return escape(printable(words), quote=True)
