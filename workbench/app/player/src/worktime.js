/** Where the rater is and how long they worked, told to the server now and then.
 *
 * A stretch counts as work while the page is visible and the sound plays or a hand moved within the
 * last minute. Each report carries the time since the last one that arrived.
 */

const IDLE_MS = 60_000;
const EVERY_MS = 10_000;

export class WorkTime {
  constructor({ media, send }) {
    Object.assign(this, { media, send, spent_ms: 0, lastTick: performance.now(), lastHand: performance.now(), lastSent: 0, told_ms: null, told: new Set() });
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
    if (visible && (this.media.playing || now - this.lastHand < IDLE_MS)) this.spent_ms += now - this.lastTick;
    this.lastTick = now;
    if (now - this.lastSent > EVERY_MS && this.media.now_ms !== this.told_ms) this.tell(now);
  }

  async tell(now = performance.now()) {
    this.lastSent = now;
    const [position, spent] = [this.media.now_ms, Math.round(this.spent_ms)];
    this.spent_ms -= spent;
    this.told.add(position);
    if (await this.send(position, spent)) this.told_ms = position;
    else this.spent_ms += spent;
  }
}
