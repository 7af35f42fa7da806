/** How the chosen event changes: its times and its code. Pure rules like those of `coding.js`. */

import { codeOf, end, merged, NOT_OBSERVABLE, ofUnit, windowAt } from "./coding.js";
import { clock, clockTenths } from "./format.js";

const refuse = (sentence) => ({ operations: [], refused: true, sentence });

/** Move the start or the end: `retime(event, {start_ms})`, `{end_ms}` or both, kept within its observation window.
 * Keys, buttons and dragged edges all ask here. */
export function retime(event, times, content, scheme, windows) {
  const code = codeOf(scheme, event.code);
  if (event.unit) return refuse(`${code.label} belongs to an utterance and has its time.`);
  const point = code.kind !== "state";
  if (point && times.end_ms != null) return refuse(`${code.label} is a moment; it has no end.`);
  if (event.end_ms == null && times.end_ms != null && times.start_ms == null) return end(event, times.end_ms, scheme, windows);
  const [first, last] = windowAt(windows, event.start_ms) ?? [0, Infinity];
  const start_ms = Math.round(Math.min(Math.max(times.start_ms ?? event.start_ms, first), point ? last - 1 : last));
  const end_ms = event.end_ms == null && times.end_ms == null ? null : Math.round(Math.max(Math.min(times.end_ms ?? event.end_ms, last), first));
  if (end_ms != null && end_ms <= start_ms) return refuse(`${code.label} would end before it begins.`);
  const values = { ...(start_ms !== event.start_ms ? { start_ms } : {}), ...(end_ms !== event.end_ms ? { end_ms } : {}) };
  const held = (times.start_ms != null && Math.round(times.start_ms) !== start_ms) || (times.end_ms != null && Math.round(times.end_ms) !== end_ms);
  if (!Object.keys(values).length) return held ? refuse("That is the edge of the observation window.") : { operations: [], select: event.id };
  const other = overlapped({ ...event, start_ms, end_ms }, content, scheme);
  return {
    operations: [{ kind: "amend", event: event.id, values }],
    select: event.id,
    sentence: other ? `${code.label} and ${codeOf(scheme, other.code).label} now hold at once; only one of them can.` : spoken(code, values),
  };
}

/** Shift one edge by `by_ms`, as far as it goes: "start" or "end". */
export function nudge(event, edge, by_ms, content, scheme, windows) {
  const code = codeOf(scheme, event.code);
  if (edge === "start") return retime(event, { start_ms: event.start_ms + by_ms }, content, scheme, windows);
  if (code.kind === "state" && event.end_ms == null) return refuse(`${code.label} is still open; its key ends it.`);
  return retime(event, { end_ms: (event.end_ms ?? event.start_ms) + by_ms }, content, scheme, windows);
}

/** Give the event another code. Answers that the new code asks for as well are kept. */
export function recode(event, code, content, scheme) {
  const before = codeOf(scheme, event.code);
  if (code.id === before.id) return { operations: [], select: event.id, sentence: `It is ${code.label} already.` };
  if (event.code === NOT_OBSERVABLE || code.id === NOT_OBSERVABLE) return refuse("A stretch that cannot be observed is no code: delete it, then code.");
  if (!event.unit && ofUnit(code, scheme)) return refuse(`${code.label} is said of an utterance: choose one, then press its key.`);
  if (event.unit && !ofUnit(code, scheme)) return refuse(`${before.label} belongs to an utterance; ${code.label} does not.`);
  if (event.unit && content.events.some((e) => e.unit === event.unit && e.code === code.id)) return refuse(`This utterance is already coded ${code.label}.`);
  const values = { code: code.id, modifiers: merged(code, event.modifiers, []) };
  if (event.second_choice === code.id) values.second_choice = "";
  let sentence = `${before.label} is now ${code.label}.`;
  if (!event.unit && code.kind === "point" && event.end_ms != null) {
    values.end_ms = null;
    sentence = `${before.label} is now ${code.label}, a moment without an end.`;
  } else if (!event.unit && code.kind === "state" && event.end_ms == null && before.kind !== "state") {
    sentence = `${before.label} is now ${code.label}, open since ${clock(event.start_ms)}; its key ends it.`;
  }
  const changed = { ...event, ...values };
  const gone = event.unit && code.group ? content.events.filter((e) => e !== event && e.id !== event.id && e.unit === event.unit && codeOf(scheme, e.code).group === code.group) : [];
  const other = event.unit ? null : overlapped(changed, content, scheme);
  return {
    operations: [...gone.map((e) => ({ kind: "amend", event: e.id, values: { deleted: true } })), { kind: "amend", event: event.id, values }],
    select: event.id,
    sentence: other ? `${sentence} It and ${codeOf(scheme, other.code).label} hold at once; only one of them can.` : sentence,
  };
}

/** The first other state of the same exclusive group that shares time with `event`, or undefined. */
export function overlapped(event, content, scheme) {
  const { group, kind } = codeOf(scheme, event.code);
  if (!group || kind !== "state") return undefined;
  const until = event.end_ms ?? Infinity;
  return content.events.find((e) => {
    if (e.id === event.id || e.start_ms >= until || (e.end_ms ?? Infinity) <= event.start_ms) return false;
    const code = codeOf(scheme, e.code);
    return code.group === group && code.kind === "state";
  });
}

/** The event `step` before or after the chosen one; without a chosen one the nearest to `at_ms`. Null at the end. */
export function neighbour(events, chosen, step, at_ms) {
  const place = events.findIndex((e) => e.id === chosen);
  if (place >= 0) return events[place + step] ?? null;
  if (step > 0) return events.find((e) => e.start_ms >= at_ms) ?? null;
  return events.findLast((e) => e.start_ms <= at_ms) ?? null;
}

/** The next unsure event after the chosen one, or after `at_ms`; from the first again at the end. */
export function nextUnsure(events, chosen, at_ms) {
  const flagged = events.filter((e) => e.unsure);
  const place = events.findIndex((e) => e.id === chosen);
  const later = place >= 0 ? events.slice(place + 1).find((e) => e.unsure) : flagged.find((e) => e.start_ms > at_ms);
  return later ?? flagged[0] ?? null;
}

function spoken(code, { start_ms, end_ms }) {
  const parts = [start_ms != null ? `begins at ${clockTenths(start_ms)}` : "", end_ms != null ? `ends at ${clockTenths(end_ms)}` : ""].filter(Boolean);
  return `${code.label} ${code.kind === "state" ? parts.join(" and ") : `is at ${clockTenths(start_ms)}`}.`;
}
