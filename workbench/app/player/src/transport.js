/** The bar under the picture: play, skip, speed, volume, zoom, clock. */

import { button, h, icon, ICONS } from "./dom.js";
import { clock, clockTenths } from "./format.js";

export class Transport {
  constructor({ media, acts, canEdit }) {
    this.media = media;
    this.time = h("span", { class: "clock", "data-testid": "clock", role: "timer", "aria-live": "off", "aria-label": "Position" });
    this.playIcon = h("span", { class: "swap" });
    this.play = button({ class: "play", "aria-label": "Play", "aria-keyshortcuts": "Space", "data-testid": "play", onclick: acts.play }, this.playIcon);
    this.speed = h("span", { class: "speed", "data-testid": "speed", "aria-label": "Speed" });
    const small = (label, shape, act, keys) => button({ class: "tool", "aria-label": label, title: keys ? `${label} (${keys})` : label, onclick: act, "data-testid": label.toLowerCase().replaceAll(" ", "-") }, shape);
    this.undo = small("Undo", icon(ICONS.undo), acts.undo, "Ctrl+Z");
    this.redo = small("Redo", icon(ICONS.redo), acts.redo, "Ctrl+Shift+Z");
    const volume = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "Volume", class: "volume" });
    volume.addEventListener("input", () => (media.element.volume = Number(volume.value)));
    this.element = h(
      "div",
      { class: "transport", role: "toolbar", "aria-label": "Playback" },
      this.play,
      small("5 s back", "−5", acts.back5, "←"),
      small("5 s on", "+5", acts.forward5, "→"),
      small("Replay utterance", icon(ICONS.replay), acts.replay, "Enter"),
      this.time,
      h("span", { class: "group", role: "group", "aria-label": "Speed" }, small("Slower", icon(ICONS.minus), acts.slower, "−"), this.speed, small("Faster", icon(ICONS.plus), acts.faster, "+")),
      h("span", { class: "group" }, icon(ICONS.volume), volume),
      canEdit ? h("span", { class: "group" }, this.undo, this.redo) : null,
      h("span", { class: "spring" }),
      h("span", { class: "group", role: "group", "aria-label": "Zoom" }, small("Zoom out", icon(ICONS.minus), acts.zoomOut), h("span", { class: "quiet" }, "Zoom"), small("Zoom in", icon(ICONS.plus), acts.zoomIn), button({ class: "tool", onclick: acts.zoomAll, "data-testid": "zoom-all" }, "All")),
    );
    this.changed();
  }

  /** After play, pause or a change of speed. */
  changed() {
    const playing = this.media.playing;
    if (playing !== this.shown) {
      this.playIcon.replaceChildren(icon(playing ? ICONS.pause : ICONS.play, { fill: true }));
      this.play.setAttribute("aria-label", playing ? "Pause" : "Play");
      this.shown = playing;
    }
    this.speed.textContent = `${this.media.speed}×`;
  }

  move(ms) {
    const text = `${clockTenths(ms)} / ${clock(this.media.duration_ms)}`;
    if (text !== this.text) this.time.textContent = this.text = text;
  }

  history({ undo, redo }, editable) {
    this.undo.disabled = !editable || !undo.length;
    this.redo.disabled = !editable || !redo.length;
  }
}
