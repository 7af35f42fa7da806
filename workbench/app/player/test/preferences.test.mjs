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

function browser() {
  const kept = new Map();
  const store = { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text), removeItem: (name) => kept.delete(name) };
  const channels = [];
  const channel = () => {
    const own = { closed: false, close: () => (own.closed = true), postMessage: (data) => channels.forEach((c) => c !== own && c.onmessage?.({ data })) };
    channels.push(own);
    return own;
  };
  return { kept, open: (fetch, given = { lag_ms: 100 }, more = {}) => new Preferences({ given, url: "/p", owner: "r", csrf: () => "word", env: { fetch, store, channel: channel(), setTimeout: () => 1 }, ...more }) };
}

const offline = async () => {
  throw new TypeError("no network");
};

test("what was changed offline outlives a reload and goes to the server then, over what changed elsewhere meanwhile", async () => {
  const { open, kept } = browser();
  await open(offline).set({ lag_ms: 250 });
  const sent = [];
  const online = async (_, { body }) => (sent.push(JSON.parse(body)), { ok: true, status: 200 });
  const again = open(online, { lag_ms: 100, hold: false });
  assert.equal(again.lag_ms, 250);
  await again.busy;
  assert.deepEqual(sent, [{ ...USUAL, lag_ms: 250, hold: false }]);
  assert.equal(kept.size, 0);
});

test("a change in one tab holds in the other, which does not overwrite it with its own", async () => {
  const { open } = browser();
  const sent = [];
  const fetch = async (_, { body }) => (sent.push(JSON.parse(body)), { ok: true, status: 200 });
  const heard = [];
  const [one, other] = [open(fetch), open(fetch, { lag_ms: 100 }, { onChange: (names) => heard.push(...names) })];
  await one.set({ keys: { s: { opens: "7" } } });
  assert.deepEqual([other.keys, heard, sent.length], [{ s: { opens: "7" } }, ["keys"], 1]);
  await other.set({ lag_ms: 300 });
  assert.deepEqual(sent.at(-1), { ...USUAL, keys: { s: { opens: "7" } }, lag_ms: 300 });
});
