/** A key as it is printed, drawn as a key cap. */

import { h } from "./dom.js";
import { keyParts } from "./format.js";

/** `<kbd>` for each part of a key's name with "+" between; null for no key. */
export function keycap(key) {
  if (!key) return null;
  const caps = keyParts(key).map((part) => h("kbd", {}, part));
  return caps.length === 1 ? caps[0] : h("span", { class: "keycaps" }, ...caps.flatMap((cap, i) => (i ? ["+", cap] : [cap])));
}
