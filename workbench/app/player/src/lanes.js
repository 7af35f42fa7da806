/** Lanes under the waveform: events on the same time axis, one canvas however many there are.
 *
 * Everything that stands still is drawn once on a strip that is shifted with the view; the chosen event,
 * open states and what is dragged are drawn over it. Signs tell as well as colours. The event list is the
 * way in for screen readers; the canvases are hidden from them.
 */

import { apart } from "./direction.js";
import { h } from "./dom.js";
import { drawBar, isHollow, Stamps, wordsOf } from "./lane-marks.js";
import { eventAt, isStretch, laidOut, touching } from "./lane-places.js";
import { MARKS } from "./review-marks.js";
import { Strip, sized } from "./strip.js";

const ROW = 16;
const LEVEL = 13; // of a lane on which stretches overlap
const MOST_HEIGHT = 128;
const CLOSE = 7; // pixels between moments that are drawn smaller, one up, one down

export class Lanes {
  /** `paint(colour)` resolves a CSS colour of the present theme; `onView()`: lanes need drawing. */
  constructor({ axis, media, paint, onView }) {
    Object.assign(this, { axis, media, paint, onView, rows: [], chosen: null, height: 0, stamps: new Stamps() });
    this.strip = new Strip("lanes-strip", (context, view, bands = this.rows) => this.#drawLanes(context, view, bands));
    this.live = h("canvas", { class: "lanes-live", "aria-hidden": "true" });
    this.body = h("div", { class: "lanes-body", "data-testid": "lanes" }, this.strip.canvas, this.live);
    this.area = h("div", { class: "lanes" }, this.body);
    this.list = h("ul", { class: "lane-labels", "aria-label": "Lanes" });
    this.labels = h("div", { class: "lane-labels-box" }, this.list);
    this.area.addEventListener("scroll", () => (this.list.style.transform = `translateY(${-this.area.scrollTop}px)`), { passive: true });
  }

  /** rows: [{label, events: [{id, start_ms, end_ms, kind, label, colour, mark, unsure, text}]}], events by start. */
  show(rows, chosen = null) {
    const same = rows.length === this.rows.length && rows.every((row, i) => row === this.rows[i].row);
    if (same && chosen === this.chosen) return;
    this.chosen = chosen;
    if (!same) {
      let y = 0;
      const old = this.rows;
      const before = new Map(old.map((lane) => [lane.row, lane]));
      this.rows = rows.map((row) => {
        const known = before.get(row) ?? { row, ...laidOut(row.events) };
        const height = known.depth > 1 ? Math.max(ROW, known.depth * LEVEL + 2) : ROW;
        const lane = { ...known, y, height };
        y += height;
        return lane;
      });
      this.#measure(y);
      const alike = old.length === this.rows.length && this.rows.every((lane, i) => lane.y === old[i].y && lane.height === old[i].height);
      if (alike) for (const lane of this.rows.filter((each, i) => each.row !== old[i].row)) this.strip.spoil(lane);
      else this.strip.spoil();
    }
    this.found = null;
    this.onView();
  }

  #measure(height) {
    const signature = JSON.stringify(this.rows.map((lane) => [lane.row.label, lane.height]));
    if (signature === this.signature) return;
    this.signature = signature;
    this.height = height;
    this.list.replaceChildren(...this.rows.map((lane) => h("li", { dir: "auto", title: lane.row.label, style: { height: `${lane.height}px` } }, lane.row.label)));
    const shown = Math.min(height, MOST_HEIGHT);
    this.area.style.height = this.labels.style.height = `${shown}px`;
    this.body.style.height = `${height}px`;
    this.area.classList.toggle("scrolls", height > shown);
  }

  /** The height that is on screen. */
  get shownHeight() {
    return Math.min(this.height, MOST_HEIGHT);
  }

  spoil() {
    widths.clear(); // the font may have come, or changed with the theme
    this.stamps.clear();
    this.strip.spoil();
  }

  /** The view changed, or something on it. */
  draw() {
    if (!this.height) return;
    this.strip.show(this.axis, this.height);
    this.drawLive();
  }

  /** Whether something grows while the session plays. */
  get grows() {
    return this.openIds().length > 0;
  }

  openIds() {
    this.open ??= [];
    if (this.openOf !== this.rows) {
      this.openOf = this.rows;
      this.open = this.rows.flatMap((lane, row) => lane.events.flatMap((event, i) => (isStretch(event) && event.end_ms == null ? [{ lane, row, i }] : [])));
    }
    return this.open;
  }

  /** Draw what moves: open states, the chosen event, and `drag` {event, start_ms, end_ms} while an event is dragged. */
  drawLive(drag = this.drag) {
    this.drag = drag;
    const context = sized(this.live, this.axis.width, this.height);
    const look = this.#look();
    context.font = `600 11px ${this.paint.font}`;
    context.textBaseline = "middle";
    for (const { lane, i } of this.openIds()) this.#bar(context, lane, i, (ms) => this.axis.x(ms), look);
    this.#stickyWords(context, look);
    const held = drag?.event.id ?? this.chosen;
    const place = held && this.#placeOf(held);
    if (!place) return;
    this.#outline(context, place, look, drag);
    const { pair } = place.lane.events[place.i]; // in a comparison: the other lane's code of the same moment
    const beside = pair && this.#placeOf(pair);
    if (beside) this.#outline(context, beside, look);
  }

  #outline(context, { lane, i }, look, drag) {
    const event = lane.events[i];
    const now = drag ? { ...event, ...drag } : event;
    const box = this.#box(lane, i, now, (ms) => this.axis.x(ms));
    if (box.right < 0 || box.left > this.axis.width) return;
    if (drag) {
      const before = this.#box(lane, i, event, (ms) => this.axis.x(ms));
      context.fillStyle = look.paper;
      context.globalAlpha = 0.7;
      context.fillRect(before.left - 6, box.top - 1, before.right - before.left + 12, box.height + 2);
      context.globalAlpha = 1;
      if (isStretch(event)) drawBar(context, { mark: event.mark, open: now.end_ms == null }, { ...box, colour: look.colour(event) });
      else this.stamps.put(context, box.x, box.top + box.height / 2, { mark: event.mark, colour: look.colour(event), paper: look.paper });
    }
    context.strokeStyle = look.ink;
    context.lineWidth = 1.5;
    const [left, right] = isStretch(event) ? [box.left, box.right] : [box.x - 5, box.x + 5];
    context.strokeRect(left - 1.5, box.top - 1, right - left + 3, box.height + 2);
  }

  // ---- drawing ----------------------------------------------------------------------------

  #look() {
    return {
      ink: this.paint("var(--ink)"),
      paper: this.paint("var(--paper)"),
      line: this.paint("var(--line)"),
      colour: (event) => this.paint(`color-mix(in oklab, ${event.colour} 78%, var(--ink))`),
    };
  }

  /** Edges in pixels, by `x`, of event i of a lane; `event` may stand in for it with other times. */
  #box(lane, i, event, x) {
    const left = x(event.start_ms);
    const stretch = isStretch(event);
    const end = !stretch ? event.start_ms : (event.end_ms ?? Math.max(this.media.now_ms, event.start_ms));
    const level = lane.levels[i];
    const height = lane.depth > 1 ? LEVEL - 2 : ROW - 5;
    return { x: left, left, right: stretch ? Math.max(left + 3, x(end)) : left, top: lane.y + 2 + level * LEVEL, height };
  }

  #drawLanes(context, view, lanes) {
    const look = this.#look();
    context.font = `600 11px ${this.paint.font}`;
    context.textBaseline = "middle";
    for (const lane of lanes) {
      context.fillStyle = look.line;
      context.fillRect(0, lane.y + lane.height - 0.5, view.width, 0.5);
      const [first, end] = touching(lane, view.from_ms - 20 / view.scale, view.to_ms + 20 / view.scale);
      for (let i = first; i < end; i++) if (isStretch(lane.events[i]) && lane.events[i].end_ms != null) this.#bar(context, lane, i, view.x, look);
      this.#points(context, lane, first, end, view, look);
      this.#words(context, lane, first, end, view, look);
    }
  }

  #bar(context, lane, i, x, look) {
    const event = lane.events[i];
    drawBar(context, { mark: event.mark, open: event.end_ms == null }, { ...this.#box(lane, i, event, x), colour: look.colour(event) });
  }

  /** Moments; where they come close, smaller and by turns higher and lower, so that each is seen. */
  #points(context, lane, first, end, view, look) {
    let before = -Infinity;
    let turn = 0;
    for (let i = first; i < end; i++) {
      const event = lane.events[i];
      if (isStretch(event)) continue;
      const x = view.x(event.start_ms);
      const next = nextPoint(lane.events, i, end);
      const crowded = x - before < CLOSE || (next && view.x(next.start_ms) - x < CLOSE);
      turn = crowded && x - before < CLOSE ? 1 - turn : 0;
      before = x;
      const { top, height } = this.#box(lane, i, event, view.x);
      const y = top + height / 2 + (crowded ? (turn ? 3 : -3) : 0);
      this.stamps.put(context, x, y, { mark: event.mark, colour: look.colour(event), paper: look.paper, small: crowded });
    }
  }

  /** Words inside a stretch that has room, else beside the event up to the next one. Words never lie on each other. */
  #words(context, lane, first, end, view, look) {
    const taken = new Float64Array(lane.depth).fill(-Infinity);
    const later = nextOnLevel(lane, first, end);
    for (let i = first; i < end; i++) {
      const event = lane.events[i];
      const stretch = isStretch(event);
      const said = wordsOf(event, stretch);
      const level = lane.levels[i];
      const box = this.#box(lane, i, event, view.x);
      const right = stretch ? box.right : box.x + 6;
      if (!said || (stretch && event.end_ms == null)) {
        taken[level] = Math.max(taken[level], right);
        continue;
      }
      const y = box.top + box.height / 2 + 0.5;
      const next = later[i - first] == null ? view.width : view.x(later[i - first]) - 8;
      const wide = measured(context, said);
      if (stretch && box.right - box.left > wide + 9 && next > box.left + wide + 9) {
        context.fillStyle = isHollow(event.mark) ? look.ink : look.paper;
        context.fillText(apart(said), box.left + 5, y);
      } else if (right >= taken[level] && next - right > 10) {
        const short = shorten(context, said, next - right - 4);
        context.fillStyle = look.ink;
        context.fillText(apart(short), right + 3, y);
        taken[level] = Math.max(taken[level], short ? right + 3 + measured(context, short) : right);
        continue;
      }
      taken[level] = Math.max(taken[level], right);
    }
  }

  /** A stretch that began left of the view says its words at the edge. */
  #stickyWords(context, look) {
    const [from] = this.axis.span;
    for (const lane of this.rows) {
      const [first, end] = touching(lane, from, from);
      for (let i = first; i < end; i++) {
        const event = lane.events[i];
        if (!isStretch(event) || event.start_ms >= from || lane.ends[i] <= from || event.end_ms == null) continue;
        const said = wordsOf(event, true);
        const box = this.#box(lane, i, event, (ms) => this.axis.x(ms));
        if (!said || box.left + 5 >= 0 || box.right < measured(context, said) + 12) continue;
        if (!isHollow(event.mark)) drawBar(context, event, { ...box, left: -4, right: Math.min(box.right, measured(context, said) + 12), colour: look.colour(event) });
        context.fillStyle = isHollow(event.mark) ? look.ink : look.paper;
        context.fillText(said, 5, box.top + box.height / 2 + 0.5);
      }
    }
  }

  // ---- pointing ---------------------------------------------------------------------------

  /** What lies under a pointer: {event, part} or null. */
  at(e) {
    const box = this.body.getBoundingClientRect();
    const y = e.clientY - box.top;
    const lane = this.rows.find((row) => y >= row.y && y < row.y + row.height);
    if (!lane) return null;
    const level = lane.depth > 1 ? Math.min(lane.depth - 1, Math.max(0, Math.floor((y - lane.y - 1) / LEVEL))) : null;
    return eventAt(lane, e.clientX - box.left, { x: (ms) => this.axis.x(ms), ms: (px) => (px + this.axis.left) / this.axis.scale, level });
  }

  /** Bring the chosen event's lane into view. */
  reveal(id) {
    const lane = this.#placeOf(id)?.lane;
    if (!lane || this.height <= MOST_HEIGHT) return;
    if (lane.y < this.area.scrollTop) this.area.scrollTop = lane.y;
    else if (lane.y + lane.height > this.area.scrollTop + MOST_HEIGHT) this.area.scrollTop = lane.y + lane.height - MOST_HEIGHT;
  }

  /** Where an event is on screen: {left, right, top} in pixels of the lanes, or null. */
  boxOf(id, times = {}) {
    const place = this.#placeOf(id);
    return place && this.#box(place.lane, place.i, { ...place.lane.events[place.i], ...times }, (ms) => this.axis.x(ms));
  }

  /** {lane, i} of an event, or null; answers are kept until other events are shown. */
  #placeOf(id) {
    this.found ??= new Map();
    if (!this.found.has(id)) {
      let place = null;
      for (const lane of this.rows) {
        const i = lane.events.findIndex((event) => event.id === id);
        if (i >= 0) place = { lane, i };
      }
      this.found.set(id, place);
    }
    return this.found.get(id);
  }
}

/** What a pointer on an event is told. */
export function titleOf(event) {
  return [event.label, event.mark ? MARKS[event.mark].word : "", event.unsure ? "unsure" : "", event.note || event.comment || ""].filter(Boolean).join(" · ");
}

function nextPoint(events, i, end) {
  for (let next = i + 1; next < end; next++) if (!isStretch(events[next])) return events[next];
  return null;
}

/** For events first … end: the start of the next event on the same level, or null. */
function nextOnLevel(lane, first, end) {
  const found = new Array(end - first).fill(null);
  const next = new Array(lane.depth).fill(null);
  for (let i = end - 1; i >= first; i--) {
    found[i - first] = next[lane.levels[i]];
    next[lane.levels[i]] = lane.events[i].start_ms;
  }
  return found;
}

const widths = new Map();

/** How wide words are in the lanes' one font: a context that is asked for its font writes it anew each time. */
function measured(context, text) {
  let width = widths.get(text);
  if (width === undefined) {
    if (widths.size > 2000) widths.clear();
    widths.set(text, (width = context.measureText(text).width));
  }
  return width;
}

/** `text` cut to `room` pixels; nothing where less than a word would show. */
function shorten(context, text, room) {
  if (measured(context, text) <= room) return text;
  if (room < 34) return text.startsWith("?") && room > 8 ? "?" : "";
  let short = text;
  while (short && measured(context, `${short}…`) > room) short = short.slice(0, -1).trimEnd();
  return `${short}…`;
}
