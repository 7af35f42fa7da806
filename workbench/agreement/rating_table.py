"""Ratings in a CSV: a study in, as `ratings_frame` writes it.

Every problem of a file is found before complaining: InputProblems holds one sentence for each, with
its row (the header is row 1).
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from workbench.agreement.csv_rows import number_in, read_rows
from workbench.agreement.facts import CodingFacts
from workbench.agreement.problems import InputProblems, in_order
from workbench.agreement.study import RaterCoding, Study
from workbench.model.coding import Place, Rating


def ratings_from_csv(path: str | Path) -> Study:
    """A study from a CSV with the columns session, rater, scale, value and, if there are several, segment and person.

    An empty value says "no evidence"; a scale that was not rated has no row. Columns dyad and coded_at may
    say whose session it is and when the rater handed it in. Raises InputProblems: missing columns, values
    and segments that are no numbers, a scale rated twice by one rater, a session of two dyads.
    """
    problems: list[str] = []
    rows = read_rows(path, problems)
    rows.require(["session", "rater", "scale", "value"], problems)
    facts = CodingFacts()
    found: dict[tuple[str, str], dict[Place, Rating]] = {}
    for number, row in rows.numbered():
        if absent := [c for c in ("session", "rater", "scale") if not row[c]]:
            problems.append(f"row {number}: no {' and no '.join(absent)}")
            continue
        who = (row["session"], row["rater"])
        problems += [f"row {number}: {said}" for said in facts.read(who, row)]
        of_coding = found.setdefault(who, {})
        segment = row.get("segment") or "0"
        if not (
            whole := re.fullmatch(r"(\d{1,9})(\.0+)?", segment)
        ):  # 1.0: written by a program, for a column with a gap
            problems.append(f"row {number}: column segment holds {segment!r}, expected a whole number from 0 on")
            continue
        value = number_in(row["value"])
        if row["value"] and (value is None or not math.isfinite(value)):
            problems.append(f"row {number}: column value holds {row['value']!r}, expected a number")
            continue
        place = Place(row["scale"], int(whole[1]), row.get("person") or "")
        if place in of_coding:
            whose = place.person or "this session"
            problems.append(f"row {number}: rater {row['rater']} rated {row['scale']} of {whose} a second time")
        of_coding[place] = Rating(place.scale, place.segment, value, value is None, place.person)
    if problems:
        raise InputProblems(in_order(problems))
    return Study(
        tuple(RaterCoding(*who, ratings=tuple(given.values()), **facts.of(who)) for who, given in sorted(found.items()))
    )
