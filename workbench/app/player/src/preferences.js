/** What a rater prefers, kept on the server for every computer they sit at.
 *
 * A change holds at once in this page and in every other one of this browser. While the server does not answer it
 * waits in the browser's store, is sent again, and outlives a reload.
 */

export const USUAL = { keys: {}, lag_ms: 0, resume_earlier_ms: 3000, hold: true, volume_boost: 1 };
export const LIMITS = { lag_ms: [0, 2000], resume_earlier_ms: [0, 30_000], volume_boost: [1, 6] };

const RETRY_MS = 15_000;

export class Preferences {
  /** `given`: of the payload. `owner`: whose they are. `csrf()`: the present token. `onChange(changed names)`, `onSentence(sentence)`. */
  constructor({ given, url, csrf, owner = "", onChange = () => {}, onSentence = () => {}, env = {} }) {
    Object.assign(this, { url, csrf, onChange, onSentence, name: owner && `alliance-workbench-preferences-${owner}`, store: env.store });
    this.fetch = env.fetch ?? ((...args) => fetch(...args));
    this.setTimeout = env.setTimeout ?? ((...args) => setTimeout(...args));
    this.waiting = this.#left(); // what the server does not have yet
    Object.assign(this, settled({ ...given, ...this.waiting }));
    this.unsaved = Object.keys(this.waiting).length > 0;
    this.channel = env.channel ?? (this.name && typeof BroadcastChannel === "function" ? new BroadcastChannel(this.name) : null);
    if (this.channel) this.channel.onmessage = ({ data }) => this.#take(data);
    if (this.unsaved) this.send();
  }

  /** Everything as the server keeps it. */
  get all() {
    return Object.fromEntries(Object.keys(USUAL).map((name) => [name, this[name]]));
  }

  /** Change some of them: `set({lag_ms: 250})`. Resolves to whether the server has them now. */
  set(changes) {
    this.#take(changes);
    this.waiting = { ...this.waiting, ...changes };
    this.#keep();
    this.channel?.postMessage(changes);
    return this.send();
  }

  #take(changes) {
    Object.assign(this, settled({ ...this.all, ...changes }));
    this.onChange(Object.keys(changes));
  }

  #left() {
    try {
      return JSON.parse((this.name && (this.store ?? localStorage).getItem(this.name)) || "{}") ?? {};
    } catch {
      return {};
    }
  }

  #keep() {
    try {
      const store = this.name && (this.store ?? localStorage);
      if (store && Object.keys(this.waiting).length) store.setItem(this.name, JSON.stringify(this.waiting));
      else if (store) store.removeItem(this.name);
    } catch {
      // a browser without a store: then they wait in this page
    }
  }

  /** Tell the server. One request runs at a time and the last word counts. */
  async send() {
    this.unsaved = true;
    if (this.busy) return this.busy;
    this.busy = this.#sendAll();
    const saved = await this.busy;
    this.busy = null;
    return saved;
  }

  async #sendAll() {
    let body;
    do {
      body = JSON.stringify(this.all);
      const trouble = await this.#put(body);
      if (trouble) {
        if (trouble !== this.told) this.onSentence(trouble);
        this.told = trouble;
        this.timer ??= this.setTimeout(() => {
          this.timer = null;
          if (this.unsaved && !this.closed) this.send();
        }, RETRY_MS);
        return false;
      }
    } while (body !== JSON.stringify(this.all));
    this.unsaved = false;
    this.waiting = {};
    this.#keep();
    this.told = "";
    return true;
  }

  /** Nothing, or one sentence why the server does not have them. */
  async #put(body) {
    if (!this.url) return "Settings hold in this page only.";
    try {
      const headers = { "content-type": "application/json", "x-wb-csrf": this.csrf() };
      const response = await this.fetch(this.url, { method: "PUT", credentials: "same-origin", headers, body });
      if (response.ok) return "";
      if (response.status === 401) return "Sign in again to keep these settings; until then they hold in this page.";
      const answer = await response.json().catch(() => ({}));
      return answer.error ?? `The settings hold in this page; the server answered ${response.status}.`;
    } catch {
      return "The settings hold in this page; they are saved when the server answers again.";
    }
  }

  close() {
    this.closed = true;
    this.channel?.close();
    if (this.unsaved) this.#put(JSON.stringify(this.all));
  }
}

/** Preferences within their limits, with what is usual where nothing sensible is given. */
export function settled(given = {}) {
  const found = { ...USUAL };
  for (const name of Object.keys(USUAL)) {
    const value = given?.[name];
    if (value == null || typeof value !== typeof USUAL[name]) continue;
    if (name in LIMITS) {
      if (!Number.isFinite(value)) continue;
      const [low, high] = LIMITS[name];
      const whole = name === "volume_boost" ? value : Math.round(value);
      found[name] = Math.min(high, Math.max(low, whole));
    } else found[name] = value;
  }
  return found;
}
