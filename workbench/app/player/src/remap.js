/** Giving an act or a code another key. Pure: from a rater's own keys to new ones, with a sentence about what moved. */

import { keyLabel } from "./format.js";
import { keyboard } from "./keys.js";

const TAKEN = new Map([
  ["escape", "Esc leaves what is open and stays."],
  ["tab", "Tab goes from control to control and stays."],
  ["shift+tab", "Tab goes from control to control and stays."],
  ...["c", "v", "x", "a", "r", "t", "w", "n", "l", "p", "s", "shift+r", "shift+t", "shift+w", "shift+n", "shift+i"].map((key) => [`ctrl+${key}`, `${keyLabel(`ctrl+${key}`)} belongs to the browser.`]),
]);
const MODIFIERS = new Set(["shift", "control", "alt", "altgraph", "meta", "capslock", "fn", "numlock", "dead", "process", "unidentified"]);

/** Whether the name is a key at all, and not Shift alone. */
export function isKey(name) {
  return !MODIFIERS.has(name.split("+").at(-1) || "+");
}

/** `key` to the row `id`: {own, moved: [ids], sentence}, or {refused: true, sentence}.
 *
 * A key that another row has is exchanged with it, so that nothing is left without a key.
 */
export function remap(scheme, mode, own, id, key) {
  const { rows } = keyboard(scheme, mode, own);
  const row = rows.find((r) => r.id === id);
  if (!row) return refuse("There is nothing of that name here.");
  if (TAKEN.has(key)) return refuse(TAKEN.get(key));
  if (/^(f\d+|.*\+f\d+|(ctrl\+)?alt\+.+)$/.test(key)) return refuse(`${keyLabel(key)} belongs to the browser.`);
  if (row.keys.includes(key)) return { own, moved: [], sentence: `“${row.label}” has ${keyLabel(key)} already.` };
  const holder = rows.find((r) => r.id !== id && r.keys.includes(key));
  let next = given(own, scheme, row, key);
  let sentence = `“${row.label}” has ${keyLabel(key)} now.`;
  const moved = [id];
  if (holder) {
    if (holder.keys.length === 1 || holder.own) next = given(next, scheme, holder, row.keys[0] ?? "");
    const after = keyboard(scheme, mode, next).rows.find((r) => r.id === holder.id).keys;
    sentence = `“${row.label}” has ${keyLabel(key)} now; “${holder.label}” has ${after.length ? `${after.map(keyLabel).join(" or ")} instead` : "no key any more"}.`;
    moved.push(holder.id);
  }
  const without = keyboard(scheme, mode, next).rows.filter((r) => !r.keys.length && rows.find((x) => x.id === r.id).keys.length && r.id !== holder?.id);
  if (without.length) sentence += ` Without a key: ${without.map((r) => r.label).join(", ")}.`;
  return { own: next, moved, sentence };
}

/** The rater's own keys without those of this scheme's codes and of the room. */
export function usualKeys(scheme, own) {
  return Object.fromEntries(Object.entries(own).filter(([name]) => name !== "" && name !== scheme.name));
}

/** How many keys of this room are the rater's own. */
export function ownKeys(scheme, own) {
  return Object.keys(own[""] ?? {}).length + Object.keys(own[scheme.name] ?? {}).length;
}

function given(own, scheme, row, key) {
  const place = row.act ? "" : scheme.name;
  const name = row.act ?? row.id;
  const kept = { ...own[place], [name]: key };
  if (key === row.usual) delete kept[name];
  const next = { ...own, [place]: kept };
  if (!Object.keys(kept).length) delete next[place];
  return next;
}

function refuse(sentence) {
  return { refused: true, sentence };
}
