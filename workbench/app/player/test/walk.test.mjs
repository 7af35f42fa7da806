import assert from "node:assert/strict";
import test from "node:test";
import { Element, openPage } from "./page.mjs";
import { Walk } from "../src/walk.js";

openPage();

const event = (id, start_ms, more = {}) => ({ id, code: "opens", start_ms, end_ms: null, mark: "differs", pair: null, ...more });
// unit u2 begins at 0:20 for Ada and at 0:24 for Bo, who split it; they coded it differently
const lanes = [
  { label: "Ada", events: [event("a1", 5000), event("a2", 20_000, { pair: "b2" })] },
  { label: "Bo", events: [event("b1", 20_000), event("b2", 24_000, { pair: "a2" })] },
];

/** A room with a walk, what it did, and the button beside it. */
function room(walk) {
  const did = [];
  const button = { disabled: false, click: () => did.push("click") };
  const made = {
    root: new Element("div"),
    payload: { lanes, walk },
    acts: { next: () => did.push("within") },
    choose: ({ id }) => did.push(`choose ${id}`),
    seek: (ms) => did.push(`seek ${ms}`),
    media: { play: () => did.push("play") },
  };
  let ms = 0;
  const part = new Walk(made, { page: { querySelector: () => made.button }, now: () => ms });
  made.button = button;
  return {
    did,
    part,
    button: (value) => (made.button = value),
    wait: (more) => (ms += more),
    go: (next) => {
      const before = made.payload;
      made.payload = { lanes, walk: next };
      part.renewed(before);
    },
  };
}

test("a stop has its own pair of codes chosen, wherever either of them begins", () => {
  const { did, part } = room({ at_ms: 20_000, step: 3, turn: 1, events: ["a2", "b2"], said: "Disagreement 4 of 9" });
  part.ready();
  assert.deepEqual(did, ["choose a2"]); // and not b1, which begins at the same instant
  assert.equal(part.live.textContent, "Disagreement 4 of 9");
});

test("where the codes of a stop are gone, the moment is played", () => {
  const { did, part } = room({ at_ms: 20_000, step: 0, turn: 1, events: ["gone"], said: "" });
  part.ready();
  assert.deepEqual(did, ["seek 18000", "play"]);
});

test("a second press waits until the next stop is there", () => {
  const { did, part, go, wait } = room({ at_ms: 5000, step: 0, turn: 1, events: ["a1"] });
  part.acts.next();
  part.acts.next();
  assert.deepEqual(did, ["click"]);
  go({ at_ms: 5000, step: 0, turn: 1, events: ["a1"] }); // the page was drawn anew for another reason
  part.acts.next();
  assert.deepEqual(did, ["click"]);
  go({ at_ms: 20_000, step: 1, turn: 2, events: ["a2", "b2"] });
  part.acts.next();
  assert.deepEqual(did, ["click", "choose a2", "click"]);
  wait(5000); // the page did not answer
  part.acts.next();
  assert.deepEqual(did.at(-1), "click");
  assert.equal(did.length, 4);
});

test("the only stop of a list plays again, and says so again", () => {
  const { did, part, go } = room({ at_ms: 5000, step: 0, turn: 1, events: ["a1"], said: "Disagreement 1 of 1" });
  part.ready();
  part.acts.next();
  go({ at_ms: 5000, step: 0, turn: 2, events: ["a1"], said: "The only one, once more." });
  assert.deepEqual(did, ["choose a1", "click", "choose a1"]);
  assert.equal(part.live.textContent, "The only one, once more.");
});

test("without a list, and while its button can do nothing, N goes on within the session", () => {
  const { did, part, button } = room({ at_ms: 5000, step: -1, turn: 0, events: [] });
  button(null);
  part.acts.next();
  button({ disabled: true, click: () => did.push("click") });
  part.acts.next();
  assert.deepEqual(did, ["within", "within"]);
});
