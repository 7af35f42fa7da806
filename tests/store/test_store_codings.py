"""What is kept beside the operations of a coding is what they add up to, however they arrive."""

from __future__ import annotations

import uuid
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.clinic import Clinic
from workbench.model.coding import Operation, OperationKind, fold
from workbench.store import assignments, codings
from workbench.workflows import assign

ADD, AMEND, VOID, RATE = OperationKind.ADD, OperationKind.AMEND, OperationKind.VOID, OperationKind.RATE

# (kind, which event or operation is meant, a time, what an amendment changes), and where batches end
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["add", "add again", "amend", "delete", "bring back", "void", "void", "rate", "repeat", "more", "align"]
        ),
        st.integers(0, 40),
        st.integers(0, 9000),
        st.sampled_from(["start_ms", "end_ms", "comment", "unsure", "modifiers", "who", "second_choice", "lag_ms"]),
        st.booleans(),
    ),
    max_size=40,
)


def history(steps: list[Any]) -> list[list[Operation]]:
    """Operations of one coding in batches; some refer to events and operations that are not there."""
    run = uuid.uuid4().hex[:12]
    said: list[Operation] = []
    batches: list[list[Operation]] = [[]]
    for number, (kind, pick, ms, changed, ends) in enumerate(steps):
        values: dict[str, Any] = {
            "start_ms": {"start_ms": ms},
            "end_ms": {"end_ms": None if pick % 3 == 0 else ms},
            "comment": {"comment": f"said {ms}"},
            "unsure": {"unsure": bool(ms % 2)},
            "modifiers": {"modifiers": [f"m{ms % 3}"]},
            "who": {"who": "patient", "whom": ["", "family-2"][ms % 2], "unit": f"u{ms}"},
            "second_choice": {"second_choice": "repair", "question": f"is it {ms}?"},
            "lag_ms": {"lag_ms": ms},
        }[changed]
        ident, event = f"{run}-{number}", f"{run}-event-{pick % 6}"
        if kind == "add":
            event = f"{run}-event-new-{number}" if any(o.event == event and o.kind is ADD for o in said) else event
        if kind in ("add", "add again"):
            op = Operation(ident, ADD, 0, event=event, code="repair", start_ms=ms, end_ms=None, values={})
        elif kind in ("amend", "delete", "bring back"):
            values = values if kind == "amend" else {"deleted": kind == "delete"}
            op = Operation(ident, AMEND, 0, event=event, values=values)
        elif kind == "rate":
            scale = {"scale": f"scale{pick % 3}", "segment": pick % 2}
            scale |= [{}, {"person": "patient"}, {"person": f"family-{pick % 2}"}][ms % 3]
            op = Operation(
                ident, RATE, 0, values=scale | {"value": None if ms % 4 == 0 else ms % 5, "no_evidence": False}
            )
        elif kind == "more":
            op = Operation(ident, *more(pick, ms, event))
        elif kind == "align":
            op = Operation(ident, OperationKind.ALIGN, 0, values={"shift_ms": ms - 4500})
        elif kind == "void" or not said:
            op = Operation(ident, VOID, 0, target=f"{run}-{pick}")
        else:
            op = said[pick % len(said)]
        said.append(op)
        batches[-1].append(op)
        if ends:
            batches.append([])
    return batches


def more(pick: int, ms: int, event: str) -> Any:
    """The rest of an operation that says something beside events and ratings."""
    kind, values = [
        (OperationKind.LINK, {"scale": "bond", "segment": pick % 2, "event": event, "linked": ms % 3 > 0}),
        (OperationKind.LINK, {"scale": "bond", "segment": 0, "person": "family-1", "unit": f"u{pick}"}),
        (OperationKind.NOTE, {"note": f"note-{pick % 3}", "at_ms": ms, "text": "" if ms % 4 == 0 else f"noted {ms}"}),
        (OperationKind.BOUNDARY, {"unit": f"u{pick % 4}", "starts": ms % 2 == 0}),
        (
            OperationKind.REASON,
            {"rule": "rule", "segment": pick % 2, "person": ["", "patient"][pick % 2], "reason": f"because {ms}"},
        ),
        (OperationKind.FINISH, {"pass": "listen", "done": ms % 2 == 0}),
        (OperationKind.CLOCK, {"origin_at": ms, "stopped_ms": None if ms % 2 else ms}),
    ][ms % 7]
    return kind, 0, None, None, None, None, None, values


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_the_current_tables_say_what_the_whole_history_says(clinic: Clinic, steps: list[Any]) -> None:
    with clinic.workspace.reading() as connection:
        there = assignments.every(connection, session_id=clinic.session.id)
    made = (
        there[0]
        if there
        else assign.assign(clinic.workspace, None, clinic.session.id, clinic.observer.id, clinic.scheme.hash)
    )

    class Undone(Exception):
        """Each history begins with an empty coding."""

    try:
        with clinic.workspace.changing(None, "test", "coding") as connection:
            coding = codings.get(connection, codings.start(connection, made.id))
            assert coding is not None
            for batch in history(steps):
                codings.append(connection, coding, batch)
                expected = fold(o for _, o in codings.operations(connection, coding.id))
                assert codings.content(connection, coding.id) == expected
            raise Undone
    except Undone:
        pass
