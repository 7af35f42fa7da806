"""Schemes and instruments as canonical JSON, whose SHA-256 is their identity.

Keys are sorted, nothing is spaced, text is Unicode NFC, and a field at its default is left out: a
later version of the program, which knows more fields, gives an old scheme the same identity. The
defaults in `workbench.model.scheme` must therefore never change: stored schemes rely on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, replace
from enum import Enum
from typing import Any, TypeVar

from workbench.model.instrument import Instrument, Item, Perspective, Subscale
from workbench.model.scheme import (
    Certification,
    Code,
    CodeKind,
    CodingPass,
    CodingScheme,
    DataKind,
    DerivedScore,
    EarlierVersion,
    EvidenceRule,
    Level,
    Limit,
    Modifier,
    ModifierOption,
    RatingScale,
    Reported,
    ScoreKind,
    Selection,
)

T = TypeVar("T", CodingScheme, Instrument)

SCHEME = "alliance-workbench/scheme/1"
INSTRUMENT = "alliance-workbench/instrument/1"


def to_json(subject: CodingScheme | Instrument) -> str:
    """Canonical JSON of a scheme or an instrument, without its hash."""
    kind = SCHEME if isinstance(subject, CodingScheme) else INSTRUMENT
    return _dumped({"format": kind, **_short(replace(subject, hash=""))})


def identity(subject: CodingScheme | Instrument) -> str:
    """SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return _sha256(to_json(subject))


def identified(subject: T) -> T:
    """The same with its hash filled in."""
    return replace(subject, hash=identity(subject))


def from_json(text: str) -> CodingScheme:
    """The scheme that `to_json` wrote, its hash filled in. Raises ValueError on anything else."""
    data, known_by = _body(text, SCHEME)
    try:
        data["codes"] = tuple(_code(c) for c in data["codes"])
        data["ratings"] = tuple(
            RatingScale(**{**r, "anchors": _by_number(r.get("anchors", {})), "of": tuple(r.get("of", ()))})
            for r in data["ratings"]
        )
        data["passes"] = tuple(CodingPass(name) for name in data.get("passes", ()))
        data["rules"] = tuple(EvidenceRule(**{**r, "codes": tuple(r["codes"])}) for r in data.get("rules", ()))
        data["scores"] = tuple(_score(s) for s in data.get("scores", ()))
        data["agreement"] = tuple(_reported(a) for a in data.get("agreement", ()))
        data["certification"] = _certification(data["certification"]) if "certification" in data else None
        data["earlier"] = EarlierVersion(**data["earlier"]) if "earlier" in data else None
        data["authors"] = tuple(data["authors"])
        for texts in ("units_of", "reasons"):
            data[texts] = tuple(data.get(texts, ()))
        return CodingScheme(**data, hash=known_by)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not a scheme of this program: {error}") from None


def instrument_from_json(text: str) -> Instrument:
    """The instrument that `to_json` wrote, its hash filled in. Raises ValueError on anything else."""
    data, known_by = _body(text, INSTRUMENT)
    try:
        data["perspective"] = Perspective(data["perspective"])
        data["labels"] = _by_number(data["labels"])
        data["subscales"] = tuple(Subscale(**s) for s in data["subscales"])
        data["items"] = tuple(Item(**i) for i in data["items"])
        return Instrument(**data, hash=known_by)
    except (TypeError, KeyError) as error:
        raise ValueError(f"not an instrument of this program: {error}") from None


def _code(data: dict[str, Any]) -> Code:
    modifiers = tuple(
        Modifier(**{**m, "options": tuple(ModifierOption(**o) for o in m["options"])})
        for m in data.get("modifiers", ())
    )
    more = {"kind": CodeKind(data["kind"]), "modifiers": modifiers, "ask": tuple(data.get("ask", ()))}
    return Code(**(data | more))


def _reported(data: dict[str, Any]) -> Reported:
    return Reported(**(data | {"of": DataKind(data["of"]), "coefficients": tuple(data["coefficients"])}))


def _certification(data: dict[str, Any]) -> Certification:
    limits = tuple(Limit(**(limit | {"of": DataKind(limit["of"])})) for limit in data["limits"])
    return Certification(**(data | {"limits": limits}))


def _score(data: dict[str, Any]) -> DerivedScore:
    read: dict[str, Any] = {"kind": ScoreKind(data["kind"])}
    for part in ("events", "then"):
        read[part] = Selection(**{k: tuple(v) for k, v in data.get(part, {}).items()})
    for terms in ("of", "to", "needs"):
        read[terms] = tuple(data.get(terms, ()))
    read["levels"] = tuple(Level(**level) for level in data.get("levels", ()))
    return DerivedScore(**(data | read))


def _body(text: str, expected: str) -> tuple[dict[str, Any], str]:
    """The fields, and the identity: of the text as it is, whatever defaults this version would add."""
    data = json.loads(text)
    if not isinstance(data, dict) or data.get("format") != expected:
        found = data.get("format") if isinstance(data, dict) else None
        raise ValueError(f"the format is {found!r}, expected {expected!r}")
    known_by = _sha256(_dumped(data))
    del data["format"]
    return data, known_by


def _dumped(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _short(value: Any) -> Any:
    """JSON-ready form of a dataclass without the fields that stand at their default."""
    if hasattr(value, "__dataclass_fields__"):
        kept = {}
        for f in fields(value):
            default = f.default_factory() if f.default_factory is not MISSING else f.default
            if getattr(value, f.name) != default:
                kept[f.name] = _short(getattr(value, f.name))
        return kept
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Mapping):
        return {str(k): _short(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [_short(v) for v in value]
    return value


def _by_number(texts: Mapping[str, str]) -> dict[int, str]:
    return {int(k): v for k, v in sorted(texts.items(), key=lambda kv: int(kv[0]))}
