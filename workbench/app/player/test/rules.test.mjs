import assert from "node:assert/strict";
import test from "node:test";
import * as coding from "../src/coding.js";
import { clock, clockTenths } from "../src/format.js";
import { madeAt, newId } from "../src/ids.js";
import { disagreements, listed, nextDisagreement, summary } from "../src/review-marks.js";
import { statusOf, welcomeBack } from "../src/status.js";
import { indexOf } from "../src/transcript-index.js";

const code = (id, kind = "point", more = {}) => ({ id, label: id.toUpperCase(), key: id[0], kind, group: null, ...more });
const scheme = {
  codes: [code("opens"), code("withdrawal", "state", { group: "rupture" }), code("confrontation", "state", { group: "rupture" }), code("mends", "state")],
  ratings: [{ id: "bond", label: "Bond" }, { id: "goals", label: "Goals" }],
};
const [opens, withdrawal, confrontation] = scheme.codes;
const event = (id, c, start_ms, end_ms = null, more = {}) => ({ id, code: c, start_ms, end_ms, comment: "", unsure: false, modifiers: [], ...more });
const content = (...events) => ({ events, ratings: [] });
const window = [[10_000, 20_000], [30_000, 40_000]];

test("a point code adds one event at the moment", () => {
  const { operations } = coding.press(opens, 12_345, content(), scheme, window);
  assert.deepEqual(operations.map((o) => [o.kind, o.code, o.start_ms, o.end_ms]), [["add", "opens", 12_345, null]]);
});

test("a code outside the observation window is refused with a sentence that says where it goes on", () => {
  assert.match(coding.press(opens, 25_000, content(), scheme, window).sentence, /0:25 lies outside the observation window; it goes on at 0:30/);
  assert.match(coding.press(opens, 40_000, content(), scheme, window).sentence, /ended at 0:40/);
  assert.deepEqual(coding.press(opens, 25_000, content(), scheme, window).operations, []);
});

test("a state's key ends it; an exclusive one ends the other in the same act", () => {
  const open = content(event("e1", "withdrawal", 11_000));
  assert.deepEqual(coding.press(withdrawal, 12_000, open, scheme, window).operations, [{ kind: "amend", event: "e1", values: { end_ms: 12_000 } }]);
  const both = coding.press(confrontation, 12_000, open, scheme, window).operations;
  assert.deepEqual(both.map((o) => o.kind), ["amend", "add"]);
  assert.equal(both[1].code, "confrontation");
  const apart = coding.press(scheme.codes[3], 12_000, open, scheme, window).operations;
  assert.deepEqual(apart.map((o) => o.kind), ["add"]);
});

test("a state does not reach over the edge of its window, nor back before its beginning", () => {
  const open = content(event("e1", "withdrawal", 19_000));
  assert.deepEqual(coding.press(withdrawal, 35_000, open, scheme, window).operations[0].values, { end_ms: 20_000 });
  assert.equal(coding.press(withdrawal, 18_000, open, scheme, window).refused, true);
  assert.equal(coding.press(withdrawal, 19_000, open, scheme, window).refused, true);
  assert.equal(coding.press(confrontation, 18_000, open, scheme, window).refused, true);
});

test("ids rise within one millisecond and carry their instant", () => {
  const ids = Array.from({ length: 1500 }, () => newId(4_000_000_000_000));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, 1500);
  assert.match(ids[0], /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(madeAt(ids[0]), 4_000_000_000_000);
});

test("times read as in Python", () => {
  assert.deepEqual([0, 61_999, 3_723_000].map(clock), ["0:00", "1:01", "1:02:03"]);
  assert.equal(clockTenths(61_999), "1:01.9");
});

test("the status line says where the work is", () => {
  const line = (condition, pending) => statusOf({ condition, pending, durable: true, reason: "This coding is locked." }).text;
  assert.equal(line("online", 0), "all saved");
  assert.equal(line("online", 3), "saving 3");
  assert.equal(line("offline", 12), "offline, 12 kept on this computer");
  assert.equal(line("sign-in", 2), "sign in again, 2 kept on this computer");
  assert.equal(line("held", 1), "This coding is locked. 1 kept on this computer.");
  assert.equal(welcomeBack({ recovered: 7, events: 214, start_ms: 1_867_000, earlier_ms: 3000 }), "All 214 codes are here. Back at 31:07, 3 s earlier.");
  assert.equal(welcomeBack({ recovered: 0, events: 9, start_ms: 0, earlier_ms: 0 }), "");
});

test("a word is found by its time, and its utterance even when another one has begun", () => {
  const words = [[0, 400], [500, 3000], [1000, 1200]].map(([start_ms, end_ms]) => ({ start_ms, end_ms }));
  const utterances = [{ start_ms: 0, first_word: 0, end_word: 2 }, { start_ms: 1000, first_word: 2, end_word: 3 }];
  const at = indexOf({ words, utterances }, 0).at;
  assert.deepEqual(at(600), { word: 1, utterance: 0 });
  assert.deepEqual(at(1100), { word: 2, utterance: 1 });
  assert.deepEqual(at(450), { word: -1, utterance: 0 });
  assert.deepEqual(at(-1), { word: -1, utterance: -1 });
});

test("in a review what could not be observed is no code", () => {
  const events = [event("a", "opens", 1000), event("b", "not_observable", 2000)];
  assert.equal(summary([{ label: "You", events }]), "You: 1 code");
});

const two = (a, b) => [{ label: "Ada", events: a }, { label: "Bo", events: b }];
const marked = (id, start_ms, mark, pair = null) => ({ ...event(id, "opens", start_ms), mark, pair });

test("of two raters nobody is right: moments on which they agree and differ are counted, not hits and misses", () => {
  const confused = [marked("a", 1000, "differs", "b"), marked("b", 1100, "differs", "a")];
  assert.equal(summary(two([confused[0]], [confused[1]])), "Agree on 0 of 1");
  assert.equal(summary(two([confused[0]], [confused[1], marked("c", 9000, "differs")])), "Agree on 0 of 2");
  assert.equal(summary(two([marked("a", 1000, null, "b")], [marked("b", 1100, null, "a")])), "Agree on all 1");
  assert.equal(summary(two([marked("a", 1000, null, "b"), marked("x", 5000, null)], [marked("b", 1100, null, "a"), marked("d", 7000, "differs")])), "Agree on 1 of 2 · 1 not counted");
});

test("review counts a hit once and steps through what differs", () => {
  const lanes = two([marked("a", 1000, "hit", "c"), marked("b", 5000, "extra")], [marked("c", 1100, "hit", "a"), marked("d", 3000, "missed")]);
  assert.equal(summary(lanes), "1 hit, 1 missed, 1 extra");
  assert.deepEqual(listed(lanes).map((e) => e.id), ["a", "d", "b"]);
  const after = (here) => nextDisagreement(lanes, here).events.map((e) => e.id);
  assert.deepEqual([after({}), after({ id: "d" }), after({ id: "b" }), after({ at_ms: 4000 })], [["d"], ["b"], ["d"], ["b"]]);
  assert.deepEqual([{}, { id: "d" }, { id: "b" }, { at_ms: 9000 }].map((here) => nextDisagreement(lanes, here).again), [false, false, true, true]);
  assert.equal(nextDisagreement(two([marked("a", 1, null, "b")], [marked("b", 1, null, "a")])), null);
});

test("a missed code and the one given instead are one moment to look at, and count as one miss and one extra", () => {
  const lanes = two([marked("a", 1000, "extra", "b")], [marked("b", 1400, "missed", "a")]);
  assert.equal(summary(lanes), "0 hit, 1 missed, 1 extra");
  assert.deepEqual(disagreements(lanes).map((d) => d.events.map((e) => e.id)), [["a", "b"]]);
});

test("disagreements that begin at the same instant are walked through one by one", () => {
  const lanes = two([marked("a", 1000, "differs"), marked("b", 1000, "differs", "c")], [marked("c", 1000, "differs", "b"), marked("d", 1000, "differs")]);
  let here = null;
  const way = [1, 2, 3, 4].map(() => (here = nextDisagreement(lanes, { id: here?.events[0].id, at_ms: here?.at_ms })).events.map((e) => e.id).join());
  assert.deepEqual(way, ["a", "b,c", "d", "a"]);
});
