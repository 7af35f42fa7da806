/** The rater's own codes beside the rating that is open, counted a moment after anything changed. */

import { doneBy } from "./asking.js";
import { codeOf } from "./coding.js";
import { segmentAt } from "./rating-places.js";
import { slices, tally } from "./tallies.js";

const COUNT_AFTER_MS = 150;
const MINUTE_MS = 60_000;

export class RatingTallies {
  /** `open()` = {card, place, events, now_ms} of the open rating, or null where none is seen. */
  constructor({ scheme, segments, windows, people, open }) {
    Object.assign(this, { scheme, people, open, inSegments: segments.length > 0, spans: slices(windows, segments) });
  }

  soon() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#count(), COUNT_AFTER_MS);
  }

  destroy() {
    clearTimeout(this.waiting);
  }

  #count() {
    const open = this.open();
    if (!open) return;
    const { card, place, events, now_ms } = open;
    const own = place.person ? events.filter((e) => doneBy(codeOf(this.scheme, e.code), e, this.people).includes(place.person)) : events;
    const now = this.inSegments ? place.segment : segmentAt(this.spans, now_ms);
    card.count(tally(own, this.scheme, this.spans, card.scale.dimension), this.spans, now, this.#each());
  }

  /** What a column of the table stands for. */
  #each() {
    if (this.inSegments) return "segment";
    const [[start, end]] = this.spans;
    return `${Math.round((end - start) / MINUTE_MS) || 5} min`;
  }
}
