/** Where the rater is among the places of a session: at which segment, with which person, and which segment waits. No page. */

import { missingIn, missingOf, passedEnd, placeKey, placesOf, ratedPeople, scalesOf, segmentAt } from "./rating-places.js";

export class Whereabouts {
  constructor({ scheme, segments, people }) {
    const rated = ratedPeople(scheme, people);
    Object.assign(this, { scheme, segments, people: rated, segment: segments.length ? 1 : 0, person: rated[0]?.id ?? "", following: true, due: 0 });
  }

  /** The place of a scale here; null where it does not rate the person at hand. */
  placeOf(scale) {
    if (scale.people?.length) return scale.people.includes(this.person) ? { scale: scale.id, segment: 0, person: this.person } : null;
    return { scale: scale.id, segment: scale.each_segment ? this.segment : 0, person: "" };
  }

  /** Whether a place is among those here. */
  has(place) {
    return (!place.segment || place.segment === this.segment) && (!place.person || place.person === this.person);
  }

  /** The segment that the sound has come to, 0 where there is none or the panel is there already. */
  ahead(ms, answers) {
    const here = segmentAt(this.segments, ms);
    if (!here || here === this.segment) return 0;
    // just past the end of a segment whose ratings are missing: it stays until it is rated
    if (this.due && this.segment === this.due && here === this.due + 1 && missingIn(this.due, this.scheme, answers).length) return 0;
    return here;
  }

  /** The sound is at `ms`: the segment whose end it passed while ratings of it are missing is due from now on; 0 for none. */
  passed(ms, playing, answers) {
    const passed = playing && this.segments.length ? passedEnd(this.segments, this.lastMs ?? ms, ms) : 0;
    this.lastMs = ms;
    if (!passed || !missingIn(passed, this.scheme, answers).length) return 0;
    return (this.due = passed);
  }

  /** How many ratings the segment that is due still lacks; lacking none it is due no longer. */
  left(answers) {
    const left = this.due ? missingIn(this.due, this.scheme, answers).length : 0;
    if (!left) this.due = 0;
    return left;
  }

  /** What comes `step` segments or persons on, {segment} or {person}, beside a rating of `scale`; null where nothing does. */
  next(scale, step) {
    const persons = this.people.length > 1 && (scale?.people?.length > 0 || !(scale?.each_segment || this.segments.length));
    if (persons) {
      const at = this.people.findIndex(({ id }) => id === this.person) + step;
      return { person: this.people[Math.min(this.people.length - 1, Math.max(0, at))].id };
    }
    if (!this.segments.length) return null;
    return { segment: Math.min(this.segments.length, Math.max(1, this.segment + step)) };
  }

  /** The first rating that is missing here, else that of another person; without one the `last`, else the first here. */
  firstMissing(isMissing, last = null) {
    const here = this.scheme.ratings.map((scale) => this.placeOf(scale)).filter(Boolean);
    const elsewhere = () => this.scheme.ratings.filter((scale) => scale.people?.length).flatMap((scale) => placesOf(scale, [])).filter(isMissing);
    // the persons in their order, not scale by scale
    const rank = ({ person }) => this.people.findIndex(({ id }) => id === person);
    return here.find(isMissing) ?? elsewhere().sort((a, b) => rank(a) - rank(b))[0] ?? last ?? here[0] ?? null;
  }

  /** [rated, asked] of a person. */
  rated(person, answers) {
    const asked = scalesOf(person, this.scheme).length;
    return [asked - missingOf(person, this.scheme, answers).length, asked];
  }

  /** Whether, where persons are rated, nothing is left to do at a place: of its person, or in itself. */
  isDone(place, answers) {
    if (place.person) return !missingOf(place.person, this.scheme, answers).length;
    return this.people.length > 0 && answers.has(placeKey(place));
  }
}
