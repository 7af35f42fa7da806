/** Lanes under the waveform: events on the same time axis, one canvas however many there are.
 *
 * Marks and unsure flags are told by shape and sign as well as by colour. The event list is the way
 * in for screen readers; the canvas is named and hidden from them.
 */

import { h } from "./dom.js";
import { MARKS } from "./review-marks.js";

const ROW = 18;
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
    const { waveform, rows } = this;
    const width = waveform.width;
    const context = this.#context(this.canvas, rows.length * ROW);
    const line = this.paint("var(--line)");
    const ink = this.paint("var(--ink)");
    const paper = this.paint("var(--paper)");
    context.font = `600 11px ${this.paint.font}`;
    context.textBaseline = "middle";
    rows.forEach((row, i) => {
      const y = i * ROW;
      context.fillStyle = line;
      context.fillRect(0, y + ROW - 0.5, width, 0.5);
      let free = -Infinity; // labels never lie on each other
      row.events.forEach((event, place) => {
        const x = waveform.x(event.start_ms);
        const end = event.end_ms ?? (event.kind === "state" ? Math.max(waveform.media.now_ms, event.start_ms) : null);
        const right = end == null ? x : Math.max(x + 3, waveform.x(end));
        if (right < -20 || x > width + 20) return;
        const colour = this.paint(`color-mix(in oklab, ${event.colour} 78%, var(--ink))`);
        context.fillStyle = context.strokeStyle = colour;
        context.lineWidth = 1.5;
        if (end == null) drawPoint(context, x, y, event.mark);
        else drawState(context, x, right, y, event, paper);
        if (event.id === this.chosen) {
          context.strokeStyle = ink;
          context.lineWidth = 2;
          context.strokeRect((end == null ? x - 6 : x) - 1, y + 1, (end == null ? 12 : right - x) + 2, ROW - 3);
        }
        const said = [event.unsure ? "?" : "", event.mark && end != null ? MARKS[event.mark].sign : "", event.text ?? ""].filter(Boolean).join(" ");
        if (said) {
          const from = end == null ? x + 8 : x + 5;
          const next = row.events[place + 1] ? waveform.x(row.events[place + 1].start_ms) - 8 : width;
          const room = end == null ? next - from : Math.max(right, Math.min(next, width)) - from;
          const wide = context.measureText(said).width;
          if (from > free && wide <= room) {
            const inside = end != null && from + wide <= right && event.mark !== "missed";
            context.fillStyle = inside ? paper : ink;
            context.fillText(said, inside || end == null ? from : right + 4, y + ROW / 2);
            free = from + wide;
          } else if (event.unsure) {
            context.fillStyle = ink;
            context.fillText("?", from, y + ROW / 2);
          }
        }
      });
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

/** Hit: filled diamond. Missed: hollow circle. Extra: plus. Differs: hollow square, crossed. */
function drawPoint(context, x, y, mark) {
  const middle = y + ROW / 2 - 0.5;
  context.beginPath();
  if (mark === "missed") {
    context.arc(x, middle, 4.5, 0, 2 * Math.PI);
    context.stroke();
  } else if (mark === "extra") {
    context.lineWidth = 2.5;
    context.moveTo(x - 5, middle);
    context.lineTo(x + 5, middle);
    context.moveTo(x, middle - 5);
    context.lineTo(x, middle + 5);
    context.stroke();
  } else if (mark === "differs") {
    context.rect(x - 4.5, middle - 4.5, 9, 9);
    context.moveTo(x - 4.5, middle + 4.5);
    context.lineTo(x + 4.5, middle - 4.5);
    context.stroke();
  } else {
    context.moveTo(x, middle - 5.5);
    context.lineTo(x + 5, middle);
    context.lineTo(x, middle + 5.5);
    context.lineTo(x - 5, middle);
    context.closePath();
    context.fill();
  }
}

function drawState(context, x, right, y, event) {
  const top = y + 3;
  const height = ROW - 7;
  const open = event.end_ms == null;
  context.beginPath();
  context.roundRect(x, top, right - x, height, open ? [3, 0, 0, 3] : 3);
  if (event.mark === "missed" || event.mark === "differs") {
    context.setLineDash(event.mark === "missed" ? [4, 3] : []);
    context.stroke();
    context.setLineDash([]);
  } else {
    if (open) context.globalAlpha = 0.6;
    context.fill();
    context.globalAlpha = 1;
  }
}
