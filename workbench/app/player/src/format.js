/** Times and counts as people read them. */

/** `12:34` or `1:02:03`, like `workbench.model.span.clock`. */
export function clock(ms) {
  const seconds = Math.floor(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const two = (n) => String(n).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** `12:34.5`: a time to a tenth of a second, cut and not rounded. */
export function clockTenths(ms) {
  return `${clock(ms)}.${Math.floor((Math.max(0, ms) % 1000) / 100)}`;
}

/** A length of work: `45 min`, `1 h 5 min`, `less than a minute`. */
export function duration(ms) {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  return [hours ? `${hours} h` : "", minutes % 60 || !hours ? `${minutes % 60} min` : ""].filter(Boolean).join(" ");
}

/** `1 code`, `214 codes`. */
export function count(n, one, many = `${one}s`) {
  return `${n} ${n === 1 ? one : many}`;
}

/** A key's name as it is printed, part by part: ["Shift", "K"], ["Space"]. */
export function keyParts(key) {
  const names = { ctrl: "Ctrl", shift: "Shift", alt: "Alt", " ": "Space", arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓", delete: "Del", backspace: "Backspace", enter: "Enter", escape: "Esc", pageup: "Page ↑", pagedown: "Page ↓", home: "Home", end: "End", "-": "−" };
  return key.split(/\+(?=.)/).map((part) => names[part] ?? (part.length === 1 || /^f\d+$/.test(part) ? part.toUpperCase() : part));
}

/** A key in one piece: "K", "Shift+K", "Space". */
export function keyLabel(key) {
  return keyParts(key).join("+");
}

/** An option's label without its explanation: "Mild" of "Mild: a hint, the work goes on". */
export function shortly(label) {
  return label.split(/:\s/u)[0];
}
