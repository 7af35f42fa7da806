import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { Ledger } from "../src/ledger.js";
import { effective, fold, history } from "../src/reduce.js";
import { eventChanges, inSequence, Standing } from "../src/standing.js";

const samples = JSON.parse(readFileSync(new URL("../../../../tests/fixtures/operations.json", import.meta.url), "utf8"));

for (const sample of samples) {
  test(`kept up to date: ${sample.name}`, () => {
    const standing = new Standing();
    sample.operations.forEach((op, place) => standing.add({ ...op, place }));
    assert.deepEqual(standing.content(), sample.content);
  });
}

/** mulberry32: the same numbers for the same seed. */
function chance(seed) {
  const next = () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, of: (list) => list[below(list.length)] };
}

/** An operation of any kind, about few subjects, so that they meet. */
function any({ below, of }, ids) {
  const event = `e${below(6)}`;
  const scale = of(["bond", "goals"]);
  const start_ms = below(20) * 100;
  return of([
    () => ({ kind: "add", event, code: of(["opens", "rupture"]), start_ms, end_ms: of([null, start_ms + 500]), values: of([{}, { comment: "a" }, { modifiers: ["depth:2"] }]) }),
    () => ({ kind: "amend", event, values: of([{ comment: of(["", "b", "c"]) }, { unsure: true }, { deleted: of([true, false]) }, { start_ms }, { end_ms: start_ms + 50, who: "patient" }]) }),
    () => ({ kind: "amend", event, values: { code: of(["opens", "rupture"]) } }),
    () => ({ kind: "void", target: of([...ids, "nobody’s"]) }),
    () => ({ kind: "void", target: of(ids.slice(-4).concat("nobody’s")) }),
    () => ({ kind: "rate", values: { scale, ...of([{}, { segment: below(3) }, { person: of(["patient", "family-1"]) }]), value: of([1, 2, null]), no_evidence: of([true, false]) } }),
    () => ({ kind: "link", values: { scale, event, ...of([{}, { person: "patient" }]), linked: of([true, true, false]) } }),
    () => ({ kind: "note", values: { note: `n${below(3)}`, at_ms: start_ms, text: of(["", "x", "y"]) } }),
    () => ({ kind: "boundary", values: { unit: `u${below(3)}`, starts: of([true, false]) } }),
    () => ({ kind: "reason", values: { rule: `r${below(2)}`, ...of([{}, { person: "patient" }]), reason: of(["a", "b"]) } }),
    () => ({ kind: "finish", values: { pass: of(["listen", "code"]), done: of([true, false]) } }),
    () => ({ kind: "clock", values: { origin_at: below(5), ...of([{}, { stopped_ms: 9 }]) } }),
    () => (below(4) ? any({ below, of }, ids) : { kind: "align", values: { shift_ms: of([-150, 70]) } }),
  ])();
}

/** Check a ledger against the fold of everything, after every step of a random life. */
function live(seed, steps) {
  const random = chance(seed);
  const ledger = new Ledger();
  const known = []; // as the ledger should know them: {op, staged}
  const ids = [];
  let [seq, place] = [0, 0];
  const take = (op, staged) => known.push({ op: { target: null, event: null, code: null, start_ms: null, end_ms: null, values: {}, ...op, place: place++ }, staged });
  for (let step = 0; step < steps; step++) {
    const unsent = known.filter(({ op }) => op.seq == null);
    random.of([
      () => {
        const made = ledger.stage(Array.from({ length: 1 + random.below(2) }, () => any(random, ids)), 1000 + random.below(50));
        made.forEach((op) => ids.push(op.id));
        made.forEach(({ place: _, ...op }) => take(op, true));
        if (random.below(3)) confirm(made.map((op) => op.id));
      },
      () => confirm(known.filter((k) => k.staged && random.below(2)).map(({ op }) => op.id)),
      () => {
        // the server takes some of ours, in any order, and somebody else's in between
        const theirs = [];
        for (let n = random.below(4); n--; ) {
          const ours = unsent.length && random.below(2) ? random.of(unsent).op : null;
          if (ours && ours.seq == null) theirs.push({ id: ours.id, kind: ours.kind, seq: (ours.seq = ++seq) });
          else {
            const op = { id: `x${seed}-${step}-${n}`, client_at: 1000 + random.below(60), target: null, event: null, code: null, start_ms: null, end_ms: null, values: {}, ...any(random, ids), seq: ++seq };
            ids.push(op.id);
            theirs.push(op);
            take(op, false);
          }
        }
        ledger.merge(theirs);
      },
      () => {
        if (random.below(4) || !unsent.length) return;
        const { op } = random.of(unsent);
        ledger.drop([op.id]);
        known.splice(known.findIndex((k) => k.op === op), 1);
      },
    ])();
    const before = shown;
    check();
    const changes = eventChanges(before.events, shown.events);
    const was = new Map(before.events.map((e) => [e.id, e]));
    for (const event of shown.events) assert.equal(was.get(event.id) !== event, changes.get(event.id)?.after === event);
    const gone = before.events.filter((e) => !shown.events.some((now) => now.id === e.id)).map((e) => e.id);
    assert.deepEqual([...changes].filter(([, c]) => !c.after).map(([id]) => id).sort(), gone.sort());
  }

  function confirm(some) {
    ledger.confirm(some);
    for (const k of known) if (some.includes(k.op.id)) k.staged = false;
  }

  function check() {
    const all = known.map((k) => k.op).sort(inSequence);
    const staged = new Set(known.filter((k) => k.staged).map((k) => k.op.id));
    assert.deepEqual(ledger.content(), fold(all), `seed ${seed}`);
    assert.deepEqual(ledger.drawn(), fold(all.filter((op) => !staged.has(op.id))), `seed ${seed}`);
    assert.deepEqual(ledger.history(), history(all), `seed ${seed}`);
    shown = ledger.drawn();
  }
}
let shown = fold([]);

test("what is kept up to date equals the fold of everything, in random lives", () => {
  for (let seed = 1; seed <= 250; seed++) {
    shown = fold([]);
    live(seed, 60);
  }
});

test("a coding of many subjects that comes at once equals the fold of everything", () => {
  const random = chance(77);
  const ids = [];
  const operations = Array.from({ length: 1500 }, (_, n) => {
    const op = { target: null, event: null, code: null, values: {}, ...any(random, ids), id: `o${n}`, client_at: n, seq: n + 1 };
    if (op.event && random.below(6)) op.event = `e${random.below(400)}`;
    ids.push(op.id);
    return op;
  });
  const ledger = new Ledger();
  ledger.merge(operations);
  assert.deepEqual(ledger.drawn(), fold(operations));
  assert.deepEqual(ledger.history(), history(operations));
});

test("what an operation does not touch stays the same object", () => {
  const ledger = new Ledger();
  const press = (...partials) => ledger.confirm(ledger.stage(partials).map((op) => op.id));
  press({ kind: "add", event: "a", code: "opens", start_ms: 5 }, { kind: "add", event: "b", code: "opens", start_ms: 9 }, { kind: "rate", values: { scale: "bond", value: 2 } });
  const before = ledger.drawn();
  press({ kind: "amend", event: "b", values: { comment: "later" } });
  const after = ledger.drawn();
  assert.equal(after.events[0], before.events[0]);
  assert.equal(after.ratings, before.ratings);
  assert.deepEqual([...eventChanges(before.events, after.events)], [["b", { before: before.events[1], after: after.events[1] }]]);
  press({ kind: "amend", event: "b", values: { comment: "later" } });
  assert.equal(ledger.drawn(), after, "an amendment that changes nothing draws nothing");
});

test("a key among 5,000 events costs a small part of a whole fold", () => {
  const operations = [];
  for (let n = 0; n < 5000; n++) {
    const about = { event: `e${n}`, target: null };
    operations.push({ id: `a${n}`, kind: "add", client_at: 2 * n, ...about, code: "opens", start_ms: (n * 7919) % 3_600_000, end_ms: null, values: {}, seq: 2 * n + 1 });
    operations.push({ id: `c${n}`, kind: "amend", client_at: 2 * n + 1, ...about, values: { comment: "x" }, seq: 2 * n + 2 });
  }
  const ledger = new Ledger();
  ledger.merge(operations);
  assert.equal(ledger.content().events.length, 5000);
  assert.equal(ledger.drawn().events.length, 5000);
  let n = 0;
  const key = () => {
    const [op] = ledger.stage([{ kind: "add", event: `new${n}`, code: "opens", start_ms: n++ * 1000 }]);
    ledger.content();
    ledger.confirm([op.id]);
    ledger.drawn();
    ledger.history();
  };
  const whole = () => [fold(operations), fold(operations), history(operations)]; // what a key cost otherwise
  assert.ok(median(key) < median(whole) / 4, `${median(key)} ms a key, ${median(whole)} ms otherwise`);
});

function median(work) {
  const times = Array.from({ length: 41 }, () => {
    const from = performance.now();
    work();
    return performance.now() - from;
  });
  return times.sort((a, b) => a - b)[20];
}
