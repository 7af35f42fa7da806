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

/** What every scheme has beside its own codes: a stretch that cannot be coded, and why. */
export const NOT_OBSERVABLE = "not_observable";
const REASONS = { id: "reason", label: "Why", required: true, several: false, options: [["inaudible", "Inaudible"], ["off_camera", "Off camera"], ["frozen", "Picture frozen"]].map(([id, label]) => ({ id, label, key: "", direct: "" })) };
export const NOT_OBSERVABLE_CODE = {
  id: NOT_OBSERVABLE,
  label: "Not observable",
  key: "",
  kind: "state",
  group: null,
  colour: "#6b7280",
  dimension: "",
  definition: "A stretch that cannot be coded. It does not count into rates, and agreement tells where it lay.",
  modifiers: [REASONS],
  ask: [],
};

/** Events that have begun and not ended, oldest first: of state codes, and what is not observable. */
export function openStates(content, scheme) {
  const states = new Set([NOT_OBSERVABLE, ...scheme.codes.filter((c) => c.kind === "state").map((c) => c.id)]);
  return content.events.filter((e) => e.end_ms == null && states.has(e.code));
}

/** The moment a press means, {at_ms, lag_ms}: the rater's reaction lag taken off while it plays, more
 * at a higher speed, but never to before the observation window. `lag_ms` is what was taken off. */
export function instant(at_ms, { lag_ms = 0, speed = 1, playing = false }, windows) {
  const meant = Math.max(0, at_ms - (playing ? Math.round(lag_ms * speed) : 0));
  const window = windowAt(windows, meant) ?? windowAt(windows, at_ms);
  if (!window) return { at_ms, lag_ms: 0 };
  const at = Math.max(meant, window[0]);
  return { at_ms: at, lag_ms: Math.max(0, at_ms - at) };
}

/** Whether a press of this code codes the selected unit of the transcript and not the moment. */
export function ofUnit(code, scheme) {
  return code.kind === "utterance" || (code.kind === "point" && scheme.unit === "utterance");
}

/** A code's key at `at_ms`: a point event; or a state begins (`began`), or the open one of this code ends.
 *
 * `values` come with the new event: modifiers, who, whom, lag_ms. A state coded in one stroke with
 * another option than the open one has ends that and begins anew.
 */
export function press(code, at_ms, content, scheme, windows, values = {}) {
  const open = openStates(content, scheme);
  const own = open.filter((e) => e.code === code.id).at(-1);
  const anew = values.modifiers?.length && code.id !== NOT_OBSERVABLE && !values.modifiers.every((m) => own?.modifiers.includes(m));
  if (own && !anew) return end(own, at_ms, scheme, windows);
  if (!windowAt(windows, at_ms)) return refuse(outside(windows, at_ms));
  const event = newId();
  const add = { kind: "add", event, code: code.id, start_ms: at_ms, end_ms: null, values: said(values) };
  if (code.kind === "point") return { operations: [add], select: event };
  const operations = [];
  const ended = [];
  for (const other of open) {
    if (other !== own && (!code.group || codeOf(scheme, other.code).group !== code.group)) continue;
    const closing = end(other, at_ms, scheme, windows);
    if (closing.refused) return closing;
    operations.push(...closing.operations);
    ended.push(codeOf(scheme, other.code).label);
  }
  const sentence = ended.length ? `${ended.join(" and ")} ended, ${code.label} began.` : undefined;
  return { operations: [...operations, add], select: event, began: event, sentence };
}

/** A code for the selected unit {id, start_ms, end_ms}; another one of its group on that unit gives way.
 * `isThere(event)`: whether an event is a code of that unit. */
export function pressUnit(code, unit, content, scheme, windows, values = {}, isThere = (event) => event.unit === unit.id) {
  if (!unit) return refuse(`${code.label} is said of an utterance: choose one in the transcript first.`);
  const window = windows.length ? windows.find(([start, stop]) => unit.start_ms < stop && (unit.end_ms > start || unit.start_ms >= start)) : [0, Infinity];
  if (!window) return refuse(outside(windows, unit.start_ms));
  const there = content.events.filter(isThere);
  const same = there.find((e) => e.code === code.id);
  if (same) {
    if (!values.modifiers?.length) return { operations: [], select: same.id, sentence: `This utterance is already coded ${code.label}; Del takes it off.` };
    return { ...amend(same, { modifiers: merged(code, same.modifiers, values.modifiers) }), sentence: undefined };
  }
  const gone = there.filter((e) => code.group && codeOf(scheme, e.code).group === code.group);
  const event = newId();
  const add = { kind: "add", event, code: code.id, start_ms: unit.start_ms, end_ms: Math.min(unit.end_ms, window[1]), values: said({ ...values, unit: unit.id, lag_ms: 0 }) };
  return {
    operations: [...gone.map((e) => ({ kind: "amend", event: e.id, values: { deleted: true } })), add],
    select: event,
    sentence: gone.length ? `${code.label} instead of ${gone.map((e) => codeOf(scheme, e.code).label).join(" and ")}.` : undefined,
  };
}

/** Start a stretch that cannot be observed, for the reason last given, or end the open one. */
export function notObservable(at_ms, content, scheme, windows, lag_ms = 0) {
  const last = content.events.findLast((e) => e.code === NOT_OBSERVABLE);
  return press(NOT_OBSERVABLE_CODE, at_ms, content, scheme, windows, { modifiers: [last?.modifiers[0] ?? "reason:inaudible"], lag_ms });
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

/** Delete an event. It can be taken back: `key` does, as it is printed; empty where no key does. */
export function remove(event, scheme, key = "") {
  return {
    operations: [{ kind: "amend", event: event.id, values: { deleted: true } }],
    sentence: `${codeOf(scheme, event.code).label} at ${clock(event.start_ms)} deleted.${key ? ` ${key} brings it back.` : ""}`,
  };
}

/** The code of that id; one that the scheme does not have is shown by its id. */
export function codeOf(scheme, id) {
  if (id === NOT_OBSERVABLE) return NOT_OBSERVABLE_CODE;
  return scheme.codes.find((c) => c.id === id) ?? { id, label: id, key: "", kind: "point", group: null, colour: "" };
}

/** Modifiers with `more` put in, one answer for each set that takes one, in the scheme's order. */
export function merged(code, modifiers, more) {
  const sets = code.modifiers ?? [];
  const setOf = (m) => m.slice(0, m.indexOf(":"));
  const single = new Set(sets.filter((set) => !set.several).map((set) => set.id));
  const replaced = new Set(more.map(setOf).filter((set) => single.has(set)));
  const chosen = new Set([...modifiers.filter((m) => !replaced.has(setOf(m))), ...more]);
  const known = sets.flatMap((set) => set.options.map((option) => `${set.id}:${option.id}`));
  return known.filter((m) => chosen.has(m));
}

/** Only what is said: an event keeps nothing that is empty. */
function said(values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => (Array.isArray(value) ? value.length : value)));
}

function outside(windows, at_ms) {
  const next = windows.find(([start]) => start > at_ms);
  const where = `${clock(at_ms)} lies outside the observation window`;
  return next ? `${where}; it goes on at ${clock(next[0])}.` : `${where}, which ended at ${clock(windows.at(-1)[1])}.`;
}
