/** Which rulings there are to show, and what is said of them. */

import { count } from "./format.js";

/** Those of which something is new to this rater: made, corrected or withdrawn. */
export const changed = (list) => list.filter((ruling) => ruling.change);

/** Those that hold. */
export const standing = (list) => list.filter((ruling) => !ruling.withdrawn);

/** Those that hold for one code or rating. */
export const of = (list, id, rating) => standing(list).filter((ruling) => ruling.code === id && ruling.rating === rating);

/** "2 new rulings", "1 new ruling, 1 corrected". */
export function headline(found) {
  const n = (change) => found.filter((ruling) => ruling.change === change).length;
  const [fresh, corrected, withdrawn] = [n("new"), n("corrected"), n("withdrawn")];
  const first = fresh ? count(fresh, "new ruling") : corrected ? count(corrected, "corrected ruling") : count(withdrawn, "withdrawn ruling");
  const others = [fresh && corrected ? `${corrected} corrected` : "", (fresh || corrected) && withdrawn ? `${withdrawn} withdrawn` : ""];
  return [first, ...others].filter(Boolean).join(", ");
}

/** Those that say all words of `text`, in whatever order and letter case. */
export function matching(list, text) {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return list.filter((ruling) => {
    const said = [ruling.label, ruling.date, ruling.question, ruling.decision, ruling.example, ruling.where].join(" ").toLocaleLowerCase();
    return words.every((word) => said.includes(word));
  });
}

/** The moment that `12:34.5`, `1:02:03` or `75` (seconds) names, in ms; null where it names none. */
export function momentOf(text) {
  const parts = text.trim().split(":");
  if (parts.length > 3 || !parts.every((part, i) => (i === parts.length - 1 ? /^\d{1,6}(\.\d{1,3})?$/ : /^\d{1,4}$/).test(part))) return null;
  if (parts.slice(1).some((part) => Number(part) >= 60)) return null;
  return Math.round(parts.reduce((sum, part) => sum * 60 + Number(part), 0) * 1000);
}

const BEFORE_MS = 5000;
const AFTER_MS = 5000;

/** The clip that a ruling begins with: the loop, the stretch of the chosen code, or a little around the moment. */
export function clipAround({ loop, event, now_ms, length_ms }) {
  const stretch = loop ?? (event?.end_ms != null && event.end_ms - event.start_ms >= 1000 ? event : null);
  if (stretch) return { start_ms: Math.round(stretch.start_ms), end_ms: Math.round(Math.min(stretch.end_ms, length_ms)) };
  const at = Math.min(event?.start_ms ?? now_ms, length_ms);
  return { start_ms: Math.round(Math.max(0, at - BEFORE_MS)), end_ms: Math.round(Math.min(length_ms, at + AFTER_MS)) };
}
