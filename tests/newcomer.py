"""Somebody at mouse and keyboard who finds things by what is visible, and how long their own acts would take.

The keystroke-level model reckons it from what they do: Card, S. K., Moran, T. P., & Newell, A. (1980). The
keystroke-level model for user performance time with interactive systems. Communications of the ACM, 23(7), 396-410.
A newcomer has no chunks yet, so that here every press of the mouse and every text begins with a mental act (their rule
0, with none of the deletions of rules 1 to 4), and a press of the mouse button costs as much as a key.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter

from playwright.sync_api import Locator, Page

from tests import browsing

# Seconds: a key at 40 words a minute, pointing with the mouse, the hand from mouse to keys or back, a mental act.
SECONDS = {"K": 0.28, "P": 1.10, "H": 0.40, "M": 1.35}


@dataclass
class Newcomer:
    """Acts on a page, and counts them. What the program makes them wait is measured from the first act on."""

    page: Page
    acts: Counter[str] = field(default_factory=Counter)
    pages: int = 0
    typing: bool = False
    begun: float = field(default_factory=perf_counter)

    def comes_to(self, heading: str) -> None:
        """Wait for a screen that says what it is."""
        self.page.get_by_role("heading", name=re.compile(heading)).first.wait_for()
        self.pages += 1

    def presses(self, target: Locator, **where: object) -> None:
        """Look for it, point at it, press."""
        self._hand(typing=False)
        self.acts.update("MPK")
        target.click(**where)  # type: ignore[arg-type]
        browsing.quiet(self.page)

    def button(self, name: str) -> None:
        self.presses(self.page.get_by_role("button", name=name, exact=True))

    def option(self, name: str) -> None:
        """Press it in the open list."""
        target = self.page.get_by_role("option", name=name, exact=True)
        browsing.still(target)
        self.presses(target)

    def writes(self, label: str, words: str) -> None:
        """Point into a field and type, as fast as the page takes it."""
        target = self.page.get_by_role("textbox", name=label, exact=True)
        self._hand(typing=False)
        self.acts.update("PK")
        target.click()
        self._hand(typing=True)
        self.acts.update("M" + "K" * (len(words) + sum(c.isupper() for c in words)))
        self.page.keyboard.type(words)

    def key(self, name: str) -> None:
        self._hand(typing=True)
        self.acts.update("K")
        self.page.keyboard.press(name)
        browsing.quiet(self.page)

    def row(self, words: str) -> None:
        """Press a row of a table."""
        cell = self.page.locator("[role=gridcell]", has_text=words).first  # in the table for who cannot see the picture
        n = int(cell.locator("xpath=..").get_attribute("aria-rowindex") or 0)
        table = self.page.get_by_test_id("stDataFrame")
        self.presses(table, position=browsing.row_at(table, n - 2, 60))

    def _hand(self, *, typing: bool) -> None:
        self.acts.update("H" * (typing is not self.typing))
        self.typing = typing

    # ---- the sum ---------------------------------------------------------------------------------

    @property
    def own_s(self) -> float:
        """What their own acts take."""
        return sum(SECONDS[act] * n for act, n in self.acts.items())

    def sum_s(self) -> float:
        """Their own acts and all the time since they began, in which the program answered; and say so."""
        waited = perf_counter() - self.begun
        counted = ", ".join(f"{n} {act}" for act, n in sorted(self.acts.items()))
        print(f"{self.pages} pages; {counted}: {self.own_s:.0f} s of their own, {waited:.0f} s with the program")
        return self.own_s + waited
