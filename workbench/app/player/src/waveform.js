/** Ruler and waveform, drawn from peaks that were computed at intake; a plain line where there is no recording.
 *
 * The part that was played is a second picture of the same waveform, uncovered by moving it: nothing is
 * drawn while the sound plays.
 */

import { h } from "./dom.js";
import { clock, clockTenths } from "./format.js";
import { Strip } from "./strip.js";
import { rulerStep } from "./time-axis.js";

export const RULER = 16;
export const WAVE = 46;

/** Peaks as the route sends them, int8 (min, max) pairs: {above, below} as shares of the loudest. */
export function channels(buffer) {
  const pairs = new Int8Array(buffer);
  const n = pairs.length >> 1;
  const above = new Float32Array(n);
  const below = new Float32Array(n);
  let loudest = 1;
  for (let i = 0; i < pairs.length; i++) loudest = Math.max(loudest, Math.abs(pairs[i]));
  for (let i = 0; i < n; i++) {
    below[i] = -pairs[2 * i] / loudest;
    above[i] = pairs[2 * i + 1] / loudest;
  }
  return { above, below };
}

/** The loudest values among peaks [from, to) up and down. */
export function loudest({ above, below }, from, to) {
  let [up, down] = [0, 0];
  for (let i = Math.max(0, from); i < Math.min(above.length, Math.max(to, from + 1)); i++) {
    if (above[i] > up) up = above[i];
    if (below[i] > down) down = below[i];
  }
  return [up, down];
}

export class Waveform {
  /** `paint(colour)` resolves a CSS colour of the present theme. `peaks_per_second`: how dense peaks are. */
  constructor({ axis, media, paint, peaks_per_second, onZoom }) {
    Object.assign(this, { axis, media, paint, peaks_per_second, onZoom, peaks: null });
    this.ruler = new Strip("ruler", (context, view) => this.#drawRuler(context, view));
    this.plain = new Strip("plain-wave", (context, view) => this.#drawWave(context, view, "var(--wave)"));
    this.played = new Strip("played-wave", (context, view) => this.#drawWave(context, view, "var(--accent)"));
    this.window = h("div", { class: "played-window", "aria-hidden": "true" }, this.played.canvas);
    this.area = h("div", { class: "wave", "data-testid": "waveform" }, this.ruler.canvas, this.plain.canvas, this.window);
  }

  get width() {
    return this.axis.width;
  }

  x(ms) {
    return this.axis.x(ms);
  }

  ms(x) {
    return this.axis.ms(x);
  }

  /** Factor above 1: closer, around the playhead when it shows. 0: the whole session. */
  zoom(factor) {
    const x = this.axis.x(this.media.now_ms);
    this.onZoom(factor, x >= 0 && x <= this.axis.width ? x : undefined);
  }

  spoil() {
    for (const strip of [this.ruler, this.plain, this.played]) strip.spoil();
  }

  /** The view changed. */
  draw() {
    this.ruler.show(this.axis, RULER);
    if (!this.peaks) return;
    this.plain.show(this.axis, WAVE);
    this.played.show(this.axis, WAVE);
  }

  /** The sound is at pixel `x`: uncover the played part up to there, by moving window and picture against each other. */
  move(x) {
    if (!this.peaks) return;
    const at = Math.round(Math.max(-1, Math.min(x, this.axis.width)) * 2) / 2 - this.axis.width;
    if (at === this.uncovered && this.played.shift === this.shifted) return;
    this.uncovered = at;
    this.shifted = this.played.shift;
    this.window.style.transform = `translateX(${at}px)`;
    this.played.canvas.style.transform = `translateX(${this.played.shift - at}px)`;
  }

  #drawRuler(context, { x, from_ms, to_ms, width, scale }) {
    const step = rulerStep(scale);
    const small = step / (step % 3 === 0 && step >= 15_000 ? 3 : 5);
    const until = Math.min(to_ms, this.axis.duration_ms);
    const line = this.paint("var(--line-2)");
    context.font = `10.5px ${this.paint.font}`;
    context.textBaseline = "top";
    context.fillStyle = line;
    for (let ms = Math.floor(from_ms / small) * small; ms <= until; ms += small) {
      const whole = Math.abs(ms / step - Math.round(ms / step)) < 1e-6;
      context.fillRect(Math.round(x(ms)), whole ? 0 : RULER - 4, 1, RULER);
    }
    context.fillStyle = this.paint("var(--ink-2)");
    for (let ms = Math.floor(from_ms / step) * step; ms <= until; ms += step) {
      if (x(ms) + 30 < width) context.fillText(step < 1000 ? clockTenths(ms) : clock(ms), Math.round(x(ms)) + 4, 2.5);
    }
  }

  #drawWave(context, { from_ms, to_ms, width, scale }, colour) {
    const perPeak = (1000 / this.peaks_per_second) * scale;
    const middle = WAVE / 2;
    const high = middle - 1;
    context.fillStyle = this.paint(colour);
    if (perPeak > 1.5) {
      const first = Math.max(0, Math.floor((from_ms / 1000) * this.peaks_per_second));
      const last = Math.min(this.peaks.above.length - 1, Math.ceil((to_ms / 1000) * this.peaks_per_second));
      const x = (i) => ((i + 0.5) * 1000 * scale) / this.peaks_per_second - from_ms * scale;
      context.beginPath();
      context.moveTo(x(first), middle);
      for (let i = first; i <= last; i++) context.lineTo(x(i), middle - Math.max(0.4, this.peaks.above[i] * high));
      for (let i = last; i >= first; i--) context.lineTo(x(i), middle + Math.max(0.4, this.peaks.below[i] * high));
      context.fill();
      return;
    }
    const at = (px) => Math.floor(((from_ms + px / scale) / 1000) * this.peaks_per_second);
    for (let px = 0; px < width; px++) {
      const from = at(px);
      if (from >= this.peaks.above.length) break;
      const [up, down] = loudest(this.peaks, from, at(px + 1));
      context.fillRect(px, middle - Math.max(0.5, up * high), 1, Math.max(1, (up + down) * high));
    }
  }
}
