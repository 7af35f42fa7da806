import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { mergeWithPrevious, splitAt, timesOf, uncodedOf, Units, unitsOf, unitsToCode } from "../src/units.js";

const sample = JSON.parse(readFileSync(new URL("../../../../tests/fixtures/units.json", import.meta.url), "utf8"));

function transcript(name) {
  const { utterances, words } = sample.transcripts[name];
  return {
    utterances: utterances.map(([speaker, start_ms, end_ms, first_word, end_word]) => ({ speaker, start_ms, end_ms, first_word, end_word })),
    words: words.map((start_ms) => ({ start_ms, end_ms: start_ms + 300 })),
  };
}

function written(unit) {
  const spans = [];
  for (const { start_ms, end_ms } of [...unit.pieces].sort((a, b) => a.start_ms - b.start_ms).filter((p) => p.end_ms > p.start_ms)) {
    if (spans.length && start_ms <= spans.at(-1)[1]) spans.at(-1)[1] = Math.max(end_ms, spans.at(-1)[1]);
    else spans.push([start_ms, end_ms]);
  }
  return [unit.pieces.map((p) => p.id).join("+"), unit.speaker ?? "-", ...spans.map((s) => s.join("-"))].join(" ");
}

for (const each of sample.units) {
  test(`units: ${each.name}`, () => assert.deepEqual(unitsOf(transcript(each.transcript), each.boundaries).map(written), each.units));
}

for (const each of sample.events) {
  const units = new Units(unitsOf(transcript(each.transcript), each.boundaries));
  test(`the unit of an event: ${each.name}`, () => assert.equal(units.of(each.event)?.id ?? null, each.unit));
}

for (const each of sample.to_code) {
  test(`to code: ${each.name}`, () => {
    const units = new Units(unitsOf(transcript(each.transcript), each.boundaries));
    const toCode = unitsToCode(units.all, each);
    assert.deepEqual(toCode.map((u) => u.id), each.to_code);
    assert.deepEqual(uncodedOf(toCode, each.events, units).map((u) => u.id), each.uncoded);
  });
}

const talk = (boundaries) => new Units(unitsOf(transcript("talk"), boundaries));

test("splitting asks for a boundary at the word, and refuses where a unit begins", () => {
  assert.deepEqual(splitAt(1, 7, talk()), { unit: "u1w7", starts: true });
  assert.match(splitAt(1, 4, talk()).refused, /begins with this word/);
  assert.match(splitAt(1, 7, talk({ u1w7: true })).refused, /begins with this word/);
  assert.match(splitAt(3, 12, talk()).refused, /could be split/);
});

test("splitting a merged unit at the first word of a piece takes the merge back", () => {
  assert.deepEqual(splitAt(2, 10, talk({ u2: false })), { unit: "u2", starts: true });
  assert.deepEqual(splitAt(2, 11, talk({ u2: false })), { unit: "u2w11", starts: true });
});

test("merging asks for no boundary where the unit begins, and refuses a speaker's first words", () => {
  assert.deepEqual(mergeWithPrevious("u2", talk()), { unit: "u2", starts: false, into: "u0" });
  assert.deepEqual(mergeWithPrevious("u4", talk({ u2: false })), { unit: "u4", starts: false, into: "u0" });
  assert.deepEqual(mergeWithPrevious("u1w7", talk({ u1w7: true })), { unit: "u1w7", starts: false, into: "u1" });
  assert.match(mergeWithPrevious("u1", talk()).refused, /not spoken before/);
});

test("an event on a unit ends with the window at the latest", () => {
  const unit = { start_ms: 2000, end_ms: 5000 };
  assert.deepEqual(timesOf(unit, []), { start_ms: 2000, end_ms: 5000 });
  assert.deepEqual(timesOf(unit, [[0, 2000], [2000, 4000]]), { start_ms: 2000, end_ms: 4000 });
});
