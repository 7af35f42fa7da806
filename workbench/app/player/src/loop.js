/** A stretch that is played again and again: set by keys, or drawn on the waveform. */

import { h } from "./dom.js";
import { clock, clockTenths } from "./format.js";

const SHORTEST_MS = 200;
const REACH_MS = 400; // a step of the sound past the end still counts as having come through it

/** The loop after `ms` was made its beginning ("start") or its end: {start_ms, end_ms}; either may be null. */
export function withEdge(loop, edge, ms) {
  const next = { start_ms: null, end_ms: null, ...loop, [`${edge}_ms`]: ms };
  if (next.start_ms != null && next.end_ms != null && next.end_ms - next.start_ms < SHORTEST_MS) next[edge === "start" ? "end_ms" : "start_ms"] = null;
  return next;
}

/** Both edges of a stretch drawn from one moment to another, or null when it is too short to hear. */
export function drawnLoop(a_ms, b_ms) {
  const [start_ms, end_ms] = [Math.min(a_ms, b_ms), Math.max(a_ms, b_ms)];
  return end_ms - start_ms < SHORTEST_MS ? null : { start_ms, end_ms };
}

/** Whether the sound has just come out at the end of the loop, and should be at its beginning. `played_ms`: how far it can
 * have played since `before_ms`; a page that was held up looks late, and who jumps further went elsewhere. */
export function runsOut(loop, before_ms, now_ms, played_ms = 0) {
  const byItself = now_ms - before_ms < Math.max(2000, played_ms + REACH_MS);
  return byItself && loop?.start_ms != null && loop.end_ms != null && now_ms >= loop.end_ms && before_ms < loop.end_ms && before_ms >= loop.start_ms - REACH_MS;
}

export class Loop {
  static when = (payload) => payload.media.kind !== "none";

  constructor(room) {
    this.room = room;
    this.stretch = null;
    this.before_ms = 0;
    this.label = h("span", { class: "loop-label" });
    this.element = h("div", { class: "loop", hidden: true, "aria-hidden": "true", "data-testid": "loop-region" }, this.label);
    room.timeline.track.append(this.element);
    room.timeline.onPlace(() => this.place());
    room.timeline.loop = this;
    room.media.onTime = () => this.move(room.media.now_ms); // a hidden page draws no frames but plays on
    this.acts = {
      loopStart: () => this.#edge("start"),
      loopEnd: () => this.#edge("end"),
      loop: () => this.#toggle(),
      loopTool: () => this.arm(!this.armed),
      endLoop: () => this.end(),
    };
  }

  get on() {
    return this.stretch?.start_ms != null && this.stretch.end_ms != null;
  }

  /** Loop a stretch; null ends it. */
  set(stretch) {
    this.stretch = stretch;
    this.place();
    this.room.transport.looping(this.on);
    if (this.on) this.room.say(`Loop ${clockTenths(stretch.start_ms)} – ${clockTenths(stretch.end_ms)}. Esc ends it.`);
  }

  arm(on) {
    this.armed = on;
    this.room.transport.arming(on);
    this.room.timeline.track.classList.toggle("loop-tool", on);
    if (on) this.room.say("Draw the stretch to loop on the waveform. Shift and drag does it at any time.");
  }

  /** Escape: the tool first, then the loop. True when there was something to end. */
  end() {
    if (this.armed) this.arm(false);
    else if (this.stretch) {
      this.set(null);
      this.room.say("Loop ended.");
    } else return false;
    return true;
  }

  key(event, name) {
    if (name !== "escape" || !this.end()) return false;
    event.preventDefault();
    event.stopImmediatePropagation();
    return true;
  }

  move(ms) {
    const { media } = this.room;
    const now = performance.now();
    const played_ms = (now - (this.looked ?? now)) * media.speed;
    this.looked = now;
    if (media.playing && runsOut(this.stretch, this.before_ms, ms, played_ms)) {
      media.seek(this.stretch.start_ms);
      ms = this.stretch.start_ms;
    }
    this.before_ms = ms;
  }

  /** Where the region lies on screen. */
  place() {
    const { axis } = this.room.timeline;
    const { start_ms = null, end_ms = null } = this.stretch ?? {};
    const from = start_ms ?? end_ms;
    this.element.hidden = from == null;
    if (from == null) return;
    const left = Math.max(-4, Math.min(axis.width + 4, axis.x(from)));
    const right = Math.max(-4, Math.min(axis.width + 4, axis.x(end_ms ?? from)));
    this.element.style.transform = `translateX(${left}px)`;
    this.element.style.width = `${Math.max(2, right - left)}px`;
    this.label.textContent = this.on ? "Loop" : start_ms != null ? "Loop from here" : "Loop up to here";
    this.element.dataset.start = start_ms ?? "";
    this.element.dataset.end = end_ms ?? "";
  }

  #edge(edge) {
    const ms = this.room.media.now_ms;
    this.set(withEdge(this.stretch, edge, ms));
    if (!this.on) this.room.say(edge === "start" ? `The loop begins at ${clock(ms)}; play on and set its end.` : `The loop ends at ${clock(ms)}; go back and set its beginning.`);
  }

  /** On: the chosen event when it is a stretch, else the present utterance. */
  #toggle() {
    if (this.stretch) return void this.end();
    const { room } = this;
    const event = room.shownEvents?.().find((e) => e.id === room.chosen);
    if (event?.end_ms != null && event.end_ms - event.start_ms >= SHORTEST_MS) return this.#play(event);
    const said = room.spoken?.around(room.media.now_ms);
    if (said && said.end_ms - said.start_ms >= SHORTEST_MS) return this.#play(said);
    room.say("Choose a code that lasts, or draw the stretch: Shift and drag on the waveform.");
  }

  #play({ start_ms, end_ms }) {
    this.set({ start_ms, end_ms });
    this.room.seek(start_ms);
    this.room.media.play();
  }
}
