/** An operation in words: for undo, and for what was not kept. */

import { codeOf } from "./coding.js";
import { clock } from "./format.js";

/** What was done, as short as can be: "Withdrawal at 12:31", "comment on Withdrawal at 12:31". */
export function describe(op, scheme, content) {
  const { values } = op;
  const scale = (id) => scheme.ratings.find((r) => r.id === id)?.label ?? id;
  switch (op.kind) {
    case "add":
      return `${codeOf(scheme, op.code).label} at ${clock(op.start_ms)}`;
    case "rate":
      return `rating of ${scale(values.scale)}`;
    case "link":
      return `evidence of ${scale(values.scale)}`;
    case "note":
      return `note at ${clock(values.at_ms ?? 0)}`;
    case "boundary":
      return values.starts ? "a split" : "a merge";
    case "reason":
      return "a reason";
    case "finish":
      return values.done ? "the end of a pass" : "a pass opened again";
    case "clock":
      return "the clock";
    case "align":
      return "the place of the recording";
    case "void":
      return "an undo";
  }
  if (values.deleted) return "a deletion";
  const event = content.events.find((e) => e.id === op.event);
  const label = event ? `${codeOf(scheme, event.code).label} at ${clock(event.start_ms)}` : "a code";
  if ("end_ms" in values) return `end of ${label}`;
  if ("unsure" in values) return `unsure, ${label}`;
  if ("comment" in values) return `comment on ${label}`;
  return `change of ${label}`;
}

/** What the rater wrote in it, so that it can be read and copied; empty where nothing was written. */
export function written({ values }) {
  return [values.text, values.comment, values.question, values.reason, values.value].filter((v) => v != null && v !== "").join(" · ");
}
