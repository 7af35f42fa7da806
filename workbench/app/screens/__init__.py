"""The screens. Each is one file with a function `show`, and one line in `ENTRIES` below."""

from __future__ import annotations

import importlib
import threading
from collections.abc import Callable
from dataclasses import dataclass

from workbench.model.people import Person, Role


@dataclass(frozen=True, slots=True)
class Entry:
    """A screen: the name of its file, which is its address too, what the navigation calls it, and who has it.

    `in_navigation` False: one gets there from another screen.
    """

    name: str
    title: str
    roles: frozenset[Role]
    in_navigation: bool = True

    def show(self) -> None:
        """Draw the screen."""
        loaded.wait()
        _show_of(self.name)()


# Not set while another thread loads the screens: two threads that import modules which need one another would meet
# half-made ones, and the screen would fail.
loaded = threading.Event()
loaded.set()

_EVERYBODY = frozenset(Role)
_OVERSEES = frozenset({Role.SUPERVISOR, Role.RESEARCHER})
_MANAGES = _OVERSEES | {Role.ADMINISTRATOR}

# In the order of the navigation. The first is where one arrives.
ENTRIES: tuple[Entry, ...] = (
    Entry("home", "Home", _EVERYBODY),
    Entry("code", "Coding room", frozenset({Role.OBSERVER, Role.PROVIDER, *_OVERSEES}), in_navigation=False),
    Entry("sessions", "Sessions", _EVERYBODY - {Role.OBSERVER}),
    Entry("session", "Session", _EVERYBODY, in_navigation=False),
    Entry("assignments", "Assignments", _OVERSEES),
    Entry("align", "Align", frozenset({Role.OBSERVER, Role.PROVIDER, *_OVERSEES}), in_navigation=False),
    Entry("agreement", "Agreement", _OVERSEES),
    Entry("alliance", "Alliance", _OVERSEES | {Role.PROVIDER}),
    Entry("providers", "Provider page", _OVERSEES | {Role.PROVIDER}),
    Entry("export", "Export", _OVERSEES),
    Entry("own_data", "Own data", _OVERSEES),
    Entry("schemes", "Schemes", frozenset({Role.OBSERVER, *_MANAGES})),
    Entry("scheme", "Scheme", frozenset({Role.OBSERVER, *_MANAGES}), in_navigation=False),
    Entry("edit_scheme", "Scheme editor", _OVERSEES, in_navigation=False),
    Entry("people", "People", frozenset({Role.ADMINISTRATOR})),
    Entry("audit", "Audit", frozenset({Role.ADMINISTRATOR})),
    Entry("account", "Account", _EVERYBODY),
)


def entries_for(person: Person) -> tuple[Entry, ...]:
    """The screens that a person has, in order."""
    return tuple(e for e in ENTRIES if person.has(*e.roles))


def load() -> None:
    """Import every screen, so that the first visitor does not wait for it."""
    for entry in ENTRIES:
        _show_of(entry.name)


def _show_of(name: str) -> Callable[[], None]:
    show: Callable[[], None] = importlib.import_module(f"workbench.app.screens.{name}").show
    return show
