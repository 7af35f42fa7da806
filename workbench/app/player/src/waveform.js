/** The waveform with timeline and minimap, from peaks that were computed at intake.
 *
 * Without `peaks` and `duration` wavesurfer would download and decode the whole recording.
 */

import WaveSurfer from "wavesurfer.js";
import Minimap from "wavesurfer.js/dist/plugins/minimap.esm.js";
import Timeline from "wavesurfer.js/dist/plugins/timeline.esm.js";
import { h } from "./dom.js";
import { clock } from "./format.js";

const HEIGHT = 46;
const SHOWN_AT_FIRST_S = 240;

/** Peaks as the route sends them, int8 (min, max) pairs, as wavesurfer takes them: above, below. */
export function channels(buffer) {
  const pairs = new Int8Array(buffer);
  const n = pairs.length >> 1;
  const above = new Float32Array(n);
  const below = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    below[i] = -pairs[2 * i] / 128;
    above[i] = pairs[2 * i + 1] / 128;
  }
  return [above, below];
}

export class Waveform {
  /** `colours()` gives {wave, played, cursor, faint, text} as CSS colours of the present theme. */
  constructor({ media, peaks, colours, onView, onSeek }) {
    Object.assign(this, { media, peaks, colours, onView, onSeek });
    this.area = h("div", { class: "wave", "data-testid": "waveform" });
    this.overview = h("div", { class: "overview", "aria-hidden": "true" });
    this.seconds = media.duration_ms / 1000;
  }

  /** Build in the page: `area` must already have its width. */
  mount() {
    const c = this.colours();
    this.surfer?.destroy();
    this.overview.replaceChildren();
    const width = this.area.clientWidth || 800;
    this.pxPerSecond ??= Math.max(width / this.seconds, width / SHOWN_AT_FIRST_S);
    this.surfer = WaveSurfer.create({
      container: this.area,
      media: this.media.element,
      peaks: this.peaks,
      duration: this.seconds,
      height: HEIGHT,
      minPxPerSec: this.pxPerSecond,
      autoScroll: true,
      autoCenter: true,
      normalize: true,
      dragToSeek: true,
      waveColor: c.wave,
      progressColor: c.played,
      cursorColor: c.cursor,
      cursorWidth: 2,
      plugins: [
        Timeline.create({ height: 15, formatTimeCallback: (s) => clock(s * 1000), style: { fontSize: "10.5px", color: c.text }, secondaryLabelOpacity: 0.75 }),
        Minimap.create({ container: this.overview, height: 14, normalize: true, waveColor: c.faint, progressColor: c.wave, cursorColor: c.cursor, overlayColor: c.overlay }),
      ],
    });
    const tell = () => {
      this.#look();
      this.onView();
    };
    for (const event of ["scroll", "zoom", "redraw", "redrawcomplete", "resize", "ready"]) this.surfer.on(event, tell);
    this.surfer.on("interaction", () => this.onSeek());
    const scroller = this.surfer.getWrapper().parentElement;
    scroller.tabIndex = 0; // a scrolling area must be reachable by keyboard
    scroller.setAttribute("role", "group");
    scroller.setAttribute("aria-label", "Waveform");
    this.#look();
  }

  /** Pixels from the left edge of the visible part. */
  x(ms) {
    return (ms / 1000) * this.scale - this.left;
  }

  ms(x) {
    return Math.round(((x + this.left) / this.scale) * 1000);
  }

  /** Remember pixels per second, scroll and width: asking the page in every frame would lay it out each time. */
  #look() {
    this.scale = this.surfer.getWrapper().clientWidth / this.seconds || 1;
    this.left = this.surfer.getScroll();
    this.width = this.area.clientWidth;
  }

  /** Factor above 1: closer. 0: the whole recording. */
  zoom(factor) {
    const whole = this.width / this.seconds;
    this.pxPerSecond = factor ? Math.min(400, Math.max(whole, this.scale * factor)) : whole;
    this.surfer.zoom(this.pxPerSecond);
    this.#look();
    const x = this.x(this.media.now_ms);
    if (x < 0 || x > this.width) this.surfer.setScroll(Math.max(0, x + this.left - this.width / 2));
    this.#look();
    this.onView();
  }

  destroy() {
    this.surfer?.destroy();
  }
}
