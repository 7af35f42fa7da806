/** Journal first, then the screen, then the server: how operations travel.
 *
 * `record` resolves when the journal has them; `flush` posts what is pending in batches and takes
 * acknowledged operations out of the journal. Another tab of the same coding hears of operations
 * over a BroadcastChannel; the server's sequence settles the order. Ids make repetition harmless.
 */

import { madeAt } from "./ids.js";

const BATCH = 200;
const KEEPALIVE_BATCH = 60; // a request that outlives the page may carry 64 KiB
const TIMEOUT_MS = 15_000;
const SLOWEST_RETRY_MS = 10_000;
const ORPHAN_MS = 15_000;

/** Conditions of the connection; the status line turns them into words. */
export const CONDITION = { LOADING: "loading", ONLINE: "online", OFFLINE: "offline", SIGN_IN: "sign-in", RELOAD: "reload", HELD: "held" };

export class Sync {
  /** `env` holds what a test replaces: fetch, setTimeout, clearTimeout, channel. */
  constructor({ urls, coding, rater, csrf, state, journal, ledger, onChange, onStatus = onChange, onSentence, env = {} }) {
    Object.assign(this, { urls, coding, rater, csrf, state, journal, ledger, onChange, onStatus, onSentence });
    this.fetch = env.fetch ?? ((...args) => fetch(...args));
    this.setTimeout = env.setTimeout ?? ((...args) => setTimeout(...args));
    this.clearTimeout = env.clearTimeout ?? ((id) => clearTimeout(id));
    this.channel = env.channel ?? openChannel(`alliance-workbench-coding-${rater}-${coding}`);
    if (this.channel) this.channel.onmessage = (message) => this.#hear(message.data);
    this.condition = CONDITION.LOADING;
    this.reason = "";
    this.outbox = new Map();
    this.signedOut = false;
    this.recovered = 0;
    this.wait = 250;
  }

  /** Read journal and server. Resolves when the coding is complete on this page; retries till then. */
  async load() {
    try {
      for (const op of await this.journal.pending(this.rater, this.coding)) this.outbox.set(op.id, op);
    } catch {
      this.onSentence?.("This browser's own store cannot be read; codes are kept on the server only.");
    }
    this.recovered = this.outbox.size;
    this.ledger.merge([...this.outbox.values()]);
    for (let wait = 250; !(await this.refresh()) && !this.closed; wait = Math.min(wait * 2, SLOWEST_RETRY_MS)) {
      await new Promise((resolve) => this.setTimeout(resolve, wait));
    }
    await this.flush();
  }

  /** A new token after a new sign-in: try again at once. */
  renew(csrf) {
    if (csrf === this.csrf) return;
    this.csrf = csrf;
    this.flush();
  }

  get pending() {
    return this.outbox.size;
  }

  /** Keep `operations` (from `Ledger.stage`): resolves when they are in the journal and may be drawn. */
  async record(operations) {
    for (const op of operations) this.outbox.set(op.id, wire(op));
    this.onStatus(); // at once: "all saved" must not stand while the journal still writes
    try {
      await this.journal.put(operations.map((op) => this.#entry(op)));
    } catch {
      this.onSentence?.("This browser could not write to its own store; codes are kept on the server only.");
    }
    this.ledger.confirm(operations.map((op) => op.id));
    this.channel?.postMessage({ kind: "operations", operations: operations.map(wire) });
    this.#tell();
    this.flush();
  }

  /** Post what is pending, batch after batch. One runs at a time. */
  async flush({ leaving = false } = {}) {
    if (this.closed || this.condition === CONDITION.LOADING || !this.outbox.size) return;
    if (leaving) return void this.#post([...this.outbox.values()].slice(0, KEEPALIVE_BATCH), { keepalive: true }).catch(() => {});
    if (this.busy) return;
    this.busy = true;
    this.clearTimeout(this.timer);
    try {
      while (this.outbox.size && !this.closed) {
        const batch = [...this.outbox.values()].slice(0, BATCH);
        if (!(await this.#settle(batch, await this.#post(batch)))) break;
      }
    } catch {
      this.#become(CONDITION.OFFLINE);
    } finally {
      this.busy = false;
    }
    this.#tell();
    if (this.outbox.size) this.#retry();
  }

  /** What others changed: operations since the last known one, and the coding's state. */
  async refresh() {
    try {
      const response = await this.#request(`${this.urls.operations}${this.urls.operations.includes("?") ? "&" : "?"}since=${this.ledger.seq}`);
      if (!response.ok) return this.#denied(response);
      const { operations, seq, state } = await response.json();
      const changed = this.ledger.merge(operations);
      this.ledger.seq = Math.max(this.ledger.seq, seq ?? 0);
      const before = this.condition;
      const held = before === CONDITION.HELD || before === CONDITION.RELOAD;
      if (!held || !this.outbox.size || state !== this.state) this.#become(CONDITION.ONLINE);
      if (changed || state !== this.state || before !== this.condition) {
        this.state = state ?? this.state;
        this.#tell();
      }
      return true;
    } catch {
      this.#become(CONDITION.OFFLINE);
      this.#tell();
      return false;
    }
  }

  /** Now and then: others' operations, and what a tab that died left in the journal. */
  async look(now = Date.now()) {
    if (this.closed || this.condition === CONDITION.LOADING) return;
    const left = await this.journal.pending(this.rater, this.coding).catch(() => []);
    const orphans = left.filter((op) => !this.outbox.has(op.id) && now - madeAt(op.id) > ORPHAN_MS);
    for (const op of orphans) this.outbox.set(op.id, op);
    this.ledger.merge(orphans);
    await this.refresh();
    if (this.condition === CONDITION.ONLINE) await this.flush();
  }

  /** Submit, once everything is saved. Resolves to {submitted} or {missing: [sentences], entries: the server's checklist}. */
  async submit() {
    await this.flush();
    if (this.outbox.size) return { missing: ["Not everything is saved yet. Submit again when the line above says “all saved”."] };
    try {
      const response = await this.#request(this.urls.submit, { method: "POST", headers: this.#headers(), body: "{}" });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) {
        this.state = answer.state ?? "submitted";
        this.channel?.postMessage({ kind: "state" });
        this.#tell();
        return { submitted: true };
      }
      if (response.status === 401) await this.#denied(response);
      return { missing: [answer.error ?? `The server answered ${response.status}.`], entries: answer.entries };
    } catch {
      this.#become(CONDITION.OFFLINE);
      return { missing: ["The server does not answer. Nothing is lost; submit again in a moment."] };
    } finally {
      this.#tell();
    }
  }

  /** Tell where the rater is and how long they worked since the last report. */
  position(position_ms, time_spent_ms) {
    const body = JSON.stringify({ position_ms, time_spent_ms });
    return this.fetch(this.urls.position, { method: "POST", keepalive: true, credentials: "same-origin", headers: this.#headers(), body })
      .then((response) => response.ok)
      .catch(() => false);
  }

  close() {
    this.flush({ leaving: true });
    this.closed = true;
    this.clearTimeout(this.timer);
    this.channel?.close();
    this.journal.close();
  }

  #entry(op) {
    return { id: op.id, coding: this.coding, rater: this.rater, operation: wire(op) };
  }

  #headers() {
    return { "content-type": "application/json", "x-wb-csrf": this.csrf };
  }

  #request(url, options = {}) {
    return this.fetch(url, { credentials: "same-origin", signal: AbortSignal.timeout(TIMEOUT_MS), ...options });
  }

  #post(batch, { keepalive = false } = {}) {
    const body = JSON.stringify({ operations: batch });
    return this.#request(this.urls.operations, { method: "POST", keepalive, headers: this.#headers(), body });
  }

  /** Take in one answer. True when the next batch may follow. */
  async #settle(batch, response) {
    if (!response.ok) return this.#denied(response);
    const { acknowledged = [], refused = [], seq, state } = await response.json();
    const done = [...acknowledged, ...refused.map((r) => r.id)];
    for (const id of done) this.outbox.delete(id);
    this.journal.remove(done).catch(() => {});
    if (refused.length) {
      this.ledger.drop(refused.map((r) => r.id));
      this.channel?.postMessage({ kind: "refused", ids: refused.map((r) => r.id) });
      this.onSentence?.(`Not kept: ${[...new Set(refused.map((r) => r.reason))].join(" ")}`);
    }
    if (state) this.state = state;
    this.signedOut = false;
    this.#become(CONDITION.ONLINE);
    if (seq != null && seq > this.ledger.seq + acknowledged.length) this.#soon();
    else if (seq != null) this.ledger.seq = seq;
    this.#tell();
    return done.length > 0;
  }

  /** Another page wrote in between: fetch what it wrote, a little later and once. */
  #soon() {
    this.catchUp ??= this.setTimeout(() => {
      this.catchUp = null;
      this.refresh();
    }, 400);
  }

  async #denied(response) {
    if (response.status === 401) {
      this.signedOut = true;
      this.#become(CONDITION.SIGN_IN);
    } else if (response.status >= 500 || response.status === 429) this.#become(CONDITION.OFFLINE);
    else if (response.status === 403 && this.signedOut) this.#become(CONDITION.RELOAD); // a new sign-in has a new token
    else {
      const answer = await response.json().catch(() => ({}));
      this.#become(CONDITION.HELD, answer.error ?? `The server answered ${response.status}.`);
    }
    this.#tell();
    return false;
  }

  /** What is drawn changed, or only the status did. */
  #tell() {
    const shown = `${this.ledger.version} ${this.state} ${this.condition === CONDITION.LOADING}`;
    if (shown === this.shown) return this.onStatus();
    this.shown = shown;
    this.onChange();
  }

  #become(condition, reason = "") {
    if (condition === CONDITION.ONLINE) this.wait = 250;
    this.condition = condition;
    this.reason = reason;
  }

  #retry() {
    const wait = this.condition === CONDITION.OFFLINE ? this.wait : SLOWEST_RETRY_MS;
    this.wait = Math.min(this.wait * 2, SLOWEST_RETRY_MS);
    this.clearTimeout(this.timer);
    this.timer = this.setTimeout(() => this.flush(), wait);
  }

  #hear(message) {
    if (message.kind === "operations") this.ledger.merge(message.operations);
    else if (message.kind === "refused") this.ledger.drop(message.ids);
    else if (message.kind === "state") return void this.refresh();
    this.#tell();
  }
}

/** An operation as it is stored and sent: without this page's own notes. */
function wire({ id, kind, client_at, target, event, code, start_ms, end_ms, values }) {
  return { id, kind, client_at, target, event, code, start_ms, end_ms, values };
}

function openChannel(name) {
  return typeof BroadcastChannel === "function" ? new BroadcastChannel(name) : null;
}
