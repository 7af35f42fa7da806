/** The pictures of the session: one camera, or several with one large and the others small, or side by side. */

import { button, h } from "./dom.js";

export class Pictures {
  constructor({ media, onToggle, onSound }) {
    this.media = media;
    this.frames = media.tracks.filter((track) => track.kind === "video").map((track) => this.#frame(track, onToggle));
    const sounds = media.tracks.filter((track) => track.kind !== "video").map((track) => track.element);
    this.large = 0;
    this.beside = false;
    this.sound = media.several ? button({ class: "small", "data-testid": "heard", title: "Change which recording is heard", onclick: onSound }) : null;
    const several = this.frames.length > 1;
    this.layout = several ? button({ class: "small", "data-testid": "layout", "aria-pressed": "false", onclick: () => this.setBeside(!this.beside) }, "Side by side") : null;
    this.stage = h("div", { class: several ? "pictures several" : "pictures" }, ...this.frames.map((frame) => frame.figure));
    const foot = this.sound || this.layout ? h("div", { class: "pictures-foot" }, this.sound, this.layout) : null;
    this.element = h("div", { class: this.frames.length ? "picture-box" : "sound-box" }, this.frames.length ? this.stage : null, ...sounds, foot);
    this.#place();
    this.changed();
  }

  /** Make the next camera the large one. */
  next() {
    this.large = (this.large + 1) % Math.max(1, this.frames.length);
    this.#place();
  }

  setBeside(on) {
    this.beside = on;
    this.layout?.setAttribute("aria-pressed", String(on));
    this.#place();
  }

  /** After a change of sound, or a recording that failed. */
  changed() {
    const { media } = this;
    if (this.sound) {
      const text = media.heard.label;
      if (text !== this.heard) this.sound.replaceChildren("Sound: ", h("b", {}, (this.heard = text)));
    }
    for (const { track, figure, note } of this.frames) {
      const text = track.failed ? "This recording cannot be played." : "";
      if (note.textContent !== text) note.textContent = text;
      figure.classList.toggle("failed", track.failed);
    }
  }

  /** Outside its own stretch a camera shows nothing. */
  move() {
    if (this.frames.length < 2) return;
    for (const { track, figure } of this.frames) figure.classList.toggle("away", track !== this.media.lead && track.runs === false);
  }

  #frame(track, onToggle) {
    const note = h("p", { class: "picture-note", role: "status" });
    const several = this.media.several;
    const figure = h("figure", { class: "picture" }, track.element, several ? h("figcaption", {}, track.label) : null, note);
    figure.addEventListener("click", () => {
      const place = this.frames.findIndex((frame) => frame.figure === figure);
      if (!this.beside && place !== this.large) {
        this.large = place;
        this.#place();
      } else onToggle();
    });
    return { track, figure, note };
  }

  #place() {
    this.stage.classList.toggle("beside", this.beside);
    this.frames.forEach(({ figure }, n) => figure.classList.toggle("large", n === this.large));
  }
}
