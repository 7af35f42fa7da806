/** The keyboard: which act a key press asks for.
 *
 * A scheme's keys come first. An act of the room whose letter a scheme has taken moves to Shift and
 * that letter, which no scheme can take. A rater's own keys go before the scheme's, codes before acts.
 *
 * To add an act: one row in ACTS, and `acts: {name: f(event)}` of a part (`parts.js`).
 */

import { shortly } from "./format.js";
import { codesUnits } from "./units.js";

export const GROUPS = [
  { id: "codes", label: "Codes" },
  { id: "playback", label: "Playback" },
  { id: "coding", label: "Coding" },
  { id: "ratings", label: "Ratings" },
  { id: "view", label: "View and help" },
];

/** {act, keys, label, group}, and where they differ from what is usual:
 *   instead  keys that stand in, first free one first, where schemes have taken all of `keys`
 *   modes    rooms that have the act: "code", "review" (both without it)
 *   repeat   a key held down repeats it
 *   when     f(scheme): whether a room with this scheme has it
 * Names of keys: "k", "7", "?", " ", "enter", "delete", "arrowleft"; before them "ctrl+" (which is ⌘
 * as well), "shift+" with letters and named keys ("ctrl+shift+z", "shift+arrowleft").
 */
export const ACTS = [
  { act: "play", keys: [" "], label: "Play or pause", group: "playback" },
  { act: "back5", keys: ["arrowleft"], label: "5 s back", group: "playback", repeat: true },
  { act: "forward5", keys: ["arrowright"], label: "5 s on", group: "playback", repeat: true },
  { act: "back1", keys: ["shift+arrowleft"], label: "1 s back", group: "playback", repeat: true },
  { act: "forward1", keys: ["shift+arrowright"], label: "1 s on", group: "playback", repeat: true },
  { act: "previous", keys: ["arrowup"], label: "Previous utterance", group: "playback", repeat: true },
  { act: "following", keys: ["arrowdown"], label: "Next utterance", group: "playback", repeat: true },
  { act: "replay", keys: ["enter"], label: "Replay this utterance", group: "playback" },
  { act: "resume", keys: ["shift+enter"], label: "Play from a little earlier", group: "playback" },
  { act: "frameBack", keys: [","], instead: [";"], label: "One picture back", group: "playback", repeat: true },
  { act: "frameOn", keys: ["."], instead: [":"], label: "One picture on", group: "playback", repeat: true },
  { act: "loop", keys: ["l"], label: "Loop the chosen code, else this utterance", group: "playback" },
  { act: "loopStart", keys: ["<"], instead: ["{"], label: "The loop begins here", group: "playback" },
  { act: "loopEnd", keys: [">"], instead: ["}"], label: "The loop ends here", group: "playback" },
  { act: "endLoop", keys: ["escape"], label: "End the loop; let go of what is dragged", group: "playback" },
  { act: "wordBack", keys: ["shift+i"], instead: ["ctrl+i"], label: "Back to the word before", group: "playback", repeat: true },
  { act: "wordOn", keys: ["i"], label: "On to the next word", group: "playback", repeat: true },
  { act: "slower", keys: ["-"], label: "Slower", group: "playback" },
  { act: "faster", keys: ["+", "="], label: "Faster", group: "playback" },
  { act: "mute", keys: ["v"], label: "Sound off or on", group: "playback" },
  { act: "louder", keys: ["b"], label: "Louder than recorded", group: "playback" },
  { act: "hear", keys: ["h"], label: "Hear the next recording", group: "playback" },

  { act: "undo", keys: ["ctrl+z"], label: "Undo", group: "coding", modes: ["code"], repeat: true },
  { act: "redo", keys: ["ctrl+shift+z", "ctrl+y"], label: "Redo", group: "coding", modes: ["code"], repeat: true },
  { act: "notObservable", keys: ["0"], instead: ["shift+x", "shift+0"], label: "Not observable: begins, again ends", group: "coding", modes: ["code"] },
  { act: "previousEvent", keys: ["shift+arrowup"], label: "Choose the code before", group: "coding", modes: ["code"], repeat: true },
  { act: "nextEvent", keys: ["shift+arrowdown"], label: "Choose the code after", group: "coding", modes: ["code"], repeat: true },
  { act: "modify", keys: ["m"], label: "Modifiers, who and whom of the chosen code", group: "coding", modes: ["code"] },
  { act: "recode", keys: ["r"], label: "Change the chosen code: then a code’s key", group: "coding", modes: ["code"] },
  { act: "unsure", keys: ["u"], label: "Unsure about the chosen code", group: "coding", modes: ["code"] },
  { act: "secondChoice", keys: ["y"], label: "Second choice: then a code’s key", group: "coding", modes: ["code"] },
  { act: "question", keys: ["q"], label: "Question to the supervisor", group: "coding", modes: ["code"] },
  { act: "nextUnsure", keys: ["ctrl+arrowdown"], label: "Next unsure code", group: "coding", modes: ["code"] },
  { act: "comment", keys: ["c"], label: "Comment on the chosen code", group: "coding", modes: ["code"] },
  { act: "startEarlier", keys: ["ctrl+arrowleft"], label: "Start 0.1 s earlier", group: "coding", modes: ["code"], repeat: true },
  { act: "startLater", keys: ["ctrl+arrowright"], label: "Start 0.1 s later", group: "coding", modes: ["code"], repeat: true },
  { act: "endEarlier", keys: ["ctrl+shift+arrowleft"], label: "End 0.1 s earlier", group: "coding", modes: ["code"], repeat: true },
  { act: "endLater", keys: ["ctrl+shift+arrowright"], label: "End 0.1 s later", group: "coding", modes: ["code"], repeat: true },
  { act: "startHere", keys: ["["], instead: ["("], label: "Start at the playhead", group: "coding", modes: ["code"] },
  { act: "endHere", keys: ["]"], instead: [")"], label: "End at the playhead", group: "coding", modes: ["code"] },
  { act: "delete", keys: ["delete", "backspace"], label: "Delete the chosen code", group: "coding", modes: ["code"] },
  { act: "nextUncoded", keys: ["n"], label: "Next utterance without a code", group: "coding", modes: ["code"], when: codesUnits, repeat: true },
  { act: "previousUncoded", keys: ["p"], label: "Previous utterance without a code", group: "coding", modes: ["code"], when: codesUnits, repeat: true },
  { act: "split", keys: ["s"], label: "Split the utterance before this word", group: "coding", modes: ["code"], when: codesUnits },
  { act: "merge", keys: ["j"], label: "Join the utterance to the one before of this speaker", group: "coding", modes: ["code"], when: codesUnits },
  { act: "follows", keys: ["o"], label: "Select utterances by the sound or by hand", group: "coding", modes: ["code"], when: codesUnits },
  { act: "note", keys: ["w"], label: "Write a note at this moment", group: "coding", modes: ["code"] },
  { act: "next", keys: ["n"], label: "Next disagreement", group: "view", modes: ["review"] },

  { act: "rate", keys: ["a"], label: "Assess: go to the ratings, Esc leads back", group: "ratings", modes: ["code"], when: rates },
  { act: "link", keys: ["e"], label: "The chosen code is evidence for the rating, or no longer", group: "ratings", modes: ["code"], when: rates },
  { act: "linkUtterance", keys: ["shift+e"], instead: ["ctrl+shift+e"], label: "The utterance now is evidence for the rating, or no longer", group: "ratings", modes: ["code"], when: rates },
  { act: "submit", keys: ["ctrl+enter"], label: "Finish this pass, or submit", group: "ratings", modes: ["code"] },

  { act: "picture", keys: ["f"], label: "Larger or usual picture", group: "view" },
  { act: "camera", keys: ["k"], label: "Next camera large", group: "view" },
  { act: "zoomIn", keys: ["pageup"], label: "Zoom in", group: "view", repeat: true },
  { act: "zoomOut", keys: ["pagedown"], label: "Zoom out", group: "view", repeat: true },
  { act: "zoomAll", keys: ["shift+pagedown"], label: "Show the whole session", group: "view" },
  { act: "zoomChosen", keys: ["shift+pageup"], label: "Zoom to the chosen code", group: "view" },
  { act: "copyLink", keys: ["ctrl+k"], label: "Copy a link to this moment", group: "view" },
  { act: "rulings", keys: ["d"], label: "Rulings: what was decided on cases left open", group: "view" },
  { act: "rule", keys: ["t"], label: "Make a ruling at this moment", group: "view" },
  { act: "settings", keys: ["ctrl+,"], label: "Settings", group: "view" },
  { act: "find", keys: ["/", "ctrl+f"], label: "Search the transcript", group: "view" },
  { act: "backToSound", keys: ["g"], label: "Transcript back to the sound", group: "view" },
  { act: "help", keys: ["?"], label: "Show these keys", group: "view" },
];

/** The row of an act: no code can have this id. */
export const actId = (act) => `room.${act}`;

function rates(scheme) {
  return (scheme.ratings ?? []).length > 0;
}

/** {bindings: Map key → {act} or {code, modifiers}, rows} for a mode.
 *
 * `own`: the rater's keys as the preferences hold them, {"": {act: key}, "<scheme name>": {code: key}};
 * a key of "" takes the key away. A row is {id, keys, label, group, act | code, modifiers?, usual, own, lost?}:
 * `id` is `actId(act)`, a code, or "code/set:option" for an option coded in one stroke,
 * `usual` its key without `own`, `lost` the key that went to another row. A row may have no key.
 */
export function keyboard(scheme, mode = "code", own = {}) {
  const codes = mode === "code" ? codeRows(scheme, own[scheme.name] ?? {}) : [];
  const acts = ACTS.filter((row) => (!row.modes || row.modes.includes(mode)) && (row.when?.(scheme) ?? true)).map((row) => ({ ...row, id: actId(row.act), own: own[""]?.[row.act] }));
  const bindings = new Map();
  const bind = (row, key) => {
    bindings.set(key, row.act ? { act: row.act, repeat: row.repeat } : { code: row.code, modifiers: row.modifiers });
    row.keys.push(key);
  };
  const rows = [...codes, ...acts].map(({ keys: usual, ...row }) => ({ ...row, usual: usual[0] ?? "", choices: usual, keys: [] }));
  // all codes before any act: a key that a rater gave an act under another scheme takes no code's key here
  for (const some of [rows.filter((row) => row.code), rows.filter((row) => row.act)]) {
    for (const row of some) if (row.own && !bindings.has(row.own)) bind(row, row.own);
    for (const row of some) {
      if (row.keys.length || row.own === "") continue;
      const free = row.choices.filter((key) => key && !bindings.has(key));
      for (const key of free) bind(row, key);
      if (free.length || row.code) continue;
      const first = standIns(row).find((key) => !bindings.has(key));
      if (first) bind(row, first);
    }
  }
  for (const row of rows) {
    const wanted = row.own ?? row.usual;
    if (wanted && !row.keys.includes(wanted)) row.lost = wanted;
    delete row.choices;
  }
  return { bindings, rows };
}

function codeRows(scheme, own) {
  return scheme.codes.flatMap((code) => [
    { id: code.id, code: code.id, label: code.label, group: "codes", keys: [(code.key ?? "").toLowerCase()], own: own[code.id] },
    ...(code.modifiers ?? []).flatMap((set) =>
      set.options
        .filter((option) => option.direct)
        .map((option) => {
          const id = `${code.id}/${set.id}:${option.id}`;
          return { id, code: code.id, modifiers: [`${set.id}:${option.id}`], label: `${code.label}: ${shortly(option.label)}`, group: "codes", keys: [option.direct.toLowerCase()], own: own[id] };
        }),
    ),
  ]);
}

const standIns = (row) => [...(row.instead ?? []), ...row.choices.filter((key) => LETTER.test(key)).map((key) => `shift+${key}`)];

const LETTER = /^\p{L}$/u;

/** A key event as a binding's name: "k", "shift+k", "ctrl+z", "shift+arrowleft", "?". */
export function nameOf(event) {
  const key = event.key.toLowerCase();
  const typed = event.getModifierState?.("AltGraph") ?? false;
  const ctrl = !typed && (event.ctrlKey || event.metaKey) ? "ctrl+" : "";
  // the character already says that Shift was held ("?", "!"), unless it is a letter or a named key
  const shift = event.shiftKey && (key.length > 1 || LETTER.test(key)) ? "shift+" : "";
  // Alt and a letter as it stands on the key is a shortcut of the browser; on a Mac Alt types other characters
  const alt = event.altKey && !typed && (key.length > 1 || /^[a-z0-9]$/.test(key)) ? "alt+" : "";
  return ctrl + alt + shift + key;
}

/** What a press may stand for, best first: as typed; on a keyboard of another script, the Latin key
 * in its place; a letter without the Shift that happened to be down. */
export function namesOf(event) {
  const name = nameOf(event);
  const names = [name];
  const latin = /^(?:Key|Digit)(.)$/.exec(event.code ?? "")?.[1].toLowerCase();
  if (latin && /[^\x00-\x7f]|dead$/.test(name)) names.push(name.replace(/[^+]+$/, latin));
  for (const n of [...names]) if (/^shift\+[^+]$/u.test(n)) names.push(n.slice(6));
  return names;
}

/** The binding that a press asks for, or undefined. */
export function bindingOf(bindings, event) {
  const name = namesOf(event).find((n) => bindings.has(n));
  return name === undefined ? undefined : bindings.get(name);
}

/** Whether the press belongs to a field, a dialog or a control outside the room. A dialog of the room (`root`) has
 * the keyboard also where nothing in it has the focus, as after a click on its text. */
export function belongsElsewhere(event, host, root) {
  if (root?.querySelector("dialog[open]")) return true;
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
