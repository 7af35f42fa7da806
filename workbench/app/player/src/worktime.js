/** Where the rater is and how long they worked, told to the server now and then.
 *
 * A stretch counts as work while the page is visible and the sound plays or a hand moved within the
 * last minute. Each report carries the time since the last one that arrived.
 */

const IDLE_MS = 60_000;
const EVERY_MS = 10_000;
const KEEP_MS = 1000;
const MOST_MS = 600_000; // the server takes so much at once; the rest goes with the next report
const LONGEST_TICK_MS = 5000; // a longer one is a computer that slept, not a rater who worked

export class WorkTime {
  /** `send(position, spent)` tells the server; `keep(position, told)` this browser, `told` being what the server may know. */
  constructor({ media, send, keep = () => {}, known_ms = null }) {
    Object.assign(this, { media, send, keep, spent_ms: 0, lastKept: 0, kept_ms: null, known: [known_ms], lastTick: performance.now(), lastHand: performance.now(), lastSent: 0, told_ms: null, told: new Set() });
  }

  /** Whether a start that the page names is only our own report coming back. */
  isOwn(start_ms) {
    return this.told.has(start_ms);
  }

  hand() {
    this.lastHand = performance.now();
  }

  tick(now = performance.now()) {
    const visible = document.visibilityState === "visible";
    if (visible && (this.media.playing || now - this.lastHand < IDLE_MS)) this.spent_ms += Math.min(now - this.lastTick, LONGEST_TICK_MS);
    this.lastTick = now;
    if (now - this.lastKept > KEEP_MS && this.media.now_ms !== this.kept_ms) {
      this.lastKept = now;
      this.kept_ms = this.media.now_ms;
      this.keep(this.kept_ms, this.known);
    }
    if (now - this.lastSent > EVERY_MS && this.media.now_ms !== this.told_ms) this.tell(now);
  }

  async tell(now = performance.now()) {
    this.lastSent = now;
    const [position, spent] = [this.media.now_ms, Math.min(Math.round(this.spent_ms), MOST_MS)];
    this.spent_ms -= spent;
    this.told.add(position);
    this.known = [...this.known, position]; // an answer may get lost
    if (await this.send(position, spent)) {
      this.told_ms = position;
      this.known = [position];
      this.keep(this.media.now_ms, this.known);
    } else this.spent_ms += spent;
  }
}

/** Tell the server the place and the working time, with what parts have to say. True when it arrived. */
export async function report({ sync, parts }, position, spent) {
  const more = Object.assign({}, ...parts.map((part) => part.reported?.()));
  const ok = await sync.position(position, spent, more);
  if (ok) for (const part of parts) part.arrived?.(more);
  return ok;
}
