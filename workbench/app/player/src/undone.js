/** What an undo or a redo changed, in words. */

import { codeOf } from "./coding.js";
import { clock } from "./format.js";
import { personName } from "./rating-places.js";

/** "Undone: end of Withdrawal at 1:02." `operations`: those of the act; `events` that stand now; `people` of the session. */
export function tookBack(which, operations, scheme, events, people) {
  const first = operations.find((op) => op.kind === "add") ?? operations[0];
  const what = first ? describe(first, scheme, events, people) : "";
  return `${which === "undo" ? "Undone" : "Done again"}${what ? `: ${what}` : ""}.`;
}

/** One operation in words; empty where there is nothing to name. `events`: those that stand now. */
export function describe(op, scheme, events, people) {
  const { values } = op;
  if (op.kind === "rate") return `rating of ${scheme.ratings.find((r) => r.id === values.scale)?.label ?? values.scale}${values.person ? ` for ${personName(people, values.person)}` : ""}`;
  if (op.kind === "link") return values.linked === false ? "evidence taken away" : "evidence for a rating";
  if (op.kind === "note") return values.text ? `note at ${clock(values.at_ms)}` : "a deleted note";
  if (op.kind === "boundary") return values.starts ? "a split utterance" : "joined utterances";
  if (op.kind === "align") return "the recording set against the clock";
  if (op.kind === "add") return named(scheme, op.code, op.start_ms);
  if (op.kind !== "amend") return "";
  const event = events.find((e) => e.id === op.event);
  const label = event ? named(scheme, event.code, event.start_ms) : "a code";
  if (values.deleted) return event ? `deletion of ${label}` : "a deletion";
  const said = [
    ["code", "code"],
    ["start_ms", "beginning"],
    ["end_ms", "end"],
    ["unsure", "unsure flag"],
    ["second_choice", "second choice"],
    ["question", "question"],
    ["modifiers", "modifier"],
    ["who", "who did"],
    ["whom", "whom"],
    ["comment", "comment"],
  ].find(([field]) => field in values);
  if (!said) return `change of ${label}`;
  if (said[0] === "comment") return `comment on ${label}`;
  if (said[0] === "who") return `who did ${label}`;
  return `${said[1]} of ${label}`;
}

function named(scheme, code, at_ms) {
  return `${codeOf(scheme, code).label} at ${clock(at_ms)}`;
}
