/** What a coding says, kept up to date: an operation makes only its own subject be folded anew.
 *
 * `content()` equals `fold` of the same operations in the same order (a test holds the two together on
 * random histories). What did not change is the very same object as before, entry by entry and list
 * by list: whoever draws may compare by `===`.
 */

import { ENTRY, fold, ORDER, subjectOf } from "./reduce.js";

const ALIGNED = new Set(["events", "notes"]); // what an `align` moves
const MANY = 200; // from so many subjects on, one fold of everything is quicker
const FEW = 32; // so many entries are put in their place one by one; more are sorted together

/** The order of operations: the server's sequence; what it has not told comes last, as it was made. */
export function inSequence(a, b) {
  return (a.seq ?? Infinity) - (b.seq ?? Infinity) || a.place - b.place;
}

/** What differs between two lists of events: id → {before, after}, null where it was not there or is gone. */
export function eventChanges(before, after) {
  const found = new Map();
  if (before === after) return found;
  let from = 0;
  while (from < before.length && before[from] === after[from]) from++;
  let [b, a] = [before.length, after.length];
  while (b > from && a > from && before[b - 1] === after[a - 1]) [b, a] = [b - 1, a - 1];
  for (let i = from; i < b; i++) found.set(before[i].id, { before: before[i], after: null });
  for (let i = from; i < a; i++) {
    const event = after[i];
    const was = found.get(event.id)?.before ?? null;
    if (was === event) found.delete(event.id);
    else found.set(event.id, { before: was, after: event });
  }
  return found;
}

export class Standing {
  #subjects = new Map(); // key → {field, entry, operations, shown}
  #known = new Map();
  #voids = new Map(); // id → voids of it
  #aligns = [];
  #stale = new Set();
  #content = fold([]);

  add(op) {
    this.#known.set(op.id, op);
    put(this.#listOf(op), op);
    this.#touch(op);
  }

  remove(op) {
    if (!this.#known.delete(op.id)) return;
    const list = this.#listOf(op);
    list.splice(list.indexOf(op), 1);
    this.#touch(op);
  }

  /** The server told the sequence of these: they stand elsewhere now. */
  moved(operations) {
    for (const op of operations) {
      if (!this.#known.has(op.id)) continue;
      const list = this.#listOf(op);
      const sorted = list.every((each, i) => !i || inSequence(list[i - 1], each) < 0);
      if (!sorted) list.sort(inSequence);
      const voided = op.kind === "void" || this.#voids.has(op.id);
      if (!sorted || voided || this.#aligns.length) this.#touch(op);
    }
  }

  /** As `fold` gives it. */
  content() {
    if (this.#stale.size) this.#settle();
    return this.#content;
  }

  #listOf(op) {
    if (op.kind === "align") return this.#aligns;
    if (op.kind === "void") return this.#voids.get(op.target) ?? this.#voids.set(op.target, []).get(op.target);
    return this.#subject(op).operations;
  }

  #subject(op) {
    const [field, entry] = subjectOf(op) ?? ["", ""];
    const key = `${field} ${entry}`;
    if (!this.#subjects.has(key)) this.#subjects.set(key, { field, entry, operations: [], shown: null });
    return this.#subjects.get(key);
  }

  /** What `op` bears on must be folded anew. */
  #touch(op) {
    const seen = new Set(); // voids may name each other in a circle
    while (op?.kind === "void" && !seen.has(op)) {
      seen.add(op);
      op = this.#known.get(op.target);
    }
    if (!op || op.kind === "void") return;
    if (op.kind !== "align") return void this.#stale.add(this.#subject(op));
    for (const subject of this.#subjects.values()) if (ALIGNED.has(subject.field)) this.#stale.add(subject);
  }

  /** Whether no later void cancels it that counts itself. */
  #counts = (op) => !this.#voids.get(op.id)?.some((v) => inSequence(op, v) < 0 && this.#counts(v));

  #settle() {
    const many = this.#stale.size > MANY ? this.#whole() : null;
    const aligns = this.#aligns.filter(this.#counts);
    const changes = new Map(); // field → [[before, after]]
    for (const subject of this.#stale) {
      const { field, entry, shown } = subject;
      if (!field) continue;
      const now = (many ? many[field].get(entry) : this.#alone(subject, aligns)) ?? null;
      if (same(shown, now)) continue;
      subject.shown = now;
      changes.get(field)?.push([shown, now]) ?? changes.set(field, [[shown, now]]);
    }
    this.#stale.clear();
    if (!changes.size) return;
    const content = { ...this.#content };
    for (const [field, pairs] of changes) content[field] = this.#renewed(field, pairs);
    this.#content = content;
  }

  /** One subject, folded from its own operations. */
  #alone({ field, entry, operations }, aligns) {
    const own = operations.filter(this.#counts);
    const folded = fold(aligns.length && ALIGNED.has(field) ? [...own, ...aligns].sort(inSequence) : own)[field];
    return field === "boundaries" ? folded[entry] : field === "clock" ? folded : folded[0];
  }

  /** Every subject, folded at once: as when a coding is opened. Field → entry → what it is now. */
  #whole() {
    const content = fold([...this.#known.values()].sort(inSequence));
    const found = { boundaries: new Map(Object.entries(content.boundaries)), clock: new Map([["", content.clock]]) };
    for (const field of Object.keys(ORDER)) found[field] = new Map(content[field].map((item) => [ENTRY[field](item), item]));
    return found;
  }

  #renewed(field, pairs) {
    if (field === "clock") return pairs[0][1];
    if (field === "boundaries") return Object.fromEntries(this.#shown(field).map(({ entry, shown }) => [entry, shown]).sort(([a], [b]) => (a < b ? -1 : 1)));
    if (pairs.length > FEW) return this.#shown(field).map(({ shown }) => shown).sort(ORDER[field]);
    const list = [...this.#content[field]];
    for (const [before] of pairs) if (before != null) list.splice(list.indexOf(before), 1);
    for (const [, after] of pairs) if (after != null) list.splice(placeIn(list, after, ORDER[field]), 0, after);
    return list;
  }

  #shown(field) {
    return [...this.#subjects.values()].filter((s) => s.field === field && s.shown != null);
  }
}

/** Where `item` belongs in a sorted list. */
function placeIn(list, item, order) {
  let [low, high] = [0, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (order(list[middle], item) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function put(list, op) {
  if (!list.length || inSequence(list.at(-1), op) < 0) list.push(op);
  else list.splice(placeIn(list, op, inSequence), 0, op);
}

function same(a, b) {
  return a === b || (a != null && b != null && JSON.stringify(a) === JSON.stringify(b));
}
