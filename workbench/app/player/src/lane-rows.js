/** Which lanes there are and what lies on them. */

import { codeOf } from "./coding.js";
import { safeColour } from "./dom.js";

const A_LANE_EACH = 8;

/** While coding: a lane for each code, or for each dimension where there are many codes. */
export function codingRows(events, scheme) {
  const each = scheme.codes.length <= A_LANE_EACH;
  const laneOf = (code) => (each ? code.label : code.dimension || code.group || "Other codes");
  const rows = new Map(scheme.codes.map((code) => [laneOf(code), { label: laneOf(code), events: [] }]));
  for (const event of events) {
    const code = codeOf(scheme, event.code);
    const label = laneOf(code);
    if (!rows.has(label)) rows.set(label, { label, events: [] });
    rows.get(label).events.push({ ...event, ...drawing(code), text: each ? "" : code.label });
  }
  return [...rows.values()];
}

/** In review: a lane for each coding that is compared. */
export function reviewRows(lanes, scheme) {
  return lanes.map((lane) => ({
    label: lane.label,
    events: lane.events.map((event) => {
      const code = codeOf(scheme, event.code);
      return { ...event, ...drawing(code), lane: lane.label, text: code.label };
    }),
  }));
}

function drawing(code) {
  return { kind: code.kind, label: code.label, colour: safeColour(code.colour) };
}
