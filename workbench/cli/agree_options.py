"""The options of `workbench agree`, as the help and docs/commands.md have them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

File = Annotated[Path | None, typer.Argument(metavar="FILE", help="A CSV of values, of timed events or of ratings.")]
Unit = Annotated[
    list[str] | None,
    typer.Option("--unit", metavar="COLUMN", help="Values: the column of the unit (unit); several with commas."),
]
Rater = Annotated[
    str | None, typer.Option("--rater", metavar="COLUMN", help="The column of the rater (rater); none in a wide table.")
]
Raters = Annotated[
    str | None, typer.Option("--raters", metavar="A,B", help="Values: the columns of the raters of a wide table.")
]
Value = Annotated[
    str | None, typer.Option("--value", metavar="COLUMN", help="Values: the column of the value (value).")
]
Level = Annotated[
    str | None,
    typer.Option(
        "--level",
        metavar="LEVEL",
        help="Values: nominal, ordinal, interval or ratio (nominal); ratings: interval or ordinal.",
    ),
]
Categories = Annotated[
    str | None, typer.Option("--categories", metavar="A,B,C", help="Values: all there can be; ordinal: in order.")
]
Missing = Annotated[
    str | None,
    typer.Option(
        "--missing",
        metavar="A,B",
        help="Values: texts that stand for none (NA,N/A,NaN,nan,.); an empty cell always does.",
    ),
]
Session = Annotated[
    str | None, typer.Option("--session", metavar="COLUMN", help="The column of the session (events: session).")
]
Group = Annotated[str | None, typer.Option("--group", metavar="COLUMN", help="Values: the column of the unit's dyad.")]
Date = Annotated[
    str | None, typer.Option("--date", metavar="COLUMN", help="Values: the column of the day of the coding.")
]
Criterion = Annotated[
    str | None, typer.Option("--criterion", metavar="RATER", help="Values: whom the others are held against.")
]
Weights = Annotated[
    Path | None,
    typer.Option("--weights", metavar="FILE", help="Values: a CSV of weights, the codes in its header and column."),
]
Instrument = Annotated[
    str | None,
    typer.Option(
        "--instrument",
        metavar="NAME",
        help="Ratings: scores of an instrument or scheme, by its name or its YAML file, not single scales.",
    ),
]
Code = Annotated[str | None, typer.Option("--code", metavar="COLUMN", help="Events: the column of the code (code).")]
Start = Annotated[
    str | None, typer.Option("--start", metavar="COLUMN", help="Events: the column of the start (start_ms).")
]
End = Annotated[str | None, typer.Option("--end", metavar="COLUMN", help="Events: the column of the end (end_ms).")]
Window = Annotated[
    str | None, typer.Option("--window", metavar="START,END", help="Events: the observation window of every session.")
]
Utterances = Annotated[
    Path | None,
    typer.Option("--utterances", metavar="FILE", help="Events: compare on these utterances instead of bins."),
]
Way = Annotated[
    str | None,
    typer.Option(
        "--way",
        metavar="WAY",
        help="Events: bins, utterances, time_units, linked, sequence, aligned, continua, totals; of a "
        "study also ratings, instrument; that of the coefficient if left out.",
    ),
]
Bin = Annotated[
    float | None,
    typer.Option("--bin", metavar="WIDTH", help="Events: the width of time bins (5000 ms; of a study the scheme's)."),
]
Tolerance = Annotated[
    float | None, typer.Option("--tolerance", metavar="TIME", help="Events so far apart are the same moment (0).")
]
Overlap = Annotated[
    float | None, typer.Option("--overlap", metavar="SHARE", help="Events: of the longer one that links two (0.6).")
]
Compare = Annotated[
    str | None,
    typer.Option("--compare", metavar="A+B", help="Events: code, modifiers, modifiers:SET, who, whom (code)."),
]
Measure = Annotated[
    str | None,
    typer.Option(
        "--measure",
        metavar="NAME",
        help="Events: totals of sessions: per_minute of what was observed, count, share of the time, "
        "seconds (per_minute).",
    ),
]
TimeUnit = Annotated[
    str | None, typer.Option("--time-unit", metavar="UNIT", help="Events: ms or s, for columns and options alike (ms).")
]
Study = Annotated[
    str | None, typer.Option("--study", metavar="NAME", help="Instead of a FILE: a study of the workspace.")
]
Scheme = Annotated[
    str | None,
    typer.Option(
        "--scheme", metavar="NAME", help="Of a study coded on several schemes: which one (the most used one)."
    ),
]
WithEarlier = Annotated[
    bool,
    typer.Option(
        "--with-earlier", help="With --study: codings on earlier versions of the scheme too, read in terms of this one."
    ),
]
By = Annotated[
    str | None,
    typer.Option("--by", metavar="PART", help="Of each pair, each rater against the others, or each session."),
]
