/** A canvas that is drawn wider than the view and then only shifted.
 *
 * Scrolling, following and playing move it; drawing happens when the content, the zoom or the theme
 * changed, or when the view leaves what was drawn.
 */

import { h } from "./dom.js";

const AROUND = 1; // widths of the view that are drawn on each side of it

export class Strip {
  /** `paint(context, view)`: view = {x(ms), from_ms, to_ms, width, height}; x counts inside the canvas. */
  constructor(name, paint) {
    this.canvas = h("canvas", { class: `strip ${name}`, "aria-hidden": "true" });
    this.paint = paint;
    this.fresh = null;
  }

  /** The content changed. */
  spoil() {
    this.fresh = null;
  }

  /** Be right for the axis as it now is. True when it had to be drawn. */
  show(axis, height) {
    const known = this.fresh;
    const inside = known && known.version === axis.version && known.height === height && known.left <= axis.left && axis.left + axis.width <= known.left + known.width;
    if (!inside) this.#draw(axis, height);
    const shift = this.fresh.left - axis.left;
    if (shift !== this.shift) this.canvas.style.transform = `translateX(${(this.shift = shift)}px)`;
    return !inside;
  }

  #draw(axis, height) {
    const left = Math.max(0, axis.left - AROUND * axis.width);
    const right = Math.max(axis.left + axis.width, Math.min(Math.ceil(axis.total), axis.left + (1 + AROUND) * axis.width));
    const width = right - left;
    const context = sized(this.canvas, width, height);
    const x = (ms) => ms * axis.scale - left;
    this.paint(context, { x, from_ms: left / axis.scale, to_ms: right / axis.scale, width, height, scale: axis.scale });
    this.fresh = { left, width, height, version: axis.version };
    this.shift = null;
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
