"""What a transcription costs: processor time, waiting time and memory, per minute of sound.

python benchmarks/speech.py [--out benchmarks/results/speech.md] [--transcripts sample_media]

With --transcripts, what the pipeline makes of each sample session is written there as
NAME.transcript.json; the shipped ones were made in this way.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import resource
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path

from workbench import settings
from workbench.model.transcript import Transcript
from workbench.registry import shipped
from workbench.speech.engine import Engine
from workbench.speech.pipeline import (
    MemoryArtefacts,
    Settings,
    Step,
    plan,
    read_transcript,
    recluster,
    run_step,
    sound_facts,
    transcribe,
)

SPEAKERS = {"dev1_rupture_repair": 2, "dev2_goals": 2, "dev3_homework": 2, "dev4_family": 3}
FIRST = next(iter(SPEAKERS))
STAGES = {"decode": "decode", "words": "transcription", "voices": "speakers", "join": "join"}
CHOSEN = Settings(speakers=SPEAKERS[FIRST])


def children() -> tuple[float, int]:
    """Processor seconds and highest peak memory (bytes) of the children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime, used.ru_maxrss * 1024


def by_stage(
    medium: Path, folder: Path, chosen: Settings
) -> tuple[float, dict[str, tuple[float, float]], dict[str, int], Transcript]:
    """Minutes of sound; (processor, wall) seconds of each stage; peak memory of each child; the transcript.

    One stage after the other, one thread, models loaded anew for each session.
    """
    artefacts = MemoryArtefacts()
    spent: dict[str, tuple[float, float]] = {}
    peaks: dict[str, int] = {}
    steps: tuple[Step, ...] = plan(chosen)
    for branch, stage in STAGES.items():
        cpu, start = children()[0], time.perf_counter()
        with Engine(folder, device="cpu") as engine:
            for step in steps:
                if step.branch == branch:
                    run_step(step, medium, artefacts, chosen, engine)
        spent[stage] = (children()[0] - cpu, time.perf_counter() - start)
        peaks |= {kind: usage.peak_bytes for kind, usage in engine.usage.items() if usage.peak_bytes}
        sound = sound_facts(artefacts)
        steps = plan(chosen, sound)
        if branch == "decode":
            peaks["decode"] = children()[1]  # the first children of this process
    assert sound is not None
    made = read_transcript(artefacts, chosen)
    assert made is not None
    return sound.duration_ms / 60_000, spent, peaks, made


def side_by_side(medium: Path, folder: Path) -> tuple[float, float, float]:
    """Processor and wall seconds per minute of sound, as the program does it; seconds to count speakers anew."""
    artefacts = MemoryArtefacts()
    cpu, start = children()[0], time.perf_counter()
    minutes = transcribe(medium, CHOSEN, artefacts, folder, device="cpu").duration_ms / 60_000
    cpu, wall = (children()[0] - cpu) / minutes, (time.perf_counter() - start) / minutes
    start = time.perf_counter()
    recluster(CHOSEN, artefacts, folder, speakers=3)
    return cpu, wall, time.perf_counter() - start


def table(folder: Path, transcripts: Path | None) -> list[str]:
    minutes = 0.0
    spent: dict[str, list[float]] = {stage: [0.0, 0.0] for stage in STAGES.values()}
    peaks: dict[str, int] = {}
    for name, speakers in SPEAKERS.items():
        chosen = replace(CHOSEN, speakers=speakers)
        length, stages, used, made = by_stage(shipped("sample_media") / f"{name}.ogg", folder, chosen)
        minutes += length
        for stage, (cpu, wall) in stages.items():
            spent[stage][0] += cpu
            spent[stage][1] += wall
        peaks = {kind: max(peaks.get(kind, 0), size) for kind, size in used.items()} | {
            "decode": peaks.get("decode") or used["decode"]
        }
        if transcripts is not None:
            text = json.dumps(made.to_dict(), ensure_ascii=False, indent=1)
            (transcripts / f"{name}.transcript.json").write_text(text + "\n", encoding="utf-8")
    rows = ["| stage | processor s per minute of sound | wall s per minute of sound | peak memory of its child |"]
    rows.append("| --- | --- | --- | --- |")
    memory = {"decode": "decode", "transcription": "transcription", "speakers": "diarization"}
    for stage, (cpu, wall) in spent.items():
        peak = f"{peaks[memory[stage]] / 1e6:.0f} MB" if stage in memory else "–"
        rows.append(f"| {stage} | {cpu / minutes:.2f} | {wall / minutes:.2f} | {peak} |")
    total = [sum(values[i] for values in spent.values()) / minutes for i in (0, 1)]
    rows.append(f"| **one after the other** | **{total[0]:.1f}** | {total[1]:.1f} | |")
    first = shipped("sample_media") / f"{FIRST}.ogg"
    cpu, wall, again = side_by_side(first, folder)
    rows.append(f"| **transcription beside speakers** (first session) | **{cpu:.1f}** | {wall:.1f} | |")
    rows += ["", f"Counting the speakers anew from what is kept: {again:.1f} s, most of it loading."]
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--transcripts", type=Path)
    given = parser.parse_args()
    folder = settings.load().models_folder
    load = os.getloadavg()[0]
    rows = table(folder, given.transcripts)
    versions = ", ".join(f"{name} {version(name)}" for name in ("torch", "pyannote.audio", "faster-whisper"))
    text = "\n".join(
        [
            "# What a transcription costs",
            "",
            f"{datetime.date.today()}. Models {CHOSEN.model} (int8, beam {CHOSEN.beam}) and {CHOSEN.diarization}, the"
            f" number of speakers given, language detected; the sample sessions, loading of models included; one thread"
            f" per child. {os.cpu_count()} cores ({platform.machine()}), no GPU, Python {platform.python_version()},"
            f" {versions}, load {load:.1f} before the start. `python benchmarks/speech.py`",
            "",
            *rows,
            "",
            "The aim is at most 40 s of processor time per minute of sound.",
        ]
    )
    print(text)
    if given.out:
        given.out.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
