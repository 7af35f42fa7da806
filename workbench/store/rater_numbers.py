"""The numbers that stand for a study's raters in what leaves the house: each is drawn once, and then kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection

from sqlalchemy import Connection, delete, insert, select

from workbench.model.assignment import Purpose
from workbench.model.coding import CodingState
from workbench.store.among import among
from workbench.store.tables import assignment, coding, session, workspace


def numbers(connection: Connection, study_ids: Collection[str], lot: Callable[[str], bytes]) -> dict[str, int]:
    """The number of each rater of a study (of several that are compared together), by person id, from 1 on.

    Raters are those who handed in a coding for the study, whoever asks and whatever is compared. Who has no number
    yet gets one of the next, in the order of their `lot`s. A number stays with its rater, also when others join or a
    coding is handed back. Needs a connection that may write.
    """
    key = f"rater numbers: {' '.join(sorted(study_ids))}"
    kept = connection.execute(select(workspace.c.value).where(workspace.c.key == key)).scalar_one_or_none()
    known: list[str] = json.loads(kept) if kept else []
    raters = (
        select(assignment.c.rater_id)
        .join(session, session.c.id == assignment.c.session_id)
        .join(coding, coding.c.assignment_id == assignment.c.id)
        .where(
            among(session.c.study_id, study_ids),
            assignment.c.purpose == Purpose.STUDY.value,
            coding.c.state != CodingState.DRAFT.value,
        )
        .distinct()
    )
    new = set(connection.execute(raters).scalars()) - set(known)
    if new:
        known += sorted(new, key=lot)
        connection.execute(delete(workspace).where(workspace.c.key == key))
        connection.execute(insert(workspace).values(key=key, value=json.dumps(known)))
    return {person_id: n for n, person_id in enumerate(known, 1)}
