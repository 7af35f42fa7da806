/** Review: lanes compared, counted and listed, and their ratings; a click plays the moment from a little before. */

import { directionOf } from "./direction.js";
import { button, h, safeColour } from "./dom.js";
import { clock, keyLabel } from "./format.js";
import { codeOf, NOT_OBSERVABLE } from "./coding.js";
import { whyHidden } from "./lane-rows.js";
import { MARKS, listed, summary } from "./review-marks.js";
import { ratingsTable } from "./review-ratings.js";
import { tabs } from "./tabs.js";

export class ReviewPanel {
  constructor({ scheme, lanes, people, keys, onChoose, onNext }) {
    Object.assign(this, { scheme, lanes, onChoose });
    this.events = listed(lanes);
    this.rows = [];
    this.list = h("ol", { class: "events", dir: directionOf(scheme.codes.map((code) => code.label)), "aria-label": "All codes", "data-testid": "review-events" });
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Codes of all lanes" }, this.list);
    for (const event of this.events) this.list.append(this.#row(event));
    if (!this.events.length) this.box.replaceChildren(h("p", { class: "empty" }, "Nobody coded anything here."));
    this.summary = h("p", { class: "summary", "data-testid": "summary" }, summary(lanes));
    const key = keys.has("next") ? h("kbd", {}, keyLabel(keys.get("next"))) : null;
    const disagree = this.events.some((e) => e.mark && e.mark !== "hit");
    const head = h("div", { class: "panel-head" }, this.summary, disagree ? button({ class: "small", onclick: onNext, "data-testid": "next-disagreement" }, "Next disagreement ", key) : null);
    this.element = h("section", { class: "panel side review", "aria-label": "Comparison" }, ...this.#parts(head, people));
  }

  /** The codes; of a scheme that asks for ratings, these too, and alone where it has no codes. */
  #parts(head, people) {
    const { scheme, lanes } = this;
    if (!scheme.ratings.length) return [head, this.box];
    const rated = ratingsTable(scheme, lanes, people).filter(Boolean);
    if (!scheme.codes.length && !this.events.length) return rated;
    const both = tabs("Codes and ratings", [
      { id: "events", label: "Codes", panel: h("div", { class: "tabbed" }, head, this.box) },
      { id: "ratings", label: "Ratings", panel: h("div", { class: "tabbed" }, ...rated) },
    ]);
    return [both.element];
  }

  /** Show which event is looked at, and the one of the other lane that is the same moment. */
  choose(event) {
    for (const { id, row } of this.rows) {
      row.toggleAttribute("data-beside", id === event.pair);
      if (id === event.id) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    this.rows.find(({ id }) => id === event.id || id === event.pair)?.row.scrollIntoView({ block: "nearest" });
  }

  #row(event) {
    const code = codeOf(this.scheme, event.code);
    const mark = event.mark ? MARKS[event.mark] : null;
    const about = [code.id === NOT_OBSERVABLE ? whyHidden(event) : "", event.note].filter(Boolean).join(". ");
    const row = button(
      { class: `event ${event.mark ?? ""}`, style: { "--code": safeColour(code.colour) }, "data-testid": "review-event", "data-mark": event.mark, "data-code": code.id, onclick: () => this.onChoose(event) },
      h("span", { class: "sign", "aria-hidden": "true" }, mark?.sign ?? "·"),
      h("span", { class: "when" }, clock(event.start_ms), event.end_ms != null ? h("span", { class: "until" }, ` – ${clock(event.end_ms)}`) : null),
      h("span", { class: "name", dir: "auto" }, code.label),
      h("span", { class: "lane", dir: "auto" }, event.mark === "hit" ? mark.word : mark ? `${event.lane} · ${mark.word}` : event.lane),
      about ? h("span", { class: "note", dir: "auto" }, about) : null,
    );
    this.rows.push({ id: event.id, row });
    return h("li", {}, row);
  }
}
