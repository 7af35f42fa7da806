/** The bar over the waveform: play, skip, speed, sound, loop, zoom, clock. */

import { button, h, icon, ICONS } from "./dom.js";
import { clock, clockTenths, keyLabel } from "./format.js";

export class Transport {
  /** `acts`: {name: f(event)}, asked when a button is pressed; `keys`: Map act → key. */
  constructor({ media, acts, keys, canEdit, hasPicture }) {
    this.media = media;
    this.time = h("span", { class: "clock", "data-testid": "clock", role: "timer", "aria-live": "off", "aria-label": "Position" });
    this.playIcon = h("span", { class: "swap" });
    this.play = button({ class: "play", "aria-label": "Play", "data-testid": "play", onclick: (e) => acts.play(e) }, this.playIcon);
    this.speed = h("span", { class: "speed", "data-testid": "speed", "aria-label": "Speed" });
    this.hinted = [];
    const small = (label, shape, act, more = {}) => {
      const b = button({ class: "tool", "aria-label": label, onclick: (e) => acts[act]?.(e), "data-testid": label.toLowerCase().replaceAll(" ", "-"), ...more }, shape);
      if (!more.title) this.hinted.push({ b, label, act });
      return b;
    };
    this.undo = small("Undo", icon(ICONS.undo), "undo");
    this.redo = small("Redo", icon(ICONS.redo), "redo");
    const group = (name, ...parts) => h("span", { class: "group", role: "group", "aria-label": name }, ...parts);
    const recorded = !media.live;
    if (recorded) {
      this.volume = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: 1, "aria-label": "Volume", class: "volume" });
      this.volume.addEventListener("input", () => (media.volume = Number(this.volume.value)));
      this.mute = small("Mute", icon(ICONS.volume), "mute", { "aria-pressed": "false" });
      this.boost = small("Louder", "1×", "louder");
      this.loop = small("Loop", icon(ICONS.loop), "loop", { "aria-pressed": "false" });
      this.tool = small("Draw a loop", icon(ICONS.drawLoop), "loopTool", { "aria-pressed": "false", title: "Draw a loop on the waveform (or Shift and drag)" });
      this.picture = hasPicture ? small("Larger picture", icon(ICONS.larger), "picture", { "aria-pressed": "false" }) : null;
    }
    this.element = h(
      "div",
      { class: "transport", role: "toolbar", "aria-label": "Playback" },
      this.play,
      ...(recorded
        ? [
            small("5 s back", "−5", "back5"),
            small("1 s back", "−1", "back1"),
            small("One picture back", icon(ICONS.frameBack), "frameBack"),
            small("One picture on", icon(ICONS.frameOn), "frameOn"),
            small("1 s on", "+1", "forward1"),
            small("5 s on", "+5", "forward5"),
            small("Replay utterance", icon(ICONS.replay), "replay"),
          ]
        : [(this.liveNote = h("span", { class: "live-note", "data-testid": "live-note" }))]),
      this.time,
      ...(recorded
        ? [
            group("Speed", small("Slower", icon(ICONS.minus), "slower"), this.speed, small("Faster", icon(ICONS.plus), "faster")),
            group("Sound", this.mute, this.volume, this.boost),
            group("Loop", this.loop, this.tool),
          ]
        : []),
      canEdit ? group("Undo and redo", this.undo, this.redo) : null,
      recorded ? group("Picture and link", ...[this.picture, small("Copy a link to this moment", icon(ICONS.link), "copyLink")].filter(Boolean)) : null,
      h("span", { class: "spring" }),
      group("Zoom", small("Zoom out", icon(ICONS.minus), "zoomOut"), h("span", { class: "quiet" }, "Zoom"), small("Zoom in", icon(ICONS.plus), "zoomIn"), small("All", "All", "zoomAll", { "aria-label": "Show the whole session", "data-testid": "zoom-all" })),
    );
    this.rekey(keys);
    this.changed();
  }

  /** The buttons say these keys: Map act → key. */
  rekey(keys) {
    for (const { b, label, act } of this.hinted) b.title = keys.has(act) ? `${label} (${keyLabel(keys.get(act))})` : label;
    if (keys.has("play")) this.play.setAttribute("aria-keyshortcuts", keyLabel(keys.get("play")));
    else this.play.removeAttribute("aria-keyshortcuts");
  }

  /** After play, pause, a change of speed or of sound. */
  changed() {
    const { media } = this;
    const playing = media.playing;
    if (playing !== this.shown) {
      const stop = media.live ? "Stop the clock" : "Pause";
      this.playIcon.replaceChildren(icon(playing ? (media.live ? ICONS.stop : ICONS.pause) : ICONS.play, { fill: true }));
      this.play.setAttribute("aria-label", playing ? stop : media.live ? "Start the clock" : "Play");
      this.shown = playing;
    }
    if (media.live) {
      this.play.hidden = !media.begin;
      this.liveNote.textContent = !media.begin ? "Coded live, without a recording" : playing ? "Live" : media.started ? "Stopped. Space lets the clock go on with the session." : "Press Space when the session begins.";
      this.element.dataset.live = playing ? "runs" : "rests";
      return;
    }
    this.speed.textContent = `${media.speed}×`;
    this.mute.setAttribute("aria-pressed", String(media.muted));
    this.mute.setAttribute("aria-label", media.muted ? "Sound on" : "Mute");
    if (media.muted !== this.muted) this.mute.replaceChildren(icon((this.muted = media.muted) ? ICONS.muted : ICONS.volume));
    this.boost.textContent = `${media.boost}×`;
    this.boost.classList.toggle("on", media.boost > 1);
    this.boost.setAttribute("aria-label", `Louder: now ${media.boost} times as recorded`);
    const volume = String(media.volume);
    if (this.volume.value !== volume) this.volume.value = volume;
  }

  looping(on) {
    this.loop?.setAttribute("aria-pressed", String(on));
  }

  arming(on) {
    this.tool?.setAttribute("aria-pressed", String(on));
  }

  enlarged(on) {
    this.picture?.setAttribute("aria-pressed", String(on));
  }

  move(ms) {
    const whole = this.media.live ? "" : ` / ${(this.whole ??= clock(this.media.duration_ms))}`;
    const text = clockTenths(ms) + whole;
    if (text !== this.text) this.time.textContent = this.text = text;
  }

  history({ undo, redo }, editable) {
    this.undo.disabled = !editable || !undo.length;
    this.redo.disabled = !editable || !redo.length;
  }
}
