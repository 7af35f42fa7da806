/** What a scheme asks to be rated in this session. Pure.
 *
 * A rating belongs to a place {scale, segment, person}: segment 0 is the whole session, segment n the n-th of
 * `payload.segments`; `person` is empty where no single one is rated. A scale's `people` are the ids of those whom it
 * rates one by one.
 */

import { clock } from "./format.js";

/** A key for a place in maps. */
export const placeKey = ({ scale, segment, person = "" }) => `${segment}/${person}/${scale}`;

export const samePlace = (a, b) => Boolean(a && b) && placeKey(a) === placeKey(b);

/** The places that a scale is rated for. */
export function placesOf(scale, segments) {
  if (scale.people?.length) return scale.people.map((person) => ({ scale: scale.id, segment: 0, person }));
  return (scale.each_segment ? segments.map((_, n) => n + 1) : [0]).map((segment) => ({ scale: scale.id, segment, person: "" }));
}

/** How many ratings the scheme asks for, and how many there are. */
export function progress(scheme, segments, answers) {
  const places = scheme.ratings.flatMap((scale) => placesOf(scale, segments));
  return { asked: places.length, done: places.filter((place) => answers.has(placeKey(place))).length };
}

/** Scales of a segment that have no answer yet. */
export function missingIn(segment, scheme, answers) {
  return scheme.ratings.filter((scale) => scale.each_segment && !answers.has(placeKey({ scale: scale.id, segment })));
}

/** Scales on which a person is rated. */
export const scalesOf = (person, scheme) => scheme.ratings.filter((scale) => scale.people?.includes(person));

/** Scales on which a person has no answer yet. */
export function missingOf(person, scheme, answers) {
  return scalesOf(person, scheme).filter((scale) => !answers.has(placeKey({ scale: scale.id, segment: 0, person })));
}

/** The people whom some scale rates one by one, in the session's order: [{id, label}]. */
export const ratedPeople = (scheme, people = []) => people.filter(({ id }) => scalesOf(id, scheme).length);

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

/** What a segment is called: "10:00 – 15:00". */
export function segmentName(segments, segment) {
  if (!segment) return "the whole session";
  const [start, end] = segments[segment - 1];
  return `${clock(start)} – ${clock(end)}`;
}

/** What a person is called: "Family member 2". */
export const personName = (people, person) => people?.find(({ id }) => id === person)?.label ?? person;

/** What a place is given for, behind a comma or "for"; empty where that is the session. */
export function placeName({ segment, person }, segments, people) {
  return person ? personName(people, person) : segment ? segmentName(segments, segment) : "";
}
