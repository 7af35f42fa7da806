/** The operations of one coding as this page knows them, in the order of the server's sequence.
 *
 * An operation is `staged` while the journal writes it (rules already count it, nothing draws it),
 * then visible; it gets its `seq` when the server tells. Operations without a seq come last, in the
 * order in which they were made.
 */

import { newId } from "./ids.js";
import { History } from "./reduce.js";
import { inSequence, Standing } from "./standing.js";

export class Ledger {
  #operations = [];
  #known = new Map();
  #staged = new Set();
  #lastAct = 0;
  #everything = new Standing();
  #drawn = new Standing();
  #history = new History();

  /** Grows with whatever may have to be drawn. */
  version = 0;

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
    return made;
  }

  /** The journal has them: draw them. */
  confirm(ids) {
    this.version += 1;
    for (const id of ids) if (this.#staged.delete(id)) this.#drawn.add(this.#known.get(id));
  }

  /** Operations from the server, the journal or another tab; known ids only learn their seq.
   *
   * True when what is drawn or what undo means may have changed.
   */
  merge(operations) {
    const told = [];
    const unknown = [];
    for (const op of operations) {
      const known = this.#known.get(op.id);
      if (!known) unknown.push(op);
      else if (op.seq != null && known.seq !== op.seq) {
        known.seq = op.seq;
        told.push(known);
      }
      if (op.seq != null) this.seq = Math.max(this.seq, op.seq);
      this.#lastAct = Math.max(this.#lastAct, op.client_at ?? 0);
    }
    const moved = told.length > 0 && this.#sort();
    if (moved) for (const standing of [this.#everything, this.#drawn]) standing.moved(told);
    for (const op of unknown) if (!this.#known.has(op.id)) this.#insert({ ...op });
    if (unknown.length) this.#sort();
    if (!moved && !unknown.length) return false;
    this.version += 1;
    return true;
  }

  /** The server put these ([[id, seq]]) there. False when one of them is not known here. */
  tell(pairs) {
    const known = pairs.map(([id, seq]) => ({ ...this.#known.get(id), seq })).filter((op) => op.id && op.seq != null);
    const before = this.seq;
    this.merge(known);
    this.seq = before; // whether nothing else came in between, the caller knows
    return known.length === pairs.length;
  }

  /** Forget operations that the server refused. */
  drop(ids) {
    const gone = new Set(ids.filter((id) => this.#known.has(id)));
    if (!gone.size) return;
    this.version += 1;
    for (const op of this.#operations.filter((o) => gone.has(o.id))) {
      this.#everything.remove(op);
      this.#drawn.remove(op);
      this.#known.delete(op.id);
      this.#staged.delete(op.id);
    }
    this.#operations = this.#operations.filter((op) => !gone.has(op.id));
    this.#history = null;
  }

  /** The operation of that id, or undefined. */
  get(id) {
    return this.#known.get(id);
  }

  /** Content to draw: without what the journal does not have yet. What did not change is the same object. */
  drawn() {
    return this.#drawn.content();
  }

  /** Content to decide on: everything. */
  content() {
    return this.#everything.content();
  }

  /** Ids that undo and redo would void. */
  history() {
    if (!this.#history) {
      this.#history = new History();
      for (const op of this.#operations) this.#history.push(op);
    }
    return this.#history.now();
  }

  #places = 0;

  /** At the end; `merge` sorts when it does not belong there. */
  #insert(op) {
    op.place = this.#places++;
    this.#operations.push(op);
    this.#known.set(op.id, op);
    this.#history?.push(op);
    this.#everything.add(op);
    if (!this.#staged.has(op.id)) this.#drawn.add(op);
  }

  /** Bring the operations into their order; true when they were not. */
  #sort() {
    if (this.#operations.every((op, i) => !i || inSequence(this.#operations[i - 1], op) < 0)) return false;
    this.#operations.sort(inSequence);
    this.#history = null;
    return true;
  }
}
