/** A scheme that is being written, as the coding room will draw it: buttons, meaning, what a code asks, ratings.
 *
 * The room's own parts draw it, so that it is no picture of them. All of it can be tried, and none of it is kept.
 */

import { answer, questions } from "./asking.js";
import { CodesPanel, MeaningPanel } from "./codes.js";
import { dirOf } from "./direction.js";
import { button, h } from "./dom.js";
import { shortly } from "./format.js";
import { keycap } from "./keycap.js";
import { RatingCard } from "./rating-card.js";
import { laidKeys } from "./room-keys.js";

/** Somebody of each kind, to be asked who did what to whom. */
const PEOPLE = ["patient", "provider", "family"].map((role) => ({ id: role, role, label: role[0].toUpperCase() + role.slice(1) }));

/** What a code asks once it was pressed, as `questions` has it, and the keys that the room would give the answers. */
export function askedBy(scheme, code, event) {
  const { bindings } = laidKeys({ scheme, mode: "code" }, {}).keys;
  return questions(code, event, PEOPLE, (key) => bindings.get(key)?.code);
}

export class SchemePreview {
  constructor(host, payload) {
    this.host = host;
    this.payload = payload;
    this.root = h("section", { class: "room scheme-preview", "aria-label": "How the coding room will look", "data-testid": "scheme-preview" });
    this.host.replaceChildren(this.root);
    this.#draw();
  }

  async start() {
    this.root.dataset.ready = "true";
  }

  update(payload) {
    const before = this.payload;
    this.payload = payload;
    if (JSON.stringify(before) !== JSON.stringify(payload)) this.#draw();
  }

  destroy() {
    this.dead = true;
    this.root.remove();
  }

  say(sentence) {
    this.root.replaceChildren(h("p", { class: "empty" }, sentence));
  }

  #draw() {
    const { scheme, at, ratingsFirst } = this.payload;
    const { keyOf, codeKeyOf } = laidKeys({ scheme, mode: "code" }, {});
    const parts = [];
    if (scheme.codes.length) {
      this.codes = new CodesPanel({ scheme, keys: codeKeyOf, actKeys: keyOf, onPress: (code) => this.#press(code), onExplain: (code) => this.#show(code) });
      this.codes.update([], false);
      this.meaning = new MeaningPanel();
      this.asked = h("div", { class: "panel preview-asked", hidden: true });
      parts.push(this.codes.element, this.meaning.element, this.asked);
      this.#show(scheme.codes[Math.min(at, scheme.codes.length - 1)]);
    }
    if (scheme.ratings.length) parts[ratingsFirst ? "unshift" : "push"](h("section", { class: "panel ratings preview-ratings", "aria-label": "Ratings" }, ...scheme.ratings.map((scale, n) => this.#rating(scale, n))));
    this.root.replaceChildren(...parts);
  }

  #show(code) {
    this.meaning.explain(code);
    if (code === this.open) return;
    this.open = code;
    this.event = { modifiers: [], who: "", whom: "" };
    this.#ask();
  }

  /** A state is shown as running until it is pressed again. */
  #press(code) {
    this.#show(code);
    this.running = code.kind === "state" && this.running !== code.id ? code.id : null;
    this.codes.update(this.running ? [{ code: code.id, start_ms: 0 }] : [], false);
  }

  #ask() {
    const { scheme } = this.payload;
    const asked = scheme.codes.includes(this.open) ? askedBy(scheme, this.open, this.event) : [];
    this.asked.hidden = !asked.length;
    this.asked.replaceChildren(...asked.map((question) => this.#question(question)));
  }

  #question(question) {
    const more = question.required ? ", needed" : question.several ? ", any" : "";
    return h(
      "span",
      { class: "palette-question", role: "group", dir: dirOf(question.label), "aria-label": question.label },
      h("span", { class: "palette-label" }, h("bdi", {}, question.label), more),
      ...question.options.map((option) => button({ class: "palette-option", dir: dirOf(option.label) ?? "ltr", "aria-pressed": String(option.chosen), onclick: () => this.#answer(question, option) }, keycap(option.key), h("span", {}, shortly(option.label)))),
    );
  }

  #answer(question, option) {
    Object.assign(this.event, answer(this.open, this.event, question, option));
    this.#ask();
  }

  #rating(scale, n) {
    let given = null;
    const draw = () => {
      card.update({ answer: given, at: null, editable: true, open: true, chips: [], startKey: "enter" });
      card.more.hidden = true;
    };
    const nothing = () => {};
    const does = { rate: (value) => ((given = value), draw()), open: nothing, play: nothing, unlink: nothing, linkEvent: nothing, linkUnit: nothing, collect: nothing };
    const card = new RatingCard({ scale, name: `preview-${n}`, keyOf: new Map(), does });
    draw();
    return card.element;
  }
}
