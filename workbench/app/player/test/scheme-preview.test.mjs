/** A scheme that is being written asks in its preview what it will ask in the room, under the same keys. */

import assert from "node:assert/strict";
import test from "node:test";
import { askedBy } from "../src/scheme-preview.js";

const code = (id, key, more = {}) => ({ id, label: id, key, kind: "point", who: "both", ask: [], modifiers: [], ...more });
const strength = { id: "strength", label: "Strength", required: true, several: false, options: [{ id: "mild", label: "Mild", key: "1" }, { id: "clear", label: "Clear", key: "s" }] };
const scheme = (...codes) => ({ name: "draft", unit: "event", codes, ratings: [] });

test("an answer whose key codes something else is shown with the key that the room will give it", () => {
  const strain = code("strain", "x", { modifiers: [strength], ask: ["whom"] });
  const asked = askedBy(scheme(strain, code("silence", "s")), strain, { modifiers: ["strength:mild"], who: "", whom: "" });
  assert.deepEqual(asked.map((q) => q.label), ["Strength", "To whom"]);
  assert.deepEqual(asked[0].options.map((o) => [o.key, o.chosen]), [["1", true], ["2", false]]);
  assert.deepEqual(asked[1].options.map((o) => o.label), ["Patient", "Provider", "Family"]);
});

test("a half-written code asks nothing and breaks nothing", () => {
  const half = code("", "", { modifiers: [{ id: "", label: "", required: false, several: false, options: [] }] });
  assert.deepEqual(askedBy(scheme(half), half, { modifiers: [], who: "", whom: "" })[0].options, []);
});
