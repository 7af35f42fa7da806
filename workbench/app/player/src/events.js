/** The list of coded events: filtered, in step with the sound, a few rows in the page however many there are. */

import { directionOf } from "./direction.js";
import { arrange, h, safeColour, write } from "./dom.js";
import { filtered, filtering, NO_FILTER, tops } from "./event-filters.js";
import { clock, clockTenths, count, shortly } from "./format.js";
import { codeOf, NOT_OBSERVABLE_CODE } from "./coding.js";
import { firstWhere } from "./lane-places.js";

const ROW = 27;
const ROW_WITH_NOTE = 45;
const WHOLE_UP_TO = 150; // so many rows are all in the page: found by the browser's search, read at one go
const AROUND = 400; // pixels drawn above and below what shows
const FILTERS_FROM = 6; // events: fewer need no filter

export class EventsPanel {
  /** `onChoose(event)` goes there; `onMark(event)` only marks it as the chosen one. */
  constructor({ scheme, people = [], onChoose, onMark = () => {} }) {
    Object.assign(this, { scheme, onChoose, onMark, events: [], shown: [], tops: tops([]), filter: { ...NO_FILTER }, following: true, top: 0, high: 0 });
    this.people = new Map(people.map((person) => [person.id, person.label]));
    this.codes = new Map(scheme.codes.map((code) => [code.id, code]));
    this.rows = new Map();
    this.list = h("div", { class: "events", role: "grid", dir: directionOf(scheme.codes.map((code) => code.label)), "aria-label": "Coded events", "data-testid": "events" });
    this.nothing = h("p", { class: "empty" }, "No codes yet. Play, and press a code’s key at the moment it happens.");
    this.box = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Events: arrow keys choose, Enter goes there" }, this.nothing, this.list);
    this.element = h("div", { class: "tabbed events-panel" }, this.#filters(), this.box);
    this.list.addEventListener("mousedown", (e) => e.preventDefault()); // the keyboard stays where it is
    this.list.addEventListener("click", (e) => {
      const row = e.target.closest("[data-event]");
      if (row) this.onChoose(this.byId.get(row.dataset.event));
    });
    // to ask the page for these would make it lay out everything with each code: they are told, and kept
    this.box.addEventListener("scroll", () => this.scrolling || this.#look(this.box.scrollTop, this.high), { passive: true });
    this.box.addEventListener("wheel", () => (this.following = false), { passive: true });
    this.sizes = new ResizeObserver(() => {
      const lower = this.box.clientHeight < this.high;
      this.#look(this.box.scrollTop, this.box.clientHeight);
      const place = lower ? this.shown.findIndex((e) => e.id === this.chosen) : -1; // what is said of it opened below
      if (place >= 0) this.#bring(place);
    });
    this.sizes.observe(this.box);
  }

  /** Show these events; `chosen` is the id of the one that is chosen, `evidence` what ratings are linked to. */
  update(events, chosen, evidence = []) {
    const before = this.chosen;
    if (evidence !== this.evidence) {
      this.evidence = evidence;
      this.speaksFor = ratingsBy(evidence, this.scheme);
      if (events === this.events) this.#draw();
    }
    this.chosen = chosen;
    if (events !== this.events) {
      this.events = events;
      this.byId = new Map(events.map((e) => [e.id, e]));
      this.#sift();
    } else this.#draw();
    if (chosen && chosen !== before && this.byId?.has(chosen)) this.reveal(chosen);
  }

  /** The sound is at `ms`: mark the event that began last. */
  move(ms) {
    const place = firstWhere(this.shown.length, (i) => this.shown[i].start_ms > ms) - 1;
    if (place === this.nowPlace && this.shown === this.nowIn) return;
    const step = this.nowIn === this.shown;
    this.nowPlace = place;
    this.nowIn = this.shown;
    const id = this.shown[place]?.id;
    this.rows.get(this.nowId)?.element.classList.remove("now");
    this.rows.get(id)?.element.classList.add("now");
    this.nowId = id;
    if (step && this.following && this.playing && id && !this.element.contains(this.element.getRootNode().activeElement)) this.#bring(place);
  }

  /** Play and pause: while it plays the list follows, until a hand scrolls it. */
  play(playing) {
    if (playing && !this.playing) this.following = true;
    this.playing = playing;
  }

  /** Arrow keys, Home, End and Enter inside the list. True when the key was used. */
  key(name) {
    const focus = this.element.getRootNode().activeElement;
    if (!this.box.contains(focus)) return false;
    const from = this.shown.findIndex((e) => e.id === this.chosen);
    const page = Math.max(1, Math.floor(this.high / ROW) - 1);
    const steps = { arrowdown: from + 1, arrowup: from < 0 ? this.shown.length - 1 : from - 1, home: 0, end: this.shown.length - 1, pagedown: from + page, pageup: from - page };
    if (name === "enter" && from >= 0) this.onChoose(this.shown[from]);
    else if (name in steps && this.shown.length) {
      const event = this.shown[Math.min(this.shown.length - 1, Math.max(0, steps[name]))];
      this.onMark(event);
      this.reveal(event.id);
      this.rows.get(event.id)?.element.focus({ preventScroll: true });
    } else return name in steps;
    return true;
  }

  /** Bring an event into view; a filter that hides it is lifted. */
  reveal(id) {
    let place = this.shown.findIndex((e) => e.id === id);
    if (place < 0 && this.byId?.has(id)) {
      this.#filterBy({ ...NO_FILTER });
      place = this.shown.findIndex((e) => e.id === id);
    }
    if (place >= 0) this.#bring(place);
  }

  /** Show only what a filter asks, for instance {unsure: true}. */
  filterBy(filter) {
    this.#filterBy({ ...NO_FILTER, ...filter });
  }

  // ---- filters ----------------------------------------------------------------------------

  #filters() {
    const changed = (values) => this.#filterBy({ ...this.filter, ...values });
    const press = (name, text) => h("button", { type: "button", class: "small chip", "aria-pressed": "false", "data-testid": `filter-${name}`, onclick: () => changed({ [name]: !this.filter[name] }) }, text);
    this.byCode = h("select", { class: "filter", "aria-label": "Show one code only", "data-testid": "filter-code", onchange: (e) => changed({ code: e.target.value }) });
    this.byWho = h("select", { class: "filter", "aria-label": "Show one person only", "data-testid": "filter-who", hidden: true, onchange: (e) => changed({ who: e.target.value }) });
    this.byText = h("input", { type: "search", class: "filter", dir: "auto", placeholder: "Find", "aria-label": "Find in codes and comments", "data-testid": "filter-text", oninput: (e) => changed({ text: e.target.value }) });
    this.byText.addEventListener("keydown", (e) => {
      if (e.key === "Escape") changed({ text: "" });
      if (e.key === "Enter" || e.key === "Escape") this.byText.blur();
      e.stopPropagation();
    });
    this.byUnsure = press("unsure", "");
    this.byComment = press("comment", "");
    this.all = h("button", { type: "button", class: "small", "data-testid": "filter-none", hidden: true, onclick: () => this.#filterBy({ ...NO_FILTER }) }, "Show all");
    this.total = h("span", { class: "total", role: "status" });
    this.chips = h("div", { class: "filter-chips" }, this.byUnsure, this.byComment, this.byWho, this.total, this.all);
    return (this.bar = h("div", { class: "filters", role: "group", "aria-label": "Filter the codes", hidden: true }, h("div", { class: "filter-row" }, this.byCode, this.byText), this.chips));
  }

  #filterBy(filter) {
    this.filter = filter;
    this.#sift();
  }

  #sift() {
    const { shown, counts } = filtered(this.events, this.filter, (event) => this.#nameOf(event));
    this.shown = shown;
    this.tops = tops(shown.map((e) => (noteOf(e) ? ROW_WITH_NOTE : ROW)));
    this.list.style.height = `${this.tops[shown.length]}px`;
    this.list.setAttribute("aria-rowcount", String(shown.length));
    this.list.hidden = !shown.length;
    const on = filtering(this.filter);
    this.nothing.hidden = shown.length > 0;
    this.nothing.textContent = on ? "No code passes this filter." : "No codes yet. Play, and press a code’s key at the moment it happens.";
    this.bar.hidden = this.events.length < FILTERS_FROM && !on;
    if (!this.bar.hidden) this.#count(counts, on);
    this.#draw();
  }

  #count(counts, on) {
    const { filter } = this;
    const codes = [...this.codes.values(), NOT_OBSERVABLE_CODE].map((code) => [code.id, code.label, counts.code.get(code.id) ?? 0]);
    const all = [...counts.code.values()].reduce((sum, n) => sum + n, 0);
    offer(this.byCode, [["", "All codes", all], ...codes.filter(([id, , n]) => n || id === filter.code)], filter.code);
    offer(this.byWho, [["", "Everybody"], ...[...counts.who].map(([id, n]) => [id, this.people.get(id) ?? id, n])], filter.who);
    this.byWho.hidden = !counts.who.size && !filter.who;
    const chip = (element, label, n, pressed) => {
      const text = `${label} ${n}`;
      if (element.textContent !== text) element.textContent = text;
      element.setAttribute("aria-pressed", String(pressed));
      element.hidden = !n && !pressed;
    };
    chip(this.byUnsure, "? Unsure", counts.unsure, filter.unsure);
    chip(this.byComment, "Comment", counts.comment, filter.comment);
    write(this.byText, "value", filter.text);
    this.total.textContent = on ? `${count(this.shown.length, "code")} of ${this.events.length}` : "";
    this.all.hidden = !on;
    this.chips.hidden = [...this.chips.children].every((part) => part.hidden || (part === this.total && !on));
  }

  // ---- drawing ----------------------------------------------------------------------------

  #bring(place) {
    const { high } = this;
    const [top, bottom] = [this.tops[place], this.tops[place + 1]];
    if (!high || (top >= this.top + 4 && bottom <= this.top + high - 4)) return;
    const wanted = Math.min(Math.max(top - high * 0.4, bottom + 4 - high), top - 4);
    this.#look(Math.max(0, Math.min(wanted, this.tops[this.shown.length] + 8 - high)), high);
    this.scrolling ??= requestAnimationFrame(() => {
      this.scrolling = null;
      this.box.scrollTop = this.top;
    });
  }

  /** The list is scrolled to `top` and so many pixels `high`: draw what shows there. */
  #look(top, high) {
    this.top = top;
    this.high = high;
    this.#draw();
  }

  #draw() {
    const n = this.shown.length;
    let [first, end] = [0, n];
    if (n > WHOLE_UP_TO) {
      first = Math.max(0, firstWhere(n, (i) => this.tops[i + 1] > this.top - AROUND));
      end = firstWhere(n, (i) => this.tops[i] > this.top + this.high + AROUND);
    }
    this.list.style.paddingTop = `${this.tops[first]}px`;
    const places = Array.from({ length: end - first }, (_, i) => first + i);
    const focused = this.element.getRootNode().activeElement?.dataset?.event;
    const left = this.rows.has(focused) ? this.shown.findIndex((e) => e.id === focused) : -1; // scrolled away, but the keyboard is there
    if (left >= 0 && (left < first || left >= end)) places.push(left);
    arrange(this.list, places.map((place) => this.#row(place, place < first || place >= end).element));
    const wanted = new Set(places.map((place) => this.shown[place].id));
    for (const id of [...this.rows.keys()]) if (!wanted.has(id)) this.rows.delete(id);
  }

  /** The row of what is at `place`; `apart` from the others it stands where it would be. */
  #row(place, apart) {
    const event = this.shown[place];
    const chosen = event.id === this.chosen;
    let row = this.rows.get(event.id);
    if (!row) this.rows.set(event.id, (row = { element: h("div", { role: "row", tabindex: -1, class: "event", "data-event": event.id, "data-testid": "event" }) }));
    const { element } = row;
    const rated = this.speaksFor?.get(event.id) ?? "";
    if (row.event !== event || row.rated !== rated) {
      Object.assign(row, { event, rated });
      this.#fill(element, event, rated);
    }
    if (row.place !== place) {
      row.place = place;
      element.setAttribute("aria-rowindex", String(place + 1));
    }
    if (apart || row.apart) {
      row.apart = apart;
      element.classList.toggle("apart", apart);
      element.style.top = apart ? `${this.tops[place]}px` : "";
    }
    if (row.chosen !== chosen) {
      row.chosen = chosen;
      if (chosen) element.setAttribute("aria-current", "true");
      else element.removeAttribute("aria-current");
    }
    element.classList.toggle("now", event.id === this.nowId);
    return row;
  }

  #fill(element, event, rated) {
    const code = this.#codeOf(event);
    const stretch = code.kind === "state" || event.end_ms != null;
    const until = event.end_ms != null ? ` – ${clock(event.end_ms)}` : code.kind === "state" ? " – open" : "";
    const about = [this.#aboutWhom(event), ...this.#options(event, code)].filter(Boolean).join(", ");
    const note = noteOf(event);
    element.dataset.code = event.code;
    element.style.setProperty("--code", safeColour(code.colour));
    element.style.height = `${note ? ROW_WITH_NOTE : ROW}px`;
    element.replaceChildren(
      ...[
        h("span", { role: "gridcell", class: "when" }, h("span", { class: `shape ${stretch ? "state" : "point"}`, "aria-hidden": "true" }), clockTenths(event.start_ms), h("span", { class: "until" }, until)),
        h("span", { role: "gridcell", class: "name", dir: "auto", title: about ? `${code.label}: ${about}` : code.label }, code.label, about ? h("span", { class: "about" }, ` ${about}`) : null),
        event.unsure || rated ? h("span", { role: "gridcell", class: "flags" }, rated ? h("span", { class: "proof", title: `Evidence for ${rated}`, "data-testid": "proof" }, "§", h("span", { class: "vh" }, ` evidence for ${rated}`)) : null, event.unsure ? h("span", { class: "flag" }, "? unsure") : null) : null,
        note ? h("span", { role: "gridcell", class: "note", dir: "auto", title: note }, note) : null,
      ].filter(Boolean),
    );
  }

  #codeOf(event) {
    return this.codes.get(event.code) ?? codeOf(this.scheme, event.code);
  }

  #nameOf(event) {
    return this.#codeOf(event).label;
  }

  #aboutWhom({ who, whom }) {
    const name = (id) => this.people.get(id) ?? id;
    return who || whom ? [who ? name(who) : "", whom ? `→ ${name(whom)}` : ""].filter(Boolean).join(" ") : "";
  }

  #options(event, code) {
    return (event.modifiers ?? []).map((chosen) => {
      const [set, option] = chosen.split(":");
      return shortly(code.modifiers?.find((m) => m.id === set)?.options.find((o) => o.id === option)?.label ?? option);
    });
  }
}

/** Let a select offer these options ([[value, label, n]]). A browser looks at a whole form again when an option changes,
 * which took longer than to draw a code: the numbers come when a hand comes near. */
function offer(select, options, value) {
  const values = options.map(([id]) => id).join(" ");
  if (select.dataset.values !== values) {
    select.replaceChildren(...options.map(([id, label]) => h("option", { value: id }, label)));
    select.dataset.values = values;
  }
  const number = () => options.forEach(([, label, n], i) => write(select.options[i], "text", n == null ? label : `${label} (${n})`));
  for (const event of ["onpointerenter", "onpointerdown", "onfocus"]) select[event] = number;
  write(select, "value", value);
}

/** What stands under a row: the comment, else the question to the supervisor. */
function noteOf(event) {
  return event.comment || event.question || "";
}

/** Event id → the labels of the ratings that it is evidence for. */
function ratingsBy(evidence, scheme) {
  const found = new Map();
  for (const { event, scale } of evidence) {
    const label = event && `“${scheme.ratings?.find((r) => r.id === scale)?.label ?? scale}”`;
    if (label && !found.get(event)?.includes(label)) found.set(event, [found.get(event), label].filter(Boolean).join(", "));
  }
  return found;
}
