/** A walk through disagreements that the agreement screen listed: each is played as it comes, and the next is the list's,
 * in whichever session it lies. The button that leads there stands beside the room (`parts/walk.py`).
 */

import { h } from "./dom.js";
import { disagreementOf } from "./review-marks.js";

const NEXT = ".st-key-walk-next button";
const LEAD_MS = 2000;
const PATIENCE_MS = 4000; // so long a press waits for the next stop before another one counts

export class Walk {
  static when = (payload) => payload.mode === "review" && Boolean(payload.walk);

  constructor(room, { page = document, now = () => performance.now() } = {}) {
    Object.assign(this, { room, now, askedAt: -Infinity });
    this.live = h("p", { class: "vh", role: "status", "data-testid": "walk-said" });
    room.root.append(this.live);
    const within = room.acts.next; // where nothing is listed any more, the next one of this session
    this.acts = {
      next: () => {
        const following = page.querySelector(NEXT);
        if (!following || following.disabled) return within();
        if (this.now() - this.askedAt < PATIENCE_MS) return; // the stop that was asked for is still on its way
        this.askedAt = this.now();
        following.click();
      },
    };
  }

  ready() {
    this.#play();
  }

  /** The room was given new data: another stop, or the only one once more. */
  renewed(before) {
    const { walk } = this.room.payload;
    if (walk?.step === before.walk?.step && walk?.turn === before.walk?.turn && walk?.at_ms === before.walk?.at_ms) return;
    this.askedAt = -Infinity;
    this.#play();
  }

  destroy() {
    this.live.remove();
  }

  /** Choose the stop's codes on both lanes and play them; where they are not there any more, the moment. */
  #play() {
    const { room } = this;
    const { at_ms, events = [], said = "" } = room.payload.walk ?? {};
    if (at_ms == null) return;
    this.live.replaceChildren(h("span", {}, said)); // a new node is read out, also where it says the same
    const found = disagreementOf(room.payload.lanes, events);
    if (found) return room.choose(found.events[0]);
    room.seek(at_ms - LEAD_MS);
    room.media.play();
  }
}
