"""Writes the fictional study: `study.json` and, beside it, what was built into it, `truth.json`.

Nothing here was ever said or recorded. Six invented pairs of patient and provider, three invented
raters of known accuracy, forms filled in by arithmetic: so that agreement, drift and trajectories
can be looked at where the right answer is known.

    python sample_media/fictional_study/make_study.py

The same seed gives the same bytes on every machine (only additions, multiplications and Python's
Mersenne Twister `random()`, no logarithms). A test runs this again and compares.

study.json
    study      name, title, description, fictional, blinded, score_of_record, scheme, instruments
               {patient, provider}, raters [{code, name}]
    providers  [{code}]
    patients   [{code, provider}]
    sessions   [{code, provider, patient, number, held_on, duration_ms, windows [[start, end]],
                 codings [{rater, submitted_at,
                           events [{code, start_ms, end_ms}]    end_ms null for a point event
                           ratings [{scale, value, no_evidence}]}],
                 responses {patient {item: value}, provider {item: value}}}]
               held_on is a date, submitted_at an instant (ISO 8601, UTC), times are milliseconds
               from the start of the (non-existent) recording. An item that was not answered is
               absent; a form that was not filled in is absent.

truth.json
    seed, raters, providers, dip, forms_missing, and per session the true alliance (0 to 100) and
    the true events from which the raters' codings were made.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from pathlib import Path
from typing import Any

SEED = 2
HERE = Path(__file__).resolve().parent
FIRST_DAY = dt.date(2025, 1, 13)
MINUTE, HOUR = 60_000, 3_600_000

SESSIONS_PER_PAIR = (5, 5, 4, 4, 4, 5)
PROVIDER_OF_PAIR = ("FPR1", "FPR1", "FPR2", "FPR2", "FPR3", "FPR3")
FIRST_WEEK_OF_PAIR = (0, 3, 6, 9, 12, 15)
ALLIANCE_AT_FIRST = (42.0, 66.0, 82.0, 46.0, 60.0, 76.0)
GAIN_PER_SESSION = (4.0, 2.0, 2.5, 5.0, 3.0, 1.0)

# how far each provider's own rating lies above the patient's, in points of 0 to 100
PROVIDER_BIAS = {"FPR1": 0.0, "FPR2": -4.0, "FPR3": 15.0}

# pair 2 falls at session 3 (rupture), mends at session 4 and stands above the old line at session 5
DIP_PAIR, DIP = 2, {3: -30.0, 4: -9.0, 5: 12.0}

# probability that a true event is coded as what it is: (ordinary codes, rupture and repair)
RATERS: dict[str, dict[str, Any]] = {
    "R1": {"ordinary": 0.955, "rupture_repair": 0.74, "noise": 0.35, "drift": 0.0, "rating_drift": 0.0},
    "R2": {"ordinary": 0.90, "rupture_repair": 0.58, "noise": 0.50, "drift": -0.26, "rating_drift": 1.2},
    "R3": {"ordinary": 0.78, "rupture_repair": 0.42, "noise": 0.80, "drift": 0.0, "rating_drift": 0.0},
}
OVERALL = {"R1": 0.92, "R2": 0.85, "R3": 0.72}  # as one true event in six is a rupture or a repair

PER_HOUR_GOOD = {
    "provider_understands": 12.0,
    "provider_seeks_goal": 5.0,
    "provider_shares_task": 7.0,
    "patient_opens_up": 9.0,
    "patient_owns_goal": 5.0,
    "patient_takes_task": 6.0,
}
PER_HOUR_BAD = {
    "provider_misses": 3.0,
    "provider_imposes": 3.0,
    "patient_doubts_provider": 2.5,
    "patient_rejects_task": 2.5,
    "patient_rejects_goal": 2.0,
}
PER_HOUR_RUPTURE = {"rupture_withdrawal": 3.6, "rupture_confrontation": 2.6}
REPAIRED = 0.75  # share of ruptures that are followed by a repair
REPAIRED_AT_DIP = {3: 0.15, 4: 1.0}
RUPTURE_REPAIR = ("rupture_withdrawal", "rupture_confrontation", "repair")
ORDINARY = (*PER_HOUR_GOOD, *PER_HOUR_BAD)

# what a wrong coding turns into, with its share; the rest is missed
CONFUSED_WITH = {
    "provider_understands": (("provider_shares_task", 0.3),),
    "provider_seeks_goal": (("provider_shares_task", 0.5),),
    "provider_shares_task": (("provider_seeks_goal", 0.5),),
    "provider_misses": (("provider_imposes", 0.5),),
    "provider_imposes": (("provider_misses", 0.5),),
    "patient_opens_up": (),
    "patient_owns_goal": (("patient_takes_task", 0.5),),
    "patient_takes_task": (("patient_owns_goal", 0.5),),
    "patient_doubts_provider": (("patient_rejects_task", 0.4),),
    "patient_rejects_task": (("patient_rejects_goal", 0.4),),
    "patient_rejects_goal": (("patient_rejects_task", 0.4),),
    "rupture_withdrawal": (("rupture_confrontation", 0.45),),
    "rupture_confrontation": (("rupture_withdrawal", 0.45), ("patient_doubts_provider", 0.15)),
    "repair": (("provider_understands", 0.4),),
}

ITEMS = {  # item: (subscale, reversed)
    "goal_shared": ("goal", False),
    "task_sense": ("task", False),
    "bond_understood": ("bond", False),
    "goal_off": ("goal", True),
    "task_share": ("task", False),
    "bond_honest": ("bond", False),
    "goal_clear": ("goal", False),
    "task_unhelpful": ("task", True),
    "bond_care": ("bond", False),
    "goal_mattered": ("goal", False),
    "task_pace": ("task", False),
    "bond_safe": ("bond", False),
}
SUBSCALE_OFFSET = {"goal": -3.0, "task": -1.0, "bond": 4.0}

# (session, form): items left out; None: the form was never filled in
LEFT_OUT: dict[tuple[str, str], tuple[str, ...] | None] = {
    ("F1-2", "patient"): ("bond_honest",),
    ("F3-1", "patient"): None,
    ("F4-3", "provider"): ("goal_clear", "goal_off"),
    ("F5-2", "provider"): ("task_pace",),
    ("F6-4", "patient"): None,
}

Event = dict[str, Any]


class Chance:
    """Draws that need nothing but `random()`, so that every machine draws the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311  (nothing here is secret)

    def share(self) -> float:
        return self._random.random()

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.share()

    def normal(self) -> float:
        """Nearly standard normal: twelve uniform numbers minus six."""
        return sum(self._random.random() for _ in range(12)) - 6

    def happens(self, probability: float) -> bool:
        return self.share() < probability

    def count(self, expected: float) -> int:
        """A whole number whose mean is `expected`."""
        return int(expected + self.share())

    def one_of(self, options: tuple[str, ...]) -> str:
        return options[int(self.share() * len(options))]


def make(seed: int = SEED) -> tuple[dict[str, Any], dict[str, Any]]:
    """The study and its truth."""
    chance = Chance(seed)
    plan = sorted(
        (FIRST_DAY + dt.timedelta(days=7 * FIRST_WEEK_OF_PAIR[pair] + 14 * n + pair), pair + 1, n + 1)
        for pair, count in enumerate(SESSIONS_PER_PAIR)
        for n in range(count)
    )
    first, last = plan[0][0], plan[-1][0]
    sessions, truths = [], []
    for place, (held_on, pair, number) in enumerate(plan):
        elapsed = (held_on - first).days / (last - first).days
        session, truth = _session(chance, place, pair, number, held_on, elapsed)
        sessions.append(session)
        truths.append(truth)
    study = {
        "study": {
            "name": "fictional_study",
            "title": "Fictional study",
            "description": "Invented by a program: no such people, sessions or recordings exist. Six pairs of"
            " patient and provider, three raters of known accuracy.",
            "fictional": True,
            "blinded": True,
            "score_of_record": "mean",
            "scheme": "alliance_behaviours",
            "instruments": {"patient": "session_alliance_patient", "provider": "session_alliance_provider"},
            "raters": [{"code": code, "name": f"Rater {code[1:]} (fictional)"} for code in RATERS],
        },
        "providers": [{"code": code} for code in PROVIDER_BIAS],
        "patients": [{"code": f"FPT{n}", "provider": provider} for n, provider in enumerate(PROVIDER_OF_PAIR, 1)],
        "sessions": sessions,
    }
    truth = {
        "seed": seed,
        "raters": {
            code: {
                "accuracy": OVERALL[code],
                "accuracy_ordinary": r["ordinary"],
                "accuracy_rupture_repair": r["rupture_repair"],
                "accuracy_change_over_study": r["drift"],
                "rating_change_over_study": r["rating_drift"],
            }
            for code, r in RATERS.items()
        },
        "providers": {code: {"rates_above_patient": bias} for code, bias in PROVIDER_BIAS.items()},
        "dip": {"patient": f"FPT{DIP_PAIR}", "rupture_session": 3, "repair_session": 4},
        "forms_missing": [list(key) for key, items in LEFT_OUT.items() if items is None],
        "sessions": truths,
    }
    return study, truth


def _session(
    chance: Chance, place: int, pair: int, number: int, held_on: dt.date, elapsed: float
) -> tuple[dict[str, Any], dict[str, Any]]:
    code = f"F{pair}-{number}"
    provider = PROVIDER_OF_PAIR[pair - 1]
    alliance = ALLIANCE_AT_FIRST[pair - 1] + GAIN_PER_SESSION[pair - 1] * (number - 1) + 2.5 * chance.normal()
    if pair == DIP_PAIR:
        alliance += DIP.get(number, 0.0)
    alliance = min(90.0, max(15.0, alliance))
    duration = int(chance.between(46, 55)) * MINUTE
    windows = _windows(chance, place, duration)
    repaired = REPAIRED_AT_DIP.get(number, REPAIRED) if pair == DIP_PAIR else REPAIRED
    events = _true_events(chance, windows, alliance, repaired)
    codings = [
        _coding(chance, rater, held_on, elapsed, windows, events, alliance)
        for n, rater in enumerate(RATERS)
        if not (place % 4 == 3 and place // 4 % 3 == n)  # every fourth session has two raters
    ]
    own = {"patient": alliance, "provider": alliance + PROVIDER_BIAS[provider] + 3.0 * chance.normal()}
    responses = {}
    for form, level in own.items():
        filled = _responses(chance, level)
        left_out = LEFT_OUT.get((code, form), ())
        if left_out is not None:
            responses[form] = {item: value for item, value in filled.items() if item not in left_out}
    session = {
        "code": code,
        "provider": provider,
        "patient": f"FPT{pair}",
        "number": number,
        "held_on": held_on.isoformat(),
        "duration_ms": duration,
        "windows": windows,
        "codings": codings,
        "responses": responses,
    }
    return session, {"code": code, "alliance": round(alliance, 2), "elapsed": round(elapsed, 4), "events": events}


def _windows(chance: Chance, place: int, duration: int) -> list[list[int]]:
    """Mostly one stretch of 20 to 40 minutes; every fifth session two stretches of 12 minutes."""
    if place % 5 == 4:
        late = duration - 18 * MINUTE
        return [[5 * MINUTE, 17 * MINUTE], [late, late + 12 * MINUTE]]
    length = int(chance.between(20, 41)) * MINUTE
    start = int(chance.between(2, (duration - length) / MINUTE)) * MINUTE
    return [[start, start + length]]


def _true_events(chance: Chance, windows: list[list[int]], alliance: float, repaired: float) -> list[Event]:
    hours = sum(end - start for start, end in windows) / HOUR
    ease, strain = alliance / 65, (100 - alliance) / 35
    events: list[Event] = []
    for rates, factor in ((PER_HOUR_GOOD, ease), (PER_HOUR_BAD, strain)):
        for code, per_hour in rates.items():
            for _ in range(chance.count(per_hour * factor * hours)):
                events.append({"code": code, "start_ms": _moment(chance, windows, 1), "end_ms": None})
    ruptures: list[Event] = []
    for code, per_hour in PER_HOUR_RUPTURE.items():
        for _ in range(chance.count(per_hour * strain * hours)):
            length = int(chance.between(20, 100)) * 1000
            for _ in range(50):
                start = _moment(chance, windows, length)
                if all(start + length + 5000 <= r["start_ms"] or r["end_ms"] + 5000 <= start for r in ruptures):
                    ruptures.append({"code": code, "start_ms": start, "end_ms": start + length})
                    break
    repairs: list[Event] = []
    for rupture in sorted(ruptures, key=lambda r: r["start_ms"]):
        if chance.happens(repaired):
            start = rupture["end_ms"] - int(chance.between(0, 15000))
            end = start + int(chance.between(25, 90)) * 1000
            window = next(w for w in windows if w[0] <= start < w[1])
            repairs.append({"code": "repair", "start_ms": start, "end_ms": min(end, window[1])})
    return _in_order(events + ruptures + repairs)


def _coding(
    chance: Chance,
    rater: str,
    held_on: dt.date,
    elapsed: float,
    windows: list[list[int]],
    true_events: list[Event],
    alliance: float,
) -> dict[str, Any]:
    who = RATERS[rater]
    change = who["drift"] * (elapsed - 0.5)
    events: list[Event] = []
    for event in true_events:
        accuracy = who["rupture_repair" if event["code"] in RUPTURE_REPAIR else "ordinary"] + change
        code = event["code"] if chance.happens(accuracy) else _mistaken(chance, event["code"])
        if code is not None:
            events.append(_noted(chance, code, event, windows))
    hours = sum(end - start for start, end in windows) / HOUR
    for _ in range(chance.count((1 - who["ordinary"] - change) * 20 * hours)):
        events.append({"code": chance.one_of(ORDINARY), "start_ms": _moment(chance, windows, 1), "end_ms": None})
    hour = 9 + int(chance.share() * 8)
    submitted = dt.datetime.combine(held_on + dt.timedelta(days=3 + int(chance.share() * 9)), dt.time(hour))
    events = _in_order(_one_rupture_at_a_time(events))
    return {
        "rater": rater,
        "submitted_at": (submitted + dt.timedelta(minutes=int(chance.share() * 60))).isoformat() + "Z",
        "events": events,
        "ratings": _ratings(chance, who, elapsed, true_events, events, windows, alliance),
    }


def _mistaken(chance: Chance, code: str) -> str | None:
    draw = chance.share()
    for other, share in CONFUSED_WITH[code]:
        if draw < share:
            return other
        draw -= share
    return None


def _noted(chance: Chance, code: str, event: Event, windows: list[list[int]]) -> Event:
    """The event as a rater puts it down: points about half a second off, edges of states about two."""
    window = next(w for w in windows if w[0] <= event["start_ms"] < w[1])
    state = code in RUPTURE_REPAIR
    spread = 2000 if state else 500
    start = min(max(event["start_ms"] + int(spread * chance.normal()), window[0]), window[1] - 1000)
    if not state:
        return {"code": code, "start_ms": start, "end_ms": None}
    end = min(max(event["end_ms"] + int(2 * spread * chance.normal()), start + 3000), window[1])
    return {"code": code, "start_ms": start, "end_ms": end}


def _one_rupture_at_a_time(events: list[Event]) -> list[Event]:
    """Ends a rupture where the next one begins: the two kinds exclude each other."""
    out, last = [], None
    for event in _in_order(events):
        copy = dict(event)
        if copy["code"].startswith("rupture_"):
            if last is not None and last["end_ms"] > copy["start_ms"]:
                last["end_ms"] = copy["start_ms"]
            last = copy
        out.append(copy)
    return [e for e in out if e["end_ms"] is None or e["end_ms"] > e["start_ms"]]


def _ratings(
    chance: Chance,
    who: dict[str, Any],
    elapsed: float,
    true_events: list[Event],
    own_events: list[Event],
    windows: list[list[int]],
    alliance: float,
) -> list[dict[str, Any]]:
    """The alliance on 1 to 7 with the rater's noise and drift; strain and repair by their true share."""
    drift = who["rating_drift"] * (elapsed - 0.5)

    def rated(level: float, shift: float) -> int:
        return min(7, max(1, round(level + shift + who["noise"] * chance.normal())))

    total = sum(end - start for start, end in windows)
    lasted = {c: sum(e["end_ms"] - e["start_ms"] for e in true_events if e["code"] == c) for c in RUPTURE_REPAIR}
    strain = lasted["rupture_withdrawal"] + lasted["rupture_confrontation"]
    saw_rupture = any(e["code"].startswith("rupture_") for e in own_events)
    goals_seen = any(e["code"] in ("provider_seeks_goal", "patient_owns_goal") for e in own_events)
    level = 1 + 6 * alliance / 100
    values: list[tuple[str, int | None]] = [
        ("bond", rated(level + 0.2, drift)),
        ("goals", rated(level - 0.2, drift) if goals_seen else None),
        ("tasks", rated(level, drift)),
        ("rupture_significance", rated(1 + 14 * strain / total, 0.0) if saw_rupture else 1),
        ("repair_success", rated(2 + 4 * lasted["repair"] / strain, drift) if saw_rupture and strain else None),
    ]
    return [{"scale": scale, "value": value, "no_evidence": value is None} for scale, value in values]


def _responses(chance: Chance, level: float) -> dict[str, int]:
    """A form filled in by somebody for whom the alliance stands at `level` of 100."""
    filled = {}
    for item, (subscale, turned) in ITEMS.items():
        exact = 1 + 6 * (level + SUBSCALE_OFFSET[subscale]) / 100 + 0.5 * chance.normal()
        value = min(7, max(1, round(exact)))
        filled[item] = 8 - value if turned else value
    return filled


def _moment(chance: Chance, windows: list[list[int]], length: int) -> int:
    """A start such that `length` fits into one of the windows."""
    room = [max(0, end - start - length) for start, end in windows]
    place = int(chance.share() * sum(room))
    for (start, _), free in zip(windows, room, strict=True):
        if place < free:
            return start + place
        place -= free
    return windows[-1][0]


def _in_order(events: list[Event]) -> list[Event]:
    return sorted(events, key=lambda e: (e["start_ms"], e["code"], e["end_ms"] or 0))


def as_text(data: dict[str, Any]) -> str:
    """JSON with one line for each session, so that a change can be read."""
    lines = []
    for key, value in data.items():
        if key == "sessions":
            body = "[\n" + ",\n".join(json.dumps(s, separators=(",", ":")) for s in value) + "\n]"
        else:
            body = json.dumps(value, ensure_ascii=False)
        lines.append(f"{json.dumps(key)}: {body}")
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    for name, data in zip(("study.json", "truth.json"), make(), strict=True):
        (HERE / name).write_text(as_text(data), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
