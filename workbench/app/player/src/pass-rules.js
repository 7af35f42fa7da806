/** Passes: which one the rater is in, and what waits for another one. Pure.
 *
 * A pass is finished by an operation `finish`; the last one ends with the submission.
 */

export const PASSES = {
  listen: { label: "Listen", ask: "Hear all of it once. Nothing is coded yet; notes are welcome.", done: "I have heard it" },
  unitize: { label: "Units", ask: "Split and merge utterances until each is one unit to code.", done: "The units stand" },
  code: { label: "Code", ask: "Give codes to what happens.", done: "Coding is finished" },
  rate: { label: "Rate", ask: "Rate from your codes and notes.", done: "" },
};

/** The first pass that is not finished; the last one where all are. */
export const currentPass = (passes, finished) => passes.find((p) => !finished.includes(p)) ?? passes.at(-1) ?? null;

/** Whether a pass is ended by the rater before the submission. */
export const canFinish = (passes, pass) => passes.includes(pass) && pass !== passes.at(-1);

/** The operation that finishes a pass or opens it again. */
export const finish = (pass, done) => ({ operations: [{ kind: "finish", values: { pass, done } }] });

const NEEDS = { boundary: "unitize", code: "code", rate: "rate" };

/** Why something ("code", "boundary", "rate") waits for a pass, or null when it may be done. `key`: what finishes the pass
 * at hand, as it is printed; empty where no key does. */
export function refusal(kind, passes, finished, key = "") {
  const own = NEEDS[kind];
  if (!own || !passes.length) return null;
  const now = currentPass(passes, finished);
  const before = passes.includes(own) ? passes.slice(0, passes.indexOf(own)) : passes.filter((p) => p === "listen");
  const hint = (does) => (key ? ` ${key} ${does}.` : "");
  const open = before.find((p) => !finished.includes(p));
  if (open === "listen") return `First listen to all of it once; codes and ratings come after that.${hint("finishes listening")}`;
  if (open === "unitize") return `First settle the units; codes come after that.${hint("finishes them")}`;
  if (open === "code") return `Ratings come after coding.${hint("finishes coding")}`;
  if (kind === "boundary" && (finished.includes("unitize") || (now !== "unitize" && passes.includes("unitize")))) return "The units are settled. Open the pass “Units” above to change them.";
  return null;
}
