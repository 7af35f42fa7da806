import assert from "node:assert/strict";
import test from "node:test";
import { Element, openPage } from "./page.mjs";
import { scale, sit } from "./ratings-page.mjs";

openPage();
const { MeaningPanel } = await import("../src/codes.js");
const { Rulings } = await import("../src/rulings.js");
const { changed, clipAround, headline, matching, momentOf, of, standing } = await import("../src/ruling-texts.js");

const ruling = (id, more = {}) => ({ id, version: 1, code: "opens", rating: false, label: "Opens up", date: "2026-11-20", question: "Is a shrug enough?", decision: "No.", example: "", where: "", clip: "", change: "", withdrawn: "", ...more });

test("what is new is said in numbers, the new before the corrected and the withdrawn", () => {
  const list = [ruling("1", { change: "new" }), ruling("2", { change: "corrected" }), ruling("3"), ruling("4", { change: "withdrawn", withdrawn: "wrong" }), ruling("5", { change: "new" })];
  assert.equal(headline(changed(list)), "2 new rulings, 1 corrected, 1 withdrawn");
  assert.equal(headline([list[1]]), "1 corrected ruling");
  assert.equal(headline([list[3]]), "1 withdrawn ruling");
  assert.deepEqual(standing(list).map((r) => r.id), ["1", "2", "3", "5"]);
});

test("a code's help has the rulings that hold for it, not those of a rating of the same name", () => {
  const list = [ruling("1"), ruling("2", { rating: true }), ruling("3", { code: "mends" }), ruling("4", { withdrawn: "wrong" })];
  assert.deepEqual(of(list, "opens", false).map((r) => r.id), ["1"]);
  assert.deepEqual(of(list, "opens", true).map((r) => r.id), ["2"]);
});

test("a search finds rulings that say all its words, in any order and letter case", () => {
  const list = [ruling("1"), ruling("2", { question: "Und das Schweigen?", where: "S-01, 0:12–0:16" })];
  assert.deepEqual(matching(list, "SHRUG enough").map((r) => r.id), ["1"]);
  assert.deepEqual(matching(list, "s-01 opens").map((r) => r.id), ["2"]);
  assert.equal(matching(list, " ").length, 2);
  assert.equal(matching(list, "shrug silence").length, 0);
});

for (const [text, ms] of [["12:34.5", 754_500], ["1:02:03", 3_723_000], ["75", 75_000], ["0:07.25", 7_250], [" 3:00 ", 180_000], ["1:75", null], ["", null], ["-1", null], ["1:2:3:4", null], ["1.5:00", null], ["soon", null]])
  test(`“${text}” ${ms == null ? "names no moment" : `is ${ms} ms`}`, () => assert.equal(momentOf(text), ms));

test("a clip is the loop, else the chosen stretch, else a little around the moment, within the recording", () => {
  const length_ms = 60_000;
  const state = { start_ms: 10_000, end_ms: 20_000 };
  assert.deepEqual(clipAround({ loop: { start_ms: 1000.4, end_ms: 2000 }, event: state, now_ms: 5, length_ms }), { start_ms: 1000, end_ms: 2000 });
  assert.deepEqual(clipAround({ loop: null, event: state, now_ms: 5, length_ms }), state);
  assert.deepEqual(clipAround({ loop: null, event: { start_ms: 30_000, end_ms: null }, now_ms: 5, length_ms }), { start_ms: 25_000, end_ms: 35_000 });
  assert.deepEqual(clipAround({ loop: null, event: null, now_ms: 2000, length_ms }), { start_ms: 0, end_ms: 7000 });
  assert.deepEqual(clipAround({ loop: null, event: null, now_ms: 59_000, length_ms }), { start_ms: 54_000, end_ms: 60_000 });
});

function roomOf(rulings, more = {}) {
  const root = new Element("div");
  root.querySelector = () => ({ before: (...made) => root.append(...made) });
  const meaning = new MeaningPanel();
  return { coding: true, root, meaning, sync: { state: "draft" }, payload: { live: false, mode: "code", csrf: "x", scheme: { title: "S", codes: [], ratings: [] }, rulings: { list: rulings, may_make: false, url: "/wb/rulings/abc", ...more } }, keyName: () => "D", say(sentence) { this.said = sentence; } };
}

test("the room says how many rulings are new, and the code's meaning carries them", () => {
  const room = roomOf([ruling("1", { change: "new" }), ruling("2", { code: "mends" })]);
  const part = new Rulings(room);
  assert.equal(part.opener.textContent, "1 new ruling");
  room.meaning.explain({ id: "opens", label: "Opens up", kind: "point", definition: "Says more.", modifiers: [] });
  assert.match(room.meaning.body.textContent, /Says more\..*Ruling.*Is a shrug enough\?.*No\./);
  room.meaning.explain({ id: "laughs", label: "Laughs", kind: "point", definition: "Laughs.", modifiers: [] });
  assert.doesNotMatch(room.meaning.body.textContent, /shrug/);
});

test("that words were taken out stands below the ruling, and nothing where none were", () => {
  const gone = "Words were taken out on 2026-11-22: a name.";
  const room = roomOf([ruling("1", { decision: "As [taken out] said.", taken_out: gone }), ruling("2", { code: "mends", taken_out: "" })]);
  new Rulings(room);
  room.meaning.explain({ id: "opens", label: "Opens up", kind: "point", definition: "Says more.", modifiers: [] });
  assert.match(room.meaning.body.textContent, /As \[taken out\] said\..*Words were taken out on 2026-11-22: a name\./);
  room.meaning.explain({ id: "mends", label: "Mends", kind: "point", definition: "Mends.", modifiers: [] });
  assert.doesNotMatch(room.meaning.body.textContent, /taken out/);
});

test("a rating's rulings are a line that unfolds, and what was unfolded stays so when rulings come in", () => {
  const { part: ratings } = sit([scale("bond"), scale("goals")]);
  const room = roomOf([ruling("1", { code: "bond", rating: true }), ruling("2", { code: "bond" })]);
  room.ratings = ratings;
  const part = new Rulings(room);
  const [bond, goals] = ratings.cards.map((card) => card.said);
  assert.match(bond.firstChild.textContent, /^1 ruling2026.*Is a shrug enough/);
  assert.equal(bond.firstChild.hasAttribute("open"), false);
  assert.equal(goals.firstChild, null);
  bond.firstChild.open = true;
  const before = { rulings: { ...room.payload.rulings } };
  room.payload.rulings.list = [...before.rulings.list, ruling("3", { code: "bond", rating: true })];
  part.renewed(before);
  assert.match(bond.firstChild.textContent, /^2 rulings/);
  assert.equal(bond.firstChild.hasAttribute("open"), true);
});

test("a rater who presses the key for making one is told who does", () => {
  const room = roomOf([]);
  const part = new Rulings(room);
  part.acts.rule();
  assert.equal(room.said, "Supervisors and researchers make rulings.");
  assert.equal(part.opener.textContent, "Rulings");
});

test("whoever closes the form while its ruling is on the way finds no words of it again, and writes the next one after the answer", async () => {
  Element.prototype.showModal = function () {
    this.open = true;
  };
  Element.prototype.close = function () {
    if (this.open) this.dispatchEvent(new Event("close"), (this.open = false));
  };
  const room = roomOf([], { may_make: true, today: "2026-11-22", no_clip: "There is no recording." });
  Object.assign(room, { media: { now_ms: 0 }, timeline: {}, shownEvents: () => [] });
  room.payload.media = { duration_ms: 60_000 };
  const answers = [];
  globalThis.fetch = () => new Promise((answer) => answers.push(answer));
  const { acts, form, opener } = new Rulings(room);
  const write = () => {
    acts.rule();
    form.fields.question.value = "Is a nod enough?";
    form.fields.decision.value = "No.";
    form.keep.click();
    form.dialog.close();
  };
  const answered = async (response) => {
    answers.shift()(response);
    await new Promise((done) => setTimeout(done));
  };

  write();
  acts.rule();
  assert.equal(form.dialog.open, false);
  assert.equal(room.said, "The ruling before is still on its way.");
  await answered({ ok: false, json: async () => ({ error: "The disk is full." }) });
  assert.equal(room.said, "The ruling was not kept. The disk is full.");
  acts.rule();
  assert.equal(form.fields.question.value, "Is a nod enough?");
  form.dialog.close();

  write();
  await answered({ ok: true, json: async () => ({ rulings: [ruling("9")] }) });
  assert.equal(opener.textContent, "1 ruling");
  acts.rule();
  assert.equal(form.fields.question.value, "");
});

test("nothing stands before a session that is coded live, nor before a comparison", () => {
  for (const change of [{ coding: false }, { live: true }]) {
    const room = roomOf([ruling("1", { change: "new" })]);
    Object.assign(room, change);
    room.payload.live = Boolean(change.live);
    const part = new Rulings(room);
    part.news = () => assert.fail("opened");
    part.ready();
  }
  const room = roomOf([ruling("1", { change: "new" })]);
  const part = new Rulings(room);
  let opened = 0;
  part.news = () => opened++;
  part.ready();
  assert.equal(opened, 1);
});
