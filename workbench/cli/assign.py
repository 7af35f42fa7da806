"""`workbench assign`: who codes which session, and which stretch of it."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import call
from workbench.cli.reading import instant, moment, names
from workbench.cli.showing import as_json, say
from workbench.model.assignment import Purpose

if TYPE_CHECKING:
    from workbench.model.observation_window import WindowChosen
    from workbench.model.scheme import CodingScheme
    from workbench.model.session import Recording
    from workbench.workflows.open_workspace import Workspace

_DAY_MS = 86_400_000
_SEEDS = 10_000


def register(app: typer.Typer) -> None:
    app.command("assign")(assign)


def assign(
    ctx: typer.Context,
    session: Annotated[str, typer.Option("--session", metavar="CODE", help="The session to be coded.")],
    rater: Annotated[
        list[str], typer.Option("--rater", metavar="LOGIN", help="Who codes it, people or teams; several with commas.")
    ],
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="NAME|FILE", help="A coding scheme by name, or a YAML file.")
    ] = "alliance_behaviours",
    start: Annotated[
        str | None, typer.Option("--from", metavar="TIME", help="Where the observation window begins.")
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", metavar="TIME", help="Where it ends; the recording's end if left out.")
    ] = None,
    window: Annotated[
        list[str] | None,
        typer.Option("--window", metavar="TIME-TIME", help="A stretch of it, as 4:00-9:00; several with commas."),
    ] = None,
    middle: Annotated[
        str | None, typer.Option("--middle", metavar="LENGTH", help="One stretch of this length from the middle.")
    ] = None,
    slices: Annotated[int | None, typer.Option("--slices", metavar="N", help="This many slices of --each.")] = None,
    each: Annotated[str, typer.Option("--each", metavar="LENGTH", help="How long a slice is.")] = "5:00",
    at_random: Annotated[
        bool, typer.Option("--at-random", help="Slices at random places instead of even distances.")
    ] = False,
    seed: Annotated[
        int | None,
        typer.Option("--seed", metavar="N", help="Draws the same places again; printed and kept if left out."),
    ] = None,
    live: Annotated[
        bool, typer.Option("--live", help="Coded while it happens, by the clock: there is no recording yet.")
    ] = False,
    purpose: Annotated[Purpose, typer.Option("--purpose", help="What the coding is for.")] = Purpose.STUDY,
    due: Annotated[
        str | None, typer.Option("--due", metavar="DAY", help="By the end of this day (2026-03-01).")
    ] = None,
    json: call.Json = False,
) -> None:
    """Assign a session to raters, all of them or none.

    The observation window is what is to be coded, the same for all of them: everything, one stretch
    (--from, --to or --middle), several (--window), or slices at even distances or drawn places. Times
    are seconds, 1:30 or 1:02:03.

    \b
    Example: workbench assign --session S001 --rater ada,bo --slices 2 --each 5:00 --at-random --due 2026-04-01
    Writes:  one assignment for each rater, on the newest transcript and this version of the scheme.
    """
    from workbench.workflows import add_session, manage_people
    from workbench.workflows import assign as work
    from workbench.workflows.refusal import Refused

    _one_way(
        {
            "--from/--to": start is not None or end is not None,
            "--window": bool(window),
            "--middle": middle is not None,
            "--slices": slices is not None,
            "--live": live,
        }
    )
    if slices is None and (at_random or seed is not None):
        raise typer.BadParameter("drawn places need --slices", param_hint="--at-random")
    chosen_call = call.of(ctx)
    due_at = instant(due, chosen_call.settings().site_zone, "--due") if due else None
    if due_at is not None and due is not None and len(due) == len("2026-03-01"):
        due_at += _DAY_MS - 1
    with chosen_call.open() as workspace:
        of = add_session.find_session(workspace, session)
        people = [manage_people.find_person(workspace, login) for login in names(rater)]
        media = add_session.recordings_of(workspace, of.id)
        if not media and not live:
            raise Refused(
                f"Session {session} has no recording yet: workbench intake FILE --session {session}, or --live to "
                "have it coded while it happens."
            )
        try:
            places = (slices, each, at_random, seed)
            chosen = None if live else _window(media[0], (start, end), window or [], middle, places)
        except ValueError as error:
            raise Refused(str(error)) from None
        kept = _scheme(workspace, scheme)
        made = work.assign_raters(
            workspace,
            None,
            of.id,
            [p.id for p in people],
            kept.hash,
            chosen or (),
            purpose=purpose,
            due_at=due_at,
            live=live,
        )
    given = {p.id: p.login_name for p in people}
    if json:
        as_json(
            [
                {
                    "id": a.id,
                    "session": session,
                    "rater": given[a.rater_id],
                    "windows": None if live else [[w.start_ms, w.end_ms] for w in a.windows],
                    "rule": a.window_rule,
                    "seed": chosen.seed if chosen else None,
                    "live": a.live,
                    "due_at": a.due_at,
                }
                for a in made
            ]
        )
        return
    say(f"Session {session} is assigned to {', '.join(given.values())} on {kept.name} {kept.version}.")
    if live:
        say("They code it while it happens: a clock opens in the coding room.")
    elif chosen is not None:
        from workbench.model.observation_window import said

        say(f"Observed: {said(chosen.windows)} ({chosen.rule}).")


def _one_way(given: dict[str, bool]) -> None:
    ways = [name for name, used in given.items() if used]
    if len(ways) > 1:
        raise typer.BadParameter(f"{' and '.join(ways)} are two ways to say what is observed", param_hint=ways[1])


def _window(
    recording: Recording,
    edges: tuple[str | None, str | None],
    window: list[str],
    middle: str | None,
    places: tuple[int | None, str, bool, int | None],
) -> WindowChosen:
    """The observation window that the options ask for. Raises ValueError."""
    from workbench.model import observation_window as windows
    from workbench.model.span import TimeSpan

    duration_ms, (start, end), (slices, each, at_random, seed) = recording.duration_ms, edges, places
    if window:
        return windows.stretches(windows.read_stretches(",".join(window), duration_ms), duration_ms)
    if middle is not None:
        return windows.from_the_middle(duration_ms, moment(middle, "--middle"))
    if slices is not None:
        length_ms = moment(each, "--each")
        if not at_random and seed is None:
            return windows.evenly(duration_ms, slices, length_ms)
        drawn = secrets.randbelow(_SEEDS) if seed is None else seed
        return windows.at_random(duration_ms, slices, length_ms, drawn)
    if start is None and end is None:
        return windows.whole(duration_ms)
    first = moment(start or "0", "--from")
    last = moment(end, "--to") if end is not None else duration_ms
    if last <= first:
        raise typer.BadParameter("the window ends before it begins", param_hint="--to")
    return windows.stretches([TimeSpan(first, last)], duration_ms)


def _scheme(workspace: Workspace, wanted: str) -> CodingScheme:
    """The scheme of that name, the highest version that is in use, else the shipped one; or the scheme in a file."""
    from workbench import schemes
    from workbench.workflows import keep_definition
    from workbench.workflows.refusal import Refused

    if Path(wanted).suffix in (".yaml", ".yml"):
        return keep_definition.keep_scheme_file(workspace, None, Path(wanted))
    if used := keep_definition.newest_version(workspace, wanted):
        return used
    shipped = schemes.shipped_schemes()
    if wanted not in shipped:
        there = dict.fromkeys([*(s.name for s in keep_definition.kept_schemes(workspace)), *shipped])
        raise Refused(f"There is no coding scheme {wanted!r}; there are: {', '.join(there)}, or a YAML file.")
    return keep_definition.keep_scheme(workspace, None, shipped[wanted])
