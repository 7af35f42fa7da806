"""Reading rulings: all of a scheme, what is new to a rater, one with its clip, and those that a codebook prints.

The words of a ruling are for everybody who codes. Where its case is from (session and times) is for those who may
play the clip: not for who still codes that session, and nowhere without consent to training. Its example may hold a
patient's words: it is kept from those who still code a session that any version of the ruling had its clip from, from
who neither codes nor supervises, and from everybody where that session may not be used for training any more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain

from workbench.model.access import Action, Resource, SessionFacts, authorize
from workbench.model.consent import Scope
from workbench.model.ids import now_ms
from workbench.model.people import Person, Role
from workbench.model.ruling import CodebookRuling, Ruling
from workbench.model.scheme import CodingScheme
from workbench.model.session import Recording
from workbench.model.span import clock
from workbench.model.taken_out import Why
from workbench.store import people, recordings, rulings, sessions
from workbench.store.workspace import Workspace
from workbench.workflows.keep_definition import earlier_versions
from workbench.workflows.open_recording import admit
from workbench.workflows.refusal import Refused, demand, session_resource


class Change(StrEnum):
    """What is new to a person about a ruling."""

    NONE = ""
    NEW = "new"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class Withheld(StrEnum):
    """Why a person is not shown a ruling's example; empty where they are."""

    NO = ""
    CODING = "coding"  # they still code a session that it is from
    CONSENT = "consent"  # a session that it is from may not be used for training
    ROLE = "role"  # they neither code nor supervise


@dataclass(frozen=True, slots=True)
class RulingShown:
    """A ruling as one person is shown it; `author` is for those who make rulings.

    Without the right to its clip, `ruling.clip` is None and `where` empty. Where its example is `withheld`,
    `ruling.example` is empty. `sessions`: whatever any version of it had a clip of. `taken_out`: up to this version,
    when words were taken out of the ruling and why, and for those who may know authors, by whom.
    """

    ruling: Ruling
    label: str
    where: str = ""
    author: str = ""
    change: Change = Change.NONE
    withheld: Withheld = Withheld.NO
    sessions: frozenset[str] = frozenset()
    taken_out: tuple[TakenOut, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenOut:
    """That words were taken out of a ruling at an instant (UTC milliseconds); `by` is empty for who may not know."""

    at: int
    why: Why
    by: str = ""


def rulings_of(workspace: Workspace, actor: Person, scheme: CodingScheme) -> list[RulingShown]:
    """Every ruling of the scheme (of its name), the latest decision first, withdrawn ones too. Raises Refused."""
    demand(workspace, actor, Action.READ_RULINGS)
    with workspace.reading() as connection:
        found = rulings.newest(connection, scheme.name)
        seen = rulings.seen(connection, actor.id)
    return _shown(workspace, actor, scheme, [(r, _change(r, seen)) for r in found])


def news(workspace: Workspace, actor: Person, scheme: CodingScheme) -> list[RulingShown]:
    """What this person has not taken note of yet: new and corrected rulings of what is in this version of the scheme,
    and withdrawn ones that they knew."""
    return [s for s in rulings_of(workspace, actor, scheme) if s.change and concerns(s.ruling, scheme)]


def history(workspace: Workspace, actor: Person, scheme: CodingScheme, ruling_id: str) -> list[RulingShown]:
    """Every version of one ruling, the newest first. Raises Refused."""
    demand(workspace, actor, Action.READ_RULINGS)
    with workspace.reading() as connection:
        found = rulings.versions(connection, ruling_id)
    return _shown(workspace, actor, scheme, [(r, Change.NONE) for r in reversed(found)])


def take_note(workspace: Workspace, actor: Person, read: Iterable[tuple[str, int]]) -> None:
    """This person has read these versions, given as (id, version). Raises Refused when one does not exist."""
    demand(workspace, actor, Action.READ_RULINGS)
    asked = sorted(set(read))
    detail = {"rulings": [f"{ident} {version}" for ident, version in asked]}
    with workspace.changing(actor.id, "ruling.seen", "workspace", None, detail) as connection:
        for ident, version in asked:
            if version not in {r.version for r in rulings.versions(connection, ident)}:
                raise Refused("There is no such ruling.", kind="missing")
            rulings.note_seen(connection, actor.id, ident, version, now_ms())


def clip_of(workspace: Workspace, actor: Person, ruling_id: str, version: int) -> tuple[Ruling, Recording]:
    """The ruling and the recording that its clip is in, after it was noted that this person plays it.

    Raises Refused."""
    demand(workspace, actor, Action.READ_RULINGS)
    with workspace.reading() as connection:
        found = next((r for r in rulings.versions(connection, ruling_id) if r.version == version), None)
    if found is None or found.clip is None:
        raise Refused("There is no such clip.", kind="missing")
    demand(workspace, actor, Action.PLAY_CLIP, session_resource(workspace, found.clip.session_id))
    with workspace.reading() as connection:
        media = recordings.of_session(connection, found.clip.session_id)
    if not media:
        raise Refused("The recording of this clip is not here any more.", kind="missing")
    return found, admit(workspace, actor, media[0].id, "clip")


def every_version(workspace: Workspace, actor: Person, scheme: CodingScheme) -> list[RulingShown]:
    """Every version of every ruling of the scheme, on the ids that it was written on: for an export. Raises Refused."""
    demand(workspace, actor, Action.READ_RULINGS)
    with workspace.reading() as connection:
        found = rulings.every(connection, [scheme.name])
    return _shown(workspace, actor, scheme, [(r, Change.NONE) for r in found], as_written=True)


def why_no_clip(workspace: Workspace, actor: Person, session_id: str) -> str:
    """Why this person may take no clip of a session for a ruling; empty where they may."""
    return authorize(actor, Action.TAKE_CLIP, session_resource(workspace, session_id)).reason


def codebook_rulings(workspace: Workspace, actor: Person, scheme: CodingScheme) -> tuple[CodebookRuling, ...]:
    """What a codebook of this scheme prints: the rulings that hold for what is in it, the latest first.

    A codebook is passed on, so the case is named only where nobody has to code that session any more.
    """
    held = [s for s in rulings_of(workspace, actor, scheme) if concerns(s.ruling, scheme) and not s.ruling.withdrawn]
    with workspace.reading() as connection:
        facts = sessions.facts_of(connection, {session for s in held for session in s.sessions})

    def printed(shown: RulingShown) -> CodebookRuling:
        ruling = shown.ruling
        made = CodebookRuling(ruling.code, ruling.decided_on, ruling.question, ruling.decision, rating=ruling.rating)
        if any(session in facts and facts[session].unfinished for session in shown.sessions):
            return made
        return replace(made, place=f"session {shown.where}" if shown.where else "", example=ruling.example)

    return tuple(printed(s) for s in held)


def says(shown: RulingShown, text: str) -> bool:
    """Whether a ruling says all words of `text`, in whatever order and letter case."""
    ruling = shown.ruling
    words = (shown.label, str(ruling.decided_on), ruling.question, ruling.decision, ruling.example, shown.where)
    held = " ".join((*words, ruling.withdrawn)).casefold()
    return all(word in held for word in text.casefold().split())


def concerns(ruling: Ruling, scheme: CodingScheme) -> bool:
    """Whether this version of the scheme has the code or rating that a ruling is on."""
    return ruling.code in {entry.id for entry in (scheme.ratings if ruling.rating else scheme.codes)}


def _in_terms_of(ruling: Ruling, versions: Sequence[CodingScheme]) -> Ruling:
    """The ruling on what its code is called in the first of `versions`, each of which was made from the one after it.

    Its id is that of the nearest version that has it. Without a counterpart it stays as it is."""
    at = next((n for n, version in enumerate(versions) if concerns(ruling, version)), len(versions))
    now = ruling.code
    for version in reversed(versions[:at]):
        if version.earlier is not None:
            became = version.earlier.ratings if ruling.rating else version.earlier.codes
            if (later := became.get(now, now)) is None:
                return ruling
            now = later
    found = replace(ruling, code=now)
    return found if concerns(found, versions[0]) else ruling


def _change(ruling: Ruling, seen: Mapping[str, int]) -> Change:
    known = seen.get(ruling.id, 0)
    if known >= ruling.version or (ruling.withdrawn and not known):
        return Change.NONE
    if ruling.withdrawn:
        return Change.WITHDRAWN
    return Change.CORRECTED if known else Change.NEW


def _shown(
    workspace: Workspace,
    actor: Person,
    scheme: CodingScheme,
    found: list[tuple[Ruling, Change]],
    *,
    as_written: bool = False,
) -> list[RulingShown]:
    with workspace.reading() as connection:
        clips = rulings.clip_sessions(connection, {r.id for r, _ in found})
        facts = sessions.facts_of(connection, {session for ids in clips.values() for session in ids})
        codes = {s.id: s.code for s in sessions.sessions(connection, ids=facts)} if facts else {}
        gone = rulings.taken_out(connection, {r.id for r, _ in found})
        knows = authorize(actor, Action.MAKE_RULING) or authorize(actor, Action.TAKE_OUT_WORDS)
        writers = {r.written_by for r in (*(r for r, _ in found), *chain(*gone.values()))} if knows else set()
        authors = {ident: people.get(connection, ident).display_name for ident in writers}
    versions = [scheme, *(() if as_written else earlier_versions(workspace, scheme))]
    labels = {(c.id, False): c.label for c in scheme.codes} | {(r.id, True): r.label for r in scheme.ratings}

    def one(ruling: Ruling, change: Change) -> RulingShown:
        ruling = ruling if as_written else _in_terms_of(ruling, versions)
        label = labels.get((ruling.code, ruling.rating), ruling.code)
        from_here = clips.get(ruling.id, frozenset())
        withheld = _withheld(actor, from_here, facts) if ruling.example else Withheld.NO
        where, clip = "", ruling.clip
        if clip is not None and authorize(actor, Action.PLAY_CLIP, Resource(session=facts.get(clip.session_id))):
            where = f"{codes[clip.session_id]}, {clock(clip.span.start_ms)}–{clock(clip.span.end_ms)}"
        shown = replace(ruling, clip=clip if where else None, example="" if withheld else ruling.example)
        taken_out = tuple(
            TakenOut(g.written_at, Why(g.taken_out), authors.get(g.written_by, ""))
            for g in gone.get(ruling.id, ())
            if g.version <= ruling.version
        )
        return RulingShown(
            shown, label, where, authors.get(ruling.written_by, ""), change, withheld, from_here, taken_out
        )

    return [one(ruling, change) for ruling, change in found]


def _withheld(actor: Person, from_here: frozenset[str], facts: Mapping[str, SessionFacts]) -> Withheld:
    if any(session not in facts or Scope.SUPERVISE not in facts[session].consented for session in from_here):
        return Withheld.CONSENT
    if not actor.has(Role.OBSERVER, Role.SUPERVISOR, Role.RESEARCHER):
        return Withheld.ROLE
    return Withheld.CODING if any(actor.raters & facts[session].unfinished for session in from_here) else Withheld.NO
