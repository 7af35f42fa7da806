"""Operations and what they add up to; the same sample the coding component is tested on."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from workbench.model.coding import Event, Operation, OperationKind, effective, fold

ADD, AMEND, VOID, RATE = OperationKind.ADD, OperationKind.AMEND, OperationKind.VOID, OperationKind.RATE


def op(ident: str, kind: OperationKind, **fields: Any) -> Operation:
    return Operation(ident, kind, client_at=0, **fields)


def added(ident: str, event: str, start: int = 0, end: int | None = None) -> Operation:
    return op(ident, ADD, event=event, code="repair", start_ms=start, end_ms=end)


def test_undo_and_redo_are_voids() -> None:
    history = [added("1", "e"), op("2", AMEND, event="e", values={"end_ms": 900}), op("3", VOID, target="2")]
    assert fold(history).events == (Event("e", "repair", 0),)
    history.append(op("4", VOID, target="3"))
    assert fold(history).events == (Event("e", "repair", 0, 900),)
    history.append(op("5", VOID, target="1"))
    assert fold(history).events == ()


def test_deleting_is_an_amendment_that_can_be_undone() -> None:
    history = [added("1", "e"), op("2", AMEND, event="e", values={"deleted": True})]
    assert fold(history).events == ()
    assert len(fold([*history, op("3", VOID, target="2")]).events) == 1


def test_the_last_rating_counts_and_undo_brings_back_the_one_before() -> None:
    first = op("1", RATE, values={"scale": "bond", "segment": 0, "value": 3})
    second = op("2", RATE, values={"scale": "bond", "segment": 0, "value": 6})
    assert [r.value for r in fold([first, second]).ratings] == [6]
    assert [r.value for r in fold([first, second, op("3", VOID, target="2")]).ratings] == [3]


histories = st.lists(
    st.tuples(st.sampled_from(["add", "amend", "void"]), st.integers(0, 30), st.integers(0, 1000)), max_size=40
)


@given(histories)
def test_void_of_a_void_restores_whatever_the_history(raw: list[tuple[str, int, int]]) -> None:
    history: list[Operation] = []
    for i, (kind, pick, ms) in enumerate(raw):
        target = history[pick % len(history)] if history else None
        if kind == "add" or target is None:
            history.append(added(f"o{i}", f"e{i}", ms))
        elif kind == "amend" and target.event:
            history.append(op(f"o{i}", AMEND, event=target.event, values={"start_ms": ms}))
        else:
            history.append(op(f"o{i}", VOID, target=target.id))
    before = fold(history)
    if history:
        undone = [*history, op("u", VOID, target=history[-1].id)]
        assert history[-1].id not in {o.id for o in effective(undone)}
        assert fold([*undone, op("r", VOID, target="u")]) == before
