/** Coding units: utterances as a rater split and merged them; the twin of `workbench/model/units.py`.
 *
 * Both are tested on `tests/fixtures/units.json`. A unit is {id, pieces, speaker, start_ms, end_ms},
 * a piece {id, utterance, first_word, end_word, start_ms, end_ms}. `u5` begins with the utterance at
 * place 5, `u5w312` at word 312 inside it.
 */

import { lastNotAfter } from "./transcript-index.js";

/** The coding units of a transcript, in the order in which they begin there. */
export function unitsOf({ utterances, words }, boundaries = {}) {
  const cuts = cutsOf(utterances, boundaries);
  const grouped = [];
  const last = new Map();
  utterances.forEach((utterance, place) => {
    for (const piece of piecesOf(utterance, place, cuts.get(place) ?? [], words)) {
      const before = last.get(utterance.speaker);
      if (before && boundaries[piece.id] === false) before.pieces.push(piece);
      else {
        const unit = { id: piece.id, pieces: [piece], speaker: utterance.speaker };
        last.set(utterance.speaker, unit);
        grouped.push(unit);
      }
    }
  });
  for (const unit of grouped) {
    unit.start_ms = Math.min(...unit.pieces.map((p) => p.start_ms));
    unit.end_ms = Math.max(...unit.pieces.map((p) => p.end_ms));
  }
  return grouped;
}

/** Answers which unit something belongs to, among `units`. */
export class Units {
  constructor(units) {
    this.all = units;
    this.byId = new Map(units.map((unit, place) => [unit.id, { unit, place }]));
    this.held = new Map();
    const pieces = [];
    for (const unit of units) {
      for (const piece of unit.pieces) {
        pieces.push({ piece, unit });
        if (!this.held.has(piece.utterance)) this.held.set(piece.utterance, []);
        this.held.get(piece.utterance).push({ piece, unit });
      }
    }
    this.spoken = pieces.sort((a, b) => a.piece.start_ms - b.piece.start_ms || a.piece.utterance - b.piece.utterance);
    this.starts = this.spoken.map(({ piece }) => piece.start_ms);
    let latest = -Infinity;
    this.latestEnd = this.spoken.map(({ piece }) => (latest = Math.max(latest, piece.end_ms)));
  }

  /** The unit that now holds the place where the unit `id` begins, or null. */
  holding(id) {
    const where = placeOf(id);
    if (!where) return null;
    const fits = ({ piece }) => (where.word == null ? piece.id === id : piece.first_word <= where.word && where.word < piece.end_word);
    return this.held.get(where.utterance)?.find(fits)?.unit ?? null;
  }

  /** The unit that is being spoken at `ms`, of several the one that began to speak last; else null. */
  at(ms) {
    for (let n = lastNotAfter(this.starts, ms); n >= 0 && this.latestEnd[n] > ms; n--) {
      if (this.spoken[n].piece.end_ms > ms) return this.spoken[n].unit;
    }
    return null;
  }

  /** The unit of an event: the one that was coded, else the one in which it begins. */
  of(event) {
    return event.unit ? this.holding(event.unit) : this.at(event.start_ms);
  }

  /** Where a unit stands in the order, or -1. */
  placeOf(id) {
    return this.byId.get(id)?.place ?? -1;
  }

  /** The piece that word number `word` belongs to, with its unit, or null. */
  ofWord(utterance, word) {
    return this.held.get(utterance)?.find(({ piece }) => piece.first_word <= word && word < piece.end_word) ?? null;
  }
}

/** Units that are to have a code; see `units_to_code` in Python. */
export function unitsToCode(units, { windows = [], not_observable = [], kinds = {}, units_of = [] } = {}) {
  const inside = (spans, ms) => spans.some(([start, end]) => start <= ms && ms < (end ?? Infinity));
  return units.filter(
    (unit) =>
      (!windows.length || inside(windows, unit.start_ms)) &&
      !inside(not_observable, unit.start_ms) &&
      (!units_of.length || units_of.includes(kinds[unit.speaker ?? ""])),
  );
}

/** Those of `toCode` without a code; only codes that were given to a unit count. */
export function uncodedOf(toCode, events, units) {
  const coded = new Set(events.filter((e) => e.unit).map((e) => units.holding(e.unit)?.id));
  return toCode.filter((unit) => !coded.has(unit.id));
}

/** The boundary that splits before a word: {unit, starts} or {refused: sentence}. */
export function splitAt(utterance, word, units) {
  const found = units.ofWord(utterance, word);
  if (!found) return { refused: "Nothing was said there that could be split." };
  const { piece, unit } = found;
  if (word > piece.first_word) return { unit: `u${utterance}w${word}`, starts: true };
  if (piece.id !== unit.id) return { unit: piece.id, starts: true };
  return { refused: "A unit begins with this word already." };
}

/** The boundary that merges a unit with the one before it of the same speaker, and that one's id. */
export function mergeWithPrevious(id, units) {
  const place = units.placeOf(id);
  if (place < 0) return { refused: "There is no such unit." };
  const { speaker } = units.all[place];
  const before = units.all.slice(0, place).findLast((unit) => unit.speaker === speaker);
  if (!before) return { refused: "This speaker has not spoken before." };
  return { unit: id, starts: false, into: before.id };
}

/** When an event on a unit begins and ends: the unit's time, as far as it lies in the window that
 * holds `at_ms`. */
export function timesOf(unit, windows, at_ms = unit.start_ms) {
  const [start, end] = windows.find(([from, to]) => from <= at_ms && at_ms < to) ?? [0, Infinity];
  return { start_ms: Math.max(unit.start_ms, start), end_ms: Math.min(unit.end_ms, end) };
}

/** Whether a scheme codes units of the transcript. */
export function codesUnits(scheme) {
  return scheme.unit === "utterance" || scheme.codes.some((code) => code.kind === "utterance");
}

/** {utterance, word} of a unit's id, word null where it begins with the utterance; null when it is none. */
function placeOf(id) {
  const found = /^u(0|[1-9]\d{0,8})(?:w(0|[1-9]\d{0,8}))?$/.exec(id);
  return found ? { utterance: Number(found[1]), word: found[2] == null ? null : Number(found[2]) } : null;
}

function cutsOf(utterances, boundaries) {
  const cuts = new Map();
  for (const [id, starts] of Object.entries(boundaries)) {
    const where = starts ? placeOf(id) : null;
    const utterance = where?.word != null ? utterances[where.utterance] : null;
    if (!utterance || where.word <= utterance.first_word || where.word >= utterance.end_word) continue;
    cuts.set(where.utterance, [...(cuts.get(where.utterance) ?? []), where.word].sort((a, b) => a - b));
  }
  return cuts;
}

/** An utterance cut before the words `cuts`. Its pieces cover its time without a gap. */
function piecesOf(utterance, place, cuts, words) {
  const at = [utterance.first_word, ...cuts, utterance.end_word];
  const times = [utterance.start_ms];
  for (const word of cuts) times.push(Math.min(Math.max(words[word].start_ms, times.at(-1)), utterance.end_ms));
  times.push(Math.max(utterance.end_ms, times[0]));
  return at.slice(0, -1).map((first_word, n) => ({
    id: n ? `u${place}w${first_word}` : `u${place}`,
    utterance: place,
    first_word,
    end_word: at[n + 1],
    start_ms: times[n],
    end_ms: times[n + 1],
  }));
}
