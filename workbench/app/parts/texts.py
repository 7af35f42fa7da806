"""Headings, empty states and small facts, the same on every screen. Text from people and files stays text."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import streamlit as st


def heading(title: str, question: str = "", answer: str = "") -> None:
    """A screen's beginning: its title, the question that it answers, and the answer in one sentence."""
    st.title(plain(title), anchor=False)
    if question:
        st.html(f'<p class="wb-question">{escape(question)}</p>')
    if answer:
        st.markdown(f"**{plain(answer)}**")


def section(title: str, note: str = "") -> None:
    """A part of a screen."""
    st.header(plain(title), anchor=False)
    if note:
        st.caption(plain(note))


def empty(what: str, how: str) -> None:
    """Nothing is here yet: what would be, and how it comes here."""
    st.html(f'<div class="wb-empty"><b>{escape(what)}</b><span>{escape(how)}</span></div>')


def titled(title: str, details: str = "", *, number: int | None = None) -> None:
    """The head of a card: what it is, how many of it, and details in small."""
    n = f' <span class="wb-number">{number}</span>' if number is not None else ""
    small = f"<span>{escape(details)}</span>" if details else ""
    st.html(f'<div class="wb-titled"><b>{escape(title)}{n}</b>{small}</div>')


def facts(pairs: Mapping[str, object]) -> None:
    """Small facts in a row; those without a value are left out."""
    shown = {k: v for k, v in pairs.items() if v not in (None, "")}
    body = "".join(f"<div><span>{escape(k)}</span> {escape(str(v))}</div>" for k, v in shown.items())
    st.html(f'<div class="wb-facts">{body}</div>')


def leave(label: str, path: str, *, primary: bool = False) -> None:
    """A button that leads to a plain page of ours, in the same window."""
    kind = " primary" if primary else ""
    st.html(f'<a class="wb-leave{kind}" href="{escape(path)}">{escape(label)}</a>')


def plain(text: str) -> str:
    """`text` so that Streamlit's Markdown shows it as it stands."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]<>()#+-.!|~$:^=&" else c for c in text)


def count(n: int, one: str, many: str = "") -> str:
    """`1 session`, `3 sessions`.

    >>> count(1, "session"), count(0, "session"), count(2, "coding", "codings")
    ('1 session', '0 sessions', '2 codings')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
