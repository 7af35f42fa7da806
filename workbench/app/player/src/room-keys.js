/** The keys of a room: which key does what, and what becomes of a press. */

import { keyLabel } from "./format.js";
import { belongsElsewhere, bindingOf, controlNeeds, keyboard, nameOf } from "./keys.js";

/** {keys, keyOf, codeKeyOf}: all keys (`keyboard`), the key of each act, and of each code. `own`: those that the rater chose. */
export function laidKeys({ scheme, mode }, own) {
  const keys = keyboard(scheme, mode, own);
  const withKey = keys.rows.filter((row) => row.keys.length);
  const keyOf = new Map(withKey.filter((row) => row.act).map((row) => [row.act, row.keys[0]]));
  const codeKeyOf = new Map(withKey.filter((row) => row.code).map((row) => [row.id, row.keys[0]]));
  return { keys, keyOf, codeKeyOf };
}

/** The key of an act as it is printed, or "" where it has none. */
export function keyName(keyOf, act) {
  return keyOf.has(act) ? keyLabel(keyOf.get(act)) : "";
}

/** A key went down anywhere on the page: a part takes it, or it codes, or does what it stands for. */
export function takeKey(room, e) {
  const { root, host, payload, parts, acts } = room;
  if (e.isComposing || e.keyCode === 229 || !root.isConnected || belongsElsewhere(e, host.host ?? host, root)) return;
  const name = nameOf(e);
  if (controlNeeds(e, name)) return;
  const binding = bindingOf(room.keys.bindings, e);
  for (const part of parts) if (part.key?.(e, name)) return;
  // Streamlit listens to single letters (r reruns, c clears): none may pass while the room has the keyboard
  if (!binding && !/^(shift\+)?[\p{L}\d]$/u.test(name)) return;
  e.preventDefault();
  e.stopImmediatePropagation();
  if (!binding) return;
  room.work?.hand();
  if (binding.code && !e.repeat) room.press(payload.scheme.codes.find((c) => c.id === binding.code), e, binding.modifiers);
  else if (binding.act && (!e.repeat || binding.repeat)) acts[binding.act]?.(e);
}
