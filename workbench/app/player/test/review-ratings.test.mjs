import assert from "node:assert/strict";
import test from "node:test";
import { alike, differ, ratedGroups, ratingsTable } from "../src/review-ratings.js";
import { openPage } from "./page.mjs";

const SCHEME = {
  ratings: [
    { id: "bond", label: "Bond", low: 1, high: 5, anchors: { 4: "Warm" } },
    { id: "safety", label: "Safety", low: -3, high: 3, anchors: {} },
    { id: "pace", label: "Pace", low: 1, high: 5, anchors: {} },
  ],
};
const PEOPLE = [
  { id: "patient", label: "Patient" },
  { id: "family", label: "Father" },
];
const given = (scale, value, more = {}) => ({ scale, person: "", segment: null, value, no_evidence: value == null, ...more });
const LANES = [
  { label: "Ada", ratings: [given("bond", 4), given("safety", -2, { person: "family" }), given("pace", 3, { segment: [300_000, 600_000] }), given("unheard_of", 1)] },
  { label: "Ben", ratings: [given("bond", 4), given("safety", 1, { person: "family" }), given("safety", null, { person: "patient" }), given("pace", 2, { segment: [0, 300_000] })] },
];

test("ratings go segment by segment, person by person, and then the whole session", () => {
  const groups = ratedGroups(SCHEME, LANES, PEOPLE);
  assert.deepEqual(
    groups.map(({ name, rows }) => [name, ...rows.map(({ scale, answers }) => [scale.id, ...answers])]),
    [
      ["0:00 – 5:00", ["pace", null, 2]],
      ["5:00 – 10:00", ["pace", 3, null]],
      ["Patient", ["safety", null, "none"]],
      ["Father", ["safety", -2, 1]],
      ["The whole session", ["bond", 4, 4]],
    ],
  );
});

test("what differs is what two lanes rated differently, not what one of them left out", () => {
  assert.deepEqual(ratedGroups(SCHEME, LANES, PEOPLE).map(({ rows: [row] }) => differ(row)), [false, false, false, true, false]);
  assert.equal(alike(ratedGroups(SCHEME, LANES, PEOPLE)), "The same on 1 of 2");
  assert.equal(alike(ratedGroups(SCHEME, LANES.slice(0, 1), PEOPLE)), "");
});

test("no evidence is an answer of its own", () => {
  const lanes = [{ label: "Ada", ratings: [given("bond", null)] }, { label: "Ben", ratings: [given("bond", 3)] }];
  assert.equal(alike(ratedGroups(SCHEME, lanes)), "The same on 0 of 1");
});

test("one's own ratings stand with the words of their values, and nothing is said of agreement", () => {
  openPage();
  const [head, box] = ratingsTable(SCHEME, LANES.slice(0, 1), PEOPLE);
  assert.equal(head, null);
  assert.match(box.textContent, /Bond4Warm/);
  assert.match(box.textContent, /Safety−2/);
});

test("lanes without ratings say so", () => {
  openPage();
  const [, box] = ratingsTable(SCHEME, [{ label: "Ada", ratings: [] }], PEOPLE);
  assert.equal(box.textContent, "Nobody rated anything here.");
});
