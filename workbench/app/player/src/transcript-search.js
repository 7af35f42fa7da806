/** Searching in the transcript: a field, how many places, from one to the next, all of them marked. */

import { button, h, icon } from "./dom.js";
import { paintOver } from "./transcript.js";
import { Finder } from "./transcript-text.js";

const UP = "M3.5 10 8 5.500l4.500 4.500";
const DOWN = "M3.500 6 8 10.500 12.500 6";

export class TranscriptSearch {
  /** `onLeave()`: the hand goes back to coding. */
  constructor({ pane, onLeave }) {
    Object.assign(this, { pane, onLeave });
    this.all = paintOver("wb-found");
    this.one = paintOver("wb-found-now");
    this.field = h("input", { type: "search", class: "search-field", dir: "auto", "aria-label": "Search the transcript", placeholder: "Search", maxlength: 200, autocomplete: "off", spellcheck: "false", "data-testid": "search" });
    this.count = h("span", { class: "search-count", role: "status", "data-testid": "search-count" });
    this.steps = [
      button({ class: "tool", "aria-label": "Previous place", title: "Previous (Shift + Enter)", hidden: true, onclick: () => this.step(-1) }, icon(UP)),
      button({ class: "tool", "aria-label": "Next place", title: "Next (Enter)", hidden: true, onclick: () => this.step(1) }, icon(DOWN)),
    ];
    this.element = h("div", { class: "search", role: "search" }, this.field, this.count, ...this.steps);
    this.hits = [];
    this.field.addEventListener("input", () => this.find(this.field.value));
    this.field.addEventListener("keydown", (e) => this.#key(e));
    pane.onRows = () => this.renew();
  }

  open() {
    this.field.focus();
    this.field.select();
  }

  find(query) {
    this.query = query;
    this.finder ??= new Finder(this.pane.rows.map((row) => row.text ?? ""));
    this.hits = this.finder.find(query);
    const ranges = this.hits.map((hit) => this.#range(hit));
    this.all.paint(ranges);
    this.place = -1;
    this.one.paint([]);
    for (const step of this.steps) step.hidden = this.hits.length < 1;
    this.#tell();
    // the first place from what can be seen on
    if (this.hits.length) this.#go(this.#firstInSight());
  }

  /** To the next place (1) or the one before (-1), round about. */
  step(by) {
    if (!this.hits.length) return;
    this.#go((this.place + by + this.hits.length) % this.hits.length);
  }

  /** The rows are others now. */
  renew() {
    this.finder = null;
    if (this.query?.trim()) {
      const { place } = this;
      this.finder = new Finder(this.pane.rows.map((row) => row.text ?? ""));
      this.hits = this.finder.find(this.query);
      this.all.paint(this.hits.map((hit) => this.#range(hit)));
      this.place = Math.min(place, this.hits.length - 1);
      this.#tell();
    }
  }

  /** Nothing is marked any more. */
  clear() {
    this.field.value = "";
    this.find("");
  }

  destroy() {
    this.all.paint([]);
    this.one.paint([]);
  }

  #go(place) {
    this.place = place;
    const hit = this.hits[place];
    this.pane.follow(false);
    this.pane.reveal(this.pane.rows[hit.place].id);
    this.one.paint([this.#range(hit)]);
    this.#tell();
  }

  #firstInSight() {
    const top = this.pane.box.getBoundingClientRect().top;
    const { rows, shown } = this.pane;
    let low = 0;
    let high = rows.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (shown.get(rows[middle].id).element.getBoundingClientRect().bottom <= top) low = middle + 1;
      else high = middle;
    }
    const found = this.hits.findIndex((hit) => hit.place >= low);
    return found < 0 ? 0 : found;
  }

  #range({ place, from, to }) {
    return this.pane.rangeOf(this.pane.rows[place].id, from, to);
  }

  #tell() {
    const n = this.hits.length;
    this.count.textContent = !this.query?.trim() ? "" : n ? `${this.place + 1} of ${n}` : "none";
  }

  #key(e) {
    e.stopPropagation(); // Streamlit listens to single letters
    if (e.isComposing) return;
    if (e.key === "Enter") {
      e.preventDefault();
      this.step(e.shiftKey ? -1 : 1);
    } else if (e.key === "Escape") {
      e.preventDefault();
      this.clear();
      this.onLeave();
    } else if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "f") {
      e.preventDefault();
      this.field.select();
    }
  }
}
