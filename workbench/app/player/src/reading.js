/** What a rater does with the transcript in every room: search, step by word, see codes where they fall.
 *
 * `room.units` is for the other parts: {list, selected(), select(id), of(event), eventsOf(id), next({uncoded})}.
 * Without coding units the selected one is what is heard.
 */

import { codeOf } from "./coding.js";
import { h, safeColour } from "./dom.js";
import { clock, keyLabel } from "./format.js";
import { listed, MARKS } from "./review-marks.js";
import { TranscriptSearch } from "./transcript-search.js";
import { Units, unitsOf } from "./units.js";

export class Reading {
  constructor(room) {
    Object.assign(this, { room, pane: room.transcript });
    this.units = new Units([]);
    this.boundaries = {};
    this.events = new Map(); // event id → row id
    this.onRow = new Map(); // row id → Map event id → event
    this.marks = new WeakMap(); // event → its mark: an event that changed is another object
    this.search = new TranscriptSearch({ pane: this.pane, onLeave: () => this.pane.box.focus({ preventScroll: true }) });
    this.pane.head.append(this.search.element);
    this.pane.box.addEventListener("keydown", (e) => PAGING.has(e.key) && this.pane.follow(false));
    room.reading = this;
    room.units = {
      list: [],
      selected: () => (this.pane.at == null ? null : this.units.at(this.pane.at)),
      select: (id) => this.#seekTo(id),
      of: (event) => this.units.of(event),
      eventsOf: (id) => this.#eventsOf(id),
      next: () => this.units.all.find((unit) => unit.start_ms > (this.pane.at ?? -1)) ?? null,
    };
    const step = (by) => {
      const ms = this.pane.index?.step(room.media.now_ms, by);
      if (ms != null) room.seek(ms);
    };
    this.acts = {
      find: () => (this.pane.index ? this.search.open() : room.say("There is no transcript to search.")),
      backToSound: () => this.pane.follow(true),
      wordBack: () => step(-1),
      wordOn: () => step(1),
    };
  }

  /** Keys that scroll belong to the text while it has the focus. */
  key(e) {
    return PAGING.has(e.key) && !e.ctrlKey && !e.metaKey && !e.altKey && e.composedPath()[0] === this.pane.box;
  }

  ready() {
    if (!this.pane.transcript) return;
    this.whole = true;
    if (this.view) this.update(this.view);
    else this.#cut({});
    if (!this.room.coding) this.#review();
    this.pane.move(this.room.media.now_ms);
  }

  /** Draw the codes of rows that changed. */
  update(view) {
    const before = this.view;
    this.view = view;
    if (!this.pane.transcript) return;
    const { content } = view;
    if (this.whole || content.boundaries !== this.boundaries) {
      const { whole } = this;
      this.whole = false;
      const cut = this.#cut(content.boundaries);
      if (whole || cut) return this.#placeAll();
    }
    const dirty = new Set();
    for (const [id, { after }] of view.changed ?? []) {
      const old = this.events.get(id);
      if (old) {
        this.onRow.get(old)?.delete(id);
        dirty.add(old);
        this.events.delete(id);
      }
      if (after) dirty.add(this.#keep(after));
    }
    if (before?.chosen !== view.chosen) for (const id of [before?.chosen, view.chosen]) dirty.add(this.events.get(id));
    for (const row of dirty) if (row) this.#drawRow(row);
  }

  /** In a comparison: the event that is looked at. */
  choose(id) {
    const before = this.view?.chosen;
    if (!this.pane.transcript || !this.view || before === id) return;
    this.view.chosen = id;
    for (const row of new Set([before, id].map((each) => this.events.get(each)))) if (row) this.#drawRow(row);
  }

  /** Marks say keys. */
  rekeyed() {
    this.marks = new WeakMap();
    if (this.view && this.pane.transcript) this.#placeAll();
  }

  destroy() {
    this.search.destroy();
  }

  /** A comparison does not change: every lane's codes, those that agree once. */
  #review() {
    this.view = { content: { events: listed(this.room.payload.lanes ?? []) }, chosen: null };
    this.#placeAll();
  }

  /** Cut the transcript into units again; whether they are others now. */
  #cut(boundaries) {
    const changed = JSON.stringify(boundaries) !== JSON.stringify(this.boundaries);
    this.boundaries = boundaries;
    if (!changed && this.units.all.length) return false;
    this.units = new Units(unitsOf(this.pane.transcript, boundaries));
    this.room.units.list = this.units.all;
    if (changed) this.pane.setUnits(this.units.all);
    this.pane.move(this.room.media.now_ms);
    this.onUnits?.();
    return true;
  }

  #placeAll() {
    this.events.clear();
    const had = new Set(this.onRow.keys());
    this.onRow.clear();
    for (const event of this.view.content.events) had.add(this.#keep(event));
    for (const row of had) if (row) this.#drawRow(row);
  }

  /** Remember on which row an event is shown; that row. */
  #keep(event) {
    const unit = event.unit ? this.units.holding(event.unit) : null;
    const row = unit ? unit.id : this.pane.rowAt(event.start_ms)?.id;
    if (!row) return null;
    if (!this.onRow.has(row)) this.onRow.set(row, new Map());
    this.onRow.get(row).set(event.id, event);
    this.events.set(event.id, row);
    return row;
  }

  #drawRow(id) {
    const events = [...(this.onRow.get(id)?.values() ?? [])].sort((a, b) => a.start_ms - b.start_ms || (a.id < b.id ? -1 : 1));
    this.pane.extra(id, events.map((event) => this.#markOf(event)));
    this.pane.shown.get(id)?.element.classList.toggle("coded", events.some((e) => e.unit));
  }

  #markOf(event) {
    if (!this.marks.has(event)) this.marks.set(event, this.#mark(event));
    const mark = this.marks.get(event);
    if (event.id === this.view.chosen) mark.setAttribute("aria-current", "true");
    else mark.removeAttribute("aria-current");
    return mark;
  }

  /** A code behind the text: by its name where the utterance was coded or codings are compared, by its key where keys code. */
  #mark(event) {
    const { scheme } = this.room.payload;
    const code = codeOf(scheme, event.code);
    const chip = Boolean(event.unit);
    const { sign, word } = MARKS[event.mark] ?? {};
    const lane = event.mark === "hit" ? "" : event.lane;
    const name = [`${code.label} at ${clock(event.start_ms)}`, event.unsure ? "unsure" : "", lane, word].filter(Boolean).join(", ");
    return h(
      "button",
      {
        type: "button",
        tabindex: -1,
        class: `mark${chip ? " chip" : ""}${word ? ` ${event.mark}` : ""}`,
        style: { "--code": safeColour(code.colour) },
        "data-mark": event.id,
        "aria-label": name,
        title: name,
        onmousedown: (e) => e.preventDefault(),
        onclick: () => this.#choose(event),
      },
      h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }),
      sign ? h("span", { class: "sign" }, sign) : null,
      chip || !this.room.coding ? h("bdi", { class: "mark-name" }, code.label) : keyLabel(this.room.codeKeyOf.get(code.id) ?? code.key ?? "") || code.label.slice(0, 3),
      event.unsure ? h("span", { class: "flag" }, "?") : null,
    );
  }

  #choose(event) {
    if (!event.unit || !this.room.coding) return this.room.choose(event);
    this.room.chosen = event.id;
    this.room.units.select(this.units.holding(event.unit)?.id);
    this.room.chosen = event.id;
    this.room.draw();
  }

  #eventsOf(id) {
    return (this.view?.content.events ?? []).filter((event) => event.unit && this.units.holding(event.unit)?.id === id);
  }

  #seekTo(id) {
    const unit = this.units.holding(id);
    if (unit) this.room.seek(unit.start_ms);
  }
}

const PAGING = new Set(["PageUp", "PageDown", "Home", "End"]);
