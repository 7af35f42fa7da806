/** Where a shift puts what was coded by a clock. */

import assert from "node:assert/strict";
import test from "node:test";
import { observedBy, placed } from "../src/align-player.js";

const event = (id, start_ms, end_ms = null) => ({ id, start_ms, end_ms });

test("a shift moves moments and stretches, never to before the recording, and says which lie outside it", () => {
  const found = placed([event("early", 2000), event("across", 2000, 9000), event("there", 10_000), event("late", 58_000)], -5000, 53_000);
  assert.deepEqual(found.get("early"), { start_ms: 0, end_ms: null, inside: false });
  assert.deepEqual(found.get("across"), { start_ms: 0, end_ms: 4000, inside: true });
  assert.deepEqual(found.get("there"), { start_ms: 5000, end_ms: null, inside: true });
  assert.equal(found.get("late").inside, false);
});

test("what the clock ran for is observed as far as the recording goes", () => {
  assert.deepEqual(observedBy(-15_000, 600_000, 500_000), [[0, 500_000]]); // as workbench.model.alignment.observed has it
  assert.deepEqual(observedBy(2000, 100_000, 240_000), [[2000, 102_000]]);
  assert.deepEqual(observedBy(300_000, 100_000, 240_000), []);
});
