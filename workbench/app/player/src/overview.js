/** The whole session in one thin strip: sound, windows, where codes lie, and which part the view shows.
 *
 * For the mouse; the keyboard has the same by zoom and skip keys.
 */

import { h } from "./dom.js";
import { sized } from "./strip.js";
import { loudest } from "./waveform.js";

const HEIGHT = 26;
const WAVE = 15;
const BIN = 3; // pixels of the density drawing
const LATER_MS = 150; // a new code is drawn where the eye is first
const FOOT = 2; // pixels below the densities

/** How many events touch each of `n` equal parts of the session; a stretch counts in each part it touches. */
export function density(events, n, duration_ms) {
  const counts = new Float64Array(n + 1);
  const place = (ms) => Math.min(n - 1, Math.max(0, Math.floor((ms / duration_ms) * n)));
  for (const { start_ms, end_ms } of events) {
    counts[place(start_ms)] += 1;
    counts[place(end_ms ?? start_ms) + 1] -= 1;
  }
  for (let i = 1; i <= n; i++) counts[i] += counts[i - 1];
  return counts.subarray(0, n);
}

export class Overview {
  constructor({ axis, paint, windows, onSeek, onPan }) {
    Object.assign(this, { axis, paint, windows, events: [], hidden: [] });
    this.canvas = h("canvas", { class: "overview-canvas" });
    this.view = h("div", { class: "overview-view" });
    this.head = h("div", { class: "overview-head" });
    this.element = h("div", { class: "overview", "aria-hidden": "true", "data-testid": "overview", title: "The whole session: click to go there, drag the frame to look around" }, this.canvas, this.view, this.head);
    this.element.addEventListener("pointerdown", (e) => this.#down(e, { onSeek, onPan }));
  }

  show({ events, hidden, peaks, windows = this.windows }) {
    Object.assign(this, { events, hidden, peaks: peaks ?? this.peaks, windows });
    this.late ??= setTimeout(() => {
      this.late = null;
      this.stale = true;
      if (this.axis.width) this.draw();
    }, LATER_MS);
  }

  spoil() {
    this.stale = true;
  }

  /** The view, the size or the content changed. */
  draw() {
    const { axis } = this;
    if (this.stale || this.drawnWidth !== axis.width || this.drawnFor !== axis.duration_ms) this.#draw();
    const share = axis.width / Math.max(axis.width, axis.total);
    const left = (axis.left / Math.max(axis.width, axis.total)) * axis.width;
    const wide = Math.max(10, share * axis.width);
    const now = `${left} ${wide}`;
    if (now === this.placed) return;
    this.placed = now;
    this.view.style.transform = `translateX(${Math.min(left, axis.width - wide)}px)`;
    this.view.style.width = `${wide}px`;
    this.view.hidden = share > 0.999;
  }

  move(ms) {
    const x = Math.round((ms / this.axis.duration_ms) * this.axis.width * 2) / 2;
    if (x !== this.at) this.head.style.transform = `translateX(${(this.at = x)}px)`;
  }

  #draw() {
    const { axis, paint } = this;
    const { width } = axis;
    this.stale = false;
    this.drawnWidth = width;
    this.drawnFor = axis.duration_ms;
    const context = sized(this.canvas, width, HEIGHT);
    const x = (ms) => (ms / axis.duration_ms) * width;
    if (this.peaks) {
      context.fillStyle = paint("var(--line-2)");
      context.fill(this.#wave(width));
    }
    this.#density(context);
    let from = 0;
    context.fillStyle = paint("var(--paper-2)");
    const out = this.windows.length ? [...this.windows, [axis.duration_ms, axis.duration_ms]] : [];
    for (const [start, end] of out) {
      context.globalAlpha = 0.82;
      if (start > from) context.fillRect(x(from), 0, x(start) - x(from), HEIGHT);
      from = Math.max(from, end);
    }
    context.globalAlpha = 1;
    context.fillStyle = paint("var(--ink-2)");
    for (const edge of this.windows.flat()) if (edge > 0 && edge < axis.duration_ms) context.fillRect(Math.round(x(edge)), 0, 1, HEIGHT);
    context.fillStyle = paint("var(--busy)");
    for (const { start_ms, end_ms } of this.hidden) context.fillRect(x(start_ms), WAVE - 1, Math.max(2, x(end_ms ?? axis.duration_ms) - x(start_ms)), 2);
  }

  /** The sound of the whole session: its peaks are gone through once for each width, not with each code. */
  #wave(width) {
    if (this.waved?.peaks === this.peaks && this.waved.width === width) return this.waved.path;
    const path = new Path2D();
    const perPixel = this.peaks.above.length / width;
    for (let px = 0; px < width; px++) {
      const [up, down] = loudest(this.peaks, Math.floor(px * perPixel), Math.floor((px + 1) * perPixel));
      path.rect(px, WAVE / 2 - (up * WAVE) / 2, 1, Math.max(0.6, ((up + down) * WAVE) / 2));
    }
    this.waved = { peaks: this.peaks, width, path };
    return path;
  }

  #density(context) {
    const { axis, paint } = this;
    const bins = Math.max(1, Math.floor(axis.width / BIN));
    const counts = density(this.events, bins, axis.duration_ms);
    const most = Math.max(3, ...counts);
    context.fillStyle = paint("var(--accent)");
    const room = HEIGHT - WAVE - 2 - FOOT;
    for (let i = 0; i < bins; i++) {
      if (!counts[i]) continue;
      const high = Math.max(2, Math.sqrt(counts[i] / most) * room);
      context.fillRect(i * BIN, HEIGHT - FOOT - high, BIN - 1, high);
    }
  }

  #down(e, { onSeek, onPan }) {
    if (e.button) return;
    e.preventDefault();
    const box = this.element.getBoundingClientRect();
    const ms = (event) => ((event.clientX - box.left) / this.axis.width) * this.axis.duration_ms;
    const { left, right } = this.view.getBoundingClientRect();
    const onFrame = !this.view.hidden && e.clientX >= left && e.clientX <= right;
    const grip = onFrame ? e.clientX - (left + right) / 2 : 0;
    let moved = false;
    this.element.setPointerCapture(e.pointerId);
    const follow = (event) => {
      if (Math.abs(event.clientX - e.clientX) > 3) moved = true;
      if (moved) onPan(((event.clientX - grip - box.left) / this.axis.width) * this.axis.duration_ms);
    };
    const leave = () => {
      this.element.removeEventListener("pointermove", follow);
      this.element.removeEventListener("pointerup", drop);
      this.element.removeEventListener("pointercancel", leave);
    };
    const drop = (event) => {
      leave();
      if (!moved) onSeek(Math.max(0, Math.min(this.axis.duration_ms, Math.round(ms(event)))));
    };
    this.element.addEventListener("pointermove", follow);
    this.element.addEventListener("pointerup", drop);
    this.element.addEventListener("pointercancel", leave);
  }
}
