/** Counts and order of what review shows: hits, misses, extras, differences. */

import { NOT_OBSERVABLE } from "./coding.js";
import { count } from "./format.js";

export const MARKS = {
  hit: { sign: "✓", word: "hit" },
  missed: { sign: "○", word: "missed" },
  extra: { sign: "+", word: "extra" },
  differs: { sign: "≠", word: "differs" },
};

/** {hit, missed, extra, differs}. A hit stands on both lanes and counts once. */
export function tally(lanes) {
  const per = lanes.map((lane) => countMarks(lane.events));
  const most = (mark) => Math.max(0, ...per.map((p) => p[mark]));
  const sum = (mark) => per.reduce((n, p) => n + p[mark], 0);
  return { hit: most("hit"), missed: sum("missed"), extra: sum("extra"), differs: most("differs") };
}

/** "5 hit, 1 missed, 1 extra"; what never occurs in this review is left out. */
export function summary(lanes) {
  const n = tally(lanes);
  const marked = lanes.some((lane) => lane.events.some((e) => e.mark));
  if (!marked) return lanes.map((lane) => `${lane.label}: ${count(lane.events.filter((e) => e.code !== NOT_OBSERVABLE).length, "code")}`).join(", ");
  if (n.differs) return `${count(n.differs, "code")} ${n.differs === 1 ? "differs" : "differ"}`; // rater beside rater: no side is right
  return `${n.hit} hit, ${n.missed} missed, ${n.extra} extra`;
}

/** All lanes in time order, each event with its lane's label; a hit, which stands on both, once. */
export function listed(lanes) {
  const told = lanes.findIndex((lane) => lane.events.some((e) => e.mark === "hit"));
  return lanes
    .flatMap((lane, row) => lane.events.map((event) => ({ ...event, lane: lane.label, row })))
    .filter((event) => event.mark !== "hit" || event.row === told)
    .sort((a, b) => a.start_ms - b.start_ms || a.row - b.row);
}

/** The next event after `at_ms` on which the lanes do not agree; from the start again at the end. */
export function nextDisagreement(lanes, at_ms) {
  const open = listed(lanes).filter((e) => e.mark && e.mark !== "hit");
  return open.find((e) => e.start_ms > at_ms) ?? open[0] ?? null;
}

function countMarks(events) {
  const n = { hit: 0, missed: 0, extra: 0, differs: 0 };
  for (const { mark } of events) if (mark in n) n[mark] += 1;
  return n;
}
