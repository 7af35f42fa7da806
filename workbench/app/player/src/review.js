/** Review: lanes compared, counted and listed; a click plays the moment from a little before. */

import { button, h, safeColour } from "./dom.js";
import { clock, keyLabel } from "./format.js";
import { codeOf, NOT_OBSERVABLE } from "./coding.js";
import { whyHidden } from "./lane-rows.js";
import { MARKS, listed, summary } from "./review-marks.js";

export class ReviewPanel {
  constructor({ scheme, lanes, keys, onChoose, onNext }) {
    Object.assign(this, { scheme, lanes, onChoose });
    this.events = listed(lanes);
    this.rows = new Map();
    this.list = h("ol", { class: "events", "aria-label": "All codes", "data-testid": "review-events" });
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Codes of all lanes" }, this.list);
    for (const event of this.events) this.list.append(this.#row(event));
    if (!this.events.length) this.box.replaceChildren(h("p", { class: "empty" }, "Nobody coded anything here."));
    this.summary = h("p", { class: "summary", "data-testid": "summary" }, summary(lanes));
    const key = keys.has("next") ? h("kbd", {}, keyLabel(keys.get("next"))) : null;
    const disagree = this.events.some((e) => e.mark && e.mark !== "hit");
    this.element = h(
      "section",
      { class: "panel side review", "aria-label": "Comparison" },
      h("div", { class: "panel-head" }, this.summary, disagree ? button({ class: "small", onclick: onNext, "data-testid": "next-disagreement" }, "Next disagreement ", key) : null),
      this.box,
    );
  }

  choose(event) {
    for (const [id, row] of this.rows) row.toggleAttribute("aria-current", id === idOf(event));
    this.rows.get(idOf(event))?.setAttribute("aria-current", "true");
    this.rows.get(idOf(event))?.scrollIntoView({ block: "nearest" });
  }

  #row(event) {
    const code = codeOf(this.scheme, event.code);
    const mark = event.mark ? MARKS[event.mark] : null;
    const about = [code.id === NOT_OBSERVABLE ? whyHidden(event) : "", event.note].filter(Boolean).join(". ");
    const row = button(
      { class: `event ${event.mark ?? ""}`, style: { "--code": safeColour(code.colour) }, "data-testid": "review-event", "data-mark": event.mark, "data-code": code.id, onclick: () => this.onChoose(event) },
      h("span", { class: "sign", "aria-hidden": "true" }, mark?.sign ?? "·"),
      h("span", { class: "when" }, clock(event.start_ms), event.end_ms != null ? h("span", { class: "until" }, ` – ${clock(event.end_ms)}`) : null),
      h("span", { class: "name" }, code.label),
      h("span", { class: "lane" }, event.mark === "hit" ? mark.word : mark ? `${event.lane} · ${mark.word}` : event.lane),
      about ? h("span", { class: "note" }, about) : null,
    );
    this.rows.set(idOf(event), row);
    return h("li", {}, row);
  }
}

function idOf(event) {
  return `${event.lane}\u0000${event.id}`;
}
