/** The segments of a session over their ratings: which one is rated, which are done, and whether it follows the sound. */

import { button, h } from "./dom.js";
import { missingIn, segmentName } from "./rating-places.js";

export class SegmentChooser {
  /** `onChoose(segment)`, from 1; `onFollow(on)`. */
  constructor({ scheme, segments, onChoose, onFollow }) {
    Object.assign(this, { scheme, segments, each: scheme.ratings.filter((scale) => scale.each_segment).length, following: true });
    this.dots = segments.map((_, n) => button({ class: "segment", "data-testid": `segment-${n + 1}`, onclick: () => onChoose(n + 1) }, h("span", {}, String(n + 1)), h("span", { class: "sign", "aria-hidden": "true" })));
    this.followButton = button({ class: "small", "aria-pressed": "true", title: "The segment follows the sound", onclick: () => onFollow(!this.following) }, "Follow");
    this.title = h("h3", { class: "segment-title" });
    this.element = h("div", { class: "segments" }, h("div", { class: "segments-head" }, this.title, this.followButton), h("div", { class: "dots", role: "group", "aria-label": "Segments" }, ...this.dots));
  }

  /** `due`: the segment whose ratings are waited for, 0 for none; `answers`: Map place → answer. */
  draw({ segment, following, due, answers }) {
    if (!this.dots.length) return;
    this.following = following;
    this.title.textContent = `Segment ${segment}: ${segmentName(this.segments, segment)}`;
    this.followButton.setAttribute("aria-pressed", String(following));
    this.dots.forEach((dot, n) => {
      this.#draw(dot, n + 1, missingIn(n + 1, this.scheme, answers).length, due === n + 1);
      if (n + 1 === segment) dot.setAttribute("aria-current", "true");
      else dot.removeAttribute("aria-current");
    });
  }

  #draw(dot, segment, left, waited) {
    const { each } = this;
    const waits = waited && left > 0;
    const words = left === 0 ? "rated" : left === each ? "not rated" : `${each - left} of ${each} rated`;
    const name = `Segment ${segment}, ${segmentName(this.segments, segment)}, ${words}${waits ? ", waiting" : ""}`;
    if (dot.getAttribute("aria-label") === name) return;
    dot.setAttribute("aria-label", name);
    dot.title = name;
    dot.dataset.state = left === 0 ? "done" : waits ? "due" : left === each ? "none" : "some";
    dot.lastChild.textContent = left === 0 ? "✓" : waits ? "!" : left === each ? "" : "·";
  }
}
