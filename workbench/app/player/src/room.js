/** The coding room: puts the parts together and decides nothing that they can decide. */

import { CodesPanel, MeaningPanel } from "./codes.js";
import * as coding from "./coding.js";
import { button, h } from "./dom.js";
import { retime } from "./editing.js";
import { EventsPanel } from "./events.js";
import { clock, keyLabel } from "./format.js";
import { openJournal } from "./journal.js";
import { placeToBegin } from "./outbox.js";
import { belongsElsewhere, bindingOf, controlNeeds, keyboard, nameOf } from "./keys.js";
import { CodingRows, reviewRows } from "./lane-rows.js";
import { Ledger } from "./ledger.js";
import { LiveClock } from "./live-clock.js";
import { Media } from "./media.js";
import { Pictures } from "./pictures.js";
import { ReviewPanel } from "./review.js";
import { PARTS } from "./parts.js";
import { Preferences } from "./preferences.js";
import { nextDisagreement } from "./review-marks.js";
import { eventChanges } from "./standing.js";
import { spokenOf } from "./spoken.js";
import { statusOf, welcomeBack } from "./status.js";
import { Sync } from "./sync.js";
import { tabs } from "./tabs.js";
import { Theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { TranscriptPane } from "./transcript.js";
import { Transport } from "./transport.js";
import { tookBack } from "./undone.js";
import { channels } from "./waveform.js";
import { WorkTime } from "./worktime.js";

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
    this.#layKeys();
    this.coding = payload.mode === "code";
    this.#build();
    this.parts = PARTS.filter((Part) => !Part.when || Part.when(payload)).map((Part) => new Part(this));
    for (const part of this.parts) Object.assign(this.acts, part.acts);
  }

  // ---- life -------------------------------------------------------------------------------

  async start() {
    const { payload } = this;
    const signal = this.stop.signal;
    window.addEventListener("keydown", (e) => this.#key(e), { capture: true, signal });
    window.addEventListener("resize", () => this.#fit(), { signal });
    window.addEventListener("online", () => this.sync?.flush(), { signal });
    window.addEventListener("focus", () => this.sync?.look(), { signal });
    window.addEventListener("beforeunload", (e) => this.sync?.pending && !this.sync.durable && e.preventDefault(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.#leave(), { signal });
    window.addEventListener("pagehide", () => this.#leave(), { signal });
    for (const event of ["pointerdown", "keydown", "wheel"]) this.root.addEventListener(event, () => this.work?.hand(), { passive: true, signal });
    this.#fit();
    const shown = Promise.all([this.#loadWaveform(), this.#loadTranscript()]);
    if (this.coding) await this.#loadCoding();
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
  }

  destroy() {
    this.dead = true;
    this.#leave();
    this.stop.abort();
    clearInterval(this.ticker);
    clearTimeout(this.hush);
    for (const part of this.parts) part.destroy?.();
    this.sync?.close();
    this.preferences.close();
    this.timeline.destroy();
    this.media.destroy();
    this.root.remove();
  }

  // ---- building ---------------------------------------------------------------------------

  #build() {
    const { payload } = this;
    const { scheme } = payload;
    const { media, more_media: more = [] } = payload;
    const kind = [media, ...more].some((m) => m.kind === "video") ? "video" : media.kind;
    this.root = h("div", { class: "room", "data-mode": payload.mode, "data-kind": kind, "data-testid": "coding-room", lang: document.documentElement.lang || "en" });
    this.host.replaceChildren(this.root);
    this.theme = new Theme(this.root, () => this.#restyle());
    const onChange = () => this.#mediaChanged();
    this.media =
      media.kind === "none"
        ? new LiveClock({ media, onChange, begin: this.coding ? (values) => this.editable() && this.act({ operations: [{ kind: "clock", values }] }) : null })
        : new Media({ media, url: payload.urls.media, more, speedCap: scheme.speed_cap, onChange, onTrouble: (s) => this.say(s) });
    this.acts = this.#acts();
    this.pictures = new Pictures({ media: this.media, onToggle: () => this.media.toggle(), onSound: () => this.acts.hear() });
    this.transport = new Transport({ media: this.media, acts: this.acts, keys: this.keyOf, canEdit: this.coding, hasPicture: kind === "video" });
    this.transcript = new TranscriptPane({ speakers: payload.speakers, version: payload.transcript_version, onSeek: (ms) => this.seek(ms) });
    this.meaning = new MeaningPanel();
    this.meaning.explain(scheme.codes[0]);
    this.codes = new CodesPanel({ scheme, keys: this.codeKeyOf, actKeys: this.keyOf, onPress: (code, e) => this.press(code, e), onExplain: (code) => this.meaning.explain(code) });
    this.rows = new CodingRows(scheme);
    this.timeline = this.#timeline();
    this.waveform = this.timeline.waveform;
    this.lanes = this.timeline.lanes;
    this.root.append(this.#bar(), ...(payload.teach && this.coding && !scheme.passes?.length ? [this.#teach()] : []), this.#stage(), ...(this.coding ? [this.codes.element] : []), this.timeline.element);
  }

  #bar() {
    const { payload } = this;
    this.message = h("p", { class: "message", role: "status", "data-testid": "message" });
    this.statusText = h("span", {}, "opening");
    this.statusAct = h("button", { type: "button", class: "small", hidden: true, onclick: () => location.reload() }, "Reload");
    this.statusLine = h("p", { class: "status", "data-testid": "status" }, h("span", { class: "dot", "aria-hidden": "true" }), this.statusText, this.statusAct);
    this.alarm = h("p", { class: "vh", role: "alert" });
    this.submitButton = button({ class: "primary", "data-testid": "submit", onclick: () => this.acts.submit() }, "Submit…");
    return h(
      "header",
      { class: "bar" },
      h("h2", { title: payload.session_title }, payload.session_title),
      h("span", { class: "scheme" }, `${payload.scheme.title} ${payload.scheme.version}${payload.team?.length ? ` · coded by ${payload.team.join(" and ")}` : ""}`),
      this.message,
      this.coding ? this.statusLine : null,
      this.alarm,
      button({ class: "tool", "aria-label": "Keys", title: "Keys (?)", "data-testid": "keys", onclick: () => this.acts.help() }, h("kbd", {}, "?")),
      this.coding ? this.submitButton : null,
    );
  }

  #teach() {
    const [first] = this.payload.scheme.codes;
    const key = (text) => h("kbd", {}, text);
    const does = first.kind === "utterance" ? ` codes the selected utterance as “${first.label}”. ` : first.kind === "state" ? ` begins “${first.label}”, again ends it. ` : ` marks “${first.label}” at this moment. `;
    this.teachLine = h("p", { class: "teach", "data-testid": "teach" }, key("Space"), " plays and pauses. ", key(keyLabel(this.codeKeyOf.get(first.id) ?? "")), does, key("Ctrl"), " + ", key("Z"), " takes it back.");
    return this.teachLine;
  }

  #stage() {
    const left = h("div", { class: "left" }, this.pictures.element, this.meaning.element);
    return h("div", { class: "stage" }, left, this.transcript.element, this.coding ? this.#side() : this.#review());
  }

  #side() {
    const { scheme } = this.payload;
    this.events = new EventsPanel({
      scheme,
      people: this.payload.people,
      onChoose: (event) => this.choose(event),
      onMark: (event) => this.mark(event),
    });
    this.tabs = tabs("Codes, ratings and notes", [
      { id: "events", label: "Codes", panel: this.events.element },
      { id: "ratings", label: "Ratings", panel: h("div", { class: "tabbed" }) },
      { id: "notes", label: "Notes", panel: h("div", { class: "tabbed" }) },
    ]);
    return h("section", { class: "panel side", "aria-label": "Codes and ratings" }, this.tabs.element);
  }

  #review() {
    this.review = new ReviewPanel({
      scheme: this.payload.scheme,
      lanes: this.payload.lanes,
      keys: this.keyOf,
      onChoose: (event) => this.choose(event),
      onNext: () => this.acts.next(),
    });
    return this.review.element;
  }

  #timeline() {
    const { scheme, windows } = this.payload;
    return new Timeline({
      media: this.media,
      payload: this.payload,
      paint: this.theme.paint,
      transport: this.transport.element,
      acts: {
        seek: (ms) => this.seek(ms),
        choose: (event) => this.choose(event),
        hold: (event) => this.mark(event),
        editable: () => this.editable(),
        mayMove: (event) => this.coding && this.sync?.state === "draft" && !event.unit,
        marks: () => this.spoken?.edges ?? [],
        drop: ({ id }, values) => {
          const content = this.ledger.content();
          const event = content.events.find((e) => e.id === id); // it may be gone, or changed, since it was taken
          if (event) this.act(retime(event, values, content, scheme, windows));
        },
      },
    });
  }

  // ---- loading ----------------------------------------------------------------------------

  async #loadWaveform() {
    if (this.media.live) return;
    try {
      const response = await fetch(this.payload.urls.peaks, { credentials: "same-origin" });
      if (!response.ok) throw new Error(`${response.status}`);
      this.timeline.wave(channels(await response.arrayBuffer()));
    } catch {
      this.say("The waveform could not be loaded; sound and codes work without it.");
    }
    if (!this.dead) this.draw();
  }

  async #loadTranscript() {
    const url = this.payload.urls.transcript;
    if (!url) return this.transcript.empty("There is no transcript to read here. Code what you see and hear.");
    try {
      const response = await fetch(url, { credentials: "same-origin" });
      if (!response.ok) throw new Error(`${response.status}`);
      const transcript = await response.json();
      this.spoken = spokenOf(transcript);
      this.transcript.show(transcript);
    } catch {
      this.transcript.empty("The transcript could not be loaded; sound and codes work without it. Reload the page to try again.");
    }
  }

  async #loadCoding() {
    const { payload } = this;
    this.journal = await openJournal();
    const known_ms = payload.position_ms ?? payload.start_ms;
    const place_ms = payload.asked || payload.live ? known_ms : await placeToBegin(this.journal, payload.rater, payload.coding, known_ms);
    const start_ms = place_ms === known_ms ? payload.start_ms : place_ms;
    const [home] = payload.windows.find(([from, to]) => from <= start_ms && start_ms < to) ?? [0];
    const earlier_ms = payload.asked || payload.live ? 0 : Math.min(this.preferences.resume_earlier_ms, start_ms - home);
    if (this.dead) return this.journal.close();
    this.media.beAt(start_ms - earlier_ms);
    this.sync = new Sync({
      urls: payload.urls,
      coding: payload.coding,
      rater: payload.rater,
      csrf: payload.csrf,
      state: payload.state,
      journal: this.journal,
      ledger: this.ledger,
      onChange: () => {
        this.draw();
        this.#elsewhere();
      },
      onStatus: () => this.#drawStatus(),
      onSentence: (sentence) => this.say(sentence),
    });
    this.work = new WorkTime({ media: this.media, send: (position, spent) => this.sync.position(position, spent), keep: (position, told) => this.sync.outbox.keepPlace(position, told), known_ms });
    this.draw();
    await this.sync.load();
    if (this.dead) return;
    const events = this.ledger.drawn().events.filter((e) => e.code !== "not_observable").length;
    const back = welcomeBack({ recovered: this.sync.recovered, events, start_ms, earlier_ms });
    if (!this.journal.durable) this.say("This window keeps nothing on this computer’s disk: codes are safe when the line above says “all saved”.");
    else if (back) this.say(back);
    this.lastLook = performance.now();
    this.draw();
  }

  /** The coding was submitted in another tab, or by another person of the team: look at it as submitted. */
  #elsewhere() {
    if (this.dead || !this.sync?.loaded || this.sync.submitting || this.sync.state === "draft" || this.sync.pending || this.left) return;
    this.left = true;
    this.say("This coding was submitted in another window.");
    this.tellSubmitted();
  }

  // ---- acting -----------------------------------------------------------------------------

  #acts() {
    const { media } = this;
    const jump = (step) => {
      const start = this.transcript.startOf(step, media.now_ms);
      if (start != null) this.seek(start);
    };
    return {
      play: () => media.toggle(),
      back5: () => this.seek(media.now_ms - 5000),
      forward5: () => this.seek(media.now_ms + 5000),
      back1: () => this.seek(media.now_ms - 1000),
      forward1: () => this.seek(media.now_ms + 1000),
      previous: () => jump(-1),
      following: () => jump(1),
      replay: () => {
        if (media.live) return; // a stopped session would go on
        jump(0);
        media.play();
      },
      slower: () => media.changeSpeed(-1),
      faster: () => media.changeSpeed(1),
      undo: () => this.#takeBack("undo"),
      redo: () => this.#takeBack("redo"),
      next: () => {
        const event = nextDisagreement(this.payload.lanes, this.chosenAt ?? -1);
        if (event) this.choose(event);
        else this.say("The lanes agree everywhere.");
      },
      zoomIn: () => this.waveform.zoom(1.6),
      zoomOut: () => this.waveform.zoom(1 / 1.6),
      zoomAll: () => this.waveform.zoom(0),
    };
  }

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
    this.message.textContent = sentence;
    clearTimeout(this.hush);
    if (sentence) this.hush = setTimeout(() => (this.message.textContent = ""), 9000);
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

  #takeBack(which) {
    if (!this.editable()) return;
    const ids = this.ledger.history()[which];
    if (!ids.length) return this.say(which === "undo" ? "Nothing to undo." : "Nothing to redo.");
    const meant = (op) => (op?.kind === "void" ? meant(this.ledger.get(op.target)) : op);
    const operations = ids.map((id) => meant(this.ledger.get(id))).filter(Boolean);
    const sentence = tookBack(which, operations, this.payload.scheme, this.ledger.content().events);
    this.act({ operations: ids.map((target) => ({ kind: "void", target })), sentence });
  }

  /** Go to a moment; the transcript follows again. */
  seek(ms) {
    this.media.seek(ms);
    this.timeline.look(true);
    this.transcript.follow(true);
  }

  #layKeys() {
    this.keys = keyboard(this.payload.scheme, this.payload.mode, this.preferences.keys);
    const withKey = this.keys.rows.filter((row) => row.keys.length);
    this.keyOf = new Map(withKey.filter((row) => row.act).map((row) => [row.act, row.keys[0]]));
    this.codeKeyOf = new Map(withKey.filter((row) => row.code).map((row) => [row.id, row.keys[0]]));
  }

  #preferred(names) {
    if (names.includes("keys")) {
      this.#layKeys();
      this.codes.lay(this.codeKeyOf, this.keyOf);
      this.transport.rekey(this.keyOf);
      for (const part of this.parts) part.rekeyed?.();
    }
    for (const part of this.parts) part.preferred?.(names);
    this.draw();
  }

  #key(e) {
    if (e.isComposing || e.keyCode === 229 || !this.root.isConnected || belongsElsewhere(e, this.host.host ?? this.host, this.root)) return;
    const name = nameOf(e);
    if (controlNeeds(e, name)) return;
    const binding = bindingOf(this.keys.bindings, e);
    // Streamlit listens to single letters (r reruns, c clears): none may pass while the room has the keyboard
    for (const part of this.parts) if (part.key?.(e, name)) return;
    if (!binding && !/^(shift\+)?[\p{L}\d]$/u.test(name)) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    if (!binding) return;
    this.work?.hand();
    if (binding.code && !e.repeat) this.press(this.payload.scheme.codes.find((c) => c.id === binding.code), e, binding.modifiers);
    else if (binding.act && (!e.repeat || binding.repeat)) this.acts[binding.act]?.(e);
  }

  // ---- drawing ----------------------------------------------------------------------------

  /** Show what the coding says now. */
  draw() {
    if (this.dead) return;
    const { scheme } = this.payload;
    if (!this.coding) {
      this.reviewed ??= { rows: reviewRows(this.payload.lanes, scheme), events: this.shownEvents() };
      return this.timeline.show(this.reviewed.rows, this.chosen, this.reviewed.events);
    }
    const content = this.ledger.drawn();
    const editable = Boolean(this.sync?.loaded) && this.sync.state === "draft";
    const open = coding.openStates(content, scheme);
    if (this.media.live) this.media.set(content.clock);
    this.events.update(content.events, this.chosen);
    this.codes.update(open, !editable);
    this.transport.history(this.ledger.history(), editable);
    this.tabs.label("events", `Codes ${content.events.length}`);
    this.timeline.show(this.rows.rows(content.events), this.chosen, content.events);
    if (content.events.length) this.teachLine?.remove();
    const changed = eventChanges(this.shown?.events ?? [], content.events);
    this.shown = content;
    const view = { content, changed, open, editable, chosen: this.chosen, history: this.ledger.history() };
    for (const part of this.parts) part.update?.(view);
    this.#drawStatus();
  }

  #drawStatus() {
    if (!this.sync) return;
    const { condition, pending, reason, state, durable } = this.sync;
    const { text, tone, act } = statusOf({ condition, pending, reason, durable });
    for (const part of this.parts) part.kept?.(this.sync);
    if (text !== this.statusText.textContent) {
      this.statusText.textContent = text;
      this.statusLine.dataset.tone = tone;
      const alarm = tone === "alarm" ? text.replace(/\d+/g, "").trim() : "";
      if (alarm !== this.alarmed) this.alarm.textContent = tone === "alarm" ? text : "";
      this.alarmed = alarm;
      this.statusAct.hidden = !act;
      this.statusAct.textContent = act === "sign-in" ? "Sign in" : "Reload";
    }
    this.submitButton.textContent = state === "draft" ? "Submit…" : state === "locked" ? "Locked" : "Submitted";
    this.submitButton.disabled = state !== "draft";
    this.root.dataset.state = state;
  }

  #frame() {
    if (this.dead) return;
    const ms = this.media.now_ms;
    if (ms !== this.drawnAt) {
      this.drawnAt = ms;
      this.transport.move(ms);
      this.transcript.move(ms);
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

  #restyle() {
    this.timeline.spoil();
  }
}
