import assert from "node:assert/strict";
import test from "node:test";
import { Preferences, settled, USUAL } from "../src/preferences.js";

function rig(answers) {
  const sent = [];
  const said = [];
  const timers = [];
  const fetch = async (url, { method, body }) => {
    sent.push([method, url, JSON.parse(body)]);
    const answer = answers.shift() ?? 200;
    if (answer === "offline") throw new TypeError("no network");
    return { ok: answer === 200, status: answer, json: async () => ({}) };
  };
  const env = { fetch, setTimeout: (f) => timers.push(f) };
  const preferences = new Preferences({ given: { lag_ms: 100 }, url: "/p", csrf: () => "word", onSentence: (s) => said.push(s), env });
  return { preferences, sent, said, timers };
}

test("what is not given or makes no sense is as usual, and numbers stay within their limits", () => {
  assert.deepEqual(settled(), USUAL);
  assert.deepEqual(settled({ lag_ms: 99_999, hold: "yes", volume_boost: 0, resume_earlier_ms: 12.6, other: 1 }), { ...USUAL, lag_ms: 2000, resume_earlier_ms: 13 });
});

test("a change holds at once and the whole object goes to the server", async () => {
  const { preferences, sent } = rig([]);
  const saved = preferences.set({ hold: false });
  assert.equal(preferences.hold, false);
  assert.equal(await saved, true);
  assert.deepEqual(sent, [["PUT", "/p", { ...USUAL, lag_ms: 100, hold: false }]]);
});

test("offline, the change holds, one sentence says so, and it is sent again later", async () => {
  const { preferences, sent, said, timers } = rig(["offline", "offline"]);
  assert.equal(await preferences.set({ lag_ms: 250 }), false);
  assert.equal(await preferences.set({ lag_ms: 300 }), false);
  assert.equal(preferences.lag_ms, 300);
  assert.deepEqual(said, ["The settings hold in this page; they are saved when the server answers again."]);
  timers[0]();
  await new Promise((resolve) => setTimeout(resolve));
  assert.equal(sent.at(-1)[2].lag_ms, 300);
  assert.equal(preferences.unsaved, false);
});

test("changes made while one travels are sent after it, the last word last", async () => {
  const { preferences, sent } = rig([]);
  await Promise.all([preferences.set({ lag_ms: 1 }), preferences.set({ lag_ms: 2 }), preferences.set({ lag_ms: 3 })]);
  assert.equal(sent.at(-1)[2].lag_ms, 3);
  assert.ok(sent.length <= 2);
});
