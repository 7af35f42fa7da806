import assert from "node:assert/strict";
import test from "node:test";
import { MemoryJournal } from "../src/memory-journal.js";
import { Ledger } from "../src/ledger.js";
import { placeToBegin } from "../src/outbox.js";
import { statusOf } from "../src/status.js";
import { Sync } from "../src/sync.js";

/** A server that keeps operations, like `workbench/app/routes/codings.py`, and can be told to fail. */
class Server {
  kept = new Map();
  refuse = new Set();
  failing = null;
  posts = 0;
  bodies = [];
  state = "draft";
  seq = 0; // one sequence for all codings

  get last() {
    return Math.max(0, ...[...this.kept.values()].map((op) => op.seq));
  }

  fetch = async (url, options = {}) => {
    if (this.failing === "network") throw new TypeError("fetch failed");
    if (typeof this.failing === "number") return Response.json({ error: "No." }, { status: this.failing });
    if (url === "/submit") {
      this.state = "submitted";
      return Response.json({ state: "submitted" });
    }
    if (options.method !== "POST") {
      const since = Number(new URL(url, "http://x").searchParams.get("since"));
      const operations = [...this.kept.values()].filter((op) => op.seq > since);
      return Response.json({ operations, seq: operations.at(-1)?.seq ?? since, state: this.state });
    }
    this.posts += 1;
    this.bodies.push(options.body);
    if (this.state !== "draft") return Response.json({ error: "This coding was submitted meanwhile." }, { status: 403 });
    const { operations } = JSON.parse(options.body);
    if (operations.some((op) => op.code === "poison")) return Response.json({ error: "The request is not JSON." }, { status: 400 });
    const before = this.last;
    const [acknowledged, sequence, refused] = [[], [], []];
    for (const op of operations) {
      if (this.refuse.has(op.code)) refused.push({ id: op.id, reason: "Unknown code." });
      else {
        if (!this.kept.has(op.id)) this.kept.set(op.id, { ...op, seq: ++this.seq });
        acknowledged.push(op.id);
        sequence.push(this.kept.get(op.id).seq);
      }
    }
    if (this.losesAnswers) throw new TypeError("connection reset");
    return Response.json({ acknowledged, sequence, refused, before, seq: this.last, state: this.state });
  };
}

/** Channels between the tabs of one browser. */
class Channels {
  all = [];
  make() {
    const channel = {
      onmessage: null,
      postMessage: (data) => this.all.filter((c) => c !== channel).forEach((c) => setTimeout(() => c.onmessage?.({ data: structuredClone(data) }))),
      close: () => this.all.splice(this.all.indexOf(channel), 1),
    };
    this.all.push(channel);
    return channel;
  }
}

async function room(server, journal = new MemoryJournal(), { channels = new Channels(), now } = {}) {
  const ledger = new Ledger();
  const sentences = [];
  const timers = [];
  let draws = 0;
  const sync = new Sync({
    urls: { operations: "/operations", submit: "/submit", position: "/position" },
    coding: "c",
    rater: "r",
    csrf: "t",
    state: "draft",
    journal,
    ledger,
    onChange: () => draws++,
    onStatus: () => {},
    onSentence: (s) => sentences.push(s),
    env: { fetch: server.fetch, setTimeout: (f) => timers.push(f), clearTimeout: () => {}, channel: channels.make() },
  });
  await sync.load();
  const act = async (...partials) => {
    await sync.record(ledger.stage(partials, now?.()));
    await settled();
  };
  const press = (code, at = 1000) => act({ kind: "add", event: `e-${code}-${at}`, code, start_ms: at });
  const later = async () => {
    timers.splice(0).forEach((f) => f());
    await settled();
  };
  const undo = () => act(...ledger.history().undo.map((target) => ({ kind: "void", target })));
  const line = () => statusOf({ ...sync, pending: sync.pending, durable: true }).text;
  return { sync, ledger, journal, sentences, timers, act, press, later, undo, line, draws: () => draws, events: () => ledger.drawn().events.map((e) => e.start_ms) };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

test("what the server acknowledged leaves the journal", async () => {
  const server = new Server();
  const { sync, journal, press } = await room(server);
  await press("opens");
  assert.equal(server.kept.size, 1);
  assert.equal(journal.kept.size, 0);
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

test("an acknowledgement draws nothing anew", async () => {
  const { draws, press } = await room(new Server());
  const before = draws();
  await press("opens");
  assert.equal(draws(), before + 1);
});

for (const failing of ["network", 503, 401]) {
  test(`operations stay in the journal while the server answers ${failing}, and go once it is back`, async () => {
    const server = new Server();
    const { sync, journal, press, line } = await room(server);
    server.failing = failing;
    await press("opens", 1);
    await press("opens", 2);
    assert.equal(journal.kept.size, 2);
    assert.equal(line(), failing === 401 ? "sign in again, 2 kept on this computer" : "offline, 2 kept on this computer");
    server.failing = null;
    await sync.flush();
    assert.equal(server.kept.size, 2);
    assert.equal(journal.kept.size, 0);
    assert.equal(line(), "all saved");
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

test("operations sent by a leaving page and again by the living one are kept once", async () => {
  const server = new Server();
  const { sync, press, ledger } = await room(server);
  server.failing = "network";
  for (let at = 1; at <= 30; at++) await press("opens", at);
  server.failing = null;
  await Promise.all([sync.flush({ leaving: true }), sync.flush(), sync.flush({ leaving: true })]);
  await settled();
  assert.equal(server.kept.size, 30);
  assert.equal(sync.pending, 0);
  assert.equal(ledger.drawn().events.length, 30);
});

test("a page that closes with hundreds pending sends what a closing page may, and the next page the rest", async () => {
  const server = new Server();
  const first = await room(server);
  server.failing = "network";
  for (let at = 1; at <= 400; at++) first.sync.record(first.ledger.stage([{ kind: "add", event: `e${at}`, code: "opens", start_ms: at, values: { comment: "é".repeat(100) } }]));
  await settled();
  server.failing = null;
  first.sync.close();
  await settled();
  assert.ok(server.kept.size > 60, `${server.kept.size} went`);
  assert.ok(server.bodies.every((body) => new TextEncoder().encode(body).length < 64 * 1024));
  const second = await room(server, first.journal);
  assert.equal(server.kept.size, 400);
  assert.equal(second.ledger.drawn().events.length, 400);
  assert.equal(second.line(), "all saved");
});

test("what is acknowledged while a page closes leaves the journal before it is closed", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  let closed = false;
  journal.close = () => (closed = true);
  const remove = journal.remove.bind(journal);
  journal.remove = (ids) => (closed ? Promise.reject(new Error("closed")) : remove(ids));
  const { sync, press } = await room(server, journal);
  server.failing = "network";
  await press("opens");
  server.failing = null;
  sync.close();
  await settled();
  assert.equal(server.kept.size, 1);
  assert.equal(journal.kept.size, 0);
  assert.equal(closed, true);
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

test("a clock that jumps backwards changes no order, in the journal or in undo", async () => {
  const server = new Server();
  let now = 4_100_000_000_000;
  const first = await room(server, undefined, { now: () => now });
  server.failing = "network";
  await first.press("opens", 1);
  now -= 3_600_000;
  await first.act({ kind: "amend", event: "e-opens-1", values: { comment: "first" } });
  now -= 3_600_000;
  await first.act({ kind: "amend", event: "e-opens-1", values: { comment: "second" } });
  const [latest] = first.ledger.history().undo;
  // ids made by a page that opened after the clock was put back sort before those made earlier
  const entries = [...first.journal.kept.values()];
  first.journal.kept = new Map(entries.reverse().map((e) => [e.id, e]));
  server.failing = null;
  const second = await room(server, first.journal, { now: () => now });
  assert.equal(second.ledger.drawn().events[0].comment, "second");
  assert.deepEqual([...server.kept.values()].map((o) => o.values.comment), [undefined, "first", "second"]);
  assert.deepEqual(second.ledger.history().undo, [latest]);
  await second.undo();
  assert.equal(second.ledger.drawn().events[0].comment, "first");
});

test("a refused operation is taken back and stays readable with the reason, over reloads, until it was noted", async () => {
  const server = new Server();
  server.refuse.add("strange");
  const first = await room(server);
  await first.press("strange", 7);
  assert.equal(first.ledger.drawn().events.length, 0);
  assert.equal(first.sync.pending, 0);
  assert.deepEqual(first.sentences, ["Not kept: Unknown code."]);
  const said = ({ sync }) => sync.refusals.map(({ operation, reason }) => [operation.code, operation.start_ms, reason]);
  assert.deepEqual(said(first), [["strange", 7, "Unknown code."]]);
  const second = await room(server, first.journal);
  assert.deepEqual(said(second), [["strange", 7, "Unknown code."]]);
  assert.equal(second.sync.pending, 0, "it is not sent again");
  await second.sync.dismiss(second.sync.refusals.map((r) => r.operation.id));
  assert.deepEqual(said(second), []);
  assert.deepEqual(said(await room(server, first.journal)), []);
});

test("one operation that the server cannot read does not hold up the others", async () => {
  const server = new Server();
  const { sync, journal, press, ledger } = await room(server);
  server.failing = "network";
  for (const [code, at] of [["opens", 1], ["poison", 2], ["opens", 3]]) await press(code, at);
  server.failing = null;
  await sync.flush();
  assert.deepEqual([...server.kept.values()].map((o) => o.start_ms), [1, 3]);
  assert.deepEqual(ledger.drawn().events.map((e) => e.start_ms), [1, 3]);
  assert.deepEqual(sync.refusals.map((r) => r.operation.start_ms), [2]);
  assert.equal(journal.kept.size, 1);
  assert.equal(sync.pending, 0);
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

// ---- two tabs, two computers -----------------------------------------------------------------

test("two tabs see each other’s codes at once, and one undoes what the other did", async () => {
  const [server, journal, channels] = [new Server(), new MemoryJournal(), new Channels()];
  const one = await room(server, journal, { channels });
  const two = await room(server, journal, { channels });
  await one.press("opens", 1);
  await two.press("opens", 2);
  await settled();
  assert.deepEqual(one.events(), [1, 2]);
  assert.deepEqual(two.events(), [1, 2]);
  await one.undo();
  assert.deepEqual(two.events(), [1]);
  await two.undo();
  assert.deepEqual([one.events(), two.events()], [[], []]);
  await one.act(...one.ledger.history().redo.map((target) => ({ kind: "void", target })));
  assert.deepEqual(two.events(), [1]);
  assert.equal(server.posts, 5);
});

test("what one tab answers to the other reaches the server after it, whichever comes back first", async () => {
  const [server, journal, channels] = [new Server(), new MemoryJournal(), new Channels()];
  const one = await room(server, journal, { channels });
  const two = await room(server, journal, { channels });
  await one.press("opens", 1);
  await settled();
  server.failing = "network";
  await one.undo();
  await settled();
  await two.act(...two.ledger.history().redo.map((target) => ({ kind: "void", target })));
  server.failing = null;
  await two.sync.flush();
  await one.sync.flush();
  await settled();
  for (const tab of [one, two]) await tab.sync.refresh();
  assert.deepEqual([one.events(), two.events()], [[1], [1]]);
  assert.deepEqual([one.sync.pending, two.sync.pending], [0, 0]);
});

test("of two edits the one that the server took last stands, in both tabs", async () => {
  const [server, channels] = [new Server(), new Channels()];
  const one = await room(server, new MemoryJournal(), { channels });
  await one.press("opens", 1);
  const two = await room(server, new MemoryJournal(), { channels });
  await two.act({ kind: "amend", event: "e-opens-1", values: { comment: "from two" } });
  await one.act({ kind: "amend", event: "e-opens-1", values: { comment: "from one" } });
  await one.sync.refresh();
  await two.sync.refresh();
  for (const { ledger } of [one, two]) assert.equal(ledger.drawn().events[0].comment, "from one");
});

test("of two edits on two computers the one that the server took last stands on both", async () => {
  const server = new Server();
  const one = await room(server);
  await one.press("opens", 1);
  const two = await room(server);
  await one.act({ kind: "amend", event: "e-opens-1", values: { comment: "earlier" } });
  await two.act({ kind: "amend", event: "e-opens-1", values: { comment: "later" } });
  await two.later();
  await one.sync.look();
  assert.equal(one.ledger.drawn().events[0].comment, "later");
  assert.equal(two.ledger.drawn().events[0].comment, "later");
  assert.equal(one.ledger.seq, two.ledger.seq);
});

test("who codes alone fetches nothing, whatever other codings write", async () => {
  const server = new Server();
  const { press, timers, ledger } = await room(server);
  await press("opens", 1);
  server.seq += 500;
  await press("opens", 2);
  const gets = timers.length; // a catching up would wait here, beside the journal’s patience
  await press("opens", 3);
  assert.equal(timers.length - gets, 1);
  assert.equal(ledger.seq, server.seq);
});

test("submitting in one tab sends first what another tab could not", async () => {
  const [server, journal, channels] = [new Server(), new MemoryJournal(), new Channels()];
  const one = await room(server, journal, { channels });
  const two = await room(server, journal, { channels });
  server.failing = "network";
  await two.press("opens", 5);
  server.failing = null;
  assert.deepEqual(await one.sync.submit(), { submitted: true });
  await settled();
  assert.deepEqual([...server.kept.values()].map((o) => o.start_ms), [5]);
  assert.equal(two.sync.pending, 0);
  assert.equal(two.sync.state, "submitted");
  assert.equal(two.line(), "all saved");
});

test("what came too late for a submission on another computer is told, kept, and goes in after a reopening", async () => {
  const server = new Server();
  const one = await room(server);
  const two = await room(server);
  server.failing = "network";
  await two.press("opens", 5);
  server.failing = null;
  await one.sync.submit();
  await two.sync.flush();
  assert.equal(two.line(), "This coding was submitted meanwhile. 1 kept on this computer.");
  await two.later();
  assert.equal(two.sync.state, "submitted");
  assert.equal(two.line(), "This coding was submitted meanwhile. 1 kept on this computer.");
  assert.equal(two.journal.kept.size, 1);
  server.state = "draft"; // a supervisor reopens it
  await two.sync.look();
  await settled();
  assert.deepEqual([...server.kept.values()].map((o) => o.start_ms), [5]);
  assert.equal(two.line(), "all saved");
});

test("an operation whose answer was lost before another tab submitted is no longer counted as unsent", async () => {
  const server = new Server();
  const { sync, press, line } = await room(server);
  server.losesAnswers = true;
  await press("opens");
  server.losesAnswers = false;
  server.state = "submitted";
  await sync.look();
  assert.equal(sync.pending, 0);
  assert.equal(line(), "all saved");
});

test("what a tab that died left behind is sent by the one that lives", async () => {
  const [server, journal] = [new Server(), new MemoryJournal()];
  const one = await room(server, journal);
  const two = await room(server, journal);
  server.failing = "network";
  await two.press("opens", 5);
  two.sync.closed = true;
  server.failing = null;
  await one.sync.look();
  assert.equal(server.kept.size, 0, "it may still be on its way");
  await one.sync.look();
  assert.deepEqual([...server.kept.values()].map((o) => o.start_ms), [5]);
  assert.deepEqual(one.events(), [5]);
});

// ---- a browser that keeps nothing -------------------------------------------------------------

class FullJournal extends MemoryJournal {
  durable = true;
  full = true;
  async put(entries) {
    if (this.full) throw new DOMException("no room", "QuotaExceededError");
    return super.put(entries);
  }
}

test("with a full disk codes are drawn and sent, and nobody is told that this computer keeps them", async () => {
  const server = new Server();
  const journal = new FullJournal();
  const { sync, ledger, press, sentences, later } = await room(server, journal);
  server.failing = "network";
  await press("opens", 1);
  assert.equal(ledger.drawn().events.length, 1);
  assert.equal(statusOf({ ...sync, pending: sync.pending, durable: sync.durable }).text, "offline, 1 kept in this page only");
  assert.match(sentences[0], /cannot write to its own store/);
  journal.full = false; // somebody made room
  await later();
  assert.equal(sync.durable, true);
  assert.equal(journal.kept.size, 1);
  server.failing = null;
  await sync.flush();
  assert.equal(server.kept.size, 1);
  assert.equal(journal.kept.size, 0);
});

test("a store that hangs does not hold up the rater", async () => {
  const server = new Server();
  const journal = new MemoryJournal();
  const { ledger, sync, later } = await room(server, journal);
  journal.put = () => new Promise(() => {});
  const recorded = sync.record(ledger.stage([{ kind: "add", event: "e1", code: "opens", start_ms: 1 }]));
  await later();
  await recorded;
  await settled();
  assert.equal(ledger.drawn().events.length, 1);
  assert.equal(server.kept.size, 1);
});

test("a room that reached no server yet is not worked in", async () => {
  const server = new Server();
  server.failing = "network";
  const opening = room(server); // load() waits for its timer
  await settled();
  assert.equal(await Promise.race([opening, settled().then(() => "waits")]), "waits");
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

// ---- where the rater was ----------------------------------------------------------------------

test("a browser that ended without a word begins where it was, unless the server heard of another place since", async () => {
  const journal = new MemoryJournal();
  const { sync } = await room(new Server(), journal);
  await sync.outbox.keepPlace(1_867_000, [1_860_000, 1_866_000]);
  assert.equal(await placeToBegin(journal, "r", "c", 1_860_000), 1_867_000);
  assert.equal(await placeToBegin(journal, "r", "c", 1_866_000), 1_867_000);
  assert.equal(await placeToBegin(journal, "r", "c", 90_000), 90_000);
  assert.equal(await placeToBegin(new MemoryJournal(), "r", "c", 90_000), 90_000);
});
