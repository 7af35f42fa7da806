import assert from "node:assert/strict";
import test from "node:test";
import { Heard, recall, remember } from "../src/heard.js";
import { Passes } from "../src/passes.js";
import { canFinish, currentPass, refusal } from "../src/pass-rules.js";
import { doneBy } from "../src/asking.js";
import { anchorsAround, answersOf, NONE, placeFor, rate, stepped, toggleLink, typing, written } from "../src/rating-answers.js";
import { missingIn, missingOf, passedEnd, placeKey, placeName, progress, segmentAt } from "../src/rating-places.js";
import { Whereabouts } from "../src/whereabouts.js";
import { duration } from "../src/format.js";
import { grouped, reasonFor, reasonsOf } from "../src/submission.js";
import { around, slices, tally } from "../src/tallies.js";
import { report } from "../src/worktime.js";

const MINUTE = 60_000;
const minutes = (...spans) => spans.map(([a, b]) => [a * MINUTE, b * MINUTE]);
const scale = (id, more = {}) => ({ id, label: id, low: 1, high: 7, anchors: {}, start: null, no_evidence: false, dimension: id, each_segment: false, ...more });
const segments = minutes([0, 5], [5, 10], [20, 25]);
const scheme = { codes: [], ratings: [scale("bond", { each_segment: true }), scale("tasks", { each_segment: true }), scale("overall")] };
const rated = (...ratings) => answersOf(ratings.map(([id, segment, value]) => ({ scale: id, segment, value: value === NONE ? null : value, no_evidence: value === NONE })));

test("no evidence is an answer, a rating taken away is none", () => {
  const answers = rated(["bond", 1, 4], ["tasks", 1, NONE], ["overall", 0, null]);
  assert.deepEqual([...answers], [["1//bond", 4], ["1//tasks", NONE]]);
  assert.deepEqual(progress(scheme, segments, answers), { asked: 7, done: 2 });
});

test("a segment lacks the scales that are asked for each segment", () => {
  const answers = rated(["bond", 2, 4], ["overall", 2, 3]);
  assert.deepEqual(missingIn(2, scheme, answers).map((s) => s.id), ["tasks"]);
  assert.deepEqual([0, 4.9, 5, 12, 24.9, 25].map((m) => segmentAt(segments, m * MINUTE)), [1, 1, 2, 0, 3, 0]);
});

test("the sound passes a segment's end by playing, not by a jump", () => {
  assert.equal(passedEnd(segments, 5 * MINUTE - 20, 5 * MINUTE + 5), 1);
  assert.equal(passedEnd(segments, 5 * MINUTE - 20, 5 * MINUTE - 5), 0);
  assert.equal(passedEnd(segments, 5 * MINUTE + 20, 5 * MINUTE - 5), 0);
  assert.equal(passedEnd(segments, 4 * MINUTE, 6 * MINUTE), 0);
});

test("digits are values; several digits and a minus where the scale has such values", () => {
  const wide = scale("w", { low: 0, high: 100 });
  const signed = scale("s", { low: -3, high: 3 });
  assert.deepEqual(typing(scale("a"), "", "5"), { value: 5, typed: "5" });
  assert.equal(typing(scale("a"), "", "9").value, null);
  assert.deepEqual(typing(scale("a"), "5", "6"), { value: 6, typed: "6" });
  assert.deepEqual(typing(wide, "7", "5"), { value: 75, typed: "75" });
  assert.deepEqual(typing(signed, "", "-"), { value: null, typed: "-" });
  assert.deepEqual(typing(signed, "-", "2"), { value: -2, typed: "-2" });
  assert.equal(typing(signed, "", "2").value, 2);
  assert.deepEqual([-2, 0, 2].map((v) => written(signed, v)), ["−2", "0", "+2"]);
  assert.equal(written(scale("a"), 2), "2");
});

test("arrows begin at an end and stay on the scale", () => {
  assert.deepEqual([stepped(scale("a"), null, 1), stepped(scale("a"), null, -1), stepped(scale("a"), 7, 1), stepped(scale("a"), 3, -1)], [1, 7, 7, 2]);
});

test("the anchors below, at and above the value at hand are read", () => {
  const anchored = scale("a", { anchors: { 1: "none", 4: "some", 7: "much" } });
  const words = (value) => anchorsAround(anchored, value).map((a) => [a.value, a.words, a.place]);
  assert.deepEqual(words(5), [[4, "some", "below"], [5, "", "at"], [7, "much", "above"]]);
  assert.deepEqual(words(1), [[1, "none", "at"], [4, "some", "above"]]);
  assert.deepEqual(words(null), [[1, "none", "end"], [7, "much", "end"]]);
  assert.deepEqual(anchorsAround(scale("b"), null), []);
  assert.deepEqual(anchorsAround(scale("b"), 4), []);
});

test("a rating says its place, and no evidence is not a value", () => {
  assert.deepEqual(rate({ scale: "bond", segment: 2 }, 4).operations[0].values, { scale: "bond", segment: 2, value: 4, no_evidence: false });
  assert.deepEqual(rate({ scale: "bond", segment: 0, person: "" }, NONE).operations[0].values, { scale: "bond", segment: 0, value: null, no_evidence: true });
  assert.deepEqual(rate({ scale: "bond", segment: 0 }, null).operations[0].values, { scale: "bond", segment: 0, value: null, no_evidence: false });
});

test("linking again takes the evidence away", () => {
  const place = { scale: "bond", segment: 2 };
  const stands = [{ scale: "bond", segment: 2, event: "e1", unit: "" }, { scale: "bond", segment: 1, event: "e2", unit: "" }];
  const values = (what) => toggleLink(stands, place, what).operations[0].values;
  assert.deepEqual(values({ event: "e1" }), { ...place, event: "e1", linked: false });
  assert.deepEqual(values({ event: "e2" }), { ...place, event: "e2", linked: true });
  assert.deepEqual(values({ unit: "u5" }), { ...place, unit: "u5", linked: true });
});

test("evidence goes to the active rating, else to the only one of the code's dimension", () => {
  const event = { start_ms: 21 * MINUTE };
  assert.deepEqual(placeFor(event, { dimension: "bond" }, scheme, segments, { scale: "tasks", segment: 1 }), { scale: "tasks", segment: 1 });
  assert.deepEqual(placeFor(event, { dimension: "bond" }, scheme, segments, null), { scale: "bond", segment: 3, person: "" });
  assert.deepEqual(placeFor(event, { dimension: "overall" }, scheme, segments, null), { scale: "overall", segment: 0, person: "" });
  assert.equal(placeFor(event, { dimension: "" }, scheme, segments, null), null);
  assert.equal(placeFor({ start_ms: 12 * MINUTE }, { dimension: "bond" }, scheme, segments, null), null);
});

test("a segment waits once the sound has played past its end, until its ratings are there", () => {
  const [end] = [segments[0][1]];
  const at = new Whereabouts({ scheme: { codes: [], ratings: [scale("bond", { each_segment: true }), scale("tasks", { each_segment: true })] }, segments, people: [] });
  const given = (...ids) => answersOf(ids.map((id) => ({ scale: id, segment: 1, value: 1 })));
  const heard = (playing, answers = given()) => (at.passed(end - 1000, playing, answers), at.passed(end + 10, playing, answers));
  assert.equal(heard(false), 0, "moved there without playing");
  assert.equal(heard(true, given("bond", "tasks")), 0, "all is rated");
  assert.equal(at.due, 0);
  assert.equal(heard(true, given("bond")), 1);
  assert.deepEqual([at.due, at.left(given("bond"))], [1, 1]);
  assert.deepEqual([at.left(given("bond", "tasks")), at.due], [0, 0]);
});

// ---- persons -------------------------------------------------------------------------------------

const people = [["provider", "Provider"], ["patient", "Patient"], ["family-1", "Family member 1"], ["family-2", "Family member 2"], ["family", "Whole family"]].map(([id, label]) => ({ id, label, role: id.split("-")[0] }));
const everybody = ["patient", "family-1", "family-2"];
const family = { codes: [], ratings: [scale("safety", { people: everybody }), scale("openness", { people: ["family-1", "family-2"] }), scale("purpose", { together: true })] };
const of = (id, person, value) => ({ scale: id, segment: 0, person, value, no_evidence: false });
const where = () => new Whereabouts({ scheme: family, segments: [], people });
const keys = (list) => list.map((place) => place && placeKey(place));

test("each person is asked for apart, and what one is given is nobody else's", () => {
  const answers = answersOf([of("safety", "family-1", 2), of("purpose", "", 1)]);
  assert.deepEqual(progress(family, [], answers), { asked: 6, done: 2 });
  assert.deepEqual(everybody.map((id) => missingOf(id, family, answers).map((s) => s.id)), [["safety"], ["openness"], ["safety", "openness"]]);
  assert.deepEqual(rate({ scale: "safety", segment: 0, person: "family-2" }, -3).operations[0].values, { scale: "safety", segment: 0, person: "family-2", value: -3, no_evidence: false });
  assert.equal(placeName({ segment: 0, person: "family-2" }, [], people), "Family member 2");
});

test("whom a scale does not rate, it is not shown for; the rest stays", () => {
  const at = where();
  assert.equal(at.person, "patient");
  assert.deepEqual(keys(family.ratings.map((s) => at.placeOf(s))), ["0/patient/safety", null, "0//purpose"]);
  at.person = "family-1";
  assert.deepEqual(keys(family.ratings.map((s) => at.placeOf(s))), ["0/family-1/safety", "0/family-1/openness", "0//purpose"]);
  assert.deepEqual(at.rated("family-1", answersOf([of("safety", "family-1", 0)])), [1, 2]);
});

test("one goes from person to person, and from segment to segment beside what is rated in segments", () => {
  const at = where();
  const [safety, , purpose] = family.ratings;
  assert.deepEqual(at.next(safety, 1), { person: "family-1" });
  assert.deepEqual(at.next(safety, -1), { person: "patient" });
  assert.deepEqual(at.next(purpose, 1), { person: "family-1" });
  const both = new Whereabouts({ scheme: { codes: [], ratings: [...family.ratings, scale("bond", { each_segment: true })] }, segments, people });
  assert.deepEqual(both.next({ each_segment: true }, 1), { segment: 2 });
  assert.deepEqual(both.next(safety, 1), { person: "family-1" });
  assert.equal(new Whereabouts({ scheme: { ratings: [scale("overall")] }, segments: [], people }).next(scale("overall"), 1), null);
});

test("who has all ratings is followed by the next person who lacks one", () => {
  const at = where();
  const next = (...given) => placeKey(at.firstMissing((place) => !answersOf(given).has(placeKey(place)), { scale: "purpose", segment: 0, person: "" }));
  assert.equal(next(), "0/patient/safety");
  assert.equal(next(of("safety", "patient", 1)), "0//purpose");
  assert.equal(next(of("safety", "patient", 1), of("purpose", "", 1)), "0/family-1/safety");
  assert.equal(next(of("safety", "patient", 1), of("purpose", "", 1), of("safety", "family-1", 0), of("openness", "family-1", 0)), "0/family-2/safety");
  assert.equal(next(...everybody.map((p) => of("safety", p, 0)), of("openness", "family-1", 0), of("openness", "family-2", 0), of("purpose", "", 1)), "0//purpose");
});

test("evidence goes to the rating of the person who did it; what several did, to none of itself", () => {
  const code = { dimension: "safety", who: "clients" };
  const to = (who) => placeFor({ start_ms: 0, who }, code, family, [], null, people);
  assert.deepEqual(to("family-2"), { scale: "safety", segment: 0, person: "family-2" });
  assert.equal(to("family"), null);
  assert.equal(to(""), null);
});

test("the whole family did what each member did; the only one there needs no name", () => {
  const by = (who, whose, some = people) => doneBy({ who: whose }, { who }, some);
  assert.deepEqual(by("family", "clients"), ["family-1", "family-2"]);
  assert.deepEqual(by("", "clients"), []);
  assert.deepEqual(by("", "clients", people.slice(0, 2)), ["patient"]);
  assert.deepEqual(by("", "patient"), ["patient"]);
});

test("codes are counted by five minutes, wider where an hour and more would not fit", () => {
  assert.deepEqual(slices(minutes([0, 12], [30, 33]), []), minutes([0, 5], [5, 10], [10, 12], [30, 33]));
  assert.equal(slices(minutes([0, 60]), []).length, 12);
  assert.deepEqual(slices(minutes([0, 61]), [])[0], [0, 10 * MINUTE]);
  assert.equal(slices(minutes([0, 60]), segments), segments);
});

//            0    1    2    3    4 |  5    6    7
//   warm     x         x         | x
//   strain   [---------------------------)
test("an event counts where it starts; codes of the rating's dimension come first", () => {
  const codes = [{ id: "strain", kind: "state", dimension: "" }, { id: "warm", kind: "point", dimension: "bond" }, { id: "cold", kind: "point", dimension: "bond" }, { id: "never", kind: "point", dimension: "" }];
  const event = (code, start, end = null) => ({ code, start_ms: start * MINUTE, end_ms: end == null ? null : end * MINUTE });
  const events = [event("warm", 0), event("warm", 2), event("warm", 5), event("strain", 0, 6), event("strain", 7)];
  const { first, others } = tally(events, { codes }, minutes([0, 5], [5, 10]), "bond");
  assert.deepEqual(first.map((r) => [r.code.id, r.counts, r.total]), [["warm", [2, 1], 3], ["cold", [0, 0], 0]]);
  assert.deepEqual(others.map((r) => [r.code.id, r.counts, r.lasted_ms]), [["strain", [1, 1], 6 * MINUTE]]);
});

test("of more slices than a table has room for those around the present one are shown", () => {
  const many = minutes(...Array.from({ length: 30 }, (_, n) => [n * 5, n * 5 + 5]));
  assert.deepEqual([0, 1, 15, 30].map((now) => Object.values(around(many, now))), [[0, 12], [0, 12], [8, 20], [18, 30]]);
  assert.deepEqual(around(segments, 2), { from: 0, to: 3 });
});

test("a checklist groups its entries, and the missing ratings of a segment are one", () => {
  const entries = [
    { kind: "unsure", sentence: "u" },
    { kind: "rating", scale: "overall", segment: 0, sentence: "overall" },
    { kind: "rating", scale: "bond", segment: 1, sentence: "bond 1" },
    { kind: "rating", scale: "bond", segment: 2, sentence: "bond 2" },
    { kind: "rating", scale: "tasks", segment: 1, sentence: "tasks 1" },
    { kind: "rating", scale: "safety", segment: 0, person: "family-1", sentence: "safety 1" },
    { kind: "rating", scale: "openness", segment: 0, person: "family-1", sentence: "openness 1" },
    { kind: "rating", scale: "safety", segment: 0, person: "family-2", sentence: "safety 2" },
    { kind: "pass", sentence: "p" },
  ];
  const groups = grouped(entries, segments, people);
  assert.deepEqual(groups.map((g) => [g.kind, g.number]), [["pass", 1], ["rating", 7], ["unsure", 1]]);
  assert.deepEqual(groups[1].entries.map((e) => e.sentence), ["0:00 – 5:00: 2 ratings missing.", "bond 2", "overall", "Family member 1: 2 ratings missing.", "safety 2"]);
});

test("a contradiction is answered with one of at most nine reasons, the scheme's own where it has some", () => {
  assert.equal(reasonsOf({ reasons: [] }).length, 4);
  assert.deepEqual(reasonsOf({ reasons: ["a", "b"] }), ["a", "b"]);
  assert.equal(reasonsOf({ reasons: Array(12).fill("x") }).length, 9);
  assert.deepEqual(reasonFor({ rule: "r", segment: 2 }, "a").operations, [{ kind: "reason", values: { rule: "r", segment: 2, reason: "a" } }]);
  assert.deepEqual(reasonFor({ rule: "r", segment: 0, person: "patient" }, "a").operations[0].values, { rule: "r", segment: 0, person: "patient", reason: "a" });
});

test("a length of work is read in hours and minutes", () => {
  assert.deepEqual([20_000, 45 * MINUTE, 60 * MINUTE, 65 * MINUTE].map(duration), ["less than a minute", "45 min", "1 h", "1 h 5 min"]);
});

// ---- passes and listening ----------------------------------------------------------------------

test("the pass at hand is the first unfinished one; the last ends with the submission", () => {
  const passes = ["listen", "code", "rate"];
  assert.equal(currentPass(passes, []), "listen");
  assert.equal(currentPass(passes, ["listen"]), "code");
  assert.equal(currentPass(passes, passes), "rate");
  assert.deepEqual(passes.map((p) => canFinish(passes, p)), [true, true, false]);
});

test("what belongs to a later pass is explained, not done", () => {
  const passes = ["listen", "unitize", "code", "rate"];
  const may = (kind, ...finished) => refusal(kind, passes, finished) === null;
  assert.deepEqual(["boundary", "code", "rate", "note"].map((k) => may(k)), [false, false, false, true]);
  assert.deepEqual(["boundary", "code", "rate"].map((k) => may(k, "listen")), [true, false, false]);
  assert.deepEqual(["boundary", "code", "rate"].map((k) => may(k, "listen", "unitize")), [false, true, false]);
  assert.deepEqual(["boundary", "code", "rate"].map((k) => may(k, "listen", "unitize", "code")), [false, true, true]);
  assert.match(refusal("boundary", passes, ["listen", "unitize"]), /Open the pass “Units”/);
  assert.match(refusal("code", passes, [], "F9"), /F9 finishes listening\.$/); // the rater's own key, not ours
  assert.match(refusal("code", passes, []), /after that\.$/);
  assert.equal(refusal("code", [], []), null);
  assert.equal(refusal("boundary", ["listen", "code"], ["listen"]), null);
});

test("listening counts what was played inside the windows, once", () => {
  const heard = new Heard();
  const play = (from, to) => {
    for (let ms = from; ms < to; ms += 500) heard.mark(ms, Math.min(to, ms + 500));
  };
  play(0, 10_000);
  play(5000, 15_000);
  heard.mark(15_000, 60_000); // a jump
  heard.mark(60_000, 59_000);
  play(60_000, 70_000);
  assert.deepEqual(heard.spans, [[0, 15_000], [60_000, 70_000]]);
  assert.equal(heard.share([[0, 20_000], [65_000, 75_000]]), 20_000 / 30_000);
  assert.equal(heard.firstUnheard([[0, 20_000]]), 15_000);
  assert.equal(heard.firstUnheard([[0, 15_000], [60_000, 70_000]]), null);
});

test("the server is told what it does not know yet, and no more than it takes at once", () => {
  const heard = new Heard([[0, 10_000], [20_000, 30_000], [40_000, 50_000]]);
  const told = new Heard([[2000, 4000], [20_000, 30_000], [45_000, 60_000]]);
  assert.deepEqual(heard.beyond(told), [[0, 2000], [4000, 10_000], [40_000, 45_000]]);
  assert.deepEqual(heard.beyond(told, 2), [[0, 2000], [4000, 10_000]]);
  told.add(heard.beyond(told, 2));
  assert.deepEqual(heard.beyond(told), [[40_000, 45_000]]);
  told.add(heard.beyond(told));
  assert.deepEqual(heard.beyond(told), []);
  assert.deepEqual(new Heard([[0.4, 1000.4]]).beyond(new Heard()), [[0, 1000]]);
});

test("what was heard goes with each report until the server has it", async () => {
  const sent = [];
  let answer = false;
  const passes = Object.assign(Object.create(Passes.prototype), { passes: ["listen"], heard: new Heard([[0, 5000]]), told: new Heard([[0, 1000]]) });
  const room = { parts: [passes, {}], sync: { position: async (...all) => (sent.push(all), answer) } };
  assert.equal(await report(room, 7, 8), false);
  answer = true;
  assert.equal(await report(room, 7, 8), true);
  assert.equal(await report(room, 7, 8), true);
  assert.deepEqual(sent, [[7, 8, { heard: [[1000, 5000]] }], [7, 8, { heard: [[1000, 5000]] }], [7, 8, {}]]);
});

test("what was heard is remembered for each coding, and a broken note of it is no harm", () => {
  const store = { kept: {}, getItem: (k) => store.kept[k] ?? null, setItem: (k, v) => (store.kept[k] = v) };
  assert.equal(remember("c1", new Heard([[0, 1500.4]]), store), true);
  assert.deepEqual(recall("c1", [], store).spans, [[0, 1500]]);
  assert.deepEqual(recall("c2", [], store).spans, []);
  assert.deepEqual(recall("c1", [[1000, 4000]], store).whole(), [[0, 4000]]); // and what another computer told the server
  store.kept["alliance-workbench-heard-c1"] = "{broken";
  assert.deepEqual(recall("c1", [[5, 9]], store).spans, [[5, 9]]);
  assert.equal(remember("c1", new Heard(), null), false);
});
