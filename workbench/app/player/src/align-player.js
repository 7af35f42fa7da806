/** A live coding beside the recording that came later: it plays, the coded moments lie where the chosen shift puts them,
 * and a moment that is heard says where it belongs.
 *
 * Nothing is kept here: the screen around it holds the shift, and is told of another one.
 */

import { codeOf } from "./coding.js";
import { dirOf } from "./direction.js";
import { button, h, icon, ICONS, safeColour, write } from "./dom.js";
import { clock, clockTenths } from "./format.js";
import { CodingRows } from "./lane-rows.js";
import { Media } from "./media.js";
import { Pictures } from "./pictures.js";
import { Theme } from "./theme.js";
import { Timeline } from "./timeline.js";
import { channels } from "./waveform.js";

const LEAD_MS = 2000; // a moment is played from so long before it
const LOOK_EVERY_MS = 500;
const STEPS_MS = new Map([["−5", -5000], ["−1", -1000], ["+1", 1000], ["+5", 5000]]);
const KEYS_MS = { arrowleft: -1000, arrowright: 1000 };

/** Where a shift puts events: {id: {start_ms, end_ms, inside}}; none of it is before the recording begins, as when it is kept. */
export function placed(events, shift_ms, duration_ms) {
  const moved = (ms) => (ms == null ? null : Math.max(0, ms + shift_ms));
  return new Map(
    events.map((event) => {
      const last = (event.end_ms ?? event.start_ms) + shift_ms;
      return [event.id, { start_ms: moved(event.start_ms), end_ms: moved(event.end_ms), inside: last >= 0 && event.start_ms + shift_ms < duration_ms }];
    }),
  );
}

/** The stretch of the recording that was observed, as windows; the clock ran for `ran_ms`. */
export function observedBy(shift_ms, ran_ms, duration_ms) {
  const [start, end] = [Math.max(0, shift_ms), Math.min(duration_ms, ran_ms + shift_ms)];
  return end > start ? [[start, end]] : [];
}

export class AlignPlayer {
  /** `onHere(shift_ms)`: the chosen moment was heard, which gives this shift. */
  constructor(host, payload, onHere) {
    Object.assign(this, { host, payload, onHere });
    this.chosen = payload.events[0]?.id ?? null;
    this.#build();
    this.#draw();
  }

  async start() {
    const { peaks } = this.payload.urls;
    this.ticker = setInterval(() => this.theme.look(), LOOK_EVERY_MS);
    this.#frame();
    try {
      const response = await fetch(peaks, { credentials: "same-origin" });
      if (!response.ok) throw new Error(`${response.status}`);
      if (!this.dead) this.timeline.wave(channels(await response.arrayBuffer()));
    } catch {
      this.say("The waveform could not be loaded; the sound works without it.");
    }
    this.root.dataset.ready = "true";
  }

  /** Another shift: the same recording, at the same place. */
  update(payload) {
    this.payload = payload;
    this.#draw();
  }

  destroy() {
    if (this.dead) return;
    this.dead = true;
    clearInterval(this.ticker);
    this.timeline.destroy();
    this.media.destroy();
    this.root.remove();
  }

  say(sentence) {
    this.message.textContent = sentence;
  }

  // ---- building -----------------------------------------------------------------------------

  #build() {
    const { media, urls, scheme } = this.payload;
    this.root = h("section", { class: "room align-player", "aria-label": "The recording", "data-kind": media.kind, "data-testid": "align-player", style: { "--moments": String(this.payload.events.length) } });
    this.host.replaceChildren(this.root);
    this.theme = new Theme(this.root, () => this.timeline.spoil());
    this.media = new Media({ media, url: urls.media, speedCap: 0, onChange: () => this.#changed(), onTrouble: (sentence) => this.say(sentence) });
    this.pictures = new Pictures({ media: this.media, onToggle: () => this.media.toggle() });
    this.rows = new CodingRows(scheme);
    this.list = h("ul", { class: "align-moments" }, ...this.payload.events.map((event) => this.#moment(event)));
    const moments = h("div", { class: "panel" }, h("div", { class: "panel-head" }, h("b", { class: "align-title" }, "Coded moments"), h("span", { class: "quiet" }, "by the clock → in the recording")), h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": "Coded moments" }, this.list));
    this.timeline = new Timeline({
      media: this.media,
      payload: { mode: "review", media, windows: [], lanes: [] },
      paint: this.theme.paint,
      transport: this.#transport(),
      acts: { seek: (ms) => this.#seek(ms), choose: ({ id }) => this.#play(id), hold: () => {}, editable: () => false, mayMove: () => false, marks: () => [], drop: () => {} },
    });
    this.root.append(h("div", { class: "align-stage" }, media.kind === "video" ? h("div", { class: "left" }, this.pictures.element) : this.pictures.element, moments), this.timeline.element);
    this.root.addEventListener("keydown", (e) => this.#key(e));
  }

  #moment(event) {
    const code = codeOf(this.payload.scheme, event.code);
    const place = h("span", { class: "align-place" });
    const b = button(
      { class: "align-moment", style: { "--code": safeColour(code.colour) }, "data-event": event.id, "data-testid": "align-moment", onclick: () => this.#play(event.id) },
      h("span", { class: "align-when" }, clock(event.start_ms)),
      h("span", { class: "quiet", "aria-hidden": "true" }, "→"),
      place,
      h("span", { class: `shape ${code.kind}`, "aria-hidden": "true" }),
      h("span", { class: "name", dir: dirOf(code.label) }, code.label),
    );
    (this.moments ??= new Map()).set(event.id, { b, place });
    return h("li", {}, b);
  }

  #transport() {
    this.playIcon = h("span", { class: "swap" });
    this.playButton = button({ class: "play", "data-testid": "align-play", onclick: () => this.media.toggle() }, this.playIcon);
    this.time = h("span", { class: "clock", role: "timer", "aria-live": "off", "aria-label": "Position", "data-testid": "align-clock" });
    const steps = [...STEPS_MS].map(([text, ms]) => button({ class: "tool", "aria-label": `${Math.abs(ms) / 1000} s ${ms < 0 ? "back" : "on"}`, onclick: () => this.#seek(this.media.now_ms + ms) }, text));
    this.here = button({ class: "small here", hidden: !this.payload.may || !this.payload.events.length, "data-testid": "align-here", onclick: () => this.#isHere() });
    this.message = h("span", { class: "quiet", role: "status" });
    this.#changed();
    return h("div", { class: "transport", role: "toolbar", "aria-label": "Playback" }, this.playButton, ...steps, this.time, this.here, this.message);
  }

  // ---- acting -------------------------------------------------------------------------------

  #seek(ms) {
    this.media.seek(ms);
    this.timeline.look(true);
  }

  /** Choose a moment and hear it where it lies now. */
  #play(id) {
    this.chosen = id;
    this.#draw();
    const place = this.places.get(id);
    if (!place.inside) return this.say("This moment lies outside the recording: move the coding, or find the moment by ear.");
    this.say("");
    this.#seek(Math.max(0, place.start_ms - LEAD_MS));
    this.media.play();
  }

  #isHere() {
    const event = this.payload.events.find((e) => e.id === this.chosen);
    if (event) this.onHere(Math.round(this.media.now_ms) - event.start_ms);
  }

  /** Space plays and the arrows seek, wherever in the player the keyboard is. */
  #key(e) {
    if (e.ctrlKey || e.metaKey || e.altKey || e.shiftKey) return;
    const key = e.key.toLowerCase();
    if (key === " " && !e.target.closest?.("button")) this.media.toggle();
    else if (key in KEYS_MS) this.#seek(this.media.now_ms + KEYS_MS[key]);
    else return;
    e.preventDefault();
    e.stopPropagation();
  }

  // ---- drawing ------------------------------------------------------------------------------

  #draw() {
    const { events, shift_ms, media, ran_ms, scheme } = this.payload;
    this.places = placed(events, shift_ms, media.duration_ms);
    for (const [id, { b, place }] of this.moments ?? []) {
      const { start_ms, inside } = this.places.get(id);
      write(place, "textContent", inside ? clock(start_ms) : "outside");
      b.classList.toggle("outside", !inside);
      if (id === this.chosen) b.setAttribute("aria-current", "true");
      else b.removeAttribute("aria-current");
    }
    const chosen = events.find((e) => e.id === this.chosen);
    if (chosen) this.here.replaceChildren(h("span", {}, "“", h("bdi", {}, codeOf(scheme, chosen.code).label), `” of ${clock(chosen.start_ms)} happens here`));
    const shown = events.filter((e) => this.places.get(e.id).inside).map((e) => ({ modifiers: [], ...e, ...this.places.get(e.id) })).sort((a, b) => a.start_ms - b.start_ms);
    this.timeline.windows = this.timeline.overview.windows = observedBy(shift_ms, ran_ms, media.duration_ms);
    this.timeline.show(this.rows.rows(shown), this.chosen, shown);
    this.timeline.spoil();
  }

  #changed() {
    const playing = Boolean(this.media?.playing);
    if (!this.playButton || playing === this.shownPlaying) return;
    this.shownPlaying = playing;
    this.playIcon.replaceChildren(icon(playing ? ICONS.pause : ICONS.play, { fill: true }));
    this.playButton.setAttribute("aria-label", playing ? "Pause" : "Play");
  }

  #frame() {
    if (this.dead) return;
    const ms = this.media.now_ms;
    if (ms !== this.drawnAt) {
      this.drawnAt = ms;
      this.timeline.move(ms);
      write(this.time, "textContent", `${clockTenths(ms)} / ${clock(this.media.duration_ms)}`);
    }
    requestAnimationFrame(() => this.#frame());
  }
}
