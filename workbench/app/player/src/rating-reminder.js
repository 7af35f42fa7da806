/** One quiet line over the list: a segment has ended and waits for its ratings; or codes are being chosen as evidence. Never a pause. */

import { button, h, icon, ICONS } from "./dom.js";
import { count } from "./format.js";
import { keycap } from "./keycap.js";

export class RatingReminder {
  /** `onRate()`, `onLater()`; `onCollected()`: enough evidence was chosen. */
  constructor({ onRate, onLater, onCollected }) {
    Object.assign(this, { onRate, onLater, onCollected });
    this.element = h("p", { class: "due", role: "status", hidden: true, "data-testid": "due" });
  }

  /** `due`: the segment that waits for `left` ratings; `collecting`: the label of the scale that evidence is chosen for, or null; `key`: rates. */
  draw({ due, left, collecting, key }) {
    const said = collecting != null ? `collect ${collecting}` : left ? `${due} ${left}` : "";
    const shown = `${said} ${key}`;
    if (shown === this.shown) return;
    this.shown = shown;
    this.element.hidden = !said;
    if (collecting != null) {
      this.element.replaceChildren(h("span", {}, "Choose the codes that speak for “", h("bdi", {}, collecting), "”."), button({ class: "small", "data-testid": "collected", onclick: () => this.onCollected() }, "Done"));
    } else if (left) {
      this.element.replaceChildren(
        h("span", {}, `Segment ${due}: ${count(left, "rating")} missing.`),
        button({ class: "small", onclick: () => this.onRate() }, "Rate ", keycap(key)),
        button({ class: "tool", "aria-label": "Later", title: "Later; the mark stays", onclick: () => this.onLater() }, icon(ICONS.minus)),
      );
    }
  }
}
