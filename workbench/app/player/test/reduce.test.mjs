import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fold, history } from "../src/reduce.js";

const samples = JSON.parse(readFileSync(new URL("../../../../tests/fixtures/operations.json", import.meta.url), "utf8"));

for (const sample of samples) {
  test(`content: ${sample.name}`, () => assert.deepEqual(fold(sample.operations), sample.content));
  test(`undo and redo: ${sample.name}`, () => assert.deepEqual(history(sample.operations), { undo: sample.undo, redo: sample.redo }));
}
