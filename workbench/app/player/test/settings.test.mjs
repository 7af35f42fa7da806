import assert from "node:assert/strict";
import test from "node:test";
import { actId, keyboard } from "../src/keys.js";
import { LagExercise, median, TRIALS } from "../src/lag.js";
import { isKey, ownKeys, remap, usualKeys } from "../src/remap.js";

const code = (id, key) => ({ id, label: id, key, kind: "point", group: null });
const scheme = { name: "s", codes: [code("opens", "o"), code("mends", "m")] };
const keysOf = (own, id) => keyboard(scheme, "code", own).rows.find((row) => row.id === id).keys;

test("a free key is taken, and the usual one given again leaves no trace", () => {
  const { own, sentence } = remap(scheme, "code", {}, "opens", "7");
  assert.deepEqual(own, { s: { opens: "7" } });
  assert.equal(sentence, "“opens” has 7 now.");
  assert.deepEqual(remap(scheme, "code", own, "opens", "o").own, {});
});

test("two codes exchange their keys, and the sentence says so", () => {
  const { own, sentence, moved } = remap(scheme, "code", {}, "opens", "m");
  assert.deepEqual(own, { s: { opens: "m", mends: "o" } });
  assert.equal(sentence, "“opens” has M now; “mends” has O instead.");
  assert.deepEqual(moved, ["opens", "mends"]);
});

test("an act and a code exchange keys; an act with a second key keeps that one", () => {
  const unsure = remap(scheme, "code", {}, actId("unsure"), "o");
  assert.deepEqual(unsure.own, { s: { opens: "u" }, "": { unsure: "o" } });
  const faster = remap(scheme, "code", {}, "opens", "+");
  assert.match(faster.sentence, /“Faster” has = instead/);
  assert.deepEqual(keysOf(faster.own, actId("faster")), ["="]);
});

test("keys of the browser and of the page are refused in a sentence", () => {
  for (const key of ["escape", "tab", "ctrl+c", "f5"]) assert.match(remap(scheme, "code", {}, "opens", key).sentence, /^[^.]+\.$/);
  assert.equal(isKey("shift"), false);
  assert.equal(isKey("ctrl+control"), false);
  assert.equal(isKey("+"), true);
  assert.equal(isKey("ctrl++"), true);
});

test("back to the scheme's keys forgets this scheme's and the room's, not another scheme's", () => {
  const own = { s: { opens: "7" }, "": { play: "p" }, other: { a: "b" } };
  assert.deepEqual(usualKeys(scheme, own), { other: { a: "b" } });
  assert.equal(ownKeys(scheme, own), 2);
});

test("after any exchange every code that had a key has one, and no key stands for two things", () => {
  let own = {};
  const ids = ["opens", "mends", ...["play", "unsure", "faster", "redo"].map(actId)];
  const keys = ["o", "m", "u", "+", " ", "7", "ctrl+z", "y"];
  let seed = 7;
  const next = (n) => (seed = (seed * 48271) % 2147483647) % n;
  for (let i = 0; i < 400; i++) {
    own = remap(scheme, "code", own, ids[next(ids.length)], keys[next(keys.length)]).own ?? own;
    const { rows } = keyboard(scheme, "code", own);
    assert.ok(rows.filter((row) => row.code).every((row) => row.keys.length), JSON.stringify(own));
    const all = rows.flatMap((row) => row.keys);
    assert.equal(new Set(all).size, all.length);
  }
});

test("lag is the median of eight presses after the light, to 10 ms", () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  const exercise = new LagExercise(() => 0.5);
  assert.equal(exercise.wait(), 1800);
  const took = [180, 400, 210, 230, 250, 222, 260, 240];
  assert.equal(took.length, TRIALS);
  for (const ms of took) {
    exercise.wait();
    exercise.lit(5000);
    assert.equal(exercise.press(5000 + ms).counts, true);
  }
  assert.equal(exercise.done, true);
  assert.deepEqual(exercise.result(), { lag_ms: 240, low: 180, high: 400 });
});

test("a guess before the light and a press long after it do not count", () => {
  const exercise = new LagExercise();
  exercise.wait();
  assert.equal(exercise.press(100).counts, false);
  exercise.lit(1000);
  assert.equal(exercise.press(1050).counts, false);
  assert.equal(exercise.press(4000).counts, false);
  assert.equal(exercise.times.length, 0);
});

test("a code and an act of one name have their own keys", () => {
  const asks = { name: "s", codes: [code("question", "q")] };
  const { own } = remap(asks, "code", {}, "question", "7");
  assert.deepEqual(own, { s: { question: "7" } });
  assert.deepEqual(remap(asks, "code", own, actId("question"), "8").own, { s: { question: "7" }, "": { question: "8" } });
});
