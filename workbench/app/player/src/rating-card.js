/** One rating scale for one place: its values, its anchors, its evidence, the rater's own codes beside it. */

import { dirOf } from "./direction.js";
import { button, h, safeColour } from "./dom.js";
import { keycap } from "./keycap.js";
import { anchorsAround, LONGEST_ROW, NONE, valuesOf, written } from "./rating-answers.js";
import { tallyTable } from "./tallies.js";

const PLACES = { below: "lower", at: "", above: "higher", end: "" };

export class RatingCard {
  /** `does` = {rate(answer), open(), play(evidence), unlink(evidence), linkEvent(), linkUnit(), collect()}. */
  constructor({ scale, name, keyOf, does }) {
    Object.assign(this, { scale, does, inputs: new Map(), drawn: "" });
    this.row = scale.high - scale.low < LONGEST_ROW;
    this.mark = h("span", { class: "answer-mark" });
    this.of = h("span", { class: "scale-of" });
    this.definition = h("p", { class: "definition", dir: "auto" }, scale.definition ?? "");
    this.said = h("div", { hidden: true }); // what was ruled on it
    this.options = h("div", { class: this.row ? "options" : "options wide" });
    if (this.row) for (const value of valuesOf(scale)) this.#option(name, String(value), written(scale, value), scale.anchors[value], value);
    else this.#field(name);
    if (scale.no_evidence) this.#option(name, NONE, "No evidence", "An answer of its own, not a missing rating", NONE);
    this.anchors = h("div", { class: "anchors", dir: dirOf(Object.values(scale.anchors).join(" ")), "data-testid": `anchor-${scale.id}` });
    this.chips = h("ul", { class: "chips", "aria-label": `Evidence for ${scale.label}`, "data-testid": `evidence-${scale.id}` });
    this.linking = h("div", { class: "linking" });
    this.rekey(keyOf);
    this.tallies = h("div", { class: "tallies" });
    this.more = h("div", { class: "more", hidden: true }, this.linking, this.tallies);
    this.element = h("fieldset", { class: "scale", tabindex: -1, "data-testid": `scale-${scale.id}` }, h("legend", { dir: dirOf(scale.label) }, h("span", { class: "scale-name" }, scale.label), this.of, this.mark), this.definition, this.said, this.options, this.anchors, this.chips, this.more);
    this.element.addEventListener("click", () => does.open());
  }

  /** The buttons that link evidence, under these keys: Map act → key. */
  rekey(keyOf) {
    const { does, scale } = this;
    const act = (text, name, key, run, testid) => button({ class: "small", "aria-label": `${name}, as evidence for ${scale.label}`, title: name, "data-testid": `${testid}-${scale.id}`, onclick: run }, text, keycap(keyOf.get(key)));
    this.linking.replaceChildren(
      h("span", { class: "linking-name" }, "Evidence"),
      act("Code ", "Link the chosen code", "link", () => does.linkEvent(), "link-event"),
      act("Utterance ", "Link the utterance that is heard now", "linkUtterance", () => does.linkUnit(), "link-unit"),
      act("Choose…", "Choose codes from the list", null, () => does.collect(), "collect"),
    );
  }

  /** Show an answer, the value at hand and the evidence ([{event, unit, text, at, colour, kind}]). `of`: the person who
   * is rated, in words. */
  update({ of = "", answer, at, editable, open, chips, startKey }) {
    const signature = JSON.stringify([of, answer, at, editable, open, chips]);
    if (signature === this.drawn) return;
    this.drawn = signature;
    const { scale } = this;
    for (const [value, { input, label }] of this.inputs) {
      input.checked = value === String(answer);
      input.disabled = !editable;
      label.classList.toggle("at-hand", open && at != null && value === String(at) && at !== answer);
    }
    if (this.number && !this.number.matches(":focus")) this.number.value = typeof answer === "number" ? answer : "";
    if (this.number) this.number.disabled = !editable;
    this.element.classList.toggle("rated", answer != null);
    this.element.classList.toggle("open", open);
    this.of.textContent = of;
    this.mark.textContent = answer == null ? "not rated yet" : answer === NONE ? "no evidence" : written(scale, answer);
    this.definition.hidden = !open;
    this.said.hidden = !open;
    this.more.hidden = !open || !editable;
    this.#drawAnchors(answer, at, open, startKey);
    this.chips.hidden = !chips.length;
    this.chips.replaceChildren(...chips.map((chip) => this.#chip(chip, editable)));
  }

  /** The rater's own codes: {first, others} of `tally`, counted in `spans`. */
  count({ first, others }, spans, now, each) {
    const table = (rows, name) => (rows.length ? tallyTable(rows, spans, { now, name, segments: each === "segment" }) : null);
    const folded = others.length ? h("details", { open: this.tallies.querySelector("details")?.open || !first.length }, h("summary", {}, first.length ? "Your other codes" : `Your codes, per ${each}`), table(others, "Your other codes over time")) : null;
    this.tallies.replaceChildren(...[first.length ? h("p", { class: "tallies-name" }, `Your codes, per ${each}`) : null, table(first, `Your codes that belong to ${this.scale.label}, over time`), folded].filter(Boolean));
  }

  /** Put the keyboard on the value at hand, or on the scale where there is none. */
  focus(at) {
    const input = this.inputs.get(String(at))?.input ?? this.number ?? this.element;
    input.focus({ preventScroll: true });
    this.reveal();
  }

  /** The answer that a radio button stands for, or null. */
  valueOf(input) {
    const found = [...this.inputs].find(([, option]) => option.input === input)?.[0];
    return found == null ? null : found === NONE ? NONE : Number(found);
  }

  /** Scroll so that the scale's name is seen, and as much below it as fits. */
  reveal() {
    const box = this.element.closest(".scroll");
    const head = this.element.parentElement.querySelector(".segments")?.offsetHeight ?? 0;
    const [top, bottom] = [this.element.offsetTop - head, this.element.offsetTop + this.element.offsetHeight];
    if (top < box.scrollTop) box.scrollTop = top;
    else if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = Math.min(top, bottom - box.clientHeight);
  }

  #option(name, value, text, hint, answer) {
    const input = h("input", { type: "radio", name, value, "data-testid": `rate-${this.scale.id}-${value}` });
    input.addEventListener("change", () => this.does.rate(answer));
    const start = answer === this.scale.start;
    // a click leaves the focus where it is: the arrow keys must go on seeking, not change this rating
    const label = h(
      "label",
      { onmousedown: (e) => e.preventDefault(), class: ["option", value === NONE ? "none" : "", start ? "start" : ""].filter(Boolean).join(" "), title: [hint, start ? "the scheme begins here" : ""].filter(Boolean).join("; ") || null },
      input,
      h("span", {}, text),
      value !== NONE && hint ? h("span", { class: "vh" }, `, ${hint}`) : null,
      start ? h("span", { class: "vh" }, ", where the scheme begins") : null,
    );
    this.inputs.set(value, { input, label });
    this.options.append(label);
  }

  #field(name) {
    const { scale } = this;
    this.number = h("input", { type: "number", class: "value", name, min: scale.low, max: scale.high, step: 1, placeholder: `${written(scale, scale.low)} to ${written(scale, scale.high)}`, "aria-label": `${scale.label}, from ${scale.low} to ${scale.high}`, "data-testid": `rate-${scale.id}` });
    const take = () => {
      const value = Number(this.number.value);
      if (this.number.value !== "" && Number.isInteger(value) && value >= scale.low && value <= scale.high) this.does.rate(value);
    };
    this.number.addEventListener("change", take);
    this.number.addEventListener("keydown", (e) => {
      if (e.key === "Enter") take();
      if (e.key === "Escape") this.number.blur();
      e.stopPropagation();
    });
    this.options.append(this.number);
  }

  #drawAnchors(answer, at, open, startKey) {
    const { scale } = this;
    const shown = open ? (at ?? answer) : answer;
    const line = ({ value, words, place }) => h("p", { class: `anchor ${place}` }, h("b", {}, written(scale, value)), h("span", {}, h("bdi", {}, words || "between the anchors")), PLACES[place] ? h("span", { class: "vh" }, ` (${PLACES[place]})`) : null);
    const lines = [];
    if (shown === NONE) lines.push(h("p", { class: "anchor at", dir: "ltr" }, h("span", {}, "Nothing in it speaks for or against; this is an answer, not a missing rating.")));
    else if (open || answer != null) lines.push(...anchorsAround(scale, shown).filter((a) => open || a.place === "at").map(line));
    if (open && answer == null && scale.start != null && startKey) lines.push(h("p", { class: "begin", dir: "ltr" }, `The scheme begins at ${written(scale, scale.start)}, which is not an answer yet. `, keycap(startKey), " takes it."));
    this.anchors.replaceChildren(...lines);
  }

  #chip(chip, editable) {
    return h(
      "li",
      { class: "chip", dir: dirOf(chip.text), style: { "--code": safeColour(chip.colour) } },
      button({ class: "chip-play", title: `Play: ${chip.text}`, onclick: (e) => (e.stopPropagation(), this.does.play(chip)) }, chip.kind ? h("span", { class: `shape ${chip.kind}`, "aria-hidden": "true" }) : null, h("span", { class: "when" }, chip.at), h("span", { class: "chip-text", dir: "auto" }, chip.text)),
      editable ? button({ class: "chip-off", "aria-label": `Take ${chip.text} at ${chip.at} away from ${this.scale.label}`, title: "Take away", onclick: (e) => (e.stopPropagation(), this.does.unlink(chip)) }, "×") : null,
    );
  }
}
