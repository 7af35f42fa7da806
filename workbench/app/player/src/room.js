/** The coding room: puts the parts together and decides nothing that they can decide. */

import * as coding from "./coding.js";
import { reviewRows } from "./lane-rows.js";
import { Ledger } from "./ledger.js";
import { loadTranscript, loadWaveform, openCoding } from "./opening.js";
import { PARTS } from "./parts.js";
import { Preferences } from "./preferences.js";
import { keyName, laidKeys, takeKey } from "./room-keys.js";
import { buildPage } from "./room-page.js";
import { eventChanges } from "./standing.js";

const LEAD_MS = { code: 1000, review: 2000 };
const LOOK_EVERY_MS = { alone: 10_000, team: 3000 };
const LEAST_HEIGHT = 560;

export class Room {
  constructor(host, payload, tellSubmitted) {
    Object.assign(this, { host, payload, tellSubmitted });
    this.stop = new AbortController();
    this.chosen = null;
    this.ledger = new Ledger();
    this.preferences = new Preferences({
      given: payload.preferences,
      url: payload.urls.preferences,
      owner: payload.rater,
      csrf: () => this.payload.csrf,
      onChange: (names) => this.#preferred(names),
      onSentence: (sentence) => this.say(sentence),
    });
    Object.assign(this, laidKeys(payload, this.preferences.keys)); // keys, keyOf, codeKeyOf
    this.coding = payload.mode === "code";
    buildPage(this, { onMedia: () => this.#mediaChanged() });
    this.parts = PARTS.filter((Part) => !Part.when || Part.when(payload)).map((Part) => new Part(this));
    for (const part of this.parts) Object.assign(this.acts, part.acts);
  }

  // ---- life -------------------------------------------------------------------------------

  async start() {
    const { payload } = this;
    const signal = this.stop.signal;
    window.addEventListener("keydown", (e) => takeKey(this, e), { capture: true, signal });
    window.addEventListener("resize", () => this.#fit(), { signal });
    window.addEventListener("online", () => this.sync?.flush(), { signal });
    window.addEventListener("focus", () => this.sync?.look(), { signal });
    window.addEventListener("beforeunload", (e) => this.sync?.pending && !this.sync.durable && e.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave(), { signal });
    window.addEventListener("pagehide", () => this.#leave(), { signal });
    for (const event of ["pointerdown", "keydown", "wheel"]) this.root.addEventListener(event, () => this.work?.hand(), { passive: true, signal });
    this.#fit();
    const shown = Promise.all([loadWaveform(this), loadTranscript(this)]);
    if (this.coding) await openCoding(this);
    else this.media.beAt(payload.start_ms);
    await shown;
    if (this.dead) return;
    for (const part of this.parts) part.ready?.();
    this.root.dataset.ready = "true";
    this.#frame();
    this.ticker = setInterval(() => this.#tick(), 500);
  }

  /** New data for the same coding: a new sign-in token, another state, another moment to go to. */
  update(payload) {
    const before = this.payload;
    this.payload = payload;
    this.sync?.renew(payload.csrf);
    if (payload.state !== before.state && this.sync) this.sync.refresh();
    // only a link to another moment is a place to go to: the last reported position, which each run names, is not
    if (payload.asked && payload.start_ms !== before.start_ms && !this.work?.isOwn(payload.start_ms)) this.media.seek(payload.start_ms);
    for (const part of this.parts) part.renewed?.(before);
  }

  destroy() {
    if (this.dead) return;
    this.dead = true;
    this.#leave();
    this.stop.abort();
    clearInterval(this.ticker);
    this.head.close();
    for (const part of this.parts) part.destroy?.();
    this.sync?.close();
    this.preferences.close();
    this.timeline.destroy();
    this.media.destroy();
    this.root.remove();
  }

  // ---- acting -----------------------------------------------------------------------------

  /** A code's key or button; `modifiers` where the key stands for an option as well. */
  press(code, event, modifiers) {
    this.hand?.press(code, event, modifiers);
  }

  /** Carry out what `coding` decided: journal, then screen, then server. Resolves when it is drawn. */
  act({ operations, sentence, select }) {
    this.say(sentence ?? "");
    if (!operations.length) return;
    if (select) this.chosen = select;
    const made = this.ledger.stage(operations);
    this.teachLine?.remove();
    return this.sync.record(made);
  }

  /** Choose an event and go to a little before it; in review, play it. */
  choose(event) {
    this.chosen = event.id;
    this.chosenAt = event.start_ms;
    this.meaning.explain(this.payload.scheme.codes.find((code) => code.id === event.code));
    this.seek(event.start_ms - LEAD_MS[this.payload.mode]);
    if (!this.coding) {
      this.review.choose(event);
      this.media.play();
    }
    this.draw();
  }

  /** Make an event the chosen one, and stay where the sound is. */
  mark(event) {
    this.chosen = event.id;
    this.chosenAt = event.start_ms;
    this.meaning.explain(this.payload.scheme.codes.find((code) => code.id === event.code));
    this.draw();
  }

  /** The events that this room shows, in order of time. */
  shownEvents() {
    return this.coding ? this.ledger.drawn().events : this.payload.lanes.flatMap((lane) => lane.events);
  }

  /** A quiet sentence; it stays for a while. */
  say(sentence) {
    this.head.say(sentence);
  }

  /** The key of an act as it is printed, or "" where it has none. */
  keyName(act) {
    return keyName(this.keyOf, act);
  }

  /** Whether the coding may change now; says why not. `kind` ("code", "boundary", "rate"): what would be done. */
  editable(kind) {
    if (!this.coding) return false;
    if (!this.sync?.loaded) this.say("Your earlier codes are still being loaded.");
    else if (this.sync.state !== "draft") this.say("This coding is submitted; its codes no longer change.");
    else {
      const refusal = this.parts.map((part) => part.refusal?.(kind)).find(Boolean);
      if (refusal) this.say(refusal);
      return !refusal;
    }
    return false;
  }

  /** Go to a moment; the transcript follows again. */
  seek(ms) {
    this.media.seek(ms);
    this.timeline.look(true);
    this.transcript.follow(true);
  }

  #preferred(names) {
    if (names.includes("keys")) {
      Object.assign(this, laidKeys(this.payload, this.preferences.keys));
      this.codes.lay(this.codeKeyOf, this.keyOf);
      this.transport.rekey(this.keyOf);
      for (const part of this.parts) part.rekeyed?.();
    }
    for (const part of this.parts) part.preferred?.(names);
    this.draw();
  }

  // ---- drawing ----------------------------------------------------------------------------

  /** Show what the coding says now. */
  draw() {
    if (this.dead) return;
    const { scheme } = this.payload;
    if (!this.coding) {
      this.reviewed ??= { rows: reviewRows(this.payload.lanes, scheme), events: this.shownEvents() };
      this.reading?.choose(this.chosen);
      return this.timeline.show(this.reviewed.rows, this.chosen, this.reviewed.events);
    }
    const content = this.ledger.drawn();
    const editable = Boolean(this.sync?.loaded) && this.sync.state === "draft";
    const open = coding.openStates(content, scheme);
    if (this.media.live) this.media.set(content.clock);
    this.events.update(content.events, this.chosen, content.evidence);
    this.codes.update(open, !editable);
    this.transport.history(this.ledger.history(), editable);
    this.tabs.label("events", `Codes ${content.events.length}`);
    this.timeline.show(this.rows.rows(content.events), this.chosen, content.events);
    if (content.events.length) this.teachLine?.remove();
    const changed = eventChanges(this.shown?.events ?? [], content.events);
    this.shown = content;
    const view = { content, changed, open, editable, chosen: this.chosen, history: this.ledger.history() };
    for (const part of this.parts) part.update?.(view);
    this.drawStatus();
  }

  /** Where the work is: saved, on the way, refused. */
  drawStatus() {
    if (!this.sync) return;
    for (const part of this.parts) part.kept?.(this.sync);
    this.head.show(this.sync);
    this.root.dataset.state = this.sync.state;
  }

  #frame() {
    if (this.dead) return;
    const ms = this.media.now_ms;
    if (ms !== this.drawnAt) {
      this.drawnAt = ms;
      this.transcript.move(ms); // first: it measures where words are, and nothing has changed yet
      this.transport.move(ms);
      this.timeline.move(ms);
      this.events?.move(ms);
      for (const part of this.parts) part.move?.(ms);
    }
    requestAnimationFrame(() => this.#frame());
  }

  #tick() {
    if (this.dead) return;
    this.theme.look();
    this.#fit();
    this.work?.tick();
    if (this.coding && document.visibilityState === "visible" && performance.now() - this.lastLook > LOOK_EVERY_MS[this.payload.team?.length ? "team" : "alone"]) {
      this.lastLook = performance.now();
      this.sync.look();
    }
  }

  #mediaChanged() {
    this.transport?.changed();
    this.events?.play(this.media.playing);
    for (const part of this.parts ?? []) part.changed?.();
    if (this.played && !this.media.playing) this.work?.tell(); // a seek while paused is told with the next tick
    this.played = this.media.playing;
  }

  #leave() {
    this.sync?.flush({ leaving: true });
    this.work?.tell();
  }

  /** Fill the window below the page's own head. */
  #fit() {
    const scrolled = this.root.getRootNode().host?.closest("[data-testid=stMain]")?.scrollTop ?? 0;
    const top = this.root.getBoundingClientRect().top + scrolled;
    const height = Math.max(LEAST_HEIGHT, Math.floor(window.innerHeight - top - 12));
    if (height === this.height) return;
    this.height = height;
    this.root.style.setProperty("--room-height", `${height}px`);
  }
}
