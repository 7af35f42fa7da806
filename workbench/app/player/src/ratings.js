/** Ratings of the session: each value with its anchor, and "no evidence" as an answer of its own. */

import { h } from "./dom.js";

export class RatingsPanel {
  constructor({ scheme, coding, onRate }) {
    this.scheme = scheme;
    this.scales = new Map();
    this.element = h("div", { class: "tabbed scroll ratings", tabindex: 0, role: "group", "aria-label": "Session ratings", "data-testid": "ratings" });
    if (!scheme.ratings.length) this.element.append(h("p", { class: "empty" }, "This scheme has no session ratings."));
    for (const scale of scheme.ratings) this.element.append(this.#scale(scale, `${coding}-${scale.id}`, onRate));
  }

  update(ratings, editable) {
    const signature = JSON.stringify([ratings, editable]);
    if (signature === this.signature) return;
    this.signature = signature;
    const standing = new Map(ratings.filter((r) => r.segment === 0).map((r) => [r.scale, r]));
    for (const [id, { scale, inputs, anchor, box }] of this.scales) {
      const rating = standing.get(id);
      const answer = rating?.no_evidence ? "none" : rating?.value != null ? String(rating.value) : null;
      for (const [value, input] of inputs) {
        input.checked = value === answer;
        input.disabled = !editable;
      }
      anchor.textContent = answer === null ? startOf(scale) : answer === "none" ? "No evidence in this session" : anchorOf(scale, Number(answer));
      box.classList.toggle("rated", answer !== null);
    }
  }

  /** How many scales have an answer. */
  static done(scheme, ratings) {
    const rated = new Set(ratings.filter((r) => r.value != null || r.no_evidence).map((r) => r.scale));
    return scheme.ratings.filter((s) => rated.has(s.id)).length;
  }

  reveal(id) {
    this.scales.get(id)?.box.scrollIntoView({ block: "nearest" });
    [...this.scales.get(id).inputs.values()][0]?.focus();
  }

  #scale(scale, name, onRate) {
    const inputs = new Map();
    const anchor = h("p", { class: "anchor", "data-testid": `anchor-${scale.id}` });
    const options = h("div", { class: "options" });
    const option = (value, text, hint) => {
      const input = h("input", { type: "radio", name, value, "data-testid": `rate-${scale.id}-${value}` });
      input.addEventListener("change", () => onRate(scale.id, value === "none" ? null : Number(value)));
      inputs.set(value, input);
      // a click leaves the focus where it is: the arrow keys must go on seeking, not change this rating
      const label = h("label", { onmousedown: (e) => e.preventDefault(), class: value === "none" ? "option none" : "option", title: hint }, input, h("span", {}, text), value !== "none" && hint ? h("span", { class: "vh" }, `, ${hint}`) : null);
      options.append(label);
    };
    for (let value = scale.low; value <= scale.high; value++) option(String(value), String(value), scale.anchors[value] ?? null);
    if (scale.no_evidence) option("none", "No evidence", "An answer of its own, not a missing rating");
    const ends = h("p", { class: "ends", "aria-hidden": "true" }, h("span", {}, scale.anchors[scale.low] ?? ""), h("span", {}, scale.anchors[scale.high] ?? ""));
    const box = h(
      "fieldset",
      { class: "scale", "data-testid": `scale-${scale.id}` },
      h("legend", {}, scale.label),
      h("p", { class: "definition" }, scale.definition ?? ""),
      options,
      ends,
      anchor,
    );
    this.scales.set(scale.id, { scale, inputs, anchor, box });
    return box;
  }
}

function anchorOf(scale, value) {
  return scale.anchors[value] ? `${value}: ${scale.anchors[value]}` : `Rated ${value}`;
}

function startOf(scale) {
  return scale.start == null ? "Not rated yet" : `Not rated yet; the scheme starts at ${scale.start}`;
}
