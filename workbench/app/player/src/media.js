/** The recording: one protected media element and the acts on it. Times are integer milliseconds. */

import { h } from "./dom.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

export class Media {
  constructor({ media, url, speedCap, onChange, onTrouble }) {
    this.duration_ms = media.duration_ms;
    this.speeds = SPEEDS.filter((s) => s <= (speedCap || 3));
    const label = media.kind === "video" ? "Video of the session" : "Sound of the session";
    this.element = h(media.kind === "video" ? "video" : "audio", { preload: "auto", playsinline: true, "aria-label": label, "data-testid": "media" });
    this.element.disablePictureInPicture = true;
    this.element.disableRemotePlayback = true;
    this.element.preservesPitch = true;
    for (const event of ["play", "pause", "ratechange", "seeked", "volumechange", "ended"]) this.element.addEventListener(event, onChange);
    this.element.addEventListener("error", () => onTrouble(troubleOf(this.element.error)));
    this.element.src = url;
  }

  get now_ms() {
    return Math.round(this.element.currentTime * 1000);
  }

  get playing() {
    return !this.element.paused;
  }

  /** The media time at which a key went down, corrected by how late its handler ran. */
  at(event) {
    const lag = event?.timeStamp ? Math.max(0, performance.now() - event.timeStamp) : 0;
    const back = this.playing ? lag * this.element.playbackRate : 0;
    return Math.max(0, Math.round(this.element.currentTime * 1000 - back));
  }

  toggle() {
    return this.playing ? this.pause() : this.play();
  }

  play() {
    this.element.play().catch(() => {}); // the error event tells why
  }

  pause() {
    this.element.pause();
  }

  seek(ms) {
    if (Number.isFinite(ms)) this.element.currentTime = Math.min(Math.max(0, ms), this.duration_ms) / 1000;
  }

  skip(ms) {
    this.seek(this.now_ms + ms);
  }

  get speed() {
    return this.element.playbackRate;
  }

  /** One step faster (+1) or slower (-1), never above the scheme's cap. */
  changeSpeed(step) {
    const place = this.speeds.findIndex((s) => s >= this.speed);
    this.element.playbackRate = this.speeds[Math.min(this.speeds.length - 1, Math.max(0, place + step))];
  }

  destroy() {
    this.element.pause();
    this.element.removeAttribute("src");
    this.element.load();
  }
}

function troubleOf(error) {
  if (error?.code === 2) return "The recording stopped loading: the server does not answer. Codes are kept.";
  if (error?.code === 3) return "The recording is damaged at this place and cannot be played on.";
  return "The recording cannot be played: the server refused it, or this browser does not know its format.";
}
