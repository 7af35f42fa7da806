/** Ratings as answers to what a scheme asks: which are asked for, which are missing, what a key means.
 *
 * A rating belongs to a place {scale, segment}; segment 0 is the whole session, segment n the n-th
 * of `payload.segments`. An answer is a number, NONE ("no evidence"), or null while there is none.
 */

import { clock } from "./format.js";

export const NONE = "none";

/** Values beyond this number are written into a field instead of being chosen from a row. */
export const LONGEST_ROW = 15;

/** Segment numbers that a scale is rated for. */
export const segmentsOf = (scale, segments) => (scale.each_segment ? segments.map((_, n) => n + 1) : [0]);

/** A key for a place in maps. */
export const placeKey = (scale, segment) => `${segment}/${scale}`;

/** Map of `placeKey` → answer for ratings that have one. */
export function answersOf(ratings) {
  const answers = new Map();
  for (const { scale, segment, value, no_evidence } of ratings) {
    if (no_evidence) answers.set(placeKey(scale, segment), NONE);
    else if (value != null) answers.set(placeKey(scale, segment), value);
  }
  return answers;
}

/** How many ratings the scheme asks for, and how many there are. */
export function progress(scheme, segments, answers) {
  const places = scheme.ratings.flatMap((scale) => segmentsOf(scale, segments).map((segment) => placeKey(scale.id, segment)));
  return { asked: places.length, done: places.filter((place) => answers.has(place)).length };
}

/** Scales of a segment that have no answer yet. */
export function missingIn(segment, scheme, answers) {
  return scheme.ratings.filter((scale) => scale.each_segment && !answers.has(placeKey(scale.id, segment)));
}

/** Number of the segment at `ms`, 0 where none is. */
export function segmentAt(segments, ms) {
  return segments.findIndex(([start, end]) => start <= ms && ms < end) + 1;
}

/** The segment whose end the sound passed between two moments of playing, 0 when it passed none.
 * A jump is no passing: who seeks knows where they are. */
export function passedEnd(segments, from_ms, to_ms, longest_ms = 3000) {
  if (to_ms <= from_ms || to_ms - from_ms > longest_ms) return 0;
  return segments.findLastIndex(([, end]) => from_ms < end && end <= to_ms) + 1;
}

/** All values of a scale, lowest first. */
export function valuesOf(scale) {
  return Array.from({ length: scale.high - scale.low + 1 }, (_, n) => scale.low + n);
}

/** A value as it is written: a minus is a minus, and where there are negative ones a plus is written too. */
export function written(scale, value) {
  if (value < 0) return `−${-value}`;
  return scale.low < 0 && value > 0 ? `+${value}` : String(value);
}

/** The value that typing `key` after `typed` means: {value, typed}; value null while it is none yet.
 * "7" "5" is 75 where the scale reaches that far; "-" "2" is −2. */
export function typing(scale, typed, key) {
  if (key === "-" || key === "−") return { value: null, typed: "-" };
  if (!/^\d$/.test(key)) return { value: null, typed: "" };
  const fits = (text) => Number(text) >= scale.low && Number(text) <= scale.high;
  for (const text of [typed + key, key]) if (fits(text)) return { value: Number(text) + 0, typed: text };
  return { value: null, typed: typed === "-" ? "-" : key };
}

/** The value that an arrow takes from `at` (null: nothing is at hand yet). */
export function stepped(scale, at, step) {
  if (at == null || at === NONE) return step > 0 ? scale.low : scale.high;
  return Math.min(scale.high, Math.max(scale.low, at + step));
}

/** Anchors to read while choosing: {value, words, place} of the nearest anchor below, of the value
 * itself (its words may be empty) and of the nearest above. Without a value, both ends of the scale. */
export function anchorsAround(scale, value) {
  const anchored = valuesOf(scale).filter((v) => scale.anchors[v]);
  const of = (v, place) => (v == null ? null : { value: v, words: scale.anchors[v] ?? "", place });
  if (value == null || value === NONE) return anchored.length ? [of(anchored[0], "end"), of(anchored.at(-1), "end")].filter((a, n, all) => n === 0 || a.value !== all[0].value) : [];
  return [of(anchored.findLast((v) => v < value), "below"), of(value, "at"), of(anchored.find((v) => v > value), "above")].filter(Boolean);
}

/** What a segment is called: "Segment 3, 10:00 – 15:00". */
export function segmentName(segments, segment) {
  if (!segment) return "the whole session";
  const [start, end] = segments[segment - 1];
  return `${clock(start)} – ${clock(end)}`;
}

/** The operation that rates; `answer` null takes the rating away. */
export function rate(scale, segment, answer) {
  const values = { scale, segment, value: answer === NONE || answer == null ? null : answer, no_evidence: answer === NONE };
  return { operations: [{ kind: "rate", values }] };
}

// ---- evidence -----------------------------------------------------------------------------

/** Evidence of one rating among `evidence`. */
export const evidenceOf = (evidence, scale, segment) => evidence.filter((e) => e.scale === scale && e.segment === segment);

/** Link a rating to an event or a unit, or take the link away where it stands already. */
export function toggleLink(evidence, { scale, segment }, { event = null, unit = null }) {
  const stands = evidenceOf(evidence, scale, segment).some((e) => (event ? e.event === event : e.unit === unit));
  const values = { scale, segment, ...(event ? { event } : { unit }), linked: !stands };
  return { operations: [{ kind: "link", values }], linked: !stands };
}

/** The place that evidence would be linked to: the active one; else the only rating of the code's
 * dimension, for the segment in which the event starts; else null. */
export function placeFor(event, code, scheme, segments, active) {
  if (active) return active;
  const same = scheme.ratings.filter((scale) => scale.dimension && scale.dimension === code?.dimension);
  if (same.length !== 1) return null;
  const [scale] = same;
  const segment = scale.each_segment ? segmentAt(segments, event.start_ms) : 0;
  return scale.each_segment && !segment ? null : { scale: scale.id, segment };
}
