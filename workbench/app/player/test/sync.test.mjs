import assert from "node:assert/strict";
import test from "node:test";
import { MemoryJournal } from "../src/journal.js";
import { Ledger } from "../src/ledger.js";
import { Sync } from "../src/sync.js";

/** A server that keeps operations and can be told to fail. */
class Server {
  kept = new Map();
  refuse = new Set();
  failing = null;
  posts = 0;

  fetch = async (url, options = {}) => {
    if (this.failing === "network") throw new TypeError("fetch failed");
    if (typeof this.failing === "number") return Response.json({ error: "No." }, { status: this.failing });
    if (options.method !== "POST") {
      const since = Number(new URL(url, "http://x").searchParams.get("since"));
      return Response.json({ operations: [...this.kept.values()].filter((o) => o.seq > since), seq: this.kept.size, state: "draft" });
    }
    this.posts += 1;
    const acknowledged = [];
    const refused = [];
    for (const op of JSON.parse(options.body).operations) {
      if (this.refuse.has(op.code)) refused.push({ id: op.id, reason: "Unknown code." });
      else {
        if (!this.kept.has(op.id)) this.kept.set(op.id, { ...op, seq: this.kept.size + 1 });
        acknowledged.push(op.id);
      }
    }
    if (this.losesAnswers) throw new TypeError("connection reset");
    return Response.json({ acknowledged, refused, seq: this.kept.size, state: "draft" });
  };
}

async function room(server, journal = new MemoryJournal()) {
  const ledger = new Ledger();
  const sentences = [];
  const timers = [];
  const sync = new Sync({
    urls: { operations: "/operations", submit: "/submit", position: "/position" },
    coding: "c",
    rater: "r",
    csrf: "t",
    state: "draft",
    journal,
    ledger,
    onChange: () => {},
    onSentence: (s) => sentences.push(s),
    env: { fetch: server.fetch, setTimeout: (f) => timers.push(f), clearTimeout: () => {}, channel: { postMessage() {}, close() {} } },
  });
  await sync.load();
  const press = async (code, at = 1000) => {
    await sync.record(ledger.stage([{ kind: "add", event: `e-${code}-${at}`, code, start_ms: at }]));
    await settled();
  };
  return { sync, ledger, journal, sentences, timers, press };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("what the server acknowledged leaves the journal", async () => {
  const server = new Server();
  const { sync, journal, press } = await room(server);
  await press("opens");
  assert.equal(server.kept.size, 1);
  assert.equal(journal.entries.size, 0);
  assert.equal(sync.pending, 0);
});

test("an operation is drawn only when the journal has it", async () => {
  const { sync, ledger } = await room(new Server());
  const made = ledger.stage([{ kind: "add", event: "e1", code: "opens", start_ms: 5 }]);
  assert.equal(ledger.content().events.length, 1);
  assert.equal(ledger.drawn().events.length, 0);
  await sync.record(made);
  assert.equal(ledger.drawn().events.length, 1);
});

for (const failing of ["network", 503, 401]) {
  test(`operations stay in the journal while the server answers ${failing}, and go once it is back`, async () => {
    const server = new Server();
    const { sync, journal, press } = await room(server);
    server.failing = failing;
    await press("opens", 1);
    await press("opens", 2);
    assert.equal(journal.entries.size, 2);
    assert.equal(sync.condition, failing === 401 ? "sign-in" : "offline");
    server.failing = null;
    await sync.flush();
    assert.equal(server.kept.size, 2);
    assert.equal(journal.entries.size, 0);
    assert.equal(sync.condition, "online");
  });
}

test("an answer that got lost makes no second event", async () => {
  const server = new Server();
  const { sync, press } = await room(server);
  server.losesAnswers = true;
  await press("opens");
  server.losesAnswers = false;
  await sync.flush();
  assert.equal(server.kept.size, 1);
  assert.equal(sync.pending, 0);
});

test("a page opened anew sends what the last one left in the journal, in its order", async () => {
  const server = new Server();
  const first = await room(server);
  server.failing = "network";
  for (const at of [1, 2, 3]) await first.press("opens", at);
  server.failing = null;
  const second = await room(server, first.journal);
  assert.equal(second.sync.recovered, 3);
  assert.deepEqual([...server.kept.values()].map((o) => o.start_ms), [1, 2, 3]);
  assert.equal(second.ledger.drawn().events.length, 3);
});

test("a refused operation is taken back with the reason", async () => {
  const server = new Server();
  server.refuse.add("strange");
  const { ledger, journal, sentences, press } = await room(server);
  await press("strange");
  assert.equal(ledger.drawn().events.length, 0);
  assert.equal(journal.entries.size, 0);
  assert.deepEqual(sentences, ["Not kept: Unknown code."]);
});

test("after a new sign-in the old token asks for a reload", async () => {
  const server = new Server();
  const { sync, press } = await room(server);
  server.failing = 401;
  await press("opens");
  server.failing = 403;
  await sync.flush();
  assert.equal(sync.condition, "reload");
  server.failing = null;
  sync.renew("new token");
  await settled();
  assert.equal(sync.pending, 0);
});

test("what another tab saved appears, in the server's order", async () => {
  const server = new Server();
  const one = await room(server);
  const two = await room(server);
  await one.press("opens", 1);
  await two.press("opens", 2);
  await two.sync.refresh();
  assert.deepEqual(two.ledger.drawn().events.map((e) => e.start_ms), [1, 2]);
  assert.equal(two.ledger.seq, 2);
});

test("a burst goes in few requests", async () => {
  const server = new Server();
  const { sync, ledger } = await room(server);
  const made = Array.from({ length: 300 }, (_, i) => ledger.stage([{ kind: "add", event: `e${i}`, code: "opens", start_ms: i }]));
  await Promise.all(made.map((operations) => sync.record(operations)));
  await sync.flush();
  await settled();
  assert.equal(server.kept.size, 300);
  assert.ok(server.posts <= 4, `${server.posts} requests`);
});
