/** How an event looks on a lane: moments as small shapes drawn once each and copied, stretches as bars. */

import { MARKS } from "./review-marks.js";

const SIZE = 16;
const HOLLOW = new Set(["missed", "extra", "differs"]);

/** Pictures of moments, made when first needed. Forget them when the theme changes. */
export class Stamps {
  #known = new Map();

  clear() {
    this.#known.clear();
  }

  /** Draw the moment in the middle of (x, y). */
  put(context, x, y, { mark, colour, paper, small }) {
    const ratio = globalThis.devicePixelRatio || 1;
    const key = `${mark}|${colour}|${paper}|${small}|${ratio}`;
    if (!this.#known.has(key)) this.#known.set(key, stamp({ mark, colour, paper, small, ratio }));
    context.drawImage(this.#known.get(key), x - SIZE / 2, y - SIZE / 2, SIZE, SIZE);
  }
}

/** Hit or plain: filled diamond. Missed: hollow circle. Extra: plus. Differs: hollow square, crossed. */
function stamp({ mark, colour, paper, small, ratio }) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.round(SIZE * ratio);
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.translate(SIZE / 2, SIZE / 2);
  if (small) context.scale(0.78, 0.78);
  const shape = new Path2D();
  if (mark === "missed") shape.arc(0, 0, 4.5, 0, 2 * Math.PI);
  else if (mark === "extra") {
    shape.moveTo(-5, 0);
    shape.lineTo(5, 0);
    shape.moveTo(0, -5);
    shape.lineTo(0, 5);
  } else if (mark === "differs") {
    shape.rect(-4.5, -4.5, 9, 9);
    shape.moveTo(-4.5, 4.5);
    shape.lineTo(4.5, -4.5);
  } else {
    shape.moveTo(0, -5.5);
    shape.lineTo(5, 0);
    shape.lineTo(0, 5.5);
    shape.lineTo(-5, 0);
    shape.closePath();
  }
  const hollow = HOLLOW.has(mark);
  context.lineWidth = hollow ? 5 : 2.5;
  context.strokeStyle = paper;
  context.stroke(shape);
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = mark === "extra" ? 2.5 : 1.75;
  if (hollow) context.stroke(shape);
  else context.fill(shape);
  return canvas;
}

/** A stretch from left to right. Open: lighter, square at the running end. Missed: dashed outline. Differs: outline. */
export function drawBar(context, { mark, open }, { left, right, top, height, colour }) {
  context.fillStyle = context.strokeStyle = colour;
  if (right - left < 3.5) return void context.fillRect(left, top, Math.max(1.5, right - left), height);
  context.beginPath();
  context.roundRect(left, top, right - left, height, open ? [3, 0, 0, 3] : 3);
  if (mark === "missed" || mark === "differs") {
    context.lineWidth = 1.5;
    context.setLineDash(mark === "missed" ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
  } else {
    context.globalAlpha = open ? 0.6 : 1;
    context.fill();
    context.globalAlpha = 1;
  }
}

export function isHollow(mark) {
  return HOLLOW.has(mark);
}

/** The words of an event on its lane: what it is when the lane holds several codes, and its signs. */
export function wordsOf(event, stretch) {
  return [event.unsure ? "?" : "", event.mark && stretch ? MARKS[event.mark].sign : "", event.text].filter(Boolean).join(" ");
}
