/** The ratings: session and segment scales, rated by keys or mouse, with their evidence. */

import { button, h, icon, ICONS } from "./dom.js";
import { codeOf } from "./coding.js";
import { clock, count } from "./format.js";
import { keycap } from "./keycap.js";
import { RatingCard } from "./rating-card.js";
import { answersOf, evidenceOf, missingIn, NONE, passedEnd, placeFor, placeKey, progress, rate, segmentAt, segmentName, stepped, toggleLink, typing } from "./rating-answers.js";
import { slices, tally } from "./tallies.js";

const TYPING_MS = 900;
const COUNT_AFTER_MS = 150;
const LEAD_MS = 1000;

export class Ratings {
  static when = (payload) => payload.mode === "code";

  constructor(room) {
    const { scheme, segments = [], windows } = room.payload;
    Object.assign(this, { room, scheme, segments, segment: segments.length ? 1 : 0, following: true, due: 0, active: null, at: null, typed: "", content: null });
    this.spans = slices(windows, segments);
    this.answers = new Map();
    this.acts = {
      rate: () => this.enter(),
      link: () => this.#linkChosen(),
      linkUtterance: () => this.#linkUtterance(),
    };
    this.cards = scheme.ratings.map((scale) => this.#card(scale));
    this.#build();
  }

  // ---- what the room tells ------------------------------------------------------------------

  ready() {
    this.loaded = true;
    this.#follow(this.room.media.now_ms);
    this.#draw();
  }

  update({ content, editable, chosen }) {
    if (this.collecting && chosen && chosen !== this.lastChosen && this.content?.events.some((e) => e.id === chosen)) this.#link({ event: chosen }, this.active);
    this.lastChosen = chosen;
    const known = this.content;
    if (known && known.ratings === content.ratings && known.evidence === content.evidence && known.events === content.events && this.editable === editable) return;
    if (known?.ratings !== content.ratings) this.answers = answersOf(content.ratings);
    Object.assign(this, { content, editable });
    this.#draw();
    if (known?.events !== content.events) this.#countSoon();
  }

  rekeyed() {
    for (const card of this.cards) card.rekey(this.room.keyOf);
    this.#drawDue(true);
  }

  move(ms) {
    const passed = this.room.media.playing && this.segments.length ? passedEnd(this.segments, this.lastMs ?? ms, ms) : 0;
    this.lastMs = ms;
    if (passed && missingIn(passed, this.scheme, this.answers).length) {
      this.due = passed;
      if (this.following && !this.inside() && !this.collecting) this.#show(passed);
      this.#draw();
    } else if (this.following) this.#follow(ms);
  }

  key(e, name) {
    if (!this.inside(e.composedPath()[0]) || !this.#keyed(name)) return false;
    e.preventDefault();
    e.stopImmediatePropagation();
    return true;
  }

  // ---- choosing a rating --------------------------------------------------------------------

  /** The keyboard goes to the ratings: to what is due, else to what was rated last or is missing. */
  enter(place = null) {
    if (!this.cards.length) return this.room.say("This scheme asks for no ratings.");
    if (!this.room.editable("rate")) return;
    this.room.tabs.show("ratings");
    const due = !place && this.due && missingIn(this.due, this.scheme, this.answers)[0];
    if (due) this.#show(this.due);
    const here = (p) => p && (!p.segment || p.segment === this.segment);
    this.#open(place ?? (due ? { scale: due.id, segment: this.due } : here(this.active) ? this.active : this.#firstMissing()), { focus: true });
  }

  /** Open the rating of an entry of the checklist. */
  reveal(scale, segment) {
    if (segment) this.#choose(segment);
    this.enter({ scale, segment });
  }

  /** Whether the keyboard is in the ratings. */
  inside(node = this.room.root.getRootNode().activeElement) {
    return node instanceof Node && this.body.contains(node);
  }

  #keyed(name) {
    const card = this.cards.find((c) => c.scale.id === this.active?.scale);
    if (name === "escape") return this.#leave(), true;
    if (name === "pageup" || name === "pagedown") return this.#stepSegment(name === "pagedown" ? 1 : -1), true;
    if (!card) return false;
    const { scale } = card;
    if (name === " ") return this.room.acts.play(), true;
    if (name === "arrowup" || name === "arrowdown") return this.#stepScale(name === "arrowdown" ? 1 : -1), true;
    if (name === "arrowleft" || name === "arrowright") {
      if (card.number) return false;
      this.at = stepped(scale, this.at ?? this.#answer(this.active), name === "arrowright" ? 1 : -1);
      this.#draw();
      card.focus(this.at);
      return true;
    }
    if (name === "enter") return this.#take(scale), true;
    if (name === "/") return scale.no_evidence ? this.#rate(this.active, NONE) : this.room.say(`“${scale.label}” has to be rated; “no evidence” is not one of its answers.`), true;
    if (name === "delete" || name === "backspace") return this.#answer(this.active) != null && this.#rate(this.active, null), true;
    if (/^[\d−-]$/.test(name)) return this.#type(scale, name), true;
    return false;
  }

  #type(scale, key) {
    clearTimeout(this.forget);
    this.forget = setTimeout(() => (this.typed = ""), TYPING_MS);
    const { value, typed } = typing(scale, this.typed, key);
    this.typed = typed;
    if (value != null) this.#rate(this.active, value);
    else if (!typed.startsWith("-") && scale.high < 10) this.room.say(`“${scale.label}” goes from ${scale.low} to ${scale.high}.`);
  }

  #take(scale) {
    const value = this.at ?? scale.start;
    if (value == null) return this.room.say(`Press a digit from ${scale.low} to ${scale.high}, or an arrow and Enter.`);
    this.#rate(this.active, value);
  }

  #leave() {
    const focused = this.room.root.getRootNode().activeElement;
    focused?.blur?.();
    this.at = null;
    if (this.following) this.#follow(this.room.media.now_ms);
    this.#draw();
  }

  #open(place, { focus = false } = {}) {
    if (!place) return;
    if (this.active?.scale !== place.scale || this.active?.segment !== place.segment) this.#stopCollecting();
    this.active = place;
    this.typed = "";
    const card = this.cards.find((c) => c.scale.id === place.scale);
    this.at = this.#answer(place) ?? card.scale.start;
    this.#draw();
    this.#countSoon();
    if (focus) card.focus(this.at);
  }

  #stepScale(step) {
    const place = this.cards.findIndex((c) => c.scale.id === this.active.scale) + step;
    if (place >= 0 && place < this.cards.length) this.#open(this.#placeOf(this.cards[place].scale), { focus: true });
  }

  #firstMissing() {
    const places = this.cards.map((card) => this.#placeOf(card.scale));
    return places.find((p) => !this.answers.has(placeKey(p.scale, p.segment))) ?? places[0];
  }

  #placeOf = (scale) => ({ scale: scale.id, segment: scale.each_segment ? this.segment : 0 });

  #answer = (place) => this.answers.get(placeKey(place.scale, place.segment)) ?? null;

  #rate(place, answer) {
    if (!this.room.editable("rate")) return this.#redraw();
    if (answer !== this.#answer(place)) this.room.act(rate(place.scale, place.segment, answer));
    this.at = answer;
    if (this.inside()) this.cards.find((c) => c.scale.id === place.scale).focus(answer);
  }

  // ---- segments -----------------------------------------------------------------------------

  #follow(ms) {
    const here = segmentAt(this.segments, ms);
    if (!here || here === this.segment || this.inside() || this.collecting) return;
    // just past the end of a segment whose ratings are missing: it stays until it is rated
    if (this.due && this.segment === this.due && here === this.due + 1 && missingIn(this.due, this.scheme, this.answers).length) return;
    this.#show(here);
    this.#draw();
  }

  #show(segment) {
    this.segment = segment;
    if (this.active?.segment) this.active = null;
    this.at = null;
    this.#countSoon();
  }

  /** By hand: the panel stays with this segment. */
  #choose(segment) {
    this.following = false;
    if (segment !== this.segment) this.#show(segment);
    this.#draw();
  }

  #stepSegment(step) {
    if (!this.segments.length || !this.cards.some((c) => c.scale.each_segment)) return;
    const scale = this.active?.scale;
    this.#choose(Math.min(this.segments.length, Math.max(1, this.segment + step)));
    const card = this.cards.find((c) => c.scale.id === scale && c.scale.each_segment) ?? this.cards.find((c) => c.scale.each_segment);
    if (this.inside()) this.#open(this.#placeOf(card.scale), { focus: true });
  }

  // ---- evidence -----------------------------------------------------------------------------

  #linkChosen() {
    const { room } = this;
    const event = room.ledger.content().events.find((e) => e.id === room.chosen);
    if (!event) return room.say("Choose a code first, then link it to a rating.");
    const code = codeOf(this.scheme, event.code);
    const place = placeFor(event, code, this.scheme, this.segments, this.active);
    if (!place) return room.say(`Choose the rating that “${code.label}” speaks for (Ratings), then link.`);
    this.#link({ event: event.id }, place);
  }

  #linkUtterance() {
    if (!this.active) return this.room.say("Choose the rating that the utterance speaks for (Ratings), then link.");
    const unit = this.#unitNow();
    if (!unit) return this.room.say("There is no utterance here to link.");
    this.#link({ unit }, this.active);
  }

  #link(what, place) {
    if (!place || !this.room.editable("rate")) return;
    const { operations, linked } = toggleLink(this.room.ledger.content().evidence, place, what);
    const scale = this.cards.find((c) => c.scale.id === place.scale).scale;
    this.room.act({ operations, sentence: `${linked ? "Linked to" : "No longer evidence for"} “${scale.label}”${place.segment ? `, ${segmentName(this.segments, place.segment)}` : ""}.` });
  }

  #collect() {
    if (this.collecting) return this.#stopCollecting();
    this.collecting = true;
    this.room.tabs.show("events");
    this.#drawDue(true);
  }

  #stopCollecting() {
    if (!this.collecting) return;
    this.collecting = false;
    this.#drawDue(true);
  }

  #chips(scale, segment) {
    const events = new Map((this.content?.events ?? []).map((e) => [e.id, e]));
    return evidenceOf(this.content?.evidence ?? [], scale, segment)
      .map((e) => {
        if (e.event) {
          const event = events.get(e.event);
          if (!event) return null; // deleted meanwhile; it comes back with its code
          const code = codeOf(this.scheme, event.code);
          return { ...e, ms: event.start_ms, at: clock(event.start_ms), text: code.label, colour: code.colour, kind: code.kind };
        }
        const unit = this.#utterance(e.unit);
        return { ...e, ms: unit?.start_ms ?? 0, at: unit ? clock(unit.start_ms) : "", text: unit?.text ? `“${unit.text}”` : "An utterance", colour: "", kind: "" };
      })
      .filter(Boolean)
      .sort((a, b) => a.ms - b.ms);
  }

  /** The coding unit that is selected or spoken; in a silence the utterance before it, at the very start the first. */
  #unitNow() {
    const { transcript, media, units } = this.room;
    const selected = units?.selected();
    if (selected) return selected.id;
    if (!transcript.index) return null;
    return `u${Math.max(0, transcript.index.at(media.now_ms).utterance)}`;
  }

  /** The utterance that a unit begins in, or undefined. */
  #utterance(unit) {
    return this.room.transcript.transcript?.utterances[Number(/^u(\d+)/.exec(unit)?.[1])];
  }

  #play(chip) {
    const event = chip.event && this.content.events.find((e) => e.id === chip.event);
    if (event) this.room.choose(event);
    this.room.seek(Math.max(0, chip.ms - LEAD_MS));
    if (!this.room.media.live) this.room.media.play(); // a stopped session would go on
  }

  // ---- the page -----------------------------------------------------------------------------

  #card(scale) {
    const place = () => this.#placeOf(scale);
    return new RatingCard({
      scale,
      name: `${this.room.payload.coding}-${scale.id}`,
      keyOf: this.room.keyOf,
      does: {
        rate: (answer) => (this.#open(place()), this.#rate(place(), answer)),
        open: () => this.active?.scale !== scale.id && this.#open(place()),
        play: (chip) => this.#play(chip),
        unlink: ({ event, unit }) => this.#link(event ? { event } : { unit }, place()),
        linkEvent: () => this.acts.link(),
        linkUnit: () => this.acts.linkUtterance(),
        collect: () => this.#collect(),
      },
    });
  }

  #build() {
    const of = (each) => this.cards.filter((card) => Boolean(card.scale.each_segment) === each).map((card) => card.element);
    const [some, whole] = [of(true), of(false)];
    this.dots = this.segments.map((_, n) => button({ class: "segment", "data-testid": `segment-${n + 1}`, onclick: () => this.#choose(n + 1) }, h("span", {}, String(n + 1)), h("span", { class: "sign", "aria-hidden": "true" })));
    this.followButton = button({ class: "small", "aria-pressed": "true", title: "The segment follows the sound", onclick: () => this.#setFollowing(!this.following) }, "Follow");
    this.title = h("h3", { class: "segment-title" });
    const chooser = some.length ? h("div", { class: "segments" }, h("div", { class: "segments-head" }, this.title, this.followButton), h("div", { class: "dots", role: "group", "aria-label": "Segments" }, ...this.dots)) : null;
    this.body = h("div", { class: "scroll ratings", tabindex: 0, role: "group", "aria-label": "Ratings", "data-testid": "ratings" });
    this.body.append(...[chooser, ...some, some.length && whole.length ? h("h3", { class: "whole" }, "The whole session") : null, ...whole].filter(Boolean));
    if (!this.cards.length) this.body.append(h("p", { class: "empty" }, "This scheme asks for no ratings."));
    else this.body.append(h("p", { class: "hints" }, keycap("arrowup"), keycap("arrowdown"), " scale ", keycap("arrowleft"), keycap("arrowright"), keycap("enter"), " or digits rate ", keycap("/"), " no evidence ", ...(some.length ? [keycap("pagedown"), " segment "] : []), h("kbd", {}, "Esc"), " back"));
    this.body.addEventListener("focusin", (e) => this.#arrived(e.target));
    this.body.addEventListener("keydown", (e) => {
      // arrows and Space belong to a radio button by custom; here they choose without rating, and play
      if (e.target.matches?.("input[type=radio]") && !e.ctrlKey && !e.metaKey && !e.altKey && !e.shiftKey && this.#keyed(e.key.toLowerCase())) {
        e.preventDefault();
        e.stopPropagation();
      }
    });
    this.line = h("p", { class: "due", role: "status", hidden: true, "data-testid": "due" });
    const panel = this.room.tabs.panel("ratings");
    panel.append(this.body);
    panel.addEventListener("shown", () => this.#shown());
    this.room.tabs.list.after(this.line);
  }

  /** The keyboard came to a value by Tab: that scale is the active one, and that value at hand. */
  #arrived(target) {
    this.room.palette?.leave(); // digits rate now
    const card = this.cards.find((c) => c.element.contains(target));
    if (!card) return;
    const place = this.#placeOf(card.scale);
    if (this.active?.scale !== place.scale || this.active.segment !== place.segment) this.#open(place);
    const value = card.valueOf(target);
    if (value == null || value === this.at || target.checked) return;
    this.at = value;
    this.#draw();
  }

  #shown() {
    if (!this.active && this.cards.length) this.#open(this.#firstMissing());
    this.#countSoon();
  }

  #setFollowing(on) {
    this.following = on;
    if (on) {
      const here = segmentAt(this.segments, this.room.media.now_ms);
      if (here && here !== this.segment) this.#show(here);
    }
    this.#draw();
  }

  #redraw() {
    for (const card of this.cards) card.drawn = "";
    this.#draw();
  }

  #draw() {
    if (!this.content) return;
    for (const card of this.cards) {
      const place = this.#placeOf(card.scale);
      const open = this.active?.scale === place.scale && this.active.segment === place.segment;
      card.update({ answer: this.#answer(place), at: open ? this.at : null, editable: this.editable, open, chips: this.#chips(place.scale, place.segment), startKey: "enter" });
    }
    this.#drawSegments();
    this.#drawDue();
    const { asked, done } = progress(this.scheme, this.segments, this.answers);
    this.room.tabs.label("ratings", asked ? `Ratings ${done}/${asked}` : "Ratings");
  }

  #drawSegments() {
    if (!this.dots.length || !this.segments.length) return;
    const each = this.scheme.ratings.filter((s) => s.each_segment).length;
    this.title.textContent = `Segment ${this.segment}: ${segmentName(this.segments, this.segment)}`;
    this.followButton.setAttribute("aria-pressed", String(this.following));
    this.dots.forEach((dot, n) => {
      const left = missingIn(n + 1, this.scheme, this.answers).length;
      const words = left === 0 ? "rated" : left === each ? "not rated" : `${each - left} of ${each} rated`;
      const due = this.due === n + 1 && left;
      const name = `Segment ${n + 1}, ${segmentName(this.segments, n + 1)}, ${words}${due ? ", waiting" : ""}`;
      if (dot.getAttribute("aria-label") !== name) {
        dot.setAttribute("aria-label", name);
        dot.title = name;
        dot.dataset.state = left === 0 ? "done" : due ? "due" : left === each ? "none" : "some";
        dot.lastChild.textContent = left === 0 ? "✓" : due ? "!" : left === each ? "" : "·";
      }
      if (n + 1 === this.segment) dot.setAttribute("aria-current", "true");
      else dot.removeAttribute("aria-current");
    });
  }

  #drawDue(anew = false) {
    const left = this.due ? missingIn(this.due, this.scheme, this.answers).length : 0;
    if (this.due && !left) this.due = 0;
    const collecting = this.collecting && this.active;
    const said = collecting ? `collect ${placeKey(this.active.scale, this.active.segment)}` : left ? `${this.due} ${left}` : "";
    if (said === this.said && !anew) return;
    this.said = said;
    this.line.hidden = !said;
    if (collecting) {
      const { scale } = this.cards.find((c) => c.scale.id === this.active.scale);
      this.line.replaceChildren(h("span", {}, `Choose the codes that speak for “${scale.label}”.`), button({ class: "small", "data-testid": "collected", onclick: () => (this.#stopCollecting(), this.room.tabs.show("ratings")) }, "Done"));
    } else if (left) {
      this.line.replaceChildren(
        h("span", {}, `Segment ${this.due}: ${count(left, "rating")} missing.`),
        button({ class: "small", onclick: () => this.enter() }, "Rate ", keycap(this.room.keyOf.get("rate"))),
        button({ class: "tool", "aria-label": "Later", title: "Later; the mark stays", onclick: () => ((this.due = 0), this.#draw()) }, icon(ICONS.minus)),
      );
    }
  }

  #countSoon() {
    clearTimeout(this.counting);
    this.counting = setTimeout(() => this.#count(), COUNT_AFTER_MS);
  }

  #count() {
    if (!this.active || !this.content || this.room.tabs.panel("ratings").hidden) return;
    const card = this.cards.find((c) => c.scale.id === this.active.scale);
    const now = this.segments.length ? this.active.segment : segmentAt(this.spans, this.room.media.now_ms);
    card.count(tally(this.content.events, this.scheme, this.spans, card.scale.dimension), this.spans, now, this.segments.length ? "segment" : `${Math.round((this.spans[0][1] - this.spans[0][0]) / 60_000) || 5} min`);
  }

  destroy() {
    clearTimeout(this.counting);
    clearTimeout(this.forget);
  }
}
