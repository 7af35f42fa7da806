"""Screens are loaded by one thread at a time."""

from __future__ import annotations

import threading

from workbench.app import screens


def test_a_screen_waits_until_the_thread_that_loads_all_of_them_is_done(monkeypatch) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(screens, "_show_of", lambda name: lambda: drawn.append(name))
    visitor = threading.Thread(target=screens.ENTRIES[0].show)
    screens.loaded.clear()
    try:
        visitor.start()
        visitor.join(0.2)
        assert drawn == []
    finally:
        screens.loaded.set()
    visitor.join(10)
    assert drawn == [screens.ENTRIES[0].name]
