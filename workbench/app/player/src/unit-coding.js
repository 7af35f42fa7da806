/** Coding units of the transcript: one is selected, its codes are put on it, units are split and merged. */

import { NOT_OBSERVABLE } from "./coding.js";
import { button, h } from "./dom.js";
import { clock, keyParts } from "./format.js";
import { codesUnits, mergeWithPrevious, splitAt, timesOf, uncodedOf, Units, unitsOf, unitsToCode } from "./units.js";

const BEFORE_MS = 3000; // so long before its beginning a unit stays selected that was gone to

export class UnitCoding {
  static when = (payload) => payload.mode === "code" && Boolean(payload.urls.transcript) && codesUnits(payload.scheme);

  constructor(room) {
    Object.assign(this, { room, pane: room.transcript });
    this.reading = room.reading;
    this.pane.tellsNow = false;
    this.unit = null;
    this.toCode = [];
    this.open = [];
    this.options = { follows: true, advance: false, ...remembered(room.payload.coding) };
    this.bar = this.#bar();
    this.pane.head.after(this.bar);
    this.live = h("p", { class: "vh", role: "status" });
    this.bar.append(this.live);
    this.reading.onUnits = () => this.#renew();
    this.pane.onPick = (row, word) => this.#pick(row, word);
    Object.assign(room.units, {
      selected: () => this.unit,
      select: (id) => this.select(id),
      next: ({ uncoded = false } = {}) => this.#next(1, uncoded),
    });
    this.acts = {
      previous: () => this.#go(-1),
      following: () => this.#go(1),
      replay: () => {
        if (!this.unit) return;
        room.seek(this.unit.start_ms);
        room.media.play();
      },
      nextUncoded: () => this.#goUncoded(1),
      previousUncoded: () => this.#goUncoded(-1),
      follows: () => this.#set("follows", !this.options.follows),
      advance: () => this.#set("advance", !this.options.advance),
      split: () => this.#splitHere(),
      merge: () => this.#merge(),
      splitTool: () => this.#tool(!this.splitting),
    };
  }

  key(e, name) {
    if (name !== "escape" || !this.splitting) return false;
    this.#tool(false);
    e.preventDefault();
    e.stopImmediatePropagation();
    return true;
  }

  ready() {
    this.#renew();
    this.move(this.room.media.now_ms);
  }

  rekeyed() {
    this.#name();
  }

  update(view) {
    const before = this.view;
    this.view = view;
    if (!this.reading.units.all.length) return;
    const events = view.content.events;
    if (before?.content.events !== events || before?.content.boundaries !== view.content.boundaries) this.#count();
    const chosen = view.chosen !== before?.chosen && events.find((e) => e.id === view.chosen);
    if (chosen && chosen.unit) this.#mark(this.reading.units.holding(chosen.unit), { pin: true });
    if (this.options.advance && this.unit && before) {
      for (const { before: was, after } of view.changed?.values() ?? []) {
        if (!was && after && after.unit === this.unit.id && after.id === view.chosen) return this.#advance();
      }
    }
  }

  /** With the sound: the unit that is heard, or was heard last, of those that are to be coded. */
  move(ms) {
    if (!this.options.follows || !this.toCode.length) return;
    if (this.pin && ms < this.pin.start_ms && ms > this.pin.start_ms - BEFORE_MS) return;
    this.pin = null;
    const heard = this.reading.units.at(ms);
    if (heard && heard === this.heard) return;
    this.heard = heard;
    if (heard && this.mine.has(heard.id)) return this.#mark(heard);
    if (this.unit && ms >= this.unit.start_ms && ms < this.unit.end_ms + FAR_MS) return;
    this.#mark(this.toCode.findLast((unit) => unit.start_ms <= ms) ?? this.toCode[0]);
  }

  /** Select a unit by hand; with the sound following, the sound goes there. */
  select(id) {
    const unit = this.reading.units.holding(id ?? "");
    if (!unit) return;
    if (!this.mine.has(unit.id)) return this.room.say("This utterance is not to be coded here.");
    const codes = this.room.units.eventsOf(unit.id);
    this.#mark(unit, { pin: true });
    this.room.chosen = codes.at(-1)?.id ?? null;
    if (this.options.follows) this.room.seek(unit.start_ms);
    else {
      this.pane.follow(false);
      this.pane.reveal(unit.id);
    }
    const who = this.pane.whoIs(unit.speaker).label;
    const text = this.pane.shown.get(unit.id)?.row.text ?? "";
    this.live.textContent = `${clock(unit.start_ms)}, ${who}: ${text}${codes.length ? `. Coded ${codes.length}.` : ""}`;
    this.room.draw();
  }

  // ---- going ------------------------------------------------------------------------------

  #go(by) {
    if (!this.toCode.length) return;
    const place = this.unit ? this.toCode.indexOf(this.unit) : -1;
    const next = this.toCode[Math.min(this.toCode.length - 1, Math.max(0, place < 0 ? 0 : place + by))];
    this.select(next.id);
  }

  #next(by, uncoded) {
    const among = uncoded ? this.open : this.toCode;
    const { units } = this.reading;
    const here = this.unit ? units.placeOf(this.unit.id) : -1;
    const after = by > 0 ? among.find((u) => units.placeOf(u.id) > here) : among.findLast((u) => units.placeOf(u.id) < here);
    return after ?? null;
  }

  #goUncoded(by) {
    const next = this.#next(by, true);
    if (next) return this.select(next.id);
    const others = this.open.filter((unit) => unit !== this.unit);
    if (!others.length) return this.room.say(this.open.length ? "Only this utterance is without a code." : "Every utterance is coded.");
    this.room.say(by > 0 ? "None is left after this one: from the beginning." : "None is left before this one: from the end.");
    this.select((by > 0 ? others[0] : others.at(-1)).id);
  }

  #advance() {
    const next = this.#next(1, true);
    if (!next) return;
    const { chosen } = this.room; // the code that was just given can still be flagged
    this.#mark(next, { pin: true });
    if (this.options.follows && !this.room.media.playing) this.room.seek(next.start_ms);
    else if (!this.options.follows) this.pane.reveal(next.id);
    this.room.chosen = chosen;
  }

  #mark(unit, { pin = false } = {}) {
    if (pin) this.pin = unit;
    if (unit === this.unit) return;
    this.#paint(this.unit, false);
    this.unit = unit ?? null;
    this.#paint(this.unit, true);
  }

  #paint(unit, on) {
    unit?.pieces.forEach((piece, n) => {
      const element = this.pane.shown.get(piece.id)?.element;
      element?.classList.toggle("selected", on);
      if (on && n === 0) element?.setAttribute("aria-current", "true");
      else element?.removeAttribute("aria-current");
    });
  }

  // ---- splitting and merging ----------------------------------------------------------------

  #pick(row, word) {
    if (this.splitting) {
      if (word != null) this.#split(row.piece.utterance, word);
      return true;
    }
    const unit = row.unit && this.reading.units.holding(row.unit);
    if (unit && this.mine.has(unit.id)) {
      this.#mark(unit, { pin: true });
      this.room.chosen = this.room.units.eventsOf(unit.id).at(-1)?.id ?? null;
      this.room.draw();
    }
    return false; // and the sound goes to the word
  }

  #splitHere() {
    const { index } = this.pane;
    if (!index) return this.room.say("There is no transcript to split.");
    const { word } = index.at(this.room.media.now_ms);
    if (word < 0) return this.room.say("No word is being said at this moment. Go to the word that is to begin a unit.");
    this.#split(index.utteranceOf[word], word);
  }

  #split(utterance, word) {
    const change = splitAt(utterance, word, this.reading.units);
    if (change.refused) return this.room.say(change.refused);
    this.#change(change, `Split before “${this.pane.transcript.words[word].text.trim()}”.`);
  }

  #merge() {
    if (!this.unit) return this.room.say("Select the utterance that goes with the one before.");
    const change = mergeWithPrevious(this.unit.id, this.reading.units);
    if (change.refused) return this.room.say(change.refused);
    const into = this.reading.units.holding(change.into);
    this.#change(change, `Merged with what ${this.pane.whoIs(into.speaker).label.toLowerCase()} said at ${clock(into.start_ms)}.`);
  }

  /** One act: the boundary, and the times of the codes on the units that it changes. */
  #change({ unit, starts }, sentence) {
    if (!this.room.editable("boundary")) return;
    const { content } = this.view;
    const after = new Units(unitsOf(this.pane.transcript, { ...content.boundaries, [unit]: starts }));
    const operations = [{ kind: "boundary", values: { unit, starts } }];
    for (const event of content.events) {
      const now = event.unit ? after.holding(event.unit) : null;
      if (!now) continue;
      const times = timesOf(now, this.room.payload.windows, event.start_ms);
      if (times.start_ms !== event.start_ms || times.end_ms !== event.end_ms) operations.push({ kind: "amend", event: event.id, values: times });
    }
    this.room.act({ operations, sentence });
  }

  #tool(on) {
    if (on && !this.room.editable("boundary")) return;
    this.splitting = on;
    this.splitButton.setAttribute("aria-pressed", String(on));
    this.pane.element.classList.toggle("splitting", on);
    this.room.say(on ? "Click the word that is to begin a unit. Esc ends this." : "");
  }

  // ---- counting and drawing -------------------------------------------------------------------

  /** The units are others now. */
  #renew() {
    const was = this.unit;
    this.unit = this.heard = this.pin = null;
    this.#count();
    for (const each of this.pane.shown.values()) each.element.classList.remove("selected");
    const still = was && this.reading.units.holding(was.id);
    if (still) this.#mark(still);
  }

  #count() {
    const { payload } = this.room;
    const content = this.view?.content ?? { events: [] };
    const events = content.events.filter((e) => e.code !== NOT_OBSERVABLE);
    const dark = content.events.filter((e) => e.code === NOT_OBSERVABLE).map((e) => [e.start_ms, e.end_ms]);
    const kinds = Object.fromEntries(Object.entries(payload.speakers).map(([speaker, { role }]) => [speaker, role]));
    const { units } = this.reading;
    this.toCode = unitsToCode(units.all, { windows: payload.windows, not_observable: dark, kinds, units_of: payload.scheme.units_of });
    this.mine = new Set(this.toCode.map((unit) => unit.id));
    this.#aside();
    this.open = uncodedOf(this.toCode, events, units);
    const done = this.toCode.length - this.open.length;
    this.progress.textContent = `${done} of ${this.toCode.length} coded`;
    this.meter.max = Math.max(1, this.toCode.length);
    this.meter.value = done;
  }

  /** Rows that are not to be coded stand back. */
  #aside() {
    for (const { row, element } of this.pane.shown.values()) {
      const aside = row.kind === "said" && !this.mine.has(row.unit);
      if (element.classList.contains("aside") !== aside) element.classList.toggle("aside", aside);
    }
  }

  #bar() {
    this.progress = h("span", { class: "progress", "data-testid": "unit-progress" }, "");
    this.meter = h("progress", { "aria-hidden": "true", max: 1, value: 0 });
    const option = (testid, act) => button({ class: "small", "data-testid": testid, onclick: () => this.acts[act]() });
    this.followsButton = option("unit-follows", "follows");
    this.advanceButton = option("unit-advance", "advance");
    this.splitButton = option("unit-split", "splitTool");
    this.mergeButton = option("unit-merge", "merge");
    this.splitButton.setAttribute("aria-pressed", "false");
    this.#name();
    return h("div", { class: "unit-bar", role: "group", "aria-label": "Utterances to code" }, this.progress, this.meter, h("span", { class: "spring" }), this.followsButton, this.advanceButton, this.splitButton, this.mergeButton);
  }

  #name() {
    const name = (b, act, title, text) => {
      const key = this.room.keyOf.get(act);
      b.title = key ? `${title} (${keyParts(key).join(" + ")})` : title;
      b.textContent = text;
    };
    name(this.followsButton, "follows", "Whether the selected utterance is the one that is heard, or the one that you go to", this.options.follows ? "With the sound" : "By hand");
    name(this.advanceButton, "advance", "Go to the next utterance without a code after coding one", "Next by itself");
    name(this.splitButton, "split", "Click the word that is to begin a unit; the key splits at the word that is heard", "Split");
    name(this.mergeButton, "merge", "Join the selected utterance to what the same speaker said before", "Merge");
    this.advanceButton.setAttribute("aria-pressed", String(this.options.advance));
    this.followsButton.setAttribute("aria-pressed", String(this.options.follows));
  }

  #set(name, on) {
    this.options[name] = on;
    remember(this.room.payload.coding, this.options);
    this.#name();
    this.heard = this.pin = null;
    if (name === "follows") this.room.say(on ? "The sound selects the utterance." : "The keys select the utterance; the sound stays where it is.");
    this.move(this.room.media.now_ms);
  }
}

/** So long after its end an utterance stays selected while others speak. */
const FAR_MS = 60_000;

function remembered(coding) {
  try {
    return JSON.parse(localStorage.getItem(`wb-units-${coding}`)) ?? {};
  } catch {
    return {};
  }
}

function remember(coding, options) {
  try {
    localStorage.setItem(`wb-units-${coding}`, JSON.stringify(options));
  } catch {
    // a browser without storage starts anew each time
  }
}
