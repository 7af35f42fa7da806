/** Journal first, then the screen, then the server: how operations travel.
 *
 * `record` resolves when the journal has them; `flush` posts what is pending in batches and takes
 * acknowledged operations out of the journal. Another tab of the same coding hears of operations and
 * answers over a BroadcastChannel; the server's sequence settles the order. Ids make repetition harmless.
 */

import { Outbox } from "./outbox.js";

const BATCH = 200;
const BATCH_BYTES = 1_000_000;
const KEEPALIVE_BYTES = 60_000; // all requests that outlive a page may carry 64 KiB together
const TIMEOUT_MS = 15_000;
const SLOWEST_RETRY_MS = 10_000;
const SOON_MS = 250;
const UNFIT = new Set([400, 413, 422]); // answers that say that the request itself is wrong

/** Conditions of the connection; the status line turns them into words. */
export const CONDITION = { LOADING: "loading", ONLINE: "online", OFFLINE: "offline", SIGN_IN: "sign-in", RELOAD: "reload", HELD: "held" };

export class Sync {
  /** `env` holds what a test replaces: fetch, setTimeout, clearTimeout, channel. */
  constructor({ urls, coding, rater, csrf, state, journal, ledger, onChange, onStatus = onChange, onSentence, onAligned, env = {} }) {
    Object.assign(this, { urls, csrf, state, ledger, onChange, onStatus, onSentence, onAligned });
    this.fetch = env.fetch ?? ((...args) => fetch(...args));
    this.setTimeout = env.setTimeout ?? ((...args) => setTimeout(...args));
    this.clearTimeout = env.clearTimeout ?? ((id) => clearTimeout(id));
    this.channel = env.channel ?? openChannel(`alliance-workbench-coding-${rater}-${coding}`);
    if (this.channel) this.channel.onmessage = (message) => this.#hear(message.data);
    this.outbox = new Outbox({ journal, rater, coding, setTimeout: this.setTimeout });
    this.condition = CONDITION.LOADING;
    this.reason = "";
    this.loaded = false;
    this.signedOut = false;
    this.recovered = 0;
    this.wait = SOON_MS;
  }

  /** Read journal and server. Resolves when the coding is complete on this page; retries till then. */
  async load() {
    try {
      this.ledger.merge(await this.outbox.open());
    } catch {
      this.onSentence?.("This browser’s own store cannot be read; what it may hold of this coding is sent when it can be.");
    }
    this.recovered = this.outbox.size;
    for (let wait = SOON_MS; !(await this.refresh()) && !this.closed; wait = Math.min(wait * 2, SLOWEST_RETRY_MS)) {
      await new Promise((resolve) => this.setTimeout(resolve, wait));
    }
    this.loaded = true;
    this.#tell();
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

  /** Whether what is pending would outlive this page. */
  get durable() {
    return this.outbox.durable;
  }

  /** What the server would not keep: [{operation, reason}]. */
  get refusals() {
    return this.outbox.refusals;
  }

  /** Keep `operations` (from `Ledger.stage`): resolves when they are in the journal and may be drawn. */
  async record(operations) {
    const wired = operations.map(wire);
    this.outbox.take(wired);
    this.onStatus();
    const written = await this.outbox.write(wired);
    if (!written) this.onSentence?.("This browser cannot write to its own store: codes are safe when the line above says “all saved”.");
    this.ledger.confirm(wired.map((op) => op.id));
    this.channel?.postMessage({ kind: "operations", operations: wired });
    this.#tell();
    this.flush();
  }

  /** Post what is pending, batch after batch. One runs at a time; who asks meanwhile waits for it. */
  flush({ leaving = false } = {}) {
    if (this.closed || !this.loaded || !this.outbox.size) return Promise.resolve();
    if (leaving) return this.#leave();
    return (this.flushing ??= this.#flush().finally(() => (this.flushing = null)));
  }

  async #flush() {
    this.clearTimeout(this.timer);
    let alone = false;
    try {
      while (this.outbox.size && !this.closed) {
        const batch = this.outbox.batch(alone ? 1 : BATCH, BATCH_BYTES);
        const response = await this.#post(batch);
        if (UNFIT.has(response.status)) {
          // one operation must not hold up all others: find it, and set it apart
          if (batch.length === 1) this.#setApart(batch[0], await response.json().catch(() => ({})));
          alone = true;
        } else if (!(await this.#settle(response))) break;
      }
    } catch {
      this.#become(CONDITION.OFFLINE);
    }
    if (this.outbox.size) {
      await this.outbox.rewrite();
      this.#retry();
    }
    this.#tell();
  }

  /** The page may end now: one request that outlives it, as full as may be; the journal has the rest. */
  async #leave() {
    try {
      await this.#settle(await this.#post(this.outbox.batch(BATCH, KEEPALIVE_BYTES), { keepalive: true }));
    } catch {
      // the page lives on without a server, or nobody is left to hear it
    }
  }

  /** What others changed: operations since the last known one, and the coding's state. */
  async refresh() {
    try {
      const response = await this.#request(`${this.urls.operations}${this.urls.operations.includes("?") ? "&" : "?"}since=${this.ledger.seq}`);
      if (!response.ok) return this.#denied(response);
      const { operations, seq, state } = await response.json();
      this.outbox.done(operations.map((op) => op.id)); // an answer may have got lost
      this.ledger.merge(operations);
      this.ledger.seq = Math.max(this.ledger.seq, seq ?? 0);
      const held = this.condition === CONDITION.HELD || this.condition === CONDITION.RELOAD;
      const reopened = state === "draft" && this.state !== "draft";
      this.state = state ?? this.state;
      if (!held || !this.outbox.size || reopened) this.#become(CONDITION.ONLINE);
      this.#tell();
      if (reopened) this.flush();
      if (this.loaded && operations.some((op) => op.kind === "align" || this.ledger.get(op.target)?.kind === "align")) this.onAligned?.();
      return true;
    } catch {
      this.#become(CONDITION.OFFLINE);
      this.#tell();
      return false;
    }
  }

  /** Now and then: others' operations, and what a tab that died left in the journal. */
  async look() {
    if (this.closed || !this.loaded) return;
    this.ledger.merge(await this.outbox.adopt());
    await this.refresh();
    if (this.condition === CONDITION.ONLINE) await this.flush();
  }

  /** Send everything, also what other tabs of this browser hold. True when the server has it all. */
  async saveAll() {
    if (!this.loaded) return false;
    this.ledger.merge(await this.outbox.adopt({ now: true }));
    while (this.flushing) await this.flushing;
    await this.flush();
    return !this.outbox.size;
  }

  /** Submit, once everything is saved. Resolves to {submitted} or {missing: [sentences], entries?}. */
  async submit() {
    if (!(await this.saveAll())) return { missing: ["Not everything is saved yet. Submit again when the line above says “all saved”."] };
    this.submitting = true;
    try {
      const response = await this.#request(this.urls.submit, { method: "POST", headers: this.#headers(), body: "{}" });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) {
        this.state = answer.state ?? "submitted";
        this.channel?.postMessage({ kind: "state" });
        return { submitted: true };
      }
      if (response.status === 401) await this.#denied(response);
      else await this.refresh(); // another tab or a supervisor may have changed what this page believes
      const { entries } = answer;
      return { missing: entries?.map((e) => e.sentence) ?? [answer.error ?? `The server answered ${response.status}.`], entries };
    } catch {
      this.#become(CONDITION.OFFLINE);
      return { missing: ["The server does not answer. Nothing is lost; submit again in a moment."] };
    } finally {
      this.#tell();
      this.submitting = false;
    }
  }

  /** The rater has read that these were not kept. */
  async dismiss(ids) {
    await this.outbox.dismiss(ids);
    this.channel?.postMessage({ kind: "dismissed" });
    this.onStatus();
  }

  /** Tell where the rater is and how long they worked since the last report; `more` goes with it. */
  position(position_ms, time_spent_ms, more = {}) {
    const body = JSON.stringify({ position_ms, time_spent_ms, ...more });
    return this.fetch(this.urls.position, { method: "POST", keepalive: true, credentials: "same-origin", headers: this.#headers(), body })
      .then((response) => response.ok)
      .catch(() => false);
  }

  close() {
    const last = this.flush({ leaving: true });
    this.closed = true;
    this.clearTimeout(this.timer);
    this.clearTimeout(this.catchUp);
    this.channel?.close();
    last.finally(() => this.outbox.close()); // what is acknowledged on the way out need not be sent again
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
  async #settle(response) {
    if (!response.ok) return this.#denied(response);
    const answer = await response.json();
    const { acknowledged = [], refused = [] } = answer;
    this.outbox.done(acknowledged);
    this.outbox.refuse(refused);
    this.ledger.drop(refused.map((r) => r.id));
    this.channel?.postMessage({ kind: "answer", answer });
    if (refused.length) this.onSentence?.(`Not kept: ${[...new Set(refused.map((r) => r.reason))].join(" ")}`);
    this.#place(answer);
    this.state = answer.state ?? this.state;
    this.signedOut = false;
    this.#become(CONDITION.ONLINE);
    this.#tell();
    return acknowledged.length + refused.length > 0;
  }

  /** The server cannot take this one, whatever else it takes. */
  #setApart(operation, { error = "The server could not read it." }) {
    const refused = [{ id: operation.id, reason: error }];
    this.outbox.refuse(refused);
    this.ledger.drop([operation.id]);
    this.channel?.postMessage({ kind: "answer", answer: { refused } });
    this.onSentence?.(`Not kept: ${error}`);
    this.#tell();
  }

  /** Where the server put what it acknowledged. `before`: its last operation before these. */
  #place({ acknowledged = [], sequence = [], before = 0, seq = 0 }) {
    const known = this.ledger.seq;
    const complete = this.ledger.tell(acknowledged.map((id, i) => [id, sequence[i]]));
    if (before > known || !complete) this.#soon(); // somebody else wrote in between
    else this.ledger.seq = Math.max(known, seq);
  }

  /** Fetch what others wrote, a little later and once. */
  #soon() {
    this.catchUp ??= this.setTimeout(() => {
      this.catchUp = null;
      this.refresh();
    }, SOON_MS);
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
      if (this.state === "draft") this.#soon(); // submitted in another tab, perhaps
    }
    this.#tell();
    return false;
  }

  /** What is drawn changed, or only the status did. */
  #tell() {
    const shown = `${this.ledger.version} ${this.state} ${this.loaded}`;
    if (shown === this.shown) return this.onStatus();
    this.shown = shown;
    this.onChange();
  }

  #become(condition, reason = "") {
    if (condition === CONDITION.ONLINE) this.wait = SOON_MS;
    this.condition = condition;
    this.reason = reason;
  }

  #retry() {
    const wait = this.condition === CONDITION.OFFLINE ? this.wait : SLOWEST_RETRY_MS;
    this.wait = Math.min(this.wait * 2, SLOWEST_RETRY_MS);
    this.clearTimeout(this.timer);
    this.timer = this.setTimeout(() => this.flush(), wait);
  }

  #hear({ kind, operations, answer }) {
    if (kind === "operations") {
      this.ledger.merge(operations);
      this.outbox.hear(operations);
    } else if (kind === "answer") {
      const refused = (answer.refused ?? []).map((r) => r.id);
      this.outbox.done(answer.acknowledged ?? []);
      this.outbox.unhear(refused);
      this.ledger.drop(refused);
      this.#place(answer);
      if (refused.length) this.outbox.adopt().then(() => this.onStatus());
    } else if (kind === "dismissed") return void this.outbox.adopt().then(() => this.onStatus());
    else if (kind === "state") return void this.refresh();
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
