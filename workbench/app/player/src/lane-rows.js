/** Which lanes there are and what lies on them. */

import { codeOf, NOT_OBSERVABLE, NOT_OBSERVABLE_CODE } from "./coding.js";
import { safeColour } from "./dom.js";

const A_LANE_EACH = 8;
const HIDDEN_LANE = NOT_OBSERVABLE_CODE.label;

/** Lanes while coding: one for each code, or for each dimension where there are many codes.
 *
 * `rows(events)` gives the very same row as the last time where nothing on it changed, so that only what
 * changed is laid out again; events that are the same objects as before keep what is drawn of them.
 */
export class CodingRows {
  #drawn = new WeakMap();
  #rows = new Map();

  constructor(scheme) {
    this.scheme = scheme;
    this.each = scheme.codes.length <= A_LANE_EACH;
    this.codes = new Map(scheme.codes.map((code) => [code.id, code]));
  }

  rows(events) {
    const lanes = new Map(this.scheme.codes.map((code) => [this.#laneOf(code), []]));
    for (const event of events) {
      const shown = this.#shown(event);
      if (!lanes.has(shown.lane)) lanes.set(shown.lane, []);
      lanes.get(shown.lane).push(shown);
    }
    const found = [];
    for (const [label, list] of lanes) {
      const before = this.#rows.get(label);
      const same = before && before.events.length === list.length && list.every((event, i) => event === before.events[i]);
      if (!same) this.#rows.set(label, { label, events: list });
      found.push(this.#rows.get(label));
    }
    return found;
  }

  #laneOf(code) {
    return this.each ? code.label : code.dimension || code.group || "Other codes";
  }

  #shown(event) {
    let shown = this.#drawn.get(event);
    if (!shown) {
      if (event.code === NOT_OBSERVABLE) {
        // the band over the whole track says why
        shown = { ...event, ...drawing(NOT_OBSERVABLE_CODE), label: `${HIDDEN_LANE}: ${whyHidden(event)}`, lane: HIDDEN_LANE, text: "" };
      } else {
        const code = this.codes.get(event.code) ?? codeOf(this.scheme, event.code);
        shown = { ...event, ...drawing(code), lane: this.#laneOf(code), text: this.each ? "" : code.label };
        if (code.kind === "utterance") shown.kind = event.end_ms == null ? "point" : "state";
      }
      this.#drawn.set(event, shown);
    }
    return shown;
  }
}

/** Why a stretch could not be observed, in words. */
export function whyHidden(event) {
  const [reasons] = NOT_OBSERVABLE_CODE.modifiers;
  return reasons.options.find((option) => event.modifiers?.includes(`${reasons.id}:${option.id}`))?.label ?? HIDDEN_LANE;
}

/** In review: a lane for each coding that is compared. */
export function reviewRows(lanes, scheme) {
  return lanes.map((lane) => ({
    label: lane.label,
    events: lane.events
      .map((event) => {
        const code = codeOf(scheme, event.code);
        return { ...event, ...drawing(code), lane: lane.label, text: code.label };
      })
      .sort((a, b) => a.start_ms - b.start_ms),
  }));
}

function drawing(code) {
  return { kind: code.kind, label: code.label, colour: safeColour(code.colour) };
}
