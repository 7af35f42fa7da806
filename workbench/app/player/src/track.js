/** One recording of the session: its media element, where it lies in session time, whether it can be played. */

import { h } from "./dom.js";
import { mend, runsAt } from "./drift.js";

const SETTLE_MS = 400; // after a seek its place says nothing yet

export class Track {
  /** `recording`: {id, label, kind, url, offset_ms, duration_ms}; session time = its time + offset_ms. */
  constructor(recording, { testid, onEvent, onTrouble }) {
    Object.assign(this, { offset_ms: 0 }, recording);
    const name = this.kind === "video" ? `Video: ${this.label}` : `Sound: ${this.label}`;
    this.element = h(this.kind === "video" ? "video" : "audio", { preload: "auto", playsinline: true, "aria-label": name, "data-testid": testid });
    this.element.disablePictureInPicture = true;
    this.element.disableRemotePlayback = true;
    this.element.preservesPitch = true;
    this.failed = false;
    this.lead_ms = 0; // how late it is on the way after a seek, learned
    this.settled = 0;
    for (const event of ["play", "pause", "ratechange", "seeked", "volumechange", "ended", "waiting", "playing", "timeupdate"]) this.element.addEventListener(event, () => onEvent(this, event));
    this.element.addEventListener("error", () => {
      this.failed = true;
      onTrouble(this, troubleOf(this.element.error));
    });
    this.element.src = this.url;
  }

  /** Its place in session time, in milliseconds and fractions. */
  get now_ms() {
    return this.element.currentTime * 1000 + this.offset_ms;
  }

  put(ms) {
    const end = this.duration_ms ? Math.min(this.duration_ms, ms - this.offset_ms) : ms - this.offset_ms;
    this.element.currentTime = Math.max(0, end) / 1000;
  }

  play() {
    return this.element.play().catch(() => {}); // the error event tells why
  }

  /** Be where the leading recording is: run with it, mend the drift, rest outside one's own stretch. */
  follow({ now_ms, running, speed }, clock = performance.now()) {
    const { element } = this;
    if (this.failed) return;
    this.runs = runsAt(now_ms, this);
    if (!this.runs || !running) {
      if (!element.paused) element.pause();
      if (this.runs && !element.seeking && Math.abs(this.now_ms - now_ms) > 1) this.put(now_ms);
      return;
    }
    if (element.paused) {
      this.put(now_ms);
      this.settled = clock + SETTLE_MS;
      this.jumped = true;
      return void this.play();
    }
    if (element.seeking || element.readyState < 3 || clock < this.settled) {
      if (element.playbackRate !== speed && clock >= this.settled) element.playbackRate = speed;
      return;
    }
    const drift = this.now_ms - now_ms;
    if (this.jumped) {
      this.lead_ms = Math.min(500, Math.max(0, this.lead_ms - drift / speed));
      this.jumped = false;
    }
    const { seek, rate } = mend(drift);
    if (seek) {
      this.put(now_ms + this.lead_ms * speed);
      this.settled = clock + SETTLE_MS;
      this.jumped = true;
    } else if (Math.abs(element.playbackRate - speed * rate) > 0.001) element.playbackRate = speed * rate;
  }

  destroy() {
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
  }
}

function troubleOf(error) {
  if (error?.code === 2) return "stopped loading: the server does not answer. Codes are kept.";
  if (error?.code === 3) return "is damaged at this place and cannot be played on.";
  return "cannot be played: the server refused it, or this browser does not know its format.";
}
