/** The keyboard: which act a key press asks for.
 *
 * A scheme's keys come first; acts of the room use keys that schemes rarely take, and give way to a
 * second choice where a scheme has taken theirs. `overrides` ({act or code id: key}) remaps.
 */

const ACTS = [
  ["play", [" "], "Play or pause"],
  ["back5", ["arrowleft"], "5 s back"],
  ["forward5", ["arrowright"], "5 s on"],
  ["back1", ["shift+arrowleft"], "1 s back"],
  ["forward1", ["shift+arrowright"], "1 s on"],
  ["previous", ["arrowup"], "Previous utterance"],
  ["following", ["arrowdown"], "Next utterance"],
  ["replay", ["enter"], "Replay this utterance"],
  ["slower", ["-"], "Slower"],
  ["faster", ["+", "="], "Faster"],
  ["undo", ["ctrl+z"], "Undo"],
  ["redo", ["ctrl+shift+z", "ctrl+y"], "Redo"],
  ["unsure", ["u", "!", "#"], "Unsure about the chosen code"],
  ["comment", ["c", "#", "'"], "Comment on the chosen code"],
  ["delete", ["delete", "backspace"], "Delete the chosen code"],
  ["next", ["n"], "Next disagreement", "review"],
  ["help", ["?"], "Show these keys"],
];
const ONE_KEY_EACH = new Set(["unsure", "comment"]); // second choices stand in, they are no synonyms
const ONLY_CODING = new Set(["undo", "redo", "unsure", "comment", "delete"]);

/** {bindings: Map key → {act} or {code}, rows: [{keys, label, act | code}]} for a mode. */
export function keyboard(scheme, mode = "code", overrides = {}) {
  const bindings = new Map();
  const rows = [];
  if (mode === "code") {
    for (const code of scheme.codes) {
      const key = (overrides[code.id] ?? code.key ?? "").toLowerCase();
      if (!key || bindings.has(key)) continue;
      bindings.set(key, { code: code.id });
      rows.push({ keys: [key], label: code.label, code: code.id });
    }
  }
  for (const [act, choices, label, only] of ACTS) {
    if (only && only !== mode) continue;
    if (mode !== "code" && ONLY_CODING.has(act)) continue;
    let keys = (overrides[act] ? [overrides[act]] : choices).filter((key) => !bindings.has(key));
    if (ONE_KEY_EACH.has(act)) keys = keys.slice(0, 1);
    for (const key of keys) bindings.set(key, { act });
    if (keys.length) rows.push({ keys, label, act });
  }
  return { bindings, rows };
}

/** A key event as a binding's name: "k", "ctrl+z", "shift+arrowleft", "?". */
export function nameOf(event) {
  const key = event.key.toLowerCase();
  const typed = event.getModifierState?.("AltGraph") ?? false;
  const ctrl = !typed && (event.ctrlKey || event.metaKey) ? "ctrl+" : "";
  // the character already says that Shift was held ("?", "!"), unless it is a letter or a named key
  const shift = event.shiftKey && (key.length > 1 || (ctrl && /^\p{L}$/u.test(key))) ? "shift+" : "";
  return ctrl + shift + key;
}

/** Whether the press belongs to a field, a dialog or a control outside the room. */
export function belongsElsewhere(event, host) {
  const path = event.composedPath();
  const target = path[0];
  if (target instanceof Element) {
    const typing = target.matches?.("input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select") || target.isContentEditable;
    if (typing) return true;
    if (path.some((node) => node instanceof Element && node.matches?.("dialog[open], [role=dialog], [role=menu], [role=listbox]"))) return true;
  }
  if (path.includes(host)) return false;
  return path.some((node) => node instanceof Element && node.matches?.("button, a[href], [role=button], [role=tab], [role=option], [tabindex='0']:not(section)"));
}

/** Keys that a focused control needs for itself. */
export function controlNeeds(event, name) {
  const target = event.composedPath()[0];
  if (!(target instanceof Element)) return false;
  if (target.matches("button, [role=button], summary, a[href]")) return name === " " || name === "enter";
  if (target.matches("[role=tab]")) return /^(arrow|home|end| |enter)/.test(name);
  if (target.matches("input[type=radio], input[type=checkbox]")) return /^( |arrow)/.test(name);
  if (target.matches("input[type=range]")) return /^arrow/.test(name);
  return false;
}
