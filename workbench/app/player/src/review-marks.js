/** Counts and order of what review shows: hits, misses, extras, differences.
 *
 * An event that was laid beside one of the other lane names it (`pair`): the two are one moment, which is counted,
 * listed and walked through once, as the Agreement screens do.
 */

import { NOT_OBSERVABLE } from "./coding.js";
import { count } from "./format.js";

export const MARKS = {
  hit: { sign: "✓", word: "hit" },
  missed: { sign: "○", word: "missed" },
  extra: { sign: "+", word: "extra" },
  differs: { sign: "≠", word: "differs" },
};

/** {hit, missed, extra, differs, agree, apart}. Hits, agreements and differences are moments; a criterion code that was missed and
 * the code given instead are one each. `apart`: events that are not counted because not both could have coded them. */
export function tally(lanes) {
  const n = { hit: 0, missed: 0, extra: 0, differs: 0, agree: 0, apart: 0 };
  for (const { mark, events } of moments(lanes)) {
    if (mark === "missed" || mark === "extra") for (const event of events) n[event.mark] += 1;
    else n[mark] += 1;
  }
  return n;
}

/** "5 hit, 1 missed, 1 extra"; of two raters, of whom neither is right, "Agree on 1 of 3", as Agreement says it. */
export function summary(lanes) {
  const n = tally(lanes);
  const compared = lanes.some((lane) => lane.events.some((e) => e.mark || e.pair));
  if (!compared) return lanes.map((lane) => `${lane.label}: ${count(lane.events.filter((e) => e.code !== NOT_OBSERVABLE).length, "code")}`).join(", ");
  if (lanes.some((lane) => lane.events.some((e) => JUDGED.has(e.mark)))) return `${n.hit} hit, ${n.missed} missed, ${n.extra} extra`;
  const total = n.agree + n.differs;
  const apart = n.apart ? ` · ${n.apart} not counted` : "";
  return `Agree on ${n.differs ? `${n.agree} of ${total}` : `all ${total}`}${apart}`;
}

/** All lanes in time order, each event with its lane's label; a hit, which stands on both, once. */
export function listed(lanes) {
  const told = lanes.findIndex((lane) => lane.events.some((e) => e.mark === "hit"));
  return lanes
    .flatMap((lane, row) => lane.events.map((event) => ({ ...event, lane: lane.label, row })))
    .filter((event) => event.mark !== "hit" || event.row === told)
    .sort((a, b) => a.start_ms - b.start_ms || a.row - b.row);
}

/** The moments on which the lanes do not agree, in order of time: [{at_ms, events: [one of each lane that has one]}]. */
export function disagreements(lanes) {
  return moments(lanes).filter(({ mark }) => mark === "differs" || mark === "missed" || mark === "extra");
}

/** The disagreement after that of the event `id`, else after `at_ms`; past the last one the first, which is then `again`. Null
 * where there is none. */
export function nextDisagreement(lanes, { id = null, at_ms = -1 } = {}) {
  const open = disagreements(lanes);
  if (!open.length) return null;
  const here = open.findIndex(({ events }) => events.some((e) => e.id === id));
  const at = here >= 0 ? here + 1 : open.findIndex((each) => each.at_ms > at_ms);
  const again = at < 0 || at >= open.length;
  return { ...open[again ? 0 : at], again };
}

/** The disagreement that holds one of these events, or null. */
export function disagreementOf(lanes, ids) {
  return disagreements(lanes).find(({ events }) => events.some((e) => ids.includes(e.id))) ?? null;
}

const JUDGED = new Set(["hit", "missed", "extra"]);

/** Every event of the lanes once, with the one it was laid beside: {at_ms, mark, events}, in order of time. */
function moments(lanes) {
  const all = lanes.flatMap((lane, row) => lane.events.map((event) => ({ ...event, lane: lane.label, row }))).filter((e) => e.code !== NOT_OBSERVABLE);
  const by = new Map(all.map((event) => [event.id, event]));
  const told = new Set();
  const found = [];
  for (const event of all) {
    if (told.has(event.id)) continue;
    const events = [event, by.get(event.pair)].filter(Boolean).sort((a, b) => a.start_ms - b.start_ms || a.row - b.row);
    for (const each of events) told.add(each.id);
    found.push({ at_ms: events[0].start_ms, mark: event.mark ?? (event.pair ? "agree" : "apart"), events });
  }
  return found.sort((a, b) => a.at_ms - b.at_ms || a.events[0].row - b.events[0].row);
}
