/** The recordings of the session as one: play, seek, speed, sound. Times are integer milliseconds of the session.
 *
 * The main recording leads; further ones (a second camera, a separate microphone) follow it. Should the
 * main one fail, the next that can be played leads.
 */

import { beside, FrameRate, STEP_MS } from "./frames.js";
import { BOOSTS, Loudness } from "./loudness.js";
import { Track } from "./track.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];
const LOOK_EVERY_MS = 100;
const TOLD = new Set(["play", "pause", "ratechange", "seeked", "volumechange", "ended"]);

export class Media {
  /** `more`: further recordings {id, label, kind, url, offset_ms, duration_ms}. */
  constructor({ media, url, more = [], speedCap, onChange, onTrouble }) {
    this.duration_ms = media.duration_ms;
    this.speeds = SPEEDS.filter((s) => s <= (speedCap || 3));
    const given = [{ id: "main", label: media.label || (more.length ? "Main recording" : "the session"), kind: media.kind, url, offset_ms: 0, duration_ms: media.duration_ms }, ...more];
    this.tracks = given.map(
      (recording, n) =>
        new Track(recording, {
          testid: n ? `media-${n + 1}` : "media",
          onEvent: (track, event) => this.#happened(track, event),
          onTrouble: (track, sentence) => {
            this.align();
            onTrouble(`${more.length ? `“${track.label}”` : "The recording"} ${sentence}`);
            onChange();
          },
        }),
    );
    this.element = this.tracks[0].element;
    this.wanted = { volume: 1, muted: false, heard: 0, speed: 1 };
    this.loudness = new Loudness(() => this.tracks.map((track) => track.element), onTrouble);
    this.#sound();
    this.onChange = onChange;
    this.rate = new FrameRate();
    this.#watchPictures();
    if (more.length) this.timer = setInterval(() => this.align(), LOOK_EVERY_MS);
  }

  /** The recording by which time is told. */
  get lead() {
    return this.tracks.find((track) => !track.failed) ?? this.tracks[0];
  }

  get several() {
    return this.tracks.length > 1;
  }

  get now_ms() {
    return Math.max(0, Math.round(this.lead.now_ms));
  }

  get playing() {
    return !this.lead.element.paused;
  }

  /** The media time at which a key went down, corrected by how late its handler ran. */
  at(event) {
    const lag = event?.timeStamp ? Math.max(0, performance.now() - event.timeStamp) : 0;
    const back = this.playing ? lag * this.speed : 0;
    return Math.max(0, Math.round(this.lead.now_ms - back));
  }

  toggle() {
    return this.playing ? this.pause() : this.play();
  }

  play() {
    this.loudness.wake();
    this.lead.play();
    this.align();
  }

  pause() {
    this.lead.element.pause();
    this.align();
  }

  seek(ms) {
    if (!Number.isFinite(ms)) return;
    this.rate.jump();
    this.sought_ms = ms;
    this.lead.put(Math.min(Math.max(0, ms), this.duration_ms));
    this.align();
  }

  skip(ms) {
    this.seek(this.now_ms + ms);
  }

  /** Be at `ms` from the beginning: again once the recording knows its length, unless a hand moved it meanwhile. */
  beAt(ms) {
    this.seek(ms);
    for (const track of this.tracks) {
      track.element.addEventListener("loadedmetadata", () => track === this.lead && this.sought_ms === ms && Math.abs(this.now_ms - ms) > 50 && this.seek(ms), { once: true });
    }
  }

  get speed() {
    return this.wanted.speed;
  }

  /** One step faster (+1) or slower (-1), never above the scheme's cap. */
  changeSpeed(step) {
    const place = this.speeds.findIndex((s) => s >= this.speed);
    this.wanted.speed = this.speeds[Math.min(this.speeds.length - 1, Math.max(0, place + step))];
    for (const track of this.tracks) track.element.playbackRate = this.wanted.speed;
    this.onChange();
  }

  // ---- sound ------------------------------------------------------------------------------

  get volume() {
    return this.wanted.volume;
  }

  set volume(volume) {
    Object.assign(this.wanted, { volume, muted: false });
    this.#sound();
  }

  get muted() {
    return this.wanted.muted;
  }

  mute() {
    this.wanted.muted = !this.wanted.muted;
    this.#sound();
  }

  get boost() {
    return this.loudness.boost;
  }

  /** The next louder step, from the loudest back to the recording as it is. */
  louder() {
    const boost = BOOSTS.find((b) => b > this.boost) ?? 1;
    this.setBoost(boost);
    return boost;
  }

  setBoost(boost) {
    if (boost === this.boost) return;
    this.loudness.set(boost);
    this.onChange();
  }

  get heard() {
    return this.tracks[this.wanted.heard];
  }

  /** Hear the next recording; gives its name. */
  hearNext() {
    return this.hear((this.wanted.heard + 1) % this.tracks.length);
  }

  hear(place) {
    this.wanted.heard = place;
    this.#sound();
    return this.heard.label;
  }

  #sound() {
    this.tracks.forEach((track, n) => {
      track.element.volume = this.wanted.volume;
      track.element.muted = this.wanted.muted || n !== this.wanted.heard;
    });
    this.onChange?.();
  }

  // ---- pictures ---------------------------------------------------------------------------

  /** One picture on (+1) or back (-1); 40 ms where there is none. */
  async step(direction) {
    this.pause();
    const seen = this.pictured;
    const video = seen?.element;
    if (!video?.requestVideoFrameCallback || video.seeking) {
      if (!video) this.skip(direction * STEP_MS);
      return;
    }
    const frame_ms = this.rate.frame_ms ?? STEP_MS;
    const shown = this.shownFrame_ms ?? video.currentTime * 1000;
    for (let tries = 1; tries <= 15; tries++) {
      // before the rate is known a step may be too short: go on until another picture shows
      const target = beside(shown, tries * frame_ms, direction);
      const now = await this.#show(seen, target);
      if (now == null || Math.abs(now - shown) > 1 || target <= 0) return;
    }
  }

  /** Seek and wait for the picture; its media time, or null. */
  #show(track, own_ms) {
    const video = track.element;
    const shown = new Promise((resolve) => {
      const wait = setTimeout(() => resolve(null), 500);
      video.requestVideoFrameCallback((_, { mediaTime }) => {
        clearTimeout(wait);
        resolve((this.shownFrame_ms = mediaTime * 1000));
      });
    });
    this.seek(own_ms + track.offset_ms);
    return shown;
  }

  #watchPictures() {
    this.pictured = this.tracks.find((track) => track.kind === "video");
    const video = this.pictured?.element;
    if (!video?.requestVideoFrameCallback) return;
    const look = (_, { mediaTime }) => {
      this.shownFrame_ms = mediaTime * 1000;
      if (!video.paused) this.rate.see(this.shownFrame_ms);
      if (!this.gone) video.requestVideoFrameCallback(look);
    };
    video.requestVideoFrameCallback(look);
  }

  // ---- several ----------------------------------------------------------------------------

  /** Let the others follow the leading recording. */
  align() {
    if (!this.several) return;
    const { lead } = this;
    const running = !lead.element.paused && !lead.element.seeking && lead.element.readyState >= 3 && !lead.element.ended;
    for (const track of this.tracks) if (track !== lead) track.follow({ now_ms: lead.now_ms, running, speed: this.speed });
  }

  #happened(track, event) {
    if (track !== this.lead) return;
    if (this.several && event !== "timeupdate") this.align();
    if (event === "timeupdate") this.onTime?.();
    else if (TOLD.has(event)) this.onChange();
  }

  destroy() {
    this.gone = true;
    clearInterval(this.timer);
    this.loudness.destroy();
    for (const track of this.tracks) track.destroy();
  }
}
