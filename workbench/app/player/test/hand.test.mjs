import assert from "node:assert/strict";
import test from "node:test";
import { answer, answered, inWords, presumed, questions } from "../src/asking.js";
import * as coding from "../src/coding.js";
import { neighbour, nextUnsure, nudge, recode, retime } from "../src/editing.js";
import { tookBack } from "../src/undone.js";

const set = (id, options, more = {}) => ({ id, label: id.toUpperCase(), required: false, several: false, options: options.map(([option, key, direct = ""]) => ({ id: option, label: option, key, direct })), ...more });
const code = (id, kind = "point", more = {}) => ({ id, label: id, key: id[0], kind, group: null, who: "both", ask: [], modifiers: [], ...more });
const depth = set("depth", [["slight", "1", "j"], ["strong", "2", "k"]]);
const opens = code("opens", "point", { modifiers: [depth] });
const withdrawal = code("withdrawal", "state", { group: "rupture", modifiers: [depth] });
const confrontation = code("confrontation", "state", { group: "rupture" });
const question = code("question", "utterance", { group: "act" });
const statement = code("statement", "utterance", { group: "act" });
const both = code("both", "utterance");
const scheme = { unit: "event", codes: [opens, withdrawal, confrontation, question, statement, both], ratings: [] };
const windows = [[10_000, 20_000], [30_000, 40_000]];
const event = (id, c, start_ms, end_ms = null, more = {}) => ({ id, code: c, start_ms, end_ms, comment: "", unsure: false, modifiers: [], second_choice: "", question: "", who: "", whom: "", unit: "", lag_ms: 0, ...more });
const content = (...events) => ({ events });
const ops = ({ operations }) => operations.map((op) => [op.kind, op.code ?? op.event, op.start_ms ?? op.values]);
const person = (id, role) => ({ id, label: id, role });
const couple = [person("provider", "provider"), person("patient-1", "patient"), person("patient-2", "patient")];
const dyad = [person("provider", "provider"), person("patient", "patient")];

test("reaction lag is taken off while it plays, more at a higher speed, nothing when paused", () => {
  const at = (ms, state) => coding.instant(ms, state, windows);
  assert.deepEqual(at(15_000, { lag_ms: 300, speed: 2, playing: true }), { at_ms: 14_400, lag_ms: 600 });
  assert.deepEqual(at(15_000, { lag_ms: 300, speed: 0.5, playing: true }), { at_ms: 14_850, lag_ms: 150 });
  assert.deepEqual(at(15_000, { lag_ms: 300, speed: 2, playing: false }), { at_ms: 15_000, lag_ms: 0 });
});

test("reaction lag goes back to the window's start and no further; what was seen in the window counts although the key came after it", () => {
  const at = (ms) => coding.instant(ms, { lag_ms: 500, playing: true }, windows);
  assert.deepEqual(at(10_200), { at_ms: 10_000, lag_ms: 200 });
  assert.deepEqual(at(30_100), { at_ms: 30_000, lag_ms: 100 });
  assert.deepEqual(at(20_300), { at_ms: 19_800, lag_ms: 500 });
  assert.deepEqual(at(25_000), { at_ms: 25_000, lag_ms: 0 });
  assert.deepEqual(coding.instant(200, { lag_ms: 500, playing: true }, []), { at_ms: 0, lag_ms: 200 });
});

test("what comes with a code is kept with it; what is empty is not", () => {
  const { operations } = coding.press(opens, 12_000, content(), scheme, windows, { modifiers: ["depth:strong"], lag_ms: 250, who: "", whom: "patient-2" });
  assert.deepEqual(operations[0].values, { modifiers: ["depth:strong"], lag_ms: 250, whom: "patient-2" });
  assert.deepEqual(coding.press(opens, 12_000, content(), scheme, windows, { modifiers: [], lag_ms: 0 }).operations[0].values, {});
});

test("a state coded in one stroke with another option ends and begins anew; with the same option it ends", () => {
  const open = content(event("e1", "withdrawal", 11_000, null, { modifiers: ["depth:slight"] }));
  const press = (modifiers) => coding.press(withdrawal, 12_000, open, scheme, windows, { modifiers });
  assert.deepEqual(press(["depth:strong"]).operations.map((op) => op.kind), ["amend", "add"]);
  assert.deepEqual(press(["depth:slight"]).operations.map((op) => op.kind), ["amend"]);
  assert.deepEqual(press([]).operations.map((op) => op.kind), ["amend"]);
});

test("not observable begins with one key for the reason last given and ends with it; codes of a group do not end it", () => {
  const begins = coding.notObservable(12_000, content(), scheme, windows);
  assert.deepEqual([begins.operations[0].code, begins.operations[0].values], ["not_observable", { modifiers: ["reason:inaudible"] }]);
  const dark = event("n1", "not_observable", 12_000, null, { modifiers: ["reason:frozen"] });
  assert.deepEqual(coding.notObservable(13_000, content(dark), scheme, windows).operations, [{ kind: "amend", event: "n1", values: { end_ms: 13_000 } }]);
  assert.deepEqual(coding.notObservable(15_000, content({ ...dark, end_ms: 13_000 }), scheme, windows).operations[0].values.modifiers, ["reason:frozen"]);
  assert.deepEqual(coding.press(withdrawal, 13_000, content(dark), scheme, windows).operations.map((op) => op.kind), ["add"]);
  assert.equal(coding.notObservable(25_000, content(), scheme, windows).refused, true);
  assert.deepEqual(coding.openStates(content(dark), scheme), [dark]);
});

const unit = { id: "u4", start_ms: 12_000, end_ms: 14_000 };

test("a code of utterances is given to the selected unit with its time; without one a sentence asks for it", () => {
  const { operations } = coding.pressUnit(question, unit, content(), scheme, windows);
  assert.deepEqual([operations[0].start_ms, operations[0].end_ms, operations[0].values], [12_000, 14_000, { unit: "u4" }]);
  assert.match(coding.pressUnit(question, null, content(), scheme, windows).sentence, /choose one in the transcript/);
  assert.equal(coding.pressUnit(question, { id: "u9", start_ms: 22_000, end_ms: 23_000 }, content(), scheme, windows).refused, true);
  assert.equal(coding.pressUnit(question, { id: "u9", start_ms: 19_000, end_ms: 23_000 }, content(), scheme, windows).operations[0].end_ms, 20_000);
});

test("exclusive codes on a unit replace each other in one act; others are added; the same one is not doubled", () => {
  const there = content(event("e1", "question", 12_000, 14_000, { unit: "u4" }));
  const other = coding.pressUnit(statement, unit, there, scheme, windows);
  assert.deepEqual(ops(other), [["amend", "e1", { deleted: true }], ["add", "statement", 12_000]]);
  assert.deepEqual(ops(coding.pressUnit(both, unit, there, scheme, windows)), [["add", "both", 12_000]]);
  const same = coding.pressUnit(question, unit, there, scheme, windows);
  assert.deepEqual([same.operations, same.select], [[], "e1"]);
});

test("where the scheme's unit is the utterance a moment's code goes to the unit as well", () => {
  assert.equal(coding.ofUnit(opens, scheme), false);
  assert.equal(coding.ofUnit(opens, { ...scheme, unit: "utterance" }), true);
  assert.equal(coding.ofUnit(withdrawal, { ...scheme, unit: "utterance" }), false);
});

test("one keystroke answers a modifier; another option takes its place; chosen again it is taken back", () => {
  const e = event("e1", "opens", 12_000, null, { modifiers: ["depth:slight"] });
  const [asked] = questions(opens, e, []);
  assert.deepEqual(asked.options.map((o) => [o.key, o.chosen]), [["1", true], ["2", false]]);
  assert.deepEqual(answer(opens, e, asked, asked.options[1]), { modifiers: ["depth:strong"] });
  assert.deepEqual(answer(opens, e, asked, asked.options[0]), { modifiers: [] });
  assert.deepEqual(answer(opens, e, { ...asked, required: true }, asked.options[0]), { modifiers: ["depth:slight"] });
});

test("several options toggle and stand in the scheme's order", () => {
  const seen = code("seen", "state", { modifiers: [set("in", [["voice", "v"], ["posture", "p"]], { several: true }), depth] });
  const e = event("e1", "seen", 12_000, null, { modifiers: ["in:posture", "depth:slight"] });
  const [asked] = questions(seen, e, []);
  assert.deepEqual(answer(seen, e, asked, asked.options[0]), { modifiers: ["in:voice", "in:posture", "depth:slight"] });
  assert.deepEqual(answer(seen, e, asked, asked.options[1]), { modifiers: ["depth:slight"] });
  assert.equal(answered(questions(seen, e, [])), false);
  assert.equal(answered(questions(opens, event("e", "opens", 0, null, { modifiers: ["depth:slight"] }), [])), true);
});

test("who and whom are asked only where several people could be meant; the code's own side is presumed", () => {
  const asks = (who) => code("asks", "point", { who, ask: ["who", "whom"] });
  const e = event("e1", "asks", 12_000);
  assert.deepEqual(questions(asks("provider"), e, dyad), []);
  assert.deepEqual(presumed(asks("provider"), dyad), { who: "provider", whom: "patient" });
  assert.deepEqual(presumed(asks("provider"), couple), { who: "provider" });
  const [whom] = questions(asks("provider"), { ...e, who: "provider" }, couple);
  assert.deepEqual([whom.id, whom.options.map((o) => [o.key, o.id])], ["whom", [["1", "patient-1"], ["2", "patient-2"]]]);
  const [who] = questions(asks("patient"), e, couple);
  assert.deepEqual(who.options.map((o) => o.id), ["patient-1", "patient-2"]);
  assert.deepEqual(answer(asks("both"), { ...e, whom: "provider" }, who, { id: "provider" }), { who: "provider", whom: "" });
  assert.deepEqual(presumed(code("plain"), dyad), {});
});

test("people get keys that neither the options nor any code has", () => {
  const asks = code("asks", "point", { ask: ["whom"], who: "provider", modifiers: [depth] });
  const asked = questions(asks, event("e1", "asks", 0, null, { who: "provider" }), couple, (key) => (key === "3" ? "opens" : undefined));
  assert.deepEqual(asked[1].options.map((o) => o.key), ["4", "5"]);
  assert.deepEqual(inWords(asks, event("e1", "asks", 0, null, { modifiers: ["depth:strong"], whom: "patient-2" }), couple), ["strong", "to patient-2"]);
});

test("an edge moves by a tenth of a second, within its window, and never over the other one", () => {
  const e = event("e1", "withdrawal", 10_050, 19_950);
  const by = (edge, ms) => nudge(e, edge, ms, content(e), scheme, windows);
  assert.deepEqual(by("start", 100).operations[0].values, { start_ms: 10_150 });
  assert.deepEqual(by("start", -100).operations[0].values, { start_ms: 10_000 });
  assert.deepEqual(by("end", 100).operations[0].values, { end_ms: 20_000 });
  assert.equal(by("start", 9_900).refused, true);
  assert.equal(nudge({ ...e, start_ms: 10_000 }, "start", -100, content(e), scheme, windows).refused, true);
  assert.match(nudge({ ...e, end_ms: null }, "end", 100, content(e), scheme, windows).sentence, /still open/);
  assert.match(nudge(event("p", "opens", 12_000), "end", 100, content(), scheme, windows).sentence, /a moment/);
});

test("start and end are set to the playhead; an open state is ended by it; an utterance keeps its time", () => {
  const e = event("e1", "withdrawal", 11_000, 15_000);
  const at = (times, x = e) => retime(x, times, content(e), scheme, windows);
  assert.deepEqual(at({ start_ms: 12_000 }).operations[0].values, { start_ms: 12_000 });
  assert.deepEqual(at({ end_ms: 14_000 }, { ...e, end_ms: null }).operations[0].values, { end_ms: 14_000 });
  assert.match(at({ end_ms: 10_500 }).sentence, /end before it begins/);
  assert.match(at({ start_ms: 12_000 }, { ...e, unit: "u4" }).sentence, /belongs to an utterance/);
  assert.deepEqual(at({ start_ms: 39_999 }, event("p", "opens", 12_000)).operations[0].values, { start_ms: 19_999 });
});

test("an edge moved over another state of its group says so", () => {
  const one = event("e1", "withdrawal", 11_000, 13_000);
  const two = event("e2", "confrontation", 13_000, 15_000);
  assert.match(retime(one, { end_ms: 13_500 }, content(one, two), scheme, windows).sentence, /withdrawal and confrontation now hold at once/);
  assert.doesNotMatch(retime(one, { end_ms: 12_500 }, content(one, two), scheme, windows).sentence, /at once/);
});

test("another code keeps the answers that it asks for too", () => {
  const e = event("e1", "opens", 12_000, null, { modifiers: ["depth:strong"], second_choice: "withdrawal" });
  assert.deepEqual(recode(e, withdrawal, content(e), scheme).operations[0].values, { code: "withdrawal", modifiers: ["depth:strong"], second_choice: "" });
  const state = event("e2", "confrontation", 12_000, 14_000);
  assert.deepEqual(recode(state, opens, content(state), scheme).operations[0].values, { code: "opens", modifiers: [], end_ms: null });
});

test("codes that cannot change into each other are refused in one sentence", () => {
  const said = event("e1", "question", 12_000, 14_000, { unit: "u4" });
  const moment = event("e2", "opens", 12_000);
  for (const [e, to] of [[said, withdrawal], [said, opens], [moment, question], [moment, coding.NOT_OBSERVABLE_CODE]]) {
    const { refused, sentence } = recode(e, to, content(said, moment), scheme);
    assert.equal(refused, true);
    assert.match(sentence, /^[^.]+\.$/);
  }
  assert.equal(recode(said, statement, content(said), scheme).operations.length, 1);
  assert.deepEqual(recode(moment, opens, content(moment), scheme).operations, []);
});

test("the code before, the code after, and round the unsure ones", () => {
  const events = [event("a", "opens", 1000, null, { unsure: true }), event("b", "opens", 2000), event("c", "opens", 3000, null, { unsure: true })];
  assert.equal(neighbour(events, "b", 1, 0).id, "c");
  assert.equal(neighbour(events, "a", -1, 0), null);
  assert.equal(neighbour(events, null, 1, 1500).id, "b");
  assert.equal(neighbour(events, "gone", -1, 2500).id, "b");
  assert.equal(nextUnsure(events, "a", 0).id, "c");
  assert.equal(nextUnsure(events, "c", 0).id, "a");
  assert.equal(nextUnsure(events, null, 500).id, "a");
  assert.equal(nextUnsure([events[1]], null, 0), null);
});

test("an undo says what it took back", () => {
  const now = [event("e1", "withdrawal", 62_000)];
  const said = (...operations) => tookBack("undo", operations, scheme, now);
  assert.equal(said({ kind: "amend", event: "e1", values: { end_ms: 70_000 } }), "Undone: end of withdrawal at 1:02.");
  assert.equal(said({ kind: "amend", event: "e0", values: { deleted: true } }, { kind: "add", code: "opens", start_ms: 5000, values: {} }), "Undone: opens at 0:05.");
  assert.equal(said({ kind: "amend", event: "e1", values: { modifiers: [] } }), "Undone: modifier of withdrawal at 1:02.");
  assert.equal(tookBack("redo", [{ kind: "boundary", values: { unit: "u4", starts: false } }], scheme, now), "Done again: joined utterances.");
});
