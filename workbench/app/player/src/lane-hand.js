/** Events moved by hand on their lanes: an edge or the whole, with the new time in sight, one operation at the end. */

import { h } from "./dom.js";
import { clockTenths } from "./format.js";
import { changed, dragged } from "./lane-drag.js";
import { firstWhere, isStretch } from "./lane-places.js";
import { titleOf } from "./lanes.js";
import { follow } from "./pointing.js";

const SNAP = 6; // pixels
const CURSOR = { start: "ew-resize", end: "ew-resize", whole: "grab" };

export class LaneHand {
  /** `acts`: {editable(), choose(event), hold(event), seek(ms), drop(event, values), say(sentence), marks(from_ms, to_ms), windows(), draw()}. */
  constructor({ lanes, track, axis, acts }) {
    Object.assign(this, { lanes, axis, acts });
    this.bubble = h("div", { class: "bubble", hidden: true, "aria-hidden": "true", "data-testid": "drag-bubble" });
    this.caught = h("div", { class: "caught", hidden: true, "aria-hidden": "true" });
    track.append(this.caught, this.bubble);
    lanes.body.addEventListener("pointerdown", (e) => this.#down(e));
    lanes.body.addEventListener("pointermove", (e) => !this.held && this.#hover(e));
  }

  /** Let go without effect; true when something was held. */
  cancel() {
    if (!this.held) return false;
    this.held.cancel();
    return true;
  }

  #hover(e) {
    const found = this.lanes.at(e);
    const { body } = this.lanes;
    const part = found && this.acts.mayMove(found.event) ? CURSOR[found.part] : "pointer";
    body.style.cursor = found ? part : "default";
    const title = found ? titleOf(found.event) : "";
    if (body.title !== title) body.title = title;
  }

  #down(e) {
    if (e.button) return;
    const found = this.lanes.at(e);
    e.preventDefault();
    if (!found) {
      const ms = this.axis.ms(e.clientX - this.lanes.body.getBoundingClientRect().left);
      return void (this.held = follow(this.lanes.body, e, this.#ending({ click: () => this.acts.seek(ms) })));
    }
    const { event, part } = found;
    const from = e.clientX;
    const movable = this.acts.mayMove(event);
    let now = null;
    this.held = follow(
      this.lanes.body,
      e,
      this.#ending({
        click: () => this.acts.choose(event),
        move: (at) => {
          if (!movable || (event.kind === "state" && event.end_ms == null && part === "whole")) return;
          if (!now) {
            if (!this.acts.editable()) return this.held.cancel();
            this.acts.hold(event);
            this.lanes.body.style.cursor = part === "whole" ? "grabbing" : "ew-resize";
          }
          now = this.#moved(event, part, at.clientX - from, at.altKey);
        },
        done: () => {
          const values = now && changed(event, now);
          if (values) this.acts.drop(event, values);
        },
      }),
    );
  }

  /** Whatever ends it, nothing of it stays on screen. */
  #ending(then) {
    const clear = (act) => (event) => {
      this.held = null;
      this.bubble.hidden = this.caught.hidden = true;
      this.lanes.drag = null;
      act?.(event);
      this.acts.draw();
    };
    return { move: then.move, done: clear(then.done), click: clear(then.click), cancel: clear(null) };
  }

  #moved(event, part, pixels, free) {
    const reach_ms = free ? 0 : SNAP / this.axis.scale;
    const by_ms = pixels / this.axis.scale;
    const edges = part === "end" ? [event.end_ms] : part === "start" ? [event.start_ms] : [event.start_ms, event.end_ms ?? event.start_ms];
    const marks = free ? [] : edges.flatMap((ms) => this.acts.marks(ms + by_ms - reach_ms, ms + by_ms + reach_ms));
    const now = dragged(event, part, by_ms, { windows: this.acts.windows(), duration_ms: this.axis.duration_ms, marks, reach_ms });
    this.lanes.drawLive({ event, start_ms: now.start_ms, end_ms: now.end_ms });
    this.#tell(event, part, now);
    return now;
  }

  #tell(event, part, { start_ms, end_ms, snapped }) {
    const box = this.lanes.boxOf(event.id, { start_ms, end_ms });
    if (!box) return; // deleted meanwhile
    const at = part === "end" ? box.right : box.left;
    const text = part === "whole" && isStretch(event) && end_ms != null ? `${clockTenths(start_ms)} – ${clockTenths(end_ms)}` : clockTenths(part === "end" ? end_ms : start_ms);
    const length = part !== "whole" && end_ms != null ? `  ${((end_ms - start_ms) / 1000).toFixed(1)} s long` : "";
    this.bubble.textContent = text + length;
    this.bubble.hidden = false;
    const wide = this.bubble.offsetWidth;
    const left = Math.max(2, Math.min(this.axis.width - wide - 2, at - wide / 2));
    const top = this.lanes.area.offsetTop - this.lanes.area.scrollTop + box.top - 26;
    this.bubble.style.transform = `translate(${left}px, ${top}px)`;
    this.caught.hidden = snapped == null;
    if (snapped != null) this.caught.style.transform = `translateX(${Math.round(this.axis.x(snapped))}px)`;
  }
}

/** Of sorted `times` those between two, found by bisection. */
export function between(times, from_ms, to_ms) {
  const first = firstWhere(times.length, (i) => times[i] >= from_ms);
  return times.slice(first, firstWhere(times.length, (i) => times[i] > to_ms));
}
