/** What a code asks beyond itself: its modifiers, who did it, and to whom. Pure.
 *
 * A question is {id, label, required, several, options: [{id, label, key, chosen}]}. `id` is a modifier's,
 * or "who" or "whom". One keystroke answers.
 */

import { merged } from "./coding.js";
import { shortly } from "./format.js";

const DIGITS = "123456789";
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** People whom `code` can mean as "who" or "whom"; `who` is known already, or "". */
export function candidates(code, people, which, who = "") {
  const kind = code.who === "both" ? "" : (code.who ?? "");
  const doers = kind === "clients" ? people.filter((p) => p.role !== "provider") : kind ? people.filter((p) => p.role === kind) : people;
  if (which === "who") return doers;
  const doer = who || (doers.length === 1 ? doers[0].id : "");
  return people.filter((p) => p.id !== doer);
}

/** Ids of the single people who did `event`: whom the rater named, else the only one who can be meant. The whole family
 * did what each of its members did. The twin of `done_by` in `workbench/model/session_people.py`. */
export function doneBy(code, event, people) {
  const meant = event.who ? people.filter((p) => p.id === event.who) : candidates(code, people, "who");
  if (meant.length !== 1) return [];
  const [{ id, role }] = meant;
  const members = people.filter((p) => p.role === role && p.id.startsWith(`${id}-`)).map((p) => p.id);
  return members.length ? members : [id];
}

/** What goes with a new event without a question: where only one person can be meant. */
export function presumed(code, people) {
  const ask = code.ask ?? [];
  const only = (which, who) => {
    const found = ask.includes(which) ? candidates(code, people, which, who) : [];
    return found.length === 1 ? found[0].id : "";
  };
  const who = only("who");
  const whom = only("whom", who);
  return { ...(who ? { who } : {}), ...(whom ? { whom } : {}) };
}

/** What `code` asks about `event`. `busy(key)`: the code that the key codes, if any.
 *
 * A key of another code still codes it while the question stands: an option of that key is given another one.
 */
export function questions(code, event, people, busy = () => undefined) {
  const codesOther = (key) => Boolean(key) && busy(key) !== undefined && busy(key) !== code.id;
  const own = (key) => (codesOther(key) ? "" : key);
  const asked = (code.modifiers ?? []).map((set) => ({
    id: set.id,
    label: set.label,
    required: set.required,
    several: set.several,
    options: set.options.map((o) => ({ id: o.id, label: o.label, key: own((o.key ?? "").toLowerCase()), chosen: event.modifiers.includes(`${set.id}:${o.id}`) })),
  }));
  for (const which of ["who", "whom"]) {
    if (!(code.ask ?? []).includes(which)) continue;
    const meant = candidates(code, people, which, event.who);
    if (meant.length < 2) continue;
    asked.push({ id: which, label: which === "who" ? "Who" : "To whom", required: false, several: false, options: meant.map((p) => ({ id: p.id, label: p.label, key: "", chosen: event[which] === p.id })) });
  }
  const used = new Set(asked.flatMap((q) => q.options.map((o) => o.key)));
  const free = [...DIGITS, ...LETTERS].filter((key) => !used.has(key) && busy(key) === undefined);
  for (const question of asked) for (const option of question.options) if (!option.key) option.key = free.shift() ?? "";
  return asked;
}

/** The values of an event after `option` of `question` was chosen. Chosen again it is taken back, unless one answer is required. */
export function answer(code, event, question, option) {
  if (question.id === "who" || question.id === "whom") {
    const value = event[question.id] === option.id ? "" : option.id;
    const both = question.id === "who" && value && value === event.whom;
    return { [question.id]: value, ...(both ? { whom: "" } : {}) };
  }
  const modifier = `${question.id}:${option.id}`;
  if (!event.modifiers.includes(modifier) || (question.required && !question.several)) return { modifiers: merged(code, event.modifiers, [modifier]) };
  return { modifiers: event.modifiers.filter((m) => m !== modifier) };
}

/** Whether nothing is left to ask: each question that takes one answer has one, and none takes several. */
export function answered(asked) {
  return asked.every((q) => !q.several && q.options.some((o) => o.chosen));
}

/** What is said of an event, in words: ["Strong", "to Patient 2"]. */
export function inWords(code, event, people) {
  const label = (id) => people.find((p) => p.id === id)?.label ?? id;
  const options = (code.modifiers ?? []).flatMap((set) => set.options.filter((o) => event.modifiers.includes(`${set.id}:${o.id}`)).map((o) => shortly(o.label)));
  return [...options, ...(event.who ? [label(event.who)] : []), ...(event.whom ? [`to ${label(event.whom)}`] : [])];
}
