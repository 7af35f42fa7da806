import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { disagreementOf, disagreements, nextDisagreement, summary, tally } from "../src/review-marks.js";

// the very lanes that the server makes of these codings: see tests/workflows/test_workflows_lay_beside.py
const samples = JSON.parse(readFileSync(new URL("../../../../tests/fixtures/two_raters.json", import.meta.url), "utf-8"));

for (const { name, lanes, agree, total, not_counted, differences, ...sample } of samples) {
  test(name, () => {
    const n = tally(lanes);
    assert.deepEqual([n.agree, n.agree + n.differs, n.apart], [agree, total, not_counted]);
    assert.equal(summary(lanes), sample.summary);
    const ids = ({ events }) => events.map((e) => e.id).sort();
    assert.deepEqual(disagreements(lanes).map(ids), differences);
    for (const [at, pair] of differences.entries()) {
      const found = disagreementOf(lanes, pair);
      assert.deepEqual(ids(found), pair);
      assert.deepEqual(ids(nextDisagreement(lanes, { id: found.events[0].id })), differences[(at + 1) % differences.length]);
    }
  });
}
