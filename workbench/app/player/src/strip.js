/** A canvas that is drawn wider than the view and then only shifted.
 *
 * Scrolling, following and playing move it; drawing happens when the content, the zoom or the theme
 * changed, or when the view leaves what was drawn.
 */

import { h } from "./dom.js";

const AROUND = 1; // widths of the view that are drawn on each side of it
const MENDED_AROUND = 40; // pixels
const LONGEST_WORDS = 300; // pixels that an event may write to its right

export class Strip {
  /** `paint(context, view, bands)`: view = {x(ms), from_ms, to_ms, width, height}; x counts inside the canvas.
   * `bands`: the spoiled ones ({y, height}, wiped and clipped), undefined for everything. */
  constructor(name, paint) {
    this.canvas = h("canvas", { class: `strip ${name}`, "aria-hidden": "true" });
    this.paint = paint;
    this.fresh = null;
    this.bands = new Map(); // y → spoiled band
  }

  /** The content changed: all of it, or that of a band {y, height} that keeps its place. */
  spoil(band) {
    if (band) this.bands.set(band.y, band);
    else this.fresh = null;
  }

  /** Be right for the axis as it now is. True when it had to be drawn. */
  show(axis, height) {
    const known = this.fresh;
    const inside = known && known.version === axis.version && known.height === height && known.left <= axis.left && axis.left + axis.width <= known.left + known.width;
    if (!inside) this.#draw(axis, height);
    else if (this.bands.size) this.#mend(axis);
    const shift = this.origin - axis.left;
    if (shift !== this.shift) this.canvas.style.transform = `translateX(${(this.shift = shift)}px)`;
    return !inside;
  }

  #draw(axis, height) {
    const left = Math.max(0, axis.left - AROUND * axis.width);
    const right = Math.max(axis.left + axis.width, Math.min(Math.ceil(axis.total), axis.left + (1 + AROUND) * axis.width));
    const width = right - left;
    const context = sized(this.canvas, width, height);
    this.origin = left;
    this.bands.clear();
    this.paint(context, this.#view(axis, left, right, height));
    this.fresh = { left, width, height, version: axis.version };
    this.shift = null;
  }

  /** Draw the spoiled bands anew, as far as they are in view: beyond it the canvas counts as not drawn. */
  #mend(axis) {
    const { height } = this.fresh;
    const left = Math.max(this.fresh.left, axis.left - MENDED_AROUND);
    const right = Math.min(this.fresh.left + this.fresh.width, axis.left + axis.width + MENDED_AROUND);
    const context = this.canvas.getContext("2d");
    for (const band of this.bands.values()) {
      const box = [left - this.origin, band.y, right - left, band.height];
      context.save();
      context.beginPath();
      context.rect(...box);
      context.clip();
      context.clearRect(...box);
      this.paint(context, this.#view(axis, Math.max(0, left - LONGEST_WORDS), right, height), [band]);
      context.restore();
    }
    this.bands.clear();
    this.fresh = { ...this.fresh, left, width: right - left };
  }

  /** What `paint` is told when it draws the pixels left … right of the axis. */
  #view({ scale }, left, right, height) {
    const x = (ms) => ms * scale - this.origin;
    return { x, from_ms: left / scale, to_ms: right / scale, width: right - this.origin, height, scale };
  }
}

/** The cleared context of a canvas of that size in CSS pixels, sharp on this screen. */
export function sized(canvas, width, height) {
  const ratio = globalThis.devicePixelRatio || 1;
  const [w, t] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== t) {
    canvas.width = w;
    canvas.height = t;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return context;
}
