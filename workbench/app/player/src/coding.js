/** What a press means: pure rules from the present content to the operations of one act.
 *
 * Every function returns {operations, sentence?, refused?, select?}; `operations` are partial
 * (kind, event, code, start_ms, end_ms, values) and get their id and instant from the ledger.
 */

import { clock } from "./format.js";
import { newId } from "./ids.js";

const refuse = (sentence) => ({ operations: [], refused: true, sentence });

/** The observation window around `at_ms`, or null outside all of them. No windows: all is in. */
export function windowAt(windows, at_ms) {
  if (!windows.length) return [0, Infinity];
  return windows.find(([start, end]) => start <= at_ms && at_ms < end) ?? null;
}

/** Events of state codes that have begun and not ended, oldest first. */
export function openStates(content, scheme) {
  const states = new Set(scheme.codes.filter((c) => c.kind === "state").map((c) => c.id));
  return content.events.filter((e) => e.end_ms == null && states.has(e.code));
}

/** A code's key at `at_ms`: a point event; or a state begins, or the open one of this code ends. */
export function press(code, at_ms, content, scheme, windows) {
  const open = openStates(content, scheme);
  const own = open.filter((e) => e.code === code.id).at(-1);
  if (own) return end(own, at_ms, scheme, windows);
  if (!windowAt(windows, at_ms)) return refuse(outside(windows, at_ms));
  const event = newId();
  const add = { kind: "add", event, code: code.id, start_ms: at_ms, end_ms: null, values: {} };
  if (code.kind === "point") return { operations: [add], select: event };
  const operations = [];
  const ended = [];
  for (const other of open) {
    if (!code.group || codeOf(scheme, other.code).group !== code.group) continue;
    const closing = end(other, at_ms, scheme, windows);
    if (closing.refused) return closing;
    operations.push(...closing.operations);
    ended.push(codeOf(scheme, other.code).label);
  }
  const sentence = ended.length ? `${ended.join(" and ")} ended, ${code.label} began.` : undefined;
  return { operations: [...operations, add], select: event, sentence };
}

/** End an open state at `at_ms`, or at the edge of the window in which it began. */
export function end(event, at_ms, scheme, windows) {
  const { label } = codeOf(scheme, event.code);
  const [, edge] = windowAt(windows, event.start_ms) ?? [0, Infinity];
  const end_ms = Math.min(at_ms, edge);
  if (end_ms < event.start_ms) return refuse(`${label} began at ${clock(event.start_ms)}, later than here; it stays open.`);
  if (end_ms === event.start_ms) return refuse(`${label} began just here; play on, then end it.`);
  return {
    operations: [{ kind: "amend", event: event.id, values: { end_ms } }],
    select: event.id,
    sentence: end_ms < at_ms ? `${label} ended at the edge of the observation window, ${clock(end_ms)}.` : undefined,
  };
}

/** Change some values of an event. */
export function amend(event, values) {
  return { operations: [{ kind: "amend", event: event.id, values }], select: event.id };
}

/** Delete an event. It can be taken back. */
export function remove(event, scheme) {
  return {
    operations: [{ kind: "amend", event: event.id, values: { deleted: true } }],
    sentence: `${codeOf(scheme, event.code).label} at ${clock(event.start_ms)} deleted. Ctrl+Z brings it back.`,
  };
}

/** Rate the session on a scale; `value` null means "no evidence". */
export function rate(scale, value) {
  const values = { scale, segment: 0, value, no_evidence: value === null };
  return { operations: [{ kind: "rate", values }] };
}

/** What stands between this coding and its submission.
 *
 * Entries are {kind: "rating" | "open" | "unsure", id, sentence}; "unsure" does not block.
 */
export function missing(content, scheme) {
  const rated = new Set(content.ratings.filter((r) => r.value != null || r.no_evidence).map((r) => r.scale));
  const found = [];
  for (const scale of scheme.ratings) {
    if (!rated.has(scale.id)) found.push({ kind: "rating", id: scale.id, sentence: `${scale.label} is not rated.` });
  }
  for (const event of openStates(content, scheme)) {
    const { label } = codeOf(scheme, event.code);
    found.push({ kind: "open", id: event.id, sentence: `${label} is still open since ${clock(event.start_ms)}.` });
  }
  for (const event of content.events.filter((e) => e.unsure)) {
    const { label } = codeOf(scheme, event.code);
    found.push({ kind: "unsure", id: event.id, sentence: `You were unsure about ${label} at ${clock(event.start_ms)}.` });
  }
  return found;
}

/** The code of that id; one that the scheme does not have is shown by its id. */
export function codeOf(scheme, id) {
  return scheme.codes.find((c) => c.id === id) ?? { id, label: id, key: "", kind: "point", group: null, colour: "" };
}

function outside(windows, at_ms) {
  const next = windows.find(([start]) => start > at_ms);
  const where = `${clock(at_ms)} lies outside the observation window`;
  return next ? `${where}; it goes on at ${clock(next[0])}.` : `${where}, which ended at ${clock(windows.at(-1)[1])}.`;
}
