/** Where events lie on a lane: levels for those that overlap, and the few that a view shows, found by bisection. */

/** Index of the first element that is `reached`, in an array where all after it are too; its length when none is. */
export function firstWhere(n, reached) {
  let low = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** A lane's events laid out. `events` come sorted by start; a state still open reaches to the end.
 *
 * {events, levels, depth, ends, reach}: `levels[i]` is the row inside the lane on which event i lies, so
 * that no stretch covers another; moments lie on the first free row, over a stretch where none is free.
 * `reach[i]` is the latest end among the events up to i.
 */
export function laidOut(events) {
  const n = events.length;
  const levels = new Uint8Array(n);
  const ends = new Float64Array(n);
  const reach = new Float64Array(n);
  const free = []; // per level: until when it is taken
  let latest = -Infinity;
  for (let i = 0; i < n; i++) {
    const event = events[i];
    const state = isStretch(event);
    const end = state ? (event.end_ms ?? Infinity) : event.start_ms;
    let level = free.findIndex((until) => until <= event.start_ms);
    if (state) {
      if (level < 0) level = free.length;
      free[level] = end;
    }
    levels[i] = Math.max(0, level);
    ends[i] = end;
    reach[i] = latest = Math.max(latest, end);
  }
  return { events, levels, depth: Math.max(1, free.length), ends, reach };
}

/** Indices [first, end) among which lie all events that touch from_ms … to_ms. */
export function touching({ events, reach }, from_ms, to_ms) {
  const first = firstWhere(events.length, (i) => reach[i] >= from_ms);
  return [first, Math.max(first, firstWhere(events.length, (i) => events[i].start_ms > to_ms))];
}

/** The event at a pixel of a lane, nearest first, within `tolerance`: {event, part: "start" | "end" | "whole"} or null.
 *
 * `x(ms)` gives pixels; `level` the row inside the lane, or null for any. Edges win over insides, and a
 * moment over the stretch it lies on.
 */
export function eventAt(lane, at_x, { x, ms, level = null, tolerance = 7, edge = 5 }) {
  const [first, end] = touching(lane, ms(at_x - tolerance), ms(at_x + tolerance));
  let best = null;
  for (let i = first; i < end; i++) {
    const event = lane.events[i];
    const stretch = isStretch(event);
    if (level != null && level !== lane.levels[i] && (stretch || lane.depth > 1)) continue;
    const left = x(event.start_ms);
    const right = stretch ? x(Math.min(lane.ends[i], ms(at_x) + 1e6)) : left;
    const outside = Math.max(left - at_x, at_x - right, 0);
    if (outside > tolerance) continue;
    const part = stretch ? partAt(at_x, left, right, event.end_ms == null, edge) : "whole";
    // a moment first, then an edge, then the shortest stretch
    const rank = stretch ? (part === "whole" ? 2000 : 1000) + outside : Math.abs(left - at_x);
    if (!best || rank < best.rank || (rank === best.rank && right - left < best.wide)) best = { event, part, rank, wide: right - left };
  }
  return best && { event: best.event, part: best.part };
}

function partAt(at, left, right, open, edge) {
  const inner = right - left > 4 * edge ? edge : 0; // a short stretch is held by its outsides, moved by its inside
  if (at <= left + inner) return "start";
  if (at >= right - inner && !open) return "end";
  return "whole";
}

export function isStretch(event) {
  return event.kind === "state" || (event.kind !== "point" && event.end_ms != null);
}
