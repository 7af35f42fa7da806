/** The operations of one coding as this page knows them, in the order of the server's sequence.
 *
 * An operation is `staged` while the journal writes it (rules already count it, nothing draws it),
 * then visible; it gets its `seq` when the server tells. Operations without a seq come last, in the
 * order in which they were made.
 */

import { newId } from "./ids.js";
import { fold, history } from "./reduce.js";

export class Ledger {
  #operations = [];
  #known = new Map();
  #staged = new Set();
  #lastAct = 0;
  #cache = new Map();

  /** Highest sequence number seen. */
  seq = 0;

  /** Make the operations of one act: same instant, rising ids. They are staged. */
  stage(partials, now = Date.now()) {
    const client_at = (this.#lastAct = Math.max(now, this.#lastAct + 1));
    const made = partials.map((partial) => ({
      id: newId(now),
      kind: partial.kind,
      client_at,
      target: partial.target ?? null,
      event: partial.event ?? null,
      code: partial.code ?? null,
      start_ms: partial.start_ms ?? null,
      end_ms: partial.end_ms ?? null,
      values: partial.values ?? {},
    }));
    for (const op of made) {
      this.#staged.add(op.id);
      this.#insert(op);
    }
    this.#changed();
    return made;
  }

  /** The journal has them: draw them. */
  confirm(ids) {
    for (const id of ids) this.#staged.delete(id);
    this.#changed();
  }

  /** Operations from the server, the journal or another tab; known ids only learn their seq. */
  merge(operations) {
    let changed = false;
    for (const op of operations) {
      const known = this.#known.get(op.id);
      if (!known) {
        this.#insert({ ...op });
        changed = true;
      } else if (op.seq != null && known.seq !== op.seq) {
        known.seq = op.seq;
        changed = true;
      }
      if (op.seq != null) this.seq = Math.max(this.seq, op.seq);
      this.#lastAct = Math.max(this.#lastAct, op.client_at ?? 0);
    }
    if (!changed) return false;
    this.#operations.sort((a, b) => (a.seq ?? Infinity) - (b.seq ?? Infinity) || a.place - b.place);
    this.#changed();
    return true;
  }

  /** Forget operations that the server refused. */
  drop(ids) {
    const gone = new Set(ids);
    this.#operations = this.#operations.filter((op) => !gone.has(op.id));
    for (const id of gone) this.#known.delete(id);
    this.#changed();
  }

  /** The operation of that id, or undefined. */
  get(id) {
    return this.#known.get(id);
  }

  /** Content to draw: without what the journal does not have yet. */
  drawn() {
    return this.#cached("drawn", () => fold(this.#operations.filter((op) => !this.#staged.has(op.id))));
  }

  /** Content to decide on: everything. */
  content() {
    return this.#cached("content", () => fold(this.#operations));
  }

  /** Ids that undo and redo would void. */
  history() {
    return this.#cached("history", () => history(this.#operations));
  }

  #cached(name, make) {
    if (!this.#cache.has(name)) this.#cache.set(name, make());
    return this.#cache.get(name);
  }

  #places = 0;

  #insert(op) {
    op.place = this.#places++;
    this.#operations.push(op);
    this.#known.set(op.id, op);
  }

  #changed() {
    this.#cache.clear();
  }
}
