/** The timeline: waveform, lanes and overview on one axis; what follows the sound, and what the pointer does there. */

import { drawBands } from "./bands.js";
import { NOT_OBSERVABLE } from "./coding.js";
import { h } from "./dom.js";
import { clock, count } from "./format.js";
import { LaneHand, between } from "./lane-hand.js";
import { Lanes } from "./lanes.js";
import { drawnLoop } from "./loop.js";
import { whyHidden } from "./lane-rows.js";
import { Overview } from "./overview.js";
import { follow } from "./pointing.js";
import { Strip } from "./strip.js";
import { TimeAxis } from "./time-axis.js";
import { RULER, WAVE, Waveform } from "./waveform.js";

const WAVE_AREA = RULER + WAVE;
const AHEAD_MS = 600_000; // a live session's axis grows by so much at a time

export class Timeline {
  /** `acts`: {seek(ms), choose(event), hold(event), drop(event, values), mayMove(event), editable(), say(sentence), marks()}. */
  constructor({ media, payload, paint, transport, acts }) {
    const { windows, segments = [] } = payload;
    Object.assign(this, { media, payload, paint, acts, segments, windows, hidden: [], placed: [] });
    const coded = Math.max(0, ...payload.lanes.flatMap((lane) => lane.events.map((event) => event.end_ms ?? event.start_ms)));
    this.axis = new TimeAxis(media.live ? Math.max(media.duration_ms, coded + 30_000, AHEAD_MS) : payload.media.duration_ms);
    const { axis } = this;
    this.waveform = new Waveform({ axis, media, paint, peaks_per_second: payload.media.peaks_per_second, onZoom: (factor, x) => this.#zoom(factor, x) });
    this.lanes = new Lanes({ axis, media, paint, onView: () => this.draw() });
    this.overview = new Overview({
      axis,
      paint,
      windows,
      onSeek: (ms) => acts.seek(ms),
      onPan: (ms) => {
        axis.centre(ms);
        this.look(false);
        this.draw();
      },
    });
    this.shade = new Strip("shade", (context, view) =>
      drawBands(context, view, { windows: this.windows, hidden: this.hidden, segments: this.segments, duration_ms: axis.duration_ms, paint }),
    );
    this.playhead = h("div", { class: "playhead", "aria-hidden": "true" });
    this.track = h(
      "div",
      { class: "track", tabindex: 0, role: "group", "aria-label": "Waveform and lanes: arrow keys move the sound", "data-testid": "track" },
      this.waveform.area,
      this.lanes.area,
      this.shade.canvas,
      this.playhead,
    );
    this.hand = new LaneHand({ lanes: this.lanes, track: this.track, axis, acts: { ...acts, windows: () => this.windows, marks: (from, to) => this.#marks(from, to), draw: () => this.draw() } });
    this.waveform.area.addEventListener("pointerdown", (e) => this.#press(e));
    this.track.addEventListener("wheel", (e) => this.#wheel(e), { passive: false });
    const gutter = h("div", { class: "gutter" }, h("div", { class: "gutter-wave" }, payload.mode === "code" && !media.live ? observed(windows, axis.duration_ms) : null), this.lanes.labels);
    this.element = h("section", { class: "timeline", "aria-label": "Timeline" }, transport, h("div", { class: "tracks" }, gutter, this.track, h("div", { class: "gutter-overview" }), this.overview.element));
    this.following = true;
    this.sizes = new ResizeObserver(() => this.#fit());
    this.sizes.observe(this.track);
  }

  /** Call `place` whenever the view has moved. */
  onPlace(place) {
    this.placed.push(place);
  }

  /** The waveform has arrived. */
  wave(peaks) {
    this.waveform.peaks = peaks;
    this.overview.peaks = peaks;
    this.spoil();
  }

  /** The colours changed. */
  spoil() {
    this.waveform.spoil();
    this.lanes.spoil();
    this.shade.spoil();
    this.overview.spoil();
    this.draw();
  }

  /** Rows of lanes (`lane-rows.js`), and the events they come from. */
  show(rows, chosen, events) {
    this.lanes.show(rows, chosen);
    if (events === this.events) return;
    this.events = events;
    const hidden = events.filter((e) => e.code === NOT_OBSERVABLE).map((e) => ({ start_ms: e.start_ms, end_ms: e.end_ms, reason: whyHidden(e) }));
    if (JSON.stringify(hidden) !== JSON.stringify(this.hidden)) {
      this.hidden = hidden;
      this.shade.spoil();
    }
    this.overview.show({ events, hidden });
    this.draw();
  }

  /** Draw in the next frame, once however often it is asked. */
  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.#drawNow();
    });
  }

  /** Whether the view goes with the sound; looking elsewhere stops it until the sound is moved or is in view again. */
  look(following) {
    this.following = following;
  }

  /** The sound is at `ms`. */
  move(ms) {
    const { axis } = this;
    if (!axis.width) return;
    if (this.media.live && ms > axis.duration_ms - AHEAD_MS / 10) {
      axis.lengthen(Math.ceil(ms / AHEAD_MS + 1) * AHEAD_MS);
      this.draw();
    }
    if (!this.following && axis.shows(ms)) this.following = true;
    if (this.following && !this.hand.held) {
      const { left } = axis;
      axis.follow(ms);
      if (axis.left !== left) this.#drawNow();
    }
    const x = axis.x(ms);
    const at = Math.round(Math.max(-4, Math.min(axis.width + 4, x)) * 2) / 2;
    if (at !== this.at) this.playhead.style.transform = `translateX(${(this.at = at)}px)`;
    this.waveform.move(x);
    this.overview.move(ms);
    if (this.lanes.grows) this.lanes.drawLive();
  }

  /** Let go of what the pointer holds; true when it held something. */
  cancel() {
    if (this.hand.cancel()) return true;
    if (!this.held?.moved) return false;
    this.held.cancel();
    this.held = null;
    return true;
  }

  destroy() {
    this.sizes.disconnect();
  }

  #drawNow() {
    if (!this.axis.width) return;
    this.waveform.draw();
    this.lanes.draw();
    this.shade.show(this.axis, WAVE_AREA + this.lanes.shownHeight);
    this.overview.draw();
    for (const place of this.placed) place();
    const x = this.axis.x(this.media.now_ms);
    this.at = null;
    this.playhead.style.transform = `translateX(${Math.max(-4, Math.min(this.axis.width + 4, x))}px)`;
    this.waveform.move(x);
  }

  #fit() {
    if (!this.axis.resize(this.track.clientWidth)) return;
    if (this.following) this.axis.follow(this.media.now_ms);
    this.draw();
  }

  #zoom(factor, x) {
    this.axis.zoom(factor, x);
    this.draw();
  }

  /** What edges catch on: the playhead and where utterances begin and end. */
  #marks(from_ms, to_ms) {
    const now = this.media.now_ms;
    return [...between(this.acts.marks(), from_ms, to_ms), ...(now >= from_ms && now <= to_ms ? [now] : [])];
  }

  #wheel(e) {
    const sideways = Math.abs(e.deltaX) > Math.abs(e.deltaY) || e.shiftKey;
    if (!e.ctrlKey && !e.metaKey && !sideways) return;
    e.preventDefault();
    const unit = e.deltaMode === 1 ? 16 : 1;
    if (e.ctrlKey || e.metaKey) this.#zoom(Math.exp((-e.deltaY * unit) / 300), e.clientX - this.track.getBoundingClientRect().left);
    else {
      this.axis.pan((e.deltaX || e.deltaY) * unit);
      this.look(this.axis.shows(this.media.now_ms));
      this.draw();
    }
  }

  /** On the waveform: go there, drag to seek; with Shift or the loop tool, draw a loop; on an edge of the loop, move it. */
  #press(e) {
    if (e.button) return;
    e.preventDefault();
    const left = this.track.getBoundingClientRect().left;
    const ms = (event) => this.axis.ms(event.clientX - left);
    const began = ms(e);
    const { loop } = this;
    const edge = loop?.on ? ["start", "end"].find((name) => Math.abs(this.axis.x(loop.stretch[`${name}_ms`]) - (e.clientX - left)) < 6) : null;
    if (loop && (e.shiftKey || loop.armed || edge)) {
      const fixed = edge ? loop.stretch[edge === "start" ? "end_ms" : "start_ms"] : began;
      const draw = (event) => {
        const stretch = drawnLoop(fixed, ms(event));
        if (stretch) Object.assign(loop, { stretch }).place();
      };
      const before = loop.stretch;
      this.held = follow(this.waveform.area, e, {
        move: draw,
        click: () => this.acts.seek(began),
        done: () => {
          this.held = null;
          loop.arm(false);
          loop.set(loop.stretch);
        },
        cancel: () => loop.set(before),
      });
      return;
    }
    this.acts.seek(began);
    this.held = follow(this.waveform.area, e, { move: (event) => this.acts.seek(ms(event)) });
  }
}

/** The observation window in words, beside the waveform. */
function observed(declared, duration_ms) {
  if (!declared.length) return null;
  const windows = declared.map(([start, end]) => [start, Math.min(end ?? duration_ms, duration_ms)]);
  const text = windows.length === 1 ? `${clock(windows[0][0])} – ${clock(windows[0][1])}` : count(windows.length, "stretch", "stretches");
  const all = windows.map(([start, end]) => `${clock(start)} – ${clock(end)}`).join(", ");
  return h("p", { class: "observed", title: all }, h("span", {}, "To be coded"), h("b", {}, text));
}
