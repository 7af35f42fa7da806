/** Lanes under the waveform: events on the same time axis, one canvas however many there are.
 *
 * Marks and unsure flags are told by shape and sign as well as by colour. The event list is the way
 * in for screen readers; the canvas is named and hidden from them.
 */

import { h } from "./dom.js";
import { MARKS } from "./review-marks.js";

const ROW = 16;
const MOST_ROWS = 8;

export class Lanes {
  /** `paint(colour)` resolves a CSS colour of the present theme; `onChoose(event)`, `onSeek(ms)`. */
  constructor({ waveform, windows, duration_ms, paint, onChoose, onSeek }) {
    Object.assign(this, { waveform, windows, duration_ms, paint, onChoose, onSeek, rows: [], chosen: null });
    this.canvas = h("canvas", { class: "lanes-canvas", "aria-hidden": "true", "data-testid": "lanes" });
    this.shade = h("canvas", { class: "shade", "aria-hidden": "true" });
    this.playhead = h("div", { class: "playhead" });
    this.area = h("div", { class: "lanes" }, this.canvas, this.playhead);
    this.labels = h("ul", { class: "lane-labels", "aria-label": "Lanes" });
    this.canvas.addEventListener("click", (e) => this.#click(e));
    this.canvas.addEventListener("mousemove", (e) => this.#hover(e));
  }

  /** rows: [{label, colour, events: [{id, start_ms, end_ms, kind, label, colour, mark, unsure}]}] */
  show(rows, chosen = null) {
    this.chosen = chosen;
    if (rows.length !== this.rows.length || rows.some((r, i) => r.label !== this.rows[i].label)) {
      this.labels.replaceChildren(...rows.map((row) => h("li", { title: row.label }, row.label)));
      this.area.style.height = `${Math.min(rows.length, MOST_ROWS) * ROW}px`;
      this.canvas.style.height = `${rows.length * ROW}px`;
    }
    this.rows = rows;
    this.draw();
  }

  /** Draw in the next frame, once however often it is asked. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      if (!this.waveform.surfer || !this.waveform.width) return;
      this.#drawLanes();
      this.#drawShade();
      this.move(this.waveform.media.now_ms);
    });
  }

  move(ms) {
    this.playhead.style.transform = `translateX(${this.waveform.x(ms)}px)`;
  }

  #context(canvas, height) {
    const ratio = globalThis.devicePixelRatio || 1;
    const width = this.waveform.width;
    if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
    }
    const context = canvas.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    return context;
  }

  #drawLanes() {
    const { rows } = this;
    const width = this.waveform.width;
    const context = this.#context(this.canvas, rows.length * ROW);
    const ink = this.paint("var(--ink)");
    const paper = this.paint("var(--paper)");
    const line = this.paint("var(--line)");
    context.font = `600 11px ${this.paint.font}`;
    context.textBaseline = "middle";
    rows.forEach((row, i) => {
      const y = i * ROW;
      context.fillStyle = line;
      context.fillRect(0, y + ROW - 0.5, width, 0.5);
      const marks = row.events.map((event) => this.#place(event)).filter((m) => m.right > -20 && m.x < width + 20);
      // states lie below, moments above them with a halo, words last and only where there is room
      for (const mark of [...marks].sort((a, b) => Number(a.point) - Number(b.point))) {
        const colour = this.paint(`color-mix(in oklab, ${mark.event.colour} 78%, var(--ink))`);
        if (mark.point) drawPoint(context, mark.x, y, mark.event.mark, colour, paper);
        else drawState(context, mark, y, colour);
        if (mark.event.id === this.chosen) {
          context.strokeStyle = ink;
          context.lineWidth = 1.5;
          context.strokeRect(mark.left - 1.5, y + 0.75, mark.right - mark.left + 3, ROW - 2);
        }
      }
      this.#write(context, marks, y, { ink, paper, width });
    });
  }

  #place(event) {
    const x = this.waveform.x(event.start_ms);
    if (event.kind !== "state") return { event, x, point: true, left: x - 6, right: x + 6 };
    const end = event.end_ms ?? Math.max(this.waveform.media.now_ms, event.start_ms);
    return { event, x, point: false, left: x, right: Math.max(x + 3, this.waveform.x(end)) };
  }

  #write(context, marks, y, { ink, paper, width }) {
    let free = -Infinity; // words never lie on each other
    marks.forEach((mark, place) => {
      const { event } = mark;
      const said = [event.unsure ? "?" : "", event.mark && !mark.point ? MARKS[event.mark].sign : "", event.text].filter(Boolean).join(" ");
      if (!said) return;
      const wide = context.measureText(said).width;
      const next = Math.min(width, ...marks.slice(place + 1, place + 2).map((m) => m.left)) - 3;
      const hollow = event.mark === "missed" || event.mark === "differs";
      const inside = Math.max(mark.left, 0) + 5; // follows the edge when the state began off screen
      if (!mark.point && inside + wide + 4 <= Math.min(mark.right, next)) {
        context.fillStyle = hollow ? ink : paper;
        context.fillText(said, inside, y + ROW / 2);
        free = inside + wide;
        return;
      }
      context.fillStyle = ink;
      const before = mark.left - 4 - wide;
      const clear = (from, to) => !marks.some((m) => m !== mark && m.left < to && m.right > from);
      if (mark.right + 3 + wide <= next && clear(mark.right, mark.right + 3 + wide)) {
        context.fillText(said, mark.right + 3, y + ROW / 2);
        free = mark.right + 3 + wide;
      } else if (mark.point && before > free + 4 && clear(before - 2, mark.left)) {
        context.fillText(said, before, y + ROW / 2);
        free = mark.right;
      } else if (clear(mark.right, next)) {
        const short = shorten(context, said, next - mark.right - 3);
        context.fillText(short, mark.right + 3, y + ROW / 2);
        if (short) free = next;
      } else if (event.unsure) {
        context.fillText("?", mark.right + 1, y + ROW / 2);
      }
    });
  }

  /** What lies outside the observation window is hatched over waveform and lanes alike. */
  #drawShade() {
    const height = this.shade.parentElement?.clientHeight ?? 0;
    const context = this.#context(this.shade, height);
    if (!this.windows.length) return;
    const paper = this.paint("var(--paper)");
    const edge = this.paint("var(--ink-2)");
    let from = 0;
    for (const [start, end] of [...this.windows, [this.duration_ms, this.duration_ms]]) {
      const left = Math.max(0, this.waveform.x(from));
      const right = Math.min(this.waveform.width, this.waveform.x(start));
      if (right > left) {
        context.save();
        context.beginPath();
        context.rect(left, 0, right - left, height);
        context.clip();
        context.globalAlpha = 0.62;
        context.fillStyle = paper;
        context.fillRect(left, 0, right - left, height);
        context.globalAlpha = 0.35;
        context.strokeStyle = edge;
        context.lineWidth = 1;
        context.beginPath();
        const shift = (this.waveform.x(0) % 8) - height;
        for (let x = shift; x < this.waveform.width; x += 8) {
          context.moveTo(x, height);
          context.lineTo(x + height, 0);
        }
        context.stroke();
        context.restore();
      }
      context.fillStyle = edge;
      for (const at of [from, start]) {
        const x = this.waveform.x(at);
        if (at > 0 && at < this.duration_ms) context.fillRect(x - 0.75, 0, 1.5, height);
      }
      from = end;
    }
  }

  #near(e) {
    const box = this.canvas.getBoundingClientRect();
    const row = this.rows[Math.floor((e.clientY - box.top) / ROW)];
    const x = e.clientX - box.left;
    let best = null;
    let distance = 7;
    for (const event of row?.events ?? []) {
      const left = this.waveform.x(event.start_ms);
      const right = event.end_ms == null ? left : this.waveform.x(event.end_ms);
      const d = x < left ? left - x : x > right ? x - right : 0;
      if (d <= distance) [best, distance] = [event, d];
    }
    return { event: best, ms: this.waveform.ms(x) };
  }

  #click(e) {
    const { event, ms } = this.#near(e);
    if (event) this.onChoose(event);
    else this.onSeek(ms);
  }

  #hover(e) {
    const { event } = this.#near(e);
    this.canvas.style.cursor = event ? "pointer" : "default";
    this.canvas.title = event ? [event.label, event.mark ? MARKS[event.mark].word : "", event.note ?? ""].filter(Boolean).join(" · ") : "";
  }
}

/** `text` cut to `room` pixels; nothing where less than a word would show. */
function shorten(context, text, room) {
  if (room < 34) return text.startsWith("?") && room > 8 ? "?" : "";
  let short = text;
  while (short && context.measureText(`${short}…`).width > room) short = short.slice(0, -1).trimEnd();
  return `${short}…`;
}

/** Hit or plain: filled diamond. Missed: hollow circle. Extra: plus. Differs: hollow square, crossed. */
function drawPoint(context, x, y, mark, colour, paper) {
  const middle = y + ROW / 2 - 0.5;
  const shape = new Path2D();
  if (mark === "missed") shape.arc(x, middle, 4.5, 0, 2 * Math.PI);
  else if (mark === "extra") {
    shape.moveTo(x - 5, middle);
    shape.lineTo(x + 5, middle);
    shape.moveTo(x, middle - 5);
    shape.lineTo(x, middle + 5);
  } else if (mark === "differs") {
    shape.rect(x - 4.5, middle - 4.5, 9, 9);
    shape.moveTo(x - 4.5, middle + 4.5);
    shape.lineTo(x + 4.5, middle - 4.5);
  } else {
    shape.moveTo(x, middle - 5.5);
    shape.lineTo(x + 5, middle);
    shape.lineTo(x, middle + 5.5);
    shape.lineTo(x - 5, middle);
    shape.closePath();
  }
  const hollow = mark === "missed" || mark === "extra" || mark === "differs";
  context.lineWidth = hollow ? 5 : 2.5;
  context.strokeStyle = paper;
  context.stroke(shape);
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = mark === "extra" ? 2.5 : 1.75;
  if (hollow) context.stroke(shape);
  else context.fill(shape);
}

/** Filled; open: lighter, square at the running end. Missed: dashed outline. Differs: outline. */
function drawState(context, { event, left, right }, y, colour) {
  context.fillStyle = context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(left, y + 2, right - left, ROW - 5, event.end_ms == null ? [3, 0, 0, 3] : 3);
  if (event.mark === "missed" || event.mark === "differs") {
    context.setLineDash(event.mark === "missed" ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
  } else {
    context.globalAlpha = event.end_ms == null ? 0.6 : 1;
    context.fill();
    context.globalAlpha = 1;
  }
}
