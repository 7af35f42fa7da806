/** Ratings as answers to what a scheme asks: what a key means, what an answer says, what it rests on. Pure.
 *
 * An answer is a number, NONE ("no evidence"), or null while there is none; it stands at a place of `rating-places.js`.
 */

import { doneBy } from "./asking.js";
import { placeKey, samePlace, segmentAt } from "./rating-places.js";

export const NONE = "none";

/** Values beyond this number are written into a field instead of being chosen from a row. */
export const LONGEST_ROW = 15;

/** Map of `placeKey` → answer for ratings that have one. */
export function answersOf(ratings) {
  const answers = new Map();
  for (const rating of ratings) {
    if (rating.no_evidence) answers.set(placeKey(rating), NONE);
    else if (rating.value != null) answers.set(placeKey(rating), rating.value);
  }
  return answers;
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
  if (!anchored.length) return []; // a scale without words has nothing to lie between
  const of = (v, place) => (v == null ? null : { value: v, words: scale.anchors[v] ?? "", place });
  if (value == null || value === NONE) return [of(anchored[0], "end"), of(anchored.at(-1), "end")].filter((a, n, all) => n === 0 || a.value !== all[0].value);
  return [of(anchored.findLast((v) => v < value), "below"), of(value, "at"), of(anchored.find((v) => v > value), "above")].filter(Boolean);
}

/** The operation that rates; `answer` null takes the rating away. */
export function rate(place, answer) {
  const values = { ...said(place), value: answer === NONE || answer == null ? null : answer, no_evidence: answer === NONE };
  return { operations: [{ kind: "rate", values }] };
}

/** A place as operations say it: a person only where one is rated. */
const said = ({ scale, segment, person }) => ({ scale, segment, ...(person ? { person } : {}) });

// ---- evidence -----------------------------------------------------------------------------

/** Evidence of one rating among `evidence`. */
export const evidenceOf = (evidence, place) => evidence.filter((e) => samePlace(e, place));

/** Link a rating to an event or a unit, or take the link away where it stands already. */
export function toggleLink(evidence, place, { event = null, unit = null }) {
  const stands = evidenceOf(evidence, place).some((e) => (event ? e.event === event : e.unit === unit));
  const values = { ...said(place), ...(event ? { event } : { unit }), linked: !stands };
  return { operations: [{ kind: "link", values }], linked: !stands };
}

/** The place that evidence would be linked to: the active one; else the only rating of the code's dimension, for the
 * segment in which the event starts, or for the one person who did it; else null. */
export function placeFor(event, code, scheme, segments, active, people = []) {
  if (active) return active;
  const same = scheme.ratings.filter((scale) => scale.dimension && scale.dimension === code?.dimension);
  if (same.length !== 1) return null;
  const [scale] = same;
  if (scale.people?.length) {
    const [person, ...others] = doneBy(code, event, people).filter((id) => scale.people.includes(id));
    return person && !others.length ? { scale: scale.id, segment: 0, person } : null;
  }
  const segment = scale.each_segment ? segmentAt(segments, event.start_ms) : 0;
  return scale.each_segment && !segment ? null : { scale: scale.id, segment, person: "" };
}
