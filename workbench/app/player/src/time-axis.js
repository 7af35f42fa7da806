/** The time axis that waveform, lanes and hatching share: which part of the session is on screen, and how large.
 *
 * Pixels count from the left edge of the visible part; `left` and `total` are in pixels of the whole axis.
 */

const SHOWN_AT_FIRST_MS = 240_000;
const CLOSEST = 0.4; // pixels per millisecond: 2.5 ms to a pixel
const TURN_AT = 0.9; // of the width: here the playhead turns the page …
const LAND_AT = 0.08; // … and here it goes on

export class TimeAxis {
  /** Changes whenever what was drawn for another size or zoom is void. */
  version = 0;
  width = 0;
  left = 0;
  scale = 0;

  constructor(duration_ms) {
    this.duration_ms = Math.max(1, duration_ms);
  }

  get total() {
    return this.duration_ms * this.scale;
  }

  x(ms) {
    return ms * this.scale - this.left;
  }

  ms(x) {
    return Math.min(this.duration_ms, Math.max(0, Math.round((x + this.left) / this.scale)));
  }

  /** First and last millisecond on screen. */
  get span() {
    return [this.ms(0), this.ms(this.width)];
  }

  shows(ms) {
    const x = this.x(ms);
    return x >= 0 && x <= this.width;
  }

  /** The view has another width; what was at its left edge stays there. True when something changed. */
  resize(width) {
    if (width <= 0 || width === this.width) return false;
    const whole = width / this.duration_ms;
    const from = this.scale ? this.left / this.scale : 0;
    const all = this.scale && this.scale * this.duration_ms <= this.width + 1;
    this.width = width;
    if (!this.scale) this.scale = Math.max(whole, width / SHOWN_AT_FIRST_MS);
    else this.scale = all ? whole : Math.max(whole, this.scale);
    this.#put(from * this.scale);
    this.version += 1;
    return true;
  }

  /** A live session outgrows its axis. */
  lengthen(duration_ms) {
    if (duration_ms <= this.duration_ms) return;
    this.duration_ms = duration_ms;
    this.scale = Math.max(this.scale, this.width / duration_ms);
    this.#put(this.left);
    this.version += 1;
  }

  /** Factor above 1: closer, around the point at `x`. 0: the whole session. */
  zoom(factor, x = this.width / 2) {
    const at = (x + this.left) / this.scale;
    const whole = this.width / this.duration_ms;
    this.scale = factor ? Math.min(Math.max(CLOSEST, whole), Math.max(whole, this.scale * factor)) : whole;
    this.#put(at * this.scale - x);
    this.version += 1;
  }

  pan(pixels) {
    this.#put(this.left + pixels);
  }

  centre(ms) {
    this.#put(ms * this.scale - this.width / 2);
  }

  /** Show the whole stretch with a little around it. */
  fit(start_ms, end_ms) {
    const whole = this.width / this.duration_ms;
    const room = Math.max(1000, (end_ms - start_ms) * 1.2);
    this.scale = Math.min(Math.max(CLOSEST, whole), Math.max(whole, this.width / room));
    this.centre((start_ms + end_ms) / 2);
    this.version += 1;
  }

  /** Turn the page when the playhead nears its end, or has jumped out of it. */
  follow(ms) {
    const x = this.x(ms);
    if (x >= 0 && (x <= this.width * TURN_AT || this.left + this.width >= this.total - 1) && x <= this.width) return;
    const turned = x > 0 && x < this.width * 1.5;
    this.#put(ms * this.scale - this.width * (turned ? LAND_AT : 0.3));
  }

  #put(left) {
    this.left = Math.round(Math.min(Math.max(0, this.total - this.width), Math.max(0, left)));
  }
}

const STEPS_MS = [100, 200, 500, 1000, 2000, 5000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000];

/** Between labels of the ruler: the smallest round step that leaves `room` pixels to each. */
export function rulerStep(scale, room = 76) {
  return STEPS_MS.find((step) => step * scale >= room) ?? STEPS_MS.at(-1);
}
