/** What the server has not acknowledged: in memory to be sent, in the journal to survive this page.
 *
 * An operation leaves it when the server has it, or has refused it: then it stays readable, with the
 * reason, until the rater has taken note.
 */

const HANGS_MS = 4000; // a store that takes longer counts as one that cannot be written

export class Outbox {
  #waiting = new Map(); // id → operation, in the order they were made
  #unwritten = new Set(); // ids that only this page has
  #heard = new Map(); // id → operation of another page that the server may not have yet
  #strangers = new Set(); // ids that lay in the journal at the last look and are not this page's

  #refused = new Map(); // id → {operation, reason, written}

  constructor({ journal, rater, coding, setTimeout }) {
    Object.assign(this, { journal, rater, coding, setTimeout });
  }

  /** Take up what earlier pages left. Throws when the journal cannot be read. */
  async open() {
    const entries = await this.#read();
    for (const { operation } of entries) this.#waiting.set(operation.id, operation);
    return [...this.#waiting.values()];
  }

  get size() {
    return this.#waiting.size;
  }

  /** What the server would not keep and the rater has not taken note of: [{operation, reason}]. */
  get refusals() {
    return [...this.#refused.values()];
  }

  has(id) {
    return this.#waiting.has(id);
  }

  /** Whether all of it would outlive this page. */
  get durable() {
    return this.journal.durable && !this.#unwritten.size;
  }

  /** Another page made these and sends them. */
  hear(operations) {
    for (const op of operations) this.#heard.set(op.id, op);
  }

  /** Count them in, before they are written: "all saved" must not stand while the journal still writes.
   * What was heard goes before them: who answers another page's operation must not reach the server first. */
  take(operations) {
    for (const op of [...this.#heard.values(), ...operations]) this.#waiting.set(op.id, op);
    this.#heard.clear();
  }

  /** Of these the server has decided. */
  unhear(ids) {
    for (const id of ids) this.#heard.delete(id);
  }

  /** Write them to the journal; false when it takes nothing (a full disk, a store that hangs). */
  async write(operations) {
    try {
      const hangs = new Promise((_, reject) => this.setTimeout(() => reject(new Error("the journal hangs")), HANGS_MS));
      await Promise.race([this.journal.put(operations.map((op) => this.#entry(op))), hangs]);
      for (const op of operations) this.#unwritten.delete(op.id);
      return true;
    } catch {
      for (const op of operations) if (this.#waiting.has(op.id)) this.#unwritten.add(op.id);
      return false;
    }
  }

  /** Try again what could not be written: there may be room now. */
  async rewrite() {
    const left = [...this.#unwritten].map((id) => this.#waiting.get(id)).filter(Boolean);
    if (left.length && this.journal.durable) await this.write(left);
  }

  /** The next to be sent: at most so many, and no more than fit into so many bytes. */
  batch(most, bytes = Infinity) {
    const found = [];
    for (const op of this.#waiting.values()) {
      bytes -= new TextEncoder().encode(JSON.stringify(op)).length + 1;
      if (found.length === most || (bytes < 0 && found.length)) break;
      found.push(op);
    }
    return found;
  }

  /** The server has these. */
  done(ids) {
    this.unhear(ids);
    const own = ids.filter((id) => this.#waiting.delete(id));
    for (const id of own) this.#unwritten.delete(id);
    if (own.length) this.journal.remove(own).catch(() => {});
    return own;
  }

  /** The server will not keep these ([{id, reason}]): keep them readable. */
  refuse(refused) {
    const entries = [];
    this.unhear(refused.map((r) => r.id));
    for (const { id, reason } of refused) {
      const operation = this.#waiting.get(id);
      this.#waiting.delete(id);
      this.#unwritten.delete(id);
      if (!operation) continue;
      this.#refused.set(id, { operation, reason, written: false });
      entries.push({ ...this.#entry(operation), refused: reason });
    }
    const written = () => entries.forEach(({ id }) => this.#refused.has(id) && (this.#refused.get(id).written = true));
    if (entries.length) this.journal.put(entries).then(written, () => {});
  }

  /** The rater has taken note of these refusals. */
  dismiss(ids) {
    for (const id of ids) this.#refused.delete(id);
    return this.journal.remove(ids).catch(() => {});
  }

  /** What other pages left behind; of it, what lay there at the last look too, or all of it when `now`. */
  async adopt({ now = false } = {}) {
    const left = (await this.#read().catch(() => [])).map((e) => e.operation).filter((op) => !this.#waiting.has(op.id));
    const orphans = left.filter((op) => now || this.#strangers.has(op.id));
    this.#strangers = new Set(left.map((op) => op.id));
    this.take(orphans);
    return orphans;
  }

  /** Where the rater is; `told` are the places that the server may know. */
  keepPlace(position_ms, told) {
    return this.journal.keepPlace({ rater: this.rater, coding: this.coding, position_ms, told }).catch(() => {});
  }

  close() {
    this.journal.close();
  }

  /** Entries to be sent, in the order they were made; the refused ones are set apart. Clocks may have
   * jumped: `client_at` rises within a coding whatever they say, ids may not. */
  async #read() {
    const entries = await this.journal.entries(this.rater, this.coding);
    for (const [id, { written }] of this.#refused) if (written) this.#refused.delete(id); // perhaps dismissed in another tab
    for (const { id, operation, refused } of entries) if (refused != null) this.#refused.set(id, { operation, reason: refused, written: true });
    const order = (a, b) => a.operation.client_at - b.operation.client_at || (a.id < b.id ? -1 : 1);
    return entries.filter((e) => e.refused == null).sort(order);
  }

  #entry(op) {
    return { id: op.id, coding: this.coding, rater: this.rater, operation: op };
  }
}

/** Where to begin: what this browser noted last, unless the server has heard of another place since. */
export async function placeToBegin(journal, rater, coding, server_ms) {
  const place = await journal.place(rater, coding).catch(() => undefined);
  return place?.told.includes(server_ms) ? place.position_ms : server_ms;
}
