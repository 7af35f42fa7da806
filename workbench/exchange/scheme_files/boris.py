"""BORIS's project (`.boris`, JSON, format 7.0): its ethogram as a coding scheme, and back.

After its source (config.py, project_functions.py and add_modifier.py of BORIS 9): `behaviors_conf` holds behaviours
by number with `type` ("Point event", "State event"), `key`, `code`, `description`, `color`, `category`, `excluded`
(the codes of states that end when this begins, with commas) and `modifiers` (sets by number; `type` 0 one of a list,
1 several, 2 a number, 3 from a data file; a value can end in its key: `calm (c)`). Before format 4 modifiers were text.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from itertools import combinations
from pathlib import Path
from typing import Any

from workbench.exchange.formats import FormatError
from workbench.exchange.scheme_files import LARGEST, NO_DEFINITION, Brought, SchemeFormat, Written
from workbench.exchange.scheme_files._boris_modifiers import modifiers_of, set_of
from workbench.exchange.scheme_files._boris_ratings import VARIABLES, ratings_of, variables_of
from workbench.exchange.scheme_files._boris_values import in_order, word
from workbench.exchange.scheme_files._making import Making, ident_of, idents, language_of, named
from workbench.exchange.scheme_files._said import VALENCE, code_in_words, one_line, split
from workbench.model.scheme import Code, CodeKind, CodingScheme, Each

VERSION = "7.0"
_STATE, _POINT = "State event", "Point event"
_PEOPLE = ("patient", "provider", "family")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_DEFAULT_COLOUR = "#5b6b7f"


def read(data: bytes, name: str) -> Brought:
    """The scheme of a project's ethogram. Raises FormatError with every problem, one a line."""
    project = _project(data)
    rows = _behaviours(project)
    making = Making()
    _about_version(project, making)
    title = word(project.get("project_name")) or Path(name).name.split(".")[0].replace("_", " ")
    subjects = _names(project.get("subjects_conf"))
    ask = ("who",) if len(subjects) > 1 and not set(subjects) <= set(_PEOPLE) else ()
    codes = _codes(rows, ask, making)
    ratings = ratings_of(project.get(VARIABLES), making)
    making.defined(codes, ratings)
    if ask:
        making.note(
            f"BORIS notes the subject of each event ({named(subjects)}); here each code asks who. "
            "People come with a session."
        )
    if isinstance(observations := project.get("observations"), dict) and observations:
        making.note(f"Only the ethogram is read, not the {len(observations)} observations.")
    description = making.paragraph(word(project.get("project_description")), "the project")
    if not description:
        description = f"From the BORIS project {making.label(name, set())}."
    making.note("The file names no version, authors or rights: version 1.0 is ours.")
    language = language_of(f"{c.label} {c.definition}" for c in codes)
    return Brought(making.scheme(title, description, codes, ratings, language=language), tuple(making.notes))


def write(scheme: CodingScheme) -> Written:
    """A project with the scheme as its ethogram and no observations. Raises FormatError where there are no codes."""
    if not scheme.codes:
        raise FormatError("a BORIS project holds codes, and this scheme has none")
    behaviours = [_behaviour(code, scheme) for code in scheme.codes]
    dimensions = list(dict.fromkeys(code.dimension for code in scheme.codes if code.dimension))
    project = {
        "time_format": "hh:mm:ss",
        "project_date": "",
        "project_name": scheme.title,
        "project_description": scheme.description,
        "project_format_version": VERSION,
        "subjects_conf": {
            str(n): {"key": "", "name": kind, "description": ""} for n, kind in enumerate(_people(scheme))
        },
        "behaviors_conf": {str(n): row for n, row in enumerate(behaviours)},
        "observations": {},
        "behavioral_categories": dimensions,
        "behavioral_categories_config": {str(n): {"name": each, "color": ""} for n, each in enumerate(dimensions)},
        VARIABLES: variables_of(scheme),
        "coding_map": {},
        "behaviors_coding_map": [],
        "converters": {},
    }
    return Written(json.dumps(project, ensure_ascii=False, indent=1).encode(errors="replace"), _lost(scheme))


def _project(data: bytes) -> dict[str, Any]:
    if data[:2] == b"\x1f\x8b":  # .boris.gz
        try:
            unpacker = zlib.decompressobj(wbits=31)
            data = unpacker.decompress(data, LARGEST + 1)
        except (zlib.error, gzip.BadGzipFile):
            raise FormatError("this gzip file is damaged") from None
        if len(data) > LARGEST:
            raise FormatError(f"unpacked, the file has more than {LARGEST // 1024**2} MB")
    try:
        project = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise FormatError("this is not a BORIS project: it is not text in UTF-8") from None
    except json.JSONDecodeError as error:
        raise FormatError(f"line {error.lineno}: this is not JSON, which a BORIS project is: {error.msg}") from None
    except (RecursionError, ValueError):
        raise FormatError("this is not a BORIS project: it is nested too deeply, or has a number too long") from None
    if not isinstance(project, dict) or "behaviors_conf" not in project:
        raise FormatError("this is not a BORIS project: it has no behaviors_conf, which holds the ethogram")
    return project


def _about_version(project: dict[str, Any], making: Making) -> None:
    said = str(project.get("project_format_version", ""))
    first = said.split(".")[0]
    if not said:
        making.note("The project names no format version: it is from an early BORIS. Compare what came of it.")
    elif first.isdecimal() and int(first) > int(VERSION.split(".")[0]):
        making.note(f"The project's format is {said[:20]}, newer than {VERSION}. Compare what came of it.")


def _behaviours(project: dict[str, Any]) -> list[dict[str, Any]]:
    """The behaviours in their order, each with a code and a known type. Raises FormatError."""
    found = project["behaviors_conf"]
    if not isinstance(found, dict):
        raise FormatError("behaviors_conf must hold behaviours by number")
    problems: list[str] = []
    rows: list[dict[str, Any]] = []
    seen: dict[str, str] = {}
    for number, row in in_order(found):
        code = word(row.get("code")) if isinstance(row, dict) else ""
        what = f"behaviour {number} ({code[:60]})" if code else f"behaviour {number}"
        if not code:
            problems.append(f"{what} has no code")
        elif code in seen:
            problems.append(f"{what} is there twice (first as behaviour {seen[code]})")
        elif not str(row.get("type", "")).lower().startswith((_STATE.lower(), _POINT.lower())):
            problems.append(f"{what} has the type {str(row.get('type'))[:40]!r}, expected {_POINT} or {_STATE}")
        else:
            rows.append({**row, "code": code})
        seen.setdefault(code, number)
    if not rows and not problems:
        problems.append("the project has an empty ethogram")
    if problems:
        raise FormatError("\n".join(problems))
    return rows


def _codes(rows: list[dict[str, Any]], ask: tuple[str, ...], making: Making) -> tuple[Code, ...]:
    taken: set[str] = set()
    said = [split(making.paragraph(word(row.get("description")), row["code"])) for row in rows]
    labels = [making.label(of.get("Label") or row["code"], taken) for row, (_, of) in zip(rows, said, strict=True)]
    keys = making.keys([(label, word(row.get("key"))) for label, row in zip(labels, rows, strict=True)])
    ids = idents([(of.get("Id", ""), label) for (_, of), label in zip(said, labels, strict=True)], "code")
    groups = _groups(rows, making)
    mapped = [label for label, row in zip(labels, rows, strict=True) if "coding map" in str(row["type"]).lower()]
    if mapped:
        making.note(f"Without their coding maps: {named(mapped)}.")
    made = []
    for row, label, key, (definition, of), ident in zip(rows, labels, keys, said, ids, strict=True):
        asked = tuple(each for each in ("who", "whom") if each in of.get("Asks", "").split(", "))
        made.append(
            Code(
                id=ident,
                label=label,
                kind=CodeKind.STATE if str(row["type"]).lower().startswith(_STATE.lower()) else CodeKind.POINT,
                key=key,
                definition=definition or NO_DEFINITION,
                example=of.get("Example", ""),
                near_miss=of.get("Near-miss", ""),
                dimension=_dimension(word(row.get("category")), making),
                valence=VALENCE.get(of.get("Valence", ""), 0),
                who=of["Who"] if of.get("Who") in (*_PEOPLE, "clients") else "both",
                group=groups.get(row["code"]),
                colour=_colour(word(row.get("color")), label, making),
                modifiers=modifiers_of(row.get("modifiers"), label, making),
                ask=asked or ask,
            )
        )
    return tuple(made)


def _dimension(category: str, making: Making) -> str:
    if not category:
        return ""
    made = ident_of(category)
    made = made if made[:1].isalpha() else f"dimension_{made}".rstrip("_") if made else ""
    if made != category:
        making.note(
            f"The category {category[:60]!r} is the dimension {made!r} here."
            if made
            else f"The category {category[:60]!r} has no Latin letter to name a dimension by, and is left out."
        )
    return made


def _colour(said: str, label: str, making: Making) -> str:
    if _COLOUR.fullmatch(said):
        return said.lower()
    if said:
        making.note(f"The colour of {label} ({said[:30]}) is not one of six digits; it has the usual one.")
    return _DEFAULT_COLOUR


def _groups(rows: list[dict[str, Any]], making: Making) -> dict[str, str]:
    """The group of each state: where some states all exclude each other, and nothing else."""
    states = [row["code"] for row in rows if str(row["type"]).lower().startswith(_STATE.lower())]
    wanted = {
        row["code"]: {e.strip() for e in word(row.get("excluded")).split(",")} - {"", row["code"]} for row in rows
    }
    pairs = {(a, b) for a, b in combinations(states, 2) if b in wanted[a] and a in wanted[b]}
    near: dict[str, set[str]] = {code: {code} for code in states}
    for a, b in pairs:
        near[a].add(b)
        near[b].add(a)
    found: dict[str, str] = {}
    for code in states:
        members = near[code]
        if code not in found and len(members) > 1 and all(near[other] == members for other in members):
            found |= dict.fromkeys(members, f"group_{len(set(found.values())) + 1}")
    kept = {(a, b) for a, b in pairs if found.get(a) and found.get(a) == found.get(b)}
    lost = [f"{a} ends {b}" for a in wanted for b in sorted(wanted[a]) if (a, b) not in kept and (b, a) not in kept]
    if lost:
        making.note(
            "Exclusions that a group cannot say (all in it exclude each other, nobody else) are left out: "
            f"{named(lost)}."
        )
    return found


def _names(subjects: Any) -> list[str]:
    rows = subjects.values() if isinstance(subjects, dict) else ()
    return [name for row in rows if isinstance(row, dict) and (name := word(row.get("name")))]


def _people(scheme: CodingScheme) -> list[str]:
    kinds = {"clients": ("patient", "family"), "both": ("patient", "provider"), "": ("patient", "provider")}
    found = {kind for code in scheme.codes for kind in kinds.get(code.who, (code.who,))}
    return [kind for kind in _PEOPLE if kind in found]


def _code_of(code: Code) -> str:
    """The behaviour's name: what raters read, unless BORIS gives one of its characters a meaning."""
    return code.id if re.search(r"[|,]", code.label) else code.label


def _behaviour(code: Code, scheme: CodingScheme) -> dict[str, Any]:
    others = [c for c in scheme.codes if c.group and c.group == code.group and c.id != code.id]
    state = code.kind is CodeKind.STATE
    return {
        "type": _STATE if state else _POINT,
        "key": code.key,
        "code": _code_of(code),
        "description": code_in_words(code, label=_code_of(code) != code.label, ident=ident_of(code.label) != code.id),
        "color": code.colour,
        "category": code.dimension,
        "modifiers": {str(n): set_of(modifier) for n, modifier in enumerate(code.modifiers)},
        "excluded": ",".join(_code_of(c) for c in others) if state else "",
        "coding map": "",
    }


def _lost(scheme: CodingScheme) -> tuple[str, ...]:
    lost = []
    if utterances := [c.label for c in scheme.codes if c.kind is CodeKind.UTTERANCE]:
        lost.append(f"BORIS has no utterances; coded as point events: {named(utterances)}.")
    if groups := [c.label for c in scheme.codes if c.group and c.kind is CodeKind.UTTERANCE]:
        lost.append(f"Point events exclude nothing there; no longer at most one of a group: {named(groups)}.")
    if any(c.group and c.kind is CodeKind.STATE for c in scheme.codes):
        lost.append("Groups of states are exclusions there, and have no names.")
    if required := [c.label for c in scheme.codes if any(m.required for m in c.modifiers)]:
        lost.append(f"A modifier can be left at “None”, also where it is required: {named(required)}.")
    if direct := [c.label for c in scheme.codes if any(o.direct for m in c.modifiers for o in m.options)]:
        lost.append(f"No key codes with an option at once: {named(direct)}.")
    if asks := [c.label for c in scheme.codes if "whom" in c.ask]:
        lost.append(f"BORIS does not ask to whom: {named(asks)}.")
    if other := [r.label for r in scheme.ratings if r.each is not Each.SESSION]:
        lost.append(f"Left out, for BORIS has one value a session: {named(other)}.")
    if any(r.each is Each.SESSION for r in scheme.ratings):
        lost.append("Ratings of the session are independent variables, to be filled in for each observation.")
    if folded := [c.label for c in scheme.codes if any(one_line(t) != t for t in (c.example, c.near_miss))]:
        lost.append(f"Examples and near-misses are one line there: {named(folded)}.")
    if scheme.scores or scheme.rules:
        lost.append("Scores, and rules between ratings and codes, stay here.")
    lost.append("Version, authors, source, rights, language and the way of working stay here.")
    return tuple(lost)


def _knows(data: bytes) -> bool:
    return data[:2] == b"\x1f\x8b" or data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{"


FORMAT = SchemeFormat("boris", "boris", "BORIS project (.boris)", write, read, _knows)
