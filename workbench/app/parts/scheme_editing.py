"""The draft that is open on this page: what it holds, and how a field, a button or an undo changes it.

The page keeps the draft as it was drawn last. A change is held against it: where another window was faster, both stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from threading import RLock
from typing import Any
from zlib import crc32

import streamlit as st

from workbench.app import current
from workbench.app.parts.scheme_places import Places, followed, ids_along, list_and_place
from workbench.model.scheme import CodingScheme
from workbench.schemes import scheme_draft
from workbench.schemes.scheme_draft import DraftRead, Path
from workbench.workflows import edit_scheme
from workbench.workflows.keep_draft import Draft
from workbench.workflows.refusal import Refused

_HELD = "scheme-editing"


@dataclass
class Editing:
    """The draft on this page. `drawing` counts how often its fields were made anew; `places`: where its entries stand;
    `at`: which entry of a list is open; `part`: which part of the scheme is shown; `say`: a sentence for the next run,
    and whether it is a warning; `saved`: the version that came of it. Streamlit begins a run before the one it
    interrupts has ended, so that each change is made and each draft is read under the `lock`."""

    draft: Draft
    read: DraftRead
    settled: frozenset[tuple[str, ...]] = frozenset()  # of a saved version of this scheme, see `_ids_of`
    drawing: int = 0
    places: Places = field(default_factory=Places)
    at: dict[str, int] = field(default_factory=dict)
    part: str = "about"
    say: tuple[str, bool] | None = None
    saved: CodingScheme | None = None
    shown_choice: dict[str, str] = field(default_factory=dict)
    anew: dict[str, int] = field(default_factory=dict)
    followed: dict[str, tuple[str, int]] = field(default_factory=dict)  # see `key_following`
    lock: AbstractContextManager[object] = field(default_factory=RLock, repr=False, compare=False)

    @property
    def tree(self) -> dict[str, Any]:
        return self.read.tree or {}

    def key(self, *path: str | int) -> str:
        """The key of a field's widget. That of an entry stays the same where other entries come, go or change places:
        who types in it, or has the keyboard on it, goes on."""
        return f"scheme-{self.draft.id}-{self.drawing}-{'.'.join(map(str, self.places.numbered(path)))}"

    def key_among(self, labels: Iterable[str], *path: str | int) -> str:
        """The key of a widget that chooses among `labels`, another one for other labels.

        Streamlit sends a choice as its label. A label that was reworded meanwhile would come back as a choice of
        nothing, so that what has other labels is another widget.
        """
        return f"{self.key(*path)}-{crc32(chr(0).join(labels).encode('utf-8', 'replace')):x}"

    def key_following(self, now: str, *path: str | int) -> str:
        """The key of a field that another field may change: another one once that was done.

        Streamlit would go on showing what was typed in it, and a browser that has not heard of the change yet would
        send the text of a moment ago.
        """
        key = self.key(*path)
        drawn, n = self.followed.get(key, (now, 0))
        if now != drawn and st.session_state.to_dict().get(f"{key}-{n}") != now:
            n += 1
        self.followed[key] = now, n
        return f"{key}-{n}"

    def key_of_choice(self, labels: Iterable[str], name: str) -> str:
        """The key of a widget that chooses what this page shows, among `labels`."""
        self.shown_choice[name] = self.key_among([*labels, str(self.anew.get(name, 0))], name)
        return self.shown_choice[name]

    def chosen_by(self, key: str, name: str) -> None:
        """A choice was made. Where another widget has taken the place of the one that it was made in, that one still
        stands on what was chosen before, and would say so with the next thing that the browser sends: draw a third."""
        if self.shown_choice.get(name) != key:
            self.anew[name] = self.anew.get(name, 0) + 1

    def value(self, *path: str | int, default: Any = "") -> Any:
        return scheme_draft.value_at(self.tree, path, default)

    def words(self, *path: str | int) -> str:
        """A text or number at a path; empty where there is something else."""
        found = self.value(*path)
        return str(found) if isinstance(found, str) else ""

    def entries(self, *path: str | int) -> list[dict[str, Any]]:
        return scheme_draft.entries_at(self.tree, path)

    def ids(self, part: str) -> dict[str, str]:
        """The labels of codes, ratings or scores by id."""
        return {str(e["id"]): str(e.get("label") or e["id"]) for e in self.entries(part) if e.get("id")}

    def is_settled(self, path: scheme_draft.Path) -> bool:
        """Whether a saved version knows the code, rating, score, modifier or answer at `path` by the id it has here."""
        ids = tuple(self.words(*path[:end], "id") for end in range(2, len(path) + 1, 2))
        renamed = self.value("from_version", "codes", default={})
        first = [earlier for earlier, now in renamed.items() if now == ids[0]] if isinstance(renamed, dict) else []
        codes = [ids[0], *(first if len(ids) > 1 else [])]
        return any((code, *ids[1:]) in self.settled for code in codes)

    # ---- changing -------------------------------------------------------------------------------

    def heard(
        self, key: str, path: Path, label: str, drawn: Any, take: Callable[[Path, Any], None]
    ) -> Callable[[], None]:
        """What a field does with a value that the browser sends: `take` it, with the place where it belongs now.

        A browser that has not heard of the last run yet sends the fields of the run before it once more, and Streamlit
        calls each of them. So what was `drawn` and comes back is no change; and what was written in a field just before
        its entry moved goes to where that stands now.
        """
        now, last = self._finder(path), drawn

        def changed() -> None:
            nonlocal last
            # Not `session_state[key]`: reading one key ends the run where the browser has sent more meanwhile, and
            # the next run takes this value for known. What was typed would be on the screen and nowhere else.
            value = st.session_state.to_dict().get(key, last)
            with self.lock:
                if value == last:
                    return
                last = value
                at = now()
                if at is None:
                    self.say = (f"{label} came too late, what it belongs to is gone. It was: {value}", True)
                else:
                    take(at, value)

        return changed

    def pressed(self, path: Path, act: Callable[[Path], None]) -> Callable[[], None]:
        """What a button of an entry does: `act`, with the place where the entry stands now. Nothing where it is gone:
        who presses twice has deleted one."""
        now = self._finder(path)

        def press() -> None:
            with self.lock:
                if (at := now()) is not None:
                    act(at)

        return press

    def edit(self, said: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> bool:
        """Change the tree; whether that was kept."""
        with self.lock:
            return self.read.tree is not None and self.put(scheme_draft.written(change(self.read.tree)), said)

    def add(self, said: str, at: Path, entry: dict[str, Any]) -> None:
        """Put an entry into a list, at a place of its own."""
        with self.lock:
            if self.edit(said, lambda tree: scheme_draft.with_entry(tree, *list_and_place(at), entry)):
                self.places.added(at)

    def move(self, said: str, at: Path, to: int) -> None:
        """Put an entry to another place of its list."""
        with self.lock:
            if self.edit(said, lambda tree: scheme_draft.with_entry_moved(tree, *list_and_place(at), to)):
                self.places.moved(at, to)

    def delete(self, said: str, at: Path) -> None:
        """Take an entry out of its list."""
        with self.lock:
            if self.edit(said, lambda tree: scheme_draft.without_entry(tree, *list_and_place(at))):
                self.places.gone(at)

    def put(self, text: str, said: str, *, anew: bool = False) -> bool:
        """Keep another text; whether that was done. `anew`: fields are drawn again, because they may stand for
        something else now."""
        person = current.actor()
        return person is not None and self._do(
            lambda: edit_scheme.change(current.workspace(), person, self.draft, text, said), anew=anew
        )

    def step(self, back: bool) -> None:
        """Take the last change back, or do it again."""
        person = current.actor()
        act = edit_scheme.undo if back else edit_scheme.redo
        if person is not None:
            self._do(lambda: act(current.workspace(), person, self.draft), anew=True)

    def take(self, draft: Draft, *, anew: bool) -> None:
        self.draft = draft
        self.read = edit_scheme.read(current.workspace(), draft)
        if anew:
            self.drawing += 1
            self.places = Places()

    def _do(self, act: Callable[[], Draft], *, anew: bool) -> bool:
        with self.lock:
            return self._done(act, anew=anew)

    def _done(self, act: Callable[[], Draft], *, anew: bool) -> bool:
        try:
            made = act()
        except Refused as refused:
            self.say = (" ".join([str(refused), *refused.problems]), True)
            return False
        except OSError:
            self.say = ("The server could not save this: its disk refused. Nothing was changed.", True)
            return False
        if made.parted_from:
            self.say = (
                "This draft was changed or discarded in another window. Nothing is lost: what you see here is now "
                "a draft of its own, and the other is under Schemes.",
                True,
            )
        self.take(made, anew=anew)
        return True

    def _finder(self, path: Path) -> Callable[[], Path | None]:
        """Finds later where that stands which stands at `path` now; None where it is gone."""
        with self.lock:
            drawing, numbered, ids = self.drawing, self.places.numbered(path), ids_along(self.tree, path)
        return lambda: self.places.place_of(numbered) if drawing == self.drawing else followed(self.tree, path, ids)


def held() -> Editing | None:
    """The draft that this page had open before."""
    found = st.session_state.get(_HELD)
    return found if isinstance(found, Editing) else None


def hold(draft: Draft) -> Editing:
    """Open a draft on this page."""
    before = held()
    workspace = current.workspace()
    base = None if draft.own else edit_scheme.base_of(workspace, draft)
    made = Editing(
        draft,
        edit_scheme.read(workspace, draft),
        settled=_ids_of(base) if base else frozenset(),
        drawing=before.drawing + 1 if before else 0,
    )
    made.part = "about" if made.read.tree is not None else "yaml"
    st.session_state[_HELD] = made
    return made


def _ids_of(scheme: CodingScheme) -> frozenset[tuple[str, ...]]:
    """The ids of codes, ratings and scores; those of modifiers and their answers stand after that of their code."""
    found = {(part.id,) for parts in (scheme.codes, scheme.ratings, scheme.scores) for part in parts}
    modifiers = [(code.id, modifier) for code in scheme.codes for modifier in code.modifiers]
    answers = {(code, modifier.id, option.id) for code, modifier in modifiers for option in modifier.options}
    return frozenset({*found, *((code, modifier.id) for code, modifier in modifiers), *answers})


def let_go() -> None:
    st.session_state.pop(_HELD, None)
